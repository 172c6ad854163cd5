/*
 * Jobs that wait: a line for each application, and the lines take turns. An application that asks for much
 * waits behind itself; to everybody else it is one among others.
 */
#ifndef STRONGROOM_ENCLAVE_QUEUE_H
#define STRONGROOM_ENCLAVE_QUEUE_H

#include <stdbool.h>

struct sr_job;

/* All zero is an empty queue. */
struct sr_queue {
    struct sr_job *first, *last; /* the heads of the lines, in the order of their turns */
};

/* At the end of its owner's line, or as a line of its own behind all others. */
void sr_queue_add(struct sr_queue *queue, struct sr_job *job);
/* The head of the line whose turn it is, which goes behind the others; NULL when nobody waits. */
struct sr_job *sr_queue_take(struct sr_queue *queue);
/* Takes a job out before its turn; false when it does not wait here. */
bool sr_queue_remove(struct sr_queue *queue, struct sr_job *job);

#endif
