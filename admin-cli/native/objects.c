#include "objects.h"

#include <stdlib.h>
#include <string.h>

#define FIND_STEP 256
#define TEMPLATE_MAX 32
#define ATTRIBUTE_MAX 65536
#define SIGNATURE_MAX 1024

/* Reads every handle that the search has into a JavaScript array. */
static CK_RV collect(napi_env env, CK_SESSION_HANDLE session, napi_value array) {
    CK_OBJECT_HANDLE found[FIND_STEP];
    uint32_t total = 0;
    for (;;) {
        CK_ULONG count = 0;
        CK_RV rv = cli_module()->C_FindObjects(session, found, FIND_STEP, &count);
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
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &class) ||
        napi_create_array(env, &array) != napi_ok)
        return NULL;
    CK_ATTRIBUTE template = {.type = CKA_CLASS, .pValue = &class, .ulValueLen = sizeof class};
    if (!cli_succeeded(env, "C_FindObjectsInit", cli_module()->C_FindObjectsInit(session, &template, 1)))
        return NULL;
    CK_RV rv = collect(env, session, array);
    CK_RV ended = cli_module()->C_FindObjectsFinal(session);
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
    CK_RV rv = cli_module()->C_GetAttributeValue(session, object, template, count);
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
    rv = cli_module()->C_GetAttributeValue(session, object, template, count);
    /* An attribute that it has not, asked for with no room, may also be "too small". */
    return partly(rv) || rv == CKR_BUFFER_TOO_SMALL ? CKR_OK : rv;
}

static napi_value js_attributes(napi_env env, napi_callback_info info) {
    napi_value values[3], element, none, result = NULL;
    CK_ULONG session, object, type;
    uint32_t count = 0;
    CK_ATTRIBUTE template[TEMPLATE_MAX];
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &object))
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

/* Reads [type, bytes] pairs; the template points at the bytes of the caller's arrays. */
static bool get_template(napi_env env, napi_value array, CK_ATTRIBUTE *template, CK_ULONG *length) {
    uint32_t count = 0;
    if (napi_get_array_length(env, array, &count) != napi_ok || count > TEMPLATE_MAX) {
        napi_throw_range_error(env, NULL, "an array of at most 32 attributes is wanted");
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        napi_value pair, type, value;
        struct bytes bytes;
        if (napi_get_element(env, array, i, &pair) != napi_ok ||
            napi_get_element(env, pair, 0, &type) != napi_ok ||
            napi_get_element(env, pair, 1, &value) != napi_ok) {
            napi_throw_type_error(env, NULL, "an attribute is a pair of its type and its bytes");
            return false;
        }
        if (!cli_get_ulong(env, type, &template[i].type) || !cli_get_bytes(env, value, &bytes))
            return false;
        template[i].pValue = bytes.data;
        template[i].ulValueLen = bytes.size;
    }
    *length = count;
    return true;
}

/* createObject(session, template): the new object's handle. */
static napi_value js_create_object(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG session, count = 0;
    CK_ATTRIBUTE template[TEMPLATE_MAX];
    CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) ||
        !cli_get_ulong(env, values[0], &session) || !get_template(env, values[1], template, &count))
        return NULL;
    CK_RV rv = cli_module()->C_CreateObject(session, template, count, &object);
    return cli_succeeded(env, "C_CreateObject", rv) ? cli_number(env, object) : NULL;
}

/* setAttributes(session, object, template) */
static napi_value js_set_attributes(napi_env env, napi_callback_info info) {
    napi_value values[3];
    CK_ULONG session, object, count = 0;
    CK_ATTRIBUTE template[TEMPLATE_MAX];
    if (!cli_loaded(env) || !cli_arguments(env, info, 3, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &object) ||
        !get_template(env, values[2], template, &count))
        return NULL;
    CK_RV rv = cli_module()->C_SetAttributeValue(session, object, template, count);
    return cli_succeeded(env, "C_SetAttributeValue", rv) ? cli_undefined(env) : NULL;
}

static napi_value js_destroy_object(napi_env env, napi_callback_info info) {
    napi_value values[2];
    CK_ULONG session, object;
    if (!cli_loaded(env) || !cli_arguments(env, info, 2, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &object))
        return NULL;
    CK_RV rv = cli_module()->C_DestroyObject(session, object);
    return cli_succeeded(env, "C_DestroyObject", rv) ? cli_undefined(env) : NULL;
}

/* generateKeyPair(session, mechanism, public template, private template): the handles of the two keys. */
static napi_value js_generate_key_pair(napi_env env, napi_callback_info info) {
    napi_value values[4], result = NULL;
    CK_ULONG session, publics = 0, privates = 0;
    CK_MECHANISM mechanism = {.pParameter = NULL, .ulParameterLen = 0};
    CK_ATTRIBUTE public_template[TEMPLATE_MAX], private_template[TEMPLATE_MAX];
    CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE, private_key = CK_INVALID_HANDLE;
    if (!cli_loaded(env) || !cli_arguments(env, info, 4, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &mechanism.mechanism) ||
        !get_template(env, values[2], public_template, &publics) ||
        !get_template(env, values[3], private_template, &privates))
        return NULL;
    CK_RV rv = cli_module()->C_GenerateKeyPair(session, &mechanism, public_template, publics,
                                               private_template, privates, &public_key, &private_key);
    if (!cli_succeeded(env, "C_GenerateKeyPair", rv) ||
        napi_create_array_with_length(env, 2, &result) != napi_ok)
        return NULL;
    napi_set_element(env, result, 0, cli_number(env, public_key));
    napi_set_element(env, result, 1, cli_number(env, private_key));
    return result;
}

/* sign(session, key, mechanism, data): the signature, by a mechanism without a parameter. */
static napi_value js_sign(napi_env env, napi_callback_info info) {
    napi_value values[4];
    CK_ULONG session, key;
    CK_MECHANISM mechanism = {.pParameter = NULL, .ulParameterLen = 0};
    struct bytes data;
    CK_BYTE signature[SIGNATURE_MAX];
    CK_ULONG length = sizeof signature;
    if (!cli_loaded(env) || !cli_arguments(env, info, 4, values) ||
        !cli_get_ulong(env, values[0], &session) || !cli_get_ulong(env, values[1], &key) ||
        !cli_get_ulong(env, values[2], &mechanism.mechanism) || !cli_get_bytes(env, values[3], &data) ||
        !cli_succeeded(env, "C_SignInit", cli_module()->C_SignInit(session, &mechanism, key)) ||
        !cli_succeeded(env, "C_Sign",
                       cli_module()->C_Sign(session, data.data, data.size, signature, &length)))
        return NULL;
    return cli_copy(env, signature, length <= sizeof signature ? length : 0);
}

bool cli_objects_define(napi_env env, napi_value exports) {
    static const struct cli_function functions[] = {
        {"find", js_find},
        {"attributes", js_attributes},
        {"createObject", js_create_object},
        {"setAttributes", js_set_attributes},
        {"destroyObject", js_destroy_object},
        {"generateKeyPair", js_generate_key_pair},
        {"sign", js_sign},
    };
    return cli_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
