/* The process-wide state: made on first use, wiped in forked children. */
#define _GNU_SOURCE
#include "shim.h"

#include <string.h>
#include <sys/mman.h>

static struct sr_process *_Atomic process_state;

#ifdef MADV_WIPEONFORK
static bool wiped_on_fork(void *state, size_t size) {
    return madvise(state, size, MADV_WIPEONFORK) == 0;
}
#else
static bool wiped_on_fork(void *state, size_t size) {
    (void)state;
    (void)size;
    return false;
}
#endif

/* Fallback for kernels without MADV_WIPEONFORK (before 4.14). The library is linked with -z nodelete, so the handler stays valid. */
static void wipe_in_child(void) {
    struct sr_process *state = atomic_load(&process_state);
    if (state != NULL)
        memset((void *)state, 0, sizeof *state);
}

struct sr_process *sr_process_get(void) {
    struct sr_process *state = atomic_load_explicit(&process_state, memory_order_acquire);
    if (state != NULL)
        return state;
    void *fresh = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED)
        return NULL;
    bool wiped = wiped_on_fork(fresh, sizeof *state);
    struct sr_process *expected = NULL;
    if (!atomic_compare_exchange_strong(&process_state, &expected, fresh)) {
        munmap(fresh, sizeof *state);
        return expected;
    }
    if (!wiped)
        pthread_atfork(NULL, NULL, wipe_in_child);
    return fresh;
}
