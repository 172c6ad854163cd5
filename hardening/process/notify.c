/* sd_notify without libsystemd. */
#define _GNU_SOURCE
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int sr_notify(const char *socket_name, const char *text, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t name = strlen(socket_name);
    if (name < 2 || name >= sizeof address.sun_path || (socket_name[0] != '/' && socket_name[0] != '@')) {
        return EINVAL;
    }
    memcpy(address.sun_path, socket_name, name);
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sender < 0) {
        return errno;
    }
    /* An abstract name ends where the address does, a path with its zero byte, which may be left out. */
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name);
    ssize_t sent =
        sendto(sender, text, length, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
    int failed = sent == (ssize_t)length ? 0 : sent < 0 ? errno : EMSGSIZE;
    (void)close(sender);
    return failed;
}
