/*
 * Guarded memory: the only place where key bytes lie in the clear.
 *
 * Three shapes. A guarded buffer is for one key, of which there may be a million: a slot in a slab, with a
 * canary behind the data, and pages that fault around the slab. A fenced buffer is for the few that last, and
 * for what is too large for a slot: pages of its own between two that fault, the data against the rear one, a
 * canary in the slack in front. The guarded arena is for what OpenSSL allocates while it works on keys: one
 * reserved range between guard pages, handed out in size classes. All are mlocked, MADV_DONTDUMP and
 * MADV_WIPEONFORK, and zeroed when they are freed.
 */
#ifndef STRONGROOM_GUARDED_H
#define STRONGROOM_GUARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/* Sets up. With require_lock a refusal of mlock is a failure of the allocation that met it, from then on and
 * whatever later calls say; else it is noted in sr_guarded_locked(). */
int sr_guarded_init(bool require_lock);
/* True while every page handed out so far could be locked. */
bool sr_guarded_locked(void);

/* A zeroed buffer of size bytes (1..2^30), 16-aligned, or NULL with errno; any number of them. */
void *sr_guarded_alloc(size_t size);
/* The same on pages of its own, against a page that faults; 16-aligned when size is a multiple of 16. Some
 * thousand of them at most. */
void *sr_fenced_alloc(size_t size);
/* Zeroes and takes back either; aborts the process when the canary was overwritten or this is no live buffer.
 * The pages of a fenced one fault from then on. NULL is allowed. */
void sr_guarded_free(void *buffer);
/* Bytes of a live buffer; 0 for NULL. */
size_t sr_guarded_size(const void *buffer);

/* Between enter and leave, this thread's malloc/calloc/realloc come from the guarded arena (nesting counts).
 * Without the hook (hook.c preloaded) these do nothing and sr_guarded_hooked() is false. free() finds the
 * right owner at any time. */
void sr_guarded_enter(void);
void sr_guarded_leave(void);
bool sr_guarded_hooked(void);
/* Inside the scope, this thread's allocations of `from` bytes and more come from ordinary memory, as outside;
 * 0 ends that. For working memory that is too large to be locked for everybody: where locking has no limit,
 * it is locked all the same. Whoever uses it zeroes it. */
void sr_guarded_except(size_t from);

/* Bytes that guarded buffers may take in all; SIZE_MAX where locking is not required or not limited. */
size_t sr_guarded_most(void);
/* True for an address inside any guarded range, a buffer's guard pages included. */
bool sr_guarded_contains(const void *address);
/* Calls visit for every guarded range (pages that fault lie in some of them); for the memory test and for
 * status. Runs under the locks: visit must not allocate or free guarded memory. */
void sr_guarded_regions(void (*visit)(const void *start, const void *end, void *context), void *context);
/* Bytes on guarded pages that have memory behind them. */
size_t sr_guarded_bytes(void);

/* Zeroes in a way that no compiler drops. */
void sr_zero(void *buffer, size_t size);
/* Zeroes the vector registers that a function may leave with anything in them. */
void sr_scrub_registers(void);
/* Zeroes the dead stack below the caller (about 32 KiB), where library code may have left intermediate
 * values, and those registers. */
void sr_scrub_stack(void);

#pragma GCC visibility pop

#endif
