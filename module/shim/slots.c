/* Which lane a calling thread uses. Each call has one to itself; threads beyond the number of lanes wait for one. */
#define _GNU_SOURCE
#include "shim.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A waiting thread looks this often of its own accord: whether C_Finalize has come, and whether a slot came free in the one moment
 * that sr_slot_release names. */
#define LOOK_AGAIN_NS 5000000

/* Where a thread's last lane is remembered: by its identity, since thread-local storage would drag the loader's library in. */
static _Atomic uint32_t *preference(struct sr_process *process) {
    uintptr_t self = (uintptr_t)pthread_self();
    return &process->preferred[(self >> 12 ^ self >> 20) % SR_LANES_MAX];
}

static bool try_take(struct sr_client_lane *slot) {
    uint32_t free = 0;
    return atomic_load_explicit(&slot->busy, memory_order_relaxed) == 0 &&
           atomic_compare_exchange_strong(&slot->busy, &free, 1);
}

/* The slot this thread used last, or any free one; NULL when all `count` are in use. */
static struct sr_client_lane *take_free(struct sr_process *process, uint32_t count) {
    _Atomic uint32_t *preferred = preference(process);
    uint32_t last = atomic_load_explicit(preferred, memory_order_relaxed);
    if (last < count && try_take(&process->lanes[last]))
        return &process->lanes[last];
    for (uint32_t i = 0; i < count; i++) {
        if (try_take(&process->lanes[i])) {
            atomic_store_explicit(preferred, i, memory_order_relaxed);
            return &process->lanes[i];
        }
    }
    return NULL;
}

void sr_sleep_on(_Atomic uint32_t *word, uint32_t seen) {
    struct timespec patience = {.tv_nsec = LOOK_AGAIN_NS};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, &patience, NULL, 0);
}

void sr_wake_sleepers(_Atomic uint32_t *word, int most) {
    atomic_fetch_add(word, 1);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0);
}

/* Sleeps until a slot comes free, which it takes, or for a time. Asleep and not at short intervals: dozens of threads that look again and
 * again would keep every processor from the engine. */
static struct sr_client_lane *wait_for_one(struct sr_process *process) {
    uint32_t seen = atomic_load(&process->slots_freed);
    atomic_fetch_add(&process->slot_waiters, 1);
    struct sr_client_lane *slot = take_free(process, SR_LANES_MAX);
    if (slot == NULL)
        sr_sleep_on(&process->slots_freed, seen);
    atomic_fetch_sub(&process->slot_waiters, 1);
    return slot;
}

struct sr_client_lane *sr_slot_take(struct sr_process *process) {
    for (;;) {
        uint32_t count = atomic_load(&process->lane_count);
        struct sr_client_lane *slot = take_free(process, count);
        if (slot == NULL && count < SR_LANES_MAX) {
            atomic_compare_exchange_strong(&process->lane_count, &count, count + 1);
            continue;
        }
        if (slot == NULL)
            slot = wait_for_one(process);
        if (slot != NULL)
            return slot;
        if (!atomic_load(&process->initialised))
            return NULL;
    }
}

void sr_slot_release(struct sr_process *process, struct sr_client_lane *slot) {
    atomic_store_explicit(&slot->busy, 0, memory_order_release);
    /* Nobody waits before the last lane is in use. A thread that finds it so just now may be missed, and looks again by itself. */
    if (atomic_load_explicit(&process->lane_count, memory_order_relaxed) < SR_LANES_MAX)
        return;
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&process->slot_waiters, memory_order_relaxed) == 0)
        return;
    sr_wake_sleepers(&process->slots_freed, 1);
}
