/* Generated from schema/cryptoki by scripts/generate.ts. Do not edit. */

#include "../marshal.h"

static bool plausible(const void *pointer, CK_ULONG length) {
    return pointer != NULL ? length <= SR_LANE_ARGUMENTS_MAX : length == 0;
}

static void put_pointer(struct sr_call *call, const void *pointer, CK_ULONG length) {
    sr_put_ulong(call, pointer != NULL);
    sr_put_ulong(call, length);
    if (pointer != NULL)
        sr_put_content(call, pointer, length);
}

static void put_plain(struct sr_call *call, const void *parameter, CK_ULONG length, bool fits) {
    if (!fits) {
        sr_put_ulong(call, SR_FORM_MALFORMED);
        return;
    }
    sr_put_ulong(call, length == 0 ? SR_FORM_NONE : SR_FORM_BYTES);
    if (length != 0)
        put_pointer(call, parameter, length);
}

/* Flattens the parameter; what does not have the mechanism's layout is marked, and the engine answers CKR_MECHANISM_PARAM_INVALID. */
void sr_put_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism) {
    sr_put_ulong(call, mechanism != NULL);
    if (mechanism == NULL)
        return;
    const void *parameter = mechanism->pParameter;
    CK_ULONG length = mechanism->ulParameterLen;
    sr_put_ulong(call, mechanism->mechanism);
    if (parameter == NULL && length != 0) {
        sr_put_ulong(call, SR_FORM_MALFORMED);
        return;
    }
    switch (mechanism->mechanism) {
    case CKM_RSA_PKCS_KEY_PAIR_GEN:
    case CKM_RSA_PKCS:
    case CKM_RSA_X_509:
    case CKM_SHA1_RSA_PKCS:
    case CKM_SHA224_RSA_PKCS:
    case CKM_SHA256_RSA_PKCS:
    case CKM_SHA384_RSA_PKCS:
    case CKM_SHA512_RSA_PKCS:
    case CKM_SHA3_224_RSA_PKCS:
    case CKM_SHA3_256_RSA_PKCS:
    case CKM_SHA3_384_RSA_PKCS:
    case CKM_SHA3_512_RSA_PKCS:
    case CKM_EC_KEY_PAIR_GEN:
    case CKM_ECDSA:
    case CKM_ECDSA_SHA1:
    case CKM_ECDSA_SHA224:
    case CKM_ECDSA_SHA256:
    case CKM_ECDSA_SHA384:
    case CKM_ECDSA_SHA512:
    case CKM_ECDSA_SHA3_224:
    case CKM_ECDSA_SHA3_256:
    case CKM_ECDSA_SHA3_384:
    case CKM_ECDSA_SHA3_512:
    case CKM_EC_EDWARDS_KEY_PAIR_GEN:
    case CKM_EC_MONTGOMERY_KEY_PAIR_GEN:
    case CKM_AES_KEY_GEN:
    case CKM_AES_ECB:
    case CKM_GENERIC_SECRET_KEY_GEN:
    case CKM_SHA_1_KEY_GEN:
    case CKM_SHA_1_HMAC:
    case CKM_SHA224_KEY_GEN:
    case CKM_SHA224_HMAC:
    case CKM_SHA256_KEY_GEN:
    case CKM_SHA256_HMAC:
    case CKM_SHA384_KEY_GEN:
    case CKM_SHA384_HMAC:
    case CKM_SHA512_KEY_GEN:
    case CKM_SHA512_HMAC:
    case CKM_SHA512_224_KEY_GEN:
    case CKM_SHA512_224_HMAC:
    case CKM_SHA512_256_KEY_GEN:
    case CKM_SHA512_256_HMAC:
    case CKM_SHA3_224_KEY_GEN:
    case CKM_SHA3_224_HMAC:
    case CKM_SHA3_256_KEY_GEN:
    case CKM_SHA3_256_HMAC:
    case CKM_SHA3_384_KEY_GEN:
    case CKM_SHA3_384_HMAC:
    case CKM_SHA3_512_KEY_GEN:
    case CKM_SHA3_512_HMAC:
    case CKM_SHA_1:
    case CKM_SHA224:
    case CKM_SHA256:
    case CKM_SHA384:
    case CKM_SHA512:
    case CKM_SHA512_224:
    case CKM_SHA512_256:
    case CKM_SHA3_224:
    case CKM_SHA3_256:
    case CKM_SHA3_384:
    case CKM_SHA3_512:
        sr_put_ulong(call, length == 0 ? SR_FORM_NONE : SR_FORM_MALFORMED);
        return;
    case CKM_AES_CBC:
    case CKM_AES_CBC_PAD:
        put_plain(call, parameter, length, length == 16);
        return;
    case CKM_AES_KEY_WRAP:
        put_plain(call, parameter, length, length == 0 || length == 8);
        return;
    case CKM_AES_KEY_WRAP_KWP:
        put_plain(call, parameter, length, length == 0 || length == 4);
        return;
    case CKM_SHA_1_HMAC_GENERAL:
    case CKM_SHA224_HMAC_GENERAL:
    case CKM_SHA256_HMAC_GENERAL:
    case CKM_SHA384_HMAC_GENERAL:
    case CKM_SHA512_HMAC_GENERAL:
    case CKM_SHA512_224_HMAC_GENERAL:
    case CKM_SHA512_256_HMAC_GENERAL:
    case CKM_SHA3_224_HMAC_GENERAL:
    case CKM_SHA3_256_HMAC_GENERAL:
    case CKM_SHA3_384_HMAC_GENERAL:
    case CKM_SHA3_512_HMAC_GENERAL:
        if (length != sizeof(CK_MAC_GENERAL_PARAMS))
            break;
        sr_put_ulong(call, SR_FORM_SHAPE);
        sr_put_ulong(call, *(const CK_MAC_GENERAL_PARAMS *)parameter);
        return;
    case CKM_RSA_PKCS_PSS:
    case CKM_SHA1_RSA_PKCS_PSS:
    case CKM_SHA224_RSA_PKCS_PSS:
    case CKM_SHA256_RSA_PKCS_PSS:
    case CKM_SHA384_RSA_PKCS_PSS:
    case CKM_SHA512_RSA_PKCS_PSS:
    case CKM_SHA3_224_RSA_PKCS_PSS:
    case CKM_SHA3_256_RSA_PKCS_PSS:
    case CKM_SHA3_384_RSA_PKCS_PSS:
    case CKM_SHA3_512_RSA_PKCS_PSS:
        if (length == sizeof(CK_RSA_PKCS_PSS_PARAMS)) {
            const CK_RSA_PKCS_PSS_PARAMS *p = parameter;
            sr_put_ulong(call, SR_FORM_SHAPE);
            sr_put_ulong(call, p->hashAlg);
            sr_put_ulong(call, p->mgf);
            sr_put_ulong(call, p->sLen);
            return;
        }
        break;
    case CKM_RSA_PKCS_OAEP:
        if (length == sizeof(CK_RSA_PKCS_OAEP_PARAMS)) {
            const CK_RSA_PKCS_OAEP_PARAMS *p = parameter;
            if (!plausible(p->pSourceData, p->ulSourceDataLen))
                break;
            sr_put_ulong(call, SR_FORM_SHAPE);
            sr_put_ulong(call, p->hashAlg);
            sr_put_ulong(call, p->mgf);
            sr_put_ulong(call, p->source);
            put_pointer(call, p->pSourceData, p->ulSourceDataLen);
            return;
        }
        break;
    case CKM_ECDH1_DERIVE:
    case CKM_ECDH1_COFACTOR_DERIVE:
        if (length == sizeof(CK_ECDH1_DERIVE_PARAMS)) {
            const CK_ECDH1_DERIVE_PARAMS *p = parameter;
            if (!plausible(p->pSharedData, p->ulSharedDataLen))
                break;
            if (!plausible(p->pPublicData, p->ulPublicDataLen))
                break;
            sr_put_ulong(call, SR_FORM_SHAPE);
            sr_put_ulong(call, p->kdf);
            put_pointer(call, p->pSharedData, p->ulSharedDataLen);
            put_pointer(call, p->pPublicData, p->ulPublicDataLen);
            return;
        }
        break;
    case CKM_AES_CTR:
        if (length == sizeof(CK_AES_CTR_PARAMS)) {
            const CK_AES_CTR_PARAMS *p = parameter;
            sr_put_ulong(call, SR_FORM_SHAPE);
            sr_put_ulong(call, p->ulCounterBits);
            put_pointer(call, p->cb, 16);
            return;
        }
        break;
    case CKM_AES_GCM:
        if (length == sizeof(CK_GCM_PARAMS)) {
            const CK_GCM_PARAMS *p = parameter;
            if (!plausible(p->pIv, p->ulIvLen))
                break;
            if (!plausible(p->pAAD, p->ulAADLen))
                break;
            sr_put_ulong(call, SR_FORM_SHAPE);
            put_pointer(call, p->pIv, p->ulIvLen);
            sr_put_ulong(call, p->ulIvBits);
            put_pointer(call, p->pAAD, p->ulAADLen);
            sr_put_ulong(call, p->ulTagBits);
            return;
        }
        if (length == sizeof(CK_GCM_PARAMS_WITHOUT_IV_BITS)) {
            const CK_GCM_PARAMS_WITHOUT_IV_BITS *p = parameter;
            if (!plausible(p->pIv, p->ulIvLen))
                break;
            if (!plausible(p->pAAD, p->ulAADLen))
                break;
            sr_put_ulong(call, SR_FORM_SHAPE);
            put_pointer(call, p->pIv, p->ulIvLen);
            sr_put_ulong(call, 0);
            put_pointer(call, p->pAAD, p->ulAADLen);
            sr_put_ulong(call, p->ulTagBits);
            return;
        }
        break;
    case CKM_EDDSA:
        if (length == 0) {
            sr_put_ulong(call, SR_FORM_NONE);
            return;
        }
        if (length == sizeof(CK_EDDSA_PARAMS)) {
            const CK_EDDSA_PARAMS *p = parameter;
            if (!plausible(p->pContextData, p->ulContextDataLen))
                break;
            sr_put_ulong(call, SR_FORM_SHAPE);
            sr_put_ulong(call, p->phFlag);
            put_pointer(call, p->pContextData, p->ulContextDataLen);
            return;
        }
        break;
    default: /* a mechanism that the engine does not know either */
        sr_put_ulong(call, SR_FORM_NONE);
        return;
    }
    sr_put_ulong(call, SR_FORM_MALFORMED);
}
