/*
 * The public face of guarded memory, and the fenced buffers: pages of their own between two that fault,
 *
 *     guard | slack, canary   data | guard
 *
 * Data ends exactly at the rear guard; the slack in front is filled with the canary. Each costs two mappings,
 * of which a process has 65,530 and needs most for other things, so their number is bounded here. What is
 * known about a buffer lies in a table outside.
 */
#include "guarded.h"

#include "arena.h"
#include "canary.h"
#include "pages.h"
#include "slabs.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#define LARGEST_BUFFER ((size_t)1 << 30)
#define MOST_FENCED 4096

struct fenced {
    char *start; /* of the pages that are open */
    size_t bytes;
    size_t size; /* of the data */
    bool wiped;  /* a fork came over it */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int set_up = -1;
static struct fenced fenced[MOST_FENCED]; /* in order of their start */
static uint32_t fenced_count;
static size_t fenced_bytes;

/* ---- fenced buffers; the lock is held ---- */

/* How many of them start at or below the address. */
static uint32_t fenced_up_to(const char *address) {
    uint32_t low = 0;
    uint32_t high = fenced_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (fenced[middle].start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The one that the address lies in, its guard pages included. */
static struct fenced *find_fenced(const void *address) {
    uintptr_t page = sr_page_size();
    uint32_t position = fenced_up_to((const char *)((uintptr_t)address + page));
    if (position == 0) {
        return NULL;
    }
    struct fenced *found = &fenced[position - 1];
    return (uintptr_t)address - ((uintptr_t)found->start - page) < found->bytes + 2 * page ? found : NULL;
}

static void *add_fenced(size_t size) {
    size_t page = sr_page_size();
    size_t bytes = (size + page - 1) / page * page;
    char *reserved = fenced_count < MOST_FENCED ? sr_pages_reserve(bytes + 2 * page) : NULL;
    if (reserved == NULL) {
        return NULL;
    }
    char *start = reserved + page;
    if (!sr_pages_open(start, bytes)) {
        sr_pages_release(reserved, bytes + 2 * page);
        return NULL;
    }
    uint32_t position = fenced_up_to(start);
    memmove(&fenced[position + 1], &fenced[position], (fenced_count - position) * sizeof *fenced);
    fenced[position] = (struct fenced){.start = start, .bytes = bytes, .size = size};
    fenced_count++;
    fenced_bytes += bytes;
    char *data = start + bytes - size;
    sr_canary_fill(start, data);
    return data;
}

/* The live buffer that starts here; anything else is fatal. */
static struct fenced *locate(const void *buffer) {
    struct fenced *found = find_fenced(buffer);
    if (found == NULL) {
        sr_fatal("guarded memory: not a guarded buffer, or freed twice");
    }
    if (found->start + found->bytes - found->size != (const char *)buffer) {
        sr_fatal("guarded memory: not the start of a buffer");
    }
    return found;
}

static void free_fenced(char *buffer) {
    struct fenced *found = locate(buffer);
    size_t page = sr_page_size();
    bool wiped = found->wiped && sr_all_zero(found->start, buffer);
    if (!wiped && !sr_canary_intact(found->start, buffer)) {
        sr_fatal("guarded memory: written in front of a buffer");
    }
    sr_zero(found->start, found->bytes);
    sr_pages_release(found->start - page, found->bytes + 2 * page);
    fenced_bytes -= found->bytes;
    fenced_count--;
    size_t behind = (size_t)(&fenced[fenced_count] - found);
    memmove(found, found + 1, behind * sizeof *fenced);
}

/* ---- fork ---- */

static void before_fork(void) {
    pthread_mutex_lock(&lock);
    sr_slabs_lock();
    sr_arena_lock_all();
}

static void after_fork_parent(void) {
    sr_arena_unlock_all();
    sr_slabs_unlock();
    pthread_mutex_unlock(&lock);
}

static void after_fork_child(void) {
    for (uint32_t index = 0; index < fenced_count; index++) {
        fenced[index].wiped = true;
    }
    sr_slabs_wiped();
    sr_pages_forget_locks();
    after_fork_parent();
}

/* ---- the public face ---- */

static void set_up_once(void) {
    sr_pages_raise_lock_limit();
    if (!sr_canary_init() || sr_slabs_init() != 0 || sr_arena_init() != 0) {
        return;
    }
    if (pthread_atfork(before_fork, after_fork_parent, after_fork_child) != 0) {
        return;
    }
    set_up = 0;
}

static bool ready(void) {
    pthread_once(&once, set_up_once);
    return set_up == 0;
}

int sr_guarded_init(bool require_lock) {
    if (!ready()) {
        errno = ENOMEM;
        return -1;
    }
    if (require_lock) {
        sr_pages_require_lock();
    }
    if (require_lock && !sr_pages_all_locked()) {
        errno = EPERM; /* what was handed out before could not be locked */
        return -1;
    }
    return 0;
}

bool sr_guarded_locked(void) {
    return sr_pages_all_locked();
}

static void *alloc(size_t size, bool fence) {
    if (size == 0 || size > LARGEST_BUFFER) {
        errno = EINVAL;
        return NULL;
    }
    void *data = NULL;
    if (ready()) {
        if (fence) {
            pthread_mutex_lock(&lock);
            data = add_fenced(size);
            pthread_mutex_unlock(&lock);
        } else {
            data = sr_slabs_alloc(size);
        }
    }
    if (data == NULL) {
        errno = ENOMEM;
    }
    return data;
}

void *sr_guarded_alloc(size_t size) {
    return alloc(size, size > SR_SLOT_LARGEST);
}

void *sr_fenced_alloc(size_t size) {
    return alloc(size, true);
}

void sr_guarded_free(void *buffer) {
    if (buffer == NULL) {
        return;
    }
    if (sr_slabs_own(buffer)) {
        sr_slabs_free(buffer);
        return;
    }
    pthread_mutex_lock(&lock);
    free_fenced(buffer);
    pthread_mutex_unlock(&lock);
}

size_t sr_guarded_size(const void *buffer) {
    if (buffer == NULL) {
        return 0;
    }
    if (sr_slabs_own(buffer)) {
        return sr_slabs_size(buffer);
    }
    pthread_mutex_lock(&lock);
    size_t size = locate(buffer)->size;
    pthread_mutex_unlock(&lock);
    return size;
}

size_t sr_guarded_most(void) {
    return sr_slabs_most();
}

bool sr_guarded_contains(const void *address) {
    pthread_mutex_lock(&lock);
    bool inside = find_fenced(address) != NULL;
    pthread_mutex_unlock(&lock);
    return inside || sr_slabs_own(address) || sr_arena_contains(address);
}

void sr_guarded_regions(void (*visit)(const void *start, const void *end, void *context), void *context) {
    pthread_mutex_lock(&lock);
    for (uint32_t index = 0; index < fenced_count; index++) {
        visit(fenced[index].start, fenced[index].start + fenced[index].bytes, context);
    }
    pthread_mutex_unlock(&lock);
    sr_slabs_regions(visit, context);
    sr_arena_regions(visit, context);
}

size_t sr_guarded_bytes(void) {
    pthread_mutex_lock(&lock);
    size_t bytes = fenced_bytes;
    pthread_mutex_unlock(&lock);
    return bytes + sr_slabs_bytes() + sr_arena_bytes();
}
