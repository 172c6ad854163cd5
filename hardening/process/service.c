/* What a service is handed, on Linux. */
#define _GNU_SOURCE
#include "service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A number in decimal, or -1. */
static long long number_of(const char *text) {
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return -1;
    }
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' ? value : -1;
}

static bool has_option(int option, int wanted) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(SR_SERVICE_SOCKET, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

int sr_service_socket(char *words, size_t size) {
    words[0] = '\0';
    const char *given = getenv("LISTEN_FDS");
    /* Left over from somebody who started our starter: its descriptors are not ours to take. */
    if (given == NULL || number_of(getenv("LISTEN_PID")) != getpid()) {
        return 0;
    }
    long long count = number_of(given);
    if (count == 0) {
        return 0;
    }
    if (count != 1) {
        snprintf(words, size, "one socket can be handed over, and LISTEN_FDS is \"%.20s\"", given);
        return -1;
    }
    struct stat about;
    bool is_open = fstat(SR_SERVICE_SOCKET, &about) == 0;
    if (!is_open || !S_ISSOCK(about.st_mode)) {
        snprintf(words, size, "LISTEN_FDS says that descriptor 3 is a socket, and it is %s",
                 is_open ? "none" : "not open");
        return -1;
    }
    if (!has_option(SO_DOMAIN, AF_UNIX) || !has_option(SO_TYPE, SOCK_SEQPACKET) ||
        !has_option(SO_ACCEPTCONN, 1)) {
        snprintf(words, size,
                 "descriptor 3 must be a unix socket for sequences of packets that listens "
                 "(ListenSequentialPacket= in a systemd.socket)");
        return -1;
    }
    return 1;
}

static bool is_path(const char *value) {
    return value[0] == '/';
}

static bool is_notify_socket(const char *value) {
    return (value[0] == '/' || value[0] == '@') && value[1] != '\0' &&
           strlen(value) < sizeof((struct sockaddr_un){0}).sun_path;
}

static bool is_interval(const char *value) {
    return number_of(value) > 0;
}

/* Device and inode of the standard error, where that is the journal: it brings a clock of its own. */
static bool is_stream(const char *value) {
    return value[0] != '\0' && value[strspn(value, "0123456789:")] == '\0';
}

void sr_service_take(struct sr_service_variables *variables) {
    static const struct {
        const char *name;
        bool (*form)(const char *value);
        const char *process; /* the variable with the process that it is meant for, if it is set */
    } known[] = {{"NOTIFY_SOCKET", is_notify_socket, NULL},
                 {"WATCHDOG_USEC", is_interval, "WATCHDOG_PID"},
                 {"CREDENTIALS_DIRECTORY", is_path, NULL},
                 {"JOURNAL_STREAM", is_stream, NULL}};
    _Static_assert(sizeof known / sizeof known[0] <= SR_SERVICE_VARIABLES, "room for all");
    variables->count = 0;
    for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
        const char *value = getenv(known[index].name);
        const char *process = known[index].process != NULL ? getenv(known[index].process) : NULL;
        if (value == NULL || !known[index].form(value) ||
            (process != NULL && number_of(process) != getpid())) {
            continue;
        }
        char *text = variables->text[variables->count];
        size_t size = sizeof variables->text[0];
        int length = snprintf(text, size, "%s=%s", known[index].name, value);
        if (length > 0 && (size_t)length < size) {
            variables->count++;
        }
    }
}
