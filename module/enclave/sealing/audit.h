/*
 * The audit chain's head and its MAC key.
 */
#ifndef STRONGROOM_ENCLAVE_AUDIT_H
#define STRONGROOM_ENCLAVE_AUDIT_H

#include "../keys/key.h"

#define SR_AUDIT_TAIL 64u

/* The MAC key is HKDF-SHA256(root, "strongroom audit v1"). */
sr_result sr_audit_start(struct sr_key *root, const uint8_t previous[32]);
/* Where a body (audit/format.ts) repeats the seal of the record before; the shortest body ends behind it. */
#define SR_AUDIT_LENGTH_SIZE 4u
#define SR_AUDIT_PREVIOUS 80u
#define SR_AUDIT_BODY (SR_AUDIT_PREVIOUS + SR_AUDIT_TAIL)

/* Seals the body of `size` bytes (at least SR_AUDIT_BODY) and puts it with hash and MAC to `out`, where there
 * are size + SR_AUDIT_TAIL bytes of room: first the seal of the record before, last the length field, so that
 * what a reader or a sudden end of the process meets is told by these two. Leaves the new seal in the body as
 * the one to repeat next, and advances the chain. */
sr_result sr_audit_seal(uint8_t *body, size_t size, uint8_t *out);
/* 1 when mac belongs to hash. */
sr_result sr_audit_check(const uint8_t hash[32], const uint8_t mac[32]);

#endif
