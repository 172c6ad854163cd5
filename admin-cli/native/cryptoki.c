/*
 * A PKCS#11 module for the command line: the few calls that its commands need, and no more. See cryptoki.ts
 * for what each function means. PINs come as Uint8Arrays, whose bytes are overwritten as soon as the call has
 * returned.
 */
#define _DEFAULT_SOURCE
#include "objects.h"
#include "own.h"
#include "values.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_SIZE 32

/* One module for a process, as Cryptoki itself has it. */
static CK_FUNCTION_LIST *module;

CK_FUNCTION_LIST *cli_module(void) {
    return module;
}

bool cli_loaded(napi_env env) {
    if (module != NULL)
        return true;
    napi_throw_error(env, NULL, "no module has been loaded");
    return false;
}

static napi_value js_load(napi_env env, napi_callback_info info) {
    napi_value values[1];
    char path[4096];
    size_t length = 0;
    if (!cli_arguments(env, info, 1, values))
        return NULL;
    if (napi_get_value_string_utf8(env, values[0], path, sizeof path, &length) != napi_ok ||
        length + 1 >= sizeof path) {
        napi_throw_type_error(env, NULL, "the module's path is no text, or too long");
        return NULL;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        napi_throw_error(env, NULL, dlerror());
        return NULL;
    }
    CK_C_GetFunctionList get_list;
    *(void **)&get_list = dlsym(library, "C_GetFunctionList");
    CK_FUNCTION_LIST *list = NULL;
    if (get_list == NULL || get_list(&list) != CKR_OK || list == NULL) {
        dlclose(library);
        napi_throw_error(env, NULL, "it is no PKCS#11 module: C_GetFunctionList gives nothing");
        return NULL;
    }
    module = list;
    cli_own_load(library);
    return cli_undefined(env);
}

static napi_value js_initialize(napi_env env, napi_callback_info info) {
    (void)info;
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    if (!cli_loaded(env) || !cli_succeeded(env, "C_Initialize", module->C_Initialize(&arguments)))
        return NULL;
    return cli_undefined(env);
}

static napi_value js_finalize(napi_env env, napi_callback_info info) {
    (void)info;
    if (!cli_loaded(env) || !cli_succeeded(env, "C_Finalize", module->C_Finalize(NULL)))
        return NULL;
    return cli_undefined(env);
}

static napi_value js_slots(napi_env env, napi_callback_info info) {
    (void)info;
    if (!cli_loaded(env))
        return NULL;
    CK_SLOT_ID *slots = NULL;
    CK_ULONG count = 0;
    CK_RV rv;
    /* Between the two calls another process may add a token; then the answer is "too small", and we ask anew.
     */
    do {
        rv = module->C_GetSlotList(CK_FALSE, NULL, &count);
        if (rv != CKR_OK)
            break;
        free(slots);
        slots = calloc(count + 1, sizeof *slots);
        if (slots == NULL) {
            rv = CKR_HOST_MEMORY;
            break;
        }
        rv = module->C_GetSlotList(CK_FALSE, slots, &count);
    } while (rv == CKR_BUFFER_TOO_SMALL);
    napi_value array = NULL;
    if (cli_succeeded(env, "C_GetSlotList", rv) &&
        napi_create_array_with_length(env, count, &array) == napi_ok) {
        for (CK_ULONG i = 0; i < count; i++)
            napi_set_element(env, array, (uint32_t)i, cli_number(env, slots[i]));
    }
    free(slots);
    return array;
}

static napi_value js_slot_info(napi_env env, napi_callback_info info) {
    napi_value values[1], result = NULL;
    CK_ULONG slot;
    CK_SLOT_INFO about;
    if (!cli_loaded(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_succeeded(env, "C_GetSlotInfo", module->C_GetSlotInfo(slot, &about)) ||
        napi_create_object(env, &result) != napi_ok)
        return NULL;
    cli_set_padded(env, result, "description", about.slotDescription, sizeof about.slotDescription);
    cli_set_number(env, result, "flags", about.flags);
    return result;
}

static napi_value js_token_info(napi_env env, napi_callback_info info) {
    napi_value values[1], result = NULL;
    CK_ULONG slot;
    CK_TOKEN_INFO about;
    if (!cli_loaded(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_succeeded(env, "C_GetTokenInfo", module->C_GetTokenInfo(slot, &about)) ||
        napi_create_object(env, &result) != napi_ok)
        return NULL;
    cli_set_padded(env, result, "label", about.label, sizeof about.label);
    cli_set_padded(env, result, "manufacturer", about.manufacturerID, sizeof about.manufacturerID);
    cli_set_padded(env, result, "model", about.model, sizeof about.model);
    cli_set_padded(env, result, "serial", about.serialNumber, sizeof about.serialNumber);
    cli_set_number(env, result, "flags", about.flags);
    cli_set_number(env, result, "minPin", about.ulMinPinLen);
    cli_set_number(env, result, "maxPin", about.ulMaxPinLen);
    return result;
}

static napi_value js_init_token(napi_env env, napi_callback_info info) {
    napi_value values[3];
    CK_ULONG slot;
    struct bytes pin, label;
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) || !cli_get_ulong(env, values[0], &slot) ||
        !cli_get_bytes(env, values[1], &pin) || !cli_get_bytes(env, values[2], &label))
        return NULL;
    if (label.size > LABEL_SIZE) {
        napi_throw_range_error(env, NULL, "a label has at most 32 bytes");
        return NULL;
    }
    CK_UTF8CHAR padded[LABEL_SIZE];
    memset(padded, ' ', sizeof padded);
    if (label.size > 0)
        memcpy(padded, label.data, label.size);
    CK_RV rv = module->C_InitToken(slot, pin.data, pin.size, padded);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "C_InitToken", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_open_session(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG slot;
    bool writes = false;
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &slot))
        return NULL;
    if (napi_get_value_bool(env, values[1], &writes) != napi_ok) {
        napi_throw_type_error(env, NULL, "true or false is wanted");
        return NULL;
    }
    CK_FLAGS flags = CKF_SERIAL_SESSION | (writes ? CKF_RW_SESSION : 0);
    CK_RV rv = module->C_OpenSession(slot, flags, NULL, NULL, &session);
    return cli_succeeded(env, "C_OpenSession", rv) ? cli_number(env, session) : NULL;
}

static napi_value js_close_session(napi_env env, napi_callback_info info) {
    napi_value values[1];
    CK_ULONG session;
    if (!cli_loaded(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &session))
        return NULL;
    return cli_succeeded(env, "C_CloseSession", module->C_CloseSession(session)) ? cli_undefined(env) : NULL;
}

static napi_value js_login(napi_env env, napi_callback_info info) {
    napi_value values[3];
    CK_ULONG session, user;
    struct bytes pin;
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &user) ||
        !cli_get_bytes(env, values[2], &pin))
        return NULL;
    CK_RV rv = module->C_Login(session, user, pin.data, pin.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "C_Login", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_logout(napi_env env, napi_callback_info info) {
    napi_value values[1];
    CK_ULONG session;
    if (!cli_loaded(env) || !cli_arguments(env, info, 1, values) || !cli_get_ulong(env, values[0], &session))
        return NULL;
    return cli_succeeded(env, "C_Logout", module->C_Logout(session)) ? cli_undefined(env) : NULL;
}

static napi_value js_init_pin(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG session;
    struct bytes pin;
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_bytes(env, values[1], &pin))
        return NULL;
    CK_RV rv = module->C_InitPIN(session, pin.data, pin.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "C_InitPIN", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_set_pin(napi_env env, napi_callback_info info) {
    napi_value values[3];
    CK_ULONG session;
    struct bytes old, new;
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_bytes(env, values[1], &old) ||
        !cli_get_bytes(env, values[2], &new))
        return NULL;
    CK_RV rv = module->C_SetPIN(session, old.data, old.size, new.data, new.size);
    explicit_bzero(old.data, old.size);
    explicit_bzero(new.data, new.size);
    return cli_succeeded(env, "C_SetPIN", rv) ? cli_undefined(env) : NULL;
}

NAPI_MODULE_INIT() {
    static const struct cli_function functions[] = {
        {"load", js_load},
        {"initialize", js_initialize},
        {"finalize", js_finalize},
        {"slots", js_slots},
        {"slotInfo", js_slot_info},
        {"tokenInfo", js_token_info},
        {"initToken", js_init_token},
        {"openSession", js_open_session},
        {"closeSession", js_close_session},
        {"login", js_login},
        {"logout", js_logout},
        {"initPin", js_init_pin},
        {"setPin", js_set_pin},
    };
    bool defined = cli_define(env, exports, functions, sizeof functions / sizeof functions[0]) &&
                   cli_objects_define(env, exports) && cli_own_define(env, exports);
    return defined ? exports : NULL;
}
