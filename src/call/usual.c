/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arguments left out at the end.  The row says the usual value, or says ""
 * where it depends on the arguments before: the length of a buffer, a string
 * or an address; a buffer to receive into.  The full call is shown afterwards,
 * so the short form teaches the long one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/caller.h"

#define BUFFER_NAME "buf"
#define BUFFER_SIZE 4096

/* Rows write numbers or constants. */
static bool fixed(struct invocation *inv, size_t i, const char *text) {
    const struct constant *constant = constant_find(text);
    char *end;
    int64_t number = constant != NULL ? constant->value : strtoll(text, &end, 0);

    switch (inv->call->args[i].kind) {
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
        inv->value[i] = value_of(&type_long, (uint64_t)number);
        inv->raw[i].i = number;
        return true;
    case ARG_BYTES_IN:
    case ARG_BYTES_OUT:
    case ARG_STRING:
    case ARG_ADDRESS_IN:
    case ARG_ADDRESS_OUT:
    case ARG_LENGTH:
    case ARG_INT_OUT:
    case ARG_POINTER:
        inv->value[i] =
            (struct value){types_pointer(interp_types(inv->interp), &type_void), (uint64_t)number};
        return true;
    case ARG_END:
    case ARG_MORE:
        break;
    }
    return true;
}

static const struct node *argument_node(const struct invocation *inv, size_t i) {
    const struct node *node = inv->node->list;

    while (node != NULL && i-- > 0)
        node = node->next;
    return node;
}

/* Bytes to send: a string's length; the whole of an array that holds no string, or of what is pointed to. */
static size_t bytes_length(struct invocation *inv, size_t i) {
    const struct value *value = &inv->value[i];
    const struct node *node = argument_node(inv, i);
    const struct type *type;
    struct error ignored = {0};
    const char *text;
    size_t length = 0;
    bool text_like = value->type->of->kind == TYPE_INTEGER && value->type->of->size == 1;

    if (text_like && memory_string(inv->memory, value->bits, &text, &length, &ignored))
        return length;
    error_free(&ignored);
    if (node != NULL && interp_type_of(inv->interp, node, &type, &ignored) && type->kind == TYPE_ARRAY)
        length = type->size;
    else
        length = text_like ? memory_room(inv->memory, value->bits) : value->type->of->size;
    error_free(&ignored);
    return length > 0 ? length : memory_room(inv->memory, value->bits);
}

/* An address: what a short form gave; else the struct that is pointed to. */
static size_t address_length(const struct invocation *inv, size_t i) {
    const struct type *type = inv->value[i].type->of;

    if (inv->short_length > 0)
        return inv->short_length;
    /* Behind a cast to the general type stands a struct of the size it has. */
    if (type == type_struct("sockaddr") || type->kind != TYPE_STRUCT)
        return memory_room(inv->memory, inv->value[i].bits);
    return type->size;
}

static size_t length_of(struct invocation *inv, size_t i) {
    if (invocation_null(inv, i) || inv->value[i].type == NULL)
        return 0;
    switch (inv->call->args[i].kind) {
    case ARG_ADDRESS_IN:
        return address_length(inv, i);
    case ARG_BYTES_IN:
        return bytes_length(inv, i);
    case ARG_BYTES_OUT:
    case ARG_POINTER:
        return memory_room(inv->memory, inv->value[i].bits);
    case ARG_END:
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
    case ARG_STRING:
    case ARG_ADDRESS_OUT:
    case ARG_LENGTH:
    case ARG_INT_OUT:
    case ARG_MORE:
        break;
    }
    return 0;
}

void invocation_fill_pointer(struct invocation *inv, size_t i, const struct type *type, uint64_t object) {
    inv->value[i] = (struct value){types_pointer(interp_types(inv->interp), type), object};
}

bool invocation_fill_variable(struct invocation *inv, size_t i, const char *name, const struct type *type,
                              size_t count) {
    struct variable variable;
    struct buf spelt = {0};

    if (!interp_find(inv->interp, name, &variable)) {
        const struct type *array = types_array(interp_types(inv->interp), type, count);
        if (!interp_declare(inv->interp, name, array, &variable, inv->error)) {
            if (inv->error->where.length == 0)
                inv->error->where = invocation_span(inv, i);
            return false;
        }
    } else if (variable.type->kind != TYPE_ARRAY || variable.type->of != type) {
        type_spell(variable.type, &spelt);
        invocation_fail(inv, i, ERROR_TYPE, "%s() would put its result into %s, but %s is of type %s",
                        inv->call->name, name, name, buf_text(&spelt));
        error_hint(inv->error, "give it a variable: %s", inv->call->prototype);
        buf_free(&spelt);
        return false;
    }
    invocation_fill_pointer(inv, i, type, variable.address);
    return true;
}

/* What "" in the row means, by kind; pointers of other kinds are left to the handler. */
static bool found(struct invocation *inv, size_t i) {
    const struct call_arg *arg = &inv->call->args[i];

    if (arg->kind == ARG_BYTES_OUT)
        return invocation_fill_variable(inv, i, BUFFER_NAME, &type_char, BUFFER_SIZE);
    if (arg->kind == ARG_SIZE) {
        size_t length = length_of(inv, arg->other);
        inv->value[i] = value_of(&type_ulong, length);
        inv->raw[i].i = (int64_t)length;
    }
    return true;
}

/* The length of an address that is wanted is never NULL: accept() would fail with EFAULT, having taken the
 * connection, and close it. */
static bool is_wanted_length(const struct invocation *inv, size_t i, size_t given) {
    const struct call_arg *arg = &inv->call->args[i];

    return arg->kind == ARG_LENGTH && arg->other < given && !invocation_null(inv, arg->other);
}

bool usual_fill(struct invocation *inv, size_t given) {
    for (size_t i = given; i < inv->count; i++) {
        const char *usual = is_wanted_length(inv, i, given) ? "" : inv->call->args[i].usual;
        if (!(usual[0] != '\0' ? fixed(inv, i, usual) : found(inv, i)))
            return false;
    }
    return true;
}
