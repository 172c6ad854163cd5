#include "table.h"

#include "../base/map.h"

/* Many small tables, so that the one that grows is never large: a million handles moved at once would hold up
 * everybody's calls. Handles ascend, so that they spread evenly. */
#define TABLES 64u

static struct sr_map tables[TABLES];
static uint64_t last_handle;
static size_t count;

/* Where a handle stands: in which table, and under which number there. */
static struct sr_map *table_of(uint64_t handle) {
    return &tables[handle % TABLES];
}

static uint64_t number_of(uint64_t handle) {
    return handle == 0 ? 0 : handle / TABLES + 1;
}

sr_result sr_keys_add(struct sr_key *key) {
    uint64_t handle = last_handle + 1;
    if (!sr_map_add(table_of(handle), number_of(handle), key)) {
        if (key->references == 0)
            sr_key_destroy(key);
        return SR_FAIL(CKR_HOST_MEMORY);
    }
    key->references++;
    last_handle = handle;
    count++;
    return (sr_result)handle;
}

struct sr_key *sr_keys_get(uint64_t handle) {
    return sr_map_get(table_of(handle), number_of(handle));
}

sr_result sr_keys_duplicate(uint64_t handle) {
    struct sr_key *key = sr_keys_get(handle);
    return key == NULL ? SR_FAIL(CKR_KEY_HANDLE_INVALID) : sr_keys_add(key);
}

void sr_keys_free(uint64_t handle) {
    struct sr_key *key = sr_map_remove(table_of(handle), number_of(handle));
    if (key == NULL)
        return;
    count--;
    if (--key->references == 0)
        sr_key_destroy(key);
}

size_t sr_keys_count(void) {
    return count;
}
