/*
 * Copying leaves the last bytes in vector registers, and who saves those next (V8 when it gives up compiled
 * code, the loader, a signal) writes them to ordinary memory. Here they are zeroed, as far as they are a
 * called function's to change.
 */
#ifndef STRONGROOM_REGISTERS_H
#define STRONGROOM_REGISTERS_H

static inline void sr_registers_zero(void) {
#if defined(__x86_64__)
    static int kind; /* 1: SSE, 2: AVX, 3: AVX-512; drawn twice, it is the same */
    int found = __atomic_load_n(&kind, __ATOMIC_RELAXED);
    if (found == 0) {
        found = __builtin_cpu_supports("avx512vl") ? 3 : __builtin_cpu_supports("avx") ? 2 : 1;
        __atomic_store_n(&kind, found, __ATOMIC_RELAXED);
    }
#define SR_VECTORS                                                                                           \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",        \
        "xmm12", "xmm13", "xmm14", "xmm15"
#define SR_CLEAR(n) "pxor %%xmm" #n ", %%xmm" #n "\n\t"
#define SR_CLEAR_HIGH(n) "vpxorq %%xmm" #n ", %%xmm" #n ", %%xmm" #n "\n\t"
    if (found == 1) {
        __asm__ __volatile__(SR_CLEAR(0) SR_CLEAR(1) SR_CLEAR(2) SR_CLEAR(3) SR_CLEAR(4) SR_CLEAR(5)
                                 SR_CLEAR(6) SR_CLEAR(7) SR_CLEAR(8) SR_CLEAR(9) SR_CLEAR(10) SR_CLEAR(11)
                                     SR_CLEAR(12) SR_CLEAR(13) SR_CLEAR(14) SR_CLEAR(15)
                             :
                             :
                             : SR_VECTORS);
        return;
    }
    if (found == 3) {
        /* Written like this in code for older processors, too: the compiler knows of no such register, and
         * keeps nothing in one. */
        __asm__ __volatile__(SR_CLEAR_HIGH(16) SR_CLEAR_HIGH(17) SR_CLEAR_HIGH(18) SR_CLEAR_HIGH(19)
                                 SR_CLEAR_HIGH(20) SR_CLEAR_HIGH(21) SR_CLEAR_HIGH(22) SR_CLEAR_HIGH(23)
                                     SR_CLEAR_HIGH(24) SR_CLEAR_HIGH(25) SR_CLEAR_HIGH(26) SR_CLEAR_HIGH(27)
                                         SR_CLEAR_HIGH(28) SR_CLEAR_HIGH(29) SR_CLEAR_HIGH(30)
                                             SR_CLEAR_HIGH(31)
                             :
                             :
                             :);
    }
    __asm__ __volatile__("vzeroall" : : : SR_VECTORS);
#elif defined(__aarch64__)
    /* v8 to v15 are the caller's own (AAPCS64, 6.1.2). */
    __asm__ __volatile__("movi v0.16b, #0\n\tmovi v1.16b, #0\n\tmovi v2.16b, #0\n\tmovi v3.16b, #0\n\t"
                         "movi v4.16b, #0\n\tmovi v5.16b, #0\n\tmovi v6.16b, #0\n\tmovi v7.16b, #0\n\t"
                         "movi v16.16b, #0\n\tmovi v17.16b, #0\n\tmovi v18.16b, #0\n\tmovi v19.16b, #0\n\t"
                         "movi v20.16b, #0\n\tmovi v21.16b, #0\n\tmovi v22.16b, #0\n\tmovi v23.16b, #0\n\t"
                         "movi v24.16b, #0\n\tmovi v25.16b, #0\n\tmovi v26.16b, #0\n\tmovi v27.16b, #0\n\t"
                         "movi v28.16b, #0\n\tmovi v29.16b, #0\n\tmovi v30.16b, #0\n\tmovi v31.16b, #0"
                         :
                         :
                         : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19", "v20",
                           "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
#endif
}

#endif
