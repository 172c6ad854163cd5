/*
 * What a process that holds keys gives up for good: being inspected, leaving a core file, gaining privileges.
 */
#ifndef STRONGROOM_LOCKDOWN_H
#define STRONGROOM_LOCKDOWN_H

#pragma GCC visibility push(default)

/* What could not be done; or-ed together. */
#define SR_LOCKDOWN_DUMPABLE 1 /* the process can still be traced and its memory read by the same uid */
#define SR_LOCKDOWN_CORE 2     /* a crash can still write a core file */
#define SR_LOCKDOWN_NEW_PRIVILEGES                                                                           \
    4 /* a set-uid program run from here would still gain its owner's rights                                 \
       */

/*
 * Applies all three and returns the mask of those that failed, 0 when none did. May be called more than once.
 *
 * execve sets "dumpable" again (proc(5), /proc/pid/...; prctl(2), PR_SET_DUMPABLE), the other two survive it.
 * So the launcher's call covers the core limit and the privileges, and the engine calls again, through its
 * addon, once it runs. From then on /proc/<pid>/ belongs to root: neither a debugger nor /proc/<pid>/mem is
 * open to the engine's own uid.
 */
int sr_process_lockdown(void);

#pragma GCC visibility pop

#endif
