/* Zeroing that survives optimisation. */
#include "guarded.h"
#include "registers.h"

#include <string.h>

#define SCRUBBED_STACK (32 * 1024)

void sr_zero(void *buffer, size_t size) {
    if (size == 0) {
        return;
    }
    memset(buffer, 0, size);
    /* The compiler must believe that the bytes are read afterwards. */
    __asm__ __volatile__("" : : "r"(buffer) : "memory");
}

void sr_scrub_registers(void) {
    sr_registers_zero();
}

__attribute__((noinline)) void sr_scrub_stack(void) {
    unsigned char dead[SCRUBBED_STACK];
    sr_zero(dead, sizeof dead);
    sr_scrub_registers();
}
