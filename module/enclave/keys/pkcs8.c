#include "pkcs8.h"

enum { INTEGER = 0x02, BIT_STRING = 0x03, OCTET_STRING = 0x04, NOTHING = 0x05, OID = 0x06, SEQUENCE = 0x30 };
enum { CONTEXT_0 = 0xa0, CONTEXT_1 = 0xa1 };

static const uint8_t rsa_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
static const uint8_t ec_oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
static const uint32_t rsa_order[] = {SR_MODULUS, SR_PUBLIC_EXPONENT, SR_PRIVATE_EXPONENT, SR_PRIME1,
                                     SR_PRIME2,  SR_EXPONENT1,       SR_EXPONENT2,        SR_COEFFICIENT};

/* ---- writing, from the end to the front: then every length is known when its header is written ---- */

struct writer {
    uint8_t *start, *at;
    bool full;
};

static void put(struct writer *w, const void *bytes, size_t size) {
    if (size > (size_t)(w->at - w->start)) {
        w->full = true;
        return;
    }
    w->at -= size;
    if (size > 0)
        memcpy(w->at, bytes, size);
}

/* The header of everything between the writer and `end`. */
static void put_header(struct writer *w, uint8_t tag, const uint8_t *end) {
    size_t size = (size_t)(end - w->at);
    uint8_t header[2 + sizeof size];
    size_t used = sizeof header;
    if (size < 0x80) {
        header[--used] = (uint8_t)size;
    } else {
        size_t bytes = 0;
        for (size_t rest = size; rest > 0; rest >>= 8, bytes++)
            header[--used] = (uint8_t)rest;
        header[--used] = (uint8_t)(0x80 | bytes);
    }
    header[--used] = tag;
    put(w, header + used, sizeof header - used);
}

static void put_value(struct writer *w, uint8_t tag, const void *bytes, size_t size) {
    const uint8_t *end = w->at;
    put(w, bytes, size);
    put_header(w, tag, end);
}

static void put_unsigned(struct writer *w, struct sr_bytes number) {
    static const uint8_t zero = 0;
    const uint8_t *end = w->at;
    put(w, number.at, number.size);
    if (number.size == 0 || number.at[0] >= 0x80)
        put(w, &zero, 1);
    put_header(w, INTEGER, end);
}

static void put_version(struct writer *w, uint8_t version) {
    put_value(w, INTEGER, &version, 1);
}

static void write_rsa(struct writer *w, const struct sr_key *key) {
    const uint8_t *end = w->at;
    for (unsigned i = sizeof rsa_order / sizeof rsa_order[0]; i-- > 0;)
        put_unsigned(w, sr_key_part(key, rsa_order[i]));
    put_version(w, 0);
    put_header(w, SEQUENCE, end);
    put_header(w, OCTET_STRING, end);
    end = w->at;
    put_value(w, NOTHING, NULL, 0);
    put_value(w, OID, rsa_oid, sizeof rsa_oid);
    put_header(w, SEQUENCE, end);
}

static void write_ec(struct writer *w, const struct sr_key *key) {
    static const uint8_t no_unused_bits = 0;
    struct sr_bytes point = sr_key_part(key, SR_EC_POINT), params = sr_key_part(key, SR_EC_PARAMS);
    const uint8_t *end = w->at;
    put(w, point.at, point.size);
    put(w, &no_unused_bits, 1);
    put_header(w, BIT_STRING, end);
    put_header(w, CONTEXT_1, end);
    put_value(w, OCTET_STRING, key->value.at, key->value.size);
    put_version(w, 1);
    put_header(w, SEQUENCE, end);
    put_header(w, OCTET_STRING, end);
    end = w->at;
    put(w, params.at, params.size);
    put_value(w, OID, ec_oid, sizeof ec_oid);
    put_header(w, SEQUENCE, end);
}

static void write_okp(struct writer *w, const struct sr_key *key) {
    const uint8_t *end = w->at;
    put_value(w, OCTET_STRING, key->value.at, key->value.size);
    put_header(w, OCTET_STRING, end);
    end = w->at;
    put_value(w, OID, key->curve->oid, key->curve->oid_size);
    put_header(w, SEQUENCE, end);
}

size_t sr_pkcs8_room(const struct sr_key *key) {
    return key->blob_size + 256;
}

sr_result sr_pkcs8_write(const struct sr_key *key, struct sr_room room) {
    struct writer w = {room.at, room.at + room.size, false};
    const uint8_t *end = w.at;
    switch (key->kind) {
    case SR_RSA_PRIVATE:
        write_rsa(&w, key);
        break;
    case SR_EC_PRIVATE:
        write_ec(&w, key);
        break;
    case SR_ED25519_PRIVATE:
    case SR_X25519_PRIVATE:
        write_okp(&w, key);
        break;
    default:
        return SR_FAIL(CKR_KEY_NOT_WRAPPABLE);
    }
    put_version(&w, 0);
    put_header(&w, SEQUENCE, end);
    return w.full ? SR_FAIL(CKR_KEY_NOT_WRAPPABLE) : (sr_result)(end - w.at);
}

/* ---- reading ---- */

struct reader {
    const uint8_t *at, *end;
    bool bad;
};

static size_t left(const struct reader *r) {
    return (size_t)(r->end - r->at);
}

static bool next_is(const struct reader *r, uint8_t tag) {
    return !r->bad && left(r) > 0 && r->at[0] == tag;
}

/* The contents of the next value, which must have this tag and a definite, shortest length. */
static struct reader take(struct reader *r, uint8_t tag) {
    struct reader contents = {r->at, r->at, true};
    if (!next_is(r, tag) || left(r) < 2) {
        r->bad = true;
        return contents;
    }
    size_t size = r->at[1], head = 2;
    if (size >= 0x80) {
        size_t bytes = size & 0x7f;
        if (bytes == 0 || bytes > 4 || left(r) < 2 + bytes || r->at[2] == 0) {
            r->bad = true;
            return contents;
        }
        for (size = 0; head < 2 + bytes; head++)
            size = size << 8 | r->at[head];
        r->bad = size < 0x80;
    }
    if (r->bad || size > left(r) - head) {
        r->bad = true;
        return contents;
    }
    contents = (struct reader){r->at + head, r->at + head + size, false};
    r->at = contents.end;
    return contents;
}

static bool equals(const struct reader *contents, const void *bytes, size_t size) {
    return !contents->bad && left(contents) == size && memcmp(contents->at, bytes, size) == 0;
}

static void take_version(struct reader *r, uint8_t least, uint8_t most) {
    struct reader version = take(r, INTEGER);
    if (version.bad || left(&version) != 1 || version.at[0] < least || version.at[0] > most)
        r->bad = true;
}

static bool read_rsa(struct reader key, struct sr_parts *parts) {
    struct reader r = take(&key, SEQUENCE);
    take_version(&r, 0, 0);
    for (unsigned i = 0; i < sizeof rsa_order / sizeof rsa_order[0]; i++) {
        struct reader number = take(&r, INTEGER);
        if (number.bad || left(&number) == 0 || number.at[0] >= 0x80)
            return false;
        while (left(&number) > 1 && number.at[0] == 0)
            number.at++;
        sr_parts_add(parts, rsa_order[i], number.at, left(&number));
    }
    return !r.bad && !key.bad && left(&r) == 0 && left(&key) == 0;
}

static bool read_ec(struct reader key, struct sr_bytes params, struct sr_parts *parts) {
    struct reader r = take(&key, SEQUENCE);
    take_version(&r, 1, 1);
    struct reader scalar = take(&r, OCTET_STRING);
    sr_parts_add(parts, SR_EC_PARAMS, params.at, params.size);
    sr_parts_add(parts, SR_VALUE, scalar.at, left(&scalar));
    if (next_is(&r, CONTEXT_0)) {
        struct reader repeated = take(&r, CONTEXT_0);
        if (!equals(&repeated, params.at, params.size))
            return false;
    }
    if (next_is(&r, CONTEXT_1)) {
        struct reader outer = take(&r, CONTEXT_1), bits = take(&outer, BIT_STRING);
        if (bits.bad || left(&outer) != 0 || left(&bits) < 2 || bits.at[0] != 0)
            return false;
        sr_parts_add(parts, SR_EC_POINT, bits.at + 1, left(&bits) - 1);
    }
    return !r.bad && !key.bad && !scalar.bad && left(&r) == 0 && left(&key) == 0;
}

sr_result sr_pkcs8_read(uint32_t kind, struct sr_bytes der, struct sr_parts *parts) {
    struct reader all = {der.at, der.at + der.size, false};
    struct reader r = take(&all, SEQUENCE);
    take_version(&r, 0, 1);
    struct reader algorithm = take(&r, SEQUENCE), oid = take(&algorithm, OID), key = take(&r, OCTET_STRING);
    struct sr_bytes params = {algorithm.at, left(&algorithm)};
    bool good = !all.bad && !r.bad && !algorithm.bad && !oid.bad && left(&all) == 0;
    if (good && kind == SR_RSA_PRIVATE) {
        good = equals(&oid, rsa_oid, sizeof rsa_oid) && (params.size == 0 || params.at[0] == NOTHING) &&
               read_rsa(key, parts);
    } else if (good && kind == SR_EC_PRIVATE) {
        good = equals(&oid, ec_oid, sizeof ec_oid) && read_ec(key, params, parts);
    } else if (good) {
        const struct sr_curve *curve = sr_curve_of_kind(kind);
        struct reader value = take(&key, OCTET_STRING);
        good = equals(&oid, curve->oid, curve->oid_size) && params.size == 0 && !value.bad && left(&key) == 0;
        sr_parts_add(parts, SR_VALUE, value.at, left(&value));
    }
    /* Attributes [0] and a public key [1] may follow (RFC 5958, section 2); nothing is taken from them. */
    return good ? 0 : SR_FAIL(CKR_WRAPPED_KEY_INVALID);
}
