/*
 * A process that wants all of the engine's places: places MODULE SOCKET greet|execs|mute|orphans N
 *
 *   greet    connects N times and greets each time
 *   execs    the same, and becomes this program anew after each time
 *   mute     connects N times and says nothing
 *   orphans  has N children connect, each of which leaves its connection to it and dies, and greets over them
 *
 * Says "N places" (how many greetings were answered with one; with mute 0), then "library 0x..." (what
 * C_Initialize answers in this very process) and keeps all that it has until its input ends.
 */
#define _GNU_SOURCE
#include "../fault/clients/client.h"

#include "../../module/lane/lane.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_STACK 65536

static struct sockaddr_un address = {.sun_family = AF_UNIX};

/* -1 when this process may have no more descriptors. */
static int connected(void) {
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0 && errno == EMFILE)
        return -1;
    struct timeval patience = {.tv_sec = 60};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        give_up("no connection");
    return fd;
}

static int greeted(int fd) {
    struct sr_message message = {
        .magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = SR_MESSAGE_HELLO};
    return send(fd, &message, sizeof message, MSG_NOSIGNAL) == (ssize_t)sizeof message &&
           recv(fd, &message, sizeof message, 0) == (ssize_t)sizeof message && message.status == SR_STATUS_OK;
}

static int orphan(void *fd) {
    *(int *)fd = connected();
    return 0;
}

/* The child shares our descriptors, so that its connection outlives it; to the engine it is the child's. */
static int orphaned(void) {
    static _Alignas(16) char stack[CHILD_STACK];
    static int fd;
    pid_t child = clone(orphan, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &fd);
    if (child < 0 || waitpid(child, NULL, 0) != child)
        give_up("no child");
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 5 || strlen(argv[2]) >= sizeof address.sun_path)
        give_up("usage: places MODULE SOCKET greet|execs|mute|orphans N");
    load_module(argv[1]);
    strcpy(address.sun_path, argv[2]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int places = 0;
    if (strcmp(argv[3], "execs") == 0 && atol(argv[4]) > 0) {
        char left[24];
        snprintf(left, sizeof left, "%ld", atol(argv[4]) - 1);
        if (!greeted(connected()))
            give_up("not greeted, with %s left", left);
        execl("/proc/self/exe", argv[0], argv[1], argv[2], argv[3], left, NULL);
    }
    for (long i = atol(argv[4]); i > 0; i--) {
        int fd = strcmp(argv[3], "orphans") == 0 ? orphaned() : connected();
        if (fd < 0)
            break;
        bool placed = strcmp(argv[3], "mute") != 0 && greeted(fd);
        places += placed;
        /* Where there are places, descriptors for the library are needed too. */
        if (!placed && (strcmp(argv[3], "greet") == 0 || i < 10))
            close(fd);
    }
    printf("%d places\n", places);
    printf("library 0x%lx\n", initialise());
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0)
        ;
    return 0;
}
