/* Becoming another user, for good: what root starts and what strangers talk to. */
#ifndef STRONGROOM_USER_H
#define STRONGROOM_USER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * This process becomes the user of that name or number, with his group and the groups that list him;
 * NUMBER:GROUP is for one whom the system's files do not know. Only root can become another; whoever is that
 * user already stays it. Gives up every privilege but that to listen at a port below 1024, where it was
 * handed over. NULL for no other user. False when that failed, or could be undone, with the reason in
 * `words`.
 */
bool sr_user_become(const char *wish, char *words, size_t size);

#endif
