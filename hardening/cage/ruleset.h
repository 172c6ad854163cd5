/*
 * What a process can still reach by names and ports once it has given up the rest: a ruleset of Landlock,
 * which holds for the process and all that come from it, and which nobody can take off again. Nothing that is
 * not named may be read, and nothing at all be written, made, removed or executed.
 */
#ifndef STRONGROOM_RULESET_H
#define STRONGROOM_RULESET_H

#include <stdbool.h>
#include <stddef.h>

/* What the kernel cannot keep from a process; or-ed together. */
#define SR_RULESET_FILES 1   /* files: it has no Landlock at all, or it is switched off */
#define SR_RULESET_NETWORK 2 /* connections to other machines (before Linux 6.7) */
#define SR_RULESET_SIGNALS 4 /* signals to other processes of its user (before Linux 6.12) */

/* What this kernel lacks. */
int sr_ruleset_lacks(void);

/* A new ruleset, as a descriptor that execve closes; -1 where the kernel has none. */
int sr_ruleset_make(void);

/* The file, or all that is below the folder, may be read. False when there is no such thing. */
bool sr_ruleset_read(int ruleset, const char *path);

/* Programs of other machines may be let in at that port, 0 for any that is free; and reached at that port.
 * True where the kernel keeps nobody from it anyway. */
bool sr_ruleset_listen(int ruleset, unsigned port);
bool sr_ruleset_connect(int ruleset, unsigned port);

/* From now on it holds for this thread and those that it makes. */
bool sr_ruleset_enter(int ruleset);

#endif
