/*
 * Size classes over blocks. A block of a class is cut into equal slots whose state is a bitmap outside the
 * arena, so that a double free or a stray pointer is seen at once. Each class has its own lock; a pair of
 * malloc and free takes two short turns of it and no system call.
 */
#include "arena.h"

#include "blocks.h"
#include "guarded.h"
#include "pages.h"
#include "spin.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#define LARGEST_SLOT 4096
#define CLASSES 28 /* 16..128 by 16, then four to each doubling */
#define BITMAP_WORDS (SR_BLOCK / 16 / 64)
#define NONE UINT32_MAX

/* What a block serves: nothing, the class with index kind - 1, or a large allocation that starts here. */
enum { KIND_UNUSED = 0, KIND_LARGE = CLASSES + 1 };

struct block {
    uint64_t free_bits[BITMAP_WORDS]; /* 1: free */
    uint32_t next, prev;              /* among the class's blocks with a free slot */
    uint32_t run;                     /* of a large allocation: its blocks */
    uint16_t free;                    /* free slots */
    uint16_t hint;                    /* no word of free_bits below has a free slot */
    uint8_t kind;
};

struct size_class {
    struct sr_spin lock;
    uint32_t partial; /* first block with a free slot */
    uint32_t size;
    uint32_t slots;
    uint32_t reciprocal; /* offset * reciprocal >> 32 is offset / size, exact for offsets in a block */
} __attribute__((aligned(64)));

uintptr_t sr_arena_start;
size_t sr_arena_size;
static struct size_class classes[CLASSES];
static struct block *blocks;
static struct sr_spin large_lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int set_up = -1;

static uint32_t class_size(unsigned index) {
    if (index < 8) {
        return 16 * (index + 1);
    }
    return (4 + (index - 8) % 4 + 1) << ((index - 8) / 4 + 5);
}

static unsigned class_of(size_t size) {
    if (size <= 128) {
        return size == 0 ? 0 : (unsigned)(size - 1) / 16;
    }
    unsigned last = (unsigned)size - 1;
    unsigned log = 31 - (unsigned)__builtin_clz(last); /* 7..11 */
    return 8 + (log - 7) * 4 + ((last >> (log - 2)) & 3);
}

static void set_up_once(void) {
    for (unsigned index = 0; index < CLASSES; index++) {
        struct size_class *class = &classes[index];
        class->partial = NONE;
        class->size = class_size(index);
        class->slots = (uint32_t)(SR_BLOCK / class->size);
        class->reciprocal = (uint32_t)((((uint64_t)1 << 32) + class->size - 1) / class->size);
    }
    uintptr_t start;
    size_t size;
    if (sr_blocks_init(&start, &size) != 0) {
        return;
    }
    size_t count = size / SR_BLOCK;
    blocks = sr_pages_table(count * sizeof(struct block));
    if (blocks == NULL) {
        return;
    }
    sr_arena_start = start;
    __atomic_store_n(&sr_arena_size, size, __ATOMIC_RELEASE);
    set_up = 0;
}

int sr_arena_init(void) {
    pthread_once(&once, set_up_once);
    return set_up;
}

static bool ready(void) {
    return __builtin_expect(__atomic_load_n(&sr_arena_size, __ATOMIC_ACQUIRE) != 0, 1) ||
           sr_arena_init() == 0;
}

static void *block_address(uint32_t index) {
    return (void *)(sr_arena_start + ((uintptr_t)index << SR_BLOCK_SHIFT));
}

static void *out_of_memory(void) {
    errno = ENOMEM;
    return NULL;
}

/* ---- blocks of a class; the class's lock is held ---- */

static void link_partial(struct size_class *class, uint32_t index) {
    struct block *block = &blocks[index];
    block->prev = NONE;
    block->next = class->partial;
    if (class->partial != NONE) {
        blocks[class->partial].prev = index;
    }
    class->partial = index;
}

static void unlink_partial(struct size_class *class, uint32_t index) {
    struct block *block = &blocks[index];
    if (block->prev != NONE) {
        blocks[block->prev].next = block->next;
    } else {
        class->partial = block->next;
    }
    if (block->next != NONE) {
        blocks[block->next].prev = block->prev;
    }
}

static bool add_block(struct size_class *class) {
    uint32_t index = sr_blocks_take(1);
    if (index == SR_NO_BLOCK) {
        return false;
    }
    struct block *block = &blocks[index];
    memset(block->free_bits, 0, sizeof block->free_bits);
    for (uint32_t slot = 0; slot < class->slots; slot++) {
        block->free_bits[slot / 64] |= (uint64_t)1 << (slot % 64);
    }
    block->free = (uint16_t) class->slots;
    block->hint = 0;
    __atomic_store_n(&block->kind, (uint8_t)(class - classes + 1), __ATOMIC_RELEASE);
    link_partial(class, index);
    return true;
}

static void *take_slot(struct size_class *class) {
    uint32_t index = class->partial;
    struct block *block = &blocks[index];
    unsigned word = block->hint;
    while (block->free_bits[word] == 0) {
        word++;
    }
    block->hint = (uint16_t)word;
    uint64_t bits = block->free_bits[word];
    uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(bits);
    __atomic_store_n(&block->free_bits[word], bits & (bits - 1), __ATOMIC_RELAXED);
    if (--block->free == 0) {
        unlink_partial(class, index);
    }
    return (char *)block_address(index) + (size_t)slot * class->size;
}

static void *alloc_small(unsigned index) {
    struct size_class *class = &classes[index];
    void *slot = NULL;
    sr_spin_lock(&class->lock);
    if (class->partial != NONE || add_block(class)) {
        slot = take_slot(class);
    }
    sr_spin_unlock(&class->lock);
    return slot != NULL ? slot : out_of_memory();
}

/* ---- large allocations: runs of blocks ---- */

static void *alloc_large(size_t size) {
    size_t count = (size >> SR_BLOCK_SHIFT) + ((size & (SR_BLOCK - 1)) != 0);
    uint32_t first = sr_blocks_take(count);
    if (first == SR_NO_BLOCK) {
        return out_of_memory();
    }
    sr_spin_lock(&large_lock);
    blocks[first].run = (uint32_t)count;
    __atomic_store_n(&blocks[first].kind, (uint8_t)KIND_LARGE, __ATOMIC_RELEASE);
    sr_spin_unlock(&large_lock);
    return block_address(first);
}

static void free_large(uint32_t first) {
    /* Whoever turns the kind from LARGE to UNUSED is the one that frees: a second one aborts. */
    sr_spin_lock(&large_lock);
    bool live = blocks[first].kind == KIND_LARGE;
    size_t count = blocks[first].run;
    __atomic_store_n(&blocks[first].kind, (uint8_t)KIND_UNUSED, __ATOMIC_RELEASE);
    blocks[first].run = 0;
    sr_spin_unlock(&large_lock);
    if (!live) {
        sr_fatal("guarded memory: freed twice");
    }
    sr_zero(block_address(first), count * SR_BLOCK);
    sr_blocks_give(first, count);
}

/* ---- what a pointer is ---- */

struct place {
    uint32_t index;           /* block */
    struct size_class *class; /* NULL for a large allocation */
    uint32_t slot;
};

/* The live allocation that starts at pointer; anything else is fatal. */
static struct place locate(const void *pointer) {
    if (!sr_arena_owns(pointer)) {
        sr_fatal("guarded memory: not a pointer of the arena");
    }
    uintptr_t offset = (uintptr_t)pointer - sr_arena_start;
    struct place place = {.index = (uint32_t)(offset >> SR_BLOCK_SHIFT)};
    uint32_t inside = (uint32_t)(offset & (SR_BLOCK - 1));
    struct block *block = &blocks[place.index];
    uint8_t kind = __atomic_load_n(&block->kind, __ATOMIC_ACQUIRE);
    if (kind != KIND_UNUSED && kind <= CLASSES) {
        struct size_class *class = &classes[kind - 1];
        place.class = class;
        place.slot = (uint32_t)(((uint64_t)inside * class->reciprocal) >> 32);
        if (place.slot < class->slots && place.slot * class->size == inside) {
            uint64_t bits = __atomic_load_n(&block->free_bits[place.slot / 64], __ATOMIC_RELAXED);
            if ((bits >> (place.slot % 64) & 1) == 0) {
                return place;
            }
            sr_fatal("guarded memory: freed twice");
        }
    } else if (kind == KIND_LARGE && inside == 0) {
        return place;
    }
    sr_fatal("guarded memory: not the start of a live allocation");
}

static void free_small(struct place place, void *pointer) {
    struct size_class *class = place.class;
    struct block *block = &blocks[place.index];
    uint64_t bit = (uint64_t)1 << (place.slot % 64);
    unsigned word = place.slot / 64;
    bool empty = false;
    sr_zero(pointer, class->size);
    sr_spin_lock(&class->lock);
    uint64_t bits = block->free_bits[word];
    if ((bits & bit) != 0) {
        sr_fatal("guarded memory: freed twice"); /* by another thread, just now */
    }
    __atomic_store_n(&block->free_bits[word], bits | bit, __ATOMIC_RELAXED);
    if (word < block->hint) {
        block->hint = (uint16_t)word;
    }
    if (block->free++ == 0) {
        link_partial(class, place.index);
    } else if (block->free == class->slots && (class->partial != place.index || block->next != NONE)) {
        /* Another block still has room, so this one need not be kept for the class. */
        unlink_partial(class, place.index);
        __atomic_store_n(&block->kind, (uint8_t)KIND_UNUSED, __ATOMIC_RELEASE);
        empty = true;
    }
    sr_spin_unlock(&class->lock);
    if (empty) {
        sr_blocks_give(place.index, 1);
    }
}

/* ---- the public face ---- */

void *sr_arena_alloc(size_t size) {
    if (!ready()) {
        return out_of_memory();
    }
    return size <= LARGEST_SLOT ? alloc_small(class_of(size)) : alloc_large(size);
}

void *sr_arena_alloc_aligned(size_t alignment, size_t size) {
    if (alignment <= 16) {
        return sr_arena_alloc(size);
    }
    if (alignment > SR_BLOCK) {
        return out_of_memory();
    }
    /* Slots of a power of two lie on multiples of it, and large allocations on blocks. */
    size_t rounded = alignment;
    while (rounded < size && rounded < LARGEST_SLOT) {
        rounded *= 2;
    }
    return sr_arena_alloc(rounded > size ? rounded : size);
}

void sr_arena_free(void *pointer) {
    if (pointer == NULL) {
        return;
    }
    struct place place = locate(pointer);
    if (place.class != NULL) {
        free_small(place, pointer);
    } else {
        free_large(place.index);
    }
}

static size_t usable(struct place place) {
    return place.class != NULL ? place.class->size : blocks[place.index].run * SR_BLOCK;
}

size_t sr_arena_usable(const void *pointer) {
    return pointer == NULL ? 0 : usable(locate(pointer));
}

void *sr_arena_realloc(void *pointer, size_t size) {
    if (pointer == NULL) {
        return sr_arena_alloc(size);
    }
    size_t held = sr_arena_usable(pointer);
    /* In place unless it grows out, or would waste more than half. */
    if (size <= held && (size >= held / 2 || held <= 64)) {
        return pointer;
    }
    void *moved = sr_arena_alloc(size);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, pointer, size < held ? size : held);
    sr_arena_free(pointer);
    return moved;
}

bool sr_arena_contains(const void *address) {
    return sr_arena_owns(address) && sr_blocks_contains(address);
}

size_t sr_arena_bytes(void) {
    return sr_blocks_bytes();
}

void sr_arena_regions(void (*visit)(const void *start, const void *end, void *context), void *context) {
    sr_blocks_regions(visit, context);
}

void sr_arena_lock_all(void) {
    for (unsigned index = 0; index < CLASSES; index++) {
        sr_spin_lock(&classes[index].lock);
    }
    sr_spin_lock(&large_lock);
    sr_blocks_lock();
}

void sr_arena_unlock_all(void) {
    sr_blocks_unlock();
    sr_spin_unlock(&large_lock);
    for (unsigned index = CLASSES; index-- > 0;) {
        sr_spin_unlock(&classes[index].lock);
    }
}
