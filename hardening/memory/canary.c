#include "canary.h"

#include "pages.h"

#include <string.h>

static uint64_t canary[SR_CANARY_SIZE / sizeof(uint64_t)];

bool sr_canary_init(void) {
    return sr_pages_random(canary, sizeof canary);
}

/* The pattern goes by the address, so that each byte has its own expected value. */
static unsigned char expected(const char *at) {
    return ((const unsigned char *)canary)[(uintptr_t)at % sizeof canary];
}

void sr_canary_fill(char *from, const char *to) {
    for (; from < to && (uintptr_t)from % sizeof canary != 0; from++) {
        *from = (char)expected(from);
    }
    for (; to - from >= (ptrdiff_t)sizeof canary; from += sizeof canary) {
        memcpy(from, canary, sizeof canary);
    }
    for (; from < to; from++) {
        *from = (char)expected(from);
    }
}

bool sr_canary_intact(const char *from, const char *to) {
    unsigned char difference = 0;
    for (; from < to && (uintptr_t)from % sizeof canary != 0; from++) {
        difference |= (unsigned char)*from ^ expected(from);
    }
    for (; to - from >= (ptrdiff_t)sizeof canary; from += sizeof canary) {
        difference |= memcmp(from, canary, sizeof canary) != 0;
    }
    for (; from < to; from++) {
        difference |= (unsigned char)*from ^ expected(from);
    }
    return difference == 0;
}

bool sr_all_zero(const char *from, const char *to) {
    uint64_t seen = 0;
    for (; to - from >= (ptrdiff_t)sizeof seen; from += sizeof seen) {
        uint64_t word;
        memcpy(&word, from, sizeof word);
        seen |= word;
    }
    for (; from < to; from++) {
        seen |= (unsigned char)*from;
    }
    return seen == 0;
}
