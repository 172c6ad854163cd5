/*
 * Hostile answers to the shim: everything of module/shim but the connection, whose double here answers each
 * call from the fuzzer's bytes. Output buffers are exactly as large as the caller says, so that the
 * sanitizers see each byte written or read beyond.
 *
 * Input: for each call 1 byte which function, 1 byte sizes, 1 byte which CK_RV, 2 bytes how much of what
 * follows is its answer.
 */
#include "shim_double.h"

#define CALLS_MAX 6

static const uint8_t *input;
static size_t left;
static uint8_t answer_kind;
static size_t answer_length;

static uint8_t take(void) {
    if (left == 0)
        return 0;
    left--;
    return *input++;
}

static void answer(struct sr_lane *lane, uint8_t *reply, uint64_t capacity) {
    static const uint64_t results[] = {CKR_OK,
                                       CKR_OK,
                                       CKR_OK,
                                       CKR_BUFFER_TOO_SMALL,
                                       CKR_ATTRIBUTE_SENSITIVE,
                                       CKR_ATTRIBUTE_TYPE_INVALID,
                                       CKR_DEVICE_ERROR,
                                       ~(uint64_t)0};
    size_t length = answer_length < left ? answer_length : left;
    if (length > capacity)
        length = capacity;
    memcpy(reply, input, length);
    input += length;
    left -= length;
    lane->rv = results[answer_kind % 8];
    /* Mostly as many bytes as there are; else a number of the fuzzer's. */
    lane->reply_length = answer_kind & 0x40   ? (uint32_t)length * 0x01010101u
                         : answer_kind & 0x80 ? 0xffffffffu
                                              : (uint32_t)length;
    status.epoch += answer_kind & 0x20 ? 1 : 0;
    atomic_store(&lane->state, answer_kind & 0x10 ? SR_LANE_CLOSED : SR_LANE_REPLY);
}

/* ---- calls ---- */

static void query(size_t size) {
    CK_ATTRIBUTE inner[2] = {{CKA_CLASS, room(8), 8}, {CKA_LABEL, room(size), size}};
    CK_ATTRIBUTE outer[] = {{CKA_VALUE, room(size), size},
                            {CKA_WRAP_TEMPLATE, inner, sizeof inner},
                            {CKA_LABEL, NULL, 0},
                            {CKA_ID, room(1), 1}};
    void *owned[] = {inner[0].pValue, inner[1].pValue, outer[0].pValue, outer[3].pValue};
    C_GetAttributeValue(1, 2, outer, sizeof outer / sizeof *outer);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
}

static void list(size_t entries, bool slots) {
    CK_ULONG count = entries;
    CK_ULONG *all = room(entries * sizeof(CK_ULONG));
    if (slots)
        C_GetSlotList(CK_TRUE, all, &count);
    else
        C_GetMechanismList(1, all, &count);
    free(all);
}

static void found(size_t most) {
    CK_ULONG count = 0;
    CK_OBJECT_HANDLE *handles = room(most * sizeof *handles);
    CK_RV rv = C_FindObjects(1, handles, most, &count);
    if (rv == CKR_OK && count > most)
        abort();
    free(handles);
}

typedef CK_RV (*one_shot)(CK_SESSION_HANDLE, CK_BYTE_PTR, CK_ULONG, CK_BYTE_PTR, CK_ULONG_PTR);

static void shot(one_shot function, CK_MECHANISM_TYPE type, size_t size) {
    CK_BYTE iv[16] = {0}, data[64] = {0};
    CK_MECHANISM mechanism = {type, type == CKM_AES_CBC ? iv : NULL, type == CKM_AES_CBC ? sizeof iv : 0};
    CK_BYTE *out = room(size);
    CK_ULONG length = size;
    if (function == C_Sign)
        C_SignInit(1, &mechanism, 3);
    else
        C_EncryptInit(1, &mechanism, 3);
    function(1, data, sizeof data, size == 7 ? NULL : out, &length);
    free(out);
}

static void structures(size_t which) {
    void *info = which % 4 == 0   ? room(sizeof(CK_INFO))
                 : which % 4 == 1 ? room(sizeof(CK_TOKEN_INFO))
                 : which % 4 == 2 ? room(sizeof(CK_SESSION_INFO))
                                  : room(sizeof(CK_MECHANISM_INFO));
    if (which % 4 == 0)
        C_GetInfo(info);
    else if (which % 4 == 1)
        C_GetTokenInfo(1, info);
    else if (which % 4 == 2)
        C_GetSessionInfo(1, info);
    else
        C_GetMechanismInfo(1, CKM_ECDSA, info);
    free(info);
}

static void wrap(size_t size) {
    CK_MECHANISM kwp = {CKM_AES_KEY_WRAP_KWP, NULL, 0};
    CK_BYTE *out = room(size);
    CK_ULONG length = size;
    C_WrapKey(1, &kwp, 2, 3, out, &length);
    free(out);
}

static void make(size_t which) {
    CK_BYTE value[40] = {0};
    CK_ATTRIBUTE template[] = {{CKA_LABEL, value, which % 41}, {CKA_VALUE, value, sizeof value}};
    CK_OBJECT_HANDLE a = 0, b = 0;
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    if (which % 2 == 0)
        C_CreateObject(1, template, 2, &a);
    else
        C_GenerateKeyPair(1, &pair, template, 1, template, 2, &a, &b);
    C_Login(1, CKU_USER, value, which % 40);
}

static void call_once(uint8_t function, size_t size) {
    switch (function % 12) {
    case 0:
        query(size);
        break;
    case 1:
        list(size, true);
        break;
    case 2:
        list(size, false);
        break;
    case 3:
        found(size);
        break;
    case 4:
        shot(C_Sign, CKM_ECDSA, size);
        break;
    case 5:
        shot(C_Encrypt, CKM_AES_CBC, size);
        break;
    case 6:
        structures(size);
        break;
    case 7:
        wrap(size);
        break;
    case 8:
        make(size);
        break;
    case 9: {
        CK_BYTE *out = room(size);
        C_GenerateRandom(1, out, size);
        free(out);
        break;
    }
    case 10: {
        CK_SESSION_HANDLE session = 0;
        C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &session);
        break;
    }
    default: {
        CK_BYTE *out = room(size);
        CK_ULONG length = size;
        C_DigestFinal(1, out, &length);
        free(out);
    }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input = data;
    left = size;
    answer_length = 0;
    C_Initialize(NULL);
    for (int i = 0; i < CALLS_MAX && left > 0; i++) {
        uint8_t function = take(), room_size = take();
        answer_kind = take();
        answer_length = take();
        answer_length |= (size_t)take() << 8;
        call_once(function, room_size);
    }
    /* The farewell is a call as well: answered well, so that the next input finds a fresh library. */
    answer_kind = 0;
    answer_length = 0;
    C_Finalize(NULL);
    return 0;
}
