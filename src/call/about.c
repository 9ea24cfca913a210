/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a template (call.asks).  The same reader writes what a call is about
 * to ask and, with no call under way, checks the rows; so what passes the check
 * cannot fail later.
 *
 *     text       = ( characters | "{" name [":" form] "}" | "{" choice "}" )*
 *     choice     = "?" conditions ":" text [ "|" ( choice | text ) ]
 *     conditions = condition ("," condition)*                            one of them must hold
 *     condition  = ["!"] name [ "." word | ("=" | "<" | "&") value ]
 *     value      = number | constant | name
 */
#include "call/about.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/caller.h"

struct reading {
    const struct call *call;
    const struct invocation *inv; /* NULL: only checked */
    const char *at;
    struct buf *out;
    struct error *error;
};

struct token {
    const char *text;
    size_t length;
};

static bool refuse(const struct reading *r, struct token token, const char *why) {
    struct span where = {(uint32_t)(token.text - r->call->asks), (uint32_t)token.length};
    return error_set(r->error, ERROR_SYNTAX, where, "%s(): in what it asks, \"%.*s\" %s", r->call->name,
                     (int)token.length, token.text, why);
}

/* Up to a character that ends a name, a form, a word or a value. */
static struct token take(struct reading *r) {
    struct token token = {r->at, strcspn(r->at, ":{}|,.=<&")};
    r->at += token.length;
    return token;
}

static bool expect(struct reading *r, char wanted) {
    if (*r->at != wanted)
        return refuse(r, (struct token){r->at, *r->at != '\0'}, "stands where the braces should go on");
    r->at++;
    return true;
}

static bool find_argument(const struct call *call, struct token token, size_t *i) {
    for (*i = 0; call->args[*i].kind != ARG_END; (*i)++)
        if (strlen(call->args[*i].name) == token.length &&
            memcmp(call->args[*i].name, token.text, token.length) == 0)
            return true;
    return false;
}

static bool is_number(enum arg_kind kind) {
    return kind == ARG_INT || kind == ARG_FD || kind == ARG_CONST || kind == ARG_FLAGS || kind == ARG_SIZE;
}

/* ---- Conditions ---- */

static bool take_value(struct reading *r, int64_t *value) {
    struct token token = take(r);
    char text[64], *end;
    size_t i;
    if (token.length == 0 || token.length >= sizeof text)
        return refuse(r, token, "is no value");
    memcpy(text, token.text, token.length);
    text[token.length] = '\0';
    *value = strtoll(text, &end, 10);
    if (*end == '\0')
        return true;
    const struct constant *constant = constant_find(text);
    if (constant != NULL) {
        *value = constant->value;
        return true;
    }
    if (!find_argument(r->call, token, &i) || !is_number(r->call->args[i].kind))
        return refuse(r, token, "is neither a number nor a constant nor an argument with a number");
    *value = r->inv != NULL ? r->inv->raw[i].i : 0;
    return true;
}

/* "=", "<" or "&" and a value.  Of flags of which some bits are one field (SOCK_STREAM), = compares the field. */
static bool compare(struct reading *r, struct token name, size_t i, bool *holds) {
    const struct call_arg *arg = &r->call->args[i];
    char operator= * r->at++;
    int64_t right = 0, left = r->inv != NULL ? r->inv->raw[i].i : 0;
    if (!is_number(arg->kind))
        return refuse(r, name, "is no number to be compared");
    if (!take_value(r, &right))
        return false;
    if (operator== '<')
        *holds = left < right;
    else if (operator== '&')
        *holds = (left & right) != 0;
    else
        *holds = (arg->kind == ARG_FLAGS && arg->set->mask != 0 ? left & arg->set->mask : left) == right;
    return true;
}

static bool ask_word(struct reading *r, size_t i, bool *holds) {
    r->at++;
    struct token token = take(r);
    const struct about_word *word = about_word_find(token.text, token.length, r->call->args[i].kind);
    if (word == NULL)
        return refuse(r, token, "is nothing that can be asked of this argument");
    *holds = r->inv != NULL && word->is(r->inv, i);
    return true;
}

static bool is_given(const struct reading *r, size_t i) {
    if (r->inv == NULL)
        return false;
    return is_number(r->call->args[i].kind) ? r->inv->raw[i].i != 0 : !invocation_null(r->inv, i);
}

static bool take_condition(struct reading *r, bool *holds) {
    bool negated = *r->at == '!';
    size_t i;
    r->at += negated;
    struct token name = take(r);
    if (!find_argument(r->call, name, &i))
        return refuse(r, name, "is no argument of it");
    bool fine = true;
    if (*r->at == '.')
        fine = ask_word(r, i, holds);
    else if (*r->at == '=' || *r->at == '<' || *r->at == '&')
        fine = compare(r, name, i, holds);
    else
        *holds = is_given(r, i);
    *holds ^= negated;
    return fine;
}

static bool take_conditions(struct reading *r, bool *any) {
    bool one = false;
    *any = false;
    do {
        if (!take_condition(r, &one))
            return false;
        *any |= one;
    } while (*r->at == ',' && *r->at++);
    return expect(r, ':');
}

/* ---- Texts ---- */

static bool take_text(struct reading *r, bool said, bool inside);

static bool take_choice(struct reading *r, bool said) {
    bool holds;
    r->at++;
    if (!take_conditions(r, &holds) || !take_text(r, said && holds, true))
        return false;
    if (*r->at == '|' && *++r->at == '?')
        return take_choice(r, said && !holds);
    if (r->at[-1] == '|' && !take_text(r, said && !holds, true))
        return false;
    return expect(r, '}');
}

static bool take_argument(struct reading *r, bool said) {
    struct token name = take(r);
    size_t i;
    if (!find_argument(r->call, name, &i))
        return refuse(r, name, "is no argument of it");
    void (*write)(const struct invocation *, size_t, struct buf *) = about_argument;
    if (*r->at == ':') {
        r->at++;
        struct token token = take(r);
        const struct about_form *form = about_form_find(token.text, token.length);
        if (form == NULL || !(form->kinds & 1u << r->call->args[i].kind))
            return refuse(r, token, "is no form of this argument");
        write = form->write;
    }
    if (said && r->inv != NULL)
        write(r->inv, i, r->out);
    return expect(r, '}');
}

/* Up to the end, or, inside braces, to the | or } that ends this text. */
static bool take_text(struct reading *r, bool said, bool inside) {
    for (;;) {
        size_t plain = strcspn(r->at, inside ? "{|}" : "{}");
        if (said && r->inv != NULL)
            buf_add(r->out, r->at, plain);
        r->at += plain;
        if (*r->at != '{')
            return inside || *r->at == '\0' || refuse(r, (struct token){r->at, 1}, "closes nothing");
        r->at++;
        if (!(*r->at == '?' ? take_choice(r, said) : take_argument(r, said)))
            return false;
    }
}

bool about_check(const struct call *call, struct error *error) {
    struct reading r = {.call = call, .at = call->asks, .error = error};
    return take_text(&r, true, false);
}

void print_about(const struct invocation *inv, struct buf *out) {
    struct error error = {0};
    struct reading r = {.call = inv->call, .inv = inv, .at = inv->call->asks, .out = out, .error = &error};
    int before = errno;
    if (inv->call->asks != NULL)
        take_text(&r, true, false);
    error_free(&error);
    errno = before;
}
