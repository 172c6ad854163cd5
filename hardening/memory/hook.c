/*
 * malloc and its family for the whole process. Between sr_guarded_enter() and sr_guarded_leave() a thread's
 * allocations come from the guarded arena, otherwise from the C library; free and realloc go by the address,
 * so that memory may be released anywhere and at any time. In force only where this library was loaded before
 * the C library (LD_PRELOAD).
 *
 * What was guarded stays guarded: realloc outside the scope keeps it in the arena, and realloc inside it
 * moves plain memory there, zeroing what it leaves.
 */
#define _GNU_SOURCE
#include "arena.h"
#include "guarded.h"
#include "pages.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define EXPORT __attribute__((visibility("default")))

/* initial-exec: one instruction to read, and never allocates on first use in a thread. */
static _Thread_local unsigned depth __attribute__((tls_model("initial-exec")));

static inline bool inside(void) {
    return __builtin_expect(depth != 0, 0);
}

/* From this size on allocations are ordinary ones, inside the scope too. */
static _Thread_local size_t excepted __attribute__((tls_model("initial-exec")));

static inline bool guards(size_t size) {
    return inside() && (excepted == 0 || size < excepted);
}

/* ---- the C library's own ---- */

struct library {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    void *(*memalign)(size_t, size_t);
    size_t (*usable)(void *);
};

#ifndef SR_HOOK_BY_NAME
/* glibc exports its allocator under a second name; other libraries do not, and then these are NULL. */
extern void *__libc_malloc(size_t size) __attribute__((weak));
extern void *__libc_calloc(size_t count, size_t size) __attribute__((weak));
extern void *__libc_realloc(void *pointer, size_t size) __attribute__((weak));
extern void __libc_free(void *pointer) __attribute__((weak));
extern void *__libc_memalign(size_t alignment, size_t size) __attribute__((weak));
#define ALIAS(name) name
#else
#define ALIAS(name) NULL
#endif

/* Looking a function up may itself allocate. What is asked for meanwhile comes from here and is never given
 * back. */
static _Alignas(16) char early[16 * 1024];
static size_t early_used;
static struct library found;
static int resolved;  /* 1 once `found` is complete */
static int resolving; /* 1 while a thread looks up */

static void *early_alloc(size_t size) {
    size_t wanted = (size + 15) & ~(size_t)15;
    if (wanted < size || wanted > sizeof early) {
        return NULL;
    }
    size_t at = __atomic_fetch_add(&early_used, wanted, __ATOMIC_RELAXED);
    return at <= sizeof early - wanted ? early + at : NULL;
}

static bool is_early(const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)early < sizeof early;
}

static void *lookup(const char *name) {
    void *address = dlsym(RTLD_NEXT, name);
    if (address == NULL) {
        sr_fatal("the C library's allocator was not found");
    }
    return address;
}

/* A function pointer out of dlsym's object pointer, as POSIX intends. */
#define SET(field, alias, name)                                                                              \
    do {                                                                                                     \
        found.field = ALIAS(alias);                                                                          \
        if (found.field == NULL) {                                                                           \
            void *address = lookup(name);                                                                    \
            memcpy(&found.field, &address, sizeof address);                                                  \
        }                                                                                                    \
    } while (0)

/* NULL while the look-up is under way (in this thread or, at the program's very start, in another). */
static const struct library *library(void) {
    if (__builtin_expect(__atomic_load_n(&resolved, __ATOMIC_ACQUIRE), 1)) {
        return &found;
    }
    if (__atomic_exchange_n(&resolving, 1, __ATOMIC_ACQ_REL) != 0) {
        return NULL;
    }
    SET(malloc, __libc_malloc, "malloc");
    SET(calloc, __libc_calloc, "calloc");
    SET(realloc, __libc_realloc, "realloc");
    SET(free, __libc_free, "free");
    /* Not "memalign": musl's is a call of aligned_alloc, which would come back to us. */
    SET(memalign, __libc_memalign, "aligned_alloc");
    void *usable = lookup("malloc_usable_size");
    memcpy(&found.usable, &usable, sizeof usable);
    __atomic_store_n(&resolved, 1, __ATOMIC_RELEASE);
    return &found;
}

/* ---- malloc and its family ---- */

/* Ordinary memory that stands in for guarded: it is not to be swapped out either, where that takes nobody's
 * room. */
static void *keep(void *pointer, size_t size) {
    struct rlimit limit;
    if (pointer != NULL && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY) {
        int saved = errno;
        (void)mlock(pointer, size);
        errno = saved;
    }
    return pointer;
}

EXPORT void *malloc(size_t size) {
    if (guards(size)) {
        return sr_arena_alloc(size);
    }
    const struct library *libc = library();
    void *pointer = libc != NULL ? libc->malloc(size) : early_alloc(size);
    return inside() ? keep(pointer, size) : pointer;
}

EXPORT void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    if (guards(bytes)) {
        return sr_arena_alloc(bytes); /* always zeroed */
    }
    const struct library *libc = library();
    void *pointer = libc != NULL ? libc->calloc(count, size) : early_alloc(bytes);
    return inside() ? keep(pointer, bytes) : pointer;
}

EXPORT void free(void *pointer) {
    if (sr_arena_owns(pointer)) {
        sr_arena_free(pointer);
        return;
    }
    if (pointer == NULL || is_early(pointer)) {
        return;
    }
    const struct library *libc = library();
    if (libc != NULL) {
        int saved = errno; /* POSIX promises that free keeps it; older C libraries do not */
        libc->free(pointer);
        errno = saved;
    }
}

static size_t plain_usable(void *pointer) {
    if (is_early(pointer)) {
        return (size_t)(early + sizeof early - (char *)pointer); /* an upper bound, safe to read */
    }
    const struct library *libc = library();
    return libc != NULL ? libc->usable(pointer) : 0;
}

/* Moves plain memory into the arena, or early memory out of its corner. */
static void *move(void *pointer, size_t size) {
    void *moved = malloc(size);
    if (moved != NULL) {
        size_t held = plain_usable(pointer);
        memcpy(moved, pointer, size < held ? size : held);
        if (!is_early(pointer)) {
            sr_zero(pointer, held);
        }
        free(pointer);
    }
    return moved;
}

EXPORT void *realloc(void *pointer, size_t size) {
    if (pointer == NULL) {
        return malloc(size);
    }
    if (sr_arena_owns(pointer)) {
        if (size == 0) {
            sr_arena_free(pointer);
            return NULL;
        }
        return sr_arena_realloc(pointer, size);
    }
    const struct library *libc = library();
    if (is_early(pointer) || (inside() && size != 0)) {
        return move(pointer, size);
    }
    return libc != NULL ? libc->realloc(pointer, size) : NULL;
}

EXPORT size_t malloc_usable_size(void *pointer) {
    if (pointer == NULL) {
        return 0;
    }
    return sr_arena_owns(pointer) ? sr_arena_usable(pointer) : plain_usable(pointer);
}

EXPORT void *memalign(size_t alignment, size_t size) {
    if (inside()) {
        return sr_arena_alloc_aligned(alignment, size);
    }
    const struct library *libc = library();
    if (libc == NULL) {
        return alignment <= 16 ? early_alloc(size) : NULL;
    }
    return libc->memalign(alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size) {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    return memalign(alignment, size);
}

EXPORT int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) {
        return EINVAL;
    }
    int saved = errno;
    void *pointer = memalign(alignment, size);
    errno = saved;
    if (pointer == NULL) {
        return ENOMEM;
    }
    *result = pointer;
    return 0;
}

EXPORT void *valloc(size_t size) {
    return memalign(sr_page_size(), size);
}

EXPORT void *pvalloc(size_t size) {
    size_t page = sr_page_size();
    if (size > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return memalign(page, (size + page - 1) / page * page);
}

/* ---- the scope ---- */

EXPORT void sr_guarded_enter(void) {
    depth++;
}

EXPORT void sr_guarded_leave(void) {
    if (depth == 0) {
        sr_fatal("guarded memory: left a scope that was not entered");
    }
    depth--;
}

EXPORT void sr_guarded_except(size_t from) {
    excepted = from;
}

/* Asks the program's own malloc for a byte, as code of the program would, and looks where it lies. */
static bool probe(void) {
    void *address = dlsym(RTLD_DEFAULT, "malloc");
    void *release_address = dlsym(RTLD_DEFAULT, "free");
    if (address == NULL || release_address == NULL) {
        return false;
    }
    void *(*program_malloc)(size_t);
    void (*program_free)(void *);
    memcpy(&program_malloc, &address, sizeof address);
    memcpy(&program_free, &release_address, sizeof release_address);
    sr_guarded_enter();
    void *direct = program_malloc(1);
    char *within_libc = strdup("x"); /* the C library calls malloc by the same name */
    sr_guarded_leave();
    bool hooked = sr_arena_owns(direct) && sr_arena_owns(within_libc);
    program_free(direct);
    program_free(within_libc);
    return hooked;
}

EXPORT bool sr_guarded_hooked(void) {
    static int known; /* 0 not asked, 1 no, 2 yes */
    int state = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
    if (state == 0) {
        state = probe() ? 2 : 1;
        __atomic_store_n(&known, state, __ATOMIC_RELEASE);
    }
    return state == 2;
}
