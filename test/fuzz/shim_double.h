/*
 * The connection's double, for harnesses of the library: all of module/shim but that, whose answers are the
 * harness's.
 */
#ifndef STRONGROOM_FUZZ_SHIM_DOUBLE_H
#define STRONGROOM_FUZZ_SHIM_DOUBLE_H

#include "../../module/shim/lists.h"
#include "../../module/shim/shim.h"

#include <stdlib.h>
#include <string.h>

static struct sr_status status = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .asleep = 1};

/* The harness's: answers the request in `lane`, in the reply area that begins at `reply`, and sets its state.
 */
static void answer(struct sr_lane *lane, uint8_t *reply, uint64_t capacity);

CK_RV sr_connect(struct sr_process *process) {
    process->status = &status;
    atomic_fetch_add(&process->generation, 1);
    return CKR_OK;
}

void sr_disconnect(struct sr_process *process) {
    (void)process;
}

void sr_goodbye(struct sr_process *process) {
    (void)process;
}

bool sr_engine_alive(struct sr_process *process) {
    (void)process;
    return true;
}

CK_RV sr_paths_resolve(struct sr_process *process) {
    (void)process;
    return CKR_OK;
}

/* A lane of the usual size is kept for the next input: clearing megabytes each time would be most of the
 * work. */
static uint8_t *spare;

void sr_lane_close(struct sr_client_lane *slot) {
    if (slot->capacity == SR_LANE_CAPACITY_DEFAULT && spare == NULL)
        spare = slot->map;
    else
        free(slot->map);
    slot->map = NULL;
    slot->capacity = 0;
}

CK_RV sr_lane_open(struct sr_process *process, struct sr_client_lane *slot, uint64_t capacity) {
    sr_lane_close(slot);
    if (capacity > 8u << 20)
        return CKR_HOST_MEMORY;
    if (capacity == SR_LANE_CAPACITY_DEFAULT && spare != NULL) {
        slot->map = spare;
        spare = NULL;
        memset(slot->map, 0, SR_LANE_HEADER);
    } else {
        slot->map = calloc(1, SR_LANE_HEADER + 2 * capacity);
    }
    slot->capacity = capacity;
    slot->generation = atomic_load(&process->generation);
    return slot->map == NULL ? CKR_HOST_MEMORY : CKR_OK;
}

/* The engine is said to sleep, so each call rings; here the answer is written before the shim looks for it.
 */
CK_RV sr_ring(struct sr_process *process) {
    uint32_t count = atomic_load(&process->lane_count);
    for (uint32_t i = 0; i < count; i++) {
        struct sr_client_lane *slot = &process->lanes[i];
        struct sr_lane *lane = (struct sr_lane *)slot->map;
        if (lane == NULL || atomic_load(&lane->state) != SR_LANE_REQUEST)
            continue;
        if (lane->arguments_length > slot->capacity || lane->bulk_length > slot->capacity)
            abort();
        answer(lane, slot->map + SR_LANE_HEADER + slot->capacity, slot->capacity);
    }
    return CKR_OK;
}

/* Exactly so many bytes, that the sanitizers see each one beyond. */
static void *room(size_t size) {
    void *memory = malloc(size == 0 ? 1 : size);
    if (memory == NULL)
        abort();
    memset(memory, 0x11, size);
    return memory;
}

#endif
