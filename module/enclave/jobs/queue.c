#include "queue.h"

#include "job.h"

static void append_line(struct sr_queue *queue, struct sr_job *head) {
    head->next_line = NULL;
    if (queue->first == NULL)
        queue->first = head;
    else
        queue->last->next_line = head;
    queue->last = head;
}

void sr_queue_add(struct sr_queue *queue, struct sr_job *job) {
    job->next = NULL;
    job->line_end = job;
    for (struct sr_job *head = queue->first; head != NULL; head = head->next_line) {
        if (head->owner != job->owner)
            continue;
        head->line_end->next = job;
        head->line_end = job;
        return;
    }
    append_line(queue, job);
}

struct sr_job *sr_queue_take(struct sr_queue *queue) {
    struct sr_job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next_line;
    struct sr_job *successor = job->next;
    if (successor != NULL) {
        successor->line_end = job->line_end;
        append_line(queue, successor);
    }
    job->next = NULL;
    return job;
}

/* The head of a line gives its place to the one behind it, or the line ends. */
static void remove_head(struct sr_queue *queue, struct sr_job **at, struct sr_job *before) {
    struct sr_job *head = *at, *successor = head->next;
    if (successor != NULL) {
        successor->line_end = head->line_end;
        successor->next_line = head->next_line;
        *at = successor;
    } else {
        *at = head->next_line;
    }
    if (queue->last == head)
        queue->last = successor != NULL ? successor : before;
}

bool sr_queue_remove(struct sr_queue *queue, struct sr_job *job) {
    struct sr_job *before = NULL;
    for (struct sr_job **at = &queue->first; *at != NULL; before = *at, at = &(*at)->next_line) {
        struct sr_job *head = *at;
        if (head == job) {
            remove_head(queue, at, before);
            job->next = NULL;
            return true;
        }
        for (struct sr_job *ahead = head; ahead->next != NULL; ahead = ahead->next) {
            if (ahead->next != job)
                continue;
            ahead->next = job->next;
            if (head->line_end == job)
                head->line_end = ahead;
            job->next = NULL;
            return true;
        }
    }
    return false;
}
