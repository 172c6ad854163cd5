#include "../sealing/seal.h"
#include "../base/random.h"
#include "../sealing/audit.h"
#include "../sealing/derive.h"
#include "../sealing/mnemonic.h"
#include "../sealing/rows.h"
#include "call.h"

typedef sr_result (*seal_function)(struct sr_key *, struct sr_bytes, struct sr_bytes, struct sr_room);

/* seal and open give a new array of a size known beforehand, or a failure. */
static napi_value to_bytes(struct sr_call *call, seal_function function, struct sr_key *root,
                           struct sr_bytes input, size_t size) {
    struct sr_bytes context = sr_input(sr_call_bytes(call, 1, false));
    uint8_t *bytes = NULL;
    napi_value array = call->bad ? NULL : sr_call_new_bytes(call, size, &bytes);
    if (array == NULL)
        return NULL;
    sr_result result = function(root, context, input, (struct sr_room){bytes, size});
    return result < 0 ? sr_call_end(call, result) : array;
}

static napi_value seal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    struct sr_bytes plain = sr_input(sr_call_bytes(&call, 2, false));
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    return to_bytes(&call, sr_seal, root, plain, plain.size + SR_SEAL_EXTRA);
}

static napi_value open_seal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    struct sr_bytes sealed = sr_input(sr_call_bytes(&call, 2, false));
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    if (sealed.size < SR_SEAL_EXTRA)
        return sr_call_end(&call, SR_FAIL(CKR_ENCRYPTED_DATA_INVALID));
    return to_bytes(&call, sr_open, root, sealed, sealed.size - SR_SEAL_EXTRA);
}

static napi_value key_seal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result), *key = sr_call_key(&call, 2, &result);
    if (root == NULL || key == NULL)
        return sr_call_end(&call, result);
    return to_bytes(&call, sr_seal, root, (struct sr_bytes){key->blob, key->blob_size},
                    key->blob_size + SR_SEAL_EXTRA);
}

static napi_value key_open(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result), *key = NULL;
    struct sr_bytes context = sr_input(sr_call_bytes(&call, 1, false));
    struct sr_bytes sealed = sr_input(sr_call_bytes(&call, 2, false));
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    result = sr_key_open(root, context, sealed, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value mac_compute(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    struct sr_bytes label = sr_input(sr_call_bytes(&call, 1, false)),
                    data = sr_input(sr_call_bytes(&call, 2, false));
    struct sr_room out = sr_call_bytes(&call, 3, false);
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    if (out.size < 32)
        return sr_call_end(&call, sr_too_small(32));
    return sr_call_end(&call, sr_label_mac(root, label, data, out.at));
}

static napi_value mac_check(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    struct sr_bytes label = sr_input(sr_call_bytes(&call, 1, false)),
                    data = sr_input(sr_call_bytes(&call, 2, false));
    struct sr_bytes mac = sr_input(sr_call_bytes(&call, 3, false));
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    return sr_call_end(&call, mac.size != 32 ? 0 : sr_label_mac_check(root, label, data, mac.at));
}

static napi_value set_hash_update(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 5);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    struct sr_bytes label = sr_input(sr_call_bytes(&call, 1, false)),
                    item = sr_input(sr_call_bytes(&call, 2, false));
    uint8_t *accumulator = sr_call_exact(&call, 3, 32);
    bool add = sr_call_bool(&call, 4);
    return sr_call_end(&call,
                       root == NULL || call.bad ? result : sr_set_hash(root, label, item, accumulator, add));
}

static napi_value load_rows(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 11);
    sr_result result = 0;
    struct sr_rows rows = {.root = sr_call_key(&call, 0, &result)};
    rows.label = sr_input(sr_call_bytes(&call, 1, false));
    rows.context = sr_input(sr_call_bytes(&call, 2, false));
    const uint8_t *token = sr_call_exact(&call, 3, sizeof rows.token);
    rows.private = sr_call_bool(&call, 4);
    rows.confirmed_only = sr_call_bool(&call, 5);
    struct sr_bytes packed = sr_input(sr_call_bytes(&call, 6, false));
    uint8_t *sum = sr_call_exact(&call, 7, 32);
    struct sr_room out = sr_call_bytes(&call, 8, true);
    uint8_t *last = sr_call_exact(&call, 9, SR_ROW_ID), *counts = sr_call_exact(&call, 10, 8);
    if (rows.root == NULL || call.bad)
        return sr_call_end(&call, result);
    memcpy(rows.token, token, sizeof rows.token);
    struct sr_rows_done done;
    result = sr_rows_load(&rows, packed, sum, out, &done);
    memcpy(last, done.last, sizeof done.last);
    const uint32_t numbers[2] = {(uint32_t)done.rows, (uint32_t)done.added};
    memcpy(counts, numbers, sizeof numbers);
    return sr_call_end(&call, result);
}

static napi_value key_derive_label(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result), *key = NULL;
    struct sr_bytes label = sr_input(sr_call_bytes(&call, 1, false));
    if (root == NULL || call.bad)
        return sr_call_end(&call, result);
    result = sr_derive_label(root, label, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value audit_start(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    sr_result result = 0;
    struct sr_key *root = sr_call_key(&call, 0, &result);
    const uint8_t *previous = sr_call_exact(&call, 1, 32);
    return sr_call_end(&call, root == NULL || call.bad ? result : sr_audit_start(root, previous));
}

static napi_value audit_seal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    struct sr_room body = sr_call_bytes(&call, 0, false);
    size_t length = sr_call_size(&call, 1);
    struct sr_room out = sr_call_bytes(&call, 2, false);
    size_t offset = sr_call_size(&call, 3);
    if (!call.bad && (length < SR_AUDIT_BODY || length > body.size))
        sr_call_refuse(&call, "a record's body is shorter than any, or longer than its buffer");
    if (!call.bad &&
        (offset > out.size || length > out.size - offset || out.size - offset - length < SR_AUDIT_TAIL))
        sr_call_refuse(&call, "there is no room for the record with its hash and MAC");
    return sr_call_end(&call, call.bad ? 0 : sr_audit_seal(body.at, length, out.at + offset));
}

static napi_value audit_check(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 2);
    const uint8_t *hash = sr_call_exact(&call, 0, 32);
    struct sr_bytes mac = sr_input(sr_call_bytes(&call, 1, false));
    return sr_call_end(&call, call.bad || mac.size != 32 ? 0 : sr_audit_check(hash, mac.at));
}

static napi_value random_bytes(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    struct sr_room out = sr_call_range(&call, 0);
    return sr_call_end(&call, call.bad ? 0 : sr_random(out));
}

static napi_value seed_random(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    struct sr_bytes seed = sr_input(sr_call_range(&call, 0));
    return sr_call_end(&call, call.bad ? 0 : sr_random_seed(seed));
}

static napi_value key_combine(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 3);
    sr_result result = 0;
    struct sr_key *first = sr_call_key(&call, 0, &result), *second = sr_call_key(&call, 1, &result),
                  *key = NULL;
    struct sr_bytes label = sr_input(sr_call_bytes(&call, 2, false));
    if (first == NULL || second == NULL || call.bad)
        return sr_call_end(&call, result);
    result = sr_combine(first, second, label, &key);
    return sr_call_end_key(&call, result, key);
}

static napi_value mnemonic_words(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 4);
    sr_result result = 0;
    struct sr_key *entropy = sr_call_key(&call, 0, &result);
    struct sr_room out = sr_call_range(&call, 1);
    return sr_call_end(&call, entropy == NULL || call.bad ? result : sr_mnemonic_words(entropy, out));
}

static napi_value mnemonic_normal(napi_env env, napi_callback_info info) {
    struct sr_call call;
    sr_call_begin(&call, env, info, 6);
    struct sr_bytes words = sr_input(sr_call_range(&call, 0));
    struct sr_room out = sr_call_range(&call, 3);
    return sr_call_end(&call, call.bad ? 0 : sr_mnemonic_normal(words, out));
}

const struct sr_export sr_exports_seal[] = {
    {"keyCombine", key_combine},
    {"mnemonicWords", mnemonic_words},
    {"mnemonicNormal", mnemonic_normal},
    {"seal", seal},
    {"open", open_seal},
    {"keySeal", key_seal},
    {"keyOpen", key_open},
    {"macCompute", mac_compute},
    {"macCheck", mac_check},
    {"setHashUpdate", set_hash_update},
    {"loadRows", load_rows},
    {"keyDeriveLabel", key_derive_label},
    {"auditStart", audit_start},
    {"auditSeal", audit_seal},
    {"auditCheck", audit_check},
    {"random", random_bytes},
    {"seedRandom", seed_random},
    {NULL, NULL},
};
