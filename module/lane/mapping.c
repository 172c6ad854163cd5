/* The end of a lane's memory. */
#define _GNU_SOURCE
#include "host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
/* Pages looked at together. */
#define PAGES_AT_ONCE 1024
/* Larger lanes are wiped beside the engine's work: they may hold a gigabyte. */
#define WIPED_HERE ((size_t)8 << 20)

void sr_mapping_drop(struct sr_mapping *mapping) {
    if (atomic_fetch_sub(&mapping->holders, 1) != 1)
        return;
    munmap(mapping->base, mapping->size);
    free(mapping);
}

/* Zeroes both areas, as far as they have memory behind them: the rest was never written to. */
static void wipe_areas(const struct sr_mapping *mapping) {
    unsigned char present[PAGES_AT_ONCE];
    for (size_t at = SR_LANE_HEADER; at < mapping->size; at += PAGES_AT_ONCE * PAGE) {
        size_t left = mapping->size - at, length = left < PAGES_AT_ONCE * PAGE ? left : PAGES_AT_ONCE * PAGE;
        if (mincore(mapping->base + at, length, present) != 0)
            memset(present, 1, sizeof present);
        for (size_t page = 0; page * PAGE < length; page++)
            if (present[page] & 1)
                explicit_bzero(mapping->base + at + page * PAGE, PAGE);
    }
}

/*
 * JavaScript's view of a lane lives until the next garbage collection, which an engine at rest may never make. So the addresses
 * stay, with nothing behind them, and the lane's own memory goes at once.
 */
static void let_memory_go(struct sr_mapping *mapping) {
    if (atomic_load(&mapping->holders) > 1)
        mmap(mapping->base, mapping->size, PROT_READ | PROT_WRITE,
             MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    sr_mapping_drop(mapping);
}

static void *wipe_and_let_go(void *argument) {
    wipe_areas(argument);
    let_memory_go(argument);
    return NULL;
}

void sr_mapping_end(struct sr_mapping *mapping, bool wipes) {
    if (!wipes)
        let_memory_go(mapping);
    else if (mapping->size <= WIPED_HERE || sr_thread_start(wipe_and_let_go, mapping) != 0)
        wipe_and_let_go(mapping);
}
