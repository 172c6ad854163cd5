/*
 * Subkeys of a root: HKDF-SHA256 (RFC 5869) with an empty salt. What is derived is kept beside the root's
 * parsed form.
 */
#ifndef STRONGROOM_ENCLAVE_DERIVE_H
#define STRONGROOM_ENCLAVE_DERIVE_H

#include "../keys/parsed.h"
#include "hmac256.h"

struct sr_derived;

/* The root's extracted key; NULL with *failure set when the key is not a secret of 32 bytes. */
struct sr_derived *sr_derive_root(struct sr_key *root, sr_result *failure);
/* HKDF-Expand(root, purpose ‖ label), 32 bytes, into guarded memory. */
void sr_derive(const struct sr_derived *root, struct sr_scratch *scratch, const char *purpose,
               struct sr_bytes label, uint8_t out[32]);
/* The keyed HMAC state of such a subkey; valid until the next call for the same root. */
const struct sr_hmac256 *sr_derive_mac_key(struct sr_derived *root, struct sr_scratch *scratch,
                                           const char *purpose, struct sr_bytes label);

/* HKDF-SHA256 of a secret that has entropy enough, 32 bytes, into guarded memory. */
void sr_hkdf(struct sr_scratch *scratch, struct sr_bytes salt, struct sr_bytes secret, struct sr_bytes info,
             uint8_t out[32]);
/* One key of two: the same, with the first key in the salt's place. Both are secrets of 32 bytes. */
sr_result sr_combine(const struct sr_key *first, const struct sr_key *second, struct sr_bytes label,
                     struct sr_key **combined);

#endif
