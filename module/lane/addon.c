/* The lane's Node-API face: see lane.ts for what each function means. */
#define _GNU_SOURCE
#include "door.h"

#include "../../hardening/memory/registers.h"

#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <stdio.h>

#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct addon {
    napi_env env;
    struct sr_host host;
    struct sr_door *door;
    napi_ref events; /* object with attached, lane, gone, woken, changed */
    napi_async_context context;
    int lock;
    bool open;
    uint32_t *request_words, *served; /* what next() found, and times: see OpenLanes in lane.ts */
};

static napi_value fail(napi_env env, const char *message) {
    napi_throw_error(env, NULL, message);
    return NULL;
}

static napi_value fail_errno(napi_env env, const char *what, int error) {
    char message[160];
    snprintf(message, sizeof message, "%s: %s", what, strerror(error));
    return fail(env, message);
}

/* Those beyond the `least` that are not given are undefined. */
static struct addon *arguments_between(napi_env env, napi_callback_info info, size_t least, size_t most, napi_value *values) {
    void *data = NULL;
    size_t given = most;
    if (napi_get_cb_info(env, info, &given, values, NULL, &data) != napi_ok || given < least) {
        napi_throw_type_error(env, NULL, "too few arguments");
        return NULL;
    }
    return data;
}

static struct addon *arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
    return arguments_between(env, info, count, count, values);
}

static napi_value number(napi_env env, double value) {
    napi_value result = NULL;
    napi_create_double(env, value, &result);
    return result;
}

/* ---- events to JavaScript ---- */

/* What the event's function returned; NULL when it failed, or is not there. */
static napi_value emit(struct addon *addon, const char *name, size_t count, napi_value *values) {
    napi_value events, function, result = NULL;
    if (napi_get_reference_value(addon->env, addon->events, &events) != napi_ok || events == NULL)
        return NULL;
    if (napi_get_named_property(addon->env, events, name, &function) != napi_ok)
        return NULL;
    napi_status status = napi_make_callback(addon->env, addon->context, events, function, count, values, &result);
    if (status == napi_pending_exception) {
        napi_value error;
        napi_get_and_clear_last_exception(addon->env, &error);
        napi_fatal_exception(addon->env, error);
    }
    return status == napi_ok ? result : NULL;
}

static napi_value group_list(napi_env env, const struct sr_peer *peer) {
    napi_value list = NULL;
    napi_create_array_with_length(env, peer->group_count, &list);
    for (uint32_t i = 0; i < peer->group_count; i++)
        napi_set_element(env, list, i, number(env, peer->groups[i]));
    return list;
}

static bool is_yes(napi_env env, napi_value answer) {
    bool yes = false;
    return answer != NULL && napi_get_value_bool(env, answer, &yes) == napi_ok && yes;
}

/* A copy, or NULL. */
static napi_value bytes(napi_env env, const uint8_t *from, uint32_t length) {
    napi_value buffer = NULL, array = NULL;
    void *memory = NULL;
    if (napi_create_arraybuffer(env, length, &memory, &buffer) != napi_ok)
        return NULL;
    memcpy(memory, from, length);
    napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &array);
    return array;
}

/* Whoever the engine says nothing of, because it failed over it, is not let in. */
static bool on_attached(void *context, uint32_t application, const struct sr_peer *peer) {
    struct addon *addon = context;
    napi_env env = addon->env;
    napi_handle_scope scope;
    napi_open_handle_scope(env, &scope);
    napi_value values[6] = {number(env, application), number(env, peer->pid), number(env, peer->uid), number(env, peer->gid),
                            group_list(env, peer)};
    napi_get_undefined(env, &values[5]);
    if (peer->principal != NULL)
        values[5] = bytes(env, peer->principal, peer->principal_length);
    bool welcome = is_yes(env, emit(addon, "attached", 6, values));
    napi_close_handle_scope(env, scope);
    return welcome;
}

static bool on_resumed(void *context, uint32_t application, const uint8_t *principal, uint32_t length) {
    struct addon *addon = context;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    napi_value values[2] = {number(addon->env, application), bytes(addon->env, principal, length)};
    bool same = is_yes(addon->env, emit(addon, "resumed", 2, values));
    napi_close_handle_scope(addon->env, scope);
    return same;
}

static void mapping_collected(napi_env env, void *data, void *hint) {
    (void)env;
    (void)data;
    sr_mapping_drop(hint);
}

static void on_lane(void *context, uint32_t application, uint32_t index, struct sr_mapping *mapping) {
    struct addon *addon = context;
    napi_env env = addon->env;
    napi_handle_scope scope;
    napi_open_handle_scope(env, &scope);
    napi_value areas = NULL;
    mapping->holders++;
    if (napi_create_external_arraybuffer(env, mapping->base + SR_LANE_HEADER, 2 * mapping->capacity, mapping_collected,
                                         mapping, &areas) == napi_ok) {
        napi_value values[4] = {number(env, application), number(env, index), areas, number(env, (double)mapping->capacity)};
        emit(addon, "lane", 4, values);
    } else {
        sr_mapping_drop(mapping);
    }
    napi_close_handle_scope(env, scope);
}

static void on_gone(void *context, uint32_t application) {
    struct addon *addon = context;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    napi_value values[1] = {number(addon->env, application)};
    emit(addon, "gone", 1, values);
    napi_close_handle_scope(addon->env, scope);
}

static void on_woken(void *context) {
    struct addon *addon = context;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    emit(addon, "woken", 0, NULL);
    napi_close_handle_scope(addon->env, scope);
}

static void on_changed(void *context) {
    struct addon *addon = context;
    napi_handle_scope scope;
    napi_open_handle_scope(addon->env, &scope);
    emit(addon, "changed", 0, NULL);
    napi_close_handle_scope(addon->env, scope);
}

/* ---- functions ---- */

static bool same_file(int one, int other) {
    struct stat first, second;
    return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* lock(folder): true when this process now holds <folder>/engine.lock, with its pid written inside. Where somebody has put another file in the
 * place of the one that it holds, it takes that too. */
static napi_value js_lock(napi_env env, napi_callback_info info) {
    napi_value values[1];
    struct addon *addon = arguments(env, info, 1, values);
    char folder[4096];
    size_t length = 0;
    if (addon == NULL || napi_get_value_string_utf8(env, values[0], folder, sizeof folder, &length) != napi_ok ||
        length + 1 >= sizeof folder)
        return fail(env, "the folder's name is too long");
    int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return fail_errno(env, "the store's folder cannot be opened", errno);
    int fd = openat(directory, "engine.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = errno;
    close(directory);
    if (fd < 0)
        return fail_errno(env, "engine.lock cannot be opened", error);
    bool held = addon->lock >= 0 && same_file(fd, addon->lock);
    bool locked = held || flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (locked && !held) {
        char pid[16];
        int digits = snprintf(pid, sizeof pid, "%d\n", getpid());
        ssize_t written = ftruncate(fd, 0) == 0 ? pwrite(fd, pid, (size_t)digits, 0) : -1;
        (void)written; /* the pid is for people; the lock is what counts */
        if (addon->lock >= 0)
            close(addon->lock);
        addon->lock = fd;
    } else {
        close(fd);
    }
    napi_value result = NULL;
    napi_get_boolean(env, locked, &result);
    return result;
}

static bool integer_of(napi_env env, napi_value object, const char *name, int64_t *value) {
    napi_value property;
    return napi_get_named_property(env, object, name, &property) == napi_ok &&
           napi_get_value_int64(env, property, value) == napi_ok;
}

/* Takes { path, mode, group, descriptor, door, leaseMs } apart. False, with an exception, when it is something else. */
static bool read_service(napi_env env, napi_value object, struct sr_service *service) {
    char path[sizeof service->place.folder];
    size_t length = 0;
    int64_t mode = 0, group = 0, descriptor = 0, door = 0, lease = 0;
    napi_value text;
    bool read = napi_get_named_property(env, object, "path", &text) == napi_ok &&
                napi_get_value_string_utf8(env, text, path, sizeof path, &length) == napi_ok &&
                integer_of(env, object, "mode", &mode) && integer_of(env, object, "group", &group) &&
                integer_of(env, object, "descriptor", &descriptor) && integer_of(env, object, "door", &door) &&
                integer_of(env, object, "leaseMs", &lease);
    char *slash = read ? strrchr(path, '/') : NULL;
    if (slash == NULL || path[0] != '/' || length + 1 >= sizeof path || slash[1] == '\0' ||
        strlen(slash + 1) >= sizeof service->place.name) {
        fail(env, "the socket's path is none, or its name is too long");
        return false;
    }
    memcpy(service->place.name, slash + 1, strlen(slash + 1) + 1);
    slash[slash == path ? 1 : 0] = '\0';
    memcpy(service->place.folder, path, strlen(path) + 1);
    service->place.mode = (mode_t)mode & 0777;
    service->place.group = (gid_t)group;
    service->descriptor = (int)descriptor;
    service->door = (uid_t)door;
    service->lease_ms = (uint32_t)lease;
    return true;
}

/* open(folder, events, service | undefined) -> { scratch, request, bell } */
static napi_value js_open(napi_env env, napi_callback_info info) {
    napi_value values[3];
    struct addon *addon = arguments_between(env, info, 2, 3, values);
    char folder[4096];
    struct sr_service service;
    size_t length = 0;
    if (addon == NULL || napi_get_value_string_utf8(env, values[0], folder, sizeof folder, &length) != napi_ok ||
        length + 1 >= sizeof folder)
        return fail(env, "the folder's name is too long");
    if (addon->open)
        return fail(env, "the lanes are open already");
    napi_valuetype kind = napi_undefined;
    napi_typeof(env, values[2], &kind);
    if (kind == napi_object && !read_service(env, values[2], &service))
        return NULL;
    int error = sr_host_open(&addon->host);
    if (error != 0)
        return fail_errno(env, "shared memory cannot be had", -error);
    napi_value name;
    uv_loop_t *loop = NULL;
    if (napi_create_reference(env, values[1], 1, &addon->events) != napi_ok ||
        napi_create_string_utf8(env, "strongroom:lane", NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_async_init(env, NULL, name, &addon->context) != napi_ok || napi_get_uv_event_loop(env, &loop) != napi_ok)
        return fail(env, "the event loop cannot be had");
    struct sr_door_events events = {.context = addon, .attached = on_attached, .resumed = on_resumed, .lane = on_lane, .gone = on_gone, .woken = on_woken, .changed = on_changed};
    error = sr_door_open(&addon->door, loop, &addon->host, folder, kind == napi_object ? &service : NULL, &events);
    if (error != 0)
        return fail_errno(env, "the socket cannot be opened", -error);
    addon->open = true;
    error = sr_beat_start(&addon->host);
    if (error != 0)
        return fail_errno(env, "the beat's thread cannot be started", -error);
    napi_value result, scratch_buffer, scratch, words_buffer, words, served, bell;
    void *memory = NULL;
    if (napi_create_object(env, &result) != napi_ok ||
        napi_create_external_arraybuffer(env, addon->host.scratch, SR_LANE_ARGUMENTS_MAX, NULL, NULL, &scratch_buffer) != napi_ok ||
        napi_create_typedarray(env, napi_uint8_array, SR_LANE_ARGUMENTS_MAX, scratch_buffer, 0, &scratch) != napi_ok ||
        napi_create_arraybuffer(env, 6 * sizeof(uint32_t), &memory, &words_buffer) != napi_ok ||
        napi_create_typedarray(env, napi_uint32_array, 4, words_buffer, 0, &words) != napi_ok ||
        napi_create_typedarray(env, napi_uint32_array, 2, words_buffer, 4 * sizeof(uint32_t), &served) != napi_ok ||
        napi_create_external(env, &addon->host.bell, NULL, NULL, &bell) != napi_ok ||
        napi_set_named_property(env, result, "scratch", scratch) != napi_ok ||
        napi_set_named_property(env, result, "request", words) != napi_ok ||
        napi_set_named_property(env, result, "served", served) != napi_ok ||
        napi_set_named_property(env, result, "bell", bell) != napi_ok)
        return fail(env, "the lanes' buffers cannot be made");
    napi_ref kept; /* the words are written by next() for the process' whole life */
    napi_create_reference(env, words_buffer, 1, &kept);
    addon->request_words = memory;
    addon->served = addon->request_words + 4;
    return result;
}

static bool reply_from(napi_env env, struct addon *addon, napi_value *values) {
    int32_t lane = -1;
    double rv = 0;
    uint32_t length = 0;
    bool wipe = false;
    if (napi_get_value_int32(env, values[0], &lane) != napi_ok || napi_get_value_double(env, values[1], &rv) != napi_ok ||
        napi_get_value_uint32(env, values[2], &length) != napi_ok || napi_get_value_bool(env, values[3], &wipe) != napi_ok) {
        napi_throw_type_error(env, NULL, "reply takes a lane, a CK_RV, a length and a boolean");
        return false;
    }
    if (lane >= 0) {
        sr_host_time(&addon->host, (uint32_t)lane);
        addon->host.enclave_us = addon->served[1];
        addon->served[1] = 0;
        sr_host_reply(&addon->host, (uint32_t)lane, (uint64_t)rv, length, wipe);
    }
    return true;
}

/* next(lane, rv, length, wipe, spinMicroseconds): answers `lane` (unless negative) and finds the next request. */
static napi_value js_next(napi_env env, napi_callback_info info) {
    napi_value values[5];
    struct addon *addon = arguments(env, info, 5, values);
    uint32_t spin = 0;
    if (addon == NULL || !addon->open || !reply_from(env, addon, values) ||
        napi_get_value_uint32(env, values[4], &spin) != napi_ok)
        return NULL;
    struct sr_request request = {0};
    int found = sr_host_next(&addon->host, (uint64_t)spin * 1000, &request);
    sr_registers_zero();
    addon->request_words[0] = request.function;
    addon->request_words[1] = request.arguments_length;
    addon->request_words[2] = request.bulk_length;
    addon->request_words[3] = request.wants_times;
    *addon->served = sr_host_served(&addon->host);
    napi_value result = NULL;
    napi_create_int32(env, found, &result);
    return result;
}

/* reply(lane, rv, length, wipe) */
static napi_value js_reply(napi_env env, napi_callback_info info) {
    napi_value values[4];
    struct addon *addon = arguments(env, info, 4, values);
    if (addon != NULL && addon->open && reply_from(env, addon, values))
        *addon->served = sr_host_served(&addon->host);
    return NULL;
}

/* wipe(lane) */
static napi_value js_wipe(napi_env env, napi_callback_info info) {
    napi_value values[1];
    struct addon *addon = arguments(env, info, 1, values);
    uint32_t lane = 0;
    if (addon != NULL && addon->open && napi_get_value_uint32(env, values[0], &lane) == napi_ok)
        sr_host_wipe(&addon->host, lane);
    return NULL;
}

/* epoch(): raises the epoch that clients see. */
static napi_value js_epoch(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    if (addon != NULL && addon->open)
        atomic_fetch_add(&addon->host.status->epoch, 1);
    return NULL;
}

/* busyLanes(): how many lanes have called within the last milliseconds. */
static napi_value js_busy(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    return number(env, addon != NULL && addon->open ? (double)atomic_load(&addon->host.status->busy_lanes) : 0);
}

/* lanes(): how many there are. */
static napi_value js_lanes(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    uint32_t his = 0, all = 0;
    if (addon != NULL && addon->open)
        sr_host_lanes_count(&addon->host, 0, &his, &all);
    return number(env, all);
}

/* farewell(application) */
static napi_value js_farewell(napi_env env, napi_callback_info info) {
    napi_value values[1];
    struct addon *addon = arguments(env, info, 1, values);
    uint32_t application = 0;
    if (addon != NULL && addon->open && napi_get_value_uint32(env, values[0], &application) == napi_ok)
        sr_door_farewell(addon->door, application);
    return NULL;
}

/* mend(): whether the socket is in its place, or could be put there again. */
static napi_value js_mend(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    napi_value result = NULL;
    napi_get_boolean(env, addon != NULL && addon->open && sr_door_mend(addon->door), &result);
    return result;
}

/* shut(): nobody is let in any more. */
static napi_value js_shut(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    if (addon != NULL && addon->open)
        sr_door_shut(addon->door);
    return NULL;
}

/* close(): the door is closed and every lane released. */
static napi_value js_close(napi_env env, napi_callback_info info) {
    struct addon *addon = arguments(env, info, 0, NULL);
    if (addon != NULL && addon->open) {
        sr_door_close(addon->door);
        addon->open = false;
    }
    return NULL;
}

static const struct {
    const char *name;
    napi_callback function;
} functions[] = {
    {"lock", js_lock},   {"open", js_open}, {"next", js_next},         {"reply", js_reply}, {"wipe", js_wipe},
    {"epoch", js_epoch}, {"busyLanes", js_busy}, {"lanes", js_lanes},
    {"farewell", js_farewell}, {"mend", js_mend}, {"shut", js_shut}, {"close", js_close},
};

NAPI_MODULE_INIT() {
    struct addon *addon = calloc(1, sizeof *addon); /* lives as long as the process */
    if (addon == NULL)
        return NULL;
    addon->env = env;
    addon->lock = -1;
    addon->host.status_fd = -1;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        napi_value function;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, addon, &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
