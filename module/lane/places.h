/*
 * The places that applications have in the engine: how many there are, how many one process may take, and
 * what becomes of them when a connection closes or a process ends.
 */
#ifndef STRONGROOM_PLACES_H
#define STRONGROOM_PLACES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "events.h"
#include "host.h"
#include "lane.h"
#include <uv.h>

struct sr_connection {
    uv_poll_t poll; /* first: the handle's address is the connection's */
    struct sr_places *places;
    int fd;
    struct ucred peer;
    struct ucred sender;                /* of its first message: the one whose messages count */
    bool heard;                         /* there was one */
    struct sr_application *application; /* NULL before HELLO */
    bool goodbye;                       /* its end is the application's */
    struct sr_connection *next;
};

struct sr_application {
    union { /* first: the handle's address is the application's */
        uv_poll_t poll;   /* on the process' pidfd */
        uv_timer_t lease; /* of one that was made for a principal, while it has no connection */
    };
    struct sr_places *places;
    uint32_t id;
    bool named; /* for a principal, by the network door */
    int pidfd; /* -1 where the kernel has none */
    pid_t pid;
    uint64_t owner; /* under whom it counts: a user, or a principal */
    uint8_t key[16];
    struct sr_connection *connection; /* NULL while the host has closed it */
    struct sr_application *next;
};

struct sr_places {
    uv_loop_t *loop;
    struct sr_host *host;
    struct sr_door_events events;
    bool shared; /* by several users, none of whom may take what others need */
    uid_t door;  /* who may name others; -1 for nobody */
    uint32_t lease_ms;
    uint32_t next_application;
    uint32_t application_count; /* without those for principals */
    uint32_t named_count;
    uint32_t connection_count;
    struct sr_application *applications;
    struct sr_connection *connections;
};

/* A place for whoever has connected, if need be that of the one who has stood there longest without a word.
 * Its poll is not started yet. NULL when there is none, and the descriptor is still the caller's. */
struct sr_connection *sr_places_take(struct sr_places *places, int fd, struct ucred peer);
void sr_connection_close(struct sr_connection *connection);

/* A greeting, and what came behind it. */
struct sr_greeting {
    const struct sr_message *message;
    const uint8_t *principal; /* NULL where none is named */
    uint32_t principal_length;
};

/* Makes the connection an application, which is told to the engine. NULL, and why in *status. */
struct sr_application *sr_application_new(struct sr_connection *connection, const struct sr_greeting *greeting, uint32_t *status);
/* The same process, showing the key that it was given: an application whose host closed our socket; or the door, whichever of its processes, for
 * the same principal. NULL when it is another. */
struct sr_application *sr_application_resume(struct sr_connection *connection, const struct sr_greeting *greeting);
/* Its connection has been closed without a goodbye: it ends when its process has, or lives on for as long as it may without. */
void sr_application_left(struct sr_application *application);
/* The user of the application may have one lane more. */
bool sr_application_may_have_lane(const struct sr_application *application);
/* It leaves its place and its lanes, which is told to the engine. */
void sr_application_gone(struct sr_application *application, bool ended);

/* The application with this number said goodbye: as above, and the engine knows already. */
void sr_places_farewell(struct sr_places *places, uint32_t application);
void sr_places_close(struct sr_places *places);

#endif
