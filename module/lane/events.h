/* What the engine is told by the door: who comes, who goes, and when to look. */
#ifndef STRONGROOM_EVENTS_H
#define STRONGROOM_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sr_mapping;

/* Who has connected, as the kernel says. */
struct sr_peer {
    pid_t pid; /* 0 when it is out of our sight, in another container */
    uid_t uid; /* effective, as are the groups */
    gid_t gid;
    const gid_t *groups; /* supplementary */
    uint32_t group_count;
    /* For whom it asks, where it is the network door and says so; else NULL. */
    const uint8_t *principal;
    uint32_t principal_length;
};

struct sr_door_events {
    void *context;
    /* False to turn it away. */
    bool (*attached)(void *context, uint32_t application, const struct sr_peer *peer);
    /* The application, which was made for a principal, goes on over another connection for this one. False when he is another. */
    bool (*resumed)(void *context, uint32_t application, const uint8_t *principal, uint32_t length);
    void (*lane)(void *context, uint32_t application, uint32_t index, struct sr_mapping *mapping);
    void (*gone)(void *context, uint32_t application);
    /* Something rang: look at the lanes and the bell. */
    void (*woken)(void *context);
    /* Something in the store's folder was removed, renamed or replaced. */
    void (*changed)(void *context);
};

#endif
