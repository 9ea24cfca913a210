/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places: what stands left of an assignment, what & takes the address of, and
 * where values are read from.  Finding a place touches no memory; reading and
 * writing it does, and is checked there.
 */
#include "base/suggest.h"
#include "lang/eval.h"

bool is_place(const struct interp *interp, const struct node *node) {
    const struct name *name;

    switch (node->kind) {
    case NODE_STRING:
    case NODE_INDEX:
    case NODE_MEMBER:
    case NODE_ARROW:
    case NODE_COMPOUND:
        return true;
    case NODE_UNARY:
        return node->op == OP_DEREFERENCE;
    case NODE_NAME:
        name = name_find(interp, node->text);
        return name && name_has_place(name);
    default:
        return false;
    }
}

/* `node` is what holds the pointer. */
static bool refuse_null(const struct node *node, struct error *error) {
    struct buf name = {0};

    if (!node_spell(node, &name))
        buf_add_text(&name, "this pointer");
    error_set(error, ERROR_MEMORY, node->where, "%s is NULL: it points to nothing", buf_text(&name));
    error_hint(error, "a call that failed may have returned it; let it point to something first");
    buf_free(&name);
    return false;
}

static bool refuse_kind(const struct type *type, const char *needed, const struct node *node,
                        struct error *error) {
    struct buf text = {0};

    type_spell(type, &text);
    error_set(error, ERROR_TYPE, node->where, "%s, and this is of type %s", needed, buf_text(&text));
    buf_free(&text);
    return false;
}

static bool refuse_field(const struct type *type, const struct node *node, struct error *error) {
    struct suggestion near;
    struct buf all = {0};

    suggest_start(&near, node->text);
    for (size_t i = 0; i < type->field_count; i++) {
        suggest_offer(&near, type->fields[i].name);
        buf_addf(&all, "%s%s", i ? ", " : "", type->fields[i].name);
    }
    error_set(error, ERROR_NAME, node->operator.length ? node->operator : node->where, "%s has no field %s",
              type->name, node->text);
    if (near.best)
        error_hint(error, "did you mean %s?", near.best);
    else
        error_hint(error, "its fields are %s", buf_text(&all));
    buf_free(&all);
    return false;
}

static bool place_field(struct place whole, const struct node *node, struct place *place,
                        struct error *error) {
    const struct field *field = type_field(whole.type, node->text);

    if (!type_is_complete(whole.type, node->where, error))
        return false;
    if (!field)
        return refuse_field(whole.type, node, error);
    *place = (struct place){field->type, 0, whole.assignable, field};
    return operate_offset(whole.address, (int64_t)field->offset, node, &place->address, error);
}

/* The struct of the system's that has such a field; the names of fields begin with letters of their struct's, so there
 * is seldom more than one.  NULL: none. */
static const struct type *struct_with(const char *field) {
    const char *tag;

    for (size_t i = 0; (tag = type_struct_name(i)); i++)
        if (type_field(type_struct(tag), field))
            return type_struct(tag);
    return NULL;
}

/* server.sin_family with no server: the field tells what it should have been. */
static bool refuse_undeclared_struct(struct interp *interp, const struct node *node, struct error *error) {
    const struct type *type = struct_with(node->text);
    struct buf spelt = {0};

    if (type)
        buf_addf(&spelt, "%s%s", type->name, node->kind == NODE_ARROW ? " *" : "");
    refuse_undeclared(interp, node->left, type ? buf_text(&spelt) : NULL, error);
    buf_free(&spelt);
    return false;
}

static bool place_member(struct interp *interp, const struct node *node, struct place *place,
                         struct error *error) {
    struct place whole;

    if (is_undeclared(interp, node->left))
        return refuse_undeclared_struct(interp, node, error);
    if (!eval_place(interp, node->left, &whole, error))
        return false;
    if (whole.type->kind != TYPE_STRUCT) {
        refuse_kind(whole.type, "only a struct has fields", node->left, error);
        if (whole.type->kind == TYPE_POINTER && whole.type->of->kind == TYPE_STRUCT)
            error_hint(error, "it points to a struct: write ->%s", node->text);
        return false;
    }
    return place_field(whole, node, place, error);
}

static bool place_arrow(struct interp *interp, const struct node *node, struct place *place,
                        struct error *error) {
    struct value left;

    if (is_undeclared(interp, node->left))
        return refuse_undeclared_struct(interp, node, error);
    if (!eval(interp, node->left, &left, error))
        return false;
    if (left.type->kind != TYPE_POINTER || left.type->of->kind != TYPE_STRUCT) {
        refuse_kind(left.type, "-> needs a pointer to a struct", node->left, error);
        if (left.type->kind == TYPE_STRUCT)
            error_hint(error, "it is the struct itself: write .%s", node->text);
        return false;
    }
    if (left.bits == 0)
        return refuse_null(node->left, error);
    return place_field((struct place){left.type->of, left.bits, true, NULL}, node, place, error);
}

static bool place_dereference(struct interp *interp, const struct node *node, struct place *place,
                              struct error *error) {
    struct value left;

    if (!eval(interp, node->left, &left, error))
        return false;
    if (left.type->kind != TYPE_POINTER)
        return refuse_kind(left.type, "* needs a pointer", node->left, error);
    if (left.bits == 0)
        return refuse_null(node->left, error);
    *place = (struct place){left.type->of, left.bits, true, NULL};
    return true;
}

static bool refuse_index(struct value index, const struct type *array, const struct node *node,
                         struct error *error) {
    struct buf name = {0};

    if (!node_spell(node->left, &name))
        buf_add_text(&name, "this array");
    if (index.type->is_signed)
        error_set(error, ERROR_MEMORY, node->right->where, "%s has %zu element%s, and %lld is none of them",
                  buf_text(&name), array->count, array->count == 1 ? "" : "s", (long long)index.bits);
    else
        error_set(error, ERROR_MEMORY, node->right->where, "%s has %zu element%s, and %llu is none of them",
                  buf_text(&name), array->count, array->count == 1 ? "" : "s",
                  (unsigned long long)index.bits);
    error_hint(error, "they are numbered from 0 to %zu", array->count - 1);
    buf_free(&name);
    return false;
}

/* An element of an array whose length is known: closer bounds than those of the object around it. */
static bool place_in_array(struct place array, struct value index, const struct node *node, bool past_end,
                           struct place *place, struct error *error) {
    const struct type *type = array.type;

    if (index.type->kind != TYPE_INTEGER)
        return refuse_kind(index.type, "an index is a number", node->right, error);
    /* Negative numbers are huge ones in bits. */
    if (index.bits >= type->count && !(past_end && index.bits == type->count))
        return refuse_index(index, type, node, error);
    *place = (struct place){type->of, 0, array.assignable, NULL};
    return operate_offset(array.address, (int64_t)(index.bits * type->of->size), node, &place->address,
                          error);
}

bool eval_element(struct interp *interp, const struct node *node, bool past_end, struct place *place,
                  struct error *error) {
    struct value left, right;

    if (is_place(interp, node->left)) {
        struct place array;
        if (!eval_place(interp, node->left, &array, error))
            return false;
        if (array.type->kind == TYPE_ARRAY)
            return eval(interp, node->right, &right, error) &&
                   place_in_array(array, right, node, past_end, place, error);
        if (!eval_load(interp, node->left, array, &left, error))
            return false;
    } else if (!eval(interp, node->left, &left, error)) {
        return false;
    }
    if (!eval(interp, node->right, &right, error))
        return false;

    const struct node *pointer_node = node->left;
    if (left.type->kind == TYPE_INTEGER && right.type->kind == TYPE_POINTER) { /* 2[a] is a[2] */
        struct value number = left;
        left = right;
        right = number;
        pointer_node = node->right;
    }
    if (left.type->kind != TYPE_POINTER)
        return refuse_kind(left.type, "only an array or a pointer has elements", node->left, error);
    if (right.type->kind != TYPE_INTEGER)
        return refuse_kind(right.type, "an index is a number", node->right, error);
    if (left.bits == 0)
        return refuse_null(pointer_node, error);
    if (!type_is_complete(left.type->of, node->where, error) ||
        !operate_move(left, (int64_t)right.bits, node, &left, error))
        return false;
    *place = (struct place){left.type->of, left.bits, true, NULL};
    return true;
}

static bool place_name(struct interp *interp, const struct node *node, struct place *place,
                       struct error *error) {
    const struct name *name = name_find(interp, node->text);
    struct value constant;

    if (name && name_has_place(name)) {
        *place = (struct place){name->type, name->bits, name->kind == NAME_VARIABLE, NULL};
        return true;
    }
    if (name && name->kind == NAME_FUNCTION)
        return refuse_function_value(node, error);
    if (name && name->kind == NAME_TYPEDEF)
        return refuse_type_name(node, error);
    if (!name && !host_constant(interp, node->text, &constant))
        return refuse_name(interp, node, error);
    error_set(error, ERROR_TYPE, node->where, "%s is a constant, not a variable", node->text);
    error_hint(error, "put its value into a variable first");
    return false;
}

static bool place_compound(struct interp *interp, const struct node *node, struct place *place,
                           struct error *error) {
    const struct type *type;

    return type_resolve(interp, &node->typename, node->left, node->where, &type, error) &&
           type_is_complete(type, node->where, error) && temporary_place(interp, node, type, place, error) &&
           initialize(interp, *place, node->left, error);
}

/* Calls and the like: a struct they give has a place to read its fields from. */
static bool place_of_value(struct interp *interp, const struct node *node, struct place *place,
                           struct error *error) {
    struct value value;

    if (!eval(interp, node, &value, error))
        return false;
    if (value.type->kind != TYPE_STRUCT) {
        error_set(error, ERROR_TYPE, node->where,
                  "this is a value, not a variable: it has no place in memory");
        error_hint(error, "put it into a variable first");
        return false;
    }
    *place = (struct place){value.type, value.bits, false, NULL};
    return true;
}

bool eval_place(struct interp *interp, const struct node *node, struct place *place, struct error *error) {
    bool found;

    if (!eval_sink(interp, node, error))
        return false;
    switch (node->kind) {
    case NODE_NAME:
        found = place_name(interp, node, place, error);
        break;
    case NODE_STRING:
        found = literal_place(interp, node, place, error);
        break;
    case NODE_INDEX:
        found = eval_element(interp, node, false, place, error);
        break;
    case NODE_MEMBER:
        found = place_member(interp, node, place, error);
        break;
    case NODE_ARROW:
        found = place_arrow(interp, node, place, error);
        break;
    case NODE_COMPOUND:
        found = place_compound(interp, node, place, error);
        break;
    default:
        found = node->kind == NODE_UNARY && node->op == OP_DEREFERENCE
                    ? place_dereference(interp, node, place, error)
                    : place_of_value(interp, node, place, error);
    }
    eval_rise(interp);
    return found;
}

/* What a learner would give it, most likely. */
static const char *usual_value(struct place place) {
    if (place.type->kind == TYPE_POINTER)
        return "NULL";
    if (!place.field)
        return "0";
    switch (place.field->style) {
    case FIELD_PORT_BE:
        return "htons(8888)";
    case FIELD_IPV4_BE:
        return "INADDR_ANY";
    case FIELD_FAMILY:
        return "AF_INET";
    case FIELD_PLAIN:
    case FIELD_BE:
        break;
    }
    return "0";
}

static bool refuse_unwritten(struct interp *interp, const struct node *node, struct place place,
                             struct error *error) {
    struct buf name = {0};
    const char *label = memory_label(interp->memory, place.address);

    if (node_spell(node, &name)) {
        error_set(error, ERROR_MEMORY, node->where, "%s was never given a value", buf_text(&name));
        error_hint(error, "set it first: %s = %s", buf_text(&name), usual_value(place));
    } else {
        error_set(error, ERROR_MEMORY, node->where,
                  "these bytes of %s were never given a value: %zu from byte %d on", label ? label : "memory",
                  place.type->size, memory_offset(place.address));
    }
    buf_free(&name);
    return false;
}

bool eval_load(struct interp *interp, const struct node *node, struct place place, struct value *result,
               struct error *error) {
    const struct type *type = place.type;

    if (type->kind == TYPE_ARRAY) {
        *result = (struct value){types_pointer(interp->types, type->of), place.address};
        return true;
    }
    if (!type_is_complete(type, node->where, error))
        return false;
    const unsigned char *bytes = memory_read(interp->memory, place.address, type->size, MEMORY_BOUNDS, error);
    if (!bytes)
        return error_here(error, node->where);
    if (type->kind == TYPE_STRUCT) {
        *result = (struct value){type, place.address};
        return true;
    }
    if (!memory_is_written(interp->memory, place.address, type->size))
        return refuse_unwritten(interp, node, place, error);
    *result = value_from_bytes(type, bytes);
    return true;
}
