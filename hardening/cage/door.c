/*
 * The door's preparation on Linux. What it must reach stands in its configuration, which C does not read: a
 * script of ours does, in a process of its own that has ended before there is a door, and says it in lines:
 *
 *     read PATH       the file, or all below the folder, may be read
 *     listen PORT     programs of other machines come in at that port
 *     connect PORT    another machine is reached at that port
 */
#define _GNU_SOURCE
#include "door.h"
#include "cage.h"
#include "ruleset.h"
#include "user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What Node and the C library read; found by strace. What of it is not there is not missed. */
static const char *const common[] = {
    /* The loader, and the libraries. */
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/ld-musl-x86_64.path",
    "/etc/ld-musl-aarch64.path",
    /* Names of machines and users, time zones. */
    "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group",
    "/etc/localtime", "/usr/share/zoneinfo",
    /* OpenSSL's settings, and what it starts its random numbers with. */
    "/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/null",
    /* How large the machine is. */
    "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/sys/vm/overcommit_memory",
    "/proc/sys/net/core/somaxconn", "/sys/devices/system/cpu", "/sys/fs/cgroup"};

/* Adds what one line says. */
static bool take(int ruleset, const char *line) {
    static const struct {
        const char *word;
        bool (*rule)(int ruleset, unsigned port);
    } ports[] = {{"listen ", sr_ruleset_listen}, {"connect ", sr_ruleset_connect}};
    if (strncmp(line, "read /", 6) == 0) {
        /* What is not there yet cannot be named: the door itself says that it misses it. */
        (void)sr_ruleset_read(ruleset, line + 5);
        return true;
    }
    for (size_t index = 0; index < sizeof ports / sizeof ports[0]; index++) {
        size_t length = strlen(ports[index].word);
        if (strncmp(line, ports[index].word, length) == 0) {
            char *end;
            unsigned long port = strtoul(line + length, &end, 10);
            return end != line + length && *end == '\0' && port <= 65535 &&
                   ports[index].rule(ruleset, (unsigned)port);
        }
    }
    return false;
}

__attribute__((noreturn)) static void become_script(const struct sr_door *door, int output) {
    const char *arguments[] = {door->node,
                               "--no-warnings",
                               "--disable-sigusr1",
                               door->needs,
                               "--config",
                               door->config,
                               door->apart != NULL ? "--apart" : NULL,
                               door->apart,
                               NULL};
    const char *variables[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    if (dup2(output, STDOUT_FILENO) == STDOUT_FILENO) {
        /* execve takes pointers to non-const for historical reasons and changes nothing. */
        execve(door->node, (char *const *)(uintptr_t)arguments, (char *const *)(uintptr_t)variables);
    }
    _exit(127);
}

/* Runs the script and adds what it says. */
static bool ask(const struct sr_door *door, int ruleset, char *words, size_t size) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(words, size, "no pipe to be had: %s", strerror(errno));
        return false;
    }
    pid_t script = fork();
    if (script == 0) {
        become_script(door, ends[1]);
    }
    (void)close(ends[1]);
    FILE *input = script > 0 ? fdopen(ends[0], "r") : NULL;
    if (input == NULL) {
        snprintf(words, size, "no process to be had: %s", strerror(errno));
        return false;
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool understood = true;
    while ((length = getline(&line, &room, input)) > 0) {
        line[length - 1] = '\0';
        understood = take(ruleset, line) && understood;
    }
    free(line);
    (void)fclose(input);
    int status = 0;
    if (waitpid(script, &status, 0) != script || status != 0) {
        words[0] = '\0'; /* it has said so itself */
        return false;
    }
    if (!understood) {
        snprintf(words, size, "what the network door must reach cannot be laid out");
    }
    return understood;
}

bool sr_door_prepare(const struct sr_door *door, bool *ruleset, char *words, size_t size) {
    *ruleset = false;
    if (!sr_user_become(door->user, words, size)) {
        return false;
    }
    if ((sr_ruleset_lacks() & SR_RULESET_FILES) != 0) {
        return true; /* the door says what its cage lacks */
    }
    int made = sr_ruleset_make();
    if (made < 0) {
        snprintf(words, size, "cannot make a ruleset (Landlock): %s", strerror(errno));
        return false;
    }
    (void)sr_ruleset_read(made, door->folder);
    for (size_t index = 0; index < sizeof common / sizeof common[0]; index++) {
        (void)sr_ruleset_read(made, common[index]);
    }
    if (!ask(door, made, words, size)) {
        return false;
    }
    /* In its place, and through execve. */
    if (made != SR_CAGE_RULESET) {
        if (dup2(made, SR_CAGE_RULESET) < 0) {
            snprintf(words, size, "no descriptor to be had: %s", strerror(errno));
            return false;
        }
        (void)close(made);
    } else if (fcntl(made, F_SETFD, 0) != 0) {
        return false;
    }
    *ruleset = true;
    return true;
}
