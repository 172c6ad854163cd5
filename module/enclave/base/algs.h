/*
 * The algorithms the enclave uses (schema/enclave), fetched from OpenSSL once at load: a fetch by name costs
 * more than most operations.
 */
#ifndef STRONGROOM_ENCLAVE_ALGS_H
#define STRONGROOM_ENCLAVE_ALGS_H

#include "core.h"

#include <openssl/kdf.h>

struct sr_hash {
    const char *name;
    uint32_t size;
    EVP_MD *md;
};

struct sr_scheme_form {
    uint32_t kind; /* of the key that signs */
    uint32_t hash; /* the scheme's own; none when the caller names one */
    bool whole;    /* takes the message as it is, of any length */
    const char *name;
    EVP_SIGNATURE *algorithm; /* when it has a name */
};

struct sr_cipher_form {
    uint32_t mode;
    uint32_t iv_least, iv_most; /* no IV when most is 0 */
    bool iv_optional;
    uint32_t block; /* the cipher that is its block cipher alone, where that is wanted */
    struct sr_cipher_size {
        uint32_t key;
        const char *name;
        EVP_CIPHER *cipher;
    } sizes[SR_CIPHER_SIZES];
};

/* Fetches everything; 0, or -1 when OpenSSL lacks one of them. */
int sr_algs_init(void);
/* The rows by number: asked several times for each operation, and so in line. */
extern struct sr_scheme_form sr_schemes[SR_SCHEME_END];
extern struct sr_cipher_form sr_ciphers[SR_CIPHER_END];
/* What stands under a number; NULL when nothing does (no hash included). */
const struct sr_hash *sr_hash(uint32_t id);
static inline const struct sr_scheme_form *sr_scheme(uint32_t id) {
    return id < SR_SCHEME_END && sr_schemes[id].kind != 0 ? &sr_schemes[id] : NULL;
}
static inline const struct sr_cipher_form *sr_cipher_form(uint32_t id) {
    return id < SR_CIPHER_END && sr_ciphers[id].mode != 0 ? &sr_ciphers[id] : NULL;
}
/* The cipher for a key of key_size bytes, or NULL when the size or the cipher is unknown. */
const EVP_CIPHER *sr_cipher_algorithm(uint32_t id, size_t key_size);
EVP_MAC *sr_hmac_algorithm(void);
EVP_KDF *sr_argon2id_algorithm(void);

#endif
