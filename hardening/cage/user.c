/* Users on Linux. */
#define _GNU_SOURCE
#include "user.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define KEPT_CAPABILITY CAP_NET_BIND_SERVICE

struct account {
    uid_t uid;
    gid_t gid;
    const char *name; /* NULL for one whom the system's files do not know */
};

/* A user's or group's number; UINT32_MAX, which nobody can have, when it is none. `end` is behind it. */
static uint32_t number(const char *text, const char **end) {
    char *behind;
    errno = 0;
    unsigned long long value = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &behind, 10) : UINT64_MAX;
    if (value >= UINT32_MAX || errno != 0) {
        return UINT32_MAX;
    }
    *end = behind;
    return (uint32_t)value;
}

static bool find(const char *wish, struct account *account) {
    const char *end = wish;
    uint32_t uid = number(wish, &end);
    if (uid != UINT32_MAX && *end == ':') {
        uint32_t gid = number(end + 1, &end);
        *account = (struct account){uid, gid, NULL};
        return gid != UINT32_MAX && *end == '\0';
    }
    const struct passwd *entry = uid != UINT32_MAX && *end == '\0' ? getpwuid(uid) : getpwnam(wish);
    if (entry == NULL) {
        return false;
    }
    *account = (struct account){entry->pw_uid, entry->pw_gid, entry->pw_name};
    return true;
}

/* Of what this process may do beyond its user's rights, nothing is left to it and what it executes but the
 * one. */
static void drop_privileges(void) {
    for (int capability = 0; capability <= 63; capability++) {
        if (capability != KEPT_CAPABILITY) {
            (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
            (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, capability, 0, 0);
        }
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) == 0) {
        const uint32_t kept = 1u << KEPT_CAPABILITY;
        data[0].effective &= kept;
        data[0].permitted &= kept;
        data[0].inheritable &= kept;
        memset(&data[1], 0, sizeof data[1]);
        (void)syscall(SYS_capset, &header, data);
    }
}

static bool is(const struct account *account) {
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    return getresuid(&real, &effective, &saved) == 0 &&
           getresgid(&group, &effective_group, &saved_group) == 0 && real == account->uid &&
           effective == account->uid && saved == account->uid && group == account->gid &&
           effective_group == account->gid && saved_group == account->gid;
}

/* Whether there is a way back, which is tried. */
static bool can_return(const struct account *account) {
    return account->uid != 0 &&
           (setuid(0) == 0 || seteuid(0) == 0 || setresuid((uid_t)-1, 0, (uid_t)-1) == 0 ||
            (account->gid != 0 && setgid(0) == 0) || setgroups(0, NULL) == 0);
}

bool sr_user_become(const char *wish, char *words, size_t size) {
    if (wish == NULL) {
        drop_privileges();
        return true;
    }
    struct account account;
    if (!find(wish, &account)) {
        snprintf(words, size,
                 "there is no user %.200s (one whom /etc/passwd does not know is written NUMBER:GROUP)",
                 wish);
        return false;
    }
    if (geteuid() != 0) {
        if (geteuid() != account.uid) {
            snprintf(words, size, "only root can make a process of the user %.200s", wish);
            return false;
        }
        drop_privileges();
        return true;
    }
    bool grouped =
        account.name != NULL ? initgroups(account.name, account.gid) == 0 : setgroups(0, NULL) == 0;
    if (!grouped || setresgid(account.gid, account.gid, account.gid) != 0) {
        snprintf(words, size, "cannot take the groups of the user %.200s: %s", wish, strerror(errno));
        return false;
    }
    /* While it is root still: afterwards it may drop nothing that it does not have. */
    for (int capability = 0; capability <= 63; capability++) {
        (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    if (setresuid(account.uid, account.uid, account.uid) != 0) {
        snprintf(words, size, "cannot become the user %.200s: %s", wish, strerror(errno));
        return false;
    }
    drop_privileges();
    if (!is(&account) || can_return(&account)) {
        snprintf(words, size, "has not become the user %.200s for good", wish);
        return false;
    }
    return true;
}
