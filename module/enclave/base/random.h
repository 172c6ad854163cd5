/*
 * Random bytes from OpenSSL's DRBG.
 */
#ifndef STRONGROOM_ENCLAVE_RANDOM_H
#define STRONGROOM_ENCLAVE_RANDOM_H

#include "core.h"

/* For key material: straight from the private DRBG into guarded memory. 0 or -CKR_RANDOM_NO_RNG. */
sr_result sr_random_private(void *out, size_t size);
/* For callers and nonces; small requests come from a pool that is filled in bulk and zeroed as it is used. JS
 * thread only. */
sr_result sr_random(struct sr_room out);
/* Mixes the caller's bytes into the DRBG's state; they count for no entropy. */
sr_result sr_random_seed(struct sr_bytes seed);

#endif
