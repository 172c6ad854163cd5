/*
 * The algorithms the enclave uses, fetched from OpenSSL once at load: a fetch by name costs more than most
 * operations.
 */
#ifndef STRONGROOM_ENCLAVE_ALGS_H
#define STRONGROOM_ENCLAVE_ALGS_H

#include "core.h"

#define SR_HASH_END 12u

struct sr_hash {
    const char *name;
    uint32_t size;
    uint32_t block;
    EVP_MD *md;
};

/* Fetches everything; 0, or -1 when OpenSSL lacks one of them. */
int sr_algs_init(void);
/* The hash of enclave.ts' number, or NULL (Hash.None included). */
const struct sr_hash *sr_hash(uint32_t id);
/* The cipher for an AES key of key_size bytes, or NULL when the size or the cipher is unknown. */
const EVP_CIPHER *sr_aes(uint32_t cipher, size_t key_size);
EVP_MAC *sr_hmac_algorithm(void);
/* Ed25519, Ed25519ctx, Ed25519ph. */
EVP_SIGNATURE *sr_ed_algorithm(uint32_t scheme);

#endif
