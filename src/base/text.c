/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words filled into lines; see text.h. */
#include "base/text.h"

#include <string.h>

#include "base/utf8.h"

#define COLUMNS_USUAL 80
#define COLUMNS_LEAST 20

static void blanks(struct buf *out, size_t count) {
    for (; count > 0; count--)
        buf_add_char(out, ' ');
}

struct text_filling text_filling(struct buf *out, size_t columns, size_t indent) {
    columns = columns == 0 ? COLUMNS_USUAL : columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
    return (struct text_filling){.out = out, .columns = columns, .indent = indent, .empty = true};
}

void text_line(struct text_filling *filling) {
    if (filling->column > 0)
        buf_add_char(filling->out, '\n');
    filling->column = 0;
    filling->empty = true;
}

void text_word(struct text_filling *filling, const char *word, size_t length) {
    size_t width = utf8_columns(word, length);

    if (!filling->empty && filling->column + 1 + width > filling->columns)
        text_line(filling);
    if (filling->column == 0) {
        blanks(filling->out, filling->indent);
        filling->column = filling->indent;
    } else if (!filling->empty) {
        buf_add_char(filling->out, ' ');
        filling->column++;
    }
    buf_add(filling->out, word, length);
    filling->column += width;
    filling->empty = false;
}

static void add_words(struct text_filling *filling, const char *text, size_t length) {
    const char *end = text + length;

    while (text < end) {
        const char *word = text;
        while (text < end && *text != ' ')
            text++;
        if (text > word)
            text_word(filling, word, (size_t)(text - word));
        while (text < end && *text == ' ')
            text++;
    }
}

void text_wrap(const char *text, size_t columns, size_t indent, struct buf *out) {
    struct text_filling filling = text_filling(out, columns, indent);

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length == 0) { /* between paragraphs */
            text_line(&filling);
            buf_add_char(out, '\n');
        } else if (text[0] == ' ') { /* an example: stays as it is */
            text_line(&filling);
            blanks(out, indent);
            buf_add(out, text, length);
            buf_add_char(out, '\n');
        } else {
            add_words(&filling, text, length);
        }
        text += length;
        text += *text == '\n';
    }
    text_line(&filling);
}

void text_row(const char *name, size_t at, size_t width, const char *text, size_t columns, struct buf *out) {
    size_t taken = utf8_columns(name, strlen(name));
    struct text_filling filling = text_filling(out, columns, at + width + 2);

    blanks(out, at);
    buf_add_text(out, name);
    filling.column = at + taken;
    if (taken > width)
        text_line(&filling);
    else {
        blanks(out, width + 2 - taken);
        filling.column = filling.indent;
    }
    add_words(&filling, text, strlen(text));
    text_line(&filling);
}
