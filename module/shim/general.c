/* What the shim answers by itself: initialising, finalising, the function lists, and the calls that only report on calls. */
#define _GNU_SOURCE
#include "lists.h"
#include "shim.h"

#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint32_t count_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

/*
 * CK_C_INITIALIZE_ARGS (PKCS#11 3.2, 5.4.1): all four mutex functions or none. Ours are the operating system's; an application that
 * offers its own and forbids those cannot be served.
 */
static CK_RV check_arguments(const CK_C_INITIALIZE_ARGS *arguments) {
    if (arguments == NULL)
        return CKR_OK;
    if (arguments->pReserved != NULL)
        return CKR_ARGUMENTS_BAD;
    int given = (arguments->CreateMutex != NULL) + (arguments->DestroyMutex != NULL) + (arguments->LockMutex != NULL) +
                (arguments->UnlockMutex != NULL);
    if (given != 0 && given != 4)
        return CKR_ARGUMENTS_BAD;
    if (given == 4 && !(arguments->flags & CKF_OS_LOCKING_OK))
        return CKR_CANT_LOCK;
    return CKR_OK;
}

SR_EXPORT CK_RV C_Initialize(CK_VOID_PTR pInitArgs) {
    CK_RV rv = check_arguments(pInitArgs);
    if (rv != CKR_OK)
        return rv;
    struct sr_process *process = sr_process_get();
    if (process == NULL)
        return CKR_HOST_MEMORY;
    pthread_mutex_lock(&process->lock);
    if (atomic_load(&process->initialised)) {
        rv = CKR_CRYPTOKI_ALREADY_INITIALIZED;
    } else {
        if (process->generation == 0)
            process->socket = -1; /* a pristine state: nothing to close */
        process->processors = count_processors();
        rv = sr_paths_resolve(process);
        if (rv == CKR_OK)
            rv = sr_connect(process);
        if (rv == CKR_OK)
            atomic_store(&process->initialised, 1);
    }
    pthread_mutex_unlock(&process->lock);
    return rv;
}

/* Unmaps what no thread uses. A thread that is still inside a call keeps its lane until the slot is used again. */
static void close_lanes(struct sr_process *process) {
    uint32_t count = atomic_load(&process->lane_count);
    for (uint32_t i = 0; i < count; i++) {
        struct sr_client_lane *slot = &process->lanes[i];
        uint32_t free = 0;
        if (!atomic_compare_exchange_strong(&slot->busy, &free, 1))
            continue;
        sr_lane_close(slot);
        sr_slot_release(process, slot);
    }
}

/* From here on whoever misses the connection hears that the library was finalised. Several threads may finalise at once, each with the
 * generation that it saw: the newest stands. */
static void note_finalised(struct sr_process *process, uint32_t generation) {
    uint32_t known = atomic_load(&process->finalised);
    while (known < generation && !atomic_compare_exchange_weak(&process->finalised, &known, generation))
        ;
}

SR_EXPORT CK_RV C_Finalize(CK_VOID_PTR pReserved) {
    if (pReserved != NULL)
        return CKR_ARGUMENTS_BAD;
    struct sr_process *process = sr_process_get();
    if (process == NULL || !atomic_load(&process->initialised))
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    /* The engine ends our sessions and logins before this returns; one that is gone has none to end. */
    struct sr_call call;
    bool told = false;
    uint32_t generation = atomic_load(&process->generation);
    note_finalised(process, generation);
    if (!sr_connection_broken(process) && sr_engine_alive(process) && sr_call_begin(&call, SR_FUNCTION_DETACH, 0) == CKR_OK) {
        generation = call.generation; /* a newer one, when another thread has connected anew meanwhile */
        note_finalised(process, generation);
        told = sr_call_run(&call) == CKR_OK;
        sr_call_end(&call, SR_WIPE_NONE);
    }
    pthread_mutex_lock(&process->lock);
    CK_RV rv = CKR_CRYPTOKI_NOT_INITIALIZED;
    if (atomic_exchange(&process->initialised, 0)) {
        /* Others may have finalised and initialised meanwhile: then it is their connection that ends here. */
        uint32_t current = atomic_load(&process->generation);
        note_finalised(process, current);
        if (!told || current != generation)
            sr_goodbye(process);
        sr_disconnect(process);
        sr_advance_forget(process);
        atomic_store(&process->owed.count, 0);
        sr_pairing_forget(process);
        close_lanes(process);
        rv = CKR_OK;
    }
    pthread_mutex_unlock(&process->lock);
    return rv;
}

SR_EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR ppFunctionList) {
    if (ppFunctionList == NULL)
        return CKR_ARGUMENTS_BAD;
    *ppFunctionList = &sr_list_2_40;
    return CKR_OK;
}

static CK_UTF8CHAR interface_name[] = "PKCS 11";
static CK_UTF8CHAR own_name[] = SR_INTERFACE_NAME;

/* The newest first: it is what a caller gets who does not ask for a version. Ours comes last: nobody gets it without asking. */
static const CK_INTERFACE interfaces[] = {
    {(CK_CHAR *)interface_name, &sr_list_3_2, 0},
    {(CK_CHAR *)interface_name, &sr_list_3_0, 0},
    {(CK_CHAR *)interface_name, &sr_list_2_40, 0},
    {(CK_CHAR *)own_name, &sr_list_own, 0},
};
#define INTERFACES (sizeof interfaces / sizeof interfaces[0])

SR_EXPORT CK_RV C_GetInterfaceList(CK_INTERFACE_PTR pInterfacesList, CK_ULONG_PTR pulCount) {
    if (pulCount == NULL)
        return CKR_ARGUMENTS_BAD;
    CK_ULONG room = *pulCount;
    *pulCount = INTERFACES;
    if (pInterfacesList == NULL)
        return CKR_OK;
    if (room < INTERFACES)
        return CKR_BUFFER_TOO_SMALL;
    memcpy(pInterfacesList, interfaces, sizeof interfaces);
    return CKR_OK;
}

/* A name that no interface has is a bad argument; an interface of that name which does not come in the version or with the flags asked
 * for is a function that failed. */
SR_EXPORT CK_RV C_GetInterface(CK_UTF8CHAR_PTR pInterfaceName, CK_VERSION_PTR pVersion, CK_INTERFACE_PTR_PTR ppInterface,
                               CK_FLAGS flags) {
    if (ppInterface == NULL)
        return CKR_ARGUMENTS_BAD;
    const CK_UTF8CHAR *wanted = pInterfaceName != NULL ? pInterfaceName : interface_name;
    CK_RV rv = CKR_ARGUMENTS_BAD;
    for (size_t i = 0; i < INTERFACES; i++) {
        const CK_VERSION *version = interfaces[i].pFunctionList;
        if (strcmp((const char *)wanted, (const char *)interfaces[i].pInterfaceName) != 0)
            continue;
        rv = CKR_FUNCTION_FAILED;
        if (pVersion != NULL && (pVersion->major != version->major || pVersion->minor != version->minor))
            continue;
        if ((interfaces[i].flags & flags) != flags)
            continue;
        *ppInterface = (CK_INTERFACE_PTR)&interfaces[i];
        return CKR_OK;
    }
    return rv;
}

static bool initialised(void) {
    struct sr_process *process = sr_process_get();
    return process != NULL && atomic_load(&process->initialised);
}

/* Legacy functions: no function runs in parallel with the application (PKCS#11 3.2, 5.20). */
SR_EXPORT CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE hSession) {
    (void)hSession;
    return initialised() ? CKR_FUNCTION_NOT_PARALLEL : CKR_CRYPTOKI_NOT_INITIALIZED;
}

SR_EXPORT CK_RV C_CancelFunction(CK_SESSION_HANDLE hSession) {
    (void)hSession;
    return initialised() ? CKR_FUNCTION_NOT_PARALLEL : CKR_CRYPTOKI_NOT_INITIALIZED;
}

/* No token is ever plugged in or out, so a blocking wait ends only with C_Finalize (PKCS#11 3.2, 5.5.4). */
SR_EXPORT CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR pSlot, CK_VOID_PTR pRserved) {
    if (!initialised())
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    if (pSlot == NULL || pRserved != NULL)
        return CKR_ARGUMENTS_BAD;
    if (flags & CKF_DONT_BLOCK)
        return CKR_NO_EVENT;
    while (initialised())
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    return CKR_CRYPTOKI_NOT_INITIALIZED;
}
