/*
 * An engine that is not ours to start: strongroomd, as the configuration says, or the environment.
 *
 * Of strongroom.toml the library reads two keys, `socket` and `socket_user`, which stand before the first table; the engine reads the rest, and
 * refuses what it does not know. A line about either that is not understood here is an error: an application that was to use the service must not
 * start an engine of its own by mistake.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whose engine is trusted where the configuration names nobody (schema/config: socket_user). */
#define DEFAULT_USER "strongroom"
/* As much of the configuration as is read: the keys stand at its beginning. */
#define CONFIG_MOST 65536
#define NAME_MOST 256

struct wanted {
    char socket[SR_PATH_MAX];
    char user[NAME_MOST];
};

static const char *skip_blanks(const char *at) {
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* Takes a string of TOML that ends its line: "…" without escapes, or '…'. False for anything else. */
static bool take_string(const char *at, char *out, size_t size) {
    char quote = *at;
    if (quote != '"' && quote != '\'')
        return false;
    const char *end = strchr(++at, quote);
    if (end == NULL || (size_t)(end - at) >= size)
        return false;
    size_t length = (size_t)(end - at);
    if (quote == '"' && memchr(at, '\\', length) != NULL)
        return false;
    memcpy(out, at, length);
    out[length] = '\0';
    const char *rest = skip_blanks(end + 1);
    return *rest == '\0' || *rest == '#' || strcmp(rest, "\r") == 0;
}

/* Reads a line about the key; true also when it is about something else. */
static bool take_line(const char *line, const char *key, char *out, size_t size) {
    size_t length = strlen(key);
    bool quoted = *line == '"' || *line == '\'';
    const char *name = quoted ? line + 1 : line;
    if (strncmp(name, key, length) != 0)
        return true;
    const char *after = name + length;
    if (quoted && *after == *line)
        after++;
    else if (quoted)
        return true;
    after = skip_blanks(after);
    /* Another, longer name. */
    if (*after != '=')
        return strncmp(name + length, " ", 1) != 0 && *after != '\0';
    return take_string(skip_blanks(after + 1), out, size);
}

static bool read_lines(char *text, struct wanted *wanted) {
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        const char *start = skip_blanks(line);
        if (*start == '[')
            return true;
        if (!take_line(start, "socket", wanted->socket, sizeof wanted->socket) ||
            !take_line(start, "socket_user", wanted->user, sizeof wanted->user))
            return false;
    }
    return true;
}

/* Reads what the file says. A file that cannot be read says nothing: the engine, which needs it, will say so. */
static CK_RV read_config(const char *path, struct wanted *wanted) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0)
        return CKR_OK;
    char *text = malloc(CONFIG_MOST + 1);
    size_t length = 0;
    for (ssize_t got = 1; text != NULL && length < CONFIG_MOST && (got > 0 || errno == EINTR);) {
        got = read(file, text + length, CONFIG_MOST - length);
        if (got > 0)
            length += (size_t)got;
        if (got == 0)
            break;
    }
    close(file);
    if (text == NULL)
        return CKR_HOST_MEMORY;
    text[length] = '\0';
    bool understood = read_lines(text, wanted);
    free(text);
    return understood ? CKR_OK : CKR_GENERAL_ERROR;
}

/* A user by name or number. Where there is none of that name, root, whom everybody has to trust, is the only one left. */
static uid_t user_number(const char *name) {
    char *end;
    errno = 0;
    unsigned long number = strtoul(name, &end, 10);
    if (name[0] >= '0' && name[0] <= '9' && *end == '\0' && errno == 0 && number < (uid_t)-1)
        return (uid_t)number;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    return getpwnam_r(name, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL ? found->pw_uid : 0;
}

CK_RV sr_service_resolve(struct sr_process *process) {
    struct wanted wanted = {.socket = "", .user = DEFAULT_USER};
    process->service[0] = '\0';
    const char *named = sr_environment("STRONGROOM_SOCKET");
    CK_RV rv = process->config[0] != '\0' ? read_config(process->config, &wanted) : CKR_OK;
    if (rv != CKR_OK)
        return rv;
    /* Whoever names a store means an engine of his own for it. */
    if (named == NULL && sr_environment("STRONGROOM_HOME") != NULL)
        return CKR_OK;
    const char *path = named != NULL ? named : wanted.socket;
    if (path[0] == '\0')
        return CKR_OK;
    size_t length = strlen(path);
    if (path[0] != '/' || path[length - 1] == '/' || length >= sizeof process->service)
        return CKR_ARGUMENTS_BAD;
    memcpy(process->service, path, length + 1);
    process->service_user = user_number(wanted.user);
    process->service_own = named != NULL;
    return CKR_OK;
}

bool sr_service_trusted(const struct sr_process *process, uid_t user) {
    /* Root may have made the socket before the service was there, and rules the machine anyway. */
    return user == process->service_user || user == 0 || (process->service_own && user == geteuid());
}

bool sr_service_reach(const struct sr_process *process, int socket) {
    char folder[SR_PATH_MAX];
    const char *slash = strrchr(process->service, '/');
    size_t length = (size_t)(slash - process->service);
    memcpy(folder, process->service, length);
    memcpy(folder + length, length == 0 ? "/" : "", length == 0 ? 2 : 1);
    return sr_reach(socket, folder, slash + 1);
}
