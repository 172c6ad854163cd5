/* One call: take a lane, publish the request, wait for the reply. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * How long a waiting thread spins before it sleeps. A wake-up costs tens of microseconds, so spinning through a short call pays, on a
 * processor that the engine does not need; where it does, the caller lets it run between two looks.
 */
#define SPIN_LEAST_NS 30000
/* With as many callers as processors, a call longer than a switch of threads is time in which another caller can ask. */
#define YIELD_WORTH_NS 2000
/* Beside a spinning caller the work itself gets slower: of longer calls the first half is slept through, and only the rest is watched. */
#define SPIN_WORTH_NS 100000
/* With a caller for every processor, calls longer than this are slept through too: the engine and its pool need the processors. */
#define SPIN_WORTH_CROWDED_NS 56000
/* Calls whose like took longer than this are slept through wholly. */
#define NAP_WORTH_NS 2000000

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Makes the slot's lane usable: of this connection, and large enough. */
static CK_RV prepare_slot(struct sr_process *process, struct sr_client_lane *slot, uint64_t capacity) {
    uint32_t generation = atomic_load_explicit(&process->generation, memory_order_acquire);
    if (atomic_load_explicit(&process->silent, memory_order_relaxed) != 0 && sr_engine_silent(process))
        return CKR_DEVICE_ERROR;
    if (slot->map != NULL && slot->generation == generation && slot->capacity >= capacity &&
        atomic_load_explicit(&process->broken, memory_order_relaxed) != generation)
        return CKR_OK;
    uint32_t silences = atomic_load(&process->silences);
    pthread_mutex_lock(&process->lock);
    CK_RV rv = atomic_load(&process->initialised) ? CKR_OK : CKR_CRYPTOKI_NOT_INITIALIZED;
    /* Another thread has waited for the engine in vain meanwhile, in our stead. */
    if (rv == CKR_OK && atomic_load(&process->silences) != silences)
        rv = CKR_DEVICE_ERROR;
    if (rv == CKR_OK && sr_connection_broken(process))
        rv = sr_connect(process);
    if (slot->map != NULL && slot->generation != atomic_load(&process->generation))
        sr_lane_close(slot);
    if (rv == CKR_OK && (slot->map == NULL || slot->capacity < capacity)) {
        uint64_t wanted = capacity > SR_LANE_CAPACITY_DEFAULT ? capacity : SR_LANE_CAPACITY_DEFAULT;
        rv = sr_lane_open(process, slot, wanted);
        if (rv == CKR_DEVICE_REMOVED && !sr_engine_alive(process)) {
            rv = sr_connect(process);
            if (rv == CKR_OK)
                rv = sr_lane_open(process, slot, wanted);
        }
        /* The engine is there and does not know us any more: because we are just leaving it, or else the next call comes to it anew. */
        if (rv == CKR_DEVICE_REMOVED && atomic_load(&process->finalised) >= atomic_load(&process->generation))
            rv = CKR_CRYPTOKI_NOT_INITIALIZED;
        else if (rv == CKR_DEVICE_REMOVED)
            atomic_store(&process->broken, atomic_load(&process->generation));
    }
    pthread_mutex_unlock(&process->lock);
    return rv;
}

/* The same, and the engine does not take the lane's memory away meanwhile: when it is just doing that, another lane is taken. */
static CK_RV claim_slot(struct sr_process *process, struct sr_client_lane *slot, uint64_t capacity) {
    for (;;) {
        CK_RV rv = prepare_slot(process, slot, capacity);
        if (rv != CKR_OK || slot->capacity <= SR_LANE_CAPACITY_DEFAULT)
            return rv;
        struct sr_lane *lane = (struct sr_lane *)slot->map;
        atomic_store(&lane->client_uses, 1);
        if (atomic_load(&lane->engine_trims) == 0)
            return CKR_OK;
        atomic_store(&lane->state, SR_LANE_CLOSED);
        sr_lane_close(slot);
    }
}

CK_RV sr_call_begin(struct sr_call *call, uint32_t function, uint64_t capacity) {
    struct sr_process *process = sr_process_get();
    if (process == NULL)
        return CKR_HOST_MEMORY;
    if (!atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_client_lane *slot = sr_slot_take(process);
    if (slot == NULL)
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    CK_RV rv = claim_slot(process, slot, capacity);
    if (rv != CKR_OK) {
        sr_slot_release(process, slot);
        return rv;
    }
    *call = (struct sr_call){
        .process = process,
        .slot = slot,
        .lane = (struct sr_lane *)slot->map,
        .request = slot->map + SR_LANE_HEADER,
        .reply = slot->map + SR_LANE_HEADER + slot->capacity,
        .capacity = slot->capacity,
        .function = function,
        .generation = slot->generation,
        .epoch = atomic_load_explicit(&process->status->epoch, memory_order_acquire),
    };
    return CKR_OK;
}

/* How to wait for a call whose like took `expected` of late, and `fastest` when nobody was in its way. */
struct patience {
    uint64_t nap;    /* nanoseconds to sleep through before looking at all */
    uint64_t budget; /* nanoseconds of looking before sleeping for good */
    bool yields;     /* lets others run between two looks: the engine, or another caller */
};

static struct patience patience_for(struct sr_process *process, uint32_t expected, uint32_t fastest) {
    const struct sr_status *status = process->status;
    if (process->processors < 2 || expected > NAP_WORTH_NS)
        return (struct patience){0, 0, false};
    bool crowded = atomic_load_explicit(&status->busy_lanes, memory_order_relaxed) >= process->processors;
    if (expected > SPIN_WORTH_NS)
        return crowded ? (struct patience){0, 0, false} : (struct patience){expected / 2, expected, false};
    if (crowded && fastest > SPIN_WORTH_CROWDED_NS)
        return (struct patience){0, 0, false};
    bool together = sched_getcpu() == atomic_load_explicit(&status->processor, memory_order_relaxed);
    uint64_t budget = (uint64_t)expected * 2;
    return (struct patience){
        .budget = budget < SPIN_LEAST_NS ? SPIN_LEAST_NS : budget,
        .yields = together || (crowded && fastest > YIELD_WORTH_NS),
    };
}

static bool answered(struct sr_lane *lane) {
    return atomic_load_explicit(&lane->state, memory_order_acquire) != SR_LANE_REQUEST;
}

/* The connection that the lane came over: once another thread has made a new one, nobody answers here any more. */
static bool connection_current(const struct sr_call *call) {
    return call->slot->generation == atomic_load_explicit(&call->process->generation, memory_order_acquire);
}

/* Whether it was C_Finalize that ended the connection, and not its engine's end. */
static bool finalised_since(const struct sr_call *call) {
    return call->slot->generation <= atomic_load(&call->process->finalised);
}

/* How a wait ends. */
enum outcome { ANSWERED, ENGINE_GONE, ENGINE_SILENT };

static enum outcome look_at_engine(struct sr_call *call, struct sr_watch *watch) {
    if (answered(call->lane))
        return ANSWERED;
    if (!connection_current(call) || !sr_engine_alive(call->process))
        return ENGINE_GONE;
    return sr_watch_look(call->process, watch) ? ANSWERED : ENGINE_SILENT;
}

/* Sleeps until the lane is answered, or nobody is there to answer it. */
static enum outcome sleep_for_reply(struct sr_call *call) {
    struct sr_lane *lane = call->lane;
    enum outcome outcome = ANSWERED;
    struct sr_watch watch;
    sr_watch_begin(call->process, &watch);
    atomic_store(&lane->client_waits, 1);
    /* By the clock, since a host whose timers send signals may never let the whole interval pass. */
    for (uint64_t looked = now_ns(); outcome == ANSWERED && !answered(lane);) {
        struct timespec patience = {.tv_nsec = SR_LOOK_NS};
        syscall(SYS_futex, &lane->state, FUTEX_WAIT, SR_LANE_REQUEST, &patience, NULL, 0);
        uint64_t now = now_ns();
        if (now - looked < SR_LOOK_NS)
            continue;
        looked = now;
        outcome = look_at_engine(call, &watch);
    }
    atomic_store_explicit(&lane->client_waits, 0, memory_order_relaxed);
    return outcome;
}

/* Sleeps for a time, unless the reply comes earlier. */
static void nap(struct sr_lane *lane, uint64_t length) {
    struct timespec time = {.tv_nsec = (long)length};
    atomic_store(&lane->client_waits, 1);
    if (!answered(lane))
        syscall(SYS_futex, &lane->state, FUTEX_WAIT, SR_LANE_REQUEST, &time, NULL, 0);
    atomic_store_explicit(&lane->client_waits, 0, memory_order_relaxed);
}

static void look_for_a_while(struct sr_lane *lane, struct patience patience, uint64_t start) {
    if (patience.nap > 0) {
        nap(lane, patience.nap);
        start = now_ns();
    }
    for (uint64_t spent = 0; !answered(lane) && spent < patience.budget; spent = now_ns() - start) {
        if (patience.yields)
            sched_yield();
        for (int i = 0; i < 24 && !answered(lane); i++)
            sr_relax();
    }
}

/* `start` is from before the request was there: a caller that loses its processor right after asking would otherwise take the rest of
 * its wait for the whole. */
static enum outcome await_reply(struct sr_call *call, uint64_t start) {
    struct sr_lane *lane = call->lane;
    uint32_t *expected = &call->slot->expected_ns[call->function % SR_FUNCTION_SLOTS];
    uint32_t *fastest = &call->slot->fastest_ns[call->function % SR_FUNCTION_SLOTS];
    look_for_a_while(lane, patience_for(call->process, *expected, *fastest), start);
    enum outcome outcome = answered(lane) ? ANSWERED : sleep_for_reply(call);
    uint64_t took = now_ns() - start;
    uint32_t sample = took > 100000000 ? 100000000 : (uint32_t)took;
    *expected = *expected == 0 ? sample : *expected - *expected / 8 + sample / 8;
    /* Drifts up slowly, so that another kind of work under the same function is noticed in time. */
    *fastest = *fastest == 0 || sample < *fastest ? sample : *fastest + *fastest / 256 + 1;
    return outcome;
}

/* The engine does not answer now. If it does later, its answer must not be taken for that to another call: nobody uses the lane again. False
 * when the answer was quicker. */
static bool give_up(struct sr_call *call) {
    uint32_t request = SR_LANE_REQUEST;
    call->given_up = atomic_compare_exchange_strong(&call->lane->state, &request, SR_LANE_CLOSED);
    return call->given_up;
}

static enum outcome ring(struct sr_process *process) {
    CK_RV rv = sr_ring(process);
    return rv == CKR_OK ? ANSWERED : rv == CKR_DEVICE_ERROR ? ENGINE_SILENT : ENGINE_GONE;
}

/* A memset that no compiler drops. */
static void wipe(void *memory, uint64_t length) {
    memset(memory, 0, length);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

/* The arguments, and the bulk argument behind them; both as far as they were written. */
static void wipe_request(struct sr_call *call) {
    wipe(call->request, call->at <= call->capacity ? call->at : call->capacity);
    if (SR_LANE_BULK_OFFSET + call->bulk_length <= call->capacity)
        wipe(call->request + SR_LANE_BULK_OFFSET, call->bulk_length);
}

CK_RV sr_call_run(struct sr_call *call) {
    struct sr_process *process = call->process;
    struct sr_lane *lane = call->lane;
    lane->function = call->function;
    lane->bulk_length = call->bulk_length;
    lane->arguments_length = (uint32_t)call->at;
    lane->bulk_length = call->bulk_length;
    lane->client_processor = sched_getcpu();
    uint64_t start = now_ns();
    atomic_store(&lane->state, SR_LANE_REQUEST);
    enum outcome outcome = atomic_load(&process->status->asleep) ? ring(process) : ANSWERED;
    if (outcome == ANSWERED)
        outcome = await_reply(call, start);
    bool silent = outcome == ENGINE_SILENT && give_up(call);
    uint32_t state = atomic_load_explicit(&lane->state, memory_order_acquire);
    if (outcome == ENGINE_GONE || state != SR_LANE_REPLY) {
        wipe_request(call);
        if (finalised_since(call))
            return CKR_CRYPTOKI_NOT_INITIALIZED;
        if (silent)
            return CKR_DEVICE_ERROR;
        /* Another thread may have made a newer connection meanwhile; that one is not broken. */
        if (connection_current(call))
            atomic_store(&process->broken, call->slot->generation);
        return CKR_DEVICE_REMOVED;
    }
    CK_RV rv = (CK_RV)lane->rv;
    uint64_t length = lane->reply_length;
    call->reply_length = length <= call->capacity ? length : 0;
    return rv;
}

void sr_call_end(struct sr_call *call, enum sr_wiped wiped) {
    if (call->given_up) {
        sr_lane_close(call->slot);
        sr_slot_release(call->process, call->slot);
        return;
    }
    if (wiped == SR_WIPE_REQUEST)
        wipe_request(call);
    else if (wiped == SR_WIPE_REPLY)
        wipe(call->slot->map + SR_LANE_HEADER + call->capacity, call->reply_length);
    atomic_store_explicit(&call->lane->state, SR_LANE_IDLE, memory_order_relaxed);
    if (call->slot->capacity > SR_LANE_CAPACITY_DEFAULT)
        atomic_store_explicit(&call->lane->client_uses, 0, memory_order_release);
    sr_slot_release(call->process, call->slot);
}
