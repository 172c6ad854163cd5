/*
 * The socket that applications come to, in the store's folder or where a service has it: made, looked after, and made again where somebody has removed it or put
 * another in its place.
 *
 * It is bound under a name of its own and renamed, so that whoever knocks finds the old one or the new one,
 * and never none.
 */
#ifndef STRONGROOM_LISTEN_H
#define STRONGROOM_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

#define SR_SOCKET_NAME_MAX 64

/* Where, and for whom. */
struct sr_listener_place {
    char folder[4096];
    char name[SR_SOCKET_NAME_MAX];
    mode_t mode;
    gid_t group; /* -1: ours */
};

struct sr_listener {
    struct sr_listener_place place;
    int folder; /* as it was found at the beginning, whatever becomes of its name */
    int fd;
    bool given;   /* another has made it, and looks after its name */
    dev_t device; /* of the socket's name in the folder */
    ino_t inode;
};

/* Listens there, in the place of what stands there: the caller holds the store's lock. 0 or -errno. */
int sr_listener_open(struct sr_listener *listener, const struct sr_listener_place *place);
/* The same with a socket that listens already, whose place that is. */
int sr_listener_adopt(struct sr_listener *listener, const struct sr_listener_place *place, int fd);
/* Whether the name still leads to our socket. */
bool sr_listener_in_place(const struct sr_listener *listener);
/* Listens anew. The caller closes the socket before, which is *old, when it has let in who waits there. 0 or
 * -errno, and all is as before. */
int sr_listener_renew(struct sr_listener *listener, int *old);
/* Removes the name, if we have made it and it still is ours, and closes everything. */
void sr_listener_close(struct sr_listener *listener);

#endif
