#include "map.h"

#include <stdlib.h>

#define SMALLEST ((size_t)64)

/* Ids are given in ascending order, so their low bits spread evenly by themselves. */
static size_t home(const struct sr_map *map, uint64_t id) {
    return (size_t)id & (map->capacity - 1);
}

static struct sr_map_entry *find(const struct sr_map *map, uint64_t id) {
    if (map->capacity == 0 || id == 0)
        return NULL;
    for (size_t i = home(map, id);; i = (i + 1) & (map->capacity - 1)) {
        if (map->entries[i].id == id)
            return &map->entries[i];
        if (map->entries[i].id == 0)
            return NULL;
    }
}

static void place(struct sr_map *map, uint64_t id, void *value) {
    size_t i = home(map, id);
    while (map->entries[i].id != 0)
        i = (i + 1) & (map->capacity - 1);
    map->entries[i] = (struct sr_map_entry){id, value};
    map->count++;
}

void *sr_map_get(const struct sr_map *map, uint64_t id) {
    const struct sr_map_entry *entry = find(map, id);
    return entry == NULL ? NULL : entry->value;
}

/* Moves all to a table of that capacity. False, and nothing has changed, when there is no memory for it. */
static bool move_to(struct sr_map *map, size_t capacity) {
    struct sr_map moved = {calloc(capacity, sizeof *moved.entries), capacity, 0};
    if (moved.entries == NULL)
        return false;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].id != 0)
            place(&moved, map->entries[i].id, map->entries[i].value);
    free(map->entries);
    *map = moved;
    return true;
}

bool sr_map_add(struct sr_map *map, uint64_t id, void *value) {
    if (id == 0 || find(map, id) != NULL)
        return false;
    if (2 * (map->count + 1) > map->capacity &&
        !move_to(map, map->capacity == 0 ? SMALLEST : 2 * map->capacity))
        return false;
    place(map, id, value);
    return true;
}

void *sr_map_remove(struct sr_map *map, uint64_t id) {
    struct sr_map_entry *entry = find(map, id);
    if (entry == NULL)
        return NULL;
    void *value = entry->value;
    size_t mask = map->capacity - 1, hole = (size_t)(entry - map->entries);
    /* Entries behind the hole move up, unless that would put them in front of their home. */
    for (size_t i = (hole + 1) & mask; map->entries[i].id != 0; i = (i + 1) & mask) {
        size_t distance = (i - home(map, map->entries[i].id)) & mask;
        if (distance >= ((i - hole) & mask)) {
            map->entries[hole] = map->entries[i];
            hole = i;
        }
    }
    map->entries[hole] = (struct sr_map_entry){0, NULL};
    map->count--;
    /* What many have used, few need not keep. */
    if (map->capacity > SMALLEST && 8 * map->count < map->capacity)
        (void)move_to(map, map->capacity / 2);
    return value;
}
