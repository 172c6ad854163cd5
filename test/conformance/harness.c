#define _GNU_SOURCE
#include "harness.h"
#include "../bench/orphans.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REASON = 2000, SECONDS_PER_CASE = 60 };

/* What a case's process leaves for the one that waits for it. */
struct verdict {
    bool skipped;
    bool failed;
    char reason[REASON];
    char last_call[160];
};

static struct verdict *verdict;
static char folder[] = "/tmp/strongroom-conformance-XXXXXX";

const char *module_path;

static void add_reason(const char *format, va_list list) {
    size_t used = strlen(verdict->reason);
    if (used > 0 && used + 3 < REASON) {
        strcat(verdict->reason, "; ");
        used += 2;
    }
    vsnprintf(verdict->reason + used, REASON - used, format, list);
}

void complain(const char *format, ...) {
    va_list list;
    va_start(list, format);
    add_reason(format, list);
    va_end(list);
    verdict->failed = true;
}

void fail(const char *format, ...) {
    va_list list;
    va_start(list, format);
    add_reason(format, list);
    va_end(list);
    verdict->failed = true;
    _exit(1);
}

void skip(const char *format, ...) {
    va_list list;
    va_start(list, format);
    add_reason(format, list);
    va_end(list);
    verdict->skipped = !verdict->failed;
    _exit(0);
}

void about_to(const char *call) {
    snprintf(verdict->last_call, sizeof verdict->last_call, "%s", call);
}

bool expect_rv(const char *file, int line, const char *call, CK_RV got, const CK_RV *allowed, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (got == allowed[i])
            return true;
    }
    complain("%s:%d: %.90s answered 0x%lx, not 0x%lx", file, line, call, got, allowed[0]);
    return false;
}

void need_ok(const char *file, int line, const char *call, CK_RV got) {
    if (got != CKR_OK)
        fail("%s:%d: %.90s answered 0x%lx", file, line, call, got);
}

static void make_store(const char *name) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    mkdir(path, 0700);
    setenv("STRONGROOM_HOME", path, 1);
    /* SoftHSM2 serves as a second opinion; its configuration file names its folder. */
    char conf[240];
    snprintf(conf, sizeof conf, "%s.conf", path);
    FILE *file = fopen(conf, "w");
    if (file) {
        fprintf(file, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", path);
        fclose(file);
    }
    setenv("SOFTHSM2_CONF", conf, 1);
}

/* Runs one case in a child. @returns whether it passed or was skipped */
static bool run_case(const struct test_case *test) {
    memset(verdict, 0, sizeof *verdict);
    make_store(test->store == VIRGIN ? test->name : "shared");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_PER_CASE);
        test->run();
        /* exit, not _exit: what the module does at exit is part of its manners. */
        exit(verdict->failed ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    /* A line break inside a reason would look like a case of its own. */
    for (char *c = verdict->reason; *c; c++) {
        if (*c == '\n')
            *c = ' ';
    }
    bool bad = verdict->failed || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (WIFSIGNALED(status))
        printf("not ok %s: ended by signal %d%s near %s %s\n", test->name, WTERMSIG(status),
               WTERMSIG(status) == 14 ? " (hung)" : "", verdict->last_call, verdict->reason);
    else if (bad)
        printf("not ok %s: %s (exit code %d, last near %s)\n", test->name, verdict->reason,
               WEXITSTATUS(status), verdict->last_call);
    else if (verdict->skipped)
        printf("skip %s: %s\n", test->name, verdict->reason);
    else
        printf("ok %s\n", test->name);
    return !bad;
}

static void prepare_shared(void) {
    load();
    NEED(p11->C_Initialize(NULL));
    make_token();
    NEED(p11->C_Finalize(NULL));
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *position) {
    (void)info, (void)kind, (void)position;
    return remove(path);
}

int main(int argc, char **argv) {
    static const struct test_case *const tables[] = {
        general_cases,   token_cases,    session_cases, object_cases,  template_cases,
        operation_cases, ending_cases,   sign_cases,    cipher_cases,  message_cases,
        key_cases,       wrapping_cases, hostile_cases, process_cases, fork_cases};
    static const struct test_case prepare = {"prepare", prepare_shared, TOKEN};
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s MODULE [NAME-PREFIX]\n", argv[0]);
        return 2;
    }
    module_path = argv[1];
    verdict = mmap(NULL, sizeof *verdict, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (verdict == MAP_FAILED || !mkdtemp(folder)) {
        perror("conformance");
        return 2;
    }
    adopt_orphans();
    bool all = run_case(&prepare);
    for (size_t t = 0; all && t < COUNT(tables); t++) {
        for (const struct test_case *test = tables[t]; test->name; test++) {
            if (argc == 3 && strncmp(test->name, argv[2], strlen(argv[2])) != 0)
                continue;
            verdict->failed = !run_case(test) || verdict->failed;
        }
    }
    end_orphans();
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    printf("done\n");
    return 0;
}
