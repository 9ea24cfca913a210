/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The skeleton of a lesson; see skeleton.h. */
#include "lesson/skeleton.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lang/parse.h"
#include "lesson/lesson.h"
#include "lesson/skeleton_parts.h"
#include "net/network.h"

static const struct span nowhere = {0, 0};

struct skeleton {
    const struct shell *shell;
    struct buf *out;
    struct skeleton_sum *sum;
    bool queued; /* the next line was given with .queue */
    bool has_inet6;
};

/* ---- Who and where ---- */

static void add_actors(const struct skeleton *skeleton) {
    const struct shell *shell = skeleton->shell;
    const struct actor *actor;
    size_t hosts = shell->network != NULL ? network_hosts(shell->network) : 0, count = 0;
    for (size_t i = 0; i < hosts; i++)
        buf_addf(skeleton->out, "%s%s%s", i == 0 ? "hosts: " : ", ", network_host(shell->network, i)->name,
                 i + 1 == hosts ? "\n" : "");
    buf_add_text(skeleton->out, "actors:");
    for (size_t i = 0; (actor = crew_at(shell->crew, i)) != NULL; i++) {
        buf_addf(skeleton->out, "%s %s", count++ > 0 ? "," : "", actor_name(actor));
        if (hosts > 0)
            buf_addf(skeleton->out, " on %s", network_host(shell->network, actor_place(actor))->name);
    }
    buf_addf(skeleton->out, "\nnetwork: %s\n%s", shell->private_network ? "private" : "host",
             skeleton->has_inet6 ? "needs: ipv6\n" : "");
}

/* ---- Lines ---- */

/* On one line, without comments, as a step may have it. False: it cannot be one. */
static bool add_statement(const char *text, struct buf *out) {
    size_t length = strlen(text), from = out->length, end = 0;
    if (strchr(text, '\n') != NULL &&
        strchr(text, '#') != NULL) /* a line of the preprocessor ends with its line */
        return false;
    if (text[0] == '#') {
        buf_add_text(out, text);
        return true;
    }
    for (size_t at = 0; at < length;) {
        struct token token = lex_next(text, length, at);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind == TOKEN_BAD)
            return false;
        if (out->length > from && token.where.at > end)
            buf_add_char(out, ' ');
        buf_add(out, text + token.where.at, token.where.length);
        at = end = token.where.at + token.where.length;
    }
    return out->length > from;
}

static bool is_plain(const char *text, size_t length) {
    for (size_t i = 0, used; i < length; i += used) {
        uint32_t code = utf8_decode(text + i, length - i, &used);
        if (code == UTF8_INVALID || code < ' ' || code == 0x7F)
            return false;
    }
    return true;
}

/* A command that lessons have; one about an actor names it there. */
static bool add_command(const struct event *event, struct buf *out, bool *restart) {
    static const char *const actors[] = {".restart", ".interrupt", ".kill", NULL};
    static const char *const links[] = {".link", ".deliver", ".drop", ".duplicate", ".swap", NULL};
    size_t length = strcspn(event->text, " \t");
    const char *argument = event->text + length + strspn(event->text + length, " \t");
    *restart = strncmp(event->text, ".restart", length) == 0;
    for (size_t i = 0; actors[i] != NULL; i++)
        if (strlen(actors[i]) == length && strncmp(actors[i], event->text, length) == 0) {
            buf_addf(out, "%s %s", actors[i], *argument != '\0' ? argument : event->name);
            return true;
        }
    for (size_t i = 0; links[i] != NULL; i++)
        if (strlen(links[i]) == length && strncmp(links[i], event->text, length) == 0 &&
            (i > 0 || *argument != '\0')) { /* .link alone only shows */
            buf_add_text(out, event->text);
            return true;
        }
    return false;
}

/* Whom a command is about. */
static const char *subject(const struct skeleton *skeleton, const struct event *event) {
    const char *argument = event->text + strcspn(event->text, " \t");
    argument += strspn(argument, " \t");
    char *name = mem_string_n(argument, strcspn(argument, " \t"));
    const struct actor *actor = crew_find(skeleton->shell->crew, name);
    free(name);
    return actor != NULL ? actor_name(actor) : event->name;
}

/* ---- Steps ---- */

static bool is_given(const struct event *event) {
    return event->type == EVENT_LINE || event->type == EVENT_INPUT;
}

/* The shell refused it: no actor ever had it. */
static bool was_refused(const struct segment *segment) {
    for (uint64_t number = segment->from; number < segment->to; number++) {
        const struct event *event = journal_at(segment->journal, number);
        if (event != NULL && event->type == EVENT_FAULT && *event->actor == '\0')
            return true;
    }
    return false;
}

/* What is expected under .link and those names its actors. */
static bool is_about_link(const char *command) {
    static const char *const commands[] = {".link", ".deliver", ".drop", ".duplicate", ".swap", NULL};
    for (size_t i = 0; commands[i] != NULL; i++)
        if (strncmp(command, commands[i], strlen(commands[i])) == 0)
            return true;
    return false;
}

/* Values of parameters stand behind a $, and what was typed has none. */
static void add_without_parameters(struct buf *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '$')
            buf_add_char(out, '$');
        buf_add_char(out, *text);
    }
}

/* The step that an event was, without indentation. False: it is none. */
static bool write_line(struct skeleton *skeleton, const struct event *event, struct segment *segment,
                       struct buf *step) {
    bool queued = skeleton->queued;
    skeleton->queued = false;
    segment->actor = event->actor;
    if (event->type == EVENT_INPUT && event->data_length == 0) {
        buf_addf(step, ".eof %s", event->actor);
        return true;
    }
    if (event->type == EVENT_INPUT) {
        size_t length = event->data_length - (event->data[event->data_length - 1] == '\n');
        buf_addf(step, "%s< %.*s", event->actor, (int)length, event->data);
        skeleton->sum->left_out += !is_plain(event->data, length);
        return is_plain(event->data, length);
    }
    if (*event->actor == '\0') {
        skeleton->queued = strncmp(event->text, ".queue ", 7) == 0;
        segment->actor = is_about_link(event->text) ? "" : subject(skeleton, event);
        return strcmp(event->name, "answer") != 0 && add_command(event, step, &segment->restart);
    }
    buf_addf(step, "%s> ", event->actor);
    bool good = !queued && add_statement(event->text, step) && is_plain(buf_text(step), step->length) &&
                step->length < LESSON_LINE_MAX - 16;
    skeleton->sum->left_out += !good;
    skeleton->has_inet6 =
        skeleton->has_inet6 || strcasestr(event->text, "inet6") != NULL || strstr(event->text, "::1") != NULL;
    return good;
}

static void add_step(struct skeleton *skeleton, const struct event *event, uint64_t to, struct buf *body) {
    struct buf step = {0};
    struct segment segment = {
        .journal = skeleton->shell->journal, .from = event->number + 1, .to = to, .actor = ""};
    if (!was_refused(&segment) && write_line(skeleton, event, &segment, &step)) {
        skeleton->sum->steps++;
        buf_addf(body, "Here say what comes now, and why.\n\n    %s\n", buf_text(&step));
        skeleton_seen(&segment, body);
        buf_add_char(body, '\n');
    }
    buf_free(&step);
}

static bool add_steps(struct skeleton *skeleton, struct buf *body, struct error *error) {
    const struct journal *journal = skeleton->shell->journal;
    const struct event *given = NULL;
    uint64_t last = journal_last(journal);
    if (skeleton->shell->fresh < last && journal_at(journal, skeleton->shell->fresh + 1) == NULL)
        return error_set(error, ERROR_LIMIT, nowhere,
                         "so much has happened that its beginning is no longer kept");
    for (uint64_t number = skeleton->shell->fresh + 1; number <= last; number++) {
        const struct event *event = journal_at(journal, number);
        if (event == NULL || !is_given(event))
            continue;
        if (given != NULL)
            add_step(skeleton, given, number, body);
        given = event;
    }
    if (given != NULL)
        add_step(skeleton, given, last + 1, body);
    return true;
}

static bool write_lesson(const struct shell *shell, const char *title, struct buf *out, struct skeleton_sum *sum,
                         struct error *error) {
    struct skeleton skeleton = {.shell = shell, .out = out, .sum = sum};
    struct lesson lesson = {0};
    struct error trouble = {0};
    struct buf body = {0};
    *sum = (struct skeleton_sum){0};
    bool good = add_steps(&skeleton, &body, error);
    if (good && sum->steps == 0)
        good = error_set(error, ERROR_USAGE, nowhere, "nothing was done yet that a lesson could be made of");
    buf_addf(out,
             "sockshell-lesson 1\ntitle: %s\nsummary: Here say in one sentence what is to be seen.\n"
             "teaches: here say in a few words what is learned\n",
             title);
    add_actors(&skeleton);
    buf_add_text(out, "\n# A heading\n\nHere say what this is about.\n\n");
    add_without_parameters(out, buf_text(&body));
    if (good && !lesson_parse("lesson", buf_text(out), out->length, 0, &lesson, &trouble))
        good = error_set(error, ERROR_USAGE, nowhere, "this cannot be a lesson: %s", trouble.text);
    lesson_free(&lesson);
    error_free(&trouble);
    buf_free(&body);
    return good;
}

/* ---- The file ---- */

static char *title_of(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name) - strlen(".les");
    return is_plain(name, length) && length > 0 ? mem_string_n(name, length) : mem_string("A lesson");
}

static bool write_new(const char *path, const struct buf *text, struct error *error) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) {
        error_set(error, ERROR_USAGE, nowhere, "%s is there already, and is not written over", path);
        error_hint(error, "give it another name");
        return false;
    }
    if (fd < 0)
        return error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be made: %s", path, strerror(errno));
    ssize_t written = write(fd, text->data, text->length);
    bool good = written == (ssize_t)text->length;
    good = close(fd) == 0 && good;
    if (!good) {
        unlink(path);
        error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be written: there is no room for it", path);
    }
    return good;
}

bool skeleton_save(const struct shell *shell, const char *path, struct skeleton_sum *sum,
                   struct error *error) {
    struct buf text = {0};
    char *title = title_of(path);
    bool good = write_lesson(shell, title, &text, sum, error) && write_new(path, &text, error);
    buf_free(&text);
    free(title);
    return good;
}
