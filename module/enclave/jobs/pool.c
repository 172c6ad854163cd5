#include "pool.h"

#include "../base/map.h"
#include "../base/watch.h"
#include "../keys/table.h"
#include "queue.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define PROCESSORS_MAX 64
#define HEAVY_MOST 4u
#define STOP_PATIENCE_SECONDS 2
/* A thread that has ended a job looks this long for another before it sleeps: its caller is about to call
 * again, and waking a thread costs half of what a short job takes. Whoever else wants the processor gets it
 * at every look. */
#define LOOK_NS 60000u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_ready, thread_ended;
static struct sr_queue queues[SR_JOB_LENGTHS];          /* those that wait */
static unsigned working[SR_JOB_LENGTHS];                /* threads with a job */
static unsigned threads, sleeping, looking, processors; /* looking: awake, without a job */
static _Atomic unsigned waiting;
static bool started;
static _Atomic bool stopping;
static _Atomic(struct sr_job *) ended; /* a stack, filled by the pool, emptied by the JS thread */
static _Atomic(struct sr_bell *) bell_to_ring;
static _Atomic int submitter =
    -1; /* the processor that the last job came from, -1 when every one is needed */

/* The JS thread's. */
static struct sr_map jobs;
static struct sr_job *finished_first, **finished_last = &finished_first;
static size_t running;
static uint64_t owner;

const _Atomic bool *sr_pool_stopping(void) {
    return &stopping;
}

void sr_pool_bell(struct sr_bell *bell) {
    atomic_store(&bell_to_ring, bell);
}

static void finish(struct sr_job *job) {
    job->next = atomic_load(&ended);
    while (!atomic_compare_exchange_weak(&ended, &job->next, job))
        ;
    struct sr_bell *bell = atomic_load(&bell_to_ring);
    if (bell != NULL)
        sr_bell_ring(bell);
}

/*
 * A woken thread tends to be put on its waker's processor, which goes on working: the two would take turns
 * beside an idle one. So a thread that finds itself there moves away before it begins, unless the jobs need
 * every processor: then all threads would meet on the others, and the submitter's stays empty when it sleeps.
 */
static void leave_submitter(void) {
    int here = sched_getcpu();
    cpu_set_t all, others;
    if (here != atomic_load_explicit(&submitter, memory_order_relaxed) ||
        sched_getaffinity(0, sizeof all, &all) != 0)
        return;
    others = all;
    CPU_CLR(here, &others);
    if (CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0)
        sched_setaffinity(0, sizeof all, &all);
}

static void look_for_work(void) {
    uint64_t start = sr_clock_ns();
    while (atomic_load_explicit(&waiting, memory_order_relaxed) == 0 && !atomic_load(&stopping) &&
           sr_clock_ns() - start < LOOK_NS)
        sched_yield();
}

/*
 * Whether a job of that length may begin; called with the lock. No more run at a time than there are
 * processors, but for the first of each length: so the first short job begins while others have all
 * processors, and the first of the others while the short never end, and no length keeps another out.
 */
static bool may_begin(enum sr_job_length length) {
    unsigned sum = 0;
    for (int i = 0; i < SR_JOB_LENGTHS; i++)
        sum += working[i];
    if (working[length] == 0)
        return true;
    if (length == SR_JOB_HEAVY && (working[length] >= processors / 2 || working[length] >= HEAVY_MOST))
        return false;
    return sum < processors || (length == SR_JOB_SHORT && working[length] < processors);
}

/* The job to begin now, or NULL; called with the lock. Lengths that nobody works on go first, then the short.
 */
static struct sr_job *next_job(void) {
    for (int busy = 0; busy <= 1; busy++)
        for (int length = 0; length < SR_JOB_LENGTHS; length++) {
            bool turn = (working[length] > 0) == busy && may_begin((enum sr_job_length)length);
            struct sr_job *job = turn ? sr_queue_take(&queues[length]) : NULL;
            if (job != NULL)
                return job;
        }
    return NULL;
}

static void *serve(void *unused) {
    pthread_mutex_lock(&lock);
    looking++;
    while (!stopping) {
        struct sr_job *job = next_job();
        if (job == NULL) {
            looking--;
            sleeping++;
            pthread_cond_wait(&work_ready, &lock);
            sleeping--;
            looking++;
            continue;
        }
        enum sr_job_length length = job->length;
        looking--;
        waiting--;
        working[length]++;
        pthread_mutex_unlock(&lock);
        leave_submitter();
        uint64_t began = job->watched ? sr_clock_ns() : 0;
        job->run(job);
        job->spent_ns = job->watched ? sr_clock_ns() - began : 0;
        finish(job);
        pthread_mutex_lock(&lock);
        working[length]--;
        looking++;
        pthread_mutex_unlock(&lock);
        look_for_work();
        pthread_mutex_lock(&lock);
    }
    looking--;
    pthread_mutex_unlock(&lock);
    sr_scratch_end();
    pthread_mutex_lock(&lock);
    threads--;
    pthread_cond_signal(&thread_ended);
    pthread_mutex_unlock(&lock);
    return unused;
}

void sr_pool_stop(void) {
    pthread_mutex_lock(&lock);
    stopping = true;
    if (started) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += STOP_PATIENCE_SECONDS;
        pthread_cond_broadcast(&work_ready);
        while (threads > 0 && pthread_cond_timedwait(&thread_ended, &lock, &until) == 0)
            ;
    }
    pthread_mutex_unlock(&lock);
}

/* Called with the lock held. Threads take no signals: those belong to Node. */
static bool start_threads(void) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&work_ready, &monotonic);
    pthread_cond_init(&thread_ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    processors = cores < 1 ? 1 : cores > PROCESSORS_MAX ? PROCESSORS_MAX : (unsigned)cores;
    const unsigned wanted = processors + SR_JOB_LENGTHS - 1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 1u << 20);
    for (pthread_t thread; threads < wanted && pthread_create(&thread, &detached, serve, NULL) == 0;)
        threads++;
    pthread_attr_destroy(&detached);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (threads > 0)
        atexit(sr_pool_stop); /* before OpenSSL's own end, which came first */
    return threads > 0;
}

struct sr_job *sr_job_new(uint64_t id, size_t input_size) {
    if (id == 0 || input_size > SIZE_MAX / 2 || sr_map_get(&jobs, id) != NULL)
        return NULL;
    struct sr_job *job = sr_arena_alloc(sizeof *job + input_size);
    if (job != NULL) {
        job->id = id;
        job->owner = owner;
        job->input_size = input_size;
        job->watched = sr_watch.on;
    }
    return job;
}

void sr_job_discard(struct sr_job *job) {
    sr_parsed_release(job->parsed);
    sr_key_destroy(job->made);
    sr_arena_free(job, sizeof *job + job->input_size);
}

sr_result sr_job_submit(struct sr_job *job) {
    if (!sr_map_add(&jobs, job->id, job)) {
        sr_job_discard(job);
        return SR_FAIL(CKR_HOST_MEMORY);
    }
    pthread_mutex_lock(&lock);
    bool accepted = !stopping && (started || (started = start_threads())), wake = false;
    if (accepted) {
        running++;
        atomic_store_explicit(&submitter, running < processors ? sched_getcpu() : -1, memory_order_relaxed);
        sr_queue_add(&queues[job->length], job);
        /* Whoever looks comes here before it sleeps, and finds the job; so does whoever ends the one that
         * keeps this one from beginning. */
        wake = ++waiting > looking && sleeping > 0 && may_begin(job->length);
    }
    pthread_mutex_unlock(&lock);
    if (wake)
        pthread_cond_signal(&work_ready);
    if (accepted)
        return 0;
    sr_map_remove(&jobs, job->id);
    sr_job_discard(job);
    return SR_FAIL(CKR_HOST_MEMORY);
}

void sr_jobs_for(uint64_t application) {
    owner = application;
}

/* Takes from a cancelled job what it made. */
static void make_void(struct sr_job *job) {
    sr_key_destroy(job->made);
    job->made = NULL;
    job->result = SR_FAIL(CKR_FUNCTION_CANCELED);
    sr_zero(job->output, sizeof job->output);
}

static void forget(struct sr_job *job) {
    sr_map_remove(&jobs, job->id);
    sr_job_discard(job);
}

/* Moves what the pool has ended behind the jobs that wait to be taken, oldest first. */
static void collect(void) {
    struct sr_job *job = atomic_exchange(&ended, NULL), *oldest = NULL;
    while (job != NULL) {
        struct sr_job *next = job->next;
        job->next = oldest;
        oldest = job;
        job = next;
    }
    while (oldest != NULL) {
        job = oldest;
        oldest = job->next;
        running--;
        job->finished = true;
        job->next = NULL;
        if (job->cancelled)
            make_void(job);
        if (job->dropped) {
            forget(job);
            continue;
        }
        *finished_last = job;
        finished_last = &job->next;
    }
}

uint64_t sr_job_take(void) {
    if (atomic_load_explicit(&ended, memory_order_relaxed) != NULL)
        collect();
    struct sr_job *job = finished_first;
    if (job == NULL)
        return 0;
    finished_first = job->next;
    if (finished_first == NULL)
        finished_last = &finished_first;
    job->next = NULL;
    return job->id;
}

/* Takes a job out of those that wait to be taken: it was asked for by its id. */
static void unlist(struct sr_job *job) {
    for (struct sr_job **at = &finished_first; *at != NULL; at = &(*at)->next)
        if (*at == job) {
            *at = job->next;
            if (finished_last == &job->next)
                finished_last = at;
            return;
        }
}

static struct sr_job *find_finished(uint64_t id, sr_result *failure) {
    struct sr_job *job = sr_map_get(&jobs, id);
    if (job != NULL && !job->finished)
        collect();
    job = sr_map_get(&jobs, id);
    *failure = SR_FAIL(job == NULL ? CKR_OPERATION_NOT_INITIALIZED : CKR_PENDING);
    if (job == NULL || !job->finished)
        return NULL;
    unlist(job);
    /* Whoever asks for what it made has the time, too, and not twice. */
    sr_watch.spent_ns += job->spent_ns;
    job->spent_ns = 0;
    return job;
}

sr_result sr_job_result(uint64_t id) {
    sr_result result;
    struct sr_job *job = find_finished(id, &result);
    if (job == NULL)
        return result;
    result = job->result;
    if (job->made != NULL) {
        result = sr_keys_add(job->made);
        job->made = NULL;
    } else if (result > 0) {
        return result; /* its output is still to be fetched */
    }
    forget(job);
    return result;
}

sr_result sr_job_output(uint64_t id, struct sr_room out) {
    sr_result result;
    struct sr_job *job = find_finished(id, &result);
    if (job == NULL || job->made != NULL)
        return job == NULL ? result : SR_FAIL(CKR_OPERATION_ACTIVE);
    result = job->result < 0 ? job->result : sr_put(out, job->output, (size_t)job->result);
    if (result != SR_FAIL(CKR_BUFFER_TOO_SMALL))
        forget(job);
    return result;
}

void sr_job_drop(uint64_t id) {
    struct sr_job *job = sr_map_get(&jobs, id);
    if (job == NULL)
        return;
    job->dropped = true;
    if (!job->finished)
        return;
    unlist(job);
    forget(job);
}

void sr_job_cancel(uint64_t id) {
    struct sr_job *job = sr_map_get(&jobs, id);
    if (job == NULL || job->cancelled)
        return;
    job->cancelled = true;
    if (job->finished) {
        make_void(job);
        return;
    }
    pthread_mutex_lock(&lock);
    bool waited = sr_queue_remove(&queues[job->length], job);
    if (waited)
        waiting--;
    pthread_mutex_unlock(&lock);
    if (!waited)
        return;
    if (job->abandon != NULL)
        job->abandon(job);
    finish(job);
}

size_t sr_jobs_running(void) {
    if (atomic_load_explicit(&ended, memory_order_relaxed) != NULL)
        collect();
    return running;
}

size_t sr_pool_threads(void) {
    pthread_mutex_lock(&lock);
    size_t count = threads;
    pthread_mutex_unlock(&lock);
    return count;
}
