/* Checks of guarded buffers, which lie in slabs; one a run, by name. */
#define _GNU_SOURCE
#include "check.h"
#include "guarded.h"
#include "smaps.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

static size_t page;

static unsigned char *fresh(size_t size) {
    unsigned char *buffer = sr_guarded_alloc(size);
    CHECK(buffer != NULL && (uintptr_t)buffer % 16 == 0);
    CHECK(sr_guarded_size(buffer) == size && sr_guarded_contains(buffer));
    CHECK(is_filled(buffer, 0, size));
    return buffer;
}

/* ---- what is noticed ---- */

struct touch {
    size_t size;
    ptrdiff_t at;
};

/* In this process, as a forked child's canaries are already wiped: the caller is the child. */
static void write_and_free(void *argument) {
    const struct touch *touch = argument;
    unsigned char *buffer = sr_guarded_alloc(touch->size);
    CHECK(buffer != NULL);
    ((volatile unsigned char *)buffer)[touch->at] ^= 0x5a;
    sr_guarded_free(buffer);
}

static void canary(void) {
    static const size_t sizes[] = {1, 15, 16, 32, 40, 100, 1200, 4096, 70000, 1 << 20};
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        size_t size = sizes[index];
        ptrdiff_t end = (ptrdiff_t)size;
        sr_guarded_free(fresh(size));
        CHECK(signal_of(write_and_free, &(struct touch){size, 0}) == 0);
        CHECK(signal_of(write_and_free, &(struct touch){size, end - 1}) == 0);
        CHECK(signal_of(write_and_free, &(struct touch){size, end}) == SIGABRT);
        CHECK(signal_of(write_and_free, &(struct touch){size, end + 15}) == SIGABRT);
    }
    /* Not a constant that an overrun could reproduce. */
    unsigned char *buffer = fresh(40);
    CHECK(!is_filled(buffer + 40, 0, 16));
    sr_guarded_free(buffer);
}

/* What is written in front of a buffer hits the canary of the one before, or a free slot. */
static void write_before_neighbour(void *unused) {
    (void)unused;
    unsigned char *first = sr_guarded_alloc(48);
    unsigned char *second = sr_guarded_alloc(48);
    CHECK(second == first + 64);
    ((volatile unsigned char *)second)[-1] ^= 1;
    sr_guarded_free(first);
}

static void write_to_freed(void *unused) {
    (void)unused;
    unsigned char *first = sr_guarded_alloc(48);
    unsigned char *second = sr_guarded_alloc(48);
    sr_guarded_free(first);
    ((volatile unsigned char *)first)[47] = 1;
    CHECK(sr_guarded_alloc(48) != second);
}

static void write_there(void *argument) {
    *(volatile unsigned char *)argument = 0x5a;
}

struct edge {
    unsigned char *start, *end;
};

static void find_slab(const void *start, const void *end, void *context) {
    struct edge *edge = context;
    if ((const void *)edge->start >= start && (const void *)edge->start < end) {
        *edge = (struct edge){(unsigned char *)start, (unsigned char *)end};
    }
}

static void ends(void) {
    CHECK(signal_of(write_before_neighbour, NULL) == SIGABRT);
    CHECK(signal_of(write_to_freed, NULL) == SIGABRT);
    unsigned char *buffer = fresh(40);
    struct edge edge = {buffer, NULL};
    sr_guarded_regions(find_slab, &edge);
    CHECK(edge.end != NULL && edge.end - edge.start >= (ptrdiff_t)page);
    CHECK(signal_of(write_there, edge.start) == 0);
    CHECK(signal_of(write_there, edge.end - 1) == 0);
    CHECK(signal_of(write_there, edge.start - 1) == SIGSEGV);
    CHECK(signal_of(write_there, edge.end) == SIGSEGV);
    CHECK(sr_guarded_contains(edge.start - 1) && sr_guarded_contains(edge.end));
    sr_guarded_free(buffer);
}

static void freed(void) {
    unsigned char *kept = fresh(100);
    unsigned char *secret = fresh(100);
    memset(secret, 0xa5, 100);
    sr_guarded_free(secret);
    CHECK(is_filled(secret, 0, 112)); /* the canary is gone too */
    CHECK(fresh(98) == secret);
    sr_guarded_free(secret);
    sr_guarded_free(kept);
    sr_guarded_free(NULL);
}

static void free_it(void *argument) {
    sr_guarded_free(argument);
}

static void free_twice(void *argument) {
    sr_guarded_free(argument);
    sr_guarded_free(argument);
}

static void size_of(void *argument) {
    (void)sr_guarded_size(argument);
}

static void misuse(void) {
    unsigned char *buffer = fresh(100);
    unsigned char foreign[16];
    CHECK(signal_of(free_it, buffer) == 0);
    CHECK(signal_of(free_twice, buffer) == SIGABRT);
    CHECK(signal_of(free_it, buffer + 16) == SIGABRT);
    CHECK(signal_of(free_it, buffer + 1) == SIGABRT);
    CHECK(signal_of(free_it, buffer + 128) == SIGABRT); /* a slot that nobody has */
    CHECK(signal_of(free_it, foreign) == SIGABRT);
    CHECK(signal_of(size_of, buffer + 16) == SIGABRT);
    struct edge edge = {buffer, NULL};
    sr_guarded_regions(find_slab, &edge);
    CHECK(signal_of(free_it, edge.start - 16) == SIGABRT);
    CHECK(signal_of(free_it, edge.end + 16) == SIGABRT);
    sr_guarded_free(buffer);
    errno = 0;
    CHECK(sr_guarded_alloc(0) == NULL && errno == EINVAL);
    CHECK(sr_guarded_alloc(((size_t)1 << 30) + 1) == NULL && errno == EINVAL);
    CHECK(sr_guarded_alloc(SIZE_MAX) == NULL);
}

static void child_of_fork(void *argument) {
    CHECK(is_filled(argument, 0, 5000));
    CHECK(!sr_guarded_locked());
    sr_guarded_free(argument);
    unsigned char *own = fresh(5000);
    memset(own, 1, 5000);
    sr_guarded_free(own);
}

static void wiped(void) {
    unsigned char *buffer = fresh(5000);
    memset(buffer, 0xc3, 5000);
    CHECK(signal_of(child_of_fork, buffer) == 0);
    CHECK(is_filled(buffer, 0xc3, 5000));
    sr_guarded_free(buffer);
}

static void flags(void) {
    unsigned char *buffer = fresh(32);
    struct mapping mapping = mapping_of(buffer);
    CHECK(strcmp(mapping.rights, "rw-p") == 0);
    CHECK(has_flag(&mapping, "dd") && has_flag(&mapping, "wf"));
    CHECK(has_flag(&mapping, "lo") == sr_guarded_locked());
    CHECK(!may_lock() || sr_guarded_locked());
    struct mapping before = mapping_of((void *)(mapping.start - 1));
    struct mapping after = mapping_of((void *)mapping.end);
    CHECK(strcmp(before.rights, "---p") == 0 && strcmp(after.rights, "---p") == 0);
    sr_guarded_free(buffer);
}

/* ---- many ---- */

#define MANY 3000

static void many(void) {
    static unsigned char *buffers[MANY];
    static size_t sizes[MANY];
    unsigned seed = 7;
    for (int round = 0; round < 4; round++) {
        for (size_t index = 0; index < MANY; index++) {
            if (buffers[index] == NULL) {
                sizes[index] = 1 + (size_t)rand_r(&seed) % (index % 50 == 0 ? 300000 : 3000);
                buffers[index] = fresh(sizes[index]);
                memset(buffers[index], (int)(index & 0xff), sizes[index]);
            }
        }
        for (size_t index = 0; index < MANY; index++) {
            CHECK(is_filled(buffers[index], (int)(index & 0xff), sizes[index]));
            if (round == 3 || rand_r(&seed) % 2 == 0) {
                sr_guarded_free(buffers[index]);
                buffers[index] = NULL;
            }
        }
    }
    /* All gone but a small slab for each size. */
    CHECK(sr_guarded_bytes() <= (size_t)40 * 64 * 1024);
    CHECK(!sr_guarded_contains(&page) && !sr_guarded_contains(NULL));
}

static void *churn(void *argument) {
    unsigned seed = (unsigned)(uintptr_t)argument;
    unsigned char *held[200] = {NULL};
    for (int turn = 0; turn < 20000; turn++) {
        size_t at = (size_t)rand_r(&seed) % 200;
        if (held[at] != NULL) {
            CHECK(is_filled(held[at], (int)at, sr_guarded_size(held[at])));
            sr_guarded_free(held[at]);
            held[at] = NULL;
        } else {
            size_t size = 1 + (size_t)rand_r(&seed) % 2000;
            held[at] = fresh(size);
            memset(held[at], (int)at, size);
        }
    }
    for (size_t at = 0; at < 200; at++) {
        sr_guarded_free(held[at]);
    }
    return NULL;
}

static void stress(void) {
    pthread_t threads[4];
    for (uintptr_t index = 0; index < 4; index++) {
        CHECK(pthread_create(&threads[index], NULL, churn, (void *)(index + 1)) == 0);
    }
    for (size_t index = 0; index < 4; index++) {
        CHECK(pthread_join(threads[index], NULL) == 0);
    }
    CHECK(sr_guarded_bytes() <= (size_t)40 * 64 * 1024);
}

static void count_mapping(const struct mapping *mapping, void *context) {
    (void)mapping;
    (*(size_t *)context)++;
}

static size_t mappings(void) {
    size_t count = 0;
    each_mapping(count_mapping, &count);
    return count;
}

/* Kibibytes of this process that have memory behind them. */
static size_t resident(void) {
    char line[256];
    size_t found = 0;
    FILE *file = fopen("/proc/self/status", "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "VmRSS: %zu kB", &found);
    }
    fclose(file);
    CHECK(found > 0);
    return found;
}

/* Whether this kernel takes memory back that is locked (5.18 and newer do). */
static bool takes_back(void) {
    unsigned char *probe = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(probe != MAP_FAILED);
    bool may = mlock(probe, page) != 0 || madvise(probe, page, 24) == 0; /* MADV_DONTNEED_LOCKED */
    munmap(probe, page);
    return may;
}

/* Keys as an engine has them: AES and HMAC keys, some of elliptic curves, some of RSA. */
#define MILLION 1000000
static unsigned char *keys[MILLION];

static size_t key_size(size_t index) {
    return index % 64 == 0 ? 1200 : index % 8 == 0 ? 130 : 24 + index % 48;
}

static void million(void) {
    size_t before = mappings(), before_kib = resident();
    for (size_t index = 0; index < MILLION; index++) {
        size_t size = key_size(index);
        keys[index] = sr_guarded_alloc(size);
        CHECK(keys[index] != NULL);
        memset(keys[index], (int)(index & 0x7f) + 1, size);
    }
    CHECK(mappings() - before < 500);
    CHECK(!may_lock() || geteuid() != 0 || sr_guarded_locked());
    /* What they are, the canaries, 20 % for sizes between two classes, and the tables; the array of keys. */
    size_t bytes = 0;
    for (size_t index = 0; index < MILLION; index++) {
        CHECK(is_filled(keys[index], (int)(index & 0x7f) + 1, key_size(index)));
        bytes += key_size(index) + 16 + sizeof keys[0];
    }
    CHECK((resident() - before_kib) * 1024 < bytes * 13 / 10);
    /* All but a few keys of somebody else go: so does their memory, piece by piece. */
    for (size_t index = 0; index < MILLION; index++) {
        if (index % 20000 != 1) {
            sr_guarded_free(keys[index]);
            keys[index] = NULL;
        }
    }
    size_t kept_kib = resident() - before_kib;
    CHECK(kept_kib < bytes / 1024 / 3 || !takes_back());
    for (size_t index = 0; index < MILLION; index++) {
        CHECK(keys[index] == NULL || is_filled(keys[index], (int)(index & 0x7f) + 1, key_size(index)));
        sr_guarded_free(keys[index]);
    }
    CHECK(mappings() - before < 200);
    CHECK(sr_guarded_bytes() <= (size_t)40 * 64 * 1024);
}

/* One that is made and ended again and again costs no system call, wherever it lies: neither in a small slab
 * nor as the only one behind others that are full. What calls would do shows as mappings that move. */
static void given_back(void) {
    unsigned char *first = fresh(40);
    sr_guarded_free(first);
    CHECK(fresh(40) == first);
    size_t open = sr_guarded_bytes();
    size_t count = 1;
    keys[0] = first;
    while (sr_guarded_bytes() < open + ((size_t)1 << 20)) {
        keys[count++] = fresh(40);
    }
    unsigned char *last = keys[count - 1];
    size_t full = sr_guarded_bytes();
    for (int turn = 0; turn < 3; turn++) {
        sr_guarded_free(last);
        CHECK(sr_guarded_bytes() == full && is_filled(last, 0, 40));
        CHECK(fresh(40) == last);
    }
    while (count > 0) {
        sr_guarded_free(keys[--count]);
    }
    CHECK(sr_guarded_bytes() <= open);
}

/* ---- refused locks ---- */

static void refused_tolerated(void) {
    forbid_locking();
    CHECK(sr_guarded_locked());
    for (size_t index = 0; index < 10000; index++) {
        keys[index] = fresh(1000);
        keys[index][0] = 1;
    }
    CHECK(!sr_guarded_locked());
    for (size_t index = 0; index < 10000; index++) {
        sr_guarded_free(keys[index]);
    }
}

/* What can be locked is handed out; who wants more is refused, again and again, and what is freed serves
 * others. */
static void refused_strictly(void) {
    rlim_t limit = 1 << 20;
    CHECK(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){limit, limit}) == 0);
    CHECK(geteuid() != 0 || setuid(65534) == 0);
    CHECK(sr_guarded_init(true) == 0);
    CHECK(sr_guarded_init(false) == 0); /* which takes nothing back */
    CHECK(sr_guarded_most() == limit / 4 * 3);
    size_t count = 0;
    while (count < MILLION && (keys[count] = sr_guarded_alloc(1000)) != NULL) {
        count++;
    }
    CHECK(errno == ENOMEM && sr_guarded_locked());
    CHECK(count >= 300 && count * 1000 < limit);
    CHECK(sr_guarded_alloc(1000) == NULL && errno == ENOMEM);
    sr_guarded_free(keys[--count]);
    CHECK(fresh(1000) == keys[count]);
    do {
        sr_guarded_free(keys[count]);
    } while (count-- > 0);
    unsigned char *larger = fresh(200000);
    sr_guarded_free(larger);
    /* What is left is for operations with the keys. */
    do {
        keys[count] = sr_guarded_alloc(1000);
    } while (keys[count++] != NULL);
    unsigned char *work = sr_fenced_alloc(limit / 8);
    CHECK(work != NULL && sr_guarded_locked());
}

int main(int argc, char **argv) {
    static const struct check checks[] = {
        {"canary", canary},
        {"ends", ends},
        {"freed", freed},
        {"misuse", misuse},
        {"wiped", wiped},
        {"flags", flags},
        {"many", many},
        {"stress", stress},
        {"million", million},
        {"given-back", given_back},
        {"refused-tolerated", refused_tolerated},
        {"refused-strictly", refused_strictly},
    };
    page = (size_t)sysconf(_SC_PAGESIZE);
    CHECK(sr_guarded_init(false) == 0);
    return run_named(argc, argv, checks, sizeof checks / sizeof checks[0]);
}
