/*
 * Rude arguments to the functions on messages, and to those that wrap keys as messages are sealed, with an
 * engine that answers anything. What a caller says of his own memory is true as long as it is possible: a
 * vector of 256 bytes at the most, a tag of 16, and data that fit into a lane. Whatever is longer lies, and
 * must not be read or written at all.
 *
 * Input: for each call 1 byte which function, then its arguments as `argument` and `memory` take them, 1 byte
 * how the answer is made, then its numbers and bytes.
 */
#include "shim_double.h"

#define CALLS_MAX 4
/* The double opens no lane of that size, so nothing so long is ever read. */
#define BEYOND ((CK_ULONG)9 << 20)

static const uint8_t *input;
static size_t left;

static uint8_t take(void) {
    if (left == 0)
        return 0;
    left--;
    return *input++;
}

static CK_ULONG argument(void) {
    static const CK_ULONG absurd[] = {~0UL,       1UL << 63,  (1UL << 63) - 1, 1UL << 32, (1UL << 32) + 12,
                                      0xfffffff8, 0x7fffffff, ~0UL - 7,        BEYOND,    1UL << 61};
    uint8_t kind = take();
    return kind < 0xc0 ? kind : absurd[kind % (sizeof absurd / sizeof *absurd)];
}

/* Memory of the caller's, and how long he says that it is. */
struct memory {
    void *at;
    CK_ULONG said;
};

static void *owned[64];
static size_t owned_count;

/* `most`: the longest that is taken for possible. */
static struct memory memory(CK_ULONG most) {
    struct memory given = {NULL, argument()};
    uint8_t kind = take();
    if (kind % 8 == 0 || owned_count == sizeof owned / sizeof *owned)
        return given;
    if (kind % 8 == 1 && most >= 5000)
        given.said = 4000 + (CK_ULONG)kind * 16; /* around what travels apart */
    given.at = room(given.said <= most ? given.said : 0);
    owned[owned_count++] = given.at;
    return given;
}

/* ---- the answers ---- */

/* What an honest engine would answer with, of the call that is under way. */
static CK_ULONG out_size, vector_size, tag_size;

static size_t put(uint8_t *reply, size_t at, uint64_t capacity, uint64_t word) {
    if (at + 8 <= capacity)
        memcpy(reply + at, &word, 8);
    return at + 8;
}

/* A length that fits, or one beside it, or none that could be. */
static uint64_t length_of(CK_ULONG honest) {
    uint8_t kind = take();
    return kind < 160   ? honest
           : kind < 200 ? honest + kind % 3 - 1
           : kind < 230 ? kind - 200u
                        : ~(uint64_t)0 >> kind % 64;
}

static void answer(struct sr_lane *lane, uint8_t *reply, uint64_t capacity) {
    static const uint64_t results[] = {CKR_OK,           CKR_OK, CKR_OK, CKR_OK, CKR_BUFFER_TOO_SMALL,
                                       CKR_DEVICE_ERROR, CKR_OK, CKR_OK};
    uint8_t kind = take();
    size_t at = 0;
    if (kind & 0x08) {
        /* Words of the fuzzer's, and nothing that was thought of. */
        for (uint8_t words = take() % 16; words > 0; words--)
            at = put(reply, at, capacity, argument());
    } else {
        at = put(reply, at, capacity, length_of(out_size));
        /* A room is followed by its content; something sealed by the vector, and the size of the tag. */
        if (kind & 0x40)
            at += (out_size + 7) & ~(size_t)7;
        at = put(reply, at, capacity, length_of(vector_size));
        at += (vector_size + 7) & ~(size_t)7;
        if ((kind & 0x40) == 0) {
            at = put(reply, at, capacity, length_of(tag_size));
            at += out_size + tag_size;
        }
    }
    lane->rv = results[kind % 8];
    lane->reply_length = kind & 0x80 ? take() * 8u : kind & 0x20 ? 0xffffffffu : (uint32_t)at;
    atomic_store(&lane->state, kind & 0x10 && take() < 32 ? SR_LANE_CLOSED : SR_LANE_REPLY);
}

/* ---- the calls ---- */

static CK_ULONG generator(void) {
    uint8_t kind = take();
    return kind < 250 ? kind % 6 : argument();
}

static CK_ULONG tag_bits(struct memory *tag) {
    uint8_t kind = take();
    CK_ULONG bits = kind < 100 ? 128 : kind < 200 ? kind % 17 * 8u : argument();
    bool possible = bits % 8 == 0 && bits <= 128;
    *tag = (struct memory){NULL, 0};
    if (take() % 8 != 0 && owned_count < sizeof owned / sizeof *owned)
        owned[owned_count++] = tag->at = room(possible ? bits / 8 : 0);
    tag_size = possible && tag->at != NULL ? bits / 8 : 0;
    return bits;
}

static CK_GCM_MESSAGE_PARAMS message_of(void) {
    struct memory iv = memory(256), tag;
    CK_ULONG bits = tag_bits(&tag);
    vector_size = iv.at != NULL && iv.said <= 256 ? iv.said : 0;
    return (CK_GCM_MESSAGE_PARAMS){iv.at, iv.said, argument(), generator(), tag.at, bits};
}

/* A parameter of another layout is as long as it says, and there. */
static struct memory parameter_of(const void *good, CK_ULONG size) {
    uint8_t kind = take();
    if (kind >= 24) {
        if (owned_count == sizeof owned / sizeof *owned)
            return (struct memory){NULL, 0};
        void *copy = room(size);
        memcpy(copy, good, size);
        owned[owned_count++] = copy;
        return (struct memory){copy, size};
    }
    struct memory other = {NULL, argument()};
    if (other.said < 192 && owned_count < sizeof owned / sizeof *owned)
        owned[owned_count++] = other.at = room(other.said < sizeof(CK_GCM_WRAP_PARAMS) ? other.said : 0);
    /* The one layout that has that size is not what lies there. */
    if (other.said == sizeof(CK_GCM_MESSAGE_PARAMS) || other.said == sizeof(CK_GCM_WRAP_PARAMS) ||
        other.said == sizeof(CK_GCM_PARAMS) - sizeof(CK_ULONG))
        other.said++;
    return other;
}

static void messages(uint8_t function) {
    CK_MECHANISM gcm = {CKM_AES_GCM, NULL, 0};
    CK_GCM_MESSAGE_PARAMS params = message_of();
    struct memory parameter = parameter_of(&params, sizeof params), associated = memory(8 << 20),
                  in = memory(8 << 20), out = memory(8 << 20);
    CK_ULONG length = out.said, flags = take() % 3;
    CK_BYTE_PTR room_for = out.at;
    CK_ULONG_PTR told = take() < 250 ? &length : NULL;
    out_size = in.said < out.said ? in.said : out.said;
    if (out_size > 1 << 20)
        out_size = 7;
    /* How much there is he may not overstate. */
    if (length > 8 << 20)
        length = 0;
    switch (function) {
    case 0:
        C_MessageEncryptInit(1, take() < 240 ? &gcm : NULL, 3);
        break;
    case 1:
        C_MessageDecryptInit(1, take() < 240 ? &gcm : NULL, 3);
        break;
    case 2:
        C_EncryptMessage(1, parameter.at, parameter.said, associated.at, associated.said, in.at, in.said,
                         room_for, told);
        break;
    case 3:
        C_EncryptMessageBegin(1, parameter.at, parameter.said, associated.at, associated.said);
        break;
    case 4:
        C_EncryptMessageNext(1, parameter.at, parameter.said, in.at, in.said, room_for, told, flags);
        break;
    case 5:
        C_DecryptMessage(1, parameter.at, parameter.said, associated.at, associated.said, in.at, in.said,
                         room_for, told);
        break;
    case 6:
        C_DecryptMessageBegin(1, parameter.at, parameter.said, associated.at, associated.said);
        break;
    default:
        C_DecryptMessageNext(1, parameter.at, parameter.said, in.at, in.said, room_for, told, flags);
    }
}

static void wrapping(uint8_t function) {
    CK_GCM_MESSAGE_PARAMS params = message_of();
    struct memory aad = memory(1 << 20), out = memory(8 << 20), in = memory(8 << 20);
    CK_GCM_WRAP_PARAMS whole = {params.pIv, params.ulIvLen, params.ulIvFixedBits, params.ivGenerator,
                                aad.at,     aad.said,       params.ulTagBits};
    bool apart = function < 2;
    struct memory parameter =
        apart ? parameter_of(&params, sizeof params) : parameter_of(&whole, sizeof whole);
    CK_MECHANISM how = {take() < 240 ? CKM_AES_GCM : argument(), parameter.at, parameter.said};
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class}};
    CK_ULONG length = out.said > 8 << 20 ? 0 : out.said, count = take() < 250 ? 1 : argument();
    CK_OBJECT_HANDLE made;
    out_size = length < 100 ? length : 32;
    CK_ATTRIBUTE *given = count == 1 ? template : NULL;
    switch (function) {
    case 0:
        C_WrapKeyAuthenticated(1, &how, 2, 3, aad.at, aad.said, out.at, &length);
        break;
    case 1:
        C_UnwrapKeyAuthenticated(1, &how, 2, in.at, in.said, given, count, aad.at, aad.said, &made);
        break;
    case 2:
        C_WrapKey(1, &how, 2, 3, out.at, &length);
        break;
    default:
        C_UnwrapKey(1, &how, 2, in.at, in.said, given, count, &made);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input = data;
    left = size;
    C_Initialize(NULL);
    for (int i = 0; i < CALLS_MAX && left > 0; i++) {
        uint8_t function = take() % 12;
        if (function < 8)
            messages(function);
        else
            wrapping(function - 8);
        while (owned_count > 0)
            free(owned[--owned_count]);
    }
    left = 0;
    out_size = vector_size = tag_size = 0;
    C_Finalize(NULL);
    return 0;
}
