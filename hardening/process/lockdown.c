/* Lockdown on Linux. */
#include "lockdown.h"

#include <sys/prctl.h>
#include <sys/resource.h>

int sr_process_lockdown(void) {
    int failed = 0;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        failed |= SR_LOCKDOWN_DUMPABLE;
    }
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) {
        failed |= SR_LOCKDOWN_CORE;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        failed |= SR_LOCKDOWN_NEW_PRIVILEGES;
    }
    return failed;
}
