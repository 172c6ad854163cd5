#include "argon2.h"

#include "../base/algs.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#define SALT_LEAST 8u
#define BLOCK 1024u

SR_OWNED(kdf_ctx, EVP_KDF_CTX, EVP_KDF_CTX_free);

sr_result sr_argon2_check(const struct sr_argon2 *how) {
    bool sizes = how->pin.size > 0 && how->pin.size <= SR_CHUNK && how->salt.size >= SALT_LEAST &&
                 how->salt.size <= SR_CHUNK && how->secret.size <= SR_CHUNK && how->data.size <= SR_CHUNK;
    bool costs = how->lanes > 0 && how->lanes <= SR_ARGON2_LANES_MAX && how->passes > 0 &&
                 how->passes <= SR_ARGON2_PASSES_MAX && how->kib >= 8 * how->lanes &&
                 how->kib <= SR_ARGON2_KIB_MAX;
    return sizes && costs ? 0 : SR_FAIL(CKR_ARGUMENTS_BAD);
}

/* OpenSSL copies what is passed; it has no parameter for bytes that it only reads. */
static OSSL_PARAM octets(const char *name, struct sr_bytes bytes) {
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)bytes.at, bytes.size);
}

sr_result sr_argon2id(const struct sr_argon2 *how, uint8_t out[32]) {
    SR_GUARDED_SCRUBBED;
    uint32_t kib = how->kib, passes = how->passes, lanes = how->lanes;
    OSSL_PARAM params[8] = {
        octets(OSSL_KDF_PARAM_PASSWORD, how->pin),
        octets(OSSL_KDF_PARAM_SALT, how->salt),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &kib),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &passes),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &lanes),
    };
    unsigned count = 5;
    if (how->secret.size > 0)
        params[count++] = octets(OSSL_KDF_PARAM_SECRET, how->secret);
    if (how->data.size > 0)
        params[count++] = octets(OSSL_KDF_PARAM_ARGON2_AD, how->data);
    params[count] = OSSL_PARAM_construct_end();
    SR_AUTO(kdf_ctx) context = EVP_KDF_CTX_new(sr_argon2id_algorithm());
    if (context == NULL)
        return sr_openssl_failure(CKR_HOST_MEMORY);
    /* What it is asked for in blocks is this large, and nothing else is. */
    sr_guarded_except((size_t)(kib - kib % (4 * lanes)) * BLOCK);
    bool derived = EVP_KDF_derive(context, out, 32, params) == 1;
    sr_guarded_except(0);
    /* The one thing that fails when all that it is given was checked is memory. */
    return derived ? 0 : sr_openssl_failure(CKR_HOST_MEMORY);
}
