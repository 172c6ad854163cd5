/*
 * Large lanes that rest give their memory back. A lane is as large as the largest call that went through it,
 * and an application with many threads that once had megabytes to sign would hold a gigabyte for as long as
 * it lives.
 *
 * Addresses and lane stay; whoever uses it next finds it empty. The handshake with a client that is just
 * beginning is in lane.h.
 */
#define _GNU_SOURCE
#include "host.h"

#include <sys/mman.h>

static void trim(struct sr_host_lane *lane) {
    struct sr_lane *shared = (struct sr_lane *)lane->mapping->base;
    atomic_store(&shared->engine_trims, 1);
    if (atomic_load(&shared->client_uses) == 0 && atomic_load(&shared->state) != SR_LANE_REQUEST) {
        /* A hole in the shared memory itself, so that the client's side of it goes too. */
        madvise(lane->mapping->base + SR_LANE_HEADER, lane->mapping->size - SR_LANE_HEADER, MADV_REMOVE);
        lane->trimmed = true;
    }
    atomic_store(&shared->engine_trims, 0);
}

bool sr_host_lanes_trim(struct sr_host *host, uint64_t before) {
    bool large = false;
    for (uint32_t i = 0; i < host->lane_end; i++) {
        struct sr_host_lane *lane = &host->lanes[i];
        if (lane->mapping == NULL || lane->mapping->capacity <= SR_LANE_CAPACITY_DEFAULT)
            continue;
        large = true;
        if (!lane->taken && !lane->trimmed && lane->last_ns <= before)
            trim(lane);
    }
    return large;
}
