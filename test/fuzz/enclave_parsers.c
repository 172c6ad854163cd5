/*
 * Hostile bytes to the enclave's readers: PKCS#8 (C_UnwrapKey), CKA_EC_PARAMS, key components, sealed key
 * blobs. Built against the system's libcrypto; guarded memory is the sanitizer's heap here, so that each
 * allocation has its exact size.
 *
 * Input: 1 byte which reader, 1 byte key kind, the rest is what it reads.
 */
#include "../../module/enclave/base/core.h"
#include "../../module/enclave/base/curves.h"
#include "../../module/enclave/keys/key.h"
#include "../../module/enclave/keys/pkcs8.h"

#include <malloc.h>
#include <stdlib.h>

/* ---- guarded memory's double ---- */

int sr_guarded_init(bool require_lock) {
    (void)require_lock;
    return 0;
}
bool sr_guarded_locked(void) {
    return true;
}
void *sr_guarded_alloc(size_t size) {
    return calloc(1, size);
}
void *sr_fenced_alloc(size_t size) {
    return calloc(1, size);
}
void sr_guarded_free(void *buffer) {
    free(buffer);
}
size_t sr_guarded_size(const void *buffer) {
    return buffer == NULL ? 0 : malloc_usable_size((void *)(uintptr_t)buffer);
}
void sr_guarded_enter(void) {}
void sr_guarded_leave(void) {}
bool sr_guarded_hooked(void) {
    return true;
}
bool sr_guarded_contains(const void *address) {
    (void)address;
    return false;
}
void sr_guarded_regions(void (*visit)(const void *, const void *, void *), void *context) {
    (void)visit;
    (void)context;
}
size_t sr_guarded_most(void) {
    return SIZE_MAX;
}
size_t sr_guarded_bytes(void) {
    return 0;
}
void sr_zero(void *buffer, size_t size) {
    explicit_bzero(buffer, size);
}
void sr_scrub_stack(void) {}

/* ---- */

/* A key that was accepted can be serialised, and its public half made. */
static void accepted(struct sr_key *key) {
    uint8_t room[8192];
    struct sr_key *half = NULL;
    sr_pkcs8_write(key, (struct sr_room){room, sizeof room});
    if (sr_key_public_of(key, &half) >= 0)
        sr_key_destroy(half);
    sr_key_destroy(key);
}

static void from_parts(uint32_t kind, const uint8_t *data, size_t size) {
    struct sr_parts parts = {0};
    while (size >= 3 && parts.count < SR_PARTS_MAX) {
        uint32_t id = data[0] % SR_COMPONENT_END;
        size_t length = data[1] | (size_t)(data[2] & 1) << 8;
        data += 3;
        size -= 3;
        if (length > size)
            length = size;
        sr_parts_add(&parts, id, data, length);
        data += length;
        size -= length;
    }
    struct sr_key *key = NULL;
    if (sr_key_from_parts(kind, &parts, &key) >= 0)
        accepted(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool open;
    if (!open && sr_curves_init() != 0)
        abort();
    open = true;
    if (size < 2 || size > 4096)
        return 0;
    uint32_t kind = data[1] % (SR_KIND_END + 1);
    /* A copy of the exact size, so that a byte read beyond is seen. */
    uint8_t *copy = malloc(size - 2 == 0 ? 1 : size - 2);
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 2, size - 2);
    struct sr_bytes bytes = {copy, size - 2};
    struct sr_parts parts = {0};
    struct sr_key *key = NULL;
    const struct sr_curve *curve = NULL;
    switch (data[0] % 4) {
    case 0:
        if (sr_pkcs8_read(kind, bytes, &parts) >= 0 && sr_key_from_parts(kind, &parts, &key) >= 0)
            accepted(key);
        break;
    case 1:
        sr_curve_find(bytes, &curve);
        break;
    case 2:
        if (sr_key_from_blob(bytes, &key) >= 0)
            accepted(key);
        break;
    default:
        from_parts(kind, copy, size - 2);
    }
    free(copy);
    return 0;
}
