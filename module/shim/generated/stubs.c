/* Generated from schema/cryptoki by scripts/generate.ts. Do not edit. */

#include "../../generated/strongroom.h"
#include "../marshal.h"

SR_EXPORT CK_RV C_GetInfo(CK_INFO_PTR pInfo) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pInfo == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 3, capacity);
        if (rv != CKR_OK)
            return rv;
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_struct(&call, rv, pInfo, sizeof *pInfo);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetSlotList(CK_BBOOL tokenPresent, CK_SLOT_ID_PTR pSlotList, CK_ULONG_PTR pulCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulCount == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 5, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, tokenPresent);
        sr_put_ulong(&call, pSlotList != NULL);
        sr_put_ulong(&call, *pulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_list(&call, rv, pSlotList, pulCount);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetSlotInfo(CK_SLOT_ID slotID, CK_SLOT_INFO_PTR pInfo) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pInfo == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 6, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_struct(&call, rv, pInfo, sizeof *pInfo);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetTokenInfo(CK_SLOT_ID slotID, CK_TOKEN_INFO_PTR pInfo) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pInfo == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 7, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_struct(&call, rv, pInfo, sizeof *pInfo);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetMechanismList(CK_SLOT_ID slotID, CK_MECHANISM_TYPE_PTR pMechanismList, CK_ULONG_PTR pulCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulCount == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 8, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_ulong(&call, pMechanismList != NULL);
        sr_put_ulong(&call, *pulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_list(&call, rv, pMechanismList, pulCount);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetMechanismInfo(CK_SLOT_ID slotID, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR pInfo) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pInfo == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 9, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_ulong(&call, type);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_struct(&call, rv, pInfo, sizeof *pInfo);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_InitToken(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen, CK_UTF8CHAR_PTR pLabel) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    rv = pLabel == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 10, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_bytes(&call, pPin, ulPinLen);
        sr_put_content(&call, pLabel, 32);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_InitPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 11, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pPin, ulPinLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_SetPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pOldPin, CK_ULONG ulOldLen, CK_UTF8CHAR_PTR pNewPin, CK_ULONG ulNewLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pOldPin, ulOldLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pNewPin, ulNewLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 12, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pOldPin, ulOldLen);
        sr_put_bytes(&call, pNewPin, ulNewLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_OpenSession(CK_SLOT_ID slotID, CK_FLAGS flags, CK_VOID_PTR pApplication, CK_NOTIFY Notify, CK_SESSION_HANDLE_PTR phSession) {
    (void)pApplication;
    (void)Notify;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = phSession == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    if (sr_advance_open(slotID, flags, phSession))
        return CKR_OK;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 13, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_ulong(&call, flags);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phSession);
    sr_get_granted(&call, rv);
    sr_call_end(&call, SR_WIPE_NONE);
    if (rv == CKR_OK)
        sr_advance_learn(&call, slotID, flags, *phSession);
    return rv;
}

SR_EXPORT CK_RV C_CloseSession(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    if (sr_advance_close(hSession))
        return CKR_OK;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_hold_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 14, capacity);
        if (rv != CKR_OK) {
            sr_pairing_let_go(process);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    if (rv == CKR_OK)
        sr_pairing_closed_one(process, hSession);
    sr_pairing_let_go(process);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_CloseAllSessions(CK_SLOT_ID slotID) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    sr_pairing_hold(process);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 15, capacity);
        if (rv != CKR_OK) {
            sr_pairing_let_go(process);
            return rv;
        }
        sr_put_ulong(&call, slotID);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    if (rv == CKR_OK)
        sr_pairing_closed(process, slotID);
    sr_pairing_let_go(process);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetSessionInfo(CK_SESSION_HANDLE hSession, CK_SESSION_INFO_PTR pInfo) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pInfo == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 16, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_struct(&call, rv, pInfo, sizeof *pInfo);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG_PTR pulOperationStateLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulOperationStateLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 17, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_room(&call, pOperationState, *pulOperationStateLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pOperationState, pulOperationStateLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    return rv;
}

SR_EXPORT CK_RV C_SetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG ulOperationStateLen, CK_OBJECT_HANDLE hEncryptionKey, CK_OBJECT_HANDLE hAuthenticationKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pOperationState, ulOperationStateLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 18, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pOperationState == NULL ? (const void *)"" : pOperationState, ulOperationStateLen);
        sr_put_ulong(&call, hEncryptionKey);
        sr_put_ulong(&call, hAuthenticationKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_Login(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 19, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, userType);
        sr_put_bytes(&call, pPin, ulPinLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_Logout(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 20, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_CreateObject(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phObject) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_template(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = phObject == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 21, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_template(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phObject);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_CopyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phNewObject) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_template(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = phNewObject == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 22, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hObject);
        sr_put_template(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phNewObject);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_DestroyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_hold_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 23, capacity);
        if (rv != CKR_OK) {
            sr_pairing_let_go(process);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hObject);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_pairing_let_go(process);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetObjectSize(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ULONG_PTR pulSize) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulSize == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 24, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hObject);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, pulSize);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_query(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 25, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hObject);
        sr_put_query(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_query(&call, rv, pTemplate, ulCount);
    sr_call_end(&call, SR_WIPE_REPLY);
    return rv;
}

SR_EXPORT CK_RV C_SetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_template(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_hold_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 26, capacity);
        if (rv != CKR_OK) {
            sr_pairing_let_go(process);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hObject);
        sr_put_template(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_pairing_let_go(process);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_FindObjectsInit(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_template(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 27, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_template(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_FindObjects(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE_PTR phObject, CK_ULONG ulMaxObjectCount, CK_ULONG_PTR pulObjectCount) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulObjectCount == NULL || (phObject == NULL && ulMaxObjectCount != 0) ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 28, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, ulMaxObjectCount);
        call.reply_hint += ulMaxObjectCount < SR_COUNT_MAX ? 8 * ulMaxObjectCount : 8 * SR_COUNT_MAX;
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_found(&call, rv, phObject, ulMaxObjectCount, pulObjectCount);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 29, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_EncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_claim(&turn, process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 30, capacity);
        if (rv != CKR_OK) {
            sr_pairing_opened(&turn, NULL, rv, 0);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    if (sr_pairing_defer(&turn, &call)) {
        sr_call_end(&call, SR_WIPE_NONE);
        return CKR_OK;
    }
    rv = sr_call_run(&call);
    uint64_t slot = 0;
    sr_get_ulong(&call, &slot);
    sr_pairing_opened(&turn, &call, rv, slot);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_Encrypt(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pEncryptedData, CK_ULONG_PTR pulEncryptedDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 31, rv);
    rv = pulEncryptedDataLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 31, rv);
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 31, rv);
    sr_pairing_take(&turn, process, hSession, 30);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 31, capacity);
        if (rv != CKR_OK) {
            sr_pairing_ended(&turn, process, 30, false);
            return sr_failed(process, hSession, 31, rv);
        }
        sr_pairing_attach(&turn, &call);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        sr_put_room(&call, pEncryptedData, *pulEncryptedDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_pairing_ended(&turn, process, 30, rv == CKR_OK && pEncryptedData != NULL);
    rv = sr_get_room(&call, rv, pEncryptedData, pulEncryptedDataLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    if (call.given_up)
        return sr_owe(process, hSession, 31, rv);
    return rv;
}

SR_EXPORT CK_RV C_EncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen, CK_BYTE_PTR pEncryptedPart, CK_ULONG_PTR pulEncryptedPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 32, rv);
    rv = pulEncryptedPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 32, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 32, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 32, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 32, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 32, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        sr_put_room(&call, pEncryptedPart, *pulEncryptedPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pEncryptedPart, pulEncryptedPartLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    if (call.given_up)
        return sr_owe(process, hSession, 32, rv);
    return rv;
}

SR_EXPORT CK_RV C_EncryptFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pLastEncryptedPart, CK_ULONG_PTR pulLastEncryptedPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulLastEncryptedPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 33, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 33, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 33, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 33, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 33, rv);
        sr_put_ulong(&call, hSession);
        sr_put_room(&call, pLastEncryptedPart, *pulLastEncryptedPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pLastEncryptedPart, pulLastEncryptedPartLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 33, rv);
    return rv;
}

SR_EXPORT CK_RV C_DecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_claim(&turn, process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 34, capacity);
        if (rv != CKR_OK) {
            sr_pairing_opened(&turn, NULL, rv, 0);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    if (sr_pairing_defer(&turn, &call)) {
        sr_call_end(&call, SR_WIPE_NONE);
        return CKR_OK;
    }
    rv = sr_call_run(&call);
    uint64_t slot = 0;
    sr_get_ulong(&call, &slot);
    sr_pairing_opened(&turn, &call, rv, slot);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_Decrypt(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedData, CK_ULONG ulEncryptedDataLen, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pEncryptedData, ulEncryptedDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 35, rv);
    rv = pulDataLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 35, rv);
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 35, rv);
    sr_pairing_take(&turn, process, hSession, 34);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 35, capacity);
        if (rv != CKR_OK) {
            sr_pairing_ended(&turn, process, 34, false);
            return sr_failed(process, hSession, 35, rv);
        }
        sr_pairing_attach(&turn, &call);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pEncryptedData, ulEncryptedDataLen);
        sr_put_room(&call, pData, *pulDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    sr_pairing_ended(&turn, process, 34, rv == CKR_OK && pData != NULL);
    rv = sr_get_room(&call, rv, pData, pulDataLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 35, rv);
    return rv;
}

SR_EXPORT CK_RV C_DecryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen, CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pEncryptedPart, ulEncryptedPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 36, rv);
    rv = pulPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 36, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 36, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 36, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 36, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 36, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pEncryptedPart, ulEncryptedPartLen);
        sr_put_room(&call, pPart, *pulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pPart, pulPartLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 36, rv);
    return rv;
}

SR_EXPORT CK_RV C_DecryptFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pLastPart, CK_ULONG_PTR pulLastPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulLastPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 37, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 37, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 37, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 37, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 37, rv);
        sr_put_ulong(&call, hSession);
        sr_put_room(&call, pLastPart, *pulLastPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pLastPart, pulLastPartLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 37, rv);
    return rv;
}

SR_EXPORT CK_RV C_DigestInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_claim(&turn, process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 38, capacity);
        if (rv != CKR_OK) {
            sr_pairing_opened(&turn, NULL, rv, 0);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    if (sr_pairing_defer(&turn, &call)) {
        sr_call_end(&call, SR_WIPE_NONE);
        return CKR_OK;
    }
    rv = sr_call_run(&call);
    uint64_t slot = 0;
    sr_get_ulong(&call, &slot);
    sr_pairing_opened(&turn, &call, rv, slot);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_Digest(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pDigest, CK_ULONG_PTR pulDigestLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 39, rv);
    rv = pulDigestLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 39, rv);
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 39, rv);
    sr_pairing_take(&turn, process, hSession, 38);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 39, capacity);
        if (rv != CKR_OK) {
            sr_pairing_ended(&turn, process, 38, false);
            return sr_failed(process, hSession, 39, rv);
        }
        sr_pairing_attach(&turn, &call);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        sr_put_room(&call, pDigest, *pulDigestLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_pairing_ended(&turn, process, 38, rv == CKR_OK && pDigest != NULL);
    rv = sr_get_room(&call, rv, pDigest, pulDigestLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 39, rv);
    return rv;
}

SR_EXPORT CK_RV C_DigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 40, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 40, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 40, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 40, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 40, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 40, rv);
    return rv;
}

SR_EXPORT CK_RV C_DigestKey(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 41, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 41, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 41, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 41, rv);
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 41, rv);
    return rv;
}

SR_EXPORT CK_RV C_DigestFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pDigest, CK_ULONG_PTR pulDigestLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulDigestLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 42, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 42, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 42, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 42, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 42, rv);
        sr_put_ulong(&call, hSession);
        sr_put_room(&call, pDigest, *pulDigestLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pDigest, pulDigestLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 42, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_claim(&turn, process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 43, capacity);
        if (rv != CKR_OK) {
            sr_pairing_opened(&turn, NULL, rv, 0);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    if (sr_pairing_defer(&turn, &call)) {
        sr_call_end(&call, SR_WIPE_NONE);
        return CKR_OK;
    }
    rv = sr_call_run(&call);
    uint64_t slot = 0;
    sr_get_ulong(&call, &slot);
    sr_pairing_opened(&turn, &call, rv, slot);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_Sign(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 44, rv);
    rv = pulSignatureLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 44, rv);
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 44, rv);
    sr_pairing_take(&turn, process, hSession, 43);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 44, capacity);
        if (rv != CKR_OK) {
            sr_pairing_ended(&turn, process, 43, false);
            return sr_failed(process, hSession, 44, rv);
        }
        sr_pairing_attach(&turn, &call);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        sr_put_room(&call, pSignature, *pulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_pairing_ended(&turn, process, 43, rv == CKR_OK && pSignature != NULL);
    rv = sr_get_room(&call, rv, pSignature, pulSignatureLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 44, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 45, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 45, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 45, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 45, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 45, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 45, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulSignatureLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 46, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 46, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 46, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 46, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 46, rv);
        sr_put_ulong(&call, hSession);
        sr_put_room(&call, pSignature, *pulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pSignature, pulSignatureLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 46, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignRecoverInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 47, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_SignRecover(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 48, rv);
    rv = pulSignatureLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 48, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 48, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 48, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 48, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 48, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        sr_put_room(&call, pSignature, *pulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pSignature, pulSignatureLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 48, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_claim(&turn, process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 49, capacity);
        if (rv != CKR_OK) {
            sr_pairing_opened(&turn, NULL, rv, 0);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    if (sr_pairing_defer(&turn, &call)) {
        sr_call_end(&call, SR_WIPE_NONE);
        return CKR_OK;
    }
    rv = sr_call_run(&call);
    uint64_t slot = 0;
    sr_get_ulong(&call, &slot);
    sr_pairing_opened(&turn, &call, rv, slot);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_Verify(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 50, rv);
    rv = sr_check_bytes(pSignature, ulSignatureLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 50, rv);
    struct sr_turn turn;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 50, rv);
    sr_pairing_take(&turn, process, hSession, 49);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 50, capacity);
        if (rv != CKR_OK) {
            sr_pairing_ended(&turn, process, 49, false);
            return sr_failed(process, hSession, 50, rv);
        }
        sr_pairing_attach(&turn, &call);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        sr_put_bytes(&call, pSignature == NULL ? (const void *)"" : pSignature, ulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_pairing_ended(&turn, process, 49, rv == CKR_OK);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 50, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 51, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 51, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 51, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 51, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 51, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 51, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pSignature, ulSignatureLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 52, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 52, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 52, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 52, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 52, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pSignature == NULL ? (const void *)"" : pSignature, ulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 52, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 53, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_VerifyRecover(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pSignature, ulSignatureLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 54, rv);
    rv = pulDataLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 54, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 54, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 54, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 54, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 54, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pSignature == NULL ? (const void *)"" : pSignature, ulSignatureLen);
        sr_put_room(&call, pData, *pulDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pData, pulDataLen);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 54, rv);
    return rv;
}

SR_EXPORT CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen, CK_BYTE_PTR pEncryptedPart, CK_ULONG_PTR pulEncryptedPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 55, rv);
    rv = pulEncryptedPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 55, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 55, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 55, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 55, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 55, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        sr_put_room(&call, pEncryptedPart, *pulEncryptedPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pEncryptedPart, pulEncryptedPartLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    if (call.given_up)
        return sr_owe(process, hSession, 55, rv);
    return rv;
}

SR_EXPORT CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen, CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pEncryptedPart, ulEncryptedPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 56, rv);
    rv = pulPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 56, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 56, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 56, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 56, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 56, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pEncryptedPart, ulEncryptedPartLen);
        sr_put_room(&call, pPart, *pulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pPart, pulPartLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 56, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen, CK_BYTE_PTR pEncryptedPart, CK_ULONG_PTR pulEncryptedPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 57, rv);
    rv = pulEncryptedPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 57, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 57, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 57, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 57, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 57, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        sr_put_room(&call, pEncryptedPart, *pulEncryptedPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pEncryptedPart, pulEncryptedPartLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    if (call.given_up)
        return sr_owe(process, hSession, 57, rv);
    return rv;
}

SR_EXPORT CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen, CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pEncryptedPart, ulEncryptedPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 58, rv);
    rv = pulPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 58, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 58, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 58, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 58, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 58, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pEncryptedPart, ulEncryptedPartLen);
        sr_put_room(&call, pPart, *pulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pPart, pulPartLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 58, rv);
    return rv;
}

SR_EXPORT CK_RV C_GenerateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulCount);
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 59, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_template(&call, pTemplate, ulCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pPublicKeyTemplate, CK_ULONG ulPublicKeyAttributeCount, CK_ATTRIBUTE_PTR pPrivateKeyTemplate, CK_ULONG ulPrivateKeyAttributeCount, CK_OBJECT_HANDLE_PTR phPublicKey, CK_OBJECT_HANDLE_PTR phPrivateKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pPublicKeyTemplate, ulPublicKeyAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pPrivateKeyTemplate, ulPrivateKeyAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = phPublicKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = phPrivateKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 60, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_template(&call, pPublicKeyTemplate, ulPublicKeyAttributeCount);
        sr_put_template(&call, pPrivateKeyTemplate, ulPrivateKeyAttributeCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phPublicKey);
    rv = sr_get_out(&call, rv, phPrivateKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_WrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey, CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = pulWrappedKeyLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 61, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_wrapping(&call, pMechanism, true);
        sr_put_ulong(&call, hWrappingKey);
        sr_put_ulong(&call, hKey);
        sr_put_room(&call, pWrappedKey, *pulWrappedKeyLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pWrappedKey, pulWrappedKeyLen);
    rv = sr_get_wrap_vector(&call, rv, pMechanism, pWrappedKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_UnwrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey, CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pWrappedKey, ulWrappedKeyLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 62, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_wrapping(&call, pMechanism, false);
        sr_put_ulong(&call, hUnwrappingKey);
        sr_put_bytes(&call, pWrappedKey == NULL ? (const void *)"" : pWrappedKey, ulWrappedKeyLen);
        sr_put_template(&call, pTemplate, ulAttributeCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_DeriveKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hBaseKey, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 63, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hBaseKey);
        sr_put_template(&call, pTemplate, ulAttributeCount);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_SeedRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSeed, CK_ULONG ulSeedLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pSeed, ulSeedLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 64, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pSeed == NULL ? (const void *)"" : pSeed, ulSeedLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_GenerateRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR RandomData, CK_ULONG ulRandomLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(RandomData, ulRandomLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 65, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, ulRandomLen);
        call.reply_hint += ulRandomLen;
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_fill(&call, rv, RandomData, ulRandomLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    return rv;
}

SR_EXPORT CK_RV C_LoginUser(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen, CK_UTF8CHAR_PTR pUsername, CK_ULONG ulUsernameLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pUsername, ulUsernameLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle_all(process);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 71, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, userType);
        sr_put_bytes(&call, pPin, ulPinLen);
        sr_put_bytes(&call, pUsername == NULL ? (const void *)"" : pUsername, ulUsernameLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_SessionCancel(CK_SESSION_HANDLE hSession, CK_FLAGS flags) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 72, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, flags);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 73, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bare_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_EncryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pPlaintext, CK_ULONG ulPlaintextLen, CK_BYTE_PTR pCiphertext, CK_ULONG_PTR pulCiphertextLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pPlaintext, ulPlaintextLen);
    if (rv != CKR_OK)
        return rv;
    rv = pulCiphertextLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 74, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, true);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        sr_put_bulk(&call, pPlaintext, ulPlaintextLen);
        sr_put_room(&call, pCiphertext, *pulCiphertextLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_sealed(&call, rv, pParameter, ulParameterLen, pCiphertext, pulCiphertextLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

SR_EXPORT CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 75, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, true);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_vector(&call, rv, pParameter, ulParameterLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pPlaintextPart, CK_ULONG ulPlaintextPartLen, CK_BYTE_PTR pCiphertextPart, CK_ULONG_PTR pulCiphertextPartLen, CK_FLAGS flags) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 76, rv);
    rv = sr_check_bytes(pPlaintextPart, ulPlaintextPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 76, rv);
    rv = pulCiphertextPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 76, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 76, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 76, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 76, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 76, rv);
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, true);
        sr_put_bulk(&call, pPlaintextPart, ulPlaintextPartLen);
        sr_put_room(&call, pCiphertextPart, *pulCiphertextPartLen);
        sr_put_ulong(&call, flags);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    rv = sr_get_sealed(&call, rv, pParameter, ulParameterLen, pCiphertextPart, pulCiphertextPartLen);
    sr_call_end(&call, SR_WIPE_REQUEST);
    if (call.given_up)
        return sr_owe(process, hSession, 76, rv);
    return rv;
}

SR_EXPORT CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 77, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 78, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bare_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_DecryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pCiphertext, CK_ULONG ulCiphertextLen, CK_BYTE_PTR pPlaintext, CK_ULONG_PTR pulPlaintextLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pCiphertext, ulCiphertextLen);
    if (rv != CKR_OK)
        return rv;
    rv = pulPlaintextLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 79, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, false);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        sr_put_sealed(&call, pCiphertext, ulCiphertextLen, pParameter, ulParameterLen);
        sr_put_room(&call, pPlaintext, *pulPlaintextLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pPlaintext, pulPlaintextLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    return rv;
}

SR_EXPORT CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 80, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, false);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pCiphertextPart, CK_ULONG ulCiphertextPartLen, CK_BYTE_PTR pPlaintextPart, CK_ULONG_PTR pulPlaintextPartLen, CK_FLAGS flags) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pParameter, ulParameterLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 81, rv);
    rv = sr_check_bytes(pCiphertextPart, ulCiphertextPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 81, rv);
    rv = pulPlaintextPartLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 81, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 81, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 81, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 81, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 81, rv);
        sr_put_ulong(&call, hSession);
        sr_put_message(&call, pParameter, ulParameterLen, false);
        sr_put_sealed(&call, pCiphertextPart, ulCiphertextPartLen, (flags & CKF_END_OF_MESSAGE) == 0 ? NULL : pParameter, ulParameterLen);
        sr_put_room(&call, pPlaintextPart, *pulPlaintextPartLen);
        sr_put_ulong(&call, flags);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pPlaintextPart, pulPlaintextPartLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    if (call.given_up)
        return sr_owe(process, hSession, 81, rv);
    return rv;
}

SR_EXPORT CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 82, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_MessageSignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 83, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_SignMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
    (void)pParameter;
    (void)ulParameterLen;
    (void)pData;
    (void)ulDataLen;
    (void)pSignature;
    (void)pulSignatureLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 84, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 84, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 84, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 84, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 84, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
    (void)pParameter;
    (void)ulParameterLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 85, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 85, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 85, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 85, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 85, rv);
    return rv;
}

SR_EXPORT CK_RV C_SignMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
    (void)pParameter;
    (void)ulParameterLen;
    (void)pData;
    (void)ulDataLen;
    (void)pSignature;
    (void)pulSignatureLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 86, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 86, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 86, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 86, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 86, rv);
    return rv;
}

SR_EXPORT CK_RV C_MessageSignFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 87, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 88, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_VerifyMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
    (void)pParameter;
    (void)ulParameterLen;
    (void)pData;
    (void)ulDataLen;
    (void)pSignature;
    (void)ulSignatureLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 89, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 89, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 89, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 89, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 89, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
    (void)pParameter;
    (void)ulParameterLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 90, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 90, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 90, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 90, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 90, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
    (void)pParameter;
    (void)ulParameterLen;
    (void)pData;
    (void)ulDataLen;
    (void)pSignature;
    (void)ulSignatureLen;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 91, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 91, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 91, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 91, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 91, rv);
    return rv;
}

SR_EXPORT CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 92, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_EncapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hPublicKey, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext, CK_ULONG_PTR pulCiphertextLen, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = pulCiphertextLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 93, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hPublicKey);
        sr_put_template(&call, pTemplate, ulAttributeCount);
        sr_put_room(&call, pCiphertext, *pulCiphertextLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pCiphertext, pulCiphertextLen);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_DecapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hPrivateKey, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext, CK_ULONG ulCiphertextLen, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pCiphertext, ulCiphertextLen);
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 94, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hPrivateKey);
        sr_put_template(&call, pTemplate, ulAttributeCount);
        sr_put_bytes(&call, pCiphertext == NULL ? (const void *)"" : pCiphertext, ulCiphertextLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_VerifySignatureInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pSignature, ulSignatureLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 95, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_mechanism(&call, pMechanism);
        sr_put_ulong(&call, hKey);
        sr_put_bytes(&call, pSignature == NULL ? (const void *)"" : pSignature, ulSignatureLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_VerifySignature(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pData, ulDataLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 96, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 96, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 96, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 96, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 96, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pData, ulDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 96, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifySignatureUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPart, ulPartLen);
    if (rv != CKR_OK)
        return sr_failed(process, hSession, 97, rv);
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 97, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 97, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 97, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 97, rv);
        sr_put_ulong(&call, hSession);
        sr_put_bulk(&call, pPart, ulPartLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 97, rv);
    return rv;
}

SR_EXPORT CK_RV C_VerifySignatureFinal(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 98, rv);
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return sr_owe(process, hSession, 98, rv);
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 98, capacity);
        if (rv != CKR_OK)
            return sr_failed(process, hSession, 98, rv);
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    if (call.given_up)
        return sr_owe(process, hSession, 98, rv);
    return rv;
}

SR_EXPORT CK_RV C_GetSessionValidationFlags(CK_SESSION_HANDLE hSession, CK_SESSION_VALIDATION_FLAGS_TYPE type, CK_FLAGS_PTR pFlags) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pFlags == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 99, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, type);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, pFlags);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_AsyncComplete(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ASYNC_DATA_PTR pResult) {
    (void)pFunctionName;
    (void)pResult;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 100, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_AsyncGetID(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG_PTR pulID) {
    (void)pFunctionName;
    (void)pulID;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 101, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_AsyncJoin(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG ulID, CK_BYTE_PTR pData, CK_ULONG ulData) {
    (void)pFunctionName;
    (void)ulID;
    (void)pData;
    (void)ulData;
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 102, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_WrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey, CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = pulWrappedKeyLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 103, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message_mechanism(&call, pMechanism, true);
        sr_put_ulong(&call, hWrappingKey);
        sr_put_ulong(&call, hKey);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        sr_put_room(&call, pWrappedKey, *pulWrappedKeyLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_sealed(&call, rv, pMechanism->pParameter, pMechanism->ulParameterLen, pWrappedKey, pulWrappedKeyLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

SR_EXPORT CK_RV C_UnwrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey, CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_OBJECT_HANDLE_PTR phKey) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pMechanism == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pWrappedKey, ulWrappedKeyLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_template(pTemplate, ulAttributeCount);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pAssociatedData, ulAssociatedDataLen);
    if (rv != CKR_OK)
        return rv;
    rv = phKey == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 104, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_message_mechanism(&call, pMechanism, false);
        sr_put_ulong(&call, hUnwrappingKey);
        sr_put_sealed(&call, pWrappedKey, ulWrappedKeyLen, pMechanism->pParameter, pMechanism->ulParameterLen);
        sr_put_template(&call, pTemplate, ulAttributeCount);
        sr_put_bytes(&call, pAssociatedData == NULL ? (const void *)"" : pAssociatedData, ulAssociatedDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phKey);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_RenameToken(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pLabel) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pLabel == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 105, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_content(&call, pLabel, 32);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_GetPinAttempts(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_ULONG_PTR pulLeft, CK_ULONG_PTR pulMost) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulLeft == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = pulMost == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 106, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_ulong(&call, userType);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, pulLeft);
    rv = sr_get_out(&call, rv, pulMost);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_GetEngineStatus(CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulStatusLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 107, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_room(&call, pStatus, *pulStatusLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pStatus, pulStatusLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_StopEngine(CK_BBOOL force) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 108, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, force);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_GetSettings(CK_BYTE_PTR pSettings, CK_ULONG_PTR pulSettingsLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulSettingsLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 109, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_room(&call, pSettings, *pulSettingsLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pSettings, pulSettingsLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_SetSettings(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSettings, CK_ULONG ulSettingsLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pSettings, ulSettingsLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 110, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pSettings == NULL ? (const void *)"" : pSettings, ulSettingsLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_AcceptStore(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 111, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_bytes(&call, pPin, ulPinLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

CK_RV SR_UnlockToken(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pPin, ulPinLen);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 112, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_bytes(&call, pPin == NULL ? (const void *)"" : pPin, ulPinLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

CK_RV SR_LockToken(CK_SLOT_ID slotID) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 113, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_ReadAuditLog(CK_ULONG file, CK_ULONG ulOffset, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulDataLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 114, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, file);
        sr_put_ulong(&call, ulOffset);
        sr_put_room(&call, pData, *pulDataLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pData, pulDataLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_GetMetrics(CK_BYTE_PTR pMetrics, CK_ULONG_PTR pulMetricsLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulMetricsLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 115, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_room(&call, pMetrics, *pulMetricsLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pMetrics, pulMetricsLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_SetKeyState(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pUniqueId, CK_ULONG ulUniqueIdLen, CK_ULONG ulState, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_ULONG ulSince) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pUniqueId, ulUniqueIdLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pReason, ulReasonLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_hold_all(process);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 116, capacity);
        if (rv != CKR_OK) {
            sr_pairing_let_go(process);
            return rv;
        }
        sr_put_ulong(&call, hSession);
        sr_put_bytes(&call, pUniqueId == NULL ? (const void *)"" : pUniqueId, ulUniqueIdLen);
        sr_put_ulong(&call, ulState);
        sr_put_bytes(&call, pReason == NULL ? (const void *)"" : pReason, ulReasonLen);
        sr_put_ulong(&call, ulSince);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_pairing_let_go(process);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_AddRecovery(CK_SESSION_HANDLE hSession, CK_ULONG ulWords, CK_ULONG ulLists, CK_UTF8CHAR_PTR pWords, CK_ULONG_PTR pulWordsLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulWordsLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 117, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, ulWords);
        sr_put_ulong(&call, ulLists);
        sr_put_room(&call, pWords, *pulWordsLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REPLY);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pWords, pulWordsLen);
    sr_call_end(&call, SR_WIPE_REPLY);
    return rv;
}

CK_RV SR_ConfirmRecovery(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 118, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_RemoveRecovery(CK_SESSION_HANDLE hSession) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 119, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_Recover(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pWords, CK_ULONG ulWordsLen, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pNewPin, CK_ULONG ulNewPinLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pWords, ulWordsLen);
    if (rv != CKR_OK)
        return rv;
    rv = sr_check_bytes(pNewPin, ulNewPinLen);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 120, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_bytes(&call, pWords, ulWordsLen);
        sr_put_ulong(&call, userType);
        sr_put_bytes(&call, pNewPin, ulNewPinLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_REQUEST);
    }
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_REQUEST);
    return rv;
}

CK_RV SR_GetTokenAccess(CK_SLOT_ID slotID, CK_BYTE_PTR pAccess, CK_ULONG_PTR pulAccessLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulAccessLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 121, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_room(&call, pAccess, *pulAccessLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pAccess, pulAccessLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_GetPinStatus(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = pulStatusLen == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 122, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, slotID);
        sr_put_ulong(&call, userType);
        sr_put_room(&call, pStatus, *pulStatusLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_room(&call, rv, pStatus, pulStatusLen);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

CK_RV SR_RotateKey(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey, CK_ULONG ulGrace, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_OBJECT_HANDLE_PTR phSuccessor) {
    CK_RV rv = CKR_OK;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    rv = sr_check_bytes(pReason, ulReasonLen);
    if (rv != CKR_OK)
        return rv;
    rv = phSuccessor == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    rv = sr_advance_settle(hSession);
    if (rv != CKR_OK)
        return rv;
    rv = sr_pairing_flush(process, hSession);
    if (rv != CKR_OK)
        return rv;
    struct sr_call call;
    for (uint64_t capacity = 0;; capacity = call.needed) {
        rv = sr_call_begin(&call, 123, capacity);
        if (rv != CKR_OK)
            return rv;
        sr_put_ulong(&call, hSession);
        sr_put_ulong(&call, hKey);
        sr_put_ulong(&call, ulGrace);
        sr_put_bytes(&call, pReason == NULL ? (const void *)"" : pReason, ulReasonLen);
        if (!sr_call_outgrown(&call))
            break;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    rv = sr_call_run(&call);
    rv = sr_get_out(&call, rv, phSuccessor);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}
