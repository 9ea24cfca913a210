/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A little host for the interpreter, for the tests of src/lang: a few calls
 * and constants, what was shown as text, and a budget of statements.
 */
#ifndef SOCKSHELL_TESTS_LITTLE_HOST_H
#define SOCKSHELL_TESTS_LITTLE_HOST_H

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "lang/interp.h"
#include "lang/parse.h"

struct little_host {
    struct interp *interp;
    struct buf shown; /* "(int) 42\n" a value */
    long budget;      /* statements and calls before stop; negative: without end */
    int number;       /* what errno is */
    unsigned calls;   /* how many were made */
};

static bool little_known(void *context, const char *name) {
    static const char *const calls[] = {"twice", "nothing", "quiet", "far", "htons"};

    (void)context;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (strcmp(calls[i], name) == 0)
            return true;
    return false;
}

/* twice(x) is an int, far() a long (and says so beforehand), nothing() void, quiet(x) needs no line. */
static bool little_call(void *context, struct interp *interp, const struct node *call, struct value *result,
                        struct error *error) {
    struct little_host *host = context;
    struct value argument = value_int(0);

    host->calls++;
    if (call->list && !interp_eval(interp, call->list, &argument, error))
        return false;
    if (strcmp(call->text, "twice") == 0) {
        if (argument.type->kind != TYPE_INTEGER)
            return error_set(error, ERROR_TYPE, (struct span){0}, "twice() needs a number");
        *result = value_int((int64_t)(argument.bits * 2));
    } else if (strcmp(call->text, "htons") == 0) {
        *result = value_of(&type_ushort, htons((uint16_t)argument.bits));
    } else if (strcmp(call->text, "far") == 0) {
        *result = value_of(&type_long, argument.bits);
    } else if (strcmp(call->text, "quiet") == 0) {
        interp_quiet(interp);
        *result = argument;
    }
    return true;
}

static const struct type *little_call_type(void *context, struct interp *interp, const char *name) {
    (void)context;
    (void)interp;
    return strcmp(name, "far") == 0 ? &type_long : NULL;
}

static bool little_constant(void *context, struct interp *interp, const char *name, struct value *result) {
    struct little_host *host = context;

    if (strcmp(name, "AF_INET") == 0)
        *result = value_int(AF_INET);
    else if (strcmp(name, "errno") == 0)
        *result = value_int(host->number);
    else if (strcmp(name, "NULL") == 0)
        *result = (struct value){types_pointer(interp_types(interp), &type_void), 0};
    else if (strcmp(name, "stdout") == 0)
        *result = (struct value){types_pointer(interp_types(interp), &type_file), VALUE_STDOUT};
    else
        return false;
    return true;
}

static bool little_assign(void *context, struct interp *interp, const char *name, struct value value,
                          struct error *error) {
    struct little_host *host = context;

    (void)interp;
    if (strcmp(name, "errno") != 0 || !value_convert(value, &type_int, false, &value, error))
        return false;
    host->number = (int)(int64_t)value.bits;
    return true;
}

static const char *little_suggest(void *context, const char *name) {
    (void)context;
    return strncmp(name, "twi", 3) == 0 ? "twice" : NULL;
}

static void little_show(void *context, struct interp *interp, struct value value) {
    struct little_host *host = context;

    buf_add_char(&host->shown, '(');
    type_spell(value.type, &host->shown);
    buf_add_text(&host->shown, ") ");
    value_show(interp_memory(interp), value, &host->shown);
    buf_add_char(&host->shown, '\n');
}

static bool little_stop(void *context, struct error *error) {
    struct little_host *host = context;

    (void)error; /* the interpreter has words of its own */
    return host->budget == 0 || (host->budget > 0 && --host->budget == 0);
}

static void little_start(struct little_host *host, size_t memory_limit) {
    const struct interp_host callbacks = {
        .context = host,
        .known = little_known,
        .call = little_call,
        .call_type = little_call_type,
        .constant = little_constant,
        .assign = little_assign,
        .suggest = little_suggest,
        .show = little_show,
        .stop = little_stop,
    };

    *host = (struct little_host){.budget = -1};
    host->interp = interp_new(&callbacks, memory_limit);
}

static void little_end(struct little_host *host) {
    interp_free(host->interp);
    buf_free(&host->shown);
}

/* Parse and run; what is shown is in host->shown afterwards. */
static enum interp_end little_run(struct little_host *host, const char *text, size_t length, int *status,
                                  struct error *error) {
    struct tree tree;

    buf_clear(&host->shown);
    const struct parse_types types = {interp_is_type, host->interp};
    if (!parse_with(text, length, &types, &tree, error))
        return INTERP_FAILED;
    enum interp_end end = interp_run(host->interp, &tree, status, error);
    tree_free(&tree);
    return end;
}

#endif
