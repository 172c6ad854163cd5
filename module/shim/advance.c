/*
 * Sessions opened in advance.
 *
 * Each C_OpenSession that travels brings a few more handles, granted for sessions of the same kind. While the engine's epoch stands (no
 * login, policy or object has changed), another C_OpenSession with the same slot and flags would be accepted again: it is answered here with
 * a granted handle, and the engine hears of the session with the first call that uses it, or before a call to which the number of sessions
 * matters. A session that is closed before that, the engine never hears of. Programs that open a pool of sessions and use few of them, or
 * open one more for each request, save round trips.
 */
#include "marshal.h"

#include <limits.h>

static bool any(struct sr_process *process) {
    return process != NULL && atomic_load_explicit(&process->advance.count, memory_order_acquire) != 0;
}

/* Its index, or count. The caller holds the lock. */
static uint32_t find(const struct sr_advance *advance, CK_SESSION_HANDLE session) {
    uint32_t count = atomic_load_explicit(&advance->count, memory_order_relaxed), i = 0;
    while (i < count && advance->sessions[i].handle != session)
        i++;
    return i;
}

static void drop(struct sr_advance *advance, uint32_t index) {
    uint32_t last = atomic_load_explicit(&advance->count, memory_order_relaxed) - 1;
    advance->sessions[index] = advance->sessions[last];
    atomic_store_explicit(&advance->count, last, memory_order_release);
}

bool sr_advance_open(CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session) {
    struct sr_process *process = sr_process_get();
    struct sr_advance *advance = &process->advance;
    pthread_mutex_lock(&advance->lock);
    uint32_t count = atomic_load_explicit(&advance->count, memory_order_relaxed);
    bool known = advance->next < advance->end && advance->slot == slot && advance->flags == flags &&
                 count < SR_ADVANCE_SESSIONS && advance->generation == atomic_load(&process->generation) &&
                 !sr_connection_broken(process) &&
                 advance->epoch == atomic_load_explicit(&process->status->epoch, memory_order_acquire);
    if (known) {
        advance->sessions[count].handle = advance->next++;
        advance->sessions[count].slot = slot;
        advance->sessions[count].flags = flags;
        advance->sessions[count].telling = false;
        advance->sessions[count].generation = advance->generation;
        *session = advance->sessions[count].handle;
        atomic_store_explicit(&advance->count, count + 1, memory_order_release);
    }
    pthread_mutex_unlock(&advance->lock);
    return known;
}

void sr_advance_learn(const struct sr_call *call, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE session) {
    struct sr_advance *advance = &call->process->advance;
    pthread_mutex_lock(&advance->lock);
    advance->generation = call->generation;
    advance->slot = slot;
    advance->flags = flags;
    advance->epoch = call->epoch;
    advance->next = session + 1;
    advance->end = session + 1 + call->granted; /* none: the engine wants to hear of each one now */
    pthread_mutex_unlock(&advance->lock);
}

bool sr_advance_close(CK_SESSION_HANDLE session) {
    struct sr_process *process = sr_process_get();
    if (!any(process))
        return false;
    struct sr_advance *advance = &process->advance;
    pthread_mutex_lock(&advance->lock);
    uint32_t index = find(advance, session);
    bool found = index < atomic_load_explicit(&advance->count, memory_order_relaxed) && !advance->sessions[index].telling;
    if (found)
        drop(advance, index);
    pthread_mutex_unlock(&advance->lock);
    return found;
}

/*
 * Tells the engine of the session at `index`; called with the lock, which is not held while the engine works (whoever holds a lane may want the
 * lock). If the engine refuses now, the session is not there, and the call that wanted it says so. CKR_DEVICE_REMOVED when the engine died over it:
 * then that is the answer to the call that was to follow.
 */
static CK_RV tell(struct sr_process *process, uint32_t index) {
    struct sr_advance *advance = &process->advance;
    uint64_t handle = advance->sessions[index].handle, slot = advance->sessions[index].slot,
             flags = advance->sessions[index].flags;
    bool same = advance->sessions[index].generation == atomic_load(&process->generation);
    advance->sessions[index].telling = true;
    pthread_mutex_unlock(&advance->lock);
    struct sr_call call;
    CK_RV rv = CKR_OK;
    bool silent = false;
    CK_RV begun = same ? sr_call_begin(&call, SR_FUNCTION_OPEN_GRANTED, 0) : CKR_HOST_MEMORY;
    if (begun == CKR_OK) {
        sr_put_ulong(&call, handle);
        sr_put_ulong(&call, slot);
        sr_put_ulong(&call, flags);
        rv = sr_call_run(&call);
        silent = call.given_up;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    silent = silent || (same && begun == CKR_DEVICE_ERROR);
    pthread_mutex_lock(&advance->lock);
    index = find(advance, handle);
    if (index < atomic_load_explicit(&advance->count, memory_order_relaxed)) {
        /* An engine that is silent may come back, and has to hear of it then; twice does no harm. */
        if (silent)
            advance->sessions[index].telling = false;
        else
            drop(advance, index);
    }
    if (advance->waiters > 0)
        sr_wake_sleepers(&advance->told, INT_MAX);
    return silent ? CKR_DEVICE_ERROR : rv == CKR_DEVICE_REMOVED ? rv : CKR_OK;
}

/* Sleeps until a thread that tells of a session has done so; called with the lock. */
static void wait_turn(struct sr_advance *advance) {
    uint32_t seen = atomic_load(&advance->told);
    advance->waiters++;
    pthread_mutex_unlock(&advance->lock);
    sr_sleep_on(&advance->told, seen);
    pthread_mutex_lock(&advance->lock);
    advance->waiters--;
}

CK_RV sr_advance_settle(CK_SESSION_HANDLE session) {
    struct sr_process *process = sr_process_get();
    CK_RV rv = CKR_OK;
    if (process != NULL && atomic_load_explicit(&process->owed.count, memory_order_acquire) != 0)
        rv = sr_pay(process, session);
    if (rv != CKR_OK || !any(process))
        return rv;
    struct sr_advance *advance = &process->advance;
    pthread_mutex_lock(&advance->lock);
    while (rv == CKR_OK) {
        uint32_t index = find(advance, session);
        if (index == atomic_load_explicit(&advance->count, memory_order_relaxed))
            break;
        if (advance->sessions[index].telling)
            wait_turn(advance);
        else
            rv = tell(process, index);
    }
    pthread_mutex_unlock(&advance->lock);
    return rv;
}

CK_RV sr_advance_settle_all(struct sr_process *process) {
    if (!any(process))
        return CKR_OK;
    CK_RV rv = CKR_OK;
    struct sr_advance *advance = &process->advance;
    pthread_mutex_lock(&advance->lock);
    for (uint32_t count; rv == CKR_OK && (count = atomic_load_explicit(&advance->count, memory_order_relaxed)) > 0;) {
        uint32_t index = 0;
        while (index < count && advance->sessions[index].telling)
            index++;
        if (index == count)
            wait_turn(advance);
        else
            rv = tell(process, index);
    }
    pthread_mutex_unlock(&advance->lock);
    return rv;
}

void sr_advance_forget(struct sr_process *process) {
    pthread_mutex_lock(&process->advance.lock);
    atomic_store(&process->advance.count, 0);
    process->advance.next = process->advance.end = 0;
    if (process->advance.waiters > 0)
        sr_wake_sleepers(&process->advance.told, INT_MAX);
    pthread_mutex_unlock(&process->advance.lock);
}
