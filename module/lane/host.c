/* The table of lanes and the search for requests. */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

/* A lane counts as busy while its request is under way and for this long after it came; the count is renewed as often. */
#define BUSY_NS 2000000
#define COUNT_EVERY_NS 300000
/* For this long the search for the next request keeps the processor for itself. */
#define SPIN_ALONE_NS 4000
/* After so many calls in a row from our own processor we step aside, and not more often than this. */
#define TOGETHER_MOST 8
#define MOVE_EVERY_NS 5000000
#define SCRATCH_SIZE ((size_t)SR_LANE_ARGUMENTS_MAX)

uint64_t sr_now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* One reading serves whoever wants to know how long the last request took, too. */
static uint64_t clock_now(struct sr_host *host) {
    uint64_t now = sr_now_ns();
    if (host->timed_ns != 0) {
        host->served_ns = now - host->timed_ns;
        host->timed_ns = 0;
    }
    return now;
}

void sr_host_time(struct sr_host *host, uint32_t index) {
    if (index < host->lane_end && host->lanes[index].taken)
        host->timed_ns = host->lanes[index].last_ns;
}

uint32_t sr_host_served(struct sr_host *host) {
    if (host->timed_ns != 0)
        clock_now(host);
    uint64_t begun = (host->served_ns + 999) / 1000;
    return begun > INT32_MAX ? INT32_MAX : (uint32_t)begun;
}

static void zero(void *memory, size_t length) {
    explicit_bzero(memory, length);
}

/* A sealed memfd of the size: whoever gets it can neither shrink it under our feet nor grow it. */
static int sealed_memory(const char *name, size_t size) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -errno;
    if (ftruncate(fd, (off_t)size) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

static int open_status(struct sr_host *host) {
    int fd = sealed_memory("strongroom-status", SR_LANE_HEADER);
    if (fd < 0)
        return fd;
    void *page = mmap(NULL, SR_LANE_HEADER, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        close(fd);
        return -ENOMEM;
    }
#ifdef F_SEAL_FUTURE_WRITE
    /* Clients get the page for reading only; our own mapping, made before, keeps writing. */
    fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
#endif
    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL);
    host->status = page;
    host->status_fd = fd;
    host->status->magic = SR_LANE_MAGIC;
    host->status->version = SR_LANE_VERSION;
    host->status->engine_pid = getpid();
    return 0;
}

int sr_host_open(struct sr_host *host) {
    int error = open_status(host);
    if (error != 0)
        return error;
    host->bell.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (host->bell.fd < 0)
        return -errno;
    void *scratch = mmap(NULL, SCRATCH_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (scratch == MAP_FAILED)
        return -ENOMEM;
    madvise(scratch, SCRATCH_SIZE, MADV_DONTDUMP);
#ifdef MADV_WIPEONFORK
    madvise(scratch, SCRATCH_SIZE, MADV_WIPEONFORK);
#endif
    mlock(scratch, SR_SCRATCH_KEPT); /* refused where RLIMIT_MEMLOCK is spent; requests with secrets are zeroed after use anyway */
    host->scratch = scratch;
    return 0;
}

int sr_host_lane_new(struct sr_host *host, const struct sr_lane_owner *owner, uint64_t capacity, int *descriptor) {
    if (capacity < SR_LANE_CAPACITY_DEFAULT || capacity > SR_LANE_CAPACITY_MAX)
        return -EINVAL;
    capacity = (capacity + 4095) & ~(uint64_t)4095;
    uint32_t index = 0;
    while (index < host->lane_end && host->lanes[index].mapping != NULL)
        index++;
    if (index == SR_HOST_LANES_MAX)
        return -EMFILE;
    size_t size = SR_LANE_HEADER + 2 * (size_t)capacity;
    int fd = sealed_memory("strongroom-lane", size);
    if (fd < 0)
        return fd;
    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL);
    struct sr_mapping *mapping = calloc(1, sizeof *mapping);
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (mapping == NULL || base == MAP_FAILED) {
        free(mapping);
        if (base != MAP_FAILED)
            munmap(base, size);
        close(fd);
        return -ENOMEM;
    }
    madvise(base, size, MADV_DONTDUMP);
    *mapping = (struct sr_mapping){.base = base, .size = size, .capacity = capacity, .holders = 1};
    host->lanes[index] = (struct sr_host_lane){.mapping = mapping, 
        .application = owner->application, .owner = owner->owner, .ring = owner->ring, .last_ns = sr_now_ns()};
    if (index == host->lane_end)
        host->lane_end++;
    *descriptor = fd;
    return (int)index;
}

static struct sr_lane *words(const struct sr_host_lane *lane) {
    return (struct sr_lane *)lane->mapping->base;
}

/* Where its socket is full, whoever reads there has been rung for already. */
static void ring(int socket) {
    const struct sr_message word = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = SR_MESSAGE_RING};
    if (socket >= 0)
        send(socket, &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void wake(const struct sr_host_lane *lane) {
    struct sr_lane *shared = words(lane);
    uint32_t waits = atomic_load(&shared->client_waits);
    if (waits == SR_WAIT_STATE)
        syscall(SYS_futex, &shared->state, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    else if (waits == SR_WAIT_MESSAGE)
        ring(lane->ring);
}

static void release(struct sr_host *host, struct sr_host_lane *lane) {
    uint32_t before = atomic_exchange(&words(lane)->state, SR_LANE_CLOSED);
    wake(lane);
    /* One who is just reading an answer there wipes it himself, if it is a secret. */
    sr_mapping_end(lane->mapping, lane->orphaned || before != SR_LANE_REPLY);
    *lane = (struct sr_host_lane){0};
    while (host->lane_end > 0 && host->lanes[host->lane_end - 1].mapping == NULL)
        host->lane_end--;
}

void sr_host_lanes_release(struct sr_host *host, uint32_t application, enum sr_release which) {
    for (uint32_t i = host->lane_end; i-- > 0;) {
        struct sr_host_lane *lane = &host->lanes[i];
        if (lane->mapping == NULL || lane->application != application)
            continue;
        if (which == SR_RELEASE_CLOSED && atomic_load(&words(lane)->state) != SR_LANE_CLOSED)
            continue;
        lane->orphaned = which == SR_RELEASE_ORPHANED;
        if (lane->taken)
            lane->closing = true;
        else
            release(host, lane);
    }
}

uint32_t sr_host_lanes_of(const struct sr_host *host, uint32_t application) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < host->lane_end; i++)
        count += host->lanes[i].mapping != NULL && host->lanes[i].application == application;
    return count;
}

void sr_host_lanes_deafen(struct sr_host *host, uint32_t application) {
    for (uint32_t i = 0; i < host->lane_end; i++)
        if (host->lanes[i].mapping != NULL && host->lanes[i].application == application)
            host->lanes[i].ring = -1;
}

void sr_host_lanes_count(const struct sr_host *host, uint64_t owner, uint32_t *his, uint32_t *all) {
    *his = *all = 0;
    for (uint32_t i = 0; i < host->lane_end; i++) {
        const struct sr_host_lane *lane = &host->lanes[i];
        *all += lane->mapping != NULL;
        *his += lane->mapping != NULL && lane->owner == owner;
    }
}

/* Copies the argument section out, once; what follows works on the copy alone. */
static bool take(struct sr_host *host, struct sr_host_lane *lane, struct sr_request *request) {
    struct sr_lane *shared = words(lane);
    uint32_t function = *(volatile uint32_t *)&shared->function;
    uint32_t length = *(volatile uint32_t *)&shared->arguments_length;
    lane->taken = true;
    lane->trimmed = false;
    lane->wants_times = *(volatile uint32_t *)&shared->wants_times != 0;
    if (length > SR_LANE_ARGUMENTS_MAX || length > lane->mapping->capacity) {
        lane->wipe_length = 0;
        return false;
    }
    lane->wipe_length = length;
    memcpy(host->scratch, lane->mapping->base + SR_LANE_HEADER, length);
    request->function = function;
    request->wants_times = lane->wants_times;
    request->arguments_length = length;
    uint64_t bulk = *(volatile uint64_t *)&shared->bulk_length, most = lane->mapping->capacity - SR_LANE_BULK_OFFSET;
    request->bulk_length = (uint32_t)(bulk < most ? bulk : most);
    return true;
}

static void count_busy(struct sr_host *host, uint64_t now) {
    host->counted_ns = now;
    uint32_t busy = 0;
    int here = sched_getcpu();
    host->beside = false;
    for (uint32_t i = 0; i < host->lane_end; i++) {
        const struct sr_host_lane *lane = &host->lanes[i];
        if (lane->mapping == NULL || (!lane->taken && now - lane->last_ns >= BUSY_NS))
            continue;
        busy++;
        host->beside |= *(const volatile int32_t *)&words(lane)->client_processor == here;
    }
    atomic_store_explicit(&host->status->busy_lanes, busy, memory_order_relaxed);
}

/*
 * Two threads that wake each other tend to stay on one processor, where each call costs two switches; the scheduler sees no reason to part
 * them, since only one of them runs at a time. The application's threads are not ours to move, so the engine's thread steps aside.
 */
static void step_aside(struct sr_host *host, int here, uint64_t now) {
    cpu_set_t all, others;
    host->together = 0;
    if (now - host->moved_ns < MOVE_EVERY_NS || sched_getaffinity(0, sizeof all, &all) != 0)
        return;
    host->moved_ns = now;
    others = all;
    CPU_CLR(here, &others);
    if (CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0)
        sched_setaffinity(0, sizeof all, &all);
}

/* Publishes where we run (a caller on the same processor lets us run instead of spinning in our way), and steps aside where that lasts. */
static void mind_processor(struct sr_host *host, const struct sr_lane *shared, uint64_t now) {
    int here = sched_getcpu();
    if (*(const volatile int32_t *)&shared->client_processor != here)
        host->together = 0;
    else if (++host->together >= TOGETHER_MOST)
        step_aside(host, here, now);
    if (atomic_load_explicit(&host->status->processor, memory_order_relaxed) != here)
        atomic_store_explicit(&host->status->processor, here, memory_order_relaxed);
}

/* One look at everything; a lane's index, SR_NEXT_BELL or SR_NEXT_IDLE. */
static int look(struct sr_host *host, struct sr_request *request) {
    uint32_t end = host->lane_end;
    for (uint32_t step = 0; step < end; step++) {
        uint32_t index = host->turn + step;
        if (index >= end)
            index %= end;
        struct sr_host_lane *lane = &host->lanes[index];
        if (lane->mapping == NULL || lane->taken)
            continue;
        uint32_t state = atomic_load_explicit(&words(lane)->state, memory_order_acquire);
        /* Given up by its client: nobody has to look at it again. */
        if (state == SR_LANE_CLOSED)
            release(host, lane);
        if (state != SR_LANE_REQUEST)
            continue;
        host->turn = index + 1;
        lane->last_ns = clock_now(host);
        if (lane->last_ns - host->counted_ns >= COUNT_EVERY_NS)
            count_busy(host, lane->last_ns);
        mind_processor(host, words(lane), lane->last_ns);
        if (take(host, lane, request))
            return (int)index;
        sr_host_reply(host, index, 0x7 /* CKR_ARGUMENTS_BAD */, 0, false);
        end = host->lane_end;
    }
    uint32_t rings = atomic_load(&host->bell.count);
    if (rings != host->bell_seen) {
        host->bell_seen = rings;
        return SR_NEXT_BELL;
    }
    return SR_NEXT_IDLE;
}

/* What callers read while we sleep. Nobody is busy then, unless the pool works for somebody; either way the next request counts anew. */
static void count_before_sleep(struct sr_host *host) {
    bool under_way = false;
    for (uint32_t i = 0; i < host->lane_end && !under_way; i++)
        under_way = host->lanes[i].mapping != NULL && host->lanes[i].taken;
    if (under_way)
        count_busy(host, sr_now_ns());
    else
        atomic_store_explicit(&host->status->busy_lanes, 0, memory_order_relaxed);
    host->counted_ns = 0;
}

static void set_asleep(struct sr_host *host, uint32_t asleep) {
    if (atomic_load_explicit(&host->status->asleep, memory_order_relaxed) == asleep)
        return;
    atomic_store(&host->status->asleep, asleep);
    atomic_store(&host->bell.armed, asleep);
}

int sr_host_next(struct sr_host *host, uint64_t spin_ns, struct sr_request *request) {
    set_asleep(host, 0);
    atomic_store_explicit(&host->status->turns, ++host->turns, memory_order_relaxed);
    int found = look(host, request);
    if (found != SR_NEXT_IDLE)
        return found;
    if (spin_ns > 0) {
        uint64_t start = clock_now(host), spent = 0;
        do {
            /* If the client shares this processor with us, it can only go on when we let it. */
            if (spent > SPIN_ALONE_NS || host->beside)
                sched_yield();
            for (int i = 0; i < 16; i++) {
                found = look(host, request);
                if (found != SR_NEXT_IDLE)
                    return found;
                sr_relax();
            }
            spent = sr_now_ns() - start;
        } while (spent < spin_ns);
    }
    /* Armed first, then one more look: a request that came before the client could see the flag is found here. */
    set_asleep(host, 1);
    found = look(host, request);
    if (found != SR_NEXT_IDLE)
        set_asleep(host, 0);
    else
        count_before_sleep(host);
    return found;
}

void sr_host_wipe(struct sr_host *host, uint32_t index) {
    struct sr_host_lane *lane = &host->lanes[index];
    if (index >= host->lane_end || lane->mapping == NULL)
        return;
    zero(lane->mapping->base + SR_LANE_HEADER, lane->wipe_length);
    zero(host->scratch, lane->wipe_length);
}

/* A call's time costs a look at the clock, and only those who ask for it have it. */
static void tell_times(const struct sr_host *host, const struct sr_host_lane *lane, struct sr_lane *shared) {
    uint64_t served_us = (sr_now_ns() - lane->last_ns) / 1000;
    shared->found_ns = lane->last_ns;
    shared->served_us = served_us > INT32_MAX ? INT32_MAX : (uint32_t)served_us;
    shared->enclave_us = host->enclave_us;
}

void sr_host_reply(struct sr_host *host, uint32_t index, uint64_t rv, uint32_t length, bool wipe) {
    struct sr_host_lane *lane = &host->lanes[index];
    if (index >= host->lane_end || lane->mapping == NULL || !lane->taken)
        return;
    struct sr_lane *shared = words(lane);
    if (wipe)
        sr_host_wipe(host, index);
    if (lane->wipe_length > SR_SCRATCH_KEPT)
        madvise(host->scratch + SR_SCRATCH_KEPT, SCRATCH_SIZE - SR_SCRATCH_KEPT, MADV_DONTNEED);
    lane->taken = false;
    shared->rv = rv;
    shared->reply_length = length;
    if (lane->wants_times)
        tell_times(host, lane, shared);
    /* Only a request is answered: a client that has meanwhile closed the lane gets it released. */
    uint32_t state = SR_LANE_REQUEST;
    atomic_compare_exchange_strong(&shared->state, &state, SR_LANE_REPLY);
    wake(lane);
    if (lane->closing || state == SR_LANE_CLOSED)
        release(host, lane);
}
