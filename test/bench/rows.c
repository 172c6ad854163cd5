/* The rows of the table as PKCS#11 calls. Every operation is what a program does for one result: *Init and
 * the operation itself. */
#include "client.h"

#include <stdio.h>
#include <string.h>

#define TRY(call)                                                                                            \
    do {                                                                                                     \
        CK_RV try_rv = (call);                                                                               \
        if (try_rv != CKR_OK)                                                                                \
            return try_rv;                                                                                   \
    } while (0)

struct keys keys;
unsigned long find_population;

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
/* DER of the object identifiers of P-256 and Ed25519 (RFC 5480 section 2.1.1.1, RFC 8410 section 3). */
static unsigned char oid_p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static unsigned char oid_ed25519[] = {0x06, 0x03, 0x2b, 0x65, 0x70};
/* SoftHSM2 2.6.1 knows the Edwards curve by its printable name only. */
static unsigned char name_ed25519[] = {0x13, 0x0c, 'e', 'd', 'w', 'a', 'r',
                                       'd',  's',  '2', '5', '5', '1', '9'};
/* DigestInfo head for SHA-256 (RFC 8017 section 9.2, note 1). */
static const unsigned char sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                            0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
static unsigned char rsa_block[51];

static CK_RV make_pair(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type, CK_ATTRIBUTE *domain,
                       CK_ULONG domain_count, CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    unsigned char id[2] = {(unsigned char)(type >> 8), (unsigned char)type};
    char label[] = "bench";
    CK_ATTRIBUTE pub[5] = {
        {CKA_TOKEN, &yes, sizeof yes}, {CKA_VERIFY, &yes, sizeof yes}, {CKA_ID, id, sizeof id}};
    CK_ATTRIBUTE priv[] = {{CKA_TOKEN, &yes, sizeof yes},       {CKA_PRIVATE, &yes, sizeof yes},
                           {CKA_SIGN, &yes, sizeof yes},        {CKA_SENSITIVE, &yes, sizeof yes},
                           {CKA_EXTRACTABLE, &no, sizeof no},   {CKA_ID, id, sizeof id},
                           {CKA_LABEL, label, sizeof label - 1}};
    for (CK_ULONG i = 0; i < domain_count; i++)
        pub[3 + i] = domain[i];
    return p11->C_GenerateKeyPair(s, &mechanism, pub, 3 + domain_count, priv, 7, public_key, private_key);
}

static CK_RV make_ed25519(CK_SESSION_HANDLE s) {
    CK_OBJECT_HANDLE unused;
    CK_ATTRIBUTE by_oid = {CKA_EC_PARAMS, oid_ed25519, sizeof oid_ed25519};
    CK_ATTRIBUTE by_name = {CKA_EC_PARAMS, name_ed25519, sizeof name_ed25519};
    if (make_pair(s, CKM_EC_EDWARDS_KEY_PAIR_GEN, &by_oid, 1, &unused, &keys.ed_private) == CKR_OK)
        return CKR_OK;
    return make_pair(s, CKM_EC_EDWARDS_KEY_PAIR_GEN, &by_name, 1, &unused, &keys.ed_private);
}

static CK_RV sign(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE key, unsigned char *in,
                  CK_ULONG in_len, unsigned char *out, CK_ULONG out_len) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    TRY(p11->C_SignInit(s, &mechanism, key));
    return p11->C_Sign(s, in, in_len, out, &out_len);
}

static CK_RV verify(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE key, unsigned char *in,
                    CK_ULONG in_len, unsigned char *signature, CK_ULONG signature_len) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    TRY(p11->C_VerifyInit(s, &mechanism, key));
    return p11->C_Verify(s, in, in_len, signature, signature_len);
}

CK_RV make_keys(CK_SESSION_HANDLE s) {
    CK_ULONG bits = 2048, aes_len = 32, hmac_len = 32;
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
    unsigned char exponent[] = {1, 0, 1}, hmac_value[32];
    CK_ATTRIBUTE rsa[] = {{CKA_MODULUS_BITS, &bits, sizeof bits},
                          {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
    CK_ATTRIBUTE ec = {CKA_EC_PARAMS, oid_p256, sizeof oid_p256};
    memset(rsa_block, 0x5a, sizeof rsa_block);
    memcpy(rsa_block, sha256_info, sizeof sha256_info);
    memset(hmac_value, 0x17, sizeof hmac_value);
    TRY(make_pair(s, CKM_RSA_PKCS_KEY_PAIR_GEN, rsa, 2, &keys.rsa_public, &keys.rsa_private));
    TRY(make_pair(s, CKM_EC_KEY_PAIR_GEN, &ec, 1, &keys.ec_public, &keys.ec_private));
    if (make_ed25519(s) != CKR_OK)
        keys.ed_private = 0;

    CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE aes[] = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                          {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_ENCRYPT, &yes, sizeof yes},
                          {CKA_DECRYPT, &yes, sizeof yes},   {CKA_VALUE_LEN, &aes_len, sizeof aes_len}};
    TRY(p11->C_GenerateKey(s, &generate, aes, 6, &keys.aes));
    CK_ATTRIBUTE hmac[] = {{CKA_CLASS, &secret, sizeof secret}, {CKA_KEY_TYPE, &generic, sizeof generic},
                           {CKA_TOKEN, &yes, sizeof yes},       {CKA_PRIVATE, &yes, sizeof yes},
                           {CKA_SENSITIVE, &yes, sizeof yes},   {CKA_SIGN, &yes, sizeof yes},
                           {CKA_VALUE, hmac_value, hmac_len}};
    TRY(p11->C_CreateObject(s, hmac, 7, &keys.hmac));

    unsigned char digest[32];
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (unsigned char)(i * 31u + 7u);
    TRY(sign(s, CKM_ECDSA, keys.ec_private, digest, sizeof digest, keys.ec_signature,
             sizeof keys.ec_signature));
    return sign(s, CKM_RSA_PKCS, keys.rsa_private, rsa_block, sizeof rsa_block, keys.rsa_signature,
                sizeof keys.rsa_signature);
}

static CK_RV create_data(CK_SESSION_HANDLE s, unsigned long number, CK_OBJECT_HANDLE *made) {
    CK_OBJECT_CLASS data = CKO_DATA;
    char label[24];
    int label_len = snprintf(label, sizeof label, "object-%06lu", number);
    unsigned char value[64];
    memset(value, (int)(number & 0xff), sizeof value);
    CK_ATTRIBUTE object[] = {{CKA_CLASS, &data, sizeof data},
                             {CKA_TOKEN, &yes, sizeof yes},
                             {CKA_PRIVATE, &yes, sizeof yes},
                             {CKA_LABEL, label, (CK_ULONG)label_len},
                             {CKA_VALUE, value, sizeof value}};
    return p11->C_CreateObject(s, object, 5, made);
}

CK_RV make_population(CK_SESSION_HANDLE s, unsigned long count) {
    for (unsigned long i = 0; i < count; i++) {
        CK_OBJECT_HANDLE made;
        TRY(create_data(s, i, &made));
    }
    find_population = count;
    return CKR_OK;
}

static CK_RV row_ecdsa_sign(struct worker *w) {
    return sign(w->handle, CKM_ECDSA, keys.ec_private, w->input, 32, w->output, 64);
}

static CK_RV row_ecdsa_verify(struct worker *w) {
    return verify(w->handle, CKM_ECDSA, keys.ec_public, w->input, 32, keys.ec_signature, 64);
}

static CK_RV row_rsa_sign(struct worker *w) {
    return sign(w->handle, CKM_RSA_PKCS, keys.rsa_private, rsa_block, sizeof rsa_block, w->output, 256);
}

static CK_RV row_rsa_verify(struct worker *w) {
    return verify(w->handle, CKM_RSA_PKCS, keys.rsa_public, rsa_block, sizeof rsa_block, keys.rsa_signature,
                  256);
}

static CK_RV row_ed25519_sign(struct worker *w) {
    return keys.ed_private ? sign(w->handle, CKM_EDDSA, keys.ed_private, w->input, 32, w->output, 64)
                           : CKR_KEY_HANDLE_INVALID;
}

static CK_RV row_hmac(struct worker *w) {
    return sign(w->handle, CKM_SHA256_HMAC, keys.hmac, w->input, 1024, w->output, 32);
}

/* A fresh IV for every call, as GCM demands. */
static CK_RV gcm(struct worker *w, CK_ULONG len) {
    unsigned char iv[12] = {0};
    uint64_t n = ++w->counter;
    memcpy(iv, &n, sizeof n);
    CK_GCM_PARAMS params = {.pIv = iv, .ulIvLen = sizeof iv, .ulIvBits = 96, .ulTagBits = 128};
    CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
    CK_ULONG out_len = len + 16;
    TRY(p11->C_EncryptInit(w->handle, &mechanism, keys.aes));
    return p11->C_Encrypt(w->handle, w->input, len, w->output, &out_len);
}

static CK_RV row_gcm_64(struct worker *w) {
    return gcm(w, 64);
}

static CK_RV row_gcm_4k(struct worker *w) {
    return gcm(w, 4096);
}

static CK_RV row_gcm_64k(struct worker *w) {
    return gcm(w, 65536);
}

static CK_RV row_gcm_1m(struct worker *w) {
    return gcm(w, MAX_PAYLOAD);
}

static CK_RV row_cbc(struct worker *w) {
    unsigned char iv[16] = {0};
    CK_MECHANISM mechanism = {CKM_AES_CBC, iv, sizeof iv};
    CK_ULONG out_len = 4096;
    TRY(p11->C_EncryptInit(w->handle, &mechanism, keys.aes));
    return p11->C_Encrypt(w->handle, w->input, 4096, w->output, &out_len);
}

static CK_RV row_sha256(struct worker *w) {
    CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
    CK_ULONG out_len = 32;
    TRY(p11->C_DigestInit(w->handle, &mechanism));
    return p11->C_Digest(w->handle, w->input, 4096, w->output, &out_len);
}

static CK_RV row_random(struct worker *w) {
    return p11->C_GenerateRandom(w->handle, w->output, 32);
}

static CK_RV row_session_info(struct worker *w) {
    CK_SESSION_INFO info;
    return p11->C_GetSessionInfo(w->handle, &info);
}

static CK_RV row_get_attributes(struct worker *w) {
    CK_KEY_TYPE type;
    CK_ATTRIBUTE wanted[] = {
        {CKA_KEY_TYPE, &type, sizeof type}, {CKA_LABEL, w->output, 64}, {CKA_ID, w->output + 64, 64}};
    return p11->C_GetAttributeValue(w->handle, keys.ec_private, wanted, 3);
}

static CK_RV row_find(struct worker *w) {
    char label[24];
    if (find_population == 0)
        return CKR_GENERAL_ERROR;
    /* A stride coprime to the population visits every object without a pattern that a cache could like. */
    unsigned long number = (unsigned long)(++w->counter * 7919u % find_population);
    int label_len = snprintf(label, sizeof label, "object-%06lu", number);
    CK_ATTRIBUTE wanted = {CKA_LABEL, label, (CK_ULONG)label_len};
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    TRY(p11->C_FindObjectsInit(w->handle, &wanted, 1));
    TRY(p11->C_FindObjects(w->handle, found, 2, &count));
    TRY(p11->C_FindObjectsFinal(w->handle));
    return count == 1 ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV row_create(struct worker *w) {
    return create_data(w->handle, (unsigned long)(++w->counter % 1000000u), &w->made);
}

static CK_RV row_generate(struct worker *w) {
    CK_ULONG len = 32;
    CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE aes[] = {{CKA_TOKEN, &yes, sizeof yes},
                          {CKA_PRIVATE, &yes, sizeof yes},
                          {CKA_SENSITIVE, &yes, sizeof yes},
                          {CKA_ENCRYPT, &yes, sizeof yes},
                          {CKA_VALUE_LEN, &len, sizeof len}};
    return p11->C_GenerateKey(w->handle, &generate, aes, 5, &w->made);
}

static CK_RV generate_aes(struct worker *w, CK_BBOOL *token) {
    CK_ULONG len = 32;
    CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE aes[] = {{CKA_TOKEN, token, 1},
                          {CKA_ENCRYPT, &yes, sizeof yes},
                          {CKA_DECRYPT, &yes, sizeof yes},
                          {CKA_VALUE_LEN, &len, sizeof len}};
    return p11->C_GenerateKey(w->handle, &generate, aes, 4, &w->made);
}

static CK_RV generate_p256(struct worker *w, CK_BBOOL *token) {
    CK_MECHANISM generate = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE pub[] = {
        {CKA_TOKEN, token, 1}, {CKA_VERIFY, &yes, sizeof yes}, {CKA_EC_PARAMS, oid_p256, sizeof oid_p256}};
    CK_ATTRIBUTE priv[] = {{CKA_TOKEN, token, 1},
                           {CKA_PRIVATE, &yes, sizeof yes},
                           {CKA_SENSITIVE, &yes, sizeof yes},
                           {CKA_SIGN, &yes, sizeof yes},
                           {CKA_DERIVE, &yes, sizeof yes}};
    return p11->C_GenerateKeyPair(w->handle, &generate, pub, 3, priv, 5, &w->made_public, &w->made);
}

static CK_RV destroy_pair(struct worker *w) {
    TRY(p11->C_DestroyObject(w->handle, w->made_public));
    return p11->C_DestroyObject(w->handle, w->made);
}

static CK_RV row_session_aes(struct worker *w) {
    TRY(generate_aes(w, &no));
    return p11->C_DestroyObject(w->handle, w->made);
}

static CK_RV row_session_p256(struct worker *w) {
    return generate_p256(w, &no);
}

static CK_RV row_token_aes(struct worker *w) {
    TRY(generate_aes(w, &yes));
    return p11->C_DestroyObject(w->handle, w->made);
}

static CK_RV row_token_p256(struct worker *w) {
    TRY(generate_p256(w, &yes));
    return destroy_pair(w);
}

/* What a row made is removed again outside the clock, so that the token keeps its size. */
static CK_RV destroy_made(struct worker *w) {
    return p11->C_DestroyObject(w->handle, w->made);
}

static CK_RV row_open_close(struct worker *w) {
    (void)w;
    CK_SESSION_HANDLE s;
    TRY(p11->C_OpenSession(bench_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s));
    return p11->C_CloseSession(s);
}

static const struct row table[] = {
    {"ecdsa-p256-sign", row_ecdsa_sign, NULL},
    {"ecdsa-p256-verify", row_ecdsa_verify, NULL},
    {"rsa2048-sign", row_rsa_sign, NULL},
    {"rsa2048-verify", row_rsa_verify, NULL},
    {"ed25519-sign", row_ed25519_sign, NULL},
    {"hmac-sha256-1k", row_hmac, NULL},
    {"aes-gcm-64", row_gcm_64, NULL},
    {"aes-gcm-4k", row_gcm_4k, NULL},
    {"aes-gcm-64k", row_gcm_64k, NULL},
    {"aes-gcm-1m", row_gcm_1m, NULL},
    {"aes-cbc-4k", row_cbc, NULL},
    {"sha256-4k", row_sha256, NULL},
    {"random-32", row_random, NULL},
    {"session-info", row_session_info, NULL},
    {"get-attributes", row_get_attributes, NULL},
    {"find", row_find, NULL},
    {"create-object", row_create, destroy_made},
    {"generate-aes", row_generate, destroy_made},
    {"session-aes", row_session_aes, NULL},
    {"session-p256", row_session_p256, destroy_pair},
    {"token-aes", row_token_aes, NULL},
    {"token-p256", row_token_p256, NULL},
    {"open-close", row_open_close, NULL},
};

const struct row *client_row(const char *name) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return NULL;
}
