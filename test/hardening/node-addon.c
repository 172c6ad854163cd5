/*
 * An addon for Node that asks Node's own OpenSSL for memory inside and outside the scope, and tells where it
 * came to lie: exports.inside and exports.outside are how many of the four allocations are guarded.
 */
#include "guarded.h"

#include <node_api.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

static uint32_t count_guarded(void) {
    void *plain = OPENSSL_zalloc(100);
    BIGNUM *number = BN_new();
    EVP_PKEY *key = EVP_PKEY_new();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint32_t count = (uint32_t)sr_guarded_contains(plain) + sr_guarded_contains(number) +
                     sr_guarded_contains(key) + sr_guarded_contains(context);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BN_free(number);
    OPENSSL_free(plain);
    return count;
}

NAPI_MODULE_INIT() {
    napi_value inside, outside;
    if (sr_guarded_init(false) != 0) {
        return exports;
    }
    sr_guarded_enter();
    uint32_t within = count_guarded();
    sr_guarded_leave();
    if (napi_create_uint32(env, within, &inside) == napi_ok &&
        napi_create_uint32(env, count_guarded(), &outside) == napi_ok) {
        napi_set_named_property(env, exports, "inside", inside);
        napi_set_named_property(env, exports, "outside", outside);
    }
    return exports;
}
