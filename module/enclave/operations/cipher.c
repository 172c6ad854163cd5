#include "cipher.h"

#include <limits.h>
#include <stdlib.h>

#define BLOCK 16u
#define GCM_TAG_MIN 4u

/* Of a cipher that was checked. */
static uint32_t mode_of(const struct sr_cipher_how *how) {
    return sr_cipher_form(how->cipher)->mode;
}

bool sr_cipher_at_once_only(uint32_t cipher) {
    uint32_t mode = sr_cipher_form(cipher)->mode;
    return mode == SR_MODE_KEY_WRAP || mode == SR_MODE_KEY_WRAP_PAD;
}

void sr_cipher_own_iv(struct sr_cipher_how *how, uint8_t iv[SR_IV_MAX]) {
    if (sr_cipher_form(how->cipher)->iv_most == 0)
        how->iv.size = 0;
    if (how->iv.size > 0)
        memcpy(iv, how->iv.at, how->iv.size);
    how->iv.at = iv;
}

sr_result sr_cipher_check(const struct sr_key *key, const struct sr_cipher_how *how) {
    const struct sr_cipher_form *form = sr_cipher_form(how->cipher);
    if (form == NULL)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (key->kind != SR_SECRET)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (sr_cipher_algorithm(how->cipher, key->value.size) == NULL)
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    size_t iv = how->iv.size;
    bool good = how->aad.size <= INT_MAX;
    if (form->iv_most > 0 && !(iv == 0 && form->iv_optional))
        good = good && iv >= form->iv_least && iv <= form->iv_most;
    if (form->mode == SR_MODE_CTR)
        good = good && how->param >= 1 && how->param <= 8 * BLOCK;
    if (form->mode == SR_MODE_GCM)
        good = good && how->param >= GCM_TAG_MIN && how->param <= BLOCK;
    return good ? 0 : SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
}

/* The output's length (for padded decryption: at the most), or why this input cannot be taken. */
static sr_result output_size(const struct sr_cipher_how *how, size_t size) {
    sr_result bad = SR_FAIL(how->encrypt ? CKR_DATA_LEN_RANGE : CKR_ENCRYPTED_DATA_LEN_RANGE);
    if (size > SIZE_MAX / 4)
        return bad;
    switch (mode_of(how)) {
    case SR_MODE_CBC_PAD:
        if (how->encrypt)
            return (sr_result)((size / BLOCK + 1) * BLOCK);
        return size % BLOCK != 0 || size == 0 ? bad : (sr_result)size - 1;
    case SR_MODE_CTR:
        return (sr_result)size;
    case SR_MODE_GCM:
        if (how->encrypt)
            return (sr_result)(size + how->param);
        return size < how->param ? bad : (sr_result)(size - how->param);
    case SR_MODE_KEY_WRAP:
        if (size % 8 != 0 || size < (how->encrypt ? 16 : 24))
            return bad;
        return (sr_result)(how->encrypt ? size + 8 : size - 8);
    case SR_MODE_KEY_WRAP_PAD:
        if (how->encrypt)
            return size == 0 || size > UINT32_MAX ? bad : (sr_result)((size + 7) / 8 * 8 + 8);
        return size % 8 != 0 || size < 16 ? bad : (sr_result)size - 8;
    default:
        return size % BLOCK != 0 ? bad : (sr_result)size;
    }
}

/* The key's ready context for a cipher and direction. */
static EVP_CIPHER_CTX *ready(struct sr_parsed *parsed, const struct sr_key *key,
                             const struct sr_cipher_how *how) {
    EVP_CIPHER_CTX **place = &parsed->cipher[how->cipher][how->encrypt];
    if (*place != NULL)
        return *place;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL || EVP_CipherInit_ex2(ctx, sr_cipher_algorithm(how->cipher, key->value.size),
                                          key->value.at, NULL, how->encrypt, NULL) != 1) {
        EVP_CIPHER_CTX_free(ctx);
        return NULL;
    }
    parsed->iv_size[how->cipher][how->encrypt] = SR_GCM_IV_DEFAULT;
    return *place = ctx;
}

/* GCM decryption: in place in private memory, written out only when the tag was right. */
static sr_result open_at_once(struct sr_stream *stream, struct sr_bytes data, struct sr_room out) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (data.size > SR_CHUNK)
        return sr_stream_open_copy(stream, data, out);
    memcpy(scratch->in, data.at, data.size);
    sr_result result = sr_stream_open_kept(stream, scratch->in, data.size);
    if (result >= 0)
        result = sr_put(out, scratch->in, (size_t)result);
    sr_zero(scratch->in, data.size);
    return result;
}

/* All of data, then the end; what was written is zeroed again when the end is bad. */
static sr_result feed_at_once(struct sr_stream *stream, struct sr_bytes data, struct sr_room out) {
    sr_result written = sr_stream_feed(stream, data, out);
    if (written < 0)
        return written;
    sr_result ended = sr_stream_end(stream, (struct sr_room){out.at + written, out.size - (size_t)written});
    if (ended >= 0)
        return written + ended;
    if (ended == SR_FAIL(CKR_BUFFER_TOO_SMALL))
        ended = sr_too_small((size_t)written + sr_last_length());
    if (written > 0)
        sr_zero(out.at, (size_t)written);
    return ended;
}

/* RFC 3394 and RFC 5649, through private memory: a context for each use, for these are rare. */
static sr_result key_wrap(const struct sr_key *key, const struct sr_cipher_how *how, struct sr_bytes data,
                          struct sr_room out) {
    if (data.size > SR_SECRET_MAX + 4096)
        return SR_FAIL(how->encrypt ? CKR_DATA_LEN_RANGE : CKR_ENCRYPTED_DATA_LEN_RANGE);
    SR_GUARDED_SCRUBBED;
    size_t room = data.size + 32;
    uint8_t *copy = sr_arena_alloc(2 * room);
    SR_AUTO(cipher_ctx) ctx = EVP_CIPHER_CTX_new();
    if (copy == NULL || ctx == NULL) {
        sr_arena_free(copy, 2 * room);
        return SR_FAIL(CKR_HOST_MEMORY);
    }
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    memcpy(copy, data.at, data.size);
    int size = 0;
    bool good = EVP_CipherInit_ex2(ctx, sr_cipher_algorithm(how->cipher, key->value.size), key->value.at,
                                   how->iv.size == 0 ? NULL : how->iv.at, how->encrypt, NULL) == 1 &&
                EVP_CipherUpdate(ctx, copy + room, &size, copy, (int)data.size) == 1 && size > 0;
    sr_result result =
        good ? sr_put(out, copy + room, (size_t)size)
             : sr_openssl_failure(how->encrypt ? CKR_FUNCTION_FAILED : CKR_ENCRYPTED_DATA_INVALID);
    sr_arena_free(copy, 2 * room);
    return result;
}

static sr_result run(struct sr_key *key, const struct sr_cipher_how *how, struct sr_bytes data,
                     struct sr_room out) {
    sr_result failure = 0;
    struct sr_parsed *parsed = sr_parsed_get(key, &failure);
    if (parsed == NULL)
        return failure;
    struct sr_stream stream = {.ctx = ready(parsed, key, how)};
    if (stream.ctx == NULL)
        return sr_openssl_failure(CKR_HOST_MEMORY);
    size_t *iv_size = &parsed->iv_size[how->cipher][how->encrypt];
    sr_result result = sr_stream_begin(&stream, key, how, *iv_size);
    if (stream.mode == SR_MODE_GCM && stream.long_iv == NULL)
        *iv_size = how->iv.size;
    if (result >= 0 && stream.mode == SR_MODE_CTR && data.size > stream.counter_left)
        result = SR_FAIL(CKR_DATA_LEN_RANGE);
    if (result >= 0) {
        bool opens = stream.mode == SR_MODE_GCM && !how->encrypt;
        result = opens ? open_at_once(&stream, data, out) : feed_at_once(&stream, data, out);
    }
    sr_gcm_long_free(stream.long_iv);
    return result;
}

/* True when writing out from its beginning would overwrite input that has not been read yet. */
static bool runs_ahead(struct sr_bytes data, struct sr_room out) {
    uintptr_t from = (uintptr_t)data.at, to = (uintptr_t)out.at;
    return to > from && to - from < data.size;
}

sr_result sr_cipher(struct sr_key *key, const struct sr_cipher_how *given, struct sr_bytes data,
                    struct sr_room out) {
    sr_result size = sr_cipher_check(key, given);
    if (size >= 0)
        size = output_size(given, data.size);
    if (size < 0)
        return size;
    uint8_t iv[SR_IV_MAX];
    struct sr_cipher_how own = *given, *how = &own;
    sr_cipher_own_iv(how, iv);
    uint32_t mode = mode_of(how);
    bool padded_end = !how->encrypt && (mode == SR_MODE_CBC_PAD || mode == SR_MODE_KEY_WRAP_PAD);
    size_t least = padded_end && size > (sr_result)BLOCK ? (size_t)size - BLOCK + 1
                   : padded_end                          ? 0
                                                         : (size_t)size;
    if (out.size < least)
        return sr_too_small((size_t)size);
    if (sr_cipher_at_once_only(how->cipher))
        return key_wrap(key, how, data, out);
    SR_GUARDED;
    if (!runs_ahead(data, out))
        return run(key, how, data, out);
    uint8_t *copy = malloc(data.size); /* in the arena, which zeroes what is freed */
    if (copy == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    memcpy(copy, data.at, data.size);
    sr_result result = run(key, how, (struct sr_bytes){copy, data.size}, out);
    free(copy);
    return result;
}
