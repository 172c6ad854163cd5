/*
 * Stands in for strongroom-launch in a library of a test's own: runs the real one, $0 of which is in
 * killed.launcher beside it, and ends it with SIGKILL at its Nth system call, N being in killed.at; then ends
 * as it ended. Counted, not timed, so that every moment has its turn. With killed.stop in the folder it stops
 * the launcher there instead, and leaves it so.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[PATH_MAX];

static void read_word(const char *name, char *into, size_t size) {
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(into, (int)size, file) == NULL)
        _exit(80);
    into[strcspn(into, "\n")] = '\0';
    fclose(file);
}

static bool exists(const char *name) {
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* Says in killed.reached whether the launcher lived to its Nth call. */
static void reached(const char *word) {
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/killed.reached", folder);
    FILE *file = fopen(path, "w");
    if (file != NULL) {
        fputs(word, file);
        fclose(file);
    }
}

int main(int argc, char **argv) {
    (void)argc;
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (length <= 0)
        return 81;
    folder[length] = '\0';
    *strrchr(folder, '/') = '\0';
    char launcher[PATH_MAX], number[32];
    read_word("killed.launcher", launcher, sizeof launcher);
    read_word("killed.at", number, sizeof number);
    bool stop = exists("killed.stop");
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* the launcher itself; its children have lost it */
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(launcher, argv);
        _exit(82);
    }
    /* The pipe is the launcher's alone, as it would be without us. */
    close(3);
    int status;
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD);
    for (long stops = 2 * atol(number); stops > 0; stops--) {
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
        if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
            reached("no");
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 83);
        }
    }
    reached("yes");
    if (stop)
        for (;;)
            pause();
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    raise(SIGKILL);
    return 84;
}
