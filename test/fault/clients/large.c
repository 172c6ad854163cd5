/*
 * Large calls: large MODULE THREADS MEGABYTES PAUSE
 *
 * For each line of its input each thread, in a session of its own, encrypts, decrypts and digests so many
 * megabytes, each in one call, and checks what comes out; between two calls it rests for so many
 * microseconds. Then it says "done", and keeps its sessions.
 */
#include "client.h"

#include <pthread.h>
#include <unistd.h>

#define MOST 64

static size_t size;
static long pause_us;
static unsigned char expected[32];

static void *work(void *argument) {
    CK_SESSION_HANDLE session = *(CK_SESSION_HANDLE *)argument;
    unsigned char *input = malloc(size), *output = malloc(size + 64), *back = malloc(size + 64);
    if (input == NULL || output == NULL || back == NULL)
        give_up("no memory");
    for (size_t i = 0; i < size; i++)
        input[i] = (unsigned char)(i % 251 + 1);
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    unsigned char value[32] = {7}, iv[16] = {1}, digest[32];
    CK_ATTRIBUTE key[] = {VAR(CKA_CLASS, class),
                          VAR(CKA_KEY_TYPE, type),
                          {CKA_VALUE, value, sizeof value},
                          VAR(CKA_ENCRYPT, yes),
                          VAR(CKA_DECRYPT, yes)};
    CK_OBJECT_HANDLE object;
    NEED(p11->C_CreateObject(session, key, COUNT(key), &object));
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, cbc = {CKM_AES_CBC_PAD, iv, sizeof iv};
    CK_ULONG length = size + 64, back_length = size + 64, digest_length = sizeof digest;
    NEED(p11->C_EncryptInit(session, &cbc, object));
    NEED(p11->C_Encrypt(session, input, size, output, &length));
    sleep_us(pause_us);
    NEED(p11->C_DecryptInit(session, &cbc, object));
    NEED(p11->C_Decrypt(session, output, length, back, &back_length));
    if (back_length != size || memcmp(input, back, size) != 0)
        give_up("another plaintext");
    sleep_us(pause_us);
    NEED(p11->C_DigestInit(session, &sha));
    NEED(p11->C_Digest(session, input, size, digest, &digest_length));
    if (memcmp(digest, expected, sizeof digest) != 0)
        give_up("another digest");
    NEED(p11->C_DestroyObject(session, object));
    free(input);
    free(output);
    free(back);
    return NULL;
}

/* In small parts, which go through small lanes. */
static void digest_in_parts(void) {
    CK_SESSION_HANDLE session;
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
    CK_ULONG length = sizeof expected;
    unsigned char part[4096];
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &session));
    NEED(p11->C_DigestInit(session, &sha));
    for (size_t i = 0; i < size; i += sizeof part) {
        for (size_t j = 0; j < sizeof part; j++)
            part[j] = (unsigned char)((i + j) % 251 + 1);
        NEED(p11->C_DigestUpdate(session, part, sizeof part));
    }
    NEED(p11->C_DigestFinal(session, expected, &length));
    NEED(p11->C_CloseSession(session));
}

int main(int argc, char **argv) {
    if (argc != 5 || atol(argv[2]) > MOST)
        give_up("usage: large MODULE THREADS MEGABYTES PAUSE");
    load_module(argv[1]);
    long many = atol(argv[2]);
    size = (size_t)atol(argv[3]) << 20;
    pause_us = atol(argv[4]);
    NEED(initialise());
    NEED(find_slot());
    digest_in_parts();
    CK_SESSION_HANDLE sessions[MOST];
    for (long i = 0; i < many; i++)
        NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &sessions[i]));
    char line[20];
    while (fgets(line, sizeof line, stdin) != NULL) {
        pthread_t threads[MOST];
        for (long i = 0; i < many; i++)
            if (pthread_create(&threads[i], NULL, work, &sessions[i]) != 0)
                give_up("no thread");
        for (long i = 0; i < many; i++)
            pthread_join(threads[i], NULL);
        printf("done\n");
        fflush(stdout);
    }
    return 0;
}
