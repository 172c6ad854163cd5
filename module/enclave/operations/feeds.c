#include "feeds.h"

#include "../base/map.h"

/* Even handles are feeds, odd ones streams. */
static struct sr_map contexts;
static uint64_t last_pair;

static sr_result add(void *operation, uint64_t sort) {
    uint64_t id = 2 * (last_pair + 1) + sort;
    if (!sr_map_add(&contexts, id, operation))
        return SR_FAIL(CKR_HOST_MEMORY);
    last_pair++;
    return (sr_result)id;
}

sr_result sr_contexts_add_feed(struct sr_feed *feed) {
    sr_result id = add(feed, 0);
    if (id < 0)
        sr_feed_free(feed);
    return id;
}

sr_result sr_contexts_add_stream(struct sr_stream *stream) {
    sr_result id = add(stream, 1);
    if (id < 0)
        sr_stream_free(stream);
    return id;
}

struct sr_feed *sr_contexts_feed(uint64_t id) {
    return id % 2 == 0 ? sr_map_get(&contexts, id) : NULL;
}

struct sr_stream *sr_contexts_stream(uint64_t id) {
    return id % 2 == 1 ? sr_map_get(&contexts, id) : NULL;
}

void sr_contexts_free(uint64_t id) {
    void *operation = sr_map_remove(&contexts, id);
    if (id % 2 == 0)
        sr_feed_free(operation);
    else
        sr_stream_free(operation);
}

size_t sr_contexts_count(void) {
    return contexts.count;
}
