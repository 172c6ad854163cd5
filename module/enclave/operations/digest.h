/*
 * Digests and MACs: at once, and as contexts that are fed piece by piece.
 */
#ifndef STRONGROOM_ENCLAVE_DIGEST_H
#define STRONGROOM_ENCLAVE_DIGEST_H

#include "../base/algs.h"
#include "../keys/key.h"

struct sr_feed; /* a digest or MAC under way */

/* Digest of data, which is read once, in chunks. out has hash->size bytes. */
sr_result sr_digest_into(const struct sr_hash *hash, struct sr_bytes data, uint8_t *out);
sr_result sr_digest(uint32_t hash, struct sr_bytes data, struct sr_room out);
/* HMAC of data into out (64 bytes of room); the MAC's length is the result. */
sr_result sr_hmac_into(struct sr_key *key, uint32_t hash, struct sr_bytes data, uint8_t *out);

sr_result sr_feed_digest(uint32_t hash, struct sr_feed **feed);
sr_result sr_feed_hmac(struct sr_key *key, uint32_t hash, struct sr_feed **feed);
sr_result sr_feed_update(struct sr_feed *feed, struct sr_bytes data);
/* Feeds a secret's value to a digest. */
sr_result sr_feed_key(struct sr_feed *feed, const struct sr_key *key);
/* Ends the feed; it must be freed afterwards, unless -CKR_BUFFER_TOO_SMALL. */
sr_result sr_feed_final(struct sr_feed *feed, struct sr_room out);
void sr_feed_free(struct sr_feed *feed);

#endif
