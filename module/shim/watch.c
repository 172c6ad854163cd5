/*
 * Whether the engine still lives, as a caller sees it whose answer is long in coming.
 *
 * A caller counts its own looks, not the time: a machine that was suspended, a caller that was stopped and one that hardly gets the processor
 * have looked no more often than they could. What they look for are the two counters of the status page: `beats`, which a thread of its own
 * raises whenever a caller has woken it, and `turns`, which the engine's main thread raises when that thread has rung.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Looks without a beat, which comes twice a second, from a process that is known to be stopped: four seconds. */
#define LOOKS_UNTIL_STOPPED 80
/* The same from one that is not, or is out of sight: frozen, or kept from the processor by others. A minute. */
#define LOOKS_UNTIL_SILENT 1200
/* Looks without a turn of the main thread, which may be at work on another's huge call, while there are beats: thirty seconds. */
#define LOOKS_WITHOUT_TURN 600
/* So many looks after the last beat the whole process lacks the processor, and its main thread may be no worse off. */
#define LOOKS_BETWEEN_BEATS 20
/* An engine that was found silent before gets so many looks to show that it is back. */
#define LOOKS_AGAIN 5

enum silent_counter { NONE = 0, BEATS = 1, TURNS = 2 };

/* Asks for a beat. False when that cannot be done here, so that nothing follows from a beat that does not come. */
static bool ask_for_beat(struct sr_status *status) {
    return atomic_load(&status->resting) == 0 || syscall(SYS_futex, &status->resting, FUTEX_WAKE, 1, NULL, NULL, 0) >= 0;
}

static void count(_Atomic uint32_t *counter, uint32_t *seen, uint32_t *looks, uint32_t more) {
    uint32_t now = atomic_load(counter);
    *looks = now == *seen ? *looks + more : 0;
    *seen = now;
}

/* Reads the beginning of a file; false when there is none, or nothing in it. */
static bool read_file(int folder, const char *name, char *text, size_t size) {
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    ssize_t got = read(file, text, size - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* The state of a process is the letter behind its name in parentheses: T when it was stopped, t when a debugger did it (proc(5)). Not
 * for one that is out of sight. */
static bool process_stopped(int pid) {
    char name[32], text[512];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    if (pid <= 0 || !read_file(AT_FDCWD, name, text, sizeof text))
        return false;
    const char *end = strrchr(text, ')');
    return end != NULL && (strncmp(end, ") T", 3) == 0 || strncmp(end, ") t", 3) == 0);
}

/* So many looks in a row have seen nothing: enough, where the process is known to be stopped; otherwise it may be starved, which takes longer
 * to believe. */
static bool enough(uint32_t looks, int pid) {
    return looks >= LOOKS_UNTIL_SILENT || (looks >= LOOKS_UNTIL_STOPPED && process_stopped(pid));
}

void sr_watch_begin(const struct sr_process *process, struct sr_watch *watch) {
    *watch = (struct sr_watch){.beats = atomic_load(&process->status->beats), .turns = atomic_load(&process->status->turns)};
}

bool sr_watch_look(struct sr_process *process, struct sr_watch *watch) {
    struct sr_status *status = process->status;
    if (!ask_for_beat(status))
        return true;
    count(&status->beats, &watch->beats, &watch->without_beat, 1);
    count(&status->turns, &watch->turns, &watch->without_turn, watch->without_beat < LOOKS_BETWEEN_BEATS);
    enum silent_counter silent = watch->without_turn >= LOOKS_WITHOUT_TURN ? TURNS : NONE;
    if (enough(watch->without_beat, process->engine_pid))
        silent = BEATS;
    if (silent == NONE)
        return true;
    atomic_store(&process->silent, (uint64_t)silent << 32 | (silent == BEATS ? watch->beats : watch->turns));
    atomic_fetch_add(&process->silences, 1);
    return false;
}

static bool moved(struct sr_status *status, uint64_t silent) {
    return (uint32_t)silent != atomic_load(silent >> 32 == BEATS ? &status->beats : &status->turns);
}

bool sr_engine_silent(struct sr_process *process) {
    uint64_t silent = atomic_load(&process->silent);
    if (silent == 0)
        return false;
    for (int look = 0; look < LOOKS_AGAIN && !moved(process->status, silent); look++) {
        ask_for_beat(process->status);
        nanosleep(&(struct timespec){.tv_nsec = SR_LOOK_NS}, NULL);
    }
    if (!moved(process->status, silent))
        return true;
    atomic_compare_exchange_strong(&process->silent, &silent, 0);
    return false;
}

bool sr_starting_stopped(const char *store, uint32_t *looks) {
    char text[32];
    int folder = open(store, O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool stopped = folder >= 0 && read_file(folder, "engine.lock", text, sizeof text) && process_stopped(atoi(text));
    if (folder >= 0)
        close(folder);
    *looks = stopped ? *looks + 1 : 0;
    return *looks >= LOOKS_UNTIL_STOPPED;
}

bool sr_await_message(struct sr_process *process, int socket, int pid) {
    struct sr_watch watch;
    if (pid == 0)
        sr_watch_begin(process, &watch);
    for (uint32_t looks = 0;;) {
        struct pollfd waiting = {.fd = socket, .events = POLLIN};
        int ready = poll(&waiting, 1, SR_LOOK_NS / 1000000);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
        if (ready < 0)
            continue;
        if (pid == 0 ? !sr_watch_look(process, &watch) : enough(++looks, pid))
            return false;
    }
}
