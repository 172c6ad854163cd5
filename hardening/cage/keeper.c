/* The keeper on Linux. */
#define _GNU_SOURCE
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define LAUNCHER "strongroom-launch"
/* The longest request, and the most arguments in one. */
#define LONGEST 16384
#define MOST 16
/* Descriptors that are handed over: the standard error, and the leash. */
#define HANDED 2
#define FIRST_FREE 10

static int ends[2] = {-1, -1}; /* the parent's, the engine's */

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(HANDED * sizeof(int))];
};

bool sr_keeper_make(void) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
}

void sr_keeper_hold(void) {
    (void)close(ends[1]);
    (void)fcntl(ends[0], F_SETOWN, getpid());
    (void)fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_ASYNC);
}

void sr_keeper_join(void) {
    (void)close(ends[0]);
}

/* The launcher lies beside the runtime, which is what this process runs still. */
static bool find_launcher(char path[PATH_MAX]) {
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - sizeof LAUNCHER);
    if (length <= 0 || (size_t)length >= PATH_MAX - sizeof LAUNCHER) {
        return false;
    }
    path[length] = '\0';
    char *name = strrchr(path, '/');
    if (name == NULL) {
        return false;
    }
    memcpy(name + 1, LAUNCHER, sizeof LAUNCHER);
    return true;
}

__attribute__((noreturn)) static void become_door(char *text, size_t length, const int handed[HANDED]) {
    static char path[PATH_MAX];
    static char door[] = "--door";
    static char *none[] = {NULL};
    char *arguments[MOST + 3] = {path, door};
    size_t count = 2;
    for (size_t at = 0; at < length && count < MOST + 2; at += strlen(text + at) + 1) {
        arguments[count++] = text + at;
    }
    /* Out of the way first: either may have the number that the other is to have. */
    int log = fcntl(handed[0], F_DUPFD_CLOEXEC, FIRST_FREE);
    int leash = fcntl(handed[1], F_DUPFD_CLOEXEC, FIRST_FREE);
    /* A session of its own: Ctrl-C is for the engine, which ends the door itself. */
    (void)setsid();
    if (find_launcher(path) && dup2(log, STDERR_FILENO) == STDERR_FILENO &&
        dup2(leash, STDERR_FILENO + 1) == STDERR_FILENO + 1) {
        execve(path, arguments, none);
    }
    _exit(127);
}

void sr_keeper_look(void) {
    static char text[LONGEST + 1];
    for (;;) {
        union control control;
        struct iovec data = {text, LONGEST};
        struct msghdr message = {
            .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        ssize_t length = recvmsg(ends[0], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (length <= 0) {
            return;
        }
        const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
            header->cmsg_len != CMSG_LEN(HANDED * sizeof(int))) {
            continue;
        }
        int handed[HANDED];
        memcpy(handed, CMSG_DATA(header), sizeof handed);
        text[length] = '\0';
        /* Where there is no process to be had, both ends close, and the engine learns it so. */
        if (fork() == 0) {
            become_door(text, (size_t)length, handed);
        }
        for (size_t index = 0; index < HANDED; index++) {
            (void)close(handed[index]);
        }
    }
}

static int send_request(const char *arguments, size_t length, const int handed[HANDED]) {
    union control control = {.header = {.cmsg_level = SOL_SOCKET,
                                        .cmsg_type = SCM_RIGHTS,
                                        .cmsg_len = CMSG_LEN(HANDED * sizeof(int))}};
    memcpy(CMSG_DATA(&control.header), handed, HANDED * sizeof(int));
    struct iovec data = {(void *)(uintptr_t)arguments, length};
    const struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    return sendmsg(ends[1], &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? errno : 0;
}

int sr_keeper_start(const char *arguments, size_t length, int *log, int *leash) {
    if (ends[1] < 0) {
        return ENOTCONN; /* nobody attends this process */
    }
    if (length == 0 || length > LONGEST || arguments[length - 1] != '\0') {
        return EINVAL;
    }
    int output[2], held[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, output) != 0) {
        return errno;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, held) != 0) {
        int why = errno;
        (void)close(output[0]);
        (void)close(output[1]);
        return why;
    }
    const int handed[HANDED] = {output[1], held[1]};
    int failed = send_request(arguments, length, handed);
    (void)close(output[1]);
    (void)close(held[1]);
    if (failed != 0) {
        (void)close(output[0]);
        (void)close(held[0]);
        return failed;
    }
    *log = output[0];
    *leash = held[0];
    return 0;
}
