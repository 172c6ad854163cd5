#include "tasks.h"

#include "../keys/ec.h"
#include "../keys/rsa.h"
#include "../sealing/mnemonic.h"

#define SALT_MAX 1024u
#define EC_PARAMS_MAX 64u
#define CONTEXT_MAX 255u /* of EdDSA: RFC 8032, 5.1 */

/* Every job of the pool that reads keys ends with the dead stack zeroed: the run functions below do so
 * themselves. */

static void run_sign(struct sr_job *job) {
    job->result = sr_sign_run(&job->task.sign, job->output);
}

static void run_nothing(struct sr_job *job) {
    (void)job;
}

/* A MAC is quicker made or checked than handed over; only its result goes the way of jobs. */
static sr_result task_hmac(uint64_t id, struct sr_key *key, const struct sr_signing *how,
                           struct sr_bytes data) {
    struct sr_job *job = sr_job_new(id, 0);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_nothing;
    job->result = sr_sign(key, how, data, (struct sr_room){job->output, sizeof job->output});
    return sr_job_submit(job);
}

/* A job with copies of the message, of EdDSA's context, and `tail` bytes more, which begin at *rest: its
 * signing task is filled and its key held. NULL with *failure set. */
static struct sr_job *signing_job(uint64_t id, struct sr_key *key, const struct sr_signing *how,
                                  struct sr_bytes data, size_t tail, uint8_t **rest, sr_result *failure) {
    bool whole = sr_scheme(how->scheme)->whole; /* sr_signature_length knew it */
    size_t room = SR_RSA_MAX_BYTES + (whole ? data.size : 0);
    *failure = SR_FAIL(how->extra.size > CONTEXT_MAX ? CKR_MECHANISM_PARAM_INVALID : CKR_DATA_LEN_RANGE);
    if (data.size > SIZE_MAX / 4 || how->extra.size > CONTEXT_MAX)
        return NULL;
    struct sr_job *job = sr_job_new(id, room + CONTEXT_MAX + tail);
    *failure = SR_FAIL(CKR_HOST_MEMORY);
    if (job == NULL)
        return NULL;
    SR_GUARDED;
    struct sr_signing kept = *how;
    if (how->extra.size > 0)
        memcpy(job->input + room, how->extra.at, how->extra.size);
    kept.extra.at = job->input + room;
    *rest = job->input + room + CONTEXT_MAX;
    *failure = sr_sign_prepare(key, &kept, data, job->input, &job->task.sign);
    if (*failure < 0) {
        sr_job_discard(job);
        return NULL;
    }
    job->parsed = sr_parsed_hold(job->task.sign.parsed);
    return job;
}

sr_result sr_task_sign(uint64_t id, struct sr_key *key, const struct sr_signing *how, struct sr_bytes data) {
    sr_result size = sr_signature_length(key, how), failure;
    if (size < 0)
        return size;
    if (!sr_kind_private(key->kind))
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (how->scheme == SR_HMAC)
        return task_hmac(id, key, how, data);
    uint8_t *rest;
    struct sr_job *job = signing_job(id, key, how, data, 0, &rest, &failure);
    if (job == NULL)
        return failure;
    job->run = run_sign;
    return sr_job_submit(job);
}

static void run_verify(struct sr_job *job) {
    SR_GUARDED_SCRUBBED;
    const struct sr_bytes signature = job->task.signature;
    job->result = sr_verify_run(&job->task.sign, signature.at, signature.size);
}

sr_result sr_task_verify(uint64_t id, struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                         struct sr_bytes signature) {
    sr_result size = sr_signature_length(key, how), failure;
    if (size < 0)
        return size;
    if (signature.size != (size_t)size)
        return SR_FAIL(CKR_SIGNATURE_LEN_RANGE);
    if (how->scheme == SR_HMAC) {
        struct sr_job *job = sr_job_new(id, 0);
        if (job == NULL)
            return SR_FAIL(CKR_HOST_MEMORY);
        job->run = run_nothing;
        job->result = sr_verify(key, how, data, signature);
        return sr_job_submit(job);
    }
    uint8_t *rest;
    struct sr_job *job = signing_job(id, key, how, data, signature.size, &rest, &failure);
    if (job == NULL)
        return failure;
    memcpy(rest, signature.at, signature.size);
    job->task.signature = (struct sr_bytes){rest, signature.size};
    job->run = run_verify;
    return sr_job_submit(job);
}

static void run_rsa_decrypt(struct sr_job *job) {
    job->result = sr_rsa_run(&job->task.rsa, job->output);
}

sr_result sr_task_rsa_decrypt(uint64_t id, struct sr_key *key, const struct sr_rsa_how *how,
                              struct sr_bytes data) {
    if (how->label.size > SR_SECRET_MAX)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    struct sr_job *job = sr_job_new(id, SR_RSA_MAX_BYTES + how->label.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED;
    job->run = run_rsa_decrypt;
    struct sr_rsa_how kept = *how;
    if (how->label.size > 0)
        memcpy(job->input + SR_RSA_MAX_BYTES, how->label.at, how->label.size);
    kept.label.at = job->input + SR_RSA_MAX_BYTES;
    sr_result result = sr_rsa_prepare_task(key, false, &kept, data, job->input, &job->task.rsa);
    if (result < 0) {
        sr_job_discard(job);
        return result;
    }
    job->parsed = sr_parsed_hold(job->task.rsa.parsed);
    return sr_job_submit(job);
}

static void run_unwrap(struct sr_job *job) {
    sr_result size = sr_rsa_run(&job->task.unwrap.rsa, job->output);
    job->result = size < 0 ? sr_unwrap_failure(size)
                           : sr_unwrap_finish(&job->task.unwrap.target,
                                              (struct sr_bytes){job->output, (size_t)size}, &job->made);
    sr_zero(job->output, sizeof job->output);
}

sr_result sr_task_unwrap(uint64_t id, struct sr_key *key, const struct sr_wrap_how *how, uint32_t kind,
                         size_t secret_size, struct sr_bytes wrapped) {
    if (how->rsa.label.size > SR_SECRET_MAX)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    struct sr_job *job = sr_job_new(id, SR_RSA_MAX_BYTES + how->rsa.label.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (how->cipher.cipher != 0) {
        job->run = run_nothing;
        job->result = sr_key_unwrap(key, how, kind, secret_size, wrapped, &job->made);
        return sr_job_submit(job);
    }
    SR_GUARDED;
    job->run = run_unwrap;
    job->task.unwrap.target = sr_unwrap_target(how, kind, secret_size);
    struct sr_rsa_how kept = how->rsa;
    if (kept.label.size > 0)
        memcpy(job->input + SR_RSA_MAX_BYTES, kept.label.at, kept.label.size);
    kept.label.at = job->input + SR_RSA_MAX_BYTES;
    sr_result result = sr_rsa_prepare_task(key, false, &kept, wrapped, job->input, &job->task.unwrap.rsa);
    if (result < 0) {
        sr_job_discard(job);
        return sr_unwrap_failure(result);
    }
    job->parsed = sr_parsed_hold(job->task.unwrap.rsa.parsed);
    return sr_job_submit(job);
}

static void run_generate_rsa(struct sr_job *job) {
    const _Atomic bool *const stop[2] = {sr_pool_stopping(), &job->cancelled};
    job->result = sr_rsa_generate(job->task.generate.bits, (struct sr_bytes){job->input, job->input_size}, stop,
                                  &job->made);
}

sr_result sr_task_generate_rsa(uint64_t id, uint32_t bits, struct sr_bytes exponent) {
    if (bits < 1024 || bits > SR_RSA_MAX_BYTES * 8)
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    if (exponent.size == 0 || exponent.size > 32)
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    struct sr_job *job = sr_job_new(id, exponent.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_generate_rsa;
    job->length = SR_JOB_LONG; /* tens of milliseconds to minutes; everything else is foreseeable and short */
    job->task.generate.bits = bits;
    memcpy(job->input, exponent.at, exponent.size);
    return sr_job_submit(job);
}

static void run_generate_ec(struct sr_job *job) {
    job->result = sr_ec_generate(job->task.generate.kind, (struct sr_bytes){job->input, job->input_size},
                                 &job->made);
}

sr_result sr_task_generate_ec(uint64_t id, uint32_t kind, struct sr_bytes params) {
    if (params.size == 0 || params.size > EC_PARAMS_MAX)
        return SR_FAIL(CKR_CURVE_NOT_SUPPORTED);
    struct sr_job *job = sr_job_new(id, params.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_generate_ec;
    job->task.generate.kind = kind;
    memcpy(job->input, params.at, params.size);
    return sr_job_submit(job);
}

static void run_agree(struct sr_job *job) {
    job->result = sr_agree_run(&job->task.agree, &job->made);
}

static void abandon_agree(struct sr_job *job) {
    sr_key_destroy(job->task.agree.peer);
}

sr_result sr_task_agree(uint64_t id, struct sr_key *key, const struct sr_agree_how *how,
                        struct sr_bytes peer) {
    if (how->shared.size > SR_SECRET_MAX)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    struct sr_job *job = sr_job_new(id, how->shared.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    struct sr_agree_how kept = *how;
    if (kept.shared.size > 0)
        memcpy(job->input, kept.shared.at, kept.shared.size);
    kept.shared.at = job->input;
    sr_result result = sr_agree_prepare(key, &kept, peer, &job->task.agree);
    if (result < 0) {
        sr_job_discard(job);
        return result;
    }
    job->run = run_agree;
    job->abandon = abandon_agree;
    job->parsed = sr_parsed_hold(job->task.agree.parsed);
    struct sr_key *other = job->task.agree.peer;
    result = sr_job_submit(job);
    if (result < 0)
        sr_key_destroy(other);
    return result;
}

/* The derived key passes through the job's own output, which is guarded and zeroed. */
static sr_result derive(const struct sr_hmac256 *key, struct sr_bytes salt, uint32_t iterations, uint8_t *out,
                        struct sr_key **made) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    bool finished = sr_pbkdf2(key, sr_hmac256_work(scratch), salt, iterations, sr_pool_stopping(), out);
    sr_result result = finished ? sr_key_secret(out, 32, made) : SR_FAIL(CKR_FUNCTION_FAILED);
    sr_zero(out, 32);
    sr_scrub_stack();
    return result;
}

static void run_pbkdf2(struct sr_job *job) {
    job->result = derive(&job->task.derive.key, (struct sr_bytes){job->input, job->input_size},
                         job->task.derive.iterations, job->output, &job->made);
}

static sr_result check_pbkdf2(struct sr_bytes pin, struct sr_bytes salt, uint32_t iterations) {
    return pin.size <= SR_CHUNK && salt.size > 0 && salt.size <= SALT_MAX && iterations > 0
               ? 0
               : SR_FAIL(CKR_ARGUMENTS_BAD);
}

/* The PIN becomes the HMAC key at once: only its keyed states are kept. */
static bool key_from_pin(struct sr_bytes pin, struct sr_hmac256 *key) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return false;
    if (pin.size > 0)
        memcpy(scratch->in, pin.at, pin.size);
    sr_hmac256_key(key, sr_hmac256_work(scratch), scratch->in, pin.size);
    sr_zero(scratch->in, pin.size);
    return true;
}

sr_result sr_task_pbkdf2(uint64_t id, struct sr_bytes pin, struct sr_bytes salt, uint32_t iterations) {
    sr_result checked = check_pbkdf2(pin, salt, iterations);
    if (checked < 0)
        return checked;
    struct sr_job *job = sr_job_new(id, salt.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_pbkdf2;
    job->task.derive.iterations = iterations;
    memcpy(job->input, salt.at, salt.size);
    if (!key_from_pin(pin, &job->task.derive.key)) {
        sr_job_discard(job);
        return SR_FAIL(CKR_HOST_MEMORY);
    }
    return sr_job_submit(job);
}

sr_result sr_pbkdf2_now(struct sr_bytes pin, struct sr_bytes salt, uint32_t iterations, struct sr_key **key) {
    sr_result result = check_pbkdf2(pin, salt, iterations);
    struct sr_scratch *scratch = sr_scratch();
    struct sr_hmac256 *state = sr_arena_alloc(sizeof *state);
    if (result >= 0 && (scratch == NULL || state == NULL || !key_from_pin(pin, state)))
        result = SR_FAIL(CKR_HOST_MEMORY);
    if (result >= 0)
        result = derive(state, salt, iterations, scratch->small, key);
    sr_arena_free(state, sizeof *state);
    return result;
}

static void run_argon2id(struct sr_job *job) {
    job->result = sr_argon2id(&job->task.argon2, job->output);
    if (job->result >= 0)
        job->result = sr_key_secret(job->output, 32, &job->made);
    sr_zero(job->output, 32);
    sr_zero(job->input, job->input_size);
}

static struct sr_bytes keep(uint8_t **at, struct sr_bytes bytes) {
    struct sr_bytes kept = {*at, bytes.size};
    if (bytes.size > 0)
        memcpy(*at, bytes.at, bytes.size);
    *at += bytes.size;
    return kept;
}

sr_result sr_task_argon2id(uint64_t id, const struct sr_argon2 *how) {
    sr_result checked = sr_argon2_check(how);
    if (checked < 0)
        return checked;
    struct sr_job *job = sr_job_new(id, how->pin.size + how->salt.size + how->secret.size + how->data.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_argon2id;
    job->length = SR_JOB_HEAVY;
    uint8_t *at = job->input;
    job->task.argon2 = *how;
    job->task.argon2.pin = keep(&at, how->pin);
    job->task.argon2.salt = keep(&at, how->salt);
    job->task.argon2.secret = keep(&at, how->secret);
    job->task.argon2.data = keep(&at, how->data);
    return sr_job_submit(job);
}

static void run_mnemonic(struct sr_job *job) {
    const struct sr_bytes *words = &job->task.mnemonic.words;
    job->result = sr_mnemonic_key(*words, job->task.mnemonic.salt, &job->made);
    sr_zero(job->input, job->input_size);
}

sr_result sr_task_mnemonic(uint64_t id, struct sr_bytes words, struct sr_bytes salt) {
    if (words.size > SR_MNEMONIC_MAX)
        return SR_FAIL(CKR_PIN_LEN_RANGE);
    if (salt.size == 0 || salt.size > SALT_MAX)
        return SR_FAIL(CKR_ARGUMENTS_BAD);
    struct sr_job *job = sr_job_new(id, words.size + salt.size);
    if (job == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    job->run = run_mnemonic;
    uint8_t *at = job->input;
    job->task.mnemonic.words = keep(&at, words);
    job->task.mnemonic.salt = keep(&at, salt);
    return sr_job_submit(job);
}
