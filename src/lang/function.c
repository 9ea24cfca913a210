/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learner's functions: defining them, and what outlives their calls. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/eval.h"
#include "lang/parse.h"

struct function *function_find(const struct interp *interp, const char *text) {
    const struct name *name = name_find(interp, text);

    return name && name->kind == NAME_FUNCTION ? name->function : NULL;
}

void function_head(const struct function *function, struct buf *out) {
    const struct node *node = function->node;
    const char *text = function->tree.source + node->where.at;
    size_t length = node->left ? node->left->where.at - node->where.at : node->where.length;

    /* Blanks, newlines and comments between its tokens become one blank. */
    size_t end = 0;
    for (size_t at = 0; at < length; at = end) {
        struct token token = lex_next(text, length, at);
        if (token.kind == TOKEN_END || token.where.length == 0 || text[token.where.at] == ';')
            break;
        if (token.where.at > end && end > 0)
            buf_add_char(out, ' ');
        buf_add(out, text + token.where.at, token.where.length);
        end = token.where.at + token.where.length;
    }
}

/* Static variables */

static struct kept **kept_list(struct interp *interp) {
    return interp->active ? &interp->active->function->kept : &interp->kept;
}

bool kept_place(struct interp *interp, const struct node *node, const struct type *type, struct kept **new,
                struct place *place, struct error *error) {
    struct kept **list = kept_list(interp), *kept = *list;

    while (kept && kept->node != node)
        kept = kept->next;
    *new = NULL;
    if (!kept) {
        uint64_t address = memory_make(interp->memory, type->size, MEMORY_VARIABLE, node->text, error);
        if (!address)
            return error_here(error, node->operator);
        memory_mark(interp->memory, address, type->size, true); /* C17 6.7.9p10: it is 0 */
        kept = mem_alloc(sizeof(*kept));
        *kept = (struct kept){*list, node, type, address};
        *list = *new = kept;
    }
    *place = (struct place){kept->type, kept->address, true, NULL};
    return true;
}

void kept_free(struct interp *interp, struct kept **kept) {
    while (*kept) {
        struct kept *gone = *kept;
        *kept = gone->next;
        memory_drop(interp->memory, gone->address);
        free(gone);
    }
}

/* Definitions */

void function_free(struct interp *interp, struct function *function) {
    if (!function)
        return;
    kept_free(interp, &function->kept);
    tree_free(&function->tree);
    free(function->parameters);
    free(function->place);
    free(function);
}

static bool resolve(struct interp *interp, struct function *function, struct error *error) {
    const struct node *node = function->node;
    size_t i = 0;

    if (!type_resolve(interp, &node->typename, NULL, node->operator, &function->result, error))
        return false;
    if (function->result->kind != TYPE_VOID && !type_is_complete(function->result, node->operator, error))
        return false;
    for (const struct node *parameter = node->list; parameter; parameter = parameter->next, i++) {
        const struct type **type = &function->parameters[i];
        if (!type_resolve(interp, &parameter->typename, NULL, parameter->where, type, error) ||
            !type_is_complete(*type, parameter->where, error))
            return false;
    }
    return true;
}

static bool same_types(const struct function *a, const struct function *b) {
    if (a->result != b->result || a->node->count != b->node->count)
        return false;
    for (size_t i = 0; i < a->node->count; i++)
        if (a->parameters[i] != b->parameters[i])
            return false;
    return true;
}

static bool refuse_known(const struct node *node, const char *what, struct error *error) {
    error_set(error, ERROR_NAME, node->operator,
              "%s is the name of %s: there cannot be a function of that name, too", node->text, what);
    error_hint(error, "choose another name, such as my_%s", node->text);
    return false;
}

/* Were a program's own send() to take the place of the system's, nobody who reads send() here would know
 * which of the two it is. */
static bool check_name(struct interp *interp, const struct node *node, struct error *error) {
    const struct name *known = name_find_in(interp, &interp->outermost, node->text);
    struct value constant;

    if (host_knows(interp, node->text))
        return refuse_known(node, "a call", error);
    if (host_constant(interp, node->text, &constant))
        return refuse_known(node, "a constant", error);
    if (known && known->kind != NAME_FUNCTION)
        return refuse_known(node, known->kind == NAME_VARIABLE ? "a variable" : "something else", error);
    return true;
}

/* What was declared has to be what is defined: those who call it rely on it. */
static bool check_declared(const struct function *old, const struct function *new, struct error *error) {
    struct buf head = {0};

    if (!old || old->node->left || !new->node->left || same_types(old, new))
        return true;
    function_head(old, &head);
    error_set(error, ERROR_TYPE, new->node->operator, "%s() was declared otherwise: %s", new->node->text,
              buf_text(&head));
    error_hint(error, "let the two agree");
    buf_free(&head);
    return false;
}

bool function_define(struct interp *interp, const struct node *node, struct error *error) {
    if (!node->left && host_knows(interp, node->text))
        return true; /* as the manual pages have it: int listen(int sockfd, int backlog); */
    if (!check_name(interp, node, error))
        return false;
    struct name *name = name_find_in(interp, &interp->outermost, node->text);
    struct function *old = name ? name->function : NULL, *function = mem_alloc(sizeof(*function));

    *function = (struct function){.node = node};
    function->parameters = mem_alloc((node->count + 1) * sizeof(const struct type *));
    function->place = mem_string(interp->place ? interp->place : "");
    function->tree = tree_share(interp->tree);
    if (!resolve(interp, function, error) || !check_declared(old, function, error)) {
        function_free(interp, function);
        return false;
    }
    if (old && old->node->left && !node->left) { /* declared once more */
        function_free(interp, function);
        return true;
    }
    if (!name)
        name = name_add(interp, &interp->outermost, node->text, function->result, 0, NAME_FUNCTION);
    name->function = function;
    name->type = function->result;
    if (node->left && interp->host.defined) {
        struct buf head = {0};
        function_head(function, &head);
        interp->host.defined(interp->host.context, node->text, buf_text(&head), old && old->node->left);
        buf_free(&head);
    }
    function_free(interp, old);
    return true;
}
