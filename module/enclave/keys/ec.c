#include "ec.h"

#include "../base/random.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#define POINT_MAX (1 + 2 * 66)

/* Uncompressed SEC 1 form of a point, checked to lie on the curve and not to be its neutral element. */
static sr_result point_encode(const struct sr_curve *curve, const EC_POINT *point, uint8_t out[POINT_MAX]) {
    if (EC_POINT_is_at_infinity(curve->group, point))
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    size_t size =
        EC_POINT_point2oct(curve->group, point, POINT_CONVERSION_UNCOMPRESSED, out, POINT_MAX, NULL);
    return size == 0 ? sr_openssl_failure(CKR_FUNCTION_FAILED) : (sr_result)size;
}

static sr_result point_normalise(const struct sr_curve *curve, struct sr_bytes given,
                                 uint8_t out[POINT_MAX]) {
    uint8_t copy[POINT_MAX];
    if (given.size == 0 || given.size > sizeof copy)
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    memcpy(copy, given.at, given.size);
    if (copy[0] < 2 || copy[0] > 4) /* neither compressed nor uncompressed */
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    SR_AUTO(point) point = EC_POINT_new(curve->group);
    if (point == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (EC_POINT_oct2point(curve->group, point, copy, given.size, NULL) != 1)
        return sr_openssl_failure(CKR_ATTRIBUTE_VALUE_INVALID);
    return point_encode(curve, point, out);
}

/* The point of a scalar; the scalar must be in [1, n-1]. */
static sr_result point_of_scalar(const struct sr_curve *curve, const uint8_t *scalar,
                                 uint8_t out[POINT_MAX]) {
    SR_AUTO(bn) d = BN_secure_new();
    SR_AUTO(point) point = EC_POINT_new(curve->group);
    if (d == NULL || point == NULL || BN_bin2bn(scalar, (int)curve->order, d) == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    BN_set_flags(d, BN_FLG_CONSTTIME);
    if (BN_is_zero(d) || BN_cmp(d, EC_GROUP_get0_order(curve->group)) >= 0)
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    if (EC_POINT_mul(curve->group, point, d, NULL, NULL, NULL) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    return point_encode(curve, point, out);
}

static sr_result find_curve(uint32_t kind, struct sr_bytes params, const struct sr_curve **curve) {
    sr_result found = sr_curve_find(params, curve);
    if (found < 0)
        return found;
    bool fits = kind == (*curve)->kind || kind == (*curve)->kind + 1; /* private, or public */
    return fits ? 0 : SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
}

sr_result sr_ec_from_parts(uint32_t kind, const struct sr_parts *given, struct sr_key **key) {
    struct sr_bytes params = sr_parts_get(given, SR_EC_PARAMS), value = sr_parts_get(given, SR_VALUE);
    struct sr_bytes point = sr_parts_get(given, SR_EC_POINT);
    if (params.at == NULL || (kind == SR_EC_PRIVATE ? value.at : point.at) == NULL)
        return SR_FAIL(CKR_TEMPLATE_INCOMPLETE);
    const struct sr_curve *curve;
    sr_result result = find_curve(kind, params, &curve);
    if (result < 0)
        return result;
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED_SCRUBBED;
    uint8_t *scalar = scratch->small, *computed = scratch->small + 128, public_point[POINT_MAX];
    struct sr_parts parts = {0};
    sr_parts_add(&parts, SR_EC_PARAMS, params.at, params.size);
    if (point.at != NULL) {
        result = point_normalise(curve, point, public_point);
        if (result < 0)
            return result;
    }
    if (kind == SR_EC_PRIVATE) {
        size_t size = value.size;
        const uint8_t *at = value.at;
        for (; size > 0 && *at == 0; size--)
            at++;
        if (size == 0 || size > curve->order)
            return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        memset(scalar, 0, curve->order - size);
        memmove(scalar + curve->order - size, at, size); /* a generated scalar lies there already */
        result = point_of_scalar(curve, scalar, computed);
        if (result > 0 && point.at != NULL && memcmp(computed, public_point, (size_t)result) != 0)
            result = SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        memcpy(public_point, computed, POINT_MAX);
        sr_parts_add(&parts, SR_VALUE, scalar, curve->order);
    }
    if (result >= 0) {
        sr_parts_add(&parts, SR_EC_POINT, public_point, (size_t)result);
        result = sr_key_build(kind, curve, curve->bits, &parts, key);
    }
    sr_zero(scalar, 128);
    return result;
}

sr_result sr_okp_from_parts(uint32_t kind, const struct sr_parts *given, struct sr_key **key) {
    const struct sr_curve *curve = sr_curve_of_kind(kind);
    struct sr_bytes params = sr_parts_get(given, SR_EC_PARAMS), value = sr_parts_get(given, SR_VALUE);
    struct sr_bytes point = sr_parts_get(given, SR_EC_POINT);
    bool private = sr_kind_private(kind);
    uint8_t der[12] = {0x06, curve->oid_size}, public_key[32];
    if ((private ? value.at : point.at) == NULL)
        return SR_FAIL(CKR_TEMPLATE_INCOMPLETE);
    if (params.at != NULL) {
        const struct sr_curve *named;
        sr_result found = find_curve(kind, params, &named);
        if (found < 0)
            return found;
    } else {
        memcpy(der + 2, curve->oid, curve->oid_size);
        params = (struct sr_bytes){der, curve->oid_size + 2u};
    }
    if ((private && value.size != 32) || (point.at != NULL && point.size != 32))
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    SR_GUARDED_SCRUBBED;
    struct sr_parts parts = {0};
    sr_parts_add(&parts, SR_EC_PARAMS, params.at, params.size);
    if (private) {
        size_t size = sizeof public_key;
        SR_AUTO(pkey) pkey = EVP_PKEY_new_raw_private_key_ex(NULL, curve->name, NULL, value.at, 32);
        if (pkey == NULL || EVP_PKEY_get_raw_public_key(pkey, public_key, &size) != 1)
            return sr_openssl_failure(CKR_FUNCTION_FAILED);
        if (point.at != NULL && memcmp(point.at, public_key, 32) != 0)
            return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        sr_parts_add(&parts, SR_VALUE, value.at, 32);
    } else {
        memcpy(public_key, point.at, 32);
        SR_AUTO(pkey) pkey = EVP_PKEY_new_raw_public_key_ex(NULL, curve->name, NULL, public_key, 32);
        if (pkey == NULL)
            return sr_openssl_failure(CKR_ATTRIBUTE_VALUE_INVALID);
    }
    sr_parts_add(&parts, SR_EC_POINT, public_key, 32);
    return sr_key_build(kind, curve, curve->bits, &parts, key);
}

sr_result sr_ec_generate(uint32_t kind, struct sr_bytes params, struct sr_key **key) {
    uint8_t der[64];
    if (params.size > sizeof der)
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
    memcpy(der, params.at, params.size);
    params.at = der;
    const struct sr_curve *curve;
    sr_result result = find_curve(kind, params, &curve);
    if (result < 0)
        return result;
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    uint8_t *value = scratch->small;
    struct sr_parts parts = {0};
    sr_parts_add(&parts, SR_EC_PARAMS, der, params.size);
    sr_parts_add(&parts, SR_VALUE, value, curve->order);
    if (curve->group == NULL) {
        result = sr_random_private(value, 32);
    } else {
        /* FIPS 186-5, A.2.2: rejection sampling in [1, n-1]. */
        SR_GUARDED_SCRUBBED;
        SR_AUTO(bn) d = BN_secure_new();
        do {
            if (d == NULL || BN_priv_rand_range(d, EC_GROUP_get0_order(curve->group)) != 1)
                return sr_openssl_failure(CKR_RANDOM_NO_RNG);
        } while (BN_is_zero(d));
        result = BN_bn2binpad(d, value, (int)curve->order);
    }
    if (result >= 0)
        result = sr_key_from_parts(kind, &parts, key);
    sr_zero(value, 128);
    return result;
}

EVP_PKEY *sr_ec_parse(const struct sr_key *key) {
    OSSL_PARAM params[4];
    unsigned count = 0;
    uint8_t native[66];
    struct sr_bytes point = sr_key_part(key, SR_EC_POINT);
    SR_AUTO(pkey_ctx)
    ctx = EVP_PKEY_CTX_new_from_name(NULL, key->curve->nid != 0 ? "EC" : key->curve->name, NULL);
    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
        return NULL;
    if (key->curve->nid != 0)
        params[count++] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                           (char *)(uintptr_t)key->curve->name, 0);
    params[count++] =
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point.at, point.size);
    if (key->value.at != NULL && key->curve->nid != 0) {
        for (size_t i = 0; i < key->value.size; i++)
            native[i] = key->value.at[key->value.size - 1 - i];
        params[count++] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, key->value.size);
    } else if (key->value.at != NULL) {
        params[count++] = OSSL_PARAM_construct_octet_string(
            OSSL_PKEY_PARAM_PRIV_KEY, (void *)(uintptr_t)key->value.at, key->value.size);
    }
    params[count] = OSSL_PARAM_construct_end();
    EVP_PKEY *pkey = NULL;
    int selection = key->value.at != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    int made = EVP_PKEY_fromdata(ctx, &pkey, selection, params);
    sr_zero(native, sizeof native);
    return made == 1 ? pkey : NULL;
}
