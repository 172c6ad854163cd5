#include "cipher.h"

#include "digest.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#define BLOCK 16u

static bool is_gcm_opening(const struct sr_stream *stream) {
    return stream->mode == SR_MODE_GCM && !stream->encrypt;
}

/* Bytes until the low `bits` bits of the big-endian counter wrap. */
static uint64_t counter_room(const uint8_t counter[BLOCK], uint32_t bits) {
    unsigned __int128 value = 0, blocks = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        value = value << 8 | counter[i];
    if (bits < 128)
        value &= ((unsigned __int128)1 << bits) - 1;
    blocks = (bits < 128 ? (unsigned __int128)1 << bits : 0) - value; /* for 128 bits: modulo 2^128 */
    if (bits == 128 && value == 0)
        return UINT64_MAX;
    return blocks > UINT64_MAX / BLOCK ? UINT64_MAX : (uint64_t)blocks * BLOCK;
}

sr_result sr_stream_begin(struct sr_stream *stream, const struct sr_key *key, const struct sr_cipher_how *how,
                          size_t iv_size_before) {
    const struct sr_cipher_form *form = sr_cipher_form(how->cipher);
    stream->mode = form->mode;
    stream->encrypt = how->encrypt;
    int size = 0;
    bool good = true;
    if (form->mode == SR_MODE_GCM) {
        stream->tag_size = how->param;
        if (how->iv.size > SR_GCM_EVP_IV_MAX) {
            stream->ctx = NULL;
            stream->long_iv = sr_gcm_long_new(sr_cipher_algorithm(form->block, key->value.size), key->value,
                                              how->iv, how->aad);
            return stream->long_iv == NULL ? SR_FAIL(CKR_HOST_MEMORY) : 0;
        }
        if (how->iv.size != iv_size_before)
            good = EVP_CIPHER_CTX_ctrl(stream->ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)how->iv.size, NULL) == 1;
    }
    if (form->mode == SR_MODE_CTR)
        stream->counter_left = counter_room(how->iv.at, how->param);
    const uint8_t *iv = form->mode == SR_MODE_ECB ? NULL : how->iv.at;
    good = good && EVP_CipherInit_ex2(stream->ctx, NULL, NULL, iv, how->encrypt, NULL) == 1;
    if (form->mode == SR_MODE_ECB || form->mode == SR_MODE_CBC)
        good = good && EVP_CIPHER_CTX_set_padding(stream->ctx, 0) == 1;
    if (form->mode == SR_MODE_GCM && how->aad.size > 0)
        good = good && EVP_CipherUpdate(stream->ctx, NULL, &size, how->aad.at, (int)how->aad.size) == 1;
    return good ? 0 : sr_openssl_failure(CKR_FUNCTION_FAILED);
}

/* Exactly what an update with `more` bytes writes. */
static size_t update_size(const struct sr_stream *stream, size_t more) {
    size_t total = stream->held + more;
    switch (stream->mode) {
    case SR_MODE_CTR:
        return more;
    case SR_MODE_GCM:
        return stream->encrypt ? more : 0;
    case SR_MODE_CBC_PAD:
        if (!stream->encrypt) /* the last block, whole or not, waits for the end */
            return total == 0 ? 0 : (total - 1) / BLOCK * BLOCK;
        return total / BLOCK * BLOCK;
    default:
        return total / BLOCK * BLOCK;
    }
}

size_t sr_stream_output(const struct sr_stream *stream, size_t more, bool ends) {
    if (!ends)
        return update_size(stream, more);
    if (stream->mode == SR_MODE_CBC_PAD)
        return BLOCK;
    if (stream->mode != SR_MODE_GCM)
        return 0;
    if (stream->encrypt)
        return stream->tag_size;
    return stream->held < stream->tag_size ? 0 : stream->held - stream->tag_size;
}

static bool crypt_chunk(struct sr_stream *stream, const uint8_t *in, size_t size, uint8_t *out,
                        size_t *written) {
    int produced = (int)size;
    bool good = stream->long_iv != NULL ? sr_gcm_long_crypt(stream->long_iv, stream->encrypt, in, out, size)
                                        : EVP_CipherUpdate(stream->ctx, out, &produced, in, (int)size) == 1;
    *written = (size_t)produced;
    return good;
}

/* The room for the output has been checked. Works through private memory, chunk by chunk. */
sr_result sr_stream_feed(struct sr_stream *stream, struct sr_bytes data, struct sr_room out) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    size_t total = 0, most = data.size < SR_CHUNK ? data.size : SR_CHUNK;
    bool good = true;
    for (size_t done = 0; done < data.size && good;) {
        size_t part = data.size - done < SR_CHUNK ? data.size - done : SR_CHUNK, written = 0;
        memcpy(scratch->in, data.at + done, part);
        good = crypt_chunk(stream, scratch->in, part, scratch->out, &written) && written <= out.size - total;
        if (good && written > 0)
            memcpy(out.at + total, scratch->out, written);
        total += good ? written : 0;
        done += part;
    }
    sr_zero(scratch->in, most);
    sr_zero(scratch->out, most + BLOCK);
    if (!good) {
        if (total > 0)
            sr_zero(out.at, total);
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    }
    stream->held = stream->held + data.size - total;
    return (sr_result)total;
}

static sr_result check_counter(struct sr_stream *stream, size_t size) {
    if (stream->mode != SR_MODE_CTR)
        return 0;
    if (size > stream->counter_left)
        return SR_FAIL(CKR_DATA_LEN_RANGE);
    stream->counter_left -= stream->counter_left == UINT64_MAX ? 0 : size;
    return 0;
}

/* GCM decryption: the sealed data is public, and so kept on the heap until the tag can be checked. */
static sr_result keep(struct sr_stream *stream, struct sr_bytes data) {
    if (data.size > SIZE_MAX / 4 - stream->held)
        return SR_FAIL(CKR_HOST_MEMORY);
    size_t needed = stream->held + data.size;
    if (needed > stream->kept_room) {
        size_t room = needed < 4096 ? 4096 : needed + needed / 2;
        uint8_t *larger = realloc(stream->kept, room);
        if (larger == NULL)
            return SR_FAIL(CKR_HOST_MEMORY);
        stream->kept = larger;
        stream->kept_room = room;
    }
    if (data.size > 0)
        memcpy(stream->kept + stream->held, data.at, data.size);
    stream->held = needed;
    return 0;
}

sr_result sr_stream_update(struct sr_stream *stream, struct sr_bytes data, struct sr_room out) {
    if (is_gcm_opening(stream))
        return keep(stream, data);
    if (data.size > SIZE_MAX / 4)
        return SR_FAIL(CKR_DATA_LEN_RANGE);
    size_t needed = update_size(stream, data.size);
    if (out.size < needed)
        return sr_too_small(needed);
    sr_result counted = check_counter(stream, data.size);
    if (counted < 0)
        return counted;
    SR_GUARDED;
    return sr_stream_feed(stream, data, out);
}

/* Decrypts ciphertext‖tag in place, in private memory; the plaintext's length, or nothing but zeros when the
 * tag is wrong. */
sr_result sr_stream_open_kept(struct sr_stream *stream, uint8_t *sealed, size_t size) {
    if (size < stream->tag_size)
        return SR_FAIL(CKR_ENCRYPTED_DATA_LEN_RANGE);
    size_t plain = size - stream->tag_size;
    uint8_t *tag = sealed + plain, none[BLOCK];
    bool good = true;
    for (size_t done = 0; done < plain && good;) {
        size_t part = plain - done < INT_MAX / 2 ? plain - done : INT_MAX / 2, written = 0;
        good = crypt_chunk(stream, sealed + done, part, sealed + done, &written);
        done += part;
    }
    if (good && stream->long_iv != NULL) {
        uint8_t expected[BLOCK];
        sr_gcm_long_tag(stream->long_iv, expected);
        good = CRYPTO_memcmp(expected, tag, stream->tag_size) == 0;
        sr_zero(expected, sizeof expected);
    } else if (good) {
        int rest = 0;
        good = EVP_CIPHER_CTX_ctrl(stream->ctx, EVP_CTRL_AEAD_SET_TAG, (int)stream->tag_size, tag) == 1 &&
               EVP_DecryptFinal_ex(stream->ctx, none, &rest) == 1;
    }
    if (good)
        return (sr_result)plain;
    sr_zero(sealed, plain);
    return sr_openssl_failure(CKR_ENCRYPTED_DATA_INVALID);
}

sr_result sr_stream_open_copy(struct sr_stream *stream, struct sr_bytes sealed, struct sr_room out) {
    SR_GUARDED;
    uint8_t *copy = malloc(sealed.size); /* in the arena, which zeroes what is freed */
    if (copy == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (sealed.size > 0)
        memcpy(copy, sealed.at, sealed.size);
    sr_result plain = sr_stream_open_kept(stream, copy, sealed.size);
    if (plain >= 0)
        plain = sr_put(out, copy, (size_t)plain);
    free(copy);
    return plain;
}

static sr_result gcm_tag(struct sr_stream *stream, struct sr_room out) {
    uint8_t tag[BLOCK];
    int rest = 0;
    if (stream->long_iv != NULL)
        sr_gcm_long_tag(stream->long_iv, tag);
    else if (EVP_EncryptFinal_ex(stream->ctx, tag, &rest) != 1 ||
             EVP_CIPHER_CTX_ctrl(stream->ctx, EVP_CTRL_AEAD_GET_TAG, (int)stream->tag_size, tag) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    return sr_put(out, tag, stream->tag_size);
}

/* Everything but GCM decryption. */
sr_result sr_stream_end(struct sr_stream *stream, struct sr_room out) {
    if (stream->mode == SR_MODE_GCM)
        return gcm_tag(stream, out);
    if (stream->mode == SR_MODE_CTR)
        return 0;
    bool whole =
        stream->held == 0 || (stream->mode == SR_MODE_CBC_PAD && !stream->encrypt && stream->held == BLOCK);
    bool empty_padded = stream->mode == SR_MODE_CBC_PAD && !stream->encrypt && stream->held == 0;
    if ((!whole && !(stream->mode == SR_MODE_CBC_PAD && stream->encrypt)) || empty_padded)
        return SR_FAIL(stream->encrypt ? CKR_DATA_LEN_RANGE : CKR_ENCRYPTED_DATA_LEN_RANGE);
    if (stream->mode != SR_MODE_CBC_PAD)
        return 0;
    uint8_t last[2 * BLOCK];
    int size = 0;
    sr_result result =
        EVP_CipherFinal_ex(stream->ctx, last, &size) == 1
            ? sr_put(out, last, (size_t)size)
            : sr_openssl_failure(stream->encrypt ? CKR_FUNCTION_FAILED : CKR_ENCRYPTED_DATA_INVALID);
    sr_zero(last, sizeof last);
    return result;
}

sr_result sr_stream_final(struct sr_stream *stream, struct sr_room out) {
    size_t needed = sr_stream_output(stream, 0, true);
    if (out.size < needed)
        return sr_too_small(needed);
    SR_GUARDED_SCRUBBED;
    if (!is_gcm_opening(stream))
        return sr_stream_end(stream, out);
    return sr_stream_open_copy(stream, (struct sr_bytes){stream->kept, stream->held}, out);
}

sr_result sr_stream_new(struct sr_key *key, const struct sr_cipher_how *given, struct sr_stream **result) {
    sr_result checked = sr_cipher_check(key, given);
    if (checked < 0)
        return checked;
    uint8_t iv[SR_IV_MAX];
    struct sr_cipher_how own = *given, *how = &own;
    sr_cipher_own_iv(how, iv);
    if (sr_cipher_at_once_only(how->cipher))
        return SR_FAIL(CKR_MECHANISM_INVALID);
    SR_GUARDED_SCRUBBED;
    struct sr_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    EVP_CIPHER_CTX *ctx = stream->ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL || EVP_CipherInit_ex2(ctx, sr_cipher_algorithm(how->cipher, key->value.size),
                                          key->value.at, NULL, how->encrypt, NULL) != 1) {
        sr_stream_free(stream);
        return sr_openssl_failure(CKR_HOST_MEMORY);
    }
    checked = sr_stream_begin(stream, key, how, SR_GCM_IV_DEFAULT);
    if (stream->ctx == NULL)
        EVP_CIPHER_CTX_free(ctx);
    if (checked < 0) {
        sr_stream_free(stream);
        return checked;
    }
    *result = stream;
    return 0;
}

void sr_stream_free(struct sr_stream *stream) {
    if (stream == NULL)
        return;
    EVP_CIPHER_CTX_free(stream->ctx);
    sr_gcm_long_free(stream->long_iv);
    free(stream->kept);
    free(stream);
}
