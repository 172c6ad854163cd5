/*
 * Whoever starts the engine himself, and tries to be there before it shuts itself off:
 *
 *     early look MODULE LAUNCHER [--foreground]    opens the memory of everything that is to become the
 * engine, as early as it can be opened, lets an application import a key, and looks for the key. Prints
 * "opened N, found M". early trace MODULE LAUNCHER [--foreground]   attaches to it before it is even
 * executed, and goes along with every fork. Prints how the launcher ended, and how many of the processes that
 * came of it ended by themselves: "ended 4 of 2".
 *
 * $STRONGROOM_HOME and $STRONGROOM_CONFIG lead to the store. Root, who may read everything, first becomes
 * somebody else.
 */
#define _GNU_SOURCE
#include "../fault/clients/client.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define OPENED_MOST 64
#define PATIENCE_MS 60000

static unsigned char key[32];
static const char *store, *config;

struct opened {
    pid_t pid;
    int mem, maps;
};
static struct opened opened[OPENED_MOST];
static size_t opened_count;

static pid_t launch(const char *launcher, const char *flag, bool traced) {
    pid_t child = fork();
    if (child != 0)
        return child;
    if (traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(90);
    if (flag != NULL)
        execl(launcher, launcher, flag, "--store", store, "--config", config, "--linger-seconds", "20", NULL);
    else
        execl(launcher, launcher, "--store", store, "--config", config, "--linger-seconds", "20", NULL);
    _exit(91);
}

static size_t read_file(pid_t pid, const char *name, char *into, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? 0 : read(file, into, size - 1);
    if (file >= 0)
        close(file);
    got = got < 0 ? 0 : got;
    into[got] = '\0';
    return (size_t)got;
}

/* Whether the process runs the engine's program for our store. */
static bool is_engine(pid_t pid) {
    static const char program[] = "engine.cjs";
    char line[16384];
    size_t length = read_file(pid, "cmdline", line, sizeof line);
    return memmem(line, length, program, sizeof program - 1) != NULL &&
           memmem(line, length, store, strlen(store)) != NULL;
}

static bool known(pid_t pid) {
    for (size_t i = 0; i < opened_count; i++)
        if (opened[i].pid == pid)
            return true;
    return false;
}

static void open_all(void) {
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    while ((entry = readdir(processes)) != NULL) {
        pid_t pid = atoi(entry->d_name);
        if (pid <= 0 || pid == getpid() || known(pid) || opened_count == OPENED_MOST || !is_engine(pid))
            continue;
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
        int mem = open(path, O_RDONLY | O_CLOEXEC);
        snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
        int maps = open(path, O_RDONLY | O_CLOEXEC);
        if (mem >= 0 && maps >= 0) {
            opened[opened_count++] = (struct opened){pid, mem, maps};
            continue;
        }
        if (mem >= 0)
            close(mem);
        if (maps >= 0)
            close(maps);
    }
    closedir(processes);
}

static bool served(void) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/engine.socket", store);
    return access(path, F_OK) == 0;
}

/* The honest application: imports the key, says so, and stays until its input ends. */
static void honest(const char *module, int ready, int until) {
    load_module(module);
    NEED(initialise());
    make_token();
    CK_SESSION_HANDLE session;
    NEED(open_user(&session));
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    CK_ATTRIBUTE secret[] = {VAR(CKA_CLASS, class),    VAR(CKA_KEY_TYPE, type), VAR(CKA_SENSITIVE, yes),
                             VAR(CKA_EXTRACTABLE, no), VAR(CKA_ENCRYPT, yes),   {CKA_VALUE, key, sizeof key}};
    CK_OBJECT_HANDLE object;
    NEED(p11->C_CreateObject(session, secret, COUNT(secret), &object));
    CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0};
    unsigned char block[16] = {0}, out[16];
    CK_ULONG length = sizeof out;
    NEED(p11->C_EncryptInit(session, &ecb, object));
    NEED(p11->C_Encrypt(session, block, sizeof block, out, &length));
    if (write(ready, "r", 1) != 1)
        give_up("nobody listens");
    ssize_t end = read(until, block, 1);
    (void)end;
    p11->C_Finalize(NULL);
    _exit(0);
}

/* How often the key lies in this memory. */
static unsigned found_in(const struct opened *process) {
    static char maps[1 << 20];
    static unsigned char chunk[1 << 20];
    size_t length = 0;
    ssize_t got;
    while (length < sizeof maps - 1 &&
           (got = read(process->maps, maps + length, sizeof maps - 1 - length)) > 0)
        length += (size_t)got;
    maps[length] = '\0';
    unsigned found = 0;
    for (char *line = strtok(maps, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        unsigned long from, to;
        char access[8];
        if (sscanf(line, "%lx-%lx %7s", &from, &to, access) != 3 || access[0] != 'r' || access[1] != 'w')
            continue;
        for (unsigned long at = from; at < to;) {
            size_t wanted = to - at < sizeof chunk ? to - at : sizeof chunk;
            got = pread(process->mem, chunk, wanted, (off_t)at);
            if (got <= 0) {
                at += 4096;
                continue;
            }
            for (unsigned char *p = chunk;
                 (p = memmem(p, (size_t)got - (size_t)(p - chunk), key, sizeof key)) != NULL; p++)
                found++;
            at += (unsigned long)got;
        }
    }
    return found;
}

static void look(const char *module, const char *launcher, const char *flag) {
    uint64_t began = now_ms();
    pid_t launched = launch(launcher, flag, false);
    while (!served()) {
        open_all();
        if (now_ms() - began > PATIENCE_MS)
            give_up("the engine does not serve");
    }
    open_all();
    int ready[2], until[2];
    if (pipe(ready) != 0 || pipe(until) != 0)
        give_up("no pipe");
    pid_t application = fork();
    if (application == 0) {
        close(until[1]);
        honest(module, ready[1], until[0]);
    }
    close(ready[1]);
    char byte;
    if (read(ready[0], &byte, 1) != 1)
        give_up("the application has imported nothing");
    open_all();
    unsigned found = 0;
    for (size_t i = 0; i < opened_count; i++)
        found += found_in(&opened[i]);
    close(until[1]);
    waitpid(application, NULL, 0);
    if (flag != NULL)
        kill(launched, SIGTERM);
    printf("opened %zu, found %u\n", opened_count, found);
}

static void trace(const char *launcher, const char *flag) {
    pid_t launched = launch(launcher, flag, true);
    int status, launcher_status = 0;
    unsigned ended = 0, seen = 1;
    if (waitpid(launched, &status, 0) != launched || !WIFSTOPPED(status))
        give_up("it cannot be traced");
    ptrace(PTRACE_SETOPTIONS, launched, NULL,
           PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, launched, NULL, NULL);
    uint64_t began = now_ms();
    while (now_ms() - began < PATIENCE_MS && !served()) {
        pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);
        if (pid < 0)
            break;
        if (pid == 0) {
            sleep_us(500);
        } else if (WIFSTOPPED(status)) {
            int event = status >> 16, number = WSTOPSIG(status);
            seen += event != 0 && event != PTRACE_EVENT_STOP;
            ptrace(PTRACE_CONT, pid, NULL, event != 0 || number == SIGSTOP || number == SIGTRAP ? 0 : number);
        } else {
            ended++;
            launcher_status = pid == launched && WIFEXITED(status) ? WEXITSTATUS(status) : launcher_status;
        }
    }
    printf("launcher %d, ended %u of %u, %s\n", launcher_status, ended, seen,
           served() ? "serves" : "does not serve");
}

int main(int argc, char **argv) {
    store = getenv("STRONGROOM_HOME");
    config = getenv("STRONGROOM_CONFIG");
    if (argc < 4 || store == NULL || config == NULL)
        give_up("usage: early look|trace MODULE LAUNCHER [--foreground]");
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        give_up("cannot become nobody");
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)(0xa7 ^ (i * 37));
    if (strcmp(argv[1], "look") == 0)
        look(argv[2], argv[3], argv[4]);
    else
        trace(argv[3], argv[4]);
    return 0;
}
