/*
 * strongroom-launch: starts the engine from inside any application, so that nothing of that application comes
 * along.
 *
 *     strongroom-launch [--foreground [--service]] --store DIR [--config FILE] [--ready-fd 3] [further
 * arguments of the engine]
 *
 * DIR and FILE are absolute. The library in the application runs it; so may a person or systemd, with
 * --foreground: then it neither leaves the session nor returns, and the standard error stays what it is.
 * Otherwise the engine becomes nobody's child, its standard error goes to DIR/engine.log, and this program
 * returns at once.
 *
 * With --service, which needs --foreground, the few things come along that whoever starts a service hands
 * it (service.h): a socket that listens already becomes --listen-fd 3, and some variables stay.
 *
 *     strongroom-launch --door --config FILE [--user USER] [--apart DIR] [--leash] [--ready-fd 3]
 *                       [further arguments of the door]
 *
 * starts the network door in the same way, in the foreground and with what a service is handed but the
 * socket: as another user where root says which, and in a cage (cage.h) that has nothing of DIR, the store,
 * in it. With --leash, descriptor 3 is a socket to whoever looks after the door: its end is the door's
 * (birth.h).
 *
 * Exit codes: 0 the engine was started (it says itself, on its socket, when it is ready), 2 usage, 3 the
 * runtime is missing or cannot be executed, 4 the system refused a process or /dev/null, 5 a hard limit is
 * too low, 6 the socket that was handed over is of no use, 7
 * the door's user or configuration is. With --ready-fd, what went wrong is written to
 * DIR/engine.log, since the standard error is somebody else's, and the descriptor gets 'E' and a CK_RV.
 *
 * Everything it needs lies beside its own file, which the kernel names; neither PATH nor argv[0] is asked.
 */
#define _GNU_SOURCE
#include "../cage/cage.h"
#include "../cage/door.h"
#include "birth.h"
#include "lockdown.h"
#include "log.h"
#include "rlimits.h"
#include "service.h"
#include "surroundings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    EXIT_STARTED = 0,
    EXIT_USAGE = 2,
    EXIT_NO_RUNTIME = 3,
    EXIT_NO_PROCESS = 4,
    EXIT_LIMIT = 5,
    EXIT_SOCKET = 6,
    EXIT_DOOR = 7
};

/* The pipe on which the engine tells its starter that it serves. */
#define READY_FD 3

/* How an engine, or a door, is started. */
struct manner {
    bool door;         /* the network door, not an engine */
    bool leash;        /* descriptor 3 is the socket to whoever looks after the door */
    bool caged;        /* with a ruleset for its cage */
    const char *user;  /* of the door, or NULL */
    const char *apart; /* what the door has nothing to do with, or NULL */
    bool foreground;
    bool ready;     /* descriptor 3 is the pipe to the starter */
    bool service;   /* with what whoever starts a service hands it */
    bool listening; /* descriptor 3 is the service's socket */
};

/*
 * How Node runs; the figures behind it are in hardening/README.md. One platform worker instead of four saves
 * threads, while none at all would put compilation on the thread that answers calls. A young generation of 4
 * MiB bounds the memory and costs no speed; V8's own choice grows to 16 MiB and more. Without the last one a
 * signal from anybody of our user id would open a debugger's port, to everybody on this machine.
 */
static const char *const node_flags[] = {"--no-warnings", "--v8-pool-size=1", "--max-semi-space-size=4",
                                         "--disable-sigusr1"};
#define NODE_FLAGS (sizeof node_flags / sizeof node_flags[0])

struct runtime {
    char folder[PATH_MAX];
    char node[PATH_MAX];
    char script[PATH_MAX]; /* the engine, or the door */
    char needs[PATH_MAX];  /* what says what the door must reach */
    char guard[PATH_MAX];
};

struct environment {
    char preload[PATH_MAX + sizeof "LD_PRELOAD="];
    char home[PATH_MAX + sizeof "HOME="];
    char birth[sizeof SR_BIRTH_VARIABLE "=arldct"];
    char stream[64]; /* JOURNAL_STREAM for a door that is looked after */
    struct sr_service_variables service;
};

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("strongroom-launch: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static bool flag(int argc, char *const argv[], const char *name) {
    for (int index = 1; index < argc; index++) {
        if (strcmp(argv[index], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The value after an option, or NULL. */
static const char *option(int argc, char *const argv[], const char *name) {
    for (int index = 1; index + 1 < argc; index++) {
        if (strcmp(argv[index], name) == 0) {
            return argv[index + 1];
        }
    }
    return NULL;
}

static bool beside(char out[PATH_MAX], const char *folder, const char *name) {
    int length = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return length > 0 && length < PATH_MAX;
}

/* Finds the files in this program's own folder; complains and answers false when one cannot be used. */
static bool find_runtime(struct runtime *runtime, bool door) {
    char *self = runtime->folder;
    ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);
    if (length <= 0 || length >= PATH_MAX - 1) {
        complain("cannot tell where this program lies (is /proc mounted?)");
        return false;
    }
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    if (!beside(runtime->node, self, "node") ||
        !beside(runtime->script, self, door ? "door.cjs" : "engine.cjs") ||
        !beside(runtime->needs, self, "door-needs.mjs") ||
        !beside(runtime->guard, self, "libstrongroom-guard.so")) {
        complain("the path of this program is too long");
        return false;
    }
    const char *missing = access(runtime->node, X_OK) != 0     ? runtime->node
                          : access(runtime->script, R_OK) != 0 ? runtime->script
                          : access(runtime->guard, R_OK) != 0  ? runtime->guard
                                                               : NULL;
    if (missing != NULL) {
        complain("%s: %s", missing, strerror(errno));
        return false;
    }
    return true;
}

/* Where the user's home is: as given by whoever starts us, else the password file's. */
static const char *home(void) {
    const char *given = secure_getenv("HOME");
    if (given != NULL && given[0] == '/' && strlen(given) < PATH_MAX) {
        return given;
    }
    const struct passwd *entry = getpwuid(geteuid());
    bool usable = entry != NULL && entry->pw_dir[0] == '/' && strlen(entry->pw_dir) < PATH_MAX;
    return usable ? entry->pw_dir : "/";
}

/*
 * The loader splits LD_PRELOAD at spaces and colons. A path with one of them is given as a descriptor
 * instead, which then stays open in the engine; it is to the library's file, which anyone may read.
 */
static bool set_preload(struct environment *environment, const char *guard) {
    if (strpbrk(guard, ": \t\n") == NULL) {
        snprintf(environment->preload, sizeof environment->preload, "LD_PRELOAD=%s", guard);
        return true;
    }
    int library = open(guard, O_RDONLY);
    if (library < 0) {
        return false;
    }
    snprintf(environment->preload, sizeof environment->preload, "LD_PRELOAD=/proc/self/fd/%d", library);
    return true;
}

static void run_engine(const struct runtime *runtime, struct environment *environment, bool listening,
                       int argc, char *argv[]) {
    const char **arguments = calloc(NODE_FLAGS + (size_t)argc + 5, sizeof *arguments);
    if (arguments == NULL || !set_preload(environment, runtime->guard)) {
        complain("cannot prepare the engine: %s", strerror(errno));
        return;
    }
    size_t count = 0;
    arguments[count++] = runtime->node;
    for (size_t index = 0; index < NODE_FLAGS; index++) {
        arguments[count++] = node_flags[index];
    }
    arguments[count++] = runtime->script;
    for (int index = 0; index < argc; index++) {
        arguments[count++] = argv[index];
    }
    if (listening) {
        arguments[count++] = "--listen-fd";
        arguments[count++] = "3";
    }
    const char *variables[7 + SR_SERVICE_VARIABLES] = {
        "PATH=/usr/bin:/bin", "LANG=C.UTF-8", environment->home, environment->preload, environment->birth};
    size_t named = 5;
    for (size_t index = 0; index < environment->service.count; index++) {
        variables[named++] = environment->service.text[index];
    }
    if (environment->stream[0] != '\0') {
        variables[named++] = environment->stream;
    }
    (void)signal(SIGXFSZ, SIG_DFL);
    /* execve takes pointers to non-const for historical reasons and changes nothing. */
    execve(runtime->node, (char *const *)(uintptr_t)arguments, (char *const *)(uintptr_t)variables);
    complain("%s: %s", runtime->node, strerror(errno));
}

/* In the parent: the exit code. In the process that is to become the engine, which has a session of its own:
 * -1. That it leads the session, and could acquire a terminal, ends with its birth, which is another fork. */
static int detach(void) {
    pid_t child = fork();
    if (child < 0) {
        complain("cannot start a process: %s", strerror(errno));
        return EXIT_NO_PROCESS;
    }
    if (child > 0) {
        return EXIT_STARTED;
    }
    (void)setsid();
    return -1;
}

/* Whoever looks after the door reads the level in front of each line, as a journal does; so it is told that
 * it writes to one. */
static void note_stream(struct environment *environment) {
    struct stat about;
    environment->service.count = 0; /* others are not the door's to tell */
    if (fstat(STDERR_FILENO, &about) == 0) {
        snprintf(environment->stream, sizeof environment->stream, "JOURNAL_STREAM=%llu:%llu",
                 (unsigned long long)about.st_dev, (unsigned long long)about.st_ino);
    }
}

/* Its user, and what it may reach. */
static bool prepare_door(struct manner *manner, const struct runtime *runtime, const char *config) {
    const struct sr_door door = {.user = manner->user,
                                 .config = config,
                                 .apart = manner->apart,
                                 .folder = runtime->folder,
                                 .node = runtime->node,
                                 .needs = runtime->needs};
    char words[400] = "";
    bool done = sr_door_prepare(&door, &manner->caged, words, sizeof words);
    if (words[0] != '\0') {
        complain("%s", words);
    }
    return done;
}

/* What it takes to become the engine; returns only when that failed, with the exit code. */
static int launch(struct manner *manner, const char *store, const char *config, int argc, char *argv[]) {
    static struct runtime runtime;
    static struct environment environment;
    if (!find_runtime(&runtime, manner->door)) {
        return EXIT_NO_RUNTIME;
    }
    if (manner->door && !prepare_door(manner, &runtime, config)) {
        return EXIT_DOOR;
    }
    snprintf(environment.home, sizeof environment.home, "HOME=%s", home());
    snprintf(environment.birth, sizeof environment.birth, SR_BIRTH_VARIABLE "=%s%s%s%s%s%s",
             manner->foreground ? "a" : "", manner->ready ? "r" : "", manner->leash ? "l" : "",
             manner->service && !manner->door ? "d" : "", manner->door ? "c" : "", manner->caged ? "t" : "");
    if (manner->service) {
        sr_service_take(&environment.service);
    }
    if (manner->leash) {
        note_stream(&environment);
    }
    if (!sr_null_stdio(manner->foreground || manner->ready)) {
        complain("/dev/null: %s", strerror(errno));
        return EXIT_NO_PROCESS;
    }
    if (!manner->foreground) {
        if (!manner->ready) {
            (void)sr_log_stderr(store);
        }
        int code = detach();
        if (code >= 0) {
            return code;
        }
    }
    int failed = sr_process_lockdown();
    if (failed != 0) {
        complain("some protections of the process are not available here (mask %d)", failed);
    }
    run_engine(&runtime, &environment, manner->listening, argc, argv);
    return EXIT_NO_RUNTIME;
}

/* Tells the starter, which waits, why there will be no engine. Should it have gone, then so. */
static void tell_starter(unsigned long code) {
    unsigned char word[9] = {'E'};
    for (size_t index = 1; index < sizeof word; index++) {
        word[index] = (unsigned char)(code >> (8 * (index - 1)));
    }
    ssize_t written = write(READY_FD, word, sizeof word);
    (void)written;
}

/* What is said to this program of the door, and not to the door, is taken out of the arguments. */
static int read_door(struct manner *manner, int argc, char *argv[]) {
    int left = 1;
    for (int index = 2; index < argc; index++) {
        if (strcmp(argv[index], "--leash") == 0) {
            manner->leash = true;
        } else if (strcmp(argv[index], "--user") == 0 && index + 1 < argc) {
            manner->user = argv[++index];
        } else if (strcmp(argv[index], "--apart") == 0 && index + 1 < argc) {
            manner->apart = argv[++index];
        } else {
            argv[left++] = argv[index];
        }
    }
    return left;
}

static bool absolute(const char *path) {
    return path != NULL && path[0] == '/';
}

int main(int argc, char *argv[]) {
    sr_surroundings_reset();
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit on the log's size must not end us before we have said so */
    char limit[300];
    unsigned long refusal = sr_limits_raise(limit, sizeof limit);
    struct manner manner = {.foreground = argc > 1 && strcmp(argv[1], "--foreground") == 0,
                            .door = argc > 1 && strcmp(argv[1], "--door") == 0};
    int skipped = manner.foreground ? 2 : 1;
    if (manner.door) {
        manner.foreground = true;
        argc = read_door(&manner, argc, argv);
    }
    manner.service = manner.door || (manner.foreground && flag(argc, argv, "--service"));
    const char *store = option(argc, argv, "--store");
    const char *config = option(argc, argv, "--config");
    /* Either is descriptor 3, the one that may come along. */
    const char *ready_number = option(argc, argv, "--ready-fd");
    manner.ready = ready_number != NULL && strcmp(ready_number, "3") == 0;
    bool usable = manner.door ? absolute(config) && (manner.ready || !manner.leash)
                              : absolute(store) && (config == NULL || absolute(config));
    if (!usable) {
        complain(
            "usage: strongroom-launch [--foreground [--service]] --store /DIR [--config /FILE] [engine's "
            "arguments], or strongroom-launch --door --config /FILE [--user USER] [--apart /DIR] [--leash "
            "--ready-fd 3] "
            "[door's arguments]");
        return EXIT_USAGE;
    }
    char words[200];
    int handed = manner.service && !manner.door && !manner.ready ? sr_service_socket(words, sizeof words) : 0;
    manner.listening = handed > 0;
    if (handed < 0) {
        complain("%s", words);
        return EXIT_SOCKET;
    }
    sr_close_from(STDERR_FILENO + (manner.ready || manner.listening ? 2 : 1));
    if (manner.ready && !manner.foreground && !sr_log_stderr(store)) {
        /* Nowhere to say anything: the starter's standard error is not ours. */
        (void)close(STDERR_FILENO);
    }
    if (limit[0] != '\0') {
        complain("%s", limit);
    }
    int code = refusal != 0 ? EXIT_LIMIT : launch(&manner, store, config, argc - skipped, argv + skipped);
    if (code != EXIT_STARTED && manner.ready) {
        tell_starter(refusal != 0 ? refusal : SR_LIMITS_DEVICE);
    }
    _exit(code);
}
