/* The door: letting applications in, answering what they ask, handing out lanes. */
#define _GNU_SOURCE
#include "door.h"
#include "listen.h"
#include "places.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Messages taken from one connection before the others get their turn. */
#define MESSAGES_AT_ONCE 8
/* How long nobody is let in when descriptors or memory are spent. Whoever knocks meanwhile waits in the
 * socket's queue. */
#define PAUSE_MS 100
/* How long a large lane must have rested before its memory is taken out, and how often that is looked at
 * while there are any. */
#define TRIM_REST_NS 5000000000u
#define TRIM_EVERY_MS 5000

/* Waiting for who knocks at the socket; freed by itself, since a socket that is made again needs another. */
struct listening {
    uv_poll_t poll; /* first */
    struct sr_door *door;
};

struct sr_door {
    struct sr_places places; /* first: the places' address is the door's */
    bool shut;
    struct listening *listening;
    struct sr_listener socket;
    struct sr_watch store;  /* over the store's folder */
    struct sr_watch beside; /* over the socket's, where that is another */
    uv_poll_t bell;
    uv_timer_t pause; /* until the door opens again */
    uv_timer_t trim;  /* while there are large lanes */
};

static struct sr_door *door_of(const struct sr_connection *connection) {
    return (struct sr_door *)connection->places;
}

/* False when the client is not there any more to get it. */
static bool answer(struct sr_connection *connection, struct sr_message *message, uint32_t status,
                   int descriptor) {
    message->magic = SR_LANE_MAGIC;
    message->version = SR_LANE_VERSION;
    message->status = status;
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr reply = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        reply.msg_control = &control;
        reply.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&reply);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    /* A client that does not read its answers only harms itself. */
    return sendmsg(connection->fd, &reply, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0 || errno != EPIPE;
}

static void hello(struct sr_connection *connection, struct sr_message *message, const uint8_t *principal) {
    struct sr_application *application = NULL;
    uint32_t status = SR_STATUS_REFUSED;
    const struct sr_greeting greeting = {.message = message,
                                         .principal = message->capacity > 0 ? principal : NULL,
                                         .principal_length = (uint32_t)message->capacity};
    if (connection->application == NULL)
        application = message->attach_id == 0 ? sr_application_new(connection, &greeting, &status)
                                              : sr_application_resume(connection, &greeting);
    if (application == NULL) {
        answer(connection, message, status, -1);
        return;
    }
    bool fresh = message->attach_id == 0;
    message->attach_id = application->id;
    memcpy(message->attach_key, application->key, sizeof message->attach_key);
    message->engine_pid = getpid();
    /* One that did not wait for us comes again as another. */
    if (!answer(connection, message, SR_STATUS_OK, connection->places->host->status_fd) && fresh)
        connection->goodbye = true;
}

static void trim(uv_timer_t *timer) {
    struct sr_door *door = timer->data;
    if (!sr_host_lanes_trim(door->places.host, sr_now_ns() - TRIM_REST_NS))
        uv_timer_stop(timer);
}

static void lane(struct sr_connection *connection, struct sr_message *message) {
    struct sr_door *door = door_of(connection);
    if (connection->application == NULL) {
        answer(connection, message, SR_STATUS_REFUSED, -1);
        return;
    }
    uint32_t id = connection->application->id;
    sr_host_lanes_release(door->places.host, id, SR_RELEASE_CLOSED);
    if (sr_host_lanes_of(door->places.host, id) >= 2 * SR_LANES_MAX) {
        answer(connection, message, SR_STATUS_FULL, -1);
        return;
    }
    int descriptor = -1;
    if (!sr_application_may_have_lane(connection->application)) {
        answer(connection, message, SR_STATUS_FULL, -1);
        return;
    }
    const struct sr_lane_owner owner = {.application = id, .owner = connection->application->owner, .ring = connection->fd};
    int index = sr_host_lane_new(door->places.host, &owner, message->capacity, &descriptor);
    if (index < 0) {
        answer(connection, message, index == -EINVAL ? SR_STATUS_INVALID : SR_STATUS_FULL, -1);
        return;
    }
    struct sr_mapping *mapping = door->places.host->lanes[index].mapping;
    message->capacity = mapping->capacity;
    if (mapping->capacity > SR_LANE_CAPACITY_DEFAULT && !uv_is_active((uv_handle_t *)&door->trim))
        uv_timer_start(&door->trim, trim, TRIM_EVERY_MS, TRIM_EVERY_MS);
    door->places.events.lane(door->places.events.context, id, (uint32_t)index, mapping);
    if (!answer(connection, message, SR_STATUS_OK, descriptor))
        atomic_store(&((struct sr_lane *)mapping->base)->state, SR_LANE_CLOSED); /* nobody will use it */
    close(descriptor);
}

/* A message, and what may come behind it. */
struct received {
    struct sr_message message;
    uint8_t principal[SR_PRINCIPAL_MOST];
};

/* Receives a message and who has sent it. Descriptors that come along are not wanted: there is no room for them, so the kernel closes them. */
static ssize_t receive(int fd, struct received *message, struct ucred *sender) {
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(fd, &header, MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_CLOEXEC);
    *sender = (struct ucred){.pid = -1, .uid = (uid_t)-1, .gid = (gid_t)-1};
    for (struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&header) : NULL; c != NULL; c = CMSG_NXTHDR(&header, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS && c->cmsg_len == CMSG_LEN(sizeof *sender))
            memcpy(sender, CMSG_DATA(c), sizeof *sender);
    return got;
}

/* The socket counts in the hands of the process that has greeted, as long as that is who it was: one that was passed on, inherited, or kept
 * by a program with another user's rights, is worth nothing. */
static bool is_its_own(struct sr_connection *connection, const struct ucred *sender) {
    if (!connection->heard) {
        connection->heard = true;
        connection->sender = *sender;
    }
    return sender->pid == connection->sender.pid && sender->uid == connection->sender.uid &&
           sender->pid == connection->peer.pid;
}

/* False when the connection is to be closed. */
static bool serve(struct sr_connection *connection) {
    for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
        struct received received;
        struct sr_message *message = &received.message;
        struct ucred sender;
        ssize_t got = receive(connection->fd, &received, &sender);
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (got < (ssize_t)sizeof *message || message->magic != SR_LANE_MAGIC || !is_its_own(connection, &sender))
            return false;
        if (message->version != SR_LANE_VERSION) {
            answer(connection, message, SR_STATUS_VERSION, -1);
            return false;
        }
        uint64_t behind = (uint64_t)got - sizeof *message;
        if (behind > SR_PRINCIPAL_MOST || behind != (message->kind == SR_MESSAGE_HELLO ? message->capacity : 0))
            return false;
        switch (message->kind) {
        case SR_MESSAGE_HELLO:
            hello(connection, message, received.principal);
            break;
        case SR_MESSAGE_LANE:
            lane(connection, message);
            break;
        case SR_MESSAGE_RING:
            break;
        case SR_MESSAGE_GOODBYE:
            connection->goodbye = true;
            return false;
        default:
            return false;
        }
    }
    return true;
}

static void readable(uv_poll_t *poll, int status, int events) {
    (void)events;
    struct sr_connection *connection = (struct sr_connection *)poll;
    struct sr_door *door = door_of(connection);
    bool good = status == 0 && serve(connection);
    if (!good) {
        struct sr_application *application = connection->application;
        bool goodbye = connection->goodbye;
        sr_connection_close(connection);
        if (application != NULL && goodbye)
            sr_application_gone(application, false);
        else if (application != NULL)
            sr_application_left(application);
    }
    door->places.events.woken(door->places.events.context);
}

static void knocked(uv_poll_t *poll, int status, int events);

static void pause_over(uv_timer_t *timer) {
    struct sr_door *door = timer->data;
    if (door->shut)
        return;
    uv_poll_start(&door->listening->poll, UV_READABLE, knocked);
}

/* False when nobody waits at the socket, or nobody can be let in now (as errno says). */
static bool let_in(struct sr_door *door, int socket) {
    int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return false;
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct sr_connection *connection = NULL;
    /* In a store's folder its mode lets only our user in; this is the second lock on the same door. Where others may come, the engine is asked
     * when they greet. */
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (door->places.shared || peer.uid == geteuid()))
        connection = sr_places_take(&door->places, fd, peer);
    if (connection == NULL)
        close(fd);
    else
        uv_poll_start(&connection->poll, UV_READABLE | UV_DISCONNECT, readable);
    return true;
}

static void knocked(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    struct sr_door *door = ((struct listening *)poll)->door;
    if (let_in(door, door->socket.fd))
        return;
    /* Who knocks stays readable: without a pause the loop would do nothing else. */
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        uv_poll_stop(poll);
        uv_timer_start(&door->pause, pause_over, PAUSE_MS, 0);
    }
}

static void listening_freed(uv_handle_t *handle) {
    free(handle);
}

static int listen_for(struct sr_door *door) {
    struct listening *listening = calloc(1, sizeof *listening);
    if (listening == NULL)
        return -ENOMEM;
    int error = uv_poll_init(door->places.loop, &listening->poll, door->socket.fd);
    if (error != 0) {
        free(listening);
        return error;
    }
    listening->door = door;
    door->listening = listening;
    return uv_poll_start(&listening->poll, UV_READABLE, knocked);
}

static void stop_listening(struct sr_door *door) {
    uv_poll_stop(&door->listening->poll);
    uv_close((uv_handle_t *)&door->listening->poll, listening_freed);
    door->listening = NULL;
}

void sr_door_shut(struct sr_door *door) {
    door->shut = true;
    uv_poll_stop(&door->listening->poll);
}

bool sr_door_mend(struct sr_door *door) {
    if (door->shut || sr_listener_in_place(&door->socket))
        return true;
    int old;
    if (sr_listener_renew(&door->socket, &old) != 0)
        return false;
    uv_timer_stop(&door->pause);
    stop_listening(door);
    while (let_in(door, old))
        ;
    close(old);
    return listen_for(door) == 0;
}

static void folder_changed(void *context) {
    struct sr_door *door = context;
    door->places.events.changed(door->places.events.context);
}

static void bell_rang(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    struct sr_door *door = poll->data;
    uint64_t rings;
    ssize_t got = read(door->places.host->bell.fd, &rings, sizeof rings);
    (void)got;
    door->places.events.woken(door->places.events.context);
}

static int open_socket(struct sr_door *door, const char *folder, const struct sr_service *service) {
    if (service != NULL && service->descriptor >= 0)
        return sr_listener_adopt(&door->socket, &service->place, service->descriptor);
    if (service != NULL)
        return sr_listener_open(&door->socket, &service->place);
    struct sr_listener_place own = {.name = "engine.socket", .mode = 0600, .group = (gid_t)-1};
    size_t length = strlen(folder);
    if (length >= sizeof own.folder)
        return -ENAMETOOLONG;
    memcpy(own.folder, folder, length + 1);
    return sr_listener_open(&door->socket, &own);
}

/* Both folders that matter, or the one. */
static int watch_folders(struct sr_door *door, uv_loop_t *loop, const char *folder) {
    if (!door->places.shared)
        return sr_watch_open(&door->store, loop, door->socket.folder, folder_changed, door);
    int store = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (store < 0)
        return -errno;
    int error = sr_watch_open(&door->store, loop, store, folder_changed, door);
    close(store);
    return error != 0 ? error : sr_watch_open(&door->beside, loop, door->socket.folder, folder_changed, door);
}

int sr_door_open(struct sr_door **opened, uv_loop_t *loop, struct sr_host *host, const char *folder,
                 const struct sr_service *service, const struct sr_door_events *events) {
    struct sr_door *door = calloc(1, sizeof *door);
    if (door == NULL)
        return -ENOMEM;
    door->places.loop = loop;
    door->places.host = host;
    door->places.events = *events;
    door->places.shared = service != NULL;
    door->places.door = service != NULL ? service->door : (uid_t)-1;
    door->places.lease_ms = service != NULL ? service->lease_ms : 0;
    int error = open_socket(door, folder, service);
    if (error != 0) {
        free(door);
        return error;
    }
    door->bell.data = door;
    door->pause.data = door;
    door->trim.data = door;
    error = uv_poll_init(loop, &door->bell, host->bell.fd);
    if (error == 0)
        error = uv_timer_init(loop, &door->pause);
    if (error == 0)
        error = uv_timer_init(loop, &door->trim);
    if (error == 0)
        error = watch_folders(door, loop, folder);
    if (error == 0)
        error = listen_for(door);
    if (error != 0)
        return error; /* the engine cannot serve, and ends; its handles are not freed under the loop */
    uv_poll_start(&door->bell, UV_READABLE, bell_rang);
    *opened = door;
    return 0;
}

void sr_door_farewell(struct sr_door *door, uint32_t application) {
    sr_places_farewell(&door->places, application);
}

void sr_door_close(struct sr_door *door) {
    atomic_store(&door->places.host->status->leaving, 1);
    uv_poll_stop(&door->bell);
    uv_timer_stop(&door->pause);
    stop_listening(door);
    sr_watch_close(&door->store);
    if (door->places.shared)
        sr_watch_close(&door->beside);
    sr_listener_close(&door->socket);
    uv_close((uv_handle_t *)&door->bell, NULL);
    uv_close((uv_handle_t *)&door->pause, NULL);
    uv_close((uv_handle_t *)&door->trim, NULL);
    sr_places_close(&door->places);
}
