/* What the engine is told by the door: who comes, who goes, and when to look. */
#ifndef STRONGROOM_EVENTS_H
#define STRONGROOM_EVENTS_H

#include <stdint.h>
#include <sys/types.h>

struct sr_mapping;

struct sr_door_events {
    void *context;
    void (*attached)(void *context, uint32_t application, pid_t pid, uid_t uid, gid_t gid);
    void (*lane)(void *context, uint32_t application, uint32_t index, struct sr_mapping *mapping);
    void (*gone)(void *context, uint32_t application);
    /* Something rang: look at the lanes and the bell. */
    void (*woken)(void *context);
    /* Something in the store's folder was removed, renamed or replaced. */
    void (*changed)(void *context);
};

#endif
