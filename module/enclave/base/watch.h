/*
 * How long the enclave works for one call of an application's, where somebody wants to know; else nothing
 * here looks at a clock. Of the JS thread.
 */
#ifndef STRONGROOM_ENCLAVE_BASE_WATCH_H
#define STRONGROOM_ENCLAVE_BASE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct sr_watch {
    bool on;
    uint64_t began_ns; /* 0 outside */
    uint64_t spent_ns;
};
extern struct sr_watch sr_watch;

/* CLOCK_MONOTONIC. */
uint64_t sr_clock_ns(void);

/* JavaScript comes in, and goes out. */
static inline void sr_watch_enter(void) {
    if (sr_watch.on)
        sr_watch.began_ns = sr_clock_ns();
}

static inline void sr_watch_leave(void) {
    if (sr_watch.on && sr_watch.began_ns != 0) {
        sr_watch.spent_ns += sr_clock_ns() - sr_watch.began_ns;
        sr_watch.began_ns = 0;
    }
}

/* Switches it, and gives what it has seen since it was switched last. */
uint64_t sr_watch_switch(bool on);

#endif
