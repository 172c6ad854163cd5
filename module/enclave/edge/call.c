#include "call.h"

#include "../base/watch.h"

#define SAFE_INTEGER_END 9007199254740992.0 /* 2^53 */

void sr_call_begin(struct sr_call *call, napi_env env, napi_callback_info info, size_t count) {
    sr_watch_enter();
    call->env = env;
    call->count = count;
    call->bad = false;
    size_t room = count;
    if (napi_get_cb_info(env, info, &room, call->argument, NULL, NULL) != napi_ok)
        sr_call_refuse(call, "the arguments cannot be read");
}

void sr_call_refuse(struct sr_call *call, const char *what) {
    if (!call->bad)
        napi_throw_type_error(call->env, "ERR_STRONGROOM_ENCLAVE_ARGUMENT", what);
    call->bad = true;
}

/* An integer in [least, end). */
static double integer(struct sr_call *call, unsigned index, double least, double end) {
    double value = 0;
    if (call->bad)
        return 0;
    if (napi_get_value_double(call->env, call->argument[index], &value) != napi_ok ||
        !(value >= least && value < end) || value != (double)(int64_t)value) {
        sr_call_refuse(call, "an integer argument is not a number, not whole or out of range");
        return 0;
    }
    return value;
}

uint32_t sr_call_u32(struct sr_call *call, unsigned index) {
    return (uint32_t)integer(call, index, 0, 4294967296.0);
}

int32_t sr_call_i32(struct sr_call *call, unsigned index) {
    return (int32_t)integer(call, index, -2147483648.0, 2147483648.0);
}

uint64_t sr_call_id(struct sr_call *call, unsigned index) {
    return (uint64_t)integer(call, index, 0, SAFE_INTEGER_END);
}

size_t sr_call_size(struct sr_call *call, unsigned index) {
    return (size_t)integer(call, index, 0, SAFE_INTEGER_END);
}

bool sr_call_bool(struct sr_call *call, unsigned index) {
    bool value = false;
    if (!call->bad && napi_get_value_bool(call->env, call->argument[index], &value) != napi_ok)
        sr_call_refuse(call, "an argument is not a boolean");
    return value;
}

struct sr_room sr_call_bytes(struct sr_call *call, unsigned index, bool optional) {
    void *data = NULL;
    size_t size = 0;
    napi_typedarray_type type = napi_float64_array;
    const struct sr_room none = {NULL, 0};
    if (call->bad)
        return none;
    if (napi_get_typedarray_info(call->env, call->argument[index], &type, &size, &data, NULL, NULL) ==
            napi_ok &&
        type == napi_uint8_array)
        return (struct sr_room){data, size};
    napi_valuetype kind = napi_undefined;
    if (optional && napi_typeof(call->env, call->argument[index], &kind) == napi_ok && kind == napi_null)
        return none;
    sr_call_refuse(call, "an argument is not a Uint8Array");
    return none;
}

uint8_t *sr_call_exact(struct sr_call *call, unsigned index, size_t size) {
    struct sr_room room = sr_call_bytes(call, index, false);
    if (!call->bad && room.size != size)
        sr_call_refuse(call, "a Uint8Array does not have the fixed size of its meaning");
    return call->bad ? NULL : room.at;
}

struct sr_room sr_call_range(struct sr_call *call, unsigned index) {
    struct sr_room room = sr_call_bytes(call, index, false);
    size_t offset = sr_call_size(call, index + 1), length = sr_call_size(call, index + 2);
    if (!call->bad && (offset > room.size || length > room.size - offset))
        sr_call_refuse(call, "a range lies outside of its buffer");
    if (call->bad)
        return (struct sr_room){NULL, 0};
    return (struct sr_room){length == 0 ? room.at : room.at + offset, length};
}

struct sr_key *sr_call_key(struct sr_call *call, unsigned index, sr_result *failure) {
    struct sr_key *key = sr_keys_get(sr_call_id(call, index));
    if (key == NULL)
        *failure = SR_FAIL(CKR_KEY_HANDLE_INVALID);
    return call->bad ? NULL : key;
}

napi_value sr_call_end(const struct sr_call *call, sr_result result) {
    napi_value value = NULL;
    sr_watch_leave();
    sr_scrub_registers();
    if (call->bad)
        return NULL;
    if (result >= INT32_MIN && result <= INT32_MAX)
        napi_create_int32(call->env, (int32_t)result, &value);
    else
        napi_create_int64(call->env, result, &value);
    return value;
}

napi_value sr_call_end_key(const struct sr_call *call, sr_result result, struct sr_key *key) {
    return sr_call_end(call, result < 0 || call->bad ? result : sr_keys_add(key));
}

napi_value sr_call_new_bytes(struct sr_call *call, size_t size, uint8_t **bytes) {
    napi_value buffer = NULL, array = NULL;
    void *data = NULL;
    if (napi_create_arraybuffer(call->env, size, &data, &buffer) != napi_ok ||
        napi_create_typedarray(call->env, napi_uint8_array, size, buffer, 0, &array) != napi_ok) {
        call->bad = true; /* Node has thrown already */
        return NULL;
    }
    *bytes = data;
    return array;
}
