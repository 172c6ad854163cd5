/*
 * Recovery words: BIP39's way to write 128 to 256 random bits and their checksum as 12 to 24 words. The words
 * are bytes throughout, and never leave guarded memory but to be shown.
 */
#ifndef STRONGROOM_ENCLAVE_MNEMONIC_H
#define STRONGROOM_ENCLAVE_MNEMONIC_H

#include "../keys/key.h"

/* What is longer has more in it than 24 words and what stands between them. */
#define SR_MNEMONIC_MAX 1024u
#define SR_ENTROPY_MAX 32u

/* The words of a secret of 16, 20, 24, 28 or 32 bytes, a space between two, and their length; else
 * -CKR_KEY_SIZE_RANGE. */
sr_result sr_mnemonic_words(const struct sr_key *entropy, struct sr_room out);
/*
 * How many bytes of entropy words are, which go to the room. White space between them is any of ASCII's,
 * letters may be large or small, and the first four letters of a word, or more of them, stand for it.
 * -CKR_PIN_INVALID when there are not 12, 15, 18, 21 or 24, one is not in the list, or the checksum is
 * another; -CKR_PIN_LEN_RANGE for what is too long.
 */
sr_result sr_mnemonic_entropy(struct sr_bytes words, uint8_t entropy[SR_ENTROPY_MAX]);
/* The same words as they are shown: small, whole, a space between two. Their length, or a failure as above.
 */
sr_result sr_mnemonic_normal(struct sr_bytes words, struct sr_room out);
/* HKDF-SHA256 of the entropy of words, as a key. */
sr_result sr_mnemonic_key(struct sr_bytes words, struct sr_bytes salt, struct sr_key **key);

#endif
