/*
 * A call that is refused before it travels. To the session it is a call that failed, which ends its operation: C_Sign with a NULL pointer
 * "always terminates the active signing operation" as any other failure of it does (PKCS#11 3.2, 5.13). Which operations a function ends
 * stands in its row; the engine reads it there.
 *
 * An engine that is silent cannot be told. It may come back and still have the operation: then the session owes it the word, and gives it before
 * the next call.
 */
#include "marshal.h"

/* CKR_DEVICE_ERROR when the engine is silent; if it cannot be told for another reason, it has gone, and the operation with it. */
static CK_RV tell_failed(CK_SESSION_HANDLE session, uint32_t function) {
    struct sr_call call;
    CK_RV rv = sr_call_begin(&call, SR_FUNCTION_FAILED, 0);
    if (rv != CKR_OK)
        return rv;
    sr_put_ulong(&call, session);
    sr_put_ulong(&call, function);
    sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return call.given_up ? CKR_DEVICE_ERROR : CKR_OK;
}

CK_RV sr_failed(struct sr_process *process, CK_SESSION_HANDLE session, uint32_t function, CK_RV rv) {
    CK_RV told = sr_advance_settle(session);
    if (told == CKR_OK)
        told = sr_pairing_flush(process, session);
    if (told == CKR_OK)
        told = tell_failed(session, function);
    if (told == CKR_DEVICE_ERROR)
        sr_owe(process, session, function, told);
    return rv;
}

CK_RV sr_owe(struct sr_process *process, CK_SESSION_HANDLE session, uint32_t function, CK_RV rv) {
    if (rv != CKR_DEVICE_ERROR)
        return rv;
    struct sr_owed *owed = &process->owed;
    pthread_mutex_lock(&owed->lock);
    uint32_t count = atomic_load(&owed->count), i = 0;
    while (i < count && (owed->words[i].session != session || owed->words[i].function != function))
        i++;
    if (i == count && count < SR_OWED_WORDS) {
        owed->words[i].session = session;
        owed->words[i].function = function;
        atomic_store(&owed->count, count + 1);
    }
    pthread_mutex_unlock(&owed->lock);
    return rv;
}

/* The lock is held while the engine is told, so that no other thread of the session begins an operation which the word would end. Nobody
 * waits for it who holds a lane. */
CK_RV sr_pay(struct sr_process *process, CK_SESSION_HANDLE session) {
    struct sr_owed *owed = &process->owed;
    uint32_t silences = atomic_load(&process->silences);
    if (atomic_load(&process->silent) != 0 && sr_engine_silent(process))
        return CKR_DEVICE_ERROR;
    CK_RV rv = CKR_OK;
    pthread_mutex_lock(&owed->lock);
    /* Another thread has tried in vain meanwhile; a crowd must not try one after the other. */
    if (atomic_load(&process->silences) != silences)
        rv = CKR_DEVICE_ERROR;
    uint32_t count = atomic_load(&owed->count);
    for (uint32_t i = 0; i < count && rv != CKR_DEVICE_ERROR;) {
        if (owed->words[i].session != session) {
            i++;
            continue;
        }
        rv = tell_failed(session, owed->words[i].function);
        if (rv == CKR_DEVICE_ERROR)
            break;
        owed->words[i] = owed->words[--count];
        atomic_store(&owed->count, count);
    }
    pthread_mutex_unlock(&owed->lock);
    return rv == CKR_DEVICE_ERROR ? rv : CKR_OK;
}
