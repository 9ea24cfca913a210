/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of progress; see progress.h. */
#include "lesson/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/state_file.h"

#define STEPS_MAX 1000000

static const struct span nowhere = {0, 0};

/* ---- Lines ---- */

/* A name that a line can hold, and that is safe to be shown. */
static bool is_name(const char *name, size_t length) {
    if (length == 0 || length > PROGRESS_NAME_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7F || name[i] == '/')
            return false;
    return true;
}

/* Decimal digits; *at is moved behind them. */
static bool take_number(const char **at, const char *end, size_t *number) {
    const char *start = *at;
    for (*number = 0; *at < end && **at >= '0' && **at <= '9' && *number <= STEPS_MAX; ++*at)
        *number = *number * 10 + (size_t)(**at - '0');
    return *at > start && *number <= STEPS_MAX;
}

static bool take_char(const char **at, const char *end, char wanted) {
    return *at < end && *(*at)++ == wanted;
}

static struct progress_entry *find(const struct progress *progress, const char *lesson, size_t length) {
    for (size_t i = 0; i < progress->count; i++)
        if (strlen(progress->entries[i].lesson) == length &&
            memcmp(progress->entries[i].lesson, lesson, length) == 0)
            return &progress->entries[i];
    return NULL;
}

static void drop(struct progress *progress, struct progress_entry *entry) {
    free(entry->lesson);
    progress->count--;
    size_t behind = (size_t)(&progress->entries[progress->count] - entry);
    memmove(entry, entry + 1, behind * sizeof(*entry));
}

/* At the end; another about the same lesson goes, or the oldest where there is no more room. */
static void put(struct progress *progress, const char *lesson, size_t length, struct progress_entry entry) {
    struct progress_entry *old = find(progress, lesson, length);
    if (old == NULL && progress->count == PROGRESS_LESSONS_MAX)
        old = progress->entries;
    char *name = mem_string_n(lesson, length);
    if (old != NULL)
        drop(progress, old);
    progress->entries = mem_grow(progress->entries, progress->count + 1, sizeof(*progress->entries));
    entry.lesson = name;
    progress->entries[progress->count++] = entry;
}

static void parse_line(const char *line, size_t length, struct progress *progress) {
    const char *at = line, *end = line + length;
    struct progress_entry entry = {0};
    if (length < strlen("done ") || (memcmp(at, "done ", 5) != 0 && memcmp(at, "left ", 5) != 0))
        return;
    entry.done = *at == 'd';
    at += 5;
    if (take_number(&at, end, &entry.at) && take_char(&at, end, '/') && take_number(&at, end, &entry.of) &&
        take_char(&at, end, ' ') && entry.at <= entry.of && is_name(at, (size_t)(end - at)))
        put(progress, at, (size_t)(end - at), entry);
}

void progress_parse(const char *bytes, size_t length, struct progress *progress) {
    *progress = (struct progress){0};
    for (size_t at = 0; at < length;) {
        const char *newline = memchr(bytes + at, '\n', length - at);
        size_t line = newline != NULL ? (size_t)(newline - bytes) - at : length - at;
        parse_line(bytes + at, line, progress);
        at += line + 1;
    }
}

const struct progress_entry *progress_find(const struct progress *progress, const char *lesson) {
    return find(progress, lesson, strlen(lesson));
}

void progress_free(struct progress *progress) {
    for (size_t i = 0; i < progress->count; i++)
        free(progress->entries[i].lesson);
    free(progress->entries);
    *progress = (struct progress){0};
}

/* ---- The file ---- */

static bool read_all(int fd, struct buf *bytes) {
    char block[4096];
    ssize_t got;
    do {
        got = read(fd, block, sizeof(block));
        if (got > 0)
            buf_add(bytes, block, (size_t)got);
    } while (got > 0 ? bytes->length <= PROGRESS_BYTES_MAX : got < 0 && errno == EINTR);
    return got == 0;
}

bool progress_read(const char *path, struct progress *progress, struct error *error) {
    struct stat status;
    struct buf bytes = {0};
    *progress = (struct progress){0};
    /* O_NONBLOCK: opening a FIFO that nobody writes to must not hang. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno == ENOENT || error_set(error, ERROR_SYSTEM, nowhere, "%s: %s", path, strerror(errno));
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= PROGRESS_BYTES_MAX;
    if (!good)
        error_set(error, ERROR_SYSTEM, nowhere, "%s is no file of progress", path);
    else if (!(good = read_all(fd, &bytes)))
        error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be read", path);
    else
        progress_parse(buf_text(&bytes), bytes.length, progress);
    buf_free(&bytes);
    close(fd);
    return good;
}

static void add_lines(const struct progress *progress, struct buf *out) {
    for (size_t i = 0; i < progress->count; i++) {
        const struct progress_entry *entry = &progress->entries[i];
        buf_addf(out, "%s %zu/%zu %s\n", entry->done ? "done" : "left", entry->at, entry->of, entry->lesson);
    }
}

static bool write_all(int fd, const struct buf *bytes) {
    for (size_t done = 0; done < bytes->length;) {
        ssize_t written = write(fd, bytes->data + done, bytes->length - done);
        if (written < 0 && errno != EINTR)
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Beside it, and then in its place: whoever reads finds the old file or the new one, whole. */
static bool replace(const char *path, const struct progress *progress, struct error *error) {
    struct buf lines = {0};
    char *beside = mem_format("%s.XXXXXX", path);
    state_file_folders(path);
    int fd = mkostemp(beside, O_CLOEXEC);
    add_lines(progress, &lines);
    bool good = fd >= 0 && write_all(fd, &lines);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && rename(beside, path) == 0;
    if (!good)
        error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be written: %s", path, strerror(errno));
    if (!good && fd >= 0)
        unlink(beside);
    buf_free(&lines);
    free(beside);
    return good;
}

bool progress_note(const char *path, const char *lesson, bool done, size_t at, size_t of,
                   struct error *error) {
    struct progress progress;
    size_t length = strlen(lesson);
    if (!is_name(lesson, length))
        return error_set(error, ERROR_USAGE, nowhere, "the name of the lesson cannot be written down");
    bool good = progress_read(path, &progress, error);
    if (good) {
        const struct progress_entry *old = progress_find(&progress, lesson);
        put(&progress, lesson, length,
            (struct progress_entry){.done = done || (old != NULL && old->done), .at = at, .of = of});
        good = replace(path, &progress, error);
    }
    progress_free(&progress);
    return good;
}

bool progress_forget(const char *path, const char *lesson, bool *known, struct error *error) {
    struct progress progress;
    bool good = progress_read(path, &progress, error);
    struct progress_entry *entry = good && lesson != NULL ? find(&progress, lesson, strlen(lesson)) : NULL;
    *known = lesson != NULL ? entry != NULL : progress.count > 0;
    if (good && *known && entry != NULL)
        drop(&progress, entry);
    else if (good && *known)
        while (progress.count > 0)
            drop(&progress, &progress.entries[progress.count - 1]);
    if (good && *known)
        good = replace(path, &progress, error);
    progress_free(&progress);
    return good;
}
