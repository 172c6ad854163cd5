#include "../base/algs.h"
#include "../base/watch.h"
#include "../jobs/pool.h"
#include "../operations/feeds.h"
#include "../sealing/seal.h"
#include "call.h"

#include <openssl/crypto.h>
#include <stdio.h>

static void set_bool(napi_env env, napi_value object, const char *name, bool value) {
    napi_value property = NULL;
    napi_get_boolean(env, value, &property);
    napi_set_named_property(env, object, name, property);
}

static void set_number(napi_env env, napi_value object, const char *name, size_t value) {
    napi_value property = NULL;
    napi_create_int64(env, (int64_t)value, &property);
    napi_set_named_property(env, object, name, property);
}

static napi_value status(napi_env env, napi_callback_info info) {
    (void)info;
    napi_value object = NULL, version = NULL;
    napi_create_object(env, &object);
    napi_create_string_latin1(env, OpenSSL_version(OPENSSL_VERSION_STRING), NAPI_AUTO_LENGTH, &version);
    set_bool(env, object, "allocatorHooked", sr_guarded_hooked());
    set_bool(env, object, "memoryLocked", sr_guarded_locked());
    set_number(env, object, "guardedBytes", sr_guarded_bytes());
    size_t most = sr_guarded_most();
    set_number(env, object, "keyMemory", most == SIZE_MAX ? 0 : most);
    set_number(env, object, "keys", sr_keys_count());
    set_number(env, object, "parsedKeys", sr_parsed_count());
    set_number(env, object, "contexts", sr_contexts_count());
    set_number(env, object, "poolThreads", sr_pool_threads());
    napi_set_named_property(env, object, "opensslVersion", version);
    return object;
}

struct region_list {
    napi_env env;
    napi_value array;
    uint32_t count;
};

static void add_region(const void *start, const void *end, void *context) {
    struct region_list *list = context;
    const void *const bounds[2] = {start, end};
    napi_value pair = NULL, text = NULL;
    napi_create_array_with_length(list->env, 2, &pair);
    for (uint32_t i = 0; i < 2; i++) {
        char hex[2 * sizeof(uintptr_t) + 1];
        int length = snprintf(hex, sizeof hex, "%jx", (uintmax_t)(uintptr_t)bounds[i]);
        napi_create_string_latin1(list->env, hex, (size_t)length, &text);
        napi_set_element(list->env, pair, i, text);
    }
    napi_set_element(list->env, list->array, list->count++, pair);
}

static napi_value guarded_regions(napi_env env, napi_callback_info info) {
    (void)info;
    struct region_list list = {.env = env};
    napi_create_array(env, &list.array);
    sr_guarded_regions(add_region, &list);
    return list.array;
}

static napi_value last_length(napi_env env, napi_callback_info info) {
    const struct sr_call call = {.env = env};
    (void)info;
    return sr_call_end(&call, (sr_result)sr_last_length());
}

static napi_value purge_parsed(napi_env env, napi_callback_info info) {
    (void)env;
    (void)info;
    sr_parsed_purge();
    sr_seal_forget();
    return NULL;
}

static napi_value zero(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    struct sr_room room = sr_call_range(&call, 0);
    if (!call.bad && room.size > 0)
        sr_zero(room.at, room.size);
    return NULL;
}

/* watch(on): switches it; the microseconds since it was switched last. */
static napi_value watch(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    bool on = sr_call_bool(&call, 0);
    sr_result spent = (sr_result)(call.bad ? 0 : sr_watch_switch(on) / 1000);
    return sr_call_end(&call, spent);
}

static void free_guarded(napi_env env, void *buffer, void *unused) {
    (void)env;
    (void)unused;
    sr_guarded_free(buffer);
}

static napi_value guarded_buffer(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    size_t size = sr_call_size(&call, 0);
    if (!call.bad && (size == 0 || size > (1u << 30)))
        sr_call_refuse(&call, "a guarded buffer has between 1 and 2^30 bytes");
    if (call.bad)
        return NULL;
    void *memory = sr_guarded_alloc(size);
    napi_value buffer = NULL, array = NULL;
    if (memory == NULL) {
        napi_throw_error(env, "ERR_STRONGROOM_ENCLAVE_MEMORY", "guarded memory is exhausted");
        return NULL;
    }
    if (napi_create_external_arraybuffer(env, memory, size, free_guarded, NULL, &buffer) != napi_ok) {
        sr_guarded_free(memory);
        napi_throw_error(env, "ERR_STRONGROOM_ENCLAVE_MEMORY",
                         "the runtime refuses memory that is not its own");
        return NULL;
    }
    napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &array);
    return array;
}

const struct sr_export sr_exports_status[] = {
    {"status", status},
    {"guardedRegions", guarded_regions},
    {"lastLength", last_length},
    {"purgeParsed", purge_parsed},
    {"zero", zero},
    {"watch", watch},
    {"guardedBuffer", guarded_buffer},
    {NULL, NULL},
};

static void stop_pool(void *unused) {
    (void)unused;
    sr_pool_stop();
}

NAPI_MODULE_INIT() {
    static const struct sr_export *const tables[] = {sr_exports_status, sr_exports_keys,   sr_exports_seal,
                                                     sr_exports_sign,   sr_exports_cipher, sr_exports_jobs,
                                                     sr_exports_window};
    static const void *owner; /* the one environment, and so the one thread, that the tables belong to */
    if (owner != NULL && owner != env) {
        napi_throw_error(env, "ERR_STRONGROOM_ENCLAVE_THREAD",
                         "the enclave belongs to the thread that loaded it first");
        return NULL;
    }
    if (owner == NULL) {
        if (sr_guarded_init(false) != 0 || sr_algs_init() != 0 || sr_curves_init() != 0 ||
            sr_scratch() == NULL) {
            napi_throw_error(env, "ERR_STRONGROOM_ENCLAVE_START",
                             "the enclave could not get its memory or algorithms");
            return NULL;
        }
        owner = env;
        napi_add_env_cleanup_hook(env, stop_pool, NULL);
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const struct sr_export *row = tables[i]; row->name != NULL; row++) {
            napi_value function = NULL;
            if (napi_create_function(env, row->name, NAPI_AUTO_LENGTH, row->function, NULL, &function) !=
                    napi_ok ||
                napi_set_named_property(env, exports, row->name, function) != napi_ok)
                return NULL;
        }
    return exports;
}
