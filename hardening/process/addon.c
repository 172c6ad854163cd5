/* The engine's own share of the lockdown, as a Node-API addon: what must be done by the process itself, after exec. See process.ts. */
#include "../memory/guarded.h"
#include "lockdown.h"

#include <node_api.h>

/* lockdown(): the mask of what could not be done. */
static napi_value js_lockdown(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value result = NULL;
    napi_create_int32(env, sr_process_lockdown(), &result);
    return result;
}

/* requireLock(): from now on memory for keys that cannot be locked is refused; false when some was handed out already. */
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

NAPI_MODULE_INIT() {
    static const struct {
        const char *name;
        napi_callback function;
    } functions[] = {{"lockdown", js_lockdown}, {"requireLock", js_require_lock}, {"hooked", js_hooked}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        napi_value function = NULL;
        if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function) != napi_ok ||
            napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
