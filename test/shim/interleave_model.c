/* The library under exploration, with its surroundings made of steps. */
#define _GNU_SOURCE
#include "interleave.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct sr_process the_process;

/* What another thread could see or be seen by becomes a step. */
static void model_lock(pthread_mutex_t *lock) {
    if (running < THREADS) {
        world.threads[running].wants = lock;
        step();
        world.threads[running].wants = NULL;
    }
    int *taken = (int *)lock;
    if (*taken)
        abort();
    *taken = 1;
}

static void model_unlock(pthread_mutex_t *lock) {
    *(int *)lock = 0;
}

#define pthread_mutex_lock(lock) model_lock(lock)
#define pthread_mutex_unlock(lock) model_unlock(lock)
#undef atomic_load
#undef atomic_load_explicit
#undef atomic_fetch_add
#undef atomic_fetch_sub
#define atomic_load(place) (step(), __atomic_load_n(place, __ATOMIC_SEQ_CST))
#define atomic_load_explicit(place, order) __atomic_load_n(place, __ATOMIC_SEQ_CST)
#define atomic_fetch_add(place, value) (step(), __atomic_fetch_add(place, value, __ATOMIC_SEQ_CST))
#define atomic_fetch_sub(place, value) (step(), __atomic_fetch_sub(place, value, __ATOMIC_SEQ_CST))
#include "../../module/shim/failed.c"
#include "../../module/shim/pairing.c"
#include "../../module/shim/generated/stubs.c"

void sr_sleep_on(_Atomic uint32_t *word, uint32_t seen) {
    if (running >= THREADS || world.threads[running].has_lane) {
        puts("a thread waits that must not");
        exit(1);
    }
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == seen) {
        world.threads[running].sleeps_on = word;
        step();
    }
}

void sr_wake_sleepers(_Atomic uint32_t *word, int most) {
    (void)most;
    __atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
    for (uint32_t i = 0; i < THREADS; i++)
        if (world.threads[i].sleeps_on == word)
            world.threads[i].sleeps_on = NULL;
}

struct sr_process *sr_process_get(void) {
    return &the_process;
}

static uint64_t word_at(const struct sr_call *call, uint64_t *at) {
    uint64_t value;
    if (*at + 8 > call->at || *at + 8 > LANE)
        abort();
    memcpy(&value, call->request + *at, 8);
    *at += 8;
    return value;
}

static CK_RV serve_opening(const struct sr_call *call, uint64_t *at) {
    uint64_t session = word_at(call, at), mechanism;
    CK_RV rv;
    if (word_at(call, at) != 1)
        abort();
    mechanism = word_at(call, at);
    word_at(call, at);
    word_at(call, at);
    apply(&world.engine, (struct action){mechanism == CKM_ECDSA ? OPEN : OPEN_OTHER, (uint8_t)session}, &rv);
    return rv;
}

enum { SIGN_INIT = 43, SIGN_NUMBER = 44 };

/* One step: the engine serves one call after the other. */
static CK_RV serve_one(struct sr_call *call) {
    uint64_t at = 0, session, reply[2] = {SLOT, 0};
    uint32_t function = call->function & ~SR_FUNCTION_PAIRED;
    CK_RV rv;
    if (call->function != function && function == SIGN_NUMBER) {
        if (word_at(call, &at) != SIGN_INIT)
            abort();
        rv = serve_opening(call, &at);
        if (rv != CKR_OK)
            return rv == CKR_SESSION_HANDLE_INVALID ? rv : CKR_OPERATION_NOT_INITIALIZED;
    }
    switch (function) {
    case SIGN_INIT:
        rv = serve_opening(call, &at);
        break;
    case SIGN_NUMBER: {
        session = word_at(call, &at);
        uint64_t length = word_at(call, &at);
        word_at(call, &at);
        at += sr_padded(length);
        bool asks = word_at(call, &at) == 0;
        apply(&world.engine, (struct action){asks ? ASK : SIGN, (uint8_t)session}, &rv);
        reply[0] = 8;
        break;
    }
    case 0xffff0003u: /* SR_FUNCTION_FAILED */
        apply(&world.engine, (struct action){MISUSE, (uint8_t)word_at(call, &at)}, &rv);
        rv = CKR_OK;
        break;
    default: /* told apart by their numbers in the standard's list */
        if (function == 14)
            apply(&world.engine, (struct action){CLOSE, (uint8_t)word_at(call, &at)}, &rv);
        else if (function == 15)
            apply(&world.engine, (struct action){CLOSE_ALL, 1}, &rv);
        else if (function == 17)
            apply(&world.engine, (struct action){LOOK, (uint8_t)word_at(call, &at)}, &rv);
        else if (function == 23)
            apply(&world.engine, (struct action){DESTROY, (uint8_t)word_at(call, &at)}, &rv);
        else
            apply(&world.engine, (struct action){CANCEL, (uint8_t)word_at(call, &at)}, &rv);
    }
    memcpy((uint8_t *)call->reply, reply, sizeof reply);
    call->reply_length = rv == CKR_OK ? sizeof reply : 0;
    return rv;
}

CK_RV sr_call_run(struct sr_call *call) {
    step();
    CK_RV rv = serve_one(call);
    __atomic_store_n(&world.status.epoch, world.engine.epoch, __ATOMIC_SEQ_CST);
    step(); /* the answer is there, and the caller has not seen it */
    return rv;
}

void sr_call_end(struct sr_call *call, enum sr_wiped wiped) {
    (void)call;
    (void)wiped;
    if (running < THREADS)
        world.threads[running].has_lane = false;
}

/* Sessions are all known to the engine here; what is opened in advance has tests of its own. */
/* The model's engine always answers. */
bool sr_engine_silent(struct sr_process *process) {
    (void)process;
    return false;
}

CK_RV sr_advance_settle(CK_SESSION_HANDLE session) {
    (void)session;
    return CKR_OK;
}
CK_RV sr_advance_settle_all(struct sr_process *process) {
    (void)process;
    return CKR_OK;
}
bool sr_advance_open(CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session) {
    (void)slot;
    (void)flags;
    (void)session;
    return false;
}
bool sr_advance_close(CK_SESSION_HANDLE session) {
    (void)session;
    return false;
}
void sr_advance_learn(const struct sr_call *call, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE session) {
    (void)call;
    (void)slot;
    (void)flags;
    (void)session;
}

void note(uint32_t thread, struct action action, bool begins, CK_RV answer) {
    if (world.event_count == EVENTS)
        abort();
    world.events[world.event_count++] =
        (struct event){(uint8_t)thread, action.kind, action.session, begins, (uint32_t)answer};
}

void run_action(struct action action, uint32_t thread) {
    CK_BYTE data[8] = {0}, output[16];
    CK_ULONG length = sizeof output;
    CK_MECHANISM mechanism = {action.kind == OPEN ? CKM_ECDSA : CKM_ECDSA_SHA256, NULL, 0};
    CK_RV rv = CKR_OK;
    step();
    note(thread, action, true, 0);
    switch (action.kind) {
    case OPEN:
    case OPEN_OTHER:
        rv = C_SignInit(action.session, &mechanism, 1);
        break;
    case SIGN:
        rv = C_Sign(action.session, data, sizeof data, output, &length);
        break;
    case ASK:
        rv = C_Sign(action.session, data, sizeof data, NULL, &length);
        break;
    case MISUSE:
        rv = C_Sign(action.session, data, sizeof data, output, NULL);
        break;
    case CANCEL:
        rv = C_SessionCancel(action.session, CKF_SIGN);
        break;
    case LOOK:
        rv = C_GetOperationState(action.session, NULL, &length);
        break;
    case DESTROY:
        rv = C_DestroyObject(action.session, 1);
        break;
    case CLOSE:
        rv = C_CloseSession(action.session);
        break;
    case CLOSE_ALL:
        rv = C_CloseAllSessions(SLOT);
        break;
    }
    note(thread, action, false, rv);
}

void model_reset(void) {
    memset(&the_process, 0, sizeof the_process);
    __atomic_store_n(&the_process.initialised, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&the_process.generation, 0, __ATOMIC_SEQ_CST);
    the_process.status = &world.status;
    memset(&world, 0, sizeof world);
    world.engine = (struct engine_state){.open = {1, 1}, .key = 1};
}
