/* What secrets.c is given, as secrets.ts writes it to a file. */
#ifndef STRONGROOM_TEST_SECRETS_H
#define STRONGROOM_TEST_SECRETS_H

struct secrets {
    unsigned char plain[64], longer[300000];          /* plaintexts */
    unsigned char wrong[24], fresh[24];               /* a wrong PIN, and one that is to be set */
    unsigned char value[48], session[48], big[70000]; /* values of private data objects */
    unsigned char certificate[512];                   /* the value of a private certificate */
    unsigned char control[32];
};

#endif
