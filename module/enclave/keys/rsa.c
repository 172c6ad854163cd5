#include "rsa.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#define RSA_MIN_BITS 512
#define RSA_NUMBERS 8

/* The numbers of an RSA key in the order of their components, and what OpenSSL calls them. */
static const struct {
    uint32_t component;
    const char *name;
} numbers[RSA_NUMBERS] = {
    {SR_MODULUS, OSSL_PKEY_PARAM_RSA_N},           {SR_PUBLIC_EXPONENT, OSSL_PKEY_PARAM_RSA_E},
    {SR_PRIVATE_EXPONENT, OSSL_PKEY_PARAM_RSA_D},  {SR_PRIME1, OSSL_PKEY_PARAM_RSA_FACTOR1},
    {SR_PRIME2, OSSL_PKEY_PARAM_RSA_FACTOR2},      {SR_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {SR_EXPONENT2, OSSL_PKEY_PARAM_RSA_EXPONENT2}, {SR_COEFFICIENT, OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};
enum { N, E, D, P, Q, DP, DQ, QINV };

/* Room for all numbers of the largest key; lies in the arena. */
struct rsa_bytes {
    uint8_t number[RSA_NUMBERS][SR_RSA_MAX_BYTES];
};
static void release_bytes(struct rsa_bytes **bytes) {
    sr_arena_free(*bytes, sizeof **bytes);
}

/*
 * Factors n, given d and e with e·d ≡ 1 (NIST SP 800-56B, appendix C.2, the probabilistic way): with e·d - 1
 * = 2^s·t, some power g^(t·2^i) is a square root of 1 other than ±1 for at least half of all g.
 */
static bool recover_factors(BIGNUM *number[RSA_NUMBERS], BN_CTX *ctx) {
    bool found = false;
    BN_CTX_start(ctx);
    BIGNUM *t = BN_CTX_get(ctx), *g = BN_CTX_get(ctx), *x = BN_CTX_get(ctx), *y = BN_CTX_get(ctx);
    BIGNUM *last = BN_CTX_get(ctx);
    if (last == NULL || !BN_mul(t, number[D], number[E], ctx) || !BN_sub_word(t, 1) || BN_is_zero(t) ||
        BN_is_odd(t) || !BN_copy(last, number[N]) || !BN_sub_word(last, 1))
        goto out;
    int s = 0;
    while (!BN_is_bit_set(t, s))
        s++;
    if (!BN_rshift(t, t, s))
        goto out;
    BN_set_flags(t, BN_FLG_CONSTTIME);
    for (int tries = 0; tries < 128 && !found; tries++) {
        if (!BN_priv_rand_range(g, last) || !BN_mod_exp(x, g, t, number[N], ctx))
            goto out;
        for (int i = 0; i < s && !BN_is_one(x) && BN_cmp(x, last) != 0; i++) {
            if (!BN_mod_sqr(y, x, number[N], ctx))
                goto out;
            if (BN_is_one(y)) {
                found = BN_sub_word(x, 1) && BN_gcd(number[P], x, number[N], ctx) &&
                        BN_div(number[Q], NULL, number[N], number[P], ctx);
                break;
            }
            if (!BN_copy(x, y))
                goto out;
        }
    }
    if (found && BN_cmp(number[P], number[Q]) < 0)
        BN_swap(number[P], number[Q]);
    if (found) {
        found = BN_copy(x, number[P]) && BN_sub_word(x, 1) && BN_mod(number[DP], number[D], x, ctx) &&
                BN_copy(y, number[Q]) && BN_sub_word(y, 1) && BN_mod(number[DQ], number[D], y, ctx) &&
                BN_mod_inverse(number[QINV], number[Q], number[P], ctx) != NULL;
    }
out:
    BN_CTX_end(ctx);
    return found;
}

/* One prime's half: e·d ≡ 1 and d ≡ exponent (mod prime - 1). */
static bool half_fits(const BIGNUM *prime, const BIGNUM *exponent, BIGNUM *const number[RSA_NUMBERS],
                      BN_CTX *ctx) {
    BN_CTX_start(ctx);
    BIGNUM *less = BN_CTX_get(ctx), *x = BN_CTX_get(ctx);
    bool fits = x != NULL && BN_copy(less, prime) && BN_sub_word(less, 1) && !BN_is_zero(less) &&
                BN_mod_mul(x, number[D], number[E], less, ctx) && BN_is_one(x) &&
                BN_mod(x, number[D], less, ctx) && BN_cmp(x, exponent) == 0;
    BN_CTX_end(ctx);
    return fits;
}

static bool numbers_fit(BIGNUM *const number[RSA_NUMBERS], BN_CTX *ctx) {
    BN_CTX_start(ctx);
    BIGNUM *x = BN_CTX_get(ctx);
    bool fits = x != NULL && BN_is_odd(number[P]) && BN_is_odd(number[Q]) &&
                BN_cmp(number[P], number[Q]) != 0 && BN_mul(x, number[P], number[Q], ctx) &&
                BN_cmp(x, number[N]) == 0 && half_fits(number[P], number[DP], number, ctx) &&
                half_fits(number[Q], number[DQ], number, ctx) && BN_cmp(number[QINV], number[P]) < 0 &&
                BN_mod_mul(x, number[QINV], number[Q], number[P], ctx) && BN_is_one(x);
    BN_CTX_end(ctx);
    return fits;
}

static bool public_fits(const BIGNUM *n, const BIGNUM *e) {
    return BN_num_bits(n) >= RSA_MIN_BITS && BN_num_bits(n) <= (int)SR_RSA_MAX_BYTES * 8 && BN_is_odd(n) &&
           BN_is_odd(e) && !BN_is_one(e) && BN_cmp(e, n) < 0;
}

static sr_result build(uint32_t kind, BIGNUM *const number[RSA_NUMBERS], struct sr_key **key) {
    __attribute__((cleanup(release_bytes))) struct rsa_bytes *bytes = sr_arena_alloc(sizeof *bytes);
    if (bytes == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    struct sr_parts parts = {0};
    for (unsigned i = 0; i < (kind == SR_RSA_PRIVATE ? RSA_NUMBERS : 2u); i++) {
        int size = BN_num_bytes(number[i]);
        if (size <= 0 || size > (int)SR_RSA_MAX_BYTES || BN_bn2bin(number[i], bytes->number[i]) != size)
            return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        sr_parts_add(&parts, numbers[i].component, bytes->number[i], (size_t)size);
    }
    return sr_key_build(kind, NULL, (uint32_t)BN_num_bits(number[N]), &parts, key);
}

sr_result sr_rsa_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key) {
    SR_GUARDED_SCRUBBED;
    BIGNUM *number[RSA_NUMBERS];
    unsigned wanted = kind == SR_RSA_PUBLIC ? 2 : RSA_NUMBERS, given = 0;
    SR_AUTO(bn_ctx) ctx = BN_CTX_new();
    if (ctx == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    BN_CTX_start(ctx);
    for (unsigned i = 0; i < RSA_NUMBERS; i++) {
        number[i] = BN_CTX_get(ctx);
        struct sr_bytes bytes = sr_parts_get(parts, numbers[i].component);
        if (number[i] == NULL || bytes.at == NULL || bytes.size == 0 || i >= wanted)
            continue;
        if (bytes.size > SR_RSA_MAX_BYTES + 1 || BN_bin2bn(bytes.at, (int)bytes.size, number[i]) == NULL ||
            BN_is_zero(number[i]))
            return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        if (i >= D)
            BN_set_flags(number[i], BN_FLG_CONSTTIME);
        given |= 1u << i;
    }
    if (number[QINV] == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    bool short_form = kind == SR_RSA_PRIVATE && given == 0x07;
    if (!short_form && given != (1u << wanted) - 1)
        return SR_FAIL(CKR_TEMPLATE_INCOMPLETE);
    bool fits = public_fits(number[N], number[E]);
    if (fits && short_form)
        fits = BN_cmp(number[D], number[N]) < 0 && recover_factors(number, ctx);
    if (fits && kind == SR_RSA_PRIVATE)
        fits = BN_num_bytes(number[D]) <= (int)SR_RSA_MAX_BYTES && numbers_fit(number, ctx);
    if (!fits)
        return sr_openssl_failure(CKR_ATTRIBUTE_VALUE_INVALID);
    sr_result built = build(kind, number, key);
    BN_CTX_end(ctx);
    return built;
}

EVP_PKEY *sr_rsa_parse(const struct sr_key *key) {
    OSSL_PARAM params[RSA_NUMBERS + 1];
    unsigned count = 0;
    __attribute__((cleanup(release_bytes))) struct rsa_bytes *bytes = sr_arena_alloc(sizeof *bytes);
    SR_AUTO(pkey_ctx) ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (bytes == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
        return NULL;
    for (unsigned i = 0; i < RSA_NUMBERS; i++) {
        struct sr_bytes part = sr_key_part(key, numbers[i].component);
        if (part.at == NULL)
            continue;
        for (size_t j = 0; j < part.size; j++) /* OSSL_PARAM integers are in the machine's order */
            bytes->number[i][j] = part.at[part.size - 1 - j];
        params[count++] = OSSL_PARAM_construct_BN(numbers[i].name, bytes->number[i], part.size);
    }
    params[count] = OSSL_PARAM_construct_end();
    EVP_PKEY *pkey = NULL;
    int selection = key->kind == SR_RSA_PRIVATE ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    return EVP_PKEY_fromdata(ctx, &pkey, selection, params) == 1 ? pkey : NULL;
}

static int go_on(EVP_PKEY_CTX *ctx) {
    const _Atomic bool *const *stop = EVP_PKEY_CTX_get_app_data(ctx);
    return !*stop[0] && !*stop[1];
}

sr_result sr_rsa_generate(uint32_t bits, struct sr_bytes exponent, const _Atomic bool *const stop[2],
                          struct sr_key **key) {
    if (bits < 1024 || bits > SR_RSA_MAX_BYTES * 8)
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    if (exponent.size == 0 || exponent.size > 32)
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    SR_GUARDED_SCRUBBED;
    SR_AUTO(bn) e = BN_bin2bn(exponent.at, (int)exponent.size, NULL);
    SR_AUTO(pkey_ctx) ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (e == NULL || ctx == NULL)
        return sr_openssl_failure(CKR_HOST_MEMORY);
    if (!BN_is_odd(e) || BN_is_one(e))
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    EVP_PKEY_CTX_set_app_data(ctx, (void *)(uintptr_t)stop);
    EVP_PKEY *made = NULL;
    if (EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) != 1 ||
        EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) != 1)
        return sr_openssl_failure(CKR_ATTRIBUTE_VALUE_INVALID);
    EVP_PKEY_CTX_set_cb(ctx, go_on);
    if (EVP_PKEY_generate(ctx, &made) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    SR_AUTO(pkey) pkey = made;
    SR_AUTO(bn_ctx) bn = BN_CTX_new();
    if (bn == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    BN_CTX_start(bn);
    BIGNUM *number[RSA_NUMBERS];
    for (unsigned i = 0; i < RSA_NUMBERS; i++) {
        number[i] = BN_CTX_get(bn);
        if (number[i] == NULL || EVP_PKEY_get_bn_param(pkey, numbers[i].name, &number[i]) != 1)
            return sr_openssl_failure(CKR_FUNCTION_FAILED);
    }
    sr_result built = build(SR_RSA_PRIVATE, number, key);
    BN_CTX_end(bn);
    return built;
}
