/* What cases share on the PKCS#11 side: loading, tokens, sessions and ready-made keys. */
#include "harness.h"

#include <dlfcn.h>
#include <string.h>

CK_FUNCTION_LIST *p11;
CK_SLOT_ID slot;
CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
const unsigned char oid_p256[10] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

void *load(void) {
    void *library = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fail("%s", dlerror());
    CK_C_GetFunctionList get_list;
    *(void **)&get_list = dlsym(library, "C_GetFunctionList");
    if (!get_list)
        fail("C_GetFunctionList is not exported");
    NEED(get_list(&p11));
    return library;
}

static bool find_token(void) {
    CK_SLOT_ID slots[16];
    CK_ULONG count = COUNT(slots);
    CK_TOKEN_INFO info;
    NEED(p11->C_GetSlotList(CK_TRUE, slots, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        slot = slots[i];
        if (p11->C_GetTokenInfo(slot, &info) == CKR_OK && info.flags & CKF_TOKEN_INITIALIZED)
            return true;
    }
    if (count == 0)
        fail("no slot with a token");
    slot = slots[0];
    return false;
}

void start(void) {
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    load();
    NEED(p11->C_Initialize(&args));
    find_token();
}

void make_token(void) {
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    memcpy(label, "conformance", 11);
    find_token();
    NEED(p11->C_InitToken(slot, SO_PIN, 4, label));
    if (!find_token())
        fail("the new token does not show as initialised");
    CK_SESSION_HANDLE s = open_session(RW);
    NEED(p11->C_Login(s, CKU_SO, SO_PIN, 4));
    NEED(p11->C_InitPIN(s, USER_PIN, 4));
    NEED(p11->C_Logout(s));
    NEED(p11->C_CloseSession(s));
}

CK_SESSION_HANDLE open_session(CK_FLAGS flags) {
    CK_SESSION_HANDLE s = 0;
    NEED(p11->C_OpenSession(slot, flags, NULL, NULL, &s));
    if (s == CK_INVALID_HANDLE)
        fail("a session handle of 0");
    return s;
}

CK_SESSION_HANDLE start_user(void) {
    start();
    CK_SESSION_HANDLE s = open_session(RW);
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    return s;
}

CK_STATE state_of(CK_SESSION_HANDLE session) {
    CK_SESSION_INFO info;
    NEED(p11->C_GetSessionInfo(session, &info));
    return info.state;
}

bool offers(CK_MECHANISM_TYPE type, CK_FLAGS flags) {
    CK_MECHANISM_INFO info;
    return p11->C_GetMechanismInfo(slot, type, &info) == CKR_OK && (info.flags & flags) == flags;
}

CK_OBJECT_HANDLE make_aes(CK_SESSION_HANDLE session, CK_ULONG bytes) {
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE template[] = {NO(CKA_TOKEN),    NO(CKA_SENSITIVE),        YES(CKA_EXTRACTABLE),
                               YES(CKA_ENCRYPT), YES(CKA_DECRYPT),         YES(CKA_WRAP),
                               YES(CKA_UNWRAP),  VAR(CKA_VALUE_LEN, bytes)};
    CK_OBJECT_HANDLE key = 0;
    NEED(p11->C_GenerateKey(session, &mechanism, template, COUNT(template), &key));
    return key;
}

CK_RV make_ec(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, const void *oid, CK_ULONG oid_len,
              CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    bool signs = type != CKM_EC_MONTGOMERY_KEY_PAIR_GEN, derives = type != CKM_EC_EDWARDS_KEY_PAIR_GEN;
    CK_ATTRIBUTE pub[] = {
        {CKA_EC_PARAMS, (void *)oid, oid_len}, NO(CKA_TOKEN), {CKA_VERIFY, signs ? &yes : &no, sizeof yes}};
    CK_ATTRIBUTE priv[] = {NO(CKA_TOKEN),
                           YES(CKA_PRIVATE),
                           {CKA_SIGN, signs ? &yes : &no, sizeof yes},
                           {CKA_DERIVE, derives ? &yes : &no, sizeof yes}};
    return p11->C_GenerateKeyPair(session, &mechanism, pub, COUNT(pub), priv, COUNT(priv), public_key,
                                  private_key);
}

void make_rsa(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    CK_MECHANISM mechanism = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG bits = 2048;
    unsigned char exponent[] = {1, 0, 1};
    CK_ATTRIBUTE pub[] = {VAR(CKA_MODULUS_BITS, bits),
                          VAR(CKA_PUBLIC_EXPONENT, exponent),
                          NO(CKA_TOKEN),
                          YES(CKA_VERIFY),
                          YES(CKA_ENCRYPT),
                          YES(CKA_WRAP)};
    CK_ATTRIBUTE priv[] = {NO(CKA_TOKEN),    YES(CKA_PRIVATE), YES(CKA_SIGN),
                           YES(CKA_DECRYPT), YES(CKA_UNWRAP),  YES(CKA_EXTRACTABLE)};
    NEED(p11->C_GenerateKeyPair(session, &mechanism, pub, COUNT(pub), priv, COUNT(priv), public_key,
                                private_key));
}

CK_OBJECT_HANDLE make_secret(CK_SESSION_HANDLE session, const void *value, CK_ULONG len) {
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type),
                               NO(CKA_TOKEN),         YES(CKA_SIGN),
                               YES(CKA_VERIFY),       NO(CKA_SENSITIVE),
                               YES(CKA_EXTRACTABLE),  {CKA_VALUE, (void *)value, len}};
    CK_OBJECT_HANDLE key = 0;
    NEED(p11->C_CreateObject(session, template, COUNT(template), &key));
    return key;
}

CK_OBJECT_HANDLE make_data(CK_SESSION_HANDLE session, const char *label, CK_BBOOL token, CK_BBOOL private) {
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class),
                               VAR(CKA_TOKEN, token),
                               VAR(CKA_PRIVATE, private),
                               {CKA_LABEL, (void *)label, strlen(label)},
                               {CKA_VALUE, (void *)"some value", 10}};
    CK_OBJECT_HANDLE object = 0;
    NEED(p11->C_CreateObject(session, template, COUNT(template), &object));
    return object;
}

CK_ULONG count_label(CK_SESSION_HANDLE session, const char *label) {
    CK_ATTRIBUTE wanted = {CKA_LABEL, (void *)label, strlen(label)};
    CK_OBJECT_HANDLE found[16];
    CK_ULONG count = 0;
    NEED(p11->C_FindObjectsInit(session, &wanted, 1));
    NEED(p11->C_FindObjects(session, found, COUNT(found), &count));
    NEED(p11->C_FindObjectsFinal(session));
    return count;
}
