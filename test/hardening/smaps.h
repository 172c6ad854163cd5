/* What the kernel says about this process's mappings: address, rights and VmFlags out of /proc/self/smaps. */
#ifndef STRONGROOM_TEST_SMAPS_H
#define STRONGROOM_TEST_SMAPS_H

#include "check.h"

struct mapping {
    uintptr_t start, end;
    char rights[5];
    char flags[256]; /* as printed: " rd wr mr ... " */
};

/* Calls visit for each mapping. The file is read with one buffer on the stack, so that nothing is mapped
 * meanwhile. */
static inline void each_mapping(void (*visit)(const struct mapping *mapping, void *context), void *context) {
    FILE *file = fopen("/proc/self/smaps", "r");
    CHECK(file != NULL);
    struct mapping now = {0};
    char line[4096];
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long start, end;
        char rights[5];
        if (sscanf(line, "%lx-%lx %4s", &start, &end, rights) == 3) {
            now = (struct mapping){.start = start, .end = end};
            memcpy(now.rights, rights, sizeof rights);
        } else if (strncmp(line, "VmFlags:", 8) == 0) {
            snprintf(now.flags, sizeof now.flags, "%.240s", line + 8);
            visit(&now, context);
        }
    }
    fclose(file);
}

static inline bool has_flag(const struct mapping *mapping, const char *flag) {
    char spaced[8];
    snprintf(spaced, sizeof spaced, " %.4s ", flag);
    return strstr(mapping->flags, spaced) != NULL;
}

struct wanted_mapping {
    uintptr_t address;
    struct mapping found;
};

static inline void keep_wanted(const struct mapping *mapping, void *context) {
    struct wanted_mapping *wanted = context;
    if (mapping->start <= wanted->address && wanted->address < mapping->end) {
        wanted->found = *mapping;
    }
}

static inline struct mapping mapping_of(const void *address) {
    struct wanted_mapping wanted = {.address = (uintptr_t)address};
    each_mapping(keep_wanted, &wanted);
    CHECK(wanted.found.end != 0);
    return wanted.found;
}

#endif
