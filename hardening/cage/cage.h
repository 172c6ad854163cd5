/*
 * The cage of the network door: what strangers talk to can do nothing but what it is for. The launcher lays
 * out what may be reached (ruleset.h), and the new process locks itself in before anything of Node's runs
 * (birth.c), so that it holds for every thread. See docs/decisions/2026-11-28-a-door-in-a-cage.md.
 */
#ifndef STRONGROOM_CAGE_H
#define STRONGROOM_CAGE_H

#include <stdbool.h>

/* The descriptor on which the new process finds its ruleset. */
#define SR_CAGE_RULESET 4

#pragma GCC visibility push(default)

/* What the cage lacks; or-ed together with those of ruleset.h. */
#define SR_CAGE_CALLS 8 /* system calls: there is no filter for this architecture, or this kernel */

/* What a cage would lack on this machine. */
int sr_cage_lacks(void);

/* Whether this very process is in a cage, however much that one lacks. */
bool sr_process_caged(void);

#pragma GCC visibility pop

/* Locks this process in. `ruleset` says whether there is one on SR_CAGE_RULESET, which is closed. False when
 * something failed that this machine has. */
bool sr_cage_enter(bool ruleset);

#endif
