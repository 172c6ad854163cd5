/*
 * Stands in for systemd: starts a service with a socket that listens already and a place for its news, and
 * says on the standard output what it hears, one line a datagram ("|" for a new line), and at the end how the
 * service ended.
 *
 *     keeper [--listen PATH | --hand KIND] [--for-another] [--watchdog USEC] NOTIFY_SOCKET PROGRAM
 * ARGUMENTS...
 *
 * KIND is what descriptor 3 is instead: stream, deaf (it does not listen), file, nothing. --for-another names
 * another process in LISTEN_PID and WATCHDOG_PID. The service has nothing else in its environment.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "keeper: %s: %s\n", what, strerror(errno));
        exit(99);
    }
}

static int bound(int type, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    need(length < sizeof address.sun_path, "the name of a socket");
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    need(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0, name);
    return fd;
}

static int handed(const char *kind) {
    if (strcmp(kind, "stream") == 0)
        return socket(AF_UNIX, SOCK_STREAM, 0);
    if (strcmp(kind, "deaf") == 0)
        return socket(AF_UNIX, SOCK_SEQPACKET, 0);
    return strcmp(kind, "file") == 0 ? open("/dev/null", O_RDWR) : -1;
}

static void start(char **program, int socket, bool hand, const char *notify, const char *watchdog,
                  bool another) {
    char variables[6][300];
    char *environment[7] = {NULL};
    int count = 0;
    long pid = another ? 1 : (long)getpid();
    snprintf(variables[0], sizeof variables[0], "NOTIFY_SOCKET=%s", notify);
    snprintf(variables[1], sizeof variables[1], "LISTEN_FDS=1");
    snprintf(variables[2], sizeof variables[2], "LISTEN_PID=%ld", pid);
    snprintf(variables[3], sizeof variables[3], "WATCHDOG_USEC=%s", watchdog != NULL ? watchdog : "0");
    snprintf(variables[4], sizeof variables[4], "WATCHDOG_PID=%ld", pid);
    snprintf(variables[5], sizeof variables[5], "NODE_OPTIONS=--require /nowhere.js");
    for (int index = 0; index < 6; index++)
        if (hand || index == 0 || index > 2)
            environment[count++] = variables[index];
    (void)close(3);
    if (socket >= 0)
        need(dup2(socket, 3) == 3, "dup2");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execve(program[0], program, environment);
    need(false, program[0]);
}

int main(int argc, char **argv) {
    const char *watchdog = NULL;
    bool another = false, hand = false;
    int socket = -1, at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--for-another") == 0) {
            another = true;
        } else if (strcmp(argv[at], "--watchdog") == 0) {
            watchdog = argv[++at];
        } else {
            bool listens = strcmp(argv[at], "--listen") == 0;
            hand = true;
            at++;
            socket = listens ? bound(SOCK_SEQPACKET, argv[at]) : handed(argv[at]);
            need(!listens || listen(socket, 64) == 0, "listen");
            /* Not where it is put for the service. */
            if (socket >= 0)
                socket = fcntl(socket, F_DUPFD, 10);
        }
    }
    need(argc - at >= 2, "usage");
    setvbuf(stdout, NULL, _IOLBF, 0);
    int news = fcntl(bound(SOCK_DGRAM, argv[at]), F_DUPFD_CLOEXEC, 20);
    pid_t child = fork();
    need(child >= 0, "fork");
    if (child == 0)
        start(argv + at + 1, socket, hand, argv[at], watchdog, another);
    printf("pid %ld\n", (long)child);
    for (;;) {
        char text[4097];
        struct timeval look = {.tv_usec = 50000};
        need(setsockopt(news, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look) == 0, "SO_RCVTIMEO");
        int status = 0;
        /* Before the last look for news, so that none is missed. */
        bool ended = waitpid(child, &status, WNOHANG) == child;
        ssize_t got;
        while ((got = recv(news, text, sizeof text - 1, 0)) >= 0) {
            text[got] = '\0';
            for (char *line; (line = strchr(text, '\n')) != NULL;)
                *line = '|';
            printf("%s\n", text);
        }
        if (ended) {
            printf("ended %d %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                   WIFSIGNALED(status) ? WTERMSIG(status) : 0);
            return 0;
        }
    }
}
