/* Surroundings on Linux. */
#define _GNU_SOURCE
#include "surroundings.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* the same number on every architecture */
#endif

void sr_surroundings_reset(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    for (int number = 1; number < NSIG; number++) {
        (void)sigaction(number, &action, NULL); /* KILL, STOP and the C library's own refuse, rightly */
    }
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    umask(077);
    if (chdir("/") != 0) {
        /* The root can always be entered; and were it not so, the engine uses absolute paths only. */
    }
    int traits = personality(0xffffffff);
    if (traits != -1 && (traits & ADDR_NO_RANDOMIZE) != 0) {
        (void)personality((unsigned long)(traits & ~ADDR_NO_RANDOMIZE)); /* started by a debugger's child */
    }
}

static bool close_listed(int first) {
    DIR *listing = opendir("/proc/self/fd");
    if (listing == NULL) {
        return false;
    }
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        char *end;
        long number = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && *end == '\0' && number >= first && number != dirfd(listing)) {
            (void)close((int)number);
        }
    }
    closedir(listing);
    return true;
}

void sr_close_from(int first) {
#ifndef SR_NO_CLOSE_RANGE /* tests set it, to run the ways of kernels before 5.9 */
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0) {
        return;
    }
#endif
    if (close_listed(first)) {
        return;
    }
    struct rlimit limit;
    int last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
    for (int number = first; number < last; number++) {
        (void)close(number);
    }
}

bool sr_null_stdio(bool keep_stderr) {
    /* The first open fills the lowest hole, so it may itself land on 0, 1 or 2. */
    int null = open("/dev/null", O_RDWR | O_NOCTTY);
    if (null < 0) {
        return false;
    }
    bool has_stderr = null != STDERR_FILENO && fcntl(STDERR_FILENO, F_GETFD) != -1;
    bool done = true;
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        if (number != null && !(number == STDERR_FILENO && keep_stderr && has_stderr)) {
            done = dup2(null, number) == number && done;
        }
    }
    if (null > STDERR_FILENO) {
        close(null);
    }
    return done;
}
