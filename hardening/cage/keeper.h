/*
 * How a service starts the network door without being its parent. The engine's memory is large and full of
 * keys: to fork it would halt it for as long as it takes to copy its page tables. The process that attends it
 * (birth.c) has neither, so it is asked, by a socket that it shares with the engine from its birth on.
 */
#ifndef STRONGROOM_KEEPER_H
#define STRONGROOM_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

/* Before the fork: makes the socket. */
bool sr_keeper_make(void);

/* In the parent: holds its end of it; SIGIO comes when it is asked. */
void sr_keeper_hold(void);

/* In the engine: leaves that end to the parent. */
void sr_keeper_join(void);

/* Does what it was asked for since. */
void sr_keeper_look(void);

#pragma GCC visibility push(default)

/*
 * In the engine: has a door started, by `strongroom-launch --door` with further arguments, each of which ends
 * with a zero byte. 0, or the errno of what failed. `log` is then what it says on its standard error, and
 * `leash` the socket by which it is held (birth.h); both are the caller's to close.
 */
int sr_keeper_start(const char *arguments, size_t length, int *log, int *leash);

#pragma GCC visibility pop

#endif
