/*
 * What is known of each hash, scheme, cipher and curve, as rows of base/algs.c and base/curves.c. Generated from schema/enclave: change it there.
 */
#ifndef STRONGROOM_ENCLAVE_GENERATED_TABLES_H
#define STRONGROOM_ENCLAVE_GENERATED_TABLES_H

#define SR_HASH_ROWS \
    [SR_SHA1] = {.name = "SHA1", .size = 20}, \
    [SR_SHA224] = {.name = "SHA2-224", .size = 28}, \
    [SR_SHA256] = {.name = "SHA2-256", .size = 32}, \
    [SR_SHA384] = {.name = "SHA2-384", .size = 48}, \
    [SR_SHA512] = {.name = "SHA2-512", .size = 64}, \
    [SR_SHA512_224] = {.name = "SHA2-512/224", .size = 28}, \
    [SR_SHA512_256] = {.name = "SHA2-512/256", .size = 32}, \
    [SR_SHA3_224] = {.name = "SHA3-224", .size = 28}, \
    [SR_SHA3_256] = {.name = "SHA3-256", .size = 32}, \
    [SR_SHA3_384] = {.name = "SHA3-384", .size = 48}, \
    [SR_SHA3_512] = {.name = "SHA3-512", .size = 64},

#define SR_SCHEME_ROWS \
    [SR_RSA_PKCS1] = {.kind = SR_RSA_PRIVATE}, \
    [SR_RSA_RAW] = {.kind = SR_RSA_PRIVATE}, \
    [SR_RSA_PSS] = {.kind = SR_RSA_PRIVATE}, \
    [SR_ECDSA] = {.kind = SR_EC_PRIVATE}, \
    [SR_ED25519] = {.kind = SR_ED25519_PRIVATE, .whole = true, .name = "ED25519"}, \
    [SR_HMAC] = {.kind = SR_SECRET}, \
    [SR_ED25519CTX] = {.kind = SR_ED25519_PRIVATE, .whole = true, .name = "ED25519ctx"}, \
    [SR_ED25519PH] = {.kind = SR_ED25519_PRIVATE, .hash = SR_SHA512, .name = "ED25519ph"},

#define SR_CIPHER_ROWS \
    [SR_AES_ECB] = {.mode = SR_MODE_ECB, .sizes = {{.key = 16, .name = "AES-128-ECB"}, {.key = 24, .name = "AES-192-ECB"}, {.key = 32, .name = "AES-256-ECB"}}}, \
    [SR_AES_CBC] = {.mode = SR_MODE_CBC, .iv_least = 16, .iv_most = 16, .sizes = {{.key = 16, .name = "AES-128-CBC"}, {.key = 24, .name = "AES-192-CBC"}, {.key = 32, .name = "AES-256-CBC"}}}, \
    [SR_AES_CBC_PAD] = {.mode = SR_MODE_CBC_PAD, .iv_least = 16, .iv_most = 16, .sizes = {{.key = 16, .name = "AES-128-CBC"}, {.key = 24, .name = "AES-192-CBC"}, {.key = 32, .name = "AES-256-CBC"}}}, \
    [SR_AES_CTR] = {.mode = SR_MODE_CTR, .iv_least = 16, .iv_most = 16, .sizes = {{.key = 16, .name = "AES-128-CTR"}, {.key = 24, .name = "AES-192-CTR"}, {.key = 32, .name = "AES-256-CTR"}}}, \
    [SR_AES_GCM] = {.mode = SR_MODE_GCM, .iv_least = 1, .iv_most = 256, .block = SR_AES_ECB, .sizes = {{.key = 16, .name = "AES-128-GCM"}, {.key = 24, .name = "AES-192-GCM"}, {.key = 32, .name = "AES-256-GCM"}}}, \
    [SR_AES_KEY_WRAP] = {.mode = SR_MODE_KEY_WRAP, .iv_least = 8, .iv_most = 8, .iv_optional = true, .sizes = {{.key = 16, .name = "AES-128-WRAP"}, {.key = 24, .name = "AES-192-WRAP"}, {.key = 32, .name = "AES-256-WRAP"}}}, \
    [SR_AES_KEY_WRAP_PAD] = {.mode = SR_MODE_KEY_WRAP_PAD, .iv_least = 4, .iv_most = 4, .iv_optional = true, .sizes = {{.key = 16, .name = "AES-128-WRAP-PAD"}, {.key = 24, .name = "AES-192-WRAP-PAD"}, {.key = 32, .name = "AES-256-WRAP-PAD"}}},

/* OpenSSL has no number for a curve that it does not take for a group. */
#define SR_CURVE_ROWS \
    {.name = "prime256v1", .nid = NID_X9_62_prime256v1, .kind = SR_EC_PRIVATE, .bits = 256, .field = 32, .order = 32, .oid = {42, 134, 72, 206, 61, 3, 1, 7}, .oid_size = 8}, \
    {.name = "secp384r1", .nid = NID_secp384r1, .kind = SR_EC_PRIVATE, .bits = 384, .field = 48, .order = 48, .oid = {43, 129, 4, 0, 34}, .oid_size = 5}, \
    {.name = "secp521r1", .nid = NID_secp521r1, .kind = SR_EC_PRIVATE, .bits = 521, .field = 66, .order = 66, .oid = {43, 129, 4, 0, 35}, .oid_size = 5}, \
    {.name = "secp256k1", .nid = NID_secp256k1, .kind = SR_EC_PRIVATE, .bits = 256, .field = 32, .order = 32, .oid = {43, 129, 4, 0, 10}, .oid_size = 5}, \
    {.name = "secp224r1", .nid = NID_secp224r1, .kind = SR_EC_PRIVATE, .bits = 224, .field = 28, .order = 28, .oid = {43, 129, 4, 0, 33}, .oid_size = 5}, \
    {.name = "prime192v1", .nid = NID_X9_62_prime192v1, .kind = SR_EC_PRIVATE, .bits = 192, .field = 24, .order = 24, .oid = {42, 134, 72, 206, 61, 3, 1, 1}, .oid_size = 8}, \
    {.name = "ED25519", .nid = 0, .kind = SR_ED25519_PRIVATE, .bits = 255, .field = 32, .order = 32, .oid = {43, 101, 112}, .oid_size = 3}, \
    {.name = "X25519", .nid = 0, .kind = SR_X25519_PRIVATE, .bits = 255, .field = 32, .order = 32, .oid = {43, 101, 110}, .oid_size = 3},

/* CKA_EC_PARAMS, whole, and the row of the curve that it names. */
#define SR_CURVE_NAME_ROWS \
    {.curve = 0, .size = 10, .der = {6, 8, 42, 134, 72, 206, 61, 3, 1, 7}}, \
    {.curve = 1, .size = 7, .der = {6, 5, 43, 129, 4, 0, 34}}, \
    {.curve = 2, .size = 7, .der = {6, 5, 43, 129, 4, 0, 35}}, \
    {.curve = 3, .size = 7, .der = {6, 5, 43, 129, 4, 0, 10}}, \
    {.curve = 4, .size = 7, .der = {6, 5, 43, 129, 4, 0, 33}}, \
    {.curve = 5, .size = 10, .der = {6, 8, 42, 134, 72, 206, 61, 3, 1, 1}}, \
    {.curve = 6, .size = 5, .der = {6, 3, 43, 101, 112}}, \
    {.curve = 6, .size = 11, .der = {6, 9, 43, 6, 1, 4, 1, 218, 71, 15, 1}}, \
    {.curve = 6, .size = 14, .der = {19, 12, 101, 100, 119, 97, 114, 100, 115, 50, 53, 53, 49, 57}}, \
    {.curve = 7, .size = 5, .der = {6, 3, 43, 101, 110}}, \
    {.curve = 7, .size = 12, .der = {6, 10, 43, 6, 1, 4, 1, 151, 85, 1, 5, 1}}, \
    {.curve = 7, .size = 12, .der = {19, 10, 99, 117, 114, 118, 101, 50, 53, 53, 49, 57}},

#endif
