/*
 * The socket in the store's folder: made, looked after, and made again where somebody has removed it or put
 * another in its place.
 *
 * It is bound under a name of its own and renamed, so that whoever knocks finds the old one or the new one,
 * and never none.
 */
#ifndef STRONGROOM_LISTEN_H
#define STRONGROOM_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

struct sr_listener {
    int folder; /* the store's, as it was found at the beginning, whatever becomes of its name */
    int fd;
    dev_t device; /* of the socket's name in the folder */
    ino_t inode;
};

/* Listens at <folder>/engine.socket, in the place of what stands there: the caller holds the store's lock. 0
 * or -errno. */
int sr_listener_open(struct sr_listener *listener, const char *folder);
/* Whether the name still leads to our socket. */
bool sr_listener_in_place(const struct sr_listener *listener);
/* Listens anew. The caller closes the socket before, which is *old, when it has let in who waits there. 0 or
 * -errno, and all is as before. */
int sr_listener_renew(struct sr_listener *listener, int *old);
/* Removes the name, if it still is ours, and closes everything. */
void sr_listener_close(struct sr_listener *listener);

#endif
