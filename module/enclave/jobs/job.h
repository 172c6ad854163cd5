/*
 * A job: what it works on, what it made, and where it stands.
 */
#ifndef STRONGROOM_ENCLAVE_JOBS_JOB_H
#define STRONGROOM_ENCLAVE_JOBS_JOB_H

#include "../operations/agree.h"
#include "../operations/rsa.h"
#include "../operations/sign.h"
#include "../operations/wrap.h"
#include "../sealing/argon2.h"
#include "../sealing/hmac256.h"

/* Heavy: takes no longer than a person waits, and much memory. */
enum sr_job_length { SR_JOB_SHORT, SR_JOB_HEAVY, SR_JOB_LONG, SR_JOB_LENGTHS };

struct sr_job {
    uint64_t id;
    uint64_t owner; /* the application */
    enum sr_job_length length;
    struct sr_job *next;      /* in its line, or wherever it is listed afterwards */
    struct sr_job *next_line; /* the queue's, of the head of a line */
    struct sr_job *line_end;  /* likewise */
    void (*run)(struct sr_job *job);
    void (*abandon)(
        struct sr_job *job); /* frees what run would have freed, for a job that never runs; or NULL */
    sr_result result;
    struct sr_key *made;      /* a key that still needs its handle, when result >= 0 */
    struct sr_parsed *parsed; /* held */
    bool finished, dropped;   /* the JS thread's */
    bool watched;             /* somebody wants to know how long it takes: */
    uint64_t spent_ns;
    _Atomic bool cancelled; /* set by the JS thread: nobody wants its result; long work stops */
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
        struct sr_argon2 argon2;
        struct {
            struct sr_bytes words, salt;
        } mnemonic;
    } task;
    size_t input_size;
    uint8_t output[SR_RSA_MAX_BYTES];
    uint8_t input[]; /* copies of everything the job reads */
};

#endif
