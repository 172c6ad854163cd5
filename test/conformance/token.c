/* Slots, tokens, PINs and logins. */
#include "harness.h"

#include <string.h>

static void slots(void) {
    CK_ULONG count = 0;
    CK_SLOT_ID list[16];
    start();
    EXPECT(p11->C_GetSlotList(CK_FALSE, NULL, NULL), CKR_ARGUMENTS_BAD);
    NEED(p11->C_GetSlotList(CK_FALSE, NULL, &count));
    CHECK(count >= 1 && count <= COUNT(list));
    CK_ULONG full = count;
    count = 0;
    EXPECT(p11->C_GetSlotList(CK_FALSE, list, &count), CKR_BUFFER_TOO_SMALL);
    CHECK(count == full);
    NEED(p11->C_GetSlotList(CK_FALSE, list, &count));
    CHECK(count == full);
    CK_SLOT_INFO info;
    for (CK_ULONG i = 0; i < count; i++) {
        NEED(p11->C_GetSlotInfo(list[i], &info));
        CHECK(memchr(info.slotDescription, 0, sizeof info.slotDescription) == NULL);
        CHECK(memchr(info.manufacturerID, 0, sizeof info.manufacturerID) == NULL);
    }
    EXPECT(p11->C_GetSlotInfo(~0UL - 7, &info), CKR_SLOT_ID_INVALID);
    EXPECT(p11->C_GetSlotInfo(slot, NULL), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, list, NULL), CKR_NO_EVENT, CKR_FUNCTION_NOT_SUPPORTED);
}

static void token_info(void) {
    CK_TOKEN_INFO info;
    start();
    NEED(p11->C_GetTokenInfo(slot, &info));
    CK_FLAGS needed = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
    CHECK((info.flags & needed) == needed);
    CHECK(memcmp(info.label, "conformance         ", 20) == 0);
    CHECK(memchr(info.manufacturerID, 0, sizeof info.manufacturerID) == NULL);
    CHECK(memchr(info.model, 0, sizeof info.model) == NULL);
    CHECK(memchr(info.serialNumber, 0, sizeof info.serialNumber) == NULL);
    CHECK(info.ulMinPinLen <= 4 && info.ulMaxPinLen >= 8);
    EXPECT(p11->C_GetTokenInfo(~0UL - 7, &info), CKR_SLOT_ID_INVALID);
    EXPECT(p11->C_GetTokenInfo(slot, NULL), CKR_ARGUMENTS_BAD);
}

static void mechanism_list(void) {
    CK_MECHANISM_TYPE list[512];
    CK_ULONG count = 0;
    CK_MECHANISM_INFO info;
    start();
    NEED(p11->C_GetMechanismList(slot, NULL, &count));
    CHECK(count > 10 && count <= COUNT(list));
    CK_ULONG small = 1;
    EXPECT(p11->C_GetMechanismList(slot, list, &small), CKR_BUFFER_TOO_SMALL);
    CHECK(small == count);
    NEED(p11->C_GetMechanismList(slot, list, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        EXPECT(p11->C_GetMechanismInfo(slot, list[i], &info), CKR_OK);
        CHECK(info.ulMinKeySize <= info.ulMaxKeySize);
        for (CK_ULONG k = 0; k < i; k++)
            CHECK(list[k] != list[i]);
    }
    EXPECT(p11->C_GetMechanismInfo(slot, 0x7ffffffeUL, &info), CKR_MECHANISM_INVALID);
    EXPECT(p11->C_GetMechanismList(slot, NULL, NULL), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_GetMechanismInfo(slot, list[0], NULL), CKR_ARGUMENTS_BAD);
}

/* A store that has never been used: one slot with a token to initialise. */
static void virgin_token(void) {
    CK_TOKEN_INFO info;
    start();
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(!(info.flags & CKF_TOKEN_INITIALIZED));
    CHECK(!(info.flags & CKF_USER_PIN_INITIALIZED));
    CK_SESSION_HANDLE s;
    CK_RV rv = p11->C_OpenSession(slot, RW, NULL, NULL, &s);
    EXPECT(rv, CKR_OK, CKR_TOKEN_NOT_RECOGNIZED);
    if (rv == CKR_OK) {
        CHECK(p11->C_Login(s, CKU_USER, USER_PIN, 4) != CKR_OK);
        NEED(p11->C_CloseSession(s));
    }
    make_token();
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(info.flags & CKF_TOKEN_INITIALIZED && info.flags & CKF_USER_PIN_INITIALIZED);
}

static void init_token_again(void) {
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    memcpy(label, "second", 6);
    start();
    make_token();
    CK_SESSION_HANDLE s = open_session(RW);
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    make_data(s, "before", CK_TRUE, CK_FALSE);
    EXPECT(p11->C_InitToken(slot, SO_PIN, 4, label), CKR_SESSION_EXISTS);
    NEED(p11->C_CloseAllSessions(slot));
    EXPECT(p11->C_InitToken(slot, (CK_UTF8CHAR_PTR) "9999", 4, label), CKR_PIN_INCORRECT);
    NEED(p11->C_InitToken(slot, SO_PIN, 4, label));
    CK_TOKEN_INFO info;
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(memcmp(info.label, label, sizeof label) == 0);
    /* Reinitialising destroys the objects and the user's PIN (C_InitToken). */
    CHECK(!(info.flags & CKF_USER_PIN_INITIALIZED));
    s = open_session(RW);
    CHECK(count_label(s, "before") == 0);
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_USER_PIN_NOT_INITIALIZED);
    EXPECT(p11->C_Login(s, CKU_SO, SO_PIN, 4), CKR_OK);
}

static void set_pins(void) {
    CK_UTF8CHAR_PTR other = (CK_UTF8CHAR_PTR) "longer-pin";
    start();
    make_token();
    CK_SESSION_HANDLE ro = open_session(RO);
    EXPECT(p11->C_SetPIN(ro, USER_PIN, 4, other, 10), CKR_SESSION_READ_ONLY);
    NEED(p11->C_CloseSession(ro));
    CK_SESSION_HANDLE s = open_session(RW);
    EXPECT(p11->C_SetPIN(s, (CK_UTF8CHAR_PTR) "9999", 4, other, 10), CKR_PIN_INCORRECT);
    static CK_UTF8CHAR endless[100000] = "longer-pin";
    EXPECT(p11->C_SetPIN(s, USER_PIN, 4, endless, sizeof endless), CKR_PIN_LEN_RANGE, CKR_ARGUMENTS_BAD);
    /* Nobody logged in: C_SetPIN changes the user's PIN. */
    NEED(p11->C_SetPIN(s, USER_PIN, 4, other, 10));
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_PIN_INCORRECT);
    NEED(p11->C_Login(s, CKU_USER, other, 10));
    CHECK(make_data(s, "kept", CK_TRUE, CK_TRUE) != 0);
    NEED(p11->C_SetPIN(s, other, 10, USER_PIN, 4));
    CHECK(count_label(s, "kept") == 1);
    NEED(p11->C_Logout(s));
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    NEED(p11->C_SetPIN(s, SO_PIN, 4, other, 10));
    /* The SO gives the user a new PIN without losing what the old one protected. */
    NEED(p11->C_InitPIN(s, (CK_UTF8CHAR_PTR) "reset-pin", 9));
    NEED(p11->C_Logout(s));
    EXPECT(p11->C_Login(s, CKU_SO, SO_PIN, 4), CKR_PIN_INCORRECT);
    NEED(p11->C_Login(s, CKU_USER, (CK_UTF8CHAR_PTR) "reset-pin", 9));
    CHECK(count_label(s, "kept") == 1);
}

static void init_pin_rules(void) {
    CK_SESSION_HANDLE s = start_user();
    EXPECT(p11->C_InitPIN(s, USER_PIN, 4), CKR_USER_NOT_LOGGED_IN);
    NEED(p11->C_Logout(s));
    EXPECT(p11->C_InitPIN(s, USER_PIN, 4), CKR_USER_NOT_LOGGED_IN);
    CK_SESSION_HANDLE ro = open_session(RO);
    EXPECT(p11->C_InitPIN(ro, USER_PIN, 4), CKR_SESSION_READ_ONLY, CKR_USER_NOT_LOGGED_IN);
}

static void login_matrix(void) {
    start();
    CK_SESSION_HANDLE s = open_session(RW);
    EXPECT(p11->C_Logout(s), CKR_USER_NOT_LOGGED_IN);
    EXPECT(p11->C_Login(s, 77, USER_PIN, 4), CKR_USER_TYPE_INVALID);
    EXPECT(p11->C_Login(s, CKU_CONTEXT_SPECIFIC, USER_PIN, 4), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p11->C_Login(s, CKU_USER, NULL, 4), CKR_ARGUMENTS_BAD, CKR_PIN_INCORRECT);
    EXPECT(p11->C_Login(s, CKU_USER, (CK_UTF8CHAR_PTR) "0000", 4), CKR_PIN_INCORRECT);
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_USER_ALREADY_LOGGED_IN);
    EXPECT(p11->C_Login(s, CKU_SO, SO_PIN, 4), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    NEED(p11->C_Logout(s));
    EXPECT(p11->C_Login(s, CKU_SO, USER_PIN, 4), CKR_PIN_INCORRECT);
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    EXPECT(p11->C_Login(s, CKU_SO, SO_PIN, 4), CKR_USER_ALREADY_LOGGED_IN);
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    NEED(p11->C_Logout(s));
    CHECK(state_of(s) == CKS_RW_PUBLIC_SESSION);
}

/* Wrong PINs count: the flags of the token say so, and a right PIN sets the count back. */
static void wrong_pin_flags(void) {
    CK_TOKEN_INFO info;
    start();
    make_token();
    CK_SESSION_HANDLE s = open_session(RW);
    EXPECT(p11->C_Login(s, CKU_USER, (CK_UTF8CHAR_PTR) "0000", 4), CKR_PIN_INCORRECT);
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(info.flags & CKF_USER_PIN_COUNT_LOW);
    CHECK(!(info.flags & CKF_USER_PIN_LOCKED));
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(!(info.flags & CKF_USER_PIN_COUNT_LOW));
}

static void lockout(void) {
    CK_TOKEN_INFO info;
    start();
    make_token();
    CK_SESSION_HANDLE s = open_session(RW);
    CK_RV rv = CKR_PIN_INCORRECT;
    for (int i = 0; i < 30 && rv == CKR_PIN_INCORRECT; i++)
        rv = p11->C_Login(s, CKU_USER, (CK_UTF8CHAR_PTR) "0000", 4);
    EXPECT(rv, CKR_PIN_LOCKED);
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_PIN_LOCKED);
    NEED(p11->C_GetTokenInfo(slot, &info));
    CHECK(info.flags & CKF_USER_PIN_LOCKED);
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    NEED(p11->C_InitPIN(s, USER_PIN, 4));
    NEED(p11->C_Logout(s));
    EXPECT(p11->C_Login(s, CKU_USER, USER_PIN, 4), CKR_OK);
}

const struct test_case token_cases[] = {{"token/slots", slots, TOKEN},
                                        {"token/info", token_info, TOKEN},
                                        {"token/mechanisms", mechanism_list, TOKEN},
                                        {"token-virgin", virgin_token, VIRGIN},
                                        {"token-reinit", init_token_again, VIRGIN},
                                        {"token-set-pin", set_pins, VIRGIN},
                                        {"token/init-pin-rules", init_pin_rules, TOKEN},
                                        {"token/login-matrix", login_matrix, TOKEN},
                                        {"token-wrong-pin-flags", wrong_pin_flags, VIRGIN},
                                        {"token-lockout", lockout, VIRGIN},
                                        {NULL, NULL, TOKEN}};
