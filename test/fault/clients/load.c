/*
 * A mixed load on one token, for the test that kills the engine: load MODULE WORKERS SEED
 *
 * Reads commands on its standard input, one a line, and answers each with a line. `go`: the workers run.
 * `stop`: they finish the call that they are in and wait. `check`: every object whose making was confirmed is
 * there with what it was made with, and none whose destruction was confirmed has come back. `quit`. Lines
 * that begin with "not ok" say what went wrong. `check` also says how long, since the last check, the longest
 * call took that the engine's end cut off.
 */
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>

#define WORKERS_MAX 8
#define OBJECTS_MAX 48
/* Longer than anything that waits in the library or the engine: a call that takes longer hangs. Seconds were seen on a machine whose
 * processors were all busy. */
#define START_PATIENCE_MS 60000

enum fate { FATE_NONE, FATE_MAKING, FATE_THERE, FATE_ENDING };

struct object {
    enum fate fate;
    uint32_t number; /* its label, id and value all follow from it */
    CK_OBJECT_CLASS class;
    CK_OBJECT_HANDLE handle; /* 0: to be looked up */
};

struct worker {
    pthread_t thread;
    uint32_t index;
    uint64_t random;
    CK_SESSION_HANDLE session; /* 0: to be opened */
    uint32_t numbers;
    struct object objects[OBJECTS_MAX];
};

static struct worker workers[WORKERS_MAX];
static uint32_t worker_count, seed;
static atomic_bool running, ending;
static atomic_uint at_rest, complaints, calls_made, interruptions, longest_failure;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_changed = PTHREAD_COND_INITIALIZER;

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char text[300];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (atomic_fetch_add(&complaints, 1) < 40)
        printf("not ok %s\n", text);
    fflush(stdout);
}

static uint32_t roll(struct worker *worker, uint32_t sides) {
    worker->random = worker->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(worker->random >> 33) % sides;
}

/* What a call may answer when the engine was killed under it or before it. */
static bool interrupted(CK_RV rv) {
    return rv == CKR_DEVICE_REMOVED || rv == CKR_SESSION_HANDLE_INVALID;
}

/* Judges a call: true when it was answered CKR_OK; forgets the session when it was lost with its engine. */
static bool judge(struct worker *worker, const char *name, CK_RV rv, uint64_t began) {
    uint64_t took = now_ms() - began;
    atomic_fetch_add(&calls_made, 1);
    if (interrupted(rv)) {
        atomic_fetch_add(&interruptions, 1);
        /* A call that finds its session gone may have started the engine that told it so. */
        if (rv == CKR_DEVICE_REMOVED && took > atomic_load(&longest_failure))
            atomic_store(&longest_failure, (unsigned)took);
        worker->session = 0;
        for (size_t i = 0; i < OBJECTS_MAX; i++)
            worker->objects[i].handle = 0;
        return false;
    }
    if (took > START_PATIENCE_MS)
        complain("%s took %lu ms", name, (unsigned long)took);
    if (rv != CKR_OK)
        complain("%s answered 0x%lx", name, rv);
    return rv == CKR_OK;
}
#define TRY(worker, call)                                                                                    \
    ({                                                                                                       \
        uint64_t began_ = now_ms();                                                                          \
        CK_RV rv_ = (call);                                                                                  \
        judge((worker), #call, rv_, began_);                                                                 \
    })

static bool ready(struct worker *worker) {
    if (worker->session != 0)
        return true;
    CK_SESSION_HANDLE session = 0;
    if (!TRY(worker, p11->C_OpenSession(slot, RW, NULL, NULL, &session)))
        return false;
    uint64_t began = now_ms();
    CK_RV rv = p11->C_Login(session, CKU_USER, USER_PIN, USER_PIN_LENGTH);
    if (!judge(worker, "C_Login", rv == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : rv, began))
        return false;
    worker->session = session;
    return true;
}

struct description {
    char label[40];
    unsigned char id[8], value[64];
};

static struct description describe(const struct worker *worker, const struct object *object) {
    struct description d;
    memset(&d, 0, sizeof d);
    snprintf(d.label, sizeof d.label, "load-%u-%u-%u", seed, worker->index, object->number);
    for (size_t i = 0; i < sizeof d.id; i++)
        d.id[i] = (unsigned char)(object->number >> (i % 4 * 8)) ^ (unsigned char)(worker->index * 37 + i);
    for (size_t i = 0; i < sizeof d.value; i++)
        d.value[i] = (unsigned char)(object->number * 131 + worker->index * 17 + i * 7);
    return d;
}

static CK_RV search(CK_SESSION_HANDLE session, const char *label, CK_OBJECT_HANDLE *found, CK_ULONG *count) {
    CK_ATTRIBUTE wanted = {CKA_LABEL, (void *)label, strlen(label)};
    CK_RV rv = p11->C_FindObjectsInit(session, &wanted, 1);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_FindObjects(session, found, 4, count);
    CK_RV end = p11->C_FindObjectsFinal(session);
    return rv != CKR_OK ? rv : end;
}

static CK_RV make(struct worker *worker, struct object *object, const struct description *d) {
    CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0}, ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG bytes = 32;
    static unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)d->label, strlen(d->label)}, token = VAR(CKA_TOKEN, yes);
    CK_ATTRIBUTE id = {CKA_ID, (void *)d->id, sizeof d->id};
    if (object->class == CKO_DATA) {
        CK_BBOOL private = object->number % 2 == 0;
        CK_ATTRIBUTE data[] = {VAR(CKA_CLASS, object->class),
                               token,
                               label,
                               VAR(CKA_PRIVATE, private),
                               {CKA_VALUE, (void *)d->value, sizeof d->value}};
        return p11->C_CreateObject(worker->session, data, COUNT(data), &object->handle);
    }
    if (object->class == CKO_SECRET_KEY) {
        CK_ATTRIBUTE key[] = {
            token, label, id, VAR(CKA_VALUE_LEN, bytes), VAR(CKA_ENCRYPT, yes), VAR(CKA_PRIVATE, yes)};
        return p11->C_GenerateKey(worker->session, &aes, key, COUNT(key), &object->handle);
    }
    CK_ATTRIBUTE public[] = {VAR(CKA_TOKEN, no), {CKA_EC_PARAMS, p256, sizeof p256}};
    CK_ATTRIBUTE private[] = {token, label, id, VAR(CKA_SIGN, yes), VAR(CKA_PRIVATE, yes)};
    CK_OBJECT_HANDLE half;
    return p11->C_GenerateKeyPair(worker->session, &ec, public, COUNT(public), private, COUNT(private), &half,
                                  &object->handle);
}

static void create(struct worker *worker, struct object *object) {
    static const CK_OBJECT_CLASS classes[] = {CKO_DATA, CKO_SECRET_KEY, CKO_PRIVATE_KEY};
    *object =
        (struct object){.fate = FATE_MAKING, .number = ++worker->numbers, .class = classes[roll(worker, 3)]};
    struct description d = describe(worker, object);
    if (TRY(worker, make(worker, object, &d)))
        object->fate = FATE_THERE;
}

/* Makes sure of the object's handle in this engine. */
static bool looked_up(struct worker *worker, struct object *object) {
    if (object->handle != 0)
        return true;
    struct description d = describe(worker, object);
    CK_OBJECT_HANDLE found[4];
    CK_ULONG count = 0;
    if (!TRY(worker, search(worker->session, d.label, found, &count)))
        return false;
    if (count != 1) {
        complain("%s was found %lu times", d.label, count);
        return false;
    }
    object->handle = found[0];
    return true;
}

static void use(struct worker *worker, struct object *object) {
    unsigned char input[64] = {1}, output[256];
    CK_ULONG length = sizeof output;
    if (object->class == CKO_PRIVATE_KEY) {
        CK_MECHANISM ecdsa = {CKM_ECDSA_SHA256, NULL, 0};
        if (TRY(worker, p11->C_SignInit(worker->session, &ecdsa, object->handle)))
            TRY(worker, p11->C_Sign(worker->session, input, sizeof input, output, &length));
    } else if (object->class == CKO_SECRET_KEY) {
        CK_MECHANISM cbc = {CKM_AES_CBC_PAD, input, 16};
        if (TRY(worker, p11->C_EncryptInit(worker->session, &cbc, object->handle)))
            TRY(worker, p11->C_Encrypt(worker->session, input, sizeof input, output, &length));
    } else {
        CK_ATTRIBUTE value = {CKA_VALUE, output, sizeof output};
        struct description d = describe(worker, object);
        if (TRY(worker, p11->C_GetAttributeValue(worker->session, object->handle, &value, 1)) &&
            (value.ulValueLen != sizeof d.value || memcmp(output, d.value, sizeof d.value) != 0))
            complain("%s has another value", d.label);
    }
}

static void other_call(struct worker *worker) {
    unsigned char data[5000] = {2}, out[64];
    CK_ULONG length = sizeof out;
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
    CK_SESSION_HANDLE extra;
    CK_TOKEN_INFO info;
    switch (roll(worker, 4)) {
    case 0:
        if (TRY(worker, p11->C_DigestInit(worker->session, &sha)))
            TRY(worker, p11->C_Digest(worker->session, data, sizeof data, out, &length));
        break;
    case 1:
        if (TRY(worker, p11->C_OpenSession(slot, RW, NULL, NULL, &extra)))
            TRY(worker, p11->C_CloseSession(extra));
        break;
    case 2:
        TRY(worker, p11->C_GetTokenInfo(slot, &info));
        break;
    default:
        TRY(worker, p11->C_GenerateRandom(worker->session, out, sizeof out));
    }
}

static void one_step(struct worker *worker) {
    if (!ready(worker))
        return;
    struct object *object = &worker->objects[roll(worker, OBJECTS_MAX)];
    uint32_t what = roll(worker, 10);
    if (object->fate == FATE_NONE) {
        if (what < 5)
            create(worker, object);
        else
            other_call(worker);
    } else if (object->fate == FATE_THERE && what < 9) {
        if (!looked_up(worker, object))
            return;
        if (what >= 3) {
            use(worker, object);
            return;
        }
        object->fate = FATE_ENDING;
        if (TRY(worker, p11->C_DestroyObject(worker->session, object->handle)))
            object->fate = FATE_NONE;
    } else {
        other_call(worker);
    }
}

static void *work(void *argument) {
    struct worker *worker = argument;
    while (!atomic_load(&ending)) {
        pthread_mutex_lock(&gate);
        if (!atomic_load(&running)) {
            atomic_fetch_add(&at_rest, 1);
            while (!atomic_load(&running) && !atomic_load(&ending))
                pthread_cond_wait(&gate_changed, &gate);
            atomic_fetch_sub(&at_rest, 1);
        }
        pthread_mutex_unlock(&gate);
        one_step(worker);
        sleep_us(200 + roll(worker, 1500));
    }
    return NULL;
}

static void set_running(bool value) {
    pthread_mutex_lock(&gate);
    atomic_store(&running, value);
    pthread_cond_broadcast(&gate_changed);
    pthread_mutex_unlock(&gate);
    while (!value && atomic_load(&at_rest) != worker_count)
        sleep_us(500);
}

static void check_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE handle, const struct object *object,
                             const struct description *d) {
    CK_OBJECT_CLASS class = 0;
    unsigned char bytes[64];
    bool data = object->class == CKO_DATA;
    CK_ATTRIBUTE asked[] = {VAR(CKA_CLASS, class), {data ? CKA_VALUE : CKA_ID, bytes, sizeof bytes}};
    CK_RV rv = p11->C_GetAttributeValue(session, handle, asked, COUNT(asked));
    const void *expected = data ? (const void *)d->value : d->id;
    size_t length = data ? sizeof d->value : sizeof d->id;
    if (rv != CKR_OK || class != object->class || asked[1].ulValueLen != length ||
        memcmp(bytes, expected, length) != 0)
        complain("%s has other attributes (0x%lx)", d->label, rv);
}

static void check_object(CK_SESSION_HANDLE session, const struct worker *worker, struct object *object) {
    struct description d = describe(worker, object);
    CK_OBJECT_HANDLE found[4];
    CK_ULONG count = 0;
    CK_RV rv = search(session, d.label, found, &count);
    if (rv != CKR_OK) {
        complain("searching for %s answered 0x%lx", d.label, rv);
        return;
    }
    bool certain = object->fate == FATE_THERE || object->fate == FATE_NONE;
    CK_ULONG wanted = object->fate == FATE_THERE ? 1 : 0;
    if (certain ? count != wanted : count > 1)
        complain("%s %s and is there %lu times", d.label, wanted ? "was made" : "was destroyed", count);
    if (count == 1 && wanted == 1)
        check_attributes(session, found[0], object, &d);
    /* A call that never answered has had one of its two possible outcomes; from here on it is known which. */
    if (!certain)
        object->fate = count == 1 ? FATE_THERE : FATE_NONE;
    object->handle = 0;
}

/* Asks until an engine is there: the one that we had may just have been killed. */
static void check(void) {
    CK_SESSION_HANDLE session = 0;
    CK_RV rv = open_user(&session);
    for (int attempt = 0; attempt < 5 && interrupted(rv); attempt++)
        rv = open_user(&session);
    if (rv != CKR_OK) {
        complain("no session for the check: 0x%lx", rv);
        return;
    }
    unsigned there = 0;
    for (uint32_t w = 0; w < worker_count; w++) {
        for (size_t i = 0; i < OBJECTS_MAX; i++) {
            struct object *object = &workers[w].objects[i];
            if (object->number == 0)
                continue;
            check_object(session, &workers[w], object);
            there += object->fate == FATE_THERE;
        }
    }
    p11->C_CloseSession(session);
    printf("checked objects=%u calls=%u interrupted=%u longest_ms=%u complaints=%u\n", there,
           atomic_load(&calls_made), atomic_load(&interruptions), atomic_exchange(&longest_failure, 0),
           atomic_load(&complaints));
}

int main(int argc, char **argv) {
    if (argc != 4)
        give_up("usage: load MODULE WORKERS SEED");
    worker_count = (uint32_t)atoi(argv[2]);
    seed = (uint32_t)atoi(argv[3]);
    if (worker_count < 1 || worker_count > WORKERS_MAX)
        give_up("1 to %d workers", WORKERS_MAX);
    load_module(argv[1]);
    NEED(initialise());
    NEED(find_slot());
    for (uint32_t i = 0; i < worker_count; i++) {
        workers[i].index = i;
        workers[i].random = (uint64_t)seed * 7919 + i * 104729 + 1;
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "quit\n") != 0) {
        if (strcmp(line, "go\n") == 0) {
            set_running(true);
            puts("gone");
        } else if (strcmp(line, "stop\n") == 0) {
            set_running(false);
            puts("stopped");
        } else {
            check();
        }
        fflush(stdout);
    }
    atomic_store(&ending, true);
    set_running(true);
    for (uint32_t i = 0; i < worker_count; i++)
        pthread_join(workers[i].thread, NULL);
    CK_RV rv = p11->C_Finalize(NULL);
    if (rv != CKR_OK)
        complain("C_Finalize answered 0x%lx", rv);
    puts("ended");
    return 0;
}
