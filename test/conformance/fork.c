/* After fork the child starts from nothing and the parent notices nothing. */
#define _GNU_SOURCE
#include "harness.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static CK_OBJECT_HANDLE key;

static bool encrypts(CK_SESSION_HANDLE s) {
    CK_BYTE in[16] = {0}, out[16];
    CK_ULONG len = sizeof out;
    CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0};
    return p11->C_EncryptInit(s, &ecb, key) == CKR_OK && p11->C_Encrypt(s, in, 16, out, &len) == CKR_OK;
}

/* What the child checks. C_Finalize of the parent's state is not the child's to do, so only C_Initialize
 * revives it. */
static void child_checks(CK_SESSION_HANDLE parents) {
    CK_SESSION_INFO info;
    CK_ULONG count;
    EXPECT(p11->C_GetSessionInfo(parents, &info), CKR_CRYPTOKI_NOT_INITIALIZED);
    EXPECT(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_CRYPTOKI_NOT_INITIALIZED);
    EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
    if (!EXPECT(p11->C_Initialize(NULL), CKR_OK))
        return;
    /* A new application: not logged in, no sessions of the parent's. */
    CHECK(p11->C_GetSessionInfo(parents, &info) == CKR_SESSION_HANDLE_INVALID);
    CK_SESSION_HANDLE s = open_session(RW);
    CHECK(state_of(s) == CKS_RW_PUBLIC_SESSION);
    NEED(p11->C_Login(s, CKU_USER, USER_PIN, 4));
    key = make_aes(s, 16);
    CHECK(encrypts(s));
}

static void wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        complain("the child ended with status 0x%x", status);
}

static void child_exits_first(void) {
    CK_SESSION_HANDLE s = start_user();
    key = make_aes(s, 16);
    pid_t child = fork();
    if (child == 0) {
        child_checks(s);
        NEED(p11->C_Finalize(NULL));
        exit(0);
    }
    wait_for(child);
    CHECK(state_of(s) == CKS_RW_USER_FUNCTIONS);
    CHECK(encrypts(s));
    NEED(p11->C_Finalize(NULL));
}

/* The child leaves without a word; its exit handlers must not touch what is the parent's. */
static void child_just_exits(void) {
    CK_SESSION_HANDLE s = start_user();
    key = make_aes(s, 16);
    pid_t child = fork();
    if (child == 0)
        exit(0);
    wait_for(child);
    CHECK(encrypts(s));
    child = fork();
    if (child == 0) {
        child_checks(s);
        _exit(0);
    }
    wait_for(child);
    CHECK(encrypts(s));
    CHECK(state_of(s) == CKS_RW_USER_FUNCTIONS);
}

static void parent_exits_first(void) {
    /* The case's own process is the grandparent here, so that it can watch both. */
    int ends[2];
    char done = 0;
    CHECK(pipe(ends) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        CK_SESSION_HANDLE s = start_user();
        pid_t child = fork();
        if (child == 0) {
            usleep(200000);
            child_checks(s);
            CK_RV rv = p11->C_Finalize(NULL);
            done = rv == CKR_OK ? 'y' : 'n';
            _exit(write(ends[1], &done, 1) == 1 ? 0 : 1);
        }
        exit(0);
    }
    close(ends[1]);
    wait_for(parent);
    if (read(ends[0], &done, 1) != 1 || done != 'y')
        complain("the child did not outlive its parent well");
}

static void while_both_work(void) {
    CK_SESSION_HANDLE s = start_user();
    key = make_aes(s, 16);
    pid_t child = fork();
    if (child == 0) {
        child_checks(s);
        CK_SESSION_HANDLE own = open_session(RW);
        for (int i = 0; i < 200; i++)
            CHECK(encrypts(own));
        exit(0);
    }
    for (int i = 0; i < 200; i++)
        CHECK(encrypts(s));
    wait_for(child);
    CHECK(encrypts(s));
}

const struct test_case fork_cases[] = {{"fork/child-exits-first", child_exits_first, TOKEN},
                                       {"fork/child-just-exits", child_just_exits, TOKEN},
                                       {"fork/parent-exits-first", parent_exits_first, TOKEN},
                                       {"fork/both-work", while_both_work, TOKEN},
                                       {NULL, NULL, TOKEN}};
