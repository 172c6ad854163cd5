/*
 * An application that asks for more than its share: greedy MODULE THREADS BITS
 *
 * Without a login, each thread makes an RSA key pair of so many bits in a session of its own, again and
 * again. A line is printed for each answer: the CK_RV of C_GenerateKeyPair. It ends when it is killed, or its
 * input ends.
 */
#include "client.h"

#include <pthread.h>
#include <unistd.h>

static CK_ULONG bits;

static void report(CK_RV rv) {
    printf("0x%lx\n", rv);
    fflush(stdout);
}

static void *make_keys(void *unused) {
    (void)unused;
    CK_SESSION_HANDLE session;
    CK_RV rv = p11->C_OpenSession(slot, RW, NULL, NULL, &session);
    while (rv == CKR_OK) {
        CK_MECHANISM mechanism = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
        CK_ATTRIBUTE public[] = {VAR(CKA_MODULUS_BITS, bits), VAR(CKA_VERIFY, yes)};
        CK_ATTRIBUTE private[] = {VAR(CKA_SIGN, yes)};
        CK_OBJECT_HANDLE keys[2];
        rv = p11->C_GenerateKeyPair(session, &mechanism, public, COUNT(public), private, COUNT(private),
                                    &keys[0], &keys[1]);
        if (rv == CKR_OK)
            report(rv);
    }
    report(rv);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 4)
        give_up("usage: greedy MODULE THREADS BITS");
    load_module(argv[1]);
    bits = (CK_ULONG)atol(argv[3]);
    NEED(initialise());
    NEED(find_slot());
    for (long i = atol(argv[2]); i > 0; i--) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, make_keys, NULL) != 0)
            give_up("no thread");
    }
    printf("begun\n");
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0)
        ;
    _exit(0);
}
