/* One place that decides which Cryptoki header the test programs are compiled against. The generated header
 * of this project is taken as soon as it has been generated; before that Debian's p11-kit header serves, with
 * the few later constants added. */
#ifndef STRONGROOM_TEST_CRYPTOKI_INCLUDE_H
#define STRONGROOM_TEST_CRYPTOKI_INCLUDE_H

#if __has_include("../../module/generated/cryptoki.h")
#include "../../module/generated/cryptoki.h"
#else
#include <p11-kit-1/p11-kit/pkcs11.h>
#endif

#ifndef CKM_EC_EDWARDS_KEY_PAIR_GEN
#define CKM_EC_EDWARDS_KEY_PAIR_GEN 0x1055UL
#endif
#ifndef CKM_EC_MONTGOMERY_KEY_PAIR_GEN
#define CKM_EC_MONTGOMERY_KEY_PAIR_GEN 0x1056UL
#endif
#ifndef CKM_EDDSA
#define CKM_EDDSA 0x1057UL
#endif
#ifndef CKM_AES_KEY_WRAP_KWP
#define CKM_AES_KEY_WRAP_KWP 0x210bUL
#endif
#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID 4UL
#endif
#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED 0x202UL
#endif
#ifndef CK_TRUE
#define CK_TRUE 1
#define CK_FALSE 0
#endif

#endif
