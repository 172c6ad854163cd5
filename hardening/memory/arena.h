/*
 * The guarded arena: an allocator whose memory is guarded and whose bookkeeping lies elsewhere, so that
 * neither an overrun nor the wiping of the arena in a forked child can confuse it.
 *
 * Every byte that is not handed out is zero: memory comes zeroed from the kernel and is zeroed on free. All
 * functions may be called from any thread, and set the arena up when nobody has.
 */
#ifndef STRONGROOM_ARENA_H
#define STRONGROOM_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The reserved range; written once. Before that the size is 0, so that nothing is inside. */
extern uintptr_t sr_arena_start __attribute__((visibility("hidden")));
extern size_t sr_arena_size __attribute__((visibility("hidden")));

/* Whether the arena owns this address: open or not, allocated or not. */
static inline bool sr_arena_owns(const void *address) {
    return (uintptr_t)address - sr_arena_start < sr_arena_size;
}

/* Reserves the range. 0, or -1 when there is no address space. Further calls do nothing. */
int sr_arena_init(void);

/* size bytes, zeroed, 16-aligned; NULL with errno ENOMEM. Size 0 gives a pointer that may be freed. */
void *sr_arena_alloc(size_t size);
/* The same on a boundary: a power of two up to 16 KiB, else NULL with errno ENOMEM. */
void *sr_arena_alloc_aligned(size_t alignment, size_t size);
/* Grows or shrinks; a place that it moves out of is zeroed. NULL with errno ENOMEM leaves the old allocation
 * alone. */
void *sr_arena_realloc(void *pointer, size_t size);
/* Zeroes and takes back. A pointer that is not a live allocation aborts the process. */
void sr_arena_free(void *pointer);
/* Bytes that may be used at pointer, at least what was asked for. */
size_t sr_arena_usable(const void *pointer);

/* True for an address on an open page. */
bool sr_arena_contains(const void *address);
/* Bytes on open pages. */
size_t sr_arena_bytes(void);
/* Calls visit for every stretch of open pages, under the arena's lock: visit must not allocate guarded
 * memory. */
void sr_arena_regions(void (*visit)(const void *start, const void *end, void *context), void *context);

/* Around fork: nobody else may be inside the arena while it is copied. */
void sr_arena_lock_all(void);
void sr_arena_unlock_all(void);

#endif
