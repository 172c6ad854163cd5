/*
 * Rows of the store by the batch: what is done to each object when a token is loaded, without a way back to
 * JavaScript between any two of them.
 */
#ifndef STRONGROOM_ENCLAVE_ROWS_H
#define STRONGROOM_ENCLAVE_ROWS_H

#include "../keys/key.h"

/* A packed row: version, length of the sealed attributes, length of the sealed value (empty: there is none),
 * and "1" for an unconfirmed row or "0", each in decimal digits with a blank behind it; then id, attributes
 * and value as they are. */
#define SR_ROW_ID 16u
/* An opened row, little-endian: id, version u64, length of the attributes u32, flags u32; then the
 * attributes. */
#define SR_ROW_OPENED_HEAD 32u
#define SR_ROW_HAS_VALUE 1u
#define SR_ROW_UNCONFIRMED 2u
/* The end of a seal's context: id, version u64 (big-endian), private u8, part u8. */
#define SR_ROW_CONTEXT_TAIL 26u
#define SR_ROW_CONTEXT_MAX 128u

struct sr_rows {
    struct sr_key *root;
    struct sr_bytes label;   /* of the set */
    struct sr_bytes context; /* of the seals of attributes; the id and version in it do not matter */
    uint8_t token[16];
    bool private;
    bool confirmed_only; /* rows that are unconfirmed are passed over */
};

struct sr_rows_done {
    size_t rows, added; /* how many there were, and how many of them are in the sum */
    uint8_t last[SR_ROW_ID];
};

/*
 * Adds every row to the set's sum, and writes them opened to `out` unless that is empty; it has to have room
 * for SR_ROW_OPENED_HEAD bytes a row more than what is packed. Returns the bytes written. -CKR_DATA_INVALID
 * when the rows are not packed as they should be. A row whose seal is broken gives
 * -CKR_ENCRYPTED_DATA_INVALID, and is the last one in `done`.
 */
sr_result sr_rows_load(const struct sr_rows *rows, struct sr_bytes packed, uint8_t sum[32],
                       struct sr_room out, struct sr_rows_done *done);

#endif
