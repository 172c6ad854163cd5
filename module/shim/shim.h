/*
 * The shim's own types: the process-wide state, the connection to the engine and one call under way.
 *
 * Everything mutable lives in one anonymous mapping marked MADV_WIPEONFORK (struct sr_process), so that a forked child begins
 * with a pristine, not initialised library and can disturb nothing of its parent's; lanes are marked MADV_DONTFORK.
 */
#ifndef STRONGROOM_SHIM_H
#define STRONGROOM_SHIM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../generated/cryptoki.h"
#include "../lane/lane.h"

#define SR_EXPORT __attribute__((visibility("default")))
#define SR_PATH_MAX 4096
#define SR_FUNCTION_SLOTS 128
/* A waiting caller looks this often whether the engine still lives. */
#ifndef SR_LOOK_NS
#define SR_LOOK_NS 50000000
#endif

struct sr_client_lane {
    /* On a cache line that no other thread's call writes to, as the other two that begin so. */
    _Alignas(64) _Atomic uint32_t busy; /* 1 while a thread owns this slot */
    uint32_t generation;     /* of the connection that it belongs to */
    uint8_t *map;            /* header, request area, reply area; NULL when not open */
    uint64_t capacity;       /* of each area */
    uint32_t fastest_ns[SR_FUNCTION_SLOTS];  /* its shortest time of late */
    uint32_t expected_ns[SR_FUNCTION_SLOTS]; /* running mean of each function's duration, to choose how long to spin */
};

#ifndef SR_PAIRING_ENTRIES
#define SR_PAIRING_ENTRIES 64
#endif
#define SR_PAIRING_WORDS 24
#define SR_PAIRING_BYTES 512

enum sr_place_state {
    SR_PLACE_FREE = 0,   /* nothing is kept, nobody owns it */
    SR_PLACE_KEPT = 1,   /* an opening was answered CKR_OK here, and the engine has not heard of it */
    SR_PLACE_MOVING = 2, /* one thread owns it */
};

/* What is known of the last operation opened in one session; see pairing.c. All but `state` and `session` are read and written with the
 * lock, or by the owner. */
struct sr_pairing {
    _Alignas(64) pthread_mutex_t lock;
    _Atomic uint32_t state;
    _Atomic uint32_t moved; /* futex word: rises when an owner is done that others wait for */
    _Atomic uint64_t session;
    uint32_t waiters;
    uint32_t astray;   /* openings of sessions of this place that are under way without owning it */
    bool promised;     /* an opening is kept, or on its way to the engine after it was kept */
    bool settled;      /* the operation opened last with these words was accepted, and has ended */
    uint32_t opening;  /* function number of the last opening; 0 when it was refused */
    uint32_t generation;
    uint32_t word_count;
    uint32_t length;
    uint64_t ticket;   /* rises with each opening */
    uint64_t slot;
    uint64_t epoch;
    uint64_t words[SR_PAIRING_WORDS];
    uint8_t request[SR_PAIRING_BYTES];
};

/* One call's part in its session's place. */
struct sr_turn {
    struct sr_pairing *place;
    CK_SESSION_HANDLE session;
    uint64_t ticket;
    bool owns;
};

#define SR_ADVANCE_SESSIONS 32

/* Sessions that the application has opened and the engine has not heard of yet; see advance.c. */
struct sr_advance {
    _Alignas(64) pthread_mutex_t lock;
    _Atomic uint32_t told;  /* futex word: rises when a thread has told the engine of a session that others wait for */
    uint32_t waiters;       /* threads that wait for that */
    _Atomic uint32_t count; /* of `sessions` */
    uint32_t generation;
    uint64_t slot, flags, epoch; /* what C_OpenSession was last accepted with, and when */
    uint64_t next, end;          /* numbers granted for more of the same */
    struct {
        uint64_t handle, slot, flags;
        uint32_t generation; /* of the connection that the handle was granted over */
        bool telling;        /* a thread is telling the engine of it */
    } sessions[SR_ADVANCE_SESSIONS];
};

#define SR_OWED_WORDS 256

/* Calls that failed without an engine that could be told, and whose operations it may still have; see failed.c. */
struct sr_owed {
    pthread_mutex_t lock;
    _Atomic uint32_t count;
    struct {
        uint64_t session;
        uint32_t function;
    } words[SR_OWED_WORDS];
};

struct sr_process {
    _Atomic uint32_t initialised;
    _Atomic uint32_t generation; /* of the connection; rises with each connect */
    _Atomic uint32_t finalised;  /* the newest generation that C_Finalize has ended, or is ending */
    _Atomic uint32_t broken;     /* the newest generation whose engine was found gone */
    _Atomic uint32_t silences;   /* rises each time that an engine was found silent */
    _Atomic uint64_t silent;     /* 0, or the counter of the status page that stood still, and where; watch.c */
    pthread_mutex_t lock;        /* guards connecting, opening lanes, C_Initialize and C_Finalize */
    _Atomic uint32_t processors;
    pthread_mutex_t socket_lock; /* guards what is known of the socket: threads ring and look while others connect; taken last */
    int socket;
    dev_t socket_device; /* identity of the socket: the host may close our descriptor and reuse its number */
    ino_t socket_inode;
    _Atomic int32_t engine_pid; /* read by waiting threads while another one connects */
    struct sr_status *status;
    uint64_t attach_id;
    uint8_t attach_key[16];
    _Atomic uint32_t lane_count; /* slots ever used */
    _Atomic uint32_t slot_waiters; /* threads that wait for a slot */
    _Atomic uint32_t slots_freed;  /* futex word: rises when a slot comes free that somebody waits for */
    _Atomic uint32_t preferred[SR_LANES_MAX]; /* the lane that threads of each hash used last */
    struct sr_client_lane lanes[SR_LANES_MAX];
    _Atomic uint32_t promised; /* openings that the engine has not heard of */
    _Atomic uint32_t holds;    /* calls under way while which nothing may be promised */
    struct sr_pairing pairings[SR_PAIRING_ENTRIES];
    struct sr_advance advance;
    struct sr_owed owed;
    char store[SR_PATH_MAX];
    char config[SR_PATH_MAX];
    char service[SR_PATH_MAX]; /* the socket of an engine that we never start ourselves; empty where the engine is our own */
    uid_t service_user;        /* whose it is; root's may be taken for it */
    bool service_met;          /* somebody we may speak to was there */
    bool service_own;          /* or our own user's: the environment, which is his, named the socket */
};

/* One call under way. */
struct sr_call {
    struct sr_process *process;
    struct sr_client_lane *slot;
    struct sr_lane *lane;
    uint8_t *request;
    const uint8_t *reply;
    uint64_t capacity;
    uint64_t at;           /* end of the argument section so far */
    uint64_t needed;       /* when it does not fit: capacity wanted */
    uint64_t reply_hint;   /* bytes of reply that may come */
    uint64_t bulk_length;
    uint64_t reply_length; /* after the run */
    uint64_t read_at;
    uint32_t function;
    uint32_t word_count; /* numbers written so far, and the first of them: what an opening's outcome depends on */
    uint64_t epoch;      /* as it was before the call */
    uint32_t generation; /* of the connection */
    bool given_up;       /* the engine was silent: the lane goes with the call, for the answer may still come */
    uint64_t granted;    /* handles that came with a C_OpenSession */
    uint64_t words[SR_PAIRING_WORDS];
};

/* True when the current connection's engine was found gone, and a new connection is due. */
static inline bool sr_connection_broken(struct sr_process *process) {
    return atomic_load(&process->broken) == atomic_load(&process->generation);
}

/* What one caller has seen of the engine's signs of life. */
struct sr_watch {
    uint32_t beats, turns;
    uint32_t without_beat, without_turn; /* looks since they last moved */
};

/* watch.c */
void sr_watch_begin(const struct sr_process *process, struct sr_watch *watch);
/* To be called at intervals of SR_LOOK_NS or more; false when the engine is silent. */
bool sr_watch_look(struct sr_process *process, struct sr_watch *watch);
/* True when the engine was found silent and still is; gives it a moment to show that it is back. Not with a lock. */
bool sr_engine_silent(struct sr_process *process);
/* Waits until something can be read from the socket, or it is at its end; false when the engine is silent. A pid: that of an engine whose
 * status page is not there yet. */
bool sr_await_message(struct sr_process *process, int socket, int pid);
/* True when the engine that holds the store without serving yet has been stopped for so many calls of this. */
bool sr_starting_stopped(const char *store, uint32_t *looks);

/* process.c */
struct sr_process *sr_process_get(void);

/* connect.c */
CK_RV sr_connect(struct sr_process *process);
void sr_disconnect(struct sr_process *process);
CK_RV sr_lane_open(struct sr_process *process, struct sr_client_lane *slot, uint64_t capacity);
void sr_lane_close(struct sr_client_lane *slot);
/* True while the engine of this connection lives. */
bool sr_engine_alive(struct sr_process *process);
/* Tells a sleeping engine to look at its lanes. */
CK_RV sr_ring(struct sr_process *process);

/* Tells an engine that does not answer that the application has ended; it reads that when it can. */
void sr_goodbye(struct sr_process *process);

/* reach.c */
/* Connects the socket to the one of that name in the folder. */
bool sr_reach(int socket, const char *folder, const char *name);

/* spawn.c */
CK_RV sr_engine_start(struct sr_process *process);
/* service.c */
/* Whether an engine is to be used that is not our own, and whose: CKR_GENERAL_ERROR when what the configuration says of that cannot be read. */
CK_RV sr_service_resolve(struct sr_process *process);
/* Whether that user's engine may be spoken to. */
bool sr_service_trusted(const struct sr_process *process, uid_t user);
/* Connects to it; as connect_socket in connect.c. */
bool sr_service_reach(const struct sr_process *process, int socket);

/* paths.c */
CK_RV sr_paths_resolve(struct sr_process *process);
/* A variable of the environment, or NULL: also in set-uid programs, whose environment is their caller's, and where it is empty. */
const char *sr_environment(const char *name);
CK_RV sr_store_folder(const char *path);
bool sr_launcher_path(char *path, size_t size);

/* slots.c */
/* A slot that no other thread uses, or NULL when the library was finalised while waiting for one. */
struct sr_client_lane *sr_slot_take(struct sr_process *process);
void sr_slot_release(struct sr_process *process, struct sr_client_lane *slot);
/* Sleeps while *word is still what was seen, some milliseconds at most. No cancellation point, unlike a condition variable: a host
 * that cancels a thread inside a call must not leave a lock behind. */
void sr_sleep_on(_Atomic uint32_t *word, uint32_t seen);
/* Changes the word and wakes so many who sleep on it. */
void sr_wake_sleepers(_Atomic uint32_t *word, int most);

/* call.c */
CK_RV sr_call_begin(struct sr_call *call, uint32_t function, uint64_t capacity);
CK_RV sr_call_run(struct sr_call *call);
/* What of a call is a secret, and zeroed in the lane when the call ends: the request, or the answer once it has been read. */
enum sr_wiped { SR_WIPE_NONE, SR_WIPE_REQUEST, SR_WIPE_REPLY };
/* Releases the lane. */
void sr_call_end(struct sr_call *call, enum sr_wiped wiped);

/* pairing.c */
/* Before a call that depends on the session's operations: the engine hears of its opening. CKR_DEVICE_REMOVED when it died over that. */
CK_RV sr_pairing_flush(struct sr_process *process, CK_SESSION_HANDLE session);
/* From here on nothing is promised, until sr_pairing_let_go. */
void sr_pairing_hold(struct sr_process *process);
/* The same, and the engine hears of all openings; with an error, nothing is held. */
CK_RV sr_pairing_hold_all(struct sr_process *process);
void sr_pairing_let_go(struct sr_process *process);
/* While it is held: all sessions of the slot have been closed. */
void sr_pairing_closed(struct sr_process *process, CK_SLOT_ID slot);
/* The same for one session. */
void sr_pairing_closed_one(struct sr_process *process, CK_SESSION_HANDLE session);
/* At C_Finalize. */
void sr_pairing_forget(struct sr_process *process);

/* Before an opening is written: takes the session's place for it if that can be had. Ends with sr_pairing_opened, or when it was deferred. */
CK_RV sr_pairing_claim(struct sr_turn *turn, struct sr_process *process, CK_SESSION_HANDLE session);
/* True when the opening written to `call` may be answered CKR_OK at once; its request is kept for the call that follows. */
bool sr_pairing_defer(struct sr_turn *turn, struct sr_call *call);
/* After an opening that did travel, or (call NULL) could not. */
void sr_pairing_opened(struct sr_turn *turn, const struct sr_call *call, CK_RV rv, uint64_t slot);

/* Before a call that ends an operation is written: takes the opening that is kept for it, if one is. Ends with sr_pairing_ended. */
void sr_pairing_take(struct sr_turn *turn, struct sr_process *process, CK_SESSION_HANDLE session, uint32_t opening);
/* Puts the opening that was taken in front of the request that is about to be written. */
void sr_pairing_attach(const struct sr_turn *turn, struct sr_call *call);
/* `ended`: the call was answered CKR_OK and was no question about a length. */
void sr_pairing_ended(struct sr_turn *turn, struct sr_process *process, uint32_t opening, bool ended);

/* failed.c */
/* Answers rv for a call that ends operations of its session and cannot travel. */
CK_RV sr_failed(struct sr_process *process, CK_SESSION_HANDLE session, uint32_t function, CK_RV rv);

/* Answers rv; when the engine was silent, the session owes it the word that the function failed. Not with a lane. */
CK_RV sr_owe(struct sr_process *process, CK_SESSION_HANDLE session, uint32_t function, CK_RV rv);
/* Tells the engine what the session owes. CKR_DEVICE_ERROR when it is silent. */
CK_RV sr_pay(struct sr_process *process, CK_SESSION_HANDLE session);

/* advance.c */
/* True when the session is open now, without the engine having been asked. */
bool sr_advance_open(CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session);
/* After a C_OpenSession that did travel, and has given its lane back: it may have to wait for a thread that wants one. */
void sr_advance_learn(const struct sr_call *call, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE session);
/* True when the session was one that the engine never heard of, and is closed now. */
bool sr_advance_close(CK_SESSION_HANDLE session);
/* Before any call in a session: tells the engine of it if it has not heard yet. CKR_DEVICE_REMOVED when the engine died over that. */
CK_RV sr_advance_settle(CK_SESSION_HANDLE session);
/* The same for all: before calls to which it matters how many sessions there are. */
CK_RV sr_advance_settle_all(struct sr_process *process);
/* At C_Finalize. */
void sr_advance_forget(struct sr_process *process);

#endif
