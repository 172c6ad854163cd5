/*
 * The thread pool: a thread for each core and one more, started with the first job, asleep while there is none.
 *
 * A job is filled on the JS thread, run on a pool thread that owns it meanwhile, and taken back on the JS
 * thread. Jobs wait in two queues (queue.h), since some take milliseconds and some minutes: the short go first,
 * and however many long ones there are, one thread is left for the short.
 */
#ifndef STRONGROOM_ENCLAVE_POOL_H
#define STRONGROOM_ENCLAVE_POOL_H

#include "../../hardening/memory/bell.h"
#include "agree.h"
#include "hmac256.h"
#include "queue.h"
#include "rsa.h"
#include "wrap.h"

enum sr_job_length { SR_JOB_SHORT, SR_JOB_LONG, SR_JOB_LENGTHS };

struct sr_job {
    uint64_t id;
    uint64_t owner;           /* the application */
    enum sr_job_length length;
    struct sr_job *next;      /* in its line, or wherever it is listed afterwards */
    struct sr_job *next_line; /* the queue's, of the head of a line */
    struct sr_job *line_end;  /* likewise */
    void (*run)(struct sr_job *job);
    void (*abandon)(struct sr_job *job); /* frees what run would have freed, for a job that never runs; or NULL */
    sr_result result;
    struct sr_key *made;      /* a key that still needs its handle, when result >= 0 */
    struct sr_parsed *parsed; /* held */
    bool finished, dropped;   /* the JS thread's */
    _Atomic bool cancelled;   /* set by the JS thread: nobody wants its result; long work stops */
    union {
        struct {
            struct sr_sign_task sign;
            struct sr_bytes signature; /* to check; empty when one is to be made */
        };
        struct sr_rsa_task rsa;
        struct {
            struct sr_rsa_task rsa;
            struct sr_unwrapped target;
        } unwrap;
        struct {
            uint32_t bits, kind; /* of an RSA key; of a key on a curve */
        } generate;
        struct sr_agree_task agree;
        struct {
            struct sr_hmac256 key;
            uint32_t iterations;
        } derive;
    } task;
    size_t input_size;
    uint8_t output[SR_RSA_MAX_BYTES];
    uint8_t input[]; /* copies of everything the job reads */
};

/* A zeroed job in the arena with room for input; NULL when memory is exhausted, the id is taken or it is not
 * positive. */
struct sr_job *sr_job_new(uint64_t id, size_t input_size);
/* Frees a job that was never submitted. */
void sr_job_discard(struct sr_job *job);
/* Hands the job over; 0, or -CKR_HOST_MEMORY (then the job is freed). */
sr_result sr_job_submit(struct sr_job *job);

/* Whose the jobs are that are submitted from now on. */
void sr_jobs_for(uint64_t owner);
/* Nobody wants what the job gives: it fails with CKR_FUNCTION_CANCELED, at once when it waits or has ended,
 * otherwise when its work ends, which a key generation does soon. It is taken and asked for like any other. */
void sr_job_cancel(uint64_t id);

/* The next finished job's id, or 0. */
uint64_t sr_job_take(void);
sr_result sr_job_result(uint64_t id);
sr_result sr_job_output(uint64_t id, struct sr_room out);
/* Forgets a job: at once when it has finished, when it ends otherwise. */
void sr_job_drop(uint64_t id);
size_t sr_jobs_running(void);
size_t sr_pool_threads(void);
/* The bell to ring for each finished job; NULL for none. */
void sr_pool_bell(struct sr_bell *bell);
/* True once the process ends; long work asks it now and then. */
const _Atomic bool *sr_pool_stopping(void);
/* Ends the threads, after what they are doing. Later jobs are refused. */
void sr_pool_stop(void);

#endif
