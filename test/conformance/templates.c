/* Templates that lack something, say too much or contradict themselves. */
#include "harness.h"

static CK_OBJECT_CLASS secret = CKO_SECRET_KEY, data = CKO_DATA, unknown_class = 0x7ffffff0UL;
static CK_KEY_TYPE aes = CKK_AES, ec = CKK_EC;
static CK_BYTE value[64];
static CK_ULONG sixteen = 16;

static void incomplete(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made;
    CK_ATTRIBUTE no_class[] = {NO(CKA_TOKEN), {CKA_LABEL, "x", 1}};
    EXPECT(p11->C_CreateObject(s, no_class, 2, &made), CKR_TEMPLATE_INCOMPLETE);
    EXPECT(p11->C_CreateObject(s, NULL, 0, &made), CKR_TEMPLATE_INCOMPLETE, CKR_ARGUMENTS_BAD);
    CK_ATTRIBUTE no_type[] = {VAR(CKA_CLASS, secret), {CKA_VALUE, value, 16}};
    EXPECT(p11->C_CreateObject(s, no_type, 2, &made), CKR_TEMPLATE_INCOMPLETE);
    CK_ATTRIBUTE no_value[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes)};
    EXPECT(p11->C_CreateObject(s, no_value, 2, &made), CKR_TEMPLATE_INCOMPLETE);
    CK_OBJECT_CLASS public_key = CKO_PUBLIC_KEY;
    CK_ATTRIBUTE no_point[] = {VAR(CKA_CLASS, public_key),
                               VAR(CKA_KEY_TYPE, ec),
                               {CKA_EC_PARAMS, (void *)oid_p256, sizeof oid_p256}};
    EXPECT(p11->C_CreateObject(s, no_point, 3, &made), CKR_TEMPLATE_INCOMPLETE);
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE no_len[] = {YES(CKA_ENCRYPT)};
    EXPECT(p11->C_GenerateKey(s, &mechanism, no_len, 1, &made), CKR_TEMPLATE_INCOMPLETE);
    CK_OBJECT_HANDLE private_key;
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    EXPECT(p11->C_GenerateKeyPair(s, &pair, no_len, 0, no_len, 0, &made, &private_key),
           CKR_TEMPLATE_INCOMPLETE);
}

static void inconsistent(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made, private_key;
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE wrong_class[] = {VAR(CKA_CLASS, data), VAR(CKA_VALUE_LEN, sixteen)};
    EXPECT(p11->C_GenerateKey(s, &mechanism, wrong_class, 2, &made), CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE wrong_type[] = {VAR(CKA_KEY_TYPE, ec), VAR(CKA_VALUE_LEN, sixteen)};
    EXPECT(p11->C_GenerateKey(s, &mechanism, wrong_type, 2, &made), CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE given[] = {{CKA_VALUE, value, 16}, VAR(CKA_VALUE_LEN, sixteen)};
    EXPECT(p11->C_GenerateKey(s, &mechanism, given, 2, &made), CKR_TEMPLATE_INCONSISTENT,
           CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID);
    CK_ATTRIBUTE alien[] = {VAR(CKA_CLASS, data), NO(CKA_TOKEN), NO(CKA_PRIVATE), {CKA_MODULUS, value, 16}};
    EXPECT(p11->C_CreateObject(s, alien, 4, &made), CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_TYPE_INVALID);
    CK_ATTRIBUTE twice[] = {VAR(CKA_CLASS, data), NO(CKA_TOKEN), YES(CKA_TOKEN)};
    EXPECT(p11->C_CreateObject(s, twice, 3, &made), CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE two_values[] = {
        VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), {CKA_VALUE, value, 16}, {CKA_VALUE, value, 32}};
    EXPECT(p11->C_CreateObject(s, two_values, 4, &made), CKR_TEMPLATE_INCONSISTENT);
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE pub[] = {{CKA_EC_PARAMS, (void *)oid_p256, sizeof oid_p256}};
    CK_ATTRIBUTE priv[] = {VAR(CKA_CLASS, secret)};
    EXPECT(p11->C_GenerateKeyPair(s, &pair, pub, 1, priv, 1, &made, &private_key), CKR_TEMPLATE_INCONSISTENT);
}

/* What is said twice is said once; the standard encourages that and permits a refusal. */
static void same_value_twice(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made;
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE key[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), {CKA_VALUE, value, 16},
                          NO(CKA_TOKEN),          {CKA_VALUE, value, 16}, NO(CKA_TOKEN),
                          VAR(CKA_KEY_TYPE, aes), {CKA_LABEL, NULL, 0},   {CKA_LABEL, NULL, 0}};
    CK_ATTRIBUTE length[] = {VAR(CKA_VALUE_LEN, sixteen), NO(CKA_TOKEN), VAR(CKA_VALUE_LEN, sixteen)};
    CK_ATTRIBUTE change[] = {{CKA_LABEL, "again", 5}, {CKA_LABEL, "again", 5}};
    if (!EXPECT(p11->C_CreateObject(s, key, COUNT(key), &made), CKR_OK))
        return;
    EXPECT(p11->C_SetAttributeValue(s, made, change, 2), CKR_OK);
    CHECK(count_label(s, "again") == 1);
    EXPECT(p11->C_GenerateKey(s, &mechanism, length, 3, &made), CKR_OK);
}

static void invalid_values(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made, private_key;
    CK_ATTRIBUTE bad_class[] = {VAR(CKA_CLASS, unknown_class)};
    EXPECT(p11->C_CreateObject(s, bad_class, 1, &made), CKR_ATTRIBUTE_VALUE_INVALID,
           CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE short_class[] = {{CKA_CLASS, &data, 2}};
    EXPECT(p11->C_CreateObject(s, short_class, 1, &made), CKR_ATTRIBUTE_VALUE_INVALID);
    CK_ATTRIBUTE long_bool[] = {VAR(CKA_CLASS, data), {CKA_TOKEN, value, 8}};
    EXPECT(p11->C_CreateObject(s, long_bool, 2, &made), CKR_ATTRIBUTE_VALUE_INVALID);
    CK_ATTRIBUTE unknown[] = {VAR(CKA_CLASS, data), {0x7ffffff0UL, value, 1}};
    EXPECT(p11->C_CreateObject(s, unknown, 2, &made), CKR_ATTRIBUTE_TYPE_INVALID, CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE odd_aes[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), {CKA_VALUE, value, 17}};
    EXPECT(p11->C_CreateObject(s, odd_aes, 3, &made), CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT);
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG odd = 17;
    CK_ATTRIBUTE odd_len[] = {VAR(CKA_VALUE_LEN, odd)};
    EXPECT(p11->C_GenerateKey(s, &mechanism, odd_len, 1, &made), CKR_ATTRIBUTE_VALUE_INVALID,
           CKR_KEY_SIZE_RANGE, CKR_TEMPLATE_INCONSISTENT);
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_BYTE bad_oid[] = {0x06, 0x03, 0x55, 0x04, 0x03}, garbage[] = {0xff, 0xff, 0xff};
    CK_ATTRIBUTE curves[] = {VAR(CKA_EC_PARAMS, bad_oid), VAR(CKA_EC_PARAMS, garbage)};
    for (size_t i = 0; i < COUNT(curves); i++)
        EXPECT(p11->C_GenerateKeyPair(s, &pair, &curves[i], 1, NULL, 0, &made, &private_key),
               CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,
               CKR_ARGUMENTS_BAD);
    CK_MECHANISM rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG tiny = 17;
    CK_ATTRIBUTE bits[] = {VAR(CKA_MODULUS_BITS, tiny)};
    EXPECT(p11->C_GenerateKeyPair(s, &rsa, bits, 1, NULL, 0, &made, &private_key),
           CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE, CKR_ARGUMENTS_BAD);
}

static void read_only_attributes(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made;
    /* Attributes that only the token sets (footnotes of the common key attributes). */
    CK_ATTRIBUTE_TYPE own[] = {CKA_LOCAL, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE};
    for (size_t i = 0; i < COUNT(own); i++) {
        CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret),
                                   VAR(CKA_KEY_TYPE, aes),
                                   {CKA_VALUE, value, 16},
                                   NO(CKA_TOKEN),
                                   YES(own[i])};
        EXPECT(p11->C_CreateObject(s, template, COUNT(template), &made), CKR_ATTRIBUTE_READ_ONLY,
               CKR_ATTRIBUTE_TYPE_INVALID, CKR_TEMPLATE_INCONSISTENT);
    }
    CK_ATTRIBUTE trusted[] = {VAR(CKA_CLASS, secret),
                              VAR(CKA_KEY_TYPE, aes),
                              {CKA_VALUE, value, 16},
                              NO(CKA_TOKEN),
                              YES(CKA_TRUSTED)};
    EXPECT(p11->C_CreateObject(s, trusted, COUNT(trusted), &made), CKR_ATTRIBUTE_READ_ONLY,
           CKR_TEMPLATE_INCONSISTENT);
}

static void created_key_history(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE made;
    CK_BBOOL local = 7, always = 7, never = 7;
    CK_MECHANISM_TYPE by = 0;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), {CKA_VALUE, value, 16},
                               NO(CKA_TOKEN),          YES(CKA_SENSITIVE),     NO(CKA_EXTRACTABLE)};
    NEED(p11->C_CreateObject(s, template, COUNT(template), &made));
    CK_ATTRIBUTE want[] = {VAR(CKA_LOCAL, local), VAR(CKA_ALWAYS_SENSITIVE, always),
                           VAR(CKA_NEVER_EXTRACTABLE, never), VAR(CKA_KEY_GEN_MECHANISM, by)};
    EXPECT(p11->C_GetAttributeValue(s, made, want, COUNT(want)), CKR_OK);
    /* A key whose bytes came from outside was not always sensitive and was not generated here. */
    CHECK(local == CK_FALSE && always == CK_FALSE && never == CK_FALSE);
    CHECK(by == CK_UNAVAILABLE_INFORMATION);
}

static void usage_is_enforced(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), {CKA_VALUE, value, 16},
                               NO(CKA_TOKEN),          NO(CKA_ENCRYPT),        YES(CKA_DECRYPT)};
    NEED(p11->C_CreateObject(s, template, COUNT(template), &key));
    CK_BYTE iv[16] = {0};
    CK_MECHANISM cbc = {CKM_AES_CBC, iv, sizeof iv}, hmac = {CKM_SHA256_HMAC, NULL, 0};
    EXPECT(p11->C_EncryptInit(open_session(RW), &cbc, key), CKR_KEY_FUNCTION_NOT_PERMITTED);
    EXPECT(p11->C_DecryptInit(open_session(RW), &cbc, key), CKR_OK);
    EXPECT(p11->C_SignInit(open_session(RW), &hmac, key), CKR_KEY_TYPE_INCONSISTENT,
           CKR_KEY_FUNCTION_NOT_PERMITTED);
    CK_MECHANISM_TYPE only[] = {CKM_AES_CBC_PAD};
    CK_ATTRIBUTE narrow[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes),
                             {CKA_VALUE, value, 16}, NO(CKA_TOKEN),
                             YES(CKA_ENCRYPT),       VAR(CKA_ALLOWED_MECHANISMS, only)};
    NEED(p11->C_CreateObject(s, narrow, COUNT(narrow), &key));
    EXPECT(p11->C_EncryptInit(open_session(RW), &cbc, key), CKR_MECHANISM_INVALID);
    CK_MECHANISM padded = {CKM_AES_CBC_PAD, iv, sizeof iv};
    EXPECT(p11->C_EncryptInit(open_session(RW), &padded, key), CKR_OK);
}

const struct test_case template_cases[] = {{"template/incomplete", incomplete, TOKEN},
                                           {"template/inconsistent", inconsistent, TOKEN},
                                           {"template/invalid-values", invalid_values, TOKEN},
                                           {"template/read-only-attributes", read_only_attributes, TOKEN},
                                           {"template/created-key-history", created_key_history, TOKEN},
                                           {"template/usage", usage_is_enforced, TOKEN},
                                           {"template/same-value-twice", same_value_twice, TOKEN},
                                           {NULL, NULL, TOKEN}};
