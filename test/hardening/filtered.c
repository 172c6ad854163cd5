/*
 * Runs a program under a filter of system calls, as systemd sets one: those whose numbers stand in the first
 * argument, with commas between them, are allowed, and all others answer EPERM.
 *
 *     filtered NUMBER,NUMBER,... PROGRAM ARGUMENTS...
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

enum { MOST = 600 };

int main(int argc, char **argv) {
    CHECK(argc > 2);
    static struct sock_filter code[2 * MOST + 4];
    unsigned short length = 0;
    code[length++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (char *rest = argv[1], *word; (word = strsep(&rest, ",")) != NULL;) {
        CHECK(length + 3 < 2 * MOST);
        code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(word), 0, 1);
        code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &(struct sock_fprog){.len = length, .filter = code}) ==
          0);
    execv(argv[2], argv + 2);
    return 99;
}
