/* Absurd arguments: every function must answer an error and leave the process alive. */
#include "harness.h"

#define HUGE_LEN (1UL << 63)
#define MANY (1UL << 60)
#define BAD_HANDLE (~0UL - 5)

static const CK_BYTE mac_key[64] = {1};
static CK_BYTE buffer[64];
static CK_ULONG length = sizeof buffer;
static CK_OBJECT_HANDLE handle, other;
static CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0}, hmac = {CKM_SHA256_HMAC, NULL, 0},
                    ecb = {CKM_AES_ECB, NULL, 0}, wrap = {CKM_AES_KEY_WRAP, NULL, 0},
                    generate = {CKM_AES_KEY_GEN, NULL, 0};

static void slots_and_tokens(void) {
    CK_SLOT_ID bad[] = {BAD_HANDLE, HUGE_LEN, 0x7fffffffUL};
    CK_SLOT_INFO slot_info;
    CK_TOKEN_INFO token_info;
    CK_MECHANISM_INFO mechanism_info;
    CK_SESSION_HANDLE s;
    CK_ULONG count = 4;
    start();
    for (size_t i = 0; i < COUNT(bad); i++) {
        REFUSED(p11->C_GetSlotInfo(bad[i], &slot_info));
        REFUSED(p11->C_GetTokenInfo(bad[i], &token_info));
        REFUSED(p11->C_GetMechanismList(bad[i], NULL, &count));
        REFUSED(p11->C_GetMechanismInfo(bad[i], CKM_SHA256, &mechanism_info));
        REFUSED(p11->C_InitToken(bad[i], buffer, 4, buffer));
        REFUSED(p11->C_OpenSession(bad[i], RW, NULL, NULL, &s));
        REFUSED(p11->C_CloseAllSessions(bad[i]));
    }
    REFUSED(p11->C_GetMechanismInfo(slot, ~0UL, &mechanism_info));
    REFUSED(p11->C_InitToken(slot, buffer, HUGE_LEN, buffer));
    REFUSED(p11->C_InitToken(slot, NULL, 4, buffer));
    REFUSED(p11->C_InitToken(slot, buffer, 4, NULL));
    REFUSED(p11->C_OpenSession(slot, RW, NULL, NULL, NULL));
    REFUSED(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL));
    REFUSED(p11->C_GetInfo(NULL));
}

static void session_handles(void) {
    const CK_SESSION_HANDLE bad[] = {0, BAD_HANDLE, ~0UL, HUGE_LEN, 0x12345678UL};
    CK_SESSION_INFO info;
    CK_ULONG count;
    start_user();
    for (size_t i = 0; i < COUNT(bad); i++) {
        CK_SESSION_HANDLE s = bad[i];
        REFUSED(p11->C_CloseSession(s));
        REFUSED(p11->C_GetSessionInfo(s, &info));
        REFUSED(p11->C_GetOperationState(s, buffer, &length));
        REFUSED(p11->C_SetOperationState(s, buffer, 8, 0, 0));
        REFUSED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
        REFUSED(p11->C_Logout(s));
        REFUSED(p11->C_InitPIN(s, USER_PIN, 4));
        REFUSED(p11->C_SetPIN(s, USER_PIN, 4, USER_PIN, 4));
        REFUSED(p11->C_CreateObject(s, NULL, 0, &handle));
        REFUSED(p11->C_CopyObject(s, 1, NULL, 0, &handle));
        REFUSED(p11->C_DestroyObject(s, 1));
        REFUSED(p11->C_GetObjectSize(s, 1, &count));
        REFUSED(p11->C_GetAttributeValue(s, 1, NULL, 0));
        REFUSED(p11->C_SetAttributeValue(s, 1, NULL, 0));
        REFUSED(p11->C_FindObjectsInit(s, NULL, 0));
        REFUSED(p11->C_FindObjects(s, &handle, 1, &count));
        REFUSED(p11->C_FindObjectsFinal(s));
        REFUSED(p11->C_EncryptInit(s, &ecb, 1));
        REFUSED(p11->C_DecryptInit(s, &ecb, 1));
        REFUSED(p11->C_DigestInit(s, &sha256));
        REFUSED(p11->C_SignInit(s, &hmac, 1));
        REFUSED(p11->C_VerifyInit(s, &hmac, 1));
        REFUSED(p11->C_SignRecoverInit(s, &hmac, 1));
        REFUSED(p11->C_VerifyRecoverInit(s, &hmac, 1));
        REFUSED(p11->C_Sign(s, buffer, 1, buffer, &length));
        REFUSED(p11->C_Digest(s, buffer, 1, buffer, &length));
        REFUSED(p11->C_DigestKey(s, 1));
        REFUSED(p11->C_GenerateKey(s, &generate, NULL, 0, &handle));
        REFUSED(p11->C_GenerateKeyPair(s, &generate, NULL, 0, NULL, 0, &handle, &other));
        REFUSED(p11->C_WrapKey(s, &wrap, 1, 1, buffer, &length));
        REFUSED(p11->C_UnwrapKey(s, &wrap, 1, buffer, 24, NULL, 0, &handle));
        REFUSED(p11->C_DeriveKey(s, &wrap, 1, NULL, 0, &handle));
        REFUSED(p11->C_GenerateRandom(s, buffer, 1));
        REFUSED(p11->C_DigestEncryptUpdate(s, buffer, 1, buffer, &length));
        REFUSED(p11->C_DecryptDigestUpdate(s, buffer, 1, buffer, &length));
        REFUSED(p11->C_SignEncryptUpdate(s, buffer, 1, buffer, &length));
        REFUSED(p11->C_DecryptVerifyUpdate(s, buffer, 1, buffer, &length));
    }
}

static void null_pointers(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16), mac = make_secret(s, mac_key, sizeof mac_key);
    CK_ATTRIBUTE no_value = {CKA_LABEL, NULL, 16};
    REFUSED(p11->C_GetSessionInfo(s, NULL));
    REFUSED(p11->C_CreateObject(s, NULL, 3, &handle));
    REFUSED(p11->C_CreateObject(s, &no_value, 1, NULL));
    REFUSED(p11->C_CreateObject(s, &no_value, 1, &handle));
    REFUSED(p11->C_CopyObject(s, aes, NULL, 3, &handle));
    REFUSED(p11->C_CopyObject(s, aes, NULL, 0, NULL));
    REFUSED(p11->C_GetObjectSize(s, aes, NULL));
    REFUSED(p11->C_GetAttributeValue(s, aes, NULL, 2));
    REFUSED(p11->C_SetAttributeValue(s, aes, NULL, 2));
    REFUSED(p11->C_SetAttributeValue(s, aes, &no_value, 1));
    REFUSED(p11->C_FindObjectsInit(s, NULL, 2));
    REFUSED(p11->C_FindObjectsInit(s, &no_value, 1));
    REFUSED(p11->C_DigestInit(s, NULL));
    REFUSED(p11->C_SetPIN(s, NULL, 4, USER_PIN, 4));
    REFUSED(p11->C_SetPIN(s, USER_PIN, 4, NULL, 4));
    REFUSED(p11->C_GenerateKey(s, NULL, NULL, 0, &handle));
    REFUSED(p11->C_GenerateKey(s, &generate, NULL, 4, &handle));
    REFUSED(p11->C_GenerateKeyPair(s, NULL, NULL, 0, NULL, 0, &handle, &other));
    REFUSED(p11->C_GenerateKeyPair(s, &generate, NULL, 5, NULL, 5, &handle, &other));
    REFUSED(p11->C_WrapKey(s, NULL, aes, aes, buffer, &length));
    REFUSED(p11->C_WrapKey(s, &wrap, aes, aes, buffer, NULL));
    REFUSED(p11->C_UnwrapKey(s, NULL, aes, buffer, 24, NULL, 0, &handle));
    REFUSED(p11->C_UnwrapKey(s, &wrap, aes, NULL, 24, NULL, 0, &handle));
    REFUSED(p11->C_DeriveKey(s, NULL, aes, NULL, 0, &handle));
    REFUSED(p11->C_GenerateRandom(s, NULL, 32));
    REFUSED(p11->C_SeedRandom(s, NULL, 32));
    NEED(p11->C_DigestInit(s = open_session(RW), &sha256));
    REFUSED(p11->C_Digest(s, NULL, 16, buffer, &length));
    CK_SESSION_HANDLE t = open_session(RW);
    NEED(p11->C_DigestInit(t, &sha256));
    REFUSED(p11->C_DigestUpdate(t, NULL, 16));
    CK_SESSION_HANDLE u = open_session(RW);
    NEED(p11->C_SignInit(u, &hmac, mac));
    REFUSED(p11->C_Sign(u, buffer, 16, buffer, NULL));
    CK_SESSION_HANDLE v = open_session(RW);
    NEED(p11->C_VerifyInit(v, &hmac, mac));
    REFUSED(p11->C_Verify(v, buffer, 16, NULL, 32));
    CK_SESSION_HANDLE w = open_session(RW);
    NEED(p11->C_EncryptInit(w, &ecb, aes));
    REFUSED(p11->C_Encrypt(w, NULL, 16, buffer, &length));
    CK_SESSION_HANDLE x = open_session(RW);
    NEED(p11->C_EncryptInit(x, &ecb, aes));
    REFUSED(p11->C_EncryptUpdate(x, buffer, 16, buffer, NULL));
}

/* Lengths and counts that no memory can hold: answered before anything is read or allocated. */
static void huge_lengths(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16), mac = make_secret(s, mac_key, sizeof mac_key);
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE big[] = {VAR(CKA_CLASS, class), {CKA_LABEL, buffer, HUGE_LEN}};
    CK_ATTRIBUTE odd[] = {VAR(CKA_CLASS, class), {CKA_LABEL, buffer, ~0UL}};
    REFUSED(p11->C_CreateObject(s, big, 2, &handle));
    REFUSED(p11->C_CreateObject(s, odd, 2, &handle));
    REFUSED(p11->C_CreateObject(s, big, MANY, &handle));
    REFUSED(p11->C_CopyObject(s, aes, big, MANY, &handle));
    REFUSED(p11->C_GetAttributeValue(s, aes, big, MANY));
    REFUSED(p11->C_SetAttributeValue(s, aes, big, MANY));
    REFUSED(p11->C_SetAttributeValue(s, aes, &big[1], 1));
    REFUSED(p11->C_FindObjectsInit(s, big, MANY));
    REFUSED(p11->C_FindObjectsInit(s, &big[1], 1));
    REFUSED(p11->C_GenerateKey(s, &generate, big, MANY, &handle));
    REFUSED(p11->C_Login(open_session(RW), CKU_USER, buffer, HUGE_LEN));
    REFUSED(p11->C_SetPIN(s, USER_PIN, 4, buffer, HUGE_LEN));
    REFUSED(p11->C_GenerateRandom(s, buffer, HUGE_LEN));
    REFUSED(p11->C_UnwrapKey(s, &wrap, aes, buffer, HUGE_LEN, NULL, 0, &handle));
    CK_MECHANISM wide = {CKM_AES_CBC, buffer, HUGE_LEN};
    REFUSED(p11->C_EncryptInit(s, &wide, aes));
    NEED(p11->C_DigestInit(s = open_session(RW), &sha256));
    REFUSED(p11->C_DigestUpdate(s, buffer, HUGE_LEN));
    CK_SESSION_HANDLE t = open_session(RW);
    NEED(p11->C_SignInit(t, &hmac, mac));
    REFUSED(p11->C_Sign(t, buffer, HUGE_LEN, buffer, &length));
    CK_SESSION_HANDLE u = open_session(RW);
    NEED(p11->C_VerifyInit(u, &hmac, mac));
    REFUSED(p11->C_Verify(u, buffer, 16, buffer, HUGE_LEN));
    CK_SESSION_HANDLE v = open_session(RW);
    NEED(p11->C_EncryptInit(v, &ecb, aes));
    length = HUGE_LEN;
    REFUSED(p11->C_Encrypt(v, buffer, HUGE_LEN, buffer, &length));
}

/* An output buffer said to be enormous is only written as far as the result goes. */
static void huge_output(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_ULONG len = HUGE_LEN - 1;
    NEED(p11->C_DigestInit(s, &sha256));
    about_to("C_Digest with an output length of 2^63 - 1");
    CK_RV rv = p11->C_Digest(s, buffer, 16, buffer, &len);
    if (rv == CKR_OK)
        CHECK(len == 32);
}

static void object_handles(void) {
    const CK_OBJECT_HANDLE bad[] = {0, BAD_HANDLE, ~0UL, HUGE_LEN, 0x12345678UL};
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16);
    CK_ATTRIBUTE label = {CKA_LABEL, buffer, 4};
    CK_ULONG size;
    for (size_t i = 0; i < COUNT(bad); i++) {
        REFUSED(p11->C_CopyObject(s, bad[i], NULL, 0, &handle));
        REFUSED(p11->C_DestroyObject(s, bad[i]));
        REFUSED(p11->C_GetObjectSize(s, bad[i], &size));
        REFUSED(p11->C_GetAttributeValue(s, bad[i], &label, 1));
        REFUSED(p11->C_SetAttributeValue(s, bad[i], &label, 1));
        REFUSED(p11->C_EncryptInit(s, &ecb, bad[i]));
        REFUSED(p11->C_DecryptInit(s, &ecb, bad[i]));
        REFUSED(p11->C_SignInit(s, &hmac, bad[i]));
        REFUSED(p11->C_VerifyInit(s, &hmac, bad[i]));
        REFUSED(p11->C_WrapKey(s, &wrap, bad[i], aes, buffer, &length));
        REFUSED(p11->C_WrapKey(s, &wrap, aes, bad[i], buffer, &length));
        REFUSED(p11->C_UnwrapKey(s, &wrap, bad[i], buffer, 24, NULL, 0, &handle));
        REFUSED(p11->C_DigestKey(s, bad[i]));
    }
}

const struct test_case hostile_cases[] = {{"hostile/slots", slots_and_tokens, TOKEN},
                                          {"hostile/session-handles", session_handles, TOKEN},
                                          {"hostile/null-pointers", null_pointers, TOKEN},
                                          {"hostile/huge-lengths", huge_lengths, TOKEN},
                                          {"hostile/huge-output", huge_output, TOKEN},
                                          {"hostile/object-handles", object_handles, TOKEN},
                                          {NULL, NULL, TOKEN}};
