/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports for a class; see report.h. */
#include "lesson/report.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    bool csv, failed;
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

/* In one piece: O_APPEND keeps the lines of several writers apart. */
static bool append(struct report *report, const struct buf *line, struct error *error) {
    ssize_t written = write(report->fd, line->data, line->length);
    if (written == (ssize_t)line->length)
        return true;
    errno = written < 0 ? errno : ENOSPC;
    return fail(report, error);
}

struct report *report_open(const char *path, struct error *error) {
    struct report *report = mem_alloc(sizeof(*report));
    struct stat status;
    size_t length = strlen(path);
    *report = (struct report){.path = mem_string(path), .user = user_name()};
    report->csv = length >= 4 && strcmp(path + length - 4, ".csv") == 0;
    report->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    bool good = report->fd >= 0 && fstat(report->fd, &status) == 0;
    if (!good)
        fail(report, error);
    if (good && report->csv && S_ISREG(status.st_mode) && status.st_size == 0) {
        struct buf header = {0};
        buf_add_text(&header, CSV_HEADER);
        good = append(report, &header, error);
        buf_free(&header);
    }
    if (good)
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

void report_close(struct report *report) {
    if (report == NULL)
        return;
    if (report->fd >= 0)
        close(report->fd);
    free(report->path);
    free(report->user);
    free(report);
}
