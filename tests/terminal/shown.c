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
#define COLUMNS_MOST 512
#define CHARACTER_MOST 4 /* bytes, in UTF-8 */

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
    char begun[CHARACTER_MOST]; /* of a character whose other bytes have not come yet */
    size_t begun_length;
    VTerm *terminal;
    VTermScreen *screen;
#endif
};

struct shown *shown_new(int rows, int columns) {
    struct shown *shown = calloc(1, sizeof(*shown));
    if (shown == NULL)
        abort();
    shown->rows = rows;
    shown->columns = columns < COLUMNS_MOST ? columns : COLUMNS_MOST;
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
    shown->columns = columns < COLUMNS_MOST ? columns : COLUMNS_MOST;
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

#ifdef HAVE_VTERM
/* How many bytes at the end are a character that is not complete. */
static size_t unfinished(const char *bytes, size_t length) {
    for (size_t back = 1; back < CHARACTER_MOST && back <= length; back++) {
        unsigned char c = (unsigned char)bytes[length - back];
        if (c < 0x80)
            return 0;
        if (c >= 0xC0)
            return back < (c >= 0xF0 ? 4U : c >= 0xE0 ? 3U : 2U) ? back : 0;
    }
    return 0;
}

/* libvterm 0.1 makes two broken characters of one that comes in two parts. */
static void write_whole(struct shown *shown, const char *bytes, size_t length) {
    while (shown->begun_length > 0 && length > 0) {
        shown->begun[shown->begun_length++] = *bytes++;
        length--;
        if (unfinished(shown->begun, shown->begun_length) > 0)
            continue;
        vterm_input_write(shown->terminal, shown->begun, shown->begun_length);
        shown->begun_length = 0;
    }
    size_t left = unfinished(bytes, length);
    vterm_input_write(shown->terminal, bytes, length - left);
    if (left > 0)
        memcpy(shown->begun, bytes + length - left, left);
    shown->begun_length += left;
}
#endif

void shown_write(struct shown *shown, const char *bytes, size_t length, bool modes_only) {
    for (size_t i = 0; i < length; i++)
        follow_modes(shown, bytes[i]);
#ifdef HAVE_VTERM
    if (!modes_only)
        write_whole(shown, bytes, length);
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

/* "for another 59 s" */
static void hide_time_left(char *row) {
    static const char before[] = "for another ";
    for (char *at = strstr(row, before); at != NULL; at = strstr(at, before)) {
        at += strlen(before);
        size_t digits = strspn(at, "0123456789");
        if (digits == 2 && at[digits] == ' ')
            memcpy(at, "NN", 2);
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

/* "  7  1.298992 " at the beginning of a row: a packet's number and when it was. */
static void hide_packet_time(char *row) {
    char *at = row + strspn(row, " ");
    size_t digits = strspn(at, "0123456789");
    at += digits;
    at += strspn(at, " ");
    char *time = at;
    size_t seconds = strspn(at, "0123456789");
    if (digits == 0 || seconds == 0 || at[seconds] != '.' || strspn(at + seconds + 1, "0123456789") != 6)
        return;
    memset(time, ' ', seconds);
    memcpy(time + seconds - 1, "T.TTTTTT", strlen("T.TTTTTT"));
}

/* "win 64240": how much room a socket has is the machine's affair. */
static void hide_windows(char *row) {
    static const char before[] = " win ";
    for (char *at = strstr(row, before); at != NULL; at = strstr(at, before)) {
        at += strlen(before);
        size_t digits = strspn(at, "0123456789");
        if (digits == 5)
            memcpy(at, "WWWWW", 5);
    }
}

/* How a cell looks, in a letter: see shown_picture(). */
static char look_of(const VTermScreenCell *cell) {
    static const char colours[] = "?rgylmc?", stressed[] = "?RGYLMC?";
    bool coloured = VTERM_COLOR_IS_INDEXED(&cell->fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg);
    bool bold = cell->attrs.bold, underlined = cell->attrs.underline, reversed = cell->attrs.reverse;
    if (!VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) || cell->attrs.blink || (reversed && underlined))
        return '?';
    if (coloured) {
        unsigned index = cell->fg.indexed.idx < 8 ? cell->fg.indexed.idx : 0;
        return bold == reversed && !underlined ? (bold ? stressed : colours)[index] : '?';
    }
    if (reversed)
        return bold ? '^' : 'k';
    return bold && underlined ? 'h' : bold ? 'b' : underlined ? 'u' : ' ';
}

static char *without_blanks_at_end(char *begin, char *end) {
    while (end > begin && end[-1] == ' ')
        end--;
    *end = '\0';
    return end;
}

/* One line; returns its end. With `looks`, which gets as many letters as there are columns, without what differs from run
 * to run. */
static char *add_row(struct shown *shown, int row, char *to, char *looks) {
    char *begin = to;
    size_t places[COLUMNS_MOST] = {0}; /* where in the text a column begins */
    for (int column = 0; column < shown->columns; column++) {
        VTermScreenCell cell;
        VTermPos place = {.row = row, .col = column};
        vterm_screen_get_cell(shown->screen, place, &cell);
        places[column] = (size_t)(to - begin);
        if (looks != NULL)
            looks[column] = look_of(&cell);
        if (cell.chars[0] == (uint32_t)-1) /* behind a wide character */
            continue;
        if (cell.chars[0] == 0)
            *to++ = ' ';
        for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
            to += add_character(to, cell.chars[i]);
    }
    *to = '\0';
    if (looks != NULL) {
        hide_ports(begin);
        hide_time_left(begin);
        hide_seconds(begin);
        hide_packet_time(begin);
        hide_windows(begin);
    }
    /* A blank has no colour that one could see, and what was made blank is there on some days only. */
    for (int column = 0; looks != NULL && column < shown->columns; column++)
        if (begin[places[column]] == ' ' && islower((unsigned char)looks[column]) && !strchr("kuh", looks[column]))
            looks[column] = ' ';
    return without_blanks_at_end(begin, to);
}
#endif

char *shown_text(struct shown *shown) {
    char *text = calloc((size_t)shown->rows, ((size_t)shown->columns * 4 * 6) + 2);
    if (text == NULL)
        abort();
#ifdef HAVE_VTERM
    char *to = text;
    for (int row = 0; row < shown->rows; row++) {
        to = add_row(shown, row, to, NULL);
        *to++ = '\n';
    }
    *to = '\0';
#endif
    return text;
}

char *shown_picture(struct shown *shown) {
    char *text = calloc((size_t)shown->rows, (size_t)shown->columns * 5 * 6 + 4);
    if (text == NULL)
        abort();
#ifdef HAVE_VTERM
    char *to = text, *looks = calloc((size_t)shown->columns + 1, 1);
    for (int row = 0; row < shown->rows; row++) {
        *to++ = '|';
        to = add_row(shown, row, to, looks);
        *to++ = '\n';
        if (without_blanks_at_end(looks, looks + shown->columns) > looks)
            to += sprintf(to, ":%s\n", looks);
    }
    *to = '\0';
    free(looks);
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
