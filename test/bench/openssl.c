/* The same rows on the system's libcrypto, in the caller's own process: what the operation costs with no
 * token at all. Speaks the commands of bench.c (setup is always done; rows without a counterpart answer an
 * error). */
#include "measure.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EVP_PKEY *ec, *rsa, *ed25519;
static EVP_CIPHER *aes_gcm, *aes_cbc;
static EVP_MD *sha256;
static unsigned char ec_signature[80], rsa_signature[256], key_bytes[32], digest[32];
static size_t ec_signature_len = sizeof ec_signature;
static struct worker workers[MAX_THREADS];

/* OpenSSL answers 1 for success; the loop wants 0. */
static unsigned long failed(int result) {
    return result == 1 ? 0 : 1;
}

static unsigned long pkey_sign(EVP_PKEY *key, unsigned char *out, size_t *out_len) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    int good = ctx && EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, sha256) == 1 &&
               EVP_PKEY_sign(ctx, out, out_len, digest, sizeof digest) == 1;
    EVP_PKEY_CTX_free(ctx);
    return failed(good);
}

static unsigned long pkey_verify(EVP_PKEY *key, const unsigned char *signature, size_t len) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    int good = ctx && EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, sha256) == 1 &&
               EVP_PKEY_verify(ctx, signature, len, digest, sizeof digest) == 1;
    EVP_PKEY_CTX_free(ctx);
    return failed(good);
}

static unsigned long row_ecdsa_sign(struct worker *w) {
    size_t len = 80;
    return pkey_sign(ec, w->output, &len);
}

static unsigned long row_ecdsa_verify(struct worker *w) {
    (void)w;
    return pkey_verify(ec, ec_signature, ec_signature_len);
}

static unsigned long row_rsa_sign(struct worker *w) {
    size_t len = 256;
    return pkey_sign(rsa, w->output, &len);
}

static unsigned long row_rsa_verify(struct worker *w) {
    (void)w;
    return pkey_verify(rsa, rsa_signature, sizeof rsa_signature);
}

static unsigned long row_ed25519_sign(struct worker *w) {
    size_t len = 64;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int good = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, ed25519) == 1 &&
               EVP_DigestSign(ctx, w->output, &len, w->input, 32) == 1;
    EVP_MD_CTX_free(ctx);
    return failed(good);
}

static unsigned long row_hmac(struct worker *w) {
    unsigned len = 32;
    return HMAC(sha256, key_bytes, sizeof key_bytes, w->input, 1024, w->output, &len) ? 0 : 1;
}

static unsigned long gcm(struct worker *w, int len) {
    unsigned char iv[12] = {0};
    uint64_t n = ++w->counter;
    int part = 0, rest = 0;
    memcpy(iv, &n, sizeof n);
    EVP_CIPHER_CTX *ctx = w->state;
    int good = EVP_EncryptInit_ex2(ctx, aes_gcm, key_bytes, iv, NULL) == 1 &&
               EVP_EncryptUpdate(ctx, w->output, &part, w->input, len) == 1 &&
               EVP_EncryptFinal_ex(ctx, w->output + part, &rest) == 1 &&
               EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, w->output + len) == 1;
    return failed(good);
}

static unsigned long row_gcm_64(struct worker *w) {
    return gcm(w, 64);
}

static unsigned long row_gcm_4k(struct worker *w) {
    return gcm(w, 4096);
}

static unsigned long row_gcm_64k(struct worker *w) {
    return gcm(w, 65536);
}

static unsigned long row_gcm_1m(struct worker *w) {
    return gcm(w, MAX_PAYLOAD);
}

static unsigned long row_cbc(struct worker *w) {
    unsigned char iv[16] = {0};
    int part = 0, rest = 0;
    EVP_CIPHER_CTX *ctx = w->state;
    int good = EVP_EncryptInit_ex2(ctx, aes_cbc, key_bytes, iv, NULL) == 1 &&
               EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
               EVP_EncryptUpdate(ctx, w->output, &part, w->input, 4096) == 1 &&
               EVP_EncryptFinal_ex(ctx, w->output + part, &rest) == 1;
    return failed(good);
}

static unsigned long row_sha256(struct worker *w) {
    unsigned len = 32;
    return failed(EVP_Digest(w->input, 4096, w->output, &len, sha256, NULL));
}

static unsigned long row_random(struct worker *w) {
    return failed(RAND_bytes(w->output, 32));
}

static unsigned long row_p256(struct worker *w) {
    EVP_PKEY *made = EVP_EC_gen("P-256");
    w->made = (unsigned long)(uintptr_t)made;
    return made ? 0 : 1;
}

static unsigned long free_made(struct worker *w) {
    EVP_PKEY_free((EVP_PKEY *)(uintptr_t)w->made);
    return 0;
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
    {"session-p256", row_p256, free_made},
};

static unsigned long setup(void) {
    size_t rsa_len = sizeof rsa_signature;
    aes_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    aes_cbc = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    ec = EVP_EC_gen("P-256");
    rsa = EVP_RSA_gen(2048);
    ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    for (size_t i = 0; i < MAX_THREADS; i++)
        workers[i].state = EVP_CIPHER_CTX_new();
    if (!aes_gcm || !aes_cbc || !sha256 || !ec || !rsa || !ed25519 || !workers[0].state || !workers[1].state)
        return 1;
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (unsigned char)(i * 31u + 7u);
    if (RAND_bytes(key_bytes, sizeof key_bytes) != 1 || pkey_sign(ec, ec_signature, &ec_signature_len))
        return 1;
    return pkey_sign(rsa, rsa_signature, &rsa_len);
}

static unsigned long obey(const char *line) {
    char name[48] = "";
    unsigned threads = 0, ms = 0;
    if (strncmp(line, "setup", 5) == 0)
        return setup();
    if (strncmp(line, "report", 6) == 0) {
        report();
        return 0;
    }
    if (sscanf(line, "run %47s %u %u", name, &threads, &ms) != 3 || threads < 1 || threads > MAX_THREADS)
        return 7;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) == 0)
            return run_row(&table[i], workers, (int)threads, ms);
    }
    return 7;
}

int main(void) {
    char line[160];
    prepare_workers(workers, MAX_THREADS);
    while (fgets(line, sizeof line, stdin)) {
        unsigned long error = obey(line);
        if (error)
            printf("error 0x%lx\n", error);
        else
            printf("ok\n");
        fflush(stdout);
    }
    return 0;
}
