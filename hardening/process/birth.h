/*
 * How the engine's process comes into the world: as the fork of a process that could not be inspected any
 * more, so that its address space never could. See docs/decisions/2026-11-27-born-undumpable.md.
 */
#ifndef STRONGROOM_BIRTH_H
#define STRONGROOM_BIRTH_H

#include <stdbool.h>

#pragma GCC visibility push(default)

/*
 * The variable with which strongroom-launch asks for the birth; it is gone from the environment afterwards.
 * One letter for each wish:
 *
 *     a   attended: the parent stays as long as the engine, hands signals on and ends as it ended
 *     r   descriptor 3 is the pipe on which the starter waits for a word
 *     d   the engine can have the network door started, by its parent (keeper.h); together with a
 *     l   descriptor 3 is a leash, a socket to whoever looks after the process: he is told its number ("P",
 *         digits, a line's end) and answers with a byte before anything of Node's runs in it; when his end
 *         closes, it ends; and its own end is told him ("X", the status as of waitpid, a line's end)
 *     c   in a cage (cage.h)
 *     t   for which there is a ruleset on SR_CAGE_RULESET
 */
#define SR_BIRTH_VARIABLE "STRONGROOM_BIRTH"

/* Whether this very process was born so. */
bool sr_process_born(void);

/* The engine has told its starter how it stands, or will never do so: a parent that only waited for that
 * leaves. */
void sr_process_settled(void);

#pragma GCC visibility pop

#endif
