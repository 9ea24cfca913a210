/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Declarations and initialisers, C17 6.7.9: nested and missing braces,
 * designators, strings, the size of an array declared [], and all that is not
 * mentioned set to zero.
 */
#include <string.h>

#include "lang/eval.h"

/* A list of items being used up.  With braces left out, an array or struct
 * inside takes as many as it needs from the list around it. */
struct filling {
    struct interp *interp;
    struct error *error;
    const struct node *item;      /* the next one, or NULL */
    const struct node *typed;     /* the item whose type is in item_type */
    const struct type *item_type; /* NULL: not known before it is evaluated */
    bool counting;                /* nothing is evaluated or stored: how long will the array be? */
};

static bool fill_object(struct filling *filling, struct place place, const struct node *node);
static bool fill_part(struct filling *filling, struct place place);

static bool is_designated(const struct node *item) {
    return item->designator || item->designator_index;
}

/* The bytes (the NUL not counted) of a string literal or a name #define'd as one; NULL for anything else. */
static const char *string_text(const struct interp *interp, const struct node *node, size_t *length) {
    struct error unused = {0};

    if (node->kind == NODE_STRING) {
        *length = node->text_length;
        return node->text;
    }
    const struct name *name = node->kind == NODE_NAME ? name_find(interp, node->text) : NULL;
    if (!name || name->kind == NAME_VARIABLE || !name_has_place(name))
        return NULL;
    *length = name->type->count - 1;
    return (const char *)memory_read(interp->memory, name->bits, name->type->size, MEMORY_BOUNDS, &unused);
}

static bool is_text(const struct type *element) {
    return element->kind == TYPE_INTEGER && element->size == 1;
}

static bool takes_string(const struct filling *filling, const struct type *type, const struct node *node) {
    size_t length;

    return type->kind == TYPE_ARRAY && is_text(type->of) && string_text(filling->interp, node, &length);
}

/* C lets the NUL be cut off, and so do we: reading it as a string is caught later. */
static bool fill_string(struct filling *filling, struct place place, const struct node *node) {
    size_t size = place.type->size, length;
    const char *text = string_text(filling->interp, node, &length);

    if (filling->counting || !text)
        return true;
    if (length > size) {
        error_set(filling->error, ERROR_MEMORY, node->where,
                  "this string has %zu characters, and the array has room for %zu", length, size);
        error_hint(filling->error, "leave the size out, and it will be counted: char text[] = …");
        return false;
    }
    unsigned char *bytes = memory_write(filling->interp->memory, place.address, size, filling->error);
    if (!bytes)
        return error_here(filling->error, node->where);
    memset(bytes, 0, size);
    memcpy(bytes, text, length);
    memory_mark(filling->interp->memory, place.address, size, true);
    return true;
}

static bool fill_value(struct filling *filling, struct place place, const struct node *node) {
    struct value value;

    if (filling->counting)
        return true;
    if (place.type->kind == TYPE_ARRAY) {
        error_set(filling->error, ERROR_TYPE, node->where,
                  "an array is initialised with { }, or a string for char");
        error_hint(filling->error, "for example = {0}; to copy an array, use memcpy()");
        return false;
    }
    if (!eval(filling->interp, node, &value, filling->error) ||
        !eval_convert(value, place.type, false, node, &value, filling->error))
        return false;
    return store_from(filling->interp, place, value, node, filling->error) ||
           error_here(filling->error, node->where);
}

/* Move *index to where a designator says. */
static bool designate_element(struct filling *filling, size_t count, size_t *index) {
    const struct node *item = filling->item;
    struct value value;

    if (item->designator) {
        error_set(filling->error, ERROR_TYPE, item->where, "an array has no field %s", item->designator);
        error_hint(filling->error, "its elements are designated by [number] =");
        return false;
    }
    if (!item->designator_index)
        return true;
    if (!eval(filling->interp, item->designator_index, &value, filling->error))
        return false;
    if (value.type->kind != TYPE_INTEGER || value.bits >= count)
        return error_set(filling->error, ERROR_MEMORY, item->designator_index->where,
                         "the array has %zu element%s: this is none of them", count, count == 1 ? "" : "s");
    *index = (size_t)value.bits;
    return true;
}

/* An array's elements from the list; *end is one past the highest that was given. */
static bool fill_elements(struct filling *filling, const struct type *element, size_t count, uint64_t address,
                          bool braced, size_t *end) {
    size_t index = 0;

    for (bool first = true; filling->item; first = false) {
        if (!braced && !first && is_designated(filling->item))
            return true;
        if (braced && !designate_element(filling, count, &index))
            return false;
        if (index >= count) {
            if (!braced)
                return true;
            return error_set(filling->error, ERROR_TYPE, filling->item->where,
                             "too many values: the array has %zu element%s", count, count == 1 ? "" : "s");
        }
        struct place place = {element, address + index * element->size, true, NULL};
        if (!fill_part(filling, place))
            return false;
        if (++index > *end)
            *end = index;
    }
    return true;
}

static bool designate_field(struct filling *filling, const struct type *type, size_t *index) {
    const struct node *item = filling->item;

    if (item->designator_index) {
        error_set(filling->error, ERROR_TYPE, item->where, "%s is no array", type->name);
        error_hint(filling->error, "its fields are designated by .name =");
        return false;
    }
    if (!item->designator)
        return true;
    const struct field *field = type_field(type, item->designator);
    if (!field) {
        error_set(filling->error, ERROR_NAME, item->where, "%s has no field %s", type->name,
                  item->designator);
        error_hint(filling->error, "its first field is %s", type->fields[0].name);
        return false;
    }
    *index = (size_t)(field - type->fields);
    return true;
}

/* How many fields take values in turn: of a union only the first. */
static size_t field_turns(const struct type *type) {
    return type->field_count > 1 && type->fields[1].offset == 0 ? 1 : type->field_count;
}

static bool fill_fields(struct filling *filling, struct place place, bool braced) {
    const struct type *type = place.type;
    size_t index = 0, turns = field_turns(type);

    for (bool first = true; filling->item; first = false) {
        bool designated = braced && is_designated(filling->item);
        if (!braced && !first && is_designated(filling->item))
            return true;
        if (braced && !designate_field(filling, type, &index))
            return false;
        if (index >= turns && !designated) {
            if (!braced)
                return true;
            return error_set(filling->error, ERROR_TYPE, filling->item->where,
                             "too many values: %s has %zu field%s", type->name, turns, turns == 1 ? "" : "s");
        }
        const struct field *field = &type->fields[index++];
        if (!fill_part(filling, (struct place){field->type, place.address + field->offset, true, field}))
            return false;
    }
    return true;
}

/* Is the next item a struct of this very type, to be copied whole?  Asked once an item. */
static bool is_whole(struct filling *filling, const struct type *type) {
    struct error unknown = {0};

    if (filling->typed != filling->item) {
        filling->typed = filling->item;
        if (!type_of(filling->interp, filling->item, &filling->item_type, &unknown))
            filling->item_type = NULL;
        error_free(&unknown);
    }
    return filling->item_type == type;
}

/* An element or field from the next item, or from as many items as it has parts. */
static bool fill_part(struct filling *filling, struct place place) {
    const struct node *item = filling->item;
    const struct type *type = place.type;
    size_t end = 0;

    if (type_is_scalar(type) || item->kind == NODE_INITIALIZER || takes_string(filling, type, item) ||
        (type->kind == TYPE_STRUCT && is_whole(filling, type))) {
        filling->item = item->next;
        return fill_object(filling, place, item);
    }
    if (type->kind == TYPE_ARRAY)
        return fill_elements(filling, type->of, type->count, place.address, false, &end);
    return fill_fields(filling, place, false);
}

static bool fill_zero(struct filling *filling, struct place place, const struct node *node) {
    if (filling->counting)
        return true;
    unsigned char *bytes =
        memory_write(filling->interp->memory, place.address, place.type->size, filling->error);
    if (!bytes)
        return error_here(filling->error, node->where);
    memset(bytes, 0, place.type->size);
    memory_mark(filling->interp->memory, place.address, place.type->size, true);
    return true;
}

/* From { … }. */
static bool fill_braced(struct filling *filling, struct place place, const struct node *node) {
    const struct type *type = place.type;
    struct filling inner = {filling->interp, filling->error, node->list, NULL, NULL, filling->counting};
    size_t end = 0;

    if (!fill_zero(filling, place, node))
        return false;
    if (!node->list)
        return true;
    if (takes_string(filling, type, node->list) && !node->list->next && !is_designated(node->list))
        return fill_string(filling, place, node->list);
    if (type->kind == TYPE_ARRAY)
        return fill_elements(&inner, type->of, type->count, place.address, true, &end);
    if (type->kind == TYPE_STRUCT)
        return fill_fields(&inner, place, true);
    if (is_designated(node->list) || node->list->next)
        return error_set(filling->error, ERROR_TYPE, node->where, "one value is enough for this");
    return fill_object(filling, place, node->list);
}

static bool fill_object(struct filling *filling, struct place place, const struct node *node) {
    if (node->kind == NODE_INITIALIZER)
        return fill_braced(filling, place, node);
    if (takes_string(filling, place.type, node))
        return fill_string(filling, place, node);
    return fill_value(filling, place, node);
}

bool initialize(struct interp *interp, struct place place, const struct node *initial, struct error *error) {
    struct filling filling = {.interp = interp, .error = error};

    return fill_object(&filling, place, initial);
}

bool initial_count(struct interp *interp, const struct type *element, const struct node *initial,
                   size_t *count, struct error *error) {
    struct filling filling = {.interp = interp, .error = error, .counting = true};
    const struct node *string = initial;

    if (initial->kind == NODE_INITIALIZER && initial->list && !initial->list->next)
        string = initial->list; /* { "text" } */
    if (is_text(element) && string_text(interp, string, count)) {
        ++*count;
        return true;
    }
    if (initial->kind != NODE_INITIALIZER) {
        error_set(error, ERROR_TYPE, initial->where,
                  "an array is initialised with { }, or a string for char");
        return false;
    }
    *count = 0;
    filling.item = initial->list;
    if (!fill_elements(&filling, element, memory_limit(interp->memory) / element->size, 0, true, count))
        return false;
    if (*count == 0)
        return error_set(error, ERROR_LIMIT, initial->where, "an array needs at least 1 element");
    return true;
}

/* In `const char *p` it is not p that is const. */
static bool is_constant_object(const struct node *node, const struct type *type) {
    while (type->kind == TYPE_ARRAY)
        type = type->of;
    return node->is_const && type->kind != TYPE_POINTER;
}

/* A variable of a block or function that outlives it: its initialiser counts once (C17 6.2.4p3). */
static bool declare_kept(struct interp *interp, const struct node *node, const struct type *type,
                         struct error *error) {
    struct place place;
    struct kept *kept = NULL;
    struct name *name;

    if (!kept_place(interp, node, type, &kept, &place, error))
        return false;
    name = name_add(interp, interp->scope, node->text, place.type, place.address, NAME_VARIABLE);
    name->is_static = true;
    if (!kept)
        return true;
    if (node->left && !initialize(interp, place, node->left, error)) {
        kept->node = NULL; /* the next time is the first again */
        name_remove(interp, interp->scope, name);
        return false;
    }
    if (node->left && is_constant_object(node, type))
        memory_freeze(interp->memory, place.address);
    return true;
}

static bool declare_with(struct interp *interp, const struct node *node, const struct node *initial,
                         struct error *error) {
    struct scope *scope = interp->scope;
    struct name *known = name_find(interp, node->text), *old = name_find_in(interp, scope, node->text);
    const struct type *type;

    /* What is #define'd hides all; the other names are hidden by an inner one. */
    if (known && known->kind != NAME_VARIABLE && (known->kind == NAME_DEFINED || known == old))
        return name_refuse_variable(known, node->operator, error);
    if (old && scope != &interp->outermost) {
        error_set(error, ERROR_NAME, node->operator, "%s is declared in this block already", node->text);
        error_hint(error, "leave the type out to give it another value: %s = …", node->text);
        return false;
    }
    if (!type_resolve(interp, &node->typename, node->left, node->operator, &type, error) ||
        !type_is_complete(type, node->operator, error))
        return false;
    if (node->is_static && scope != &interp->outermost)
        return declare_kept(interp, node, type, error);

    uint64_t address = memory_make(interp->memory, type->size, MEMORY_VARIABLE, node->text, error);
    if (!address)
        return error_here(error, node->operator);
    if (node->is_static)
        memory_mark(interp->memory, address, type->size, true); /* C17 6.7.9p10: it is 0 */
    struct name *name = name_add(interp, scope, node->text, type, address, NAME_VARIABLE);
    struct place place = {type, address, true, NULL};
    if (initial && !initialize(interp, place, initial, error)) {
        name_remove(interp, scope, name);
        return false;
    }
    if (initial && is_constant_object(node, type))
        memory_freeze(interp->memory, address);
    if (old) {
        /* Declared again at the prompt: it keeps its place in the list, and the old object goes. */
        name->bits = old->bits;
        name->type = old->type;
        old->bits = address;
        old->type = type;
        name_remove(interp, scope, name);
    }
    return true;
}

bool declare(struct interp *interp, const struct node *node, struct error *error) {
    return declare_with(interp, node, node->left, error);
}

bool declare_only(struct interp *interp, const struct node *node, struct error *error) {
    return declare_with(interp, node, NULL, error);
}

bool define(struct interp *interp, const struct node *node, struct error *error) {
    struct name *old = name_find(interp, node->text);
    struct value value = {.type = &type_void};
    struct place place;

    if (old && old->kind != NAME_DEFINED) {
        error_set(error, ERROR_NAME, node->operator, "%s is %s already: it cannot be #define'd, too",
                  node->text, name_kind_text(old));
        error_hint(error, "choose another name");
        return false;
    }
    if (node->left && node->left->kind == NODE_STRING) {
        if (!literal_place(interp, node->left, &place, error))
            return false;
        value = (struct value){place.type, place.address};
    } else if (node->left && !eval(interp, node->left, &value, error)) {
        return false;
    }
    if (value.type->kind == TYPE_STRUCT)
        return error_set(error, ERROR_TYPE, node->operator, "a #define holds a number or a string here");
    if (!old)
        old = name_add(interp, &interp->outermost, node->text, value.type, 0, NAME_DEFINED);
    old->type = value.type;
    old->bits = value.bits;
    return true;
}
