/*
 * Key agreement: ECDH (SEC 1, 3.3.1) and X25519 (RFC 7748), with or without the KDF of ANSI X9.63.
 */
#ifndef STRONGROOM_ENCLAVE_AGREE_H
#define STRONGROOM_ENCLAVE_AGREE_H

#include "../keys/key.h"
#include "../keys/parsed.h"

struct sr_agree_how {
    bool x963;
    uint32_t hash;
    struct sr_bytes shared; /* the KDF's shared info */
    size_t size;            /* of the secret; 0: all of Z (without KDF only) */
};

/* An agreement that is checked and ready to run, on any thread. */
struct sr_agree_task {
    struct sr_parsed *parsed; /* borrowed: a job holds it */
    struct sr_key *peer;      /* owned */
    struct sr_agree_how how;  /* its shared info is borrowed */
};

/* `peer` is a raw point or the DER OCTET STRING of one. -CKR_MECHANISM_PARAM_INVALID when it is not on the
 * key's curve. Nothing is left to free after a failure. */
sr_result sr_agree_prepare(struct sr_key *key, const struct sr_agree_how *how, struct sr_bytes peer,
                           struct sr_agree_task *task);
/* Frees the task's peer. */
sr_result sr_agree_run(struct sr_agree_task *task, struct sr_key **secret);
/* Both at once. */
sr_result sr_agree(struct sr_key *key, const struct sr_agree_how *how, struct sr_bytes peer,
                   struct sr_key **secret);

#endif
