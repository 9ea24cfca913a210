/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls of the learner's own functions.  The arguments are evaluated where the
 * call stands; then the function has a frame of its own, whose names nobody
 * else sees and whose objects end when it returns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/eval.h"

#define CALLS_MAX 200 /* of functions, one within the other */

/* An argument, converted to its parameter's type. */
struct argument {
    struct value value;
    bool is_descriptor; /* it comes from a variable that is noted to hold one */
};

bool refuse_function_value(const struct node *node, struct error *error) {
    error_set(error, ERROR_NAME, node->where, "%s is a function, not a variable", node->text);
    error_hint(error, "call it with its arguments in ( ); there are no pointers to functions here");
    return false;
}

/* Arguments */

static bool refuse_count(const struct function *function, const struct node *call, struct error *error) {
    size_t wanted = function->node->count;
    struct buf head = {0};

    error_set(error, ERROR_TYPE, call->operator, "%s() takes %zu argument%s, and %zu %s given",
              function->node->text, wanted, wanted == 1 ? "" : "s", call->count,
              call->count == 1 ? "was" : "were");
    function_head(function, &head);
    error_hint(error, "%s", buf_text(&head));
    buf_free(&head);
    return false;
}

/* It was just evaluated: is it a descriptor that is known as one, by the variable it is in or the call that
 * gave it? */
static bool gave_descriptor(struct interp *interp, const struct node *node) {
    const struct name *name = node->kind == NODE_NAME ? name_find(interp, node->text) : NULL;

    if (name)
        return name->kind == NAME_VARIABLE && memory_descriptor_noted(interp->memory, name->bits) != 0;
    return node->kind == NODE_CALL && interp->gave;
}

static bool take_arguments(struct interp *interp, const struct function *function, const struct node *call,
                           struct argument *arguments, struct error *error) {
    size_t i = 0;

    for (const struct node *node = call->list; node; node = node->next, i++) {
        struct value value;
        if (!eval(interp, node, &value, error) ||
            !eval_convert(value, function->parameters[i], false, node, &arguments[i].value, error))
            return false;
        arguments[i].is_descriptor = gave_descriptor(interp, node);
    }
    return true;
}

/* The parameters, as variables of the function's own. */
static bool make_parameters(struct interp *interp, const struct function *function,
                            const struct argument *arguments, struct error *error) {
    size_t i = 0;

    for (const struct node *node = function->node->list; node; node = node->next, i++) {
        const struct type *type = function->parameters[i];
        uint64_t address = memory_make(interp->memory, type->size, MEMORY_VARIABLE, node->text, error);
        if (!address)
            return error_here(error, node->where);
        name_add(interp, interp->scope, node->text, type, address, NAME_VARIABLE);
        if (!value_store(interp->memory, type, address, arguments[i].value, error))
            return error_here(error, node->where);
        memory_note_descriptor(interp->memory, address, type->size, arguments[i].is_descriptor);
        if (node->is_const && type->kind != TYPE_POINTER)
            memory_freeze(interp->memory, address);
    }
    return true;
}

/* Results */

static enum flow keep_result(struct interp *interp, struct activation *active, struct value value,
                             const struct node *node, struct error *error) {
    struct place place;

    if (!eval_convert(value, active->function->result, false, node, &active->result, error))
        return FLOW_FAIL;
    active->returned = true;
    if (active->result.type->kind != TYPE_STRUCT)
        return FLOW_RETURN;
    /* It is still in a variable of the function's, which is about to end. */
    if (!result_place(interp, active->scope.outer, active->call, active->result.type, &place, error) ||
        !value_store(interp->memory, place.type, place.address, active->result, error)) {
        error_here(error, node->where);
        return FLOW_FAIL;
    }
    active->result.bits = place.address;
    return FLOW_RETURN;
}

enum flow run_function_return(struct interp *interp, const struct node *node, struct error *error) {
    struct value value;

    interp->gave = false;
    if (!node->left)
        return FLOW_RETURN;
    if (!eval(interp, node->left, &value, error))
        return FLOW_FAIL;
    interp->gave = gave_descriptor(interp, node->left);
    return keep_result(interp, interp->active, value, node->left, error);
}

/* What the call is worth to who made it.  A function may come to its end without `return`, if nobody uses the
 * value (C17 6.9.1p12); main() returns 0 then (5.1.2.2.3). */
static bool give_result(const struct activation *ended, struct value *result, struct error *error) {
    const struct function *function = ended->function;
    const struct node *call = ended->call;
    const char *name = function->node->text;

    *result = (struct value){.type = &type_void};
    if (ended->returned) {
        *result = ended->result;
        return true;
    }
    if (function->result->kind == TYPE_VOID)
        return true;
    if (strcmp(name, "main") == 0 && function->result->kind == TYPE_INTEGER) {
        *result = value_of(function->result, 0);
        return true;
    }
    if (call->is_statement)
        return true;
    error_set(error, ERROR_TYPE, call->operator,
              "%s() came to its end without `return`, and its value is needed here", name);
    error_hint(error, "whichever way it takes, it has to end with `return` and a value");
    return false;
}

/* The call itself */

static bool refuse_depth(const struct function *function, const struct node *call, struct error *error) {
    const char *name = function->node->text;

    error_set(error, ERROR_LIMIT, call->operator,
              "%s() is called too deeply: %d calls are under way, and none has returned", name, CALLS_MAX);
    error_hint(error, "a function that calls itself needs a case in which it does not");
    return false;
}

/* A child of fork() goes on from here, too: all that is needed is on the stack or in the interpreter. */
static bool run_body(struct interp *interp, struct activation *active, const struct argument *arguments,
                     struct error *error) {
    const struct node *body = active->function->node->left;
    unsigned loops = interp->loops, frame = interp->frame;

    interp->calls++;
    interp->frame = FRAME_PROMPT + interp->calls;
    interp->loops = 0;
    active->caller = interp->active;
    interp->active = active;
    interp->gave = false;
    scope_enter(interp, &active->scope);
    bool good = make_parameters(interp, active->function, arguments, error) &&
                run_list(interp, body->list, error) != FLOW_FAIL;
    scope_leave(interp);
    interp->active = active->caller;
    interp->loops = loops;
    interp->frame = frame;
    interp->calls--;
    interp->quiet = false;
    return good;
}

static bool call_with(struct interp *interp, struct function *function, const struct node *call,
                      const struct argument *arguments, struct value *result, struct error *error) {
    struct activation active = {.function = function, .call = call};

    if (run_body(interp, &active, arguments, error))
        return give_result(&active, result, error);
    trace_leave(interp, &active, error);
    return false;
}

static bool refuse_undefined(const struct function *function, const struct node *call, struct error *error) {
    struct buf head = {0};

    function_head(function, &head);
    error_set(error, ERROR_NAME, call->operator, "%s() is declared, but not defined", call->text);
    error_hint(error, "define it first: %s { … }", buf_text(&head));
    buf_free(&head);
    return false;
}

bool eval_function(struct interp *interp, struct function *function, const struct node *node,
                   struct value *result, struct error *error) {
    if (!function->node->left)
        return refuse_undefined(function, node, error);
    if (node->count != function->node->count)
        return refuse_count(function, node, error);
    if (interp->calls >= CALLS_MAX)
        return refuse_depth(function, node, error);
    if (eval_stopped(interp, node, error))
        return false;
    struct argument *arguments = mem_alloc((node->count + 1) * sizeof(*arguments));
    bool good = take_arguments(interp, function, node, arguments, error) &&
                call_with(interp, function, node, arguments, result, error);
    free(arguments);
    return good;
}

/* main() of a program */

static bool refuse_main(const struct function *function, struct error *error) {
    error_set(error, ERROR_TYPE, function->node->operator, "main() has other parameters than C's");
    error_hint(error, "int main(void), or int main(int argc, char *argv[])");
    return false;
}

static bool is_argv(const struct type *type) {
    return type->kind == TYPE_POINTER && type->of->kind == TYPE_POINTER && type->of->of == &type_char;
}

static bool make_text(struct interp *interp, const char *text, size_t i, uint64_t *address,
                      struct error *error) {
    char label[32];
    size_t size = strlen(text) + 1;

    snprintf(label, sizeof(label), "argv[%zu]", i);
    *address = memory_make(interp->memory, size, MEMORY_VARIABLE, label, error);
    unsigned char *bytes = *address ? memory_write(interp->memory, *address, size, error) : NULL;
    if (!bytes)
        return false;
    memcpy(bytes, text, size);
    memory_mark(interp->memory, *address, size, true);
    return true;
}

/* The array argv and its texts, which belong to the program (C17 5.1.2.2.1) and live as long as the
 * interpreter: after a mistake in it, what its variables point to can still be looked at. */
static bool make_argv(struct interp *interp, size_t count, char *const *texts, struct value *argv,
                      struct error *error) {
    const struct type *text = types_pointer(interp->types, &type_char);
    uint64_t array = memory_make(interp->memory, (count + 1) * text->size, MEMORY_VARIABLE, "argv", error);

    for (size_t i = 0; array && i <= count; i++) {
        uint64_t address = 0;
        if (i < count && !make_text(interp, texts[i], i, &address, error))
            return false;
        if (!value_store(interp->memory, text, array + i * text->size, (struct value){text, address}, error))
            return false;
    }
    *argv = (struct value){types_pointer(interp->types, text), array};
    return array != 0;
}

enum interp_end interp_main(struct interp *interp, size_t count, char *const *texts, int *status,
                            struct error *error) {
    struct function *function = function_find(interp, "main");
    struct argument arguments[2] = {0};
    struct value result;

    if (!function || !function->node->left) {
        error_set(error, ERROR_NAME, (struct span){0}, "there is no main() to begin with");
        error_hint(error, "a program has one: int main(void) { … }");
        return INTERP_FAILED;
    }
    if (function->node->count != 0) {
        if (function->node->count != 2 || function->parameters[0] != &type_int ||
            !is_argv(function->parameters[1])) {
            refuse_main(function, error);
            return INTERP_FAILED;
        }
        arguments[0].value = value_int((int64_t)count);
        if (!make_argv(interp, count, texts, &arguments[1].value, error))
            return INTERP_FAILED;
    }
    if (!call_with(interp, function, NULL, arguments, &result, error))
        return INTERP_FAILED;
    *status = result.type->kind == TYPE_INTEGER ? (int)(int64_t)result.bits : 0;
    return INTERP_RETURNED;
}
