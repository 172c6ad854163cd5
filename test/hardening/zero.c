/* Checks of zeroing; one a run, by name. Compiled with optimisation and without sanitizers, which rearrange
 * the stack. */
#define _GNU_SOURCE
#include "check.h"
#include "guarded.h"

#define MARK 0xd7
#define DEPTH (16 * 1024)

/* Leaves a recognisable array on what is then dead stack, as library code leaves intermediate values. */
static __attribute__((noinline)) void leave_marks(void) {
    unsigned char local[DEPTH];
    memset(local, MARK, sizeof local);
    __asm__ __volatile__("" : : "r"(local) : "memory");
}

/* Counts marks in the dead stack below this frame, calling nothing meanwhile. */
static __attribute__((noinline)) size_t count_marks(void) {
    size_t count = 0;
    const volatile unsigned char *here = __builtin_frame_address(0);
    for (size_t index = 256; index < DEPTH; index++) {
        count += *(here - index) == MARK;
    }
    return count;
}

static void stack(void) {
    leave_marks();
    CHECK(count_marks() > DEPTH / 2); /* else the search proves nothing */
    leave_marks();
    sr_scrub_stack();
    CHECK(count_marks() == 0);
}

/* Copying leaves marks in registers; the compiler of this file keeps nothing in these. */
static __attribute__((noinline)) void registers(void) {
#if defined(__x86_64__)
    static unsigned char marks[16], before[32], after[32];
    memset(marks, MARK, sizeof marks);
    __asm__ __volatile__("movdqu (%0), %%xmm5\n\tmovdqu (%0), %%xmm15" : : "r"(marks) : "memory");
    __asm__ __volatile__("movdqu %%xmm5, (%0)\n\tmovdqu %%xmm15, 16(%0)" : : "r"(before) : "memory");
    sr_scrub_registers();
    __asm__ __volatile__("movdqu %%xmm5, (%0)\n\tmovdqu %%xmm15, 16(%0)" : : "r"(after) : "memory");
    for (int i = 0; i < 32; i++) {
        CHECK(before[i] == MARK && after[i] == 0);
    }
#endif
}

static uintptr_t dead_address;

/* The array dies with the call, so a plain memset of it would be dropped. */
static __attribute__((noinline)) void use_and_zero(bool zero) {
    unsigned char local[512];
    memset(local, MARK, sizeof local);
    __asm__ __volatile__("" : : "r"(local) : "memory");
    dead_address = (uintptr_t)local;
    if (zero) {
        sr_zero(local, sizeof local);
    }
}

static __attribute__((noinline)) size_t count_dead(void) {
    size_t count = 0;
    for (size_t index = 0; index < 512; index++) {
        count += ((const volatile unsigned char *)dead_address)[index] == MARK;
    }
    return count;
}

static void dying(void) {
    use_and_zero(false);
    CHECK(count_dead() > 256);
    use_and_zero(true);
    CHECK(count_dead() == 0);
    unsigned char bytes[32];
    memset(bytes, MARK, sizeof bytes);
    sr_zero(bytes + 1, 30);
    CHECK(bytes[0] == MARK && bytes[31] == MARK && is_filled(bytes + 1, 0, 30));
    sr_zero(bytes, 0);
    CHECK(bytes[0] == MARK);
}

int main(int argc, char **argv) {
    static const struct check checks[] = {{"stack", stack}, {"registers", registers}, {"dying", dying}};
    return run_named(argc, argv, checks, sizeof checks / sizeof checks[0]);
}
