/*
 * RSA encryption (RFC 8017, chapter 7, and raw), split as signatures are: prepared on the calling thread, run
 * on any; and what RSA signatures share with it.
 */
#ifndef STRONGROOM_ENCLAVE_RSA_H
#define STRONGROOM_ENCLAVE_RSA_H

#include "../keys/parsed.h"

/* Bytes of a modulus of so many bits. */
static inline uint32_t sr_rsa_bytes(uint32_t bits) {
    return (bits + 7) / 8;
}
/* Sets a context up for any of the five RSA actions. */
bool sr_rsa_prepare(EVP_PKEY_CTX *ctx, const struct sr_setup *setup);

struct sr_rsa_how {
    uint32_t padding, hash, mgf;
    struct sr_bytes label; /* OAEP's; not in hostile memory */
};

struct sr_rsa_task {
    struct sr_parsed *parsed;
    struct sr_rsa_how how;
    bool encrypt;
    struct sr_bytes input; /* private memory */
};

/* Checks, and copies data to `copy` (SR_RSA_MAX_BYTES). */
sr_result sr_rsa_prepare_task(struct sr_key *key, bool encrypt, const struct sr_rsa_how *how,
                              struct sr_bytes data, uint8_t *copy, struct sr_rsa_task *task);
/* Any thread; out is private (guarded) memory of SR_RSA_MAX_BYTES. */
sr_result sr_rsa_run(const struct sr_rsa_task *task, uint8_t *out);
/* At once. */
sr_result sr_rsa_encrypt(struct sr_key *key, const struct sr_rsa_how *how, struct sr_bytes data,
                         struct sr_room out);
sr_result sr_rsa_decrypt(struct sr_key *key, const struct sr_rsa_how *how, struct sr_bytes data,
                         struct sr_room out);

#endif
