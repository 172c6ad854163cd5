/*
 * A bell between threads of one process: the ringer counts up, and writes the eventfd only while a sleeper
 * has armed it. The sleeper arms, looks at the count once more, and only then sleeps; so no ring is lost and
 * a busy sleeper costs no system call.
 */
#ifndef STRONGROOM_BELL_H
#define STRONGROOM_BELL_H

#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

struct sr_bell {
    _Atomic uint32_t count; /* rings so far */
    _Atomic uint32_t armed; /* 1 while the sleeper wants the eventfd written */
    int fd;                 /* eventfd, non-blocking */
};

static inline void sr_bell_ring(struct sr_bell *bell) {
    atomic_fetch_add(&bell->count, 1);
    if (atomic_load(&bell->armed)) {
        uint64_t one = 1;
        ssize_t written = write(bell->fd, &one, sizeof one);
        (void)written; /* a full eventfd is already readable */
    }
}

#endif
