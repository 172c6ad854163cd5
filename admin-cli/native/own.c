#define _DEFAULT_SOURCE
#include "own.h"

#include "../../module/generated/strongroom.h"

#include <dlfcn.h>
#include <string.h>

#define LABEL_SIZE 32
#define STATUS_MAX (1u << 19)
#define SETTINGS_MAX 16384
#define PIN_STATUS_MAX 4096
#define PART_MAX (256u << 10)
#define METRICS_MAX (1u << 20)
#define ACCESS_MAX 8192

static SR_FUNCTION_LIST *own;

void cli_own_load(void *library) {
    CK_C_GetInterface get_interface;
    *(void **)&get_interface = dlsym(library, "C_GetInterface");
    CK_VERSION version = {1, 1};
    CK_INTERFACE *found = NULL;
    own = NULL;
    if (get_interface != NULL &&
        get_interface((CK_UTF8CHAR *)SR_INTERFACE_NAME, &version, &found, 0) == CKR_OK && found != NULL)
        own = found->pFunctionList;
}

static bool available(napi_env env) {
    if (!cli_loaded(env))
        return false;
    if (own != NULL)
        return true;
    napi_throw_error(env, NULL, "the library has no interface of Strongroom's own");
    return false;
}

static napi_value js_rename_token(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG session;
    struct bytes label;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_bytes(env, values[1], &label))
        return NULL;
    if (label.size > LABEL_SIZE) {
        napi_throw_range_error(env, NULL, "a label has at most 32 bytes");
        return NULL;
    }
    CK_UTF8CHAR padded[LABEL_SIZE];
    memset(padded, ' ', sizeof padded);
    if (label.size > 0)
        memcpy(padded, label.data, label.size);
    CK_RV rv = own->SR_RenameToken(session, padded);
    return cli_succeeded(env, "SR_RenameToken", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_pin_attempts(napi_env env, napi_callback_info info) {
    napi_value values[2], result = NULL;
    CK_ULONG slot, user, left = 0, most = 0;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_ulong(env, values[1], &user) ||
        !cli_succeeded(env, "SR_GetPinAttempts", own->SR_GetPinAttempts(slot, user, &left, &most)) ||
        napi_create_object(env, &result) != napi_ok)
        return NULL;
    cli_set_number(env, result, "left", left);
    cli_set_number(env, result, "most", most);
    return result;
}

static napi_value js_pin_status(napi_env env, napi_callback_info info) {
    static CK_BYTE text[PIN_STATUS_MAX];
    napi_value values[2];
    CK_ULONG slot, user, length = sizeof text;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_ulong(env, values[1], &user) ||
        !cli_succeeded(env, "SR_GetPinStatus", own->SR_GetPinStatus(slot, user, text, &length)))
        return NULL;
    return cli_copy(env, text, length <= sizeof text ? length : 0);
}

static napi_value js_engine_status(napi_env env, napi_callback_info info) {
    (void)info;
    static CK_BYTE text[STATUS_MAX];
    CK_ULONG length = sizeof text;
    if (!available(env) || !cli_succeeded(env, "SR_GetEngineStatus", own->SR_GetEngineStatus(text, &length)))
        return NULL;
    return cli_copy(env, text, length <= sizeof text ? length : 0);
}

static napi_value js_stop_engine(napi_env env, napi_callback_info info) {
    napi_value values[1];
    bool force = false;
    if (!available(env) || !cli_arguments(env, info, 1, values))
        return NULL;
    if (napi_get_value_bool(env, values[0], &force) != napi_ok) {
        napi_throw_type_error(env, NULL, "true or false is wanted");
        return NULL;
    }
    CK_RV rv = own->SR_StopEngine(force ? CK_TRUE : CK_FALSE);
    return cli_succeeded(env, "SR_StopEngine", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_settings(napi_env env, napi_callback_info info) {
    (void)info;
    static CK_BYTE text[SETTINGS_MAX];
    CK_ULONG length = sizeof text;
    if (!available(env) || !cli_succeeded(env, "SR_GetSettings", own->SR_GetSettings(text, &length)))
        return NULL;
    return cli_copy(env, text, length <= sizeof text ? length : 0);
}

static napi_value js_set_settings(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG session;
    struct bytes text;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_bytes(env, values[1], &text))
        return NULL;
    CK_RV rv = own->SR_SetSettings(session, text.data, text.size);
    return cli_succeeded(env, "SR_SetSettings", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_accept_store(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG slot;
    struct bytes pin;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_bytes(env, values[1], &pin))
        return NULL;
    CK_RV rv = own->SR_AcceptStore(slot, pin.data, pin.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "SR_AcceptStore", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_unlock_token(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG slot;
    struct bytes pin;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_bytes(env, values[1], &pin))
        return NULL;
    CK_RV rv = own->SR_UnlockToken(slot, pin.data, pin.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "SR_UnlockToken", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_lock_token(napi_env env, napi_callback_info info) {
    napi_value values[1];
    CK_ULONG slot;
    if (!available(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &slot))
        return NULL;
    return cli_succeeded(env, "SR_LockToken", own->SR_LockToken(slot)) ? cli_undefined(env) : NULL;
}

/* readAuditLog(file, offset): a part of it from there on, empty at its end. */
static napi_value js_read_audit_log(napi_env env, napi_callback_info info) {
    static CK_BYTE part[PART_MAX];
    napi_value values[2];
    CK_ULONG file, offset, length = sizeof part;
    if (!available(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &file) ||
        !cli_get_ulong(env, values[1], &offset) ||
        !cli_succeeded(env, "SR_ReadAuditLog", own->SR_ReadAuditLog(file, offset, part, &length)))
        return NULL;
    return cli_copy(env, part, length <= sizeof part ? length : 0);
}

static napi_value js_metrics(napi_env env, napi_callback_info info) {
    (void)info;
    static CK_BYTE text[METRICS_MAX];
    CK_ULONG length = sizeof text;
    if (!available(env) || !cli_succeeded(env, "SR_GetMetrics", own->SR_GetMetrics(text, &length)))
        return NULL;
    return cli_copy(env, text, length <= sizeof text ? length : 0);
}

/* addRecovery(session, words, lists, into): makes so many lists of so many words, puts them there, and gives
 * their length. */
static napi_value js_add_recovery(napi_env env, napi_callback_info info) {
    napi_value values[4];
    CK_ULONG session, words, lists;
    struct bytes into;
    if (!available(env) || !cli_arguments(env, info, 4, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_ulong(env, values[1], &words) || !cli_get_ulong(env, values[2], &lists) ||
        !cli_get_bytes(env, values[3], &into))
        return NULL;
    CK_ULONG length = into.size;
    CK_RV rv = own->SR_AddRecovery(session, words, lists, into.data, &length);
    return cli_succeeded(env, "SR_AddRecovery", rv) ? cli_number(env, length) : NULL;
}

static napi_value on_session(napi_env env, napi_callback_info info, const char *name,
                             CK_RV (*call)(CK_SESSION_HANDLE)) {
    napi_value values[1];
    CK_ULONG session;
    if (!cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &session))
        return NULL;
    return cli_succeeded(env, name, call(session)) ? cli_undefined(env) : NULL;
}

static napi_value js_confirm_recovery(napi_env env, napi_callback_info info) {
    return available(env) ? on_session(env, info, "SR_ConfirmRecovery", own->SR_ConfirmRecovery) : NULL;
}

static napi_value js_remove_recovery(napi_env env, napi_callback_info info) {
    return available(env) ? on_session(env, info, "SR_RemoveRecovery", own->SR_RemoveRecovery) : NULL;
}

static napi_value js_recover(napi_env env, napi_callback_info info) {
    napi_value values[4];
    CK_ULONG slot, user;
    struct bytes words, pin;
    if (!available(env) || !cli_arguments(env, info, 4, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_bytes(env, values[1], &words) || !cli_get_ulong(env, values[2], &user) ||
        !cli_get_bytes(env, values[3], &pin))
        return NULL;
    CK_RV rv = own->SR_Recover(slot, words.data, words.size, user, pin.data, pin.size);
    explicit_bzero(words.data, words.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "SR_Recover", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_token_access(napi_env env, napi_callback_info info) {
    static CK_BYTE text[ACCESS_MAX];
    napi_value values[1];
    CK_ULONG slot, length = sizeof text;
    if (!available(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_succeeded(env, "SR_GetTokenAccess", own->SR_GetTokenAccess(slot, text, &length)))
        return NULL;
    return cli_copy(env, text, length <= sizeof text ? length : 0);
}

/* setKeyState(session, unique id, state, reason, since): `since` is 0 where nothing is said. */
static napi_value js_set_key_state(napi_env env, napi_callback_info info) {
    napi_value values[5];
    CK_ULONG session, state, since;
    struct bytes id, reason;
    if (!available(env) || !cli_arguments(env, info, 5, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_bytes(env, values[1], &id) || !cli_get_ulong(env, values[2], &state) ||
        !cli_get_bytes(env, values[3], &reason) || !cli_get_ulong(env, values[4], &since))
        return NULL;
    CK_RV rv = own->SR_SetKeyState(session, id.data, id.size, state, reason.data, reason.size,
                                   since == 0 ? CK_UNAVAILABLE_INFORMATION : since);
    return cli_succeeded(env, "SR_SetKeyState", rv) ? cli_undefined(env) : NULL;
}

/* rotateKey(session, key, grace, reason): the successor's handle; a grace below none is the engine's own. */
static napi_value js_rotate_key(napi_env env, napi_callback_info info) {
    napi_value values[4];
    CK_ULONG session, key;
    CK_OBJECT_HANDLE successor = CK_INVALID_HANDLE;
    int64_t grace = -1;
    struct bytes reason;
    if (!available(env) || !cli_arguments(env, info, 4, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_ulong(env, values[1], &key) || !cli_get_bytes(env, values[3], &reason))
        return NULL;
    if (napi_get_value_int64(env, values[2], &grace) != napi_ok) {
        napi_throw_type_error(env, NULL, "a number is wanted");
        return NULL;
    }
    CK_ULONG seconds = grace < 0 ? CK_UNAVAILABLE_INFORMATION : (CK_ULONG)grace;
    CK_RV rv = own->SR_RotateKey(session, key, seconds, reason.data, reason.size, &successor);
    return cli_succeeded(env, "SR_RotateKey", rv) ? cli_number(env, successor) : NULL;
}

bool cli_own_define(napi_env env, napi_value exports) {
    static const struct cli_function functions[] = {
        {"renameToken", js_rename_token},
        {"pinAttempts", js_pin_attempts},
        {"pinStatus", js_pin_status},
        {"engineStatus", js_engine_status},
        {"stopEngine", js_stop_engine},
        {"settings", js_settings},
        {"setSettings", js_set_settings},
        {"acceptStore", js_accept_store},
        {"unlockToken", js_unlock_token},
        {"lockToken", js_lock_token},
        {"readAuditLog", js_read_audit_log},
        {"metrics", js_metrics},
        {"addRecovery", js_add_recovery},
        {"confirmRecovery", js_confirm_recovery},
        {"removeRecovery", js_remove_recovery},
        {"recover", js_recover},
        {"tokenAccess", js_token_access},
        {"setKeyState", js_set_key_state},
        {"rotateKey", js_rotate_key},
    };
    return cli_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
