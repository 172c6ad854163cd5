/* The places that applications have, and what becomes of them when their connection or their process ends. */
#define _GNU_SOURCE
#include "places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Connections at the same time, greeted or not: a flood of them must not use up the descriptors that serving
 * needs. */
#define CONNECTIONS_MAX (2 * SR_HOST_APPLICATIONS_MAX)
/* Of them, how many one process may have. It needs one for each copy of the library that it has loaded, and a
 * second while it comes back. */
#define CONNECTIONS_OF_PROCESS (2 * SR_HOST_APPLICATIONS_OF_PROCESS)

static void freed(uv_handle_t *handle) {
    free(handle);
}

void sr_connection_close(struct sr_connection *connection) {
    struct sr_places *places = connection->places;
    for (struct sr_connection **at = &places->connections; *at != NULL; at = &(*at)->next) {
        if (*at == connection) {
            *at = connection->next;
            break;
        }
    }
    places->connection_count--;
    if (connection->application != NULL && connection->application->connection == connection)
        connection->application->connection = NULL;
    uv_poll_stop(&connection->poll);
    close(connection->fd);
    uv_close((uv_handle_t *)&connection->poll, freed);
}

static void forget_application(struct sr_application *application, bool ended) {
    struct sr_places *places = application->places;
    for (struct sr_application **at = &places->applications; *at != NULL; at = &(*at)->next) {
        if (*at == application) {
            *at = application->next;
            break;
        }
    }
    places->application_count--;
    if (application->connection != NULL)
        sr_connection_close(application->connection);
    sr_host_lanes_release(places->host, application->id, ended ? SR_RELEASE_ORPHANED : SR_RELEASE_ALL);
    if (application->pidfd >= 0) {
        uv_poll_stop(&application->poll);
        close(application->pidfd);
        uv_close((uv_handle_t *)&application->poll, freed);
    } else {
        free(application);
    }
}

void sr_application_gone(struct sr_application *application, bool ended) {
    struct sr_places *places = application->places;
    uint32_t id = application->id;
    forget_application(application, ended);
    places->events.gone(places->events.context, id);
}

static void process_ended(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    sr_application_gone((struct sr_application *)poll, true);
}

bool sr_application_ended(const struct sr_application *application) {
    if (application->pidfd < 0)
        return true; /* no way to know: the connection's end is taken for the application's */
    struct pollfd {
        int fd;
        short events, revents;
    } one = {.fd = application->pidfd, .events = 1 /* POLLIN */};
    return syscall(SYS_ppoll, &one, 1, &(struct timespec){0}, NULL, 0) > 0;
}

/*
 * One process cannot take all places. Of its applications, one whose connection is closed makes room for the
 * new one: a process that has become another program by exec does not come back as the one it was. Where
 * processes are out of our sight, all have the same number, which is none.
 */
static bool has_its_share(const struct sr_places *places, pid_t pid) {
    uint32_t count = 0;
    struct sr_application *left = NULL;
    for (struct sr_application *a = places->applications; a != NULL && pid > 0; a = a->next) {
        count += a->pid == pid;
        if (a->pid == pid && a->connection == NULL)
            left = a;
    }
    if (count < SR_HOST_APPLICATIONS_OF_PROCESS)
        return false;
    if (left == NULL)
        return true;
    sr_application_gone(left, sr_application_ended(left));
    return false;
}

/* Where several users share something, each may have as much as he leaves to others: so whoever takes all he can get takes half, and the next one
 * half of the rest. */
static bool may_have_more(const struct sr_places *places, uint32_t his, uint32_t all, uint32_t most) {
    return all < most && (!places->shared || his < most - all);
}

static bool has_place_for(const struct sr_places *places, uid_t uid) {
    uint32_t his = 0;
    for (struct sr_application *a = places->applications; a != NULL; a = a->next)
        his += a->uid == uid;
    return may_have_more(places, his, places->application_count, SR_HOST_APPLICATIONS_MAX);
}

bool sr_application_may_have_lane(const struct sr_application *application) {
    uint32_t his, all;
    sr_host_lanes_count(application->places->host, application->uid, &his, &all);
    return may_have_more(application->places, his, all, SR_HOST_LANES_MAX);
}

/* Reads the supplementary groups, on the heap. False when they cannot be had: a rule may speak of one of them. */
static bool read_groups(int fd, gid_t **groups, uint32_t *count) {
    socklen_t size = 0;
    *groups = NULL;
    *count = 0;
    /* The first question is for the size. */
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) == 0)
        return true;
    if (errno != ERANGE)
        return false;
    *groups = malloc(size);
    if (*groups == NULL || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, *groups, &size) != 0)
        return false;
    *count = size / sizeof(gid_t);
    return true;
}

/* Whether the engine lets it in. */
static bool announce(const struct sr_connection *connection, uint32_t id) {
    const struct sr_places *places = connection->places;
    gid_t *groups;
    struct sr_peer peer = {.pid = connection->peer.pid, .uid = connection->peer.uid, .gid = connection->peer.gid};
    bool known = read_groups(connection->fd, &groups, &peer.group_count) || !places->shared;
    peer.groups = groups;
    bool welcome = known && places->events.attached(places->events.context, id, &peer);
    free(groups);
    return welcome;
}

struct sr_application *sr_application_new(struct sr_connection *connection, uint32_t *status) {
    struct sr_places *places = connection->places;
    struct ucred peer = connection->peer;
    *status = SR_STATUS_FULL;
    if (!has_place_for(places, peer.uid) || has_its_share(places, peer.pid))
        return NULL;
    struct sr_application *application = calloc(1, sizeof *application);
    if (application == NULL)
        return NULL;
    application->places = places;
    application->id = ++places->next_application;
    application->pid = peer.pid;
    application->uid = peer.uid;
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
        if (uv_poll_init(places->loop, &application->poll, application->pidfd) != 0) {
            close(application->pidfd);
            application->pidfd = -1;
        } else {
            uv_unref((uv_handle_t *)&application->poll);
            uv_poll_start(&application->poll, UV_READABLE, process_ended);
        }
    }
    application->next = places->applications;
    places->applications = application;
    places->application_count++;
    application->connection = connection;
    connection->application = application;
    if (announce(connection, application->id))
        return application;
    connection->application = NULL;
    application->connection = NULL;
    forget_application(application, false);
    *status = SR_STATUS_DENIED;
    return NULL;
}

struct sr_application *sr_application_resume(struct sr_connection *connection,
                                             const struct sr_message *message) {
    for (struct sr_application *a = connection->places->applications; a != NULL; a = a->next) {
        if (a->id != message->attach_id || a->pid != connection->peer.pid)
            continue;
        uint8_t difference = 0;
        for (size_t i = 0; i < sizeof a->key; i++)
            difference |= a->key[i] ^ message->attach_key[i];
        if (difference != 0)
            return NULL;
        struct sr_connection *old = a->connection;
        a->connection = connection;
        connection->application = a;
        if (old != NULL) {
            old->application = NULL;
            sr_connection_close(old);
        }
        return a;
    }
    return NULL;
}

/* Room for one more connection, where it must be in the place of the one that has stood there longest without
 * a word; of the same user's, if there is one. */
static bool make_room(struct sr_places *places, struct ucred peer) {
    uint32_t count = 0;
    struct sr_connection *mute = NULL, *his = NULL;
    for (struct sr_connection *c = places->connections; c != NULL; c = c->next) {
        count += c->peer.pid == peer.pid;
        if (c->application != NULL)
            continue;
        mute = c;
        if (c->peer.uid == peer.uid)
            his = c;
    }
    if (his != NULL)
        mute = his;
    if (peer.pid > 0 && count >= CONNECTIONS_OF_PROCESS)
        return false;
    if (places->connection_count >= CONNECTIONS_MAX && mute != NULL)
        sr_connection_close(mute);
    return places->connection_count < CONNECTIONS_MAX;
}

struct sr_connection *sr_places_take(struct sr_places *places, int fd, struct ucred peer) {
    struct sr_connection *connection = make_room(places, peer) ? calloc(1, sizeof *connection) : NULL;
    if (connection == NULL || uv_poll_init(places->loop, &connection->poll, fd) != 0) {
        free(connection);
        return NULL;
    }
    connection->peer = peer;
    connection->places = places;
    connection->fd = fd;
    connection->next = places->connections;
    places->connections = connection;
    places->connection_count++;
    return connection;
}

void sr_places_farewell(struct sr_places *places, uint32_t id) {
    for (struct sr_application *a = places->applications; a != NULL; a = a->next) {
        if (a->id == id) {
            forget_application(a, false);
            return;
        }
    }
}

void sr_places_close(struct sr_places *places) {
    while (places->applications != NULL)
        forget_application(places->applications, false);
    while (places->connections != NULL)
        sr_connection_close(places->connections);
}
