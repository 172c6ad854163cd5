/* Keys that are wrapped with AES-GCM: under a vector that the token makes (CK_GCM_WRAP_PARAMS), and as a
 * message with a tag of its own (C_WrapKeyAuthenticated, CK_GCM_MESSAGE_PARAMS). */
#include "harness.h"

#include <dlfcn.h>
#include <string.h>

static CK_FUNCTION_LIST_3_2 *p32;
static CK_BYTE iv[300], tag[16], aad[20] = {1, 2, 3}, wrapped[600], before[600];
static CK_OBJECT_CLASS secret = CKO_SECRET_KEY, private_class = CKO_PRIVATE_KEY;
static CK_KEY_TYPE aes = CKK_AES, generic = CKK_GENERIC_SECRET, ec = CKK_EC;
static CK_GCM_MESSAGE_PARAMS message;
static CK_GCM_WRAP_PARAMS whole;
static CK_MECHANISM apart = {CKM_AES_GCM, &message, sizeof message},
                    together = {CKM_AES_GCM, &whole, sizeof whole};
static const CK_ULONG generators[] = {CKG_GENERATE, CKG_GENERATE_COUNTER, CKG_GENERATE_RANDOM,
                                      CKG_NO_GENERATE};

static void generate(CK_ULONG generator) {
    message = (CK_GCM_MESSAGE_PARAMS){iv, 12, 0, generator, tag, 128};
    whole = (CK_GCM_WRAP_PARAMS){iv, 12, 0, generator, aad, sizeof aad, 128};
}

/* A session with a key that wraps, and the functions of 3.2. */
static CK_SESSION_HANDLE start_wrapping(CK_OBJECT_HANDLE *key) {
    CK_SESSION_HANDLE s = start_user();
    void *library = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetInterface get;
    *(void **)&get = library == NULL ? NULL : dlsym(library, "C_GetInterface");
    CK_INTERFACE *found = NULL;
    if (get == NULL || get((CK_UTF8CHAR_PTR) "PKCS 11", &(CK_VERSION){3, 2}, &found, 0) != CKR_OK)
        skip("no interface of 3.2");
    p32 = found->pFunctionList;
    if (!offers(CKM_AES_GCM, CKF_WRAP | CKF_UNWRAP))
        skip("CKM_AES_GCM does not wrap");
    *key = make_aes(s, 32);
    CK_ULONG length = 0;
    generate(CKG_GENERATE);
    if (p32->C_WrapKeyAuthenticated(s, &apart, *key, *key, NULL, 0, NULL, &length) ==
        CKR_FUNCTION_NOT_SUPPORTED)
        skip("no C_WrapKeyAuthenticated");
    return s;
}

static CK_RV leave(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE wrapper, CK_OBJECT_HANDLE key, CK_ULONG *length) {
    *length = sizeof wrapped;
    return p32->C_WrapKeyAuthenticated(s, &apart, wrapper, key, aad, sizeof aad, wrapped, length);
}

static CK_RV come(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE wrapper, CK_ULONG length, CK_OBJECT_HANDLE *key) {
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), NO(CKA_TOKEN),
                               NO(CKA_SENSITIVE),      YES(CKA_EXTRACTABLE),   YES(CKA_ENCRYPT)};
    return p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, length, template, COUNT(template), aad,
                                         sizeof aad, key);
}

static CK_ULONG value_of(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, CK_BYTE value[64]) {
    CK_ATTRIBUTE want = {CKA_VALUE, value, 64};
    NEED(p11->C_GetAttributeValue(s, key, &want, 1));
    return want.ulValueLen;
}

static void check_same(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE one, CK_OBJECT_HANDLE other) {
    CK_BYTE a[64], b[64];
    CK_ULONG size = value_of(s, one, a);
    CHECK(value_of(s, other, b) == size && memcmp(a, b, size) == 0);
    CK_BBOOL local = 7, always = 7, never = 7;
    CK_ATTRIBUTE history[] = {VAR(CKA_LOCAL, local), VAR(CKA_ALWAYS_SENSITIVE, always),
                              VAR(CKA_NEVER_EXTRACTABLE, never)};
    NEED(p11->C_GetAttributeValue(s, other, history, 3));
    CHECK(!local && !always && !never);
}

static void round_trips(void) {
    CK_OBJECT_HANDLE wrapper, back = 0;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_BYTE last[12] = {0};
    for (size_t i = 0; i < COUNT(generators); i++)
        for (CK_ULONG size = 16; size <= 32; size += 8) {
            CK_OBJECT_HANDLE key = make_aes(s, size);
            CK_ULONG length;
            generate(generators[i]);
            if (generators[i] == CKG_NO_GENERATE)
                iv[0]++;
            NEED(leave(s, wrapper, key, &length));
            CHECK(length == size && memcmp(last, iv, 12) != 0);
            memcpy(last, iv, 12);
            memcpy(before, wrapped, length);
            NEED(come(s, wrapper, length, &back));
            check_same(s, key, back);
            /* The same under the same vector, in one piece with its tag. */
            generate(CKG_NO_GENERATE);
            length = sizeof wrapped;
            NEED(p11->C_WrapKey(s, &together, wrapper, key, wrapped, &length));
            CHECK(length == size + 16 && memcmp(before, wrapped, size) == 0 &&
                  memcmp(wrapped + size, tag, 16) == 0);
        }
    /* A part of the vector that the caller fixes stays, and so does what is behind the vector and the tag. */
    CK_ULONG length;
    generate(CKG_GENERATE);
    message.ulIvFixedBits = 28;
    message.ulTagBits = 96;
    memset(iv, 0xa5, sizeof iv);
    memset(tag, 0xa5, sizeof tag);
    NEED(leave(s, wrapper, make_aes(s, 32), &length));
    CHECK(memcmp(iv, "\xa5\xa5\xa5", 3) == 0 && (iv[3] & 0xf0) == 0xa0 && iv[12] == 0xa5);
    CHECK(memcmp(tag + 12, "\xa5\xa5\xa5\xa5", 4) == 0);
    NEED(come(s, wrapper, length, &back));
}

static void in_one_piece(void) {
    CK_OBJECT_HANDLE wrapper, back = 0;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_BYTE last[12] = {0};
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), NO(CKA_TOKEN),
                               NO(CKA_SENSITIVE), YES(CKA_EXTRACTABLE)};
    for (size_t i = 0; i < COUNT(generators); i++) {
        CK_OBJECT_HANDLE key = make_aes(s, 32);
        CK_ULONG length = sizeof wrapped;
        generate(generators[i]);
        if (generators[i] == CKG_NO_GENERATE)
            iv[0]++;
        NEED(p11->C_WrapKey(s, &together, wrapper, key, wrapped, &length));
        CHECK(length == 48 && memcmp(last, iv, 12) != 0);
        memcpy(last, iv, 12);
        /* Who unwraps does not say who made the vector. */
        whole.ivGenerator = 77;
        whole.ulIvFixedBits = (CK_ULONG)-1;
        NEED(p11->C_UnwrapKey(s, &together, wrapper, wrapped, length, template, COUNT(template), &back));
        check_same(s, key, back);
        CK_GCM_PARAMS plain = {iv, 12, 96, aad, sizeof aad, 128};
        CK_MECHANISM older = {CKM_AES_GCM, &plain, sizeof plain};
        NEED(p11->C_UnwrapKey(s, &older, wrapper, wrapped, length, template, COUNT(template), &back));
        check_same(s, key, back);
        wrapped[40] ^= 1;
        EXPECT(p11->C_UnwrapKey(s, &together, wrapper, wrapped, length, template, COUNT(template), &back),
               CKR_WRAPPED_KEY_INVALID);
    }
    /* It is for wrapping alone. */
    generate(CKG_NO_GENERATE);
    EXPECT(p11->C_EncryptInit(s, &together, wrapper), CKR_MECHANISM_PARAM_INVALID);
    EXPECT(p11->C_DecryptInit(s, &together, wrapper), CKR_MECHANISM_PARAM_INVALID);
}

/* A private key leaves as PKCS #8 and comes back able to sign. */
static void private_key(void) {
    CK_OBJECT_HANDLE wrapper, pub, priv, back;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_MECHANISM pair = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0};
    CK_ATTRIBUTE pub_template[] = {
        {CKA_EC_PARAMS, (void *)oid_p256, sizeof oid_p256}, NO(CKA_TOKEN), YES(CKA_VERIFY)};
    CK_ATTRIBUTE priv_template[] = {NO(CKA_TOKEN), YES(CKA_SIGN), YES(CKA_EXTRACTABLE)};
    CK_BYTE signature[64];
    CK_ULONG length, signature_length = sizeof signature;
    NEED(p11->C_GenerateKeyPair(s, &pair, pub_template, 3, priv_template, 3, &pub, &priv));
    NEED(leave(s, wrapper, priv, &length));
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, private_class), VAR(CKA_KEY_TYPE, ec), NO(CKA_TOKEN),
                               YES(CKA_SIGN)};
    NEED(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, length, template, COUNT(template), aad,
                                       sizeof aad, &back));
    NEED(p11->C_SignInit(s, &ecdsa, back));
    NEED(p11->C_Sign(s, aad, 20, signature, &signature_length));
    NEED(p11->C_VerifyInit(s, &ecdsa, pub));
    EXPECT(p11->C_Verify(s, aad, 20, signature, signature_length), CKR_OK);
    EXPECT(leave(s, wrapper, pub, &length), CKR_KEY_NOT_WRAPPABLE, CKR_KEY_HANDLE_INVALID);
}

/* Larger than what travels in a request among the other arguments. */
static void large_secret(void) {
    CK_OBJECT_HANDLE wrapper, key, back = 0;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    static CK_BYTE value[6000], after[6000], sealed[6100];
    for (size_t i = 0; i < sizeof value; i++)
        value[i] = (CK_BYTE)(i * 7 + 1);
    CK_ATTRIBUTE given[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, generic),
                            NO(CKA_TOKEN),          YES(CKA_EXTRACTABLE),
                            NO(CKA_SENSITIVE),      {CKA_VALUE, value, sizeof value}};
    CK_RV rv = p11->C_CreateObject(s, given, COUNT(given), &key);
    if (rv != CKR_OK)
        skip("no secrets of that length");
    for (int way = 0; way < 2; way++) {
        CK_ULONG length = sizeof sealed;
        generate(CKG_GENERATE);
        if (way == 0)
            NEED(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, key, aad, sizeof aad, sealed, &length));
        else
            NEED(p11->C_WrapKey(s, &together, wrapper, key, sealed, &length));
        CHECK(length == sizeof value + (way == 0 ? 0 : 16));
        for (int wrong = 1; wrong >= 0; wrong--) {
            sealed[5000] ^= (CK_BYTE)wrong;
            rv = way == 0 ? p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, sealed, length, given, 5, aad,
                                                          sizeof aad, &back)
                          : p11->C_UnwrapKey(s, &together, wrapper, sealed, length, given, 5, &back);
            sealed[5000] ^= (CK_BYTE)wrong;
            EXPECT(rv, wrong ? CKR_WRAPPED_KEY_INVALID : CKR_OK);
        }
        CK_ATTRIBUTE asked = {CKA_VALUE, after, sizeof after};
        NEED(p11->C_GetAttributeValue(s, back, &asked, 1));
        CHECK(asked.ulValueLen == sizeof value && memcmp(value, after, sizeof value) == 0);
    }
}

static void asks_for_room(void) {
    CK_OBJECT_HANDLE wrapper;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_ULONG length;
    CK_BYTE kept[12];
    NEED(leave(s, wrapper, wrapper, &length));
    memcpy(kept, iv, 12);
    memset(tag, 0xa5, sizeof tag);
    for (CK_ULONG room = 0; room <= 32; room += 31) {
        length = 0;
        NEED(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, wrapper, NULL, 0, NULL, &length));
        CHECK(length == 32);
        length = room;
        EXPECT(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, wrapper, NULL, 0, wrapped, &length),
               CKR_BUFFER_TOO_SMALL);
        CHECK(length == 32);
        NEED(p11->C_WrapKey(s, &together, wrapper, wrapper, NULL, &length));
        CHECK(length == 48);
        length = 16 + room;
        EXPECT(p11->C_WrapKey(s, &together, wrapper, wrapper, wrapped, &length), CKR_BUFFER_TOO_SMALL);
        CHECK(length == 48);
    }
    CHECK(memcmp(kept, iv, 12) == 0 && tag[0] == 0xa5);
    NEED(leave(s, wrapper, wrapper, &length));
    /* Asking has cost no vector. */
    if (memcmp(kept, iv, 8) == 0)
        CHECK(iv[11] == (CK_BYTE)(kept[11] + 1));
}

static void parameters(void) {
    CK_OBJECT_HANDLE wrapper, back = 0;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    const CK_ULONG absurd = (CK_ULONG)-1;
    CK_GCM_MESSAGE_PARAMS bad[] = {
        {NULL, 12, 0, CKG_GENERATE, tag, 128},       {iv, 12, 0, CKG_GENERATE, NULL, 128},
        {iv, 0, 0, CKG_NO_GENERATE, tag, 128},       {iv, absurd, 0, CKG_NO_GENERATE, tag, 128},
        {iv, 257, 0, CKG_NO_GENERATE, tag, 128},     {iv, 12, 0, CKG_GENERATE, tag, absurd},
        {iv, 12, 0, CKG_GENERATE, tag, 129},         {iv, 12, 0, CKG_GENERATE, tag, 0},
        {iv, 12, 97, CKG_GENERATE, tag, 128},        {iv, 12, absurd, CKG_GENERATE, tag, 128},
        {iv, absurd, 0, CKG_GENERATE, tag, 128},     {iv, 12, 0, 77, tag, 128},
        {iv, 12, 97, CKG_GENERATE_RANDOM, tag, 128}, {NULL, 12, 0, CKG_NO_GENERATE, tag, 128},
        {iv, 1UL << 63, 0, CKG_GENERATE, tag, 128},  {NULL, absurd, absurd, absurd, NULL, absurd},
    };
    CK_ULONG length;
    for (size_t i = 0; i < COUNT(bad); i++) {
        about_to("a bad parameter");
        message = bad[i];
        if (!EXPECT(leave(s, wrapper, wrapper, &length), CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD))
            complain("parameter %zu was taken", i);
        bool of_opening = i == 1 || (i >= 2 && i <= 7) || i == 10 || i >= 13 || i == 0;
        if (of_opening &&
            !EXPECT(come(s, wrapper, 32, &back), CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD))
            complain("parameter %zu was taken for opening", i);
        if (bad[i].pTag == NULL)
            continue;
        whole = (CK_GCM_WRAP_PARAMS){
            bad[i].pIv, bad[i].ulIvLen, bad[i].ulIvFixedBits, bad[i].ivGenerator, NULL, 0, bad[i].ulTagBits};
        length = sizeof wrapped;
        if (!EXPECT(p11->C_WrapKey(s, &together, wrapper, wrapper, wrapped, &length),
                    CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD))
            complain("parameter %zu was taken by C_WrapKey", i);
    }
    /* Associated data that cannot be. */
    generate(CKG_GENERATE);
    length = sizeof wrapped;
    EXPECT(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, wrapper, NULL, 7, wrapped, &length),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, wrapper, aad, absurd, wrapped, &length),
           CKR_ARGUMENTS_BAD);
    CK_ULONG lengths[] = {7, absurd, 1UL << 63, 1UL << 32};
    for (size_t i = 0; i < COUNT(lengths); i++)
        for (int with = 0; with < 2; with++) {
            if (with && i == 0)
                continue;
            whole.pAAD = with ? aad : NULL;
            whole.ulAADLen = lengths[i];
            for (CK_ULONG generator = CKG_NO_GENERATE; generator <= CKG_GENERATE; generator++) {
                whole.ivGenerator = generator;
                length = sizeof wrapped;
                EXPECT(p11->C_WrapKey(s, &together, wrapper, wrapper, wrapped, &length),
                       CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
            }
        }
    /* Other layouts, and none. */
    generate(CKG_GENERATE);
    CK_MECHANISM wrong[] = {{CKM_AES_GCM, NULL, 0},          {CKM_AES_GCM, NULL, sizeof message},
                            {CKM_AES_GCM, &message, 12},     {CKM_AES_GCM, &whole, sizeof whole},
                            {CKM_AES_GCM, &message, absurd}, {CKM_AES_GCM, &message, 0}};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        about_to("a parameter of another layout");
        length = sizeof wrapped;
        EXPECT(p32->C_WrapKeyAuthenticated(s, &wrong[i], wrapper, wrapper, aad, 1, wrapped, &length),
               CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
        EXPECT(p32->C_UnwrapKeyAuthenticated(s, &wrong[i], wrapper, wrapped, 32, NULL, 0, aad, 1, &back),
               CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
    }
    EXPECT(p32->C_WrapKeyAuthenticated(s, NULL, wrapper, wrapper, aad, 1, wrapped, &length),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_WrapKeyAuthenticated(s, &apart, wrapper, wrapper, aad, 1, wrapped, NULL),
           CKR_ARGUMENTS_BAD);
    NEED(leave(s, wrapper, wrapper, &length));
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, NULL, wrapper, wrapped, 32, NULL, 0, aad, 1, &back),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, NULL, 32, NULL, 0, aad, 1, &back),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, absurd, NULL, 0, aad, 1, &back),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, 32, NULL, 3, aad, 1, &back),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, 32, NULL, 0, NULL, 1, &back),
           CKR_ARGUMENTS_BAD);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, 32, NULL, 0, aad, sizeof aad, NULL),
           CKR_ARGUMENTS_BAD);
    message.ivGenerator = 77;
    message.ulIvFixedBits = absurd;
    NEED(come(s, wrapper, length, &back));
}

static void forged(void) {
    CK_OBJECT_HANDLE wrapper, back = 4711;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_ULONG length;
    NEED(leave(s, wrapper, wrapper, &length));
    CK_BYTE *changed[] = {tag, wrapped, iv, aad};
    for (size_t i = 0; i < COUNT(changed); i++) {
        changed[i][5] ^= 1;
        EXPECT(come(s, wrapper, length, &back), CKR_WRAPPED_KEY_INVALID);
        changed[i][5] ^= 1;
    }
    EXPECT(come(s, wrapper, length - 1, &back), CKR_WRAPPED_KEY_INVALID);
    EXPECT(come(s, make_aes(s, 32), length, &back), CKR_WRAPPED_KEY_INVALID);
    CHECK(back == 4711);
    NEED(come(s, wrapper, length, &back));
    EXPECT(come(s, wrapper, 0, &back), CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE);
    static CK_BYTE large[70000];
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, large, sizeof large, NULL, 0, aad, 1, &back),
           CKR_TEMPLATE_INCOMPLETE, CKR_WRAPPED_KEY_LEN_RANGE);
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), NO(CKA_TOKEN)};
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, large, sizeof large, template, 3, aad, 1, &back),
           CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPED_KEY_INVALID);
    template[1] = (CK_ATTRIBUTE)VAR(CKA_KEY_TYPE, generic);
    NEED(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, length, template, 3, aad, sizeof aad,
                                       &back));
    template[1] = (CK_ATTRIBUTE)VAR(CKA_KEY_TYPE, ec);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, length, template, 3, aad, sizeof aad,
                                         &back),
           CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_VALUE_INVALID);
    template[0] = (CK_ATTRIBUTE)VAR(CKA_CLASS, private_class);
    EXPECT(p32->C_UnwrapKeyAuthenticated(s, &apart, wrapper, wrapped, length, template, 3, aad, sizeof aad,
                                         &back),
           CKR_WRAPPED_KEY_INVALID);
}

static CK_OBJECT_HANDLE made(CK_SESSION_HANDLE s, CK_ATTRIBUTE *more, CK_ULONG count) {
    CK_MECHANISM generator = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG size = 32;
    CK_ATTRIBUTE all[10] = {VAR(CKA_VALUE_LEN, size), NO(CKA_TOKEN)};
    memcpy(all + 2, more, count * sizeof *more);
    CK_OBJECT_HANDLE key = 0;
    NEED(p11->C_GenerateKey(s, &generator, all, 2 + count, &key));
    return key;
}

static void rules(void) {
    CK_OBJECT_HANDLE wrapper, back = 0;
    CK_SESSION_HANDLE s = start_wrapping(&wrapper);
    CK_ULONG length;
    EXPECT(leave(s, wrapper, made(s, (CK_ATTRIBUTE[]){NO(CKA_EXTRACTABLE)}, 1), &length),
           CKR_KEY_UNEXTRACTABLE);
    EXPECT(leave(s, wrapper, made(s, (CK_ATTRIBUTE[]){YES(CKA_EXTRACTABLE), YES(CKA_WRAP_WITH_TRUSTED)}, 2),
                 &length),
           CKR_KEY_NOT_WRAPPABLE);
    CK_OBJECT_HANDLE other = made(s, (CK_ATTRIBUTE[]){NO(CKA_WRAP), NO(CKA_UNWRAP), YES(CKA_EXTRACTABLE)}, 3);
    EXPECT(leave(s, other, wrapper, &length), CKR_KEY_FUNCTION_NOT_PERMITTED,
           CKR_WRAPPING_KEY_HANDLE_INVALID);
    NEED(leave(s, wrapper, other, &length));
    EXPECT(come(s, other, length, &back), CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_UNWRAPPING_KEY_HANDLE_INVALID);
    EXPECT(leave(s, ~0UL - 3, other, &length), CKR_WRAPPING_KEY_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID);
    EXPECT(leave(s, wrapper, ~0UL - 3, &length), CKR_KEY_HANDLE_INVALID);
    EXPECT(come(s, ~0UL - 3, 32, &back), CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID);
    EXPECT(leave(s + 4711, wrapper, other, &length), CKR_SESSION_HANDLE_INVALID);
    EXPECT(come(s + 4711, wrapper, 32, &back), CKR_SESSION_HANDLE_INVALID);
    CK_MECHANISM_TYPE no_messages[] = {CKM_AES_KEY_WRAP, CKM_AES_CBC, CKM_AES_CCM, CKM_RSA_PKCS, ~0UL};
    for (size_t i = 0; i < COUNT(no_messages); i++) {
        CK_MECHANISM how = {no_messages[i], &message, sizeof message};
        length = sizeof wrapped;
        EXPECT(p32->C_WrapKeyAuthenticated(s, &how, wrapper, other, NULL, 0, wrapped, &length),
               CKR_MECHANISM_INVALID, CKR_WRAPPING_KEY_TYPE_INCONSISTENT);
        EXPECT(p32->C_UnwrapKeyAuthenticated(s, &how, wrapper, wrapped, 32, NULL, 0, NULL, 0, &back),
               CKR_MECHANISM_INVALID, CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT);
    }
    /* What may leave under it, and what it makes of those that come. */
    CK_ATTRIBUTE inner[] = {YES(CKA_ENCRYPT), NO(CKA_EXTRACTABLE)};
    CK_ATTRIBUTE outer[] = {YES(CKA_WRAP), YES(CKA_UNWRAP), {CKA_WRAP_TEMPLATE, inner, sizeof inner[0]}};
    CK_OBJECT_HANDLE strict = made(s, outer, 3);
    EXPECT(leave(s, strict, made(s, (CK_ATTRIBUTE[]){YES(CKA_EXTRACTABLE), NO(CKA_ENCRYPT)}, 2), &length),
           CKR_KEY_HANDLE_INVALID);
    NEED(leave(s, strict, made(s, (CK_ATTRIBUTE[]){YES(CKA_EXTRACTABLE), YES(CKA_ENCRYPT)}, 2), &length));
    outer[2] = (CK_ATTRIBUTE){CKA_UNWRAP_TEMPLATE, inner, sizeof inner};
    strict = made(s, outer, 3);
    NEED(leave(s, strict, wrapper, &length));
    EXPECT(come(s, strict, length, &back), CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, secret), VAR(CKA_KEY_TYPE, aes), NO(CKA_TOKEN)};
    NEED(p32->C_UnwrapKeyAuthenticated(s, &apart, strict, wrapped, length, template, 3, aad, sizeof aad,
                                       &back));
    CK_BBOOL extractable = 7;
    CK_ATTRIBUTE asked = VAR(CKA_EXTRACTABLE, extractable);
    NEED(p11->C_GetAttributeValue(s, back, &asked, 1));
    CHECK(extractable == CK_FALSE);
}

const struct test_case wrapping_cases[] = {
    {"wrapping/round-trips", round_trips, TOKEN},
    {"wrapping/in-one-piece", in_one_piece, TOKEN},
    {"wrapping/private-key", private_key, TOKEN},
    {"wrapping/asks-for-room", asks_for_room, TOKEN},
    {"wrapping/parameters", parameters, TOKEN},
    {"wrapping/forged", forged, TOKEN},
    {"wrapping/rules", rules, TOKEN},
    {"wrapping/large-secret", large_secret, TOKEN},
    {NULL, NULL, TOKEN},
};
