/*
 * The thread pool: one thread for each core, started with the first job, asleep while there is none.
 *
 * A job is filled on the JS thread, run on a pool thread that owns it meanwhile, and taken back on the JS
 * thread.
 */
#ifndef STRONGROOM_ENCLAVE_POOL_H
#define STRONGROOM_ENCLAVE_POOL_H

#include "../../hardening/memory/bell.h"
#include "agree.h"
#include "hmac256.h"
#include "rsa.h"
#include "wrap.h"

struct sr_job {
    uint64_t id;
    struct sr_job *next;
    void (*run)(struct sr_job *job);
    sr_result result;
    struct sr_key *made;      /* a key that still needs its handle, when result >= 0 */
    struct sr_parsed *parsed; /* held */
    bool finished, dropped;   /* the JS thread's */
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
