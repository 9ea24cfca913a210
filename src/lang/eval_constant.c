/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Integer constant expressions (C17 6.6): numbers, names of constants, sizes,
 * and what operators make of them.  They are evaluated like any other; what is
 * asked here is whether a compiler could have done so.
 */
#include "lang/eval.h"

static const struct node *not_constant(struct interp *interp, const struct node *node);

/* The first of the two that is none. */
static const struct node *neither(struct interp *interp, const struct node *a, const struct node *b) {
    const struct node *first = not_constant(interp, a);

    return first ? first : not_constant(interp, b);
}

/* The part that makes an expression none, or NULL.  No deeper than the tree is high. */
static const struct node *not_constant(struct interp *interp, const struct node *node) {
    const struct node *condition;
    const struct name *name;

    switch (node->kind) {
    case NODE_INTEGER:
    case NODE_SIZEOF:
    case NODE_SIZEOF_TYPE:
        return NULL;
    case NODE_NAME:
        name = name_find(interp, node->text);
        return name && name->kind == NAME_VARIABLE ? node : NULL;
    case NODE_CAST:
        return not_constant(interp, node->left);
    case NODE_UNARY:
        return node->op == OP_ADDRESS || node->op == OP_DEREFERENCE ? node : not_constant(interp, node->left);
    case NODE_BINARY:
        return neither(interp, node->left, node->right);
    case NODE_CONDITIONAL:
        condition = not_constant(interp, node->condition);
        return condition ? condition : neither(interp, node->left, node->right);
    default:
        return node;
    }
}

bool eval_constant(struct interp *interp, const struct node *node, const char *what, struct value *result,
                   struct error *error) {
    const struct node *culprit = not_constant(interp, node);

    if (culprit && culprit->kind == NODE_STRING) {
        error_set(error, ERROR_TYPE, culprit->where, "%s is a number, and this is a string", what);
        error_hint(error, "compare strings with strcmp() and if");
        return false;
    }
    if (culprit) {
        struct buf name = {0};
        if (!node_spell(culprit, &name))
            buf_add_text(&name, "this");
        error_set(error, ERROR_TYPE, culprit->where, "%s is a constant, and %s is none", what,
                  buf_text(&name));
        error_hint(error, "write the number, a #define'd name or a constant of an enum");
        buf_free(&name);
        return false;
    }
    if (!eval(interp, node, result, error))
        return false;
    if (result->type->kind == TYPE_INTEGER)
        return true;
    return error_set(error, ERROR_TYPE, node->where, "%s is an integer", what);
}
