/*
 * A program whose keys are on another machine, and which the way there fails now and then: traveller MODULE PIN
 *
 * In one session, which it never opens anew, it signs with a session key, and makes a key on the first token each eighth time. Prints "begun" after its first
 * success, "made LABEL" once C_GenerateKey has returned, "unsure LABEL" when that was not answered, and at the end
 * "signed N failed N outage MS": how many calls were not answered, and the longest time without an answer.
 */
#include "client.h"

#include <sys/select.h>
#include <unistd.h>

static CK_SESSION_HANDLE session;
static unsigned signed_times, failed;

static bool input_ended(void) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval none = {0};
    char byte;
    return select(1, &set, NULL, NULL, &none) == 1 && read(0, &byte, 1) == 0;
}

static CK_RV generate(const char *label, CK_BBOOL token, CK_OBJECT_HANDLE *key) {
    CK_MECHANISM mechanism = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG bytes = 32;
    CK_ATTRIBUTE attributes[] = {VAR(CKA_TOKEN, token), VAR(CKA_VALUE_LEN, bytes), VAR(CKA_SIGN, yes),
                                 {CKA_LABEL, (void *)label, strlen(label)}, VAR(CKA_PRIVATE, yes)};
    return p11->C_GenerateKey(session, &mechanism, attributes, COUNT(attributes), key);
}

static void must(CK_RV rv, const char *what) {
    if (rv != CKR_OK)
        give_up("%s: 0x%lx", what, rv);
}

static CK_RV sign(CK_OBJECT_HANDLE key) {
    unsigned char signature[32];
    CK_ULONG length = sizeof signature;
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};
    CK_RV rv = p11->C_SignInit(session, &hmac, key);
    if (rv == CKR_OK)
        rv = p11->C_Sign(session, (CK_BYTE_PTR) "abc", 3, signature, &length);
    signed_times += rv == CKR_OK;
    return rv;
}

int main(int count, char **arguments) {
    if (count != 3)
        give_up("usage: traveller MODULE PIN");
    load_module(arguments[1]);
    CK_OBJECT_HANDLE key, made;
    must(initialise(), "C_Initialize");
    must(find_slot(), "finding the token");
    must(p11->C_OpenSession(slot, RW, NULL, NULL, &session), "C_OpenSession");
    must(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)arguments[2], strlen(arguments[2])), "C_Login");
    must(generate("session", no, &key), "C_GenerateKey");
    puts("begun");
    fflush(stdout);
    uint64_t since = 0, outage = 0;
    for (unsigned number = 0; !input_ended(); number++) {
        char label[40];
        bool makes = number % 8 == 0;
        snprintf(label, sizeof label, "%d-%u", getpid(), number);
        CK_RV rv = makes ? generate(label, yes, &made) : sign(key);
        if (makes && (rv == CKR_OK || rv == CKR_DEVICE_ERROR)) {
            printf("%s %s\n", rv == CKR_OK ? "made" : "unsure", label);
            fflush(stdout);
        }
        if (rv == CKR_OK) {
            if (since != 0 && now_ms() - since > outage)
                outage = now_ms() - since;
            since = 0;
            continue;
        }
        if (rv != CKR_DEVICE_ERROR)
            give_up("answered 0x%lx", rv);
        failed++;
        if (since == 0)
            since = now_ms();
        sleep_us(5000);
    }
    p11->C_Finalize(NULL);
    printf("signed %u failed %u outage %lu\n", signed_times, failed, (unsigned long)outage);
    return 0;
}
