/*
 * The client's end of the lanes for an event loop: connections to an engine, each of them an application, and calls whose answers come as
 * events. The loop looks at the lanes under way each time before it would sleep; then it asks the engine to ring.
 */
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

/* Calls under way at the same time, of all connections. */
#define CALLS_MOST 65536
/* So many answers at a time are handed on. */
#define ANSWERS_AT_ONCE 256
/* For so long the loop looks for an answer before it sleeps, where hardly anybody waits: what is under way is most likely short. */
#define SPIN_NS 150000
#define SPIN_CALLS_MOST 2
/* Words of an answer: connection, lane, CK_RV (low, high), bytes. */
#define ANSWER_WORDS 5

struct addon {
    napi_env env;
    napi_async_context context;
    napi_ref events;
    uv_prepare_t prepare;
    struct sr_calls calls;
    struct sr_connections connections;
    uint32_t *answers; /* ANSWERS_AT_ONCE of them */
    bool open;
};

static napi_value fail(napi_env env, const char *message) {
    napi_throw_error(env, NULL, message);
    return NULL;
}

static napi_value number(napi_env env, double value) {
    napi_value result = NULL;
    napi_create_double(env, value, &result);
    return result;
}

static struct addon *arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *values) {
    struct addon *addon = NULL;
    size_t count = wanted;
    if (napi_get_cb_info(env, info, &count, values, NULL, (void **)&addon) != napi_ok || count < wanted || !addon->open) {
        napi_throw_type_error(env, NULL, "too few arguments, or open() was not called");
        return NULL;
    }
    return addon;
}

static void emit(struct addon *addon, const char *name, size_t count, napi_value *values) {
    napi_env env = addon->env;
    napi_value events, function, result;
    if (napi_get_reference_value(env, addon->events, &events) != napi_ok ||
        napi_get_named_property(env, events, name, &function) != napi_ok)
        return;
    napi_status status = napi_make_callback(env, addon->context, events, function, count, values, &result);
    if (status == napi_pending_exception) {
        napi_value error;
        if (napi_get_and_clear_last_exception(env, &error) == napi_ok)
            napi_fatal_exception(env, error);
    }
}

/* ---- what the connections report ---- */

static void mapping_collected(napi_env env, void *data, void *hint) {
    (void)env;
    (void)data;
    sr_caller_mapping_drop(hint);
}

static void on_welcomed(void *context, const struct sr_connection *connection, uint32_t status) {
    struct addon *addon = context;
    napi_env env = addon->env;
    napi_handle_scope scope;
    napi_open_handle_scope(env, &scope);
    napi_value buffer = NULL, key = NULL;
    void *memory = NULL;
    if (napi_create_arraybuffer(env, sizeof connection->attach_key, &memory, &buffer) == napi_ok) {
        memcpy(memory, connection->attach_key, sizeof connection->attach_key);
        napi_create_typedarray(env, napi_uint8_array, sizeof connection->attach_key, buffer, 0, &key);
        napi_value values[4] = {number(env, connection->number), number(env, status), number(env, (double)connection->attach_id), key};
        emit(addon, "welcomed", 4, values);
    }
    napi_close_handle_scope(env, scope);
}

static void on_lane(void *context, const struct sr_connection *connection, uint32_t status, int lane) {
    struct addon *addon = context;
    napi_env env = addon->env;
    napi_handle_scope scope;
    napi_open_handle_scope(env, &scope);
    napi_value areas = NULL;
    double capacity = 0;
    napi_get_undefined(env, &areas);
    if (lane >= 0) {
        struct sr_caller_mapping *mapping = connection->lanes[lane].mapping;
        mapping->holders++;
        capacity = (double)mapping->capacity;
        if (napi_create_external_arraybuffer(env, mapping->base + SR_LANE_HEADER, 2 * mapping->capacity, mapping_collected, mapping,
                                             &areas) != napi_ok)
            sr_caller_mapping_drop(mapping);
    }
    napi_value values[5] = {number(env, connection->number), number(env, status), number(env, lane), areas, number(env, capacity)};
    emit(addon, "lane", 5, values);
    napi_close_handle_scope(env, scope);
}

static void on_gone(void *context, uint32_t connection) {
    struct addon *addon = context;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    napi_value values[1] = {number(addon->env, connection)};
    emit(addon, "gone", 1, values);
    napi_close_handle_scope(addon->env, scope);
}

/* ---- answers ---- */

/* Takes answers that are there, and hands them on; false when there was none. */
static bool hand_on(struct addon *addon) {
    uint32_t count = 0;
    struct sr_answer answer;
    while (count < ANSWERS_AT_ONCE && sr_calls_take(&addon->calls, &answer)) {
        uint32_t *words = addon->answers + ANSWER_WORDS * count++;
        words[0] = answer.connection;
        words[1] = answer.lane;
        words[2] = (uint32_t)answer.rv;
        words[3] = (uint32_t)(answer.rv >> 32);
        words[4] = answer.length;
    }
    if (count == 0)
        return false;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    napi_value values[1] = {number(addon->env, count)};
    emit(addon, "answered", 1, values);
    napi_close_handle_scope(addon->env, scope);
    return true;
}

/* The loop is about to sleep. */
static void prepare(uv_prepare_t *handle) {
    struct addon *addon = handle->data;
    /* What comes out of that may be the next call. */
    while (hand_on(addon))
        ;
    if (addon->calls.count == 0)
        return;
    if (addon->calls.count <= SPIN_CALLS_MOST && sr_calls_spin(&addon->calls, SPIN_NS)) {
        while (hand_on(addon))
            ;
        if (addon->calls.count == 0)
            return;
    }
    sr_calls_arm(&addon->calls);
    while (hand_on(addon))
        sr_calls_arm(&addon->calls);
}

/* ---- functions ---- */

/* open(events) -> the words of answers */
static napi_value js_open(napi_env env, napi_callback_info info) {
    napi_value values[1], name, buffer, words;
    size_t count = 1;
    struct addon *addon = NULL;
    uv_loop_t *loop = NULL;
    void *memory = NULL;
    if (napi_get_cb_info(env, info, &count, values, NULL, (void **)&addon) != napi_ok || count < 1 || addon->open)
        return fail(env, "open(events) is called once");
    if (napi_create_reference(env, values[0], 1, &addon->events) != napi_ok ||
        napi_create_string_utf8(env, "strongroom:caller", NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_async_init(env, NULL, name, &addon->context) != napi_ok || napi_get_uv_event_loop(env, &loop) != napi_ok ||
        napi_create_arraybuffer(env, sizeof(uint32_t) * ANSWER_WORDS * ANSWERS_AT_ONCE, &memory, &buffer) != napi_ok ||
        napi_create_typedarray(env, napi_uint32_array, (size_t)ANSWER_WORDS * ANSWERS_AT_ONCE, buffer, 0, &words) != napi_ok)
        return fail(env, "the event loop cannot be had");
    napi_ref kept; /* written for the process' whole life */
    napi_create_reference(env, buffer, 1, &kept);
    addon->answers = memory;
    if (!sr_calls_open(&addon->calls, CALLS_MOST) || uv_prepare_init(loop, &addon->prepare) != 0)
        return fail(env, "out of memory");
    addon->prepare.data = addon;
    uv_prepare_start(&addon->prepare, prepare);
    uv_unref((uv_handle_t *)&addon->prepare);
    addon->connections = (struct sr_connections){
        .loop = loop,
        .calls = &addon->calls,
        .events = {.context = addon, .welcomed = on_welcomed, .lane = on_lane, .gone = on_gone},
    };
    addon->open = true;
    return words;
}

static bool bytes_of(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
    napi_typedarray_type type;
    void *data = NULL;
    bool good = napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) == napi_ok && type == napi_uint8_array;
    *bytes = data;
    return good;
}

/* connect(path, user, principal, owner, id, key): a connection's number, or -errno. */
static napi_value js_connect(napi_env env, napi_callback_info info) {
    napi_value values[6];
    struct addon *addon = arguments(env, info, 6, values);
    if (addon == NULL)
        return NULL;
    struct sr_greeting greeting = {0};
    char path[4096];
    size_t path_length = 0, principal_length = 0, key_length = 0;
    uint8_t *key = NULL, *principal = NULL;
    bool whole = false;
    int64_t id = 0;
    if (napi_get_value_string_utf8(env, values[0], path, sizeof path, &path_length) != napi_ok || path_length + 1 >= sizeof path ||
        napi_get_value_uint32(env, values[1], &greeting.user) != napi_ok ||
        !bytes_of(env, values[2], &principal, &principal_length) || principal_length > SR_PRINCIPAL_MOST ||
        napi_get_value_bigint_uint64(env, values[3], &greeting.owner, &whole) != napi_ok ||
        napi_get_value_int64(env, values[4], &id) != napi_ok || !bytes_of(env, values[5], &key, &key_length) ||
        key_length != sizeof greeting.key)
        return fail(env, "connect takes a path, a user, a principal, its owner, a number and a key");
    greeting.path = path;
    greeting.principal = principal;
    greeting.principal_length = (uint32_t)principal_length;
    greeting.id = (uint64_t)id;
    memcpy(greeting.key, key, sizeof greeting.key);
    return number(env, sr_connection_open(&addon->connections, &greeting));
}

static struct sr_connection *connection_of(napi_env env, struct addon *addon, napi_value value) {
    uint32_t wanted = 0;
    if (addon == NULL || napi_get_value_uint32(env, value, &wanted) != napi_ok)
        return NULL;
    return sr_connection_find(&addon->connections, wanted);
}

/* lane(connection, capacity): asks for one; the event `lane` answers. False when the connection is gone. */
static napi_value js_lane(napi_env env, napi_callback_info info) {
    napi_value values[2], result = NULL;
    struct addon *addon = arguments(env, info, 2, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    double capacity = 0;
    bool asked = connection != NULL && napi_get_value_double(env, values[1], &capacity) == napi_ok &&
                 sr_connection_ask_lane(connection, (uint64_t)capacity);
    napi_get_boolean(env, asked, &result);
    return result;
}

/* submit(connection, lane, function, argumentBytes, bulkBytes, wantsTimes): false when the lane is not to be had any more. */
static napi_value js_submit(napi_env env, napi_callback_info info) {
    napi_value values[6], result = NULL;
    struct addon *addon = arguments(env, info, 6, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    uint32_t lane = 0, function = 0, arguments_length = 0;
    double bulk = 0;
    bool wants_times = false;
    bool sent = connection != NULL && napi_get_value_uint32(env, values[1], &lane) == napi_ok &&
                napi_get_value_uint32(env, values[2], &function) == napi_ok &&
                napi_get_value_uint32(env, values[3], &arguments_length) == napi_ok &&
                napi_get_value_double(env, values[4], &bulk) == napi_ok &&
                napi_get_value_bool(env, values[5], &wants_times) == napi_ok &&
                sr_connection_submit(connection, lane, function, arguments_length, (uint64_t)bulk, wants_times);
    napi_get_boolean(env, sent, &result);
    return result;
}

/* times(connection, lane, out): into three doubles, of the call that was answered last: milliseconds since it was found, by the engine's clock, which
 * is this machine's; microseconds in the engine; microseconds in its enclave. False where the engine says nothing. */
static napi_value js_times(napi_env env, napi_callback_info info) {
    napi_value values[3], result = NULL;
    struct addon *addon = arguments(env, info, 3, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    napi_typedarray_type type;
    uint32_t lane = 0;
    size_t length = 0;
    void *data = NULL;
    struct sr_times times = {0};
    if (connection != NULL && napi_get_value_uint32(env, values[1], &lane) == napi_ok &&
        napi_get_typedarray_info(env, values[2], &type, &length, &data, NULL, NULL) == napi_ok && type == napi_float64_array && length == 3)
        times = sr_connection_times(connection, lane);
    if (times.found_ns != 0) {
        double *out = data;
        out[0] = (double)((int64_t)uv_hrtime() - (int64_t)times.found_ns) / 1e6;
        out[1] = times.served_us;
        out[2] = times.enclave_us;
    }
    napi_get_boolean(env, times.found_ns != 0, &result);
    return result;
}

/* release(connection, lane): gives an idle lane back. */
static napi_value js_release(napi_env env, napi_callback_info info) {
    napi_value values[2];
    struct addon *addon = arguments(env, info, 2, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    uint32_t lane = 0;
    if (connection != NULL && napi_get_value_uint32(env, values[1], &lane) == napi_ok)
        sr_connection_release(connection, lane);
    return NULL;
}

/* epoch(connection) */
static napi_value js_epoch(napi_env env, napi_callback_info info) {
    napi_value values[1];
    struct addon *addon = arguments(env, info, 1, values);
    const struct sr_connection *connection = connection_of(env, addon, values[0]);
    return number(env, connection == NULL ? 0 : (double)sr_connection_epoch(connection));
}

/* alive(connection): whether the engine has shown a sign of life since the last question, while calls are under way. */
static napi_value js_alive(napi_env env, napi_callback_info info) {
    napi_value values[1], result = NULL;
    struct addon *addon = arguments(env, info, 1, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    napi_get_boolean(env, connection != NULL && sr_connection_alive(connection), &result);
    return result;
}

/* close(connection, goodbye) */
static napi_value js_close(napi_env env, napi_callback_info info) {
    napi_value values[2];
    struct addon *addon = arguments(env, info, 2, values);
    struct sr_connection *connection = connection_of(env, addon, values[0]);
    bool goodbye = false;
    if (connection != NULL && napi_get_value_bool(env, values[1], &goodbye) == napi_ok)
        sr_connection_close(connection, goodbye);
    return NULL;
}

static const struct {
    const char *name;
    napi_callback function;
} functions[] = {
    {"open", js_open},       {"connect", js_connect}, {"lane", js_lane},   {"submit", js_submit},
    {"times", js_times},     {"release", js_release}, {"epoch", js_epoch}, {"alive", js_alive},
    {"close", js_close},
};

NAPI_MODULE_INIT() {
    struct addon *addon = calloc(1, sizeof *addon); /* lives as long as the process */
    if (addon == NULL)
        return NULL;
    addon->env = env;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        napi_value function;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, addon, &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
