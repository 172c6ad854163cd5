/*
 * Clients in unusual processes: many MODULE COMMAND [N]
 *
 *   threads N    N threads sign and search at once in one process
 *   churn N      N threads at once, with a session for each digest, as servers with a thread for each request do; prints the
 *                processor time that they took
 *   closed       closes every descriptor in the middle, reuses their numbers, and goes on
 *   forks N      N children each way: using the module themselves, leaving at once, or outliving their parent
 *   vanish       begins calls on several threads and is killed by SIGKILL in the middle of one
 *   quiet        says "ready", then waits for its input to end: what the module adds to a process is measured
 * from outside home         prints whether C_Initialize worked
 */
#include "client.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_uint steps_done;

static void digest_once(CK_SESSION_HANDLE session) {
    static const unsigned char abc_hash[4] = {0xba, 0x78, 0x16, 0xbf};
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
    unsigned char out[32];
    CK_ULONG length = sizeof out;
    NEED(p11->C_DigestInit(session, &sha));
    NEED(p11->C_Digest(session, (CK_BYTE_PTR) "abc", 3, out, &length));
    if (length != 32 || memcmp(out, abc_hash, 4) != 0)
        give_up("another digest of abc");
}

static void search_once(CK_SESSION_HANDLE session) {
    CK_ATTRIBUTE wanted = {CKA_LABEL, (void *)"key-0", 5};
    CK_OBJECT_HANDLE found[4];
    CK_ULONG count = 0;
    NEED(p11->C_FindObjectsInit(session, &wanted, 1));
    NEED(p11->C_FindObjects(session, found, 4, &count));
    NEED(p11->C_FindObjectsFinal(session));
    if (count != 1)
        give_up("key-0 was found %lu times", count);
}

static void *worker(void *rounds) {
    CK_SESSION_HANDLE session;
    NEED(open_user(&session));
    for (uintptr_t i = 0; i < (uintptr_t)rounds; i++) {
        digest_once(session);
        search_once(session);
        atomic_fetch_add(&steps_done, 1);
    }
    NEED(p11->C_CloseSession(session));
    return NULL;
}

static void begin(void) {
    NEED(initialise());
    NEED(find_slot());
}

static void threads(int many, void *(*work)(void *), uintptr_t rounds) {
    pthread_t all[256];
    for (int i = 0; i < many; i++)
        if (pthread_create(&all[i], NULL, work, (void *)rounds) != 0)
            give_up("no more threads after %d", i);
    for (int i = 0; i < many; i++)
        pthread_join(all[i], NULL);
}

static void *churning_worker(void *rounds) {
    for (uintptr_t i = 0; i < (uintptr_t)rounds; i++) {
        CK_SESSION_HANDLE session;
        NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &session));
        digest_once(session);
        NEED(p11->C_CloseSession(session));
    }
    return NULL;
}

/* Descriptors of a host that cleans up after itself too well; what it opens then gets their numbers. */
static void closed(void) {
    CK_SESSION_HANDLE session;
    begin();
    NEED(open_user(&session));
    digest_once(session);
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    char name[] = "/tmp/strongroom-closed-XXXXXX";
    int first = mkstemp(name), mine[32];
    unlink(name);
    if (first < 0 || write(first, "mine", 4) != 4)
        give_up("no file of our own");
    for (size_t i = 0; i < COUNT(mine); i++)
        mine[i] = dup(first);
    for (int round = 0; round < 50; round++) {
        digest_once(session);
        search_once(session);
        sleep_us(2000);
    }
    /* More threads need more lanes, and so the connection. */
    threads(4, worker, 3);
    struct stat info, other;
    char text[5] = "";
    if (pread(first, text, 4, 0) != 4 || strcmp(text, "mine") != 0 || fstat(first, &info) != 0)
        give_up("our file was touched");
    for (size_t i = 0; i < COUNT(mine); i++)
        if (fstat(mine[i], &other) != 0 || other.st_ino != info.st_ino)
            give_up("descriptor %d was touched", mine[i]);
    NEED(p11->C_Finalize(NULL));
    if (fstat(first, &other) != 0 || other.st_ino != info.st_ino || other.st_size != 4)
        give_up("finalising touched our file");
}

static void child_uses_module(void) {
    if (p11->C_Finalize(NULL) != CKR_CRYPTOKI_NOT_INITIALIZED)
        give_up("a child is born initialised");
    begin();
    CK_SESSION_HANDLE session;
    NEED(open_user(&session));
    search_once(session);
    NEED(p11->C_Finalize(NULL));
}

/* Children that use the module, that leave at once, and one that outlives this process. */
static void forks(int many) {
    CK_SESSION_HANDLE session;
    begin();
    NEED(open_user(&session));
    for (int i = 0; i < many; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (i % 3 == 0)
                child_uses_module();
            if (i % 3 == 1)
                exit(0); /* its exit handlers run in a copy of our process */
            _exit(0);
        }
        digest_once(session);
        if (i % 2 == 0)
            search_once(session);
    }
    for (int status; wait(&status) > 0;)
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            give_up("a child ended with status 0x%x", (unsigned)status);
    search_once(session);
    int ends[2];
    if (pipe(ends) != 0)
        give_up("no pipe");
    pid_t orphan = fork();
    if (orphan == 0) {
        char byte;
        close(ends[1]);
        while (read(ends[0], &byte, 1) > 0)
            ;
        child_uses_module();
        puts("orphan done");
        fflush(stdout);
        _exit(0);
    }
    digest_once(session);
    NEED(p11->C_Finalize(NULL));
}

static void vanish(void) {
    begin();
    pthread_t all[4];
    for (size_t i = 0; i < COUNT(all); i++)
        pthread_create(&all[i], NULL, worker, (void *)1000000);
    while (atomic_load(&steps_done) < 8)
        sleep_us(200);
    kill(getpid(), SIGKILL);
}

/* Opens sessions until one is refused, and says how many there were; each of them works, and a closed one makes room. */
static void crowd(void) {
    static CK_SESSION_HANDLE sessions[4096];
    CK_SESSION_INFO info;
    CK_TOKEN_INFO token;
    size_t count = 0;
    CK_RV rv = CKR_OK;
    begin();
    while (count < COUNT(sessions) && (rv = p11->C_OpenSession(slot, RW, NULL, NULL, &sessions[count])) == CKR_OK) {
        if (count++ % 2 == 0)
            NEED(p11->C_GetSessionInfo(sessions[count - 1], &info));
    }
    if (rv != CKR_SESSION_COUNT)
        give_up("session %zu was answered 0x%lx", count, rv);
    for (size_t i = 0; i < count; i++)
        NEED(p11->C_GetSessionInfo(sessions[i], &info));
    NEED(p11->C_GetTokenInfo(slot, &token));
    printf("%zu of %lu, %lu counted\n", count, token.ulMaxSessionCount, token.ulSessionCount);
    while (count >= token.ulMaxSessionCount)
        NEED(p11->C_CloseSession(sessions[--count]));
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &sessions[count]));
    NEED(p11->C_GetSessionInfo(sessions[count], &info));
    NEED(p11->C_Finalize(NULL));
}

static void quiet(void) {
    CK_SESSION_HANDLE session;
    puts("before");
    fflush(stdout);
    getchar();
    begin();
    NEED(open_user(&session));
    for (int i = 0; i < 100; i++) {
        digest_once(session);
        search_once(session);
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    NEED(p11->C_Finalize(NULL));
}

int main(int argc, char **argv) {
    if (argc < 3)
        give_up("usage: many MODULE COMMAND [N]");
    int number = argc > 3 ? atoi(argv[3]) : 0;
    const char *command = argv[2];
    if (strcmp(command, "quiet") != 0)
        load_module(argv[1]);
    if (strcmp(command, "threads") == 0) {
        begin();
        threads(number, worker, 20);
        NEED(p11->C_Finalize(NULL));
    } else if (strcmp(command, "churn") == 0) {
        begin();
        threads(number, churning_worker, 40);
        NEED(p11->C_Finalize(NULL));
        struct rusage used;
        getrusage(RUSAGE_SELF, &used);
        printf("processor_ms=%ld\n", (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                                         (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
    } else if (strcmp(command, "closed") == 0) {
        closed();
    } else if (strcmp(command, "forks") == 0) {
        forks(number);
    } else if (strcmp(command, "crowd") == 0) {
        crowd();
    } else if (strcmp(command, "vanish") == 0) {
        vanish();
    } else if (strcmp(command, "home") == 0) {
        printf("0x%lx\n", initialise());
    } else if (strcmp(command, "quiet") == 0) {
        /* Loaded between the two measurements. */
        puts("unloaded");
        fflush(stdout);
        getchar();
        load_module(argv[1]);
        quiet();
    }
    return 0;
}
