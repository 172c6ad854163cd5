/* Encryption: round trips, parts against the whole, GCM's parameters and its tag, multi-megabyte calls. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

static CK_BYTE input[4096], cipher[8192], plain[8192];

static CK_RV encrypt(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key, CK_ULONG len,
                     CK_ULONG *out_len) {
    *out_len = sizeof cipher;
    CK_RV rv = p11->C_EncryptInit(s, m, key);
    return rv == CKR_OK ? p11->C_Encrypt(s, input, len, cipher, out_len) : rv;
}

static CK_RV decrypt(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key, CK_ULONG len,
                     CK_ULONG *out_len) {
    *out_len = sizeof plain;
    CK_RV rv = p11->C_DecryptInit(s, m, key);
    return rv == CKR_OK ? p11->C_Decrypt(s, cipher, len, plain, out_len) : rv;
}

/* The ciphertext of encrypting in pieces of an awkward size must be that of encrypting at once. */
static void parts_equal(const char *name, CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE key,
                        CK_ULONG len) {
    CK_BYTE out[8192];
    CK_ULONG whole = 0, total = 0;
    NEED(encrypt(s, m, key, len, &whole));
    NEED(p11->C_EncryptInit(s, m, key));
    for (CK_ULONG at = 0; at < len;) {
        CK_ULONG step = len - at < 13 ? len - at : 13, room = sizeof out - total;
        NEED(p11->C_EncryptUpdate(s, input + at, step, out + total, &room));
        total += room;
        at += step;
    }
    CK_ULONG room = sizeof out - total;
    NEED(p11->C_EncryptFinal(s, out + total, &room));
    total += room;
    if (total != whole || memcmp(out, cipher, whole) != 0)
        complain("%s: encrypting in parts differs", name);
    NEED(p11->C_DecryptInit(s, m, key));
    total = 0;
    for (CK_ULONG at = 0; at < whole;) {
        CK_ULONG step = whole - at < 17 ? whole - at : 17;
        room = sizeof plain - total;
        NEED(p11->C_DecryptUpdate(s, cipher + at, step, plain + total, &room));
        total += room;
        at += step;
    }
    room = sizeof plain - total;
    NEED(p11->C_DecryptFinal(s, plain + total, &room));
    total += room;
    if (total != len || memcmp(plain, input, len) != 0)
        complain("%s: decrypting in parts differs", name);
}

static void aes_modes(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_BYTE iv[16] = {9};
    CK_AES_CTR_PARAMS ctr = {.ulCounterBits = 128, .cb = {1}};
    struct {
        const char *name;
        CK_MECHANISM m;
        bool any_length;
    } modes[] = {{"AES_ECB", {CKM_AES_ECB, NULL, 0}, false},
                 {"AES_CBC", {CKM_AES_CBC, iv, sizeof iv}, false},
                 {"AES_CBC_PAD", {CKM_AES_CBC_PAD, iv, sizeof iv}, true},
                 {"AES_CTR", {CKM_AES_CTR, &ctr, sizeof ctr}, true}};
    memset(input, 0x42, sizeof input);
    for (CK_ULONG bytes = 16; bytes <= 32; bytes += 8) {
        CK_OBJECT_HANDLE key = make_aes(s, bytes);
        for (size_t i = 0; i < COUNT(modes); i++) {
            if (!offers(modes[i].m.mechanism, CKF_ENCRYPT | CKF_DECRYPT))
                continue;
            CK_ULONG lengths[] = {16, 4096, 1, 1000}, len, back;
            for (size_t k = 0; k < (modes[i].any_length ? 4u : 2u); k++) {
                if (!EXPECT(encrypt(s, &modes[i].m, key, lengths[k], &len), CKR_OK) ||
                    !EXPECT(decrypt(s, &modes[i].m, key, len, &back), CKR_OK))
                    continue;
                if (back != lengths[k] || memcmp(plain, input, back) != 0)
                    complain("%s does not give back %lu bytes", modes[i].name, lengths[k]);
            }
            parts_equal(modes[i].name, s, &modes[i].m, key, modes[i].any_length ? 1001 : 1024);
        }
    }
    /* FIPS 197, appendix B's sibling C.1: one block under AES-128. */
    static const CK_BYTE expected[] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                       0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
    CK_BYTE key_bytes[16];
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    CK_OBJECT_HANDLE known;
    CK_ULONG len;
    for (size_t i = 0; i < 16; i++) {
        key_bytes[i] = (CK_BYTE)i;
        input[i] = (CK_BYTE)(i * 0x11);
    }
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), VAR(CKA_VALUE, key_bytes),
                               NO(CKA_TOKEN), YES(CKA_ENCRYPT)};
    NEED(p11->C_CreateObject(s, template, COUNT(template), &known));
    NEED(encrypt(s, &modes[0].m, known, 16, &len));
    CHECK(len == 16 && memcmp(cipher, expected, 16) == 0);
}

/* GCM's parameters as the headers up to 2.40 errata have them, without ulIvBits. */
struct short_gcm {
    CK_BYTE_PTR iv;
    CK_ULONG iv_len;
    CK_BYTE_PTR aad;
    CK_ULONG aad_len, tag_bits;
};

struct long_gcm {
    CK_BYTE_PTR iv;
    CK_ULONG iv_len, iv_bits;
    CK_BYTE_PTR aad;
    CK_ULONG aad_len, tag_bits;
};

/* Asked for the length, a part of an authenticated cipher says what the call or the end may give, not what it
 * holds back. */
static void gcm_part_question(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 32);
    CK_BYTE iv[12] = {1, 2, 3};
    struct long_gcm wide = {iv, sizeof iv, 96, NULL, 0, 128};
    CK_MECHANISM m = {CKM_AES_GCM, &wide, sizeof wide};
    CK_ULONG len, total = 0, asked = 0;
    NEED(p11->C_EncryptInit(s, &m, key));
    for (int part = 0; part < 2; part++) {
        EXPECT(p11->C_EncryptUpdate(s, input, 100, NULL, &asked), CKR_OK);
        CHECK(asked >= 100 && asked <= 132);
        len = asked;
        NEED(p11->C_EncryptUpdate(s, input, 100, cipher + total, &len));
        total += len;
    }
    len = sizeof cipher - total;
    NEED(p11->C_EncryptFinal(s, cipher + total, &len));
    CHECK(len <= asked);
    total += len;
    NEED(p11->C_DecryptInit(s, &m, key));
    for (CK_ULONG at = 0; at < total; at += len) {
        len = total - at < 60 ? total - at : 60;
        EXPECT(p11->C_DecryptUpdate(s, cipher + at, len, NULL, &asked), CKR_OK);
        CHECK(asked + 16 >= at + len && asked <= at + len + 32 && asked > 0);
        CK_ULONG given = asked;
        NEED(p11->C_DecryptUpdate(s, cipher + at, len, plain, &given));
    }
    len = asked;
    EXPECT(p11->C_DecryptFinal(s, plain, &len), CKR_OK);
    CHECK(len == 200);
}

static void gcm(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 32);
    CK_BYTE iv[12] = {1, 2, 3}, aad[] = "seen by all", first[64];
    struct long_gcm wide = {iv, sizeof iv, 96, aad, sizeof aad, 128};
    struct short_gcm narrow = {iv, sizeof iv, aad, sizeof aad, 128};
    CK_MECHANISM m = {CKM_AES_GCM, &wide, sizeof wide}, old = {CKM_AES_GCM, &narrow, sizeof narrow};
    CK_ULONG len = 0, back = 0;
    NEED(encrypt(s, &m, key, 32, &len));
    CHECK(len == 48);
    memcpy(first, cipher, 48);
    NEED(decrypt(s, &m, key, len, &back));
    CHECK(back == 32 && memcmp(plain, input, 32) == 0);
    if (EXPECT(encrypt(s, &old, key, 32, &len), CKR_OK))
        CHECK(len == 48 && memcmp(first, cipher, 48) == 0);
    memcpy(cipher, first, 48);
    for (CK_ULONG at = 0; at < 48; at += 47) {
        cipher[at] ^= 1;
        EXPECT(decrypt(s, &m, key, 48, &back), CKR_ENCRYPTED_DATA_INVALID, CKR_AEAD_DECRYPT_FAILED,
               CKR_GENERAL_ERROR);
        cipher[at] ^= 1;
    }
    aad[0] ^= 1;
    EXPECT(decrypt(s, &m, key, 48, &back), CKR_ENCRYPTED_DATA_INVALID, CKR_AEAD_DECRYPT_FAILED,
           CKR_GENERAL_ERROR);
    aad[0] ^= 1;
    EXPECT(decrypt(s, &m, key, 10, &back), CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_INVALID,
           CKR_GENERAL_ERROR);
    /* Nothing to encrypt is still authenticated. */
    if (EXPECT(encrypt(s, &m, key, 0, &len), CKR_OK)) {
        CHECK(len == 16);
        EXPECT(decrypt(s, &m, key, len, &back), CKR_OK);
        CHECK(back == 0);
    }
    wide.tag_bits = 96;
    NEED(encrypt(s, &m, key, 32, &len));
    CHECK(len == 44);
    EXPECT(decrypt(s, &m, key, len, &back), CKR_OK);
    struct long_gcm bad[] = {{iv, 12, 96, aad, 1, 129}, {iv, 0, 0, aad, 1, 128}, {NULL, 12, 96, aad, 1, 128}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        CK_MECHANISM wrong = {CKM_AES_GCM, &bad[i], sizeof bad[i]};
        EXPECT(p11->C_EncryptInit(open_session(RW), &wrong, key), CKR_MECHANISM_PARAM_INVALID,
               CKR_ARGUMENTS_BAD);
    }
    wide.tag_bits = 128;
    s = open_session(RW);
    parts_equal("AES_GCM", s, &m, key, 1001);
}

/* What has not been authenticated must not come out: a forged message shows nothing but the error. */
static void gcm_multipart_forgery(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 16);
    CK_BYTE iv[12] = {7};
    struct long_gcm params = {iv, sizeof iv, 96, NULL, 0, 128};
    CK_MECHANISM m = {CKM_AES_GCM, &params, sizeof params};
    CK_ULONG len, room = sizeof plain, rest = sizeof plain;
    NEED(encrypt(s, &m, key, 1000, &len));
    cipher[3] ^= 0x80;
    NEED(p11->C_DecryptInit(s, &m, key));
    CK_RV rv = p11->C_DecryptUpdate(s, cipher, len, plain, &room);
    if (rv == CKR_OK)
        rv = p11->C_DecryptFinal(s, plain + room, &rest);
    EXPECT(rv, CKR_ENCRYPTED_DATA_INVALID, CKR_AEAD_DECRYPT_FAILED, CKR_GENERAL_ERROR);
}

static void large(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 32);
    CK_ULONG size = 5u << 20, len = size + 64, back = size + 64;
    CK_BYTE *in = calloc(1, size), *out = malloc(len), *again = malloc(back);
    CK_BYTE iv[12] = {5};
    struct long_gcm params = {iv, sizeof iv, 96, NULL, 0, 128};
    CK_MECHANISM m = {CKM_AES_GCM, &params, sizeof params};
    if (!in || !out || !again)
        fail("out of memory");
    memset(in, 0x6b, size);
    NEED(p11->C_EncryptInit(s, &m, key));
    NEED(p11->C_Encrypt(s, in, size, out, &len));
    CHECK(len == size + 16);
    NEED(p11->C_DecryptInit(s, &m, key));
    NEED(p11->C_Decrypt(s, out, len, again, &back));
    CHECK(back == size && memcmp(in, again, size) == 0);
    free(in);
    free(out);
    free(again);
}

static void rsa_encryption(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE pub, priv;
    CK_RSA_PKCS_OAEP_PARAMS sha1 = {CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0},
                            sha256 = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};
    CK_MECHANISM kinds[] = {{CKM_RSA_PKCS, NULL, 0},
                            {CKM_RSA_PKCS_OAEP, &sha1, sizeof sha1},
                            {CKM_RSA_PKCS_OAEP, &sha256, sizeof sha256}};
    make_rsa(s, &pub, &priv);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        CK_ULONG len, back;
        if (!offers(kinds[i].mechanism, CKF_ENCRYPT | CKF_DECRYPT))
            continue;
        if (!EXPECT(encrypt(s, &kinds[i], pub, 32, &len), CKR_OK) ||
            !EXPECT(decrypt(s, &kinds[i], priv, len, &back), CKR_OK))
            continue;
        CHECK(len == 256 && back == 32 && memcmp(plain, input, 32) == 0);
        EXPECT(encrypt(s, &kinds[i], pub, 256, &len), CKR_DATA_LEN_RANGE);
        EXPECT(decrypt(s, &kinds[i], priv, 255, &back), CKR_ENCRYPTED_DATA_LEN_RANGE,
               CKR_ENCRYPTED_DATA_INVALID);
    }
}

const struct test_case cipher_cases[] = {{"cipher/aes-modes", aes_modes, TOKEN},
                                         {"cipher/gcm", gcm, TOKEN},
                                         {"cipher/gcm-forgery-in-parts", gcm_multipart_forgery, TOKEN},
                                         {"cipher/large", large, TOKEN},
                                         {"cipher/rsa", rsa_encryption, TOKEN},
                                         {"cipher/gcm-part-question", gcm_part_question, TOKEN},
                                         {NULL, NULL, TOKEN}};
