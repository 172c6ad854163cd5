/* Checks of the guarded arena through its own functions; one a run, by name. */
#define _GNU_SOURCE
#include "arena.h"
#include "check.h"
#include "guarded.h"
#include "smaps.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

/* ---- content and threads ---- */

#define THREADS 4
#define SLOTS 400
#ifdef __SANITIZE_THREAD__
#define ROUNDS 8000 /* slow there, and it looks at every access anyway */
#else
#define ROUNDS 40000
#endif

struct held {
    unsigned char *memory;
    size_t size;
    unsigned char value;
};

/* Allocations that one thread makes and another checks and frees. */
static struct held mailbox[64];
static pthread_mutex_t mailbox_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t some_size(unsigned *seed) {
    switch (rand_r(seed) % 16) {
    case 0:
        return 1 + (size_t)rand_r(seed) % 200000;
    case 1:
    case 2:
        return 1 + (size_t)rand_r(seed) % 20000;
    default:
        return 1 + (size_t)rand_r(seed) % 600;
    }
}

static void fill(struct held *held, unsigned *seed) {
    held->size = some_size(seed);
    held->value = (unsigned char)(1 + rand_r(seed) % 255);
    held->memory = sr_arena_alloc(held->size);
    CHECK(held->memory != NULL && (uintptr_t)held->memory % 16 == 0);
    CHECK(sr_arena_usable(held->memory) >= held->size);
    CHECK(is_filled(held->memory, 0, held->size));
    memset(held->memory, held->value, held->size);
}

static void drop(struct held *held) {
    CHECK(is_filled(held->memory, held->value, held->size));
    sr_arena_free(held->memory);
    held->memory = NULL;
}

static void resize(struct held *held, unsigned *seed) {
    size_t size = some_size(seed);
    unsigned char *moved = sr_arena_realloc(held->memory, size);
    CHECK(moved != NULL);
    CHECK(is_filled(moved, held->value, size < held->size ? size : held->size));
    memset(moved, held->value, size);
    held->memory = moved;
    held->size = size;
}

static void pass_on(struct held *held, unsigned *seed) {
    pthread_mutex_lock(&mailbox_lock);
    struct held *box = &mailbox[rand_r(seed) % 64];
    struct held other = *box;
    *box = *held;
    *held = other;
    pthread_mutex_unlock(&mailbox_lock);
}

static void *churn(void *argument) {
    unsigned seed = (unsigned)(uintptr_t)argument;
    struct held *mine = calloc(SLOTS, sizeof *mine);
    CHECK(mine != NULL);
    for (int round = 0; round < ROUNDS; round++) {
        struct held *held = &mine[rand_r(&seed) % SLOTS];
        if (held->memory == NULL) {
            fill(held, &seed);
        } else if (rand_r(&seed) % 4 == 0) {
            resize(held, &seed);
        } else if (rand_r(&seed) % 4 == 0) {
            pass_on(held, &seed);
        } else {
            drop(held);
        }
    }
    for (size_t index = 0; index < SLOTS; index++) {
        if (mine[index].memory != NULL) {
            drop(&mine[index]);
        }
    }
    free(mine);
    return NULL;
}

static void stress(void) {
    pthread_t threads[THREADS];
    for (uintptr_t index = 0; index < THREADS; index++) {
        CHECK(pthread_create(&threads[index], NULL, churn, (void *)(index + 1)) == 0);
    }
    for (size_t index = 0; index < THREADS; index++) {
        CHECK(pthread_join(threads[index], NULL) == 0);
    }
    for (size_t index = 0; index < 64; index++) {
        if (mailbox[index].memory != NULL) {
            drop(&mailbox[index]);
        }
    }
    CHECK(sr_arena_bytes() <= (size_t)4 << 20);
}

/* ---- shape ---- */

static void sizes(void) {
    for (size_t size = 0; size < 40000; size += size < 5000 ? 1 : 111) {
        unsigned char *memory = sr_arena_alloc(size);
        unsigned char *neighbour = sr_arena_alloc(size);
        CHECK(memory != NULL && neighbour != NULL && memory != neighbour);
        size_t usable = sr_arena_usable(memory);
        CHECK(usable >= size && usable >= 16);
        CHECK(size < 64 || size > 4096 || usable <= size + size / 3 + 16);
        memset(memory, 0xff, usable);
        CHECK(is_filled(neighbour, 0, sr_arena_usable(neighbour)));
        CHECK(sr_arena_contains(memory) && sr_guarded_contains(memory));
        sr_arena_free(memory);
        CHECK(is_filled(memory, 0, usable)); /* the pages are still open */
        sr_arena_free(neighbour);
    }
    for (size_t alignment = 16; alignment <= 16384; alignment *= 2) {
        for (size_t size = 1; size < 50000; size = size * 3 + 5) {
            void *memory = sr_arena_alloc_aligned(alignment, size);
            CHECK(memory != NULL && (uintptr_t)memory % alignment == 0 && sr_arena_usable(memory) >= size);
            sr_arena_free(memory);
        }
    }
    CHECK(sr_arena_alloc_aligned(32768, 16) == NULL);
    errno = 0;
    CHECK(sr_arena_alloc((size_t)2 << 30) == NULL && errno == ENOMEM);
    CHECK(sr_arena_alloc(SIZE_MAX) == NULL);
    sr_arena_free(NULL);
}

static void given_back(void) {
    static void *pieces[256];
    for (size_t index = 0; index < 256; index++) {
        pieces[index] = sr_arena_alloc(64 * 1024);
        CHECK(pieces[index] != NULL);
    }
    CHECK(sr_arena_bytes() >= (size_t)16 << 20);
    for (size_t index = 0; index < 256; index++) {
        sr_arena_free(pieces[index]);
    }
    CHECK(sr_arena_bytes() <= (size_t)3 << 20);
    /* What went back can be had again, zeroed. */
    unsigned char *again = sr_arena_alloc((size_t)8 << 20);
    CHECK(again != NULL && is_filled(again, 0, (size_t)8 << 20));
    sr_arena_free(again);
}

/* ---- misuse ---- */

static void free_it(void *argument) {
    sr_arena_free(argument);
}

static void free_twice(void *argument) {
    sr_arena_free(argument);
    sr_arena_free(argument);
}

static void free_inside(void *argument) {
    sr_arena_free((char *)argument + 16);
}

static void grow_freed(void *argument) {
    sr_arena_free(argument);
    sr_arena_realloc(argument, 10);
}

static void misuse(void) {
    static const size_t kinds[] = {16, 200, 4096, 5000, 300000};
    for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
        void *memory = sr_arena_alloc(kinds[index]);
        CHECK(memory != NULL);
        CHECK(signal_of(free_it, memory) == 0);
        CHECK(signal_of(free_twice, memory) == SIGABRT);
        CHECK(signal_of(grow_freed, memory) == SIGABRT);
        CHECK(signal_of(free_inside, memory) == SIGABRT);
        sr_arena_free(memory);
    }
    char foreign[16];
    CHECK(signal_of(free_it, foreign) == SIGABRT);
}

/* ---- what the kernel knows ---- */

static void child_of_fork(void *argument) {
    CHECK(is_filled(argument, 0, 5000));
    sr_arena_free(argument);
    unsigned char *own = sr_arena_alloc(5000);
    CHECK(own != NULL && is_filled(own, 0, 5000));
    sr_arena_free(own);
}

static void wiped(void) {
    unsigned char *memory = sr_arena_alloc(5000);
    CHECK(memory != NULL);
    memset(memory, 0x77, 5000);
    CHECK(signal_of(child_of_fork, memory) == 0);
    CHECK(is_filled(memory, 0x77, 5000));
    sr_arena_free(memory);
}

static void touch(void *argument) {
    *(volatile unsigned char *)argument = 1;
}

static void flags(void) {
    CHECK(sr_guarded_init(false) == 0);
    unsigned char *memory = sr_arena_alloc(100);
    CHECK(memory != NULL);
    struct mapping mapping = mapping_of(memory);
    CHECK(has_flag(&mapping, "dd") && has_flag(&mapping, "wf"));
    CHECK(!may_lock() || (sr_guarded_locked() && has_flag(&mapping, "lo")));
    CHECK(signal_of(touch, memory) == 0);
    CHECK(signal_of(touch, (void *)(sr_arena_start - 1)) == SIGSEGV);
    CHECK(signal_of(touch, (void *)(sr_arena_start + sr_arena_size)) == SIGSEGV);
    sr_arena_free(memory);
}

/* ---- the regions are all there is, and all that is ---- */

struct ranges {
    size_t count;
    uintptr_t start[4096], end[4096];
};

static void keep_region(const void *start, const void *end, void *context) {
    struct ranges *ranges = context;
    CHECK(ranges->count < 4096);
    ranges->start[ranges->count] = (uintptr_t)start;
    ranges->end[ranges->count++] = (uintptr_t)end;
}

static void keep_wiped_mapping(const struct mapping *mapping, void *context) {
    /* Not what the kernel may drop: libc 2.41 keeps the state of its random numbers in such a page. */
    if (has_flag(mapping, "wf") && !has_flag(mapping, "dp") && strcmp(mapping->rights, "rw-p") == 0) {
        keep_region((void *)mapping->start, (void *)mapping->end, context);
    }
}

static void regions(void) {
    static struct ranges told, seen;
    static void *kept[700];
    for (size_t index = 0; index < 700; index++) {
        kept[index] = index % 7 == 0 ? sr_arena_alloc(index * 200) : sr_guarded_alloc(1 + index * 13);
        CHECK(kept[index] != NULL);
    }
    sr_guarded_regions(keep_region, &told);
    each_mapping(keep_wiped_mapping, &seen);
    CHECK(told.count > 0 && seen.count > 0);
    size_t open_bytes = 0;
    for (size_t index = 0; index < seen.count; index++) {
        size_t inside = 0;
        for (size_t region = 0; region < told.count; region++) {
            inside += seen.start[index] >= told.start[region] && seen.end[index] <= told.end[region];
        }
        CHECK(inside == 1);
        open_bytes += seen.end[index] - seen.start[index];
    }
    CHECK(open_bytes == sr_guarded_bytes());
    for (size_t index = 0; index < 700; index++) {
        size_t holders = 0;
        for (size_t region = 0; region < told.count; region++) {
            uintptr_t address = (uintptr_t)kept[index];
            holders += told.start[region] <= address && address < told.end[region];
        }
        CHECK(holders == 1);
    }
}

/* ---- refused locks ---- */

static void refused_tolerated(void) {
    forbid_locking();
    CHECK(sr_guarded_init(false) == 0 && sr_guarded_locked());
    unsigned char *memory = sr_arena_alloc(100);
    CHECK(memory != NULL && !sr_guarded_locked());
    memory[0] = 1;
    unsigned char *buffer = sr_guarded_alloc(32);
    CHECK(buffer != NULL && !sr_guarded_locked());
    buffer[0] = 1;
    sr_guarded_free(buffer);
    sr_arena_free(memory);
    /* Too late to insist. */
    CHECK(sr_guarded_init(true) == -1 && errno == EPERM);
}

static void refused_strictly(void) {
    forbid_locking();
    CHECK(sr_guarded_init(true) == 0);
    /* As the enclave does, which comes after the one who insisted. */
    CHECK(sr_guarded_init(false) == 0);
    errno = 0;
    CHECK(sr_arena_alloc(100) == NULL && errno == ENOMEM);
    CHECK(sr_arena_alloc(100000) == NULL);
    errno = 0;
    CHECK(sr_guarded_alloc(32) == NULL && errno == ENOMEM);
    CHECK(sr_guarded_bytes() == 0);
    CHECK(sr_guarded_locked());
}

static void limit_raised(void) {
    CHECK(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){.rlim_cur = 4096, .rlim_max = 1 << 20}) == 0);
    CHECK(sr_guarded_init(false) == 0);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    CHECK(limit.rlim_cur == 1 << 20 && limit.rlim_max == 1 << 20);
}

/* ---- speed: the best of many short rounds, so that a busy machine does not decide ---- */

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void speed(void) {
    double best = 1e9;
    for (int round = 0; round < 200; round++) {
        double start = nanoseconds();
        for (int turn = 0; turn < 2000; turn++) {
            void *volatile memory = sr_arena_alloc(256);
            sr_arena_free(memory);
        }
        double each = (nanoseconds() - start) / 2000;
        best = each < best ? each : best;
    }
    fprintf(stderr, "%.1f ns a pair\n", best);
    CHECK(best < 60);
}

int main(int argc, char **argv) {
    static const struct check checks[] = {
        {"stress", stress},
        {"sizes", sizes},
        {"given-back", given_back},
        {"misuse", misuse},
        {"wiped", wiped},
        {"flags", flags},
        {"regions", regions},
        {"refused-tolerated", refused_tolerated},
        {"refused-strictly", refused_strictly},
        {"limit-raised", limit_raised},
        {"speed", speed},
    };
    return run_named(argc, argv, checks, sizeof checks / sizeof checks[0]);
}
