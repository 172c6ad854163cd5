/*
 * The filter on Linux, for x86-64 and arm64.
 *
 * A list of what may be, not of what may not: the kernel gets new calls each year, and what a door needs is
 * known. What is on neither list is answered ENOSYS, as by a kernel that does not know it, so that the C
 * library and Node take the way which they have for that. What is refused for its arguments is answered
 * EPERM. Another architecture's calls, by which the numbers could be mistaken, end the process.
 */
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__ && !defined __ILP32__
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
/* Numbers from here on are those of x32, another way to call the same things. */
#define FIRST_FOREIGN 0x40000000u
#elif defined __aarch64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#define FIRST_FOREIGN 0xffffffffu
#endif

#ifndef OUR_ARCHITECTURE

bool sr_filter_known(void) {
    return false;
}

bool sr_filter_enter(void) {
    return false;
}

#else

#ifndef SYS_rseq
#ifdef __x86_64__
#define SYS_rseq 334
#else
#define SYS_rseq 293
#endif
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

/* What may be called with whatever arguments. */
static const uint32_t free_calls[] = {
    /* Memory. V8 writes code while it runs. */
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mprotect,
    SYS_mremap,
    SYS_madvise,
    SYS_mlock,
    SYS_mlock2,
    SYS_munlock,
    SYS_membarrier,
    SYS_pkey_alloc,
    SYS_pkey_free,
    SYS_pkey_mprotect,
    /* Threads, and waiting. */
    SYS_futex,
    SYS_futex_waitv,
    SYS_set_robust_list,
    SYS_get_robust_list,
    SYS_set_tid_address,
    SYS_rseq,
    SYS_exit,
    SYS_exit_group,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_sched_getscheduler,
    SYS_sched_getparam,
    SYS_sched_get_priority_max,
    SYS_sched_get_priority_min,
    SYS_getcpu,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_gettimeofday,
    SYS_restart_syscall,
    /* Its own signals. */
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_rt_sigpending,
    SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend,
    SYS_sigaltstack,
    /* What it is. */
    SYS_getpid,
    SYS_getppid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getresuid,
    SYS_getresgid,
    SYS_getgroups,
    SYS_getpgid,
    SYS_getsid,
    SYS_getpriority,
    SYS_capget,
    SYS_uname,
    SYS_sysinfo,
    SYS_times,
    SYS_getrusage,
    SYS_getrandom,
    SYS_getcwd,
    SYS_umask,
    SYS_getrlimit,
    /* Descriptors that are open. */
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_pread64,
    SYS_pwrite64,
    SYS_preadv,
    SYS_lseek,
    SYS_close,
    SYS_close_range,
    SYS_dup,
    SYS_dup3,
    SYS_fstat,
    SYS_fstatfs,
    SYS_fadvise64,
    SYS_getdents64,
    SYS_pipe2,
    SYS_eventfd2,
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_epoll_pwait2,
    SYS_ppoll,
    SYS_pselect6,
    SYS_timerfd_create,
    SYS_timerfd_settime,
    SYS_timerfd_gettime,
    SYS_signalfd4,
    /* What files there are. */
    SYS_newfstatat,
    SYS_statx,
    SYS_statfs,
    SYS_readlinkat,
    SYS_faccessat,
    SYS_faccessat2,
    /* Sockets that are open. */
    SYS_socketpair,
    SYS_bind,
    SYS_connect,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_getsockname,
    SYS_getpeername,
    SYS_getsockopt,
    SYS_setsockopt,
    SYS_shutdown,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_recvmmsg,
#ifdef __x86_64__
    SYS_arch_prctl,
    SYS_time,
    SYS_getpgrp,
    SYS_dup2,
    SYS_pipe,
    SYS_poll,
    SYS_select,
    SYS_epoll_wait,
    SYS_epoll_create,
    SYS_eventfd,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
#endif
};

/* The options of prctl that change nothing for the better or the worse. */
static const uint32_t free_options[] = {
    PR_GET_DUMPABLE,     PR_GET_NAME,       PR_SET_NAME,     PR_GET_PDEATHSIG, PR_GET_SECCOMP,
    PR_GET_NO_NEW_PRIVS, PR_GET_TIMERSLACK, PR_CAPBSET_READ, 0x53564d41 /* PR_SET_VMA, which names memory */};

/* What is asked of descriptors that is neither typing into terminals nor driving devices: TCGETS, TIOCGWINSZ,
 * FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. */
static const uint32_t free_requests[] = {0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451};

/* What is asked of fcntl that has signals sent to others: F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE,
 * F_NOTIFY. */
static const uint32_t signalling[] = {8, 10, 15, 1024, 1026};

enum { MOST = 512 };

struct program {
    unsigned count;
    struct sock_filter lines[MOST];
};

#define ANSWER(number) (SECCOMP_RET_ERRNO | ((number)&SECCOMP_RET_DATA))

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
    if (program->count < MOST) {
        program->lines[program->count] = (struct sock_filter){code, yes, no, value};
    }
    program->count++;
}

static void answer(struct program *program, uint32_t what) {
    add(program, BPF_RET | BPF_K, what, 0, 0);
}

/* Answers so if what is loaded is `value`. */
static void answer_if(struct program *program, uint32_t value, uint32_t what) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(program, what);
}

/* Answers so if what is loaded has any of those bits. */
static void answer_with(struct program *program, uint32_t bits, uint32_t what) {
    add(program, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(program, what);
}

/* The lower half of an argument, which is all that the kernel looks at of an int. */
static void load(struct program *program, unsigned argument) {
    add(program, BPF_LD | BPF_W | BPF_ABS,
        (uint32_t)(offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t)), 0, 0);
}

/* What follows up to `end` is about one call; other calls jump over it. */
static unsigned begin(struct program *program, uint32_t call) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 0);
    return program->count - 1;
}

/* Each call's part ends with an answer, so that the number is loaded still for the next. */
static void end(struct program *program, unsigned start, uint32_t what) {
    answer(program, what);
    if (start < MOST) {
        program->lines[start].jf = (uint8_t)(program->count - start - 1);
    }
}

/* Only with one of these values as that argument. */
static void only(struct program *program, uint32_t call, unsigned argument, const uint32_t *values,
                 size_t count, uint32_t otherwise) {
    unsigned start = begin(program, call);
    load(program, argument);
    for (size_t index = 0; index < count; index++) {
        answer_if(program, values[index], SECCOMP_RET_ALLOW);
    }
    end(program, start, otherwise);
}

/* Only without any of these bits in that argument. */
static void without(struct program *program, uint32_t call, unsigned argument, uint32_t bits) {
    unsigned start = begin(program, call);
    load(program, argument);
    answer_with(program, bits, ANSWER(EPERM));
    end(program, start, SECCOMP_RET_ALLOW);
}

/* Streams over the internet's two protocols, and the sockets of this machine. Others have no guard over where
 * they lead, or are doors into the kernel. */
static void sockets(struct program *program) {
    unsigned start = begin(program, SYS_socket);
    load(program, 0);
    answer_if(program, AF_UNIX, SECCOMP_RET_ALLOW);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
    answer(program, ANSWER(EAFNOSUPPORT));
    load(program, 2); /* 0 or TCP: not MPTCP, of which Landlock knows nothing */
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 6, 1, 0);
    answer(program, ANSWER(EPERM));
    load(program, 1);
    add(program, BPF_ALU | BPF_AND | BPF_K, (uint32_t) ~(SOCK_CLOEXEC | SOCK_NONBLOCK), 0, 0);
    answer_if(program, SOCK_STREAM, SECCOMP_RET_ALLOW);
    end(program, start, ANSWER(EPERM));
}

/* All that makes a namespace. */
#define NAMESPACES                                                                                           \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |            \
     CLONE_NEWNET)

/* A thread, and no process. */
static void threads(struct program *program) {
    unsigned start = begin(program, SYS_clone);
    load(program, 0);
    answer_with(program, NAMESPACES, ANSWER(EPERM));
    answer_with(program, CLONE_THREAD, SECCOMP_RET_ALLOW);
    end(program, start, ANSWER(EPERM));
}

/* What is said to the process itself; another's limits and memory are none of its business. */
static void itself(struct program *program, uint32_t self) {
    const uint32_t own[] = {self, 0};
    only(program, SYS_kill, 0, own, 1, ANSWER(EPERM));
    only(program, SYS_tgkill, 0, own, 1, ANSWER(EPERM));
    only(program, SYS_prlimit64, 0, own, 2, ANSWER(EPERM));
}

/* What shuts it off once more is allowed, what opens it is not. */
static void options(struct program *program) {
    unsigned start = begin(program, SYS_prctl);
    load(program, 0);
    for (size_t index = 0; index < sizeof free_options / sizeof free_options[0]; index++) {
        answer_if(program, free_options[index], SECCOMP_RET_ALLOW);
    }
    answer_if(program, PR_SET_NO_NEW_PRIVS, SECCOMP_RET_ALLOW);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, PR_SET_DUMPABLE, 0, 3);
    load(program, 1);
    answer_if(program, 0, SECCOMP_RET_ALLOW);
    end(program, start, ANSWER(EPERM));
}

static void descriptors(struct program *program) {
    unsigned start = begin(program, SYS_fcntl);
    load(program, 1);
    for (size_t index = 0; index < sizeof signalling / sizeof signalling[0]; index++) {
        answer_if(program, signalling[index], ANSWER(EPERM));
    }
    end(program, start, SECCOMP_RET_ALLOW);
}

static void write_program(struct program *program) {
    const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
    add(program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    add(program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    add(program, BPF_JMP | BPF_JGE | BPF_K, FIRST_FOREIGN, 0, 1);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    for (size_t index = 0; index < sizeof free_calls / sizeof free_calls[0]; index++) {
        answer_if(program, free_calls[index], SECCOMP_RET_ALLOW);
    }
    without(program, SYS_openat, 2, writing);
#ifdef __x86_64__
    without(program, SYS_open, 1, writing);
#endif
    /* Data along with the opening of a connection go past Landlock in some kernels. */
    without(program, SYS_sendto, 3, MSG_FASTOPEN);
    without(program, SYS_sendmsg, 2, MSG_FASTOPEN);
    without(program, SYS_sendmmsg, 3, MSG_FASTOPEN);
    only(program, SYS_ioctl, 1, free_requests, sizeof free_requests / sizeof free_requests[0],
         ANSWER(ENOTTY));
    descriptors(program);
    sockets(program);
    threads(program);
    itself(program, (uint32_t)getpid());
    options(program);
    /* The C library would give up at another answer than ENOSYS to clone3, whose flags no filter can see. */
    answer(program, ANSWER(ENOSYS));
}

bool sr_filter_known(void) {
    /* Asked with nothing to look at, a kernel that has filters faults, and another does not know the word. */
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 && errno == EFAULT;
}

bool sr_filter_enter(void) {
    static struct program program;
    write_program(&program);
    if (program.count > MOST) {
        return false;
    }
    struct sock_fprog given = {(unsigned short)program.count, program.lines};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &given, 0, 0) == 0;
}

#endif
