/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * switch.  A compiler looks at the labels once, here it is done whenever the
 * statement is run: they are few, and a label is no worse understood for it.
 * Keeping their values with the tree was rejected: #define and enum at the
 * prompt may give a name another value between two runs.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "lang/eval.h"

/* A label and its value, converted to the type of the condition (C17 6.8.4.2p5). */
struct label {
    uint64_t bits;
    const struct node *node;
};

static int by_value(const void *a, const void *b) {
    const struct label *x = a, *y = b;

    if (x->bits != y->bits)
        return x->bits < y->bits ? -1 : 1;
    return x->node->where.at < y->node->where.at ? -1 : 1;
}

static bool refuse_twice(const struct label *label, const struct type *type, struct error *error) {
    if (type->is_signed)
        error_set(error, ERROR_TYPE, label->node->where, "this switch has a case %lld already",
                  (long long)label->bits);
    else
        error_set(error, ERROR_TYPE, label->node->where, "this switch has a case %llu already",
                  (unsigned long long)label->bits);
    error_hint(error, "constants of other names may have the same value; leave one of them out");
    return false;
}

/* All values of the labels are different.  They are sorted on the way. */
static bool check_labels(struct label *labels, size_t count, const struct type *type, struct error *error) {
    if (count > 1)
        qsort(labels, count, sizeof(*labels), by_value);
    for (size_t i = 1; i < count; i++)
        if (labels[i].bits == labels[i - 1].bits)
            return refuse_twice(&labels[i], type, error);
    return true;
}

/* All labels but default into `labels`, which has room for each statement. */
static bool read_labels(struct interp *interp, const struct node *node, const struct type *type,
                        struct label *labels, size_t *count, const struct node **otherwise,
                        struct error *error) {
    struct value value;

    for (const struct node *item = node->list; item; item = item->next) {
        if (item->kind != NODE_CASE)
            continue;
        if (!item->left) {
            if (*otherwise)
                return error_set(error, ERROR_SYNTAX, item->where, "this switch has a `default` already");
            *otherwise = item;
            continue;
        }
        if (!eval_constant(interp, item->left, "a case", &value, error))
            return false;
        labels[(*count)++] = (struct label){value_of(type, value.bits).bits, item};
    }
    return check_labels(labels, *count, type, error);
}

/* Where a switch on this value goes on; *target is NULL when nowhere. */
static bool find_label(struct interp *interp, const struct node *node, struct value value,
                       const struct node **target, struct error *error) {
    struct label *labels = mem_grow(NULL, node->count + 1, sizeof(*labels));
    size_t count = 0;

    *target = NULL;
    bool good = read_labels(interp, node, value.type, labels, &count, target, error);
    for (size_t i = 0; good && i < count; i++)
        if (labels[i].bits == value.bits)
            *target = labels[i].node;
    free(labels);
    return good;
}

/* Variables that stand before the label are there, but have no value: their initialisers are jumped over. */
static bool declare_before(struct interp *interp, const struct node *node, const struct node *target,
                           struct error *error) {
    for (const struct node *item = node->list; item != target; item = item->next) {
        bool is_declaration = item->kind == NODE_DECLARE || item->kind == NODE_TYPEDEF;
        if (is_declaration && !define_types(interp, item, error))
            return false;
        for (const struct node *d = item->list; d && item->kind == NODE_DECLARE; d = d->next)
            if (!declare_only(interp, d, error))
                return false;
    }
    return true;
}

static bool eval_number(struct interp *interp, const struct node *node, struct value *value,
                        struct error *error) {
    if (!eval(interp, node->condition, value, error))
        return false;
    if (value->type->kind != TYPE_INTEGER) {
        error_set(error, ERROR_TYPE, node->condition->where, "switch is about an integer, and this is none");
        error_hint(error, "use if … else if … else; strcmp() compares strings");
        return false;
    }
    *value = value_of(type_promoted(value->type), value->bits);
    return true;
}

enum flow run_switch(struct interp *interp, const struct node *node, struct error *error) {
    const struct node *target;
    struct scope scope;
    struct value value;

    if (!eval_number(interp, node, &value, error) || !find_label(interp, node, value, &target, error))
        return FLOW_FAIL;
    if (!target)
        return FLOW_NEXT;
    interp->loops++; /* something to break out of */
    scope_enter(interp, &scope);
    enum flow flow = FLOW_FAIL;
    if (declare_before(interp, node, target, error))
        flow = run_list(interp, target, error);
    scope_leave(interp);
    interp->loops--;
    return flow == FLOW_BREAK ? FLOW_NEXT : flow;
}
