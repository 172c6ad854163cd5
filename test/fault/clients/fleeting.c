/*
 * Makes, changes and destroys objects for sync.test.ts: fleeting MODULE
 *
 * Reads one step a line and prints each with its CK_RV: open, fini, and KIND PLACE ROUNDS, where KIND is
 * secret, pair or others, and PLACE says whose the objects are: session, token, or mixed (one half of a pair,
 * or the copy, a token object).
 */
#include "client.h"

static CK_SESSION_HANDLE session;
static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

#define TRY(call)                                                                                            \
    do {                                                                                                     \
        CK_RV try_rv = (call);                                                                               \
        if (try_rv != CKR_OK)                                                                                \
            return try_rv;                                                                                   \
    } while (0)

static CK_RV make_secret(CK_BBOOL *token, CK_OBJECT_HANDLE *made) {
    CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG bytes = 32;
    CK_ATTRIBUTE key[] = {{CKA_TOKEN, token, 1}, VAR(CKA_VALUE_LEN, bytes), VAR(CKA_ENCRYPT, yes),
                          VAR(CKA_WRAP, yes),    VAR(CKA_UNWRAP, yes),      VAR(CKA_EXTRACTABLE, yes)};
    return p11->C_GenerateKey(session, &aes, key, COUNT(key), made);
}

static CK_RV make_pair(CK_BBOOL *public_token, CK_BBOOL *private_token, CK_OBJECT_HANDLE made[2]) {
    CK_MECHANISM ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE public[] = {
        {CKA_TOKEN, public_token, 1}, VAR(CKA_VERIFY, yes), {CKA_EC_PARAMS, p256, sizeof p256}};
    CK_ATTRIBUTE private[] = {{CKA_TOKEN, private_token, 1}, VAR(CKA_SIGN, yes), VAR(CKA_DERIVE, yes)};
    return p11->C_GenerateKeyPair(session, &ec, public, COUNT(public), private, COUNT(private), &made[0],
                                  &made[1]);
}

static CK_RV secret(CK_BBOOL *token) {
    CK_OBJECT_HANDLE key;
    TRY(make_secret(token, &key));
    return p11->C_DestroyObject(session, key);
}

static CK_RV pair(CK_BBOOL *public_token, CK_BBOOL *private_token) {
    CK_OBJECT_HANDLE keys[2];
    TRY(make_pair(public_token, private_token, keys));
    TRY(p11->C_DestroyObject(session, keys[0]));
    return p11->C_DestroyObject(session, keys[1]);
}

/* Every other call that makes or changes objects. Only the copies are `token`'s. */
static CK_RV others(CK_BBOOL *token) {
    CK_OBJECT_CLASS data = CKO_DATA, secret_key = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_ULONG bytes = 32;
    CK_OBJECT_HANDLE object, copy, wrapping, unwrapped, derived, keys[2];
    CK_ATTRIBUTE made[] = {VAR(CKA_CLASS, data), VAR(CKA_TOKEN, no), {CKA_VALUE, p256, sizeof p256}};
    CK_ATTRIBUTE copied[] = {{CKA_TOKEN, token, 1}}, label = {CKA_LABEL, p256, sizeof p256};
    TRY(p11->C_CreateObject(session, made, COUNT(made), &object));
    TRY(p11->C_SetAttributeValue(session, object, &label, 1));
    TRY(p11->C_CopyObject(session, object, copied, 1, &copy));
    TRY(p11->C_DestroyObject(session, copy));
    TRY(p11->C_DestroyObject(session, object));

    unsigned char wrapped[64], point[128];
    CK_ULONG length = sizeof wrapped;
    CK_MECHANISM wrap = {CKM_AES_KEY_WRAP, NULL, 0};
    CK_ATTRIBUTE key[] = {VAR(CKA_CLASS, secret_key), VAR(CKA_KEY_TYPE, aes), VAR(CKA_TOKEN, no)};
    TRY(make_secret(&no, &wrapping));
    TRY(p11->C_WrapKey(session, &wrap, wrapping, wrapping, wrapped, &length));
    TRY(p11->C_UnwrapKey(session, &wrap, wrapping, wrapped, length, key, COUNT(key), &unwrapped));
    TRY(p11->C_DestroyObject(session, unwrapped));
    TRY(p11->C_DestroyObject(session, wrapping));

    CK_ATTRIBUTE theirs = {CKA_EC_POINT, point, sizeof point};
    TRY(make_pair(&no, &no, keys));
    TRY(p11->C_GetAttributeValue(session, keys[0], &theirs, 1));
    CK_ECDH1_DERIVE_PARAMS agreement = {
        .kdf = CKD_NULL, .ulPublicDataLen = theirs.ulValueLen, .pPublicData = point};
    CK_MECHANISM ecdh = {CKM_ECDH1_DERIVE, &agreement, sizeof agreement};
    CK_ATTRIBUTE agreed[] = {VAR(CKA_CLASS, secret_key), VAR(CKA_KEY_TYPE, aes), VAR(CKA_TOKEN, no),
                             VAR(CKA_VALUE_LEN, bytes)};
    TRY(p11->C_DeriveKey(session, &ecdh, keys[1], agreed, COUNT(agreed), &derived));
    TRY(p11->C_DestroyObject(session, derived));
    TRY(p11->C_DestroyObject(session, keys[0]));
    return p11->C_DestroyObject(session, keys[1]);
}

static CK_RV once(const char *kind, const char *place) {
    CK_BBOOL *token = strcmp(place, "session") == 0 ? &no : &yes;
    if (strcmp(kind, "secret") == 0)
        return secret(token);
    if (strcmp(kind, "pair") == 0)
        return pair(strcmp(place, "mixed") == 0 ? &no : token, token);
    return others(token);
}

int main(int argc, char **argv) {
    if (argc != 2)
        give_up("usage: fleeting MODULE");
    load_module(argv[1]);
    char line[100];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char kind[20] = "", place[20] = "";
        int rounds = 0;
        CK_RV rv = CKR_FUNCTION_NOT_SUPPORTED;
        if (strncmp(line, "open", 4) == 0) {
            NEED(initialise());
            NEED(find_slot());
            rv = open_user(&session);
        } else if (strncmp(line, "fini", 4) == 0) {
            rv = p11->C_Finalize(NULL);
        } else if (sscanf(line, "%19s %19s %d", kind, place, &rounds) == 3) {
            rv = CKR_OK;
            for (int i = 0; i < rounds && rv == CKR_OK; i++)
                rv = once(kind, place);
        }
        printf("done 0x%lx\n", rv);
        fflush(stdout);
    }
    return 0;
}
