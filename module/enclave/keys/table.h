/*
 * The table of handles: what JavaScript knows of a key. JS thread only.
 */
#ifndef STRONGROOM_ENCLAVE_KEYS_TABLE_H
#define STRONGROOM_ENCLAVE_KEYS_TABLE_H

#include "key.h"

/* The handle; frees the key when there is no room for it. */
sr_result sr_keys_add(struct sr_key *key);
/* NULL when the handle means no key. */
struct sr_key *sr_keys_get(uint64_t handle);
sr_result sr_keys_duplicate(uint64_t handle);
void sr_keys_free(uint64_t handle);
size_t sr_keys_count(void);

#endif
