/* The engine's own share of the lockdown, as a Node-API addon: what must be done by the process itself, after
 * exec. See process.ts. */
#define _GNU_SOURCE
#include "../cage/cage.h"
#include "../cage/keeper.h"
#include "../memory/guarded.h"
#include "birth.h"
#include "lockdown.h"
#include "log.h"
#include "notify.h"

#include <errno.h>
#include <limits.h>
#include <node_api.h>
#include <signal.h>

/* lockdown(): the mask of what could not be done. A limit on the size of files answers with an error from now
 * on, not with a signal. */
static napi_value js_lockdown(napi_env env, napi_callback_info info) {
    (void)info;
    (void)signal(SIGXFSZ, SIG_IGN);
    napi_value result = NULL;
    napi_create_int32(env, sr_process_lockdown(), &result);
    return result;
}

/* requireLock(): from now on memory for keys that cannot be locked is refused; false when some was handed out
 * already. */
static napi_value js_require_lock(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_get_boolean(env, sr_guarded_init(true) == 0, &result);
    return result;
}

/* hooked(): whether OpenSSL's allocations for keys are steered into guarded memory. */
static napi_value js_hooked(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_get_boolean(env, sr_guarded_hooked(), &result);
    return result;
}

/* born(): whether this process was never open to others, not even at its beginning. */
static napi_value js_born(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_get_boolean(env, sr_process_born(), &result);
    return result;
}

/* settled(): the starter is about to be told. */
static napi_value js_settled(napi_env env, napi_callback_info info) {
    (void)env;
    (void)info;
    sr_process_settled();
    return NULL;
}

/* caged(): whether this process is in a cage. */
static napi_value js_caged(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_get_boolean(env, sr_process_caged(), &result);
    return result;
}

/* cageLacks(): the mask of what a cage lacks on this machine. */
static napi_value js_cage_lacks(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_create_int32(env, sr_cage_lacks(), &result);
    return result;
}

/* startDoor(arguments): [what it says, its leash], two descriptors; or the errno of what failed. Each
 * argument ends with a zero character. */
static napi_value js_start_door(napi_env env, napi_callback_info info) {
    napi_value value = NULL, result = NULL;
    size_t given = 1, length = 0;
    char arguments[16384];
    int failed = EINVAL, ends[2];
    if (napi_get_cb_info(env, info, &given, &value, NULL, NULL) == napi_ok && given == 1 &&
        napi_get_value_string_utf8(env, value, arguments, sizeof arguments, &length) == napi_ok &&
        length < sizeof arguments - 1) {
        failed = sr_keeper_start(arguments, length, &ends[0], &ends[1]);
    }
    if (failed != 0) {
        napi_create_int32(env, failed, &result);
        return result;
    }
    napi_create_array_with_length(env, 2, &result);
    for (uint32_t index = 0; index < 2; index++) {
        napi_create_int32(env, ends[index], &value);
        napi_set_element(env, result, index, value);
    }
    return result;
}

/* log(folder, text): whether it was written; longer text than fits is cut. */
static napi_value js_log(napi_env env, napi_callback_info info) {
    napi_value values[2];
    size_t given = 2, length = 0, folder_length = 0;
    char folder[PATH_MAX];
    char text[SR_LOG_LINE];
    bool done =
        napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given == 2 &&
        napi_get_value_string_utf8(env, values[0], folder, sizeof folder, &folder_length) == napi_ok &&
        napi_get_value_string_utf8(env, values[1], text, sizeof text, &length) == napi_ok;
    if (done) {
        if (length == sizeof text - 1) {
            text[length - 1] = '\n';
        }
        done = sr_log_write(folder, text, length);
    }
    napi_value result = NULL;
    napi_get_boolean(env, done, &result);
    return result;
}

/* notify(socket, text): 0, or the errno of what failed. */
static napi_value js_notify(napi_env env, napi_callback_info info) {
    napi_value values[2];
    size_t given = 2, length = 0, name_length = 0;
    char name[256];
    char text[1024];
    bool understood =
        napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given == 2 &&
        napi_get_value_string_utf8(env, values[0], name, sizeof name, &name_length) == napi_ok &&
        napi_get_value_string_utf8(env, values[1], text, sizeof text, &length) == napi_ok;
    napi_value result = NULL;
    napi_create_int32(env, understood ? sr_notify(name, text, length) : EINVAL, &result);
    return result;
}

NAPI_MODULE_INIT() {
    static const struct {
        const char *name;
        napi_callback function;
    } functions[] = {{"lockdown", js_lockdown},    {"requireLock", js_require_lock},
                     {"hooked", js_hooked},        {"born", js_born},
                     {"settled", js_settled},      {"log", js_log},
                     {"notify", js_notify},        {"caged", js_caged},
                     {"cageLacks", js_cage_lacks}, {"startDoor", js_start_door}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        napi_value function = NULL;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL,
                                 &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
