/*
 * Limits that a process inherits: of resources, of its place in the queue for the processor, of the
 * processors it may use. The engine serves everybody who comes, so those of the application that happened to
 * start it must not bind it.
 */
#ifndef STRONGROOM_RLIMITS_H
#define STRONGROOM_RLIMITS_H

#include <stddef.h>

/* Why the engine cannot run, in numbers that PKCS#11 has for it. */
#define SR_LIMITS_MEMORY 0x02ul /* CKR_HOST_MEMORY */
#define SR_LIMITS_DEVICE 0x30ul /* CKR_DEVICE_ERROR */

/*
 * Raises every soft limit to what the engine needs, as far as the hard limit lets it; resets the nice value,
 * the scheduling policy, the mask of processors and the timer slack. 0, or one of the codes above where a
 * hard limit is too low for any work; `words` then say which. They may also say something when 0 is returned,
 * and are empty otherwise.
 */
unsigned long sr_limits_raise(char *words, size_t size);

#endif
