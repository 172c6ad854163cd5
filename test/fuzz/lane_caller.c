/*
 * A hostile engine against the network door's end of the lanes (module/lane/caller/{connection,calls}.c).
 *
 * Input: a script of one-byte steps with their arguments: connect, send messages of any kind with or without
 * a descriptor, write the words of lanes and of the status page, ask, submit, release, look for answers,
 * close. Socket and shared memory are the real thing; the event loop is a double, which says that a socket is
 * readable when the script says so.
 */
#define _GNU_SOURCE
#include "../../module/lane/caller/connection.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- the loop ---- */

#define POLLS 8
static struct {
    uv_poll_t *poll;
    uv_poll_cb told;
} polls[POLLS];

int uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd) {
    (void)loop;
    (void)fd;
    for (int i = 0; i < POLLS; i++)
        if (polls[i].poll == NULL) {
            polls[i].poll = poll;
            polls[i].told = NULL;
            return 0;
        }
    return -1;
}

int uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb told) {
    (void)events;
    for (int i = 0; i < POLLS; i++)
        if (polls[i].poll == poll)
            polls[i].told = told;
    return 0;
}

int uv_poll_stop(uv_poll_t *poll) {
    for (int i = 0; i < POLLS; i++)
        if (polls[i].poll == poll)
            polls[i].told = NULL;
    return 0;
}

void uv_close(uv_handle_t *handle, uv_close_cb closed) {
    for (int i = 0; i < POLLS; i++)
        if ((uv_handle_t *)polls[i].poll == handle)
            polls[i].poll = NULL;
    closed(handle);
}

/* ---- the script ---- */

static const uint8_t *input;
static size_t left;

static uint8_t take(void) {
    if (left == 0)
        return 0;
    left--;
    return *input++;
}

static uint32_t take_word(void) {
    static const uint32_t telling[] = {0,
                                       1,
                                       SR_LANE_CAPACITY_DEFAULT - 1,
                                       SR_LANE_CAPACITY_DEFAULT,
                                       SR_LANE_CAPACITY_DEFAULT + 4096,
                                       SR_LANE_CAPACITY_MAX,
                                       0x7fffffffu,
                                       0xffffffffu};
    uint8_t kind = take();
    return kind & 0x80 ? telling[kind % 8] : (uint32_t)kind | (uint32_t)take() << 8 | (uint32_t)take() << 16;
}

static struct sr_calls calls;
static struct sr_connections all;
static char path[64];
static int listener;

/* The engine's ends: a socket, and what it has handed out. */
#define ENDS 4
#define MEMORIES 6
static struct {
    uint32_t number;
    int fd;
} ends[ENDS];
static struct {
    int fd;
    uint8_t *base;
    size_t size;
} memories[MEMORIES];

static void told_welcomed(void *context, const struct sr_connection *connection, uint32_t status) {
    (void)context;
    /* As JavaScript does: whoever is not welcome is closed at once. */
    if (status != SR_STATUS_OK)
        sr_connection_close((struct sr_connection *)(uintptr_t)connection, false);
    else if (connection->status == NULL)
        abort();
}

static void told_lane(void *context, const struct sr_connection *connection, uint32_t status, int lane) {
    (void)context;
    (void)status;
    if (lane < 0)
        return;
    struct sr_caller_mapping *mapping = connection->lanes[lane].mapping;
    /* All of it is there, whatever the engine said of it. */
    mapping->base[SR_LANE_HEADER] = 1;
    mapping->base[mapping->size - 1] = 1;
    if (mapping->size != SR_LANE_HEADER + 2 * mapping->capacity)
        abort();
}

static void told_gone(void *context, uint32_t connection) {
    (void)context;
    if (sr_connection_find(&all, connection) != NULL)
        abort();
}

static void open_all(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "/tmp/strongroom-fuzz-%d.socket", (int)getpid());
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0 ||
        !sr_calls_open(&calls, 64))
        abort();
    all = (struct sr_connections){
        .calls = &calls, .events = {.welcomed = told_welcomed, .lane = told_lane, .gone = told_gone}};
    for (int i = 0; i < ENDS; i++)
        ends[i].fd = -1;
}

static void connect_one(int at) {
    static const uint8_t principal[SR_PRINCIPAL_MOST];
    struct sr_greeting greeting = {.path = path,
                                   .user = getuid(),
                                   .principal = principal,
                                   .principal_length = take() * 8u,
                                   .owner = take(),
                                   .id = take() & 1};
    if (ends[at].fd >= 0)
        return;
    int32_t number = sr_connection_open(&all, &greeting);
    if (number < 0)
        return;
    ends[at].number = (uint32_t)number;
    ends[at].fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* Memory that the engine hands out; `size` is what it really has, whatever is said of it. */
static int memory_of(uint8_t which) {
    unsigned at = which % MEMORIES;
    if (memories[at].base == NULL) {
        size_t size = which & 0x40
                          ? SR_LANE_HEADER
                          : SR_LANE_HEADER + 2 * (size_t)SR_LANE_CAPACITY_DEFAULT + (which & 0x20 ? 8192 : 0);
        int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0 || ftruncate(fd, (off_t)size) != 0)
            abort();
        if ((which & 0x80) == 0)
            fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
        memories[at].fd = fd;
        memories[at].size = size;
        memories[at].base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    return memories[at].fd;
}

static void send_one(int at) {
    uint8_t how = take(), which = take();
    struct sr_message message = {.magic = how & 0x40 ? take_word() : SR_LANE_MAGIC,
                                 .version = SR_LANE_VERSION,
                                 .kind = how % 5 == 4 ? take() : how % 5,
                                 .status = how & 0x20 ? take() : SR_STATUS_OK,
                                 .capacity = how & 0x10 ? (uint64_t)take_word() << (take() % 33)
                                                        : SR_LANE_CAPACITY_DEFAULT,
                                 .attach_id = take()};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = &message,
                         .iov_len = which & 0x08 ? take() % (sizeof message + 1) : sizeof message};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (which & 0x10) {
        int two[2] = {memory_of(take()), listener};
        size_t count = which & 0x04 ? 2 : 1;
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(c), two, count * sizeof(int));
    }
    if (ends[at].fd >= 0)
        sendmsg(ends[at].fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void readable(int at) {
    struct sr_connection *connection = sr_connection_find(&all, ends[at].number);
    for (int i = 0; connection != NULL && i < POLLS; i++)
        if (polls[i].poll == &connection->poll && polls[i].told != NULL)
            polls[i].told(polls[i].poll, take() % 16 == 15 ? -1 : 0, 1);
}

static void scribble(void) {
    unsigned at = take() % MEMORIES;
    if (memories[at].base == NULL)
        return;
    struct sr_lane *lane = (struct sr_lane *)memories[at].base;
    switch (take() % 4) {
    case 0:
        atomic_store(&lane->state, take() % 6);
        break;
    case 1:
        lane->reply_length = take_word();
        lane->rv = take_word();
        break;
    case 2:
        memset(lane, take(), sizeof *lane);
        break;
    default:
        /* To cut what others have mapped would be their end. */
        if (ftruncate(memories[at].fd, 0) != 0)
            break;
        munmap(memories[at].base, memories[at].size);
        memories[at].base = NULL;
        close(memories[at].fd);
    }
}

static void answers(void) {
    struct sr_answer answer;
    for (int i = 0; i < 80 && sr_calls_take(&calls, &answer); i++) {
        struct sr_connection *connection = sr_connection_find(&all, answer.connection);
        if (connection == NULL || answer.lane >= SR_LANES_MAX ||
            connection->lanes[answer.lane].mapping == NULL)
            abort();
        const struct sr_caller_mapping *mapping = connection->lanes[answer.lane].mapping;
        if (answer.length > mapping->capacity)
            abort();
        /* JavaScript reads it, and zeroes it. */
        memset(mapping->base + SR_LANE_HEADER + mapping->capacity, 0, answer.length);
    }
    sr_calls_arm(&calls);
    sr_calls_spin(&calls, 0);
}

static void end_all(void) {
    for (int i = 0; i < ENDS; i++) {
        struct sr_connection *connection = ends[i].fd < 0 ? NULL : sr_connection_find(&all, ends[i].number);
        if (connection != NULL)
            sr_connection_close(connection, i & 1);
        if (ends[i].fd >= 0)
            close(ends[i].fd);
        ends[i].fd = -1;
    }
    for (int i = 0; i < MEMORIES; i++) {
        if (memories[i].base == NULL)
            continue;
        munmap(memories[i].base, memories[i].size);
        close(memories[i].fd);
        memories[i].base = NULL;
    }
    if (calls.count != 0)
        abort();
    calls.at = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int lowest;
    if (all.calls == NULL)
        open_all();
    input = data;
    left = size;
    while (left > 0) {
        uint8_t step = take();
        int at = (step >> 4) % ENDS;
        struct sr_connection *connection = ends[at].fd < 0 ? NULL : sr_connection_find(&all, ends[at].number);
        switch (step % 10) {
        case 0:
            if (connection == NULL && ends[at].fd >= 0) {
                close(ends[at].fd);
                ends[at].fd = -1;
            }
            connect_one(at);
            break;
        case 1:
        case 2:
            send_one(at);
            break;
        case 3:
            readable(at);
            break;
        case 4:
            scribble();
            break;
        case 5:
            answers();
            break;
        case 6:
            if (connection != NULL)
                sr_connection_submit(connection, take() % 70, take_word(), take_word(), take_word(), take() & 1);
            break;
        case 7:
            if (connection != NULL) {
                sr_connection_times(connection, take() % 70);
                sr_connection_release(connection, take() % 70);
            }
            break;
        case 8:
            if (connection != NULL)
                sr_connection_ask_lane(connection, take_word());
            break;
        default:
            if (connection != NULL) {
                sr_connection_epoch(connection);
                sr_connection_alive(connection);
                if (take() % 8 == 0)
                    sr_connection_close(connection, take() & 1);
            }
        }
    }
    end_all();
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;)
        close(fd);
    /* Whatever was sent along has been closed; the fuzzer's own files come and go, and one that is forgotten
     * here is forgotten again and again. */
    int next = dup(listener);
    close(next);
    if (lowest == 0)
        lowest = next;
    else if (next > lowest + 8)
        abort();
    return 0;
}
