/*
 * What the programs of the fault tests share: loading the module, a token with known PINs, and a clock. A
 * program that cannot go on says why on its standard error and ends with code 1.
 */
#ifndef STRONGROOM_FAULT_CLIENT_H
#define STRONGROOM_FAULT_CLIENT_H

#include "../../bench/cryptoki_include.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RW (CKF_SERIAL_SESSION | CKF_RW_SESSION)
#define USER_PIN ((CK_UTF8CHAR_PTR) "user-pin-4711")
#define USER_PIN_LENGTH 13
#define SO_PIN ((CK_UTF8CHAR_PTR) "officer-pin-0815")
#define SO_PIN_LENGTH 16
#define COUNT(array) (sizeof(array) / sizeof *(array))
/* Attribute of a variable. */
#define VAR(type, variable)                                                                                  \
    { (type), &(variable), sizeof(variable) }

static CK_FUNCTION_LIST *p11;
static CK_SLOT_ID slot;
static CK_BBOOL yes __attribute__((unused)) = CK_TRUE, no __attribute__((unused)) = CK_FALSE;

__attribute__((format(printf, 1, 2), noreturn)) static inline void give_up(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static inline void need(CK_RV rv, const char *what) {
    if (rv != CKR_OK)
        give_up("%s answered 0x%lx", what, rv);
}
#define NEED(call) need((call), #call)

static inline uint64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static inline void sleep_us(long microseconds) {
    nanosleep(&(struct timespec){.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000},
              NULL);
}

static inline void *load_module(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        give_up("%s", dlerror());
    CK_RV (*list)(CK_FUNCTION_LIST_PTR_PTR);
    *(void **)&list = dlsym(library, "C_GetFunctionList");
    if (list == NULL)
        give_up("C_GetFunctionList is not exported");
    NEED(list(&p11));
    return library;
}

static inline CK_RV initialise(void) {
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    return p11->C_Initialize(&arguments);
}

/* The first slot, whatever is in it. */
static inline CK_RV find_slot(void) {
    CK_SLOT_ID slots[16];
    CK_ULONG count = COUNT(slots);
    CK_RV rv = p11->C_GetSlotList(CK_FALSE, slots, &count);
    if (rv == CKR_OK && count == 0)
        give_up("there is no slot");
    if (rv == CKR_OK)
        slot = slots[0];
    return rv;
}

/* A token with both PINs in the first slot. */
static inline void make_token(void) {
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    memcpy(label, "fault", 5);
    NEED(find_slot());
    NEED(p11->C_InitToken(slot, SO_PIN, SO_PIN_LENGTH, label));
    NEED(find_slot());
    CK_SESSION_HANDLE session;
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &session));
    NEED(p11->C_Login(session, CKU_SO, SO_PIN, SO_PIN_LENGTH));
    NEED(p11->C_InitPIN(session, USER_PIN, USER_PIN_LENGTH));
    NEED(p11->C_Logout(session));
    NEED(p11->C_CloseSession(session));
}

/* A session with the user logged in; CKR_USER_ALREADY_LOGGED_IN is as good. */
static inline CK_RV open_user(CK_SESSION_HANDLE *session) {
    CK_RV rv = p11->C_OpenSession(slot, RW, NULL, NULL, session);
    if (rv == CKR_OK)
        rv = p11->C_Login(*session, CKU_USER, USER_PIN, USER_PIN_LENGTH);
    return rv == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : rv;
}

#endif
