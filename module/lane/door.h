/*
 * The door: the unix socket through which applications come in; in the store's folder, for those of our own user,
 * or elsewhere, for those of whatever user the socket's mode and the engine let in.
 *
 * A connection becomes an application with its first HELLO. The application lives until it says goodbye
 * (SR_FUNCTION_DETACH on a lane) or its process ends: a connection that closes while the process lives may
 * only mean that the host closed descriptors that it took for its own, and the shim comes back with the
 * application's key. One that was made for a principal lives by its lease instead.
 */
#ifndef STRONGROOM_DOOR_H
#define STRONGROOM_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "host.h"
#include "listen.h"
#include <uv.h>

struct sr_door;

/* Where a service listens. */
struct sr_service {
    struct sr_listener_place place;
    int descriptor;    /* of a socket that listens there already; -1 for none */
    uid_t door;        /* whose processes may name others for whom they ask; -1 for nobody's */
    uint32_t lease_ms; /* how long such an application lives without a connection */
};

/* Listens at <folder>/engine.socket or, where it is not NULL, as the service says (an old socket there is replaced: the
 * caller holds the store's lock). 0 or -errno. */
int sr_door_open(struct sr_door **door, uv_loop_t *loop, struct sr_host *host, const char *folder,
                 const struct sr_service *service, const struct sr_door_events *events);
/* The application said goodbye: its connection and lanes are released, without an event. */
void sr_door_farewell(struct sr_door *door, uint32_t application);
/* Makes the socket again when it is not in its place any more; false when that cannot be done. Who is in
 * already notices nothing. */
bool sr_door_mend(struct sr_door *door);
/* Lets nobody in any more. Whoever knocks waits in the socket's queue: for the next engine, where the socket outlives this one, or until it is
 * closed, and then comes again. */
void sr_door_shut(struct sr_door *door);
/* Stops listening, closes all connections and removes the socket's file. */
void sr_door_close(struct sr_door *door);

#endif
