/*
 * Stands in for an application with bad manners: it ignores and blocks signals, leaves descriptors open, has
 * a loose umask, low limits and no address randomisation, and then executes what its arguments say.
 *
 *     starter [--no-stdio | --no-processes | --hard RESOURCE:VALUE] PROGRAM ARGUMENTS...
 *
 * --no-stdio closes 0, 1 and 2 as well; --no-processes becomes a user who may start none (root only);
 * --hard sets a hard limit, by the number that RESOURCE has here.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    CHECK(argc > 2);
    bool no_stdio = strcmp(argv[1], "--no-stdio") == 0;
    bool no_processes = strcmp(argv[1], "--no-processes") == 0;
    bool hard = strcmp(argv[1], "--hard") == 0;
    char **program = argv + (hard ? 3 : no_stdio || no_processes ? 2 : 1);
    static const int ignored[] = {SIGINT, SIGPIPE, SIGUSR1, SIGCHLD, SIGTERM};
    for (size_t index = 0; index < sizeof ignored / sizeof ignored[0]; index++) {
        signal(ignored[index], SIG_IGN);
    }
    sigset_t all;
    sigfillset(&all);
    CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    int descriptor = open("/etc/passwd", O_RDONLY);
    CHECK(descriptor >= 0 && dup2(descriptor, 77) == 77 && dup2(descriptor, 500) == 500);
    umask(0);
    CHECK(personality(ADDR_NO_RANDOMIZE) != -1);
    /* Only the soft limits: what the hard ones allow, the engine is to have. */
    static const struct {
        int resource;
        rlim_t value;
    } low[] = {{RLIMIT_CPU, 1},     {RLIMIT_FSIZE, 10},   {RLIMIT_NOFILE, 20},     {RLIMIT_STACK, 256 << 10},
               {RLIMIT_NPROC, 100}, {RLIMIT_AS, 1 << 30}, {RLIMIT_DATA, 256 << 20}};
    for (size_t index = 0; index < sizeof low / sizeof low[0]; index++) {
        struct rlimit limit;
        CHECK(getrlimit(low[index].resource, &limit) == 0);
        limit.rlim_cur = low[index].value;
        CHECK(setrlimit(low[index].resource, &limit) == 0);
    }
    int resource;
    unsigned long long value;
    if (hard) {
        CHECK(sscanf(argv[2], "%d:%llu", &resource, &value) == 2);
        CHECK(setrlimit(resource, &(struct rlimit){value, value}) == 0);
    }
    cpu_set_t first;
    CHECK(sched_getaffinity(0, sizeof first, &first) == 0);
    for (int processor = CPU_SETSIZE - 1; CPU_COUNT(&first) > 1; processor--) {
        CPU_CLR(processor, &first);
    }
    CHECK(sched_setaffinity(0, sizeof first, &first) == 0);
    CHECK(sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}) == 0);
    CHECK(setpriority(PRIO_PROCESS, 0, 7) == 0);
    if (no_processes) {
        CHECK(setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0}) == 0);
        CHECK(setgid(65534) == 0 && setuid(65534) == 0);
    }
    for (int number = 0; no_stdio && number < 3; number++) {
        close(number);
    }
    char *path = program[0];
    program[0] = "/nowhere/of/that/name"; /* must not be asked where the runtime lies */
    execv(path, program);
    return 99;
}
