/*
 * Keys: what is known of one, and behind it a compact serialisation of its components, in one guarded buffer
 * (public keys: on the heap); and the parsed form made from it.
 */
#ifndef STRONGROOM_ENCLAVE_KEY_H
#define STRONGROOM_ENCLAVE_KEY_H

#include "../base/core.h"
#include "../base/curves.h"

struct sr_parsed;

struct sr_key {
    uint32_t references; /* handles that mean this key; the JS thread's */
    uint32_t kind;
    uint32_t bits;
    const struct sr_curve *curve; /* of EC, Ed25519 and X25519 keys */
    uint8_t *blob; /* version(1) ‖ kind(1) ‖ count(1) ‖ { id(1) ‖ length(4, little-endian) ‖ bytes }* */
    size_t blob_size;
    struct sr_bytes value; /* the Value component inside the blob, if there is one */
    struct sr_parsed *parsed;
    struct sr_key *newer, *older; /* neighbours in the order of use, while parsed */
};

#define SR_PARTS_MAX 12u
/* Components on their way into a key. */
struct sr_parts {
    unsigned count;
    struct sr_part {
        uint32_t id;
        struct sr_bytes bytes;
    } part[SR_PARTS_MAX];
};

void sr_parts_add(struct sr_parts *parts, uint32_t id, const void *bytes, size_t size);
/* The component's bytes; NULL and 0 when absent. */
struct sr_bytes sr_parts_get(const struct sr_parts *parts, uint32_t id);

/* Serialises parts as they are (they have been checked). The key has no handle yet. */
sr_result sr_key_build(uint32_t kind, const struct sr_curve *curve, uint32_t bits,
                       const struct sr_parts *parts, struct sr_key **key);
/* Checks that the parts make a key of this kind, completes what can be computed, and builds it. */
sr_result sr_key_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key);
/* Rebuilds a key from a serialisation that was authenticated before. */
sr_result sr_key_from_blob(struct sr_bytes blob, struct sr_key **key);
sr_result sr_key_secret(const void *value, size_t size, struct sr_key **key);
sr_result sr_key_generate_secret(size_t size, struct sr_key **key);
sr_result sr_key_public_of(const struct sr_key *key, struct sr_key **result);
struct sr_bytes sr_key_part(const struct sr_key *key, uint32_t component);
sr_result sr_key_component(const struct sr_key *key, uint32_t component, struct sr_room out);
/* 1 when the component is these bytes, 0 when it is not; in time that tells nothing of where they differ. */
sr_result sr_key_component_equals(const struct sr_key *key, uint32_t component, struct sr_bytes bytes);
/* Of data as of a secret that is not AES'. */
sr_result sr_key_check_value(const struct sr_key *key, bool aes, uint8_t out[3]);
bool sr_key_equal(const struct sr_key *a, const struct sr_key *b);
/* Zeroes and frees a key without handles. */
void sr_key_destroy(struct sr_key *key);

static inline bool sr_kind_private(uint32_t kind) {
    return kind == SR_SECRET || kind == SR_RSA_PRIVATE || kind == SR_EC_PRIVATE ||
           kind == SR_ED25519_PRIVATE || kind == SR_X25519_PRIVATE;
}

/* What must not lie in the open, although data is no key. */
static inline bool sr_kind_guarded(uint32_t kind) {
    return sr_kind_private(kind) || kind == SR_DATA;
}

#endif
