/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Assignment: = += -= …, ++ and --.  The place is found first, so that a
 * misspelt name on the left is found before a call on the right is made.
 */
#include "lang/eval.h"

static bool refuse_constant(const struct node *node, struct error *error) {
    if (node->kind == NODE_NAME)
        error_set(error, ERROR_TYPE, node->where, "%s is a constant: it cannot be given a value", node->text);
    else
        error_set(error, ERROR_TYPE, node->where, "this cannot be given a value");
    error_hint(error, "only a variable, an element, a field or *p can stand left of =");
    return false;
}

/* The place left of an assignment. */
static bool assigned_place(struct interp *interp, const struct node *node, struct place *place,
                           struct error *error) {
    bool is_name = node->kind == NODE_NAME;

    if (is_name && function_find(interp, node->text))
        return refuse_function_value(node, error);
    if (!is_place(interp, node) && !(is_name && !name_find(interp, node->text)))
        return refuse_constant(node, error);
    struct value constant;
    if (is_name && !name_find(interp, node->text) && host_constant(interp, node->text, &constant))
        return refuse_constant(node, error);
    if (!eval_place(interp, node, place, error))
        return false;
    if (!place->assignable)
        return refuse_constant(node, error);
    if (place->type->kind == TYPE_ARRAY) {
        error_set(error, ERROR_TYPE, node->where, "an array cannot be assigned as a whole");
        error_hint(error, "copy its elements: memcpy(), or strcpy() for a string");
        return false;
    }
    return type_is_complete(place->type, node->where, error);
}

/* Is the value of an expression that was just evaluated what a call in it returned? */
static bool is_result(const struct node *node) {
    while (node != NULL && node->kind != NODE_CALL) {
        if (node->kind == NODE_CAST)
            node = node->left;
        else if (node->kind == NODE_COMMA || (node->kind == NODE_ASSIGN && node->op == OP_NONE))
            node = node->right;
        else
            return false;
    }
    return node != NULL;
}

bool store_from(struct interp *interp, struct place place, struct value value, const struct node *from,
                struct error *error) {
    if (!value_store(interp->memory, place.type, place.address, value, error))
        return false;
    memory_note_descriptor(interp->memory, place.address, place.type->size, interp->gave && is_result(from));
    return true;
}

static bool store(struct interp *interp, const struct node *node, struct place place, struct value value,
                  struct error *error) {
    const struct node *from = node->kind == NODE_ASSIGN && node->op == OP_NONE ? node->right : NULL;
    return store_from(interp, place, value, from, error) || error_here(error, node->left->where);
}

/* name = value with a name that is no variable: now it is one, at the outermost level. */
static bool assign_new(struct interp *interp, const struct node *node, struct value *result,
                       struct error *error) {
    const char *text = node->left->text;
    struct value value, constant;
    bool is_constant = host_constant(interp, text, &constant);

    /* A function is written as it would stand in a file: what is assigned to there is declared. */
    if (!is_constant && interp->active && !host_knows(interp, text))
        return refuse_name(interp, node->left, error);

    if (is_constant && !interp->host.assign)
        return refuse_constant(node->left, error);
    if (!is_constant && host_knows(interp, text)) {
        error_set(error, ERROR_NAME, node->left->where,
                  "%s is the name of a call, and C has no variable of this name", text);
        error_hint(error, "choose another name, such as my_%s", text);
        return false;
    }
    if (!eval(interp, node->right, &value, error))
        return false;
    if (is_constant) {
        if (!interp->host.assign(interp->host.context, interp, text, value, error)) {
            if (error->kind == ERROR_NONE)
                return refuse_constant(node->left, error);
            return error_here(error, node->left->where);
        }
        *result = value;
        return true;
    }
    if (value.type->kind == TYPE_VOID)
        return error_set(error, ERROR_TYPE, node->right->where, "this has no value (void) to give to %s",
                         text);

    const struct name *name = name_find(interp, text); /* x = (x = 3) */
    uint64_t address =
        name ? name->bits : memory_make(interp->memory, value.type->size, MEMORY_VARIABLE, text, error);
    if (!address)
        return error_here(error, node->left->where);
    if (!name)
        name = name_add(interp, &interp->outermost, text, value.type, address, NAME_VARIABLE);
    struct place place = {name->type, address, true, NULL};
    if (!eval_convert(value, place.type, false, node->right, result, error))
        return false;
    return store(interp, node, place, *result, error);
}

bool eval_assign(struct interp *interp, const struct node *node, struct value *result, struct error *error) {
    const struct node *left = node->left;
    struct place place;
    struct value old, value;

    if (node->op == OP_NONE && left->kind == NODE_NAME && !name_find(interp, left->text))
        return assign_new(interp, node, result, error);
    if (!assigned_place(interp, left, &place, error))
        return false;
    if (node->op == OP_NONE) {
        if (!eval(interp, node->right, &value, error))
            return false;
    } else {
        if (!eval_load(interp, left, place, &old, error) || !eval(interp, node->right, &value, error) ||
            !operate(node->op, old, value, node, &value, error))
            return false;
    }
    return eval_convert(value, place.type, false, node->right, result, error) &&
           store(interp, node, place, *result, error);
}

bool eval_step(struct interp *interp, const struct node *node, struct value *result, struct error *error) {
    struct place place;
    struct value old, new;

    if (!assigned_place(interp, node->left, &place, error) ||
        !eval_load(interp, node->left, place, &old, error) ||
        !operate(node->op, old, value_int(1), node, &new, error) ||
        !eval_convert(new, place.type, false, node, &new, error) || !store(interp, node, place, new, error))
        return false;
    *result = node->kind == NODE_PREFIX ? new : old;
    return true;
}
