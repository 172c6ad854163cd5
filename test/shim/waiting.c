/*
 * How the library learns what a call takes: module/shim/call.c with a lane and an engine of this program's own.
 * Prints one line for each case, "ok NAME" or "not ok NAME: what was seen".
 */
#include "../../module/shim/call.c"
#include "../../module/shim/slots.c"

#include <stdio.h>
#include <stdlib.h>

#define FUNCTION 7u
#define AWAY_NS 3000000u

static struct sr_process process;
static struct sr_status status;
static _Alignas(4096) uint8_t lane_memory[SR_LANE_HEADER + 2 * SR_LANE_CAPACITY_DEFAULT];

struct sr_process *sr_process_get(void) {
    return &process;
}

CK_RV sr_connect(struct sr_process *unused) {
    (void)unused;
    return CKR_DEVICE_ERROR;
}

CK_RV sr_lane_open(struct sr_process *unused, struct sr_client_lane *slot, uint64_t capacity) {
    (void)unused;
    (void)capacity;
    slot->map = lane_memory;
    slot->capacity = SR_LANE_CAPACITY_DEFAULT;
    slot->generation = atomic_load(&process.generation);
    return CKR_OK;
}

void sr_lane_close(struct sr_client_lane *slot) {
    slot->map = NULL;
}

bool sr_engine_alive(struct sr_process *unused) {
    (void)unused;
    return true;
}

static void answer(CK_RV rv) {
    struct sr_lane *lane = (struct sr_lane *)lane_memory;
    lane->rv = rv;
    lane->reply_length = 0;
    atomic_store(&lane->state, SR_LANE_REPLY);
}

/* The engine sleeps and is rung. By the time that the caller has its processor back, the answer is there. */
CK_RV sr_ring(struct sr_process *unused) {
    (void)unused;
    nanosleep(&(struct timespec){.tv_nsec = AWAY_NS}, NULL);
    answer(CKR_OK);
    return CKR_OK;
}

static CK_RV one_call(void) {
    struct sr_call call;
    CK_RV rv = sr_call_begin(&call, FUNCTION, 0);
    if (rv != CKR_OK)
        return rv;
    rv = sr_call_run(&call);
    sr_call_end(&call, false);
    return rv;
}

static void say(const char *name, bool good, uint32_t seen) {
    if (good)
        printf("ok %s\n", name);
    else
        printf("not ok %s: %u ns\n", name, seen);
}

/* A caller that lost its processor right after it had asked still counts from the asking: otherwise it would take an answer that
 * came meanwhile for one that takes no time, and watch for the next ones instead of sleeping. */
static void counts_from_the_asking(void) {
    atomic_store(&status.asleep, 1);
    CK_RV rv = one_call();
    const struct sr_client_lane *slot = &process.lanes[0];
    uint32_t fastest = slot->fastest_ns[FUNCTION % SR_FUNCTION_SLOTS];
    uint32_t expected = slot->expected_ns[FUNCTION % SR_FUNCTION_SLOTS];
    say("the-fastest-call-counts-from-the-asking", rv == CKR_OK && fastest >= AWAY_NS, fastest);
    say("the-expected-time-counts-from-the-asking", rv == CKR_OK && expected >= AWAY_NS, expected);
}

int main(void) {
    process.status = &status;
    process.processors = 2;
    pthread_mutex_init(&process.lock, NULL);
    atomic_store(&process.generation, 1);
    atomic_store(&process.initialised, 1);
    counts_from_the_asking();
    printf("done\n");
    return 0;
}
