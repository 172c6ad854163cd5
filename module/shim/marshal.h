/*
 * Writing a request and reading a reply. The layout is described in schema/cryptoki/functions.ts.
 *
 * Writers never fail: one that does not fit records the capacity wanted in call->needed, and the stub begins again on a larger lane.
 */
#ifndef STRONGROOM_MARSHAL_H
#define STRONGROOM_MARSHAL_H

#include "shim.h"

#include <string.h>

/* Longest arguments that any application can mean; beyond it a length is taken for garbage before anything is read. */
#define SR_COUNT_MAX 65536u

enum sr_bytes_place { SR_BYTES_INLINE = 0, SR_BYTES_NULL = 1 };
enum sr_mechanism_form {
    SR_FORM_NONE = 0,
    SR_FORM_SHAPE = 1,
    SR_FORM_BYTES = 2,
    SR_FORM_MALFORMED = 3,
    SR_FORM_MADE_VECTOR = 4
};
enum sr_entry_kind { SR_ENTRY_NULL = 0, SR_ENTRY_VALUE = 1, SR_ENTRY_NESTED = 2 };

static inline uint64_t sr_padded(uint64_t length) {
    return (length + 7) & ~(uint64_t)7;
}

/* Room for `length` more bytes of arguments, or NULL after noting what is wanted. */
static inline uint8_t *sr_room(struct sr_call *call, uint64_t length) {
    uint64_t end = call->at + length;
    uint8_t *place = call->request + call->at;
    call->at = end;
    if (end <= call->capacity)
        return place;
    if (end > call->needed)
        call->needed = end;
    return NULL;
}

static inline void sr_put_ulong(struct sr_call *call, uint64_t value) {
    if (call->word_count < SR_PAIRING_WORDS)
        call->words[call->word_count] = value;
    call->word_count++;
    uint8_t *place = sr_room(call, 8);
    if (place != NULL)
        memcpy(place, &value, 8);
}

static inline void sr_put_content(struct sr_call *call, const void *bytes, uint64_t length) {
    uint8_t *place = sr_room(call, sr_padded(length));
    if (place != NULL && length > 0)
        memcpy(place, bytes, length);
}

static inline void sr_put_bytes(struct sr_call *call, const void *bytes, CK_ULONG length) {
    sr_put_ulong(call, length);
    sr_put_ulong(call, bytes == NULL ? SR_BYTES_NULL : SR_BYTES_INLINE);
    if (bytes != NULL)
        sr_put_content(call, bytes, length);
}

/* A large data argument goes to a place of its own behind the arguments, where the engine works on it in place. */
static inline void sr_put_bulk(struct sr_call *call, const void *bytes, CK_ULONG length) {
    if (length <= SR_LANE_INLINE_MAX) {
        sr_put_bytes(call, length == 0 && bytes == NULL ? (const void *)"" : bytes, length);
        return;
    }
    sr_put_ulong(call, length);
    sr_put_ulong(call, SR_LANE_BULK_OFFSET);
    call->bulk_length = length;
    uint64_t end = SR_LANE_BULK_OFFSET + length;
    if (end <= call->capacity)
        memcpy(call->request + SR_LANE_BULK_OFFSET, bytes, length);
    else if (end > call->needed)
        call->needed = end;
}

static inline void sr_put_room(struct sr_call *call, const void *room, CK_ULONG capacity) {
    sr_put_ulong(call, room != NULL);
    sr_put_ulong(call, capacity);
    /* The output of an operation is hardly longer than its input; what the caller offers beyond that needs no lane. */
    uint64_t likely = call->bulk_length + SR_LANE_BULK_OFFSET;
    call->reply_hint += room == NULL ? 0 : capacity < likely ? capacity : likely;
}

void sr_put_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism);
void sr_put_bare_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism);
/* The same for C_WrapKey and C_UnwrapKey, which take a CK_GCM_WRAP_PARAMS as well. */
void sr_put_wrapping(struct sr_call *call, const CK_MECHANISM *mechanism, bool encrypts);
/* One whose parameter is that of a message. */
void sr_put_message_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism, bool encrypts);
void sr_put_message(struct sr_call *call, const void *parameter, CK_ULONG length, bool encrypts);
void sr_put_sealed(struct sr_call *call, const void *bytes, CK_ULONG length, const void *parameter,
                   CK_ULONG parameter_length);
void sr_put_template(struct sr_call *call, const CK_ATTRIBUTE *entries, CK_ULONG count);
void sr_put_query(struct sr_call *call, const CK_ATTRIBUTE *entries, CK_ULONG count);
/* CKR_ARGUMENTS_BAD for a template that cannot be read: NULL with a count, absurd counts and lengths, NULL values with a length. */
CK_RV sr_check_template(const CK_ATTRIBUTE *entries, CK_ULONG count);
CK_RV sr_check_query(const CK_ATTRIBUTE *entries, CK_ULONG count);

static inline CK_RV sr_check_bytes(const void *bytes, CK_ULONG length) {
    if (bytes == NULL && length != 0)
        return CKR_ARGUMENTS_BAD;
    return length > SR_LANE_CAPACITY_MAX - SR_LANE_BULK_OFFSET ? CKR_ARGUMENTS_BAD : CKR_OK;
}

/* True when the request does not fit (or the reply would not): the stub ends the call and begins again with call->needed. */
static inline bool sr_call_outgrown(struct sr_call *call) {
    if (call->reply_hint + 4096 > call->capacity && call->reply_hint + 4096 > call->needed &&
        call->reply_hint + 4096 <= SR_LANE_CAPACITY_MAX)
        call->needed = call->reply_hint + 4096;
    return call->needed > call->capacity;
}

static inline bool sr_get_ulong(struct sr_call *call, uint64_t *value) {
    if (call->reply_length - call->read_at < 8)
        return false;
    memcpy(value, call->reply + call->read_at, 8);
    call->read_at += 8;
    return true;
}

static inline bool sr_get_content(struct sr_call *call, void *out, uint64_t length) {
    if (length > call->reply_length - call->read_at)
        return false;
    if (length > 0)
        memcpy(out, call->reply + call->read_at, length);
    uint64_t padded = sr_padded(length);
    uint64_t left = call->reply_length - call->read_at;
    call->read_at += padded < left ? padded : left;
    return true;
}

CK_RV sr_get_room(struct sr_call *call, CK_RV rv, void *out, CK_ULONG *length);
/* The output of an operation on a message, whose vector and tag go where its parameter says. */
CK_RV sr_get_sealed(struct sr_call *call, CK_RV rv, void *parameter, CK_ULONG parameter_length, void *out,
                    CK_ULONG *length);
/* The vector that a key was wrapped under, where the mechanism left it to the token. */
CK_RV sr_get_wrap_vector(struct sr_call *call, CK_RV rv, const CK_MECHANISM *mechanism, const void *out);
CK_RV sr_get_vector(struct sr_call *call, CK_RV rv, void *parameter, CK_ULONG parameter_length);
CK_RV sr_get_fill(struct sr_call *call, CK_RV rv, void *out, CK_ULONG length);
CK_RV sr_get_list(struct sr_call *call, CK_RV rv, CK_ULONG *out, CK_ULONG *count);
CK_RV sr_get_found(struct sr_call *call, CK_RV rv, CK_ULONG *out, CK_ULONG most, CK_ULONG *count);
CK_RV sr_get_query(struct sr_call *call, CK_RV rv, CK_ATTRIBUTE *entries, CK_ULONG count);
CK_RV sr_get_out(struct sr_call *call, CK_RV rv, CK_ULONG *out);
/* The number of handles that came behind a session's (0 when the answer is another). */
void sr_get_granted(struct sr_call *call, CK_RV rv);
CK_RV sr_get_struct(struct sr_call *call, CK_RV rv, void *out, size_t size);

#endif
