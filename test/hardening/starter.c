/*
 * Stands in for an application with bad manners: it ignores and blocks signals, leaves descriptors open, has
 * a loose umask and no address randomisation, and then executes what its arguments say.
 *
 *     starter [--no-stdio | --no-processes] PROGRAM ARGUMENTS...
 *
 * --no-stdio closes 0, 1 and 2 as well; --no-processes becomes a user who may start none (root only).
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    CHECK(argc > 2);
    bool no_stdio = strcmp(argv[1], "--no-stdio") == 0;
    bool no_processes = strcmp(argv[1], "--no-processes") == 0;
    char **program = argv + (no_stdio || no_processes ? 2 : 1);
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
