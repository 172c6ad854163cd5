/*
 * An application that keeps all it can get, one line of input at a time: hoard MODULE
 *
 *   keys N            makes N session AES keys        objects N BYTES   makes N data objects
 *   grow N BYTES      gives N of them longer labels   store N BYTES     makes N data objects on the token
 *   digests N         begins N digests                keeps N BYTES     deciphers N parts with AES-GCM, in as
 * many sessions finds N           begins N searches               sessions N        opens N sessions held N
 * makes N keys, uses each, and destroys it while it is in use tokens N          makes N tokens use enciphers
 * with first, middle and last key login, drop       as user; closes all sessions    signing, signed   signs
 * in a thread; how often, and how often wrongly opened N          uses N keys of the token: each must agree
 * with its check value
 *
 * Each answers "name count rv": how many were had, and what the one after was refused with (0x0 for none).
 */
#include "../fault/clients/client.h"

#include <pthread.h>
#include <stdatomic.h>

static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE *made;
static size_t made_count, made_room;
static unsigned char bytes[1 << 20], out[sizeof bytes + 64];

static void remember(CK_OBJECT_HANDLE object) {
    if (made_count == made_room) {
        made_room = made_room == 0 ? 1024 : 2 * made_room;
        made = realloc(made, made_room * sizeof *made);
        if (made == NULL)
            give_up("out of memory");
    }
    made[made_count++] = object;
}

static CK_RV open_session(CK_SESSION_HANDLE *opened) {
    return p11->C_OpenSession(slot, RW, NULL, NULL, opened);
}

static CK_RV make_key(CK_OBJECT_HANDLE *key, CK_BBOOL *on_token) {
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG length = 32;
    CK_ATTRIBUTE template[] = {
        VAR(CKA_VALUE_LEN, length), VAR(CKA_ENCRYPT, yes), VAR(CKA_DECRYPT, yes), {CKA_TOKEN, on_token, 1}};
    return p11->C_GenerateKey(session, &mechanism, template, COUNT(template), key);
}

static CK_RV key(CK_ULONG unused) {
    (void)unused;
    CK_OBJECT_HANDLE fresh;
    CK_RV rv = make_key(&fresh, &no);
    if (rv == CKR_OK)
        remember(fresh);
    return rv;
}

static CK_RV token_key(CK_ULONG unused) {
    (void)unused;
    CK_OBJECT_HANDLE fresh;
    return make_key(&fresh, &yes);
}

static CK_RV make_data(CK_ULONG size, CK_BBOOL *on_token) {
    static CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE template[] = {
        VAR(CKA_CLASS, class), {CKA_TOKEN, on_token, 1}, VAR(CKA_PRIVATE, no), {CKA_VALUE, bytes, size}};
    CK_OBJECT_HANDLE fresh;
    CK_RV rv = p11->C_CreateObject(session, template, COUNT(template), &fresh);
    if (rv == CKR_OK)
        remember(fresh);
    return rv;
}

static CK_RV object(CK_ULONG size) {
    return make_data(size, &no);
}

static CK_RV stored(CK_ULONG size) {
    return make_data(size, &yes);
}

static size_t grown; /* how many, since the line was read */

static CK_RV grow(CK_ULONG size) {
    CK_ATTRIBUTE value = {CKA_LABEL, bytes, size};
    return p11->C_SetAttributeValue(session, made[grown++ % made_count], &value, 1);
}

static CK_RV digest(CK_ULONG unused) {
    (void)unused;
    CK_SESSION_HANDLE own;
    CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
    CK_RV rv = open_session(&own);
    if (rv == CKR_OK)
        rv = p11->C_DigestInit(own, &mechanism);
    return rv == CKR_OK ? p11->C_DigestUpdate(own, bytes, 100) : rv;
}

static CK_RV keep(CK_ULONG size) {
    CK_SESSION_HANDLE own;
    CK_GCM_PARAMS gcm = {bytes, 12, 96, NULL, 0, 128};
    CK_MECHANISM mechanism = {CKM_AES_GCM, &gcm, sizeof gcm};
    CK_ULONG length = sizeof out;
    CK_RV rv = made_count == 0 ? key(0) : CKR_OK;
    if (rv == CKR_OK)
        rv = open_session(&own);
    if (rv == CKR_OK)
        rv = p11->C_DecryptInit(own, &mechanism, made[0]);
    return rv == CKR_OK ? p11->C_DecryptUpdate(own, bytes, size, out, &length) : rv;
}

static CK_RV find(CK_ULONG unused) {
    (void)unused;
    CK_SESSION_HANDLE own;
    CK_RV rv = open_session(&own);
    return rv == CKR_OK ? p11->C_FindObjectsInit(own, NULL, 0) : rv;
}

static CK_RV one_session(CK_ULONG unused) {
    (void)unused;
    CK_SESSION_HANDLE own;
    CK_SESSION_INFO info;
    CK_RV rv = open_session(&own);
    return rv == CKR_OK ? p11->C_GetSessionInfo(own, &info) : rv;
}

static CK_RV held(CK_ULONG unused) {
    (void)unused;
    CK_SESSION_HANDLE own;
    CK_MECHANISM mechanism = {CKM_AES_ECB, NULL, 0};
    CK_ULONG length = sizeof out;
    CK_OBJECT_HANDLE fresh;
    CK_RV rv = open_session(&own);
    if (rv == CKR_OK)
        rv = make_key(&fresh, &no);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_EncryptInit(own, &mechanism, fresh);
    if (rv == CKR_OK)
        rv = p11->C_EncryptUpdate(own, bytes, 16, out, &length);
    NEED(p11->C_DestroyObject(session, fresh));
    return rv;
}

static CK_RV token(CK_ULONG unused) {
    (void)unused;
    static CK_SLOT_ID next = 1;
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    CK_RV rv = p11->C_InitToken(next, SO_PIN, SO_PIN_LENGTH, label);
    next += rv == CKR_OK;
    return rv;
}

static bool encipher(CK_OBJECT_HANDLE with, unsigned char block[16]) {
    static unsigned char zeros[16];
    CK_MECHANISM mechanism = {CKM_AES_ECB, NULL, 0};
    CK_ULONG length = 16;
    return p11->C_EncryptInit(session, &mechanism, with) == CKR_OK &&
           p11->C_Encrypt(session, zeros, 16, block, &length) == CKR_OK && length == 16;
}

/* Whether the key does what its check value says. */
static bool agrees(CK_OBJECT_HANDLE with) {
    unsigned char block[16], value[3];
    CK_ATTRIBUTE check = {CKA_CHECK_VALUE, value, sizeof value};
    return p11->C_GetAttributeValue(session, with, &check, 1) == CKR_OK && check.ulValueLen == 3 &&
           encipher(with, block) && memcmp(block, value, 3) == 0;
}

static void use(void) {
    bool good =
        made_count > 0 && agrees(made[0]) && agrees(made[made_count / 2]) && agrees(made[made_count - 1]);
    printf("use %zu 0x%x\n", made_count, good ? 0 : 1);
}

/* Uses every so many-th key of the token, so that about `wanted` are used, and says how many agreed. */
static void opened(unsigned long wanted) {
    static CK_OBJECT_HANDLE found[4096];
    static CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), VAR(CKA_TOKEN, yes)};
    CK_ULONG count;
    made_count = 0;
    CK_RV rv = p11->C_FindObjectsInit(session, template, COUNT(template));
    while (rv == CKR_OK && (rv = p11->C_FindObjects(session, found, COUNT(found), &count)) == CKR_OK &&
           count > 0)
        for (CK_ULONG i = 0; i < count; i++)
            remember(found[i]);
    if (rv == CKR_OK)
        rv = p11->C_FindObjectsFinal(session);
    size_t good = 0, step = wanted == 0 || made_count < wanted ? 1 : made_count / wanted;
    for (size_t i = 0; rv == CKR_OK && i < made_count && good < wanted; i += step)
        good += agrees(made[i]);
    printf("opened %zu of %zu 0x%lx\n", good, made_count, rv);
}

/* ---- a bystander ---- */

static atomic_bool enough;
static atomic_ulong signatures, wrong;

static void *sign_on(void *unused) {
    (void)unused;
    static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    CK_SESSION_HANDLE own;
    CK_OBJECT_HANDLE pair[2];
    CK_MECHANISM generation = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, ecdsa = {CKM_ECDSA_SHA256, NULL, 0};
    CK_ATTRIBUTE public[] = {{CKA_EC_PARAMS, p256, sizeof p256}, VAR(CKA_VERIFY, yes)};
    CK_ATTRIBUTE private[] = {VAR(CKA_SIGN, yes)};
    unsigned char data[32] = {0}, signature[64];
    NEED(open_session(&own));
    while (!enough) {
        /* Objects of its own, as well: some hundred of them at a time. */
        CK_RV rv = p11->C_GenerateKeyPair(own, &generation, public, COUNT(public), private, COUNT(private),
                                          &pair[0], &pair[1]);
        for (int i = 0; i < 20 && rv == CKR_OK; i++) {
            CK_ULONG length = sizeof signature;
            data[0]++;
            rv = p11->C_SignInit(own, &ecdsa, pair[1]);
            if (rv == CKR_OK)
                rv = p11->C_Sign(own, data, sizeof data, signature, &length);
            if (rv == CKR_OK)
                rv = p11->C_VerifyInit(own, &ecdsa, pair[0]);
            if (rv == CKR_OK)
                rv = p11->C_Verify(own, data, sizeof data, signature, length);
            signatures += rv == CKR_OK;
        }
        if (rv == CKR_OK)
            rv = p11->C_DestroyObject(own, pair[0]);
        if (rv == CKR_OK)
            rv = p11->C_DestroyObject(own, pair[1]);
        if (rv != CKR_OK) {
            wrong++;
            fprintf(stderr, "the bystander was answered 0x%lx\n", rv);
            sleep_us(100000);
        }
        sleep_us(1000); /* it is modest */
    }
    NEED(p11->C_CloseSession(own));
    return NULL;
}

static pthread_t signer;

static void stop_signing(void) {
    enough = true;
    pthread_join(signer, NULL);
    printf("signed %lu 0x%lx\n", (unsigned long)signatures, (unsigned long)wrong);
}

/* ---- lines ---- */

static const struct {
    const char *name;
    CK_RV (*one)(CK_ULONG size);
} wishes[] = {
    {"keys", key},       {"objects", object}, {"grow", grow},           {"store", stored},
    {"digests", digest}, {"keeps", keep},     {"finds", find},          {"sessions", one_session},
    {"held", held},      {"tokens", token},   {"tokenkeys", token_key},
};

static void answer(const char *name, unsigned long count, unsigned long size) {
    for (size_t i = 0; i < COUNT(wishes); i++) {
        if (strcmp(name, wishes[i].name) != 0)
            continue;
        unsigned long had = 0;
        grown = 0;
        CK_RV rv = CKR_OK;
        while (had < count && (rv = wishes[i].one(size)) == CKR_OK)
            had++;
        printf("%s %lu 0x%lx\n", name, had, rv);
        return;
    }
    if (strcmp(name, "use") == 0)
        use();
    else if (strcmp(name, "opened") == 0)
        opened(count);
    else if (strcmp(name, "login") == 0)
        printf("login 0 0x%lx\n", p11->C_Login(session, CKU_USER, USER_PIN, USER_PIN_LENGTH));
    else if (strcmp(name, "signed") == 0)
        stop_signing();
    else if (strcmp(name, "signing") == 0)
        printf("signing 0 0x%x\n", pthread_create(&signer, NULL, sign_on, NULL) != 0);
    else if (strcmp(name, "drop") == 0) {
        CK_RV rv = p11->C_CloseAllSessions(slot);
        made_count = 0;
        printf("drop 0 0x%lx\n", rv == CKR_OK ? open_session(&session) : rv);
    } else
        give_up("what is %s?", name);
}

int main(int argc, char **argv) {
    if (argc != 2)
        give_up("usage: hoard MODULE");
    load_module(argv[1]);
    NEED(initialise());
    NEED(find_slot());
    NEED(open_session(&session));
    char line[128], name[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned long count = 0, size = 0;
        if (sscanf(line, "%31s %lu %lu", name, &count, &size) < 1 || size > sizeof bytes)
            give_up("not understood: %s", line);
        answer(name, count, size);
        fflush(stdout);
    }
    NEED(p11->C_Finalize(NULL));
    return 0;
}
