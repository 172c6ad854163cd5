/*
 * engine.log: where the engine's standard error goes when nobody attends it. It may fail at any time and for
 * as long as it likes (a full disk, a reader that went away); whoever writes is told and goes on.
 */
#ifndef STRONGROOM_LOG_H
#define STRONGROOM_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* A log larger than this is put aside before more is written: with engine.log.1, at most about two of them
 * exist. */
#define SR_LOG_LARGEST (1l << 20)
/* The longest line that is written whole. */
#define SR_LOG_LINE 4096

/*
 * Descriptor 2 becomes <folder>/engine.log, appended to, mode 0600, never through a link. A log above
 * SR_LOG_LARGEST is first renamed to engine.log.1, in place of the one before. False, and descriptor 2 as it
 * was, when there is no such folder or the log is not a plain file of ours.
 */
bool sr_log_stderr(const char *folder);

/*
 * Writes to descriptor 2 without ever waiting: where it leads to a pipe or a terminal that takes nothing, the
 * line is lost. Where it leads to the folder's engine.log, the log is put aside when it is full. False when
 * not all of it was written; `folder` may be NULL.
 */
bool sr_log_write(const char *folder, const char *text, size_t length);

#endif
