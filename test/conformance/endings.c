/*
 * Every function of an operation ends it with CKR_ARGUMENTS_BAD as with any other failure (PKCS#11 3.2, 5.8 to 5.16): it "always terminates
 * the active operation unless it returns CKR_BUFFER_TOO_SMALL or is a successful call to determine the length".
 */
#include "harness.h"

static CK_BYTE input[256], output[512];
/* A length that no machine can mean. */
#define ABSURD ((CK_ULONG)1 << 62)

enum opening { ENCRYPT, DECRYPT, DIGEST, SIGN, VERIFY, SIGN_RECOVER, VERIFY_RECOVER };

struct keys {
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE aes, mac, public_rsa, private_rsa;
};

/* Opens an operation; with NULL, calls it off. */
static CK_RV open_operation(const struct keys *keys, enum opening opening, bool off) {
    static CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0}, sha256 = {CKM_SHA256, NULL, 0}, hmac = {CKM_SHA256_HMAC, NULL, 0},
                        rsa = {CKM_RSA_PKCS, NULL, 0};
    CK_SESSION_HANDLE s = keys->session;
    switch (opening) {
    case ENCRYPT:
        return p11->C_EncryptInit(s, off ? NULL : &ecb, keys->aes);
    case DECRYPT:
        return p11->C_DecryptInit(s, off ? NULL : &ecb, keys->aes);
    case DIGEST:
        return p11->C_DigestInit(s, off ? NULL : &sha256);
    case SIGN:
        return p11->C_SignInit(s, off ? NULL : &hmac, keys->mac);
    case VERIFY:
        return p11->C_VerifyInit(s, off ? NULL : &hmac, keys->mac);
    case SIGN_RECOVER:
        return p11->C_SignRecoverInit(s, off ? NULL : &rsa, keys->private_rsa);
    default:
        return p11->C_VerifyRecoverInit(s, off ? NULL : &rsa, keys->public_rsa);
    }
}

/* After the failure the same operation can be opened again, so it was ended. */
static void expect_ended(const struct keys *keys, enum opening opening, const char *call, CK_RV rv) {
    if (rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL)
        complain("%s answered 0x%lx", call, rv);
    rv = open_operation(keys, opening, false);
    if (rv != CKR_OK)
        complain("after %s the operation could not be opened again: 0x%lx", call, rv);
}

#define ENDS(opening, call)                                                                                  \
    do {                                                                                                     \
        NEED(open_operation(&keys, opening, false));                                                         \
        about_to(#call);                                                                                     \
        expect_ended(&keys, opening, #call, call);                                                           \
        NEED(open_operation(&keys, opening, true));                                                          \
    } while (0)
/* The same after a first part. */
#define ENDS_LATER(opening, part, call)                                                                      \
    do {                                                                                                     \
        NEED(open_operation(&keys, opening, false));                                                         \
        NEED(part);                                                                                          \
        about_to(#call);                                                                                     \
        expect_ended(&keys, opening, #call, call);                                                           \
        NEED(open_operation(&keys, opening, true));                                                          \
    } while (0)
/* Two operations at once: both are ended. */
#define ENDS_BOTH(one, other, call)                                                                          \
    do {                                                                                                     \
        NEED(open_operation(&keys, one, false));                                                             \
        NEED(open_operation(&keys, other, false));                                                           \
        about_to(#call);                                                                                     \
        CK_RV answer = call;                                                                                 \
        expect_ended(&keys, one, #call, answer);                                                             \
        expect_ended(&keys, other, #call, answer);                                                           \
        NEED(open_operation(&keys, one, true));                                                              \
        NEED(open_operation(&keys, other, true));                                                            \
    } while (0)

static struct keys prepare(bool with_rsa) {
    static const CK_BYTE mac_key[64] = {1, 2, 3};
    struct keys keys = {.session = start_user()};
    keys.aes = make_aes(keys.session, 32);
    keys.mac = make_secret(keys.session, mac_key, sizeof mac_key);
    if (with_rsa)
        make_rsa(keys.session, &keys.public_rsa, &keys.private_rsa);
    return keys;
}

static void ciphers(void) {
    struct keys keys = prepare(false);
    CK_SESSION_HANDLE s = keys.session;
    CK_ULONG len = sizeof output;
    ENDS(ENCRYPT, p11->C_Encrypt(s, NULL, 16, output, &len));
    ENDS(ENCRYPT, p11->C_Encrypt(s, input, 16, output, NULL));
    ENDS(ENCRYPT, p11->C_Encrypt(s, input, ABSURD, output, &len));
    ENDS(ENCRYPT, p11->C_EncryptUpdate(s, NULL, 16, output, &len));
    ENDS(ENCRYPT, p11->C_EncryptUpdate(s, input, 16, output, NULL));
    ENDS(ENCRYPT, p11->C_EncryptUpdate(s, input, ABSURD, output, &len));
    ENDS_LATER(ENCRYPT, p11->C_EncryptUpdate(s, input, 16, output, &len), p11->C_EncryptFinal(s, output, NULL));
    ENDS(DECRYPT, p11->C_Decrypt(s, NULL, 16, output, &len));
    ENDS(DECRYPT, p11->C_Decrypt(s, input, 16, output, NULL));
    ENDS(DECRYPT, p11->C_Decrypt(s, input, ABSURD, output, &len));
    ENDS(DECRYPT, p11->C_DecryptUpdate(s, NULL, 16, output, &len));
    ENDS(DECRYPT, p11->C_DecryptUpdate(s, input, 16, output, NULL));
    ENDS_LATER(DECRYPT, p11->C_DecryptUpdate(s, input, 16, output, &len), p11->C_DecryptFinal(s, output, NULL));
}

static void digests_and_signatures(void) {
    struct keys keys = prepare(false);
    CK_SESSION_HANDLE s = keys.session;
    CK_ULONG len = sizeof output;
    ENDS(DIGEST, p11->C_Digest(s, NULL, 16, output, &len));
    ENDS(DIGEST, p11->C_Digest(s, input, 16, output, NULL));
    ENDS(DIGEST, p11->C_Digest(s, input, ABSURD, output, &len));
    ENDS(DIGEST, p11->C_DigestUpdate(s, NULL, 16));
    ENDS(DIGEST, p11->C_DigestUpdate(s, input, ABSURD));
    ENDS(DIGEST, p11->C_DigestKey(s, 0));
    ENDS_LATER(DIGEST, p11->C_DigestUpdate(s, input, 16), p11->C_DigestFinal(s, output, NULL));
    ENDS(SIGN, p11->C_Sign(s, NULL, 16, output, &len));
    ENDS(SIGN, p11->C_Sign(s, input, 16, output, NULL));
    ENDS(SIGN, p11->C_Sign(s, input, ABSURD, output, &len));
    ENDS(SIGN, p11->C_SignUpdate(s, NULL, 16));
    ENDS(SIGN, p11->C_SignUpdate(s, input, ABSURD));
    ENDS_LATER(SIGN, p11->C_SignUpdate(s, input, 16), p11->C_SignFinal(s, output, NULL));
    ENDS(VERIFY, p11->C_Verify(s, NULL, 16, output, 32));
    ENDS(VERIFY, p11->C_Verify(s, input, 16, NULL, 32));
    ENDS(VERIFY, p11->C_Verify(s, input, 16, output, ABSURD));
    ENDS(VERIFY, p11->C_VerifyUpdate(s, NULL, 16));
    ENDS_LATER(VERIFY, p11->C_VerifyUpdate(s, input, 16), p11->C_VerifyFinal(s, NULL, 32));
    ENDS_LATER(VERIFY, p11->C_VerifyUpdate(s, input, 16), p11->C_VerifyFinal(s, output, ABSURD));
}

static void recovering(void) {
    struct keys keys = prepare(true);
    CK_SESSION_HANDLE s = keys.session;
    CK_ULONG len = sizeof output;
    if (open_operation(&keys, SIGN_RECOVER, false) != CKR_OK)
        skip("not offered");
    NEED(open_operation(&keys, SIGN_RECOVER, true));
    ENDS(SIGN_RECOVER, p11->C_SignRecover(s, NULL, 16, output, &len));
    ENDS(SIGN_RECOVER, p11->C_SignRecover(s, input, 16, output, NULL));
    ENDS(VERIFY_RECOVER, p11->C_VerifyRecover(s, NULL, 256, output, &len));
    ENDS(VERIFY_RECOVER, p11->C_VerifyRecover(s, input, 256, output, NULL));
}

static void two_at_once(void) {
    struct keys keys = prepare(false);
    CK_SESSION_HANDLE s = keys.session;
    CK_ULONG len = sizeof output;
    ENDS_BOTH(DIGEST, ENCRYPT, p11->C_DigestEncryptUpdate(s, NULL, 16, output, &len));
    ENDS_BOTH(DIGEST, ENCRYPT, p11->C_DigestEncryptUpdate(s, input, 16, output, NULL));
    ENDS_BOTH(DECRYPT, DIGEST, p11->C_DecryptDigestUpdate(s, input, 16, output, NULL));
    ENDS_BOTH(SIGN, ENCRYPT, p11->C_SignEncryptUpdate(s, input, ABSURD, output, &len));
    ENDS_BOTH(DECRYPT, VERIFY, p11->C_DecryptVerifyUpdate(s, NULL, 16, output, &len));
}

const struct test_case ending_cases[] = {{"ending/ciphers", ciphers, TOKEN},
                                         {"ending/digests-and-signatures", digests_and_signatures, TOKEN},
                                         {"ending/recovering", recovering, TOKEN},
                                         {"ending/two-at-once", two_at_once, TOKEN},
                                         {NULL, NULL, TOKEN}};
