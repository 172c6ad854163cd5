/* A PKCS#11 client that measures one module, told by lines on standard input what to do next:
 *   setup keys|find COUNT   initialise the module and a token, log in, make the keys or COUNT objects
 *   run ROW THREADS MS      measure a row for so many milliseconds
 *   join MS                 load, C_Initialize, C_Finalize in fresh processes (this one must not be set up)
 *   login MS                C_Login again and again in one session (likewise)
 *   cold COUNT              C_Initialize and the first C_Login with no engine running, in fresh processes
 *   report                  the figures so far, one JSON object a line
 * Every command is answered by a line that begins with "ok" or "error". At the end of input the process ends
 * the engines that it started: it adopts orphans (PR_SET_CHILD_SUBREAPER), so they are its children by then.
 */
#define _GNU_SOURCE
#include "client.h"
#include "orphans.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(call)                                                                                            \
    do {                                                                                                     \
        CK_RV try_rv = (call);                                                                               \
        if (try_rv != CKR_OK)                                                                                \
            return try_rv;                                                                                   \
    } while (0)

CK_FUNCTION_LIST *p11;
CK_SLOT_ID bench_slot;

static unsigned char user_pin[] = "1234", so_pin[] = "5678";
static struct worker workers[MAX_THREADS];
static const char *module_path;

static CK_RV load_module(void) {
    void *library = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "bench: %s\n", dlerror());
        return CKR_LIBRARY_LOAD_FAILED;
    }
    CK_C_GetFunctionList get_list;
    *(void **)&get_list = dlsym(library, "C_GetFunctionList");
    return get_list ? get_list(&p11) : CKR_LIBRARY_LOAD_FAILED;
}

static CK_RV initialize(void) {
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    return p11->C_Initialize(&args);
}

/* Takes the first initialised token, else makes one in the first slot. */
static CK_RV find_token(void) {
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16;
    CK_TOKEN_INFO info;
    TRY(p11->C_GetSlotList(CK_TRUE, slots, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK && info.flags & CKF_TOKEN_INITIALIZED) {
            bench_slot = slots[i];
            return CKR_OK;
        }
    }
    if (count == 0)
        return CKR_SLOT_ID_INVALID;
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    memcpy(label, "bench", 5);
    TRY(p11->C_InitToken(slots[0], so_pin, 4, label));
    /* SoftHSM2 moves a new token to a slot with a new id, so it is looked up again. */
    CK_SESSION_HANDLE s;
    count = 16;
    TRY(p11->C_GetSlotList(CK_TRUE, slots, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK && info.flags & CKF_TOKEN_INITIALIZED)
            bench_slot = slots[i];
    }
    TRY(p11->C_OpenSession(bench_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s));
    TRY(p11->C_Login(s, CKU_SO, so_pin, 4));
    TRY(p11->C_InitPIN(s, user_pin, 4));
    TRY(p11->C_Logout(s));
    return p11->C_CloseSession(s);
}

static CK_RV setup(const char *what, unsigned long count) {
    TRY(load_module());
    TRY(initialize());
    TRY(find_token());
    for (int i = 0; i < MAX_THREADS; i++)
        TRY(p11->C_OpenSession(bench_slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                               &workers[i].handle));
    TRY(p11->C_Login(workers[0].handle, CKU_USER, user_pin, 4));
    return strcmp(what, "keys") == 0 ? make_keys(workers[0].handle)
                                     : make_population(workers[0].handle, count);
}

static CK_RV repeat_login(unsigned ms) {
    CK_SESSION_HANDLE s;
    TRY(load_module());
    TRY(initialize());
    TRY(find_token());
    TRY(p11->C_OpenSession(bench_slot, CKF_SERIAL_SESSION, NULL, NULL, &s));
    uint64_t begin = now_ns();
    do {
        uint64_t before = now_ns();
        TRY(p11->C_Login(s, CKU_USER, user_pin, 4));
        add_sample("login-again", 1, now_ns() - before);
        TRY(p11->C_Logout(s));
    } while (now_ns() - begin < (uint64_t)ms * 1000000u);
    return p11->C_Finalize(NULL);
}

struct fresh_times {
    CK_RV rv;
    uint64_t initialize_ns, login_ns;
};

static CK_RV fresh_login(struct fresh_times *times) {
    CK_SESSION_HANDLE s;
    uint64_t before = now_ns();
    TRY(load_module());
    TRY(initialize());
    times->initialize_ns = now_ns() - before;
    TRY(find_token());
    TRY(p11->C_OpenSession(bench_slot, CKF_SERIAL_SESSION, NULL, NULL, &s));
    before = now_ns();
    TRY(p11->C_Login(s, CKU_USER, user_pin, 4));
    times->login_ns = now_ns() - before;
    return p11->C_Finalize(NULL);
}

static CK_RV fresh_join(struct fresh_times *times) {
    uint64_t before = now_ns();
    TRY(load_module());
    TRY(initialize());
    TRY(p11->C_Finalize(NULL));
    times->initialize_ns = now_ns() - before;
    return CKR_OK;
}

/* Runs `action` in a child that has not loaded the module yet, as a newly started program would. */
static CK_RV in_fresh_process(CK_RV (*action)(struct fresh_times *), struct fresh_times *times) {
    int ends[2];
    *times = (struct fresh_times){.rv = CKR_GENERAL_ERROR};
    if (pipe(ends) != 0)
        return CKR_HOST_MEMORY;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        times->rv = action(times);
        _exit(write(ends[1], times, sizeof *times) == (ssize_t)sizeof *times ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], times, sizeof *times) != (ssize_t)sizeof *times)
        times->rv = CKR_DEVICE_ERROR;
    close(ends[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    return times->rv;
}

static CK_RV join(unsigned ms) {
    struct fresh_times times;
    uint64_t begin = now_ns();
    do {
        TRY(in_fresh_process(fresh_join, &times));
        add_sample("join", 1, times.initialize_ns);
    } while (now_ns() - begin < (uint64_t)ms * 1000000u);
    return CKR_OK;
}

static CK_RV cold(unsigned long count) {
    struct fresh_times times;
    /* The first round makes the token and is not counted. */
    for (unsigned long i = 0; i <= count; i++) {
        CK_RV rv = in_fresh_process(fresh_login, &times);
        end_orphans();
        TRY(rv);
        if (i > 0) {
            add_sample("cold", 1, times.initialize_ns);
            add_sample("login-first", 1, times.login_ns);
        }
    }
    return CKR_OK;
}

static CK_RV obey(char *line) {
    char name[48] = "";
    unsigned long a = 0, b = 0;
    if (sscanf(line, "setup %47s %lu", name, &a) >= 1)
        return setup(name, a);
    if (sscanf(line, "run %47s %lu %lu", name, &a, &b) == 3) {
        const struct row *row = client_row(name);
        if (!row || !p11 || a < 1 || a > MAX_THREADS)
            return CKR_ARGUMENTS_BAD;
        return run_row(row, workers, (int)a, (unsigned)b);
    }
    if (sscanf(line, "join %lu", &a) == 1)
        return join((unsigned)a);
    if (sscanf(line, "login %lu", &a) == 1)
        return repeat_login((unsigned)a);
    if (sscanf(line, "cold %lu", &a) == 1)
        return cold(a);
    if (strncmp(line, "report", 6) == 0) {
        report();
        return CKR_OK;
    }
    return CKR_ARGUMENTS_BAD;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s MODULE\n", argv[0]);
        return 2;
    }
    module_path = argv[1];
    adopt_orphans();
    prepare_workers(workers, MAX_THREADS);
    char line[160];
    while (fgets(line, sizeof line, stdin)) {
        CK_RV rv = obey(line);
        if (rv == CKR_OK)
            printf("ok\n");
        else
            printf("error 0x%lx\n", rv);
        fflush(stdout);
    }
    if (p11)
        p11->C_Finalize(NULL);
    end_orphans();
    return 0;
}
