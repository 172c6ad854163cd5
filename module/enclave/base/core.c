#include "core.h"

#include <openssl/err.h>
#include <stdlib.h>

static _Thread_local struct sr_scratch *thread_scratch;
static _Thread_local size_t thread_last_length;

void *sr_arena_alloc(size_t size) {
    SR_GUARDED;
    return calloc(1, size);
}

void sr_arena_free(void *memory, size_t size) {
    if (memory == NULL)
        return;
    sr_zero(memory, size);
    free(memory);
}

sr_result sr_openssl_failure(uint32_t otherwise) {
    bool out_of_memory = false;
    /* The allocation that failed was told of first, and what it brought down behind it. */
    for (unsigned long error = ERR_get_error(); error != 0; error = ERR_get_error())
        out_of_memory |= ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
    return SR_FAIL(out_of_memory ? CKR_HOST_MEMORY : otherwise);
}

sr_result sr_too_small(size_t needed) {
    thread_last_length = needed;
    return SR_FAIL(CKR_BUFFER_TOO_SMALL);
}

size_t sr_last_length(void) {
    return thread_last_length;
}

sr_result sr_put(struct sr_room room, const void *bytes, size_t size) {
    if (room.size < size)
        return sr_too_small(size);
    if (size > 0)
        memcpy(room.at, bytes, size);
    return (sr_result)size;
}

struct sr_scratch *sr_scratch(void) {
    if (thread_scratch == NULL) {
        struct sr_scratch *fresh = sr_fenced_alloc(sizeof *fresh);
        if (fresh == NULL)
            return NULL;
        SR_GUARDED;
        fresh->digest = EVP_MD_CTX_new();
        if (fresh->digest == NULL) {
            sr_guarded_free(fresh);
            return NULL;
        }
        thread_scratch = fresh;
    }
    return thread_scratch;
}

void sr_scratch_end(void) {
    if (thread_scratch == NULL)
        return;
    EVP_MD_CTX_free(thread_scratch->digest);
    sr_guarded_free(thread_scratch);
    thread_scratch = NULL;
}
