/*
 * A small client for the fault tests: tool MODULE COMMAND [N]
 *
 *   setup N   makes a token with both PINs, N data objects and N AES keys on it
 *   churn     logs in and out until its standard input ends; survives the end of its engine
 *   steps     reads one step a line and prints each with its CK_RV and its milliseconds: init, fini, login,
 * info, rsa BITS, make LABEL, key LABEL, count LABEL (0x1000000 + how many), use LABEL, destroy LABEL, pin
 * (set to what it is), wrong (a login), verify N (what setup made is all there), begin (a digest), part (of
 * it), large N (a part of N bytes), random N (bytes)
 */
#include "client.h"

#include <sys/select.h>
#include <unistd.h>

static void print(const char *step, CK_RV rv, uint64_t began) {
    printf("%s 0x%lx %lu\n", step, rv, (unsigned long)(now_ms() - began));
    fflush(stdout);
}

static CK_RV make_data(CK_SESSION_HANDLE session, const char *label) {
    CK_OBJECT_CLASS class = CKO_DATA;
    char value[100];
    snprintf(value, sizeof value, "the value of %.60s", label);
    CK_ATTRIBUTE data[] = {VAR(CKA_CLASS, class),
                           VAR(CKA_TOKEN, yes),
                           VAR(CKA_PRIVATE, yes),
                           {CKA_LABEL, (void *)label, strlen(label)},
                           {CKA_VALUE, value, strlen(value)}};
    CK_OBJECT_HANDLE object;
    return p11->C_CreateObject(session, data, COUNT(data), &object);
}

static CK_RV make_key(CK_SESSION_HANDLE session, const char *label) {
    CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG bytes = 32;
    CK_ATTRIBUTE key[] = {VAR(CKA_TOKEN, yes),
                          {CKA_LABEL, (void *)label, strlen(label)},
                          VAR(CKA_VALUE_LEN, bytes),
                          VAR(CKA_ENCRYPT, yes),
                          VAR(CKA_DECRYPT, yes)};
    CK_OBJECT_HANDLE object;
    return p11->C_GenerateKey(session, &aes, key, COUNT(key), &object);
}

static CK_RV make_rsa(CK_SESSION_HANDLE session, CK_ULONG bits) {
    CK_MECHANISM rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE public[] = {VAR(CKA_MODULUS_BITS, bits), VAR(CKA_VERIFY, yes)};
    CK_ATTRIBUTE private[] = {VAR(CKA_SIGN, yes)};
    CK_OBJECT_HANDLE pair[2];
    return p11->C_GenerateKeyPair(session, &rsa, public, COUNT(public), private, COUNT(private), &pair[0],
                                  &pair[1]);
}

static CK_RV find_label(CK_SESSION_HANDLE session, const char *label, CK_OBJECT_HANDLE *object,
                        CK_ULONG *count) {
    CK_ATTRIBUTE wanted = {CKA_LABEL, (void *)label, strlen(label)};
    CK_OBJECT_HANDLE found[4];
    CK_RV rv = p11->C_FindObjectsInit(session, &wanted, 1);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_FindObjects(session, found, COUNT(found), count);
    p11->C_FindObjectsFinal(session);
    if (rv == CKR_OK && *count > 0)
        *object = found[0];
    return rv;
}

static CK_RV encrypt_with(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key) {
    unsigned char iv[16] = {1}, input[48] = {2}, output[64];
    CK_ULONG length = sizeof output;
    CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, sizeof iv};
    CK_RV rv = p11->C_EncryptInit(session, &cbc, key);
    return rv == CKR_OK ? p11->C_Encrypt(session, input, sizeof input, output, &length) : rv;
}

static CK_RV verify(CK_SESSION_HANDLE session, int many) {
    for (int i = 0; i < many; i++) {
        char label[40], expected[100], value[100];
        CK_OBJECT_HANDLE object = 0;
        CK_ULONG count = 0;
        snprintf(label, sizeof label, "data-%d", i);
        snprintf(expected, sizeof expected, "the value of %s", label);
        CK_RV rv = find_label(session, label, &object, &count);
        if (rv != CKR_OK || count != 1)
            return rv != CKR_OK ? rv : CKR_OBJECT_HANDLE_INVALID;
        CK_ATTRIBUTE asked = {CKA_VALUE, value, sizeof value};
        rv = p11->C_GetAttributeValue(session, object, &asked, 1);
        if (rv != CKR_OK || asked.ulValueLen != strlen(expected) ||
            memcmp(value, expected, asked.ulValueLen) != 0)
            return rv != CKR_OK ? rv : CKR_ATTRIBUTE_VALUE_INVALID;
        snprintf(label, sizeof label, "key-%d", i);
        rv = find_label(session, label, &object, &count);
        if (rv != CKR_OK || count != 1)
            return rv != CKR_OK ? rv : CKR_KEY_HANDLE_INVALID;
        rv = encrypt_with(session, object);
        if (rv != CKR_OK)
            return rv;
    }
    return CKR_OK;
}

static void setup(int many) {
    NEED(initialise());
    make_token();
    CK_SESSION_HANDLE session;
    NEED(open_user(&session));
    for (int i = 0; i < many; i++) {
        char label[40];
        snprintf(label, sizeof label, "data-%d", i);
        NEED(make_data(session, label));
        snprintf(label, sizeof label, "key-%d", i);
        NEED(make_key(session, label));
    }
    NEED(p11->C_Finalize(NULL));
}

static bool input_ended(void) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    char byte;
    return select(1, &set, NULL, NULL, &(struct timeval){0}) > 0 && read(0, &byte, 1) <= 0;
}

static void churn(void) {
    NEED(initialise());
    NEED(find_slot());
    uint64_t longest = 0;
    unsigned logins = 0;
    while (!input_ended()) {
        CK_SESSION_HANDLE session;
        uint64_t began = now_ms();
        CK_RV rv = open_user(&session);
        if (rv == CKR_OK)
            rv = p11->C_Logout(session);
        if (rv == CKR_OK)
            rv = p11->C_CloseSession(session);
        logins += rv == CKR_OK;
        uint64_t took = now_ms() - began;
        longest = took > longest ? took : longest;
        if (rv != CKR_OK && rv != CKR_DEVICE_REMOVED && rv != CKR_SESSION_HANDLE_INVALID)
            give_up("churn: 0x%lx", rv);
        sleep_us(3000);
    }
    NEED(p11->C_Finalize(NULL));
    printf("churned logins=%u longest_ms=%lu\n", logins, (unsigned long)longest);
}

/* Runs what its input says, one step a line, and reports each. */
static void steps(void) {
    char line[200];
    CK_SESSION_HANDLE session = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *rest = strchr(line, ' ');
        const char *argument = rest != NULL ? rest + 1 : "";
        if (rest != NULL)
            *rest = '\0';
        uint64_t began = now_ms();
        CK_OBJECT_HANDLE object = 0;
        CK_ULONG count = 0;
        CK_RV rv = CKR_FUNCTION_NOT_SUPPORTED;
        if (strcmp(line, "init") == 0) {
            rv = initialise();
        } else if (strcmp(line, "fini") == 0) {
            rv = p11->C_Finalize(NULL);
        } else if (strcmp(line, "login") == 0) {
            rv = find_slot();
            rv = rv == CKR_OK ? open_user(&session) : rv;
        } else if (strcmp(line, "info") == 0) {
            CK_TOKEN_INFO info;
            rv = p11->C_GetTokenInfo(slot, &info);
        } else if (strcmp(line, "rsa") == 0) {
            rv = make_rsa(session, strtoul(argument, NULL, 10));
        } else if (strcmp(line, "make") == 0) {
            rv = make_data(session, argument);
        } else if (strcmp(line, "key") == 0) {
            rv = make_key(session, argument);
        } else if (strcmp(line, "count") == 0) {
            rv = find_label(session, argument, &object, &count);
            rv = rv == CKR_OK ? 0x1000000 + count : rv;
        } else if (strcmp(line, "use") == 0) {
            rv = find_label(session, argument, &object, &count);
            rv = rv == CKR_OK ? encrypt_with(session, object) : rv;
        } else if (strcmp(line, "destroy") == 0) {
            rv = find_label(session, argument, &object, &count);
            rv = rv == CKR_OK ? p11->C_DestroyObject(session, object) : rv;
        } else if (strcmp(line, "pin") == 0) {
            rv = p11->C_SetPIN(session, USER_PIN, USER_PIN_LENGTH, USER_PIN, USER_PIN_LENGTH);
        } else if (strcmp(line, "wrong") == 0) {
            p11->C_Logout(session);
            rv = p11->C_Login(session, CKU_USER, SO_PIN, SO_PIN_LENGTH);
        } else if (strcmp(line, "begin") == 0) {
            CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
            rv = p11->C_DigestInit(session, &sha256);
        } else if (strcmp(line, "part") == 0) {
            unsigned char part[] = "a part";
            rv = p11->C_DigestUpdate(session, part, sizeof part);
        } else if (strcmp(line, "large") == 0 || strcmp(line, "random") == 0) {
            CK_ULONG length = strtoul(argument, NULL, 10);
            CK_BYTE *bytes = calloc(1, length);
            rv = line[0] == 'l' ? p11->C_DigestUpdate(session, bytes, length)
                                : p11->C_GenerateRandom(session, bytes, length);
            free(bytes);
        } else if (strcmp(line, "verify") == 0) {
            rv = verify(session, atoi(argument));
        }
        print(line, rv, began);
    }
}

int main(int argc, char **argv) {
    if (argc < 3)
        give_up("usage: tool MODULE COMMAND [ARGUMENT]");
    load_module(argv[1]);
    int number = argc > 3 ? atoi(argv[3]) : 0;
    if (strcmp(argv[2], "setup") == 0)
        setup(number);
    else if (strcmp(argv[2], "churn") == 0)
        churn();
    else if (strcmp(argv[2], "steps") == 0)
        steps();
    else
        give_up("no such command: %s", argv[2]);
    return 0;
}
