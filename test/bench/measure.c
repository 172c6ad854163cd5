#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_SERIES = 96, STEPS = 256, BUCKETS = 57 * STEPS };

/* Latencies are counted in buckets 0.4 % wide (256 steps a power of two), so that every round of a fast row
 * weighs the same and memory stays fixed. */
struct series {
    char name[48];
    int threads;
    uint64_t count;
    uint64_t elapsed_ns;
    uint32_t *buckets;
};

static struct series all_series[MAX_SERIES];
static size_t series_count;

struct job {
    const struct row *row;
    struct worker *worker;
    pthread_barrier_t *barrier;
    uint64_t length_ns;
    uint32_t *buckets;
    uint64_t count;
    uint64_t elapsed_ns;
    unsigned long error;
};

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *must_alloc(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory) {
        fprintf(stderr, "bench: out of memory\n");
        exit(2);
    }
    return memory;
}

static struct series *find_series(const char *name, int threads) {
    for (size_t i = 0; i < series_count; i++) {
        if (all_series[i].threads == threads && strcmp(all_series[i].name, name) == 0)
            return &all_series[i];
    }
    if (series_count == MAX_SERIES) {
        fprintf(stderr, "bench: too many rows\n");
        exit(2);
    }
    struct series *made = &all_series[series_count++];
    snprintf(made->name, sizeof made->name, "%s", name);
    made->threads = threads;
    made->buckets = must_alloc(BUCKETS, sizeof *made->buckets);
    return made;
}

static size_t bucket_of(uint64_t ns) {
    unsigned shift = 0;
    while ((ns >> shift) >= 2 * STEPS)
        shift++;
    return shift == 0 ? (size_t)ns : (size_t)shift * STEPS + (size_t)(ns >> shift);
}

/* The middle of a bucket: the inverse of bucket_of. */
static uint64_t value_of(size_t bucket) {
    if (bucket < 2 * STEPS)
        return bucket;
    unsigned shift = (unsigned)(bucket / STEPS) - 1;
    return ((uint64_t)(bucket - (size_t)shift * STEPS) << shift) + ((uint64_t)1 << shift) / 2;
}

void add_sample(const char *name, int threads, uint64_t ns) {
    struct series *series = find_series(name, threads);
    series->buckets[bucket_of(ns)]++;
    series->count++;
    series->elapsed_ns += ns;
}

static void *measure_thread(void *argument) {
    struct job *job = argument;
    pthread_barrier_wait(job->barrier);
    uint64_t busy = 0, begin = now_ns(), end;
    do {
        uint64_t before = now_ns();
        job->error = job->row->op(job->worker);
        end = now_ns();
        if (job->error)
            break;
        job->buckets[bucket_of(end - before)]++;
        job->count++;
        busy += end - before;
        if (job->row->after) {
            job->error = job->row->after(job->worker);
            if (job->error)
                break;
        }
    } while (now_ns() - begin < job->length_ns);
    /* With an untimed step in between, the wall clock would count that too. */
    job->elapsed_ns = job->row->after ? busy : end - begin;
    return NULL;
}

unsigned long run_row(const struct row *row, struct worker *workers, int threads, unsigned ms) {
    struct job jobs[MAX_THREADS] = {{0}};
    pthread_t ids[MAX_THREADS];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){.row = row,
                               .worker = &workers[i],
                               .barrier = &barrier,
                               .length_ns = (uint64_t)ms * 1000000u,
                               .buckets = must_alloc(BUCKETS, sizeof(uint32_t))};
    }
    /* The first worker runs on this thread, so that one thread is what a plain program is. */
    for (int i = 1; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, measure_thread, &jobs[i]) != 0) {
            fprintf(stderr, "bench: no thread\n");
            exit(2);
        }
    }
    measure_thread(&jobs[0]);
    for (int i = 1; i < threads; i++)
        pthread_join(ids[i], NULL);
    pthread_barrier_destroy(&barrier);

    unsigned long error = 0;
    uint64_t longest = 0;
    struct series *series = find_series(row->name, threads);
    for (int i = 0; i < threads; i++) {
        if (jobs[i].error && !error)
            error = jobs[i].error;
        if (jobs[i].elapsed_ns > longest)
            longest = jobs[i].elapsed_ns;
        for (size_t k = 0; k < BUCKETS; k++)
            series->buckets[k] += jobs[i].buckets[k];
        series->count += jobs[i].count;
        free(jobs[i].buckets);
    }
    series->elapsed_ns += longest;
    return error;
}

/* The latency that `rank` of the series' calls (counted from 0) did not exceed. */
static uint64_t at_rank(const struct series *series, uint64_t rank) {
    uint64_t seen = 0;
    for (size_t k = 0; k < BUCKETS; k++) {
        seen += series->buckets[k];
        if (seen > rank)
            return value_of(k);
    }
    return 0;
}

void report(void) {
    for (size_t i = 0; i < series_count; i++) {
        const struct series *s = &all_series[i];
        if (s->count == 0)
            continue;
        double per_second = s->elapsed_ns ? (double)s->count * 1e9 / (double)s->elapsed_ns : 0;
        printf("{\"row\":\"%s\",\"threads\":%d,\"samples\":%llu,\"medianNs\":%llu,\"p99Ns\":%llu,"
               "\"perSecond\":%.1f}\n",
               s->name, s->threads, (unsigned long long)s->count,
               (unsigned long long)at_rank(s, s->count / 2),
               (unsigned long long)at_rank(s, s->count - 1 - (s->count - 1) / 100), per_second);
    }
}

void prepare_workers(struct worker *workers, int count) {
    for (int i = 0; i < count; i++) {
        workers[i].input = must_alloc(1, MAX_PAYLOAD);
        workers[i].output = must_alloc(1, MAX_PAYLOAD + 1024);
        workers[i].counter = (uint64_t)(i + 1) << 56;
        for (size_t k = 0; k < MAX_PAYLOAD; k++)
            workers[i].input[k] = (unsigned char)(k * 31u + 7u);
    }
}
