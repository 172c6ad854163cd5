#include "../jobs/tasks.h"
#include "../operations/agree.h"
#include "../operations/feeds.h"
#include "call.h"

static struct sr_cipher_how take_cipher(struct sr_call *call, unsigned cipher, unsigned iv) {
    return (struct sr_cipher_how){
        .cipher = sr_call_u32(call, cipher),
        .iv = sr_input(sr_call_bytes(call, iv, false)),
        .aad = sr_input(sr_call_bytes(call, iv + 1, false)),
        .param = sr_call_u32(call, iv + 2),
    };
}

/* padding, hash, mgfHash, label. */
static struct sr_rsa_how take_rsa(struct sr_call *call, unsigned index) {
    return (struct sr_rsa_how){
        .padding = sr_call_u32(call, index),
        .hash = sr_call_u32(call, index + 1),
        .mgf = sr_call_u32(call, index + 2),
        .label = sr_input(sr_call_bytes(call, index + 3, true)),
    };
}

static napi_value rsa_encrypt(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 11);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result);
    const struct sr_rsa_how how = take_rsa(&call, 1);
    struct sr_bytes data = sr_input(sr_call_range(&call, 5));
    struct sr_room out = sr_call_range(&call, 8);
    return sr_call_end(&call, key == NULL || call.bad ? result : sr_rsa_encrypt(key, &how, data, out));
}

static napi_value rsa_decrypt(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 12);
    sr_result result = 0;
    uint64_t job = sr_call_id(&call, 0);
    struct sr_key *key = sr_call_key(&call, 1, &result);
    const struct sr_rsa_how how = take_rsa(&call, 2);
    struct sr_bytes data = sr_input(sr_call_range(&call, 6));
    struct sr_room out = sr_call_range(&call, 9);
    if (key == NULL || call.bad)
        return sr_call_end(&call, result);
    return sr_call_end(&call, job > 0 ? sr_task_rsa_decrypt(job, key, &how, data)
                                      : sr_rsa_decrypt(key, &how, data, out));
}

static napi_value cipher(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 12);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result);
    struct sr_cipher_how how = take_cipher(&call, 1, 3);
    how.encrypt = sr_call_bool(&call, 2);
    struct sr_bytes data = sr_input(sr_call_range(&call, 6));
    struct sr_room out = sr_call_range(&call, 9);
    return sr_call_end(&call, key == NULL || call.bad ? result : sr_cipher(key, &how, data, out));
}

static napi_value cipher_new(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 6);
    sr_result result = 0;
    struct sr_key *key = sr_call_key(&call, 0, &result);
    struct sr_cipher_how how = take_cipher(&call, 1, 3);
    how.encrypt = sr_call_bool(&call, 2);
    struct sr_stream *stream = NULL;
    if (key != NULL && !call.bad)
        result = sr_stream_new(key, &how, &stream);
    return sr_call_end(&call, stream == NULL ? result : sr_contexts_add_stream(stream));
}

static napi_value cipher_update(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 7);
    struct sr_stream *stream = sr_contexts_stream(sr_call_id(&call, 0));
    struct sr_bytes data = sr_input(sr_call_range(&call, 1));
    struct sr_room out = sr_call_range(&call, 4);
    if (stream == NULL || call.bad)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    return sr_call_end(&call, sr_stream_update(stream, data, out));
}

static napi_value cipher_final(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    uint64_t id = sr_call_id(&call, 0);
    struct sr_stream *stream = sr_contexts_stream(id);
    struct sr_room out = sr_call_range(&call, 1);
    if (stream == NULL || call.bad)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    sr_result result = sr_stream_final(stream, out);
    if (result != SR_FAIL(CKR_BUFFER_TOO_SMALL))
        sr_contexts_free(id);
    return sr_call_end(&call, result);
}

static napi_value cipher_output_length(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    const struct sr_stream *stream = sr_contexts_stream(sr_call_id(&call, 0));
    double length = 0;
    if (!call.bad && napi_get_value_double(env, call.argument[1], &length) == napi_ok && length == -1)
        return sr_call_end(&call, stream == NULL ? SR_FAIL(CKR_OPERATION_NOT_INITIALIZED)
                                                 : (sr_result)sr_stream_output(stream, 0, true));
    size_t more = sr_call_size(&call, 1);
    if (stream == NULL || call.bad)
        return sr_call_end(&call, SR_FAIL(CKR_OPERATION_NOT_INITIALIZED));
    return sr_call_end(&call, (sr_result)sr_stream_output(stream, more, false));
}

/* cipher, padding, hash, mgfHash, iv, aad, param. OAEP's label travels in aad, which RSA has no other use
 * for. */
static struct sr_wrap_how take_wrap(struct sr_call *call, unsigned index, bool encrypt) {
    struct sr_wrap_how how = {.cipher = take_cipher(call, index, index + 4)};
    how.cipher.encrypt = encrypt;
    how.rsa = (struct sr_rsa_how){sr_call_u32(call, index + 1), sr_call_u32(call, index + 2),
                                  sr_call_u32(call, index + 3), how.cipher.aad};
    return how;
}

static napi_value key_wrap(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 12);
    sr_result result = 0;
    struct sr_key *wrapping = sr_call_key(&call, 0, &result);
    const struct sr_wrap_how how = take_wrap(&call, 1, true);
    const struct sr_key *target = sr_call_key(&call, 8, &result);
    struct sr_room out = sr_call_range(&call, 9);
    if (wrapping == NULL || target == NULL || call.bad)
        return sr_call_end(&call, result);
    return sr_call_end(&call, sr_key_wrap(wrapping, &how, target, out));
}

static napi_value key_unwrap(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 14);
    sr_result result = 0;
    uint64_t job = sr_call_id(&call, 0);
    struct sr_key *unwrapping = sr_call_key(&call, 1, &result), *key = NULL;
    const struct sr_wrap_how how = take_wrap(&call, 2, false);
    uint32_t kind = sr_call_u32(&call, 9);
    size_t secret_size = sr_call_size(&call, 10);
    struct sr_bytes wrapped = sr_input(sr_call_range(&call, 11));
    if (!call.bad && (kind >= SR_KIND_END || !sr_kind_private(kind)))
        sr_call_refuse(&call, "only secret and private keys are unwrapped");
    if (unwrapping == NULL || call.bad)
        return sr_call_end(&call, result);
    if (job > 0)
        return sr_call_end(&call, sr_task_unwrap(job, unwrapping, &how, kind, secret_size, wrapped));
    result = sr_key_unwrap(unwrapping, &how, kind, secret_size, wrapped, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value key_agree(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 7);
    sr_result result = 0;
    uint64_t job = sr_call_id(&call, 0);
    struct sr_key *key = sr_call_key(&call, 1, &result), *secret = NULL;
    struct sr_bytes peer = sr_input(sr_call_bytes(&call, 2, false));
    uint32_t kdf = sr_call_u32(&call, 3);
    const struct sr_agree_how how = {kdf == SR_KDF_X963, sr_call_u32(&call, 4),
                                     sr_input(sr_call_bytes(&call, 5, false)), sr_call_size(&call, 6)};
    if (!call.bad && kdf >= SR_KDF_END)
        sr_call_refuse(&call, "the KDF is unknown");
    if (key == NULL || call.bad)
        return sr_call_end(&call, result);
    if (job > 0)
        return sr_call_end(&call, sr_task_agree(job, key, &how, peer));
    result = sr_agree(key, &how, peer, &secret);
    return sr_call_end_key(&call, result, secret);
}

const struct sr_export sr_exports_cipher[] = {
    {"rsaEncrypt", rsa_encrypt},
    {"rsaDecrypt", rsa_decrypt},
    {"cipher", cipher},
    {"cipherNew", cipher_new},
    {"cipherUpdate", cipher_update},
    {"cipherFinal", cipher_final},
    {"cipherOutputLength", cipher_output_length},
    {"keyWrap", key_wrap},
    {"keyUnwrap", key_unwrap},
    {"keyAgree", key_agree},
    {NULL, NULL},
};
