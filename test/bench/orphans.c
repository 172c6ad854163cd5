#define _GNU_SOURCE
#include "orphans.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void adopt_orphans(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void end_orphans(void) {
    for (int attempt = 0; attempt < 400; attempt++) {
        DIR *proc = opendir("/proc");
        for (struct dirent *entry; proc && (entry = readdir(proc));) {
            char path[300], line[512];
            int pid = atoi(entry->d_name), parent = 0;
            if (pid <= 0)
                continue;
            snprintf(path, sizeof path, "/proc/%d/stat", pid);
            FILE *stat = fopen(path, "r");
            if (stat && fgets(line, sizeof line, stat)) {
                char *after_name = strrchr(line, ')');
                if (after_name)
                    sscanf(after_name + 1, " %*c %d", &parent);
            }
            if (stat)
                fclose(stat);
            if (parent == getpid() && (attempt == 0 || attempt == 200))
                kill(pid, attempt == 0 ? SIGTERM : SIGKILL);
        }
        if (proc)
            closedir(proc);
        pid_t ended;
        while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        if (ended < 0)
            return;
        usleep(10000);
    }
}
