/* Words to whoever looks after the service, as sd_notify(3) says them: one datagram to a unix socket. */
#ifndef STRONGROOM_NOTIFY_H
#define STRONGROOM_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Sends `text` to the socket of that path, or of that abstract name when it begins with '@'. Never waits. 0,
 * or the errno of what failed; EAGAIN when the reader's queue is full at this moment.
 */
int sr_notify(const char *socket_name, const char *text, size_t length);

#endif
