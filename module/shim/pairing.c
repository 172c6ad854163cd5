/*
 * An opening (C_SignInit) and the call that follows (C_Sign) in one round trip.
 *
 * The engine's epoch rises with every change of policy, login or object. An opening that repeats one which was accepted at the same
 * epoch, in the same session, whose operation has ended since, will be accepted again: the same mechanism, the same key, a parameter of
 * the same layout and numbers (only the bytes of an IV may differ). Such an opening is answered here, and kept: the promise is that the
 * engine will hear of it before anything that depends on it.
 *
 * Each session has a place for that, which it shares with other sessions in turn. At each moment a place is free, keeps an opening, or
 * moves: then one thread owns it, which brings the opening to the engine, in front of its own call or alone, or which asks the engine
 * for an opening that it cannot answer here. Every step from one to another is taken under the place's lock. Others who need the same
 * session wait until the owner is done, without holding a lane: the owner may want one.
 */
#include "marshal.h"

#include <limits.h>

static struct sr_pairing *place_of(struct sr_process *process, CK_SESSION_HANDLE session) {
    return &process->pairings[session % SR_PAIRING_ENTRIES];
}

static uint32_t state_of(const struct sr_pairing *place) {
    return atomic_load_explicit(&place->state, memory_order_relaxed);
}

static uint64_t session_of(const struct sr_pairing *place) {
    return atomic_load_explicit(&place->session, memory_order_relaxed);
}

/* The following four with the place's lock. */
static void move_to(struct sr_pairing *place, uint32_t state) {
    bool wakes = state_of(place) == SR_PLACE_MOVING && place->waiters > 0;
    atomic_store_explicit(&place->state, state, memory_order_release);
    if (wakes)
        sr_wake_sleepers(&place->moved, INT_MAX);
}

static void wait_for_owner(struct sr_pairing *place) {
    uint32_t seen = atomic_load(&place->moved);
    place->waiters++;
    pthread_mutex_unlock(&place->lock);
    sr_sleep_on(&place->moved, seen);
    pthread_mutex_lock(&place->lock);
    place->waiters--;
}

/* The promise is kept, or there is nobody left to keep it to. */
static void fulfil(struct sr_process *process, struct sr_pairing *place) {
    if (!place->promised)
        return;
    place->promised = false;
    atomic_fetch_sub(&process->promised, 1);
}

/* Sends a kept opening as a call of its own. Should the engine think otherwise now, the operation is not there, and the call that follows says
 * so. What could not be sent is kept. */
static CK_RV send_alone(struct sr_process *process, struct sr_pairing *place) {
    uint8_t request[SR_PAIRING_BYTES];
    uint32_t length = place->length, opening = place->opening;
    bool current = place->generation == atomic_load(&process->generation);
    memcpy(request, place->request, length);
    move_to(place, SR_PLACE_MOVING);
    pthread_mutex_unlock(&place->lock);
    struct sr_call call;
    CK_RV rv = CKR_OK;
    bool begun = false, silent = false;
    if (current) {
        rv = sr_call_begin(&call, opening, 0);
        begun = rv == CKR_OK;
    }
    if (begun) {
        sr_put_content(&call, request, length);
        rv = sr_call_run(&call);
        silent = call.given_up;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    pthread_mutex_lock(&place->lock);
    if (begun || !current)
        fulfil(process, place);
    move_to(place, begun || !current ? SR_PLACE_FREE : SR_PLACE_KEPT);
    return begun && !silent && rv != CKR_DEVICE_REMOVED ? CKR_OK : rv;
}

CK_RV sr_pairing_flush(struct sr_process *process, CK_SESSION_HANDLE session) {
    struct sr_pairing *place = place_of(process, session);
    if (atomic_load_explicit(&place->state, memory_order_acquire) == SR_PLACE_FREE || session_of(place) != session)
        return CKR_OK;
    CK_RV rv = CKR_OK;
    pthread_mutex_lock(&place->lock);
    while (rv == CKR_OK && session_of(place) == session && state_of(place) != SR_PLACE_FREE) {
        if (state_of(place) == SR_PLACE_KEPT)
            rv = send_alone(process, place);
        else
            wait_for_owner(place);
    }
    pthread_mutex_unlock(&place->lock);
    return rv;
}

void sr_pairing_hold(struct sr_process *process) {
    atomic_fetch_add(&process->holds, 1);
}

void sr_pairing_let_go(struct sr_process *process) {
    atomic_fetch_sub(&process->holds, 1);
}

/* Nothing new is promised while it is held, so each place has to be looked at once. */
CK_RV sr_pairing_hold_all(struct sr_process *process) {
    sr_pairing_hold(process);
    CK_RV rv = CKR_OK;
    for (size_t i = 0; i < SR_PAIRING_ENTRIES && rv == CKR_OK && atomic_load(&process->promised) > 0; i++) {
        struct sr_pairing *place = &process->pairings[i];
        pthread_mutex_lock(&place->lock);
        while (rv == CKR_OK && place->promised) {
            if (state_of(place) == SR_PLACE_KEPT)
                rv = send_alone(process, place);
            else
                wait_for_owner(place);
        }
        pthread_mutex_unlock(&place->lock);
    }
    if (rv != CKR_OK)
        sr_pairing_let_go(process);
    return rv;
}

/* Its session has ended: what is kept for it goes, and what is known of it is never repeated. Also an answer that is on its way back from
 * before then says nothing any more. With the place's lock. */
static void forget(struct sr_process *process, struct sr_pairing *place) {
    place->settled = false;
    place->ticket++;
    if (state_of(place) == SR_PLACE_KEPT) {
        fulfil(process, place);
        move_to(place, SR_PLACE_FREE);
    }
}

void sr_pairing_closed(struct sr_process *process, CK_SLOT_ID slot) {
    for (size_t i = 0; i < SR_PAIRING_ENTRIES; i++) {
        struct sr_pairing *place = &process->pairings[i];
        pthread_mutex_lock(&place->lock);
        if (place->slot == slot)
            forget(process, place);
        pthread_mutex_unlock(&place->lock);
    }
}

void sr_pairing_closed_one(struct sr_process *process, CK_SESSION_HANDLE session) {
    struct sr_pairing *place = place_of(process, session);
    pthread_mutex_lock(&place->lock);
    if (session_of(place) == session)
        forget(process, place);
    pthread_mutex_unlock(&place->lock);
}

void sr_pairing_forget(struct sr_process *process) {
    for (size_t i = 0; i < SR_PAIRING_ENTRIES; i++) {
        pthread_mutex_lock(&process->pairings[i].lock);
        forget(process, &process->pairings[i]);
        pthread_mutex_unlock(&process->pairings[i].lock);
    }
}

CK_RV sr_pairing_claim(struct sr_turn *turn, struct sr_process *process, CK_SESSION_HANDLE session) {
    struct sr_pairing *place = place_of(process, session);
    *turn = (struct sr_turn){.place = place, .session = session};
    CK_RV rv = CKR_OK;
    pthread_mutex_lock(&place->lock);
    while (rv == CKR_OK && session_of(place) == session && state_of(place) != SR_PLACE_FREE) {
        if (state_of(place) == SR_PLACE_KEPT)
            rv = send_alone(process, place);
        else
            wait_for_owner(place);
    }
    if (rv == CKR_OK && state_of(place) == SR_PLACE_FREE) {
        turn->owns = true;
        atomic_store_explicit(&place->session, session, memory_order_relaxed);
        place->ticket++;
        move_to(place, SR_PLACE_MOVING);
    } else if (rv == CKR_OK) {
        /* Another session's opening stays where it is; this one does without a place, and nothing is promised here meanwhile. */
        place->astray++;
    }
    pthread_mutex_unlock(&place->lock);
    return rv;
}

static bool same_words(const struct sr_pairing *place, const struct sr_call *call) {
    return place->word_count == call->word_count && call->word_count <= SR_PAIRING_WORDS &&
           memcmp(place->words, call->words, call->word_count * sizeof call->words[0]) == 0;
}

bool sr_pairing_defer(struct sr_turn *turn, struct sr_call *call) {
    struct sr_process *process = call->process;
    struct sr_pairing *place = turn->place;
    if (!turn->owns)
        return false;
    pthread_mutex_lock(&place->lock);
    bool known = place->settled && place->astray == 0 && place->opening == call->function &&
                 place->generation == call->generation && place->epoch == call->epoch && call->at <= SR_PAIRING_BYTES &&
                 same_words(place, call);
    if (known) {
        /* Promised first, then looked whether somebody holds: whoever holds looks in the other order. Who has let go again since the
         * epoch was read has changed it. */
        atomic_fetch_add(&process->promised, 1);
        place->promised = true;
        if (atomic_load(&process->holds) > 0 || atomic_load(&process->status->epoch) != place->epoch) {
            fulfil(process, place);
            known = false;
        }
    }
    if (known) {
        memcpy(place->request, call->request, call->at);
        place->length = (uint32_t)call->at;
        place->settled = false;
        turn->owns = false;
        move_to(place, SR_PLACE_KEPT);
    }
    pthread_mutex_unlock(&place->lock);
    return known;
}

void sr_pairing_opened(struct sr_turn *turn, const struct sr_call *call, CK_RV rv, uint64_t slot) {
    struct sr_pairing *place = turn->place;
    pthread_mutex_lock(&place->lock);
    if (turn->owns) {
        bool usable = call != NULL && rv == CKR_OK && call->word_count <= SR_PAIRING_WORDS;
        place->settled = false;
        place->opening = 0;
        if (usable) {
            place->opening = call->function;
            place->generation = call->generation;
            place->epoch = call->epoch;
            place->slot = slot;
            place->word_count = call->word_count;
            memcpy(place->words, call->words, call->word_count * sizeof call->words[0]);
        }
        move_to(place, SR_PLACE_FREE);
    } else {
        place->astray--;
    }
    pthread_mutex_unlock(&place->lock);
}

void sr_pairing_take(struct sr_turn *turn, struct sr_process *process, CK_SESSION_HANDLE session, uint32_t opening) {
    struct sr_pairing *place = place_of(process, session);
    *turn = (struct sr_turn){.session = session};
    if (session_of(place) != session)
        return;
    pthread_mutex_lock(&place->lock);
    while (session_of(place) == session && state_of(place) == SR_PLACE_MOVING)
        wait_for_owner(place);
    if (session_of(place) == session) {
        turn->place = place;
        turn->ticket = place->ticket;
        if (state_of(place) == SR_PLACE_KEPT && place->opening == opening) {
            turn->owns = true;
            move_to(place, SR_PLACE_MOVING);
        }
    }
    pthread_mutex_unlock(&place->lock);
}

/* Only the owner looks at the request, so no lock is needed. */
void sr_pairing_attach(const struct sr_turn *turn, struct sr_call *call) {
    const struct sr_pairing *place = turn->place;
    if (!turn->owns || place->generation != call->generation)
        return;
    sr_put_ulong(call, place->opening);
    sr_put_content(call, place->request, place->length);
    call->function |= SR_FUNCTION_PAIRED;
}

void sr_pairing_ended(struct sr_turn *turn, struct sr_process *process, uint32_t opening, bool ended) {
    struct sr_pairing *place = turn->place;
    if (place == NULL)
        return;
    pthread_mutex_lock(&place->lock);
    /* Whether it was this call that ended the operation which the place knows: no other opening has been under way since. */
    if (session_of(place) == turn->session && place->ticket == turn->ticket && place->opening == opening)
        place->settled = ended;
    if (turn->owns) {
        fulfil(process, place);
        move_to(place, SR_PLACE_FREE);
    }
    pthread_mutex_unlock(&place->lock);
}
