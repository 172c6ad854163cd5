/*
 * AES-GCM with an IV of more than 128 bytes, which OpenSSL's EVP refuses and PKCS#11 allows. The block cipher
 * is EVP's, the mode is OpenSSL's own as well; it is slower than EVP's fused code, and rare.
 */
#ifndef STRONGROOM_ENCLAVE_GCM_LONG_H
#define STRONGROOM_ENCLAVE_GCM_LONG_H

#include "../base/core.h"

#define SR_GCM_EVP_IV_MAX 128u

struct sr_gcm_long;

/* NULL when memory is exhausted. Call between sr_guarded_enter and leave, as with all of these. */
struct sr_gcm_long *sr_gcm_long_new(const EVP_CIPHER *block, struct sr_bytes key, struct sr_bytes iv,
                                    struct sr_bytes aad);
bool sr_gcm_long_crypt(struct sr_gcm_long *gcm, bool encrypt, const uint8_t *in, uint8_t *out, size_t size);
void sr_gcm_long_tag(struct sr_gcm_long *gcm, uint8_t tag[16]);
void sr_gcm_long_free(struct sr_gcm_long *gcm);

#endif
