/*
 * Stands in the runtime's place where the launcher starts a network door, and tries what a hole in the door
 * might try. A line on the standard error for each: its name, and 0 or the number of what came of it.
 *
 *     node … door-needs.mjs …      prints that file, which is what the door says that it must reach
 *     node … [door's arguments]    tries everything; --secret FILE, --open FILE, --victim PID, --meeting
 * SOCKET, --port N,
 *                                  --free N (a port to listen at), --peer N (one to connect to), --abstract
 * NAME, --scratch FILE and
 * --folder DIR (to be made, and to make something in) door-probe --meet SOCKET     lets in at that socket
 * whoever comes, and hands him memory to share
 */
#define _GNU_SOURCE
#include "../../hardening/cage/filter.h"
#include "../../hardening/cage/ruleset.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int argument_count;
static char **arguments;

static const char *given(const char *name) {
    for (int index = 1; index + 1 < argument_count; index++) {
        if (strcmp(arguments[index], name) == 0) {
            return arguments[index + 1];
        }
    }
    return "0";
}

static void report(const char *name, long result) {
    fprintf(stderr, "%s %d\n", name, result < 0 ? errno : 0);
}

#define TRY(name, ...) report(name, (long)(__VA_ARGS__))
#define CALL(name, ...) report(#name, syscall(SYS_##name, __VA_ARGS__))

static long opens(const char *path, int flags) {
    int file = open(path, flags, 0600);
    if (file >= 0) {
        (void)close(file);
    }
    return file;
}

static long sockets(int family, int kind, int protocol) {
    int made = socket(family, kind, protocol);
    if (made >= 0) {
        (void)close(made);
    }
    return made;
}

static struct sockaddr_in loopback(const char *port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(port)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static long connects(const char *port) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    const struct sockaddr_in to = loopback(port);
    long result = connect(made, (const struct sockaddr *)&to, sizeof to);
    int why = errno;
    (void)close(made);
    errno = why;
    return result;
}

static long sends_ahead(const char *port) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    const struct sockaddr_in to = loopback(port);
    long result = sendto(made, "x", 1, MSG_FASTOPEN, (const struct sockaddr *)&to, sizeof to);
    int why = errno;
    (void)close(made);
    errno = why;
    return result;
}

static long listens(const char *port) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    const struct sockaddr_in at = loopback(port);
    (void)setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    long result = bind(made, (const struct sockaddr *)&at, sizeof at) == 0 ? listen(made, 1) : -1;
    int why = errno;
    (void)close(made);
    errno = why;
    return result;
}

/* A name that begins with @ stands for an abstract one. */
static int meeting(const char *name, struct sockaddr_un *at, socklen_t *length) {
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(at->sun_path, name, strnlen(name, sizeof at->sun_path - 1));
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + (name[0] == '@' ? 0 : 1));
    if (name[0] == '@') {
        at->sun_path[0] = '\0';
    }
    return socket(AF_UNIX, SOCK_SEQPACKET, 0);
}

static long knocks(const char *name) {
    struct sockaddr_un at;
    socklen_t length;
    int made = meeting(name, &at, &length);
    return connect(made, (const struct sockaddr *)&at, length);
}

static long meets(const char *name) {
    struct sockaddr_un at;
    socklen_t length;
    int made = meeting(name, &at, &length);
    if (connect(made, (const struct sockaddr *)&at, length) != 0) {
        return -1;
    }
    char byte;
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec data = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(made, &message, 0) != 1 || CMSG_FIRSTHDR(&message) == NULL) {
        return -1;
    }
    int file;
    memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED || strcmp(shared, "a lane") != 0) {
        return -1;
    }
    shared[100] = 'x';
    return 0;
}

static int meet(const char *name, const char *abstract) {
    struct sockaddr_un at;
    socklen_t length;
    int quiet = meeting(abstract, &at, &length);
    if (bind(quiet, (const struct sockaddr *)&at, length) != 0 || listen(quiet, 1) != 0) {
        return 1;
    }
    int made = meeting(name, &at, &length);
    if (bind(made, (const struct sockaddr *)&at, length) != 0 || listen(made, 8) != 0) {
        return 1;
    }
    fprintf(stderr, "meets\n");
    for (;;) {
        int peer = accept(made, NULL, NULL);
        int file = memfd_create("lane", MFD_CLOEXEC);
        if (ftruncate(file, 4096) != 0 || pwrite(file, "a lane", 7, 0) != 7) {
            return 1;
        }
        char byte = 'x';
        union {
            struct cmsghdr header;
            char room[CMSG_SPACE(sizeof(int))];
        } control = {
            .header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
        memcpy(CMSG_DATA(&control.header), &file, sizeof file);
        struct iovec data = {&byte, 1};
        struct msghdr message = {
            .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        (void)sendmsg(peer, &message, 0);
        (void)close(file);
    }
}

static void *nothing(void *argument) {
    return argument;
}

static long threads(void) {
    pthread_t thread;
    errno = pthread_create(&thread, NULL, nothing, NULL);
    return errno != 0 ? -1 : pthread_join(thread, NULL);
}

static long forks(void) {
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    if (child > 0) {
        (void)waitpid(child, NULL, 0);
    }
    return child;
}

static long clones(void) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        _exit(0);
    }
    return child;
}

/* Without a thread of its own it would replace us where it is allowed. */
static long executes(void) {
    static char *const words[] = {"true", NULL};
    static char *const none[] = {NULL};
    pid_t child = fork();
    if (child > 0) {
        int status = 0;
        (void)waitpid(child, &status, 0);
        errno = WEXITSTATUS(status);
        return errno == 0 ? 0 : -1;
    }
    /* The child, or whoever may not have one. */
    (void)execve("/bin/true", words, none);
    int why = errno;
    if (child == 0) {
        _exit(why);
    }
    errno = why;
    return -1;
}

static long writes_code(void) {
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code == MAP_FAILED ? -1 : mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

static long reads_memory(pid_t victim) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)&byte, 1};
    return process_vm_readv(victim, &here, 1, &there, 1, 0);
}

static void what_it_needs(void) {
    TRY("read-allowed", opens(given("--open"), O_RDONLY));
    TRY("read-library", opens("/etc/ld.so.cache", O_RDONLY));
    TRY("read-self", opens("/proc/self/stat", O_RDONLY));
    TRY("listen-allowed", listens(given("--free")));
    TRY("connect-allowed", connects(given("--peer")));
    TRY("meet", meets(given("--meeting")));
    TRY("thread", threads());
    TRY("code", writes_code());
    TRY("signal-self", kill(getpid(), 0));
    TRY("socket-unix", sockets(AF_UNIX, SOCK_DGRAM, 0));
    TRY("socket-tcp6", sockets(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    TRY("shut-off-again", prctl(PR_SET_DUMPABLE, 0));
}

static void files(void) {
    TRY("files:read-secret", opens(given("--secret"), O_RDONLY));
    TRY("files:list-secret", opens("/", O_RDONLY | O_DIRECTORY));
    TRY("files:read-other", opens("/proc/1/status", O_RDONLY));
    TRY("calls:write", opens(given("--secret"), O_WRONLY | O_APPEND));
    TRY("calls:write-allowed", opens(given("--open"), O_RDWR));
    TRY("calls:create", opens(given("--scratch"), O_WRONLY | O_CREAT | O_EXCL));
    TRY("calls:nameless", opens(given("--folder"), O_TMPFILE | O_WRONLY));
    TRY("calls:truncate", truncate(given("--open"), 0));
    TRY("calls:unlink", unlink(given("--open")));
    TRY("calls:rename", rename(given("--open"), given("--scratch")));
    TRY("calls:link", link(given("--open"), given("--scratch")));
    TRY("calls:symlink", symlink("/", given("--scratch")));
    TRY("calls:mkdir", mkdir(given("--scratch"), 0700));
    TRY("calls:chmod", chmod(given("--open"), 0666));
    TRY("calls:chown", chown(given("--open"), getuid(), getgid()));
}

static void network(void) {
    TRY("network:connect", connects(given("--port")));
    TRY("network:listen", listens(given("--port")));
    TRY("calls:send-ahead", sends_ahead(given("--port")));
    TRY("calls:udp", sockets(AF_INET, SOCK_DGRAM, 0));
    TRY("calls:raw", sockets(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    TRY("calls:mptcp", sockets(AF_INET, SOCK_STREAM, 262));
    TRY("calls:netlink", sockets(AF_NETLINK, SOCK_RAW, 0));
    TRY("calls:packet", sockets(AF_PACKET, SOCK_RAW, 0));
    TRY("calls:vsock", sockets(40, SOCK_STREAM, 0));
    TRY("calls:alg", sockets(38, SOCK_SEQPACKET, 0));
    TRY("signals:abstract", knocks(given("--abstract")));
}

static void processes(pid_t victim) {
    TRY("calls:kill", kill(victim, 0));
    TRY("calls:kill-all", kill(-1, 0));
    TRY("calls:queue", sigqueue(victim, 0, (union sigval){0}));
    TRY("calls:tgkill", syscall(SYS_tgkill, victim, victim, 0));
    TRY("calls:tkill", syscall(SYS_tkill, victim, 0));
    int file = open("/dev/null", O_RDONLY);
    TRY("calls:own-signals", fcntl(file, F_SETOWN, victim));
    TRY("calls:ptrace", ptrace(PTRACE_SEIZE, victim, 0, 0));
    TRY("calls:memory", reads_memory(victim));
    TRY("calls:pidfd", syscall(434 /* pidfd_open */, victim, 0));
    TRY("calls:pidfd-getfd", syscall(438, file, 0, 0));
    TRY("calls:limits", prlimit(victim, 0, NULL, NULL));
    TRY("calls:fork", forks());
    TRY("calls:exec", executes());
    TRY("calls:clone", clones());
    TRY("calls:thread-elsewhere",
        syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWNET, 0, 0, 0, 0));
    TRY("calls:clone3", syscall(435, NULL, 0));
    TRY("calls:open-up", prctl(PR_SET_DUMPABLE, 1));
    TRY("calls:ptracer", prctl(0x59616d61 /* PR_SET_PTRACER */, -1));
    TRY("calls:type", ioctl(0, TIOCSTI, "x"));
}

/* With arguments that mean nothing: who may call them hears that they are wrong. */
static void doors_of_the_kernel(void) {
    CALL(setuid, getuid());
    CALL(setgid, getgid());
    CALL(setgroups, 0, NULL);
    CALL(setresuid, -1, -1, -1);
    CALL(capset, NULL, NULL);
    CALL(mount, NULL, NULL, NULL, 0, NULL);
    CALL(umount2, NULL, 0);
    CALL(unshare, 0);
    CALL(setns, -1, 0);
    CALL(chroot, NULL);
    CALL(pivot_root, NULL, NULL);
    CALL(bpf, 0, NULL, 0);
    CALL(perf_event_open, NULL, 0, 0, 0, 0);
    CALL(keyctl, 0xffff, 0, 0, 0, 0);
    CALL(add_key, NULL, NULL, NULL, 0, 0);
    CALL(request_key, NULL, NULL, NULL, 0);
    CALL(userfaultfd, 0xffff);
    CALL(io_setup, 0, NULL);
    CALL(init_module, NULL, 0, NULL);
    CALL(finit_module, -1, NULL, 0);
    CALL(delete_module, NULL, 0);
    CALL(kexec_load, 0, 0, NULL, 0xffff);
    CALL(personality, 0xffffffff);
    CALL(reboot, 0, 0, 0, NULL);
    CALL(swapon, NULL, 0);
    CALL(acct, "");
    CALL(quotactl, 0, NULL, 0, NULL);
    CALL(syslog, 0xffff, NULL, 0);
    CALL(clock_settime, 0xffff, NULL);
    CALL(adjtimex, NULL);
    CALL(sethostname, NULL, -1);
    CALL(mknodat, AT_FDCWD, "", 0, 0);
    CALL(fanotify_init, 0xffff, 0);
    CALL(open_by_handle_at, -1, NULL, 0);
    CALL(name_to_handle_at, -1, NULL, NULL, NULL, 0);
    CALL(memfd_create, NULL, 0);
    CALL(seccomp, 0xffff, 0, NULL);
    CALL(kcmp, 0, 0, 0xffff, 0, 0);
    CALL(process_vm_writev, 0, NULL, 0, NULL, 0, 0xffff);
    report("io_uring_setup", syscall(425, 0, NULL));
    report("open_tree", syscall(428, -1, NULL, 0));
    report("openat2", syscall(437, -1, NULL, NULL, 0));
    report("pidfd_send_signal", syscall(424, -1, 0, NULL, 0));
    report("landlock_create_ruleset", syscall(444, NULL, 0, 0xffff));
}

/* What the kernel says of the process. */
static void standing(void) {
    static const char *const names[] = {
        "Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:"};
    char line[300];
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
            if (strncmp(line, names[index], strlen(names[index])) == 0) {
                fprintf(stderr, "is %s", line);
            }
        }
    }
    fprintf(stderr, "is Dumpable:\t%d\n", prctl(PR_GET_DUMPABLE));
    fprintf(stderr, "lacks %d\n", sr_ruleset_lacks() | (sr_filter_known() ? 0 : 8));
}

int main(int argc, char *argv[]) {
    argument_count = argc;
    arguments = argv;
    for (int index = 1; index < argc; index++) {
        if (strstr(argv[index], "door-needs.mjs") != NULL) {
            char text[4096];
            int file = open(argv[index], O_RDONLY);
            ssize_t length = read(file, text, sizeof text);
            return length > 0 && write(STDOUT_FILENO, text, (size_t)length) == length ? 0 : 1;
        }
    }
    if (strcmp(given("--meet"), "0") != 0) {
        return meet(given("--meet"), given("--abstract"));
    }
    pid_t victim = atoi(given("--victim"));
    standing();
    what_it_needs();
    files();
    network();
    processes(victim);
    doors_of_the_kernel();
    fprintf(stderr, "done 0\n");
    return 0;
}
