/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of recorded screens; see recorded.h. */
#include "recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADING "=== "

static bool is_heading(const char *line) {
    return strncmp(line, HEADING, strlen(HEADING)) == 0;
}

char *recorded_get(const char *path, const char *name) {
    char *line = NULL, *text = NULL;
    size_t room = 0, length = 0;
    bool inside = false, found = false;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    FILE *picture = open_memstream(&text, &length);
    while (getline(&line, &room, file) > 0) {
        if (!is_heading(line)) {
            fputs(inside ? line : "", picture);
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        inside = strcmp(line + strlen(HEADING), name) == 0;
        found = found || inside;
    }
    free(line);
    fclose(file);
    fclose(picture);
    if (found)
        return text;
    free(text);
    return NULL;
}

bool recorded_put(const char *path, bool more, const char *name, const char *picture) {
    FILE *file = fopen(path, more ? "a" : "w");
    return file != NULL && fprintf(file, HEADING "%s\n%s", name, picture) > 0 && fclose(file) == 0;
}
