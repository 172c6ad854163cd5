/* Wrapping, unwrapping and deriving keys. */
#include "harness.h"

#include <string.h>

static CK_OBJECT_CLASS secret = CKO_SECRET_KEY, private_class = CKO_PRIVATE_KEY;
static CK_KEY_TYPE aes = CKK_AES, generic = CKK_GENERIC_SECRET, ec = CKK_EC;

static void value_of(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, CK_BYTE value[64], CK_ULONG *len) {
    CK_ATTRIBUTE want = {CKA_VALUE, value, 64};
    NEED(p11->C_GetAttributeValue(s, key, &want, 1));
    *len = want.ulValueLen;
}

static void wrap_round_trip(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE wrapper,
                            CK_OBJECT_HANDLE unwrapper) {
    CK_BYTE wrapped[600], before[64], after[64];
    CK_ULONG len = 0, before_len, after_len;
    CK_OBJECT_HANDLE key = make_aes(s, 32), back = 0;
    if (!offers(m->mechanism, CKF_WRAP | CKF_UNWRAP))
        return;
    if (!EXPECT(p11->C_WrapKey(s, m, wrapper, key, NULL, &len), CKR_OK))
        return;
    CHECK(len >= 32 && len <= sizeof wrapped);
    CK_ULONG small = 1;
    EXPECT(p11->C_WrapKey(s, m, wrapper, key, wrapped, &small), CKR_BUFFER_TOO_SMALL);
    len = sizeof wrapped;
    if (!EXPECT(p11->C_WrapKey(s, m, wrapper, key, wrapped, &len), CKR_OK))
        return;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), NO(CKA_TOKEN),
                               NO(CKA_SENSITIVE),      YES(CKA_EXTRACTABLE),   YES(CKA_ENCRYPT)};
    if (!EXPECT(p11->C_UnwrapKey(s, m, unwrapper, wrapped, len, template, COUNT(template), &back), CKR_OK))
        return;
    value_of(s, key, before, &before_len);
    value_of(s, back, after, &after_len);
    CHECK(before_len == after_len && memcmp(before, after, before_len) == 0);
    CK_BBOOL local = 7, always = 7, never = 7;
    CK_ATTRIBUTE history[] = {VAR(CKA_LOCAL, local), VAR(CKA_ALWAYS_SENSITIVE, always),
                              VAR(CKA_NEVER_EXTRACTABLE, never)};
    NEED(p11->C_GetAttributeValue(s, back, history, 3));
    CHECK(!local && !always && !never);
    if (m->mechanism == CKM_AES_KEY_WRAP || m->mechanism == CKM_AES_KEY_WRAP_KWP) {
        wrapped[4] ^= 1;
        EXPECT(p11->C_UnwrapKey(s, m, unwrapper, wrapped, len, template, COUNT(template), &back),
               CKR_WRAPPED_KEY_INVALID, CKR_GENERAL_ERROR);
        EXPECT(p11->C_UnwrapKey(s, m, unwrapper, wrapped, len - 3, template, COUNT(template), &back),
               CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPED_KEY_INVALID);
    }
}

static void wrap(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE wrapper = make_aes(s, 32), pub, priv;
    CK_RSA_PKCS_OAEP_PARAMS sha1 = {CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0};
    CK_MECHANISM kw = {CKM_AES_KEY_WRAP, NULL, 0}, kwp = {CKM_AES_KEY_WRAP_KWP, NULL, 0},
                 pkcs = {CKM_RSA_PKCS, NULL, 0}, oaep = {CKM_RSA_PKCS_OAEP, &sha1, sizeof sha1};
    make_rsa(s, &pub, &priv);
    wrap_round_trip(s, &kw, wrapper, wrapper);
    wrap_round_trip(s, &kwp, wrapper, wrapper);
    wrap_round_trip(s, &pkcs, pub, priv);
    wrap_round_trip(s, &oaep, pub, priv);
}

static void wrap_rules(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE wrapper = make_aes(s, 32), key;
    CK_MECHANISM kw = {CKM_AES_KEY_WRAP, NULL, 0}, generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_BYTE out[128];
    CK_ULONG len = sizeof out, size = 32;
    CK_ATTRIBUTE kept[] = {VAR(CKA_VALUE_LEN, size), NO(CKA_TOKEN), NO(CKA_EXTRACTABLE)};
    NEED(p11->C_GenerateKey(s, &generate, kept, COUNT(kept), &key));
    EXPECT(p11->C_WrapKey(s, &kw, wrapper, key, out, &len), CKR_KEY_UNEXTRACTABLE);
    CK_ATTRIBUTE careful[] = {VAR(CKA_VALUE_LEN, size), NO(CKA_TOKEN), YES(CKA_EXTRACTABLE),
                              YES(CKA_WRAP_WITH_TRUSTED)};
    NEED(p11->C_GenerateKey(s, &generate, careful, COUNT(careful), &key));
    len = sizeof out;
    EXPECT(p11->C_WrapKey(s, &kw, wrapper, key, out, &len), CKR_KEY_NOT_WRAPPABLE,
           CKR_WRAPPING_KEY_HANDLE_INVALID, CKR_KEY_UNEXTRACTABLE);
    CK_ATTRIBUTE plain[] = {VAR(CKA_VALUE_LEN, size), NO(CKA_TOKEN), NO(CKA_WRAP), YES(CKA_ENCRYPT),
                            YES(CKA_EXTRACTABLE)};
    NEED(p11->C_GenerateKey(s, &generate, plain, COUNT(plain), &key));
    len = sizeof out;
    EXPECT(p11->C_WrapKey(s, &kw, key, wrapper, out, &len), CKR_KEY_FUNCTION_NOT_PERMITTED);
    EXPECT(p11->C_WrapKey(s, &kw, ~0UL - 3, key, out, &len), CKR_WRAPPING_KEY_HANDLE_INVALID,
           CKR_KEY_HANDLE_INVALID);
    EXPECT(p11->C_WrapKey(s, &kw, wrapper, ~0UL - 3, out, &len), CKR_KEY_HANDLE_INVALID);
}

/* A private key leaves as PKCS #8 and comes back able to sign. */
static void wrap_private_key(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE wrapper = make_aes(s, 32), pub, priv, back;
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, kwp = {CKM_AES_KEY_WRAP_KWP, NULL, 0},
                 ecdsa = {CKM_ECDSA, NULL, 0};
    CK_ATTRIBUTE pub_template[] = {
        {CKA_EC_PARAMS, (void *)oid_p256, sizeof oid_p256}, NO(CKA_TOKEN), YES(CKA_VERIFY)};
    CK_ATTRIBUTE priv_template[] = {NO(CKA_TOKEN), YES(CKA_SIGN), YES(CKA_EXTRACTABLE)};
    CK_BYTE out[400], signature[64];
    CK_ULONG len = sizeof out, signature_len = sizeof signature;
    if (!offers(CKM_AES_KEY_WRAP_KWP, CKF_WRAP | CKF_UNWRAP))
        skip("no AES_KEY_WRAP_KWP");
    NEED(p11->C_GenerateKeyPair(s, &pair, pub_template, 3, priv_template, 3, &pub, &priv));
    NEED(p11->C_WrapKey(s, &kwp, wrapper, priv, out, &len));
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, private_class), VAR(CKA_KEY_TYPE, ec), NO(CKA_TOKEN),
                               YES(CKA_SIGN)};
    NEED(p11->C_UnwrapKey(s, &kwp, wrapper, out, len, template, COUNT(template), &back));
    NEED(p11->C_SignInit(s, &ecdsa, back));
    NEED(p11->C_Sign(s, out, 32, signature, &signature_len));
    NEED(p11->C_VerifyInit(s, &ecdsa, pub));
    EXPECT(p11->C_Verify(s, out, 32, signature, signature_len), CKR_OK);
}

/* Where CKA_VALUE_LEN may be left out, all that comes out is the key; a length that no wrapped key has is
 * said to be one. */
static void unwrap_length(void) {
    static const CK_BYTE value[32] = {1, 2, 3, [31] = 9};
    CK_SESSION_HANDLE s = start_user();
    CK_BYTE iv[16] = {0}, out[64], back_value[64];
    CK_MECHANISM ways[] = {{CKM_AES_KEY_WRAP, NULL, 0}, {CKM_AES_ECB, NULL, 0}, {CKM_AES_CBC, iv, sizeof iv}};
    CK_KEY_TYPE types[] = {CKK_GENERIC_SECRET, CKK_SHA256_HMAC}, type;
    CK_OBJECT_HANDLE wrapper = make_aes(s, 32), key = make_secret(s, value, sizeof value), back;
    CK_ULONG len, back_len, size = 31;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, type), NO(CKA_TOKEN),
                               NO(CKA_SENSITIVE),      YES(CKA_EXTRACTABLE),    VAR(CKA_VALUE_LEN, size)};
    for (size_t w = 0; w < COUNT(ways); w++) {
        CK_MECHANISM *m = &ways[w];
        if (!offers(m->mechanism, CKF_WRAP | CKF_UNWRAP))
            continue;
        len = sizeof out;
        NEED(p11->C_WrapKey(s, m, wrapper, key, out, &len));
        for (size_t t = 0; t < COUNT(types); t++) {
            type = types[t];
            if (EXPECT(p11->C_UnwrapKey(s, m, wrapper, out, len, template, 5, &back), CKR_OK)) {
                value_of(s, back, back_value, &back_len);
                CHECK(back_len == sizeof value && memcmp(back_value, value, back_len) == 0);
            }
            EXPECT(p11->C_UnwrapKey(s, m, wrapper, out, len - 1, template, 5, &back),
                   CKR_WRAPPED_KEY_LEN_RANGE);
            EXPECT(p11->C_UnwrapKey(s, m, wrapper, out, 5, template, 5, &back), CKR_WRAPPED_KEY_LEN_RANGE);
            /* The last byte is no filling. */
            EXPECT(p11->C_UnwrapKey(s, m, wrapper, out, len, template, 6, &back), CKR_WRAPPED_KEY_LEN_RANGE);
        }
    }
}

static void both_sides(CK_MECHANISM_TYPE generator, const void *oid, CK_ULONG oid_len, CK_ULONG size) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE pub[2], priv[2], shared[2];
    CK_BYTE point[2][200], value[2][64];
    CK_ULONG len[2];
    if (!offers(CKM_ECDH1_DERIVE, CKF_DERIVE) || !offers(generator, CKF_GENERATE_KEY_PAIR))
        skip("not offered");
    CK_ATTRIBUTE want[2];
    for (int i = 0; i < 2; i++) {
        NEED(make_ec(s, generator, oid, oid_len, &pub[i], &priv[i]));
        want[i] = (CK_ATTRIBUTE){CKA_EC_POINT, point[i], sizeof point[i]};
        NEED(p11->C_GetAttributeValue(s, pub[i], &want[i], 1));
    }
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, generic), NO(CKA_TOKEN),
                               NO(CKA_SENSITIVE),      YES(CKA_EXTRACTABLE),       VAR(CKA_VALUE_LEN, size)};
    for (int i = 0; i < 2; i++) {
        CK_ATTRIBUTE *peer = &want[1 - i];
        CK_ECDH1_DERIVE_PARAMS params = {
            .kdf = CKD_NULL, .ulPublicDataLen = peer->ulValueLen, .pPublicData = peer->pValue};
        CK_MECHANISM m = {CKM_ECDH1_DERIVE, &params, sizeof params};
        NEED(p11->C_DeriveKey(s, &m, priv[i], template, COUNT(template), &shared[i]));
        value_of(s, shared[i], value[i], &len[i]);
    }
    CHECK(len[0] == size && len[1] == size && memcmp(value[0], value[1], size) == 0);
    /* The point without its DER wrapping gives the same secret (ECDH1, public data). */
    CK_ECDH1_DERIVE_PARAMS raw = {
        .kdf = CKD_NULL, .ulPublicDataLen = want[1].ulValueLen - 2, .pPublicData = point[1] + 2};
    CK_MECHANISM m = {CKM_ECDH1_DERIVE, &raw, sizeof raw};
    if (point[1][0] == 0x04 && point[1][1] == want[1].ulValueLen - 2) {
        NEED(p11->C_DeriveKey(s, &m, priv[0], template, COUNT(template), &shared[0]));
        value_of(s, shared[0], value[1], &len[1]);
        CHECK(memcmp(value[0], value[1], size) == 0);
    }
    CK_BYTE garbage[65] = {4, 1};
    raw.pPublicData = garbage;
    raw.ulPublicDataLen = sizeof garbage;
    CHECK(p11->C_DeriveKey(s, &m, priv[0], template, COUNT(template), &shared[0]) != CKR_OK);
    raw.ulPublicDataLen = 0;
    CHECK(p11->C_DeriveKey(s, &m, priv[0], template, COUNT(template), &shared[0]) != CKR_OK);
}

static void ecdh_p256(void) {
    both_sides(CKM_EC_KEY_PAIR_GEN, oid_p256, sizeof oid_p256, 32);
}

static void ecdh_x25519(void) {
    static const CK_BYTE oid[] = {0x06, 0x03, 0x2b, 0x65, 0x6e};
    both_sides(CKM_EC_MONTGOMERY_KEY_PAIR_GEN, oid, sizeof oid, 32);
}

const struct test_case key_cases[] = {{"key/wrap", wrap, TOKEN},
                                      {"key/wrap-rules", wrap_rules, TOKEN},
                                      {"key/wrap-private", wrap_private_key, TOKEN},
                                      {"key/unwrap-length", unwrap_length, TOKEN},
                                      {"key/ecdh-p256", ecdh_p256, TOKEN},
                                      {"key/ecdh-x25519", ecdh_x25519, TOKEN},
                                      {NULL, NULL, TOKEN}};
