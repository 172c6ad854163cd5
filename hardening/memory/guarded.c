/*
 * Guarded buffers. A slab is a stretch of reserved address space cut into slots, each between inaccessible
 * pages:
 *
 *     guard | slack, canary   data | guard | slack, canary   data | guard ...
 *
 * so that neighbours share a guard page and a key costs two mappings. Data ends exactly at the rear guard;
 * the slack in front is filled with the canary. What is known about a slot lies in a table outside.
 */
#include "guarded.h"

#include "arena.h"
#include "pages.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#define LARGEST_BUFFER ((size_t)1 << 30)
#define SLOTS 64              /* in a slab, as its state is one 64-bit word */
#define LARGEST_SLAB_PAGES 16 /* a buffer of more data pages has a slab to itself */
#define MOST_SLABS 65536
#define SPARE_SLOTS 32 /* freed slots that stay locked, hidden, for the next key */
#define CANARY_WORDS 2

struct slab {
    uintptr_t start; /* 0 when this entry is unused */
    size_t bytes;
    size_t pages;   /* data pages of a slot */
    uint32_t slots; /* 1..SLOTS */
    uint64_t used;  /* 1: handed out */
    uint64_t spare; /* 1: open and hidden, waiting for its next use */
    uint32_t size[SLOTS];
    uint32_t epoch[SLOTS]; /* number of forks lived through when it was handed out */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int set_up = -1;
static struct slab *slabs;   /* MOST_SLABS entries, the first slab_top of them used at some time */
static uint32_t *by_address; /* indices of the slabs in use, in order of their start */
static uint32_t slab_top;
static uint32_t slab_count;
static uint32_t spare_count;
static size_t open_bytes;
static uint32_t epoch;
static uint64_t canary[CANARY_WORDS];

/* ---- the table of slabs; the lock is held ---- */

/* Position in by_address of the last slab that starts at or below address, or slab_count when there is none.
 */
static uint32_t find_position(uintptr_t address) {
    uint32_t low = 0;
    uint32_t high = slab_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slabs[by_address[middle]].start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? slab_count : low - 1;
}

static struct slab *find_slab(const void *address) {
    uint32_t position = find_position((uintptr_t)address);
    if (position == slab_count) {
        return NULL;
    }
    struct slab *slab = &slabs[by_address[position]];
    return (uintptr_t)address - slab->start < slab->bytes ? slab : NULL;
}

static size_t slot_stride(const struct slab *slab) {
    return (slab->pages + 1) * sr_page_size();
}

/* First data page of a slot, after its guard page. */
static char *slot_start(const struct slab *slab, uint32_t slot) {
    return (char *)(slab->start + slot * slot_stride(slab) + sr_page_size());
}

static uint64_t all_slots(const struct slab *slab) {
    return slab->slots == SLOTS ? ~(uint64_t)0 : ((uint64_t)1 << slab->slots) - 1;
}

static struct slab *add_slab(size_t pages, uint32_t slots) {
    uint32_t index = 0;
    while (index < slab_top && slabs[index].start != 0) {
        index++;
    }
    if (index == MOST_SLABS) {
        return NULL;
    }
    size_t bytes = (slots * (pages + 1) + 1) * sr_page_size();
    void *start = sr_pages_reserve(bytes);
    if (start == NULL) {
        return NULL;
    }
    struct slab *slab = &slabs[index];
    *slab = (struct slab){.start = (uintptr_t)start, .bytes = bytes, .pages = pages, .slots = slots};
    slab_top = index == slab_top ? slab_top + 1 : slab_top;
    uint32_t position = find_position(slab->start);
    position = position == slab_count ? 0 : position + 1;
    memmove(&by_address[position + 1], &by_address[position], (slab_count - position) * sizeof *by_address);
    by_address[position] = index;
    slab_count++;
    return slab;
}

static void drop_slab(struct slab *slab) {
    uint32_t position = find_position(slab->start);
    slab_count--;
    memmove(&by_address[position], &by_address[position + 1], (slab_count - position) * sizeof *by_address);
    spare_count -= (uint32_t)__builtin_popcountll(slab->spare);
    open_bytes -= (size_t)__builtin_popcountll(slab->spare) * slab->pages * sr_page_size();
    sr_pages_release((void *)slab->start, slab->bytes);
    slab->start = 0;
}

/* A slab of that slot size with room; one with a spare slot rather than one without. */
static struct slab *slab_with_room(size_t pages) {
    struct slab *found = NULL;
    for (uint32_t index = 0; index < slab_top; index++) {
        struct slab *slab = &slabs[index];
        if (slab->start != 0 && slab->pages == pages && slab->slots > 1 && slab->used != all_slots(slab)) {
            if (slab->spare != 0) {
                return slab;
            }
            found = found != NULL ? found : slab;
        }
    }
    return found != NULL ? found : add_slab(pages, SLOTS);
}

/* ---- slots ---- */

/* The canary is a pattern over addresses, so that each byte of the slack has its own expected value. */
static void fill_canary(char *from, const char *to) {
    const unsigned char *pattern = (const unsigned char *)canary;
    for (; from < to && (uintptr_t)from % sizeof canary != 0; from++) {
        *from = (char)pattern[(uintptr_t)from % sizeof canary];
    }
    for (; to - from >= (ptrdiff_t)sizeof canary; from += sizeof canary) {
        memcpy(from, canary, sizeof canary);
    }
    for (; from < to; from++) {
        *from = (char)pattern[(uintptr_t)from % sizeof canary];
    }
}

static bool slack_is(const char *from, const char *to, const uint64_t expected[CANARY_WORDS]) {
    const unsigned char *pattern = (const unsigned char *)expected;
    unsigned char difference = 0;
    for (; to - from >= (ptrdiff_t)sizeof canary; from += sizeof canary) { /* starts on a page */
        uint64_t found[CANARY_WORDS];
        memcpy(found, from, sizeof found);
        difference |= (found[0] ^ expected[0]) != 0 || (found[1] ^ expected[1]) != 0;
    }
    for (; from < to; from++) {
        difference |= (unsigned char)*from ^ pattern[(uintptr_t)from % sizeof canary];
    }
    return difference == 0;
}

static void check_canary(const struct slab *slab, uint32_t slot, const char *data) {
    static const uint64_t wiped[CANARY_WORDS];
    const char *start = slot_start(slab, slot);
    if (slack_is(start, data, canary)) {
        return;
    }
    /* In a forked child the kernel has wiped what the parent wrote, the canary with it. */
    if (slab->epoch[slot] != epoch && slack_is(start, data, wiped)) {
        return;
    }
    sr_fatal("guarded memory: written in front of a buffer");
}

static void *take_slot(struct slab *slab, size_t size) {
    uint64_t choice = slab->spare != 0 ? slab->spare : all_slots(slab) & ~slab->used;
    uint32_t slot = (uint32_t)__builtin_ctzll(choice);
    uint64_t bit = (uint64_t)1 << slot;
    size_t bytes = slab->pages * sr_page_size();
    char *start = slot_start(slab, slot);
    if ((slab->spare & bit) != 0) {
        if (!sr_pages_show(start, bytes)) {
            return NULL;
        }
        slab->spare &= ~bit;
        spare_count--;
    } else {
        if (!sr_pages_open(start, bytes)) {
            return NULL;
        }
        open_bytes += bytes;
    }
    slab->used |= bit;
    slab->size[slot] = (uint32_t)size;
    slab->epoch[slot] = epoch;
    char *data = start + bytes - size;
    fill_canary(start, data);
    return data;
}

static void give_slot(struct slab *slab, uint32_t slot) {
    uint64_t bit = (uint64_t)1 << slot;
    size_t bytes = slab->pages * sr_page_size();
    char *start = slot_start(slab, slot);
    sr_zero(start, bytes);
    slab->used &= ~bit;
    if (slab->slots > 1 && slab->pages == 1 && spare_count < SPARE_SLOTS && sr_pages_hide(start, bytes)) {
        slab->spare |= bit;
        spare_count++;
        return;
    }
    sr_pages_close(start, bytes);
    open_bytes -= bytes;
    if (slab->used == 0 && slab->spare == 0) {
        drop_slab(slab);
    }
}

/* The slab and slot of a live buffer; anything else is fatal. */
static struct slab *locate(const void *buffer, uint32_t *slot) {
    struct slab *slab = find_slab(buffer);
    if (slab == NULL) {
        sr_fatal("guarded memory: not a guarded buffer");
    }
    *slot = (uint32_t)(((uintptr_t)buffer - slab->start) / slot_stride(slab));
    if (*slot >= slab->slots || (slab->used >> *slot & 1) == 0) {
        sr_fatal("guarded memory: not a live buffer, or freed twice");
    }
    if (slot_start(slab, *slot) + slab->pages * sr_page_size() - slab->size[*slot] != (const char *)buffer) {
        sr_fatal("guarded memory: not the start of a buffer");
    }
    return slab;
}

/* ---- fork ---- */

static void before_fork(void) {
    pthread_mutex_lock(&lock);
    sr_arena_lock_all();
}

static void after_fork_parent(void) {
    sr_arena_unlock_all();
    pthread_mutex_unlock(&lock);
}

static void after_fork_child(void) {
    epoch++;
    sr_pages_forget_locks();
    after_fork_parent();
}

/* ---- the public face ---- */

static void set_up_once(void) {
    sr_pages_raise_lock_limit();
    slabs = sr_pages_table(MOST_SLABS * sizeof *slabs);
    by_address = sr_pages_table((MOST_SLABS + 1) * sizeof *by_address);
    if (slabs == NULL || by_address == NULL || !sr_pages_random(canary, sizeof canary)) {
        return;
    }
    if (sr_arena_init() != 0 || pthread_atfork(before_fork, after_fork_parent, after_fork_child) != 0) {
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
    sr_pages_require_lock(require_lock);
    if (require_lock && !sr_pages_all_locked()) {
        errno = EPERM; /* what was handed out before could not be locked */
        return -1;
    }
    return 0;
}

bool sr_guarded_locked(void) {
    return sr_pages_all_locked();
}

void *sr_guarded_alloc(size_t size) {
    if (size == 0 || size > LARGEST_BUFFER) {
        errno = EINVAL;
        return NULL;
    }
    if (!ready()) {
        errno = ENOMEM;
        return NULL;
    }
    size_t pages = (size + sr_page_size() - 1) / sr_page_size();
    void *data = NULL;
    pthread_mutex_lock(&lock);
    struct slab *slab = pages <= LARGEST_SLAB_PAGES ? slab_with_room(pages) : add_slab(pages, 1);
    if (slab != NULL) {
        data = take_slot(slab, size);
        if (data == NULL && slab->used == 0 && slab->spare == 0) {
            drop_slab(slab);
        }
    }
    pthread_mutex_unlock(&lock);
    if (data == NULL) {
        errno = ENOMEM;
    }
    return data;
}

void sr_guarded_free(void *buffer) {
    if (buffer == NULL) {
        return;
    }
    uint32_t slot;
    pthread_mutex_lock(&lock);
    struct slab *slab = locate(buffer, &slot);
    check_canary(slab, slot, buffer);
    give_slot(slab, slot);
    pthread_mutex_unlock(&lock);
}

size_t sr_guarded_size(const void *buffer) {
    if (buffer == NULL) {
        return 0;
    }
    uint32_t slot;
    pthread_mutex_lock(&lock);
    size_t size = locate(buffer, &slot)->size[slot];
    pthread_mutex_unlock(&lock);
    return size;
}

bool sr_guarded_contains(const void *address) {
    pthread_mutex_lock(&lock);
    bool inside = find_slab(address) != NULL;
    pthread_mutex_unlock(&lock);
    return inside || sr_arena_contains(address);
}

void sr_guarded_regions(void (*visit)(const void *start, const void *end, void *context), void *context) {
    pthread_mutex_lock(&lock);
    for (uint32_t position = 0; position < slab_count; position++) {
        const struct slab *slab = &slabs[by_address[position]];
        visit((const void *)slab->start, (const void *)(slab->start + slab->bytes), context);
    }
    pthread_mutex_unlock(&lock);
    sr_arena_regions(visit, context);
}

size_t sr_guarded_bytes(void) {
    pthread_mutex_lock(&lock);
    size_t bytes = open_bytes;
    pthread_mutex_unlock(&lock);
    return bytes + sr_arena_bytes();
}
