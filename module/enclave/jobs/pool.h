/*
 * The thread pool: a thread for each core and one more for each further length of job, started with the first
 * job, asleep while there is none.
 *
 * A job is filled on the JS thread, run on a pool thread that owns it meanwhile, and taken back on the JS
 * thread. Jobs wait in three queues (queue.h), since some take milliseconds, some much memory, and some
 * minutes: the short go first, and however many there are of the others, one thread is left for the short. Of
 * the heavy no more run at a time than half of the processors, and four at the most, so that a crowd of
 * people who log in waits its turn, and takes neither the memory nor the processors of those who work.
 */
#ifndef STRONGROOM_ENCLAVE_POOL_H
#define STRONGROOM_ENCLAVE_POOL_H

#include "../../../hardening/memory/bell.h"
#include "job.h"

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
 * otherwise when its work ends, which a key generation does soon. It is taken and asked for like any other.
 */
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
