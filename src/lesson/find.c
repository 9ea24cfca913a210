/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what somebody typed after --lesson to a file and its bytes.
 *
 * A word with a slash is a path.  A bare word is looked for, with and without
 * .les, in the current folder, in $SOCKSHELL_LESSONS, in the tree that the program
 * was built in, where it was installed, and in ./lessons.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* ---- The folders ---- */

#define FOLDERS_MAX 4

/* Where lessons are looked for. */
struct folders {
    char *paths[FOLDERS_MAX]; /* owned */
    size_t count;
    size_t courses; /* the course is taken from the first of so many that has any */
};

static bool is_same(const char *one, const char *other) {
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void add_folder(struct folders *folders, const char *path) {
    for (size_t i = 0; i < folders->count; i++)
        if (strcmp(folders->paths[i], path) == 0 || is_same(folders->paths[i], path))
            return;
    folders->paths[folders->count++] = mem_string(path);
}

/* Of a program that is run where it was built; there is none beside an installed one. */
static void add_own_tree(struct folders *folders) {
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (length <= 0)
        return;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    char *path = mem_format("%.*s/lessons", slash ? (int)(slash - program) : 0, program);
    if (is_folder(path))
        add_folder(folders, is_same(path, "./lessons") ? "./lessons" : path);
    free(path);
}

static void folders_find(struct folders *folders) {
    const char *named = getenv("SOCKSHELL_LESSONS");
    bool is_named = named && *named;
    *folders = (struct folders){0};
    if (is_named)
        add_folder(folders, named);
    add_own_tree(folders);
    if (*LESSONS_DIR)
        add_folder(folders, LESSONS_DIR);
    add_folder(folders, "./lessons");
    folders->courses = is_named ? 1 : folders->count; /* whoever names a folder wants its lessons */
}

static void folders_free(struct folders *folders) {
    for (size_t i = 0; i < folders->count; i++)
        free(folders->paths[i]);
}

/* The first `count` of them: "a", "a and b", "a, b and c". */
static void folders_name(const struct folders *folders, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", folders->paths[i]);
}

/* ---- One lesson ---- */

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

static void tell_not_found(const char *name, const struct folders *folders, struct error *error) {
    struct nearby nearby = {0};
    struct buf searched = {0};
    note_lessons(&nearby, ".");
    for (size_t i = 0; i < folders->count; i++)
        note_lessons(&nearby, folders->paths[i]);
    folders_name(folders, folders->count, &searched);
    error_set(error, ERROR_USAGE, nowhere, "there is no lesson \"%s\" in this folder, nor in %s", name,
              buf_text(&searched));
    char *stem = mem_string_n(name, strlen(name) - (has_suffix(name) ? strlen(SUFFIX) : 0));
    struct suggestion near;
    suggest_start(&near, stem);
    for (size_t i = 0; i < nearby.count; i++)
        suggest_offer(&near, nearby.names[i]);
    if (near.best && strcmp(near.best, stem) == 0)
        error_hint(error, "what is called %s" SUFFIX " is no file", stem);
    else if (near.best)
        error_hint(error, "did you mean \"%s\"?", near.best);
    else
        error_hint(error, "%sgive its path, or its folder in SOCKSHELL_LESSONS",
                   nearby.count > 0 ? "--list names those of the course; " : "");
    for (size_t i = 0; i < nearby.count; i++)
        free(nearby.names[i]);
    free(nearby.names);
    free(stem);
    buf_free(&searched);
}

/* In this folder a path is just the name, and is told as such; other names than NAME.les are as good, for
 * they are not somewhere else. */
static char *find_here(const char *name) {
    char *path = mem_format("%s%s", name, has_suffix(name) ? "" : SUFFIX);
    if (is_file(path))
        return path;
    free(path);
    return strchr(name, '.') && is_file(name) ? mem_string(name) : NULL;
}

static char *find_in(const struct folders *folders, const char *name) {
    for (size_t i = 0; i < folders->count; i++) {
        char *path = mem_format("%s/%s%s", folders->paths[i], name, has_suffix(name) ? "" : SUFFIX);
        if (is_file(path))
            return path;
        free(path);
    }
    return NULL;
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
    struct folders folders;
    folders_find(&folders);
    *path = find_here(name);
    if (!*path)
        *path = find_in(&folders, name);
    if (!*path)
        tell_not_found(name, &folders, error);
    folders_free(&folders);
    return *path != NULL;
}

/* ---- The course ---- */

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The paths of what was found there, NULL behind the last. */
static char **paths_of(struct nearby *found, const char *folder) {
    for (size_t i = 0; i < found->count; i++) {
        char *path = mem_format("%s/%s%s", folder, found->names[i], SUFFIX);
        free(found->names[i]);
        found->names[i] = path;
    }
    qsort(found->names, found->count, sizeof(*found->names), by_name);
    char **paths = mem_grow(found->names, found->count + 1, sizeof(*found->names));
    paths[found->count] = NULL;
    return paths;
}

bool lesson_find_all(char ***paths, struct error *error) {
    struct folders folders;
    struct nearby found = {0};
    struct buf searched = {0};
    *paths = NULL;
    folders_find(&folders);
    for (size_t i = 0; i < folders.courses && !*paths; i++) {
        note_lessons(&found, folders.paths[i]);
        if (found.count > 0)
            *paths = paths_of(&found, folders.paths[i]);
    }
    folders_name(&folders, folders.courses, &searched);
    if (!*paths) {
        error_set(error, ERROR_USAGE, nowhere, "there are no lessons in %s", buf_text(&searched));
        error_hint(error, "name them, or their folder in SOCKSHELL_LESSONS");
    }
    buf_free(&searched);
    folders_free(&folders);
    return *paths != NULL;
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
