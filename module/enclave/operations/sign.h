/*
 * Signatures: one description of what is asked, checked and digested on the calling thread, carried out there
 * or on the pool.
 */
#ifndef STRONGROOM_ENCLAVE_SIGN_H
#define STRONGROOM_ENCLAVE_SIGN_H

#include "../keys/parsed.h"

#define SR_SIGNATURE_MAX SR_RSA_MAX_BYTES

struct sr_signing {
    uint32_t scheme, hash, mgf;
    int32_t salt;
    bool prehashed;
    struct sr_bytes extra; /* EdDSA's context, at most 255 bytes, not in hostile memory */
};

/* Everything a thread needs to make a signature; input is private memory. */
struct sr_sign_task {
    struct sr_parsed *parsed;
    uint32_t kind, bits;
    const struct sr_curve *curve;
    struct sr_signing how;
    struct sr_bytes input;
};

/* The signature's length, or why this key cannot sign so. */
sr_result sr_signature_length(const struct sr_key *key, const struct sr_signing *how);
/* Fills the task: checks, parses the key, and digests or copies the message to `copy` (of data.size +
 * SR_RSA_MAX_BYTES bytes). */
sr_result sr_sign_prepare(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                          uint8_t *copy, struct sr_sign_task *task);
/* Any thread. The signature goes to private memory. */
sr_result sr_sign_run(const struct sr_sign_task *task, uint8_t signature[SR_SIGNATURE_MAX]);
/* Any thread, between sr_guarded_enter and leave. The signature is in private memory and as long as
 * sr_signature_length says; 0 when it is good. */
sr_result sr_verify_run(const struct sr_sign_task *task, const uint8_t *signature, size_t size);

/* At once, on this thread. */
sr_result sr_sign(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data, struct sr_room out);
/* 0 when good. */
sr_result sr_verify(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                    struct sr_bytes signature);
sr_result sr_verify_recover(struct sr_key *key, uint32_t scheme, struct sr_bytes signature,
                            struct sr_room out);

#endif
