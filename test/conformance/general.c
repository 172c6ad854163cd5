/* C_Initialize, C_Finalize, C_GetInfo and the ways to the function lists. */
#include "harness.h"

#include <dlfcn.h>
#include <string.h>

static CK_RV fake_mutex(void **mutex) {
    *mutex = mutex;
    return CKR_OK;
}

static CK_RV fake_use(void *mutex) {
    (void)mutex;
    return CKR_OK;
}

static void initialize_null(void) {
    load();
    EXPECT(p11->C_Initialize(NULL), CKR_OK);
    EXPECT(p11->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
    EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
    EXPECT(p11->C_Initialize(NULL), CKR_OK);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void initialize_reserved(void) {
    CK_C_INITIALIZE_ARGS args = {.pReserved = &args};
    load();
    EXPECT(p11->C_Initialize(&args), CKR_ARGUMENTS_BAD);
    NEED(p11->C_Initialize(NULL));
    EXPECT(p11->C_Finalize(&args), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void initialize_mutexes(void) {
    load();
    /* Some but not all of the four functions is an error (C_Initialize, general-purpose functions). */
    for (int given = 1; given < 15; given++) {
        CK_C_INITIALIZE_ARGS args = {.CreateMutex = given & 1 ? fake_mutex : NULL,
                                     .DestroyMutex = given & 2 ? fake_use : NULL,
                                     .LockMutex = given & 4 ? fake_use : NULL,
                                     .UnlockMutex = given & 8 ? fake_use : NULL};
        EXPECT(p11->C_Initialize(&args), CKR_ARGUMENTS_BAD);
    }
    CK_C_INITIALIZE_ARGS all = {fake_mutex, fake_use, fake_use, fake_use, CKF_OS_LOCKING_OK, NULL};
    if (EXPECT(p11->C_Initialize(&all), CKR_OK))
        EXPECT(p11->C_Finalize(NULL), CKR_OK);
    all.flags = 0;
    /* Only the caller's own mutexes: a module that uses the system's may decline. */
    CK_RV rv = p11->C_Initialize(&all);
    EXPECT(rv, CKR_OK, CKR_CANT_LOCK);
    if (rv == CKR_OK)
        EXPECT(p11->C_Finalize(NULL), CKR_OK);
    CK_C_INITIALIZE_ARGS os = {.flags = CKF_OS_LOCKING_OK};
    EXPECT(p11->C_Initialize(&os), CKR_OK);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
    CK_C_INITIALIZE_ARGS no_threads = {.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS};
    rv = p11->C_Initialize(&no_threads);
    EXPECT(rv, CKR_OK, CKR_NEED_TO_CREATE_THREADS);
}

static void not_initialized(void) {
    CK_INFO info;
    CK_ULONG count = 0, len = 0;
    CK_SESSION_HANDLE s;
    CK_SESSION_INFO session_info;
    CK_SLOT_INFO slot_info;
    CK_TOKEN_INFO token_info;
    CK_OBJECT_HANDLE object;
    CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
    CK_MECHANISM_INFO mechanism_info;
    CK_BYTE byte[64] = {0};
    load();
    const CK_RV want = CKR_CRYPTOKI_NOT_INITIALIZED;
    EXPECT(p11->C_GetInfo(&info), want);
    EXPECT(p11->C_GetSlotList(CK_FALSE, NULL, &count), want);
    EXPECT(p11->C_GetSlotInfo(0, &slot_info), want);
    EXPECT(p11->C_GetTokenInfo(0, &token_info), want);
    EXPECT(p11->C_GetMechanismList(0, NULL, &count), want);
    EXPECT(p11->C_GetMechanismInfo(0, CKM_SHA256, &mechanism_info), want);
    EXPECT(p11->C_InitToken(0, byte, 4, byte), want);
    EXPECT(p11->C_OpenSession(0, RO, NULL, NULL, &s), want);
    EXPECT(p11->C_CloseSession(1), want);
    EXPECT(p11->C_CloseAllSessions(0), want);
    EXPECT(p11->C_GetSessionInfo(1, &session_info), want);
    EXPECT(p11->C_Login(1, CKU_USER, byte, 4), want);
    EXPECT(p11->C_Logout(1), want);
    EXPECT(p11->C_CreateObject(1, NULL, 0, &object), want, CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_DestroyObject(1, 1), want);
    EXPECT(p11->C_FindObjectsInit(1, NULL, 0), want);
    EXPECT(p11->C_DigestInit(1, &mechanism), want);
    EXPECT(p11->C_SignInit(1, &mechanism, 1), want);
    len = sizeof byte;
    EXPECT(p11->C_Sign(1, byte, 1, byte, &len), want);
    EXPECT(p11->C_GenerateRandom(1, byte, 1), want);
    EXPECT(p11->C_Finalize(NULL), want);
}

static void information(void) {
    CK_INFO info;
    start();
    memset(&info, 0, sizeof info);
    NEED(p11->C_GetInfo(&info));
    CHECK(info.cryptokiVersion.major >= 2);
    CHECK(info.flags == 0);
    /* Blank-padded, not NUL-terminated (CK_INFO, general data types). */
    CHECK(memchr(info.manufacturerID, 0, sizeof info.manufacturerID) == NULL);
    CHECK(memchr(info.libraryDescription, 0, sizeof info.libraryDescription) == NULL);
    EXPECT(p11->C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
}

static void function_list(void) {
    void *library = load();
    CHECK(p11->version.major == 2);
    CHECK(p11->version.minor >= 20);
    void *const *pointers = (void *const *)(const void *)&p11->C_Initialize;
    for (size_t i = 0; i < 68; i++) {
        if (!pointers[i])
            complain("function %zu of the 2.40 list is NULL", i);
    }
    CK_RV (*get_list)(CK_FUNCTION_LIST **);
    *(void **)&get_list = dlsym(library, "C_GetFunctionList");
    EXPECT(get_list(NULL), CKR_ARGUMENTS_BAD);
    EXPECT(p11->C_GetFunctionStatus(1), CKR_FUNCTION_NOT_PARALLEL, CKR_CRYPTOKI_NOT_INITIALIZED);
    EXPECT(p11->C_CancelFunction(1), CKR_FUNCTION_NOT_PARALLEL, CKR_CRYPTOKI_NOT_INITIALIZED);
}

/* CK_INTERFACE of 3.0, spelled out so that older headers serve as well. */
struct interface {
    char *name;
    void *functions;
    CK_FLAGS flags;
};

static void check_list(const struct interface *interface) {
    const CK_VERSION *version = interface->functions;
    if (!version) {
        complain("an interface without functions");
        return;
    }
    /* 68 functions in 2.40, 24 more in 3.0, 12 more in 3.2. */
    size_t count = version->major == 2 ? 68 : version->minor < 2 ? 92 : 104;
    void *const *pointers = (void *const *)((const char *)interface->functions + sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        if (!pointers[i])
            complain("function %zu of the %d.%d list is NULL", i, version->major, version->minor);
    }
}

static void interfaces(void) {
    void *library = load();
    CK_RV (*get_interfaces)(struct interface *, CK_ULONG *);
    CK_RV (*get_interface)(CK_UTF8CHAR *, CK_VERSION *, struct interface **, CK_FLAGS);
    *(void **)&get_interfaces = dlsym(library, "C_GetInterfaceList");
    *(void **)&get_interface = dlsym(library, "C_GetInterface");
    if (!get_interfaces || !get_interface)
        fail("C_GetInterfaceList or C_GetInterface is not exported");
    struct interface list[16];
    CK_ULONG count = 0;
    EXPECT(get_interfaces(NULL, NULL), CKR_ARGUMENTS_BAD);
    NEED(get_interfaces(NULL, &count));
    CHECK(count >= 3);
    CK_ULONG small = 1;
    EXPECT(get_interfaces(list, &small), CKR_BUFFER_TOO_SMALL);
    CHECK(small == count);
    count = COUNT(list);
    NEED(get_interfaces(list, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        if (strcmp(list[i].name, "PKCS 11") == 0) /* another name is a vendor's own affair */
            check_list(&list[i]);
    }
    CK_VERSION wanted[] = {{2, 40}, {3, 0}, {3, 2}};
    for (size_t i = 0; i < COUNT(wanted); i++) {
        struct interface *one = NULL;
        if (!EXPECT(get_interface((CK_UTF8CHAR *)"PKCS 11", &wanted[i], &one, 0), CKR_OK) || !one)
            continue;
        const CK_VERSION *version = one->functions;
        CHECK(version->major == wanted[i].major && version->minor == wanted[i].minor);
        CHECK(strcmp(one->name, "PKCS 11") == 0);
        check_list(one);
    }
    struct interface *any = NULL;
    EXPECT(get_interface(NULL, NULL, &any, 0), CKR_OK);
    CHECK(any && any->functions);
    CK_VERSION unknown = {9, 9};
    EXPECT(get_interface((CK_UTF8CHAR *)"PKCS 11", &unknown, &any, 0), CKR_FUNCTION_FAILED,
           CKR_ARGUMENTS_BAD);
    /* The argument is to blame and nothing that the function did. */
    EXPECT(get_interface((CK_UTF8CHAR *)"Vendor Unheard Of", NULL, &any, 0), CKR_ARGUMENTS_BAD);
    EXPECT(get_interface((CK_UTF8CHAR *)"", &unknown, &any, 0), CKR_ARGUMENTS_BAD);
    EXPECT(get_interface(NULL, NULL, NULL, 0), CKR_ARGUMENTS_BAD);
}

const struct test_case general_cases[] = {{"general/initialize", initialize_null, TOKEN},
                                          {"general/initialize-reserved", initialize_reserved, TOKEN},
                                          {"general/initialize-mutexes", initialize_mutexes, TOKEN},
                                          {"general/not-initialized", not_initialized, TOKEN},
                                          {"general/info", information, TOKEN},
                                          {"general/function-list", function_list, TOKEN},
                                          {"general/interfaces", interfaces, TOKEN},
                                          {NULL, NULL, TOKEN}};
