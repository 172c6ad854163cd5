/*
 * A process that comes to a service's socket in ways that it should not: visitor MODULE SOCKET HOW [UID]
 *
 *   enter        what C_Initialize answers, and how many slots there are
 *   forks UID    initialises, and so does a child that has become UID; afterwards the parent asks for the slots again
 *   passes UID   greets, and has a child that has become UID ask for a lane over the same descriptor; then asks itself
 *   changes UID  greets, becomes UID, and asks for a lane
 *   keeps UID    the same, and becomes this program anew in between
 *   flood N      connects N times in many processes and says nothing; keeps all until its input ends
 *   crowd N      N processes that initialise; keeps all until its input ends. Says how many could
 *   poses        listens there, and says what it is told
 *
 * Prints one line for each answer.
 */
#define _GNU_SOURCE
#include "../fault/clients/client.h"

#include "../../module/lane/lane.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static int connected(void) {
    int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    struct timeval patience = {.tv_sec = 60};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return -1;
    return fd;
}

static bool asks(int fd, uint32_t kind) {
    struct sr_message message = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = kind};
    if (kind == SR_MESSAGE_LANE)
        message.capacity = SR_LANE_CAPACITY_DEFAULT;
    return send(fd, &message, sizeof message, MSG_NOSIGNAL) == (ssize_t)sizeof message &&
           recv(fd, &message, sizeof message, 0) == (ssize_t)sizeof message && message.status == SR_STATUS_OK;
}

static int greeted(void) {
    int fd = connected();
    if (fd < 0 || !asks(fd, SR_MESSAGE_HELLO))
        give_up("not greeted");
    return fd;
}

static void become(const char *user) {
    uid_t uid = (uid_t)atol(user);
    if (setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0)
        give_up("cannot become %s", user);
}

static void says(const char *what, const char *how) {
    printf("%s %s\n", what, how);
    fflush(stdout);
}

static void enters(const char *who) {
    CK_ULONG count = 0;
    CK_RV rv = initialise();
    if (rv == CKR_OK)
        NEED(p11->C_GetSlotList(CK_FALSE, NULL, &count));
    printf("%s 0x%lx %lu\n", who, rv, count);
    fflush(stdout);
}

static void awaits(pid_t child) {
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        give_up("the child failed");
}

static void until_input_ends(void) {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
}

/* Children that do something and stay until our input ends; how many could do it. */
static void crowd(long many, bool (*deed)(void)) {
    int done[2], over[2];
    if (pipe(done) != 0 || pipe(over) != 0)
        give_up("no pipe");
    for (long i = 0; i < many; i++) {
        pid_t child = fork();
        if (child < 0)
            give_up("no more processes");
        if (child > 0)
            continue;
        close(over[1]);
        char byte = deed() ? 'y' : 'n';
        if (write(done[1], &byte, 1) != 1)
            _exit(1);
        _exit(read(over[0], &byte, 1) == 0 ? 0 : 1);
    }
    long could = 0;
    for (long i = 0; i < many; i++) {
        char byte;
        if (read(done[0], &byte, 1) != 1)
            give_up("a child was lost");
        could += byte == 'y';
    }
    printf("%ld of %ld\n", could, many);
    fflush(stdout);
    until_input_ends();
}

static bool initialises(void) {
    return initialise() == CKR_OK;
}

#define CONNECTIONS_EACH 50

static bool connects_mutely(void) {
    for (int i = 0; i < CONNECTIONS_EACH; i++)
        connected();
    return true;
}

static void poses(void) {
    int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 5) != 0)
        give_up("cannot pose");
    says("poses", "now");
    int fd = accept(listener, NULL, NULL);
    char told[256];
    printf("told %zd\n", fd < 0 ? -1 : recv(fd, told, sizeof told, 0));
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc < 4 || strlen(argv[2]) >= sizeof address.sun_path)
        give_up("usage: visitor MODULE SOCKET HOW [UID]");
    strcpy(address.sun_path, argv[2]);
    load_module(argv[1]);
    const char *how = argv[3], *user = argc > 4 ? argv[4] : "0";
    if (strcmp(how, "enter") == 0) {
        enters("enter");
    } else if (strcmp(how, "forks") == 0) {
        enters("parent");
        pid_t child = fork();
        if (child == 0) {
            become(user);
            enters("child");
            return 0;
        }
        awaits(child);
        CK_ULONG count = 0;
        CK_RV rv = p11->C_GetSlotList(CK_FALSE, NULL, &count);
        printf("parent again 0x%lx %lu\n", rv, count);
    } else if (strcmp(how, "passes") == 0) {
        int fd = greeted();
        pid_t child = fork();
        if (child == 0) {
            become(user);
            says("child", asks(fd, SR_MESSAGE_LANE) ? "has a lane" : "has nothing");
            return 0;
        }
        awaits(child);
        says("parent", asks(fd, SR_MESSAGE_LANE) ? "has a lane" : "has nothing");
    } else if (strcmp(how, "changes") == 0 || strcmp(how, "keeps") == 0) {
        int fd = greeted();
        says("before", asks(fd, SR_MESSAGE_LANE) ? "has a lane" : "has nothing");
        become(user);
        if (strcmp(how, "changes") == 0) {
            says("after", asks(fd, SR_MESSAGE_LANE) ? "has a lane" : "has nothing");
        } else {
            char number[16];
            snprintf(number, sizeof number, "%d", fd);
            execl("/proc/self/exe", argv[0], argv[1], argv[2], "kept", number, NULL);
            give_up("cannot exec");
        }
    } else if (strcmp(how, "kept") == 0) {
        says("after", asks(atoi(user), SR_MESSAGE_LANE) ? "has a lane" : "has nothing");
    } else if (strcmp(how, "flood") == 0) {
        crowd(atol(user) / CONNECTIONS_EACH, connects_mutely);
    } else if (strcmp(how, "crowd") == 0) {
        crowd(atol(user), initialises);
    } else if (strcmp(how, "poses") == 0) {
        poses();
    } else {
        give_up("unknown: %s", how);
    }
    return 0;
}
