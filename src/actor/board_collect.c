/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actor's side of the board: its variables, and the names of its types, noted down as entries. */
#include <string.h>

#include "actor/board_entry.h"
#include "lang/interp.h"

#define AT_ONCE 128
/* Noting them down is done after each statement, so it must not grow with all that was ever declared. */
#define VARIABLES_MOST 512
#define TYPES_MOST 512

/* What is too long ends in an ellipsis. */
static void cut(struct buf *text) {
    static const char ellipsis[] = "...";

    if (text->length <= BOARD_TEXT_MAX)
        return;
    text->length = BOARD_TEXT_MAX - (sizeof(ellipsis) - 1);
    buf_add(text, ellipsis, sizeof(ellipsis) - 1);
}

/* A text ends at its first NUL, should it have one. */
static uint32_t add_text(struct buf *entries, const char *text) {
    size_t length = strnlen(text, BOARD_TEXT_MAX);

    buf_add(entries, text, length);
    buf_add_char(entries, '\0');
    return (uint32_t)length;
}

static void add_marks(struct buf *entries, const struct memory *memory, uint64_t address, size_t size) {
    for (size_t at = 0; at < size;) {
        size_t run = memory_written(memory, address + at, size - at);
        for (size_t i = 0; i < run; i++)
            buf_add_char(entries, 1);
        at += run;
        if (at < size) {
            buf_add_char(entries, 0);
            at++;
        }
    }
}

static void end_entry(struct buf *entries, size_t start, const struct board_head *head) {
    while (entries->length % 8 != 0)
        buf_add_char(entries, 0);
    memcpy(entries->data + start, head, sizeof(*head));
}

/* The name of a type, which is all that there is to note of it. */
static void add_type(struct buf *entries, const char *name) {
    struct board_head head = {0};
    size_t start = entries->length;

    buf_add(entries, &head, sizeof(head));
    head.name = add_text(entries, name);
    for (int empty = 0; empty < 3; empty++)
        add_text(entries, "");
    end_entry(entries, start, &head);
}

static void add_entry(struct buf *entries, const struct memory *memory, const struct variable *variable) {
    struct buf type = {0}, layout = {0}, shown = {0};
    struct error ignored = {0};
    struct board_head head = {.address = variable->address, .size = variable->type->size,
                              .noted = memory_descriptor_noted(memory, variable->address)};
    size_t start = entries->length;
    uint32_t kept = (uint32_t)(head.size < BOARD_KEPT_MAX ? head.size : BOARD_KEPT_MAX);

    type_spell(variable->type, &type);
    if (type_is_own(variable->type))
        type_spell_whole(variable->type, &layout);
    if (layout.length > BOARD_TEXT_MAX)
        buf_clear(&layout); /* a part of it would be of no use */
    value_show_at(memory, variable->type, variable->address, &shown);
    cut(&type);
    cut(&shown);
    buf_add(entries, &head, sizeof(head));
    head.name = add_text(entries, variable->name);
    head.type = add_text(entries, buf_text(&type));
    head.layout = add_text(entries, buf_text(&layout));
    head.shown = add_text(entries, buf_text(&shown));
    const unsigned char *bytes = memory_read(memory, variable->address, kept, MEMORY_BOUNDS, &ignored);
    if (bytes) {
        head.kept = kept;
        buf_add(entries, bytes, kept);
        add_marks(entries, memory, variable->address, kept);
    }
    end_entry(entries, start, &head);
    error_free(&ignored);
    buf_free(&type);
    buf_free(&layout);
    buf_free(&shown);
}

static void collect_variables(struct interp *interp, struct board_notes *notes) {
    struct buf *entries = &notes->entries;
    struct variable found[AT_ONCE];
    size_t from = 0, count;

    while ((count = interp_variables(interp, from, found, AT_ONCE)) > 0) {
        for (size_t i = 0; i < count; i++) {
            size_t before = entries->length;
            add_entry(entries, interp_memory(interp), &found[i]);
            if (entries->length > BOARD_ROOM || from + i >= VARIABLES_MOST) {
                entries->length = before;
                notes->truncated = true;
                return;
            }
        }
        from += count;
    }
}

/* Types come first: without them lines are not understood, without variables they are only not shown. */
static void collect_types(struct interp *interp, struct board_notes *notes) {
    const char *found[TYPES_MOST];
    size_t count = interp_typedefs(interp, 0, found, TYPES_MOST);

    for (size_t i = 0; i < count && notes->entries.length < BOARD_ROOM / 2; i++, notes->types++)
        add_type(&notes->entries, found[i]);
}

void board_collect(struct interp *interp, struct board_notes *notes) {
    notes->truncated = false;
    notes->types = 0;
    buf_clear(&notes->entries);
    collect_types(interp, notes);
    collect_variables(interp, notes);
}
