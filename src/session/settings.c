/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line a setting, "NAME = on" or "NAME = off"; # begins a comment. */
#include "session/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static bool *setting(struct settings *settings, const char *name) {
    return strcmp(name, "mouse") == 0 ? &settings->mouse : NULL;
}

/* Without blanks at either end. */
static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

static bool misread(struct error *error, const char *path, size_t number, const char *what,
                    const char *text) {
    error_set(error, ERROR_SYSTEM, (struct span){0}, "%s:%zu: %s: %s", path, number, what, text);
    error_hint(error, "settings are lines such as: mouse = off");
    return false;
}

static bool take_line(char *line, const char *path, size_t number, struct settings *settings,
                      struct error *error) {
    line[strcspn(line, "#")] = '\0';
    char *name = trim(line), *value = strchr(name, '=');
    if (*name == '\0')
        return true;
    if (value == NULL)
        return misread(error, path, number, "there is no = in it", name);
    *value++ = '\0';
    name = trim(name);
    value = trim(value);
    bool *place = setting(settings, name);
    if (place == NULL)
        return misread(error, path, number, "there is no such setting", name);
    if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
        return misread(error, path, number, "it is on or off, and not", value);
    *place = strcmp(value, "on") == 0;
    return true;
}

bool settings_read(const char *path, struct settings *settings, struct error *error) {
    *settings = (struct settings){.mouse = true};
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    if (path == NULL || (file == NULL && (errno == ENOENT || errno == ENOTDIR)))
        return true;
    if (file == NULL)
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    ssize_t length;
    for (size_t number = 1; fine && (length = getline(&line, &room, file)) >= 0; number++)
        fine = take_line(line + (number == 1 ? utf8_mark(line, (size_t)length) : 0), path, number, settings,
                         error);
    if (fine && ferror(file)) /* a folder, for one */
        fine = error_set(error, ERROR_SYSTEM, (struct span){0}, "%s: %s", path, strerror(errno));
    free(line);
    fclose(file);
    return fine;
}
