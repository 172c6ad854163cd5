/*
 * Pages on Linux. Older kernels lack MADV_WIPEONFORK (before 4.14); there a forked child inherits copies of
 * what lies in guarded memory, and the engine never forks once it holds keys.
 */
#define _GNU_SOURCE
#include "pages.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

static atomic_bool require_lock;
static atomic_bool lock_refused;

size_t sr_page_size(void) {
    static _Atomic size_t cached;
    size_t size = atomic_load_explicit(&cached, memory_order_relaxed);
    if (size == 0) {
        long answer = sysconf(_SC_PAGESIZE);
        size = answer > 0 ? (size_t)answer : 4096;
        atomic_store_explicit(&cached, size, memory_order_relaxed);
    }
    return size;
}

void *sr_pages_reserve(size_t bytes) {
    void *start = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    /* Both marks belong to the mapping, so they hold for every page of it that is opened later. */
    if (madvise(start, bytes, MADV_DONTDUMP) != 0) {
        munmap(start, bytes);
        return NULL;
    }
    (void)madvise(start, bytes, MADV_WIPEONFORK);
    return start;
}

static bool open_pages(void *start, size_t bytes, int (*lock)(const void *start, size_t bytes)) {
    if (mprotect(start, bytes, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    if (lock(start, bytes) != 0) {
        if (atomic_load(&require_lock)) {
            int why = errno;
            sr_pages_close(start, bytes);
            errno = why;
            return false;
        }
        atomic_store(&lock_refused, true);
    }
    return true;
}

bool sr_pages_open(void *start, size_t bytes) {
    return open_pages(start, bytes, mlock);
}

static int lock_when_touched(const void *start, size_t bytes) {
    if (syscall(SYS_mlock2, start, bytes, MLOCK_ONFAULT) == 0) {
        return 0;
    }
    return mlock(start, bytes); /* a kernel before 4.4, or it says why not */
}

bool sr_pages_open_lazily(void *start, size_t bytes) {
    return open_pages(start, bytes, lock_when_touched);
}

void sr_pages_empty(void *start, size_t bytes) {
    if (madvise(start, bytes, MADV_DONTNEED_LOCKED) != 0) {
        (void)madvise(start, bytes, MADV_DONTNEED);
    }
}

void sr_pages_close(void *start, size_t bytes) {
    (void)munlock(start, bytes); /* locked pages cannot be given back */
    (void)madvise(start, bytes, MADV_DONTNEED);
    (void)mprotect(start, bytes, PROT_NONE);
}

void sr_pages_release(void *start, size_t bytes) {
    (void)munmap(start, bytes);
}

void *sr_pages_table(size_t bytes) {
    void *start =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

void sr_pages_require_lock(void) {
    atomic_store(&require_lock, true);
}

/* Whether the limit on locked memory is none for this process. */
static bool may_lock_all(void) {
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    return syscall(SYS_capget, &head, data) == 0 && (data[0].effective >> CAP_IPC_LOCK & 1) != 0;
}

size_t sr_pages_lockable(void) {
    struct rlimit limit;
    if (!atomic_load(&require_lock) || getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || may_lock_all()) {
        return SIZE_MAX;
    }
    return limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > SIZE_MAX ? SIZE_MAX : (size_t)limit.rlim_cur;
}

bool sr_pages_all_locked(void) {
    return !atomic_load(&lock_refused);
}

void sr_pages_forget_locks(void) {
    atomic_store(&lock_refused, true);
}

void sr_pages_raise_lock_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_MEMLOCK, &limit);
    }
}

bool sr_pages_random(void *buffer, size_t size) {
    ssize_t got;
    do {
        got = getrandom(buffer, size, 0);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)size;
}

_Noreturn void sr_fatal(const char *message) {
    /* No stdio: it allocates, and the allocator may be what is broken. */
    static const char name[] = "strongroom: ";
    ssize_t written = write(STDERR_FILENO, name, sizeof name - 1);
    written = write(STDERR_FILENO, message, strlen(message));
    written = write(STDERR_FILENO, "\n", 1);
    (void)written;
    abort();
}
