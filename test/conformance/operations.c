/* The life of an operation: what starts it, what keeps it alive and what ends it. */
#include "harness.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for modules that set a least length for HMAC keys. */
static const CK_BYTE mac_key[64] = {1, 2, 3};
static CK_BYTE input[100], output[512];
static CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};

static void size_query(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_secret(s, mac_key, sizeof mac_key);
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_ULONG len = 0;
    NEED(p11->C_SignInit(s, &hmac, key));
    EXPECT(p11->C_Sign(s, input, 100, NULL, &len), CKR_OK);
    CHECK(len == 32);
    len = 31;
    EXPECT(p11->C_Sign(s, input, 100, output, &len), CKR_BUFFER_TOO_SMALL);
    CHECK(len == 32);
    len = sizeof output;
    EXPECT(p11->C_Sign(s, input, 100, output, &len), CKR_OK);
    CHECK(len == 32);
    EXPECT(p11->C_Sign(s, input, 100, output, &len), CKR_OPERATION_NOT_INITIALIZED);

    NEED(p11->C_DigestInit(s, &sha256));
    NEED(p11->C_DigestUpdate(s, input, 100));
    EXPECT(p11->C_DigestFinal(s, NULL, &len), CKR_OK);
    CHECK(len == 32);
    len = 1;
    EXPECT(p11->C_DigestFinal(s, output, &len), CKR_BUFFER_TOO_SMALL);
    len = sizeof output;
    EXPECT(p11->C_DigestFinal(s, output, &len), CKR_OK);
    EXPECT(p11->C_DigestFinal(s, output, &len), CKR_OPERATION_NOT_INITIALIZED);
}

static void size_query_cipher(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 32);
    CK_BYTE iv[16] = {0};
    CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, sizeof iv};
    CK_BYTE plain[128];
    CK_ULONG len = 0, plain_len;
    NEED(p11->C_EncryptInit(s, &cbc, key));
    EXPECT(p11->C_Encrypt(s, input, 100, NULL, &len), CKR_OK);
    CHECK(len >= 112);
    len = 5;
    EXPECT(p11->C_Encrypt(s, input, 100, output, &len), CKR_BUFFER_TOO_SMALL);
    CHECK(len >= 112);
    len = sizeof output;
    EXPECT(p11->C_Encrypt(s, input, 100, output, &len), CKR_OK);
    CHECK(len == 112);
    NEED(p11->C_DecryptInit(s, &cbc, key));
    plain_len = 1;
    EXPECT(p11->C_Decrypt(s, output, len, plain, &plain_len), CKR_BUFFER_TOO_SMALL);
    CHECK(plain_len >= 100);
    plain_len = sizeof plain;
    EXPECT(p11->C_Decrypt(s, output, len, plain, &plain_len), CKR_OK);
    CHECK(plain_len == 100 && memcmp(plain, input, 100) == 0);
}

static void active_and_not_initialized(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16), mac = make_secret(s, mac_key, sizeof mac_key);
    CK_BYTE iv[16] = {0};
    CK_MECHANISM cbc = {CKM_AES_CBC, iv, sizeof iv}, hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_ULONG len = sizeof output;
    const CK_RV none = CKR_OPERATION_NOT_INITIALIZED, active = CKR_OPERATION_ACTIVE;
    EXPECT(p11->C_Encrypt(s, input, 16, output, &len), none);
    EXPECT(p11->C_EncryptUpdate(s, input, 16, output, &len), none);
    EXPECT(p11->C_EncryptFinal(s, output, &len), none);
    EXPECT(p11->C_Decrypt(s, input, 16, output, &len), none);
    EXPECT(p11->C_DecryptUpdate(s, input, 16, output, &len), none);
    EXPECT(p11->C_DecryptFinal(s, output, &len), none);
    EXPECT(p11->C_Digest(s, input, 16, output, &len), none);
    EXPECT(p11->C_DigestUpdate(s, input, 16), none);
    EXPECT(p11->C_Sign(s, input, 16, output, &len), none);
    EXPECT(p11->C_SignUpdate(s, input, 16), none);
    EXPECT(p11->C_SignFinal(s, output, &len), none);
    EXPECT(p11->C_Verify(s, input, 16, output, 32), none);
    EXPECT(p11->C_VerifyUpdate(s, input, 16), none);
    EXPECT(p11->C_VerifyFinal(s, output, 32), none);
    NEED(p11->C_EncryptInit(s, &cbc, aes));
    EXPECT(p11->C_EncryptInit(s, &cbc, aes), active);
    CK_SESSION_HANDLE t = open_session(RW);
    /* Operations belong to one session only. */
    NEED(p11->C_SignInit(t, &hmac, mac));
    EXPECT(p11->C_SignInit(t, &hmac, mac), active);
    NEED(p11->C_CloseSession(t));
    t = open_session(RW);
    NEED(p11->C_DigestInit(t, &sha256));
    EXPECT(p11->C_DigestInit(t, &sha256), active);
}

/* A multi-part operation once begun cannot be finished by the one-shot function. */
static void mixing(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE mac = make_secret(s, mac_key, sizeof mac_key);
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_ULONG len = sizeof output;
    NEED(p11->C_SignInit(s, &hmac, mac));
    NEED(p11->C_SignUpdate(s, input, 10));
    EXPECT(p11->C_Sign(s, input, 10, output, &len), CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED,
           CKR_FUNCTION_FAILED);
    CK_SESSION_HANDLE t = open_session(RW);
    NEED(p11->C_DigestInit(t, &sha256));
    NEED(p11->C_DigestUpdate(t, input, 10));
    len = sizeof output;
    EXPECT(p11->C_Digest(t, input, 10, output, &len), CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED,
           CKR_FUNCTION_FAILED);
    CK_SESSION_HANDLE u = open_session(RW);
    NEED(p11->C_DigestInit(u, &sha256));
    EXPECT(p11->C_DigestFinal(u, output, &len), CKR_OK);
}

static void failure_ends(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16), mac = make_secret(s, mac_key, sizeof mac_key);
    CK_BYTE iv[16] = {0};
    CK_MECHANISM cbc = {CKM_AES_CBC, iv, sizeof iv}, hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_ULONG len = sizeof output;
    NEED(p11->C_EncryptInit(s, &cbc, aes));
    EXPECT(p11->C_Encrypt(s, input, 15, output, &len), CKR_DATA_LEN_RANGE);
    len = sizeof output;
    EXPECT(p11->C_Encrypt(s, input, 16, output, &len), CKR_OPERATION_NOT_INITIALIZED);
    NEED(p11->C_DecryptInit(s, &cbc, aes));
    len = sizeof output;
    EXPECT(p11->C_Decrypt(s, input, 15, output, &len), CKR_ENCRYPTED_DATA_LEN_RANGE);
    NEED(p11->C_VerifyInit(s, &hmac, mac));
    EXPECT(p11->C_Verify(s, input, 10, output, 32), CKR_SIGNATURE_INVALID);
    EXPECT(p11->C_Verify(s, input, 10, output, 32), CKR_OPERATION_NOT_INITIALIZED);
    NEED(p11->C_VerifyInit(s, &hmac, mac));
    EXPECT(p11->C_Verify(s, input, 10, output, 31), CKR_SIGNATURE_LEN_RANGE);
    EXPECT(p11->C_Verify(s, input, 10, output, 32), CKR_OPERATION_NOT_INITIALIZED);
}

static void bad_init(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE aes = make_aes(s, 16);
    CK_BYTE iv[16] = {0};
    CK_MECHANISM unknown = {0x7ffffff0UL, NULL, 0}, short_iv = {CKM_AES_CBC, iv, 15},
                 no_iv = {CKM_AES_CBC, NULL, 16}, digest_as_cipher = {CKM_SHA256, NULL, 0},
                 cbc = {CKM_AES_CBC, iv, 16}, rsa = {CKM_RSA_PKCS, NULL, 0}, extra = {CKM_SHA256, iv, 4};
    EXPECT(p11->C_EncryptInit(s, &unknown, aes), CKR_MECHANISM_INVALID);
    EXPECT(p11->C_EncryptInit(s, &digest_as_cipher, aes), CKR_MECHANISM_INVALID);
    EXPECT(p11->C_EncryptInit(s, &short_iv, aes), CKR_MECHANISM_PARAM_INVALID);
    EXPECT(p11->C_EncryptInit(s, &no_iv, aes), CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_EncryptInit(s, &cbc, ~0UL - 3), CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID);
    EXPECT(p11->C_EncryptInit(s, &rsa, aes), CKR_KEY_TYPE_INCONSISTENT);
    EXPECT(p11->C_DigestInit(s, &unknown), CKR_MECHANISM_INVALID);
    EXPECT(p11->C_DigestInit(open_session(RW), &extra), CKR_MECHANISM_PARAM_INVALID);
    /* A failed initialisation leaves nothing behind. */
    EXPECT(p11->C_EncryptInit(s, &cbc, aes), CKR_OK);
}

/* C_xInit with a NULL mechanism cancels (3.0 and later); a 2.40 module calls it a bad argument. */
static void cancel(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE mac = make_secret(s, mac_key, sizeof mac_key);
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    NEED(p11->C_SignInit(s, &hmac, mac));
    CK_RV rv = p11->C_SignInit(s, NULL, mac);
    EXPECT(rv, CKR_OK, CKR_ARGUMENTS_BAD);
    if (rv == CKR_OK)
        EXPECT(p11->C_SignInit(s, &hmac, mac), CKR_OK);
}

/* With nothing to cancel, what is answered must stand on the function's own list. */
static void cancel_nothing(void) {
    CK_SESSION_HANDLE s = start_user();
    const CK_RV mechanism = CKR_MECHANISM_INVALID, arguments = CKR_ARGUMENTS_BAD;
    EXPECT(p11->C_EncryptInit(s, NULL, 0), mechanism, arguments);
    EXPECT(p11->C_DecryptInit(s, NULL, 0), mechanism, arguments);
    EXPECT(p11->C_DigestInit(s, NULL), mechanism, arguments);
    EXPECT(p11->C_SignInit(s, NULL, 0), mechanism, arguments);
    EXPECT(p11->C_SignRecoverInit(s, NULL, 0), mechanism, arguments, CKR_FUNCTION_NOT_SUPPORTED);
    EXPECT(p11->C_VerifyInit(s, NULL, 0), mechanism, arguments);
    EXPECT(p11->C_VerifyRecoverInit(s, NULL, 0), mechanism, arguments, CKR_FUNCTION_NOT_SUPPORTED);
}

static void logout_ends(void) {
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE pub, priv;
    CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
    CK_ULONG len = sizeof output;
    NEED(make_ec(s, CKM_EC_KEY_PAIR_GEN, oid_p256, sizeof oid_p256, &pub, &priv));
    NEED(p11->C_SignInit(s, &ecdsa, priv));
    NEED(p11->C_Logout(s));
    /* The standard leaves open whether the operation lives on; this project promises that no private key is
     * used while nobody is logged in. */
    CHECK(p11->C_Sign(s, input, 32, output, &len) != CKR_OK);
    CHECK(p11->C_SignInit(s, &ecdsa, priv) != CKR_OK);
}

/* The same MAC again, from a key that lives. */
static void check_mac(CK_SESSION_HANDLE s, const CK_BYTE *signature) {
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    NEED(p11->C_VerifyInit(s, &hmac, make_secret(s, mac_key, sizeof mac_key)));
    EXPECT(p11->C_Verify(s, input, 100, (CK_BYTE_PTR)signature, 32), CKR_OK);
}

/* The functions that go on with an operation have no answer for a key that is gone: it ends as it would have.
 */
static void outlives_key(void) {
    CK_SESSION_HANDLE s = start_user(), other = open_session(RW), owner = open_session(RW);
    CK_OBJECT_HANDLE mac = make_secret(s, mac_key, sizeof mac_key), aes = make_aes(owner, 32), pub, priv;
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0}, ecb = {CKM_AES_ECB, NULL, 0},
                 ecdsa = {CKM_ECDSA_SHA256, NULL, 0};
    CK_ULONG len = sizeof output;
    NEED(p11->C_SignInit(s, &hmac, mac));
    NEED(p11->C_SignUpdate(s, input, 50));
    NEED(p11->C_EncryptInit(s, &ecb, aes));
    NEED(p11->C_EncryptUpdate(s, input, 16, output, &len));
    NEED(p11->C_DestroyObject(other, mac));
    NEED(p11->C_CloseSession(owner));
    EXPECT(p11->C_SignInit(other, &hmac, mac), CKR_KEY_HANDLE_INVALID);
    EXPECT(p11->C_EncryptInit(other, &ecb, aes), CKR_KEY_HANDLE_INVALID);
    len = sizeof output;
    EXPECT(p11->C_EncryptUpdate(s, input, 16, output, &len), CKR_OK);
    len = sizeof output;
    EXPECT(p11->C_EncryptFinal(s, output, &len), CKR_OK);
    NEED(p11->C_SignUpdate(s, input + 50, 50));
    len = sizeof output;
    EXPECT(p11->C_SignFinal(s, output, &len), CKR_OK);
    check_mac(s, output);
    EXPECT(p11->C_SignInit(s, &hmac, mac), CKR_KEY_HANDLE_INVALID);
    if (!offers(CKM_ECDSA_SHA256, CKF_SIGN))
        return;
    NEED(make_ec(s, CKM_EC_KEY_PAIR_GEN, oid_p256, sizeof oid_p256, &pub, &priv));
    NEED(p11->C_SignInit(s, &ecdsa, priv));
    NEED(p11->C_SignUpdate(s, input, 100));
    NEED(p11->C_DestroyObject(other, priv));
    len = sizeof output;
    if (!EXPECT(p11->C_SignFinal(s, output, &len), CKR_OK))
        return;
    NEED(p11->C_VerifyInit(s, &ecdsa, pub));
    EXPECT(p11->C_Verify(s, input, 100, output, len), CKR_OK);
}

/* The same when another application destroys a key of the token. */
static void outlives_key_of_token(void) {
    static const char label[] = "soon to be destroyed";
    int go[2];
    if (pipe(go) != 0)
        fail("no pipe");
    /* It starts before the module is loaded here, so that it is an application of its own. */
    pid_t destroyer = fork();
    if (destroyer == 0) {
        char begin = 0;
        close(go[1]);
        if (read(go[0], &begin, 1) != 1)
            _exit(1);
        CK_SESSION_HANDLE s = start_user();
        CK_ATTRIBUTE wanted = {CKA_LABEL, (void *)label, sizeof label - 1};
        CK_OBJECT_HANDLE found = 0;
        CK_ULONG count = 0;
        NEED(p11->C_FindObjectsInit(s, &wanted, 1));
        NEED(p11->C_FindObjects(s, &found, 1, &count));
        NEED(p11->C_FindObjectsFinal(s));
        bool gone = count == 1 && p11->C_DestroyObject(s, found) == CKR_OK;
        NEED(p11->C_Finalize(NULL));
        _exit(gone ? 0 : 1);
    }
    close(go[0]);
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret),
                               VAR(CKA_KEY_TYPE, generic),
                               {CKA_VALUE, (void *)mac_key, sizeof mac_key},
                               {CKA_LABEL, (void *)label, sizeof label - 1},
                               YES(CKA_TOKEN),
                               YES(CKA_SIGN)};
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_OBJECT_HANDLE mac;
    CK_ULONG len = sizeof output;
    int status = 0;
    NEED(p11->C_CreateObject(s, template, COUNT(template), &mac));
    NEED(p11->C_SignInit(s, &hmac, mac));
    NEED(p11->C_SignUpdate(s, input, 100));
    if (write(go[1], "!", 1) != 1 || waitpid(destroyer, &status, 0) != destroyer || status != 0)
        fail("the other application did not destroy the key");
    close(go[1]);
    EXPECT(p11->C_SignFinal(s, output, &len), CKR_OK);
    check_mac(s, output);
    EXPECT(p11->C_SignInit(s, &hmac, mac), CKR_KEY_HANDLE_INVALID);
}

/* A logout ends what is done with a private key, however the key is held. */
static void logout_ends_parts(void) {
    CK_SESSION_HANDLE s = start_user(), other = open_session(RW);
    CK_OBJECT_HANDLE pub, priv;
    CK_MECHANISM ecdsa = {CKM_ECDSA_SHA256, NULL, 0};
    CK_ULONG len = sizeof output;
    if (!offers(CKM_ECDSA_SHA256, CKF_SIGN))
        skip("no ECDSA_SHA256");
    for (int destroyed = 0; destroyed < 2; destroyed++) {
        NEED(make_ec(s, CKM_EC_KEY_PAIR_GEN, oid_p256, sizeof oid_p256, &pub, &priv));
        NEED(p11->C_SignInit(s, &ecdsa, priv));
        NEED(p11->C_SignUpdate(s, input, 100));
        if (destroyed)
            NEED(p11->C_DestroyObject(other, priv));
        NEED(p11->C_Logout(s));
        NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
        EXPECT(p11->C_SignFinal(s, output, &len), CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED);
        EXPECT(p11->C_SignInit(s, &ecdsa, priv), CKR_KEY_HANDLE_INVALID);
    }
}

static void random_bytes(void) {
    CK_SESSION_HANDLE s = start_user();
    static CK_BYTE a[100000], b[100000];
    NEED(p11->C_GenerateRandom(s, a, sizeof a));
    NEED(p11->C_GenerateRandom(s, b, sizeof b));
    CHECK(memcmp(a, b, sizeof a) != 0);
    size_t ones = 0;
    for (size_t i = 0; i < sizeof a; i++)
        ones += (size_t)__builtin_popcount(a[i]);
    /* 800,000 fair bits: more than seven standard deviations off is not chance. */
    CHECK(ones > 396800 && ones < 403200);
    EXPECT(p11->C_SeedRandom(s, a, 16), CKR_OK, CKR_RANDOM_SEED_NOT_SUPPORTED);
    EXPECT(p11->C_GenerateRandom(s, NULL, 16), CKR_ARGUMENTS_BAD);
}

const struct test_case operation_cases[] = {{"operation/size-query", size_query, TOKEN},
                                            {"operation/size-query-cipher", size_query_cipher, TOKEN},
                                            {"operation/active", active_and_not_initialized, TOKEN},
                                            {"operation/mixing", mixing, TOKEN},
                                            {"operation/failure-ends", failure_ends, TOKEN},
                                            {"operation/bad-init", bad_init, TOKEN},
                                            {"operation/cancel", cancel, TOKEN},
                                            {"operation/cancel-nothing", cancel_nothing, TOKEN},
                                            {"operation/logout-ends", logout_ends, TOKEN},
                                            {"operation/logout-ends-parts", logout_ends_parts, TOKEN},
                                            {"operation/outlives-key", outlives_key, TOKEN},
                                            {"operation/outlives-key-of-token", outlives_key_of_token, TOKEN},
                                            {"operation/random", random_bytes, TOKEN},
                                            {NULL, NULL, TOKEN}};
