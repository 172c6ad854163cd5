/*
 * A program of a user for whom rules hold: ruled MODULE. Each line of its input is a wish, each line of its
 * output what became of it:
 *
 *   start                  C_Initialize
 *   slots                  how many slots there are
 *   token LABEL            makes a token of that label with both PINs in the next free slot
 *   open LABEL             opens a session on the token of that label
 *   login user|so          logs in
 *   make LABEL             a P-256 pair that stays, both halves of that label
 *   find                   how many objects there are
 *   key LABEL              looks for the private key of that label
 *   steal HANDLE           takes a number for a key's handle
 *   sign [NAME]            signs with that key: ecdsa by default, or with the hash (sha256)
 *   begin, finish          C_SignInit, then C_Sign
 *   again N                signs N times, and counts the answers that are not CKR_OK
 *   verify, destroy, wrap  with the key
 *   rename LABEL           C_SetAttributeValue; copy LABEL: C_CopyObject into a session object
 *   rotate                 SR_RotateKey with that key, which stays the one that is held
 *   every                  has the key rotated each hour from now on
 *   random                 C_GenerateRandom
 *   mechanisms             how many there are
 *   info                   C_GetSessionInfo
 *   try FUNCTION           calls it with the key, and with CKM_ECDSA where it takes a mechanism
 */
#define _GNU_SOURCE
#include "../fault/clients/client.h"

#include "../../module/generated/strongroom.h"

static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE held;
static CK_C_GetInterface get_interface;
static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static unsigned char digest[32], signature[64];

static CK_RV slots(CK_SLOT_ID *list, CK_ULONG *count) {
    return p11->C_GetSlotList(CK_TRUE, list, count);
}

/* The slot of the token of that label; (CK_SLOT_ID)-1 when there is none. */
static CK_SLOT_ID slot_of(const char *label) {
    CK_SLOT_ID list[16];
    CK_ULONG count = COUNT(list);
    NEED(slots(list, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        NEED(p11->C_GetTokenInfo(list[i], &info));
        if (strncmp((char *)info.label, label, strlen(label)) == 0)
            return list[i];
    }
    return (CK_SLOT_ID)-1;
}

static CK_RV makes_token(const char *label) {
    unsigned char padded[32];
    memset(padded, ' ', sizeof padded);
    memcpy(padded, label, strlen(label));
    CK_ULONG count = 0;
    CK_RV rv = slots(NULL, &count);
    /* The free slot is the one behind the last, or the only one that there is. */
    CK_SLOT_ID next = slot_of("") == (CK_SLOT_ID)-1 || count == 0 ? 0 : count;
    if (count == 1 && slot_of(" ") != (CK_SLOT_ID)-1)
        next = 0;
    if (rv == CKR_OK)
        rv = p11->C_InitToken(next, SO_PIN, SO_PIN_LENGTH, padded);
    if (rv != CKR_OK)
        return rv;
    NEED(p11->C_OpenSession(next, RW, NULL, NULL, &session));
    NEED(p11->C_Login(session, CKU_SO, SO_PIN, SO_PIN_LENGTH));
    NEED(p11->C_InitPIN(session, USER_PIN, USER_PIN_LENGTH));
    return p11->C_CloseSession(session);
}

static CK_RV makes_pair(const char *label) {
    CK_OBJECT_HANDLE public_key;
    CK_MECHANISM mechanism = {.mechanism = CKM_EC_KEY_PAIR_GEN};
    CK_ATTRIBUTE public_half[] = {
        VAR(CKA_TOKEN, yes), {CKA_EC_PARAMS, p256, sizeof p256}, {CKA_LABEL, (void *)label, strlen(label)}};
    CK_ATTRIBUTE private_half[] = {
        VAR(CKA_TOKEN, yes), VAR(CKA_SIGN, yes), {CKA_LABEL, (void *)label, strlen(label)}};
    return p11->C_GenerateKeyPair(session, &mechanism, public_half, COUNT(public_half), private_half,
                                  COUNT(private_half), &public_key, &held);
}

static CK_RV finds(CK_ATTRIBUTE *template, CK_ULONG entries, CK_ULONG *count) {
    CK_OBJECT_HANDLE found[64];
    *count = 0;
    CK_RV rv = p11->C_FindObjectsInit(session, template, entries);
    if (rv == CKR_OK)
        rv = p11->C_FindObjects(session, found, COUNT(found), count);
    if (rv == CKR_OK && *count > 0)
        held = found[0];
    CK_RV end = p11->C_FindObjectsFinal(session);
    return rv == CKR_OK ? end : rv;
}

static CK_RV begins(CK_MECHANISM_TYPE type) {
    CK_MECHANISM mechanism = {.mechanism = type};
    return p11->C_SignInit(session, &mechanism, held);
}

static CK_RV finishes(void) {
    CK_ULONG length = sizeof signature;
    return p11->C_Sign(session, digest, sizeof digest, signature, &length);
}

static CK_RV signs(CK_MECHANISM_TYPE type) {
    CK_RV rv = begins(type);
    return rv == CKR_OK ? finishes() : rv;
}

static CK_RV named(const char *label, CK_RV (*put)(CK_ATTRIBUTE *)) {
    CK_ATTRIBUTE attribute = {CKA_LABEL, (void *)label, strlen(label)};
    return put(&attribute);
}

static CK_RV renames(CK_ATTRIBUTE *label) {
    return p11->C_SetAttributeValue(session, held, label, 1);
}

static CK_RV copies(CK_ATTRIBUTE *label) {
    CK_OBJECT_HANDLE copy;
    CK_ATTRIBUTE template[] = {*label, VAR(CKA_TOKEN, no)};
    return p11->C_CopyObject(session, held, template, COUNT(template), &copy);
}

static CK_RV rotates(void) {
    CK_VERSION version = {1, 1};
    CK_INTERFACE *found = NULL;
    CK_OBJECT_HANDLE successor;
    NEED(get_interface((CK_UTF8CHAR *)SR_INTERFACE_NAME, &version, &found, 0));
    SR_FUNCTION_LIST *own = found->pFunctionList;
    return own->SR_RotateKey(session, held, CK_UNAVAILABLE_INFORMATION, NULL, 0, &successor);
}

static CK_RV rotates_hourly(void) {
    CK_ULONG hour = 3600;
    CK_ATTRIBUTE every = VAR(CKA_STRONGROOM_ROTATE_EVERY, hour);
    return p11->C_SetAttributeValue(session, held, &every, 1);
}

static CK_RV wraps(void) {
    CK_MECHANISM mechanism = {.mechanism = CKM_AES_KEY_WRAP};
    unsigned char wrapped[256];
    CK_ULONG length = sizeof wrapped;
    return p11->C_WrapKey(session, &mechanism, held, held, wrapped, &length);
}

/* Those that 3.2 has added, too. */
static CK_FUNCTION_LIST_3_2 *functions(void) {
    CK_VERSION version = {3, 2};
    CK_INTERFACE *found = NULL;
    NEED(get_interface((CK_UTF8CHAR *)"PKCS 11", &version, &found, 0));
    return found->pFunctionList;
}

/* Functions that are given the key, whatever they make of it: whether it may be used so is found before. */
static CK_RV tries(const char *function) {
    CK_MECHANISM m = {.mechanism = CKM_ECDSA};
    CK_ULONG length = sizeof signature;
    CK_OBJECT_HANDLE made;
    CK_ATTRIBUTE attribute = {CKA_CLASS, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, "tried", 5};
    const struct {
        const char *name;
        CK_RV (*init)(CK_SESSION_HANDLE, CK_MECHANISM_PTR, CK_OBJECT_HANDLE);
    } openings[] = {
        {"C_EncryptInit", p11->C_EncryptInit}, {"C_DecryptInit", p11->C_DecryptInit},
        {"C_SignInit", p11->C_SignInit},       {"C_SignRecoverInit", p11->C_SignRecoverInit},
        {"C_VerifyInit", p11->C_VerifyInit},   {"C_VerifyRecoverInit", p11->C_VerifyRecoverInit},
    };
    for (size_t i = 0; i < COUNT(openings); i++)
        if (strcmp(function, openings[i].name) == 0)
            return openings[i].init(session, &m, held);
    if (strcmp(function, "C_WrapKey") == 0)
        return p11->C_WrapKey(session, &m, held, held, signature, &length);
    if (strcmp(function, "C_UnwrapKey") == 0)
        return p11->C_UnwrapKey(session, &m, held, digest, sizeof digest, &label, 1, &made);
    if (strcmp(function, "C_WrapKeyAuthenticated") == 0)
        return functions()->C_WrapKeyAuthenticated(session, &m, held, held, NULL, 0, signature, &length);
    if (strcmp(function, "C_UnwrapKeyAuthenticated") == 0)
        return functions()->C_UnwrapKeyAuthenticated(session, &m, held, digest, sizeof digest, &label, 1,
                                                     NULL, 0, &made);
    if (strcmp(function, "C_DeriveKey") == 0)
        return p11->C_DeriveKey(session, &m, held, &label, 1, &made);
    if (strcmp(function, "C_GetAttributeValue") == 0)
        return p11->C_GetAttributeValue(session, held, &attribute, 1);
    if (strcmp(function, "C_GetObjectSize") == 0)
        return p11->C_GetObjectSize(session, held, &length);
    if (strcmp(function, "C_SetAttributeValue") == 0)
        return p11->C_SetAttributeValue(session, held, NULL, 0);
    if (strcmp(function, "C_CopyObject") == 0)
        return p11->C_CopyObject(session, held, &label, 1, &made);
    if (strcmp(function, "C_DestroyObject") == 0)
        return p11->C_DestroyObject(session, held);
    give_up("nothing is known of %s", function);
}

static CK_RV does(const char *wish, const char *what, long *figure) {
    CK_ULONG count = 0;
    CK_RV rv = CKR_ARGUMENTS_BAD;
    CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE wanted[] = {{CKA_LABEL, (void *)what, strlen(what)}, VAR(CKA_CLASS, private_key)};
    CK_SESSION_INFO info;
    CK_MECHANISM ecdsa = {.mechanism = CKM_ECDSA};
    if (strcmp(wish, "start") == 0)
        rv = initialise();
    else if (strcmp(wish, "slots") == 0)
        rv = slots(NULL, &count);
    else if (strcmp(wish, "token") == 0)
        rv = makes_token(what);
    else if (strcmp(wish, "open") == 0)
        rv = p11->C_OpenSession(slot = slot_of(what), RW, NULL, NULL, &session);
    else if (strcmp(wish, "login") == 0)
        rv = strcmp(what, "so") == 0 ? p11->C_Login(session, CKU_SO, SO_PIN, SO_PIN_LENGTH)
                                     : p11->C_Login(session, CKU_USER, USER_PIN, USER_PIN_LENGTH);
    else if (strcmp(wish, "make") == 0)
        rv = makes_pair(what);
    else if (strcmp(wish, "find") == 0)
        rv = finds(NULL, 0, &count);
    else if (strcmp(wish, "key") == 0)
        rv = finds(wanted, COUNT(wanted), &count);
    else if (strcmp(wish, "steal") == 0)
        held = strtoul(what, NULL, 10), rv = CKR_OK;
    else if (strcmp(wish, "sign") == 0)
        rv = signs(strcmp(what, "sha256") == 0 ? CKM_ECDSA_SHA256 : CKM_ECDSA);
    else if (strcmp(wish, "begin") == 0)
        rv = begins(CKM_ECDSA);
    else if (strcmp(wish, "finish") == 0)
        rv = finishes();
    else if (strcmp(wish, "again") == 0) {
        rv = CKR_OK;
        for (long i = atol(what); i > 0; i--) {
            CK_RV one = signs(CKM_ECDSA);
            if (one != CKR_OK)
                count++, rv = one;
        }
    } else if (strcmp(wish, "verify") == 0)
        rv = p11->C_VerifyInit(session, &ecdsa, held);
    else if (strcmp(wish, "destroy") == 0)
        rv = p11->C_DestroyObject(session, held);
    else if (strcmp(wish, "wrap") == 0)
        rv = wraps();
    else if (strcmp(wish, "rename") == 0)
        rv = named(what, renames);
    else if (strcmp(wish, "copy") == 0)
        rv = named(what, copies);
    else if (strcmp(wish, "rotate") == 0)
        rv = rotates();
    else if (strcmp(wish, "every") == 0)
        rv = rotates_hourly();
    else if (strcmp(wish, "random") == 0)
        rv = p11->C_GenerateRandom(session, digest, sizeof digest);
    else if (strcmp(wish, "mechanisms") == 0)
        rv = p11->C_GetMechanismList(slot, NULL, &count);
    else if (strcmp(wish, "try") == 0)
        rv = tries(what);
    else if (strcmp(wish, "info") == 0)
        rv = p11->C_GetSessionInfo(session, &info);
    *figure = (long)count;
    return rv;
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    *(void **)&get_interface = dlsym(load_module(argv[1]), "C_GetInterface");
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char wish[32] = "", what[128] = "";
        if (sscanf(line, "%31s %127s", wish, what) < 1)
            continue;
        long figure = 0;
        CK_RV rv = does(wish, what, &figure);
        printf("0x%lx %ld\n", rv, figure);
        fflush(stdout);
    }
    return 0;
}
