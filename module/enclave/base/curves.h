/*
 * The named curves, and how CKA_EC_PARAMS names them (PKCS#11 3.2, 6.3.3 and 6.3.5).
 */
#ifndef STRONGROOM_ENCLAVE_CURVES_H
#define STRONGROOM_ENCLAVE_CURVES_H

#include "core.h"

struct sr_curve {
    const char *name; /* OpenSSL's group name */
    int nid;          /* 0 for Ed25519 and X25519 */
    uint32_t kind;    /* the private kind of its keys */
    uint32_t bits;    /* of the field */
    uint32_t field;   /* bytes of a coordinate */
    uint32_t order;   /* bytes of the order, and so of a scalar, r and s */
    uint8_t oid[10];  /* the OID's contents */
    uint8_t oid_size;
    EC_GROUP *group;
};

/* Makes the groups; 0, or -1. A curve that this OpenSSL was built without is left out. */
int sr_curves_init(void);
/* Finds the curve that the DER names: its index is the result, or -CKR_DOMAIN_PARAMS_INVALID /
 * -CKR_CURVE_NOT_SUPPORTED. */
sr_result sr_curve_find(struct sr_bytes params, const struct sr_curve **curve);
/* The curve of Ed25519 or X25519 keys. */
const struct sr_curve *sr_curve_of_kind(uint32_t kind);

#endif
