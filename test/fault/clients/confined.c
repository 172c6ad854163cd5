/*
 * A host that is confined itself: confined WHAT PROGRAM ARGUMENTS... executes the program
 *
 *   seccomp      under a filter that ends whoever calls memfd_create
 *   low          with low soft limits, a nice value, and one processor
 *   hard:N:V     with the hard limit N (a number of RLIMIT_*) at V; of locked memory for root, too
 *
 * and confined knock N connects N times to the socket of the engine of $STRONGROOM_HOME, says so, and stays
 * until its input ends.
 */
#define _GNU_SOURCE
#include "client.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void filter(void) {
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = COUNT(lines), .filter = lines};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        give_up("no filter to be had");
}

static void lower(void) {
    static const struct {
        int resource;
        rlim_t value;
    } low[] = {{RLIMIT_CPU, 2},
               {RLIMIT_FSIZE, 4096},
               {RLIMIT_NOFILE, 24},
               {RLIMIT_NPROC, 1},
               {RLIMIT_DATA, 64 << 20}};
    for (size_t i = 0; i < COUNT(low); i++) {
        struct rlimit limit;
        getrlimit(low[i].resource, &limit);
        limit.rlim_cur = low[i].value;
        setrlimit(low[i].resource, &limit);
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    setpriority(PRIO_PROCESS, 0, 9);
}

static void knock(int times) {
    char folder[64];
    int store = open(getenv("STRONGROOM_HOME"), O_PATH | O_DIRECTORY);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(folder, sizeof folder, "/proc/self/fd/%d/engine.socket", store);
    memcpy(address.sun_path, folder, strlen(folder) + 1);
    int connected = 0;
    for (int i = 0; i < times; i++)
        connected +=
            connect(socket(AF_UNIX, SOCK_SEQPACKET, 0), (struct sockaddr *)&address, sizeof address) == 0;
    printf("knocked %d\n", connected);
    fflush(stdout);
    char byte;
    ssize_t end = read(0, &byte, 1);
    (void)end;
}

int main(int argc, char **argv) {
    int resource;
    unsigned long long value;
    if (argc < 3)
        give_up("usage: confined seccomp|low|hard:N:V PROGRAM..., confined knock N");
    if (strcmp(argv[1], "knock") == 0) {
        knock(atoi(argv[2]));
        return 0;
    }
    if (strcmp(argv[1], "seccomp") == 0)
        filter();
    else if (strcmp(argv[1], "low") == 0)
        lower();
    else if (sscanf(argv[1], "hard:%d:%llu", &resource, &value) != 2 ||
             setrlimit(resource, &(struct rlimit){value, value}) != 0)
        give_up("no such limit");
    else if (resource ==
             RLIMIT_MEMLOCK) /* a privilege goes beyond this one; who has it gives it up for good */
        (void)prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);
    execv(argv[2], argv + 2);
    give_up("%s cannot be executed", argv[2]);
}
