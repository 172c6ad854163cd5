/*
 * An opening (C_SignInit) and the call that follows (C_Sign) in one round trip.
 *
 * The engine's epoch rises with every change of policy, login or object. An opening that repeats one which was accepted at the same
 * epoch, in the same session, whose operation has ended since, will be accepted again: the same mechanism, the same key, a parameter of
 * the same layout and numbers (only the bytes of an IV may differ). Such an opening is answered here, and travels in front of the
 * session's next call. If that call is another one than expected, the opening is sent on its own first.
 */
#include "marshal.h"

static struct sr_pairing *entry_of(struct sr_process *process, CK_SESSION_HANDLE session) {
    return &process->pairings[session % SR_PAIRING_ENTRIES];
}

/* Sends a kept opening as a call of its own. Its result was promised already; if the engine thinks otherwise now, the operation is not
 * there, and the call that follows says so. */
static CK_RV send_alone(struct sr_pairing *entry, CK_SESSION_HANDLE session) {
    uint8_t request[SR_PAIRING_BYTES];
    pthread_mutex_lock(&entry->lock);
    bool kept = atomic_load(&entry->pending) && entry->session == session;
    uint32_t length = entry->length, opening = entry->opening;
    if (kept) {
        memcpy(request, entry->request, length);
        atomic_store(&entry->pending, 0);
    }
    pthread_mutex_unlock(&entry->lock);
    struct sr_call call;
    if (!kept || sr_call_begin(&call, opening, 0) != CKR_OK)
        return CKR_OK;
    sr_put_content(&call, request, length);
    CK_RV rv = sr_call_run(&call);
    sr_call_end(&call, false);
    return rv == CKR_DEVICE_REMOVED ? rv : CKR_OK;
}

CK_RV sr_pairing_flush(CK_SESSION_HANDLE session) {
    struct sr_process *process = sr_process_get();
    if (process == NULL)
        return CKR_OK;
    struct sr_pairing *entry = entry_of(process, session);
    if (atomic_load_explicit(&entry->pending, memory_order_acquire) && entry->session == session)
        return send_alone(entry, session);
    return CKR_OK;
}

CK_RV sr_pairing_flush_all(struct sr_process *process) {
    CK_RV rv = CKR_OK;
    for (size_t i = 0; i < SR_PAIRING_ENTRIES && rv == CKR_OK; i++) {
        struct sr_pairing *entry = &process->pairings[i];
        if (atomic_load(&entry->pending))
            rv = send_alone(entry, entry->session);
    }
    return rv;
}

static bool same_words(const struct sr_pairing *entry, const struct sr_call *call) {
    return entry->word_count == call->word_count && call->word_count <= SR_PAIRING_WORDS &&
           memcmp(entry->words, call->words, call->word_count * sizeof call->words[0]) == 0;
}

bool sr_pairing_defer(struct sr_call *call, CK_SESSION_HANDLE session) {
    struct sr_process *process = call->process;
    struct sr_pairing *entry = entry_of(process, session);
    pthread_mutex_lock(&entry->lock);
    bool known = entry->session == session && entry->opening == call->function && entry->settled &&
                 entry->generation == atomic_load(&process->generation) && entry->epoch == call->epoch &&
                 call->at <= SR_PAIRING_BYTES && same_words(entry, call) && !atomic_load(&entry->pending);
    if (known) {
        memcpy(entry->request, call->request, call->at);
        entry->length = (uint32_t)call->at;
        entry->settled = 0;
        atomic_store(&entry->pending, 1);
    }
    pthread_mutex_unlock(&entry->lock);
    return known;
}

void sr_pairing_opened(struct sr_call *call, CK_SESSION_HANDLE session, CK_RV rv) {
    struct sr_pairing *entry = entry_of(call->process, session);
    pthread_mutex_lock(&entry->lock);
    /* Another session's kept opening stays where it is; this session then does without. */
    if (!atomic_load(&entry->pending)) {
        bool usable = rv == CKR_OK && call->word_count <= SR_PAIRING_WORDS;
        entry->session = usable ? session : 0;
        entry->opening = call->function;
        entry->settled = 0;
        entry->generation = atomic_load(&call->process->generation);
        entry->epoch = call->epoch;
        entry->word_count = call->word_count;
        if (usable)
            memcpy(entry->words, call->words, call->word_count * sizeof call->words[0]);
    }
    pthread_mutex_unlock(&entry->lock);
}

void sr_pairing_attach(struct sr_call *call, CK_SESSION_HANDLE session, uint32_t opening) {
    struct sr_pairing *entry = entry_of(call->process, session);
    if (!atomic_load_explicit(&entry->pending, memory_order_acquire))
        return;
    pthread_mutex_lock(&entry->lock);
    if (atomic_load(&entry->pending) && entry->session == session && entry->opening == opening) {
        sr_put_ulong(call, opening);
        sr_put_content(call, entry->request, entry->length);
        call->function |= SR_FUNCTION_PAIRED;
    }
    pthread_mutex_unlock(&entry->lock);
}

void sr_pairing_ended(struct sr_call *call, CK_SESSION_HANDLE session, uint32_t opening, CK_RV rv, bool ended) {
    struct sr_pairing *entry = entry_of(call->process, session);
    pthread_mutex_lock(&entry->lock);
    if (entry->session == session && entry->opening == opening) {
        if (call->function & SR_FUNCTION_PAIRED)
            atomic_store(&entry->pending, 0);
        entry->settled = rv == CKR_OK && ended;
    }
    pthread_mutex_unlock(&entry->lock);
}
