/*
 * Windows onto a file: a fixed range of addresses under which one stretch of the file is mapped at a time.
 * What is stored there is in the page cache at once, without a system call. Ordinary memory, not guarded:
 * what is in a file is no secret of the enclave's.
 */
#ifndef STRONGROOM_ENCLAVE_WINDOW_H
#define STRONGROOM_ENCLAVE_WINDOW_H

#include <sys/types.h>

#include "../base/core.h"

struct sr_window;

/* A window of `size` bytes (whole pages) that shows zeros, private ones; NULL without memory. */
struct sr_window *sr_window_new(size_t size);
uint8_t *sr_window_at(const struct sr_window *window);
/* The window at exactly these bytes; NULL when there is none. */
struct sr_window *sr_window_find(struct sr_room bytes);
/* Maps fd's bytes from `offset` (a multiple of the page size) on under the window, shared, instead of what
 * was there. They must exist before they are touched: the kernel answers a touch behind the file's end with
 * SIGBUS. -CKR_DEVICE_ERROR: the window shows private zeros. */
sr_result sr_window_slide(struct sr_window *window, int fd, off_t offset);
/* Lets the file go; the window shows private zeros. */
sr_result sr_window_release(struct sr_window *window);
/* Unmaps and frees. */
void sr_window_free(struct sr_window *window);

/* Makes the file at least offset + length bytes long, with room on the disk for that range; new bytes are
 * zeros. -CKR_DEVICE_MEMORY: disk or quota full, or the file would be too large; -CKR_DEVICE_ERROR: anything
 * else. */
sr_result sr_file_reserve(int fd, off_t offset, off_t length);

#endif
