/*
 * A hostile client of a living engine: hostile STORE SECONDS SEED
 *
 * Speaks the socket's protocol and the lanes directly and keeps to none of their rules: random messages,
 * absurd capacities, floods of descriptors and connections, attempts to cut the sealed memory, requests of
 * random and of half-sensible bytes, words and bytes rewritten by a second thread while the engine reads, and
 * ends in the middle of everything. Prints how much it did; says on its standard error what the engine let it
 * do that it must not.
 */
#define _GNU_SOURCE
#include "../../module/lane/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LANES 8

struct lane {
    uint8_t *map;
    uint64_t capacity;
};

static uint64_t state;
static const char *store;
static unsigned long messages, requests, answers, connections;
static struct lane lanes[LANES];
static _Atomic bool scribbling, ending;
static _Atomic bool writing; /* the scribbler has a lane */
static _Atomic uintptr_t target;

static uint32_t roll(uint32_t sides) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % sides;
}

static uint32_t word(void) {
    static const uint32_t telling[] = {0,        1,          8,         4096, 65536, 1u << 20, (1u << 20) + 1,
                                       1u << 24, 0x7fffffff, 0xffffffff};
    return roll(3) == 0 ? telling[roll(10)] : roll(2) ? roll(200) : (uint32_t)(state >> 16);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int connect_engine(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/engine.socket", store);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 2};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    connections++;
    return fd;
}

/* Sends `length` bytes of a message, with descriptors if asked, and takes an answer if one comes soon. */
static bool exchange(int fd, struct sr_message *message, size_t length, int floods, int *received) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(64 * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = message, .iov_len = length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (floods > 0) {
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE((size_t)floods * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN((size_t)floods * sizeof(int));
        int null = 2;
        for (int i = 0; i < floods; i++)
            memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &null, sizeof null);
    }
    messages++;
    if (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
        return false;
    if (received == NULL)
        return true;
    *received = -1;
    part.iov_len = sizeof *message;
    header.msg_control = &control;
    header.msg_controllen = sizeof control;
    if (recvmsg(fd, &header, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *message)
        return false;
    struct cmsghdr *c = CMSG_FIRSTHDR(&header);
    if (c != NULL && c->cmsg_type == SCM_RIGHTS)
        memcpy(received, CMSG_DATA(c), sizeof *received);
    return true;
}

static struct sr_message message_of(uint32_t kind) {
    return (struct sr_message){.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = kind};
}

static int attach(void) {
    int fd = connect_engine();
    struct sr_message hello = message_of(SR_MESSAGE_HELLO);
    int page = -1;
    if (fd < 0 || !exchange(fd, &hello, sizeof hello, 0, &page) || page < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    /* Neither the status page nor anything else of the engine's may be written or cut by a client. */
    void *map = mmap(NULL, SR_LANE_HEADER, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
    if (map != MAP_FAILED)
        fprintf(stderr, "the status page can be mapped for writing\n");
    if (ftruncate(page, 0) == 0 || ftruncate(page, 1 << 20) == 0)
        fprintf(stderr, "the status page can be cut or grown\n");
    close(page);
    return fd;
}

static void open_lane(int fd, struct lane *lane) {
    struct sr_message message = message_of(SR_MESSAGE_LANE);
    message.capacity = roll(8) == 0 ? (uint64_t)word() << roll(40) : SR_LANE_CAPACITY_DEFAULT;
    int memory = -1;
    if (!exchange(fd, &message, sizeof message, 0, &memory) || memory < 0)
        return;
    if (ftruncate(memory, 0) == 0 || ftruncate(memory, (off_t)1 << 40) == 0 ||
        fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE) == 0)
        fprintf(stderr, "a lane can be cut, grown or sealed\n");
    uint64_t size = SR_LANE_HEADER + 2 * message.capacity;
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory, 0);
    close(memory);
    if (map == MAP_FAILED)
        return;
    if (lane->map != NULL)
        munmap(lane->map, SR_LANE_HEADER + 2 * lane->capacity);
    *lane = (struct lane){.map = map, .capacity = message.capacity};
}

/* A request: a real function, sometimes a session of ours first, and numbers of every kind. */
static uint32_t fill(uint8_t *request, uint64_t session) {
    uint32_t count = roll(24);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = i == 0 && session != 0 && roll(4) ? session : roll(12) == 0 ? ~(uint64_t)0 : word();
        memcpy(request + (size_t)i * 8, &value, 8);
    }
    return count * 8 + (roll(10) == 0 ? word() : 0);
}

static void ring(int fd) {
    struct sr_message message = message_of(SR_MESSAGE_RING);
    exchange(fd, &message, sizeof message, 0, NULL);
}

/* One call on a lane; the engine's answer, or nothing when it did not come soon. */
static bool call(int fd, struct lane *lane, uint32_t function, uint32_t length, double patience) {
    struct sr_lane *words = (struct sr_lane *)lane->map;
    words->function = function;
    words->arguments_length = length;
    atomic_store(&words->state, SR_LANE_REQUEST);
    requests++;
    ring(fd);
    for (double until = now() + patience; atomic_load(&words->state) == SR_LANE_REQUEST && now() < until;)
        usleep(50);
    bool answered = atomic_load(&words->state) == SR_LANE_REPLY;
    answers += answered;
    return answered;
}

/* Rewrites the lane's words and its request while the engine looks at them. */
static void *scribble(void *nothing) {
    uint32_t x = 1;
    while (!atomic_load(&ending)) {
        /* Said first, and only then looked: whoever takes the lane away waits for us. */
        atomic_store(&writing, true);
        uint8_t *map = (uint8_t *)atomic_load(&target);
        if (map == NULL || !atomic_load(&scribbling)) {
            atomic_store(&writing, false);
            usleep(200);
            continue;
        }
        for (int i = 0; i < 2000; i++) {
            x = x * 1103515245u + 12345u;
            if (x % 16 == 0)
                ((struct sr_lane *)map)->arguments_length = x >> (x % 30);
            else if (x % 64 == 1)
                /* The standard's 104: to end the engine is its user's right (SR_StopEngine), as it is to kill
                 * it. */
                ((struct sr_lane *)map)->function = (x >> 25) % 105;
            else if (x % 64 == 2)
                atomic_store(&((struct sr_lane *)map)->state, (x >> 8) % 5);
            else
                map[SR_LANE_HEADER + (x >> 8) % 512] = (uint8_t)(x >> 3);
        }
        atomic_store(&writing, false);
    }
    return nothing;
}

static uint64_t open_session(int fd, struct lane *lane) {
    uint64_t arguments[2] = {0, 6};
    memcpy(lane->map + SR_LANE_HEADER, arguments, sizeof arguments);
    uint64_t session = 0;
    if (call(fd, lane, 13, sizeof arguments, 0.5))
        memcpy(&session, lane->map + SR_LANE_HEADER + lane->capacity, 8);
    return session;
}

/* A principal, sometimes with a byte or its end changed; its length. */
static size_t name_somebody(char *principal, size_t room) {
    size_t length = (size_t)snprintf(
        principal, room,
        "{\"names\":[\"spiffe://example.org/%u\"],\"fingerprint\":\"%064x\",\"address\":\"192.0.2.1:%u\"}",
        roll(9), roll(9), roll(65536));
    if (roll(3) == 0)
        principal[roll((uint32_t)length)] = (char)roll(256);
    return roll(3) == 0 ? roll((uint32_t)room) : length;
}

static void random_messages(void) {
    int fd = connect_engine();
    for (int i = 0; fd >= 0 && i < 20; i++) {
        uint32_t kind = roll(7);
        struct {
            struct sr_message message;
            char principal[2 * SR_PRINCIPAL_MOST];
        } greeting = {.message = message_of(kind == 6 ? SR_MESSAGE_GOODBYE : kind)};
        struct sr_message *message = &greeting.message;
        size_t length = sizeof *message;
        if (roll(4) == 0)
            message->magic = word();
        if (roll(4) == 0)
            message->version = word();
        message->capacity = (uint64_t)word() << roll(33);
        if (message->kind == SR_MESSAGE_HELLO && roll(2)) {
            /* In the name of somebody elsewhere, which is the network door's alone; the length is true, or
             * not. */
            length += name_somebody(greeting.principal, sizeof greeting.principal);
            message->capacity = roll(4) == 0 ? word() : length - sizeof *message;
        }
        message->attach_id = roll(5);
        message->owner = word();
        memset(message->attach_key, (int)roll(256), sizeof message->attach_key);
        int received = -1;
        bool waits = message->kind == SR_MESSAGE_HELLO || message->kind == SR_MESSAGE_LANE;
        if (!exchange(fd, message, roll(5) == 0 ? roll((uint32_t)length) : length,
                      roll(3) == 0 ? (int)roll(60) : 0, waits ? &received : NULL))
            break;
        if (message->kind == SR_MESSAGE_HELLO && length > sizeof *message && received >= 0 &&
            message->status == SR_STATUS_OK && message->capacity > 0)
            fprintf(stderr, "anybody can name somebody\n");
        if (received >= 0)
            close(received);
    }
    if (fd >= 0)
        close(fd);
}

/* More connections than the engine keeps; what it does not want it closes, and what it has it goes on
 * serving. */
static void flood(void) {
    static int fds[2600];
    size_t many = roll(4) == 0 ? sizeof fds / sizeof *fds : 100, kept = 0;
    for (size_t i = 0; i < many; i++) {
        int fd = connect_engine();
        if (fd >= 0)
            fds[kept++] = fd;
    }
    for (size_t i = 0; i < kept; i++) {
        ring(fds[i]);
        close(fds[i]);
    }
}

static void calls(void) {
    int fd = attach();
    if (fd < 0)
        return;
    for (int i = 0; i < LANES; i++)
        open_lane(fd, &lanes[i]);
    struct lane *first = &lanes[roll(LANES)];
    uint64_t session = first->map != NULL ? open_session(fd, first) : 0;
    for (int i = 0; i < 150; i++) {
        struct lane *lane = &lanes[roll(LANES)];
        if (lane->map == NULL)
            continue;
        atomic_store(&target, (uintptr_t)lane->map);
        atomic_store(&scribbling, roll(3) == 0);
        uint32_t length = fill(lane->map + SR_LANE_HEADER, session);
        uint32_t function = roll(20) == 0 ? word() : 1 + roll(70);
        if (roll(60) == 0)
            function = SR_FUNCTION_DETACH;
        call(fd, lane, function, length, roll(10) == 0 ? 0 : 0.004);
        if (roll(200) == 0)
            break;
    }
    atomic_store(&scribbling, false);
    atomic_store(&target, 0);
    /* On a slow machine it may be in the middle of its writing for long, and the next round unmaps lanes. */
    while (atomic_load(&writing))
        usleep(100);
    /* The end comes while requests are under way; the lanes are used again by the next round, closed or not.
     */
    close(fd);
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    store = argv[1];
    state = (uint64_t)atoi(argv[3]) * 2654435761u + 1;
    double until = now() + atof(argv[2]);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    pthread_t thread;
    pthread_create(&thread, NULL, scribble, NULL);
    while (now() < until) {
        switch (roll(12)) {
        case 0:
            flood();
            break;
        case 1:
            random_messages();
            break;
        default:
            calls();
        }
    }
    atomic_store(&ending, true);
    pthread_join(thread, NULL);
    printf("connections=%lu messages=%lu requests=%lu answers=%lu\n", connections, messages, requests,
           answers);
    return 0;
}
