/*
 * What whoever starts a service hands it, by the conventions of systemd that others follow as well: a socket
 * that listens already (sd_listen_fds(3)), and variables of the environment. Only what is known is taken, and
 * nothing is believed that was meant for another process.
 */
#ifndef STRONGROOM_SERVICE_H
#define STRONGROOM_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

/* The first descriptor that is handed over, by convention. */
#define SR_SERVICE_SOCKET 3

/* How many variables a service may have beyond those of every engine. */
#define SR_SERVICE_VARIABLES 4

/* Texts of the form NAME=value; `count` of them. */
struct sr_service_variables {
    size_t count;
    char text[SR_SERVICE_VARIABLES][4200];
};

/*
 * Whether descriptor 3 is a socket that was handed to this very process: 1 when it is, 0 when there is none,
 * -1 when what was handed over cannot be used, with the reason in `words`.
 */
int sr_service_socket(char *words, size_t size);

/* Copies the variables that a service takes along, those with a value that has the right form. Called before
 * the process has an id of its own or forks: what names a process names this one. */
void sr_service_take(struct sr_service_variables *variables);

#endif
