/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types without values: C's promotions and common types, types as they are
 * written, and the type that an expression has without being evaluated (for
 * sizeof, and for the operand of ?: that is not chosen).
 */
#include <string.h>

#include "lang/eval.h"

const struct type *type_promoted(const struct type *integer) {
    /* C17 6.3.1.1: an int holds all values of every type of lower rank here. */
    return integer->rank < type_int.rank ? &type_int : integer->of ? integer->of : integer;
}

static const struct type *unsigned_of(const struct type *type) {
    if (type->rank == type_int.rank)
        return &type_uint;
    return type->rank == type_long.rank ? &type_ulong : &type_ullong;
}

/* C17 6.3.1.8, the usual arithmetic conversions. */
const struct type *type_common(const struct type *a, const struct type *b) {
    a = type_promoted(a);
    b = type_promoted(b);
    if (a == b)
        return a;
    if (a->is_signed == b->is_signed)
        return a->rank > b->rank ? a : b;

    const struct type *sign = a->is_signed ? a : b, *nosign = a->is_signed ? b : a;
    if (nosign->rank >= sign->rank)
        return nosign;
    return sign->size > nosign->size ? sign : unsigned_of(sign);
}

const struct type *type_conditional(const struct type *a, const struct type *b) {
    if (a == b)
        return a;
    if (a->kind == TYPE_VOID || b->kind == TYPE_VOID)
        return &type_void;
    if (a->kind == TYPE_INTEGER && b->kind == TYPE_INTEGER)
        return type_common(a, b);
    if (a->kind == TYPE_POINTER && (b->kind == TYPE_INTEGER || b->kind == TYPE_POINTER))
        return a->of->kind == TYPE_VOID && b->kind == TYPE_POINTER ? b : a;
    return b->kind == TYPE_POINTER && a->kind == TYPE_INTEGER ? b : NULL;
}

const struct type *type_decayed(struct interp *interp, const struct type *type) {
    return type->kind == TYPE_ARRAY ? types_pointer(interp->types, type->of) : type;
}

bool type_is_complete(const struct type *type, struct span where, struct error *error) {
    if (type->size > 0)
        return true;

    struct buf text = {0};
    type_spell(type, &text);
    error_set(error, ERROR_TYPE, where, "%s has no size", buf_text(&text));
    if (type->kind == TYPE_FILE)
        error_hint(error, "files are known by pointers: FILE *");
    else if (type->kind == TYPE_VOID)
        error_hint(error, "void is no value at all; void * is a pointer to anything");
    else if (type->kind == TYPE_STRUCT)
        error_hint(error, "what it consists of has to be said first: %s { … };", buf_text(&text));
    buf_free(&text);
    return false;
}

static bool array_count(struct interp *interp, const struct type *element, const struct node *node,
                        size_t *count, struct error *error) {
    size_t limit = memory_limit(interp->memory);
    struct value value;

    if (!eval(interp, node, &value, error))
        return false;
    if (value.type->kind != TYPE_INTEGER)
        return error_set(error, ERROR_TYPE, node->where, "the size of an array is a number");
    if (value.bits == 0 || (value.type->is_signed && (int64_t)value.bits < 0)) {
        error_set(error, ERROR_LIMIT, node->where, "an array cannot have %lld elements",
                  (long long)value.bits);
        error_hint(error, "it needs at least 1");
        return false;
    }
    if (value.bits > limit / element->size) {
        error_set(error, ERROR_LIMIT, node->where, "an array of %llu elements of %zu byte%s is too large",
                  (unsigned long long)value.bits, element->size, element->size == 1 ? "" : "s");
        error_hint(error, "all variables of a program may have %zu bytes here", limit);
        return false;
    }
    *count = (size_t)value.bits;
    return true;
}

/* A declarator is bounded by the parser; typedefs could build on one another without end. */
static bool check_chain(const struct type *type, struct span where, struct error *error) {
    unsigned length = 0;

    for (; type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY; type = type->of)
        length++;
    return length <= TYPE_CHAIN_MAX ||
           error_set(error, ERROR_LIMIT, where, "more than %d pointers and arrays on one another",
                     TYPE_CHAIN_MAX);
}

bool type_resolve(struct interp *interp, const struct typename *written, const struct node *initial,
                  struct span where, const struct type **type, struct error *error) {
    const struct type *t = written->base;
    bool pointed_to = written->derived && written->derived->kind == DERIVE_POINTER;

    if (!t && !type_named(interp, written->named, pointed_to, &t, error))
        return false;
    for (const struct derivation *d = written->derived; d; d = d->next) {
        size_t count = 0;

        if (d->kind == DERIVE_POINTER) {
            t = types_pointer(interp->types, t);
            continue;
        }
        if (!type_is_complete(t, where, error))
            return false;
        if (d->count) {
            if (!array_count(interp, t, d->count, &count, error))
                return false;
        } else if (d->next || !initial) {
            error_set(error, ERROR_TYPE, where, "the size of this array is missing");
            error_hint(error, "write it between the brackets, or give it an initialiser to count");
            return false;
        } else if (!initial_count(interp, t, initial, &count, error)) {
            return false;
        }
        t = types_array(interp->types, t, count);
    }
    *type = t;
    return check_chain(t, where, error);
}

static bool refuse_operand(const struct type *type, const struct node *node, struct error *error) {
    struct buf text = {0};

    type_spell(type, &text);
    error_set(error, ERROR_TYPE, node->operator.length ? node->operator : node->where,
              "%s cannot be used with %s", op_text(node->op), buf_text(&text));
    buf_free(&text);
    return false;
}

static bool type_of_name(struct interp *interp, const struct node *node, const struct type **type,
                         struct error *error) {
    const struct name *name = name_find(interp, node->text);
    struct value constant;

    if (name && name->kind == NAME_FUNCTION)
        return refuse_function_value(node, error);
    if (name && name->kind == NAME_TYPEDEF)
        return refuse_type_name(node, error);
    if (name) {
        *type = name->type;
    } else if (host_constant(interp, node->text, &constant)) {
        *type = constant.type;
    } else {
        return refuse_name(interp, node, error);
    }
    return true;
}

static bool type_of_call(struct interp *interp, const struct node *node, const struct type **type,
                         struct error *error) {
    const struct function *function = function_find(interp, node->text);

    if (function) {
        *type = function->result;
        return true;
    }
    *type = interp->host.call_type ? interp->host.call_type(interp->host.context, interp, node->text) : NULL;
    if (*type)
        return true;
    if (!host_knows(interp, node->text))
        return refuse_name(interp, node, error);
    error_set(error, ERROR_TYPE, node->where,
              "the type of what %s() returns is not known before it is called", node->text);
    error_hint(error, "name the type itself, as in sizeof(int)");
    return false;
}

static bool type_of_field(struct interp *interp, const struct node *node, const struct type **type,
                          struct error *error) {
    const struct type *left;

    if (!type_of(interp, node->left, &left, error))
        return false;
    left = type_decayed(interp, left);
    if (node->kind == NODE_ARROW && left->kind == TYPE_POINTER)
        left = left->of;
    const struct field *field = left->kind == TYPE_STRUCT ? type_field(left, node->text) : NULL;
    if (!field)
        return error_set(error, ERROR_TYPE, node->operator, "this has no field %s", node->text);
    *type = field->type;
    return true;
}

static bool type_of_element(struct interp *interp, const struct node *node, const struct type **type,
                            struct error *error) {
    const struct type *left, *right;

    if (!type_of(interp, node->left, &left, error) || !type_of(interp, node->right, &right, error))
        return false;
    left = type_decayed(interp, left);
    right = type_decayed(interp, right);
    if (left->kind != TYPE_POINTER && right->kind != TYPE_POINTER)
        return error_set(error, ERROR_TYPE, node->where, "only an array or a pointer has elements");
    *type = left->kind == TYPE_POINTER ? left->of : right->of;
    return true;
}

static bool type_of_unary(struct interp *interp, const struct node *node, const struct type **type,
                          struct error *error) {
    const struct type *left;

    if (!type_of(interp, node->left, &left, error))
        return false;
    if (node->op == OP_ADDRESS) {
        *type = types_pointer(interp->types, left);
        return true;
    }
    left = type_decayed(interp, left);
    if (node->op == OP_DEREFERENCE && left->kind == TYPE_POINTER) {
        *type = left->of;
        return true;
    }
    if (node->op == OP_NOT && type_is_scalar(left)) {
        *type = &type_int;
        return true;
    }
    if (node->op == OP_DEREFERENCE || left->kind != TYPE_INTEGER)
        return refuse_operand(left, node, error);
    *type = type_promoted(left);
    return true;
}

static bool type_of_binary(struct interp *interp, const struct node *node, const struct type **type,
                           struct error *error) {
    const struct type *left, *right;

    if (!type_of(interp, node->left, &left, error) || !type_of(interp, node->right, &right, error))
        return false;
    left = type_decayed(interp, left);
    right = type_decayed(interp, right);
    if (!type_is_scalar(left) || !type_is_scalar(right))
        return refuse_operand(type_is_scalar(left) ? right : left, node, error);
    switch (node->op) {
    case OP_LESS:
    case OP_GREATER:
    case OP_LESS_EQUAL:
    case OP_GREATER_EQUAL:
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_AND:
    case OP_OR:
        *type = &type_int;
        return true;
    default:
        break;
    }
    bool left_moves = left->kind == TYPE_POINTER, right_moves = right->kind == TYPE_POINTER;
    if (node->op == OP_SUBTRACT && left_moves && right_moves)
        *type = &type_long;
    else if (node->op == OP_ADD && left_moves != right_moves)
        *type = left_moves ? left : right;
    else if (node->op == OP_SUBTRACT && left_moves)
        *type = left;
    else if (left_moves || right_moves)
        return refuse_operand(left_moves ? left : right, node, error);
    else if (node->op == OP_SHIFT_LEFT || node->op == OP_SHIFT_RIGHT)
        *type = type_promoted(left);
    else
        *type = type_common(left, right);
    return true;
}

static bool type_of_choice(struct interp *interp, const struct node *node, const struct type **type,
                           struct error *error) {
    const struct type *left, *right;

    if (!type_of(interp, node->left, &left, error) || !type_of(interp, node->right, &right, error))
        return false;
    *type = type_conditional(type_decayed(interp, left), type_decayed(interp, right));
    return *type || error_set(error, ERROR_TYPE, node->where,
                              "the two sides of ?: have types that do not go together");
}

static bool type_of_kind(struct interp *interp, const struct node *node, const struct type **type,
                         struct error *error) {
    switch (node->kind) {
    case NODE_INTEGER:
        *type = node->type;
        return true;
    case NODE_STRING:
        *type = types_array(interp->types, &type_char, node->text_length + 1);
        return true;
    case NODE_NAME:
        return type_of_name(interp, node, type, error);
    case NODE_CALL:
        return type_of_call(interp, node, type, error);
    case NODE_INDEX:
        return type_of_element(interp, node, type, error);
    case NODE_MEMBER:
    case NODE_ARROW:
        return type_of_field(interp, node, type, error);
    case NODE_UNARY:
        return type_of_unary(interp, node, type, error);
    case NODE_PREFIX:
    case NODE_POSTFIX:
    case NODE_ASSIGN:
        return type_of(interp, node->left, type, error);
    case NODE_BINARY:
        return type_of_binary(interp, node, type, error);
    case NODE_CONDITIONAL:
        return type_of_choice(interp, node, type, error);
    case NODE_COMMA:
        if (!type_of(interp, node->right, type, error))
            return false;
        *type = type_decayed(interp, *type);
        return true;
    case NODE_CAST:
        return type_resolve(interp, &node->typename, NULL, node->where, type, error);
    case NODE_SIZEOF:
    case NODE_SIZEOF_TYPE:
        *type = &type_ulong;
        return true;
    case NODE_COMPOUND:
        return type_resolve(interp, &node->typename, node->left, node->where, type, error);
    default:
        return error_set(error, ERROR_TYPE, node->where, "this has no type");
    }
}

bool type_of(struct interp *interp, const struct node *node, const struct type **type, struct error *error) {
    if (!eval_sink(interp, node, error))
        return false;
    bool known = type_of_kind(interp, node, type, error);
    eval_rise(interp);
    return known;
}

static bool spell(const struct node *node, unsigned depth, struct buf *out);

/* What stands before . -> or [ ]. */
static bool spell_left(const struct node *node, unsigned depth, struct buf *out) {
    if (node->kind != NODE_UNARY)
        return spell(node, depth + 1, out);
    buf_add_char(out, '(');
    bool spelt = spell(node, depth + 1, out);
    buf_add_char(out, ')');
    return spelt;
}

/* Names and their parts only; an index of any other kind is not spelt out. */
static bool spell(const struct node *node, unsigned depth, struct buf *out) {
    if (depth > 8)
        return false;
    switch (node->kind) {
    case NODE_NAME:
        buf_add_text(out, node->text);
        return true;
    case NODE_INTEGER:
        buf_addf(out, "%llu", (unsigned long long)node->integer);
        return true;
    case NODE_MEMBER:
    case NODE_ARROW:
        if (!spell_left(node->left, depth, out))
            return false;
        buf_addf(out, "%s%s", node->kind == NODE_ARROW ? "->" : ".", node->text);
        return true;
    case NODE_INDEX:
        if (!spell_left(node->left, depth, out))
            return false;
        buf_add_char(out, '[');
        if (!spell(node->right, depth + 1, out))
            return false;
        buf_add_char(out, ']');
        return true;
    case NODE_UNARY:
        if (node->op != OP_DEREFERENCE)
            return false;
        buf_add_char(out, '*');
        return spell(node->left, depth + 1, out);
    default:
        return false;
    }
}

bool node_spell(const struct node *node, struct buf *out) {
    struct buf text = {0};
    bool spelt = spell(node, 0, &text) && text.length > 0 && text.length <= 80;

    if (spelt)
        buf_add(out, text.data, text.length);
    buf_free(&text);
    return spelt;
}
