/*
 * The world in which the library's stubs and module/shim/pairing.c are explored: threads that are coroutines; a lock, a sleep and an engine
 * that are steps.
 *
 * A thread runs until it comes to something that another thread could see or be seen by. There it hands over to the explorer, which tries
 * every thread that can go on. All that changes lies in two blocks of memory, so that a state can be kept, compared and returned to.
 */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "../../module/shim/marshal.h"

#define THREADS 3
#define CALLS 4 /* of one thread, at most */
#define SESSIONS 2
#define STACK 6144
#define LANE 512
#define EVENTS (2 * (THREADS * CALLS + SESSIONS))
#define SLOT 7

/* What a thread does, in session 1 or 2 of slot 7. */
enum kind {
    OPEN,       /* C_SignInit */
    OPEN_OTHER, /* C_SignInit with another mechanism */
    SIGN,       /* C_Sign */
    ASK,        /* C_Sign for the length */
    MISUSE,     /* C_Sign with a NULL pointer */
    CANCEL,     /* C_SessionCancel */
    LOOK,       /* C_GetOperationState: whether an operation is under way */
    DESTROY,    /* C_DestroyObject of the key */
    CLOSE,      /* C_CloseSession */
    CLOSE_ALL,  /* C_CloseAllSessions of slot 7 */
};

struct action {
    uint8_t kind, session;
};

struct event {
    uint8_t thread, kind, session, begins; /* begins: 1 for the asking, 0 for the answer */
    uint32_t answer;
};

struct engine_state {
    uint8_t open[SESSIONS], active[SESSIONS], key;
    uint64_t epoch;
};

struct thread {
    ucontext_t context;
    struct action actions[CALLS];
    uint32_t count;
    _Atomic uint32_t *sleeps_on; /* the futex word, while asleep */
    pthread_mutex_t *wants;      /* the lock that its next step takes */
    bool done, has_lane;
    uint8_t lane[LANE];
    uint8_t reply[64];
};

struct world {
    struct engine_state engine;
    struct sr_status status;
    uint32_t event_count;
    struct event events[EVENTS];
    struct thread threads[THREADS];
    _Alignas(16) uint8_t stacks[THREADS][STACK];
};

extern struct world world;
extern struct sr_process the_process;
extern uint32_t running; /* the thread that runs, or THREADS: the explorer itself */

/* interleave_model.c */
void model_reset(void);
void run_action(struct action action, uint32_t thread);
void note(uint32_t thread, struct action action, bool begins, CK_RV answer);
/* Hands over to the explorer. */
void step(void);

/* interleave_order.c */
/* Whether the answers are those of some order of the calls, one after the other, in which no call stands before one that had ended when it began. */
bool explained(const struct event *events, uint32_t count);
void apply(struct engine_state *state, struct action action, CK_RV *answer);

#endif
