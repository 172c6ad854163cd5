/* Checks that the lockdown does what its answer says; the state before it is the control. */
#define _GNU_SOURCE
#include "lockdown.h"

#include "check.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Who owns /proc/<pid>/: of a process that may not be dumped it is root, whoever runs it. */
static uid_t proc_owner(void) {
    struct stat about;
    CHECK(stat("/proc/self/status", &about) == 0);
    return about.st_uid;
}

int main(void) {
    if (geteuid() == 0) {
        CHECK(setuid(65534) == 0);
        CHECK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0); /* changing the user had cleared it */
    }
    CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1);
    CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
    CHECK(proc_owner() == geteuid() && open("/proc/self/mem", O_RDONLY) >= 0);
    CHECK(sr_process_lockdown() == 0);
    CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    struct rlimit core;
    CHECK(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0);
    CHECK(proc_owner() == 0);
    CHECK(sr_process_lockdown() == 0);
    puts("ok");
    return 0;
}
