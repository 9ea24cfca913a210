/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expectations about what was done: results, output, ends, mistakes, calls. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lesson/expect_parts.h"

/* "3", "ANY", "-1", "-1 ECONNREFUSED" */
bool read_result(struct reading *reading) {
    struct expectation *made = reading->made;
    if (strcmp(reading->rest, "ANY") == 0) {
        made->any = true;
        return true;
    }
    const char *end;
    if (!read_number(reading->rest, &made->number, &end)) {
        load_fail(reading->error, reading_place(reading, reading->rest), "a result is missing here");
        error_hint(reading->error,
                   "a number, ANY for any success, or -1 and the name of the error: -1 ECONNREFUSED");
        return false;
    }
    end = skip_blanks(end);
    if (*end == '\0')
        return true;
    if (made->number != -1)
        return load_fail(reading->error, reading_place(reading, end),
                         "only -1 is followed by the name of an error");
    int64_t number = 0;
    if (!read_constant(reading, end, &constants_errno, "the name of an error", &number))
        return false;
    made->error = (int)number;
    return true;
}

/* "", "in recv" */
bool read_blocks(struct reading *reading) {
    const char *name = reading->rest;
    if (strncmp(name, "in ", 3) == 0)
        name = skip_blanks(name + 3);
    else if (*name != '\0')
        return load_fail(reading->error, reading_place(reading, name),
                         "after \"blocks\" stands nothing, or: in accept");
    else {
        reading->made->wanted = mem_string("");
        return true;
    }
    if (!call_find(name))
        return load_fail(reading->error, reading_place(reading, name), "\"%s\" is not a call", name);
    reading->made->wanted = mem_string(name);
    return true;
}

bool read_prints(struct reading *reading) {
    return read_string(reading, reading->rest, "what is printed");
}

bool read_value(struct reading *reading) {
    if (*reading->rest == '\0')
        return load_fail(reading->error, reading_place(reading, reading->rest), "the value is missing here");
    reading->made->wanted = mem_string(reading->rest);
    return true;
}

bool read_exits(struct reading *reading) {
    const char *end;
    int64_t *status = &reading->made->number;
    if (read_number(reading->rest, status, &end) && *skip_blanks(end) == '\0' && *status >= 0 &&
        *status <= 255)
        return true;
    return load_fail(reading->error, reading_place(reading, reading->rest),
                     "an exit status is a number from 0 to 255");
}

bool read_killed(struct reading *reading) {
    return read_constant(reading, reading->rest, &constants_signal, "the name of a signal",
                         &reading->made->number);
}

/* The kinds of mistakes that can end a statement. */
static const enum error_kind fault_kinds[] = {
    ERROR_SYNTAX,     ERROR_NAME,  ERROR_TYPE,        ERROR_MEMORY,
    ERROR_ARITHMETIC, ERROR_LIMIT, ERROR_INTERRUPTED, ERROR_USAGE,
};
enum { FAULT_KINDS = sizeof(fault_kinds) / sizeof(*fault_kinds) };

static const char *fault_word(const void *context, size_t i) {
    (void)context;
    return i < FAULT_KINDS ? error_kind_name(fault_kinds[i]) : NULL;
}

bool read_fault(struct reading *reading) {
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        if (strcmp(error_kind_name(fault_kinds[i]), reading->rest) == 0) {
            reading->made->fault = fault_kinds[i];
            return true;
        }
    }
    load_fail(reading->error, reading_place(reading, reading->rest), "\"%s\" is not a kind of mistake",
              reading->rest);
    load_suggest(reading->error, reading->rest, fault_word, NULL,
                 "the kinds are syntax, name, type, memory, arithmetic, limit, interrupted, usage");
    return false;
}

/* `send(4, "hello", 5, 0) = 5`; the result may be left out, and `...` stands for anything. */
bool read_calls(struct reading *reading) {
    char *name = mem_string_n(reading->rest, strcspn(reading->rest, "( \t="));
    const struct call *call = call_find(name);
    bool good = call && (call->flags & (CALL_SYSTEM | CALL_TOLD)) && reading->rest[strlen(name)] == '(';
    if (!good) {
        load_fail(reading->error, reading_place(reading, reading->rest),
                  call ? "\"%s\" needs its arguments, and be a system call" : "\"%s\" is not a call", name);
        error_hint(reading->error,
                   "as in a transcript, ... for what does not matter: calls send(4, ...) = 5");
    }
    free(name);
    if (!good)
        return false;
    reading->made->wanted = mem_string(reading->rest);
    const char *error = strstr(reading->rest, "= -1 E");
    if (error) {
        int64_t number = 0;
        if (!read_constant(reading, error + 5, &constants_errno, "the name of an error", &number))
            return false;
        reading->made->error = (int)number;
    }
    return true;
}
