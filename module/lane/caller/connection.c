/* One connection: greeting, lanes, and what the engine says in between. */
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

void sr_caller_mapping_drop(struct sr_caller_mapping *mapping) {
    if (--mapping->holders > 0)
        return;
    munmap(mapping->base, mapping->size);
    free(mapping);
}

/* Its pages go now, whoever else holds the mapping, with all that was written there. */
static void end_mapping(struct sr_caller_mapping *mapping) {
    mmap(mapping->base, mapping->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    sr_caller_mapping_drop(mapping);
}

static struct sr_lane *words_of(const struct sr_caller_lane *lane) {
    return (struct sr_lane *)lane->mapping->base;
}

static void freed(uv_handle_t *handle) {
    free(handle);
}

struct sr_connection *sr_connection_find(const struct sr_connections *all, uint32_t number) {
    struct sr_connection *connection = all->places[number % SR_CONNECTIONS_MOST];
    return connection != NULL && connection->number == number ? connection : NULL;
}

void sr_connection_close(struct sr_connection *connection, bool goodbye) {
    struct sr_connections *all = connection->all;
    all->places[connection->number % SR_CONNECTIONS_MOST] = NULL;
    const struct sr_message word = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = SR_MESSAGE_GOODBYE};
    if (goodbye)
        send(connection->fd, &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT);
    sr_calls_forget(all->calls, connection);
    for (uint32_t i = 0; i < SR_LANES_MAX; i++)
        if (connection->lanes[i].mapping != NULL)
            end_mapping(connection->lanes[i].mapping);
    if (connection->status != NULL)
        munmap(connection->status, SR_LANE_HEADER);
    explicit_bzero(connection->attach_key, sizeof connection->attach_key);
    uv_poll_stop(&connection->poll);
    close(connection->fd);
    uv_close((uv_handle_t *)&connection->poll, freed);
}

static void gone(struct sr_connection *connection) {
    const struct sr_connection_events *events = &connection->all->events;
    uint32_t number = connection->number;
    sr_connection_close(connection, false);
    events->gone(events->context, number);
}

/* Receives a message, and the descriptor that came with it or -1. 0 at the end. */
static ssize_t receive(int fd, struct sr_message *message, int *descriptor) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *descriptor = -1;
    ssize_t got = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    /* Also an empty message may bring some, and where there is room for one, alignment makes it two. */
    for (struct cmsghdr *c = got >= 0 ? CMSG_FIRSTHDR(&header) : NULL; c != NULL; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
            int sent;
            memcpy(&sent, CMSG_DATA(c) + at, sizeof sent);
            if (*descriptor < 0)
                *descriptor = sent;
            else
                close(sent);
        }
    }
    return got;
}

/* Maps so much of what was sent to us; NULL when it is less, or could become less while we read it. */
static void *map(int fd, size_t size, int protection) {
    struct stat info;
    int seals = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0 || fstat(fd, &info) != 0 || (uint64_t)info.st_size < size)
        return NULL;
    void *memory = mmap(NULL, size, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (memory == MAP_FAILED)
        return NULL;
    madvise(memory, size, MADV_DONTFORK);
    madvise(memory, size, MADV_DONTDUMP);
    return memory;
}

static void greeted(struct sr_connection *connection, const struct sr_message *message, int descriptor) {
    const struct sr_connection_events *events = &connection->all->events;
    uint32_t status = message->status;
    if (status == SR_STATUS_OK) {
        connection->status = map(descriptor, SR_LANE_HEADER, PROT_READ);
        connection->attach_id = message->attach_id;
        memcpy(connection->attach_key, message->attach_key, sizeof connection->attach_key);
        if (connection->status == NULL)
            status = SR_STATUS_INVALID;
    }
    events->welcomed(events->context, connection, status);
}

static int free_lane(const struct sr_connection *connection) {
    for (int i = 0; i < SR_LANES_MAX; i++)
        if (connection->lanes[i].mapping == NULL)
            return i;
    return -1;
}

static int take_lane(struct sr_connection *connection, const struct sr_message *message, int descriptor) {
    int index = free_lane(connection);
    uint64_t capacity = message->capacity;
    if (index < 0 || capacity < SR_LANE_CAPACITY_DEFAULT || capacity > SR_LANE_CAPACITY_MAX)
        return -1;
    size_t size = SR_LANE_HEADER + 2 * (size_t)capacity;
    uint8_t *base = map(descriptor, size, PROT_READ | PROT_WRITE);
    struct sr_caller_mapping *mapping = base == NULL ? NULL : malloc(sizeof *mapping);
    if (mapping == NULL) {
        if (base != NULL)
            munmap(base, size);
        return -1;
    }
    *mapping = (struct sr_caller_mapping){.base = base, .size = size, .capacity = capacity, .holders = 1};
    connection->lanes[index] = (struct sr_caller_lane){.mapping = mapping};
    /* Whoever calls from an event loop gives large lanes back himself when they rest. */
    atomic_store(&words_of(&connection->lanes[index])->client_uses, 1);
    return index;
}

static void got_lane(struct sr_connection *connection, const struct sr_message *message, int descriptor) {
    const struct sr_connection_events *events = &connection->all->events;
    int lane = message->status == SR_STATUS_OK ? take_lane(connection, message, descriptor) : -1;
    events->lane(events->context, connection, message->status, lane);
}

static void readable(uv_poll_t *poll, int status, int what) {
    (void)what;
    struct sr_connection *connection = (struct sr_connection *)poll;
    struct sr_connections *all = connection->all;
    uint32_t number = connection->number;
    /* What is told may close the connection. */
    while (sr_connection_find(all, number) == connection) {
        struct sr_message message;
        int descriptor = -1;
        ssize_t got = status == 0 ? receive(connection->fd, &message, &descriptor) : 0;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return;
        if (got != (ssize_t)sizeof message || message.magic != SR_LANE_MAGIC) {
            if (descriptor >= 0)
                close(descriptor);
            gone(connection);
            return;
        }
        if (message.kind == SR_MESSAGE_HELLO && connection->status == NULL)
            greeted(connection, &message, descriptor);
        else if (message.kind == SR_MESSAGE_LANE)
            got_lane(connection, &message, descriptor);
        if (descriptor >= 0)
            close(descriptor);
    }
}

static int connected(const struct sr_greeting *greeting) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(greeting->path);
    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, greeting->path, length + 1);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    struct ucred peer;
    socklen_t size = sizeof peer;
    int error = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
    /* Nobody else is told for whom we ask, nor what he wants. */
    if (error == 0 && (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || (peer.uid != greeting->user && peer.uid != 0)))
        error = -EPERM;
    if (error == 0)
        return fd;
    close(fd);
    return error;
}

static bool greet(int fd, const struct sr_greeting *greeting) {
    struct sr_message message = {.magic = SR_LANE_MAGIC,
                                 .version = SR_LANE_VERSION,
                                 .kind = SR_MESSAGE_HELLO,
                                 .capacity = greeting->principal_length,
                                 .attach_id = greeting->id,
                                 .owner = greeting->owner};
    memcpy(message.attach_key, greeting->key, sizeof message.attach_key);
    struct iovec parts[2] = {{.iov_base = &message, .iov_len = sizeof message},
                             {.iov_base = (void *)(uintptr_t)greeting->principal, .iov_len = greeting->principal_length}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    return sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)(sizeof message + greeting->principal_length);
}

/* A number whose place is free; 0 when all are taken. */
static uint32_t free_number(struct sr_connections *all) {
    for (uint32_t tried = 0; tried < SR_CONNECTIONS_MOST; tried++) {
        all->last_number = all->last_number >= INT32_MAX ? 1 : all->last_number + 1;
        if (all->places[all->last_number % SR_CONNECTIONS_MOST] == NULL)
            return all->last_number;
    }
    return 0;
}

int32_t sr_connection_open(struct sr_connections *all, const struct sr_greeting *greeting) {
    uint32_t number = free_number(all);
    int fd = number == 0 ? -EMFILE : connected(greeting);
    if (fd < 0)
        return fd;
    struct sr_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL || !greet(fd, greeting) || uv_poll_init(all->loop, &connection->poll, fd) != 0) {
        free(connection);
        close(fd);
        return -EPIPE;
    }
    connection->all = all;
    connection->fd = fd;
    connection->number = number;
    all->places[number % SR_CONNECTIONS_MOST] = connection;
    uv_poll_start(&connection->poll, UV_READABLE | UV_DISCONNECT, readable);
    return (int32_t)connection->number;
}

bool sr_connection_ask_lane(struct sr_connection *connection, uint64_t capacity) {
    if (free_lane(connection) < 0)
        return false;
    const struct sr_message message = {
        .magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = SR_MESSAGE_LANE, .capacity = capacity};
    return send(connection->fd, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof message;
}

/* A full socket means that rings are waiting there already. */
static void ring(const struct sr_connection *connection) {
    const struct sr_message word = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = SR_MESSAGE_RING};
    send(connection->fd, &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool sr_connection_submit(struct sr_connection *connection, uint32_t lane, uint32_t function, uint32_t arguments_length,
                          uint64_t bulk_length, bool wants_times) {
    if (lane >= SR_LANES_MAX || connection->lanes[lane].mapping == NULL || connection->lanes[lane].busy || connection->status == NULL)
        return false;
    struct sr_lane *words = words_of(&connection->lanes[lane]);
    if (atomic_load_explicit(&words->state, memory_order_acquire) != SR_LANE_IDLE)
        return false;
    const struct sr_underway call = {.connection = connection, .words = words, .lane = lane};
    if (!sr_calls_add(connection->all->calls, &call))
        return false;
    connection->lanes[lane].busy = true;
    words->function = function;
    words->arguments_length = arguments_length;
    words->bulk_length = bulk_length;
    words->wants_times = wants_times;
    words->found_ns = 0; /* an engine that does not know of this leaves it so */
    words->client_processor = -1; /* we may sleep anywhere */
    atomic_store(&words->state, SR_LANE_REQUEST);
    if (atomic_load(&connection->status->asleep))
        ring(connection);
    return true;
}

struct sr_times sr_connection_times(const struct sr_connection *connection, uint32_t lane) {
    if (lane >= SR_LANES_MAX || connection->lanes[lane].mapping == NULL || connection->lanes[lane].busy)
        return (struct sr_times){0};
    const struct sr_lane *words = words_of(&connection->lanes[lane]);
    return (struct sr_times){
        .found_ns = *(const volatile uint64_t *)&words->found_ns,
        .served_us = *(const volatile uint32_t *)&words->served_us,
        .enclave_us = *(const volatile uint32_t *)&words->enclave_us,
    };
}

void sr_connection_release(struct sr_connection *connection, uint32_t lane) {
    if (lane >= SR_LANES_MAX || connection->lanes[lane].mapping == NULL || connection->lanes[lane].busy)
        return;
    atomic_store(&words_of(&connection->lanes[lane])->client_uses, 0);
    atomic_store(&words_of(&connection->lanes[lane])->state, SR_LANE_CLOSED);
    end_mapping(connection->lanes[lane].mapping);
    connection->lanes[lane] = (struct sr_caller_lane){0};
}

uint64_t sr_connection_epoch(const struct sr_connection *connection) {
    return connection->status == NULL ? 0 : atomic_load_explicit(&connection->status->epoch, memory_order_acquire);
}

bool sr_connection_alive(struct sr_connection *connection) {
    if (connection->status == NULL)
        return false;
    struct sr_status *status = connection->status;
    uint32_t beats = atomic_load(&status->beats), turns = atomic_load(&status->turns);
    bool moved = beats != connection->beats || turns != connection->turns;
    connection->beats = beats;
    connection->turns = turns;
    syscall(SYS_futex, &status->resting, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    return moved;
}
