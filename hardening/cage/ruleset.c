/* Rulesets on Linux: Landlock. The numbers are those of its newest interface that is used here, since the
 * headers of the machine that builds may be older than the kernel that runs. */
#define _GNU_SOURCE
#include "ruleset.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset /* the same numbers on every architecture */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* linux/landlock.h. */
#define ASK_VERSION 1u
#define RULE_PATH 1
#define RULE_PORT 2
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define NET_BIND (1ull << 0)
#define NET_CONNECT (1ull << 1)
#define SCOPE_ABSTRACT_SOCKETS (1ull << 0)
#define SCOPE_SIGNALS (1ull << 1)

struct attributes {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

struct port_rule {
    uint64_t allowed;
    uint64_t port;
};

static long version(void) {
    return syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
}

/* All that can be done to files, as far as that version knows of it. */
static uint64_t file_accesses(long known) {
    unsigned bits = known >= 5 ? 16 : known >= 3 ? 15 : known >= 2 ? 14 : 13;
    return (1ull << bits) - 1;
}

int sr_ruleset_lacks(void) {
    long known = version();
    return (known < 1 ? SR_RULESET_FILES : 0) | (known < 4 ? SR_RULESET_NETWORK : 0) |
           (known < 6 ? SR_RULESET_SIGNALS : 0);
}

int sr_ruleset_make(void) {
    long known = version();
    if (known < 1) {
        return -1;
    }
    const struct attributes all = {.fs = file_accesses(known),
                                   .net = known >= 4 ? NET_BIND | NET_CONNECT : 0,
                                   .scoped = known >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0};
    /* An older kernel knows the beginning of the structure alone. */
    size_t size = known >= 6 ? sizeof all : known >= 4 ? 16 : 8;
    return (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
}

bool sr_ruleset_read(int ruleset, const char *path) {
    struct path_rule rule = {.allowed = FS_READ_FILE, .parent = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent < 0) {
        return false;
    }
    struct stat about;
    bool there = fstat(rule.parent, &about) == 0;
    if (there && S_ISDIR(about.st_mode)) {
        rule.allowed |= FS_READ_DIR;
    }
    bool done = there && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0) == 0;
    (void)close(rule.parent);
    return done;
}

static bool port_rule(int ruleset, uint64_t allowed, unsigned port) {
    const struct port_rule rule = {.allowed = allowed, .port = port};
    return (sr_ruleset_lacks() & SR_RULESET_NETWORK) != 0 ||
           syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) == 0;
}

bool sr_ruleset_listen(int ruleset, unsigned port) {
    return port_rule(ruleset, NET_BIND, port);
}

bool sr_ruleset_connect(int ruleset, unsigned port) {
    return port_rule(ruleset, NET_CONNECT, port);
}

bool sr_ruleset_enter(int ruleset) {
    return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
}
