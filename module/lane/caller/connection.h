/*
 * Connections to an engine, from an event loop. Each is one application of the engine's, with lanes of its own; `calls` are those under way over the
 * lanes of all of them.
 *
 * The engine is not trusted more than its memory: what it writes is read once and checked.
 */
#ifndef STRONGROOM_CALLER_CONNECTION_H
#define STRONGROOM_CALLER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lane.h"
#include <uv.h>

#define SR_CONNECTIONS_MOST 8192u

/* A lane's memory, which JavaScript's view of it holds as well. */
struct sr_caller_mapping {
    uint8_t *base;
    size_t size;
    uint64_t capacity;
    uint32_t holders;
};

struct sr_caller_lane {
    struct sr_caller_mapping *mapping; /* NULL: free entry */
    bool busy;                         /* a call is under way */
};

struct sr_connection;

struct sr_connection_events {
    void *context;
    /* The greeting was answered; with SR_STATUS_OK the connection has number, key and status page. */
    void (*welcomed)(void *context, const struct sr_connection *connection, uint32_t status);
    /* The answer to sr_connection_ask_lane; `lane` is -1 where there is none. */
    void (*lane)(void *context, const struct sr_connection *connection, uint32_t status, int lane);
    /* It has ended, by no doing of ours. Calls under way have no answer. */
    void (*gone)(void *context, uint32_t connection);
};

/* One call under way. */
struct sr_underway {
    struct sr_connection *connection;
    struct sr_lane *words;
    uint32_t lane;
    bool armed;
};

struct sr_calls {
    struct sr_underway *list;
    uint32_t count;
    uint32_t most;
    uint32_t at; /* where the next look begins */
};

struct sr_answer {
    uint32_t connection;
    uint32_t lane;
    uint64_t rv;
    uint32_t length;
};

/* Where a call's time went: as in struct sr_lane. */
struct sr_times {
    uint64_t found_ns;
    uint32_t served_us, enclave_us;
};

struct sr_connections {
    uv_loop_t *loop;
    struct sr_calls *calls;
    struct sr_connection_events events;
    struct sr_connection *places[SR_CONNECTIONS_MOST]; /* by their number, modulo that */
    uint32_t last_number;
};

struct sr_connection {
    uv_poll_t poll; /* first: the handle's address is the connection's */
    struct sr_connections *all;
    uint32_t number;
    int fd;
    struct sr_status *status; /* NULL until the greeting was answered */
    uint64_t attach_id;
    uint8_t attach_key[16];
    uint32_t beats, turns; /* as they were when last asked */
    struct sr_caller_lane lanes[SR_LANES_MAX];
};

/* With what somebody comes. */
struct sr_greeting {
    const char *path; /* of the engine's socket */
    uint32_t user;    /* whose engine it must be; root's may be taken for it */
    const uint8_t *principal;
    uint32_t principal_length;
    uint64_t owner;
    uint64_t id; /* 0 for a new application */
    uint8_t key[16];
};

/* Connects and greets; the connection's number, or -errno. -EPERM: the socket is another's. */
int32_t sr_connection_open(struct sr_connections *all, const struct sr_greeting *greeting);
struct sr_connection *sr_connection_find(const struct sr_connections *all, uint32_t number);
bool sr_connection_ask_lane(struct sr_connection *connection, uint64_t capacity);
/* What was written to the lane's request area is a call. */
bool sr_connection_submit(struct sr_connection *connection, uint32_t lane, uint32_t function, uint32_t arguments_length,
                          uint64_t bulk_length, bool wants_times);
/* What the engine has said of the call that was answered last on that lane; all zero where it says nothing. */
struct sr_times sr_connection_times(const struct sr_connection *connection, uint32_t lane);
void sr_connection_release(struct sr_connection *connection, uint32_t lane);
uint64_t sr_connection_epoch(const struct sr_connection *connection);
/* Asks the engine for a sign of life, and says whether there has been one since it was asked last. */
bool sr_connection_alive(struct sr_connection *connection);
/* Closes it, without an event. With a goodbye the application ends. */
void sr_connection_close(struct sr_connection *connection, bool goodbye);

bool sr_calls_open(struct sr_calls *calls, uint32_t most);
/* The next call that was answered, which is then under way no longer. */
bool sr_calls_take(struct sr_calls *calls, struct sr_answer *answer);
/* Looks so long whether one is; true when there is. */
bool sr_calls_spin(const struct sr_calls *calls, uint64_t ns);
/* From now on the engine rings for each. */
void sr_calls_arm(struct sr_calls *calls);
/* Those of the connection are under way no longer. */
void sr_calls_forget(struct sr_calls *calls, const struct sr_connection *connection);
bool sr_calls_add(struct sr_calls *calls, const struct sr_underway *call);

/* For one holder less. */
void sr_caller_mapping_drop(struct sr_caller_mapping *mapping);

#endif
