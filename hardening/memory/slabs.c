#include "slabs.h"

#include "canary.h"
#include "guarded.h"
#include "pages.h"

#include <pthread.h>
#include <string.h>

#define CLASSES 62 /* 32..128 by 16, then four to each doubling */
#define LARGEST_CLASS ((size_t)7 << 18)
#define SMALLEST_SLAB ((size_t)64 * 1024)
#define LARGEST_SLAB (SMALLEST_SLAB << 8)
#define MOST_SLABS 8192
/* Memory goes back to the system in pieces of this size, when no slot that touches one is taken. */
#define CHUNK ((size_t)64 * 1024)
#define NONE UINT32_MAX
#define WIPED ((uint32_t)1 << 31)

struct slab {
    uintptr_t start; /* of the first slot; 0 when this entry is unused */
    size_t bytes;    /* open, whole pages */
    uint32_t class;
    uint32_t slots;
    uint32_t free;       /* free slots */
    uint32_t hint;       /* no word of free_bits below has a free slot */
    uint32_t next, prev; /* among the class's slabs with a free slot; next alone, among unused entries */
    size_t table_bytes;
    uint32_t *size;      /* of each slot's data, 0 when free; WIPED when a fork came over it */
    uint32_t *live;      /* of each chunk: slots in use that touch it */
    uint64_t *free_bits; /* 1: free */
};

struct size_class {
    uint32_t partial; /* first slab with a free slot */
    uint32_t count;   /* its slabs */
    /* A chunk without slots in use that has its memory still, for the next key. */
    uint32_t idle_slab, idle_chunk;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct size_class classes[CLASSES];
static struct slab *slabs;   /* MOST_SLABS entries, the first slab_top of them used at some time */
static uint32_t *by_address; /* indices of the slabs in use, in order of their start */
static uint32_t slab_top, slab_count, unused = NONE;
static size_t open_bytes;

int sr_slabs_init(void) {
    slabs = sr_pages_table(MOST_SLABS * sizeof *slabs);
    by_address = sr_pages_table(MOST_SLABS * sizeof *by_address);
    for (unsigned index = 0; index < CLASSES; index++) {
        classes[index] = (struct size_class){.partial = NONE, .idle_slab = NONE};
    }
    return slabs == NULL || by_address == NULL ? -1 : 0;
}

/* ---- classes ---- */

static size_t class_size(uint32_t index) {
    if (index < 7) {
        return 16 * ((size_t)index + 2);
    }
    return ((size_t)(index - 7) % 4 + 5) << ((index - 7) / 4 + 5);
}

/* The smallest class with so many bytes. */
static uint32_t class_of(size_t bytes) {
    if (bytes <= 128) {
        return bytes <= 32 ? 0 : (uint32_t)(bytes - 1) / 16 - 1;
    }
    uint32_t last = (uint32_t)bytes - 1;
    uint32_t log = 31 - (uint32_t)__builtin_clz(last);
    return 7 + (log - 7) * 4 + ((last >> (log - 2)) & 3);
}

_Static_assert(SR_SLOT_LARGEST + SR_CANARY_SIZE <= LARGEST_CLASS && LARGEST_CLASS <= LARGEST_SLAB,
               "the largest slot has its class, and fits a slab");

/* ---- the table of slabs; the lock is held ---- */

/* How many slabs start at or below the address. */
static uint32_t slabs_up_to(uintptr_t address) {
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
    return low;
}

/* The slab that the address lies in, a page before and behind it included. */
static struct slab *find_slab(const void *address) {
    uintptr_t page = sr_page_size();
    uint32_t position = slabs_up_to((uintptr_t)address + page);
    if (position == 0) {
        return NULL;
    }
    struct slab *slab = &slabs[by_address[position - 1]];
    return (uintptr_t)address - (slab->start - page) < slab->bytes + 2 * page ? slab : NULL;
}

static uint32_t take_entry(void) {
    if (unused != NONE) {
        uint32_t index = unused;
        unused = slabs[index].next;
        return index;
    }
    return slab_top < MOST_SLABS ? slab_top++ : NONE;
}

static void give_entry(uint32_t index) {
    slabs[index] = (struct slab){.next = unused};
    unused = index;
}

static void link_partial(uint32_t index) {
    struct slab *slab = &slabs[index];
    uint32_t *first = &classes[slab->class].partial;
    slab->prev = NONE;
    slab->next = *first;
    if (*first != NONE) {
        slabs[*first].prev = index;
    }
    *first = index;
}

static void unlink_partial(uint32_t index) {
    struct slab *slab = &slabs[index];
    if (slab->prev != NONE) {
        slabs[slab->prev].next = slab->next;
    } else {
        classes[slab->class].partial = slab->next;
    }
    if (slab->next != NONE) {
        slabs[slab->next].prev = slab->prev;
    }
}

static uint32_t chunks_of(const struct slab *slab) {
    return (uint32_t)((slab->bytes + CHUNK - 1) / CHUNK);
}

/* The tables of a slab in one piece: bits, sizes, chunks. */
static bool make_tables(struct slab *slab) {
    size_t words = ((size_t)slab->slots + 63) / 64;
    slab->table_bytes = words * sizeof(uint64_t) + ((size_t)slab->slots + chunks_of(slab)) * sizeof(uint32_t);
    slab->free_bits = sr_pages_table(slab->table_bytes);
    if (slab->free_bits == NULL) {
        return false;
    }
    slab->size = (uint32_t *)(void *)(slab->free_bits + words);
    slab->live = slab->size + slab->slots;
    for (uint32_t slot = 0; slot < slab->slots; slot++) {
        slab->free_bits[slot / 64] |= (uint64_t)1 << (slot % 64);
    }
    return true;
}

size_t sr_slabs_most(void) {
    size_t lockable = sr_pages_lockable();
    return lockable == SIZE_MAX ? SIZE_MAX : lockable / 4 * 3;
}

/* A slab of about so many bytes, or NONE. */
static uint32_t open_slab(uint32_t class, size_t wanted) {
    size_t size = class_size(class);
    size_t page = sr_page_size();
    uint32_t index = take_entry();
    if (index == NONE) {
        return NONE;
    }
    struct slab *slab = &slabs[index];
    *slab = (struct slab){.class = class, .slots = (uint32_t)(wanted < size ? 1 : wanted / size)};
    slab->free = slab->slots;
    slab->bytes = (slab->slots * size + page - 1) / page * page;
    bool fits = sr_slabs_most() - open_bytes >= slab->bytes && sr_slabs_most() >= open_bytes;
    char *start = fits && make_tables(slab) ? sr_pages_reserve(slab->bytes + 2 * page) : NULL;
    if (start == NULL || !sr_pages_open_lazily(start + page, slab->bytes)) {
        if (start != NULL) {
            sr_pages_release(start, slab->bytes + 2 * page);
        }
        if (slab->free_bits != NULL) {
            sr_pages_release(slab->free_bits, slab->table_bytes);
        }
        give_entry(index);
        return NONE;
    }
    slab->start = (uintptr_t)start + page;
    uint32_t position = slabs_up_to(slab->start);
    memmove(&by_address[position + 1], &by_address[position], (slab_count - position) * sizeof *by_address);
    by_address[position] = index;
    slab_count++;
    classes[class].count++;
    open_bytes += slab->bytes;
    link_partial(index);
    return index;
}

/* A slab for a class that has none with room: the larger the more it has, smaller where that is too much. */
static uint32_t add_slab(uint32_t class) {
    uint32_t doublings = classes[class].count < 8 ? classes[class].count : 8;
    uint32_t index = NONE;
    for (size_t wanted = SMALLEST_SLAB << doublings; index == NONE && wanted >= SMALLEST_SLAB; wanted /= 2) {
        index = open_slab(class, wanted);
    }
    return index;
}

/* Of a slab without slots in use. */
static void drop_slab(uint32_t index) {
    struct slab *slab = &slabs[index];
    struct size_class *class = &classes[slab->class];
    size_t page = sr_page_size();
    uint32_t position = slabs_up_to(slab->start) - 1;
    slab_count--;
    memmove(&by_address[position], &by_address[position + 1], (slab_count - position) * sizeof *by_address);
    unlink_partial(index);
    class->count--;
    if (class->idle_slab == index) {
        class->idle_slab = NONE;
    }
    open_bytes -= slab->bytes;
    sr_pages_release((char *)slab->start - page, slab->bytes + 2 * page);
    sr_pages_release(slab->free_bits, slab->table_bytes);
    give_entry(index);
}

/* ---- chunks: which memory of a slab is needed ---- */

struct chunks {
    uint32_t first, last;
};

static struct chunks chunks_around(const struct slab *slab, uint32_t slot) {
    size_t size = class_size(slab->class);
    size_t from = slot * size;
    return (struct chunks){(uint32_t)(from / CHUNK), (uint32_t)((from + size - 1) / CHUNK)};
}

static void give_back(uint32_t index, uint32_t chunk) {
    const struct slab *slab = &slabs[index];
    size_t from = chunk * CHUNK;
    size_t bytes = slab->bytes - from < CHUNK ? slab->bytes - from : CHUNK;
    sr_pages_empty((char *)slab->start + from, bytes);
}

/* Nothing in this chunk is in use. Each class keeps the memory of one such chunk; what it kept before goes.
 */
static void chunk_is_idle(uint32_t index, uint32_t chunk) {
    struct size_class *class = &classes[slabs[index].class];
    if (class->idle_slab == index && class->idle_chunk == chunk) {
        return;
    }
    if (class->idle_slab != NONE && slabs[class->idle_slab].live[class->idle_chunk] == 0) {
        give_back(class->idle_slab, class->idle_chunk);
    }
    class->idle_slab = index;
    class->idle_chunk = chunk;
}

/* ---- slots ---- */

static char *slot_start(const struct slab *slab, uint32_t slot) {
    return (char *)slab->start + slot * class_size(slab->class);
}

static void *take_slot(uint32_t index, size_t size) {
    struct slab *slab = &slabs[index];
    uint32_t word = slab->hint;
    while (slab->free_bits[word] == 0) {
        word++;
    }
    slab->hint = word;
    uint64_t bits = slab->free_bits[word];
    uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(bits);
    char *data = slot_start(slab, slot);
    char *end = data + class_size(slab->class);
    if (!sr_all_zero(data, end)) {
        sr_fatal("guarded memory: written to where nothing is");
    }
    slab->free_bits[word] = bits & (bits - 1);
    slab->size[slot] = (uint32_t)size;
    struct chunks chunks = chunks_around(slab, slot);
    for (uint32_t chunk = chunks.first; chunk <= chunks.last; chunk++) {
        slab->live[chunk]++;
    }
    if (--slab->free == 0) {
        unlink_partial(index);
    }
    sr_canary_fill(data + size, end);
    return data;
}

/* The slab and slot of live data; anything else is fatal. */
static struct slab *locate(const void *data, uint32_t *slot) {
    struct slab *slab = find_slab(data);
    if (slab == NULL) {
        sr_fatal("guarded memory: not a guarded buffer");
    }
    size_t offset = (uintptr_t)data - slab->start; /* huge in the guard page in front */
    size_t size = class_size(slab->class);
    if (offset / size >= slab->slots || offset % size != 0) {
        sr_fatal("guarded memory: not the start of a buffer");
    }
    *slot = (uint32_t)(offset / size);
    if (slab->size[*slot] == 0) {
        sr_fatal("guarded memory: not a live buffer, or freed twice");
    }
    return slab;
}

static bool may_go(const struct slab *slab) {
    return slab->free == slab->slots && slab->bytes > SMALLEST_SLAB;
}

/* An empty slab goes, unless the next key of its class would need one again. A small one may stay alone. */
static void slab_is_empty(uint32_t index) {
    struct size_class *class = &classes[slabs[index].class];
    bool others = class->partial != index || slabs[index].next != NONE;
    if (others || (class->count == 1 && may_go(&slabs[index]))) {
        drop_slab(index);
    }
    if (class->count == 1 && class->partial != NONE && may_go(&slabs[class->partial])) {
        drop_slab(class->partial);
    }
}

static void give_slot(struct slab *slab, uint32_t slot) {
    uint32_t index = (uint32_t)(slab - slabs);
    sr_zero(slot_start(slab, slot), class_size(slab->class));
    slab->size[slot] = 0;
    slab->free_bits[slot / 64] |= (uint64_t)1 << (slot % 64);
    if (slot / 64 < slab->hint) {
        slab->hint = slot / 64;
    }
    if (slab->free++ == 0) {
        link_partial(index);
    }
    struct chunks chunks = chunks_around(slab, slot);
    for (uint32_t chunk = chunks.first; chunk <= chunks.last; chunk++) {
        if (--slab->live[chunk] == 0) {
            chunk_is_idle(index, chunk);
        }
    }
    if (slab->free == slab->slots) {
        slab_is_empty(index);
    }
}

void *sr_slabs_alloc(size_t size) {
    uint32_t class = class_of(size + SR_CANARY_SIZE);
    void *data = NULL;
    pthread_mutex_lock(&lock);
    uint32_t index = classes[class].partial;
    if (index == NONE) {
        index = add_slab(class);
    }
    if (index != NONE) {
        data = take_slot(index, size);
    }
    pthread_mutex_unlock(&lock);
    return data;
}

bool sr_slabs_own(const void *address) {
    pthread_mutex_lock(&lock);
    bool inside = find_slab(address) != NULL;
    pthread_mutex_unlock(&lock);
    return inside;
}

void sr_slabs_free(void *data) {
    uint32_t slot;
    pthread_mutex_lock(&lock);
    struct slab *slab = locate(data, &slot);
    const char *rest = (const char *)data + (slab->size[slot] & ~WIPED);
    const char *end = (const char *)data + class_size(slab->class);
    bool wiped = (slab->size[slot] & WIPED) != 0 && sr_all_zero(rest, end);
    if (!wiped && !sr_canary_intact(rest, end)) {
        sr_fatal("guarded memory: written behind a buffer");
    }
    give_slot(slab, slot);
    pthread_mutex_unlock(&lock);
}

size_t sr_slabs_size(const void *data) {
    uint32_t slot;
    pthread_mutex_lock(&lock);
    size_t size = locate(data, &slot)->size[slot] & ~WIPED;
    pthread_mutex_unlock(&lock);
    return size;
}

/* ---- all of them ---- */

size_t sr_slabs_bytes(void) {
    pthread_mutex_lock(&lock);
    size_t bytes = open_bytes;
    pthread_mutex_unlock(&lock);
    return bytes;
}

void sr_slabs_regions(void (*visit)(const void *start, const void *end, void *context), void *context) {
    pthread_mutex_lock(&lock);
    for (uint32_t position = 0; position < slab_count; position++) {
        const struct slab *slab = &slabs[by_address[position]];
        visit((const void *)slab->start, (const void *)(slab->start + slab->bytes), context);
    }
    pthread_mutex_unlock(&lock);
}

void sr_slabs_lock(void) {
    pthread_mutex_lock(&lock);
}

void sr_slabs_unlock(void) {
    pthread_mutex_unlock(&lock);
}

void sr_slabs_wiped(void) {
    for (uint32_t position = 0; position < slab_count; position++) {
        struct slab *slab = &slabs[by_address[position]];
        for (uint32_t slot = 0; slot < slab->slots; slot++) {
            slab->size[slot] |= slab->size[slot] != 0 ? WIPED : 0;
        }
    }
}
