/*
 * Explores every interleaving of small programs of calls in shared sessions, and says of each whether its answers are those of some order of
 * the calls, and whether what is left behind is right. Not a sample: each state that can be reached is visited once.
 *
 * `interleave few` takes some seconds, `interleave all` longer.
 */
#define _GNU_SOURCE
#include "interleave.h"

#include <stdio.h>
#include <stdlib.h>

struct world world;
uint32_t running = THREADS;
static ucontext_t explorer;

/* The part of the process that changes. */
#define REGION_START ((uint8_t *)&the_process.promised)
#define REGION_END ((uint8_t *)(&the_process.pairings[SR_PAIRING_ENTRIES]))
#define REGION ((size_t)(REGION_END - REGION_START))
#define REGION_MAX 4096

struct state {
    struct world world;
    uint8_t region[REGION_MAX];
};

static struct state *path;
static uint32_t path_room;

/* Out of the stubs' sight: to them a lane is memory of any size, as it is in the library. */
static uint8_t own_lane[LANE], own_reply[64];

CK_RV sr_call_begin(struct sr_call *call, uint32_t function, uint64_t capacity) {
    (void)capacity;
    bool explorer = running >= THREADS;
    *call = (struct sr_call){
        .process = &the_process,
        .request = explorer ? own_lane : world.threads[running].lane,
        .reply = explorer ? own_reply : world.threads[running].reply,
        .capacity = 1 << 20, /* large enough for what the stubs compare it with; the requests here are short */
        .function = function,
        .epoch = world.engine.epoch,
    };
    if (!explorer)
        world.threads[running].has_lane = true;
    return CKR_OK;
}

static uint64_t *seen;
static uint64_t seen_room, seen_count, states, programs, endings;

void step(void) {
    if (running < THREADS)
        swapcontext(&world.threads[running].context, &explorer);
}

static void body(void) {
    struct thread *self = &world.threads[running];
    for (uint32_t i = 0; i < self->count; i++)
        run_action(self->actions[i], running);
    self->done = true;
    swapcontext(&self->context, &explorer);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    for (; length >= 8; length -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (; length > 0; length--)
        hash = (hash ^ *at++) * 0x100000001b3u;
    return hash;
}

static uint8_t *stack_pointer(const struct thread *thread) {
#if defined(__x86_64__)
    return (uint8_t *)thread->context.uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (uint8_t *)thread->context.uc_mcontext.sp;
#endif
}

/* A state is what memory and the threads' stacks hold; where a thread stands is on its stack. */
static uint64_t fingerprint(void) {
    uint64_t hash = mix(1, REGION_START, REGION);
    hash = mix(hash, &world.engine, sizeof world.engine);
    hash = mix(hash, world.events, world.event_count * sizeof world.events[0]);
    for (uint32_t i = 0; i < THREADS; i++) {
        const struct thread *thread = &world.threads[i];
        hash = mix(hash, &thread->count, offsetof(struct thread, reply) + sizeof thread->reply - offsetof(struct thread, count));
        if (thread->count == 0 || thread->done)
            continue;
        uint8_t *from = stack_pointer(thread), *to = world.stacks[i] + STACK;
        if (from < world.stacks[i] || from > to)
            abort();
        hash = mix(hash, &thread->context.uc_mcontext, sizeof thread->context.uc_mcontext.gregs);
        hash = mix(hash, from, (size_t)(to - from));
    }
    return hash | 1;
}

/* True when the state is new. */
static bool visit(uint64_t hash) {
    uint64_t i = hash & (seen_room - 1);
    while (seen[i] != 0 && seen[i] != hash)
        i = (i + 1) & (seen_room - 1);
    if (seen[i] == hash)
        return false;
    seen[i] = hash;
    if (++seen_count * 2 > seen_room) {
        puts("more states than there is room for");
        exit(1);
    }
    return true;
}

static bool can_go_on(const struct thread *thread) {
    return thread->count > 0 && !thread->done && thread->sleeps_on == NULL && (thread->wants == NULL || *(int *)thread->wants == 0);
}

static const char *const names[] = {"open", "open-other", "sign", "ask", "misuse", "cancel", "look", "destroy", "close", "close-all"};

static void complain(const char *what) {
    printf("%s\n", what);
    for (uint32_t i = 0; i < world.event_count; i++) {
        const struct event *event = &world.events[i];
        printf("  thread %u %s %s in session %u", event->thread, event->begins ? "asks" : "hears of", names[event->kind], event->session);
        if (!event->begins)
            printf(": 0x%x", event->answer);
        putchar('\n');
    }
    exit(1);
}

/* What must hold when all threads are done. */
static void check_ending(void) {
    endings++;
    uint32_t kept = 0;
    bool kept_for[SESSIONS] = {false};
    for (uint32_t i = 0; i < SR_PAIRING_ENTRIES; i++) {
        const struct sr_pairing *place = &the_process.pairings[i];
        uint32_t state = __atomic_load_n(&place->state, __ATOMIC_SEQ_CST);
        if (state == SR_PLACE_KEPT) {
            kept++;
            kept_for[place->session - 1] = true;
        }
        if (state == SR_PLACE_MOVING || place->astray != 0 || place->waiters != 0 || place->promised != (state == SR_PLACE_KEPT))
            complain("a place was not given back");
    }
    if (the_process.promised != kept || the_process.holds != 0)
        complain("the counts are wrong");
    /* What is there now is what a last look would see. */
    struct world kept_world = world;
    for (uint32_t s = 0; s < SESSIONS; s++) {
        struct action look = {LOOK, (uint8_t)(s + 1)};
        CK_RV answer = CKR_OPERATION_NOT_INITIALIZED;
        if (!world.engine.open[s])
            answer = CKR_SESSION_HANDLE_INVALID;
        else if (world.engine.active[s] && kept_for[s])
            complain("an opening is kept where an operation is under way");
        else if (world.engine.active[s] || (kept_for[s] && world.engine.key))
            answer = CKR_OK;
        else if (kept_for[s])
            complain("an opening is kept that will be refused");
        note(THREADS, look, true, 0);
        note(THREADS, look, false, answer);
    }
    if (!explained(world.events, world.event_count))
        complain("no order of the calls explains these answers");
    world = kept_world;
}

static void keep(uint32_t depth) {
    if (depth >= path_room) {
        path_room = path_room == 0 ? 64 : path_room * 2;
        path = realloc(path, path_room * sizeof *path);
        if (path == NULL)
            abort();
    }
    path[depth].world = world;
    memcpy(path[depth].region, REGION_START, REGION);
}

static void restore(uint32_t depth) {
    world = path[depth].world;
    memcpy(REGION_START, path[depth].region, REGION);
}

static void explore(uint32_t depth) {
    bool any = false, left = false;
    keep(depth);
    for (uint32_t i = 0; i < THREADS; i++) {
        left = left || (world.threads[i].count > 0 && !world.threads[i].done);
        if (!can_go_on(&world.threads[i]))
            continue;
        any = true;
        running = i;
        swapcontext(&explorer, &world.threads[i].context);
        running = THREADS;
        states++;
        if (visit(fingerprint()))
            explore(depth + 1);
        restore(depth);
    }
    if (!any && left)
        complain("nobody can go on");
    if (!left)
        check_ending();
}

/* A program: what each thread does, and which session's opening is known before. */
static void run_program(const struct action (*actions)[CALLS], const uint32_t *counts, uint32_t known) {
    programs++;
    memset(seen, 0, seen_room * sizeof *seen);
    seen_count = 0;
    model_reset();
    if (known > 0) {
        run_action((struct action){OPEN, (uint8_t)known}, THREADS);
        run_action((struct action){SIGN, (uint8_t)known}, THREADS);
        world.event_count = 0;
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        struct thread *thread = &world.threads[i];
        thread->count = counts[i];
        memcpy(thread->actions, actions[i], sizeof thread->actions);
        getcontext(&thread->context);
        thread->context.uc_stack.ss_sp = world.stacks[i];
        thread->context.uc_stack.ss_size = STACK;
        thread->context.uc_link = NULL;
        makecontext(&thread->context, body, 0);
    }
    explore(0);
}

static const struct action choices[] = {{OPEN, 1},   {SIGN, 1}, {ASK, 1},     {CANCEL, 1},    {MISUSE, 1}, {OPEN_OTHER, 1},
                                        {DESTROY, 2}, {LOOK, 1}, {CLOSE_ALL, 1}, {CLOSE, 1}, {OPEN, 2}, {SIGN, 2}};
#define CHOICES (sizeof choices / sizeof choices[0])

/* One thread opens and goes on in all ways; another does anything, or each `step`th thing of it; perhaps a third does one thing. */
static void run_all(uint32_t length, uint32_t others, bool third, uint32_t known_from, uint32_t step) {
    uint32_t first_count = 1, second_count = 1;
    for (uint32_t i = 1; i < length; i++)
        first_count *= 5;
    for (uint32_t i = 0; i < others; i++)
        second_count *= CHOICES;
    for (uint32_t known = known_from; known <= 1; known++)
        for (uint32_t a = 0; a < first_count; a++)
            for (uint32_t b = 0; b < second_count; b += step)
                for (uint32_t c = 0; c < (third ? CHOICES : 1); c++) {
                    struct action actions[THREADS][CALLS] = {{{OPEN, 1}}};
                    uint32_t counts[THREADS] = {length, others, third};
                    for (uint32_t i = 1, rest = a; i < length; i++, rest /= 5)
                        actions[0][i] = choices[rest % 5];
                    for (uint32_t i = 0, rest = b; i < others; i++, rest /= CHOICES)
                        actions[1][i] = choices[rest % CHOICES];
                    actions[2][0] = choices[c];
                    run_program(actions, counts, known);
                }
}

int main(int count, char **arguments) {
    bool all = count > 1 && strcmp(arguments[1], "all") == 0;
    seen_room = 1u << (all ? 22 : 16);
    seen = calloc(seen_room, sizeof *seen);
    if (seen == NULL || REGION > REGION_MAX)
        return 2;
    run_all(2, 1, false, 0, 1);
    if (all || SR_PAIRING_ENTRIES == 1)
        run_all(2, 2, false, all ? 0 : 1, all ? 1 : 5);
    if (all) {
        run_all(3, 2, false, 0, 1);
        run_all(2, 1, true, 0, 1);
    }
    printf("explored %llu programs, %llu steps, %llu endings\n", (unsigned long long)programs, (unsigned long long)states,
           (unsigned long long)endings);
    return 0;
}
