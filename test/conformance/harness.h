/* A small harness for conformance cases. Every case runs in a process of its own that loads the module
 * afresh, so that a crash or a hang is one failed case and nothing leaks into the next.
 *
 * Output: `ok NAME`, `not ok NAME: reason` or `skip NAME: reason`, one line a case. */
#ifndef STRONGROOM_CONFORMANCE_HARNESS_H
#define STRONGROOM_CONFORMANCE_HARNESS_H

#include "../bench/cryptoki_include.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where a case finds its token. */
enum store {
    TOKEN,  /* the store shared by all cases, with an initialised token and user PIN */
    VIRGIN, /* an empty store of its own */
};

struct test_case {
    const char *name;
    void (*run)(void);
    enum store store;
};

/** The tables of cases, each ended by a name of NULL, one for each file. */
extern const struct test_case general_cases[], token_cases[], session_cases[], object_cases[],
    template_cases[], operation_cases[], ending_cases[], sign_cases[], cipher_cases[], message_cases[],
    key_cases[], wrapping_cases[], hostile_cases[], process_cases[], fork_cases[];

/** The module's functions in this process, set by `load`. */
extern CK_FUNCTION_LIST *p11;
/** The slot of the token under test, set by `start`. */
extern CK_SLOT_ID slot;
/** Path of the module under test. */
extern const char *module_path;

#define RW (CKF_SERIAL_SESSION | CKF_RW_SESSION)
#define RO CKF_SERIAL_SESSION
#define COUNT(array) (sizeof(array) / sizeof *(array))
/* What the whole program calls its PINs. */
#define USER_PIN ((CK_UTF8CHAR_PTR) "1234")
#define SO_PIN ((CK_UTF8CHAR_PTR) "5678")

/** Loads the module. @returns the dlopen handle; ends the case when it cannot be loaded */
void *load(void);
/** Loads the module, calls C_Initialize with operating system locking and selects the token's slot. */
void start(void);
/** Opens a session. @param flags RW or RO */
CK_SESSION_HANDLE open_session(CK_FLAGS flags);
/** start, then a read-write session with the user logged in. */
CK_SESSION_HANDLE start_user(void);
/** Makes the first slot's token with USER_PIN and SO_PIN and selects it. */
void make_token(void);
/** @returns the state of a session */
CK_STATE state_of(CK_SESSION_HANDLE session);
/** Whether the token offers a mechanism with all of the given flags. */
bool offers(CK_MECHANISM_TYPE type, CK_FLAGS flags);

/** Ends the case as failed at once. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/** Notes a failure and goes on, so that one run shows everything. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Ends the case as not applicable to this module. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/** Remembers what is about to be called, so that a crash can be named. */
void about_to(const char *call);
/** Checks a return value against those that the standard permits; used through EXPECT. @returns whether it
 * fits */
bool expect_rv(const char *file, int line, const char *call, CK_RV got, const CK_RV *allowed, size_t count);
/** Ends the case unless the call answered CKR_OK; used through NEED. */
void need_ok(const char *file, int line, const char *call, CK_RV got);

#define EXPECT(call, ...)                                                                                    \
    expect_rv(__FILE__, __LINE__, #call, (call), (const CK_RV[]){__VA_ARGS__},                               \
              sizeof((const CK_RV[]){__VA_ARGS__}) / sizeof(CK_RV))
/* A call that must answer an error, whichever, and must not crash. */
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        about_to(#call);                                                                                     \
        if ((call) == CKR_OK)                                                                                \
            complain("%s:%d: %s was accepted", __FILE__, __LINE__, #call);                                   \
    } while (0)
#define NEED(call) need_ok(__FILE__, __LINE__, #call, (call))
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            complain("%s:%d: %s does not hold", __FILE__, __LINE__, #condition);                             \
    } while (0)

/** The values that attributes point at. */
extern CK_BBOOL yes, no;

/* Attribute of a variable. */
#define VAR(type, variable)                                                                                  \
    { (type), &(variable), sizeof(variable) }
#define YES(type)                                                                                            \
    { (type), &yes, sizeof yes }
#define NO(type)                                                                                             \
    { (type), &no, sizeof no }

/** Makes a session AES key that may do everything and be read. @param bytes 16, 24 or 32 */
CK_OBJECT_HANDLE make_aes(CK_SESSION_HANDLE session, CK_ULONG bytes);
/** Makes an EC pair for signing and deriving on the curve of a DER object identifier.
 * @param mechanism CKM_EC_KEY_PAIR_GEN or its Edwards and Montgomery siblings
 * @returns the module's answer */
CK_RV make_ec(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, const void *oid, CK_ULONG oid_len,
              CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);
/** Makes a session RSA-2048 pair that may do everything. */
void make_rsa(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key);
/** Makes a session generic secret of the given value. */
CK_OBJECT_HANDLE make_secret(CK_SESSION_HANDLE session, const void *value, CK_ULONG len);
/** Makes a data object with a label and a value. */
CK_OBJECT_HANDLE make_data(CK_SESSION_HANDLE session, const char *label, CK_BBOOL token, CK_BBOOL private);
/** @returns how many objects a search by label finds (at most 16) */
CK_ULONG count_label(CK_SESSION_HANDLE session, const char *label);

/* DER object identifiers of P-256. */
extern const unsigned char oid_p256[10];

#endif
