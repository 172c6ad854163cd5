/*
 * The canary: a pattern that differs in every process and fills what a buffer leaves unused of its place, so
 * that whoever writes past the buffer's end is seen when it is freed.
 */
#ifndef STRONGROOM_CANARY_H
#define STRONGROOM_CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fewest bytes of it beside a buffer that has no page which faults at that end. */
#define SR_CANARY_SIZE ((size_t)16)

/* Draws the pattern; false when the system has no random bytes. */
bool sr_canary_init(void);
void sr_canary_fill(char *from, const char *to);
bool sr_canary_intact(const char *from, const char *to);
/* Whether all bytes are zero: what the kernel leaves of a canary in a forked child, and what a free place
 * looks like. */
bool sr_all_zero(const char *from, const char *to);

#endif
