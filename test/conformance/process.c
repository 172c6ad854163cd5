/* Manners towards the host process: threads, dlclose, and a host that closes every descriptor. */
#define _GNU_SOURCE
#include "harness.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 8, TURNS = 60 };

static CK_OBJECT_HANDLE shared_aes, shared_priv, shared_pub;

/* Mixed work in a session of its own. @returns NULL, or the name of what went wrong */
static void *mixed_work(void *unused) {
    (void)unused;
    CK_SESSION_HANDLE s;
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0}, ecb = {CKM_AES_ECB, NULL, 0};
    for (int turn = 0; turn < TURNS; turn++) {
        CK_BYTE in[64] = {(CK_BYTE)turn}, out[64], back[64];
        CK_ULONG len = sizeof out, back_len = sizeof back;
        if (p11->C_OpenSession(slot, RW, NULL, NULL, &s) != CKR_OK)
            return "open";
        if (p11->C_DigestInit(s, &sha) != CKR_OK || p11->C_Digest(s, in, 64, out, &len) != CKR_OK ||
            len != 32)
            return "digest";
        len = sizeof out;
        if (p11->C_SignInit(s, &ecdsa, shared_priv) != CKR_OK || p11->C_Sign(s, in, 32, out, &len) != CKR_OK)
            return "sign";
        if (p11->C_VerifyInit(s, &ecdsa, shared_pub) != CKR_OK ||
            p11->C_Verify(s, in, 32, out, len) != CKR_OK)
            return "verify";
        len = sizeof out;
        if (p11->C_EncryptInit(s, &ecb, shared_aes) != CKR_OK ||
            p11->C_Encrypt(s, in, 64, out, &len) != CKR_OK)
            return "encrypt";
        if (p11->C_DecryptInit(s, &ecb, shared_aes) != CKR_OK ||
            p11->C_Decrypt(s, out, len, back, &back_len) != CKR_OK || memcmp(in, back, 64) != 0)
            return "decrypt";
        CK_OBJECT_HANDLE object = make_data(s, "threads", CK_FALSE, CK_TRUE);
        if (p11->C_DestroyObject(s, object) != CKR_OK)
            return "destroy";
        if (p11->C_GenerateRandom(s, out, 32) != CKR_OK || p11->C_CloseSession(s) != CKR_OK)
            return "random or close";
    }
    return NULL;
}

static void threads(void) {
    CK_SESSION_HANDLE s = start_user();
    pthread_t ids[THREADS];
    shared_aes = make_aes(s, 32);
    NEED(make_ec(s, CKM_EC_KEY_PAIR_GEN, oid_p256, sizeof oid_p256, &shared_pub, &shared_priv));
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&ids[i], NULL, mixed_work, NULL) != 0)
            fail("no thread");
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        pthread_join(ids[i], &wrong);
        if (wrong)
            complain("a thread failed to %s", (const char *)wrong);
    }
    CHECK(count_label(s, "threads") == 0);
}

static void *initialize_once(void *result) {
    *(CK_RV *)result = p11->C_Initialize(&(CK_C_INITIALIZE_ARGS){.flags = CKF_OS_LOCKING_OK});
    return NULL;
}

static void initialize_race(void) {
    CK_RV results[THREADS];
    pthread_t ids[THREADS];
    int winners = 0;
    load();
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&ids[i], NULL, initialize_once, &results[i]) != 0)
            fail("no thread");
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(ids[i], NULL);
        winners += results[i] == CKR_OK;
        EXPECT(results[i], CKR_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED);
    }
    CHECK(winners == 1);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void unload_after_finalize(void) {
    for (int i = 0; i < 5; i++) {
        void *library = load();
        NEED(p11->C_Initialize(NULL));
        NEED(p11->C_Finalize(NULL));
        CHECK(dlclose(library) == 0);
    }
}

static void unload_without_finalize(void) {
    for (int i = 0; i < 3; i++) {
        void *library = load();
        CK_RV rv = p11->C_Initialize(NULL);
        /* A module that stays mapped keeps its state, and may say so. */
        EXPECT(rv, CKR_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED);
        CHECK(dlclose(library) == 0);
    }
    /* The case ends by exit: no handler may point into what was unmapped. */
}

static void exit_without_finalize(void) {
    start_user();
}

static void finalize_at_exit(void) {
    p11->C_Finalize(NULL);
}

static void finalize_in_handler(void) {
    start_user();
    CHECK(atexit(finalize_at_exit) == 0);
}

/* The host closes everything, as daemons do, and its own files take the freed numbers. Whatever the module
 * then answers, those files are not its to write to. */
static void descriptors_closed(void) {
    enum { FILES = 64 };
    CK_SESSION_HANDLE s = start_user();
    CK_OBJECT_HANDLE key = make_aes(s, 16);
    CK_BYTE in[16] = {0}, out[64];
    CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0}, sha = {CKM_SHA256, NULL, 0};
    int files[FILES];
    off_t sizes[FILES];
    char name[64];
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "/tmp/strongroom-reuse-%d-%d", (int)getpid(), i);
        files[i] = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (files[i] < 0 || write(files[i], "mine", 4) != 4 || unlink(name) != 0)
            fail("no file to put in a descriptor's place");
        sizes[i] = 4;
    }
    for (int turn = 0; turn < 50; turn++) {
        CK_ULONG len = sizeof out;
        CK_SESSION_HANDLE extra;
        about_to("calls after every descriptor was closed");
        if (p11->C_EncryptInit(s, &ecb, key) == CKR_OK)
            p11->C_Encrypt(s, in, sizeof in, out, &len);
        len = sizeof out;
        if (p11->C_DigestInit(s, &sha) == CKR_OK)
            p11->C_Digest(s, in, sizeof in, out, &len);
        if (p11->C_OpenSession(slot, RW, NULL, NULL, &extra) == CKR_OK)
            p11->C_CloseSession(extra);
    }
    about_to("C_Finalize after every descriptor was closed");
    p11->C_Finalize(NULL);
    about_to("C_Initialize after that");
    EXPECT(p11->C_Initialize(NULL), CKR_OK);
    EXPECT(p11->C_Finalize(NULL), CKR_OK);
    for (int i = 0; i < FILES; i++) {
        struct stat info;
        char content[8];
        if (fstat(files[i], &info) != 0)
            complain("descriptor %d of the host was closed", files[i]);
        else if (info.st_size != sizes[i] || pread(files[i], content, 8, 0) != 4 ||
                 memcmp(content, "mine", 4) != 0)
            complain("descriptor %d of the host was written to", files[i]);
    }
}

const struct test_case process_cases[] = {{"process/threads", threads, TOKEN},
                                          {"process/initialize-race", initialize_race, TOKEN},
                                          {"process/unload-after-finalize", unload_after_finalize, TOKEN},
                                          {"process/unload-without-finalize", unload_without_finalize, TOKEN},
                                          {"process/exit-without-finalize", exit_without_finalize, TOKEN},
                                          {"process/finalize-in-exit-handler", finalize_in_handler, TOKEN},
                                          {"process/descriptors-closed", descriptors_closed, TOKEN},
                                          {NULL, NULL, TOKEN}};
