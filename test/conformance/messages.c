/* Operations on messages with AES-GCM: who makes the vector, parts against the whole, states, and parameters
 * that make no sense. */
#include "harness.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

static CK_FUNCTION_LIST_3_0 *p30;
static CK_BYTE plain[300], sealed[400], opened[400], aad[20] = {1, 2, 3};
static CK_BYTE iv[256], tag[16];

static CK_GCM_MESSAGE_PARAMS generated(CK_ULONG generator) {
    return (CK_GCM_MESSAGE_PARAMS){iv, 12, 0, generator, tag, 128};
}

/* A session with a key, and the functions of 3.0. */
static CK_SESSION_HANDLE start_messages(CK_OBJECT_HANDLE *key) {
    CK_SESSION_HANDLE s = start_user();
    void *library = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetInterface get;
    *(void **)&get = library == NULL ? NULL : dlsym(library, "C_GetInterface");
    CK_INTERFACE *found = NULL;
    if (get == NULL || get((CK_UTF8CHAR_PTR) "PKCS 11", &(CK_VERSION){3, 0}, &found, 0) != CKR_OK)
        skip("no interface of 3.0");
    p30 = found->pFunctionList;
    if (!offers(CKM_AES_GCM, CKF_MESSAGE_ENCRYPT | CKF_MESSAGE_DECRYPT))
        skip("no messages with CKM_AES_GCM");
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (CK_BYTE)i;
    *key = make_aes(s, 32);
    return s;
}

static CK_MECHANISM gcm = {CKM_AES_GCM, NULL, 0};

static CK_RV seal(CK_SESSION_HANDLE s, CK_GCM_MESSAGE_PARAMS *p, CK_ULONG size, CK_ULONG *written) {
    *written = sizeof sealed;
    return p30->C_EncryptMessage(s, p, sizeof *p, aad, sizeof aad, plain, size, sealed, written);
}

static CK_RV open_it(CK_SESSION_HANDLE s, CK_GCM_MESSAGE_PARAMS *p, CK_ULONG size, CK_ULONG *written) {
    *written = sizeof opened;
    return p30->C_DecryptMessage(s, p, sizeof *p, aad, sizeof aad, sealed, size, opened, written);
}

static uint32_t number_of(const CK_BYTE *vector) {
    return (uint32_t)vector[8] << 24 | (uint32_t)vector[9] << 16 | (uint32_t)vector[10] << 8 | vector[11];
}

static void message_round_trips(void) {
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE s = start_messages(&key);
    static const CK_ULONG generators[] = {CKG_GENERATE, CKG_GENERATE_COUNTER, CKG_GENERATE_RANDOM,
                                          CKG_NO_GENERATE};
    CK_BYTE before[12] = {0};
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    NEED(p30->C_MessageDecryptInit(s, &gcm, key));
    for (size_t i = 0; i < COUNT(generators); i++)
        for (CK_ULONG size = 0; size <= sizeof plain; size += 60) {
            CK_GCM_MESSAGE_PARAMS p = generated(generators[i]);
            CK_ULONG length = 0;
            if (generators[i] == CKG_NO_GENERATE)
                iv[0]++;
            NEED(seal(s, &p, size, &length));
            CHECK(length == size && memcmp(before, iv, 12) != 0);
            memcpy(before, iv, 12);
            NEED(open_it(s, &p, size, &length));
            CHECK(length == size && memcmp(plain, opened, size) == 0);
        }
    /* A part of the vector that the caller fixes stays, and so does what is behind the vector. */
    CK_GCM_MESSAGE_PARAMS p = generated(CKG_GENERATE);
    CK_ULONG length;
    p.ulIvFixedBits = 28;
    memset(iv, 0xa5, sizeof iv);
    NEED(seal(s, &p, 5, &length));
    CHECK(memcmp(iv, "\xa5\xa5\xa5", 3) == 0 && (iv[3] & 0xf0) == 0xa0 && iv[12] == 0xa5);
    NEED(p30->C_MessageEncryptFinal(s));
    NEED(p30->C_MessageDecryptFinal(s));
}

static void message_parts(void) {
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE s = start_messages(&key);
    CK_GCM_MESSAGE_PARAMS p = generated(CKG_GENERATE);
    CK_ULONG first = sizeof sealed, second, length = 0;
    CK_BYTE whole[400];
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    NEED(p30->C_EncryptMessageBegin(s, &p, sizeof p, aad, sizeof aad));
    NEED(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 33, sealed, &first, 0));
    CHECK(first == 33);
    second = sizeof sealed - first;
    NEED(p30->C_EncryptMessageNext(s, &p, sizeof p, plain + 33, 100, sealed + first, &second,
                                   CKF_END_OF_MESSAGE));
    CHECK(second == 100);
    memcpy(whole, sealed, 133);
    NEED(p30->C_MessageDecryptInit(s, &gcm, key));
    NEED(open_it(s, &p, 133, &length));
    CHECK(length == 133 && memcmp(opened, plain, 133) == 0);
    /* The same in one piece, under the same vector. */
    CK_BYTE tag_of_parts[16];
    memcpy(tag_of_parts, tag, 16);
    p.ivGenerator = CKG_NO_GENERATE;
    NEED(seal(s, &p, 133, &length));
    CHECK(memcmp(sealed, whole, 133) == 0 && memcmp(tag, tag_of_parts, 16) == 0);
    NEED(p30->C_DecryptMessageBegin(s, &p, sizeof p, aad, sizeof aad));
    first = second = sizeof opened;
    NEED(p30->C_DecryptMessageNext(s, &p, sizeof p, sealed, 50, opened, &first, 0));
    second = 10;
    EXPECT(p30->C_DecryptMessageNext(s, &p, sizeof p, sealed + 50, 83, opened, &second, CKF_END_OF_MESSAGE),
           CKR_BUFFER_TOO_SMALL);
    second = sizeof opened - first;
    NEED(p30->C_DecryptMessageNext(s, &p, sizeof p, sealed + 50, 83, opened + first, &second,
                                   CKF_END_OF_MESSAGE));
    CHECK(first + second == 133 && memcmp(opened, plain, 133) == 0);
}

static void message_asks_for_room(void) {
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE s = start_messages(&key);
    CK_GCM_MESSAGE_PARAMS p = generated(CKG_GENERATE);
    CK_ULONG length = 0;
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    NEED(seal(s, &p, 40, &length));
    uint32_t number = number_of(iv);
    CK_BYTE kept[12];
    memcpy(kept, iv, 12);
    NEED(p30->C_EncryptMessage(s, &p, sizeof p, aad, 1, plain, 40, NULL, &length));
    CHECK(length == 40);
    length = 39;
    EXPECT(p30->C_EncryptMessage(s, &p, sizeof p, aad, 1, plain, 40, sealed, &length), CKR_BUFFER_TOO_SMALL);
    CHECK(length == 40 && memcmp(kept, iv, 12) == 0);
    NEED(seal(s, &p, 40, &length));
    /* Asking has cost no vector. */
    if (memcmp(kept, iv, 8) == 0)
        CHECK(number_of(iv) == number + 1);
    NEED(p30->C_EncryptMessageBegin(s, &p, sizeof p, NULL, 0));
    length = 2;
    EXPECT(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 40, sealed, &length, CKF_END_OF_MESSAGE),
           CKR_BUFFER_TOO_SMALL);
    NEED(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 40, NULL, &length, CKF_END_OF_MESSAGE));
    NEED(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 40, sealed, &length, CKF_END_OF_MESSAGE));
    CHECK(length == 40);
}

static void message_states(void) {
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE s = start_messages(&key);
    CK_GCM_MESSAGE_PARAMS p = generated(CKG_GENERATE);
    CK_ULONG length = 0;
    EXPECT(seal(s, &p, 1, &length), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(open_it(s, &p, 1, &length), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_EncryptMessageBegin(s, &p, sizeof p, NULL, 0), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_DecryptMessageBegin(s, &p, sizeof p, NULL, 0), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_MessageEncryptFinal(s), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_MessageDecryptFinal(s), CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_MessageEncryptInit(s, &(CK_MECHANISM){CKM_AES_CBC, iv, 16}, key), CKR_MECHANISM_INVALID);
    EXPECT(p30->C_MessageEncryptInit(s, &gcm, key + 4711), CKR_KEY_HANDLE_INVALID);
    EXPECT(p30->C_MessageEncryptInit(s + 4711, &gcm, key), CKR_SESSION_HANDLE_INVALID);
    NEED(p30->C_MessageEncryptInit(s, &(CK_MECHANISM){CKM_AES_GCM, &p, sizeof p}, key));
    EXPECT(p30->C_MessageEncryptInit(s, &gcm, key), CKR_OPERATION_ACTIVE);
    EXPECT(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 1, sealed, &length, 0),
           CKR_OPERATION_NOT_INITIALIZED);
    NEED(p30->C_EncryptMessageBegin(s, &p, sizeof p, NULL, 0));
    EXPECT(p30->C_EncryptMessageBegin(s, &p, sizeof p, NULL, 0), CKR_OPERATION_ACTIVE);
    EXPECT(seal(s, &p, 1, &length), CKR_OPERATION_ACTIVE);
    EXPECT(p30->C_MessageEncryptFinal(s), CKR_OPERATION_ACTIVE);
    /* What fails ends the message, and the process goes on. */
    EXPECT(p30->C_EncryptMessageNext(s, &p, sizeof p, NULL, 3, sealed, &length, 0), CKR_ARGUMENTS_BAD);
    EXPECT(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 3, sealed, &length, 0),
           CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(p30->C_EncryptMessage(s, &p, sizeof p, aad, 1, plain, 40, sealed, NULL), CKR_ARGUMENTS_BAD);
    NEED(seal(s, &p, 1, &length));
    NEED(p30->C_EncryptMessageBegin(s, &p, sizeof p, NULL, 0));
    NEED(p30->C_MessageEncryptInit(s, NULL, 0));
    EXPECT(p30->C_EncryptMessageNext(s, &p, sizeof p, plain, 1, sealed, &length, 0),
           CKR_OPERATION_NOT_INITIALIZED);
    EXPECT(seal(s, &p, 1, &length), CKR_OPERATION_NOT_INITIALIZED);
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    NEED(p30->C_MessageDecryptInit(s, &gcm, key));
    NEED(p30->C_SessionCancel(s, CKF_MESSAGE_ENCRYPT));
    EXPECT(p30->C_MessageEncryptFinal(s), CKR_OPERATION_NOT_INITIALIZED);
    NEED(p30->C_MessageDecryptFinal(s));
    /* Both ways of encrypting go beside each other. */
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    CK_BYTE block[16] = {0};
    length = sizeof sealed;
    NEED(p11->C_EncryptInit(s, &(CK_MECHANISM){CKM_AES_CBC, block, 16}, key));
    NEED(p11->C_Encrypt(s, plain, 16, sealed, &length));
    NEED(seal(s, &p, 1, &length));
}

static void message_parameters(void) {
    CK_OBJECT_HANDLE key;
    CK_SESSION_HANDLE s = start_messages(&key);
    const CK_ULONG absurd = (CK_ULONG)-1;
    CK_GCM_MESSAGE_PARAMS bad[] = {
        {NULL, 12, 0, CKG_GENERATE, tag, 128},       {iv, 12, 0, CKG_GENERATE, NULL, 128},
        {iv, 0, 0, CKG_NO_GENERATE, tag, 128},       {iv, absurd, 0, CKG_NO_GENERATE, tag, 128},
        {iv, 257, 0, CKG_NO_GENERATE, tag, 128},     {iv, 12, 0, CKG_GENERATE, tag, absurd},
        {iv, 12, 0, CKG_GENERATE, tag, 129},         {iv, 12, 0, CKG_GENERATE, tag, 0},
        {iv, 12, 97, CKG_GENERATE, tag, 128},        {iv, 12, absurd, CKG_GENERATE, tag, 128},
        {iv, absurd, 0, CKG_GENERATE, tag, 128},     {iv, 12, 0, 77, tag, 128},
        {iv, 12, 97, CKG_GENERATE_RANDOM, tag, 128}, {NULL, 12, 0, CKG_NO_GENERATE, tag, 128},
    };
    CK_ULONG length;
    CK_GCM_MESSAGE_PARAMS good = generated(CKG_GENERATE);
    NEED(p30->C_MessageEncryptInit(s, &gcm, key));
    NEED(p30->C_MessageDecryptInit(s, &gcm, key));
    for (size_t i = 0; i < COUNT(bad); i++) {
        about_to("a bad parameter");
        if (!EXPECT(seal(s, &bad[i], 3, &length), CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD) ||
            !EXPECT(p30->C_EncryptMessageBegin(s, &bad[i], sizeof bad[i], NULL, 0),
                    CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD))
            complain("parameter %zu was taken", i);
    }
    length = sizeof sealed;
    EXPECT(p30->C_EncryptMessage(s, NULL, 0, NULL, 0, plain, 3, sealed, &length), CKR_MECHANISM_PARAM_INVALID,
           CKR_ARGUMENTS_BAD);
    EXPECT(p30->C_EncryptMessage(s, NULL, sizeof good, NULL, 0, plain, 3, sealed, &length), CKR_ARGUMENTS_BAD,
           CKR_MECHANISM_PARAM_INVALID);
    EXPECT(p30->C_EncryptMessage(s, &good, 12, NULL, 0, plain, 3, sealed, &length),
           CKR_MECHANISM_PARAM_INVALID);
    EXPECT(p30->C_EncryptMessage(s, &good, sizeof good, NULL, 7, plain, 3, sealed, &length),
           CKR_ARGUMENTS_BAD);
    /* What is opened ignores who was to make the vector. */
    NEED(seal(s, &good, 30, &length));
    good.ivGenerator = 77;
    good.ulIvFixedBits = absurd;
    NEED(open_it(s, &good, 30, &length));
    for (int i = 0; i < 2; i++) {
        CK_BYTE *changed = i == 0 ? tag : sealed;
        changed[5] ^= 1;
        EXPECT(open_it(s, &good, 30, &length), CKR_AEAD_DECRYPT_FAILED);
        NEED(p30->C_DecryptMessageBegin(s, &good, sizeof good, aad, sizeof aad));
        length = sizeof opened;
        EXPECT(
            p30->C_DecryptMessageNext(s, &good, sizeof good, sealed, 30, opened, &length, CKF_END_OF_MESSAGE),
            CKR_AEAD_DECRYPT_FAILED);
        changed[5] ^= 1;
    }
    NEED(open_it(s, &good, 30, &length));
}

const struct test_case message_cases[] = {
    {"message/round-trips", message_round_trips, TOKEN},     {"message/parts", message_parts, TOKEN},
    {"message/asks-for-room", message_asks_for_room, TOKEN}, {"message/states", message_states, TOKEN},
    {"message/parameters", message_parameters, TOKEN},       {NULL, NULL, TOKEN},
};
