/*
 * Threads of one application that do everything at once: storm MODULE calm|rough|greet ROUNDS
 *
 *   calm    each thread has a session of its own, and others do what must not concern it: every call must succeed
 *   rough   others log out, close all its sessions and finalise: each answer must be one that this explains, no operation may be left
 *           behind, and a call that succeeds must have done its work
 *
 *   greet   starts the engine if there is none, and goes
 *
 * Prints "rounds N wrong N", and the first wrong answers on its standard error.
 */
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>

#define WORKERS 6

static atomic_long left, done, wrong, times_ended;
static atomic_bool over;
static bool rough;
static CK_SLOT_ID other_slot;
static CK_MECHANISM ecb = {CKM_AES_ECB, NULL, 0}, hmac = {CKM_SHA256_HMAC, NULL, 0}, sha = {CKM_SHA256, NULL, 0};

static void report(const char *what, CK_RV rv) {
    if (atomic_fetch_add(&wrong, 1) < 20)
        fprintf(stderr, "%s answered 0x%lx\n", what, rv);
}

/* What others explain, in rough weather: the session was closed (before the call or during it), its user logged out, or
 * the library finalised. */
static bool explained(CK_RV rv) {
    return rough && (rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_SESSION_CLOSED || rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_CRYPTOKI_NOT_INITIALIZED ||
                     rv == CKR_KEY_HANDLE_INVALID || rv == CKR_OBJECT_HANDLE_INVALID);
}

/* The same for what follows an opening: a logout ends the operation in between (PKCS#11 3.2, 5.6.9). */
static bool explained_later(CK_RV rv) {
    return explained(rv) || (rough && rv == CKR_OPERATION_NOT_INITIALIZED);
}

struct own {
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE aes, mac;
    unsigned char tag[32]; /* of "abc" under `mac`, once known */
    bool knows_tag;
};

static bool note(const char *what, CK_RV rv) {
    if (rv == CKR_OK)
        return true;
    if (!explained_later(rv))
        report(what, rv);
    return false;
}

static CK_OBJECT_HANDLE make_key(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_RV *rv) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_ULONG length = 32;
    CK_ATTRIBUTE attributes[] = {VAR(CKA_VALUE_LEN, length), VAR(CKA_TOKEN, no), VAR(CKA_ENCRYPT, yes), VAR(CKA_DECRYPT, yes),
                                 VAR(CKA_SIGN, yes),         VAR(CKA_VERIFY, yes)};
    CK_OBJECT_HANDLE key = 0;
    *rv = p11->C_GenerateKey(session, &mechanism, attributes, COUNT(attributes), &key);
    return key;
}

/* A session with two keys, as often as it takes; false when the storm is over. */
static bool prepare(struct own *own) {
    memset(own, 0, sizeof *own);
    while (!atomic_load(&over)) {
        CK_RV rv = open_user(&own->session);
        if (rv == CKR_OK)
            own->aes = make_key(own->session, CKM_AES_KEY_GEN, &rv);
        if (rv == CKR_OK)
            own->mac = make_key(own->session, CKM_GENERIC_SECRET_KEY_GEN, &rv);
        if (rv == CKR_OK)
            return true;
        if (!explained(rv) && !(rough && rv == CKR_USER_ALREADY_LOGGED_IN))
            report("preparing", rv);
        sleep_us(200);
    }
    return false;
}

static bool encrypt(struct own *own) {
    unsigned char in[32] = "the same again, twice over", out[32], back[32];
    CK_ULONG length = sizeof out, back_length = sizeof back;
    if (!note("C_EncryptInit", p11->C_EncryptInit(own->session, &ecb, own->aes)) ||
        !note("C_Encrypt", p11->C_Encrypt(own->session, in, sizeof in, out, &length)) ||
        !note("C_DecryptInit", p11->C_DecryptInit(own->session, &ecb, own->aes)) ||
        !note("C_Decrypt", p11->C_Decrypt(own->session, out, length, back, &back_length)))
        return false;
    if (back_length != sizeof in || memcmp(in, back, sizeof in) != 0)
        report("C_Decrypt, with other bytes,", CKR_OK);
    return true;
}

static bool check_tag(struct own *own, const unsigned char *tag) {
    if (own->knows_tag && memcmp(tag, own->tag, sizeof own->tag) != 0)
        report("C_Sign, with another tag,", CKR_OK);
    memcpy(own->tag, tag, sizeof own->tag);
    own->knows_tag = true;
    return true;
}

static bool sign(struct own *own) {
    unsigned char tag[32];
    CK_ULONG length = 0;
    if (!note("C_SignInit", p11->C_SignInit(own->session, &hmac, own->mac)) ||
        !note("C_Sign for the length", p11->C_Sign(own->session, (CK_BYTE_PTR) "abc", 3, NULL, &length)))
        return false;
    if (length != sizeof tag)
        report("C_Sign, with another length,", CKR_OK);
    length = sizeof tag;
    return note("C_Sign", p11->C_Sign(own->session, (CK_BYTE_PTR) "abc", 3, tag, &length)) && check_tag(own, tag);
}

static bool sign_in_parts(struct own *own) {
    unsigned char tag[32];
    CK_ULONG length = sizeof tag;
    return note("C_SignInit", p11->C_SignInit(own->session, &hmac, own->mac)) &&
           note("C_SignUpdate", p11->C_SignUpdate(own->session, (CK_BYTE_PTR) "a", 1)) &&
           note("C_SignUpdate", p11->C_SignUpdate(own->session, (CK_BYTE_PTR) "bc", 2)) &&
           note("C_SignFinal", p11->C_SignFinal(own->session, tag, &length)) && check_tag(own, tag);
}

static bool digest(struct own *own) {
    static const unsigned char abc_hash[4] = {0xba, 0x78, 0x16, 0xbf};
    unsigned char out[32];
    CK_ULONG length = sizeof out;
    if (!note("C_DigestInit", p11->C_DigestInit(own->session, &sha)) ||
        !note("C_Digest", p11->C_Digest(own->session, (CK_BYTE_PTR) "abc", 3, out, &length)))
        return false;
    if (length != 32 || memcmp(out, abc_hash, 4) != 0)
        report("C_Digest, with another digest,", CKR_OK);
    return true;
}

/* A call with a NULL pointer ends the operation that was opened, and says so. */
static bool misuse(struct own *own) {
    CK_RV rv;
    if (!note("C_SignInit", p11->C_SignInit(own->session, &hmac, own->mac)))
        return false;
    rv = p11->C_Sign(own->session, NULL, 3, NULL, NULL);
    if (rv != CKR_ARGUMENTS_BAD && !explained(rv))
        report("C_Sign with NULL", rv);
    if (!note("C_EncryptInit", p11->C_EncryptInit(own->session, &ecb, own->aes)))
        return false;
    rv = p11->C_EncryptUpdate(own->session, NULL, 1, NULL, NULL);
    if (rv != CKR_ARGUMENTS_BAD && !explained(rv))
        report("C_EncryptUpdate with NULL", rv);
    return sign(own) && encrypt(own);
}

/* An opening is called off, or another one asked for meanwhile. */
static bool change_its_mind(struct own *own) {
    CK_RV rv;
    if (!note("C_SignInit", p11->C_SignInit(own->session, &hmac, own->mac)))
        return false;
    rv = p11->C_SignInit(own->session, &hmac, own->mac);
    if (rv != CKR_OPERATION_ACTIVE && !explained(rv) && !rough)
        report("a second C_SignInit", rv);
    rv = p11->C_SignInit(own->session, NULL, 0);
    /* A logout may have left nothing to call off, and no mechanism is then a wrong one. */
    if (rough && rv == CKR_MECHANISM_INVALID)
        return false;
    return note("C_SignInit with NULL", rv) && sign(own);
}

static bool (*const deeds[])(struct own *) = {encrypt, sign, digest, encrypt, sign_in_parts, misuse, sign, change_its_mind};

static void *worker(void *number) {
    uintptr_t at = (uintptr_t)number;
    struct own own;
    bool ready = prepare(&own);
    while (ready && atomic_fetch_sub(&left, 1) > 0) {
        bool good = deeds[at++ % COUNT(deeds)](&own);
        atomic_fetch_add(&done, 1);
        if (!good)
            ready = prepare(&own);
    }
    atomic_store(&over, atomic_load(&left) <= 0);
    return NULL;
}

/* Does what concerns nobody else: closes the other slot's sessions, reads attributes, makes and destroys objects. */
static void *bystander(void *unused) {
    struct own own;
    bool ready = prepare(&own);
    while (ready && !atomic_load(&over)) {
        CK_RV rv = p11->C_CloseAllSessions(other_slot);
        if (rv != CKR_OK && !explained(rv))
            report("C_CloseAllSessions of the other slot", rv);
        CK_ULONG length = 0;
        CK_ATTRIBUTE query = VAR(CKA_VALUE_LEN, length);
        bool good = note("C_GetAttributeValue", p11->C_GetAttributeValue(own.session, own.aes, &query, 1));
        CK_SESSION_HANDLE session;
        rv = p11->C_OpenSession(slot, RW, NULL, NULL, &session);
        if (rv == CKR_OK) {
            CK_OBJECT_HANDLE key = make_key(session, CKM_AES_KEY_GEN, &rv);
            if (rv == CKR_OK)
                rv = p11->C_DestroyObject(session, key);
            if (rv == CKR_OK)
                rv = p11->C_CloseSession(session);
        }
        if (rv != CKR_OK && !explained(rv))
            report("a passing session", rv);
        if (!good)
            ready = prepare(&own);
    }
    (void)unused;
    return NULL;
}

/* Ends what others use, and is not alone in that. */
static void *destroyer(void *unused) {
    for (unsigned i = 0; !atomic_load(&over); i++) {
        sleep_us(3000);
        CK_SESSION_HANDLE session;
        if (i % 8 == 7) {
            CK_RV rv = p11->C_Finalize(NULL);
            if (rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED)
                report("C_Finalize", rv);
            rv = initialise();
            if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
                report("C_Initialize", rv);
        } else if (i % 2 == 0) {
            CK_RV rv = p11->C_CloseAllSessions(slot);
            if (rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED)
                report("C_CloseAllSessions", rv);
        } else if (p11->C_OpenSession(slot, RW, NULL, NULL, &session) == CKR_OK) {
            CK_RV rv = p11->C_Logout(session);
            if (rv != CKR_OK && !explained(rv))
                report("C_Logout", rv);
            p11->C_CloseSession(session);
        }
        atomic_fetch_add(&times_ended, 1);
    }
    (void)unused;
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4)
        give_up("usage: storm MODULE calm|rough ROUNDS");
    load_module(arguments[1]);
    rough = strcmp(arguments[2], "rough") == 0;
    atomic_store(&left, atol(arguments[3]));
    NEED(initialise());
    if (strcmp(arguments[2], "greet") == 0)
        return p11->C_Finalize(NULL) == CKR_OK ? 0 : 1;
    make_token();
    CK_SLOT_ID slots[4];
    CK_ULONG slot_count = COUNT(slots);
    NEED(p11->C_GetSlotList(CK_FALSE, slots, &slot_count));
    if (slot_count < 2)
        give_up("there is no other slot");
    other_slot = slots[0] == slot ? slots[1] : slots[0];
    CK_SESSION_HANDLE keeper;
    NEED(open_user(&keeper));
    pthread_t threads[WORKERS + 4];
    for (uintptr_t i = 0; i < COUNT(threads); i++) {
        void *(*work)(void *) = i < WORKERS ? worker : i < WORKERS + 2 || !rough ? bystander : destroyer;
        if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
            give_up("no more threads");
    }
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    /* The last one to finalise may have left it so. */
    CK_RV back = initialise();
    if (back != CKR_OK && back != CKR_CRYPTOKI_ALREADY_INITIALIZED)
        report("C_Initialize at the end", back);
    /* Nothing is left behind: every session that is opened now can do everything. */
    rough = false;
    atomic_store(&over, false);
    for (int i = 0; i < 100; i++) {
        struct own own;
        if (prepare(&own))
            for (size_t deed = 0; deed < COUNT(deeds); deed++)
                deeds[deed](&own);
    }
    NEED(p11->C_Finalize(NULL));
    printf("rounds %ld wrong %ld ended %ld\n", atomic_load(&done), atomic_load(&wrong), atomic_load(&times_ended));
    return atomic_load(&wrong) == 0 ? 0 : 1;
}
