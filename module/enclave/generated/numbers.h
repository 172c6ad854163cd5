/*
 * The numbers that engine and enclave call things by. Generated from schema/enclave: change it there.
 */
#ifndef STRONGROOM_ENCLAVE_GENERATED_NUMBERS_H
#define STRONGROOM_ENCLAVE_GENERATED_NUMBERS_H

/* Kinds of key the enclave knows; the value is part of the sealed format, so it never changes. */
enum sr_kind {
    SR_SECRET = 1,
    SR_RSA_PRIVATE = 2,
    SR_RSA_PUBLIC = 3,
    SR_EC_PRIVATE = 4,
    SR_EC_PUBLIC = 5,
    SR_ED25519_PRIVATE = 6,
    SR_ED25519_PUBLIC = 7,
    SR_X25519_PRIVATE = 8,
    SR_X25519_PUBLIC = 9,
    SR_DATA = 10,
    SR_KIND_END = 11,
};

/* Components of a key; part of the sealed format as well. */
enum sr_component {
    SR_VALUE = 1,
    SR_MODULUS = 2,
    SR_PUBLIC_EXPONENT = 3,
    SR_PRIVATE_EXPONENT = 4,
    SR_PRIME1 = 5,
    SR_PRIME2 = 6,
    SR_EXPONENT1 = 7,
    SR_EXPONENT2 = 8,
    SR_COEFFICIENT = 9,
    SR_EC_PARAMS = 10,
    SR_EC_POINT = 11,
    SR_COMPONENT_END = 12,
};

/* Hash functions. */
enum sr_hash_id {
    SR_HASH_NONE = 0,
    SR_SHA1 = 1,
    SR_SHA224 = 2,
    SR_SHA256 = 3,
    SR_SHA384 = 4,
    SR_SHA512 = 5,
    SR_SHA512_224 = 6,
    SR_SHA512_256 = 7,
    SR_SHA3_224 = 8,
    SR_SHA3_256 = 9,
    SR_SHA3_384 = 10,
    SR_SHA3_512 = 11,
    SR_HASH_END = 12,
};

/* Signature schemes. The hash beside them says what digests the message; without one the input is used as it is. */
enum sr_scheme {
    SR_RSA_PKCS1 = 1,
    SR_RSA_RAW = 2,
    SR_RSA_PSS = 3,
    SR_ECDSA = 4,
    SR_ED25519 = 5,
    SR_HMAC = 6,
    SR_ED25519CTX = 7,
    SR_ED25519PH = 8,
    SR_SCHEME_END = 9,
};

/* RSA encryption paddings. */
enum sr_padding {
    SR_PAD_PKCS1 = 1,
    SR_PAD_RAW = 2,
    SR_PAD_OAEP = 3,
};

/* KDFs of CKM_ECDH1_DERIVE. */
enum sr_agreement_kdf {
    SR_KDF_NONE = 0,
    SR_KDF_X963 = 1,
    SR_KDF_END = 2,
};

/* Ciphers on secret keys. */
enum sr_cipher_id {
    SR_AES_ECB = 1,
    SR_AES_CBC = 2,
    SR_AES_CBC_PAD = 3,
    SR_AES_CTR = 4,
    SR_AES_GCM = 5,
    SR_AES_KEY_WRAP = 6,
    SR_AES_KEY_WRAP_PAD = 7,
    SR_CIPHER_END = 8,
};

/* What a cipher does with blocks, IV and end. */
enum sr_mode {
    SR_MODE_ECB = 1,
    SR_MODE_CBC = 2,
    SR_MODE_CBC_PAD = 3,
    SR_MODE_CTR = 4,
    SR_MODE_GCM = 5,
    SR_MODE_KEY_WRAP = 6,
    SR_MODE_KEY_WRAP_PAD = 7,
};

/* Sizes of key that one cipher takes, at the most. */
#define SR_CIPHER_SIZES 3u
/* How a message is signed, and a signature checked. */
#define SR_SIGNING_SCHEME(plan) ((plan) >> 0 & 31u)
#define SR_SIGNING_HASH(plan) ((plan) >> 5 & 31u)
#define SR_SIGNING_MGF_HASH(plan) ((plan) >> 10 & 31u)
#define SR_SIGNING_SALT_LENGTH(plan) ((plan) >> 15 & 16383u)
#define SR_SIGNING_PREHASHED(plan) ((plan) >> 29 & 1u)
#define SR_SIGNING_PLAN_END 1073741824u

/* Bytes of an IV, at the most. */
#define SR_IV_MAX 256u

#endif
