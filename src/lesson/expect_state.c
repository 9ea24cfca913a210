/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expectations about sockets: what the kernel says of them, what went through
 * them, what changed, and how it was explained.  Everything that can be known
 * to be wrong before the lesson is played is refused here.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "call/call.h"
#include "base/suggest.h"
#include "explain/explain.h"
#include "lesson/expect_parts.h"
#include "observe/facts.h"

#define NUMBER_MAX 0x100000 /* of descriptors; the kernel's usual limit, fs.nr_open */

/* ---- Which socket ---- */

/* The longest name of an actor that stands before a dot; names of actors may have dots themselves. */
static const char *actor_before_dot(const struct lesson *lesson, const char *word, size_t length) {
    const char *best = NULL;
    const char *name;
    for (size_t i = 0; (name = lesson_actor(lesson, i)) != NULL; i++) {
        size_t known = strlen(name);
        if (known < length && memcmp(word, name, known) == 0 && word[known] == '.' &&
            (best == NULL || known > strlen(best)))
            best = name;
    }
    return best;
}

/* Digits only, up to NUMBER_MAX. */
static bool is_number(const char *word, size_t length, int *number) {
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)word[i]))
            return false;
        *number = *number * 10 + (word[i] - '0');
        if (*number > NUMBER_MAX)
            return false;
    }
    return length > 0;
}

/* A name, or an element of an array: sv[1]. */
static bool is_variable(const char *word, size_t length) {
    size_t at = 0;
    while (at < length && (isalnum((unsigned char)word[at]) || word[at] == '_'))
        at++;
    if (at == 0 || isdigit((unsigned char)word[0]))
        return false;
    if (at == length)
        return true;
    size_t open = at++;
    while (at < length && isdigit((unsigned char)word[at]))
        at++;
    return word[open] == '[' && at > open + 1 && at < open + 6 && at == length - 1 && word[at] == ']';
}

bool read_named_socket(struct reading *reading, const char **rest, struct named_socket *made) {
    const char *word = *rest;
    size_t length = word_length(word);
    const char *actor = actor_before_dot(reading->lesson, word, length);
    size_t skip = actor ? strlen(actor) + 1 : 0;
    const char *dot = memchr(word, '.', length);
    if (!actor && dot && dot > word && word[0] != '"' && !isdigit((unsigned char)word[0])) {
        load_actor(reading->lesson, word, (size_t)(dot - word), reading_place(reading, word), reading->error);
        return false;
    }
    bool number = is_number(word + skip, length - skip, &made->fd);
    if (!number && !is_variable(word + skip, length - skip)) {
        load_fail(reading->error, reading_place(reading, word), "a socket is missing here");
        error_hint(reading->error, "a descriptor or the variable that holds it, of the step's actor or "
                                   "another: 3, sock, server.client_sock, client.sv[0]");
        return false;
    }
    made->actor = mem_string(actor ? actor : reading->made->actor);
    if (!number)
        made->variable = mem_string_n(word + skip, length - skip);
    *rest = skip_blanks(word + length);
    return true;
}

/* The socket that an expectation is about, which is then about its actor. */
static bool read_subject(struct reading *reading) {
    struct expectation *made = reading->made;
    if (!read_named_socket(reading, &reading->rest, &made->socket))
        return false;
    free(made->actor);
    made->actor = mem_string(made->socket.actor);
    return true;
}

static bool nothing_follows(const struct reading *reading, const char *rest) {
    return *rest == '\0' ||
           load_fail(reading->error, reading_place(reading, rest), "nothing more belongs here");
}

/* ---- State ---- */

/* Sockets of other protocols have these, and a descriptor that is not open the last. */
static const char *const conditions[] = {"connected", "unconnected", "connecting", "closed"};
enum { CONDITIONS = sizeof(conditions) / sizeof(*conditions), TCP_STATES = SOCKET_STATES_END - 1 };

static const char *state_word(const void *context, size_t i) {
    (void)context;
    if (i < TCP_STATES)
        return socket_state_name((enum socket_state)(i + 1));
    return i - TCP_STATES < CONDITIONS ? conditions[i - TCP_STATES] : NULL;
}

bool read_state(struct reading *reading) {
    const char *word;
    if (!read_subject(reading))
        return false;
    for (size_t i = 0; (word = state_word(NULL, i)) != NULL; i++) {
        if (strcmp(word, reading->rest) == 0) {
            reading->made->wanted = mem_string(word);
            return true;
        }
    }
    load_fail(reading->error, reading_place(reading, reading->rest), "\"%s\" is not a state", reading->rest);
    load_suggest(reading->error, reading->rest, state_word, NULL,
                 "the states are those of TCP: LISTEN, SYN_SENT, ESTABLISHED, FIN_WAIT1 …; for other sockets "
                 "connected, unconnected, connecting; and closed for what is no open descriptor");
    return false;
}

/* ---- Queues ---- */

static const char *const queue_words[] = {
    [QUEUE_RECEIVE] = "receive", [QUEUE_SEND] = "send", [QUEUE_ACCEPT] = "accept", NULL};

static bool read_count(const struct reading *reading, const char **rest, int64_t *number) {
    const char *at = *rest;
    if (read_number(at, number, rest) && *number >= 0)
        return true;
    return load_fail(reading->error, reading_place(reading, at), "a number is missing here");
}

bool read_queue(struct reading *reading) {
    struct expectation *made = reading->made;
    if (!read_subject(reading))
        return false;
    const char *word = reading->rest;
    size_t length = word_length(word), kind = 0;
    while (queue_words[kind] &&
           (strlen(queue_words[kind]) != length || memcmp(queue_words[kind], word, length) != 0))
        kind++;
    if (!queue_words[kind]) {
        char *typed = mem_string_n(word, length);
        load_fail(reading->error, reading_place(reading, word), "\"%s\" is not a queue", typed);
        load_suggest(reading->error, typed, list_word, queue_words,
                     "the queues are receive, send and accept");
        free(typed);
        return false;
    }
    made->queue = (enum queue_kind)kind;
    made->of = -1;
    const char *rest = skip_blanks(word + length);
    made->value_at = (size_t)(rest - reading->text);
    made->any = strncmp(rest, "ANY", word_length(rest)) == 0 && word_length(rest) == 3;
    if (made->any)
        rest += 3;
    else if (!read_count(reading, &rest, &made->number))
        return false;
    rest = skip_blanks(rest);
    if (made->queue == QUEUE_ACCEPT && strncmp(rest, "of ", 3) == 0) {
        rest = skip_blanks(rest + 3);
        if (!read_count(reading, &rest, &made->of))
            return false;
        rest = skip_blanks(rest);
    }
    return nothing_follows(reading, rest);
}

/* ---- Addresses ---- */

static bool bad_address(const struct reading *reading, const char *at) {
    load_fail(reading->error, reading_place(reading, at), "this is not an address");
    error_hint(reading->error, "127.0.0.1:8888, [::1]:8888 or a path in quotes, with ANY for what may be "
                               "anything (127.0.0.1:ANY); or another socket, whose address it is");
    return false;
}

/* "127.0.0.1", "[::1]", "ANY", as address_show() writes it before the port. */
static bool host_pattern(const char *text, size_t length, struct buf *pattern) {
    unsigned char bytes[sizeof(struct in6_addr)];
    char host[INET6_ADDRSTRLEN];
    bool v6 = length > 2 && text[0] == '[' && text[length - 1] == ']';
    if (length == 3 && memcmp(text, "ANY", 3) == 0) {
        buf_add_text(pattern, "...");
        return true;
    }
    if (v6) {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof(host))
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    int family = v6 ? AF_INET6 : AF_INET;
    if (inet_pton(family, host, bytes) != 1 || !inet_ntop(family, bytes, host, sizeof(host)))
        return false;
    buf_addf(pattern, v6 ? "AF_INET6, [%s]" : "AF_INET, %s", host);
    return true;
}

/* "127.0.0.1:8888" → "{AF_INET, 127.0.0.1:8888}"; ANY becomes "...". */
static bool read_inet(struct reading *reading, const char *text) {
    const char *colon = strrchr(text, ':');
    int port;
    struct buf pattern = {0};
    buf_add_char(&pattern, '{');
    bool good = host_pattern(text, (size_t)(colon - text), &pattern);
    if (strcmp(colon, ":ANY") == 0)
        buf_add_text(&pattern, ":...}");
    else if (is_number(colon + 1, strlen(colon + 1), &port) && port <= 65535)
        buf_addf(&pattern, ":%d}", port);
    else
        good = false;
    if (good)
        reading->made->wanted = buf_take(&pattern);
    buf_free(&pattern);
    return good || bad_address(reading, text);
}

/* "/tmp/x", "@abstract" */
static bool read_path(struct reading *reading, const char *text) {
    struct expectation *made = reading->made;
    if (!read_string(reading, text, "a path"))
        return false;
    bool abstract = made->wanted[0] == '@';
    struct buf pattern = {0};
    buf_addf(&pattern, "{AF_UNIX, %s\"", abstract ? "@" : "");
    escape_c(&pattern, made->wanted + abstract, made->wanted_length - abstract);
    buf_add_text(&pattern, "\"}");
    free(made->wanted);
    made->wanted = buf_take(&pattern);
    return true;
}

bool read_address(struct reading *reading) {
    if (!read_subject(reading))
        return false;
    const char *text = reading->rest;
    if (*text == '"')
        return read_path(reading, text);
    if (strcmp(text, "ANY") == 0) {
        reading->made->wanted = mem_string("...");
        return true;
    }
    if (strchr(text, ':'))
        return read_inet(reading, text);
    int fd;
    if (*text == '\0' || (isdigit((unsigned char)*text) && !is_number(text, word_length(text), &fd)))
        return bad_address(reading, text);
    return read_named_socket(reading, &text, &reading->made->other) && nothing_follows(reading, text);
}

/* ---- Options ---- */

static const struct constant_set *const option_sets[] = {&constants_option, &constants_tcp, &constants_ip,
                                                         &constants_ipv6};
enum { OPTION_SETS = sizeof(option_sets) / sizeof(*option_sets) };

static const char *option_word(const void *context, size_t i) {
    (void)context;
    for (size_t set = 0; set < OPTION_SETS; i -= option_sets[set++]->count)
        if (i < option_sets[set]->count)
            return option_sets[set]->items[i].name;
    return NULL;
}

bool read_option(struct reading *reading) {
    struct expectation *made = reading->made;
    if (!read_subject(reading))
        return false;
    const char *word = reading->rest, *known;
    size_t length = word_length(word);
    for (size_t i = 0; (known = option_word(NULL, i)) != NULL; i++)
        if (strlen(known) == length && memcmp(known, word, length) == 0)
            made->option = known;
    if (!made->option) {
        char *typed = mem_string_n(word, length);
        load_fail(reading->error, reading_place(reading, word), "\"%s\" is not an option of sockets", typed);
        load_suggest(reading->error, typed, option_word, NULL, "as in: option server.s SO_REUSEADDR 1");
        free(typed);
        return false;
    }
    const char *value = skip_blanks(word + length);
    if (*value == '\0')
        return load_fail(reading->error, reading_place(reading, value), "the value is missing here");
    made->wanted = mem_string(value);
    made->value_at = (size_t)(value - reading->text);
    return true;
}

/* ---- What the journal tells of sockets ---- */

bool read_bytes(struct reading *reading) {
    return read_subject(reading) && read_string(reading, reading->rest, "what went through a socket");
}

/* An arrow is not on every keyboard, and three dots are also one character. */
static char *typed_forms(const char *text) {
    static const struct {
        const char *typed, *meant;
    } forms[] = {{"->", "→"}, {"…", "..."}};
    struct buf out = {0};
    while (*text) {
        size_t i = 0;
        while (i < 2 && strncmp(text, forms[i].typed, strlen(forms[i].typed)) != 0)
            i++;
        if (i == 2) {
            buf_add_char(&out, *text++);
            continue;
        }
        buf_add_text(&out, forms[i].meant);
        text += strlen(forms[i].typed);
    }
    return buf_take(&out);
}

bool read_changes(struct reading *reading) {
    struct expectation *made = reading->made;
    bool subject = *reading->rest != '"' && *reading->rest != '\0';
    if (subject && !read_subject(reading))
        return false;
    if (!subject && reading->actor_named) /* "client changes …": any socket of that actor */
        made->socket = (struct named_socket){.actor = mem_string(made->actor), .fd = -1};
    if (!read_string(reading, reading->rest, "a change"))
        return false;
    /* Anything may stand around it. */
    char *meant = typed_forms(made->wanted);
    free(made->wanted);
    made->wanted = mem_format("...%s...", meant);
    made->wanted_length = strlen(made->wanted);
    free(meant);
    return true;
}

/* "connect-ECONNREFUSED", which call/explain.h gives where nothing more is known. */
static bool is_general_id(const char *id) {
    static const char *const others[] = {"0", "short", "SIGPIPE", NULL};
    const char *what = strchr(id, '-');
    char *name = mem_string_n(id, what ? (size_t)(what - id) : 0);
    bool good = what && call_find(name) &&
                (constant_in(&constants_errno, what + 1) || constant_in(&constants_resolve, what + 1) ||
                 constant_in(&constants_host, what + 1));
    for (size_t i = 0; what && !good && others[i]; i++)
        good = call_find(name) && strcmp(what + 1, others[i]) == 0;
    free(name);
    return good;
}

/* What stands behind the call's name in the ids that the table has for it; that of a row for any call begins
 * with "*". */
static const char *row_word(const char *call, size_t i) {
    const struct explanation *row = explanation_at(i);
    if (!row)
        return NULL;
    size_t length = row->id[0] == '*' ? 1 : strlen(call);
    bool fits = row->id[0] == '*' || strncmp(row->id, call, length) == 0;
    return fits && row->id[length] == '-' ? row->id + length + 1 : "";
}

static const char *id_word(const void *call, size_t i) {
    return i < constants_errno.count ? constants_errno.items[i].name
                                     : row_word(call, i - constants_errno.count);
}

/* Is it one of these, or the beginning of one? */
static bool is_particular_id(const char *call, const char *what) {
    size_t length = strlen(what);
    const char *known;
    for (size_t i = 0; (known = row_word(call, i)) != NULL; i++)
        if (length > 0 && strncmp(known, what, length) == 0 && (known[length] == '-' || !known[length]))
            return true;
    return false;
}

bool read_explains(struct reading *reading) {
    const char *id = reading->rest, *what = strchr(id, '-');
    char *call = mem_string_n(id, what ? (size_t)(what - id) : strlen(id));
    bool good = what && call_find(call) && (is_general_id(id) || is_particular_id(call, what + 1));
    if (good) {
        reading->made->wanted = mem_string(id);
    } else {
        load_fail(reading->error, reading_place(reading, id), "no explanation has the id \"%s\"", id);
        if (what && call_find(call))
            load_suggest(reading->error, what + 1, id_word, call, NULL);
        error_hint(reading->error, "the name of a call and of an error, as in connect-ECONNREFUSED, or the "
                                   "beginning of a longer id");
    }
    free(call);
    return good;
}
