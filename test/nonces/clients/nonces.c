/*
 * Uses keys while its engine is killed, line by line: writes every vector that it was given to a file, and
 * counts what was granted. Its counts are those of answers that it has had; what was under way when the
 * engine died may have been counted by the engine alone.
 */
#include "../../fault/clients/client.h"

#include <pthread.h>

static CK_FUNCTION_LIST_3_2 *p32;
static CK_C_GetInterface get_interface;
static FILE *vectors;
static unsigned long sealed_count, limited_count, signed_count, refused_count, told;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE plenty, limited, signer;

static CK_OBJECT_HANDLE find(const char *id) {
    CK_ATTRIBUTE wanted = {CKA_ID, (void *)id, strlen(id)};
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count = 0;
    if (p11->C_FindObjectsInit(session, &wanted, 1) != CKR_OK)
        return 0;
    p11->C_FindObjects(session, &found, 1, &count);
    p11->C_FindObjectsFinal(session);
    return count == 1 ? found : 0;
}

static void make_key(const char *id, CK_KEY_TYPE type, CK_ATTRIBUTE_TYPE limit_type, CK_ULONG limit) {
    CK_ULONG length = 32;
    CK_ATTRIBUTE attributes[] = {
        VAR(CKA_TOKEN, yes),       VAR(CKA_VALUE_LEN, length), {CKA_ID, (void *)id, strlen(id)},
        VAR(CKA_EXTRACTABLE, yes), VAR(CKA_WRAP, yes),         {limit_type, &limit, sizeof limit}};
    CK_MECHANISM how = {type == CKK_AES ? CKM_AES_KEY_GEN : CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_OBJECT_HANDLE made;
    NEED(p11->C_GenerateKey(session, &how, attributes, limit_type == 0 ? 5 : 6, &made));
}

static void setup(CK_ULONG gcm_limit, CK_ULONG use_limit) {
    NEED(initialise());
    make_token();
    NEED(open_user(&session));
    make_key("plenty", CKK_AES, 0, 0);
    make_key("limited", CKK_AES, CKA_STRONGROOM_GCM_LIMIT, gcm_limit);
    make_key("signer", CKK_GENERIC_SECRET, CKA_STRONGROOM_USE_LIMIT, use_limit);
    NEED(p11->C_Finalize(NULL));
}

static CK_RV come_in(void) {
    p11->C_Finalize(NULL);
    CK_RV rv = initialise();
    if (rv == CKR_OK)
        rv = find_slot();
    if (rv == CKR_OK)
        rv = open_user(&session);
    if (rv != CKR_OK)
        return rv;
    plenty = find("plenty");
    limited = find("limited");
    signer = find("signer");
    return plenty != 0 && limited != 0 && signer != 0 ? CKR_OK : CKR_DEVICE_ERROR;
}

/* How something is sealed under a vector of the token's. */
enum way { MESSAGE, WRAPPED_AS_A_MESSAGE, WRAPPED };

/* A message, or a key, under a vector of the token's, which goes to the file. */
static CK_RV seal(CK_SESSION_HANDLE in, CK_OBJECT_HANDLE key, enum way way, CK_ULONG generator,
                  CK_ULONG fixed) {
    CK_BYTE iv[12] = {0xf0, 0xf1, 0xf2, 0xf3}, tag[16], out[64];
    CK_GCM_MESSAGE_PARAMS p = {iv, sizeof iv, fixed, generator, tag, 128};
    CK_GCM_WRAP_PARAMS whole = {iv, sizeof iv, fixed, generator, NULL, 0, 128};
    CK_MECHANISM apart = {CKM_AES_GCM, &p, sizeof p}, together = {CKM_AES_GCM, &whole, sizeof whole};
    CK_ULONG length = sizeof out;
    CK_RV rv;
    if (way == MESSAGE)
        rv = p32->C_EncryptMessage(in, &p, sizeof p, NULL, 0, (CK_BYTE_PTR) "sixteen bytes...", 16, out,
                                   &length);
    else if (way == WRAPPED)
        rv = p11->C_WrapKey(in, &together, key, key, out, &length);
    else
        rv = p32->C_WrapKeyAuthenticated(in, &apart, key, key, NULL, 0, out, &length);
    if (rv == CKR_OK && fwrite(iv, sizeof iv, 1, vectors) != 1)
        give_up("the vectors cannot be written");
    return rv;
}

static CK_RV begin(CK_SESSION_HANDLE in, CK_OBJECT_HANDLE key) {
    p32->C_MessageEncryptInit(in, NULL, 0);
    return p32->C_MessageEncryptInit(in, &(CK_MECHANISM){CKM_AES_GCM, NULL, 0}, key);
}

static CK_RV encrypt_limited(void) {
    CK_BYTE iv[12] = {1}, out[32];
    CK_GCM_PARAMS p = {iv, 12, 96, NULL, 0, 128};
    CK_ULONG length = sizeof out;
    CK_RV rv = p11->C_EncryptInit(session, &(CK_MECHANISM){CKM_AES_GCM, &p, sizeof p}, limited);
    return rv == CKR_OK ? p11->C_Encrypt(session, out, 4, out, &length) : rv;
}

static CK_RV sign(void) {
    CK_BYTE out[32];
    CK_ULONG length = sizeof out;
    CK_RV rv = p11->C_SignInit(session, &(CK_MECHANISM){CKM_SHA256_HMAC, NULL, 0}, signer);
    return rv == CKR_OK ? p11->C_Sign(session, out, 4, out, &length) : rv;
}

static CK_ULONG number(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type) {
    CK_ULONG value = 0;
    CK_ATTRIBUTE attribute = VAR(type, value);
    NEED(p11->C_GetAttributeValue(session, key, &attribute, 1));
    return value;
}

/* What the token has to know after a kill, held against what has been answered. */
static CK_RV check(void) {
    unsigned long label = 0;
    CK_ATTRIBUTE attribute = VAR(CKA_LABEL, label);
    CK_ULONG counted = 0;
    CK_ATTRIBUTE count = VAR(CKA_STRONGROOM_GCM_INVOCATIONS, counted);
    CK_RV rv = p11->C_GetAttributeValue(session, plenty, &attribute, 1);
    if (rv == CKR_OK)
        rv = p11->C_GetAttributeValue(session, plenty, &count, 1);
    if (rv != CKR_OK)
        return rv;
    if (label < told)
        give_up("a change that was answered is lost: %lu, not %lu", label, told);
    if (counted < sealed_count)
        give_up("%lu encryptions are counted of %lu", counted, sealed_count);
    return CKR_OK;
}

static bool granted(CK_RV rv, unsigned long *count, CK_RV *failure) {
    if (rv == CKR_OK)
        ++*count;
    else if (rv == CKR_KEY_FUNCTION_NOT_PERMITTED)
        refused_count++;
    else
        *failure = rv;
    return *failure == CKR_OK;
}

/* Works until something fails, which is the engine's death as a rule. */
static CK_RV work(unsigned long most) {
    static const CK_ULONG generators[] = {CKG_GENERATE, CKG_GENERATE_COUNTER, CKG_GENERATE_RANDOM,
                                          CKG_GENERATE};
    CK_RV rv = come_in();
    if (rv == CKR_OK)
        rv = check();
    unsigned long label = told + 1;
    CK_ATTRIBUTE attribute = VAR(CKA_LABEL, label);
    if (rv == CKR_OK)
        rv = p11->C_SetAttributeValue(session, plenty, &attribute, 1);
    if (rv == CKR_OK)
        told = label;
    if (rv == CKR_OK)
        rv = begin(session, plenty);
    for (unsigned long i = 0; rv == CKR_OK && i < most; i++) {
        CK_RV failure = CKR_OK;
        /* A few wrappings among them: each is a record that is synced at once. */
        enum way way = i % 25 == 1 ? WRAPPED : i % 25 == 9 ? WRAPPED_AS_A_MESSAGE : MESSAGE;
        CK_RV sealed = seal(session, plenty, way, generators[i % 4], i % 4 == 3 ? 32 : 0);
        bool goes = granted(sealed, &sealed_count, &failure);
        if (goes && i % 8 == 0)
            goes = granted(encrypt_limited(), &limited_count, &failure);
        if (goes && i % 8 == 4)
            granted(sign(), &signed_count, &failure);
        if (i == 0 && failure == CKR_OK) {
            puts("working");
            fflush(stdout);
        }
        rv = failure;
    }
    return rv;
}

static int by_bytes(const void *one, const void *other) {
    return memcmp(one, other, 12);
}

/* How many vectors there are, and how many of them twice. */
static void judge(const char *path) {
    fflush(vectors);
    FILE *file = fopen(path, "r");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        give_up("no vectors");
    size_t count = (size_t)ftell(file) / 12, twice = 0;
    rewind(file);
    unsigned char *all = malloc(12 * count + 1);
    if (all == NULL || fread(all, 12, count, file) != count)
        give_up("the vectors cannot be read");
    fclose(file);
    qsort(all, count, 12, by_bytes);
    for (size_t i = 1; i < count; i++)
        twice += memcmp(all + 12 * i, all + 12 * (i - 1), 12) == 0;
    free(all);
    printf("judged %zu %zu\n", count, twice);
}

/* A copy and its original, in turns: both have one value. */
static void copies(unsigned long most) {
    NEED(come_in());
    CK_OBJECT_HANDLE copy;
    CK_SESSION_HANDLE other;
    CK_ATTRIBUTE name = {CKA_ID, "copy", 4};
    NEED(p11->C_CopyObject(session, plenty, &name, 1, &copy));
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &other));
    NEED(begin(session, plenty));
    NEED(begin(other, copy));
    for (unsigned long i = 0; i < most; i++) {
        enum way way = i % 25 == 0 ? WRAPPED_AS_A_MESSAGE : MESSAGE;
        NEED(seal(session, plenty, way, CKG_GENERATE_COUNTER, 0));
        NEED(seal(other, copy, way, CKG_GENERATE_COUNTER, 0));
        sealed_count++;
    }
    printf("copied %lu\n", number(copy, CKA_STRONGROOM_GCM_INVOCATIONS));
}

static unsigned long each;

static void *thread(void *nothing) {
    CK_SESSION_HANDLE own;
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &own));
    NEED(begin(own, plenty));
    for (unsigned long i = 0; i < each; i++)
        NEED(seal(own, plenty, i % 25 == 0 ? WRAPPED_AS_A_MESSAGE : MESSAGE, CKG_GENERATE, 0));
    return nothing;
}

/* Four threads with one key; exactly their messages are counted. */
static void threads(unsigned long most) {
    pthread_t all[4];
    NEED(come_in());
    CK_ULONG before = number(plenty, CKA_STRONGROOM_GCM_INVOCATIONS);
    each = most;
    for (size_t i = 0; i < COUNT(all); i++)
        pthread_create(&all[i], NULL, thread, NULL);
    for (size_t i = 0; i < COUNT(all); i++)
        pthread_join(all[i], NULL);
    sealed_count += 4 * most;
    printf("threaded %lu\n", number(plenty, CKA_STRONGROOM_GCM_INVOCATIONS) - before);
}

int main(int argc, char **argv) {
    if (argc < 3)
        give_up("usage: nonces MODULE FILE");
    void *library = load_module(argv[1]);
    *(void **)&get_interface = dlsym(library, "C_GetInterface");
    CK_INTERFACE *found = NULL;
    NEED(get_interface((CK_UTF8CHAR_PTR) "PKCS 11", &(CK_VERSION){3, 2}, &found, 0));
    p32 = found->pFunctionList;
    vectors = fopen(argv[2], "a");
    if (vectors == NULL)
        give_up("%s cannot be written", argv[2]);
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned long a = 0, b = 0;
        char word[32] = "";
        sscanf(line, "%31s %lu %lu", word, &a, &b);
        if (strcmp(word, "setup") == 0) {
            setup(a, b);
            puts("ready");
        } else if (strcmp(word, "work") == 0) {
            puts("begun");
            fflush(stdout);
            CK_RV rv = work(a);
            printf("ended 0x%lx sealed=%lu limited=%lu signed=%lu refused=%lu\n", rv, sealed_count,
                   limited_count, signed_count, refused_count);
        } else if (strcmp(word, "counts") == 0) {
            NEED(come_in());
            printf("counts %lu %lu %lu\n", number(plenty, CKA_STRONGROOM_GCM_INVOCATIONS),
                   number(limited, CKA_STRONGROOM_GCM_INVOCATIONS), number(signer, CKA_STRONGROOM_USES));
        } else if (strcmp(word, "copies") == 0)
            copies(a);
        else if (strcmp(word, "threads") == 0)
            threads(a);
        else if (strcmp(word, "judge") == 0)
            judge(argv[2]);
        else if (strcmp(word, "leave") == 0) {
            p11->C_Finalize(NULL);
            puts("left");
        } else if (strcmp(word, "forget") == 0) {
            /* The store is an older one: what was answered since is not in it. */
            told = sealed_count = 0;
            puts("forgotten");
        }
        fflush(stdout);
    }
    return 0;
}
