/*
 * Greets an engine at its socket by hand: greeter SOCKET
 *
 * Each line of its input is a greeting: how long the principal is said to be, and its bytes in hex (or - for
 * none). Prints for each the status that the engine answers, or "closed" when it hangs up instead.
 */
#define _GNU_SOURCE
#include "../../../module/lane/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static uint8_t principal[100000];

static int greet(const char *path, unsigned long said, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 60};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    struct sr_message message = {.magic = SR_LANE_MAGIC,
                                 .version = SR_LANE_VERSION,
                                 .kind = SR_MESSAGE_HELLO,
                                 .capacity = said,
                                 .owner = 7};
    struct iovec parts[2] = {{.iov_base = &message, .iov_len = sizeof message},
                             {.iov_base = principal, .iov_len = length}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    int status = -1;
    if (sendmsg(fd, &header, MSG_NOSIGNAL) >= 0 &&
        recv(fd, &message, sizeof message, 0) == (ssize_t)sizeof message)
        status = (int)message.status;
    close(fd);
    return status;
}

int main(int count, char **arguments) {
    static char line[2 * sizeof principal + 100], hex[2 * sizeof principal + 1];
    if (count != 2)
        return 2;
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned long said;
        if (sscanf(line, "%lu %s", &said, hex) != 2)
            return 2;
        size_t length = hex[0] == '-' ? 0 : strlen(hex) / 2;
        for (size_t i = 0; i < length; i++)
            sscanf(hex + 2 * i, "%2hhx", &principal[i]);
        int status = greet(arguments[1], said, length);
        if (status < 0)
            puts("closed");
        else
            printf("%d\n", status);
        fflush(stdout);
    }
    return 0;
}
