/* Templates into requests, answers out of replies. */
#include "marshal.h"

#define UNAVAILABLE ((CK_ULONG)-1)

/* Attributes whose value is itself a template. CKA_ALLOWED_MECHANISMS has the array bit too but holds plain numbers. */
static bool is_nested(CK_ATTRIBUTE_TYPE type) {
    switch (type) {
    case CKA_WRAP_TEMPLATE:
    case CKA_UNWRAP_TEMPLATE:
    case CKA_DERIVE_TEMPLATE:
    case CKA_ENCAPSULATE_TEMPLATE:
    case CKA_DECAPSULATE_TEMPLATE:
        return true;
    default:
        return false;
    }
}

static CK_RV check_entries(const CK_ATTRIBUTE *entries, CK_ULONG count, bool query, bool inner) {
    if ((entries == NULL && count != 0) || count > SR_COUNT_MAX)
        return CKR_ARGUMENTS_BAD;
    for (CK_ULONG i = 0; i < count; i++) {
        const CK_ATTRIBUTE *entry = &entries[i];
        if (entry->pValue == NULL) {
            if (!query && entry->ulValueLen != 0)
                return CKR_ARGUMENTS_BAD;
            continue;
        }
        if (!query && entry->ulValueLen > SR_LANE_ARGUMENTS_MAX)
            return CKR_ARGUMENTS_BAD;
        if (!is_nested(entry->type))
            continue;
        if (inner || entry->ulValueLen % sizeof(CK_ATTRIBUTE) != 0)
            return CKR_ATTRIBUTE_VALUE_INVALID;
        CK_RV rv = check_entries(entry->pValue, entry->ulValueLen / sizeof(CK_ATTRIBUTE), query, true);
        if (rv != CKR_OK)
            return rv;
    }
    return CKR_OK;
}

CK_RV sr_check_template(const CK_ATTRIBUTE *entries, CK_ULONG count) {
    return check_entries(entries, count, false, false);
}

CK_RV sr_check_query(const CK_ATTRIBUTE *entries, CK_ULONG count) {
    return check_entries(entries, count, true, false);
}

void sr_put_template(struct sr_call *call, const CK_ATTRIBUTE *entries, CK_ULONG count) {
    sr_put_ulong(call, count);
    for (CK_ULONG i = 0; i < count; i++) {
        const CK_ATTRIBUTE *entry = &entries[i];
        sr_put_ulong(call, entry->type);
        if (entry->pValue == NULL) {
            sr_put_ulong(call, SR_ENTRY_NULL);
        } else if (is_nested(entry->type)) {
            sr_put_ulong(call, SR_ENTRY_NESTED);
            sr_put_template(call, entry->pValue, entry->ulValueLen / sizeof(CK_ATTRIBUTE));
        } else {
            sr_put_ulong(call, SR_ENTRY_VALUE);
            sr_put_ulong(call, entry->ulValueLen);
            sr_put_content(call, entry->pValue, entry->ulValueLen);
        }
    }
}

void sr_put_query(struct sr_call *call, const CK_ATTRIBUTE *entries, CK_ULONG count) {
    sr_put_ulong(call, count);
    for (CK_ULONG i = 0; i < count; i++) {
        const CK_ATTRIBUTE *entry = &entries[i];
        sr_put_ulong(call, entry->type);
        call->reply_hint += 16;
        if (entry->pValue == NULL) {
            sr_put_ulong(call, SR_ENTRY_NULL);
            sr_put_ulong(call, 0);
        } else if (is_nested(entry->type)) {
            sr_put_ulong(call, SR_ENTRY_NESTED);
            sr_put_query(call, entry->pValue, entry->ulValueLen / sizeof(CK_ATTRIBUTE));
        } else {
            sr_put_ulong(call, SR_ENTRY_VALUE);
            sr_put_ulong(call, entry->ulValueLen);
            CK_ULONG capacity = entry->ulValueLen == UNAVAILABLE ? 0 : entry->ulValueLen;
            call->reply_hint += capacity < SR_LANE_ARGUMENTS_MAX ? capacity + 8 : SR_LANE_ARGUMENTS_MAX;
        }
    }
}

/* An answer that does not have the shape the call table promises: the engine is not ours, or is broken. */
static CK_RV malformed(void) {
    return CKR_DEVICE_ERROR;
}

CK_RV sr_get_room(struct sr_call *call, CK_RV rv, void *out, CK_ULONG *length) {
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL)
        return rv;
    uint64_t answer;
    if (!sr_get_ulong(call, &answer))
        return malformed();
    if (rv == CKR_OK && out != NULL) {
        if (answer > *length || !sr_get_content(call, out, answer))
            return malformed();
    }
    *length = (CK_ULONG)answer;
    return rv;
}

CK_RV sr_get_fill(struct sr_call *call, CK_RV rv, void *out, CK_ULONG length) {
    if (rv != CKR_OK)
        return rv;
    uint64_t answer;
    if (!sr_get_ulong(call, &answer) || answer != length || !sr_get_content(call, out, answer))
        return malformed();
    return CKR_OK;
}

CK_RV sr_get_list(struct sr_call *call, CK_RV rv, CK_ULONG *out, CK_ULONG *count) {
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL)
        return rv;
    uint64_t answer;
    if (!sr_get_ulong(call, &answer))
        return malformed();
    if (rv == CKR_OK && out != NULL) {
        if (answer > *count || !sr_get_content(call, out, answer * sizeof(CK_ULONG)))
            return malformed();
    }
    *count = (CK_ULONG)answer;
    return rv;
}

CK_RV sr_get_found(struct sr_call *call, CK_RV rv, CK_ULONG *out, CK_ULONG most, CK_ULONG *count) {
    if (rv != CKR_OK)
        return rv;
    uint64_t answer;
    if (!sr_get_ulong(call, &answer) || answer > most || !sr_get_content(call, out, answer * sizeof(CK_ULONG)))
        return malformed();
    *count = (CK_ULONG)answer;
    return CKR_OK;
}

CK_RV sr_get_out(struct sr_call *call, CK_RV rv, CK_ULONG *out) {
    if (rv != CKR_OK)
        return rv;
    uint64_t answer;
    if (!sr_get_ulong(call, &answer))
        return malformed();
    *out = (CK_ULONG)answer;
    return CKR_OK;
}

void sr_get_granted(struct sr_call *call, CK_RV rv) {
    uint64_t granted;
    if (rv == CKR_OK && sr_get_ulong(call, &granted) && granted <= SR_SESSIONS_GRANTED)
        call->granted = granted;
}

CK_RV sr_get_struct(struct sr_call *call, CK_RV rv, void *out, size_t size) {
    if (rv != CKR_OK)
        return rv;
    return sr_get_content(call, out, size) ? CKR_OK : malformed();
}

/* Entries of the answer; those of a nested template bring their types along, since the token and not the caller knows them. */
static bool get_entries(struct sr_call *call, CK_ATTRIBUTE *entries, CK_ULONG count, bool inner) {
    for (CK_ULONG i = 0; i < count; i++) {
        CK_ATTRIBUTE *entry = &entries[i];
        uint64_t type = entry->type, length, present;
        if (inner && !sr_get_ulong(call, &type))
            return false;
        if (!sr_get_ulong(call, &length) || !sr_get_ulong(call, &present))
            return false;
        if (present) {
            if (entry->pValue == NULL || length > entry->ulValueLen)
                return false;
            bool good = !inner && is_nested(type)
                            ? get_entries(call, entry->pValue, (CK_ULONG)(length / sizeof(CK_ATTRIBUTE)), true)
                            : sr_get_content(call, entry->pValue, length);
            if (!good)
                return false;
        }
        entry->type = (CK_ATTRIBUTE_TYPE)type;
        entry->ulValueLen = (CK_ULONG)length;
    }
    return true;
}

/* C_GetAttributeValue answers every entry also when some of them could not be given (PKCS#11 3.2, 5.7.5). */
CK_RV sr_get_query(struct sr_call *call, CK_RV rv, CK_ATTRIBUTE *entries, CK_ULONG count) {
    if (rv != CKR_OK && rv != CKR_ATTRIBUTE_SENSITIVE && rv != CKR_ATTRIBUTE_TYPE_INVALID && rv != CKR_BUFFER_TOO_SMALL)
        return rv;
    return get_entries(call, entries, count, false) ? rv : malformed();
}
