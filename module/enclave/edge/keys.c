#include "../jobs/tasks.h"
#include "../keys/ec.h"
#include "call.h"

#define COMPONENTS_MAX ((size_t)SR_SECRET_MAX + 4096)

static uint32_t element_u32(struct sr_call *call, napi_value array, uint32_t index) {
    napi_value element = NULL;
    double value = -1;
    if (call->bad || napi_get_element(call->env, array, index, &element) != napi_ok ||
        napi_get_value_double(call->env, element, &value) != napi_ok ||
        !(value >= 0 && value <= UINT32_MAX) || value != (double)(uint32_t)value)
        sr_call_refuse(call, "a component's id, offset or length is not a small number");
    return call->bad ? 0 : (uint32_t)value;
}

static napi_value property(struct sr_call *call, napi_value object, const char *name) {
    napi_value value = NULL;
    if (!call->bad && napi_get_named_property(call->env, object, name, &value) != napi_ok)
        sr_call_refuse(call, "the components are not an object");
    return value;
}

/* Reads ComponentRanges: where the components lie. */
static void take_components(struct sr_call *call, unsigned index, struct sr_parts *parts, size_t *size) {
    napi_value ids = property(call, call->argument[index], "ids");
    napi_value offsets = property(call, call->argument[index], "offsets");
    napi_value lengths = property(call, call->argument[index], "lengths");
    call->argument[index] = property(call, call->argument[index], "buffer");
    struct sr_room buffer = sr_call_bytes(call, index, false);
    uint32_t count = 0;
    if (!call->bad && napi_get_array_length(call->env, ids, &count) != napi_ok)
        sr_call_refuse(call, "the components' ids are not an array");
    if (!call->bad && count > SR_PARTS_MAX)
        sr_call_refuse(call, "there are too many components");
    for (uint32_t i = 0; i < count && !call->bad; i++) {
        uint32_t id = element_u32(call, ids, i), offset = element_u32(call, offsets, i);
        uint32_t length = element_u32(call, lengths, i);
        if (!call->bad && (id == 0 || id >= SR_COMPONENT_END))
            sr_call_refuse(call, "a component's id is unknown");
        if (!call->bad && (offset > buffer.size || length > buffer.size - offset))
            sr_call_refuse(call, "a component lies outside of its buffer");
        if (!call->bad)
            sr_parts_add(parts, id, buffer.at + offset, length);
        *size += length;
    }
}

/* Copies the components once, since they are looked at more than once; the caller frees what this gives, of
 * size + 1 bytes. */
static uint8_t *copy_components(struct sr_parts *parts, size_t size) {
    uint8_t *copy = sr_arena_alloc(size + 1), *at = copy;
    for (unsigned i = 0; at != NULL && i < parts->count; i++) {
        if (parts->part[i].bytes.size > 0)
            memcpy(at, parts->part[i].bytes.at, parts->part[i].bytes.size);
        parts->part[i].bytes.at = at;
        at += parts->part[i].bytes.size;
    }
    return copy;
}

static napi_value key_import(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    uint32_t kind = sr_call_u32(&call, 0);
    if (!call.bad && (kind == 0 || kind >= SR_KIND_END))
        sr_call_refuse(&call, "the kind of key is unknown");
    struct sr_parts parts = {0};
    size_t size = 0;
    struct sr_key *key = NULL;
    if (!call.bad)
        take_components(&call, 1, &parts, &size);
    if (call.bad)
        return NULL;
    if (kind == SR_DATA) { /* checked by nobody, so that it needs no copy */
        sr_result made = sr_key_from_parts(kind, &parts, &key);
        return sr_call_end_key(&call, made, key);
    }
    if (size > COMPONENTS_MAX)
        return sr_call_end(&call, SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID));
    uint8_t *copy = copy_components(&parts, size);
    sr_result result = SR_FAIL(CKR_HOST_MEMORY);
    if (copy != NULL)
        result = sr_key_from_parts(kind, &parts, &key);
    sr_arena_free(copy, size + 1);
    return sr_call_end_key(&call, result, key);
}

static napi_value key_generate_secret(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    size_t size = sr_call_size(&call, 0);
    struct sr_key *key = NULL;
    sr_result result = call.bad ? 0 : sr_key_generate_secret(size, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value key_generate_ec(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    uint64_t job = sr_call_id(&call, 0);
    uint32_t kind = sr_call_u32(&call, 1);
    struct sr_bytes params = sr_input(sr_call_bytes(&call, 2, false));
    if (!call.bad && kind != SR_EC_PRIVATE && kind != SR_ED25519_PRIVATE && kind != SR_X25519_PRIVATE)
        sr_call_refuse(&call, "the kind is not one of private keys on curves");
    if (!call.bad && job > 0)
        return sr_call_end(&call, sr_task_generate_ec(job, kind, params));
    struct sr_key *key = NULL;
    sr_result result = call.bad ? 0 : sr_ec_generate(kind, params, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value key_public_of(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result), *made = NULL;
    if (key != NULL)
        result = sr_key_public_of(key, &made);
    return sr_call_end_key(&call, result, made);
}

static napi_value key_kind(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    return sr_call_end(&call, key == NULL ? result : (sr_result)key->kind);
}

static napi_value key_bits(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    return sr_call_end(&call, key == NULL ? result : (sr_result)key->bits);
}

static napi_value key_size(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    return sr_call_end(&call, key == NULL ? result : (sr_result)key->blob_size);
}

static napi_value key_component(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 5);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    uint32_t component = sr_call_u32(&call, 1);
    struct sr_room out = sr_call_range(&call, 2);
    return sr_call_end(&call, key == NULL || call.bad ? result : sr_key_component(key, component, out));
}

static napi_value key_component_equals(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 5);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    uint32_t component = sr_call_u32(&call, 1);
    struct sr_bytes bytes = sr_input(sr_call_range(&call, 2));
    return sr_call_end(&call,
                       key == NULL || call.bad ? result : sr_key_component_equals(key, component, bytes));
}

static napi_value key_check_value(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    sr_result result = 0;
    const struct sr_key *key = sr_call_key(&call, 0, &result);
    bool aes = sr_call_bool(&call, 1);
    struct sr_room out = sr_call_bytes(&call, 2, false);
    size_t offset = sr_call_size(&call, 3);
    if (!call.bad && (offset > out.size || out.size - offset < 3))
        sr_call_refuse(&call, "there is no room for a check value");
    return sr_call_end(&call,
                       key == NULL || call.bad ? result : sr_key_check_value(key, aes, out.at + offset));
}

static napi_value key_free(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t handle = sr_call_id(&call, 0);
    if (!call.bad)
        sr_keys_free(handle);
    return NULL;
}

static napi_value key_duplicate(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t handle = sr_call_id(&call, 0);
    return sr_call_end(&call, call.bad ? 0 : sr_keys_duplicate(handle));
}

static napi_value key_equal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    sr_result ignored = 0;
    const struct sr_key *a = sr_call_key(&call, 0, &ignored), *b = sr_call_key(&call, 1, &ignored);
    napi_value value = NULL;
    if (!call.bad)
        napi_get_boolean(env, a != NULL && b != NULL && sr_key_equal(a, b), &value);
    return value;
}

static napi_value curve_bits(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    struct sr_bytes params = sr_input(sr_call_bytes(&call, 0, false));
    const struct sr_curve *curve = NULL;
    sr_result result = call.bad ? 0 : sr_curve_find(params, &curve);
    return sr_call_end(&call, result < 0 || call.bad ? result : (sr_result)curve->bits);
}

const struct sr_export sr_exports_keys[] = {
    {"keyImport", key_import},
    {"keyGenerateSecret", key_generate_secret},
    {"keyGenerateEc", key_generate_ec},
    {"keyPublicOf", key_public_of},
    {"keyKind", key_kind},
    {"keyBits", key_bits},
    {"keySize", key_size},
    {"keyComponent", key_component},
    {"keyComponentEquals", key_component_equals},
    {"keyCheckValue", key_check_value},
    {"keyFree", key_free},
    {"keyDuplicate", key_duplicate},
    {"keyEqual", key_equal},
    {"curveBits", curve_bits},
    {NULL, NULL},
};
