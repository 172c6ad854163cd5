/*
 * Birth on Linux: a constructor of the preloaded library, so that it runs while the process has one thread,
 * no JavaScript and nothing of ours but this file.
 *
 * execve made the process inspectable (proc(5), "dumpable"), and until the constructor runs, whoever has its
 * user id may open its memory or attach to it, and keep that. So the constructor shuts the process off and
 * forks. A descriptor of the parent's memory stays one of the parent's memory; the child's address space is a
 * copy of one that was shut off already.
 */
#define _GNU_SOURCE
#include "birth.h"
#include "../cage/cage.h"
#include "../cage/keeper.h"
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_BORN = 4 };

/* What the child tells its parent when it has settled. */
#define SETTLED SIGUSR1

/* The socket to whoever looks after a process on a leash, and how many seconds one has to end when he has
 * gone. */
#define LEASH 3
#define PATIENCE 10

/* What the launcher has asked for; see birth.h. */
struct wishes {
    bool attended;
    bool ready;
    bool leash;
    bool doors;
    bool caged;
    bool ruleset;
};

static bool born;
static pid_t parent; /* the one that waits for us to settle; 0 when there is none */

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > 0) {
        size_t used = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
        line[used++] = '\n';
        ssize_t written = write(STDERR_FILENO, line, used);
        (void)written; /* a log that cannot be written keeps nobody from anything */
    }
}

/* Whether somebody traces this process. Where there is no /proc to ask, nobody could have found us there
 * either. */
static bool traced(void) {
    static const char name[] = "TracerPid:\t";
    char status[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    size_t length = 0;
    ssize_t got;
    while (length < sizeof status - 1 &&
           (got = read(file, status + length, sizeof status - 1 - length)) > 0) {
        length += (size_t)got;
    }
    close(file);
    status[length] = '\0';
    const char *found = strstr(status, name);
    return found != NULL && found[sizeof name - 1] != '0';
}

static void refuse(bool ready) {
    say("strongroom: cannot start: another process traces the engine, and could read its keys");
    if (ready) {
        static const unsigned char word[9] = {'E', 0x30}; /* CKR_DEVICE_ERROR, see await_ready in the shim */
        ssize_t written = write(3, word, sizeof word);
        (void)written;
    }
    _exit(EXIT_NOT_BORN);
}

/* Ends as the child has ended, so that whoever waits for us learns the same. */
static void end_as(int status) {
    if (WIFEXITED(status)) {
        _exit(WEXITSTATUS(status));
    }
    int number = WTERMSIG(status);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
    (void)sigprocmask(SIG_UNBLOCK, &only, NULL);
    _exit(128 + number);
}

static void say_how(int status) {
    int number = WTERMSIG(status);
    const char *why = number == SIGSYS
                          ? ": a seccomp filter of the application that started it forbids what it needs"
                      : number == SIGXCPU ? ": the limit of processor time (ulimit -t) was reached"
                      : number == SIGKILL ? ": by somebody, for want of memory, or at a limit"
                                          : "";
    say("strongroom: the engine was ended before it served, by signal %d (%s)%s", number, strsignal(number),
        why);
}

/* Has the kernel tell this process when the leash moves. */
static void hold_leash(void) {
    (void)fcntl(LEASH, F_SETOWN, getpid());
    (void)fcntl(LEASH, F_SETFL, fcntl(LEASH, F_GETFL) | O_ASYNC);
}

/* Whether whoever held the other end of the leash has gone. */
static bool let_go(void) {
    struct pollfd leash = {.fd = LEASH, .events = POLLRDHUP};
    return poll(&leash, 1, 0) > 0 && leash.revents != 0;
}

/* Tells him our number, and waits until he knows it: from then on whatever comes from it is known to be ours.
 */
static void introduce(void) {
    char word[16];
    int length = snprintf(word, sizeof word, "P%d\n", (int)getpid());
    char answer;
    if (write(LEASH, word, (size_t)length) != length || read(LEASH, &answer, 1) != 1) {
        _exit(EXIT_NOT_BORN);
    }
}

/* Looks after children that have ended: the one means our own end, others are doors. */
static void reap(pid_t child, const struct wishes *wishes) {
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended != child || !(WIFEXITED(status) || WIFSIGNALED(status))) {
            continue;
        }
        if (!wishes->attended && WIFSIGNALED(status)) {
            say_how(status);
        }
        if (wishes->leash) {
            char word[16];
            int length = snprintf(word, sizeof word, "X%d\n", status);
            (void)send(LEASH, word, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        end_as(status);
    }
}

/*
 * The parent's whole remaining life. With `attended` it lasts as long as the child's; otherwise until the
 * child has settled, so that an end before that is put into words.
 */
__attribute__((noreturn)) static void attend(pid_t child, const sigset_t *awaited,
                                             const struct wishes *wishes) {
    bool ending = false;
    for (;;) {
        if (wishes->leash && !ending && let_go()) {
            ending = true;
            (void)kill(child, SIGTERM);
        }
        if (wishes->doors) {
            sr_keeper_look();
        }
        siginfo_t about;
        const struct timespec patience = {.tv_sec = PATIENCE};
        int number = ending ? sigtimedwait(awaited, &about, &patience) : sigwaitinfo(awaited, &about);
        if (number < 0 && ending && errno == EAGAIN) {
            (void)kill(child, SIGKILL);
        } else if (number == SIGIO) {
            /* Something was said to us, or somebody has gone: looked at above. */
        } else if (number == SETTLED) {
            if (!wishes->attended && about.si_pid == child) {
                _exit(0);
            }
        } else if (number == SIGCHLD) {
            reap(child, wishes);
        } else if (number > 0 && about.si_code != SI_KERNEL) {
            /* A key such as Ctrl-C reaches both, and must not reach the engine twice: it means something the
             * second time. */
            (void)kill(child, number);
        }
    }
}

static void give_birth(const struct wishes *wishes) {
    if (traced()) {
        refuse(wishes->ready);
    }
    static const int kinds[] = {SIGCHLD, SETTLED, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGIO};
    sigset_t awaited;
    sigset_t before;
    sigemptyset(&awaited);
    for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
        sigaddset(&awaited, kinds[index]);
    }
    (void)sigprocmask(SIG_BLOCK, &awaited, &before);
    if (wishes->doors && !sr_keeper_make()) {
        say("strongroom: cannot start: no socket to be had (%s)", strerror(errno));
        _exit(EXIT_NOT_BORN);
    }
    pid_t self = getpid();
    pid_t child = fork();
    if (child < 0) {
        say("strongroom: cannot start: no process to be had (%s)", strerror(errno));
        _exit(EXIT_NOT_BORN);
    }
    if (child > 0) {
        if (wishes->leash) {
            hold_leash();
        }
        if (wishes->ruleset) {
            (void)close(SR_CAGE_RULESET);
        }
        if (wishes->doors) {
            sr_keeper_hold();
        }
        attend(child, &awaited, wishes);
    }
    if (wishes->doors) {
        sr_keeper_join();
    }
    if (wishes->attended) {
        /* Whoever kills the parent means the engine. */
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != self) {
            _exit(EXIT_NOT_BORN);
        }
    }
    parent = wishes->attended ? 0 : self;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (traced()) {
        refuse(wishes->ready);
    }
    if (wishes->leash) {
        introduce();
    }
    if (wishes->caged && !sr_cage_enter(wishes->ruleset)) {
        say("strongroom: cannot start: the cage of the network door does not close (%s)", strerror(errno));
        _exit(EXIT_NOT_BORN);
    }
    born = prctl(PR_GET_DUMPABLE) == 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *letters = getenv(SR_BIRTH_VARIABLE);
    if (letters == NULL) {
        return;
    }
    const struct wishes wishes = {.attended = strchr(letters, 'a') != NULL,
                                  .ready = strchr(letters, 'r') != NULL,
                                  .leash = strchr(letters, 'l') != NULL,
                                  .doors = strchr(letters, 'd') != NULL,
                                  .caged = strchr(letters, 'c') != NULL,
                                  .ruleset = strchr(letters, 't') != NULL};
    (void)unsetenv(SR_BIRTH_VARIABLE);
    if ((sr_process_lockdown() & SR_LOCKDOWN_DUMPABLE) == 0) {
        give_birth(&wishes);
    }
}

bool sr_process_born(void) {
    return born;
}

/* Whoever is told afterwards that the engine serves shall find one process, so its end is waited for; it has
 * only that to do. */
void sr_process_settled(void) {
    if (parent != 0 && getppid() == parent) {
        (void)kill(parent, SETTLED);
        for (int turn = 0; turn < 1000 && getppid() == parent; turn++) {
            (void)usleep(100);
        }
    }
    parent = 0;
}
