/*
 * The lane: how a call travels between an application and its engine. One header for both ends.
 *
 * An application connects to the engine's unix socket (SOCK_SEQPACKET) once. Over it come, as descriptors, the status page
 * (read-only, one for all clients) and one lane for each thread that calls at the same time. A lane is a sealed memfd:
 *
 *   [0, 4096)                         struct sr_lane: the words that both sides watch
 *   [4096, 4096 + capacity)           request area, written by the client
 *   [4096 + capacity, + capacity)     reply area, written by the engine
 *
 * Pages are only backed by memory once touched, so a large capacity costs nothing until it is used.
 *
 * A call: the client writes the request, stores SR_LANE_REQUEST in `state`, and rings (one byte on the socket) only when the
 * status page says that the engine sleeps. The engine copies the request's argument section out once, works on the copy, writes the
 * reply, stores SR_LANE_REPLY, and wakes the client's futex only when the client says that it waits.
 *
 * Neither side trusts the other's half: each value is read once into a local variable and checked before use.
 */
#ifndef STRONGROOM_LANE_H
#define STRONGROOM_LANE_H

#include <stdatomic.h>
#include <stdint.h>

#define SR_LANE_VERSION 4u
#define SR_LANE_MAGIC 0x53524c31u /* "SRL1" */

#define SR_LANE_HEADER 4096u
/* Capacity of each of the two areas. */
#define SR_LANE_CAPACITY_DEFAULT (1u << 20)
#define SR_LANE_CAPACITY_MAX (1u << 29)
/* Lanes per application. */
#define SR_LANES_MAX 64
/* The argument section of a request, in bytes, at most; a bulk argument comes behind it, at SR_LANE_BULK_OFFSET, in place. */
#define SR_LANE_ARGUMENTS_MAX (1u << 24)
#define SR_LANE_BULK_OFFSET (1u << 16)
/* Byte arguments up to this size travel inside the argument section even when they are marked as bulk. */
#define SR_LANE_INLINE_MAX 4096u

enum sr_lane_state {
    SR_LANE_IDLE = 0,
    SR_LANE_REQUEST = 1,
    SR_LANE_REPLY = 2,
    SR_LANE_CLOSED = 3, /* written by an engine that leaves; no reply will come */
};

/* How a client waits for its answer. */
enum sr_lane_wait {
    SR_WAIT_NOT = 0,
    SR_WAIT_STATE = 1,   /* it sleeps on `state` */
    SR_WAIT_MESSAGE = 2, /* it sleeps on its socket, and wants an SR_MESSAGE_RING there */
};

/* The words of one lane, by writer, a cache line for each. */
struct sr_lane {
    /* written by both: the futex word */
    _Alignas(64) _Atomic uint32_t state;
    /* written by the client */
    _Alignas(64) _Atomic uint32_t client_waits; /* enum sr_lane_wait: how it is to be woken */
    uint32_t function;                          /* number of the function (its place in the table, from 1) */
    uint32_t arguments_length;                  /* bytes of the argument section */
    int32_t client_processor;                   /* where the caller ran when it asked */
    /* Lanes above the default capacity: 1 from before a request is written until its answer has been read. */
    _Atomic uint32_t client_uses;
    uint64_t bulk_length; /* bytes of the bulk argument at SR_LANE_BULK_OFFSET; for a gateway, which takes no arguments apart */
    uint32_t wants_times; /* 1: the answer is to say where the time went */
    /* written by the engine */
    _Alignas(64) uint64_t rv;  /* CK_RV */
    uint32_t reply_length;     /* bytes of the reply area that mean something */
    /*
     * 1 while the engine takes the memory out of a large lane that rests. Each side writes its own word first and then reads the other's: so
     * either the engine sees that the lane is used and leaves it alone, or the client sees this and takes another lane.
     */
    _Atomic uint32_t engine_trims;
    /* Where the client wants them: when the engine found the request (CLOCK_MONOTONIC), and for how many microseconds it had it, and its enclave. */
    uint64_t found_ns;
    uint32_t served_us;
    uint32_t enclave_us;
};

/* The engine's status page, mapped read-only by every client. */
struct sr_status {
    uint32_t magic;
    uint32_t version;
    int32_t engine_pid;
    uint32_t reserved;
    _Alignas(64) _Atomic uint32_t asleep;     /* 1: ring after a request */
    _Atomic uint32_t busy_lanes;              /* lanes that have called within the last milliseconds */
    _Atomic int32_t processor;                /* where the engine's thread ran when it took the last request */
    _Alignas(64) _Atomic uint64_t epoch;      /* rises with every change of policy, login or object */
    _Atomic uint32_t leaving;                 /* 1: the engine ends; connect again */
    /*
     * Signs of life, for callers whose answer is long in coming. A thread of its own in the engine raises `beats`, rings for the main thread,
     * which raises `turns`, and rests, until a waiting caller wakes it for another beat: an engine that nobody waits for does nothing.
     */
    _Alignas(64) _Atomic uint32_t resting;    /* futex word: 1 while the beat waits to be woken (for which reading rights are enough) */
    _Atomic uint32_t beats;                   /* stands still: the process is stopped */
    _Atomic uint32_t turns;                   /* stands still while there are beats: the main thread hangs, or works on one call */
};

/* The longest principal. */
#define SR_PRINCIPAL_MOST 2048u

/* Messages on the socket. Every message is one struct sr_message; a reply may carry one descriptor. */
enum sr_message_kind {
    /*
     * client: attach_* zero for a new application, else those of the application to resume. The network door names in it for whom it asks: `capacity`
     * bytes behind the message are the principal (principal.ts), under whose number `owner` his limits count. The reply carries nothing behind it.
     */
    SR_MESSAGE_HELLO = 1,
    SR_MESSAGE_LANE = 2,  /* client: capacity; reply carries the lane's memfd */
    SR_MESSAGE_RING = 3,  /* client: look at the lanes; engine: likewise, where the client waits so */
    SR_MESSAGE_GOODBYE = 16, /* client: the application has ended; for one whose SR_FUNCTION_DETACH was not answered */
};

enum sr_message_status {
    SR_STATUS_OK = 0,
    SR_STATUS_VERSION = 1, /* the other side speaks another version */
    SR_STATUS_REFUSED = 2, /* wrong user, or no such application, or nobody who may name others */
    SR_STATUS_FULL = 3,    /* no more lanes, memory or places: none at all, or none for this process */
    SR_STATUS_INVALID = 4,
    SR_STATUS_DENIED = 5, /* HELLO: the engine's policy does not let this user in */
};

struct sr_message {
    uint32_t magic;
    uint32_t version;
    uint32_t kind;
    uint32_t status;
    uint64_t capacity;      /* LANE: bytes of each area; HELLO: of the principal that follows */
    uint64_t attach_id;     /* HELLO */
    uint8_t attach_key[16]; /* HELLO: shows that the one who resumes is the one who attached */
    int32_t engine_pid;     /* reply to HELLO */
    uint32_t reserved;
    uint64_t owner;         /* HELLO with a principal */
};

/*
 * Set in a function's number when the request begins with the opening of its operation (C_SignInit before C_Sign): u64 the opening's
 * number, its arguments, then the function's own.
 */
#define SR_FUNCTION_PAIRED 0x40000000u

/* Function numbers beyond the table: the lane's own calls. */
#define SR_FUNCTION_DETACH 0xffff0001u /* C_Finalize: the application's sessions and logins end */
/* Opens a session under a number that an earlier C_OpenSession granted: u64 handle, u64 slot, u64 flags. */
#define SR_FUNCTION_OPEN_GRANTED 0xffff0002u
/* A call that was refused before it could travel: u64 session, u64 its function's number. Its operations end as with any other failure. */
#define SR_FUNCTION_FAILED 0xffff0003u

/* C_OpenSession answers the handle, and how many numbers right behind it the application may use for sessions of its own opening. */
#define SR_SESSIONS_GRANTED 64u

_Static_assert(sizeof(struct sr_lane) <= SR_LANE_HEADER, "the lane's words fit its header page");
_Static_assert(sizeof(struct sr_message) == 64, "one message is one cache line");

static inline void sr_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
