#include "wrap.h"

#include "pkcs8.h"

/* A failure of encryption, as C_WrapKey names it: the data was a key, the key was the wrapping key. */
static sr_result wrap_failure(sr_result failure) {
    switch (failure) {
    case SR_FAIL(CKR_DATA_LEN_RANGE):
    case SR_FAIL(CKR_DATA_INVALID):
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    case SR_FAIL(CKR_KEY_SIZE_RANGE):
        return SR_FAIL(CKR_WRAPPING_KEY_SIZE_RANGE);
    case SR_FAIL(CKR_KEY_TYPE_INCONSISTENT):
        return SR_FAIL(CKR_WRAPPING_KEY_TYPE_INCONSISTENT);
    default:
        return failure;
    }
}

sr_result sr_unwrap_failure(sr_result failure) {
    switch (failure) {
    case SR_FAIL(CKR_ENCRYPTED_DATA_LEN_RANGE):
        return SR_FAIL(CKR_WRAPPED_KEY_LEN_RANGE);
    case SR_FAIL(CKR_ENCRYPTED_DATA_INVALID):
    case SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID):
    case SR_FAIL(CKR_TEMPLATE_INCOMPLETE):
    case SR_FAIL(CKR_DOMAIN_PARAMS_INVALID):
        return SR_FAIL(CKR_WRAPPED_KEY_INVALID);
    case SR_FAIL(CKR_KEY_SIZE_RANGE):
        return SR_FAIL(CKR_UNWRAPPING_KEY_SIZE_RANGE);
    case SR_FAIL(CKR_KEY_TYPE_INCONSISTENT):
        return SR_FAIL(CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT);
    default:
        return failure;
    }
}

static bool knows_no_length(uint32_t cipher) {
    return cipher == SR_AES_ECB || cipher == SR_AES_CBC;
}

/* What is to be encrypted, at the end of `room`; its length. */
static sr_result plaintext(const struct sr_wrap_how *how, const struct sr_key *target, struct sr_room room) {
    if (target->kind != SR_SECRET)
        return knows_no_length(how->cipher.cipher) ? SR_FAIL(CKR_KEY_NOT_WRAPPABLE)
                                                   : sr_pkcs8_write(target, room);
    size_t size = target->value.size;
    if (knows_no_length(how->cipher.cipher)) /* PKCS#11 3.2, 6.13.4: null bytes fill the last block */
        size = (size + 15) / 16 * 16;
    uint8_t *at = room.at + room.size - size;
    memcpy(at, target->value.at, target->value.size);
    memset(at + target->value.size, 0, size - target->value.size);
    return (sr_result)size;
}

sr_result sr_key_wrap(struct sr_key *wrapping, const struct sr_wrap_how *how, const struct sr_key *target,
                      struct sr_room out) {
    if (!sr_kind_private(target->kind))
        return SR_FAIL(CKR_KEY_NOT_WRAPPABLE);
    sr_result result = how->cipher.cipher == 0 ? 0 : sr_cipher_check(wrapping, &how->cipher);
    if (result < 0)
        return wrap_failure(result);
    size_t room = sr_pkcs8_room(target) + 16;
    uint8_t *plain = sr_arena_alloc(room);
    if (plain == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    result = plaintext(how, target, (struct sr_room){plain, room});
    if (result >= 0) {
        struct sr_bytes data = {plain + room - result, (size_t)result};
        result = wrap_failure(how->cipher.cipher == 0 ? sr_rsa_encrypt(wrapping, &how->rsa, data, out)
                                                      : sr_cipher(wrapping, &how->cipher, data, out));
    }
    sr_arena_free(plain, room);
    return result;
}

struct sr_unwrapped sr_unwrap_target(const struct sr_wrap_how *how, uint32_t kind, size_t secret_size) {
    bool rsa = how->cipher.cipher == 0;
    return (struct sr_unwrapped){kind, secret_size, rsa && how->rsa.padding == SR_PAD_RAW,
                                 !rsa && knows_no_length(how->cipher.cipher)};
}

static sr_result secret_from(const struct sr_unwrapped *target, struct sr_bytes plain, struct sr_key **key) {
    size_t wanted = target->secret_size == 0 ? plain.size : target->secret_size;
    if (wanted > plain.size || (wanted < plain.size && !target->raw_rsa && !target->zero_padded))
        return SR_FAIL(CKR_WRAPPED_KEY_LEN_RANGE);
    return sr_key_secret(plain.at + (target->raw_rsa ? plain.size - wanted : 0), wanted, key);
}

sr_result sr_unwrap_finish(const struct sr_unwrapped *target, struct sr_bytes plain, struct sr_key **key) {
    if (target->kind == SR_SECRET)
        return sr_unwrap_failure(secret_from(target, plain, key));
    struct sr_parts parts = {0};
    sr_result result = sr_pkcs8_read(target->kind, plain, &parts);
    return sr_unwrap_failure(result < 0 ? result : sr_key_from_parts(target->kind, &parts, key));
}

sr_result sr_key_unwrap(struct sr_key *unwrapping, const struct sr_wrap_how *how, uint32_t kind,
                        size_t secret_size, struct sr_bytes wrapped, struct sr_key **key) {
    if (wrapped.size > SR_SECRET_MAX + 4096)
        return SR_FAIL(CKR_WRAPPED_KEY_LEN_RANGE);
    size_t room = wrapped.size + SR_RSA_MAX_BYTES;
    uint8_t *plain = sr_arena_alloc(room);
    if (plain == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    struct sr_room out = {plain, room};
    sr_result result = how->cipher.cipher == 0 ? sr_rsa_decrypt(unwrapping, &how->rsa, wrapped, out)
                                               : sr_cipher(unwrapping, &how->cipher, wrapped, out);
    const struct sr_unwrapped target = sr_unwrap_target(how, kind, secret_size);
    result = result < 0 ? sr_unwrap_failure(result)
                        : sr_unwrap_finish(&target, (struct sr_bytes){plain, (size_t)result}, key);
    sr_arena_free(plain, room);
    return result;
}
