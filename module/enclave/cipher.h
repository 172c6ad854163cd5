/*
 * Ciphers on AES keys: at once, and as streams.
 */
#ifndef STRONGROOM_ENCLAVE_CIPHER_H
#define STRONGROOM_ENCLAVE_CIPHER_H

#include "parsed.h"

struct sr_stream;

struct sr_cipher_how {
    uint32_t cipher;
    bool encrypt;
    struct sr_bytes iv, aad; /* not in hostile memory */
    uint32_t param;
};

/* At once. data and out may overlap and may lie in hostile memory. */
sr_result sr_cipher(struct sr_key *key, const struct sr_cipher_how *how, struct sr_bytes data,
                    struct sr_room out);
/* The length that sr_cipher gives at the most. */
sr_result sr_cipher_length(const struct sr_cipher_how *how, size_t size);

sr_result sr_stream_new(struct sr_key *key, const struct sr_cipher_how *how, struct sr_stream **stream);
sr_result sr_stream_update(struct sr_stream *stream, struct sr_bytes data, struct sr_room out);
/* Ends the stream; it must be freed afterwards, unless -CKR_BUFFER_TOO_SMALL. */
sr_result sr_stream_final(struct sr_stream *stream, struct sr_room out);
/* What an update with `more` bytes, or final when `ends`, gives at the most. */
size_t sr_stream_output(const struct sr_stream *stream, size_t more, bool ends);
void sr_stream_free(struct sr_stream *stream);

#endif
