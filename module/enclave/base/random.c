#include "random.h"

#include <openssl/err.h>
#include <openssl/rand.h>

/* In guarded memory, which is wiped in a forked child: then `ready` is 0 and the child draws for itself. */
struct stock {
    size_t ready;
    uint8_t bytes[4096];
};
static struct stock *stock;

sr_result sr_random_private(void *out, size_t size) {
    SR_GUARDED;
    uint8_t *at = out;
    while (size > 0) {
        int part = size > SR_CHUNK ? (int)SR_CHUNK : (int)size;
        if (RAND_priv_bytes(at, part) != 1) {
            ERR_clear_error();
            return SR_FAIL(CKR_RANDOM_NO_RNG);
        }
        at += part;
        size -= (size_t)part;
    }
    return 0;
}

static sr_result large(struct sr_room out) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    for (size_t done = 0; done < out.size;) {
        size_t part = out.size - done > SR_CHUNK ? SR_CHUNK : out.size - done;
        sr_result drawn = sr_random_private(scratch->out, part);
        if (drawn < 0) {
            sr_zero(scratch->out, sizeof scratch->out);
            sr_zero(out.at, done);
            return drawn;
        }
        memcpy(out.at + done, scratch->out, part);
        sr_zero(scratch->out, part);
        done += part;
    }
    return (sr_result)out.size;
}

sr_result sr_random(struct sr_room out) {
    if (stock == NULL) {
        stock = sr_fenced_alloc(sizeof *stock);
        if (stock == NULL)
            return SR_FAIL(CKR_HOST_MEMORY);
    }
    if (out.size > sizeof stock->bytes / 4)
        return large(out);
    if (stock->ready < out.size) {
        sr_result drawn = sr_random_private(stock->bytes, sizeof stock->bytes);
        if (drawn < 0)
            return drawn;
        stock->ready = sizeof stock->bytes;
    }
    stock->ready -= out.size;
    memcpy(out.at, stock->bytes + stock->ready, out.size);
    sr_zero(stock->bytes + stock->ready, out.size);
    return (sr_result)out.size;
}

sr_result sr_random_seed(struct sr_bytes seed) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED;
    for (size_t done = 0; done < seed.size;) {
        size_t part = seed.size - done > SR_CHUNK ? SR_CHUNK : seed.size - done;
        memcpy(scratch->in, seed.at + done, part);
        RAND_add(scratch->in, (int)part, 0.0);
        sr_zero(scratch->in, part);
        done += part;
    }
    if (stock != NULL)
        sr_zero(stock, sizeof *stock);
    return 0;
}
