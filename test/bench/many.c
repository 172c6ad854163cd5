/*
 * A token of many objects: the first login, searches, and what a bystander notices of them.
 *
 *   many MODULE PIN OBJECTS bystander   signs on the token in slot 1 until stdin ends; then its figures
 *   many MODULE PIN OBJECTS user        logs in to the token in slot 0, and searches it
 *
 * One line of JSON on stdout, after "ready" for the bystander.
 */
#include "cryptoki_include.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEARCHES 100000ul

static CK_FUNCTION_LIST *p11;

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void must(CK_RV rv, const char *what) {
    if (rv == CKR_OK)
        return;
    fprintf(stderr, "%s: 0x%lx\n", what, rv);
    exit(1);
}

static CK_SESSION_HANDLE opened(CK_SLOT_ID slot) {
    CK_SESSION_HANDLE session;
    must(p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session),
         "C_OpenSession");
    return session;
}

static double login(CK_SESSION_HANDLE session, const char *pin) {
    double begin = now_ms();
    must(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), "C_Login");
    return now_ms() - begin;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void bystander(const char *pin) {
    CK_SESSION_HANDLE session = opened(1);
    login(session, pin);
    CK_BBOOL yes = CK_TRUE;
    static CK_BYTE p256[] = {0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7};
    CK_MECHANISM make = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, sign = {CKM_ECDSA, NULL, 0};
    CK_ATTRIBUTE public[] = {{CKA_EC_PARAMS, p256, sizeof p256}}, private[] = {{CKA_SIGN, &yes, 1}};
    CK_OBJECT_HANDLE key, other;
    must(p11->C_GenerateKeyPair(session, &make, public, 1, private, 1, &other, &key), "C_GenerateKeyPair");
    struct pollfd input = {.fd = 0, .events = POLLIN};
    double worst = 0;
    unsigned long count = 0;
    static double all[4000000];
    puts("ready");
    fflush(stdout);
    while (count < sizeof all / sizeof *all && (count % 16 != 0 || poll(&input, 1, 0) == 0)) {
        CK_BYTE digest[32] = {1}, signature[64];
        CK_ULONG size = sizeof signature;
        double begin = now_ms(), took;
        must(p11->C_SignInit(session, &sign, key), "C_SignInit");
        must(p11->C_Sign(session, digest, sizeof digest, signature, &size), "C_Sign");
        took = now_ms() - begin;
        all[count++] = took;
        if (took > worst)
            worst = took;
    }
    qsort(all, count, sizeof *all, by_value);
    printf("{\"signatures\":%lu,\"medianMs\":%.4f,\"p99Ms\":%.4f,\"p999Ms\":%.3f,\"worstMs\":%.3f}\n", count,
           all[count / 2], all[count * 99 / 100], all[count * 999 / 1000], worst);
}

/* Says a figure, and waits until the parent has looked at the engine. */
static void say(const char *name, double value) {
    printf("{\"%s\":%.3f}\n", name, value);
    fflush(stdout);
    getchar();
}

static void user(const char *pin, unsigned long objects) {
    CK_SESSION_HANDLE session = opened(0);
    say("loginMs", login(session, pin));
    double begin = now_ms();
    must(p11->C_Logout(session), "C_Logout");
    say("logoutMs", now_ms() - begin);
    say("againMs", login(session, pin));
    static double all[SEARCHES];
    for (unsigned long i = 0; i < SEARCHES; i++) {
        char label[32];
        /* Each time another, far from the one before. */
        int length = snprintf(label, sizeof label, "object-%07lu", i * 7919 % objects);
        CK_ATTRIBUTE template[] = {{CKA_LABEL, label, (CK_ULONG)length}};
        CK_OBJECT_HANDLE found[2];
        CK_ULONG count = 0;
        double begin = now_ms();
        must(p11->C_FindObjectsInit(session, template, 1), "C_FindObjectsInit");
        must(p11->C_FindObjects(session, found, 2, &count), "C_FindObjects");
        must(p11->C_FindObjectsFinal(session), "C_FindObjectsFinal");
        all[i] = now_ms() - begin;
        if (count != 1) {
            fprintf(stderr, "%lu objects are called %s\n", count, label);
            exit(1);
        }
    }
    qsort(all, SEARCHES, sizeof *all, by_value);
    say("findUs", all[SEARCHES / 2] * 1e3);
}

int main(int count, char **arguments) {
    if (count != 5)
        return 2;
    void *module = dlopen(arguments[1], RTLD_NOW);
    CK_C_GetFunctionList list =
        module == NULL ? NULL : (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
    if (list == NULL || list(&p11) != CKR_OK) {
        fprintf(stderr, "%s is no PKCS#11 module\n", arguments[1]);
        return 1;
    }
    must(p11->C_Initialize(NULL), "C_Initialize");
    if (strcmp(arguments[4], "bystander") == 0)
        bystander(arguments[2]);
    else
        user(arguments[2], strtoul(arguments[3], NULL, 10));
    must(p11->C_Finalize(NULL), "C_Finalize");
    return 0;
}
