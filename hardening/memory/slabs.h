/*
 * Slabs: guarded memory for any number of small things that come and go, such as keys. A slab is a stretch of
 * open pages between two that fault, cut into slots of one size:
 *
 *     guard | data, canary | data, canary | free: zero | data, canary | ... | guard
 *
 * so that a million keys cost some hundred mappings, of which a process has 65,530. What is known about a
 * slot lies in tables outside. All functions may be called from any thread.
 */
#ifndef STRONGROOM_SLABS_H
#define STRONGROOM_SLABS_H

#include <stdbool.h>
#include <stddef.h>

/* What fits a slot: the enclave's largest key is a mebibyte and a few bytes. */
#define SR_SLOT_LARGEST (((size_t)1 << 20) + 4096)

/* 0, or -1 when there is no memory for the tables. The canary is set up before. */
int sr_slabs_init(void);

/* Zeroed, 16-aligned; NULL when there is no more memory or it could not be locked. */
void *sr_slabs_alloc(size_t size);
/* Whether the address lies in a slab, or in a page that guards one. */
bool sr_slabs_own(const void *address);
/* Of an address that a slab owns. Zeroes and takes back; the process ends when the canary was overwritten or
 * this is no live slot. */
void sr_slabs_free(void *data);
size_t sr_slabs_size(const void *data);

/* Bytes that slabs may have open: where locking is required and limited, three quarters of the limit, so that
 * operations with the keys that are there find memory. SIZE_MAX where there is no limit. */
size_t sr_slabs_most(void);
/* Open bytes; each slab's open pages, under the lock. */
size_t sr_slabs_bytes(void);
void sr_slabs_regions(void (*visit)(const void *start, const void *end, void *context), void *context);

/* Around fork. */
void sr_slabs_lock(void);
void sr_slabs_unlock(void);
/* In the child, under the lock: the kernel has wiped what lies in the slots, their canaries with it. */
void sr_slabs_wiped(void);

#endif
