/* Parameters of messages, and of keys that are wrapped as messages are, into requests; vectors and tags out
 * of replies. The only layouts that are known are those of AES-GCM. */
#include "marshal.h"

/* Longer vectors and tags are none (PKCS#11 3.2, CK_GCM_PARAMS; SP 800-38D): nothing of them is read or
 * written. */
#define VECTOR_MAX 256u
#define TAG_MAX 16u

static bool is_gcm(const void *parameter, CK_ULONG length) {
    return parameter != NULL && length == sizeof(CK_GCM_MESSAGE_PARAMS);
}

void sr_put_bare_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism) {
    sr_put_ulong(call, mechanism != NULL);
    if (mechanism == NULL)
        return;
    sr_put_ulong(call, mechanism->mechanism);
    sr_put_ulong(call, SR_FORM_NONE);
}

/* What the token makes is not read: it may never have been written. */
void sr_put_message(struct sr_call *call, const void *parameter, CK_ULONG length, bool encrypts) {
    if (!is_gcm(parameter, length)) {
        sr_put_ulong(call, parameter == NULL && length == 0 ? SR_FORM_NONE : SR_FORM_MALFORMED);
        return;
    }
    const CK_GCM_MESSAGE_PARAMS *gcm = parameter;
    bool given = !encrypts || gcm->ivGenerator == CKG_NO_GENERATE || gcm->ulIvFixedBits != 0;
    sr_put_ulong(call, SR_FORM_SHAPE);
    sr_put_ulong(call, gcm->pIv != NULL);
    sr_put_ulong(call, gcm->ulIvLen);
    sr_put_ulong(call, gcm->ulIvFixedBits);
    sr_put_ulong(call, gcm->ivGenerator);
    sr_put_ulong(call, gcm->pTag != NULL);
    sr_put_ulong(call, gcm->ulTagBits);
    given = given && gcm->pIv != NULL && gcm->ulIvLen <= VECTOR_MAX;
    sr_put_ulong(call, given);
    sr_put_ulong(call, given ? gcm->ulIvLen : 0);
    if (given)
        sr_put_content(call, gcm->pIv, gcm->ulIvLen);
    call->reply_hint += VECTOR_MAX + TAG_MAX;
}

/* As C_WrapKey takes it, where it is no CK_GCM_PARAMS; else NULL. */
static const CK_GCM_WRAP_PARAMS *wrap_parameter(const CK_MECHANISM *mechanism) {
    bool wraps = mechanism->mechanism == CKM_AES_GCM && mechanism->pParameter != NULL &&
                 mechanism->ulParameterLen == sizeof(CK_GCM_WRAP_PARAMS);
    return wraps ? mechanism->pParameter : NULL;
}

/* Where the vector is the caller's, a CK_GCM_WRAP_PARAMS says no more than a CK_GCM_PARAMS does. */
void sr_put_wrapping(struct sr_call *call, const CK_MECHANISM *mechanism, bool encrypts) {
    const CK_GCM_WRAP_PARAMS *gcm = wrap_parameter(mechanism);
    if (gcm == NULL) {
        sr_put_mechanism(call, mechanism);
        return;
    }
    if (!encrypts || gcm->ivGenerator == CKG_NO_GENERATE) {
        CK_GCM_PARAMS plain = {gcm->pIv, gcm->ulIvLen, 0, gcm->pAAD, gcm->ulAADLen, gcm->ulTagBits};
        sr_put_mechanism(call, &(CK_MECHANISM){CKM_AES_GCM, &plain, sizeof plain});
        return;
    }
    sr_put_ulong(call, 1);
    sr_put_ulong(call, mechanism->mechanism);
    if (gcm->pAAD == NULL ? gcm->ulAADLen != 0 : gcm->ulAADLen > SR_LANE_ARGUMENTS_MAX) {
        sr_put_ulong(call, SR_FORM_MALFORMED);
        return;
    }
    sr_put_ulong(call, SR_FORM_MADE_VECTOR);
    /* The tag is wrapped up with the key, so it has a place. */
    CK_BYTE behind_the_key = 0;
    CK_GCM_MESSAGE_PARAMS message = {gcm->pIv,         gcm->ulIvLen,    gcm->ulIvFixedBits,
                                     gcm->ivGenerator, &behind_the_key, gcm->ulTagBits};
    sr_put_message(call, &message, sizeof message, true);
    sr_put_ulong(call, gcm->pAAD != NULL);
    sr_put_ulong(call, gcm->ulAADLen);
    if (gcm->pAAD != NULL)
        sr_put_content(call, gcm->pAAD, gcm->ulAADLen);
}

void sr_put_message_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism, bool encrypts) {
    sr_put_ulong(call, 1);
    sr_put_ulong(call, mechanism->mechanism);
    sr_put_message(call, mechanism->pParameter, mechanism->ulParameterLen, encrypts);
}

/* Bytes of the tag that the parameter has room for, or brings; 0 where it can be none, which the engine
 * refuses. */
static CK_ULONG tag_size(const void *parameter, CK_ULONG length) {
    if (!is_gcm(parameter, length))
        return 0;
    const CK_GCM_MESSAGE_PARAMS *gcm = parameter;
    bool good = gcm->pTag != NULL && gcm->ulTagBits % 8 == 0 && gcm->ulTagBits <= 8 * TAG_MAX;
    return good ? gcm->ulTagBits / 8 : 0;
}

/* Data and tag in one, as an operation that opens them in one piece takes them. */
void sr_put_sealed(struct sr_call *call, const void *bytes, CK_ULONG length, const void *parameter,
                   CK_ULONG parameter_length) {
    CK_ULONG tag = tag_size(parameter, parameter_length), total = length + tag;
    sr_put_ulong(call, total);
    uint8_t *place;
    if (total <= SR_LANE_INLINE_MAX) {
        sr_put_ulong(call, SR_BYTES_INLINE);
        place = sr_room(call, sr_padded(total));
    } else {
        uint64_t end = SR_LANE_BULK_OFFSET + total;
        sr_put_ulong(call, SR_LANE_BULK_OFFSET);
        call->bulk_length = total;
        place = end <= call->capacity ? call->request + SR_LANE_BULK_OFFSET : NULL;
        if (place == NULL && end > call->needed)
            call->needed = end;
    }
    if (place != NULL && length > 0)
        memcpy(place, bytes, length);
    if (place != NULL && tag > 0)
        memcpy(place + length, ((const CK_GCM_MESSAGE_PARAMS *)parameter)->pTag, tag);
}

/* The vector, if the token made it: as long as the caller said, and nothing is written beyond. */
static bool take_vector(struct sr_call *call, CK_BYTE *room, CK_ULONG length) {
    uint64_t size;
    if (!sr_get_ulong(call, &size))
        return false;
    return size == 0 || (room != NULL && size == length && sr_get_content(call, room, size));
}

static bool get_vector(struct sr_call *call, void *parameter, CK_ULONG parameter_length) {
    const CK_GCM_MESSAGE_PARAMS *gcm = is_gcm(parameter, parameter_length) ? parameter : NULL;
    return gcm == NULL ? take_vector(call, NULL, 0) : take_vector(call, gcm->pIv, gcm->ulIvLen);
}

CK_RV sr_get_wrap_vector(struct sr_call *call, CK_RV rv, const CK_MECHANISM *mechanism, const void *out) {
    const CK_GCM_WRAP_PARAMS *gcm = wrap_parameter(mechanism);
    if (rv != CKR_OK || out == NULL || gcm == NULL || gcm->ivGenerator == CKG_NO_GENERATE)
        return rv;
    return take_vector(call, gcm->pIv, gcm->ulIvLen) ? rv : CKR_DEVICE_ERROR;
}

CK_RV sr_get_vector(struct sr_call *call, CK_RV rv, void *parameter, CK_ULONG parameter_length) {
    return rv != CKR_OK || get_vector(call, parameter, parameter_length) ? rv : CKR_DEVICE_ERROR;
}

CK_RV sr_get_sealed(struct sr_call *call, CK_RV rv, void *parameter, CK_ULONG parameter_length, void *out,
                    CK_ULONG *length) {
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL)
        return rv;
    uint64_t answer, tag;
    if (!sr_get_ulong(call, &answer))
        return CKR_DEVICE_ERROR;
    if (rv == CKR_OK && out != NULL) {
        if (answer > *length || !get_vector(call, parameter, parameter_length) || !sr_get_ulong(call, &tag))
            return CKR_DEVICE_ERROR;
        uint64_t left = call->reply_length - call->read_at;
        if ((tag != 0 && tag != tag_size(parameter, parameter_length)) || answer > left ||
            tag > left - answer)
            return CKR_DEVICE_ERROR;
        const uint8_t *content = call->reply + call->read_at;
        if (answer > 0)
            memcpy(out, content, answer);
        if (tag > 0)
            memcpy(((const CK_GCM_MESSAGE_PARAMS *)parameter)->pTag, content + answer, tag);
    }
    *length = (CK_ULONG)answer;
    return rv;
}
