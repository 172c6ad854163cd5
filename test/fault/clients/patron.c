/*
 * A program that uses a service for as long as its input lasts, and starts over whenever its sessions have gone: patron MODULE [PIN]
 *
 * In turn it signs with a session key and compares, and makes a key on the first token. With a PIN it logs in; without, it makes session keys
 * only. Prints "begun" after its first success, "full" when there was no room for the first time, "made LABEL" for each token key once C_GenerateKey has returned, and at the end
 * "signed N made N again N full N": how often it had to start over, and how often there was no room.
 */
#include "client.h"

#include <sys/select.h>
#include <unistd.h>

static unsigned signed_times, made, again, full;
static CK_OBJECT_HANDLE key;
static CK_SESSION_HANDLE session;
static const char *pin;

static bool input_ended(void) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval none = {0};
    char byte;
    return select(1, &set, NULL, NULL, &none) == 1 && read(0, &byte, 1) == 0;
}

/* What a service that ends, starts or has ended explains. */
static bool explained(CK_RV rv) {
    return rv == CKR_DEVICE_REMOVED || rv == CKR_DEVICE_ERROR || rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_SESSION_CLOSED ||
           rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID || rv == CKR_OBJECT_HANDLE_INVALID ||
           rv == CKR_CRYPTOKI_NOT_INITIALIZED;
}

static CK_RV generate(const char *label, CK_BBOOL token, CK_OBJECT_HANDLE *made_key) {
    CK_MECHANISM mechanism = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG bytes = 32;
    CK_BBOOL private = pin != NULL ? CK_TRUE : CK_FALSE;
    CK_ATTRIBUTE attributes[] = {VAR(CKA_TOKEN, token), VAR(CKA_VALUE_LEN, bytes), VAR(CKA_SIGN, yes),
                                 {CKA_LABEL, (void *)label, strlen(label)}, VAR(CKA_PRIVATE, private)};
    return p11->C_GenerateKey(session, &mechanism, attributes, COUNT(attributes), made_key);
}

static CK_RV begin(void) {
    CK_RV rv = initialise();
    if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
        return rv;
    rv = find_slot();
    if (rv == CKR_OK)
        rv = p11->C_OpenSession(slot, RW, NULL, NULL, &session);
    if (rv == CKR_OK && pin != NULL)
        rv = p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin));
    if (rv == CKR_USER_ALREADY_LOGGED_IN)
        rv = CKR_OK;
    return rv == CKR_OK ? generate("session", no, &key) : rv;
}

static CK_RV sign(void) {
    unsigned char first[32], second[32];
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    for (int i = 0; i < 2; i++) {
        CK_ULONG length = 32;
        CK_RV rv = p11->C_SignInit(session, &hmac, key);
        if (rv == CKR_OK)
            rv = p11->C_Sign(session, (CK_BYTE_PTR) "abc", 3, i == 0 ? first : second, &length);
        if (rv != CKR_OK)
            return rv;
    }
    if (memcmp(first, second, sizeof first) != 0)
        give_up("two signatures differ");
    signed_times++;
    return CKR_OK;
}

static CK_RV make(unsigned number) {
    char label[40];
    CK_OBJECT_HANDLE object;
    snprintf(label, sizeof label, "%d-%u", getpid(), number);
    CK_RV rv = generate(label, yes, &object);
    if (rv != CKR_OK)
        return rv;
    made++;
    printf("made %s\n", label);
    fflush(stdout);
    return CKR_OK;
}

int main(int count, char **arguments) {
    if (count < 2)
        give_up("usage: patron MODULE [PIN]");
    load_module(arguments[1]);
    pin = count > 2 ? arguments[2] : NULL;
    bool ready = false, begun = false;
    for (unsigned number = 0; !input_ended(); number++) {
        CK_RV rv = ready ? CKR_OK : begin();
        if (rv == CKR_OK)
            rv = pin != NULL && number % 16 == 0 ? make(number) : sign();
        ready = rv == CKR_OK || rv == CKR_DEVICE_MEMORY;
        if (rv == CKR_DEVICE_MEMORY && full++ == 0) {
            puts("full");
            fflush(stdout);
        }
        if (rv == CKR_OK && !begun) {
            begun = true;
            puts("begun");
            fflush(stdout);
        }
        if (ready)
            continue;
        if (!explained(rv))
            give_up("answered 0x%lx", rv);
        again++;
        p11->C_Finalize(NULL);
        sleep_us(5000);
    }
    p11->C_Finalize(NULL);
    printf("signed %u made %u again %u full %u\n", signed_times, made, again, full);
    return 0;
}
