/*
 * The system calls that a network door needs, and none besides: a filter of the kernel's (seccomp), which
 * holds for this thread and all that it makes, and which nobody can take off again.
 */
#ifndef STRONGROOM_FILTER_H
#define STRONGROOM_FILTER_H

#include <stdbool.h>

/* Whether there is a filter for this architecture, and a kernel that takes it. */
bool sr_filter_known(void);

/* From now on it holds. To be called by the process that it is meant for: signals to itself are told by its
 * number. */
bool sr_filter_enter(void);

#endif
