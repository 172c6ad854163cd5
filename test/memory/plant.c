/*
 * The application whose memory is searched: plant MODULE FILE
 *
 * Takes keys out of FILE (struct planted), gives them to the token, wipes its own copies, and uses the keys
 * in every way. Reads commands on its standard input and answers each with the same word: `plant`, `use`,
 * `control`, `logout`, `quit`.
 */
#include "../fault/clients/client.h"
#include "planted.h"

#include <fcntl.h>
#include <unistd.h>

static struct planted keys;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE aes, generic, ec, edwards, rsa;
static unsigned char *control_copy;
static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static unsigned char ed25519[] = {0x06, 0x03, 0x2b, 0x65, 0x70};

static void wipe(void *memory, size_t size) {
    volatile unsigned char *byte = memory;
    for (size_t i = 0; i < size; i++)
        byte[i] = 0;
}

/* Straight from the file into the one place that is wiped afterwards. */
static void read_keys(const char *file) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &keys, sizeof keys) != (ssize_t)sizeof keys)
        give_up("the planted keys are cut short");
    close(fd);
}

static CK_OBJECT_HANDLE create(CK_OBJECT_CLASS class, CK_KEY_TYPE type, const CK_ATTRIBUTE *more,
                               CK_ULONG count) {
    CK_ATTRIBUTE all[24] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), VAR(CKA_TOKEN, yes),
                            VAR(CKA_PRIVATE, yes), VAR(CKA_SENSITIVE, yes), VAR(CKA_EXTRACTABLE, no)};
    for (CK_ULONG i = 0; i < count; i++)
        all[6 + i] = more[i];
    CK_OBJECT_HANDLE object = 0;
    NEED(p11->C_CreateObject(session, all, 6 + count, &object));
    return object;
}

#define PART(type, part)                                                                                     \
    { (type), (part), sizeof(part) }

static void log_in(void) {
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &session));
    NEED(p11->C_Login(session, CKU_USER, keys.pin, sizeof keys.pin));
}

static void make_own_token(void) {
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    NEED(find_slot());
    NEED(p11->C_InitToken(slot, SO_PIN, SO_PIN_LENGTH, label));
    NEED(find_slot());
    NEED(p11->C_OpenSession(slot, RW, NULL, NULL, &session));
    NEED(p11->C_Login(session, CKU_SO, SO_PIN, SO_PIN_LENGTH));
    NEED(p11->C_InitPIN(session, keys.pin, sizeof keys.pin));
    NEED(p11->C_Logout(session));
    NEED(p11->C_CloseSession(session));
}

static void plant(const char *file) {
    read_keys(file);
    make_own_token();
    log_in();
    /* Changed and changed back, so that each way that a PIN can go has been taken. */
    NEED(p11->C_SetPIN(session, keys.pin, sizeof keys.pin, keys.pin, sizeof keys.pin));
    CK_ATTRIBUTE aes_parts[] = {PART(CKA_VALUE, keys.aes), VAR(CKA_ENCRYPT, yes), VAR(CKA_DECRYPT, yes),
                                VAR(CKA_WRAP, yes)};
    aes = create(CKO_SECRET_KEY, CKK_AES, aes_parts, COUNT(aes_parts));
    CK_ATTRIBUTE generic_parts[] = {PART(CKA_VALUE, keys.generic), VAR(CKA_SIGN, yes), VAR(CKA_VERIFY, yes)};
    generic = create(CKO_SECRET_KEY, CKK_GENERIC_SECRET, generic_parts, COUNT(generic_parts));
    CK_ATTRIBUTE ec_parts[] = {PART(CKA_EC_PARAMS, p256), PART(CKA_VALUE, keys.scalar), VAR(CKA_SIGN, yes),
                               VAR(CKA_DERIVE, yes)};
    ec = create(CKO_PRIVATE_KEY, CKK_EC, ec_parts, COUNT(ec_parts));
    CK_ATTRIBUTE ed_parts[] = {PART(CKA_EC_PARAMS, ed25519), PART(CKA_VALUE, keys.edwards),
                               VAR(CKA_SIGN, yes)};
    edwards = create(CKO_PRIVATE_KEY, CKK_EC_EDWARDS, ed_parts, COUNT(ed_parts));
    CK_ATTRIBUTE rsa_parts[] = {PART(CKA_MODULUS, keys.n),
                                PART(CKA_PUBLIC_EXPONENT, keys.e),
                                PART(CKA_PRIVATE_EXPONENT, keys.d),
                                PART(CKA_PRIME_1, keys.p),
                                PART(CKA_PRIME_2, keys.q),
                                PART(CKA_EXPONENT_1, keys.dp),
                                PART(CKA_EXPONENT_2, keys.dq),
                                PART(CKA_COEFFICIENT, keys.qinv),
                                VAR(CKA_SIGN, yes),
                                VAR(CKA_DECRYPT, yes),
                                VAR(CKA_UNWRAP, yes)};
    rsa = create(CKO_PRIVATE_KEY, CKK_RSA, rsa_parts, COUNT(rsa_parts));
    /* Only what is no secret, and the control, stays. */
    static struct planted kept;
    memcpy(kept.peer, keys.peer, sizeof kept.peer);
    memcpy(kept.wrapped, keys.wrapped, sizeof kept.wrapped);
    memcpy(kept.encrypted, keys.encrypted, sizeof kept.encrypted);
    for (size_t i = 0; i < sizeof kept.control; i++)
        kept.control[i] = keys.control[i] ^ 0x5a;
    wipe(&keys, sizeof keys);
    keys = kept;
}

static void sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type, void *parameter, CK_ULONG size,
                 CK_ULONG length) {
    static unsigned char data[100000], signature[512];
    CK_MECHANISM mechanism = {type, parameter, size};
    CK_ULONG room = sizeof signature;
    NEED(p11->C_SignInit(session, &mechanism, key));
    NEED(p11->C_Sign(session, data, length, signature, &room));
}

static void sign_parts(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type) {
    static unsigned char data[20000], signature[512];
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_ULONG room = sizeof signature;
    NEED(p11->C_SignInit(session, &mechanism, key));
    NEED(p11->C_SignUpdate(session, data, sizeof data));
    NEED(p11->C_SignUpdate(session, data, 100));
    NEED(p11->C_SignFinal(session, signature, &room));
}

/* Encrypts, and decrypts what came out. */
static void encrypt(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type, void *parameter, CK_ULONG size,
                    CK_ULONG length) {
    static unsigned char data[100000], encrypted[100100], again[100100];
    CK_MECHANISM mechanism = {type, parameter, size};
    CK_ULONG room = sizeof encrypted, back = sizeof again;
    NEED(p11->C_EncryptInit(session, &mechanism, key));
    NEED(p11->C_Encrypt(session, data, length, encrypted, &room));
    NEED(p11->C_DecryptInit(session, &mechanism, key));
    NEED(p11->C_Decrypt(session, encrypted, room, again, &back));
    CK_ULONG part = sizeof encrypted;
    NEED(p11->C_EncryptInit(session, &mechanism, key));
    NEED(p11->C_EncryptUpdate(session, data, length, encrypted, &part));
    part = sizeof encrypted;
    NEED(p11->C_EncryptFinal(session, encrypted, &part));
}

static void derive_and_unwrap(void) {
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_ULONG length = 32;
    CK_ATTRIBUTE derived[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), VAR(CKA_VALUE_LEN, length),
                              VAR(CKA_SIGN, yes),    VAR(CKA_PRIVATE, yes),   VAR(CKA_SENSITIVE, yes)};
    CK_ECDH1_DERIVE_PARAMS ecdh = {
        .kdf = CKD_NULL, .ulPublicDataLen = sizeof keys.peer, .pPublicData = keys.peer};
    CK_MECHANISM agree = {CKM_ECDH1_DERIVE, &ecdh, sizeof ecdh};
    CK_OBJECT_HANDLE result;
    NEED(p11->C_DeriveKey(session, &agree, ec, derived, COUNT(derived), &result));
    sign(result, CKM_SHA256_HMAC, NULL, 0, 64);
    CK_RSA_PKCS_OAEP_PARAMS oaep = {.hashAlg = CKM_SHA_1, .mgf = CKG_MGF1_SHA1, .source = CKZ_DATA_SPECIFIED};
    CK_MECHANISM unwrap = {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep};
    CK_ATTRIBUTE unwrapped[] = {VAR(CKA_CLASS, class), VAR(CKA_KEY_TYPE, type), VAR(CKA_SIGN, yes),
                                VAR(CKA_PRIVATE, yes), VAR(CKA_SENSITIVE, yes)};
    NEED(p11->C_UnwrapKey(session, &unwrap, rsa, keys.wrapped, sizeof keys.wrapped, unwrapped,
                          COUNT(unwrapped), &result));
    sign(result, CKM_SHA512_HMAC, NULL, 0, 64);
}

static void decrypt_message(void) {
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0};
    unsigned char out[256];
    CK_ULONG room = sizeof out;
    NEED(p11->C_DecryptInit(session, &pkcs, rsa));
    NEED(p11->C_Decrypt(session, keys.encrypted, sizeof keys.encrypted, out, &room));
}

static void use(void) {
    unsigned char iv[16] = {1};
    CK_GCM_PARAMS gcm = {.pIv = iv, .ulIvLen = 12, .ulIvBits = 96, .ulTagBits = 128};
    CK_AES_CTR_PARAMS ctr = {.ulCounterBits = 64};
    CK_RSA_PKCS_PSS_PARAMS pss = {.hashAlg = CKM_SHA256, .mgf = CKG_MGF1_SHA256, .sLen = 32};
    for (int turn = 0; turn < 20; turn++) {
        CK_ULONG length = turn % 2 ? 64 : 65536;
        encrypt(aes, CKM_AES_CBC, iv, sizeof iv, length);
        encrypt(aes, CKM_AES_ECB, NULL, 0, length);
        encrypt(aes, CKM_AES_CTR, &ctr, sizeof ctr, length);
        encrypt(aes, CKM_AES_GCM, &gcm, sizeof gcm, length);
        sign(generic, CKM_SHA256_HMAC, NULL, 0, length);
        sign(generic, CKM_SHA3_256_HMAC, NULL, 0, length);
        sign_parts(generic, CKM_SHA512_HMAC);
        sign(ec, CKM_ECDSA, NULL, 0, 32);
        sign(ec, CKM_ECDSA_SHA256, NULL, 0, length);
        sign(edwards, CKM_EDDSA, NULL, 0, length);
        sign(rsa, CKM_RSA_PKCS, NULL, 0, 51);
        sign(rsa, CKM_SHA256_RSA_PKCS, NULL, 0, length);
        sign_parts(rsa, CKM_SHA256_RSA_PKCS);
        sign(rsa, CKM_SHA256_RSA_PKCS_PSS, &pss, sizeof pss, length);
        decrypt_message();
        derive_and_unwrap();
    }
    unsigned char room[64];
    CK_ATTRIBUTE value = {CKA_VALUE, room, sizeof room};
    if (p11->C_GetAttributeValue(session, aes, &value, 1) != CKR_ATTRIBUTE_SENSITIVE)
        give_up("a sensitive value was given out");
}

/* Known bytes in ordinary memory of both processes: the search must find them. */
static void control(void) {
    control_copy = malloc(sizeof keys.control);
    if (control_copy == NULL)
        give_up("no memory");
    for (size_t i = 0; i < sizeof keys.control; i++)
        control_copy[i] = keys.control[i] ^ 0x5a;
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE data[] = {
        VAR(CKA_CLASS, class), VAR(CKA_PRIVATE, no), {CKA_VALUE, control_copy, sizeof keys.control}};
    CK_OBJECT_HANDLE object;
    NEED(p11->C_CreateObject(session, data, COUNT(data), &object));
}

int main(int argc, char **argv) {
    if (argc != 3)
        give_up("usage: plant MODULE FILE");
    load_module(argv[1]);
    NEED(initialise());
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "quit\n") != 0) {
        if (strcmp(line, "plant\n") == 0)
            plant(argv[2]);
        else if (strcmp(line, "use\n") == 0)
            use();
        else if (strcmp(line, "control\n") == 0)
            control();
        else if (strcmp(line, "logout\n") == 0)
            NEED(p11->C_Logout(session));
        fputs(line, stdout);
        fflush(stdout);
    }
    NEED(p11->C_Finalize(NULL));
    return 0;
}
