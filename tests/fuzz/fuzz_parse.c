/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes through the parser.  Either there is a tree whose every part lies
 * inside the text and which is no higher than promised, or an error with a
 * sentence and a place inside the text, and no tree.  Types that can be read
 * can be spelt and read again, with what they consist of.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "lang/parse.h"

#define LONGEST 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition) {
    if (!condition)
        abort();
}

static void check_span(struct span span, size_t size) {
    require(span.length <= size && span.at <= size - span.length);
}

static void check(const struct node *node, size_t size, unsigned above) {
    if (!node)
        return;
    require(above > 0 && node->height < above);
    check_span(node->where, size);
    check_span(node->operator, size);
    require(node->kind != NODE_NAME || strlen(node->text) == node->operator.length);
    require(node->kind != NODE_INTEGER || node->type);
    require(node->kind != NODE_STRING || node->text[node->text_length] == '\0');
    check(node->left, size, node->height);
    check(node->right, size, node->height);
    check(node->condition, size, node->height);
    check(node->first, size, node->height);
    check(node->step, size, node->height);
    check(node->designator_index, size, node->height);
    check(node->typename.named, size, 1);
    size_t count = 0;
    for (const struct node *item = node->list; item; item = item->next, count++)
        check(item, size, node->height);
    require(count == node->count);
    for (const struct derivation *d = node->typename.derived; d; d = d->next)
        check(d->count, size, node->height);
}

static void parse_bytes(const char *text, size_t size) {
    struct tree tree;
    struct error error = {0};

    if (parse(text, size, &tree, &error)) {
        require(error.kind == ERROR_NONE && tree.program->kind == NODE_PROGRAM);
        require(tree.program->height <= PARSE_DEPTH_MAX);
        check(tree.program, size, tree.program->height + 1);
        tree_free(&tree);
    }
    require(!tree.program && !tree.arena && !tree.source);
    if (error.kind != ERROR_NONE) {
        unsigned line, column;
        require(error.text && *error.text);
        check_span(error.where, size + 1); /* the place behind the last byte is one too */
        char *copy = strndup(text, size);
        error_place(copy, error.where.at, &line, &column);
        free(copy);
    }
    error_free(&error);
}

static void read_type(const char *text, size_t size) {
    struct types *types = types_new();
    struct error error = {0};
    struct buf spelt = {0};
    char *copy = strndup(text, size);
    const struct type *type = types_from_text(types, copy, &error);

    require(type ? error.kind == ERROR_NONE : error.kind != ERROR_NONE);
    if (type) {
        type_spell_whole(type, &spelt);
        const struct type *again = types_from_text(types, buf_text(&spelt), &error);
        /* Of a struct's pointers to others only is told that they are pointers. */
        require(again && again->kind == type->kind && again->size == type->size && again->align == type->align);
        require(again == type || type_is_own(type));
    }
    buf_free(&spelt);
    error_free(&error);
    types_free(types);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > LONGEST)
        return 0;
    parse_bytes((const char *)data, size);
    if (size < 256)
        read_type((const char *)data, size);
    return 0;
}
