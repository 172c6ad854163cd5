/* The log on Linux. */
#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_NAME "engine.log"
#define OLD_LOG_NAME "engine.log.1"

static int open_log(int folder) {
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int log = openat(folder, LOG_NAME, flags, 0600);
    struct stat about;
    if (log >= 0 && (fstat(log, &about) != 0 || !S_ISREG(about.st_mode) || about.st_uid != geteuid() ||
                     fchmod(log, 0600) != 0)) {
        close(log);
        log = -1;
    }
    return log;
}

/* Two processes may find the log full at once: the lock and the second look let only one of them rename it.
 */
static int rotated_log(int folder, int log) {
    struct stat opened;
    struct stat named;
    if (fstat(log, &opened) != 0 || opened.st_size <= SR_LOG_LARGEST || flock(log, LOCK_EX | LOCK_NB) != 0) {
        return log;
    }
    if (fstatat(folder, LOG_NAME, &named, AT_SYMLINK_NOFOLLOW) == 0 && named.st_ino == opened.st_ino &&
        named.st_dev == opened.st_dev) {
        (void)renameat(folder, LOG_NAME, folder, OLD_LOG_NAME);
    }
    int fresh = open_log(folder);
    if (fresh < 0) {
        return log;
    }
    close(log);
    return fresh;
}

bool sr_log_stderr(const char *folder_path) {
    int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }
    int log = open_log(folder);
    if (log >= 0) {
        log = rotated_log(folder, log);
        /* Writers block as usual: O_NONBLOCK was for a pipe in the log's place. */
        (void)fcntl(log, F_SETFL, O_APPEND);
    }
    bool done = log >= 0 && dup2(log, STDERR_FILENO) == STDERR_FILENO;
    if (log >= 0) {
        close(log);
    }
    close(folder);
    return done;
}

/* Whether descriptor 2, of which `opened` tells, is the folder's log, or was until somebody removed it. */
static bool is_log(const char *folder_path, const struct stat *opened) {
    if (folder_path == NULL || !S_ISREG(opened->st_mode)) {
        return false;
    }
    if (opened->st_nlink == 0) {
        return true;
    }
    int folder = open(folder_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat named;
    bool same = false;
    /* A launcher may have put it aside already. */
    static const char *const names[] = {LOG_NAME, OLD_LOG_NAME};
    for (size_t index = 0; folder >= 0 && !same && index < 2; index++) {
        same = fstatat(folder, names[index], &named, AT_SYMLINK_NOFOLLOW) == 0 &&
               named.st_ino == opened->st_ino && named.st_dev == opened->st_dev;
    }
    if (folder >= 0) {
        close(folder);
    }
    return same;
}

/* False when the log is full and cannot be put aside. */
static bool room_in_log(const char *folder) {
    struct stat opened;
    if (fstat(STDERR_FILENO, &opened) != 0) {
        return false;
    }
    bool removed = S_ISREG(opened.st_mode) && opened.st_nlink == 0;
    if ((opened.st_size <= SR_LOG_LARGEST && !removed) || !is_log(folder, &opened)) {
        return true;
    }
    return sr_log_stderr(folder) && fstat(STDERR_FILENO, &opened) == 0 && opened.st_size <= SR_LOG_LARGEST;
}

bool sr_log_write(const char *folder, const char *text, size_t length) {
    if (!room_in_log(folder)) {
        return false;
    }
    while (length > 0) {
        /* A pipe that is ready takes a whole PIPE_BUF at once, so that no write of a line waits in the
         * middle. */
        struct pollfd one = {.fd = STDERR_FILENO, .events = POLLOUT};
        if (poll(&one, 1, 0) != 1 || (one.revents & POLLOUT) == 0) {
            return false;
        }
        ssize_t written = write(STDERR_FILENO, text, length < SR_LOG_LINE ? length : SR_LOG_LINE);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text += written;
        length -= (size_t)written;
    }
    return true;
}
