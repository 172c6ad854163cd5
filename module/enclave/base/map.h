/*
 * A table from positive numbers to pointers: open addressing, for the handles of keys, contexts and jobs.
 */
#ifndef STRONGROOM_ENCLAVE_MAP_H
#define STRONGROOM_ENCLAVE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sr_map {
    struct sr_map_entry {
        uint64_t id; /* 0 when empty */
        void *value;
    } * entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void *sr_map_get(const struct sr_map *map, uint64_t id);
/* Adds; false when memory is exhausted or the id is 0 or taken. */
bool sr_map_add(struct sr_map *map, uint64_t id, void *value);
/* Takes out and returns the value, or NULL. */
void *sr_map_remove(struct sr_map *map, uint64_t id);

#endif
