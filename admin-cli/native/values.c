#include "values.h"

#include <stdio.h>

#define LARGEST_EXACT 9007199254740991.0 /* 2^53 - 1 */

bool cli_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
    size_t given = count;
    if (napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given >= count)
        return true;
    napi_throw_type_error(env, NULL, "too few arguments");
    return false;
}

bool cli_get_ulong(napi_env env, napi_value value, CK_ULONG *out) {
    double number = -1;
    if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0 && number <= LARGEST_EXACT) ||
        (double)(CK_ULONG)number != number) {
        napi_throw_type_error(env, NULL, "a whole number of at most 2^53 - 1 is wanted");
        return false;
    }
    *out = (CK_ULONG)number;
    return true;
}

bool cli_get_bytes(napi_env env, napi_value value, struct bytes *out) {
    bool is_typed = false;
    napi_typedarray_type type;
    void *data = NULL;
    if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed ||
        napi_get_typedarray_info(env, value, &type, &out->size, &data, NULL, NULL) != napi_ok ||
        type != napi_uint8_array) {
        napi_throw_type_error(env, NULL, "a Uint8Array is wanted");
        return false;
    }
    out->data = data;
    return true;
}

napi_value cli_number(napi_env env, CK_ULONG number) {
    napi_value value = NULL;
    napi_create_double(env, number == CK_UNAVAILABLE_INFORMATION ? -1.0 : (double)number, &value);
    return value;
}

napi_value cli_copy(napi_env env, const void *data, size_t size) {
    napi_value value = NULL;
    napi_create_buffer_copy(env, size, data, NULL, &value);
    return value;
}

void cli_set_number(napi_env env, napi_value object, const char *name, CK_ULONG number) {
    napi_set_named_property(env, object, name, cli_number(env, number));
}

void cli_set_padded(napi_env env, napi_value object, const char *name, const CK_UTF8CHAR *text, size_t size) {
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\0'))
        size--;
    napi_value value = NULL;
    if (napi_create_string_utf8(env, (const char *)text, size, &value) == napi_ok)
        napi_set_named_property(env, object, name, value);
}

bool cli_succeeded(napi_env env, const char *call, CK_RV rv) {
    if (rv == CKR_OK)
        return true;
    char text[96];
    snprintf(text, sizeof text, "%s answered 0x%lx", call, rv);
    napi_value message = NULL, error = NULL, name = NULL;
    if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message) == napi_ok &&
        napi_create_error(env, NULL, message, &error) == napi_ok &&
        napi_create_string_utf8(env, call, NAPI_AUTO_LENGTH, &name) == napi_ok) {
        napi_set_named_property(env, error, "call", name);
        cli_set_number(env, error, "rv", rv);
        napi_throw(env, error);
    }
    return false;
}

napi_value cli_undefined(napi_env env) {
    napi_value value = NULL;
    napi_get_undefined(env, &value);
    return value;
}

bool cli_define(napi_env env, napi_value exports, const struct cli_function *functions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        napi_value function = NULL;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL,
                                 &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return false;
    }
    return true;
}
