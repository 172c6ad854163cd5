/* The connection to the engine: socket, status page, lanes; and whether the engine still lives. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Looks at the lock of whoever starts the engine: twenty seconds. */
#define LOCK_LOOKS 400
#define LOCK_NAP_NS 2000000
/* While the engine does not take messages: one that is stopped with a full queue. */
#define SEND_PATIENCE_SECONDS 4

/* For a service that starts anew: five seconds. */
#define SERVICE_LOOKS 100

/* How an exchange with the engine ends. */
enum exchanged { EXCHANGED, NOBODY, SILENT, TURNED_AWAY, DENIED };

static void close_descriptor(const int *descriptor) {
    if (*descriptor >= 0)
        close(*descriptor);
}
#define CLOSES __attribute__((cleanup(close_descriptor)))

/* An engine that others started, and may start again. */
static bool is_service(const struct sr_process *process) {
    return process->service[0] != '\0';
}

/* True while the descriptor still is our socket: a host that closes all its descriptors may have reused the number. */
static bool socket_is_ours(struct sr_process *process) {
    struct stat info;
    return process->socket >= 0 && fstat(process->socket, &info) == 0 && S_ISSOCK(info.st_mode) &&
           info.st_dev == process->socket_device && info.st_ino == process->socket_inode;
}

/* Sends a message and receives its answer; `received` gets the descriptor that came along, or -1. The pid as in sr_await_message. */
static enum exchanged exchange(struct sr_process *process, int socket, int pid, struct sr_message *message, int *received) {
    *received = -1;
    message->magic = SR_LANE_MAGIC;
    message->version = SR_LANE_VERSION;
    ssize_t moved;
    do
        moved = send(socket, message, sizeof *message, MSG_NOSIGNAL);
    while (moved < 0 && errno == EINTR);
    if (moved != (ssize_t)sizeof *message)
        return moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? SILENT : NOBODY;
    if (!sr_await_message(process, socket, pid))
        return SILENT;
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr answer = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    do
        moved = recvmsg(socket, &answer, MSG_CMSG_CLOEXEC);
    while (moved < 0 && errno == EINTR);
    if (moved > 0) {
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&answer); c != NULL; c = CMSG_NXTHDR(&answer, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
                memcpy(received, CMSG_DATA(c), sizeof(int));
    }
    return moved == (ssize_t)sizeof *message && message->magic == SR_LANE_MAGIC && message->version == SR_LANE_VERSION ? EXCHANGED
                                                                                                                       : NOBODY;
}

/* Connects to the engine, if one listens and is our user's, or the service's that we are told to use. Who listens there is *pid; -1, and *pid -1 when there is somebody who does not let
 * us in. */
static int connect_socket(const struct sr_process *process, int *pid) {
    *pid = 0;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    struct timeval patience = {.tv_sec = SEND_PATIENCE_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct ucred peer;
    socklen_t size = sizeof peer;
    errno = 0;
    bool there = is_service(process) ? sr_service_reach(process, fd) : sr_reach(fd, process->store, "engine.socket");
    if (!there || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        !(is_service(process) ? sr_service_trusted(process, peer.uid) : peer.uid == geteuid())) {
        *pid = errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0;
        close(fd);
        return -1;
    }
    /* 0 when it is out of our sight, in another container; any number that is nobody's will do then. */
    *pid = peer.pid > 0 ? peer.pid : INT_MAX;
    return fd;
}

/* Greets the engine on a fresh socket and takes over its status page. With resume, the application's earlier self is named. */
static enum exchanged greet(struct sr_process *process, int fd, int pid, bool resume) {
    struct sr_message message = {.kind = SR_MESSAGE_HELLO};
    if (resume) {
        message.attach_id = process->attach_id;
        memcpy(message.attach_key, process->attach_key, sizeof message.attach_key);
    }
    int received = -1;
    enum exchanged exchanged = exchange(process, fd, resume ? 0 : pid, &message, &received);
    if (exchanged != EXCHANGED)
        return exchanged;
    bool good = message.status == SR_STATUS_OK && received >= 0;
    struct stat info;
    struct stat page;
    good = good && fstat(fd, &info) == 0 && fstat(received, &page) == 0 && page.st_size >= (off_t)SR_LANE_HEADER;
    void *status = MAP_FAILED;
    if (good)
        status = mmap(NULL, SR_LANE_HEADER, PROT_READ, MAP_SHARED, received, 0);
    if (received >= 0)
        close(received);
    if (message.status == SR_STATUS_FULL || message.status == SR_STATUS_DENIED)
        return message.status == SR_STATUS_FULL ? TURNED_AWAY : DENIED;
    if (status == MAP_FAILED)
        return NOBODY;
    madvise(status, SR_LANE_HEADER, MADV_DONTFORK);
    /* Mapped over the old page in one step, so that a thread that spins on it never meets a hole. */
    if (process->status != NULL) {
        void *moved = mremap(status, SR_LANE_HEADER, SR_LANE_HEADER, MREMAP_MAYMOVE | MREMAP_FIXED, process->status);
        if (moved == MAP_FAILED) {
            munmap(status, SR_LANE_HEADER);
            return NOBODY;
        }
    }
    if (process->status == NULL)
        process->status = status;
    pthread_mutex_lock(&process->socket_lock);
    process->socket = fd;
    process->socket_device = info.st_dev;
    process->socket_inode = info.st_ino;
    process->engine_pid = message.engine_pid;
    pthread_mutex_unlock(&process->socket_lock);
    process->attach_id = message.attach_id;
    memcpy(process->attach_key, message.attach_key, sizeof process->attach_key);
    return EXCHANGED;
}

/* Connects and greets; with resume as the same application. */
static enum exchanged come_in(struct sr_process *process, bool resume) {
    int pid;
    int fd = connect_socket(process, &pid);
    enum exchanged exchanged = pid == -1 ? SILENT : NOBODY;
    process->service_met |= fd >= 0;
    if (fd >= 0)
        exchanged = greet(process, fd, pid, resume);
    if (fd >= 0 && exchanged != EXCHANGED)
        close(fd);
    /* Others that wait for the lock need not find out for themselves. */
    if (exchanged == SILENT)
        atomic_fetch_add(&process->silences, 1);
    return exchanged;
}

/* Waits for its turn to start the engine: of ten processes that find none, one starts it and nine join. -1 when the turn does not come, or
 * the engine that another has started was stopped. */
static int take_start_lock(const char *store) {
    CLOSES int folder = open(store, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    int fd = openat(folder, "start.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -1;
    const int naps_per_look = SR_LOOK_NS / LOCK_NAP_NS;
    uint32_t stopped = 0;
    for (int naps = 1; flock(fd, LOCK_EX | LOCK_NB) != 0; naps++) {
        bool look = naps % naps_per_look == 0;
        if ((errno != EWOULDBLOCK && errno != EINTR) || naps > LOCK_LOOKS * naps_per_look ||
            (look && sr_starting_stopped(store, &stopped))) {
            close(fd);
            return -1;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOCK_NAP_NS}, NULL);
    }
    return fd;
}

/* Joins the service. One that was there before may just be starting anew: it is waited for. */
static enum exchanged join_service(struct sr_process *process) {
    enum exchanged joined = come_in(process, false);
    for (int looks = 0; process->service_met && joined == NOBODY && looks < SERVICE_LOOKS; looks++) {
        nanosleep(&(struct timespec){.tv_nsec = SR_LOOK_NS}, NULL);
        joined = come_in(process, false);
    }
    return joined;
}

/* Joins the engine of our store, which is started if there is none. */
static enum exchanged join_own(struct sr_process *process, CK_RV *result) {
    CK_RV rv = sr_store_folder(process->store);
    *result = rv;
    if (rv != CKR_OK)
        return NOBODY;
    enum exchanged joined = come_in(process, false);
    if (joined == NOBODY) {
        CLOSES int lock = take_start_lock(process->store);
        if (lock < 0)
            return SILENT;
        joined = come_in(process, false);
        /* A second try covers an engine that died, or left again, before we could join it. What it said it cannot do, it cannot. */
        for (int attempt = 0; joined == NOBODY && attempt < 2; attempt++) {
            rv = sr_engine_start(process);
            joined = come_in(process, false);
            if (joined == NOBODY && rv != CKR_OK && rv != CKR_DEVICE_REMOVED)
                break;
            if (joined == NOBODY)
                nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        }
    }
    *result = rv;
    return joined;
}

CK_RV sr_connect(struct sr_process *process) {
    sr_disconnect(process);
    CK_RV rv = CKR_OK;
    enum exchanged joined = is_service(process) ? join_service(process) : join_own(process, &rv);
    /* There is no place for us: for want of any, or because this process has its share. */
    if (joined == TURNED_AWAY)
        return CKR_HOST_MEMORY;
    /* No code of C_Initialize's own says that somebody may not (PKCS#11 3.2, 5.4.1). */
    if (joined == DENIED)
        return CKR_FUNCTION_FAILED;
    /* Beside an engine that is there and silent no other can be started: the store is its. */
    if (joined != EXCHANGED)
        return joined == SILENT || rv == CKR_OK || rv == CKR_DEVICE_REMOVED ? CKR_DEVICE_ERROR : rv;
    atomic_store(&process->silent, 0);
    atomic_fetch_add(&process->generation, 1);
    return CKR_OK;
}

/* The status page stays mapped until the next greeting replaces it: another thread may be looking at it. */
void sr_disconnect(struct sr_process *process) {
    pthread_mutex_lock(&process->socket_lock);
    if (socket_is_ours(process))
        close(process->socket);
    process->socket = -1;
    pthread_mutex_unlock(&process->socket_lock);
}

/* After the host closed our socket, or we did: comes back as the same application. CKR_DEVICE_REMOVED when it cannot, CKR_DEVICE_ERROR when
 * the engine does not answer. */
static CK_RV resume(struct sr_process *process) {
    if (socket_is_ours(process))
        return CKR_OK;
    enum exchanged exchanged = come_in(process, true);
    return exchanged == EXCHANGED ? CKR_OK : exchanged == SILENT ? CKR_DEVICE_ERROR : CKR_DEVICE_REMOVED;
}

/* Under socket_lock stand bare system calls: unlike the library's functions they are no cancellation points, so that a host that cancels
 * a thread leaves no lock behind. */
bool sr_engine_alive(struct sr_process *process) {
    if (process->status == NULL || atomic_load(&process->status->leaving))
        return false;
    bool alive;
    pthread_mutex_lock(&process->socket_lock);
    if (socket_is_ours(process)) {
        char byte;
        long got = syscall(SYS_recvfrom, process->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL);
        alive = got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
    } else {
        alive = kill(process->engine_pid, 0) == 0 || errno == EPERM;
    }
    pthread_mutex_unlock(&process->socket_lock);
    return alive;
}

/* Sends a message that is not answered. False when there is no socket of ours to send it over. */
static bool send_word(struct sr_process *process, uint32_t kind, CK_RV *rv) {
    const struct sr_message word = {.magic = SR_LANE_MAGIC, .version = SR_LANE_VERSION, .kind = kind};
    pthread_mutex_lock(&process->socket_lock);
    bool ours = socket_is_ours(process);
    long sent = -1;
    while (ours &&
           (sent = syscall(SYS_sendto, process->socket, &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT, NULL, 0)) < 0 &&
           errno == EINTR)
        ;
    /* A full socket means that rings are waiting there already. */
    *rv = sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK ? CKR_OK : CKR_DEVICE_REMOVED;
    pthread_mutex_unlock(&process->socket_lock);
    return ours;
}

CK_RV sr_ring(struct sr_process *process) {
    CK_RV rv;
    if (send_word(process, SR_MESSAGE_RING, &rv))
        return rv;
    pthread_mutex_lock(&process->lock);
    /* A library that was finalised meanwhile comes back by C_Initialize alone. */
    CK_RV back = atomic_load(&process->initialised) ? resume(process) : CKR_DEVICE_REMOVED;
    pthread_mutex_unlock(&process->lock);
    if (back != CKR_OK)
        return back;
    return send_word(process, SR_MESSAGE_RING, &rv) ? rv : CKR_DEVICE_REMOVED;
}

void sr_goodbye(struct sr_process *process) {
    CK_RV rv;
    send_word(process, SR_MESSAGE_GOODBYE, &rv);
}

void sr_lane_close(struct sr_client_lane *slot) {
    if (slot->map != NULL)
        munmap(slot->map, SR_LANE_HEADER + 2 * slot->capacity);
    slot->map = NULL;
    slot->capacity = 0;
}

/* Opens the slot's lane (or a larger one in its place). The caller owns the slot and holds the lock. */
CK_RV sr_lane_open(struct sr_process *process, struct sr_client_lane *slot, uint64_t capacity) {
    if (capacity > SR_LANE_CAPACITY_MAX)
        return CKR_HOST_MEMORY;
    CK_RV rv = resume(process);
    if (rv != CKR_OK)
        return rv;
    /* A lane that grows is told to the engine by closing it: the engine drops what no client uses any more. */
    if (slot->map != NULL)
        atomic_store(&((struct sr_lane *)slot->map)->state, SR_LANE_CLOSED);
    sr_lane_close(slot);
    struct sr_message message = {.kind = SR_MESSAGE_LANE, .capacity = capacity};
    int received = -1;
    enum exchanged exchanged = exchange(process, process->socket, 0, &message, &received);
    /* An answer that comes later must not be taken for that to the next message. */
    if (exchanged == SILENT)
        sr_disconnect(process);
    if (exchanged != EXCHANGED)
        return exchanged == SILENT ? CKR_DEVICE_ERROR : CKR_DEVICE_REMOVED;
    CLOSES int memory = received;
    if (message.status != SR_STATUS_OK || memory < 0 || message.capacity < capacity ||
        message.capacity > SR_LANE_CAPACITY_MAX)
        return CKR_HOST_MEMORY;
    size_t size = SR_LANE_HEADER + 2 * message.capacity;
    struct stat info;
    if (fstat(memory, &info) != 0 || (uint64_t)info.st_size < size)
        return CKR_DEVICE_ERROR;
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory, 0);
    if (map == MAP_FAILED)
        return CKR_HOST_MEMORY;
    madvise(map, size, MADV_DONTFORK);
    madvise(map, size, MADV_DONTDUMP);
    slot->map = map;
    slot->capacity = message.capacity;
    slot->generation = atomic_load(&process->generation);
    memset(slot->expected_ns, 0, sizeof slot->expected_ns);
    memset(slot->fastest_ns, 0, sizeof slot->fastest_ns);
    return CKR_OK;
}
