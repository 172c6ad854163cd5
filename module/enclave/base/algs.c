#include "algs.h"

#include "../generated/tables.h"

static struct sr_hash hashes[SR_HASH_END] = {SR_HASH_ROWS};
struct sr_scheme_form sr_schemes[SR_SCHEME_END] = {SR_SCHEME_ROWS};
struct sr_cipher_form sr_ciphers[SR_CIPHER_END] = {SR_CIPHER_ROWS};
static EVP_MAC *hmac;
static EVP_KDF *argon2id;

static bool fetch_cipher(struct sr_cipher_form *form) {
    for (unsigned i = 0; i < SR_CIPHER_SIZES && form->sizes[i].name != NULL; i++) {
        form->sizes[i].cipher = EVP_CIPHER_fetch(NULL, form->sizes[i].name, NULL);
        if (form->sizes[i].cipher == NULL)
            return false;
    }
    return true;
}

int sr_algs_init(void) {
    if (hmac != NULL)
        return 0;
    bool good = true;
    for (unsigned i = 0; i < SR_HASH_END && good; i++)
        good = hashes[i].name == NULL || (hashes[i].md = EVP_MD_fetch(NULL, hashes[i].name, NULL)) != NULL;
    for (unsigned i = 0; i < SR_SCHEME_END && good; i++)
        good = sr_schemes[i].name == NULL ||
               (sr_schemes[i].algorithm = EVP_SIGNATURE_fetch(NULL, sr_schemes[i].name, NULL)) != NULL;
    for (unsigned i = 0; i < SR_CIPHER_END && good; i++)
        good = fetch_cipher(&sr_ciphers[i]);
    if (good)
        argon2id = EVP_KDF_fetch(NULL, "ARGON2ID", NULL);
    if (argon2id != NULL)
        hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    return hmac == NULL ? -1 : 0;
}

const struct sr_hash *sr_hash(uint32_t id) {
    return id < SR_HASH_END && hashes[id].name != NULL ? &hashes[id] : NULL;
}

const EVP_CIPHER *sr_cipher_algorithm(uint32_t id, size_t key_size) {
    const struct sr_cipher_form *form = sr_cipher_form(id);
    for (unsigned i = 0; form != NULL && i < SR_CIPHER_SIZES; i++)
        if (form->sizes[i].key == key_size)
            return form->sizes[i].cipher;
    return NULL;
}

EVP_MAC *sr_hmac_algorithm(void) {
    return hmac;
}

EVP_KDF *sr_argon2id_algorithm(void) {
    return argon2id;
}
