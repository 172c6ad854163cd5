/* The five session states, their transitions, and who shares what. */
#include "harness.h"

static void open_rules(void) {
    CK_SESSION_HANDLE s;
    start();
    EXPECT(p11->C_OpenSession(slot, 0, NULL, NULL, &s), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    EXPECT(p11->C_OpenSession(slot, CKF_RW_SESSION, NULL, NULL, &s), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    EXPECT(p11->C_OpenSession(~0UL - 7, RO, NULL, NULL, &s), CKR_SLOT_ID_INVALID);
    EXPECT(p11->C_OpenSession(slot, RO, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
    CK_SESSION_HANDLE ro = open_session(RO), rw = open_session(RW);
    CHECK(ro != rw);
    CK_SESSION_INFO info;
    NEED(p11->C_GetSessionInfo(ro, &info));
    CHECK(info.slotID == slot && info.state == CKS_RO_PUBLIC_SESSION && info.flags == RO);
    NEED(p11->C_GetSessionInfo(rw, &info));
    CHECK(info.slotID == slot && info.state == CKS_RW_PUBLIC_SESSION && info.flags == RW);
    EXPECT(p11->C_GetSessionInfo(ro, NULL), CKR_ARGUMENTS_BAD);
    NEED(p11->C_CloseSession(ro));
    EXPECT(p11->C_CloseSession(ro), CKR_SESSION_HANDLE_INVALID);
    EXPECT(p11->C_GetSessionInfo(ro, &info), CKR_SESSION_HANDLE_INVALID);
    EXPECT(p11->C_GetSessionInfo(0, &info), CKR_SESSION_HANDLE_INVALID);
    NEED(p11->C_CloseAllSessions(slot));
    EXPECT(p11->C_GetSessionInfo(rw, &info), CKR_SESSION_HANDLE_INVALID);
    EXPECT(p11->C_CloseAllSessions(~0UL - 7), CKR_SLOT_ID_INVALID);
}

static void user_states(void) {
    start();
    CK_SESSION_HANDLE ro = open_session(RO), rw = open_session(RW);
    NEED(p11->C_Login(ro, CKU_USER, USER_PIN, 4));
    CHECK(state_of(ro) == CKS_RO_USER_FUNCTIONS);
    CHECK(state_of(rw) == CKS_RW_USER_FUNCTIONS);
    /* A session opened while the application is logged in starts logged in. */
    CHECK(state_of(open_session(RO)) == CKS_RO_USER_FUNCTIONS);
    CHECK(state_of(open_session(RW)) == CKS_RW_USER_FUNCTIONS);
    EXPECT(p11->C_Login(rw, CKU_USER, USER_PIN, 4), CKR_USER_ALREADY_LOGGED_IN);
    NEED(p11->C_Logout(rw));
    CHECK(state_of(ro) == CKS_RO_PUBLIC_SESSION);
    CHECK(state_of(rw) == CKS_RW_PUBLIC_SESSION);
    EXPECT(p11->C_Logout(ro), CKR_USER_NOT_LOGGED_IN);
}

static void so_states(void) {
    start();
    CK_SESSION_HANDLE rw = open_session(RW), ro = open_session(RO), other;
    EXPECT(p11->C_Login(rw, CKU_SO, SO_PIN, 4), CKR_SESSION_READ_ONLY_EXISTS);
    EXPECT(p11->C_Login(ro, CKU_SO, SO_PIN, 4), CKR_SESSION_READ_ONLY_EXISTS, CKR_SESSION_READ_ONLY);
    NEED(p11->C_CloseSession(ro));
    NEED(p11->C_Login(rw, CKU_SO, SO_PIN, 4));
    CHECK(state_of(rw) == CKS_RW_SO_FUNCTIONS);
    EXPECT(p11->C_OpenSession(slot, RO, NULL, NULL, &other), CKR_SESSION_READ_WRITE_SO_EXISTS);
    CHECK(state_of(open_session(RW)) == CKS_RW_SO_FUNCTIONS);
    NEED(p11->C_Logout(rw));
    CHECK(state_of(rw) == CKS_RW_PUBLIC_SESSION);
}

static void last_session_logs_out(void) {
    start();
    CK_SESSION_HANDLE a = open_session(RW), b = open_session(RO);
    NEED(p11->C_Login(a, CKU_USER, USER_PIN, 4));
    NEED(p11->C_CloseSession(a));
    CHECK(state_of(b) == CKS_RO_USER_FUNCTIONS);
    NEED(p11->C_CloseSession(b));
    CHECK(state_of(open_session(RW)) == CKS_RW_PUBLIC_SESSION);
    a = open_session(RW);
    NEED(p11->C_Login(a, CKU_USER, USER_PIN, 4));
    NEED(p11->C_CloseAllSessions(slot));
    CHECK(state_of(open_session(RW)) == CKS_RW_PUBLIC_SESSION);
}

static void finalize_closes(void) {
    CK_SESSION_INFO info;
    CK_SESSION_HANDLE s = start_user();
    NEED(p11->C_Finalize(NULL));
    NEED(p11->C_Initialize(NULL));
    EXPECT(p11->C_GetSessionInfo(s, &info), CKR_SESSION_HANDLE_INVALID);
    CHECK(state_of(open_session(RW)) == CKS_RW_PUBLIC_SESSION);
}

static void read_only_rules(void) {
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_SESSION_HANDLE rw = start_user(), ro = open_session(RO);
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), YES(CKA_TOKEN), NO(CKA_PRIVATE)};
    CK_OBJECT_HANDLE object;
    EXPECT(p11->C_CreateObject(ro, template, 3, &object), CKR_SESSION_READ_ONLY);
    /* A session object is allowed in a read-only session. */
    CHECK(make_data(ro, "session-data", CK_FALSE, CK_FALSE) != 0);
    CK_OBJECT_HANDLE kept = make_data(rw, "read-only-rule", CK_TRUE, CK_FALSE);
    CK_ATTRIBUTE label = {CKA_LABEL, "changed", 7};
    EXPECT(p11->C_SetAttributeValue(ro, kept, &label, 1), CKR_SESSION_READ_ONLY);
    EXPECT(p11->C_DestroyObject(ro, kept), CKR_SESSION_READ_ONLY);
    EXPECT(p11->C_CopyObject(ro, kept, &label, 1, &object), CKR_SESSION_READ_ONLY);
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG len = 16;
    CK_ATTRIBUTE aes[] = {VAR(CKA_VALUE_LEN, len), YES(CKA_TOKEN)};
    EXPECT(p11->C_GenerateKey(ro, &mechanism, aes, 2, &object), CKR_SESSION_READ_ONLY);
    EXPECT(p11->C_DestroyObject(rw, kept), CKR_OK);
}

static void private_objects_hidden(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE secret = make_data(s, "hidden-private", CK_TRUE, CK_TRUE);
    CK_OBJECT_HANDLE open = make_data(s, "hidden-public", CK_TRUE, CK_FALSE);
    CHECK(count_label(s, "hidden-private") == 1);
    NEED(p11->C_Logout(s));
    CHECK(count_label(s, "hidden-private") == 0);
    CHECK(count_label(s, "hidden-public") == 1);
    CK_BYTE value[64];
    CK_ATTRIBUTE want = {CKA_VALUE, value, sizeof value};
    CHECK(p11->C_GetAttributeValue(s, secret, &want, 1) != CKR_OK);
    CHECK(p11->C_DestroyObject(s, secret) != CKR_OK);
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), NO(CKA_TOKEN), YES(CKA_PRIVATE)};
    CK_OBJECT_HANDLE made;
    EXPECT(p11->C_CreateObject(s, template, 3, &made), CKR_USER_NOT_LOGGED_IN);
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    /* The SO manages the token but does not see the user's objects. */
    CHECK(count_label(s, "hidden-private") == 0);
    NEED(p11->C_Logout(s));
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    CK_ATTRIBUTE label = {CKA_LABEL, "hidden-private", 14};
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    NEED(p11->C_FindObjectsInit(s, &label, 1));
    NEED(p11->C_FindObjects(s, found, 2, &count));
    NEED(p11->C_FindObjectsFinal(s));
    CHECK(count == 1);
    if (count == 1)
        EXPECT(p11->C_DestroyObject(s, found[0]), CKR_OK);
    EXPECT(p11->C_DestroyObject(s, open), CKR_OK);
}

static void session_objects_end(void) {
    CK_SESSION_HANDLE a = start_user(), b = open_session(RW);
    CK_OBJECT_HANDLE object = make_data(a, "ends-with-session", CK_FALSE, CK_TRUE);
    /* Every session of the application sees it; it goes with the session that made it. */
    CHECK(count_label(b, "ends-with-session") == 1);
    NEED(p11->C_CloseSession(a));
    CHECK(count_label(b, "ends-with-session") == 0);
    CK_ULONG size;
    EXPECT(p11->C_GetObjectSize(b, object, &size), CKR_OBJECT_HANDLE_INVALID);
    /* A private session object is destroyed by logging out. */
    make_data(b, "ends-with-login", CK_FALSE, CK_TRUE);
    make_data(b, "outlives-login", CK_FALSE, CK_FALSE);
    NEED(p11->C_Logout(b));
    NEED(p11->C_Login(b, CKU_USER, USER_PIN, 4));
    CHECK(count_label(b, "ends-with-login") == 0);
    CHECK(count_label(b, "outlives-login") == 1);
}

static void many_sessions(void) {
    CK_SESSION_HANDLE handles[200];
    start();
    for (size_t i = 0; i < COUNT(handles); i++)
        handles[i] = open_session(i % 2 ? RW : RO);
    for (size_t i = 0; i < COUNT(handles); i++)
        CHECK(state_of(handles[i]) == (i % 2 ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION));
    for (size_t i = 0; i < COUNT(handles); i++)
        EXPECT(p11->C_CloseSession(handles[i]), CKR_OK);
}

/* Ephemeral keys need no login: a session object that does not say CKA_PRIVATE is public then. */
static void without_login(CK_SESSION_HANDLE s) {
    static const CK_BYTE value[32] = {1, 2, 3};
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
    CK_ULONG size = 32, len;
    CK_BYTE wrapped[64], point[80], mac[64];
    CK_OBJECT_HANDLE made[6] = {0}, wrapper, pub;
    CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0}, ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0},
                 wrap = {CKM_AES_KEY_WRAP_KWP, NULL, 0}, hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_ATTRIBUTE imported[] = {VAR(CKA_CLASS, secret),
                               VAR(CKA_KEY_TYPE, generic),
                               YES(CKA_SIGN),
                               YES(CKA_EXTRACTABLE),
                               {CKA_VALUE, (void *)value, sizeof value}};
    CK_ATTRIBUTE generated[] = {VAR(CKA_VALUE_LEN, size), YES(CKA_WRAP), YES(CKA_UNWRAP), YES(CKA_TOKEN)};
    CK_ATTRIBUTE unwrapped[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, generic), YES(CKA_SIGN)};
    CK_ATTRIBUTE public_half[] = {{CKA_EC_PARAMS, (void *)oid_p256, sizeof oid_p256}};
    CK_ATTRIBUTE private_half[] = {YES(CKA_DERIVE)};
    EXPECT(p11->C_CreateObject(s, imported, COUNT(imported), &made[0]), CKR_OK);
    EXPECT(p11->C_GenerateKey(s, &aes, generated, 3, &wrapper), CKR_OK);
    made[1] = wrapper;
    EXPECT(p11->C_GenerateKeyPair(s, &ec, public_half, 1, private_half, 1, &pub, &made[2]), CKR_OK);
    if (offers(CKM_AES_KEY_WRAP_KWP, CKF_WRAP | CKF_UNWRAP)) {
        len = sizeof wrapped;
        NEED(p11->C_WrapKey(s, &wrap, wrapper, made[0], wrapped, &len));
        EXPECT(p11->C_UnwrapKey(s, &wrap, wrapper, wrapped, len, unwrapped, COUNT(unwrapped), &made[3]),
               CKR_OK);
    }
    CK_ATTRIBUTE want = {CKA_EC_POINT, point, sizeof point};
    NEED(p11->C_GetAttributeValue(s, pub, &want, 1));
    CK_ECDH1_DERIVE_PARAMS params = {
        .kdf = CKD_NULL, .ulPublicDataLen = want.ulValueLen, .pPublicData = point};
    CK_MECHANISM derive = {CKM_ECDH1_DERIVE, &params, sizeof params};
    if (offers(CKM_ECDH1_DERIVE, CKF_DERIVE))
        EXPECT(p11->C_DeriveKey(s, &derive, made[2], unwrapped, COUNT(unwrapped), &made[4]), CKR_OK);
    made[5] = pub;
    for (size_t i = 0; i < COUNT(made); i++) {
        CK_BBOOL private = 7;
        CK_ATTRIBUTE is_private = VAR(CKA_PRIVATE, private);
        if (made[i] != 0 && EXPECT(p11->C_GetAttributeValue(s, made[i], &is_private, 1), CKR_OK))
            CHECK(private == CK_FALSE);
    }
    len = sizeof mac;
    EXPECT(p11->C_SignInit(s, &hmac, made[0]), CKR_OK);
    EXPECT(p11->C_Sign(s, (CK_BYTE_PTR)value, sizeof value, mac, &len), CKR_OK);
    /* Who says private means it, and what stays on the token is private unless it says otherwise. */
    CK_ATTRIBUTE said[] = {VAR(CKA_VALUE_LEN, size), YES(CKA_PRIVATE)};
    EXPECT(p11->C_GenerateKey(s, &aes, said, COUNT(said), &wrapper), CKR_USER_NOT_LOGGED_IN);
    EXPECT(p11->C_GenerateKey(s, &aes, generated, COUNT(generated), &wrapper), CKR_USER_NOT_LOGGED_IN);
}

static void objects_without_login(void) {
    start();
    without_login(open_session(RW));
}

static void objects_with_officer(void) {
    start();
    CK_SESSION_HANDLE s = open_session(RW);
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    without_login(s);
}

static void objects_with_login(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_BBOOL private = 7;
    CK_ULONG size = 32;
    CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE template = VAR(CKA_VALUE_LEN, size), is_private = VAR(CKA_PRIVATE, private);
    CK_OBJECT_HANDLE key;
    NEED(p11->C_GenerateKey(s, &aes, &template, 1, &key));
    NEED(p11->C_GetAttributeValue(s, key, &is_private, 1));
    CHECK(private == CK_TRUE);
}

const struct test_case session_cases[] = {{"session/open", open_rules, TOKEN},
                                          {"session/user-states", user_states, TOKEN},
                                          {"session/so-states", so_states, TOKEN},
                                          {"session/last-close-logs-out", last_session_logs_out, TOKEN},
                                          {"session/finalize-closes", finalize_closes, TOKEN},
                                          {"session/read-only-rules", read_only_rules, TOKEN},
                                          {"session/private-objects-hidden", private_objects_hidden, TOKEN},
                                          {"session/objects-end", session_objects_end, TOKEN},
                                          {"session/many", many_sessions, TOKEN},
                                          {"session/objects-without-login", objects_without_login, TOKEN},
                                          {"session/objects-with-officer", objects_with_officer, TOKEN},
                                          {"session/objects-with-login", objects_with_login, TOKEN},
                                          {NULL, NULL, TOKEN}};
