/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The prose of a lesson; see prose.h.  First every byte gets its style and the
 * marks go, then lines are cut: a style may go on over the end of a line.
 */
#include "view/prose.h"

#include <ctype.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "view/style.h"

#define INDENT 2 /* of a list item */

/* A paragraph: bytes that may be shown, and the style of each. */
struct paragraph {
    struct buf text, styles;
};

static void put(struct paragraph *paragraph, const char *bytes, size_t length, enum style style) {
    size_t before = paragraph->text.length;
    escape_text(&paragraph->text, bytes, length);
    for (size_t i = before; i < paragraph->text.length; i++)
        buf_add_char(&paragraph->styles, (char)style);
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Where the code that begins at this ` ends; NULL: it is none. */
static const char *code_end(const char *at, const char *end) {
    const char *closing = memchr(at + 1, '`', (size_t)(end - at - 1));
    return closing != at + 1 ? closing : NULL;
}

/* `*` that opens: before a word or code, and not within a word. */
static bool opens(const char *begin, const char *at, const char *end) {
    return at + 1 < end && (is_word(at[1]) || at[1] == '`' || at[1] == '"') &&
           (at == begin || !is_word(at[-1]));
}

/* The `*` that closes what this one opens; NULL: none does. */
static const char *emphasis_end(const char *at, const char *end) {
    for (const char *p = at + 1; p < end; p++) {
        const char *code = *p == '`' ? code_end(p, end) : NULL;
        if (code)
            p = code;
        else if (*p == '*' && p[-1] != ' ' && (p + 1 == end || !is_word(p[1])))
            return p;
    }
    return NULL;
}

static void put_paragraph(struct paragraph *paragraph, bool marks, const char *begin, const char *end) {
    const char *emphasis = NULL; /* where it ends, while in it */
    for (const char *at = begin; at < end;) {
        enum style style = emphasis ? STYLE_EMPHASIS : STYLE_PLAIN;
        const char *code = *at == '`' ? code_end(at, end) : NULL;
        const char *closing = *at == '*' && !emphasis && opens(begin, at, end) ? emphasis_end(at, end) : NULL;
        if (code) {
            put(paragraph, at + (marks ? 0 : 1), (size_t)(code + 1 - at) - (marks ? 0 : 2), STYLE_CODE);
            at = code + 1;
        } else if (closing || at == emphasis) {
            if (marks)
                put(paragraph, at, 1, STYLE_EMPHASIS);
            emphasis = closing;
            at++;
        } else {
            size_t used;
            utf8_decode(at, (size_t)(end - at), &used);
            put(paragraph, at, used, style);
            at += used;
        }
    }
}

/* Bytes of one style at a time. */
static void add_line(struct styled *out, const struct paragraph *paragraph, size_t from, size_t to) {
    while (from < to) {
        const char *styles = paragraph->styles.data;
        size_t end = from;
        while (end < to && styles[end] == styles[from])
            end++;
        styled_add_n(out, (enum style)styles[from], paragraph->text.data + from, end - from);
        from = end;
    }
}

/* "- " or "12. ": how long it is; 0: none. */
static size_t item_mark(const char *text, size_t length) {
    size_t digits = 0;
    while (digits < length && isdigit((unsigned char)text[digits]))
        digits++;
    if (digits > 0 && digits + 1 < length && text[digits] == '.' && text[digits + 1] == ' ')
        return digits + 2;
    return length > 1 && text[0] == '-' && text[1] == ' ' ? 2 : 0;
}

static void add_paragraph(struct styled *out, bool marks, const char *text, size_t length, size_t columns) {
    static const char blanks[] = "            ";
    struct paragraph paragraph = {0};
    size_t mark = item_mark(text, length), indent = mark > 0 ? INDENT : 0;
    if (strncmp(text, "    ", 4) == 0) /* a listing */
        put(&paragraph, text, length, STYLE_PLAIN);
    else
        put_paragraph(&paragraph, marks, text, text + length);
    const char *shown = buf_text(&paragraph.text);
    for (size_t at = 0; at < paragraph.text.length;) {
        size_t lead = indent + (at > 0 ? mark : 0);
        size_t room = columns > lead + 20 ? columns - lead : 20;
        size_t line = utf8_line(shown + at, paragraph.text.length - at, room);
        styled_add_n(out, STYLE_PLAIN, blanks, lead < sizeof(blanks) ? lead : sizeof(blanks) - 1);
        add_line(out, &paragraph, at, at + line);
        styled_add(out, STYLE_PLAIN, "\n");
        at += line;
        at += strspn(shown + at, " ");
    }
    buf_free(&paragraph.text);
    buf_free(&paragraph.styles);
}

void prose_add(struct styled *out, bool marks, const char *text, size_t columns) {
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        add_paragraph(out, marks, text, length, columns);
        text += length;
        text += *text == '\n';
    }
}
