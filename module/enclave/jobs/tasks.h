/*
 * What the pool is asked to do. Each function checks and copies on the calling thread and gives 0 or -CKR_x;
 * the rest is the job's.
 */
#ifndef STRONGROOM_ENCLAVE_TASKS_H
#define STRONGROOM_ENCLAVE_TASKS_H

#include "pool.h"

sr_result sr_task_sign(uint64_t id, struct sr_key *key, const struct sr_signing *how, struct sr_bytes data);
/* The job's result is 0 when the signature is good. */
sr_result sr_task_verify(uint64_t id, struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                         struct sr_bytes signature);
sr_result sr_task_rsa_decrypt(uint64_t id, struct sr_key *key, const struct sr_rsa_how *how,
                              struct sr_bytes data);
/* Unwrapping with a cipher is done before this returns; only its result goes the way of jobs. */
sr_result sr_task_unwrap(uint64_t id, struct sr_key *key, const struct sr_wrap_how *how, uint32_t kind,
                         size_t secret_size, struct sr_bytes wrapped);
sr_result sr_task_generate_rsa(uint64_t id, uint32_t bits, struct sr_bytes exponent);
/* kind as sr_ec_generate's. */
sr_result sr_task_generate_ec(uint64_t id, uint32_t kind, struct sr_bytes params);
sr_result sr_task_agree(uint64_t id, struct sr_key *key, const struct sr_agree_how *how,
                        struct sr_bytes peer);
sr_result sr_task_pbkdf2(uint64_t id, struct sr_bytes pin, struct sr_bytes salt, uint32_t iterations);
/* Heavy: of those the pool runs few at a time. */
sr_result sr_task_argon2id(uint64_t id, const struct sr_argon2 *how);
/* Of BIP39's words; -CKR_PIN_INVALID is the job's result when they are none. */
sr_result sr_task_mnemonic(uint64_t id, struct sr_bytes words, struct sr_bytes salt);
/* PBKDF2 at once, on this thread. */
sr_result sr_pbkdf2_now(struct sr_bytes pin, struct sr_bytes salt, uint32_t iterations, struct sr_key **key);

#endif
