/*
 * PKCS#8 PrivateKeyInfo (RFC 5208, RFC 5958) of RSA (RFC 8017, A.1.2), EC (RFC 5915) and RFC 8410 keys.
 */
#ifndef STRONGROOM_ENCLAVE_PKCS8_H
#define STRONGROOM_ENCLAVE_PKCS8_H

#include "key.h"

/* Room that sr_pkcs8_write needs at the most. */
size_t sr_pkcs8_room(const struct sr_key *key);
/* Writes the DER at the end of room and returns its length, or -CKR_KEY_NOT_WRAPPABLE. */
sr_result sr_pkcs8_write(const struct sr_key *key, struct sr_room room);
/* Reads DER into the components of a key of this kind; they point into it. -CKR_WRAPPED_KEY_INVALID when it
 * is anything else. */
sr_result sr_pkcs8_read(uint32_t kind, struct sr_bytes der, struct sr_parts *parts);

#endif
