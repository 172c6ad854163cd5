/*
 * Stands in for the runtime in the launcher's tests: writes what it finds around itself, a fact a line, to
 * the file after --report. With --hold FILE it first waits until that file exists. With --stay N it then
 * stays for so many seconds; with --exit N it ends with that code.
 */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

extern char **environ;
extern bool sr_guarded_hooked(void) __attribute__((weak));
extern bool sr_process_born(void) __attribute__((weak));

static const char *value_of(int argc, char **argv, const char *name) {
    for (int index = 1; index + 1 < argc; index++) {
        if (strcmp(argv[index], name) == 0) {
            return argv[index + 1];
        }
    }
    return NULL;
}

static void report_descriptors(FILE *report) {
    DIR *listing = opendir("/proc/self/fd");
    CHECK(listing != NULL);
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        int number = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && number != dirfd(listing) && number != fileno(report)) {
            char path[64], target[4096];
            snprintf(path, sizeof path, "/proc/self/fd/%d", number);
            ssize_t length = readlink(path, target, sizeof target - 1);
            target[length > 0 ? length : 0] = '\0';
            fprintf(report, "fd=%d %s\n", number, target);
        }
    }
    closedir(listing);
}

static void report_signals(FILE *report) {
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            fprintf(report, "not-default=%d\n", number);
        }
        if (sigismember(&blocked, number) == 1) {
            fprintf(report, "blocked=%d\n", number);
        }
    }
}

static void report_limits(FILE *report) {
    static const struct {
        int resource;
        const char *name;
    } kinds[] = {{RLIMIT_CPU, "cpu"},    {RLIMIT_FSIZE, "fsize"}, {RLIMIT_NOFILE, "nofile"},
                 {RLIMIT_AS, "as"},      {RLIMIT_NPROC, "nproc"}, {RLIMIT_DATA, "data"},
                 {RLIMIT_STACK, "stack"}};
    for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
        struct rlimit limit;
        CHECK(getrlimit(kinds[index].resource, &limit) == 0);
        fprintf(report, "limit=%s %lld %lld\n", kinds[index].name, (long long)limit.rlim_cur,
                (long long)limit.rlim_max);
    }
    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    fprintf(report, "processors=%d\nnice=%d\npolicy=%d\n", CPU_COUNT(&set), getpriority(PRIO_PROCESS, 0),
            sched_getscheduler(0));
}

int main(int argc, char **argv) {
    const char *hold = value_of(argc, argv, "--hold");
    for (int turns = 0; hold != NULL && access(hold, F_OK) != 0 && turns < 1000; turns++) {
        usleep(10000);
    }
    fputs("a line on the standard error\n", stderr);
    fputs("a line on the standard output\n", stdout);
    fflush(stdout);
    char temporary[4096];
    const char *path = value_of(argc, argv, "--report");
    CHECK(path != NULL);
    snprintf(temporary, sizeof temporary, "%s.part", path);
    FILE *report = fopen(temporary, "w");
    CHECK(report != NULL);
    for (int index = 0; index < argc; index++) {
        fprintf(report, "arg=%s\n", argv[index]);
    }
    for (char **variable = environ; *variable != NULL; variable++) {
        fprintf(report, "env=%s\n", *variable);
    }
    report_descriptors(report);
    report_signals(report);
    mode_t mask = umask(0);
    struct rlimit core;
    CHECK(getrlimit(RLIMIT_CORE, &core) == 0);
    char folder[4096];
    CHECK(getcwd(folder, sizeof folder) != NULL);
    fprintf(report, "umask=%o\ncwd=%s\npid=%d\nppid=%d\nsid=%d\n", (unsigned)mask, folder, (int)getpid(),
            (int)getppid(), (int)getsid(0));
    fprintf(report, "core=%llu %llu\n", (unsigned long long)core.rlim_cur, (unsigned long long)core.rlim_max);
    fprintf(report, "no-new-privileges=%d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    fprintf(report, "no-randomisation=%d\n", (personality(0xffffffff) & ADDR_NO_RANDOMIZE) != 0);
    fprintf(report, "hooked=%d\n", sr_guarded_hooked != NULL && sr_guarded_hooked());
    fprintf(report, "born=%d\ndumpable=%d\n", sr_process_born != NULL && sr_process_born(),
            prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    report_limits(report);
    fclose(report);
    CHECK(rename(temporary, path) == 0);
    const char *stay = value_of(argc, argv, "--stay");
    if (stay != NULL) {
        sleep((unsigned)atoi(stay));
    }
    const char *code = value_of(argc, argv, "--exit");
    return code != NULL ? atoi(code) : 0;
}
