/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal's screen and modes; see shown.h. */
#include "shown.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_VTERM
#include <vterm.h>
#endif

#define MODE_DIGITS 15

static const struct {
    int number;
    bool usual;
    const char *left;
} modes[] = {
    {25, true, "the cursor is invisible"},
    {1000, false, "the mouse is still reported"},
    {1006, false, "the mouse is still reported (1006)"},
    {1049, false, "the alternate screen is still shown"},
    {2004, false, "bracketed paste is still on"},
};
#define MODES (sizeof(modes) / sizeof(*modes))

struct shown {
    int rows, columns;
    bool modes[MODES];
    /* Of ESC [ ? digits h: how far it has come. */
    int state;
    char digits[MODE_DIGITS + 1];
    size_t digit_count;
#ifdef HAVE_VTERM
    VTerm *terminal;
    VTermScreen *screen;
#endif
};

struct shown *shown_new(int rows, int columns) {
    struct shown *shown = calloc(1, sizeof(*shown));
    if (shown == NULL)
        abort();
    shown->rows = rows;
    shown->columns = columns;
    for (size_t i = 0; i < MODES; i++)
        shown->modes[i] = modes[i].usual;
#ifdef HAVE_VTERM
    shown->terminal = vterm_new(rows, columns);
    vterm_set_utf8(shown->terminal, 1);
    shown->screen = vterm_obtain_screen(shown->terminal);
    vterm_screen_enable_altscreen(shown->screen, 1);
    vterm_screen_reset(shown->screen, 1);
#endif
    return shown;
}

void shown_free(struct shown *shown) {
#ifdef HAVE_VTERM
    vterm_free(shown->terminal);
#endif
    free(shown);
}

bool shown_has_screen(void) {
#ifdef HAVE_VTERM
    return true;
#else
    return false;
#endif
}

void shown_resize(struct shown *shown, int rows, int columns) {
    shown->rows = rows;
    shown->columns = columns;
#ifdef HAVE_VTERM
    vterm_set_size(shown->terminal, rows, columns);
#endif
}

/* ESC [ ? 1049 ; 25 h */
static void set_modes(struct shown *shown, bool on) {
    for (char *at = shown->digits; at != NULL && *at != '\0'; at = strchr(at, ';')) {
        at += *at == ';';
        for (size_t i = 0; i < MODES; i++)
            if (atoi(at) == modes[i].number)
                shown->modes[i] = on;
    }
}

static void follow_modes(struct shown *shown, char c) {
    static const char begin[] = "\033[?";
    if (shown->state < 3) {
        shown->state = c == begin[shown->state] ? shown->state + 1 : c == '\033';
        shown->digit_count = 0;
        return;
    }
    if ((isdigit((unsigned char)c) || c == ';') && shown->digit_count < MODE_DIGITS) {
        shown->digits[shown->digit_count++] = c;
        return;
    }
    shown->digits[shown->digit_count] = '\0';
    if (c == 'h' || c == 'l')
        set_modes(shown, c == 'h');
    shown->state = c == '\033';
}

void shown_write(struct shown *shown, const char *bytes, size_t length, bool modes_only) {
    for (size_t i = 0; i < length; i++)
        follow_modes(shown, bytes[i]);
#ifdef HAVE_VTERM
    if (!modes_only)
        vterm_input_write(shown->terminal, bytes, length);
#else
    (void)modes_only;
#endif
}

bool shown_mode(const struct shown *shown, int number) {
    for (size_t i = 0; i < MODES; i++)
        if (modes[i].number == number)
            return shown->modes[i];
    return false;
}

const char *shown_left_on(const struct shown *shown) {
    for (size_t i = 0; i < MODES; i++)
        if (shown->modes[i] != modes[i].usual)
            return modes[i].left;
    return "";
}

#ifdef HAVE_VTERM
static size_t add_character(char *to, uint32_t code) {
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length; i-- > 1; code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3F));
    to[0] = (char)(lead[length] | code);
    return length;
}

/* A number from 32768 on that stands behind a colon. */
static void hide_ports(char *row) {
    for (char *at = strchr(row, ':'); at != NULL; at = strchr(at + 1, ':')) {
        size_t digits = strspn(at + 1, "0123456789");
        if (digits == 5 && atoi(at + 1) >= 32768)
            memcpy(at + 1, "PPPPP", 5);
    }
}

/* "  12 s" before the end of the row or before a border. */
static void hide_seconds(char *row) {
    for (char *at = strstr(row, " s"); at != NULL; at = strstr(at + 1, " s")) {
        const char *behind = at + 2 + strspn(at + 2, " ");
        bool last = *behind == '\0' || strncmp(behind, "│", strlen("│")) == 0 || *behind == '|';
        char *from = at;
        while (from > row && isdigit((unsigned char)from[-1]))
            from--;
        if (last && from < at && from > row + 1 && from[-1] == ' ' && from[-2] == ' ')
            memset(from, ' ', (size_t)(at + 2 - from));
    }
}

static size_t add_row(struct shown *shown, int row, char *to) {
    char *begin = to;
    for (int column = 0; column < shown->columns; column++) {
        VTermScreenCell cell;
        VTermPos place = {.row = row, .col = column};
        vterm_screen_get_cell(shown->screen, place, &cell);
        if (cell.chars[0] == (uint32_t)-1) /* behind a wide character */
            continue;
        if (cell.chars[0] == 0)
            *to++ = ' ';
        for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
            to += add_character(to, cell.chars[i]);
    }
    *to = '\0';
    hide_ports(begin);
    hide_seconds(begin);
    while (to > begin && to[-1] == ' ')
        to--;
    *to++ = '\n';
    *to = '\0';
    return (size_t)(to - begin);
}
#endif

char *shown_text(struct shown *shown) {
    char *text = calloc((size_t)shown->rows, ((size_t)shown->columns * 4 * 6) + 2);
    if (text == NULL)
        abort();
#ifdef HAVE_VTERM
    size_t length = 0;
    for (int row = 0; row < shown->rows; row++)
        length += add_row(shown, row, text + length);
#endif
    return text;
}

void shown_cursor(struct shown *shown, int *row, int *column) {
    *row = *column = 0;
#ifdef HAVE_VTERM
    VTermPos place;
    vterm_state_get_cursorpos(vterm_obtain_state(shown->terminal), &place);
    *row = place.row;
    *column = place.col;
#else
    (void)shown;
#endif
}
