/*
 * Wraps and unwraps keys with AES-GCM, line by line, and tells what came out, in hexadecimal digits.
 *
 * setup: a token.
 * key NAME VALUE ATTRIBUTES: a key of that value; attributes are TYPE=NUMBER, with commas between.
 * wrap WAY KEY TARGET GENERATOR VECTOR FIXED TAGBITS AAD: answers "wrapped VECTOR DATA TAG". WAY is apart
 *   (C_WrapKeyAuthenticated) or whole (C_WrapKey).
 * unwrap WAY KEY VECTOR TAGBITS AAD DATA TAG: "unwrapped VALUE".
 * state KEY STATE: by SR_SetKeyState.
 * count KEY ATTRIBUTE: "counted NUMBER".
 * find ATTRIBUTE NUMBER: "found HOW MANY".
 */
#include "../../../module/generated/strongroom.h"
#include "../../fault/clients/client.h"

static CK_FUNCTION_LIST_3_2 *p32;
static SR_FUNCTION_LIST *own;
static CK_SESSION_HANDLE session;

static struct {
    char name[16];
    CK_OBJECT_HANDLE handle;
} keys[512];
static size_t key_count;

static CK_OBJECT_HANDLE key_of(const char *name) {
    for (size_t i = 0; i < key_count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].handle;
    give_up("no key %s", name);
}

struct bytes {
    CK_BYTE at[2048];
    CK_ULONG size;
};

/* A dash stands for nothing. */
static struct bytes *read_hex(const char *text) {
    static struct bytes all[8];
    static size_t turn;
    struct bytes *bytes = &all[turn++ % COUNT(all)];
    *bytes = (struct bytes){.size = 0};
    for (; text[0] != '-' && text[0] != 0 && bytes->size < sizeof bytes->at; text += 2) {
        unsigned digits = 0;
        if (sscanf(text, "%2x", &digits) != 1)
            give_up("%s is no hexadecimal text", text);
        bytes->at[bytes->size++] = (CK_BYTE)digits;
    }
    return bytes;
}

static void show_hex(const CK_BYTE *bytes, CK_ULONG size) {
    putchar(' ');
    for (CK_ULONG i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    if (size == 0)
        putchar('-');
}

static CK_RV make_key(const char *name, struct bytes *value, char *attributes) {
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    CK_ATTRIBUTE all[20] = {
        VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), {CKA_VALUE, value->at, value->size},
        VAR(CKA_WRAP, yes),    VAR(CKA_UNWRAP, yes),    VAR(CKA_EXTRACTABLE, yes),
        VAR(CKA_SENSITIVE, no)};
    CK_ULONG numbers[8], count = 7, at = 0;
    for (char *one = strtok(attributes, ","); one != NULL && *one != '-' && at < COUNT(numbers);
         one = strtok(NULL, ",")) {
        CK_ULONG which = 0;
        if (sscanf(one, "%lx=%lu", &which, &numbers[at]) != 2)
            give_up("%s is no attribute", one);
        bool flag = which == CKA_TOKEN || which == CKA_STRONGROOM_TOKEN_IV_ONLY ||
                    which == CKA_STRONGROOM_IV_REUSE_CHECK;
        all[count++] = (CK_ATTRIBUTE){which, &numbers[at++], flag ? 1 : sizeof(CK_ULONG)};
    }
    if (strlen(name) >= sizeof keys->name || key_count == COUNT(keys))
        give_up("too many keys, or too long a name");
    memcpy(keys[key_count].name, name, strlen(name) + 1);
    CK_RV rv = p11->C_CreateObject(session, all, count, &keys[key_count].handle);
    key_count += rv == CKR_OK;
    return rv;
}

static CK_RV wrap(bool apart, CK_OBJECT_HANDLE key, CK_OBJECT_HANDLE target, CK_ULONG generator,
                  struct bytes *iv, CK_ULONG fixed, CK_ULONG tag_bits, struct bytes *aad) {
    CK_BYTE tag[16] = {0}, out[2048];
    CK_ULONG length = sizeof out, tag_size = tag_bits / 8;
    CK_GCM_MESSAGE_PARAMS message = {iv->at, iv->size, fixed, generator, tag, tag_bits};
    CK_GCM_WRAP_PARAMS whole = {iv->at, iv->size, fixed, generator, aad->at, aad->size, tag_bits};
    CK_RV rv =
        apart ? p32->C_WrapKeyAuthenticated(session, &(CK_MECHANISM){CKM_AES_GCM, &message, sizeof message},
                                            key, target, aad->at, aad->size, out, &length)
              : p11->C_WrapKey(session, &(CK_MECHANISM){CKM_AES_GCM, &whole, sizeof whole}, key, target, out,
                               &length);
    if (rv != CKR_OK)
        return rv;
    if (!apart) {
        length -= tag_size;
        memcpy(tag, out + length, tag_size);
    }
    printf("wrapped");
    show_hex(iv->at, iv->size);
    show_hex(out, length);
    show_hex(tag, tag_size);
    return CKR_OK;
}

static CK_RV unwrap(bool apart, CK_OBJECT_HANDLE key, struct bytes *iv, CK_ULONG tag_bits, struct bytes *aad,
                    struct bytes *data, struct bytes *tag) {
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_BYTE value[2048];
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), VAR(CKA_SENSITIVE, no)};
    CK_ATTRIBUTE asked = {CKA_VALUE, value, sizeof value};
    CK_OBJECT_HANDLE made = 0;
    CK_GCM_MESSAGE_PARAMS message = {iv->at, iv->size, 99, 99, tag->at, tag_bits};
    CK_GCM_WRAP_PARAMS whole = {iv->at, iv->size, 99, 99, aad->at, aad->size, tag_bits};
    CK_RV rv;
    if (apart)
        rv = p32->C_UnwrapKeyAuthenticated(session, &(CK_MECHANISM){CKM_AES_GCM, &message, sizeof message},
                                           key, data->at, data->size, template, COUNT(template), aad->at,
                                           aad->size, &made);
    else {
        memcpy(data->at + data->size, tag->at, tag->size);
        rv = p11->C_UnwrapKey(session, &(CK_MECHANISM){CKM_AES_GCM, &whole, sizeof whole}, key, data->at,
                              data->size + tag->size, template, COUNT(template), &made);
    }
    if (rv == CKR_OK)
        rv = p11->C_GetAttributeValue(session, made, &asked, 1);
    if (rv == CKR_OK) {
        printf("unwrapped");
        show_hex(value, asked.ulValueLen);
        NEED(p11->C_DestroyObject(session, made));
    }
    return rv;
}

static CK_RV count(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type) {
    CK_ULONG number = 0;
    CK_ATTRIBUTE asked = VAR(type, number);
    CK_RV rv = p11->C_GetAttributeValue(session, key, &asked, 1);
    if (rv == CKR_OK)
        printf("counted %lu", number);
    return rv;
}

static CK_RV find(CK_ATTRIBUTE_TYPE type, CK_ULONG number) {
    CK_OBJECT_HANDLE found[600];
    CK_ULONG how_many = 0;
    CK_ATTRIBUTE wanted = VAR(type, number);
    CK_RV rv = p11->C_FindObjectsInit(session, &wanted, 1);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_FindObjects(session, found, COUNT(found), &how_many);
    NEED(p11->C_FindObjectsFinal(session));
    if (rv == CKR_OK)
        printf("found %lu", how_many);
    return rv;
}

static CK_RV answer(char *line) {
    char word[9][2100] = {"", "", "", "", "", "", "", "", ""};
    sscanf(line, "%2099s %2099s %2099s %2099s %2099s %2099s %2099s %2099s %2099s", word[0], word[1], word[2],
           word[3], word[4], word[5], word[6], word[7], word[8]);
    bool apart = strcmp(word[1], "apart") == 0;
    if (strcmp(word[0], "setup") == 0) {
        NEED(initialise());
        make_token();
        NEED(open_user(&session));
        printf("ready");
        return CKR_OK;
    }
    if (strcmp(word[0], "key") == 0) {
        CK_RV rv = make_key(word[1], read_hex(word[2]), word[3]);
        if (rv == CKR_OK)
            printf("made");
        return rv;
    }
    if (strcmp(word[0], "wrap") == 0)
        return wrap(apart, key_of(word[2]), key_of(word[3]), strtoul(word[4], NULL, 10), read_hex(word[5]),
                    strtoul(word[6], NULL, 10), strtoul(word[7], NULL, 10), read_hex(word[8]));
    if (strcmp(word[0], "unwrap") == 0)
        return unwrap(apart, key_of(word[2]), read_hex(word[3]), strtoul(word[4], NULL, 10),
                      read_hex(word[5]), read_hex(word[6]), read_hex(word[7]));
    if (strcmp(word[0], "state") == 0) {
        CK_UTF8CHAR reason[] = "a test", unique[64];
        CK_ATTRIBUTE asked = {CKA_UNIQUE_ID, unique, sizeof unique};
        NEED(p11->C_GetAttributeValue(session, key_of(word[1]), &asked, 1));
        CK_RV rv = own->SR_SetKeyState(session, unique, asked.ulValueLen, strtoul(word[2], NULL, 10), reason,
                                       sizeof reason - 1, CK_UNAVAILABLE_INFORMATION);
        if (rv == CKR_OK)
            printf("set");
        return rv;
    }
    if (strcmp(word[0], "count") == 0)
        return count(key_of(word[1]), strtoul(word[2], NULL, 16));
    if (strcmp(word[0], "find") == 0)
        return find(strtoul(word[1], NULL, 16), strtoul(word[2], NULL, 10));
    give_up("what is %s?", word[0]);
}

int main(int argc, char **argv) {
    if (argc < 2)
        give_up("usage: wrapping MODULE");
    void *library = load_module(argv[1]);
    CK_C_GetInterface get;
    *(void **)&get = dlsym(library, "C_GetInterface");
    CK_INTERFACE *found = NULL;
    NEED(get((CK_UTF8CHAR_PTR) "PKCS 11", &(CK_VERSION){3, 2}, &found, 0));
    p32 = found->pFunctionList;
    NEED(get((CK_UTF8CHAR_PTR) "Strongroom", NULL, &found, 0));
    own = found->pFunctionList;
    static char line[16384];
    while (fgets(line, sizeof line, stdin) != NULL) {
        CK_RV rv = answer(line);
        if (rv != CKR_OK)
            printf("refused 0x%lx", rv);
        putchar('\n');
        fflush(stdout);
    }
    p11->C_Finalize(NULL);
    return 0;
}
