/*
 * Connecting to <folder>/<name>, however long the folder's path is: a socket's address has room for 107
 * bytes.
 *
 * A path that fits is used as it is. A longer one goes through /proc and the folder's descriptor. Where there
 * is no /proc (a chroot), the current folder is what is left; it belongs to the host, and its threads share
 * it. So a thread that shares everything else, but has a current folder of its own, goes there and connects;
 * the caller sleeps meanwhile. To the engine it is the same process.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define WALKER_STACK 65536
/* Tests set it to a place that does not exist, as in a chroot. */
#ifndef SR_DESCRIPTORS
#define SR_DESCRIPTORS "/proc/self/fd"
#endif

struct walk {
    int folder;
    int socket;
    struct sockaddr_un address;
    volatile bool arrived;
};

static bool connects(int socket, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path)
        return false;
    memcpy(address.sun_path, path, length + 1);
    return connect(socket, (struct sockaddr *)&address, sizeof address) == 0;
}

/* Bare system calls only: this thread has the caller's thread-local data, which is not disturbed while the
 * caller sleeps in vfork. */
static int walk(void *argument) {
    struct walk *walk = argument;
    walk->arrived = syscall(SYS_fchdir, walk->folder) == 0 &&
                    syscall(SYS_connect, walk->socket, &walk->address, sizeof walk->address) == 0;
    syscall(SYS_exit, 0); /* of this thread alone */
    return 0;
}

static bool walks(int folder, int socket, const char *name) {
    struct walk walk_there = {.folder = folder, .socket = socket, .address = {.sun_family = AF_UNIX}};
    size_t length = strlen(name);
    if (length >= sizeof walk_there.address.sun_path)
        return false;
    memcpy(walk_there.address.sun_path, name, length + 1);
    void *stack =
        mmap(NULL, WALKER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return false;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the host's may run in the thread */
    const int shared = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_VFORK;
    int thread = clone(walk, (uint8_t *)stack + WALKER_STACK, shared, &walk_there);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, WALKER_STACK);
    return thread > 0 && walk_there.arrived;
}

bool sr_reach(int socket, const char *folder_path, const char *name) {
    char path[SR_PATH_MAX + 64];
    int length = snprintf(path, sizeof path, "%s/%s", folder_path, name);
    if (length > 0 && (size_t)length < sizeof((struct sockaddr_un *)NULL)->sun_path)
        return connects(socket, path);
    int folder = open(folder_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    snprintf(path, sizeof path, SR_DESCRIPTORS "/%d", folder);
    bool listed = access(path, F_OK) == 0;
    length = snprintf(path, sizeof path, SR_DESCRIPTORS "/%d/%s", folder, name);
    bool fits = length > 0 && (size_t)length < sizeof path;
    bool there = listed ? fits && connects(socket, path) : walks(folder, socket, name);
    close(folder);
    return there;
}
