/* What the calls mean one after the other, and whether what was seen can have been that. */
#include "interleave.h"

#include <string.h>

/* The standard's rules, as far as the calls of the exploration go (PKCS#11 3.2, 5.6, 5.7, 5.13). */
void apply(struct engine_state *state, struct action action, CK_RV *answer) {
    uint32_t s = action.session - 1;
    bool open = action.kind == CLOSE_ALL || state->open[s];
    if (action.kind == MISUSE) {
        state->active[s] = 0;
        *answer = CKR_ARGUMENTS_BAD;
        return;
    }
    *answer = open ? CKR_OK : CKR_SESSION_HANDLE_INVALID;
    if (!open)
        return;
    switch (action.kind) {
    case OPEN:
    case OPEN_OTHER:
        *answer = state->active[s] ? CKR_OPERATION_ACTIVE : state->key ? CKR_OK : CKR_KEY_HANDLE_INVALID;
        state->active[s] = state->active[s] || state->key;
        break;
    case SIGN:
    case ASK:
    case LOOK:
        *answer = state->active[s] ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
        state->active[s] = state->active[s] && action.kind != SIGN;
        break;
    case CANCEL:
        state->active[s] = 0;
        break;
    case CLOSE:
        state->open[s] = state->active[s] = 0;
        break;
    case DESTROY:
        *answer = state->key ? CKR_OK : CKR_OBJECT_HANDLE_INVALID;
        state->epoch += state->key;
        state->key = 0;
        break;
    default: /* CLOSE_ALL */
        memset(state->open, 0, sizeof state->open);
        memset(state->active, 0, sizeof state->active);
        break;
    }
}

struct call {
    struct action action;
    uint32_t asked, answered; /* places in the list of events */
    CK_RV answer;
};

static bool ordered(const struct call *calls, uint32_t count, uint32_t used, struct engine_state state) {
    if (used == (1u << count) - 1)
        return true;
    /* A call may come next if none that is left had been answered before it was asked. */
    uint32_t first_answer = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (!(used & 1u << i) && calls[i].answered < first_answer)
            first_answer = calls[i].answered;
    for (uint32_t i = 0; i < count; i++) {
        if (used & 1u << i || calls[i].asked > first_answer)
            continue;
        struct engine_state after = state;
        CK_RV answer;
        apply(&after, calls[i].action, &answer);
        if (answer == calls[i].answer && ordered(calls, count, used | 1u << i, after))
            return true;
    }
    return false;
}

bool explained(const struct event *events, uint32_t count) {
    struct call calls[EVENTS / 2];
    uint32_t number = 0, open[THREADS + 1];
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        if (event->begins) {
            open[event->thread] = number;
            calls[number++] = (struct call){.action = {event->kind, event->session}, .asked = i, .answered = UINT32_MAX};
        } else {
            calls[open[event->thread]].answered = i;
            calls[open[event->thread]].answer = event->answer;
        }
    }
    return ordered(calls, number, 0, (struct engine_state){.open = {1, 1}, .key = 1});
}
