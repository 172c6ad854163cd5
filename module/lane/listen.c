/* The socket that applications come to. */
#define _GNU_SOURCE
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FRESH_SUFFIX ".new"
/* Knocking at the same time. */
#define BACKLOG 128

/* Who sends is told with each message, by the kernel, and with those that come before we let their sender in: what is let in has it from here. */
static bool names_senders(int fd) {
    return setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)) == 0;
}

static void fresh_name(const struct sr_listener *listener, char *name, size_t size) {
    snprintf(name, size, "%s" FRESH_SUFFIX, listener->place.name);
}

/* Its mode and group, before anybody knows its name. */
static bool give_away(const struct sr_listener *listener, const char *name) {
    const struct sr_listener_place *place = &listener->place;
    if (place->group != (gid_t)-1 && fchownat(listener->folder, name, (uid_t)-1, place->group, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    return fchmodat(listener->folder, name, place->mode, 0) == 0;
}

/* A new socket that listens, known by name to nobody yet. Its descriptor, or -errno. */
static int fresh_socket(const struct sr_listener *listener, struct stat *about) {
    char name[SR_SOCKET_NAME_MAX + sizeof FRESH_SUFFIX];
    fresh_name(listener, name, sizeof name);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    /* By the folder's descriptor, since a socket's address has no room for long paths. */
    int length = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", listener->folder, name);
    if (length < 0 || (size_t)length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    unlinkat(listener->folder, name, 0);
    mode_t before = umask(0177);
    int done = bind(fd, (struct sockaddr *)&address, sizeof address);
    int error = errno;
    umask(before);
    if (done == 0) {
        bool ready = names_senders(fd) && give_away(listener, name) && listen(fd, BACKLOG) == 0;
        done = ready ? fstatat(listener->folder, name, about, AT_SYMLINK_NOFOLLOW) : -1;
        error = errno;
        if (done != 0)
            unlinkat(listener->folder, name, 0);
    }
    if (done != 0) {
        close(fd);
        return -error;
    }
    return fd;
}

int sr_listener_renew(struct sr_listener *listener, int *old) {
    char name[SR_SOCKET_NAME_MAX + sizeof FRESH_SUFFIX];
    fresh_name(listener, name, sizeof name);
    struct stat about;
    int fd = fresh_socket(listener, &about);
    if (fd < 0)
        return fd;
    if (renameat(listener->folder, name, listener->folder, listener->place.name) != 0) {
        int error = errno;
        unlinkat(listener->folder, name, 0);
        close(fd);
        return -error;
    }
    *old = listener->fd;
    listener->fd = fd;
    listener->given = false;
    listener->device = about.st_dev;
    listener->inode = about.st_ino;
    return 0;
}

static int open_folder(struct sr_listener *listener, const struct sr_listener_place *place) {
    *listener = (struct sr_listener){.place = *place, .fd = -1};
    listener->folder = open(place->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return listener->folder < 0 ? -errno : 0;
}

int sr_listener_open(struct sr_listener *listener, const struct sr_listener_place *place) {
    int error = open_folder(listener, place);
    if (error != 0)
        return error;
    int none;
    error = sr_listener_renew(listener, &none);
    if (error != 0)
        close(listener->folder);
    return error;
}

static int number_of(int fd, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

int sr_listener_adopt(struct sr_listener *listener, const struct sr_listener_place *place, int fd) {
    if (number_of(fd, SO_DOMAIN) != AF_UNIX || number_of(fd, SO_TYPE) != SOCK_SEQPACKET || number_of(fd, SO_ACCEPTCONN) != 1)
        return -ENOTSOCK;
    int error = open_folder(listener, place);
    if (error != 0)
        return error;
    struct stat about;
    int flags = fcntl(fd, F_GETFL);
    /* Listening again makes whoever connects from now on see us as his peer, and not the one who has made the socket. */
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || !names_senders(fd) ||
        listen(fd, BACKLOG) != 0 || fstatat(listener->folder, place->name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        error = -errno;
        close(listener->folder);
        return error;
    }
    listener->fd = fd;
    listener->given = true;
    listener->device = about.st_dev;
    listener->inode = about.st_ino;
    return 0;
}

bool sr_listener_in_place(const struct sr_listener *listener) {
    struct stat about;
    return fstatat(listener->folder, listener->place.name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           about.st_dev == listener->device && about.st_ino == listener->inode;
}

void sr_listener_close(struct sr_listener *listener) {
    if (!listener->given && sr_listener_in_place(listener))
        unlinkat(listener->folder, listener->place.name, 0);
    close(listener->fd);
    close(listener->folder);
}
