/* The planted keys, as memory.test.ts writes them to a file; numbers are big-endian, padded on the left with
 * zeros. */
#ifndef STRONGROOM_TEST_PLANTED_H
#define STRONGROOM_TEST_PLANTED_H

struct planted {
    unsigned char aes[32];
    unsigned char generic[48];
    unsigned char scalar[32], point[67]; /* P-256; the point as a DER OCTET STRING */
    unsigned char peer[65];              /* another party's point, for ECDH */
    unsigned char edwards[32];
    unsigned char n[256], e[3], d[256], p[128], q[128], dp[128], dq[128], qinv[128];
    unsigned char wrapped[256];   /* a secret under RSA-OAEP with SHA-1, for unwrapping */
    unsigned char encrypted[256]; /* a message under RSA PKCS #1 v1.5, for decrypting */
    unsigned char pin[24];
    unsigned char control[32];
};

#endif
