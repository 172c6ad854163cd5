/*
 * The arena's ground: blocks of 16 KiB in one reserved range between guard pages, opened and given back in
 * chunks of 256 KiB. The size classes and the large allocations of arena.c are built from runs of blocks.
 */
#ifndef STRONGROOM_BLOCKS_H
#define STRONGROOM_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SR_BLOCK_SHIFT 14
#define SR_BLOCK ((size_t)1 << SR_BLOCK_SHIFT)
#define SR_NO_BLOCK UINT32_MAX

/* Reserves the range and tells where it starts (on a block boundary) and how many bytes it has. 0, or -1. */
int sr_blocks_init(uintptr_t *start, size_t *bytes);

/* The first of count neighbouring blocks, all zero; SR_NO_BLOCK when there are none or they could not be
 * locked. */
uint32_t sr_blocks_take(size_t count);
/* Takes zeroed blocks back. */
void sr_blocks_give(uint32_t first, size_t count);

/* For the functions of the same names in arena.h. */
bool sr_blocks_contains(const void *address);
size_t sr_blocks_bytes(void);
void sr_blocks_regions(void (*visit)(const void *start, const void *end, void *context), void *context);

void sr_blocks_lock(void);
void sr_blocks_unlock(void);

#endif
