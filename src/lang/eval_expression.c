/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: the walk over the tree.  Every value is decayed: an array has become a pointer. */
#include <string.h>

#include "base/suggest.h"
#include "lang/eval.h"

bool error_here(struct error *error, struct span where) {
    if (error && error->where.at == 0 && error->where.length == 0)
        error->where = where;
    return false;
}

bool eval_sink(struct interp *interp, const struct node *node, struct error *error) {
    if (interp->depth >= EVAL_DEPTH_MAX + interp->calls * EVAL_DEPTH_CALL) {
        error_set(error, ERROR_LIMIT, node->where, "this is nested too deeply: %u levels are the limit",
                  EVAL_DEPTH_MAX + interp->calls * EVAL_DEPTH_CALL);
        error_hint(error, interp->calls > 1 ? "a function that calls itself needs a case in which it does not"
                                            : "split it into several statements");
        return false;
    }
    interp->depth++;
    return true;
}

void eval_rise(struct interp *interp) {
    interp->depth--;
}

bool eval_stopped(struct interp *interp, const struct node *node, struct error *error) {
    if (!interp->host.stop || !interp->host.stop(interp->host.context, error))
        return false;
    error_set(error, ERROR_INTERRUPTED, node->where, "interrupted"); /* unless the host has said it better */
    if (interp->active) /* at the prompt it is the whole line that was interrupted */
        error_here(error, (struct span){node->where.at, 1});
    return true;
}

bool host_knows(const struct interp *interp, const char *call) {
    return interp->host.known && interp->host.known(interp->host.context, call);
}

bool host_constant(struct interp *interp, const char *name, struct value *result) {
    return interp->host.constant && interp->host.constant(interp->host.context, interp, name, result);
}

bool is_undeclared(struct interp *interp, const struct node *node) {
    struct value constant;

    return node->kind == NODE_NAME && !name_find(interp, node->text) &&
           !host_constant(interp, node->text, &constant) && !host_knows(interp, node->text);
}

bool refuse_undeclared(struct interp *interp, const struct node *node, const char *type, struct error *error) {
    struct suggestion near;

    if (!type)
        return refuse_name(interp, node, error);
    suggest_start(&near, node->text);
    name_suggest(interp, &near); /* calls and constants would be no help here */
    error_set(error, ERROR_NAME, node->where, "there is no variable %s", node->text);
    if (near.best)
        error_hint(error, "did you mean %s?", near.best);
    else
        error_hint(error, "declare it first: %s%s%s", type, type[strlen(type) - 1] == '*' ? "" : " ", node->text);
    return false;
}

bool refuse_name(struct interp *interp, const struct node *node, struct error *error) {
    bool is_call = node->kind == NODE_CALL;
    struct span where = is_call && node->operator.length ? node->operator : node->where;
    struct suggestion near;

    if (is_call && name_find(interp, node->text)) {
        error_set(error, ERROR_TYPE, where, "%s is a variable: it cannot be called", node->text);
        return false;
    }
    if (!is_call && host_knows(interp, node->text)) {
        error_set(error, ERROR_NAME, where, "%s is a call, not a variable", node->text);
        error_hint(error, "call it with its arguments in ( ), or see .help %s", node->text);
        return false;
    }
    const char *remedy = interp->host.remedy ? interp->host.remedy(interp->host.context, node->text) : NULL;
    if (remedy) {
        error_set(error, ERROR_NAME, where, is_call ? "there is no call %s here" : "there is no %s yet", node->text);
        error_hint(error, "%s", remedy);
        return false;
    }
    suggest_start(&near, node->text);
    if (!is_call)
        name_suggest(interp, &near);
    const char *of_host =
        interp->host.suggest ? interp->host.suggest(interp->host.context, node->text) : NULL;
    if (of_host)
        suggest_offer(&near, of_host);
    if (!near.best)
        near.best = of_host; /* the host may know better than the distance */
    error_set(error, ERROR_NAME, where,
              is_call ? "there is no call %s" : "there is no variable or constant %s", node->text);
    if (near.best)
        error_hint(error, "did you mean %s?", near.best);
    else if (is_call)
        error_hint(error, "a function of your own is defined before it is called: int %s(…) { … }", node->text);
    else
        error_hint(error, interp->active ? "declare it first, as in int %s"
                                         : "declare it first, as in int %s, or give it a value: %s = 0",
                   node->text, node->text);
    return false;
}

bool eval_convert(struct value from, const struct type *to, bool cast, const struct node *node,
                  struct value *result, struct error *error) {
    return value_convert(from, to, cast, result, error) || error_here(error, node->where);
}

bool eval_condition(struct interp *interp, const struct node *node, bool *result, struct error *error) {
    struct value value;

    if (!eval(interp, node, &value, error))
        return false;
    if (!type_is_scalar(value.type)) {
        struct buf text = {0};
        type_spell(value.type, &text);
        error_set(error, ERROR_TYPE, node->where, "a condition is a number or a pointer, and this is %s",
                  buf_text(&text));
        buf_free(&text);
        return false;
    }
    *result = value_is_true(value);
    return true;
}

static bool eval_name(struct interp *interp, const struct node *node, struct value *result,
                      struct error *error) {
    const struct name *name = name_find(interp, node->text);

    if (!name)
        return host_constant(interp, node->text, result) || refuse_name(interp, node, error);
    if (name->kind == NAME_FUNCTION)
        return refuse_function_value(node, error);
    if (name_has_place(name)) {
        struct place place = {name->type, name->bits, name->kind == NAME_VARIABLE, NULL};
        return eval_load(interp, node, place, result, error);
    }
    if (name->kind == NAME_TYPEDEF)
        return refuse_type_name(node, error);
    if (name->type->kind == TYPE_VOID) {
        error_set(error, ERROR_NAME, node->where, "%s was #define'd as nothing", node->text);
        error_hint(error, "give it a value: #define %s 1", node->text);
        return false;
    }
    *result = (struct value){name->type, name->bits};
    return true;
}

static bool eval_call(struct interp *interp, const struct node *node, struct value *result,
                      struct error *error) {
    struct function *function = function_find(interp, node->text);

    if (function)
        return eval_function(interp, function, node, result, error);
    if (!host_knows(interp, node->text))
        return refuse_name(interp, node, error);
    if (eval_stopped(interp, node, error))
        return false;
    *result = (struct value){.type = &type_void};
    return interp->host.call(interp->host.context, interp, node, result, error) ||
           error_here(error, node->where);
}

static bool eval_unary(struct interp *interp, const struct node *node, struct value *result,
                       struct error *error) {
    struct value operand;
    struct place place;

    if (node->op != OP_ADDRESS)
        return eval(interp, node->left, &operand, error) &&
               operate_unary(node->op, operand, node, result, error);

    if (node->left->kind == NODE_INDEX) {
        if (!eval_element(interp, node->left, true, &place, error))
            return false;
    } else if (!eval_place(interp, node->left, &place, error)) {
        return false;
    }
    *result = (struct value){types_pointer(interp->types, place.type), place.address};
    return true;
}

static bool eval_binary(struct interp *interp, const struct node *node, struct value *result,
                        struct error *error) {
    struct value left, right;

    if (node->op == OP_AND || node->op == OP_OR) {
        bool truth;
        if (!eval_condition(interp, node->left, &truth, error))
            return false;
        if (truth == (node->op == OP_AND) && !eval_condition(interp, node->right, &truth, error))
            return false;
        *result = value_int(truth);
        return true;
    }
    return eval(interp, node->left, &left, error) && eval(interp, node->right, &right, error) &&
           operate(node->op, left, right, node, result, error);
}

/* C gives both sides one type, whichever is chosen. */
static bool eval_choice(struct interp *interp, const struct node *node, struct value *result,
                        struct error *error) {
    bool truth;
    struct value chosen;
    const struct type *other;
    struct error unknown = {0};

    if (!eval_condition(interp, node->condition, &truth, error) ||
        !eval(interp, truth ? node->left : node->right, &chosen, error))
        return false;
    if (!type_of(interp, truth ? node->right : node->left, &other, &unknown)) {
        if (unknown.kind == ERROR_NAME || unknown.kind == ERROR_LIMIT) {
            if (error->kind == ERROR_NONE)
                *error = unknown;
            else
                error_free(&unknown);
            return false;
        }
        error_free(&unknown); /* a call whose type only it knows: the chosen side has its own */
        *result = chosen;
        return true;
    }
    const struct type *type = type_conditional(chosen.type, type_decayed(interp, other));
    if (!type)
        return error_set(error, ERROR_TYPE, node->where,
                         "the two sides of ?: have types that do not go together");
    return eval_convert(chosen, type, type->kind == TYPE_VOID, node, result, error);
}

static bool eval_sizeof(struct interp *interp, const struct node *node, struct value *result,
                        struct error *error) {
    const struct type *type;

    if (node->kind == NODE_SIZEOF ? !type_of(interp, node->left, &type, error)
                                  : !type_resolve(interp, &node->typename, NULL, node->where, &type, error))
        return false;
    *result = value_of(&type_ulong, type->size);
    return type_is_complete(type, node->where, error);
}

static bool eval_cast(struct interp *interp, const struct node *node, struct value *result,
                      struct error *error) {
    const struct type *type;
    struct value value;

    return type_resolve(interp, &node->typename, NULL, node->where, &type, error) &&
           eval(interp, node->left, &value, error) && eval_convert(value, type, true, node, result, error);
}

static bool eval_kind(struct interp *interp, const struct node *node, struct value *result,
                      struct error *error) {
    struct place place;
    struct value ignored;

    switch (node->kind) {
    case NODE_INTEGER:
        *result = value_of(node->type, node->integer);
        return true;
    case NODE_NAME:
        return eval_name(interp, node, result, error);
    case NODE_CALL:
        return eval_call(interp, node, result, error);
    case NODE_STRING:
    case NODE_INDEX:
    case NODE_MEMBER:
    case NODE_ARROW:
    case NODE_COMPOUND:
        return eval_place(interp, node, &place, error) && eval_load(interp, node, place, result, error);
    case NODE_UNARY:
        if (node->op == OP_DEREFERENCE)
            return eval_place(interp, node, &place, error) && eval_load(interp, node, place, result, error);
        return eval_unary(interp, node, result, error);
    case NODE_PREFIX:
    case NODE_POSTFIX:
        return eval_step(interp, node, result, error);
    case NODE_BINARY:
        return eval_binary(interp, node, result, error);
    case NODE_ASSIGN:
        return eval_assign(interp, node, result, error);
    case NODE_CONDITIONAL:
        return eval_choice(interp, node, result, error);
    case NODE_COMMA:
        return eval(interp, node->left, &ignored, error) && eval(interp, node->right, result, error);
    case NODE_CAST:
        return eval_cast(interp, node, result, error);
    case NODE_SIZEOF:
    case NODE_SIZEOF_TYPE:
        return eval_sizeof(interp, node, result, error);
    case NODE_ADDRESS:
        error_set(error, ERROR_TYPE, node->where,
                  "an address in this form can only be an argument of a call");
        error_hint(error, "fill in the fields of a struct sockaddr_in instead");
        return false;
    case NODE_INITIALIZER:
        error_set(error, ERROR_TYPE, node->where, "{ } can only initialise a variable here");
        error_hint(error, "in an expression, write its type before it: (struct sockaddr_in){ … }");
        return false;
    default:
        return error_set(error, ERROR_SYNTAX, node->where, "a value is needed here");
    }
}

bool eval(struct interp *interp, const struct node *node, struct value *result, struct error *error) {
    if (!eval_sink(interp, node, error))
        return false;
    bool done = eval_kind(interp, node, result, error);
    eval_rise(interp);
    return done;
}
