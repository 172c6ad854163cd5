#include "watch.h"

#include <time.h>

struct sr_watch sr_watch;

uint64_t sr_clock_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t sr_watch_switch(bool on) {
    uint64_t spent = sr_watch.spent_ns;
    sr_watch = (struct sr_watch){.on = on};
    return spent;
}
