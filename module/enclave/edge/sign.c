#include "../jobs/tasks.h"
#include "../operations/digest.h"
#include "../operations/feeds.h"
#include "call.h"

/* A plan (schema/enclave/plans.ts); with a context behind it. */
static struct sr_signing take_how(struct sr_call *call, unsigned index, bool with_context) {
    uint32_t plan = sr_call_u32(call, index);
    if (!call->bad && plan >= SR_SIGNING_PLAN_END)
        sr_call_refuse(call, "a number is no plan for signatures");
    return (struct sr_signing){
        .scheme = SR_SIGNING_SCHEME(plan),
        .hash = SR_SIGNING_HASH(plan),
        .mgf = SR_SIGNING_MGF_HASH(plan),
        .salt = (int32_t)SR_SIGNING_SALT_LENGTH(plan),
        .prehashed = SR_SIGNING_PREHASHED(plan),
        .extra = with_context ? sr_input(sr_call_bytes(call, index + 1, true)) : (struct sr_bytes){NULL, 0},
    };
}

static napi_value sign(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 10);
    sr_result result = 0;
    uint64_t job = sr_call_id(&call, 0);
    struct sr_key *key = sr_call_key(&call, 1, &result);
    const struct sr_signing how = take_how(&call, 2, true);
    struct sr_bytes data = sr_input(sr_call_range(&call, 4));
    struct sr_room out = sr_call_range(&call, 7);
    if (key == NULL || call.bad)
        return sr_call_end(&call, result);
    return sr_call_end(&call, job > 0 ? sr_task_sign(job, key, &how, data) : sr_sign(key, &how, data, out));
}

static napi_value verify(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 10);
    sr_result result = 0;
    uint64_t job = sr_call_id(&call, 0);
    struct sr_key *key = sr_call_key(&call, 1, &result);
    const struct sr_signing how = take_how(&call, 2, true);
    struct sr_bytes data = sr_input(sr_call_range(&call, 4)), signature = sr_input(sr_call_range(&call, 7));
    if (key == NULL || call.bad)
        return sr_call_end(&call, result);
    return sr_call_end(&call, job > 0 ? sr_task_verify(job, key, &how, data, signature)
                                      : sr_verify(key, &how, data, signature));
}

static napi_value verify_recover(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 8);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result);
    const struct sr_signing how = take_how(&call, 1, false);
    struct sr_bytes signature = sr_input(sr_call_range(&call, 2));
    struct sr_room out = sr_call_range(&call, 5);
    return sr_call_end(&call,
                       key == NULL || call.bad ? result : sr_verify_recover(key, how.scheme, signature, out));
}

static napi_value digest(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 7);
    uint32_t hash = sr_call_u32(&call, 0);
    struct sr_bytes data = sr_input(sr_call_range(&call, 1));
    struct sr_room out = sr_call_range(&call, 4);
    return sr_call_end(&call, call.bad ? 0 : sr_digest(hash, data, out));
}

static napi_value digest_new(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint32_t hash = sr_call_u32(&call, 0);
    struct sr_feed *feed = NULL;
    sr_result result = call.bad ? 0 : sr_feed_digest(hash, &feed);
    return sr_call_end(&call, feed == NULL ? result : sr_contexts_add_feed(feed));
}

static napi_value mac_new(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result);
    uint32_t hash = sr_call_u32(&call, 1);
    struct sr_feed *feed = NULL;
    if (key != NULL && !call.bad)
        result = sr_feed_hmac(key, hash, &feed);
    return sr_call_end(&call, feed == NULL ? result : sr_contexts_add_feed(feed));
}

static napi_value digest_key(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    sr_result result = 0;
    struct sr_feed *feed = sr_contexts_feed(sr_call_id(&call, 0));
    const struct sr_key *key = sr_call_key(&call, 1, &result);
    if (feed == NULL)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    return sr_call_end(&call, key == NULL ? result : sr_feed_key(feed, key));
}

static napi_value context_update(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    struct sr_feed *feed = sr_contexts_feed(sr_call_id(&call, 0));
    struct sr_bytes data = sr_input(sr_call_range(&call, 1));
    if (call.bad || feed == NULL)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    return sr_call_end(&call, sr_feed_update(feed, data));
}

static napi_value context_final(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    uint64_t id = sr_call_id(&call, 0);
    struct sr_feed *feed = sr_contexts_feed(id);
    struct sr_room out = sr_call_range(&call, 1);
    if (call.bad || feed == NULL)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    sr_result result = sr_feed_final(feed, out);
    if (result != SR_FAIL(CKR_BUFFER_TOO_SMALL))
        sr_contexts_free(id);
    return sr_call_end(&call, result);
}

static napi_value context_free(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 1);
    uint64_t id = sr_call_id(&call, 0);
    if (!call.bad)
        sr_contexts_free(id);
    return NULL;
}

const struct sr_export sr_exports_sign[] = {
    {"sign", sign},
    {"verify", verify},
    {"verifyRecover", verify_recover},
    {"digest", digest},
    {"digestNew", digest_new},
    {"macNew", mac_new},
    {"digestKey", digest_key},
    {"contextUpdate", context_update},
    {"contextFinal", context_final},
    {"contextFree", context_free},
    {NULL, NULL},
};
