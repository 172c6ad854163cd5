/*
 * What the launcher does for a network door before it executes it: becomes its user, learns what it must
 * reach, and lays that out as a ruleset for its cage (cage.h).
 */
#ifndef STRONGROOM_DOOR_H
#define STRONGROOM_DOOR_H

#include <stdbool.h>
#include <stddef.h>

struct sr_door {
    const char *user;   /* whom the door runs as, or NULL; see user.h */
    const char *config; /* the file with its configuration */
    const char *apart;  /* a folder that is none of its business, the store, or NULL */
    const char *folder; /* where our own files lie */
    const char *node;   /* the runtime */
    const char *needs;  /* the script that reads the configuration and says what the door must reach */
};

/*
 * All of that. Afterwards SR_CAGE_RULESET is the ruleset, where `ruleset` says so; on a kernel without them
 * there is none. False, with the reason in `words`, or said on the standard error already when there are
 * none.
 */
bool sr_door_prepare(const struct sr_door *door, bool *ruleset, char *words, size_t size);

#endif
