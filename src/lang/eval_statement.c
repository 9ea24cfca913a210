/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements.  A block's scope lies on our own stack, so that every way out of it leaves it. */
#include "lang/eval.h"

static enum flow run(struct interp *interp, const struct node *node, struct error *error);

enum flow run_list(struct interp *interp, const struct node *first, struct error *error) {
    enum flow flow = FLOW_NEXT;

    for (const struct node *node = first; node && flow == FLOW_NEXT; node = node->next)
        flow = run(interp, node, error);
    return flow;
}

static enum flow run_block(struct interp *interp, const struct node *node, struct error *error) {
    struct scope scope;

    scope_enter(interp, &scope);
    enum flow flow = run_list(interp, node->list, error);
    scope_leave(interp);
    return flow;
}

/* What if and the loops have under them is a block of its own, braces or not (C17 6.8.4, 6.8.5). */
static enum flow run_body(struct interp *interp, const struct node *node, struct error *error) {
    struct scope scope;

    if (node->kind == NODE_BLOCK)
        return run(interp, node, error);
    scope_enter(interp, &scope);
    enum flow flow = run(interp, node, error);
    scope_leave(interp);
    return flow;
}

static enum flow run_if(struct interp *interp, const struct node *node, struct error *error) {
    bool truth;

    if (!eval_condition(interp, node->condition, &truth, error))
        return FLOW_FAIL;
    const struct node *body = truth ? node->left : node->right;
    if (!body)
        interp->untaken = node;
    return body ? run_body(interp, body, error) : FLOW_NEXT;
}

/* One round's flow, as the loop takes it: may it go on? */
static bool round_continues(enum flow *flow) {
    switch (*flow) {
    case FLOW_NEXT:
        return true;
    case FLOW_CONTINUE:
        *flow = FLOW_NEXT;
        return true;
    case FLOW_BREAK:
        *flow = FLOW_NEXT;
        return false;
    case FLOW_RETURN:
    case FLOW_FAIL:
        break;
    }
    return false;
}

/* while, do, and for after its first part.  A round's body is a statement: the host is asked in each. */
static enum flow run_loop(struct interp *interp, const struct node *node, struct error *error) {
    enum flow flow = FLOW_NEXT;
    struct value ignored;
    bool truth = true;

    interp->loops++;
    for (bool first = true;; first = false) {
        if (node->condition && !(first && node->kind == NODE_DO) &&
            !eval_condition(interp, node->condition, &truth, error)) {
            flow = FLOW_FAIL;
            break;
        }
        if (!truth)
            break;
        flow = run_body(interp, node->left, error);
        if (!round_continues(&flow))
            break;
        if (node->step && !eval(interp, node->step, &ignored, error)) {
            flow = FLOW_FAIL;
            break;
        }
    }
    interp->loops--;
    return flow;
}

static enum flow run_for(struct interp *interp, const struct node *node, struct error *error) {
    struct scope scope;
    enum flow flow = FLOW_NEXT;
    struct value ignored;

    scope_enter(interp, &scope);
    if (node->first && (node->first->kind == NODE_DECLARE || node->first->kind == NODE_EXPRESSION))
        flow = run(interp, node->first, error);
    else if (node->first && !eval(interp, node->first, &ignored, error))
        flow = FLOW_FAIL;
    if (flow == FLOW_NEXT)
        flow = run_loop(interp, node, error);
    scope_leave(interp);
    return flow;
}

static enum flow run_jump(struct interp *interp, const struct node *node, enum flow flow,
                          struct error *error) {
    if (interp->loops > 0)
        return flow;
    error_set(error, ERROR_SYNTAX, node->where, "there is nothing here to %s",
              flow == FLOW_BREAK ? "break out of" : "continue");
    return FLOW_FAIL;
}

static enum flow run_return(struct interp *interp, const struct node *node, struct error *error) {
    struct value value = value_int(0);

    if (interp->active)
        return run_function_return(interp, node, error);
    if (node->left && (!eval(interp, node->left, &value, error) ||
                       !eval_convert(value, &type_int, false, node->left, &value, error)))
        return FLOW_FAIL;
    interp->status = (int)(int64_t)value.bits;
    return FLOW_RETURN;
}

static enum flow run_declarations(struct interp *interp, const struct node *node, struct error *error) {
    if (!define_types(interp, node, error))
        return FLOW_FAIL;
    for (const struct node *declarator = node->list; declarator && node->kind == NODE_DECLARE;
         declarator = declarator->next)
        if (!declare(interp, declarator, error))
            return FLOW_FAIL;
    return FLOW_NEXT;
}

static enum flow run_kind(struct interp *interp, const struct node *node, struct error *error) {
    struct value ignored;

    switch (node->kind) {
    case NODE_EXPRESSION:
        return eval(interp, node->left, &ignored, error) ? FLOW_NEXT : FLOW_FAIL;
    case NODE_DECLARE:
    case NODE_TYPEDEF:
        return run_declarations(interp, node, error);
    case NODE_BLOCK:
        return run_block(interp, node, error);
    case NODE_IF:
        return run_if(interp, node, error);
    case NODE_WHILE:
    case NODE_DO:
        return run_loop(interp, node, error);
    case NODE_FOR:
        return run_for(interp, node, error);
    case NODE_BREAK:
        return run_jump(interp, node, FLOW_BREAK, error);
    case NODE_SWITCH:
        return run_switch(interp, node, error);
    case NODE_CONTINUE:
        return run_jump(interp, node, FLOW_CONTINUE, error);
    case NODE_RETURN:
        return run_return(interp, node, error);
    case NODE_EMPTY:
    case NODE_CASE: /* fallen through to */
        return FLOW_NEXT;
    case NODE_FUNCTION:
        return function_define(interp, node, error) ? FLOW_NEXT : FLOW_FAIL;
    case NODE_DEFINE:
        return define(interp, node, error) ? FLOW_NEXT : FLOW_FAIL;
    default:
        error_set(error, ERROR_SYNTAX, node->where, "a statement is needed here");
        return FLOW_FAIL;
    }
}

static enum flow run(struct interp *interp, const struct node *node, struct error *error) {
    if (eval_stopped(interp, node, error) || !eval_sink(interp, node, error))
        return FLOW_FAIL;
    enum flow flow = run_kind(interp, node, error);
    eval_rise(interp);
    return flow;
}

/* An assignment shows nothing, nor does a call that has been shown in a line of its own. */
static bool is_worth_showing(const struct interp *interp, const struct node *node, struct value value) {
    if (value.type->kind == TYPE_VOID)
        return false;
    switch (node->kind) {
    case NODE_ASSIGN:
    case NODE_PREFIX:
    case NODE_POSTFIX:
        return false;
    case NODE_CALL:
        return !interp->quiet;
    case NODE_COMMA:
        return is_worth_showing(interp, node->right, value);
    case NODE_CAST:
        return node->left->kind != NODE_CALL || !interp->quiet;
    default:
        return true;
    }
}

/* An expression statement of the outermost list.  An array is shown as what it holds, not as an address. */
static enum flow run_shown(struct interp *interp, const struct node *node, struct error *error) {
    const struct node *expression = node->left;
    struct value value;
    struct place place;

    if (eval_stopped(interp, node, error))
        return FLOW_FAIL;
    interp->quiet = false;
    if (is_place(interp, expression)) {
        if (!eval_place(interp, expression, &place, error))
            return FLOW_FAIL;
        if (place.type->kind == TYPE_ARRAY)
            value = (struct value){place.type, place.address};
        else if (!eval_load(interp, expression, place, &value, error))
            return FLOW_FAIL;
    } else if (!eval(interp, expression, &value, error)) {
        return FLOW_FAIL;
    }
    if (interp->host.show && is_worth_showing(interp, expression, value))
        interp->host.show(interp->host.context, interp, value);
    return FLOW_NEXT;
}

/* The if to which an else after this statement would belong (C17 6.8.4.1: the nearest, and only that one
 * is remembered), or NULL.  Within a loop it is one that has been run any number of times: nothing can be added to it. */
static const struct node *open_if(const struct node *statement) {
    const struct node *open = NULL;
    bool in_loop = false, open_in_loop = false;

    for (;;) {
        switch (statement->kind) {
        case NODE_IF:
            if (!statement->right) {
                open = statement;
                open_in_loop = in_loop;
            }
            statement = statement->right ? statement->right : statement->left;
            break;
        case NODE_WHILE:
        case NODE_FOR:
            in_loop = true;
            statement = statement->left;
            break;
        case NODE_ELSE:
            statement = statement->left;
            break;
        default:
            return open_in_loop ? NULL : open;
        }
    }
}

/* An else that continues the submission before. */
static enum flow run_else(struct interp *interp, const struct node *node, enum open_else open,
                          struct error *error) {
    if (open == ELSE_IS_PASSED)
        return FLOW_NEXT;
    if (open == ELSE_RUNS)
        return run_body(interp, node->left, error);
    error_set(error, ERROR_SYNTAX, node->operator, ELSE_ALONE);
    error_hint(error, ELSE_REMEDY);
    return FLOW_FAIL;
}

static enum flow run_outermost(struct interp *interp, const struct node *node, enum open_else open,
                               struct error *error) {
    if (node->kind == NODE_ELSE)
        return run_else(interp, node, open, error);
    return node->kind == NODE_EXPRESSION ? run_shown(interp, node, error) : run(interp, node, error);
}

enum flow run_program(struct interp *interp, const struct node *program, struct error *error) {
    enum open_else open = interp->open_else;
    const struct node *last = NULL, *last_if = NULL;
    enum flow flow = FLOW_NEXT;

    if (!program->list) /* a comment */
        return flow;
    interp->open_else = ELSE_HAS_NO_IF;
    interp->untaken = NULL;
    for (const struct node *node = program->list; node && flow == FLOW_NEXT; node = node->next) {
        flow = run_outermost(interp, node, open, error);
        last = node;
    }
    if (flow == FLOW_NEXT)
        last_if = open_if(last);
    if (last_if)
        interp->open_else = interp->untaken == last_if ? ELSE_RUNS : ELSE_IS_PASSED;
    interp->untaken = NULL; /* the tree goes */
    return flow;
}
