/*
 * Large lanes whose memory is taken out all the time, under callers that use them all the time:
 * module/shim/call.c on one side, the engine's host.c and trim.c on the other. No request and no answer may
 * be found empty. Prints one line for each case, "ok NAME" or "not ok NAME: what was seen".
 */
#define _GNU_SOURCE
#include "../../module/lane/host.h"

#include "../../module/shim/call.c"
#include "../../module/shim/slots.c"
#include "../../module/shim/watch.c"

#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>

#define FUNCTION 7u
#define CAPACITY (2u << 20)
#define CALLERS 3
#define CALLS 30000
#define LANES_ENOUGH 3000
#define ENDS 64

static struct sr_process process;
static struct sr_host host;
static pthread_mutex_t table =
    PTHREAD_MUTEX_INITIALIZER; /* the host's; in the engine one thread has it all */
static _Atomic uint32_t opened, done, wrong_requests, wrong_answers, ended;

struct sr_process *sr_process_get(void) {
    return &process;
}

CK_RV sr_connect(struct sr_process *unused) {
    (void)unused;
    return CKR_DEVICE_ERROR;
}

CK_RV sr_ring(struct sr_process *unused) {
    (void)unused;
    return CKR_OK;
}

bool sr_engine_alive(struct sr_process *unused) {
    (void)unused;
    return true;
}

CK_RV sr_lane_open(struct sr_process *unused, struct sr_client_lane *slot, uint64_t capacity) {
    (void)unused;
    int memory = -1;
    pthread_mutex_lock(&table);
    int index = sr_host_lane_new(&host, &(struct sr_lane_owner){.application = 1, .ring = -1}, capacity, &memory);
    pthread_mutex_unlock(&table);
    if (index < 0)
        return CKR_HOST_MEMORY;
    slot->map = mmap(NULL, SR_LANE_HEADER + 2 * capacity, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                     memory, 0);
    close(memory);
    slot->capacity = capacity;
    slot->generation = atomic_load(&process.generation);
    atomic_fetch_add(&opened, 1);
    return CKR_OK;
}

void sr_lane_close(struct sr_client_lane *slot) {
    munmap(slot->map, SR_LANE_HEADER + 2 * slot->capacity);
    slot->map = NULL;
}

/* Both ends of an area: its first and its last bytes. */
static void fill(uint8_t *area, uint8_t seed) {
    memset(area, seed, ENDS);
    memset(area + CAPACITY - ENDS, seed, ENDS);
}

static bool is_filled(const uint8_t *area, uint8_t seed) {
    for (size_t i = 0; i < ENDS; i++)
        if (area[i] != seed || area[CAPACITY - ENDS + i] != seed)
            return false;
    return true;
}

static void *serve(void *unused) {
    while (atomic_load(&ended) < CALLERS) {
        struct sr_request request;
        pthread_mutex_lock(&table);
        int index = sr_host_next(&host, 0, &request);
        if (index >= 0) {
            uint8_t *base = host.lanes[index].mapping->base + SR_LANE_HEADER, seed = host.scratch[0];
            if (seed == 0 || !is_filled(base, seed))
                atomic_fetch_add(&wrong_requests, 1);
            fill(base + CAPACITY, (uint8_t)(seed ^ 0x55));
            sr_host_reply(&host, (uint32_t)index, CKR_OK, CAPACITY, false);
        }
        sr_host_lanes_trim(&host, UINT64_MAX);
        pthread_mutex_unlock(&table);
    }
    return unused;
}

static void *call_often(void *unused) {
    for (uint32_t i = 0; i < CALLS && atomic_load(&opened) < LANES_ENOUGH; i++) {
        struct sr_call call;
        uint8_t seed = (uint8_t)(i % 200 + 1);
        if (sr_call_begin(&call, FUNCTION, CAPACITY) != CKR_OK)
            break;
        fill(call.request, seed);
        call.at = ENDS;
        if (sr_call_run(&call) != CKR_OK || !is_filled(call.reply, (uint8_t)(seed ^ 0x55)))
            atomic_fetch_add(&wrong_answers, 1);
        sr_call_end(&call, SR_WIPE_NONE);
        atomic_fetch_add(&done, 1);
    }
    atomic_fetch_add(&ended, 1);
    return unused;
}

static void say(const char *name, bool good, uint32_t seen) {
    if (good)
        printf("ok %s\n", name);
    else
        printf("not ok %s: %u\n", name, seen);
}

/* Resident pages of the lanes' areas, as the kernel counts them; without the lanes that callers have given
 * up, which the engine releases or has released. */
static uint32_t pages_left(void) {
    uint32_t count = 0;
    static unsigned char present[2 * CAPACITY / 4096];
    for (uint32_t i = 0; i < host.lane_end; i++) {
        const struct sr_mapping *mapping = host.lanes[i].mapping;
        if (mapping == NULL || atomic_load(&((struct sr_lane *)mapping->base)->state) == SR_LANE_CLOSED)
            continue;
        if (mincore(mapping->base + SR_LANE_HEADER, 2 * CAPACITY, present) == 0)
            for (size_t page = 0; page < sizeof present; page++)
                count += present[page] & 1;
    }
    return count;
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (sr_host_open(&host) != 0)
        return 1;
    process.status = host.status;
    process.processors = 2;
    atomic_store(&process.initialised, 1);
    atomic_store(&process.generation, 1);
    pthread_mutex_init(&process.lock, NULL);
    pthread_t engine, callers[CALLERS];
    pthread_create(&engine, NULL, serve, NULL);
    for (size_t i = 0; i < CALLERS; i++)
        pthread_create(&callers[i], NULL, call_often, NULL);
    for (size_t i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    pthread_join(engine, NULL);
    uint32_t calls = atomic_load(&done);
    say("calls-were-answered", calls > 1000 || atomic_load(&opened) >= LANES_ENOUGH, calls);
    say("no-request-was-found-empty", atomic_load(&wrong_requests) == 0, atomic_load(&wrong_requests));
    say("no-answer-was-found-empty", atomic_load(&wrong_answers) == 0, atomic_load(&wrong_answers));
    sr_host_lanes_trim(&host, UINT64_MAX);
    say("resting-lanes-hold-no-memory", pages_left() == 0, pages_left());
    fprintf(stderr, "%u calls, %u lanes\n", calls, atomic_load(&opened));
    puts("done");
    return 0;
}
