/* The socket in the store's folder. */
#define _GNU_SOURCE
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "engine.socket"
#define FRESH_NAME SOCKET_NAME ".new"

/* A new socket that listens, known by name to nobody yet. Its descriptor, or -errno. */
static int fresh_socket(int folder, struct stat *about) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    /* By the folder's descriptor, since a socket's address has no room for long paths. */
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" FRESH_NAME, folder);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    unlinkat(folder, FRESH_NAME, 0);
    mode_t before = umask(0177);
    int done = bind(fd, (struct sockaddr *)&address, sizeof address);
    int error = errno;
    umask(before);
    if (done == 0) {
        done = listen(fd, 128) == 0 ? fstatat(folder, FRESH_NAME, about, AT_SYMLINK_NOFOLLOW) : -1;
        error = errno;
    }
    if (done != 0) {
        close(fd);
        return -error;
    }
    return fd;
}

int sr_listener_renew(struct sr_listener *listener, int *old) {
    struct stat about;
    int fd = fresh_socket(listener->folder, &about);
    if (fd < 0)
        return fd;
    if (renameat(listener->folder, FRESH_NAME, listener->folder, SOCKET_NAME) != 0) {
        int error = errno;
        unlinkat(listener->folder, FRESH_NAME, 0);
        close(fd);
        return -error;
    }
    *old = listener->fd;
    listener->fd = fd;
    listener->device = about.st_dev;
    listener->inode = about.st_ino;
    return 0;
}

int sr_listener_open(struct sr_listener *listener, const char *folder) {
    listener->fd = -1;
    listener->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (listener->folder < 0)
        return -errno;
    int none;
    int error = sr_listener_renew(listener, &none);
    if (error != 0)
        close(listener->folder);
    return error;
}

bool sr_listener_in_place(const struct sr_listener *listener) {
    struct stat about;
    return fstatat(listener->folder, SOCKET_NAME, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           about.st_dev == listener->device && about.st_ino == listener->inode;
}

void sr_listener_close(struct sr_listener *listener) {
    if (sr_listener_in_place(listener))
        unlinkat(listener->folder, SOCKET_NAME, 0);
    close(listener->fd);
    close(listener->folder);
}
