/*
 * What a process inherits from whoever started it, and how the engine gets rid of it: signals, descriptors,
 * mask, folder. The starter may be any program at all, so nothing of it may reach the process that holds the
 * keys.
 */
#ifndef STRONGROOM_SURROUNDINGS_H
#define STRONGROOM_SURROUNDINGS_H

#include <stdbool.h>

/* Every signal to its default, none blocked; umask 077; current folder "/"; address randomisation on again.
 */
void sr_surroundings_reset(void);

/* Closes every descriptor from `first` on. */
void sr_close_from(int first);

/* Descriptors 0 and 1 become /dev/null, and 2 too unless keep_stderr and it is open. False when /dev/null
 * cannot be opened. */
bool sr_null_stdio(bool keep_stderr);

#endif
