/*
 * Searches another process's memory: search PID PATTERNS
 *
 * Each line of the file PATTERNS is a name and a hexadecimal string of at least 8 bytes. Every readable
 * mapping that has memory behind it is searched once for all of them, but for what is a file's and nothing
 * else: mapped without the right to write, and no page of it a copy. Prints for each finding: name, address,
 * what is mapped there, and the mapping's VmFlags; at the end the number of bytes searched. Needs the right
 * to read that memory (root, for the engine).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATTERNS_MAX 2048
#define PATTERN_BYTES 256
#define WINDOW (1u << 20)

struct pattern {
    char name[64];
    unsigned char bytes[PATTERN_BYTES];
    size_t length;
    int next; /* with the same first two bytes */
};

static struct pattern patterns[PATTERNS_MAX];
static int pattern_count;
static int first_with[65536];
static unsigned char window[WINDOW + PATTERN_BYTES];
static uint64_t searched;

static void read_patterns(const char *path) {
    FILE *file = fopen(path, "r");
    static char name[64], hex[2 * PATTERN_BYTES + 1];
    if (file == NULL)
        exit(2);
    memset(first_with, -1, sizeof first_with);
    while (pattern_count < PATTERNS_MAX && fscanf(file, "%63s %512s", name, hex) == 2) {
        struct pattern *pattern = &patterns[pattern_count];
        snprintf(pattern->name, sizeof pattern->name, "%s", name);
        pattern->length = strlen(hex) / 2;
        for (size_t i = 0; i < pattern->length; i++) {
            unsigned value;
            sscanf(hex + 2 * i, "%2x", &value);
            pattern->bytes[i] = (unsigned char)value;
        }
        int key = pattern->bytes[0] << 8 | pattern->bytes[1];
        pattern->next = first_with[key];
        first_with[key] = pattern_count++;
    }
    fclose(file);
}

static void look(size_t have, size_t starts, uint64_t address, const char *mapping, const char *flags) {
    for (size_t i = 0; i < starts && i + 1 < have; i++) {
        for (int p = first_with[window[i] << 8 | window[i + 1]]; p >= 0; p = patterns[p].next) {
            const struct pattern *pattern = &patterns[p];
            if (i + pattern->length <= have && memcmp(window + i, pattern->bytes, pattern->length) == 0)
                printf("found %s 0x%lx %s |%s\n", pattern->name, (unsigned long)(address + i), mapping,
                       flags);
        }
    }
}

/* Page by page where a stretch cannot be read as a whole: guard pages lie among the others. */
static void search(int memory, uint64_t start, uint64_t end, const char *mapping, const char *flags) {
    size_t page = 4096;
    for (uint64_t at = start; at < end;) {
        size_t wanted = end - at < sizeof window ? end - at : sizeof window;
        ssize_t got = pread(memory, window, wanted, (off_t)at);
        if (got <= 0) {
            at += page;
            continue;
        }
        bool last = (size_t)got < sizeof window;
        look((size_t)got, last ? (size_t)got : WINDOW, at, mapping, flags);
        size_t moved = last ? (size_t)got : WINDOW;
        searched += moved;
        at += moved;
    }
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    read_patterns(argv[2]);
    char path[64], line[4096], mapping[512] = "", rights[5] = "";
    snprintf(path, sizeof path, "/proc/%s/mem", argv[1]);
    int memory = open(path, O_RDONLY);
    snprintf(path, sizeof path, "/proc/%s/smaps", argv[1]);
    FILE *smaps = fopen(path, "r");
    if (memory < 0 || smaps == NULL) {
        perror(path);
        return 2;
    }
    unsigned long start = 0, end = 0, resident = 0, copied = 0, from, to;
    while (fgets(line, sizeof line, smaps) != NULL) {
        char right[5];
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%lx-%lx %4s", &from, &to, right) == 3) {
            start = from;
            end = to;
            resident = copied = 0;
            memcpy(rights, right, sizeof rights);
            snprintf(mapping, sizeof mapping, "%.500s", line);
        } else if (sscanf(line, "Rss: %lu", &resident) == 1 || sscanf(line, "Anonymous: %lu", &copied) == 1) {
            continue;
        } else if (strncmp(line, "VmFlags:", 8) == 0 && rights[0] == 'r' && resident > 0) {
            if (rights[1] != 'w' && rights[3] == 'p' && copied == 0 && strchr(mapping, '/') != NULL &&
                strstr(mapping, "memfd:") == NULL)
                continue;
            search(memory, start, end, mapping, line + 8);
        }
    }
    printf("searched %lu\n", (unsigned long)searched);
    return 0;
}
