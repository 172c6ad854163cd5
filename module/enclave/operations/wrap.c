#include "wrap.h"

#include "../keys/pkcs8.h"

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
    const struct sr_cipher_form *form = sr_cipher_form(cipher);
    return form != NULL && (form->mode == SR_MODE_ECB || form->mode == SR_MODE_CBC);
}

/* How many bytes null bytes fill up: a block for ECB and CBC (PKCS#11 3.2, 6.13.4), a semiblock for key wrap
 * (AES Key Wrap there). */
static size_t fill_unit(uint32_t cipher) {
    const struct sr_cipher_form *form = sr_cipher_form(cipher);
    return knows_no_length(cipher) ? 16 : form != NULL && form->mode == SR_MODE_KEY_WRAP ? 8 : 1;
}

static size_t filled(size_t size, size_t unit) {
    /* RFC 3394 begins at two semiblocks. */
    size_t least = unit == 8 ? 16 : 0;
    size_t whole = (size + unit - 1) / unit * unit;
    return whole < least ? least : whole;
}

/* PKCS#8, with null bytes behind it where the cipher takes whole units only. */
static sr_result encoded(const struct sr_key *target, size_t unit, struct sr_room room) {
    sr_result size = sr_pkcs8_write(target, room);
    if (size < 0)
        return size;
    size_t fill = filled((size_t)size, unit) - (size_t)size;
    if (fill == 0)
        return size;
    size = sr_pkcs8_write(target, (struct sr_room){room.at, room.size - fill});
    memset(room.at + room.size - fill, 0, fill);
    return size < 0 ? size : size + (sr_result)fill;
}

/* What is to be encrypted, at the end of `room`; its length. */
static sr_result plaintext(const struct sr_wrap_how *how, const struct sr_key *target, struct sr_room room) {
    if (target->kind != SR_SECRET)
        return knows_no_length(how->cipher.cipher) ? SR_FAIL(CKR_KEY_NOT_WRAPPABLE)
                                                   : encoded(target, fill_unit(how->cipher.cipher), room);
    size_t size = filled(target->value.size, fill_unit(how->cipher.cipher));
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
                                 rsa ? 1 : fill_unit(how->cipher.cipher)};
}

/* Looks at every byte, so that the time tells nothing of where the first other one stands. */
static bool all_null(const uint8_t *at, size_t size) {
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++)
        any |= at[i];
    return any == 0;
}

/*
 * The secret of the wanted length. What is cut off is filling, that is, null bytes and fewer than a unit of
 * them (raw RSA: the zeros in front of the number), never bytes of the key: who could have a key cut to 1
 * byte, to 2, and so on, would guess it byte by byte from what each of them signs, whatever
 * CKA_UNWRAP_TEMPLATE says.
 */
static sr_result secret_from(const struct sr_unwrapped *target, struct sr_bytes plain, struct sr_key **key) {
    size_t wanted = target->secret_size == 0 ? plain.size : target->secret_size;
    bool fits = wanted == plain.size || target->raw_rsa || filled(wanted, target->fill_unit) == plain.size;
    if (wanted > plain.size || !fits)
        return SR_FAIL(CKR_WRAPPED_KEY_LEN_RANGE);
    size_t cut = plain.size - wanted;
    if (!all_null(plain.at + (target->raw_rsa ? 0 : wanted), cut))
        return SR_FAIL(CKR_WRAPPED_KEY_LEN_RANGE);
    return sr_key_secret(plain.at + (target->raw_rsa ? cut : 0), wanted, key);
}

/* The DER without the null bytes that key wrap put behind it. */
static struct sr_bytes without_filling(struct sr_bytes plain, size_t unit) {
    size_t size = plain.size;
    for (size_t i = 1; i < unit && size > 2 && plain.at[size - 1] == 0; i++) {
        size_t header = plain.at[1] < 0x80 ? 2 : 2 + (size_t)(plain.at[1] & 0x7f);
        size_t length = plain.at[1] < 0x80 ? plain.at[1] : 0;
        for (size_t b = 2; b < header && header <= 4 && b < size; b++)
            length = length << 8 | plain.at[b];
        if (header > 4 || header + length >= size)
            break;
        size--;
    }
    return (struct sr_bytes){plain.at, size};
}

sr_result sr_unwrap_finish(const struct sr_unwrapped *target, struct sr_bytes plain, struct sr_key **key) {
    if (target->kind == SR_SECRET)
        return sr_unwrap_failure(secret_from(target, plain, key));
    struct sr_parts parts = {0};
    sr_result result = sr_pkcs8_read(target->kind, without_filling(plain, target->fill_unit), &parts);
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
