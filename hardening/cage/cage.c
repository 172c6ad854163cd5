/* The cage on Linux: Landlock, and a filter of system calls. */
#define _GNU_SOURCE
#include "cage.h"
#include "filter.h"
#include "ruleset.h"

#include <unistd.h>

static bool caged;
static int lacking; /* what it lacked when it was entered; from inside nobody can tell */

int sr_cage_lacks(void) {
    if (caged) {
        return lacking;
    }
    return sr_ruleset_lacks() | (sr_filter_known() ? 0 : SR_CAGE_CALLS);
}

bool sr_process_caged(void) {
    return caged;
}

bool sr_cage_enter(bool ruleset) {
    lacking = sr_cage_lacks();
    if (ruleset) {
        /* Itself, which has a number only now. */
        bool done = sr_ruleset_read(SR_CAGE_RULESET, "/proc/self") && sr_ruleset_enter(SR_CAGE_RULESET);
        (void)close(SR_CAGE_RULESET);
        if (!done) {
            return false;
        }
    }
    if ((lacking & SR_CAGE_CALLS) == 0 && !sr_filter_enter()) {
        return false;
    }
    caged = true;
    return true;
}
