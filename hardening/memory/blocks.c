/* Runs of blocks, first fit from the bottom, so that the top of the range empties and can be given back. */
#include "blocks.h"

#include "pages.h"

#include <pthread.h>

#define LARGEST_RANGE ((size_t)1 << 30)
#define SMALLEST_RANGE ((size_t)1 << 26)
#define CHUNK ((size_t)256 * 1024)
#define PER_CHUNK ((uint32_t)(CHUNK / SR_BLOCK))
#define MOST_BLOCKS (LARGEST_RANGE / SR_BLOCK)
#define MOST_CHUNKS (LARGEST_RANGE / CHUNK)

/* Free open blocks kept for the next wish: above KEEP_AT_MOST, chunks go back until KEEP_AFTER are left. */
#define KEEP_AT_MOST (128u)
#define KEEP_AFTER (64u)

_Static_assert(PER_CHUNK == 16, "a chunk's free blocks are read as one 16-bit piece of the bitmap");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t range_start;
static uint32_t chunk_count;
static uint32_t chunk_top;                   /* no chunk at or above is open */
static uint32_t free_count;                  /* open blocks that nobody has */
static uint32_t open_count;                  /* open chunks */
static uint64_t free_bits[MOST_BLOCKS / 64]; /* 1: open and free */
static unsigned char chunk_open[MOST_CHUNKS];

int sr_blocks_init(uintptr_t *start, size_t *bytes) {
    /* A limit on address space (ulimit -v) may leave room for a smaller range only. */
    for (size_t size = LARGEST_RANGE; size >= SMALLEST_RANGE; size /= 2) {
        /* Two chunks more than the range: the guard pages, and room to align. */
        void *reserved = sr_pages_reserve(size + 2 * CHUNK);
        if (reserved != NULL) {
            uintptr_t first = (uintptr_t)reserved + sr_page_size();
            range_start = (first + CHUNK - 1) & ~(uintptr_t)(CHUNK - 1);
            chunk_count = (uint32_t)(size / CHUNK);
            *start = range_start;
            *bytes = size;
            return 0;
        }
    }
    return -1;
}

static unsigned chunk_free_bits(uint32_t chunk) {
    return (unsigned)(free_bits[chunk / 4] >> (16 * (chunk % 4))) & 0xffffu;
}

static void mark(uint32_t first, size_t count, bool is_free) {
    for (size_t done = 0; done < count;) {
        size_t at = first + done;
        size_t here = 64 - at % 64;
        if (here > count - done) {
            here = count - done;
        }
        uint64_t bits = (here == 64 ? ~(uint64_t)0 : ((uint64_t)1 << here) - 1) << (at % 64);
        if (is_free) {
            free_bits[at / 64] |= bits;
        } else {
            free_bits[at / 64] &= ~bits;
        }
        done += here;
    }
    if (is_free) {
        free_count += (uint32_t)count;
    } else {
        free_count -= (uint32_t)count;
    }
}

/* The first bit at or after `from` that is (wanted = 1) or is not (wanted = 0) set; `end` when there is none.
 */
static size_t find_bit(size_t from, size_t end, bool wanted) {
    while (from < end) {
        uint64_t word = wanted ? free_bits[from / 64] : ~free_bits[from / 64];
        word >>= from % 64;
        if (word != 0) {
            from += (size_t)__builtin_ctzll(word);
            return from < end ? from : end;
        }
        from = (from / 64 + 1) * 64;
    }
    return end;
}

static uint32_t find_free_run(size_t count) {
    size_t end = (size_t)chunk_top * PER_CHUNK;
    size_t at = find_bit(0, end, true);
    while (at < end) {
        size_t stop = find_bit(at, end, false);
        if (stop - at >= count) {
            return (uint32_t)at;
        }
        at = find_bit(stop, end, true);
    }
    return SR_NO_BLOCK;
}

static void *chunk_address(uint32_t chunk) {
    return (void *)(range_start + (uintptr_t)chunk * CHUNK);
}

/* Opens the lowest run of closed chunks that holds count blocks. */
static bool open_more(size_t count) {
    size_t wanted = (count + PER_CHUNK - 1) / PER_CHUNK;
    uint32_t run = 0;
    for (uint32_t chunk = 0; chunk < chunk_count; chunk++) {
        run = chunk_open[chunk] ? 0 : run + 1;
        if (run < wanted) {
            continue;
        }
        uint32_t first = chunk + 1 - run;
        if (!sr_pages_open(chunk_address(first), wanted * CHUNK)) {
            return false;
        }
        for (uint32_t opened = first; opened <= chunk; opened++) {
            chunk_open[opened] = 1;
        }
        open_count += run;
        chunk_top = chunk + 1 > chunk_top ? chunk + 1 : chunk_top;
        mark(first * PER_CHUNK, (size_t)run * PER_CHUNK, true);
        return true;
    }
    return false;
}

/* Gives wholly free chunks back, from the top. */
static void trim(void) {
    for (uint32_t chunk = chunk_top; chunk-- > 0 && free_count > KEEP_AFTER;) {
        if (chunk_open[chunk] && chunk_free_bits(chunk) == 0xffffu) {
            mark(chunk * PER_CHUNK, PER_CHUNK, false);
            chunk_open[chunk] = 0;
            open_count--;
            sr_pages_close(chunk_address(chunk), CHUNK);
        }
    }
    while (chunk_top > 0 && !chunk_open[chunk_top - 1]) {
        chunk_top--;
    }
}

uint32_t sr_blocks_take(size_t count) {
    if (count == 0 || count > (size_t)chunk_count * PER_CHUNK) {
        return SR_NO_BLOCK;
    }
    pthread_mutex_lock(&lock);
    uint32_t first = free_count < count ? SR_NO_BLOCK : find_free_run(count);
    if (first == SR_NO_BLOCK && open_count < chunk_count && open_more(count)) {
        first = find_free_run(count);
    }
    if (first != SR_NO_BLOCK) {
        mark(first, count, false);
    }
    pthread_mutex_unlock(&lock);
    return first;
}

void sr_blocks_give(uint32_t first, size_t count) {
    pthread_mutex_lock(&lock);
    mark(first, count, true);
    if (free_count > KEEP_AT_MOST) {
        trim();
    }
    pthread_mutex_unlock(&lock);
}

bool sr_blocks_contains(const void *address) {
    uintptr_t offset = (uintptr_t)address - range_start;
    pthread_mutex_lock(&lock);
    bool inside = offset < (uintptr_t)chunk_count * CHUNK && chunk_open[offset / CHUNK];
    pthread_mutex_unlock(&lock);
    return inside;
}

size_t sr_blocks_bytes(void) {
    pthread_mutex_lock(&lock);
    size_t bytes = (size_t)open_count * CHUNK;
    pthread_mutex_unlock(&lock);
    return bytes;
}

void sr_blocks_regions(void (*visit)(const void *start, const void *end, void *context), void *context) {
    pthread_mutex_lock(&lock);
    for (uint32_t chunk = 0; chunk < chunk_top; chunk++) {
        if (chunk_open[chunk]) {
            uint32_t first = chunk;
            while (chunk + 1 < chunk_top && chunk_open[chunk + 1]) {
                chunk++;
            }
            visit(chunk_address(first), (const char *)chunk_address(chunk) + CHUNK, context);
        }
    }
    pthread_mutex_unlock(&lock);
}

void sr_blocks_lock(void) {
    pthread_mutex_lock(&lock);
}

void sr_blocks_unlock(void) {
    pthread_mutex_unlock(&lock);
}
