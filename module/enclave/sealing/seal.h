/*
 * Sealing: AES-256-GCM under a key of its own for each context, and the labelled MACs of the store.
 */
#ifndef STRONGROOM_ENCLAVE_SEAL_H
#define STRONGROOM_ENCLAVE_SEAL_H

#include "../keys/key.h"

/* version(1) ‖ nonce(12) in front, tag(16) behind. */
#define SR_SEAL_HEAD 13u
#define SR_SEAL_EXTRA (SR_SEAL_HEAD + 16u)

/* Writes plain.size + SR_SEAL_EXTRA bytes. */
sr_result sr_seal(struct sr_key *root, struct sr_bytes context, struct sr_bytes plain, struct sr_room out);
/* Writes sealed.size - SR_SEAL_EXTRA bytes, zeroed again when the seal is broken
 * (-CKR_ENCRYPTED_DATA_INVALID). */
sr_result sr_open(struct sr_key *root, struct sr_bytes context, struct sr_bytes sealed, struct sr_room out);
/* The same for a key's serialisation, which never leaves guarded memory in the clear. */
sr_result sr_key_open(struct sr_key *root, struct sr_bytes context, struct sr_bytes sealed,
                      struct sr_key **key);

/* Drops the key schedules of the last seals. */
void sr_seal_forget(void);

sr_result sr_label_mac(struct sr_key *root, struct sr_bytes label, struct sr_bytes data, uint8_t mac[32]);
sr_result sr_label_mac_check(struct sr_key *root, struct sr_bytes label, struct sr_bytes data,
                             const uint8_t mac[32]);
sr_result sr_set_hash(struct sr_key *root, struct sr_bytes label, struct sr_bytes item,
                      uint8_t accumulator[32], bool add);
sr_result sr_derive_label(struct sr_key *root, struct sr_bytes label, struct sr_key **key);

#endif
