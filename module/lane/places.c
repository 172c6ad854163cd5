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
#define CONNECTIONS_MAX (2 * SR_HOST_APPLICATIONS_MAX + SR_HOST_NAMED_MAX)
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
    struct sr_application *application = connection->application;
    if (application != NULL && application->connection == connection) {
        application->connection = NULL;
        sr_host_lanes_deafen(places->host, application->id);
    }
    uv_poll_stop(&connection->poll);
    close(connection->fd);
    uv_close((uv_handle_t *)&connection->poll, freed);
}

/* How many there are of the one kind, or of the other. */
static uint32_t *count_of(struct sr_places *places, bool named) {
    return named ? &places->named_count : &places->application_count;
}

static void forget_application(struct sr_application *application, bool ended) {
    struct sr_places *places = application->places;
    for (struct sr_application **at = &places->applications; *at != NULL; at = &(*at)->next) {
        if (*at == application) {
            *at = application->next;
            break;
        }
    }
    *count_of(places, application->named) -= 1;
    if (application->connection != NULL)
        sr_connection_close(application->connection);
    sr_host_lanes_release(places->host, application->id, ended ? SR_RELEASE_ORPHANED : SR_RELEASE_ALL);
    if (application->named) {
        uv_timer_stop(&application->lease);
        uv_close((uv_handle_t *)&application->lease, freed);
    } else if (application->pidfd >= 0) {
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

static bool has_ended(const struct sr_application *application) {
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
    sr_application_gone(left, has_ended(left));
    return false;
}

static void lease_over(uv_timer_t *timer) {
    sr_application_gone((struct sr_application *)timer, true);
}

void sr_application_left(struct sr_application *application) {
    struct sr_places *places = application->places;
    if (application->named) {
        /* Whoever comes back has none of these lanes: they are of the process that made them. */
        sr_host_lanes_release(places->host, application->id, SR_RELEASE_ORPHANED);
        uv_timer_start(&application->lease, lease_over, places->lease_ms, 0);
    } else if (has_ended(application)) {
        sr_application_gone(application, true);
    }
}

/* Where several users share something, each may have as much as he leaves to others: so whoever takes all he can get takes half, and the next one
 * half of the rest. */
static bool may_have_more(const struct sr_places *places, uint32_t his, uint32_t all, uint32_t most) {
    return all < most && (!places->shared || his < most - all);
}

static bool has_place_for(struct sr_places *places, uint64_t owner, bool named) {
    uint32_t his = 0;
    for (struct sr_application *a = places->applications; a != NULL; a = a->next)
        his += a->owner == owner;
    return may_have_more(places, his, *count_of(places, named), named ? SR_HOST_NAMED_MAX : SR_HOST_APPLICATIONS_MAX);
}

bool sr_application_may_have_lane(const struct sr_application *application) {
    uint32_t his, all;
    sr_host_lanes_count(application->places->host, application->owner, &his, &all);
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
static bool announce(const struct sr_connection *connection, uint32_t id, const struct sr_greeting *greeting) {
    const struct sr_places *places = connection->places;
    gid_t *groups;
    struct sr_peer peer = {.pid = connection->peer.pid,
                           .uid = connection->peer.uid,
                           .gid = connection->peer.gid,
                           .principal = greeting->principal,
                           .principal_length = greeting->principal_length};
    bool known = read_groups(connection->fd, &groups, &peer.group_count) || !places->shared;
    peer.groups = groups;
    bool welcome = known && places->events.attached(places->events.context, id, &peer);
    free(groups);
    return welcome;
}

/* Principals have numbers of their own, which are no user's. */
static uint64_t owner_of(const struct sr_connection *connection, const struct sr_greeting *greeting) {
    return greeting->principal == NULL ? connection->peer.uid : greeting->message->owner | (uint64_t)1 << 63;
}

/* Watches over the process, as long as the application lives by it. False when it has ended already: then somebody else has its connection. */
static bool watch_process(struct sr_application *application) {
    struct sr_places *places = application->places;
    application->pidfd = (int)syscall(SYS_pidfd_open, application->pid, 0);
    if (application->pidfd < 0)
        return errno != ESRCH;
    if (uv_poll_init(places->loop, &application->poll, application->pidfd) != 0) {
        close(application->pidfd);
        application->pidfd = -1;
        return true;
    }
    uv_unref((uv_handle_t *)&application->poll);
    uv_poll_start(&application->poll, UV_READABLE, process_ended);
    return true;
}

/* What keeps it alive: its process, or for a principal its connection and then its lease. False when there is nothing. */
static bool give_life(struct sr_application *application) {
    if (!application->named)
        return watch_process(application);
    application->pidfd = -1;
    if (uv_timer_init(application->places->loop, &application->lease) != 0)
        return false;
    uv_unref((uv_handle_t *)&application->lease);
    return true;
}

/* Whether whoever has connected may say such a greeting. */
static bool may_name(const struct sr_connection *connection, const struct sr_greeting *greeting) {
    const struct sr_places *places = connection->places;
    return greeting->principal == NULL || (places->door != (uid_t)-1 && connection->peer.uid == places->door);
}

struct sr_application *sr_application_new(struct sr_connection *connection, const struct sr_greeting *greeting, uint32_t *status) {
    struct sr_places *places = connection->places;
    struct ucred peer = connection->peer;
    bool named = greeting->principal != NULL;
    *status = SR_STATUS_REFUSED;
    if (!may_name(connection, greeting))
        return NULL;
    *status = SR_STATUS_FULL;
    if (!has_place_for(places, owner_of(connection, greeting), named) || (!named && has_its_share(places, peer.pid)))
        return NULL;
    struct sr_application *application = calloc(1, sizeof *application);
    if (application == NULL)
        return NULL;
    application->places = places;
    application->id = ++places->next_application;
    application->pid = peer.pid;
    application->named = named;
    application->owner = owner_of(connection, greeting);
    if (getrandom(application->key, sizeof application->key, 0) != (ssize_t)sizeof application->key || !give_life(application)) {
        *status = SR_STATUS_REFUSED;
        free(application);
        return NULL;
    }
    application->next = places->applications;
    places->applications = application;
    *count_of(places, named) += 1;
    application->connection = connection;
    connection->application = application;
    if (announce(connection, application->id, greeting))
        return application;
    connection->application = NULL;
    application->connection = NULL;
    forget_application(application, false);
    *status = SR_STATUS_DENIED;
    return NULL;
}

/* Whether that is the one who was given the key, coming back. */
static bool is_the_same(const struct sr_application *application, const struct sr_connection *connection, const struct sr_greeting *greeting) {
    uint8_t difference = 0;
    for (size_t i = 0; i < sizeof application->key; i++)
        difference |= application->key[i] ^ greeting->message->attach_key[i];
    if (difference != 0 || application->named != (greeting->principal != NULL))
        return false;
    if (!application->named)
        return application->pid == connection->peer.pid;
    const struct sr_door_events *events = &connection->places->events;
    return may_name(connection, greeting) &&
           events->resumed(events->context, application->id, greeting->principal, greeting->principal_length);
}

struct sr_application *sr_application_resume(struct sr_connection *connection, const struct sr_greeting *greeting) {
    struct sr_places *places = connection->places;
    struct sr_application *a = places->applications;
    while (a != NULL && a->id != greeting->message->attach_id)
        a = a->next;
    if (a == NULL || !is_the_same(a, connection, greeting))
        return NULL;
    struct sr_connection *old = a->connection;
    a->connection = connection;
    connection->application = a;
    if (old != NULL) {
        old->application = NULL;
        sr_connection_close(old);
        sr_host_lanes_deafen(places->host, a->id);
    }
    if (a->named) {
        uv_timer_stop(&a->lease);
        sr_host_lanes_release(places->host, a->id, SR_RELEASE_ORPHANED);
    }
    return a;
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
    /* The door has one for each of those for whom it asks. */
    if (peer.pid > 0 && count >= CONNECTIONS_OF_PROCESS && peer.uid != places->door)
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
