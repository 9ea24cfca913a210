/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports for a class; see report.h. */
#include "lesson/report.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/mem.h"

#define CSV_HEADER "time,user,lesson,seed,kind,id,result,tries,hints,seconds,answer\n"

struct report {
    int fd;
    char *path, *user;
    bool csv;
    bool made;   /* by us: nobody needs it when nothing comes into it */
    bool begun;  /* something has */
    bool failed;
};

/* ---- Lines ---- */

static void add_time(struct buf *out, int64_t seconds) {
    char text[40] = "";
    time_t time = (time_t)seconds;
    struct tm parts;
    if (gmtime_r(&time, &parts) != NULL)
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    buf_add_text(out, text);
}

/* RFC 4180. A spreadsheet takes what begins with = + - @ for a formula, and carries it out: these get an
 * apostrophe, by which it knows text. */
static void add_csv(struct buf *out, const char *text) {
    struct buf safe = {0};
    escape_text(&safe, text, strlen(text));
    buf_add_char(out, '"');
    if (safe.length > 0 && strchr("=+-@", safe.data[0]) != NULL)
        buf_add_char(out, '\'');
    for (size_t i = 0; i < safe.length; i++) {
        if (safe.data[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, safe.data[i]);
    }
    buf_add_text(out, "\",");
    buf_free(&safe);
}

void report_csv(const struct report_line *line, const char *user, int64_t time, struct buf *out) {
    add_time(out, time);
    buf_add_char(out, ',');
    add_csv(out, user);
    add_csv(out, line->lesson);
    buf_addf(out, "%llu,", (unsigned long long)line->seed);
    add_csv(out, line->kind);
    add_csv(out, line->id);
    add_csv(out, line->result);
    buf_addf(out, "%zu,%zu,%.1f,", line->tries, line->hints, (double)line->ns / 1e9);
    add_csv(out, line->answer);
    out->data[out->length - 1] = '\n'; /* the last comma */
}

void report_json(const struct report_line *line, const char *user, int64_t time, struct buf *out) {
    struct buf when = {0};
    add_time(&when, time);
    json_begin(out);
    json_text(out, "time", buf_text(&when));
    json_text(out, "user", user);
    json_text(out, "lesson", line->lesson);
    json_number(out, "seed", (int64_t)line->seed);
    json_text(out, "kind", line->kind);
    json_text(out, "id", line->id);
    json_text(out, "result", line->result);
    json_number(out, "tries", (int64_t)line->tries);
    json_number(out, "hints", (int64_t)line->hints);
    json_number(out, "milliseconds", line->ns / 1000000);
    json_text(out, "answer", line->answer);
    json_end(out);
    buf_free(&when);
}

/* ---- The file ---- */

static char *user_name(void) {
    const struct passwd *entry = getpwuid(getuid());
    return entry != NULL ? mem_string(entry->pw_name) : mem_format("%u", getuid());
}

static bool fail(struct report *report, struct error *error) {
    report->failed = true;
    return error_set(error, ERROR_SYSTEM, (struct span){0}, "the report cannot be written to %s: %s",
                     report->path, strerror(errno));
}

static int open_file(const char *path, int flags) {
    return open(path, O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0666);
}

/* Somebody else has made it, found no use for it and removed it again, see report_close(). */
static void open_again(struct report *report) {
    int fd = open_file(report->path, O_WRONLY | O_CREAT);
    if (fd < 0)
        return;
    close(report->fd);
    report->fd = fd;
}

/* Of a class that begins at once, one has the lock, and writes the names. */
static bool wants_names(struct report *report) {
    struct stat status;
    if (fstat(report->fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 0)
        open_again(report);
    return report->csv && (flock(report->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
           fstat(report->fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

/* In one piece: O_APPEND keeps the lines of several writers apart. */
static bool append(struct report *report, const struct buf *line, struct error *error) {
    struct buf whole = {0};
    if (!report->begun && wants_names(report))
        buf_add_text(&whole, CSV_HEADER);
    buf_add(&whole, line->data, line->length);
    ssize_t written = write(report->fd, whole.data, whole.length);
    int number = written < 0 ? errno : ENOSPC;
    bool good = written == (ssize_t)whole.length;
    if (!report->begun)
        flock(report->fd, LOCK_UN);
    report->begun = report->begun || written > 0;
    buf_free(&whole);
    errno = number;
    return good || fail(report, error);
}

/* What is there already must be of the same kind.  A file that may be written to but not read, as a
 * teacher might give a class, is taken on trust. */
static bool is_of_kind(const struct report *report, struct error *error) {
    char begin[sizeof(CSV_HEADER)] = "";
    struct stat status;
    bool regular = fstat(report->fd, &status) == 0 && S_ISREG(status.st_mode);
    int fd = regular ? open_file(report->path, O_RDONLY) : -1;
    ssize_t got = fd >= 0 ? read(fd, begin, sizeof(begin) - 1) : 0;
    if (fd >= 0)
        close(fd);
    if (got <= 0 || (report->csv ? strcmp(begin, CSV_HEADER) == 0 : begin[0] == '{'))
        return true;
    if (report->csv)
        error_set(error, ERROR_USAGE, (struct span){0},
                  "%s %s: a report whose name ends in .csv has a line of names first",
                  report->path, begin[0] == '{' ? "holds JSON Lines" : "is no such report");
    else
        error_set(error, ERROR_USAGE, (struct span){0},
                  "%s %s: a report whose name does not end in .csv is JSON Lines", report->path,
                  strncmp(begin, "time,", 5) == 0 ? "holds CSV" : "is no such report");
    error_hint(error, "give the report a name of its own");
    return false;
}

/* One that is there is opened without O_CREAT: with it, a file of somebody else's in a folder like /tmp is
 * refused to all who share it (proc(5), protected_regular). */
static bool open_or_make(struct report *report) {
    report->fd = open_file(report->path, O_WRONLY | O_CREAT | O_EXCL);
    report->made = report->fd >= 0;
    if (report->fd < 0 && errno == EEXIST)
        report->fd = open_file(report->path, O_WRONLY);
    if (report->fd < 0 && errno == ENOENT) /* a link that leads nowhere yet; or removed just now */
        report->fd = open_file(report->path, O_WRONLY | O_CREAT);
    return report->fd >= 0;
}

struct report *report_open(const char *path, struct error *error) {
    struct report *report = mem_alloc(sizeof(*report));
    size_t length = strlen(path);
    *report = (struct report){.path = mem_string(path), .user = user_name()};
    report->csv = length >= 4 && strcasecmp(path + length - 4, ".csv") == 0;
    if (open_or_make(report) ? is_of_kind(report, error) : fail(report, error))
        return report;
    report_close(report);
    return NULL;
}

bool report_add(struct report *report, const struct report_line *line, struct error *error) {
    struct buf text = {0};
    int64_t now = time(NULL);
    if (report->failed)
        return true;
    if (report->csv)
        report_csv(line, report->user, now, &text);
    else
        report_json(line, report->user, now, &text);
    bool good = append(report, &text, error);
    buf_free(&text);
    return good;
}

/* The lesson could not be played after all.  Who has opened it meanwhile notices, see open_again(). */
static void remove_unused(const struct report *report) {
    struct stat ours, there;
    if (fstat(report->fd, &ours) == 0 && lstat(report->path, &there) == 0 && ours.st_ino == there.st_ino &&
        ours.st_dev == there.st_dev && ours.st_size == 0)
        unlink(report->path);
}

void report_close(struct report *report) {
    if (report == NULL)
        return;
    if (report->made && !report->begun)
        remove_unused(report);
    if (report->fd >= 0)
        close(report->fd);
    free(report->path);
    free(report->user);
    free(report);
}
