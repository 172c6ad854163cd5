#include "gcm_long.h"

#include <openssl/modes.h>
#include <stdlib.h>

struct sr_gcm_long {
    EVP_CIPHER_CTX *block;
    GCM128_CONTEXT *mode;
    bool failed;
};

static void encrypt_block(const unsigned char in[16], unsigned char out[16], const void *key) {
    /* The mode passes its key as const; it is this object, whose context the block cipher must change. */
    struct sr_gcm_long *gcm = (struct sr_gcm_long *)(uintptr_t)key;
    int size = 0;
    if (EVP_EncryptUpdate(gcm->block, out, &size, in, 16) != 1)
        gcm->failed = true;
}

struct sr_gcm_long *sr_gcm_long_new(const EVP_CIPHER *block, struct sr_bytes key, struct sr_bytes iv,
                                    struct sr_bytes aad) {
    struct sr_gcm_long *gcm = calloc(1, sizeof *gcm);
    if (gcm == NULL)
        return NULL;
    gcm->block = EVP_CIPHER_CTX_new();
    if (gcm->block != NULL && EVP_EncryptInit_ex2(gcm->block, block, key.at, NULL, NULL) == 1)
        gcm->mode = CRYPTO_gcm128_new(gcm, encrypt_block);
    if (gcm->mode != NULL) {
        CRYPTO_gcm128_setiv(gcm->mode, iv.at, iv.size);
        gcm->failed |= aad.size > 0 && CRYPTO_gcm128_aad(gcm->mode, aad.at, aad.size) != 0;
    }
    if (gcm->mode == NULL || gcm->failed) {
        sr_gcm_long_free(gcm);
        return NULL;
    }
    return gcm;
}

bool sr_gcm_long_crypt(struct sr_gcm_long *gcm, bool encrypt, const uint8_t *in, uint8_t *out, size_t size) {
    int refused = encrypt ? CRYPTO_gcm128_encrypt(gcm->mode, in, out, size)
                          : CRYPTO_gcm128_decrypt(gcm->mode, in, out, size);
    return refused == 0 && !gcm->failed;
}

void sr_gcm_long_tag(struct sr_gcm_long *gcm, uint8_t tag[16]) {
    CRYPTO_gcm128_tag(gcm->mode, tag, 16);
}

void sr_gcm_long_free(struct sr_gcm_long *gcm) {
    if (gcm == NULL)
        return;
    CRYPTO_gcm128_release(gcm->mode);
    EVP_CIPHER_CTX_free(gcm->block);
    free(gcm);
}
