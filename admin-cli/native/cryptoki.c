/*
 * A PKCS#11 module for the command line: the few calls that its commands need, and no more. See cryptoki.ts
 * for what each function means. PINs come as Uint8Arrays, whose bytes are overwritten as soon as the call has
 * returned.
 */
#define _DEFAULT_SOURCE
#include "own.h"
#include "values.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_SIZE 32
#define FIND_STEP 256
#define TEMPLATE_MAX 32
#define ATTRIBUTE_MAX 65536

/* One module for a process, as Cryptoki itself has it. */
static CK_FUNCTION_LIST *module;

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
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_ulong(env, values[1], &user) || !cli_get_bytes(env, values[2], &pin))
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
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_bytes(env, values[1], &pin))
        return NULL;
    CK_RV rv = module->C_InitPIN(session, pin.data, pin.size);
    explicit_bzero(pin.data, pin.size);
    return cli_succeeded(env, "C_InitPIN", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_set_pin(napi_env env, napi_callback_info info) {
    napi_value values[3];
    CK_ULONG session;
    struct bytes old, new;
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_bytes(env, values[1], &old) || !cli_get_bytes(env, values[2], &new))
        return NULL;
    CK_RV rv = module->C_SetPIN(session, old.data, old.size, new.data, new.size);
    explicit_bzero(old.data, old.size);
    explicit_bzero(new.data, new.size);
    return cli_succeeded(env, "C_SetPIN", rv) ? cli_undefined(env) : NULL;
}

/* Reads every handle that the search has into a JavaScript array. */
static CK_RV collect(napi_env env, CK_SESSION_HANDLE session, napi_value array) {
    CK_OBJECT_HANDLE found[FIND_STEP];
    uint32_t total = 0;
    for (;;) {
        CK_ULONG count = 0;
        CK_RV rv = module->C_FindObjects(session, found, FIND_STEP, &count);
        if (rv != CKR_OK || count == 0)
            return rv;
        for (CK_ULONG i = 0; i < count && i < FIND_STEP; i++)
            napi_set_element(env, array, total++, cli_number(env, found[i]));
    }
}

static napi_value js_find(napi_env env, napi_callback_info info) {
    napi_value values[2], array = NULL;
    CK_ULONG session;
    CK_OBJECT_CLASS class;
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_ulong(env, values[1], &class) || napi_create_array(env, &array) != napi_ok)
        return NULL;
    CK_ATTRIBUTE template = {.type = CKA_CLASS, .pValue = &class, .ulValueLen = sizeof class};
    if (!cli_succeeded(env, "C_FindObjectsInit", module->C_FindObjectsInit(session, &template, 1)))
        return NULL;
    CK_RV rv = collect(env, session, array);
    CK_RV ended = module->C_FindObjectsFinal(session);
    if (!cli_succeeded(env, "C_FindObjects", rv) || !cli_succeeded(env, "C_FindObjectsFinal", ended))
        return NULL;
    return array;
}

/* What C_GetAttributeValue answers when only some of the attributes can be given (PKCS#11 3.2, 5.7.5). */
static bool partly(CK_RV rv) {
    return rv == CKR_OK || rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE;
}

static bool given(const CK_ATTRIBUTE *attribute) {
    return attribute->ulValueLen != CK_UNAVAILABLE_INFORMATION && attribute->ulValueLen <= ATTRIBUTE_MAX;
}

static CK_RV read_attributes(CK_ULONG session, CK_ULONG object, CK_ATTRIBUTE *template, CK_ULONG count,
                             uint8_t **storage) {
    CK_RV rv = module->C_GetAttributeValue(session, object, template, count);
    if (!partly(rv))
        return rv;
    size_t total = 0;
    for (CK_ULONG i = 0; i < count; i++)
        total += given(&template[i]) ? template[i].ulValueLen : 0;
    *storage = calloc(total + 1, 1);
    if (*storage == NULL)
        return CKR_HOST_MEMORY;
    uint8_t *next = *storage;
    for (CK_ULONG i = 0; i < count; i++) {
        template[i].pValue = next;
        if (given(&template[i]))
            next += template[i].ulValueLen;
        else
            template[i].ulValueLen = 0;
    }
    rv = module->C_GetAttributeValue(session, object, template, count);
    /* An attribute that it has not, asked for with no room, may also be "too small". */
    return partly(rv) || rv == CKR_BUFFER_TOO_SMALL ? CKR_OK : rv;
}

static napi_value js_attributes(napi_env env, napi_callback_info info) {
    napi_value values[3], element, none, result = NULL;
    CK_ULONG session, object, type;
    uint32_t count = 0;
    CK_ATTRIBUTE template[TEMPLATE_MAX];
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) || !cli_get_ulong(env, values[0], &session) ||
        !cli_get_ulong(env, values[1], &object))
        return NULL;
    if (napi_get_array_length(env, values[2], &count) != napi_ok || count > TEMPLATE_MAX) {
        napi_throw_range_error(env, NULL, "an array of at most 32 attribute types is wanted");
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (napi_get_element(env, values[2], i, &element) != napi_ok || !cli_get_ulong(env, element, &type))
            return NULL;
        template[i] = (CK_ATTRIBUTE){.type = type, .pValue = NULL, .ulValueLen = 0};
    }
    uint8_t *storage = NULL;
    CK_RV rv = read_attributes(session, object, template, count, &storage);
    if (cli_succeeded(env, "C_GetAttributeValue", rv) &&
        napi_create_array_with_length(env, count, &result) == napi_ok &&
        napi_get_null(env, &none) == napi_ok) {
        for (uint32_t i = 0; i < count; i++) {
            bool has = template[i].ulValueLen != 0 && given(&template[i]);
            napi_set_element(env, result, i,
                             has ? cli_copy(env, template[i].pValue, template[i].ulValueLen) : none);
        }
    }
    free(storage);
    return result;
}

NAPI_MODULE_INIT() {
    static const struct {
        const char *name;
        napi_callback call;
    } functions[] = {
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
        {"find", js_find},
        {"attributes", js_attributes},
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        napi_value function = NULL;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL,
                                 &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return cli_own_define(env, exports) ? exports : NULL;
}
