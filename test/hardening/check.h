/* What the C checks of this folder share: a failing condition ends the program with the place, and children
 * that should die. */
#ifndef STRONGROOM_TEST_CHECK_H
#define STRONGROOM_TEST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

struct check {
    const char *name;
    void (*run)(void);
};

/* The signal that ended a child which ran act(argument), or 0 when it came back alive. */
static inline int signal_of(void (*act)(void *), void *argument) {
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        act(argument);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status)) {
        return WTERMSIG(status);
    }
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return 0;
}

/* Whether this user may lock a megabyte at all; where not, what depends on it cannot be checked. */
static inline bool may_lock(void) {
    size_t bytes = (size_t)1 << 20;
    void *probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(probe != MAP_FAILED);
    bool may = mlock(probe, bytes) == 0;
    munmap(probe, bytes);
    if (!may) {
        fprintf(stderr, "locking memory is not allowed here\n");
    }
    return may;
}

/* Root may lock without limit, so the limit counts only after the user id has changed. */
static inline void forbid_locking(void) {
    CHECK(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, 0}) == 0);
    CHECK(geteuid() != 0 || setuid(65534) == 0);
}

static inline bool is_filled(const void *memory, int value, size_t size) {
    const volatile unsigned char *bytes = memory;
    for (size_t index = 0; index < size; index++) {
        if (bytes[index] != value) {
            return false;
        }
    }
    return true;
}

static inline int run_named(int argc, char **argv, const struct check *checks, size_t count) {
    for (size_t index = 0; argc == 2 && index < count; index++) {
        if (strcmp(argv[1], checks[index].name) == 0) {
            checks[index].run();
            puts("ok");
            return 0;
        }
    }
    fprintf(stderr, "one of:");
    for (size_t index = 0; index < count; index++) {
        fprintf(stderr, " %s", checks[index].name);
    }
    fprintf(stderr, "\n");
    return 2;
}

#endif
