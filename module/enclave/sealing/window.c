#include "window.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct sr_window {
    uint8_t *at;
    size_t size;
    struct sr_window *next;
};

static struct sr_window *windows;

struct sr_window *sr_window_new(size_t size) {
    struct sr_window *window = malloc(sizeof *window);
    if (window == NULL)
        return NULL;
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        free(window);
        return NULL;
    }
    *window = (struct sr_window){at, size, windows};
    windows = window;
    return window;
}

uint8_t *sr_window_at(const struct sr_window *window) {
    return window->at;
}

struct sr_window *sr_window_find(struct sr_room bytes) {
    struct sr_window *window = windows;
    while (window != NULL && (window->at != bytes.at || window->size != bytes.size))
        window = window->next;
    return window;
}

sr_result sr_window_release(struct sr_window *window) {
    void *at = mmap(window->at, window->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                    -1, 0);
    return at == MAP_FAILED ? SR_FAIL(CKR_HOST_MEMORY) : 0;
}

sr_result sr_window_slide(struct sr_window *window, int fd, off_t offset) {
    void *at = mmap(window->at, window->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);
    if (at == MAP_FAILED) {
        /* The kernel may have taken the old mapping away before it failed. */
        sr_window_release(window);
        return SR_FAIL(CKR_DEVICE_ERROR);
    }
    /* Not worth failing for: a core file would only hold what the log holds. */
    madvise(at, window->size, MADV_DONTDUMP);
    return 0;
}

void sr_window_free(struct sr_window *window) {
    struct sr_window **link = &windows;
    while (*link != NULL && *link != window)
        link = &(*link)->next;
    if (*link == NULL)
        return;
    *link = window->next;
    munmap(window->at, window->size);
    free(window);
}

static sr_result reserve_failure(int error) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return SR_FAIL(CKR_DEVICE_MEMORY);
    return SR_FAIL(CKR_DEVICE_ERROR);
}

/* For file systems that cannot set room aside: zeros from the file's end on take it. */
static sr_result write_zeros(int fd, off_t end) {
    static const uint8_t zeros[4096];
    struct stat found;
    if (fstat(fd, &found) != 0)
        return reserve_failure(errno);
    for (off_t at = found.st_size; at < end;) {
        const off_t left = end - at;
        const ssize_t written =
            pwrite(fd, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros, at);
        if (written < 0 && errno != EINTR)
            return reserve_failure(errno);
        if (written > 0)
            at += written;
    }
    return 0;
}

sr_result sr_file_reserve(int fd, off_t offset, off_t length) {
    int failure = 0;
    do
        failure = fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
    while (failure == EINTR);
    if (failure == EOPNOTSUPP)
        return write_zeros(fd, offset + length);
    return failure == 0 ? 0 : reserve_failure(failure);
}
