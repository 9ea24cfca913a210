/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long from a key to the last byte of what the program makes of it on the
 * terminal?  Two programs run side by side and get the key in turn, each when
 * it has come to rest, as a person types.
 *
 *     bench_key RUNS ROWSxCOLUMNS KEY UNDO LINES PROMPT-A "COMMAND A" [PROMPT-B "COMMAND B"]
 *     → microseconds of A and of B, bytes written of A
 *
 * LINES are typed first, a newline behind each.  UNDO is typed after each KEY; "": nothing.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "typist.h"

#define REST_MS 25 /* longer than a frame: then the next key is drawn at once */
#define PROGRAMS_MAX 2
#define RUNS_MAX 1000

static bool prepare(struct typist *typist, const char *prompt, const char *lines) {
    if (!typist_await(typist, prompt) || !typist_rest(typist, 10 * REST_MS))
        return false;
    while (*lines != '\0') {
        char line[256];
        size_t length = strcspn(lines, "\n");
        snprintf(line, sizeof line, "%.*s\r", (int)length, lines);
        typist_type(typist, line);
        if (!typist_rest(typist, 4 * REST_MS))
            return false;
        lines += length + (lines[length] != '\0');
    }
    return true;
}

/* Nanoseconds; -1 when nothing came. */
static int64_t time_key(struct typist *typist, const char *key, const char *undo, size_t *bytes) {
    int64_t typed = typist_type(typist, key);
    if (!typist_rest(typist, REST_MS))
        return -1;
    int64_t taken = typist->heard - typed;
    *bytes = typist->length;
    if (undo[0] == '\0')
        return taken;
    typist_type(typist, undo);
    return typist_rest(typist, REST_MS) ? taken : -1;
}

int main(int argc, char **argv) {
    static int64_t taken[PROGRAMS_MAX][RUNS_MAX];
    static struct typist typists[PROGRAMS_MAX];
    unsigned short rows, columns;
    size_t bytes[PROGRAMS_MAX];
    long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    int programs = (argc - 6) / 2;
    if (argc < 8 || argc % 2 != 0 || programs > PROGRAMS_MAX || runs < 1 || runs > RUNS_MAX ||
        sscanf(argv[2], "%hux%hu", &rows, &columns) != 2) {
        fprintf(stderr, "usage: bench_key RUNS ROWSxCOLUMNS KEY UNDO LINES PROMPT COMMAND [PROMPT COMMAND]\n");
        return 2;
    }
    for (int i = 0; i < programs; i++)
        if (!typist_start(&typists[i], argv[7 + 2 * i], rows, columns) || !prepare(&typists[i], argv[6 + 2 * i], argv[5]))
            return 1;
    for (long run = 0; run < runs; run++)
        for (int i = 0; i < programs; i++)
            if ((taken[i][run] = time_key(&typists[i], argv[3], argv[4], &bytes[i])) < 0)
                return 1;
    for (int i = 0; i < programs; i++)
        printf("%.0f ", clock_median(taken[i], (size_t)runs) / 1000);
    printf("%zu\n", bytes[0]);
    for (int i = 0; i < programs; i++) {
        typist_type(&typists[i], "\025"); /* an empty line, for the end of file */
        typist_end(&typists[i]);
    }
    return 0;
}
