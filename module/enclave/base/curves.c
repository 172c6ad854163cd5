#include "curves.h"

#include <openssl/err.h>
#include <openssl/obj_mac.h>

static struct sr_curve curves[] = {
    {"prime256v1",
     NID_X9_62_prime256v1,
     SR_EC_PRIVATE,
     256,
     32,
     32,
     {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07},
     8,
     NULL},
    {"secp384r1", NID_secp384r1, SR_EC_PRIVATE, 384, 48, 48, {0x2b, 0x81, 0x04, 0x00, 0x22}, 5, NULL},
    {"secp521r1", NID_secp521r1, SR_EC_PRIVATE, 521, 66, 66, {0x2b, 0x81, 0x04, 0x00, 0x23}, 5, NULL},
    {"secp256k1", NID_secp256k1, SR_EC_PRIVATE, 256, 32, 32, {0x2b, 0x81, 0x04, 0x00, 0x0a}, 5, NULL},
    {"secp224r1", NID_secp224r1, SR_EC_PRIVATE, 224, 28, 28, {0x2b, 0x81, 0x04, 0x00, 0x21}, 5, NULL},
    {"prime192v1",
     NID_X9_62_prime192v1,
     SR_EC_PRIVATE,
     192,
     24,
     24,
     {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01},
     8,
     NULL},
    {"ED25519", 0, SR_ED25519_PRIVATE, 255, 32, 32, {0x2b, 0x65, 0x70}, 3, NULL},
    {"X25519", 0, SR_X25519_PRIVATE, 255, 32, 32, {0x2b, 0x65, 0x6e}, 3, NULL},
};
#define CURVES (sizeof curves / sizeof curves[0])
#define ED25519_CURVE 6
#define X25519_CURVE 7

/* Other names of the two curves of RFC 7748: the older OIDs, and PKCS#11's curveName. */
static const struct {
    uint8_t tag, size, curve;
    const char *bytes;
} aliases[] = {
    {0x06, 9, ED25519_CURVE, "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"},
    {0x13, 12, ED25519_CURVE, "edwards25519"},
    {0x06, 10, X25519_CURVE, "\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01"},
    {0x13, 10, X25519_CURVE, "curve25519"},
};

int sr_curves_init(void) {
    if (curves[0].group != NULL)
        return 0;
    for (unsigned i = 0; i < CURVES; i++)
        if (curves[i].nid != 0)
            curves[i].group = EC_GROUP_new_by_curve_name(curves[i].nid);
    ERR_clear_error();
    return curves[0].group == NULL ? -1 : 0;
}

sr_result sr_curve_find(struct sr_bytes params, const struct sr_curve **curve) {
    uint8_t der[32];
    if (params.size < 3 || params.size > 4096)
        return SR_FAIL(CKR_DOMAIN_PARAMS_INVALID);
    size_t size = params.size < sizeof der ? params.size : sizeof der;
    memcpy(der, params.at, size);
    if (der[0] == 0x30)
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED); /* explicit parameters */
    if ((der[0] != 0x06 && der[0] != 0x13) || der[1] >= 0x80 || der[1] + 2u != params.size)
        return SR_FAIL(CKR_DOMAIN_PARAMS_INVALID);
    if (params.size != size)
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
    int found = -1;
    for (unsigned i = 0; i < CURVES && found < 0; i++)
        if (der[0] == 0x06 && der[1] == curves[i].oid_size && memcmp(der + 2, curves[i].oid, der[1]) == 0)
            found = (int)i;
    for (unsigned i = 0; i < sizeof aliases / sizeof aliases[0] && found < 0; i++)
        if (der[0] == aliases[i].tag && der[1] == aliases[i].size &&
            memcmp(der + 2, aliases[i].bytes, der[1]) == 0)
            found = aliases[i].curve;
    if (found < 0 || (curves[found].nid != 0 && curves[found].group == NULL))
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
    *curve = &curves[found];
    return found;
}

const struct sr_curve *sr_curve_of_kind(uint32_t kind) {
    if (kind == SR_ED25519_PRIVATE || kind == SR_ED25519_PUBLIC)
        return &curves[ED25519_CURVE];
    return &curves[X25519_CURVE];
}
