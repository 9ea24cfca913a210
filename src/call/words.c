/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bare words to C: `socket inet stream` is `socket(AF_INET, SOCK_STREAM)`.
 * Only the line's form is looked at; whether the C makes sense is found out
 * when it is run, as for any other.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "call/call.h"

#define NAME_MAX_LENGTH 64

struct words {
    bool (*is_variable)(void *context, const char *name);
    void *context;
    struct buf *out;
};

struct word {
    const char *text;
    size_t length;
};

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* The length of the name that a word begins with. */
static size_t name_length(struct word word) {
    size_t length = 0;

    if (word.length > 0 && isdigit((unsigned char)word.text[0]))
        return 0;
    while (length < word.length && is_name_char(word.text[length]))
        length++;
    return length;
}

static bool is_number(struct word word) {
    size_t i = word.length > 1 && word.text[0] == '-' ? 1 : 0;

    if (word.length == 0 || !isdigit((unsigned char)word.text[i]))
        return false;
    while (i < word.length && isalnum((unsigned char)word.text[i]))
        i++;
    return i == word.length;
}

/* Does the word begin with the name of a variable, and go on as C would:  x  x.y  x->y  x[1]  x+1 ? */
static bool begins_with_variable(const struct words *words, struct word word) {
    char name[NAME_MAX_LENGTH];
    size_t length = name_length(word);

    if (length == 0 || length >= sizeof name)
        return false;
    memcpy(name, word.text, length);
    name[length] = '\0';
    if (length < word.length && strchr(".-[+(", word.text[length]) == NULL)
        return false;
    /* server.example.com:80 is a host, whatever server is; so is server-2:80. */
    if (memchr(word.text, ':', word.length) != NULL)
        return false;
    return words->is_variable(words->context, name);
}

/* ---- the line into words ------------------------------------------------- */

static size_t skip_blanks(const char *line, size_t at) {
    while (line[at] == ' ' || line[at] == '\t')
        at++;
    return at;
}

/* A word ends at a blank, a statement at a semicolon, outside quotes and brackets. */
static size_t word_end(const char *line, size_t at) {
    size_t depth = 0;
    char quote = '\0';

    for (; line[at] != '\0'; at++) {
        char c = line[at];
        if (quote != '\0') {
            if (c == '\\' && line[at + 1] != '\0')
                at++;
            else if (c == quote)
                quote = '\0';
        } else if (c == '"' || (c == '\'' && depth > 0)) {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
            depth--;
        } else if ((c == ' ' || c == '\t' || c == ';') && depth == 0) {
            break;
        }
    }
    return at;
}

/* Could this, after a call's name, be the first word rather than the rest of a C expression? */
static bool starts_word(const char *text) {
    if (text[0] == '\0' || isalnum((unsigned char)text[0]) || strchr("_\"/@'", text[0]) != NULL)
        return true;
    if (text[0] == '-')
        return isdigit((unsigned char)text[1]);
    if (text[0] == '&' || text[0] == '*' || text[0] == '.')
        return is_name_char(text[1]) || text[1] == ':' || text[1] == '/';
    return (unsigned char)text[0] >= 0x80;
}

/* ---- a word into an argument --------------------------------------------- */

/* The constant of a set that the word means: its name, with or without the prefix, in any case. */
static const struct constant *constant_of(const struct constant_set *set, struct word word) {
    size_t prefix = set->prefix != NULL ? strlen(set->prefix) : 0;

    for (size_t i = 0; i < set->count; i++) {
        const char *name = set->items[i].name;
        if (strlen(name) == word.length && strncasecmp(name, word.text, word.length) == 0)
            return &set->items[i];
    }
    for (size_t i = 0; i < set->count; i++) {
        const char *name = set->items[i].name;
        if (prefix > 0 && strncmp(name, set->prefix, prefix) == 0 && strlen(name + prefix) == word.length &&
            strncasecmp(name + prefix, word.text, word.length) == 0)
            return &set->items[i];
    }
    return NULL;
}

static const struct constant *find_constant(const struct constant_set *set, struct word word) {
    /* Sets beside the argument's own: an option's set depends on the level, a level may be a protocol. */
    static const struct constant_set *const options[] = {&constants_tcp, &constants_ip, &constants_ipv6,
                                                         NULL};
    static const struct constant_set *const levels[] = {&constants_protocol, NULL};
    static const struct constant_set *const none[] = {NULL};
    const struct constant_set *const *others = set == &constants_option  ? options
                                               : set == &constants_level ? levels
                                                                         : none;
    const struct constant *found = constant_of(set, word);

    for (; found == NULL && *others != NULL; others++)
        found = constant_of(*others, word);
    return found;
}

/* stream|nonblock: each part that is a constant gets its full name. */
static void add_constants(const struct words *words, const struct constant_set *set, struct word word) {
    while (word.length > 0) {
        const char *bar = memchr(word.text, '|', word.length);
        struct word part = {word.text, bar != NULL ? (size_t)(bar - word.text) : word.length};
        const struct constant *constant = set != NULL && !is_number(part) ? find_constant(set, part) : NULL;
        if (constant != NULL)
            buf_add_text(words->out, constant->name);
        else
            buf_add(words->out, part.text, part.length);
        word.text += part.length;
        word.length -= part.length;
        if (word.length > 0) {
            buf_add_text(words->out, " | ");
            word.text++;
            word.length--;
        }
    }
}

static bool equals(struct word word, const char *text) {
    return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

/* Where a string may stand, every word that is no C of its own is one. */
static bool is_c(const struct words *words, struct word word) {
    char c = word.text[0];

    return c == '"' || c == '&' || c == '(' || c == '{' || equals(word, "NULL") ||
           begins_with_variable(words, word);
}

static void add_argument(const struct words *words, const struct call_arg *arg, struct word word) {
    switch (arg->kind) {
    case ARG_CONST:
    case ARG_FLAGS:
        add_constants(words, arg->set, word);
        return;
    case ARG_BYTES_IN:
    case ARG_STRING:
    case ARG_ADDRESS_IN:
        if (is_c(words, word))
            break;
        buf_add_char(words->out, '"');
        escape_c(words->out, word.text, word.length);
        buf_add_char(words->out, '"');
        return;
    case ARG_END:
    case ARG_INT:
    case ARG_FD:
    case ARG_SIZE:
    case ARG_BYTES_OUT:
    case ARG_ADDRESS_OUT:
    case ARG_LENGTH:
    case ARG_INT_OUT:
    case ARG_MORE:
        break;
    case ARG_POINTER:
        if (arg->set == NULL)
            break;
        add_constants(words, arg->set, word);
        return;
    }
    buf_add(words->out, word.text, word.length);
}

static bool from_words(const char *line, bool (*is_variable)(void *context, const char *name), void *context,
                       struct buf *out) {
    const struct words words = {is_variable, context, out};
    static const struct call_arg superfluous = {.kind = ARG_INT};
    char name[NAME_MAX_LENGTH];
    size_t at = skip_blanks(line, 0), start = at, end = strlen(line);

    while (is_name_char(line[at]))
        at++;
    if (at == start || at - start >= sizeof name || strpbrk(line, "\r\n") != NULL)
        return false;
    memcpy(name, line + start, at - start);
    name[at - start] = '\0';
    const struct call *call = call_find(name);
    if (call == NULL || is_variable(context, name) || strchr(" \t;", line[at]) == NULL)
        return false;
    /* `listen 3 5;` is a slip of a C programmer's finger. */
    while (end > at && strchr(" \t;", line[end - 1]) != NULL)
        end--;
    at = skip_blanks(line, at);
    if (at < end && !starts_word(line + at))
        return false;

    for (size_t i = at; i < end; i = skip_blanks(line, word_end(line, i)))
        if (line[i] == ';')
            return false; /* several statements: C, then */

    const struct call_arg *arg = call->args;
    buf_addf(out, "%s(", name);
    for (size_t count = 0; at < end; count++) {
        size_t stop = word_end(line, at);
        struct word word = {line + at, (stop < end ? stop : end) - at};
        if (count > 0)
            buf_add_text(out, ", ");
        bool known = arg->kind != ARG_END && arg->kind != ARG_MORE;
        add_argument(&words, known ? arg : &superfluous, word);
        if (known)
            arg++;
        at = skip_blanks(line, stop);
    }
    buf_add_char(out, ')');
    return true;
}

/* Past `name =` or `int name =`, which may stand before the words; 0 when the line does not begin so. */
static size_t past_target(const char *line) {
    size_t at = skip_blanks(line, 0);

    if (strncmp(line + at, "int", 3) == 0 && strchr(" \t", line[at + 3]) != NULL && line[at + 3] != '\0')
        at = skip_blanks(line, at + 3);
    size_t start = at;
    while (is_name_char(line[at]))
        at++;
    if (at == start)
        return 0;
    at = skip_blanks(line, at);
    return line[at] == '=' && line[at + 1] != '=' ? skip_blanks(line, at + 1) : 0;
}

bool call_from_words(const char *line, bool (*is_variable)(void *context, const char *name), void *context,
                     struct buf *out) {
    size_t target = past_target(line), before = out->length;

    buf_add(out, line, target);
    /* A lone name there is C already: `x = socket` is about the name. */
    bool words = (target == 0 || strpbrk(line + target, " \t") != NULL) &&
                 from_words(line + target, is_variable, context, out);
    if (!words && out->length > before) {
        out->length = before;
        out->data[before] = '\0';
    }
    return words;
}
