/* The measuring half that the PKCS#11 client and the plain OpenSSL program share: timed loops on one or more
 * threads, counted single-call latencies for every row, and the command loop that run.ts talks to. */
#ifndef STRONGROOM_BENCH_MEASURE_H
#define STRONGROOM_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_THREADS = 64, MAX_PAYLOAD = 1 << 20 };

/** What one measuring thread owns. `handle` is the session for PKCS#11 and unused for OpenSSL; `made` is what
 * an operation leaves behind for the untimed step after it, of a pair the private half, and `made_public` the
 * other one. */
struct worker {
    unsigned long handle;
    unsigned long made;
    unsigned long made_public;
    uint64_t counter;
    void *state;
    unsigned char *input;
    unsigned char *output;
};

/** One row of the table: `op` is timed, `after` (optional) is not. Both answer 0 or an error code. */
struct row {
    const char *name;
    unsigned long (*op)(struct worker *worker);
    unsigned long (*after)(struct worker *worker);
};

/** @returns CLOCK_MONOTONIC in nanoseconds. */
uint64_t now_ns(void);

/** Adds one latency that was measured elsewhere (another process) to a row.
 * @param name    row, created on first use
 * @param threads 1 or 2 @param ns latency */
void add_sample(const char *name, int threads, uint64_t ns);

/** Runs a row for `ms` milliseconds (at least one operation) and adds its latencies to the row's.
 * @returns 0, or the first error code that an operation answered */
unsigned long run_row(const struct row *row, struct worker *workers, int threads, unsigned ms);

/** Prints one JSON object a line for each row measured so far: row, threads, samples, medianNs, p99Ns,
 * perSecond. */
void report(void);

/** Allocates the payload buffers of `count` workers, filled with a fixed pattern; exits when memory is short.
 */
void prepare_workers(struct worker *workers, int count);

#endif
