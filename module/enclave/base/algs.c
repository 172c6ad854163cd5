#include "algs.h"

static struct sr_hash hashes[SR_HASH_END] = {
    {NULL, 0, 0, NULL},
    {"SHA1", 20, 64, NULL},
    {"SHA2-224", 28, 64, NULL},
    {"SHA2-256", 32, 64, NULL},
    {"SHA2-384", 48, 128, NULL},
    {"SHA2-512", 64, 128, NULL},
    {"SHA2-512/224", 28, 128, NULL},
    {"SHA2-512/256", 32, 128, NULL},
    {"SHA3-224", 28, 144, NULL},
    {"SHA3-256", 32, 136, NULL},
    {"SHA3-384", 48, 104, NULL},
    {"SHA3-512", 64, 72, NULL},
};

static const char *const cipher_names[SR_CIPHER_END][3] = {
    [SR_AES_ECB] = {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"},
    [SR_AES_CBC] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
    [SR_AES_CBC_PAD] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
    [SR_AES_CTR] = {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"},
    [SR_AES_GCM] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"},
    [SR_AES_KW] = {"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"},
    [SR_AES_KWP] = {"AES-128-WRAP-PAD", "AES-192-WRAP-PAD", "AES-256-WRAP-PAD"},
};

static EVP_CIPHER *ciphers[SR_CIPHER_END][3];
static EVP_MAC *hmac;
static EVP_SIGNATURE *edwards[3];

int sr_algs_init(void) {
    if (hmac != NULL)
        return 0;
    for (unsigned i = 1; i < SR_HASH_END; i++) {
        hashes[i].md = EVP_MD_fetch(NULL, hashes[i].name, NULL);
        if (hashes[i].md == NULL)
            return -1;
    }
    for (unsigned i = SR_AES_ECB; i < SR_CIPHER_END; i++)
        for (unsigned size = 0; size < 3; size++) {
            ciphers[i][size] = EVP_CIPHER_fetch(NULL, cipher_names[i][size], NULL);
            if (ciphers[i][size] == NULL)
                return -1;
        }
    static const char *const edwards_names[3] = {"ED25519", "ED25519ctx", "ED25519ph"};
    for (unsigned i = 0; i < 3; i++) {
        edwards[i] = EVP_SIGNATURE_fetch(NULL, edwards_names[i], NULL);
        if (edwards[i] == NULL)
            return -1;
    }
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    return hmac == NULL ? -1 : 0;
}

const struct sr_hash *sr_hash(uint32_t id) {
    return id > 0 && id < SR_HASH_END ? &hashes[id] : NULL;
}

const EVP_CIPHER *sr_aes(uint32_t cipher, size_t key_size) {
    if (cipher < SR_AES_ECB || cipher >= SR_CIPHER_END ||
        (key_size != 16 && key_size != 24 && key_size != 32))
        return NULL;
    return ciphers[cipher][key_size / 8 - 2];
}

EVP_MAC *sr_hmac_algorithm(void) {
    return hmac;
}

EVP_SIGNATURE *sr_ed_algorithm(uint32_t scheme) {
    return scheme == SR_ED25519 ? edwards[0] : scheme == SR_ED25519CTX ? edwards[1] : edwards[2];
}
