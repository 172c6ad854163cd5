/*
 * Ciphers on AES keys: at once, and as streams.
 */
#ifndef STRONGROOM_ENCLAVE_CIPHER_H
#define STRONGROOM_ENCLAVE_CIPHER_H

#include "../keys/parsed.h"
#include "gcm_long.h"

/* What OpenSSL sets a GCM context to. */
#define SR_GCM_IV_DEFAULT 12u

struct sr_cipher_how {
    uint32_t cipher;
    bool encrypt;
    struct sr_bytes iv, aad;
    uint32_t param;
};

/* A cipher under way. What it reads goes through private memory in chunks, what it writes is never read back.
 */
struct sr_stream {
    uint32_t mode;
    bool encrypt;
    EVP_CIPHER_CTX *ctx;
    struct sr_gcm_long *long_iv; /* instead of ctx, for GCM with such an IV */
    size_t held;                 /* bytes taken in that have not come out yet */
    uint64_t counter_left;       /* CTR: bytes until the counter wraps */
    uint32_t tag_size;           /* GCM */
    uint8_t *kept;               /* GCM decryption: all that came in, until the tag is checked */
    size_t kept_room;
};

/* Checks key and parameters, as both ways of use do first. */
sr_result sr_cipher_check(const struct sr_key *key, const struct sr_cipher_how *how);
/* Key wrap, which is no stream. The cipher has been checked. */
bool sr_cipher_at_once_only(uint32_t cipher);
/* Copies a checked IV to private memory, for it is read more than once. */
void sr_cipher_own_iv(struct sr_cipher_how *how, uint8_t iv[SR_IV_MAX]);
/* At once. data and out may overlap and may lie in hostile memory. */
sr_result sr_cipher(struct sr_key *key, const struct sr_cipher_how *how, struct sr_bytes data,
                    struct sr_room out);

sr_result sr_stream_new(struct sr_key *key, const struct sr_cipher_how *how, struct sr_stream **stream);
sr_result sr_stream_update(struct sr_stream *stream, struct sr_bytes data, struct sr_room out);
/* Ends the stream; it must be freed afterwards, unless -CKR_BUFFER_TOO_SMALL. */
sr_result sr_stream_final(struct sr_stream *stream, struct sr_room out);
/* What an update with `more` bytes, or final when `ends`, gives at the most. */
size_t sr_stream_output(const struct sr_stream *stream, size_t more, bool ends);
void sr_stream_free(struct sr_stream *stream);

/* stream.c, for cipher.c: sets a stream up on a keyed context; feeds it; opens GCM data in place, in private
 * memory. */
sr_result sr_stream_begin(struct sr_stream *stream, const struct sr_key *key, const struct sr_cipher_how *how,
                          size_t iv_size_before);
sr_result sr_stream_feed(struct sr_stream *stream, struct sr_bytes data, struct sr_room out);
sr_result sr_stream_end(struct sr_stream *stream, struct sr_room out);
sr_result sr_stream_open_kept(struct sr_stream *stream, uint8_t *sealed, size_t size);
/* The same of any size: in guarded memory, and written out only when the tag was right. */
sr_result sr_stream_open_copy(struct sr_stream *stream, struct sr_bytes sealed, struct sr_room out);

#endif
