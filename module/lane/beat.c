/*
 * The beat: by it a caller that waits long tells an engine at work from one that is stopped. The thread shares nothing with the rest of the
 * engine but the status page and the bell, and it needs next to no time, so it beats also where the engine hardly gets the processor.
 */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Between two beats, however many callers wait. */
#define BEAT_NS 500000000

static void rest(struct sr_status *status) {
    atomic_store(&status->resting, 1);
    while (syscall(SYS_futex, &status->resting, FUTEX_WAIT, 1, NULL, NULL, 0) != 0 && errno == EINTR)
        ;
    atomic_store(&status->resting, 0);
}

static void *beat(void *given) {
    struct sr_host *host = given;
    for (;;) {
        rest(host->status);
        atomic_fetch_add(&host->status->beats, 1);
        sr_bell_ring(&host->bell);
        nanosleep(&(struct timespec){.tv_nsec = BEAT_NS}, NULL);
    }
    return NULL;
}

int sr_beat_start(struct sr_host *host) {
    return sr_thread_start(beat, host);
}
