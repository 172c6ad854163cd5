/* Signatures, MACs and digests: round trips, multi-part against single-part, sizes and encodings. */
#include "harness.h"

#include <string.h>

struct scheme {
    const char *name;
    CK_MECHANISM_TYPE type;
    CK_ULONG input;  /* bytes to sign */
    CK_ULONG output; /* bytes of a signature, or 0 */
    bool multipart;
    void *params;
    CK_ULONG params_len;
};

static CK_BYTE input[3000];

static void fill(void) {
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (CK_BYTE)(i * 7u + 1u);
}

/* Signs and verifies, both ways where the mechanism hashes, and refuses what was changed. */
static void round_trip(CK_SESSION_HANDLE s, const struct scheme *scheme, CK_OBJECT_HANDLE signer,
                       CK_OBJECT_HANDLE verifier) {
    CK_MECHANISM m = {scheme->type, scheme->params, scheme->params_len};
    CK_BYTE signature[600], parts[600];
    CK_ULONG len = sizeof signature, parts_len = sizeof parts;
    if (!offers(scheme->type, CKF_SIGN | CKF_VERIFY))
        return;
    CK_RV rv = p11->C_SignInit(s, &m, signer);
    if (rv == CKR_OK)
        rv = p11->C_Sign(s, input, scheme->input, signature, &len);
    if (rv != CKR_OK) {
        complain("%s: signing answered 0x%lx", scheme->name, rv);
        return;
    }
    if (scheme->output && len != scheme->output)
        complain("%s: %lu bytes of signature, not %lu", scheme->name, len, scheme->output);
    rv = p11->C_VerifyInit(s, &m, verifier);
    if (rv == CKR_OK)
        rv = p11->C_Verify(s, input, scheme->input, signature, len);
    if (rv != CKR_OK)
        complain("%s: verifying answered 0x%lx", scheme->name, rv);
    signature[len / 2] ^= 1;
    NEED(p11->C_VerifyInit(s, &m, verifier));
    rv = p11->C_Verify(s, input, scheme->input, signature, len);
    if (rv != CKR_SIGNATURE_INVALID)
        complain("%s: a changed signature answered 0x%lx", scheme->name, rv);
    signature[len / 2] ^= 1;
    NEED(p11->C_VerifyInit(s, &m, verifier));
    rv = p11->C_Verify(s, input, scheme->input, signature, len - 1);
    if (rv != CKR_SIGNATURE_LEN_RANGE && rv != CKR_SIGNATURE_INVALID)
        complain("%s: a short signature answered 0x%lx", scheme->name, rv);
    if (!scheme->multipart)
        return;
    NEED(p11->C_SignInit(s, &m, signer));
    NEED(p11->C_SignUpdate(s, input, 1));
    NEED(p11->C_SignUpdate(s, input + 1, 0));
    NEED(p11->C_SignUpdate(s, input + 1, scheme->input - 1));
    rv = p11->C_SignFinal(s, parts, &parts_len);
    if (rv != CKR_OK || parts_len != len)
        complain("%s: C_SignFinal answered 0x%lx, %lu bytes", scheme->name, rv, parts_len);
    NEED(p11->C_VerifyInit(s, &m, verifier));
    NEED(p11->C_VerifyUpdate(s, input, scheme->input / 2));
    NEED(p11->C_VerifyUpdate(s, input + scheme->input / 2, scheme->input - scheme->input / 2));
    rv = p11->C_VerifyFinal(s, parts, parts_len);
    if (rv != CKR_OK)
        complain("%s: C_VerifyFinal answered 0x%lx", scheme->name, rv);
}

static void rsa(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE pub, priv;
    CK_RSA_PKCS_PSS_PARAMS pss256 = {CKM_SHA256, CKG_MGF1_SHA256, 32},
                           pss384 = {CKM_SHA384, CKG_MGF1_SHA384, 0},
                           pss512 = {CKM_SHA512, CKG_MGF1_SHA512, 64};
    const struct scheme schemes[] = {
        {"RSA_PKCS", CKM_RSA_PKCS, 51, 256, false, NULL, 0},
        {"SHA256_RSA_PKCS", CKM_SHA256_RSA_PKCS, 3000, 256, true, NULL, 0},
        {"SHA384_RSA_PKCS", CKM_SHA384_RSA_PKCS, 3000, 256, true, NULL, 0},
        {"SHA512_RSA_PKCS", CKM_SHA512_RSA_PKCS, 3000, 256, true, NULL, 0},
        {"RSA_PKCS_PSS", CKM_RSA_PKCS_PSS, 32, 256, false, &pss256, sizeof pss256},
        {"SHA256_RSA_PKCS_PSS", CKM_SHA256_RSA_PKCS_PSS, 3000, 256, true, &pss256, sizeof pss256},
        {"SHA384_RSA_PKCS_PSS", CKM_SHA384_RSA_PKCS_PSS, 3000, 256, true, &pss384, sizeof pss384},
        {"SHA512_RSA_PKCS_PSS", CKM_SHA512_RSA_PKCS_PSS, 3000, 256, true, &pss512, sizeof pss512}};
    fill();
    make_rsa(s, &pub, &priv);
    for (size_t i = 0; i < COUNT(schemes); i++)
        round_trip(s, &schemes[i], priv, pub);
    CK_MECHANISM raw = {CKM_RSA_PKCS, NULL, 0}, no_params = {CKM_RSA_PKCS_PSS, NULL, 0};
    CK_BYTE out[256];
    CK_ULONG len = sizeof out;
    NEED(p11->C_SignInit(s, &raw, priv));
    EXPECT(p11->C_Sign(s, input, 246, out, &len), CKR_DATA_LEN_RANGE);
    EXPECT(p11->C_SignInit(s, &no_params, priv), CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
}

static void ecdsa(void) {
    static const CK_BYTE p384[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22},
                         p521[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23},
                         k256[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a};
    const struct {
        const CK_BYTE *oid;
        CK_ULONG oid_len, field;
    } curves[] = {{oid_p256, sizeof oid_p256, 32},
                  {p384, sizeof p384, 48},
                  {p521, sizeof p521, 66},
                  {k256, sizeof k256, 32}};
    CK_SESSION_HANDLE s = start_user();
    fill();
    for (size_t c = 0; c < COUNT(curves); c++) {
        CK_OBJECT_HANDLE pub, priv;
        CK_RV rv = make_ec(s, CKM_EC_KEY_PAIR_GEN, curves[c].oid, curves[c].oid_len, &pub, &priv);
        if (rv != CKR_OK) {
            complain("key pair on curve %zu answered 0x%lx", c, rv);
            continue;
        }
        /* r and s side by side, each as long as the group's order (ECDSA, elliptic curves). */
        CK_ULONG size = 2 * curves[c].field;
        const struct scheme schemes[] = {{"ECDSA", CKM_ECDSA, 32, size, false, NULL, 0},
                                         {"ECDSA_SHA256", CKM_ECDSA_SHA256, 3000, size, true, NULL, 0},
                                         {"ECDSA_SHA384", CKM_ECDSA_SHA384, 3000, size, true, NULL, 0},
                                         {"ECDSA_SHA512", CKM_ECDSA_SHA512, 3000, size, true, NULL, 0}};
        for (size_t i = 0; i < COUNT(schemes); i++)
            round_trip(s, &schemes[i], priv, pub);
        CK_BYTE point[200];
        CK_ATTRIBUTE want = {CKA_EC_POINT, point, sizeof point};
        NEED(p11->C_GetAttributeValue(s, pub, &want, 1));
        /* A DER OCTET STRING around 04 || x || y. */
        CK_ULONG inner = 1 + 2 * curves[c].field, head = inner < 128 ? 2 : 3;
        CHECK(want.ulValueLen == inner + head);
        CHECK(point[0] == 0x04 && point[head - 1] == inner && point[head] == 0x04);
    }
}

static void eddsa(void) {
    static const CK_BYTE oid[] = {0x06, 0x03, 0x2b, 0x65, 0x70},
                         name[] = {0x13, 0x0c, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1', '9'};
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE pub, priv;
    fill();
    CK_RV by_oid = make_ec(s, CKM_EC_EDWARDS_KEY_PAIR_GEN, oid, sizeof oid, &pub, &priv);
    if (by_oid != CKR_OK) {
        complain("the object identifier of Ed25519 answered 0x%lx", by_oid);
        NEED(make_ec(s, CKM_EC_EDWARDS_KEY_PAIR_GEN, name, sizeof name, &pub, &priv));
    }
    const struct scheme plain = {"EDDSA", CKM_EDDSA, 1000, 64, false, NULL, 0};
    round_trip(s, &plain, priv, pub);
    /* RFC 8032: the same message always gives the same signature. */
    CK_MECHANISM m = {CKM_EDDSA, NULL, 0};
    CK_BYTE a[64], b[64];
    CK_ULONG a_len = 64, b_len = 64;
    NEED(p11->C_SignInit(s, &m, priv));
    NEED(p11->C_Sign(s, input, 10, a, &a_len));
    NEED(p11->C_SignInit(s, &m, priv));
    NEED(p11->C_Sign(s, input, 10, b, &b_len));
    CHECK(memcmp(a, b, 64) == 0);
}

/* The table "Mapping to RFC 8032 Signature Schemes": a parameter without phFlag is Ed25519ctx, with RFC
 * 8032's vector of 7.2. */
static void eddsa_context(void) {
    static const CK_BYTE oid[] = {0x06, 0x03, 0x2b, 0x65, 0x70};
    static const CK_BYTE value[32] = {0x03, 0x05, 0x33, 0x4e, 0x38, 0x1a, 0xf7, 0x8f, 0x14, 0x1c, 0xb6,
                                      0x66, 0xf6, 0x19, 0x9f, 0x57, 0xbc, 0x34, 0x95, 0x33, 0x5a, 0x25,
                                      0x6a, 0x95, 0xbd, 0x2a, 0x55, 0xbf, 0x54, 0x66, 0x63, 0xf6};
    static const CK_BYTE message[16] = {0xf7, 0x26, 0x93, 0x6d, 0x19, 0xc8, 0x00, 0x49,
                                        0x4e, 0x3f, 0xda, 0xff, 0x20, 0xb2, 0x76, 0xa8};
    static const CK_BYTE expected[64] = {
        0x55, 0xa4, 0xcc, 0x2f, 0x70, 0xa5, 0x4e, 0x04, 0x28, 0x8c, 0x5f, 0x4c, 0xd1, 0xe4, 0x5a, 0x7b,
        0xb5, 0x20, 0xb3, 0x62, 0x92, 0x91, 0x18, 0x76, 0xca, 0xda, 0x73, 0x23, 0x19, 0x8d, 0xd8, 0x7a,
        0x8b, 0x36, 0x95, 0x0b, 0x95, 0x13, 0x00, 0x22, 0x90, 0x7a, 0x7f, 0xb7, 0xc4, 0xe9, 0xb2, 0xd5,
        0xf6, 0xcc, 0xa6, 0x85, 0xa5, 0x87, 0xb4, 0xb2, 0x1f, 0x4b, 0x88, 0x8e, 0x4e, 0x7e, 0xdb, 0x0d};
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_KEY_TYPE type = CKK_EC_EDWARDS;
    CK_OBJECT_HANDLE key;
    CK_BYTE out[64];
    CK_ULONG len = sizeof out;
    CK_EDDSA_PARAMS params = {.phFlag = CK_FALSE, .ulContextDataLen = 3, .pContextData = (CK_BYTE *)"foo"};
    CK_MECHANISM m = {CKM_EDDSA, &params, sizeof params};
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class),
                               VAR(CKA_KEY_TYPE, type),
                               {CKA_EC_PARAMS, (void *)oid, sizeof oid},
                               {CKA_VALUE, (void *)value, sizeof value},
                               NO(CKA_TOKEN),
                               YES(CKA_SIGN)};
    NEED(p11->C_CreateObject(s, template, COUNT(template), &key));
    NEED(p11->C_SignInit(s, &m, key));
    NEED(p11->C_Sign(s, (CK_BYTE_PTR)message, sizeof message, out, &len));
    CHECK(len == 64 && memcmp(out, expected, 64) == 0);
    /* Ed25519ctx with an empty context exists, but it is not Ed25519. */
    params = (CK_EDDSA_PARAMS){.phFlag = CK_FALSE};
    CK_RV rv = p11->C_SignInit(s, &m, key);
    if (!EXPECT(rv, CKR_MECHANISM_PARAM_INVALID, CKR_OK) || rv != CKR_OK)
        return;
    CK_MECHANISM plain = {CKM_EDDSA, NULL, 0};
    CK_BYTE pure[64];
    len = sizeof out;
    NEED(p11->C_Sign(s, (CK_BYTE_PTR)message, sizeof message, out, &len));
    NEED(p11->C_SignInit(s, &plain, key));
    len = sizeof pure;
    NEED(p11->C_Sign(s, (CK_BYTE_PTR)message, sizeof message, pure, &len));
    CHECK(memcmp(out, pure, sizeof pure) != 0);
}

static void hmacs(void) {
    const struct scheme schemes[] = {{"SHA224_HMAC", CKM_SHA224_HMAC, 3000, 28, true, NULL, 0},
                                     {"SHA256_HMAC", CKM_SHA256_HMAC, 3000, 32, true, NULL, 0},
                                     {"SHA384_HMAC", CKM_SHA384_HMAC, 3000, 48, true, NULL, 0},
                                     {"SHA512_HMAC", CKM_SHA512_HMAC, 3000, 64, true, NULL, 0}};
    CK_SESSION_HANDLE s = start_user();
    fill();
    CK_OBJECT_HANDLE key = make_secret(s, input, 64);
    for (size_t i = 0; i < COUNT(schemes); i++)
        round_trip(s, &schemes[i], key, key);
    /* RFC 4231, test case 6: a key longer than the block. */
    static const CK_BYTE want[] = {0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0, 0xb6, 0x7f, 0x0d, 0x8a, 0x26,
                                   0xaa, 0xcb, 0xf5, 0xb7, 0x7f, 0x8e, 0x0b, 0xc6, 0x21, 0x37, 0x28,
                                   0xc5, 0x14, 0x05, 0x46, 0x04, 0x0f, 0x0e, 0xe3, 0x7f, 0x54};
    CK_BYTE long_key[131];
    memset(long_key, 0xaa, sizeof long_key);
    CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0};
    CK_BYTE out[64];
    CK_ULONG len = sizeof out;
    NEED(p11->C_SignInit(s, &m, make_secret(s, long_key, sizeof long_key)));
    NEED(p11->C_Sign(s, (CK_BYTE_PTR) "Test Using Larger Than Block-Size Key - Hash Key First", 54, out,
                     &len));
    CHECK(len == sizeof want && memcmp(out, want, sizeof want) == 0);
}

static void digests(void) {
    const struct {
        CK_MECHANISM_TYPE type;
        CK_ULONG size;
        const char *of_abc; /* FIPS 180-4 and 202: first four bytes of the digest of "abc" */
    } kinds[] = {{CKM_SHA_1, 20, "\xa9\x99\x3e\x36"},    {CKM_SHA224, 28, "\x23\x09\x7d\x22"},
                 {CKM_SHA256, 32, "\xba\x78\x16\xbf"},   {CKM_SHA384, 48, "\xcb\x00\x75\x3f"},
                 {CKM_SHA512, 64, "\xdd\xaf\x35\xa1"},   {CKM_SHA3_224, 28, "\xe6\x42\x82\x4c"},
                 {CKM_SHA3_256, 32, "\x3a\x98\x5d\xa7"}, {CKM_SHA3_384, 48, "\xec\x01\x49\x82"},
                 {CKM_SHA3_512, 64, "\xb7\x51\x85\x0b"}};
    CK_SESSION_HANDLE s = start_user();
    fill();
    for (size_t i = 0; i < COUNT(kinds); i++) {
        CK_MECHANISM m = {kinds[i].type, NULL, 0};
        CK_BYTE whole[64], parts[64];
        CK_ULONG len = sizeof whole, parts_len = sizeof parts;
        if (!offers(kinds[i].type, CKF_DIGEST))
            continue;
        NEED(p11->C_DigestInit(s, &m));
        NEED(p11->C_Digest(s, (CK_BYTE_PTR) "abc", 3, whole, &len));
        if (len != kinds[i].size || memcmp(whole, kinds[i].of_abc, 4) != 0)
            complain("digest 0x%lx of abc is wrong", kinds[i].type);
        len = sizeof whole;
        NEED(p11->C_DigestInit(s, &m));
        NEED(p11->C_Digest(s, input, sizeof input, whole, &len));
        NEED(p11->C_DigestInit(s, &m));
        NEED(p11->C_DigestUpdate(s, input, 1));
        NEED(p11->C_DigestUpdate(s, input + 1, 0));
        NEED(p11->C_DigestUpdate(s, input + 1, sizeof input - 1));
        NEED(p11->C_DigestFinal(s, parts, &parts_len));
        if (len != parts_len || memcmp(whole, parts, len) != 0)
            complain("digest 0x%lx differs in parts", kinds[i].type);
        len = sizeof whole;
        NEED(p11->C_DigestInit(s, &m));
        EXPECT(p11->C_Digest(s, input, 0, whole, &len), CKR_OK);
    }
}

const struct test_case sign_cases[] = {
    {"sign/rsa", rsa, TOKEN},     {"sign/ecdsa", ecdsa, TOKEN},
    {"sign/eddsa", eddsa, TOKEN}, {"sign/eddsa-context", eddsa_context, TOKEN},
    {"sign/hmac", hmacs, TOKEN},  {"sign/digest", digests, TOKEN},
    {NULL, NULL, TOKEN}};
