/* Limits on Linux. */
#define _GNU_SOURCE
#include "rlimits.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define MIB ((rlim_t)1 << 20)

struct need {
    int resource;
    const char *name; /* as a person may look it up in setrlimit(2) */
    const char *flag; /* of ulimit */
    rlim_t wanted;
    rlim_t least; /* below it nothing works, or not for long enough to be of use */
    unsigned long code;
};

/*
 * The least were tried out: V8 reserves more than a gibibyte of addresses, of which hardly any are ever
 * filled; a descriptor goes to each application and two to its process. The stack is bounded on purpose: an
 * unlimited one changes how addresses are laid out and how large the stacks of threads are.
 */
static const struct need needs[] = {
    {RLIMIT_AS, "RLIMIT_AS", "-v", RLIM_INFINITY, 2048 * MIB, SR_LIMITS_MEMORY},
    {RLIMIT_DATA, "RLIMIT_DATA", "-d", RLIM_INFINITY, 1024 * MIB, SR_LIMITS_MEMORY},
    {RLIMIT_STACK, "RLIMIT_STACK", "-s", 8 * MIB, 2 * MIB, SR_LIMITS_MEMORY},
    {RLIMIT_NPROC, "RLIMIT_NPROC", "-u", RLIM_INFINITY, 0, 0},
    {RLIMIT_NOFILE, "RLIMIT_NOFILE", "-n", RLIM_INFINITY, 64, SR_LIMITS_DEVICE},
    {RLIMIT_FSIZE, "RLIMIT_FSIZE", "-f", RLIM_INFINITY, 16 * MIB, SR_LIMITS_DEVICE},
    {RLIMIT_CPU, "RLIMIT_CPU", "-t", RLIM_INFINITY, 10, SR_LIMITS_DEVICE},
    {RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", "-l", RLIM_INFINITY, 0, 0},
    {RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING", "-i", RLIM_INFINITY, 0, 0},
    {RLIMIT_RTTIME, "RLIMIT_RTTIME", "-R", RLIM_INFINITY, 0, 0},
};

static void reset_scheduling(void) {
    /* A larger nice value, or the class for idle times, can be left only where RLIMIT_NICE or a privilege
     * allows it. */
    const struct sched_param none = {.sched_priority = 0};
    (void)sched_setscheduler(0, SCHED_OTHER, &none);
    (void)setpriority(PRIO_PROCESS, 0, 0);
    cpu_set_t all;
    memset(&all, 0xff, sizeof all); /* the kernel leaves out what there is not, or is not ours to use */
    (void)sched_setaffinity(0, sizeof all, &all);
    (void)prctl(PR_SET_TIMERSLACK, 0, 0, 0, 0);
}

unsigned long sr_limits_raise(char *words, size_t size) {
    words[0] = '\0';
    unsigned long code = 0;
    for (size_t index = 0; index < sizeof needs / sizeof needs[0]; index++) {
        const struct need *need = &needs[index];
        struct rlimit limit;
        if (getrlimit(need->resource, &limit) != 0) {
            continue;
        }
        limit.rlim_cur = need->wanted < limit.rlim_max ? need->wanted : limit.rlim_max;
        (void)setrlimit(need->resource, &limit);
        if (code == 0 && limit.rlim_max < need->least) {
            code = need->code;
            snprintf(words, size,
                     "the hard limit %s (ulimit -H %s) of the application that starts the engine is %llu, "
                     "and the engine "
                     "needs at least %llu",
                     need->name, need->flag, (unsigned long long)limit.rlim_max,
                     (unsigned long long)need->least);
        } else if (words[0] == '\0' && need->resource == RLIMIT_CPU && limit.rlim_max != RLIM_INFINITY) {
            snprintf(words, size,
                     "the engine ends after %llu s of processor time: the hard limit RLIMIT_CPU (ulimit -H "
                     "-t) of the "
                     "application that started it",
                     (unsigned long long)limit.rlim_max);
        }
    }
    reset_scheduling();
    return code;
}
