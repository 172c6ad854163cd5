/* Watching the folder by inotify. */
#define _GNU_SOURCE
#include "watch.h"

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Writing is left out: the log and the database do it all the time. */
#define NOTICED (IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
/* After a look the next one waits so long: whoever changes something for ever must not keep the engine busy.
 */
#define PAUSE_MS 100
/* Between two looks where there is no inotify to be had (fs.inotify.max_user_instances). */
#define LOOK_MS 10000

static void noticed(uv_poll_t *poll, int status, int events);

static void pause_over(uv_timer_t *timer) {
    struct sr_watch *watch = timer->data;
    uv_poll_start(&watch->poll, UV_READABLE, noticed);
}

static void noticed(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    struct sr_watch *watch = poll->data;
    /* What it was is found by looking. */
    _Alignas(struct inotify_event) char room[4096];
    while (read(watch->fd, room, sizeof room) > 0)
        ;
    uv_poll_stop(poll);
    uv_timer_start(&watch->timer, pause_over, PAUSE_MS, 0);
    watch->changed(watch->context);
}

static void look(uv_timer_t *timer) {
    struct sr_watch *watch = timer->data;
    watch->changed(watch->context);
}

static int notifier(int folder) {
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0 && inotify_add_watch(fd, path, NOTICED) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int sr_watch_open(struct sr_watch *watch, uv_loop_t *loop, int folder, void (*changed)(void *context),
                  void *context) {
    watch->changed = changed;
    watch->context = context;
    watch->poll.data = watch->timer.data = watch;
    int error = uv_timer_init(loop, &watch->timer);
    if (error != 0)
        return error;
    watch->fd = notifier(folder);
    if (watch->fd >= 0 && uv_poll_init(loop, &watch->poll, watch->fd) != 0) {
        close(watch->fd);
        watch->fd = -1;
    }
    if (watch->fd >= 0)
        return uv_poll_start(&watch->poll, UV_READABLE, noticed);
    return uv_timer_start(&watch->timer, look, LOOK_MS, LOOK_MS);
}

void sr_watch_close(struct sr_watch *watch) {
    uv_close((uv_handle_t *)&watch->timer, NULL);
    if (watch->fd < 0)
        return;
    uv_poll_stop(&watch->poll);
    uv_close((uv_handle_t *)&watch->poll, NULL);
    close(watch->fd);
}
