/* Checks of the fenced buffers, those on pages of their own; one a run, by name. */
#define _GNU_SOURCE
#include "check.h"
#include "guarded.h"
#include "smaps.h"

#include <errno.h>
#include <signal.h>

static size_t page;

struct touch {
    unsigned char *buffer;
    ptrdiff_t at;
};

static void write_there(void *argument) {
    struct touch *touch = argument;
    ((volatile unsigned char *)touch->buffer)[touch->at] = 0x5a;
}

/* In this process, as a forked child's canary is already wiped: the caller is the child. */
static void write_there_and_free(void *argument) {
    struct touch *touch = argument;
    unsigned char *fresh = sr_fenced_alloc(sr_guarded_size(touch->buffer));
    CHECK(fresh != NULL);
    ((volatile unsigned char *)fresh)[touch->at] ^= 0x5a;
    sr_guarded_free(fresh);
}

static void overrun(void) {
    static const size_t sizes[] = {1, 15, 16, 32, 100, 4095, 4096, 4097, 70000, 1 << 20};
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        unsigned char *buffer = sr_fenced_alloc(sizes[index]);
        CHECK(buffer != NULL);
        CHECK(sr_guarded_size(buffer) == sizes[index]);
        CHECK(is_filled(buffer, 0, sizes[index]));
        CHECK(sizes[index] % 16 != 0 || (uintptr_t)buffer % 16 == 0);
        ptrdiff_t size = (ptrdiff_t)sizes[index];
        CHECK(signal_of(write_there, &(struct touch){buffer, size - 1}) == 0);
        CHECK(signal_of(write_there, &(struct touch){buffer, size}) == SIGSEGV);
        ptrdiff_t front = (ptrdiff_t)((size_t)size % page == 0 ? 0 : page - (size_t)size % page);
        CHECK(signal_of(write_there, &(struct touch){buffer, -front - 1}) == SIGSEGV);
        sr_guarded_free(buffer);
    }
}

static void canary(void) {
    unsigned char *buffer = sr_fenced_alloc(40);
    CHECK(buffer != NULL);
    CHECK(signal_of(write_there_and_free, &(struct touch){buffer, 0}) == 0);
    CHECK(signal_of(write_there_and_free, &(struct touch){buffer, 39}) == 0);
    CHECK(signal_of(write_there_and_free, &(struct touch){buffer, -1}) == SIGABRT);
    CHECK(signal_of(write_there_and_free, &(struct touch){buffer, -17}) == SIGABRT);
    CHECK(signal_of(write_there_and_free, &(struct touch){buffer, 40 - (ptrdiff_t)page}) == SIGABRT);
    /* Not a constant that an overrun could reproduce. */
    CHECK(!is_filled(buffer - 16, 0, 16));
    sr_guarded_free(buffer);
}

static void read_first(void *argument) {
    volatile unsigned char seen = *(volatile unsigned char *)argument;
    (void)seen;
}

static void free_it(void *argument) {
    sr_guarded_free(argument);
}

static void free_again(void *argument) {
    sr_guarded_free(argument);
    sr_guarded_free(argument);
}

static void freed(void) {
    unsigned char *secret = sr_fenced_alloc(100);
    CHECK(secret != NULL);
    memset(secret, 0xa5, 100);
    CHECK(signal_of(read_first, secret) == 0);
    sr_guarded_free(secret);
    CHECK(signal_of(read_first, secret) == SIGSEGV);
    CHECK(signal_of(free_it, secret) == SIGABRT);
    unsigned char *again = sr_fenced_alloc(page);
    CHECK(signal_of(free_it, again) == 0);
    CHECK(signal_of(free_again, again) == SIGABRT);
    CHECK(signal_of(free_it, again + 16) == SIGABRT);
    unsigned char foreign[16];
    CHECK(signal_of(free_it, foreign) == SIGABRT);
    sr_guarded_free(again);
    sr_guarded_free(NULL);
}

struct family {
    unsigned char *buffer;
    size_t size;
};

static void child_of_fork(void *argument) {
    struct family *family = argument;
    CHECK(is_filled(family->buffer, 0, family->size));
    CHECK(!sr_guarded_locked());
    sr_guarded_free(family->buffer);
    unsigned char *own = sr_fenced_alloc(family->size);
    CHECK(own != NULL && is_filled(own, 0, family->size));
    memset(own, 1, family->size);
    sr_guarded_free(own);
}

static void wiped(void) {
    struct family family = {sr_fenced_alloc(5000), 5000};
    CHECK(family.buffer != NULL);
    memset(family.buffer, 0xc3, family.size);
    CHECK(signal_of(child_of_fork, &family) == 0);
    CHECK(is_filled(family.buffer, 0xc3, family.size));
    sr_guarded_free(family.buffer);
}

static void flags(void) {
    unsigned char *buffer = sr_fenced_alloc(32);
    CHECK(buffer != NULL);
    struct mapping mapping = mapping_of(buffer);
    CHECK(mapping.end - mapping.start == page && strcmp(mapping.rights, "rw-p") == 0);
    CHECK(has_flag(&mapping, "dd") && has_flag(&mapping, "wf"));
    CHECK(has_flag(&mapping, "lo") == sr_guarded_locked());
    struct mapping before = mapping_of((void *)(mapping.start - 1));
    struct mapping after = mapping_of((void *)mapping.end);
    CHECK(strcmp(before.rights, "---p") == 0 && strcmp(after.rights, "---p") == 0);
    /* And an ordinary page has none of these. */
    struct mapping plain = mapping_of(&page);
    CHECK(!has_flag(&plain, "dd") && !has_flag(&plain, "wf") && !has_flag(&plain, "lo"));
    sr_guarded_free(buffer);
}

static void locked(void) {
    if (!may_lock()) {
        return;
    }
    CHECK(sr_guarded_init(true) == 0);
    void *buffer = sr_fenced_alloc(32);
    CHECK(buffer != NULL && sr_guarded_locked());
    struct mapping mapping = mapping_of(buffer);
    CHECK(has_flag(&mapping, "lo"));
    sr_guarded_free(buffer);
}

#define MANY 3000

static void many(void) {
    static unsigned char *buffers[MANY];
    static size_t sizes[MANY];
    unsigned seed = 7;
    for (int round = 0; round < 3; round++) {
        for (size_t index = 0; index < MANY; index++) {
            if (buffers[index] == NULL) {
                sizes[index] = 1 + (size_t)rand_r(&seed) % (index % 50 == 0 ? 300000 : 3000);
                buffers[index] = sr_fenced_alloc(sizes[index]);
                CHECK(buffers[index] != NULL);
                CHECK(((uintptr_t)buffers[index] + sizes[index]) % page == 0);
                CHECK(is_filled(buffers[index], 0, sizes[index]));
                memset(buffers[index], (int)(index & 0xff), sizes[index]);
            }
        }
        for (size_t index = 0; index < MANY; index++) {
            CHECK(is_filled(buffers[index], (int)(index & 0xff), sizes[index]));
            CHECK(sr_guarded_contains(buffers[index]));
            if (round == 2 || rand_r(&seed) % 2 == 0) {
                sr_guarded_free(buffers[index]);
                buffers[index] = NULL;
            }
        }
    }
    CHECK(sr_guarded_bytes() == 0);
    CHECK(!sr_guarded_contains(&page) && !sr_guarded_contains(NULL));
}

static void sizes(void) {
    errno = 0;
    CHECK(sr_fenced_alloc(0) == NULL && errno == EINVAL);
    CHECK(sr_fenced_alloc(((size_t)1 << 30) + 1) == NULL);
    CHECK(sr_fenced_alloc(SIZE_MAX) == NULL);
    unsigned char *largest = NULL;
    if (sr_guarded_init(false) == 0) {
        largest = sr_fenced_alloc((size_t)8 << 20);
    }
    CHECK(largest != NULL && sr_guarded_size(largest) == (size_t)8 << 20);
    sr_guarded_free(largest);
    /* What no slot can hold is fenced by itself. */
    unsigned char *data = sr_guarded_alloc(((size_t)2 << 20) + 3);
    CHECK(data != NULL && ((uintptr_t)data + 3) % page == 0);
    sr_guarded_free(data);
}

/* Mappings are the whole process's: before they are used up, more is refused. */
static void bounded(void) {
    static unsigned char *buffers[5000];
    size_t count = 0;
    while (count < 5000 && (buffers[count] = sr_fenced_alloc(32)) != NULL) {
        count++;
    }
    CHECK(count >= 4000 && count < 5000 && errno == ENOMEM);
    unsigned char *key = sr_guarded_alloc(32);
    CHECK(key != NULL);
    sr_guarded_free(key);
    while (count > 0) {
        sr_guarded_free(buffers[--count]);
    }
    CHECK((buffers[0] = sr_fenced_alloc(32)) != NULL);
    sr_guarded_free(buffers[0]);
}

int main(int argc, char **argv) {
    static const struct check checks[] = {
        {"overrun", overrun}, {"canary", canary}, {"freed", freed}, {"wiped", wiped},     {"flags", flags},
        {"locked", locked},   {"many", many},     {"sizes", sizes}, {"bounded", bounded},
    };
    page = (size_t)sysconf(_SC_PAGESIZE);
    CHECK(sr_guarded_init(false) == 0);
    return run_named(argc, argv, checks, sizeof checks / sizeof checks[0]);
}
