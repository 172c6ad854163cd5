/*
 * From JavaScript's arguments to the core's, and back. A wrong argument throws TypeError once and makes the
 * call `bad`.
 */
#ifndef STRONGROOM_ENCLAVE_NAPI_CALL_H
#define STRONGROOM_ENCLAVE_NAPI_CALL_H

#include <node_api.h>

#include "../keys/table.h"

#define SR_ARGUMENTS_MAX 16u

struct sr_call {
    napi_env env;
    size_t count;
    napi_value argument[SR_ARGUMENTS_MAX];
    bool bad;
};

/* Fetches `count` arguments; missing ones are undefined, and so refused where they are read. */
void sr_call_begin(struct sr_call *call, napi_env env, napi_callback_info info, size_t count);
/* Marks the call bad and throws TypeError, unless it is bad already. */
void sr_call_refuse(struct sr_call *call, const char *what);

uint32_t sr_call_u32(struct sr_call *call, unsigned index);
int32_t sr_call_i32(struct sr_call *call, unsigned index);
/* A handle or job id: an integer in [0, 2^53). */
uint64_t sr_call_id(struct sr_call *call, unsigned index);
size_t sr_call_size(struct sr_call *call, unsigned index);
bool sr_call_bool(struct sr_call *call, unsigned index);
/* A whole Uint8Array; with `optional`, null gives no bytes. */
struct sr_room sr_call_bytes(struct sr_call *call, unsigned index, bool optional);
/* A Uint8Array of exactly size bytes. */
uint8_t *sr_call_exact(struct sr_call *call, unsigned index, size_t size);
/* The range given by buffer, offset and length at index, index + 1, index + 2; refused when it leaves the
 * buffer. */
struct sr_room sr_call_range(struct sr_call *call, unsigned index);

static inline struct sr_bytes sr_input(struct sr_room room) {
    return (struct sr_bytes){room.at, room.size};
}

/* The key of a handle argument; NULL with *failure set to -CKR_KEY_HANDLE_INVALID. */
struct sr_key *sr_call_key(struct sr_call *call, unsigned index, sr_result *failure);

/* A number for JavaScript; NULL for a call that is bad. */
napi_value sr_call_end(const struct sr_call *call, sr_result result);
/* The handle of a fresh key when result >= 0, the failure otherwise. */
napi_value sr_call_end_key(const struct sr_call *call, sr_result result, struct sr_key *key);
/* A new Uint8Array of the size, to be filled. */
napi_value sr_call_new_bytes(struct sr_call *call, size_t size, uint8_t **bytes);

/* One exported function. */
struct sr_export {
    const char *name;
    napi_callback function;
};
/* The exports of each file of this folder, ended by a row without name. */
extern const struct sr_export sr_exports_keys[], sr_exports_seal[], sr_exports_sign[], sr_exports_cipher[],
    sr_exports_jobs[], sr_exports_window[], sr_exports_status[];

#endif
