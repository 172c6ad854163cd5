/* The door: accepting applications, handing out lanes, noticing who has gone. */
#define _GNU_SOURCE
#include "door.h"
#include "listen.h"
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Messages taken from one connection before the others get their turn. */
#define MESSAGES_AT_ONCE 8
/* How long nobody is let in when descriptors or memory are spent. Whoever knocks meanwhile waits in the socket's queue. */
#define PAUSE_MS 100
/* Connections at the same time, greeted or not: a flood of them must not use up the descriptors that serving needs. */
#define CONNECTIONS_MAX (2 * SR_HOST_APPLICATIONS_MAX)
/* Of them, how many one process may have. It needs one for each copy of the library that it has loaded, and a second while it comes back. */
#define CONNECTIONS_OF_PROCESS (2 * SR_HOST_APPLICATIONS_OF_PROCESS)

struct connection {
    uv_poll_t poll; /* first: the handle's address is the connection's */
    struct sr_door *door;
    int fd;
    struct ucred peer;
    struct application *application; /* NULL before HELLO */
    bool goodbye;                    /* its end is the application's */
    struct connection *next;
};

struct application {
    uv_poll_t poll; /* on the process' pidfd; first */
    struct sr_door *door;
    uint32_t id;
    int pidfd; /* -1 where the kernel has none */
    pid_t pid;
    uint8_t key[16];
    struct connection *connection; /* NULL while the host has closed it */
    struct application *next;
};

/* Waiting for who knocks at the socket; freed by itself, since a socket that is made again needs another. */
struct listening {
    uv_poll_t poll; /* first */
    struct sr_door *door;
};

struct sr_door {
    struct listening *listening;
    struct sr_listener socket;
    struct sr_watch watch;
    uv_poll_t bell;
    uv_timer_t pause; /* until the door opens again */
    uv_loop_t *loop;
    struct sr_host *host;
    struct sr_door_events events;
    uint32_t next_application;
    uint32_t application_count;
    uint32_t connection_count;
    struct application *applications;
    struct connection *connections;
};

static void connection_freed(uv_handle_t *handle) {
    free(handle);
}

static void close_connection(struct connection *connection) {
    struct sr_door *door = connection->door;
    for (struct connection **at = &door->connections; *at != NULL; at = &(*at)->next) {
        if (*at == connection) {
            *at = connection->next;
            break;
        }
    }
    door->connection_count--;
    if (connection->application != NULL && connection->application->connection == connection)
        connection->application->connection = NULL;
    uv_poll_stop(&connection->poll);
    close(connection->fd);
    uv_close((uv_handle_t *)&connection->poll, connection_freed);
}

static void forget_application(struct application *application) {
    struct sr_door *door = application->door;
    for (struct application **at = &door->applications; *at != NULL; at = &(*at)->next) {
        if (*at == application) {
            *at = application->next;
            break;
        }
    }
    door->application_count--;
    if (application->connection != NULL)
        close_connection(application->connection);
    sr_host_lanes_release(door->host, application->id, false);
    if (application->pidfd >= 0) {
        uv_poll_stop(&application->poll);
        close(application->pidfd);
        uv_close((uv_handle_t *)&application->poll, connection_freed);
    } else {
        free(application);
    }
}

static void application_gone(struct application *application) {
    struct sr_door *door = application->door;
    uint32_t id = application->id;
    forget_application(application);
    door->events.gone(door->events.context, id);
}

static void process_ended(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    application_gone((struct application *)poll);
}

static bool process_ended_already(const struct application *application) {
    if (application->pidfd < 0)
        return true; /* no way to know: the connection's end is taken for the application's */
    struct pollfd {
        int fd;
        short events, revents;
    } one = {.fd = application->pidfd, .events = 1 /* POLLIN */};
    return syscall(SYS_ppoll, &one, 1, &(struct timespec){0}, NULL, 0) > 0;
}

/* False when the client is not there any more to get it. */
static bool answer(struct connection *connection, struct sr_message *message, uint32_t status, int descriptor) {
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

/*
 * One process cannot take all places. Of its applications, one whose connection is closed makes room for the new one: a process that has become
 * another program by exec does not come back as the one it was. Where processes are out of our sight, all have the same number, which is none.
 */
static bool has_its_share(const struct sr_door *door, pid_t pid) {
    uint32_t count = 0;
    struct application *left = NULL;
    for (struct application *a = door->applications; a != NULL && pid > 0; a = a->next) {
        count += a->pid == pid;
        if (a->pid == pid && a->connection == NULL)
            left = a;
    }
    if (count < SR_HOST_APPLICATIONS_OF_PROCESS)
        return false;
    if (left == NULL)
        return true;
    application_gone(left);
    return false;
}

/* NULL, and why in *status. */
static struct application *new_application(struct connection *connection, uint32_t *status) {
    struct sr_door *door = connection->door;
    struct ucred peer = connection->peer;
    *status = SR_STATUS_FULL;
    if (door->application_count >= SR_HOST_APPLICATIONS_MAX || has_its_share(door, peer.pid))
        return NULL;
    struct application *application = calloc(1, sizeof *application);
    if (application == NULL)
        return NULL;
    application->door = door;
    application->id = ++door->next_application;
    application->pid = peer.pid;
    if (getrandom(application->key, sizeof application->key, 0) != (ssize_t)sizeof application->key) {
        free(application);
        return NULL;
    }
    application->pidfd = (int)syscall(SYS_pidfd_open, peer.pid, 0);
    if (application->pidfd < 0 && errno == ESRCH) {
        /* Who has connected is dead, and somebody else has his connection. */
        *status = SR_STATUS_REFUSED;
        free(application);
        return NULL;
    }
    if (application->pidfd >= 0) {
        if (uv_poll_init(door->loop, &application->poll, application->pidfd) != 0) {
            close(application->pidfd);
            application->pidfd = -1;
        } else {
            uv_unref((uv_handle_t *)&application->poll);
            uv_poll_start(&application->poll, UV_READABLE, process_ended);
        }
    }
    application->next = door->applications;
    door->applications = application;
    door->application_count++;
    application->connection = connection;
    connection->application = application;
    door->events.attached(door->events.context, application->id, peer.pid, peer.uid, peer.gid);
    return application;
}

/* The same process, showing the key that it was given: an application whose host closed our socket. */
static struct application *resumed(struct connection *connection, const struct sr_message *message) {
    for (struct application *a = connection->door->applications; a != NULL; a = a->next) {
        if (a->id != message->attach_id || a->pid != connection->peer.pid)
            continue;
        uint8_t difference = 0;
        for (size_t i = 0; i < sizeof a->key; i++)
            difference |= a->key[i] ^ message->attach_key[i];
        if (difference != 0)
            return NULL;
        struct connection *old = a->connection;
        a->connection = connection;
        connection->application = a;
        if (old != NULL) {
            old->application = NULL;
            close_connection(old);
        }
        return a;
    }
    return NULL;
}

static void hello(struct connection *connection, struct sr_message *message) {
    struct application *application = NULL;
    uint32_t status = SR_STATUS_REFUSED;
    if (connection->application == NULL)
        application = message->attach_id == 0 ? new_application(connection, &status) : resumed(connection, message);
    if (application == NULL) {
        answer(connection, message, status, -1);
        return;
    }
    bool fresh = message->attach_id == 0;
    message->attach_id = application->id;
    memcpy(message->attach_key, application->key, sizeof message->attach_key);
    message->engine_pid = getpid();
    /* One that did not wait for us comes again as another. */
    if (!answer(connection, message, SR_STATUS_OK, connection->door->host->status_fd) && fresh)
        connection->goodbye = true;
}

static void lane(struct connection *connection, struct sr_message *message) {
    struct sr_door *door = connection->door;
    if (connection->application == NULL) {
        answer(connection, message, SR_STATUS_REFUSED, -1);
        return;
    }
    uint32_t id = connection->application->id;
    sr_host_lanes_release(door->host, id, true);
    if (sr_host_lanes_of(door->host, id) >= 2 * SR_LANES_MAX) {
        answer(connection, message, SR_STATUS_FULL, -1);
        return;
    }
    int descriptor = -1;
    int index = sr_host_lane_new(door->host, id, message->capacity, &descriptor);
    if (index < 0) {
        answer(connection, message, index == -EINVAL ? SR_STATUS_INVALID : SR_STATUS_FULL, -1);
        return;
    }
    struct sr_mapping *mapping = door->host->lanes[index].mapping;
    message->capacity = mapping->capacity;
    door->events.lane(door->events.context, id, (uint32_t)index, mapping);
    if (!answer(connection, message, SR_STATUS_OK, descriptor))
        atomic_store(&((struct sr_lane *)mapping->base)->state, SR_LANE_CLOSED); /* nobody will use it */
    close(descriptor);
}

/* False when the connection is to be closed. */
static bool serve(struct connection *connection) {
    for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
        struct sr_message message;
        ssize_t got = recv(connection->fd, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (got != (ssize_t)sizeof message || message.magic != SR_LANE_MAGIC)
            return false;
        if (message.version != SR_LANE_VERSION) {
            answer(connection, &message, SR_STATUS_VERSION, -1);
            return false;
        }
        switch (message.kind) {
        case SR_MESSAGE_HELLO:
            hello(connection, &message);
            break;
        case SR_MESSAGE_LANE:
            lane(connection, &message);
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
    struct connection *connection = (struct connection *)poll;
    struct sr_door *door = connection->door;
    bool good = status == 0 && serve(connection);
    if (!good) {
        struct application *application = connection->application;
        bool goodbye = connection->goodbye;
        close_connection(connection);
        if (application != NULL && (goodbye || process_ended_already(application)))
            application_gone(application);
    }
    door->events.woken(door->events.context);
}

static void knocked(uv_poll_t *poll, int status, int events);

static void pause_over(uv_timer_t *timer) {
    struct sr_door *door = timer->data;
    uv_poll_start(&door->listening->poll, UV_READABLE, knocked);
}

/* Room for one more connection, where it must be in the place of the one that has stood there longest without a word. */
static bool make_room(struct sr_door *door, pid_t pid) {
    uint32_t count = 0;
    struct connection *mute = NULL;
    for (struct connection *c = door->connections; c != NULL; c = c->next) {
        count += c->peer.pid == pid;
        if (c->application == NULL)
            mute = c;
    }
    if (pid > 0 && count >= CONNECTIONS_OF_PROCESS)
        return false;
    if (door->connection_count >= CONNECTIONS_MAX && mute != NULL)
        close_connection(mute);
    return door->connection_count < CONNECTIONS_MAX;
}

/* False when nobody waits at the socket, or nobody can be let in now (as errno says). */
static bool let_in(struct sr_door *door, int socket) {
    int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return false;
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct connection *connection = NULL;
    /* The folder's mode lets only our user in; this is the second lock on the same door. */
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid() && make_room(door, peer.pid))
        connection = calloc(1, sizeof *connection);
    if (connection == NULL || uv_poll_init(door->loop, &connection->poll, fd) != 0) {
        free(connection);
        close(fd);
        return true;
    }
    connection->peer = peer;
    connection->door = door;
    connection->fd = fd;
    connection->next = door->connections;
    door->connections = connection;
    door->connection_count++;
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

static int listen_for(struct sr_door *door) {
    struct listening *listening = calloc(1, sizeof *listening);
    if (listening == NULL)
        return -ENOMEM;
    int error = uv_poll_init(door->loop, &listening->poll, door->socket.fd);
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
    uv_close((uv_handle_t *)&door->listening->poll, connection_freed);
    door->listening = NULL;
}

bool sr_door_mend(struct sr_door *door) {
    if (sr_listener_in_place(&door->socket))
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
    door->events.changed(door->events.context);
}

static void bell_rang(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    struct sr_door *door = poll->data;
    uint64_t rings;
    ssize_t got = read(door->host->bell.fd, &rings, sizeof rings);
    (void)got;
    door->events.woken(door->events.context);
}

int sr_door_open(struct sr_door **opened, uv_loop_t *loop, struct sr_host *host, const char *folder,
                 const struct sr_door_events *events) {
    struct sr_door *door = calloc(1, sizeof *door);
    if (door == NULL)
        return -ENOMEM;
    door->loop = loop;
    door->host = host;
    door->events = *events;
    int error = sr_listener_open(&door->socket, folder);
    if (error != 0) {
        free(door);
        return error;
    }
    door->bell.data = door;
    door->pause.data = door;
    error = uv_poll_init(loop, &door->bell, host->bell.fd);
    if (error == 0)
        error = uv_timer_init(loop, &door->pause);
    if (error == 0)
        error = sr_watch_open(&door->watch, loop, door->socket.folder, folder_changed, door);
    if (error == 0)
        error = listen_for(door);
    if (error != 0)
        return error; /* the engine cannot serve, and ends; its handles are not freed under the loop */
    uv_poll_start(&door->bell, UV_READABLE, bell_rang);
    *opened = door;
    return 0;
}

void sr_door_farewell(struct sr_door *door, uint32_t id) {
    for (struct application *a = door->applications; a != NULL; a = a->next) {
        if (a->id == id) {
            forget_application(a);
            return;
        }
    }
}

void sr_door_close(struct sr_door *door) {
    atomic_store(&door->host->status->leaving, 1);
    uv_poll_stop(&door->bell);
    uv_timer_stop(&door->pause);
    stop_listening(door);
    sr_watch_close(&door->watch);
    sr_listener_close(&door->socket);
    uv_close((uv_handle_t *)&door->bell, NULL);
    uv_close((uv_handle_t *)&door->pause, NULL);
    while (door->applications != NULL)
        forget_application(door->applications);
    while (door->connections != NULL)
        close_connection(door->connections);
}
