#include "rows.h"

#include "hmac256.h"
#include "seal.h"

#define NO_VALUE 0xffffffffu
#define MEMBER (2u + 16u + SR_ROW_ID + 8u + 32u)

struct row {
    const uint8_t *id;
    uint64_t version;
    struct sr_bytes attributes, value;
    bool has_value, unconfirmed;
};

/* Takes a number and the blank behind it off what is left. */
static bool take_number(struct sr_bytes *left, uint64_t *value, bool *present) {
    size_t digits = 0;
    *value = 0;
    while (digits < left->size && left->at[digits] >= '0' && left->at[digits] <= '9' && digits < 16)
        *value = *value * 10 + (left->at[digits++] - '0');
    *present = digits > 0;
    if (digits == left->size || left->at[digits] != ' ')
        return false;
    left->at += digits + 1;
    left->size -= digits + 1;
    return true;
}

/* Takes the first row off what is left; false when it is none. */
static bool take(struct sr_bytes *left, struct row *row) {
    uint64_t attributes, value, unconfirmed;
    bool versioned, sized, marked;
    if (!take_number(left, &row->version, &versioned) || !take_number(left, &attributes, &sized) ||
        !take_number(left, &value, &row->has_value) || !take_number(left, &unconfirmed, &marked) ||
        !versioned || !sized || !marked || unconfirmed > 1 || left->size < SR_ROW_ID)
        return false;
    row->unconfirmed = unconfirmed == 1;
    const size_t rest = left->size - SR_ROW_ID;
    if (attributes > rest || value > rest - attributes)
        return false;
    row->id = left->at;
    row->attributes = (struct sr_bytes){row->id + SR_ROW_ID, attributes};
    row->value = (struct sr_bytes){row->attributes.at + attributes, value};
    left->at = row->value.at + value;
    left->size = rest - attributes - value;
    return true;
}

static void put_be(uint8_t *out, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

static void put_le(uint8_t *out, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

/* The member that store/manifest.ts makes of a row: mark, private, token, id, version, digest. */
static sr_result add(const struct sr_rows *rows, const struct row *row, struct sr_scratch *scratch,
                     uint8_t sum[32]) {
    uint8_t lengths[8], member[MEMBER];
    put_be(lengths, row->attributes.size, 4);
    put_be(lengths + 4, row->has_value ? row->value.size : NO_VALUE, 4);
    member[0] = row->unconfirmed;
    member[1] = rows->private;
    memcpy(member + 2, rows->token, sizeof rows->token);
    memcpy(member + 18, row->id, SR_ROW_ID);
    put_be(member + 34, row->version, 8);
    const struct sr_bytes parts[] = {{lengths, sizeof lengths}, row->attributes, row->value};
    sr_sha256(sr_hmac256_work(scratch), parts, row->has_value ? 3 : 2, member + 42);
    return sr_set_hash(rows->root, rows->label, (struct sr_bytes){member, sizeof member}, sum, true);
}

static sr_result open_row(const struct sr_rows *rows, const struct row *row, struct sr_room out) {
    uint8_t context[SR_ROW_CONTEXT_MAX];
    uint8_t *tail = context + rows->context.size - SR_ROW_CONTEXT_TAIL;
    memcpy(context, rows->context.at, rows->context.size);
    memcpy(tail, row->id, SR_ROW_ID);
    put_be(tail + SR_ROW_ID, row->version, 8);
    if (out.size < SR_ROW_OPENED_HEAD)
        return SR_FAIL(CKR_DATA_INVALID);
    sr_result opened = sr_open(rows->root, (struct sr_bytes){context, rows->context.size}, row->attributes,
                               (struct sr_room){out.at + SR_ROW_OPENED_HEAD, out.size - SR_ROW_OPENED_HEAD});
    if (opened < 0)
        return opened;
    memcpy(out.at, row->id, SR_ROW_ID);
    put_le(out.at + 16, row->version, 8);
    put_le(out.at + 24, (uint64_t)opened, 4);
    put_le(out.at + 28, (row->has_value ? SR_ROW_HAS_VALUE : 0) | (row->unconfirmed ? SR_ROW_UNCONFIRMED : 0),
           4);
    return SR_ROW_OPENED_HEAD + opened;
}

sr_result sr_rows_load(const struct sr_rows *rows, struct sr_bytes packed, uint8_t sum[32],
                       struct sr_room out, struct sr_rows_done *done) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (rows->context.size < SR_ROW_CONTEXT_TAIL || rows->context.size > SR_ROW_CONTEXT_MAX)
        return SR_FAIL(CKR_ARGUMENTS_BAD);
    const bool opening = out.size > 0;
    sr_result written = 0;
    *done = (struct sr_rows_done){0};
    for (struct row row; packed.size > 0; done->rows++) {
        if (!take(&packed, &row))
            return SR_FAIL(CKR_DATA_INVALID);
        memcpy(done->last, row.id, SR_ROW_ID);
        if (row.unconfirmed && rows->confirmed_only)
            continue;
        sr_result result = add(rows, &row, scratch, sum);
        if (result >= 0 && opening)
            result = open_row(rows, &row, out);
        if (result < 0)
            return result;
        done->added++;
        if (opening) {
            written += result;
            out.at += result;
            out.size -= (size_t)result;
        }
    }
    return written;
}
