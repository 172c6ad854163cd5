/* The PKCS#11 client's shared state: the module's functions and the objects that the rows use. */
#ifndef STRONGROOM_BENCH_CLIENT_H
#define STRONGROOM_BENCH_CLIENT_H

#include "cryptoki_include.h"
#include "measure.h"

/** Handles of the keys, made by `make_keys`; a handle of 0 means that the module could not make that key. */
struct keys {
    CK_OBJECT_HANDLE ec_private, ec_public, rsa_private, rsa_public, ed_private, hmac, aes;
    unsigned char ec_signature[64], rsa_signature[256];
};

extern CK_FUNCTION_LIST *p11;
extern struct keys keys;
extern CK_SLOT_ID bench_slot;
/** Number of objects that the find rows choose among. */
extern unsigned long find_population;

/** Makes the token keys of the table in the given logged-in session. @returns CKR_OK or the first error. */
CK_RV make_keys(CK_SESSION_HANDLE session);
/** Makes `count` private token data objects labelled object-000000 and up. @returns CKR_OK or the first
 * error. */
CK_RV make_population(CK_SESSION_HANDLE session, unsigned long count);
/** @returns the row of that name, or NULL. */
const struct row *client_row(const char *name);

#endif
