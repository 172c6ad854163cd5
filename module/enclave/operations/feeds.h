/*
 * The table of multi-part operations under way: digests and MACs (feeds), and ciphers (streams). JS thread
 * only.
 */
#ifndef STRONGROOM_ENCLAVE_FEEDS_H
#define STRONGROOM_ENCLAVE_FEEDS_H

#include "cipher.h"
#include "digest.h"

/* The new context's handle; the operation is freed when there is no room for it. */
sr_result sr_contexts_add_feed(struct sr_feed *feed);
sr_result sr_contexts_add_stream(struct sr_stream *stream);
/* NULL when the handle is unknown or means the other sort. */
struct sr_feed *sr_contexts_feed(uint64_t id);
struct sr_stream *sr_contexts_stream(uint64_t id);
void sr_contexts_free(uint64_t id);
size_t sr_contexts_count(void);

#endif
