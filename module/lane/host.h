/*
 * The engine's end of the lanes: the table of lanes, the search for requests, the door (socket) where applications come in.
 * Everything here runs on the engine's main thread; only the words in shared memory and the bell are touched by others.
 */
#ifndef STRONGROOM_HOST_H
#define STRONGROOM_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../hardening/memory/bell.h"
#include "lane.h"

#define SR_HOST_LANES_MAX 4096
#define SR_HOST_APPLICATIONS_MAX 1024
/* And beside them, those that the network door has made for principals: neither can take the others' places. */
#define SR_HOST_NAMED_MAX 4096
/* Of them, how many one process may be: one for each copy of the library that it has loaded. */
#define SR_HOST_APPLICATIONS_OF_PROCESS 16
/* Part of the scratch that stays resident; what a huge template needed beyond it is given back at once. */
#define SR_SCRATCH_KEPT (64u << 10)

/* A mapping that both the table and JavaScript's view of it hold, and who wipes it. */
struct sr_mapping {
    uint8_t *base;
    size_t size;
    uint64_t capacity;
    _Atomic uint32_t holders;
};

struct sr_host_lane {
    struct sr_mapping *mapping; /* NULL: free entry */
    uint32_t application;
    uint64_t owner; /* the application's: a user, or a principal */
    int ring;       /* the socket on which its client may wait; -1 when that has been closed */
    uint32_t wipe_length; /* argument bytes of the request under way */
    bool taken;           /* a request is under way */
    bool closing;         /* release when the request under way has been answered */
    bool wants_times;     /* as the request under way says */
    bool orphaned;        /* its process has ended */
    bool trimmed;         /* no memory behind the areas since the last request */
    uint64_t last_ns;
};

struct sr_host {
    struct sr_status *status;
    int status_fd;
    struct sr_bell bell;
    uint32_t bell_seen;
    uint8_t *scratch;
    uint32_t lane_end; /* table entries ever used */
    uint32_t turn;
    uint32_t turns; /* as in the status page */
    uint64_t counted_ns;
    uint64_t moved_ns;
    uint64_t timed_ns;  /* when the request came whose answer has just gone, until the clock is read next; else 0 */
    uint64_t served_ns; /* how long the last such request took */
    uint32_t enclave_us; /* what the next answer says of the enclave's time, if its client wants to know */
    bool beside;       /* a busy caller runs on our processor */
    uint32_t together; /* requests in a row whose caller ran on our processor */
    struct sr_host_lane lanes[SR_HOST_LANES_MAX];
};

/* What sr_host_next found besides a lane's index. */
enum sr_next { SR_NEXT_BELL = -1, SR_NEXT_IDLE = -2 };

struct sr_request {
    uint32_t function;
    uint32_t arguments_length;
    uint32_t bulk_length; /* as the client says; at most as much as its area has behind SR_LANE_BULK_OFFSET */
    bool wants_times;
};

/* Whose a lane is. */
struct sr_lane_owner {
    uint32_t application;
    uint64_t owner;
    int ring;
};

/* Makes the status page, the bell and the scratch; 0 or -errno. */
int sr_host_open(struct sr_host *host);
/* Starts the thread that shows the engine's life, for the rest of the process'; 0 or -errno. */
int sr_beat_start(struct sr_host *host);
/* Makes a lane; its memfd goes into *descriptor (the caller sends and closes it). Index, or -errno. */
int sr_host_lane_new(struct sr_host *host, const struct sr_lane_owner *owner, uint64_t capacity, int *descriptor);
/* Which lanes of an application are released: those that the client has given up, all, or all since its process has ended. */
enum sr_release { SR_RELEASE_CLOSED, SR_RELEASE_ALL, SR_RELEASE_ORPHANED };
/* Wipes them and gives their memory back; one with a request under way once that has been answered. */
void sr_host_lanes_release(struct sr_host *host, uint32_t application, enum sr_release which);
/* Takes the memory out of large lanes that were not used since `before`. False when there are no large lanes. */
bool sr_host_lanes_trim(struct sr_host *host, uint64_t before);
uint32_t sr_host_lanes_of(const struct sr_host *host, uint32_t application);
/* The application's socket is closed: nobody waits there any more. */
void sr_host_lanes_deafen(struct sr_host *host, uint32_t application);
/* How many lanes the owner's applications have, and how many there are in all. */
void sr_host_lanes_count(const struct sr_host *host, uint64_t owner, uint32_t *his, uint32_t *all);
/* The lane is about to be answered: the next look at the clock, which the search takes anyway, says how long its request took. */
void sr_host_time(struct sr_host *host, uint32_t lane);
/* That, in microseconds that have begun; 2^31 - 1 of them at the most. */
uint32_t sr_host_served(struct sr_host *host);
/* The next lane with a request (copied out to the scratch), SR_NEXT_BELL, or after spinning SR_NEXT_IDLE with everything armed. */
int sr_host_next(struct sr_host *host, uint64_t spin_ns, struct sr_request *request);
/* Answers. With wipe, the request's bytes are zeroed in the lane and in the scratch. */
void sr_host_reply(struct sr_host *host, uint32_t lane, uint64_t rv, uint32_t length, bool wipe);
/* Zeroes the request's bytes in the lane and in the scratch: for a request with secrets whose reply comes later. */
void sr_host_wipe(struct sr_host *host, uint32_t lane);
/* mapping.c: for one holder less. */
void sr_mapping_drop(struct sr_mapping *mapping);
/* The same for the table, whose lane is over: its memory goes now, whoever else holds the mapping; with `wipes` it is zeroed before. */
void sr_mapping_end(struct sr_mapping *mapping, bool wipes);
/* thread.c: starts a thread that nobody waits for, and that takes no signals; 0 or -errno. */
int sr_thread_start(void *(*run)(void *argument), void *argument);
uint64_t sr_now_ns(void);

#endif
