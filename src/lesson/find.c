/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what somebody typed after --lesson to a file and its bytes.
 *
 * A word with a slash is a path.  A bare word is looked for, with and without
 * .les, in the current folder, $SOCKSHELL_LESSONS, ./lessons and the installed folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "lesson/lesson.h"

/* Given by the build; without it only the other folders are looked through. */
#ifndef LESSONS_DIR
#define LESSONS_DIR ""
#endif

#define SUFFIX ".les"

static const struct span nowhere = {0, 0};

static bool has_suffix(const char *name) {
    size_t length = strlen(name);
    return length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

static bool is_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The folders in the order they are looked through; "" is skipped. */
static size_t lesson_folders(const char *folders[4]) {
    const char *own = getenv("SOCKSHELL_LESSONS");
    folders[0] = ".";
    folders[1] = own ? own : "";
    folders[2] = "./lessons";
    folders[3] = LESSONS_DIR;
    return 4;
}

/* Known words must outlive the suggestion. */
struct nearby {
    char **names;
    size_t count;
};

static void note_lessons(struct nearby *nearby, const char *folder) {
    DIR *open = opendir(folder);
    if (!open)
        return;
    const struct dirent *entry;
    while (nearby->count < 1000 && (entry = readdir(open)) != NULL) {
        if (!has_suffix(entry->d_name))
            continue;
        nearby->names = mem_grow(nearby->names, nearby->count + 1, sizeof(*nearby->names));
        nearby->names[nearby->count++] = mem_string_n(entry->d_name, strlen(entry->d_name) - strlen(SUFFIX));
    }
    closedir(open);
}

static void tell_not_found(const char *name, struct error *error) {
    const char *folders[4];
    size_t count = lesson_folders(folders);
    struct nearby nearby = {0};
    struct buf searched = {0};
    for (size_t i = 0; i < count; i++) {
        if (*folders[i] == '\0')
            continue;
        buf_addf(&searched, "%s%s", searched.length > 0 ? ", " : "", folders[i]);
        note_lessons(&nearby, folders[i]);
    }
    error_set(error, ERROR_USAGE, nowhere, "there is no lesson \"%s\" (looked in %s)", name,
              buf_text(&searched));
    char *stem = mem_string_n(name, strlen(name) - (has_suffix(name) ? strlen(SUFFIX) : 0));
    struct suggestion near;
    suggest_start(&near, stem);
    for (size_t i = 0; i < nearby.count; i++)
        suggest_offer(&near, nearby.names[i]);
    if (near.best)
        error_hint(error, "did you mean %s?", near.best);
    else
        error_hint(error, "give its path, or its folder in SOCKSHELL_LESSONS");
    for (size_t i = 0; i < nearby.count; i++)
        free(nearby.names[i]);
    free(nearby.names);
    free(stem);
    buf_free(&searched);
}

bool lesson_find(const char *name, char **path, struct error *error) {
    *path = NULL;
    if (*name == '\0') {
        error_set(error, ERROR_USAGE, nowhere, "the name of the lesson is missing");
        error_hint(error, "for instance: --lesson echo");
        return false;
    }
    if (strchr(name, '/')) {
        *path = mem_string(name);
        return true;
    }
    const char *folders[4];
    size_t count = lesson_folders(folders);
    for (size_t i = 0; i < count; i++) {
        if (*folders[i] == '\0')
            continue;
        /* In the current folder a path is just the name, and is told as such. */
        *path = mem_format("%s%s%s%s", i == 0 ? "" : folders[i], i == 0 ? "" : "/", name,
                           has_suffix(name) ? "" : SUFFIX);
        if (is_file(*path))
            return true;
        free(*path);
    }
    *path = NULL;
    tell_not_found(name, error);
    return false;
}

/* ---- The course ---- */

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Where the course is: in the folder that was named, or the installed one; in a source tree, its own. */
static const char *course_folder(void) {
    const char *own = getenv("SOCKSHELL_LESSONS");
    struct stat status;
    if (own && *own)
        return own;
    return stat(LESSONS_DIR, &status) == 0 ? LESSONS_DIR : "./lessons";
}

bool lesson_find_all(char ***paths, struct error *error) {
    const char *folder = course_folder();
    struct nearby found = {0};
    note_lessons(&found, folder);
    *paths = NULL;
    if (found.count == 0) {
        error_set(error, ERROR_USAGE, nowhere, "there are no lessons in %s", folder);
        error_hint(error, "name them, or their folder in SOCKSHELL_LESSONS");
        return false;
    }
    for (size_t i = 0; i < found.count; i++) {
        char *path = mem_format("%s/%s%s", folder, found.names[i], SUFFIX);
        free(found.names[i]);
        found.names[i] = path;
    }
    qsort(found.names, found.count, sizeof(*found.names), by_name);
    *paths = mem_grow(found.names, found.count + 1, sizeof(*found.names));
    (*paths)[found.count] = NULL;
    return true;
}

/* All the bytes of a regular file; one byte more than allowed is enough to know that it is too long. */
bool lesson_read(const char *path, struct buf *bytes, struct error *error) {
    /* O_NONBLOCK: opening a FIFO that nobody writes to must not hang. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be opened: %s", path, strerror(errno));
    struct stat status;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    if (!good)
        error_set(error, ERROR_USAGE, nowhere, "%s is not a file", path);
    char block[65536];
    ssize_t got = 1;
    while (good && got != 0 && bytes->length <= LESSON_BYTES_MAX) {
        got = read(fd, block, sizeof(block));
        if (got > 0)
            buf_add(bytes, block, (size_t)got);
        else if (got < 0 && errno != EINTR)
            good = error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be read: %s", path, strerror(errno));
    }
    close(fd);
    return good;
}

bool lesson_load(const char *path, uint64_t seed, struct lesson *lesson, struct error *error) {
    *lesson = (struct lesson){0};
    struct buf bytes = {0};
    bool good =
        lesson_read(path, &bytes, error) &&
        lesson_parse(path, buf_text(&bytes), bytes.length, seed, lesson, error);
    buf_free(&bytes);
    return good;
}
