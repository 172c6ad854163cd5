#include "curves.h"

#include "../generated/tables.h"

#include <openssl/err.h>
#include <openssl/obj_mac.h>

static struct sr_curve curves[] = {SR_CURVE_ROWS};
#define CURVES (sizeof curves / sizeof curves[0])

#define NAME_MAX_SIZE 16
static const struct { uint8_t curve, size, der[NAME_MAX_SIZE]; } names[] = {SR_CURVE_NAME_ROWS};

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
    uint8_t der[NAME_MAX_SIZE];
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
    for (unsigned i = 0; i < sizeof names / sizeof names[0] && found < 0; i++)
        if (names[i].size == size && memcmp(der, names[i].der, size) == 0)
            found = names[i].curve;
    if (found < 0 || (curves[found].nid != 0 && curves[found].group == NULL))
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
    *curve = &curves[found];
    return found;
}

const struct sr_curve *sr_curve_of_kind(uint32_t kind) {
    unsigned i = 0;
    while (i < CURVES - 1 && curves[i].kind != kind && curves[i].kind + 1 != kind)
        i++;
    return &curves[i];
}
