/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --check --accept: a copy of the lesson with what was really seen in place of
 * the expectations that were not met.  It is written beside the lesson, for its
 * author to read; the lesson itself stays as it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "lesson/check_tell.h"

/* The line with one expectation in place of the other; false when it does not stand there as it reads,
 * because parameters made it. */
static bool correct(const struct correction *correction, const char *line, size_t length, struct buf *out) {
    const char *at = correction->is ? memmem(line, length, correction->was, strlen(correction->was)) : NULL;
    if (!at || memchr(line, '$', length))
        return false;
    size_t before = (size_t)(at - line), after = before + strlen(correction->was);
    buf_add(out, line, before);
    buf_add_text(out, correction->is);
    buf_add(out, line + after, length - after);
    return true;
}

static const struct correction *correction_of(const struct check_told *told, unsigned line) {
    for (size_t i = 0; i < told->correction_count; i++)
        if (told->corrections[i].line == line)
            return &told->corrections[i];
    return NULL;
}

/* The whole copy; returns how many lines are corrected. */
static size_t correct_all(const struct check_told *told, const struct buf *bytes, struct buf *out) {
    size_t corrected = 0;
    unsigned number = 1;
    for (size_t at = 0; at < bytes->length; number++) {
        const char *line = bytes->data + at, *end = memchr(line, '\n', bytes->length - at);
        size_t length = end ? (size_t)(end - line) : bytes->length - at;
        const struct correction *correction = correction_of(told, number);
        if (correction && correct(correction, line, length, out))
            corrected++;
        else
            buf_add(out, line, length);
        if (end)
            buf_add_char(out, '\n');
        at += length + 1;
    }
    return corrected;
}

/* A new file: whatever lay under the name is replaced, and no link is followed. */
static bool write_file(const char *path, const struct buf *bytes) {
    if (unlink(path) < 0 && errno != ENOENT)
        return false;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    size_t written = 0;
    while (written < bytes->length) {
        ssize_t count = write(fd, bytes->data + written, bytes->length - written);
        if (count < 0 && errno != EINTR)
            break;
        written += count > 0 ? (size_t)count : 0;
    }
    return (close(fd) == 0) & (written == bytes->length);
}

static bool write_copy(const struct check_told *told) {
    struct buf bytes = {0}, copy = {0};
    struct error error = {0};
    char *path = mem_format("%s.new", told->lesson->path);
    size_t corrected = 0;
    bool good = lesson_read(told->lesson->path, &bytes, &error);
    if (good)
        corrected = correct_all(told, &bytes, &copy);
    if (!good)
        fprintf(stderr, "sockshell: %s\n", error.text);
    else if (corrected > 0 && !(good = write_file(path, &copy)))
        fprintf(stderr, "sockshell: %s cannot be written: %s\n", path, strerror(errno));
    else if (corrected > 0)
        fprintf(
            stderr,
            "sockshell: %s has %zu corrected line%s; read it, and move it over the lesson if it is right\n",
            path, corrected, corrected == 1 ? "" : "s");
    if (good && corrected < told->correction_count)
        fprintf(stderr, "sockshell: %zu of the failures %s no one line that could be corrected\n",
                told->correction_count - corrected, told->correction_count - corrected == 1 ? "has" : "have");
    error_free(&error);
    buf_free(&bytes);
    buf_free(&copy);
    free(path);
    return good;
}

bool check_accept(struct check_told *told) {
    bool good = told->correction_count == 0 || write_copy(told);
    for (size_t i = 0; i < told->correction_count; i++) {
        free(told->corrections[i].was);
        free(told->corrections[i].is);
    }
    free(told->corrections);
    told->corrections = NULL;
    told->correction_count = 0;
    return good;
}
