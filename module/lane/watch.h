/* Who removes, renames or replaces something in a folder is noticed; who writes to a file in it is
 * not. */
#ifndef STRONGROOM_WATCH_H
#define STRONGROOM_WATCH_H

#include <uv.h>

struct sr_watch {
    uv_poll_t poll; /* on an inotify descriptor */
    uv_timer_t timer;
    int fd; /* -1 where the system gives none: then the folder is looked at now and then */
    void (*changed)(void *context);
    void *context;
};

/* 0 or -errno. */
int sr_watch_open(struct sr_watch *watch, uv_loop_t *loop, int folder, void (*changed)(void *context),
                  void *context);
void sr_watch_close(struct sr_watch *watch);

#endif
