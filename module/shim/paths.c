/* Where the store, the configuration and the engine's launcher are. */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

const char *sr_environment(const char *name) {
    if (getauxval(AT_SECURE) != 0)
        return NULL;
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool format(char *out, size_t size, const char *first, const char *second) {
    int length = snprintf(out, size, "%s%s", first, second);
    return length > 0 && (size_t)length < size;
}

static bool home_folder(char *out, size_t size) {
    const char *home = sr_environment("HOME");
    if (home != NULL)
        return home[0] == '/' && format(out, size, home, "");
    struct passwd entry, *found = NULL;
    char buffer[4096];
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
        return false;
    return format(out, size, found->pw_dir, "");
}

static bool readable(const char *path) {
    return access(path, R_OK) == 0;
}

/* A path that does not begin at the root would be another one in each folder that a program is started in: a store for each of them. */
static bool absolute(char *out, size_t size, const char *path) {
    return path[0] == '/' && format(out, size, path, "");
}

/* The configuration: $STRONGROOM_CONFIG, else the user's, else the machine's; none is fine (DESIGN, 8). */
static bool find_config(struct sr_process *process, const char *home) {
    const char *named = sr_environment("STRONGROOM_CONFIG");
    if (named != NULL)
        return absolute(process->config, sizeof process->config, named);
    const char *folder = sr_environment("XDG_CONFIG_HOME");
    char path[SR_PATH_MAX];
    bool built = folder != NULL && folder[0] == '/' ? format(path, sizeof path, folder, "/strongroom/strongroom.toml")
                                                    : format(path, sizeof path, home, "/.config/strongroom/strongroom.toml");
    if (built && readable(path))
        return format(process->config, sizeof process->config, path, "");
    if (readable("/etc/strongroom/strongroom.toml"))
        return format(process->config, sizeof process->config, "/etc/strongroom/strongroom.toml", "");
    process->config[0] = '\0';
    return true;
}

CK_RV sr_paths_resolve(struct sr_process *process) {
    char home[SR_PATH_MAX] = "";
    bool have_home = home_folder(home, sizeof home);
    if (!find_config(process, home))
        return CKR_ARGUMENTS_BAD;
    const char *named = sr_environment("STRONGROOM_HOME");
    const char *data = sr_environment("XDG_DATA_HOME");
    bool built;
    if (named != NULL) {
        if (!absolute(process->store, sizeof process->store, named))
            return CKR_ARGUMENTS_BAD;
        built = true;
    } else if (data != NULL && data[0] == '/') {
        built = format(process->store, sizeof process->store, data, "/strongroom");
    } else {
        built = have_home && format(process->store, sizeof process->store, home, "/.local/share/strongroom");
    }
    return built ? sr_service_resolve(process) : CKR_GENERAL_ERROR;
}

/* Makes the folder and its missing parents, and refuses one that others could write or that is not ours. */
CK_RV sr_store_folder(const char *path) {
    char partial[SR_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof partial || path[0] != '/')
        return CKR_GENERAL_ERROR;
    memcpy(partial, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (partial[i] != '/' && partial[i] != '\0')
            continue;
        char kept = partial[i];
        partial[i] = '\0';
        if (mkdir(partial, 0700) != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS && errno != EACCES)
            return CKR_DEVICE_ERROR;
        partial[i] = kept;
    }
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return CKR_DEVICE_ERROR;
    if (info.st_uid != geteuid() || (info.st_mode & 077) != 0)
        return CKR_DEVICE_ERROR;
    return CKR_OK;
}

/* <folder of this library>/strongroom/strongroom-launch: found through the library's own file, never through PATH. */
bool sr_launcher_path(char *path, size_t size) {
    Dl_info info;
    if (dladdr((const void *)(uintptr_t)&sr_launcher_path, &info) == 0 || info.dli_fname == NULL)
        return false;
    char real[PATH_MAX];
    if (realpath(info.dli_fname, real) == NULL)
        return false;
    char *slash = strrchr(real, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return format(path, size, real, "/strongroom/strongroom-launch");
}
