/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings and numbers in them: string(3), atoi(3), strtol(3), strerror(3). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/library.h"
#include "call/rows.h"

/* ---- looking at strings ---- */

static bool run_strlen(struct invocation *inv) {
    size_t length;
    const char *text;

    if (!library_string(inv, 0, &text, &length))
        return false;
    inv->result = (int64_t)length;
    return true;
}

static bool run_strcmp(struct invocation *inv) {
    inv->result = strcmp(inv->raw[0].cp, inv->raw[1].cp);
    return true;
}

static bool run_strncmp(struct invocation *inv) {
    size_t most = (size_t)inv->raw[2].i, length[2];
    const char *text[2];

    if (!library_string_most(inv, 0, most, &text[0], &length[0]) ||
        !library_string_most(inv, 1, most, &text[1], &length[1]))
        return false;
    size_t shorter = length[0] < length[1] ? length[0] : length[1];
    int order = shorter > 0 ? memcmp(text[0], text[1], shorter) : 0;
    inv->result = order != 0 ? order : (length[0] > length[1]) - (length[0] < length[1]);
    return true;
}

/* The result is a place in the string that argument 0 is, or NULL. */
static bool place_in(struct invocation *inv, const char *found) {
    const char *text = inv->raw[0].cp;

    inv->result = found != NULL ? (int64_t)(inv->value[0].bits + (uint64_t)(found - text)) : 0;
    return true;
}

static bool run_strchr(struct invocation *inv) {
    return place_in(inv, strchr(inv->raw[0].cp, (int)inv->raw[1].i));
}

static bool run_strstr(struct invocation *inv) {
    return place_in(inv, strstr(inv->raw[0].cp, inv->raw[1].cp));
}

static bool run_strcspn(struct invocation *inv) {
    inv->result = (int64_t)strcspn(inv->raw[0].cp, inv->raw[1].cp);
    return true;
}

/* ---- copying strings ---- */

/* The source's bytes may lie in the destination: strcpy(text, text + 1) is undefined in C. */
static bool overlaps(struct invocation *inv, size_t written, size_t read) {
    uint64_t to = inv->value[0].bits, from = inv->value[1].bits;

    if (!memory_same_object(to, from) || to + written <= from || from + read <= to)
        return false;
    invocation_fail(inv, 0, ERROR_MEMORY, "%s(): the text and the place for it overlap", inv->call->name);
    error_hint(inv->error, "memmove() copies rightly even then");
    return true;
}

static bool run_strcpy(struct invocation *inv) {
    size_t length;
    const char *text;

    return library_string(inv, 1, &text, &length) && !overlaps(inv, length + 1, length + 1) &&
           library_put(inv, 0, text, length) && library_same(inv, 0);
}

static bool run_strncpy(struct invocation *inv) {
    size_t count = (size_t)inv->raw[2].i, length;
    const char *text;
    unsigned char *bytes;

    if (!library_string_most(inv, 1, count, &text, &length) || overlaps(inv, count, length))
        return false;
    bytes = invocation_write(inv, 0, count);
    if (bytes == NULL)
        return false;
    memcpy(bytes, text, length);
    memset(bytes + length, '\0', count - length);
    memory_mark(inv->memory, inv->value[0].bits, count, true);
    return library_same(inv, 0);
}

static bool run_strcat(struct invocation *inv) {
    size_t before, length;
    const char *old, *text;
    struct buf joined = {0};

    if (!library_string(inv, 0, &old, &before) || !library_string(inv, 1, &text, &length) ||
        overlaps(inv, before + length + 1, length + 1))
        return false;
    buf_add(&joined, old, before);
    buf_add(&joined, text, length);
    bool done = library_put(inv, 0, buf_text(&joined), joined.length);
    buf_free(&joined);
    return done && library_same(inv, 0);
}

/* ---- numbers in strings ---- */

static bool run_atoi(struct invocation *inv) {
    inv->result = atoi(inv->raw[0].cp);
    return true;
}

static bool run_atol(struct invocation *inv) {
    inv->result = atol(inv->raw[0].cp);
    return true;
}

static bool run_strtol(struct invocation *inv) {
    const char *text = inv->raw[0].cp;
    unsigned char *room = NULL;
    char *end;
    uint64_t reference;

    if (!invocation_null(inv, 1) && (room = invocation_write(inv, 1, sizeof reference)) == NULL)
        return false;
    errno = 0;
    inv->result = strtol(text, &end, (int)inv->raw[2].i);
    if (errno != 0)
        inv->saved_errno = errno;
    if (room == NULL || errno == EINVAL) /* an unknown base: *endptr is left alone */
        return true;
    reference = inv->value[0].bits + (uint64_t)(end - text);
    memcpy(room, &reference, sizeof reference);
    memory_mark(inv->memory, inv->value[1].bits, sizeof reference, true);
    return true;
}

static bool run_strerror(struct invocation *inv) {
    return library_static_text(inv, STATIC_STRERROR, 80, "strerror()'s text", strerror((int)inv->raw[0].i));
}

static const struct call_errno strtol_errors[] = {
    {ERANGE, "The number is too large for a long; the result is the largest or smallest there is."},
    {EINVAL, "The base is none: 0, or 2 to 36."},
    {0, NULL},
};

#define LIBRARY(function) .flags = CALL_LIBRARY, .run = (function)

const struct call calls_text[] = {
    {.name = "strlen", .prototype = "size_t strlen(const char *s)",
     .args = {{ARG_STRING, .name = "s"}},
     LIBRARY(run_strlen),
     .summary = "count the bytes of a string",
     .note = "It counts up to the first NUL, and a message that recv() filled in has none unless the peer "
             "sent it: set message[n] = '\\0' first, with n what recv() returned, and leave room for it. "
             "How much to send back is better told by n itself, which also counts NULs among the data.",
     .success = "The number of bytes before the NUL.",
     .man = "strlen(3)", .see = "strcmp strcpy recv", .topic = "text"},
    {.name = "strcmp", .prototype = "int strcmp(const char *s1, const char *s2)",
     .args = {{ARG_STRING, .name = "s1"}, {ARG_STRING, .name = "s2"}},
     LIBRARY(run_strcmp),
     .summary = "compare two strings",
     .note = "Equal is 0, so the condition reads strcmp(a, b) == 0. A line from fgets() still has its "
             "newline.",
     .success = "0 when they are the same; else less or greater than 0, as the first byte that differs.",
     .man = "strcmp(3)", .see = "strncmp memcmp", .topic = "text"},
    {.name = "strncmp", .prototype = "int strncmp(const char *s1, const char *s2, size_t n)",
     .args = {{ARG_POINTER, .name = "s1"}, {ARG_POINTER, .name = "s2"}, {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_strncmp),
     .summary = "compare the beginnings of two strings",
     .note = "strncmp(request, \"GET \", 4) == 0 asks how a message begins, NUL or not.",
     .success = "0 when the first n bytes are the same; else less or greater than 0.",
     .man = "strncmp(3)", .see = "strcmp memcmp", .topic = "text"},
    {.name = "strcpy", .prototype = "char *strcpy(char *dest, const char *src)",
     .args = {{ARG_POINTER, .name = "dest"}, {ARG_STRING, .name = "src"}},
     LIBRARY(run_strcpy),
     .summary = "copy a string with its NUL",
     .note = "It is not told the room of dest. In C, too little of it overwrites whatever comes next in "
             "memory, and a message from the network can choose what; snprintf() with \"%s\" is told.",
     .success = "dest again.",
     .man = "strcpy(3)", .see = "strncpy strcat snprintf", .topic = "text"},
    {.name = "strncpy", .prototype = "char *strncpy(char *dest, const char *src, size_t n)",
     .args = {{ARG_POINTER, .name = "dest"}, {ARG_POINTER, .name = "src"},
              {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_strncpy),
     .summary = "copy at most n bytes of a string",
     .note = "It always writes n bytes, zeros after a shorter string; after one of n bytes or more there is "
             "no NUL. For sun_path: strncpy(a.sun_path, path, sizeof(a.sun_path) - 1) in a struct that was "
             "emptied before.",
     .success = "dest again.",
     .man = "strncpy(3)", .see = "strcpy memcpy", .topic = "text"},
    {.name = "strcat", .prototype = "char *strcat(char *dest, const char *src)",
     .args = {{ARG_POINTER, .name = "dest"}, {ARG_STRING, .name = "src"}},
     LIBRARY(run_strcat),
     .summary = "append a string to another",
     .note = "dest must be a string already and have room for both. Like strcpy() it is not told the room.",
     .success = "dest again.",
     .man = "strcat(3)", .see = "strcpy snprintf", .topic = "text"},
    {.name = "strchr", .prototype = "char *strchr(const char *s, int c)",
     .args = {{ARG_STRING, .name = "s"}, {ARG_INT, .name = "c"}},
     LIBRARY(run_strchr),
     .summary = "find a byte in a string",
     .note = "strchr(line, '\\n') finds where a line from fgets() ends; the NUL itself can be looked for, "
             "too.",
     .success = "A pointer to the first such byte; NULL when there is none.",
     .man = "strchr(3)", .see = "strstr strlen", .topic = "text"},
    {.name = "strstr", .prototype = "char *strstr(const char *haystack, const char *needle)",
     .args = {{ARG_STRING, .name = "haystack"}, {ARG_STRING, .name = "needle"}},
     LIBRARY(run_strstr),
     .summary = "find a string in another",
     .note = "strstr(request, \"\\r\\n\\r\\n\") finds where the head of an HTTP request ends, if all of it "
             "has come: a stream may bring it in pieces.",
     .success = "A pointer to where it begins; NULL when it is not there.",
     .man = "strstr(3)", .see = "strchr strcmp", .topic = "text"},
    {.name = "strcspn", .prototype = "size_t strcspn(const char *s, const char *reject)",
     .args = {{ARG_STRING, .name = "s"}, {ARG_STRING, .name = "reject"}},
     LIBRARY(run_strcspn),
     .summary = "count the bytes up to one of several",
     .note = "line[strcspn(line, \"\\n\")] = '\\0' takes the newline off a line from fgets(), and is right also "
             "where there is none.",
     .success = "How many bytes come before the first of them; the whole length when there is none.",
     .man = "strcspn(3)", .see = "strchr strlen", .topic = "text"},
    {.name = "atoi", .prototype = "int atoi(const char *nptr)",
     .args = {{ARG_STRING, .name = "nptr"}},
     LIBRARY(run_atoi),
     .summary = "the number at the beginning of a string",
     .note = "Programs read their port with it: htons(atoi(argv[1])). It cannot tell \"0\" from \"http\"; "
             "strtol() can.",
     .success = "The number; 0 when there is none.",
     .man = "atoi(3)", .see = "atol strtol", .topic = "text"},
    {.name = "atol", .prototype = "long atol(const char *nptr)",
     .args = {{ARG_STRING, .name = "nptr"}},
     LIBRARY(run_atol),
     .summary = "the number at the beginning of a string, as a long",
     .note = "As atoi(), for larger numbers.",
     .success = "The number; 0 when there is none.",
     .man = "atol(3)", .see = "atoi strtol", .topic = "text"},
    {.name = "strtol", .prototype = "long strtol(const char *nptr, char **endptr, int base)",
     .args = {{ARG_STRING, .name = "nptr"}, {ARG_POINTER, .name = "endptr", .usual = "NULL"},
              {ARG_INT, .name = "base", .usual = "10"}},
     LIBRARY(run_strtol),
     .summary = "a number in a string, and where it ends",
     .note = "Base 10 for ports, 0 for C's notations (0x22b8). It was a number and nothing else if *endptr "
             "is a NUL and is not nptr itself.",
     .success = "The number; 0 when there is none. If endptr is not NULL, *endptr is the first byte after "
                "it.",
     .man = "strtol(3)", .see = "atoi", .topic = "text", .errors = strtol_errors},
    {.name = "strerror", .prototype = "char *strerror(int errnum)",
     .args = {{ARG_INT, .name = "errnum"}},
     LIBRARY(run_strerror),
     .summary = "an errno in words",
     .note = "strerror(errno), right after the call that failed: every further call may change errno.",
     .success = "The sentence, in a buffer that the next call may overwrite.",
     .man = "strerror(3)", .see = "perror gai_strerror", .topic = "text"},
    {.name = NULL},
};
