/* Connecting to sockets whose paths are short and long, with and without /proc; compiled together with
 * module/shim/reach.c. */
#define _GNU_SOURCE
#include "../../module/shim/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            printf("not so, line %d: %s (%s)\n", __LINE__, #condition, strerror(errno));                     \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* Listens in a folder of any length: by going there, which this program may. */
static int listen_in(const char *folder) {
    int back = open(".", O_PATH | O_DIRECTORY);
    CHECK(chdir(folder) == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "engine.socket"};
    int listening = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    CHECK(bind(listening, (struct sockaddr *)&address, sizeof address) == 0 && listen(listening, 8) == 0);
    CHECK(fchdir(back) == 0);
    close(back);
    return listening;
}

static int descriptors(void) {
    int count = 0;
    for (int i = 0; i < 256; i++)
        count += fcntl(i, F_GETFD) != -1;
    return count;
}

static void reach(const char *name, const char *folder) {
    char before[PATH_MAX], after[PATH_MAX];
    CHECK(getcwd(before, sizeof before) != NULL);
    int listening = listen_in(folder);
    int client = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    int held = descriptors();
    CHECK(sr_reach(client, folder, "engine.socket"));
    CHECK(descriptors() == held);
    int served = accept(listening, NULL, NULL);
    struct ucred peer;
    socklen_t size = sizeof peer;
    CHECK(served >= 0 && getsockopt(served, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0);
    CHECK(peer.pid == getpid()); /* by this the engine knows the application, and notices its end */
    CHECK(send(client, "x", 1, 0) == 1);
    CHECK(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0);
    close(listening);
    int late = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    CHECK(!sr_reach(late, folder, "engine.socket"));
    printf("ok %s\n", name);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/short", argv[1]);
    CHECK(mkdir(folder, 0700) == 0);
    reach("short", folder);
    snprintf(folder, sizeof folder, "%s", argv[1]);
    for (int i = 0; i < 6; i++) {
        strcat(folder, "/a-folder-with-quite-a-long-name-in-a-deep-place");
        CHECK(mkdir(folder, 0700) == 0);
    }
    reach("long", folder);
    CHECK(!sr_reach(socket(AF_UNIX, SOCK_SEQPACKET, 0), "/nowhere", "engine.socket"));
    puts("ok nowhere");
    return 0;
}
