/*
 * How threads wait: module/shim/call.c and slots.c with a lane and an engine of this program's own.
 * Prints one line for each case, "ok NAME" or "not ok NAME: what was seen".
 */
/* Looks are counted here, and need not take long. */
#define SR_LOOK_NS 200000
#include "../../module/shim/call.c"
#include "../../module/shim/slots.c"
#include "../../module/shim/watch.c"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <stdlib.h>

#define FUNCTION 7u
#define AWAY_NS 3000000u
#define CROWD 150
#define TURNS 500

static struct sr_process process;
static struct sr_status status;
static _Alignas(4096) uint8_t lane_memory[SR_LANE_HEADER + 2 * SR_LANE_CAPACITY_DEFAULT];

static uint32_t opened;    /* lanes */
static uint32_t connected; /* times, and there was nobody */
static bool unknown;       /* the engine does not know the application any more, and gives it no lane */

struct sr_process *sr_process_get(void) {
    return &process;
}

CK_RV sr_connect(struct sr_process *unused) {
    (void)unused;
    connected++;
    return CKR_DEVICE_ERROR;
}

CK_RV sr_lane_open(struct sr_process *unused, struct sr_client_lane *slot, uint64_t capacity) {
    (void)unused;
    (void)capacity;
    if (unknown)
        return CKR_DEVICE_REMOVED;
    opened++;
    slot->map = lane_memory;
    slot->capacity = SR_LANE_CAPACITY_DEFAULT;
    slot->generation = atomic_load(&process.generation);
    return CKR_OK;
}

void sr_lane_close(struct sr_client_lane *slot) {
    slot->map = NULL;
}

static void answer(CK_RV rv);

/* What the engine does between two looks of a caller. */
static struct {
    unsigned looks, answers_at, beats_every, turns_every;
} engine;

bool sr_engine_alive(struct sr_process *unused) {
    (void)unused;
    engine.looks++;
    if (engine.beats_every > 0 && engine.looks % engine.beats_every == 0)
        atomic_fetch_add(&status.beats, 1);
    if (engine.turns_every > 0 && engine.looks % engine.turns_every == 0)
        atomic_fetch_add(&status.turns, 1);
    if (engine.looks == engine.answers_at)
        answer(CKR_OK);
    return true;
}

static void answer(CK_RV rv) {
    struct sr_lane *lane = (struct sr_lane *)lane_memory;
    lane->rv = rv;
    lane->reply_length = 0;
    atomic_store(&lane->state, SR_LANE_REPLY);
}

/* The engine sleeps and is rung. By the time that the caller has its processor back, the answer is there. */
CK_RV sr_ring(struct sr_process *unused) {
    (void)unused;
    nanosleep(&(struct timespec){.tv_nsec = AWAY_NS}, NULL);
    answer(CKR_OK);
    return CKR_OK;
}

static CK_RV one_call(void) {
    struct sr_call call;
    CK_RV rv = sr_call_begin(&call, FUNCTION, 0);
    if (rv != CKR_OK)
        return rv;
    rv = sr_call_run(&call);
    sr_call_end(&call, SR_WIPE_NONE);
    return rv;
}

static void say(const char *name, bool good, uint32_t seen) {
    if (good)
        printf("ok %s\n", name);
    else
        printf("not ok %s: %u\n", name, seen);
}

/* A caller that lost its processor right after it had asked still counts from the asking: otherwise it would take an answer that
 * came meanwhile for one that takes no time, and watch for the next ones instead of sleeping. */
static void counts_from_the_asking(void) {
    atomic_store(&status.asleep, 1);
    CK_RV rv = one_call();
    const struct sr_client_lane *slot = &process.lanes[0];
    uint32_t fastest = slot->fastest_ns[FUNCTION % SR_FUNCTION_SLOTS];
    uint32_t expected = slot->expected_ns[FUNCTION % SR_FUNCTION_SLOTS];
    say("the-fastest-call-counts-from-the-asking", rv == CKR_OK && fastest >= AWAY_NS, fastest);
    say("the-expected-time-counts-from-the-asking", rv == CKR_OK && expected >= AWAY_NS, expected);
}

static _Atomic uint32_t owners[SR_LANES_MAX], shared_slots, turns_done;

static void *take_turns(void *unused) {
    for (int turn = 0; turn < TURNS; turn++) {
        struct sr_client_lane *slot = sr_slot_take(&process);
        if (slot == NULL)
            return NULL;
        _Atomic uint32_t *owner = &owners[slot - process.lanes];
        if (atomic_fetch_add(owner, 1) != 0)
            atomic_fetch_add(&shared_slots, 1);
        sched_yield();
        atomic_fetch_sub(owner, 1);
        sr_slot_release(&process, slot);
        atomic_fetch_add(&turns_done, 1);
    }
    return unused;
}

/* More threads than slots: each has one to itself while it has one, and all get their turns. */
static void a_slot_for_each(void) {
    pthread_t all[CROWD];
    for (int i = 0; i < CROWD; i++)
        pthread_create(&all[i], NULL, take_turns, NULL);
    for (int i = 0; i < CROWD; i++)
        pthread_join(all[i], NULL);
    say("no-slot-has-two-owners", atomic_load(&shared_slots) == 0, atomic_load(&shared_slots));
    say("every-thread-gets-its-turns", atomic_load(&turns_done) == CROWD * TURNS, atomic_load(&turns_done));
    say("nobody-waits-any-more", atomic_load(&process.slot_waiters) == 0, atomic_load(&process.slot_waiters));
}

static void *take_one(void *taken) {
    *(struct sr_client_lane **)taken = sr_slot_take(&process);
    return NULL;
}

/* The engine has forgotten the application: another thread finalises, or a lane is not to be had for good. */
static void an_engine_that_has_forgotten(void) {
    unknown = true;
    atomic_store(&process.silent, 0);
    sr_lane_close(&process.lanes[0]);
    atomic_store(&process.finalised, atomic_load(&process.generation));
    CK_RV rv = one_call();
    say("who-is-finalised-meanwhile-hears-so", rv == CKR_CRYPTOKI_NOT_INITIALIZED && connected == 0, (uint32_t)rv);
    atomic_store(&process.finalised, 0);
    rv = one_call();
    say("who-is-forgotten-hears-so", rv == CKR_DEVICE_REMOVED && connected == 0, (uint32_t)rv);
    one_call();
    say("and-comes-anew-the-next-time", connected == 1, connected);
    unknown = false;
    atomic_store(&process.broken, 0);
}

/* All slots are in use and stay so: C_Finalize ends the wait, with no slot. */
static void finalising_ends_the_wait(void) {
    struct sr_client_lane *slots[SR_LANES_MAX], *late = &process.lanes[0];
    pthread_t waiting;
    for (int i = 0; i < SR_LANES_MAX; i++)
        slots[i] = sr_slot_take(&process);
    pthread_create(&waiting, NULL, take_one, &late);
    while (atomic_load(&process.slot_waiters) == 0)
        sched_yield();
    atomic_store(&process.initialised, 0);
    pthread_join(waiting, NULL);
    say("finalising-ends-the-wait", late == NULL, 0);
    for (int i = 0; i < SR_LANES_MAX; i++)
        sr_slot_release(&process, slots[i]);
}

/* One call to an engine that is awake, from a caller that needs no lane opened. */
static CK_RV call_engine(unsigned answers_at, unsigned beats_every, unsigned turns_every) {
    atomic_store(&status.asleep, 0);
    atomic_store(&process.silent, 0);
    engine.looks = 0;
    engine.answers_at = answers_at;
    engine.beats_every = beats_every;
    engine.turns_every = turns_every;
    atomic_store(&((struct sr_lane *)lane_memory)->state, SR_LANE_IDLE);
    return one_call();
}

/* An engine without a beat is given up, with its lane; one that beats is waited for, however long; one whose main thread does not turn is
 * given up later. */
static void an_engine_that_is_silent(void) {
    struct sr_lane *lane = (struct sr_lane *)lane_memory;
    pid_t stopped = fork();
    if (stopped == 0) {
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(stopped, NULL, WUNTRACED);
    process.engine_pid = getpid();
    say("without-a-beat-one-that-runs-is-given-up-late", call_engine(0, 0, 0) == CKR_DEVICE_ERROR && engine.looks == 1200,
        engine.looks);
    say("one-that-is-starved-is-waited-for", call_engine(1199, 0, 0) == CKR_OK, engine.looks);
    process.engine_pid = stopped;
    CK_RV rv = call_engine(0, 0, 0);
    say("without-a-beat-the-call-ends", rv == CKR_DEVICE_ERROR && engine.looks == 80, engine.looks);
    say("its-lane-is-used-no-more", lane->state == SR_LANE_CLOSED && process.lanes[0].map == NULL, lane->state);
    uint32_t lanes_opened = opened;
    rv = one_call();
    say("the-next-call-ends-soon", rv == CKR_DEVICE_ERROR && engine.looks == 80 && opened == lanes_opened, engine.looks);
    atomic_fetch_add(&status.beats, 1);
    engine.answers_at = 81;
    rv = one_call();
    say("after-a-beat-calls-go-on", rv == CKR_OK && opened == lanes_opened + 1, engine.looks);
    rv = call_engine(5000, 79, 79);
    say("a-long-call-is-waited-for", rv == CKR_OK && engine.looks == 5000, engine.looks);
    rv = call_engine(0, 10, 0);
    say("a-main-thread-that-hangs-is-noticed-later", rv == CKR_DEVICE_ERROR && engine.looks == 600, engine.looks);
    rv = call_engine(1000, 10, 599);
    say("a-main-thread-that-works-on-one-call-is-waited-for", rv == CKR_OK && engine.looks == 1000, engine.looks);
    rv = call_engine(80, 0, 0);
    say("an-answer-at-the-last-moment-counts", rv == CKR_OK, (uint32_t)rv);
    kill(stopped, SIGKILL);
    waitpid(stopped, NULL, 0);
}

int main(void) {
    process.status = &status;
    process.processors = 2;
    pthread_mutex_init(&process.lock, NULL);
    atomic_store(&process.generation, 1);
    atomic_store(&process.initialised, 1);
    counts_from_the_asking();
    an_engine_that_is_silent();
    an_engine_that_has_forgotten();
    a_slot_for_each();
    finalising_ends_the_wait();
    printf("done\n");
    return 0;
}
