/* The calls under way, over the lanes of all connections. */
#define _GNU_SOURCE
#include "connection.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

bool sr_calls_open(struct sr_calls *calls, uint32_t most) {
    *calls = (struct sr_calls){.list = calloc(most, sizeof(struct sr_underway)), .most = most};
    return calls->list != NULL;
}

bool sr_calls_add(struct sr_calls *calls, const struct sr_underway *call) {
    if (calls->count == calls->most)
        return false;
    calls->list[calls->count++] = *call;
    return true;
}

static void drop(struct sr_calls *calls, uint32_t index) {
    calls->list[index] = calls->list[--calls->count];
}

static uint32_t state_of(const struct sr_underway *call) {
    return atomic_load_explicit(&call->words->state, memory_order_acquire);
}

bool sr_calls_take(struct sr_calls *calls, struct sr_answer *answer) {
    for (uint32_t step = 0; step < calls->count; step++) {
        uint32_t index = (calls->at + step) % calls->count;
        struct sr_underway *call = &calls->list[index];
        uint32_t state = state_of(call);
        if (state != SR_LANE_REPLY && state != SR_LANE_CLOSED)
            continue;
        struct sr_caller_lane *lane = &call->connection->lanes[call->lane];
        uint32_t length = *(volatile uint32_t *)&call->words->reply_length;
        *answer = (struct sr_answer){
            .connection = call->connection->number,
            .lane = call->lane,
            .rv = *(volatile uint64_t *)&call->words->rv,
            .length = length <= lane->mapping->capacity ? length : 0,
        };
        if (state == SR_LANE_CLOSED)
            *answer = (struct sr_answer){.connection = call->connection->number, .lane = call->lane, .rv = UINT64_MAX};
        else
            atomic_store_explicit(&call->words->state, SR_LANE_IDLE, memory_order_relaxed);
        if (call->armed)
            atomic_store_explicit(&call->words->client_waits, SR_WAIT_NOT, memory_order_relaxed);
        lane->busy = false;
        drop(calls, index);
        calls->at = index;
        return true;
    }
    return false;
}

bool sr_calls_spin(const struct sr_calls *calls, uint64_t ns) {
    uint64_t start = now_ns();
    do {
        for (int turn = 0; turn < 16; turn++) {
            for (uint32_t index = 0; index < calls->count; index++)
                if (state_of(&calls->list[index]) != SR_LANE_REQUEST)
                    return true;
            sr_relax();
        }
    } while (now_ns() - start < ns);
    return false;
}

void sr_calls_arm(struct sr_calls *calls) {
    for (uint32_t index = 0; index < calls->count; index++) {
        struct sr_underway *call = &calls->list[index];
        if (!call->armed)
            atomic_store(&call->words->client_waits, SR_WAIT_MESSAGE);
        call->armed = true;
    }
}

void sr_calls_forget(struct sr_calls *calls, const struct sr_connection *connection) {
    for (uint32_t index = calls->count; index-- > 0;)
        if (calls->list[index].connection == connection)
            drop(calls, index);
}
