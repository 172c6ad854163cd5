/*
 * Strongroom's own functions, which the standard has none for: C_GetInterface("Strongroom") gives out an SR_FUNCTION_LIST. Generated from
 * schema/cryptoki: change it there.
 */
#ifndef STRONGROOM_OWN_H
#define STRONGROOM_OWN_H

#include "cryptoki.h"

#define SR_INTERFACE_NAME "Strongroom"

CK_RV SR_RenameToken(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pLabel);
CK_RV SR_GetPinAttempts(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_ULONG_PTR pulLeft, CK_ULONG_PTR pulMost);
CK_RV SR_GetEngineStatus(CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen);
CK_RV SR_StopEngine(CK_BBOOL force);
CK_RV SR_GetSettings(CK_BYTE_PTR pSettings, CK_ULONG_PTR pulSettingsLen);
CK_RV SR_SetSettings(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSettings, CK_ULONG ulSettingsLen);
CK_RV SR_AcceptStore(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen);
CK_RV SR_UnlockToken(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen);
CK_RV SR_LockToken(CK_SLOT_ID slotID);
CK_RV SR_ReadAuditLog(CK_ULONG file, CK_ULONG ulOffset, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen);
CK_RV SR_GetMetrics(CK_BYTE_PTR pMetrics, CK_ULONG_PTR pulMetricsLen);
CK_RV SR_SetKeyState(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pUniqueId, CK_ULONG ulUniqueIdLen, CK_ULONG ulState, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_ULONG ulSince);
CK_RV SR_AddRecovery(CK_SESSION_HANDLE hSession, CK_ULONG ulWords, CK_ULONG ulLists, CK_UTF8CHAR_PTR pWords, CK_ULONG_PTR pulWordsLen);
CK_RV SR_ConfirmRecovery(CK_SESSION_HANDLE hSession);
CK_RV SR_RemoveRecovery(CK_SESSION_HANDLE hSession);
CK_RV SR_Recover(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pWords, CK_ULONG ulWordsLen, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pNewPin, CK_ULONG ulNewPinLen);
CK_RV SR_GetTokenAccess(CK_SLOT_ID slotID, CK_BYTE_PTR pAccess, CK_ULONG_PTR pulAccessLen);
CK_RV SR_GetPinStatus(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen);
CK_RV SR_RotateKey(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey, CK_ULONG ulGrace, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_OBJECT_HANDLE_PTR phSuccessor);

typedef struct SR_FUNCTION_LIST {
    CK_VERSION version;
    CK_RV (*SR_RenameToken)(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pLabel);
    CK_RV (*SR_GetPinAttempts)(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_ULONG_PTR pulLeft, CK_ULONG_PTR pulMost);
    CK_RV (*SR_GetEngineStatus)(CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen);
    CK_RV (*SR_StopEngine)(CK_BBOOL force);
    CK_RV (*SR_GetSettings)(CK_BYTE_PTR pSettings, CK_ULONG_PTR pulSettingsLen);
    CK_RV (*SR_SetSettings)(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSettings, CK_ULONG ulSettingsLen);
    CK_RV (*SR_AcceptStore)(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen);
    CK_RV (*SR_UnlockToken)(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen);
    CK_RV (*SR_LockToken)(CK_SLOT_ID slotID);
    CK_RV (*SR_ReadAuditLog)(CK_ULONG file, CK_ULONG ulOffset, CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen);
    CK_RV (*SR_GetMetrics)(CK_BYTE_PTR pMetrics, CK_ULONG_PTR pulMetricsLen);
    CK_RV (*SR_SetKeyState)(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pUniqueId, CK_ULONG ulUniqueIdLen, CK_ULONG ulState, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_ULONG ulSince);
    CK_RV (*SR_AddRecovery)(CK_SESSION_HANDLE hSession, CK_ULONG ulWords, CK_ULONG ulLists, CK_UTF8CHAR_PTR pWords, CK_ULONG_PTR pulWordsLen);
    CK_RV (*SR_ConfirmRecovery)(CK_SESSION_HANDLE hSession);
    CK_RV (*SR_RemoveRecovery)(CK_SESSION_HANDLE hSession);
    CK_RV (*SR_Recover)(CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pWords, CK_ULONG ulWordsLen, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pNewPin, CK_ULONG ulNewPinLen);
    CK_RV (*SR_GetTokenAccess)(CK_SLOT_ID slotID, CK_BYTE_PTR pAccess, CK_ULONG_PTR pulAccessLen);
    CK_RV (*SR_GetPinStatus)(CK_SLOT_ID slotID, CK_USER_TYPE userType, CK_BYTE_PTR pStatus, CK_ULONG_PTR pulStatusLen);
    CK_RV (*SR_RotateKey)(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey, CK_ULONG ulGrace, CK_UTF8CHAR_PTR pReason, CK_ULONG ulReasonLen, CK_OBJECT_HANDLE_PTR phSuccessor);
} SR_FUNCTION_LIST;

#endif
