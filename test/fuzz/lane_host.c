/*
 * A hostile client's shared memory against the engine's end of the lanes (module/lane/host.c).
 *
 * Input: a script of one-byte steps with their arguments: make a lane, write the words and bytes of one, look
 * for requests, answer, wipe, release. The lanes' memory is the real thing, sealed memfds; what the host
 * copies out goes to its scratch.
 */
#define _GNU_SOURCE
#include "../../module/lane/host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct sr_host host;
static const uint8_t *input;
static size_t left;

static uint8_t take(void) {
    if (left == 0)
        return 0;
    left--;
    return *input++;
}

static uint32_t take_word(void) {
    static const uint32_t telling[] = {0,
                                       1,
                                       4096,
                                       SR_LANE_BULK_OFFSET,
                                       SR_LANE_CAPACITY_DEFAULT,
                                       SR_LANE_CAPACITY_DEFAULT + 1,
                                       SR_LANE_ARGUMENTS_MAX,
                                       0xffffffffu};
    uint8_t kind = take();
    if (kind & 0x80)
        return telling[kind % 8];
    return (uint32_t)kind | (uint32_t)take() << 8 | (uint32_t)take() << 16;
}

static struct sr_lane *lane_words(uint32_t index) {
    return host.lanes[index].mapping == NULL ? NULL : (struct sr_lane *)host.lanes[index].mapping->base;
}

/* What a client can do to its half, and to ours: the whole mapping is writable for it. */
static void scribble(uint32_t index) {
    struct sr_lane *lane = lane_words(index);
    if (lane == NULL)
        return;
    atomic_store(&lane->state, take() % 6);
    atomic_store(&lane->client_waits, take() & 1);
    lane->function = take_word();
    lane->arguments_length = take_word();
    lane->rv = take();
    lane->reply_length = take_word();
    uint8_t *area = (uint8_t *)lane + SR_LANE_HEADER;
    for (int i = take() % 16; i > 0; i--)
        area[take_word() % host.lanes[index].mapping->capacity] = take();
}

static void look(void) {
    struct sr_request request = {0};
    int found = sr_host_next(&host, 0, &request);
    if (found < 0)
        return;
    if ((uint32_t)found >= host.lane_end || request.arguments_length > SR_LANE_ARGUMENTS_MAX ||
        request.arguments_length > host.lanes[found].mapping->capacity || !host.lanes[found].taken)
        abort();
    /* Between the look and the answer the client goes on writing. */
    if (take() & 1)
        scribble((uint32_t)found);
    if (take() & 1)
        sr_host_wipe(&host, (uint32_t)found);
    if (take() & 3)
        sr_host_reply(&host, (uint32_t)found, take(), take_word(), take() & 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool open;
    if (!open && sr_host_open(&host) != 0)
        abort();
    open = true;
    input = data;
    left = size;
    for (int step = 0; step < 64 && left > 0; step++) {
        uint8_t what = take();
        uint32_t index = host.lane_end == 0 ? 0 : take() % host.lane_end;
        int descriptor = -1;
        switch (what % 6) {
        case 0:
            if (host.lane_end < 6 && sr_host_lane_new(&host, &(struct sr_lane_owner){.application = take() % 3, .owner = take() % 2, .ring = -1}, take_word(), &descriptor) >= 0) {
                /* The seals hold: a client can neither cut nor grow what we have mapped. */
                if (ftruncate(descriptor, 0) == 0 || ftruncate(descriptor, 1 << 30) == 0)
                    abort();
                close(descriptor);
            }
            break;
        case 1:
            scribble(index);
            break;
        case 2:
        case 3:
            look();
            break;
        case 4:
            sr_host_lanes_release(&host, take() % 3, (enum sr_release)(take() % 3));
            break;
        default:
            sr_host_reply(&host, take(), take(), take_word(), take() & 1);
        }
    }
    /* Whatever is still taken is answered, then everything goes: nothing may be left. */
    for (uint32_t i = 0; i < SR_HOST_LANES_MAX && i < host.lane_end; i++)
        sr_host_reply(&host, i, 0, 0, true);
    for (uint32_t application = 0; application < 3; application++)
        sr_host_lanes_release(&host, application, SR_RELEASE_ALL);
    if (host.lane_end != 0)
        abort();
    return 0;
}
