/*
 * Checks of malloc's interposition; one a run, by name. This program knows nothing of the guarded library
 * when it is linked: the library comes in by LD_PRELOAD (then its functions are found), or by dlopen (then
 * malloc must not be taken over).
 */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>

extern int sr_guarded_init(bool require_lock) __attribute__((weak));
extern void sr_guarded_enter(void) __attribute__((weak));
extern void sr_guarded_leave(void) __attribute__((weak));
extern bool sr_guarded_hooked(void) __attribute__((weak));
extern bool sr_guarded_contains(const void *address) __attribute__((weak));
extern void sr_guarded_regions(void (*visit)(const void *, const void *, void *), void *context)
    __attribute__((weak));

/* The compiler must neither drop an allocation nor guess where it lies. */
static void *opaque(void *pointer) {
    __asm__ __volatile__("" : "+r"(pointer) : : "memory");
    return pointer;
}

static void begin(void) {
    CHECK(sr_guarded_init != NULL && sr_guarded_init(false) == 0);
    CHECK(sr_guarded_hooked());
}

struct search {
    const void *address;
    bool found;
};

static void look(const void *start, const void *end, void *context) {
    struct search *search = context;
    search->found = search->found || ((uintptr_t)search->address >= (uintptr_t)start &&
                                      (uintptr_t)search->address < (uintptr_t)end);
}

/* By the list of regions and by the question, which must agree. */
static bool guarded(const void *address) {
    struct search search = {.address = address};
    sr_guarded_regions(look, &search);
    CHECK(search.found == sr_guarded_contains(address));
    return search.found;
}

static void family(void) {
    begin();
    for (int within = 0; within < 2; within++) {
        if (within) {
            sr_guarded_enter();
        }
        void *pointers[8];
        pointers[0] = opaque(malloc(100));
        pointers[1] = opaque(calloc(3, 1000));
        pointers[2] = opaque(realloc(NULL, 300000));
        pointers[3] = opaque(strdup("content"));
        pointers[4] = opaque(aligned_alloc(256, 512));
        CHECK(posix_memalign(&pointers[5], 64, 1000) == 0);
        pointers[6] = opaque(memalign(4096, 10));
        pointers[7] = opaque(malloc(0));
        if (within) {
            sr_guarded_leave();
        }
        CHECK(is_filled(pointers[1], 0, 3000));
        CHECK(strcmp(pointers[3], "content") == 0);
        CHECK((uintptr_t)pointers[4] % 256 == 0 && (uintptr_t)pointers[5] % 64 == 0);
        CHECK((uintptr_t)pointers[6] % 4096 == 0);
        static const size_t sizes[8] = {100, 3000, 300000, 8, 512, 1000, 10, 0};
        for (size_t index = 0; index < 8; index++) {
            CHECK(pointers[index] != NULL && (uintptr_t)pointers[index] % 16 == 0);
            CHECK(guarded(pointers[index]) == (within == 1));
            CHECK(malloc_usable_size(pointers[index]) >= sizes[index]);
            memset(pointers[index], 0x11, sizes[index]);
            free(pointers[index]);
        }
    }
}

static void limits(void) {
    begin();
    volatile size_t huge = SIZE_MAX / 2;
    for (int within = 0; within < 2; within++) {
        if (within) {
            sr_guarded_enter();
        }
        errno = 0;
        void *wrapped = opaque(calloc(huge, 4));
        int why = errno;
        void *too_large = opaque(malloc(huge));
        void *pointer = &wrapped;
        int bad_alignment = posix_memalign(&pointer, 3, 16);
        if (within) {
            sr_guarded_leave();
        }
        CHECK(wrapped == NULL && why == ENOMEM && too_large == NULL && bad_alignment == EINVAL);
    }
}

static void nesting(void) {
    begin();
    sr_guarded_enter();
    sr_guarded_enter();
    sr_guarded_leave();
    void *inner = opaque(malloc(10));
    sr_guarded_leave();
    void *outer = opaque(malloc(10));
    CHECK(guarded(inner) && !guarded(outer));
    free(inner);
    free(outer);
}

/* ---- threads ---- */

static void *free_elsewhere(void *argument) {
    void *own = opaque(malloc(50));
    CHECK(!guarded(own)); /* the scope is the other thread's */
    free(own);
    free(argument);
    return NULL;
}

static void threads(void) {
    begin();
    sr_guarded_enter();
    unsigned char *memory = opaque(malloc(1000));
    memset(memory, 0x3c, 1000);
    sr_guarded_leave();
    CHECK(is_filled(memory, 0x3c, 1000));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, free_elsewhere, memory) == 0);
    sr_guarded_enter(); /* while the other runs */
    void *mine = opaque(malloc(50));
    CHECK(pthread_join(thread, NULL) == 0);
    sr_guarded_leave();
    CHECK(guarded(mine) && guarded(memory));
    CHECK(is_filled(memory, 0, 1000)); /* freed, so zeroed; the page is still open */
    free(mine);
}

#define CHURNERS 4

static void *churn(void *argument) {
    unsigned seed = (unsigned)(uintptr_t)argument;
    unsigned char *held[64] = {0};
    size_t sizes[64] = {0};
    bool secret[64] = {0};
    for (int round = 0; round < 30000; round++) {
        size_t at = (size_t)rand_r(&seed) % 64;
        bool within = rand_r(&seed) % 2 == 0;
        size_t size = 1 + (size_t)rand_r(&seed) % (rand_r(&seed) % 8 == 0 ? 60000 : 500);
        size_t kept = held[at] == NULL ? 0 : size < sizes[at] ? size : sizes[at];
        bool drop = rand_r(&seed) % 3 == 0;
        if (within) {
            sr_guarded_enter();
        }
        if (drop) {
            free(held[at]);
            held[at] = NULL;
        } else {
            secret[at] = (held[at] != NULL && secret[at]) || within;
            held[at] = realloc(held[at], size);
        }
        if (within) {
            sr_guarded_leave();
        }
        if (!drop) {
            CHECK(held[at] != NULL && is_filled(held[at], (int)at + 1, kept));
            CHECK(sr_guarded_contains(held[at]) == secret[at]);
            memset(held[at], (int)at + 1, size);
            sizes[at] = size;
        }
    }
    for (size_t at = 0; at < 64; at++) {
        free(held[at]);
    }
    return NULL;
}

static void stress(void) {
    begin();
    pthread_t running[CHURNERS];
    for (uintptr_t index = 0; index < CHURNERS; index++) {
        CHECK(pthread_create(&running[index], NULL, churn, (void *)(index + 1)) == 0);
    }
    for (size_t index = 0; index < CHURNERS; index++) {
        CHECK(pthread_join(running[index], NULL) == 0);
    }
}

/* ---- realloc across the boundary ---- */

static bool holds_pattern(const volatile unsigned char *memory, size_t size) {
    for (size_t index = 0; index + 4 <= size; index++) {
        if (memory[index] == 0x99 && memory[index + 1] == 0x99 && memory[index + 2] == 0x99 &&
            memory[index + 3] == 0x99) {
            return true;
        }
    }
    return false;
}

static void boundary(void) {
    begin();
    /* Plain memory grown inside the scope moves in, and leaves nothing behind. */
    unsigned char *plain = opaque(malloc(600));
    memset(plain, 0x99, 600);
    volatile uintptr_t old = (uintptr_t)plain;
    CHECK(holds_pattern((unsigned char *)old, 600));
    sr_guarded_enter();
    unsigned char *moved = opaque(realloc(plain, 900));
    sr_guarded_leave();
    CHECK(guarded(moved) && is_filled(moved, 0x99, 600));
    CHECK(!holds_pattern((unsigned char *)old, 600)); /* a freed chunk of the heap: still mapped */
    /* Guarded memory grown outside the scope stays guarded. */
    unsigned char *grown = opaque(realloc(moved, 50000));
    CHECK(guarded(grown) && is_filled(grown, 0x99, 600));
    unsigned char *shrunk = opaque(realloc(grown, 100));
    CHECK(guarded(shrunk) && is_filled(shrunk, 0x99, 100));
    CHECK(!holds_pattern(grown, 600));
    CHECK(realloc(shrunk, 0) == NULL);
    /* Plain outside stays plain. */
    unsigned char *outside = opaque(realloc(opaque(malloc(10)), 100000));
    CHECK(outside != NULL && !guarded(outside));
    free(outside);
}

/* ---- loaded later: not in force, and says so ---- */

static void not_hooked(void) {
    CHECK(sr_guarded_init == NULL);
    void *library = dlopen(getenv("SR_TEST_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    int (*init)(bool);
    bool (*hooked)(void);
    void (*enter)(void);
    void (*leave)(void);
    bool (*contains)(const void *);
    *(void **)&init = dlsym(library, "sr_guarded_init");
    *(void **)&hooked = dlsym(library, "sr_guarded_hooked");
    *(void **)&enter = dlsym(library, "sr_guarded_enter");
    *(void **)&leave = dlsym(library, "sr_guarded_leave");
    *(void **)&contains = dlsym(library, "sr_guarded_contains");
    CHECK(init(false) == 0);
    CHECK(!hooked());
    enter();
    void *memory = opaque(malloc(100));
    leave();
    CHECK(memory != NULL && !contains(memory));
    free(memory);
}

int main(int argc, char **argv) {
    static const struct check checks[] = {
        {"family", family}, {"limits", limits},     {"nesting", nesting},       {"threads", threads},
        {"stress", stress}, {"boundary", boundary}, {"not-hooked", not_hooked},
    };
    return run_named(argc, argv, checks, sizeof checks / sizeof checks[0]);
}
