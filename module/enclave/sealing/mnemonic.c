#include "mnemonic.h"

#include "../generated/words.h"
#include "derive.h"

#define WORDS 2048u
#define WORD_MAX 8u
#define SHORTENED 4u /* letters that tell any two words apart */
#define WORD_BITS 11u
#define COUNT_MAX 24u

static const char list[WORDS][WORD_MAX + 1] = {SR_WORD_ROWS};

static const char purpose[] = "strongroom recovery words v1";

static bool is_size(size_t bytes) {
    return bytes >= 16 && bytes <= SR_ENTROPY_MAX && bytes % 4 == 0;
}

/* Eleven bits from bit `at` on. */
static unsigned bits_at(const uint8_t *bytes, size_t at) {
    unsigned value = 0;
    for (size_t bit = at; bit < at + WORD_BITS; bit++)
        value = value << 1 | (unsigned)(bytes[bit / 8] >> (7 - bit % 8) & 1);
    return value;
}

/* The entropy with its SHA-256 behind it, of which the checksum is the beginning. */
static void with_checksum(struct sr_scratch *scratch, const uint8_t *entropy, size_t size,
                          uint8_t bytes[SR_ENTROPY_MAX + 32]) {
    memcpy(bytes, entropy, size);
    sr_sha256(sr_hmac256_work(scratch), &(struct sr_bytes){bytes, size}, 1, bytes + size);
    sr_zero(scratch->work, sizeof scratch->work);
}

static sr_result write_words(struct sr_scratch *scratch, const uint8_t *entropy, size_t size,
                             struct sr_room out) {
    uint8_t *bits = scratch->small, *text = scratch->out;
    with_checksum(scratch, entropy, size, bits);
    unsigned count = (unsigned)(size * 3 / 4);
    size_t length = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *word = list[bits_at(bits, (size_t)i * WORD_BITS)];
        if (i > 0)
            text[length++] = ' ';
        for (unsigned letter = 0; word[letter] != 0; letter++)
            text[length++] = (uint8_t)word[letter];
    }
    sr_result result = sr_put(out, text, length);
    sr_zero(text, length);
    sr_zero(bits, SR_ENTROPY_MAX + 32);
    sr_scrub_stack();
    return result < 0 ? result : (sr_result)length;
}

sr_result sr_mnemonic_words(const struct sr_key *entropy, struct sr_room out) {
    if (entropy->kind != SR_SECRET || !is_size(entropy->value.size))
        return SR_FAIL(entropy->kind != SR_SECRET ? CKR_KEY_TYPE_INCONSISTENT : CKR_KEY_SIZE_RANGE);
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    return write_words(scratch, entropy->value.at, entropy->value.size, out);
}

/*
 * The place of a word, or -1. All of the list is looked at, letter by letter, whatever is found on the way,
 * so that the time tells nothing of the word but its length.
 */
static int place_of(const uint8_t *letters, unsigned length) {
    int place = -1;
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned differ = 0, whole = (unsigned)list[i][length]; /* 0 when it ends there too */
        for (unsigned letter = 0; letter < length; letter++)
            differ |= (unsigned)(letters[letter] ^ (uint8_t)list[i][letter]);
        int fits = -(int)((differ == 0) & ((whole == 0) | (length >= SHORTENED)));
        place = (place & ~fits) | ((int)i & fits);
    }
    return place;
}

static bool is_space(uint8_t byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The bits of the words, one after the other; how many words, or -1 when there is one that is none. */
static int read_words(struct sr_bytes words, uint8_t *bits) {
    unsigned count = 0;
    uint8_t letters[WORD_MAX];
    for (size_t at = 0; at < words.size;) {
        if (is_space(words.at[at])) {
            at++;
            continue;
        }
        unsigned length = 0;
        for (; at < words.size && !is_space(words.at[at]); at++) {
            uint8_t letter = words.at[at] | 0x20;
            if (letter < 'a' || letter > 'z' || (words.at[at] & 0x80) != 0 || length == WORD_MAX)
                return -1;
            letters[length++] = letter;
        }
        int place = place_of(letters, length);
        if (place < 0 || count == COUNT_MAX)
            return -1;
        for (unsigned bit = 0; bit < WORD_BITS; bit++) {
            size_t to = (size_t)count * WORD_BITS + bit;
            bits[to / 8] |= (uint8_t)(((unsigned)place >> (WORD_BITS - 1 - bit) & 1) << (7 - to % 8));
        }
        count++;
    }
    return (int)count;
}

/* Whether what stands behind the entropy is the beginning of its digest. */
static bool checksum_fits(struct sr_scratch *scratch, const uint8_t *bits, size_t size) {
    uint8_t *right = scratch->small + 64;
    with_checksum(scratch, bits, size, right);
    unsigned checked = (unsigned)size / 4; /* bits: at most 8 */
    unsigned differ = (unsigned)(bits[size] ^ right[size]) >> (8 - checked);
    sr_zero(right, SR_ENTROPY_MAX + 32);
    return differ == 0;
}

sr_result sr_mnemonic_entropy(struct sr_bytes words, uint8_t entropy[SR_ENTROPY_MAX]) {
    if (words.size > SR_MNEMONIC_MAX)
        return SR_FAIL(CKR_PIN_LEN_RANGE);
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    /* Copied first: whoever has the words' memory may go on writing to it. */
    if (words.size > 0)
        memcpy(scratch->in, words.at, words.size);
    uint8_t *bits = scratch->small;
    memset(bits, 0, SR_ENTROPY_MAX + 1);
    int count = read_words((struct sr_bytes){scratch->in, words.size}, bits);
    sr_zero(scratch->in, words.size);
    size_t size = count < 0 ? 0 : (size_t)count * 4 / 3;
    sr_result result = SR_FAIL(CKR_PIN_INVALID);
    if (count >= 0 && count % 3 == 0 && is_size(size) && checksum_fits(scratch, bits, size)) {
        memcpy(entropy, bits, size);
        result = (sr_result)size;
    }
    sr_zero(bits, SR_ENTROPY_MAX + 1);
    sr_scrub_stack();
    return result;
}

sr_result sr_mnemonic_normal(struct sr_bytes words, struct sr_room out) {
    uint8_t *entropy = sr_arena_alloc(SR_ENTROPY_MAX);
    struct sr_scratch *scratch = sr_scratch();
    sr_result result =
        entropy == NULL || scratch == NULL ? SR_FAIL(CKR_HOST_MEMORY) : sr_mnemonic_entropy(words, entropy);
    if (result >= 0)
        result = write_words(scratch, entropy, (size_t)result, out);
    sr_arena_free(entropy, SR_ENTROPY_MAX);
    return result;
}

sr_result sr_mnemonic_key(struct sr_bytes words, struct sr_bytes salt, struct sr_key **key) {
    uint8_t *entropy = sr_arena_alloc(SR_ENTROPY_MAX);
    struct sr_scratch *scratch = sr_scratch();
    sr_result result =
        entropy == NULL || scratch == NULL ? SR_FAIL(CKR_HOST_MEMORY) : sr_mnemonic_entropy(words, entropy);
    if (result >= 0) {
        const struct sr_bytes info = {(const uint8_t *)purpose, sizeof purpose - 1};
        sr_hkdf(scratch, salt, (struct sr_bytes){entropy, (size_t)result}, info, scratch->out);
        result = sr_key_secret(scratch->out, 32, key);
        sr_zero(scratch->out, 32);
        sr_scrub_stack();
    }
    sr_arena_free(entropy, SR_ENTROPY_MAX);
    return result;
}
