/*
 * A call that is refused before it travels. To the session it is a call that failed, which ends its operation: C_Sign with a NULL pointer
 * "always terminates the active signing operation" as any other failure of it does (PKCS#11 3.2, 5.13). Which operations a function ends
 * stands in its row; the engine reads it there.
 */
#include "marshal.h"

CK_RV sr_failed(struct sr_process *process, CK_SESSION_HANDLE session, uint32_t function, CK_RV rv) {
    struct sr_call call;
    /* If the engine cannot be told, it has gone, and the operation with it. */
    if (sr_advance_settle(session) == CKR_OK && sr_pairing_flush(process, session) == CKR_OK &&
        sr_call_begin(&call, SR_FUNCTION_FAILED, 0) == CKR_OK) {
        sr_put_ulong(&call, session);
        sr_put_ulong(&call, function);
        sr_call_run(&call);
        sr_call_end(&call, false);
    }
    return rv;
}
