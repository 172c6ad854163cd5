/*
 * An application with secrets that are no keys: secrets MODULE FILE
 *
 * Takes them out of FILE (struct secrets), keeps them in a form that the search does not know, and uses them.
 * Reads commands on its standard input and answers each with the same line.
 */
#include "secrets.h"
#include "../fault/clients/client.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static struct secrets kept, in_use;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE aes, rsa_public, rsa_private;
static unsigned char encrypted[400000], again[400000];
static unsigned char iv[16] = {7};
static CK_GCM_PARAMS gcm = {.pIv = iv, .ulIvLen = 12, .ulIvBits = 96, .ulTagBits = 128};

static void wipe(void *memory, size_t size) {
    volatile unsigned char *byte = memory;
    for (size_t i = 0; i < size; i++)
        byte[i] = 0;
}

/* Whatever is secret in `kept` is masked; this makes one readable for as long as it is used. */
static void copy_masked(unsigned char *to, const unsigned char *from, size_t size) {
    for (size_t i = 0; i < size; i++)
        ((volatile unsigned char *)to)[i] = from[i] ^ 0x5a;
}
#define TAKE(part) (copy_masked(in_use.part, kept.part, sizeof kept.part), in_use.part)

static void done(void) {
    wipe(&in_use, sizeof in_use);
    wipe(again, sizeof again);
}

static bool same(const unsigned char *bytes, const unsigned char *masked, size_t size) {
    unsigned char difference = 0;
    for (size_t i = 0; i < size; i++)
        difference |= bytes[i] ^ masked[i] ^ 0x5a;
    return difference == 0;
}

static void read_secrets(const char *file) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &in_use, sizeof in_use) != (ssize_t)sizeof in_use)
        give_up("the secrets are cut short");
    close(fd);
    copy_masked((unsigned char *)&kept, (unsigned char *)&in_use, sizeof kept);
    done();
}

/* ---- plaintexts ---- */

static void make_keys(void) {
    CK_MECHANISM make_aes = {CKM_AES_KEY_GEN, NULL, 0}, make_rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG length = 32, bits = 2048;
    CK_ATTRIBUTE key[] = {VAR(CKA_VALUE_LEN, length), VAR(CKA_ENCRYPT, yes), VAR(CKA_DECRYPT, yes)};
    CK_ATTRIBUTE public[] = {VAR(CKA_MODULUS_BITS, bits), VAR(CKA_ENCRYPT, yes)};
    CK_ATTRIBUTE private[] = {VAR(CKA_DECRYPT, yes)};
    NEED(p11->C_GenerateKey(session, &make_aes, key, COUNT(key), &aes));
    NEED(p11->C_GenerateKeyPair(session, &make_rsa, public, COUNT(public), private, COUNT(private),
                                &rsa_public, &rsa_private));
}

static CK_ULONG encrypt(CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key, unsigned char *data, CK_ULONG length) {
    CK_ULONG room = sizeof encrypted;
    NEED(p11->C_EncryptInit(session, mechanism, key));
    NEED(p11->C_Encrypt(session, data, length, encrypted, &room));
    return room;
}

/* In one part, in several, and in parts that are digested as well. */
static void encrypt_all(void) {
    CK_MECHANISM one = {CKM_AES_GCM, &gcm, sizeof gcm}, several = {CKM_AES_CBC_PAD, iv, sizeof iv};
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
    encrypt(&one, aes, TAKE(plain), sizeof kept.plain);
    encrypt(&one, aes, TAKE(longer), sizeof kept.longer);
    for (int dual = 0; dual < 2; dual++) {
        NEED(p11->C_EncryptInit(session, &several, aes));
        if (dual)
            NEED(p11->C_DigestInit(session, &sha));
        for (CK_ULONG at = 0; at < sizeof kept.longer; at += 100000) {
            CK_ULONG room = sizeof encrypted, part = 100000;
            unsigned char *data = in_use.longer + at;
            NEED(dual ? p11->C_DigestEncryptUpdate(session, data, part, encrypted, &room)
                      : p11->C_EncryptUpdate(session, data, part, encrypted, &room));
        }
        CK_ULONG room = sizeof encrypted, digest = 32;
        NEED(p11->C_EncryptFinal(session, encrypted, &room));
        if (dual)
            NEED(p11->C_DigestFinal(session, again, &digest));
    }
    done();
}

static void decrypt(CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key, CK_ULONG sealed,
                    const unsigned char *masked, CK_ULONG length) {
    CK_ULONG room = 1;
    NEED(p11->C_DecryptInit(session, mechanism, key));
    /* A room that turns out to be too small first. */
    if (p11->C_Decrypt(session, encrypted, sealed, again, &room) != CKR_BUFFER_TOO_SMALL)
        give_up("a plaintext went into one byte");
    room = sizeof again;
    NEED(p11->C_Decrypt(session, encrypted, sealed, again, &room));
    if (room != length || !same(again, masked, length))
        give_up("another plaintext came out");
    done();
}

static void decrypt_all(void) {
    CK_MECHANISM one = {CKM_AES_GCM, &gcm, sizeof gcm}, several = {CKM_AES_CBC_PAD, iv, sizeof iv};
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, pkcs = {CKM_RSA_PKCS, NULL, 0};
    decrypt(&one, aes, encrypt(&one, aes, TAKE(plain), sizeof kept.plain), kept.plain, sizeof kept.plain);
    decrypt(&one, aes, encrypt(&one, aes, TAKE(longer), sizeof kept.longer), kept.longer, sizeof kept.longer);
    decrypt(&several, aes, encrypt(&several, aes, TAKE(plain), sizeof kept.plain), kept.plain,
            sizeof kept.plain);
    decrypt(&pkcs, rsa_private, encrypt(&pkcs, rsa_public, TAKE(plain), sizeof kept.plain), kept.plain,
            sizeof kept.plain);
    CK_ULONG sealed = encrypt(&several, aes, TAKE(longer), sizeof kept.longer);
    wipe(&in_use, sizeof in_use);
    for (int dual = 0; dual < 2; dual++) {
        NEED(p11->C_DecryptInit(session, &several, aes));
        if (dual)
            NEED(p11->C_DigestInit(session, &sha));
        CK_ULONG total = 0;
        for (CK_ULONG at = 0; at < sealed; at += 100000) {
            CK_ULONG room = sizeof again - total, part = sealed - at < 100000 ? sealed - at : 100000;
            NEED(dual ? p11->C_DecryptDigestUpdate(session, encrypted + at, part, again + total, &room)
                      : p11->C_DecryptUpdate(session, encrypted + at, part, again + total, &room));
            total += room;
        }
        CK_ULONG room = sizeof again - total, digest = 32;
        NEED(p11->C_DecryptFinal(session, again + total, &room));
        if (total + room != sizeof kept.longer || !same(again, kept.longer, sizeof kept.longer))
            give_up("other parts came out");
        done();
        if (dual)
            NEED(p11->C_DigestFinal(session, again, &digest));
    }
    done();
}

/* Dies over an answer: its bytes are in the lane, and nobody is there any more to wipe them. */
static void die(bool decrypting, CK_ULONG times) {
    CK_MECHANISM one = {CKM_AES_GCM, &gcm, sizeof gcm};
    CK_ULONG part = sizeof kept.longer, length = times * part, room = 2 * length;
    unsigned char *nowhere = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *data = malloc(length), *sealed = malloc(room);
    for (CK_ULONG i = 0; i < times; i++)
        copy_masked(data + i * part, kept.longer, part);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    NEED(p11->C_EncryptInit(session, &one, aes));
    if (!decrypting)
        p11->C_Encrypt(session, data, length, nowhere, &room);
    NEED(p11->C_Encrypt(session, data, length, sealed, &room));
    NEED(p11->C_DecryptInit(session, &one, aes));
    p11->C_Decrypt(session, sealed, room, nowhere, &(CK_ULONG){2 * length});
    give_up("the answer went nowhere");
}

/* Leaves operations half done. */
static void half(void) {
    CK_MECHANISM several = {CKM_AES_CBC_PAD, iv, sizeof iv}, one = {CKM_AES_GCM, &gcm, sizeof gcm};
    CK_ULONG room = sizeof again, sealed = encrypt(&one, aes, TAKE(longer), sizeof kept.longer);
    NEED(p11->C_DecryptInit(session, &one, aes));
    NEED(p11->C_DecryptUpdate(session, encrypted, sealed, again, &room));
    room = sizeof encrypted;
    NEED(p11->C_EncryptInit(session, &several, aes));
    NEED(p11->C_EncryptUpdate(session, in_use.longer, sizeof kept.longer - 10, encrypted, &room));
    done();
}

/* ---- values of private objects ---- */

static void create(CK_OBJECT_CLASS class, CK_BBOOL token, const char *label, unsigned char *value,
                   CK_ULONG length) {
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_ATTRIBUTE all[] = {VAR(CKA_CLASS, class),       VAR(CKA_TOKEN, token),
                          VAR(CKA_PRIVATE, yes),       {CKA_LABEL, (void *)label, strlen(label)},
                          {CKA_VALUE, value, length},  VAR(CKA_CERTIFICATE_TYPE, type),
                          {CKA_SUBJECT, "somebody", 8}};
    CK_OBJECT_HANDLE object;
    NEED(p11->C_CreateObject(session, all, class == CKO_CERTIFICATE ? 7 : 5, &object));
}

static void create_session(void) {
    create(CKO_DATA, no, "session", TAKE(session), sizeof kept.session);
    done();
}

static void create_all(void) {
    create(CKO_DATA, yes, "value", TAKE(value), sizeof kept.value);
    create(CKO_DATA, yes, "big", TAKE(big), sizeof kept.big);
    create(CKO_CERTIFICATE, yes, "certificate", TAKE(certificate), sizeof kept.certificate);
    done();
    create_session();
}

/* The one object that the template describes. */
static CK_OBJECT_HANDLE find(CK_ATTRIBUTE *template, CK_ULONG count) {
    CK_OBJECT_HANDLE found[2];
    CK_ULONG many = 0;
    NEED(p11->C_FindObjectsInit(session, template, count));
    NEED(p11->C_FindObjects(session, found, 2, &many));
    NEED(p11->C_FindObjectsFinal(session));
    if (many != 1)
        give_up("%lu objects were found", many);
    return found[0];
}

static CK_OBJECT_HANDLE find_label(const char *label) {
    CK_ATTRIBUTE template[] = {{CKA_LABEL, (void *)label, strlen(label)}};
    return find(template, 1);
}

static void read_value(const char *label, const unsigned char *masked, CK_ULONG length) {
    CK_ATTRIBUTE value = {CKA_VALUE, again, sizeof again};
    NEED(p11->C_GetAttributeValue(session, find_label(label), &value, 1));
    if (value.ulValueLen != length || !same(again, masked, length))
        give_up("%s has another value", label);
    done();
}

static void read_all(void) {
    read_value("value", kept.value, sizeof kept.value);
    read_value("big", kept.big, sizeof kept.big);
    read_value("certificate", kept.certificate, sizeof kept.certificate);
}

static void find_value(CK_OBJECT_CLASS class, unsigned char *value, CK_ULONG length, const char *label) {
    CK_ATTRIBUTE template[] = {VAR(CKA_CLASS, class), {CKA_VALUE, value, length}};
    if (find(template, 2) != find_label(label) || find(template + 1, 1) != find_label(label))
        give_up("another object was found by the value of %s", label);
}

static void find_all(void) {
    find_value(CKO_DATA, TAKE(value), sizeof kept.value, "value");
    find_value(CKO_DATA, TAKE(big), sizeof kept.big, "big");
    find_value(CKO_CERTIFICATE, TAKE(certificate), sizeof kept.certificate, "certificate");
    done();
}

/* Copied, renamed, and the copy destroyed; and a value that is refused. */
static void change_all(void) {
    static const char *const labels[] = {"value", "big", "certificate"};
    CK_ATTRIBUTE name = {CKA_LABEL, "copy", 4}, value = {CKA_VALUE, TAKE(value), sizeof kept.value};
    for (size_t i = 0; i < COUNT(labels); i++) {
        CK_OBJECT_HANDLE copy;
        NEED(p11->C_CopyObject(session, find_label(labels[i]), &name, 1, &copy));
        NEED(p11->C_SetAttributeValue(session, copy, &(CK_ATTRIBUTE){CKA_LABEL, "renamed", 7}, 1));
        NEED(p11->C_DestroyObject(session, copy));
        CK_ATTRIBUTE label = {CKA_LABEL, (void *)labels[i], strlen(labels[i])};
        NEED(p11->C_SetAttributeValue(session, find_label(labels[i]), &label, 1));
    }
    if (p11->C_SetAttributeValue(session, find_label("value"), &value, 1) != CKR_ATTRIBUTE_READ_ONLY)
        give_up("a value was changed");
    done();
}

/* ---- PINs ---- */

static void expect(CK_RV rv, CK_RV wanted, const char *what) {
    if (rv != wanted)
        give_up("%s answered 0x%lx", what, rv);
}

static void wrong_pins(void) {
    expect(p11->C_SetPIN(session, TAKE(wrong), sizeof kept.wrong, TAKE(fresh), sizeof kept.fresh),
           CKR_PIN_INCORRECT, "C_SetPIN");
    NEED(p11->C_Logout(session));
    for (int i = 0; i < 2; i++)
        expect(p11->C_Login(session, CKU_USER, TAKE(wrong), sizeof kept.wrong), CKR_PIN_INCORRECT, "C_Login");
    expect(p11->C_Login(session, CKU_SO, TAKE(wrong), sizeof kept.wrong), CKR_PIN_INCORRECT, "C_Login as SO");
    expect(p11->C_SetPIN(session, TAKE(wrong), sizeof kept.wrong, TAKE(fresh), sizeof kept.fresh),
           CKR_PIN_INCORRECT, "C_SetPIN without login");
    NEED(p11->C_CloseAllSessions(slot));
    unsigned char label[32];
    memset(label, ' ', sizeof label);
    expect(p11->C_InitToken(slot, TAKE(wrong), sizeof kept.wrong, label), CKR_PIN_INCORRECT, "C_InitToken");
    done();
    NEED(open_user(&session));
}

/* ---- the control ---- */

/* Bytes of no secret, in ordinary memory of the engine's and in a lane: the search must find both. */
static void control(void) {
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
    CK_OBJECT_HANDLE object;
    CK_ULONG digest = 32;
    CK_ATTRIBUTE data[] = {
        VAR(CKA_CLASS, class), VAR(CKA_PRIVATE, no), {CKA_VALUE, TAKE(control), sizeof kept.control}};
    NEED(p11->C_CreateObject(session, data, COUNT(data), &object));
    NEED(p11->C_DigestInit(session, &sha));
    NEED(p11->C_Digest(session, in_use.control, sizeof kept.control, again, &digest));
    done();
}

static void random_bytes(void) {
    NEED(p11->C_GenerateRandom(session, again, 32));
    for (int i = 0; i < 32; i++)
        printf("%02x", again[i]);
    putchar('\n');
    done();
}

int main(int argc, char **argv) {
    if (argc != 3)
        give_up("usage: secrets MODULE FILE");
    static char line[32];
    static const struct {
        const char *name;
        void (*run)(void);
    } commands[] = {
        {"token\n", make_token},    {"keys\n", make_keys},
        {"encrypt\n", encrypt_all}, {"decrypt\n", decrypt_all},
        {"half\n", half},           {"pins\n", wrong_pins},
        {"control\n", control},     {"random\n", random_bytes},
        {"create\n", create_all},   {"create session\n", create_session},
        {"read\n", read_all},       {"find\n", find_all},
        {"change\n", change_all},
    };
    read_secrets(argv[2]);
    load_module(argv[1]);
    NEED(initialise());
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "quit\n") != 0) {
        if (strcmp(line, "login\n") == 0) {
            NEED(find_slot());
            NEED(open_user(&session));
        } else if (strcmp(line, "logout\n") == 0) {
            NEED(p11->C_Logout(session));
        } else if (strncmp(line, "die", 3) == 0) {
            die(strstr(line, "decrypting") != NULL, strstr(line, "much") != NULL ? 30 : 1);
        }
        for (size_t i = 0; i < COUNT(commands); i++)
            if (strcmp(line, commands[i].name) == 0)
                commands[i].run();
        fputs(line, stdout);
        fflush(stdout);
    }
    NEED(p11->C_Finalize(NULL));
    return 0;
}
