#include "key.h"

#include "map.h"

static struct sr_map table;
static uint64_t last_handle;

sr_result sr_keys_add(struct sr_key *key) {
    uint64_t handle = last_handle + 1;
    if (!sr_map_add(&table, handle, key)) {
        if (key->references == 0)
            sr_key_destroy(key);
        return SR_FAIL(CKR_HOST_MEMORY);
    }
    key->references++;
    last_handle = handle;
    return (sr_result)handle;
}

struct sr_key *sr_keys_get(uint64_t handle) {
    return sr_map_get(&table, handle);
}

sr_result sr_keys_duplicate(uint64_t handle) {
    struct sr_key *key = sr_keys_get(handle);
    return key == NULL ? SR_FAIL(CKR_KEY_HANDLE_INVALID) : sr_keys_add(key);
}

void sr_keys_free(uint64_t handle) {
    struct sr_key *key = sr_map_remove(&table, handle);
    if (key != NULL && --key->references == 0)
        sr_key_destroy(key);
}

size_t sr_keys_count(void) {
    return table.count;
}
