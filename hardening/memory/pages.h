/*
 * Pages, as the operating system gives them: the only unit of this room that knows its calls. Everything here
 * works on whole pages, and nothing here takes a lock, so that each caller's own lock suffices.
 */
#ifndef STRONGROOM_PAGES_H
#define STRONGROOM_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes in a page of this machine. */
size_t sr_page_size(void);

/* Address space without memory behind it (any access faults), left out of core files and wiped in a forked
 * child. NULL when the address space is used up. */
void *sr_pages_reserve(size_t bytes);

/* Makes reserved pages usable, zeroed and locked. False when the system refuses; a refused lock is a refusal
 * only after sr_pages_require_lock(), else sr_pages_all_locked() becomes false. */
bool sr_pages_open(void *start, size_t bytes);

/* The same for many pages of which some may never be used: each gets its memory, and its lock, when it is
 * touched. */
bool sr_pages_open_lazily(void *start, size_t bytes);
/* Gives the memory behind open pages back, so that they are zero again. Kernels before 5.18 keep it when it
 * is locked; the caller has zeroed it, so that it makes no difference. */
void sr_pages_empty(void *start, size_t bytes);

/* Gives the memory behind the pages back and makes them fault again. The caller has zeroed them. */
void sr_pages_close(void *start, size_t bytes);

/* Returns address space, open or not. */
void sr_pages_release(void *start, size_t bytes);

/* Ordinary zeroed memory for bookkeeping, which costs something only where it is touched. Holds no secrets.
 * NULL on failure. */
void *sr_pages_table(size_t bytes);

/* A refused lock is an error from now on. */
void sr_pages_require_lock(void);
bool sr_pages_all_locked(void);
/* Bytes that may be locked, where a refused lock is an error and the system sets a limit; else SIZE_MAX. */
size_t sr_pages_lockable(void);
/* Locks do not survive fork: the child calls this. */
void sr_pages_forget_locks(void);
/* Lifts the soft limit on locked memory to the hard one. */
void sr_pages_raise_lock_limit(void);

/* Random bytes from the kernel (at most 256 at once); false when there are none to be had. */
bool sr_pages_random(void *buffer, size_t size);

/* Writes "strongroom: <message>" to the standard error and aborts. For damage after which no key may be used.
 */
_Noreturn void sr_fatal(const char *message);

#endif
