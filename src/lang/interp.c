/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interpreter's life and its entry points; interp.h has the map of the rest. */
#include "lang/interp.h"

#include <stdlib.h>

#include "base/mem.h"
#include "lang/eval.h"

struct interp *interp_new(const struct interp_host *host, size_t limit) {
    struct interp *interp = mem_alloc(sizeof(*interp));

    interp->host = *host;
    interp->memory = memory_new(limit);
    interp->types = types_new();
    interp->scope = &interp->outermost;
    interp->frame = FRAME_PROMPT;
    return interp;
}

void interp_free(struct interp *interp) {
    if (!interp)
        return;
    scopes_free(interp);
    trace_free(interp);
    free(interp->place);
    memory_free(interp->memory);
    types_free(interp->types);
    free(interp);
}

enum interp_end interp_run(struct interp *interp, const struct tree *tree, int *status, struct error *error) {
    unsigned loops = interp->loops;

    interp->loops = 0;
    interp->tree = tree;
    enum flow flow = run_program(interp, tree->program, error);
    interp->loops = loops;
    scope_forget_nodes(interp);
    kept_free(interp, &interp->kept);
    switch (flow) {
    case FLOW_RETURN:
        *status = interp->status;
        return INTERP_RETURNED;
    case FLOW_FAIL:
        return INTERP_FAILED;
    case FLOW_NEXT:
    case FLOW_BREAK: /* these two never leave the loop they are in */
    case FLOW_CONTINUE:
        break;
    }
    return INTERP_DONE;
}

void interp_set_place(struct interp *interp, const char *place) {
    free(interp->place);
    interp->place = mem_string(place);
}

bool interp_eval(struct interp *interp, const struct node *expression, struct value *result,
                 struct error *error) {
    return eval(interp, expression, result, error);
}

bool interp_undeclared(struct interp *interp, const struct node *expression) {
    return is_undeclared(interp, expression);
}

bool interp_refuse_undeclared(struct interp *interp, const struct node *name, const char *type,
                              struct error *error) {
    return refuse_undeclared(interp, name, type, error);
}

bool interp_type_of(struct interp *interp, const struct node *expression, const struct type **type,
                    struct error *error) {
    return type_of(interp, expression, type, error);
}

struct memory *interp_memory(struct interp *interp) {
    return interp->memory;
}

struct types *interp_types(struct interp *interp) {
    return interp->types;
}

void interp_quiet(struct interp *interp) {
    interp->quiet = true;
}

static struct variable variable_of(const struct name *name) {
    return (struct variable){name->text, name->type, name->bits};
}

bool interp_find(const struct interp *interp, const char *text, struct variable *found) {
    const struct name *name = name_find(interp, text);

    if (!name || name->kind != NAME_VARIABLE)
        return false;
    *found = variable_of(name);
    return true;
}

size_t interp_variables(const struct interp *interp, size_t from, struct variable *found, size_t most) {
    size_t seen = 0, count = 0;

    for (const struct scope *scope = interp->scope; scope; scope = scope->outer) {
        for (const struct name *name = scope->first; name && count < most; name = name->next) {
            if (name->kind != NAME_VARIABLE || name_find(interp, name->text) != name)
                continue; /* a constant, or hidden by an inner one */
            if (seen++ >= from)
                found[count++] = variable_of(name);
        }
    }
    return count;
}

size_t interp_typedefs(const struct interp *interp, size_t from, const char **found, size_t most) {
    size_t seen = 0, count = 0;

    for (const struct scope *scope = interp->scope; scope; scope = scope->outer) {
        for (const struct name *name = scope->first; name && count < most; name = name->next) {
            if (name->kind != NAME_TYPEDEF || name_find(interp, name->text) != name)
                continue;
            if (seen++ >= from)
                found[count++] = name->text;
        }
    }
    return count;
}

bool interp_is_type(void *context, const char *text) {
    const struct name *name = name_find(context, text);

    return name && name->kind == NAME_TYPEDEF;
}

bool interp_declare(struct interp *interp, const char *text, const struct type *type, struct variable *made,
                    struct error *error) {
    struct name *name = name_find_in(interp, &interp->outermost, text);

    if (name && name->kind != NAME_VARIABLE)
        return name_refuse_variable(name, (struct span){0}, error);
    uint64_t address = memory_make(interp->memory, type->size, MEMORY_VARIABLE, text, error);
    if (!address)
        return false;
    if (name) {
        memory_drop(interp->memory, name->bits);
        name->bits = address;
        name->type = type;
    } else {
        name = name_add(interp, &interp->outermost, text, type, address, NAME_VARIABLE);
    }
    *made = variable_of(name);
    return true;
}

void interp_gave(struct interp *interp, bool descriptor) {
    interp->gave = descriptor;
}

uint64_t interp_changes(const struct interp *interp) {
    return interp->changes + memory_changes(interp->memory);
}
