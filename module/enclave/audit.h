/*
 * The audit chain's head and its MAC key.
 */
#ifndef STRONGROOM_ENCLAVE_AUDIT_H
#define STRONGROOM_ENCLAVE_AUDIT_H

#include "key.h"

#define SR_AUDIT_TAIL 64u

/* The MAC key is HKDF-SHA256(root, "strongroom audit v1"). */
sr_result sr_audit_start(struct sr_key *root, const uint8_t previous[32]);
/* Appends hash and MAC to the body at record[0, size), behind which there are SR_AUDIT_TAIL bytes of room;
 * advances the chain. */
sr_result sr_audit_seal(uint8_t *record, size_t size);
/* 1 when mac belongs to hash. */
sr_result sr_audit_check(const uint8_t hash[32], const uint8_t mac[32]);
sr_result sr_audit_head(uint8_t out[32]);

#endif
