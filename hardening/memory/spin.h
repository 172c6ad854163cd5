/* A lock for a few instructions: spins, and yields when its holder was put to sleep. */
#ifndef STRONGROOM_SPIN_H
#define STRONGROOM_SPIN_H

#include <sched.h>
#include <stdatomic.h>

struct sr_spin {
    atomic_uint held;
};

static inline void sr_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

static inline void sr_spin_lock(struct sr_spin *lock) {
    while (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) != 0) {
        int turns = 0;
        while (atomic_load_explicit(&lock->held, memory_order_relaxed) != 0) {
            if (++turns < 64) {
                sr_spin_pause();
            } else {
                sched_yield();
            }
        }
    }
}

static inline void sr_spin_unlock(struct sr_spin *lock) {
    atomic_store_explicit(&lock->held, 0, memory_order_release);
}

#endif
