/*
 * Starting the engine without leaving a trace in the host: no signal reaches it, no child of ours is there
 * for its wait() to find, and nothing of its descriptors, environment or signal mask is inherited.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_PATIENCE_MS 15000
#define CHILD_STACK 65536

struct launch {
    const char *path;
    char *const *argv;
    int ready;          /* write end of the readiness pipe */
    volatile int error; /* errno of a failed exec */
};

static char *const empty_environment[] = {NULL};

/* Runs on its own stack in the parent's memory (CLONE_VM | CLONE_VFORK): only async-signal-safe calls. */
static int launch_child(void *argument) {
    struct launch *launch = argument;
    if (launch->ready == 3) {
        fcntl(3, F_SETFD, 0);
    } else if (dup2(launch->ready, 3) < 0) {
        launch->error = errno;
        _exit(127);
    }
    execve(launch->path, launch->argv, empty_environment);
    launch->error = errno;
    _exit(127);
}

/* Reads the engine's word on the pipe: 'R' when it serves, 'E' and a CK_RV when it cannot. CKR_DEVICE_REMOVED when it died without a
 * word. */
static CK_RV await_ready(int pipe, const char *store) {
    uint8_t word[9];
    size_t have = 0;
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    uint32_t stopped = 0;
    while (have < sizeof word) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t left = START_PATIENCE_MS -
                       ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
        if (left <= 0)
            return CKR_DEVICE_ERROR;
        struct pollfd waiting = {.fd = pipe, .events = POLLIN};
        int ready = poll(&waiting, 1, SR_LOOK_NS / 1000000);
        if (ready == 0 && sr_starting_stopped(store, &stopped))
            return CKR_DEVICE_ERROR;
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        if (ready < 0)
            return CKR_DEVICE_ERROR;
        ssize_t got = read(pipe, word + have, sizeof word - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return CKR_DEVICE_REMOVED;
        have += (size_t)got;
        if (word[0] == 'R')
            return CKR_OK;
        if (word[0] != 'E')
            return CKR_DEVICE_ERROR;
    }
    uint64_t rv = 0;
    memcpy(&rv, word + 1, sizeof rv);
    return rv == CKR_OK ? CKR_DEVICE_ERROR : (CK_RV)rv;
}

CK_RV sr_engine_start(struct sr_process *process) {
    char launcher[SR_PATH_MAX];
    if (!sr_launcher_path(launcher, sizeof launcher) || access(launcher, X_OK) != 0)
        return CKR_DEVICE_ERROR;
    char *argv[] = {launcher, "--ready-fd", "3", "--store", process->store, NULL, NULL, NULL};
    if (process->config[0] != '\0') {
        argv[5] = "--config";
        argv[6] = process->config;
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return CKR_HOST_MEMORY;
    void *stack =
        mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        close(ends[0]);
        close(ends[1]);
        return CKR_HOST_MEMORY;
    }
    struct launch launch = {.path = launcher, .argv = argv, .ready = ends[1], .error = 0};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the host's may run in the child */
    /* Exit signal 0: the host gets no SIGCHLD, and its wait() does not see this child. */
    int child = clone(launch_child, (uint8_t *)stack + CHILD_STACK, CLONE_VM | CLONE_VFORK, &launch);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    munmap(stack, CHILD_STACK);
    CK_RV rv = child > 0 ? CKR_DEVICE_ERROR : CKR_HOST_MEMORY;
    if (child > 0) {
        /* The word first, the launcher's end afterwards: a launcher that hangs must not keep us for ever. */
        rv = launch.error == 0 ? await_ready(ends[0], process->store) : CKR_DEVICE_ERROR;
        if (rv != CKR_OK && waitpid(child, NULL, __WALL | WNOHANG) == 0)
            kill(child, SIGKILL); /* it has nothing more to do, or hangs */
        while (waitpid(child, NULL, __WALL) < 0 && errno == EINTR)
            ;
    }
    close(ends[0]);
    return rv;
}
