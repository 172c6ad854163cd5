#include "derive.h"

#define LABELS 16u
#define LABEL_MAX 64u

struct sr_derived {
    struct sr_hmac256 extracted;
    struct label {
        const char *purpose; /* compared by address: a literal of its one caller */
        size_t size;
        uint8_t bytes[LABEL_MAX];
        struct sr_hmac256 key;
    } labels[LABELS];
    struct label uncached; /* for labels too long to keep */
    unsigned next;
};

static void free_derived(void *derived) {
    sr_arena_free(derived, sizeof(struct sr_derived));
}

struct sr_derived *sr_derive_root(struct sr_key *root, sr_result *failure) {
    if (root->kind != SR_SECRET || root->value.size != 32) {
        *failure = SR_FAIL(root->kind != SR_SECRET ? CKR_KEY_TYPE_INCONSISTENT : CKR_KEY_SIZE_RANGE);
        return NULL;
    }
    struct sr_parsed *parsed = sr_parsed_get(root, failure);
    if (parsed == NULL || parsed->kept != NULL)
        return parsed == NULL ? NULL : parsed->kept;
    struct sr_scratch *scratch = sr_scratch();
    struct sr_derived *derived = scratch == NULL ? NULL : sr_arena_alloc(sizeof *derived);
    if (derived == NULL) {
        *failure = SR_FAIL(CKR_HOST_MEMORY);
        return NULL;
    }
    static const uint8_t no_salt[32];
    struct sr_hmac256_work *work = sr_hmac256_work(scratch);
    struct sr_hmac256 *extract = &derived->labels[0].key;
    sr_hmac256_key(extract, work, no_salt, sizeof no_salt);
    sr_hmac256(extract, work, &root->value, 1, scratch->small);
    sr_hmac256_key(&derived->extracted, work, scratch->small, 32);
    sr_zero(extract, sizeof *extract);
    sr_zero(scratch->small, 32);
    parsed->kept = derived;
    parsed->free_kept = free_derived;
    return derived;
}

void sr_derive(const struct sr_derived *root, struct sr_scratch *scratch, const char *purpose,
               struct sr_bytes label, uint8_t out[32]) {
    static const uint8_t first_block = 1;
    const struct sr_bytes parts[] = {{(const uint8_t *)purpose, strlen(purpose)}, label, {&first_block, 1}};
    sr_hmac256(&root->extracted, sr_hmac256_work(scratch), parts, 3, out);
}

const struct sr_hmac256 *sr_derive_mac_key(struct sr_derived *root, struct sr_scratch *scratch,
                                           const char *purpose, struct sr_bytes label) {
    for (unsigned i = 0; i < LABELS; i++) {
        const struct label *known = &root->labels[i];
        if (known->purpose == purpose && known->size == label.size &&
            memcmp(known->bytes, label.at, label.size) == 0)
            return &known->key;
    }
    struct label *place = &root->uncached;
    if (label.size <= LABEL_MAX) {
        place = &root->labels[root->next];
        root->next = (root->next + 1) % LABELS;
        place->purpose = purpose;
        place->size = label.size;
        if (label.size > 0)
            memcpy(place->bytes, label.at, label.size);
    }
    sr_derive(root, scratch, purpose, label, scratch->small);
    sr_hmac256_key(&place->key, sr_hmac256_work(scratch), scratch->small, 32);
    sr_zero(scratch->small, 32);
    return &place->key;
}

void sr_hkdf(struct sr_scratch *scratch, struct sr_bytes salt, struct sr_bytes secret, struct sr_bytes info,
             uint8_t out[32]) {
    static const uint8_t first_block = 1;
    struct sr_hmac256_work *work = sr_hmac256_work(scratch);
    struct sr_hmac256 *key = (struct sr_hmac256 *)(void *)scratch->in;
    sr_hmac256_key(key, work, salt.at, salt.size);
    sr_hmac256(key, work, &secret, 1, scratch->small);
    sr_hmac256_key(key, work, scratch->small, 32);
    sr_hmac256(key, work, (const struct sr_bytes[]){info, {&first_block, 1}}, 2, out);
    sr_zero(key, sizeof *key);
    sr_zero(scratch->small, 32);
}

sr_result sr_combine(const struct sr_key *first, const struct sr_key *second, struct sr_bytes label,
                     struct sr_key **combined) {
    if (first->kind != SR_SECRET || second->kind != SR_SECRET)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (first->value.size != 32 || second->value.size != 32)
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_hkdf(scratch, first->value, second->value, label, scratch->out);
    sr_result result = sr_key_secret(scratch->out, 32, combined);
    sr_zero(scratch->out, 32);
    sr_scrub_stack();
    return result;
}
