#include "../jobs/tasks.h"
#include "call.h"

static napi_value key_generate_rsa(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    uint64_t job = sr_call_id(&call, 0);
    uint32_t bits = sr_call_u32(&call, 1);
    struct sr_bytes exponent = sr_input(sr_call_bytes(&call, 2, false));
    if (!call.bad && job == 0)
        sr_call_refuse(&call, "a job's id is positive");
    return sr_call_end(&call, call.bad ? 0 : sr_task_generate_rsa(job, bits, exponent));
}

static napi_value pin_derive(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 6);
    uint64_t job = sr_call_id(&call, 0);
    struct sr_bytes pin = sr_input(sr_call_range(&call, 1)), salt = sr_input(sr_call_bytes(&call, 4, false));
    uint32_t iterations = sr_call_u32(&call, 5);
    if (!call.bad && job == 0)
        sr_call_refuse(&call, "a job's id is positive");
    return sr_call_end(&call, call.bad ? 0 : sr_task_pbkdf2(job, pin, salt, iterations));
}

static napi_value pin_derive_argon2id(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 10);
    uint64_t job = sr_call_id(&call, 0);
    struct sr_argon2 how = {
        .pin = sr_input(sr_call_range(&call, 1)),
        .salt = sr_input(sr_call_bytes(&call, 4, false)),
        .kib = sr_call_u32(&call, 5),
        .passes = sr_call_u32(&call, 6),
        .lanes = sr_call_u32(&call, 7),
        .secret = sr_input(sr_call_bytes(&call, 8, true)),
        .data = sr_input(sr_call_bytes(&call, 9, true)),
    };
    if (!call.bad && job == 0)
        sr_call_refuse(&call, "a job's id is positive");
    return sr_call_end(&call, call.bad ? 0 : sr_task_argon2id(job, &how));
}

static napi_value pin_derive_now(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 5);
    struct sr_bytes pin = sr_input(sr_call_range(&call, 0)), salt = sr_input(sr_call_bytes(&call, 3, false));
    uint32_t iterations = sr_call_u32(&call, 4);
    struct sr_key *key = NULL;
    sr_result result = call.bad ? 0 : sr_pbkdf2_now(pin, salt, iterations, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value mnemonic_derive(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 5);
    uint64_t job = sr_call_id(&call, 0);
    struct sr_bytes words = sr_input(sr_call_range(&call, 1)),
                    salt = sr_input(sr_call_bytes(&call, 4, false));
    if (!call.bad && job == 0)
        sr_call_refuse(&call, "a job's id is positive");
    return sr_call_end(&call, call.bad ? 0 : sr_task_mnemonic(job, words, salt));
}

static napi_value set_job_bell(napi_env env, napi_callback_info info) {
    static napi_ref kept; /* the External, and so the bell, stays while it may be rung */
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    napi_valuetype type = napi_undefined;
    void *bell = NULL;
    napi_typeof(env, call.argument[0], &type);
    if (type != napi_null &&
        (type != napi_external || napi_get_value_external(env, call.argument[0], &bell) != napi_ok)) {
        sr_call_refuse(&call, "the bell is neither an External nor null");
        return NULL;
    }
    sr_pool_bell(bell);
    napi_ref before = kept;
    kept = NULL;
    if (bell != NULL)
        napi_create_reference(env, call.argument[0], 1, &kept);
    if (before != NULL)
        napi_delete_reference(env, before);
    return NULL;
}

static napi_value job_take(napi_env env, napi_callback_info info) {
    const struct sr_call call = {.env = env};
    (void)info;
    return sr_call_end(&call, (sr_result)sr_job_take());
}

static napi_value job_result(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t job = sr_call_id(&call, 0);
    return sr_call_end(&call, call.bad ? 0 : sr_job_result(job));
}

static napi_value job_output(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    uint64_t job = sr_call_id(&call, 0);
    struct sr_room out = sr_call_range(&call, 1);
    return sr_call_end(&call, call.bad ? 0 : sr_job_output(job, out));
}

static napi_value job_drop(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t job = sr_call_id(&call, 0);
    if (!call.bad)
        sr_job_drop(job);
    return NULL;
}

static napi_value job_cancel(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t job = sr_call_id(&call, 0);
    if (!call.bad)
        sr_job_cancel(job);
    return NULL;
}

static napi_value jobs_for(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint32_t owner = sr_call_u32(&call, 0);
    if (!call.bad)
        sr_jobs_for(owner);
    return NULL;
}

static napi_value jobs_running(napi_env env, napi_callback_info info) {
    const struct sr_call call = {.env = env};
    (void)info;
    return sr_call_end(&call, (sr_result)sr_jobs_running());
}

const struct sr_export sr_exports_jobs[] = {
    {"keyGenerateRsa", key_generate_rsa},
    {"pinDerivePbkdf2", pin_derive},
    {"pinDerivePbkdf2Now", pin_derive_now},
    {"pinDeriveArgon2id", pin_derive_argon2id},
    {"mnemonicDerive", mnemonic_derive},
    {"setJobBell", set_job_bell},
    {"jobTake", job_take},
    {"jobResult", job_result},
    {"jobOutput", job_output},
    {"jobDrop", job_drop},
    {"jobCancel", job_cancel},
    {"jobsFor", jobs_for},
    {"jobsRunning", jobs_running},
    {NULL, NULL},
};
