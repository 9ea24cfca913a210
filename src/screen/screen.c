/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal by ncurses; see screen.h. */
#include "screen/screen.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef columns /* term.h has a macro for every capability */
#undef lines

#include "base/mem.h"
#include "base/utf8.h"
#include "prompt/keys.h"
#include "screen/guardian.h"
#include "screen/terminal.h"

/* Of a terminal that says it is larger (65535 lines of 65535 columns can be said) so much is used. */
#define SCREEN_ROWS_MOST 1000
#define SCREEN_COLUMNS_MOST 2000
#define CELL_WIDE 5 /* wide characters in a cell: one and its combining marks; CCHARW_MAX */
/* Bracketed paste and the wheel (buttons, in xterm's SGR form). Terminals that do not know them pass them over. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct screen {
    SCREEN *curses;
    struct guardian *guardian; /* not owned; or NULL */
    struct terminal_state before;
    bool colour, mouse, left;
    bool modes_due; /* KEYS_PASTE_MARKS_ON and MOUSE_ON have not been written */
    size_t rows, columns;
    struct cell *shown;      /* what stdscr holds, row by row */
    cchar_t *line;           /* room for a row */
};

/* ---- Opening and closing ---- */

static bool refuse(struct error *error, const char *what) {
    const char *term = getenv("TERM");
    if (term == NULL || term[0] == '\0') /* readline has taken it for "dumb" by now */
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "TERM does not say which terminal this is");
    return error_set(error, ERROR_SYSTEM, (struct span){0}, "the terminal %s %s", term, what);
}

static bool is_large_enough(struct error *error) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
        (size.ws_row < SCREEN_ROWS_LEAST || size.ws_col < SCREEN_COLUMNS_LEAST))
        return error_set(error, ERROR_SYSTEM, (struct span){0},
                         "panes need %d lines of %d columns, and here are %d of %d", SCREEN_ROWS_LEAST,
                         SCREEN_COLUMNS_LEAST, size.ws_row, size.ws_col);
    return true;
}

const char *screen_key(const char *name) {
    const char *sequence = cur_term != NULL ? tigetstr(name) : NULL;
    return sequence == (char *)-1 ? NULL : sequence; /* not a string capability */
}

/* Colours of the terminal's own palette on its own background. */
static short style_colour(enum style style) {
    switch (style) {
    case STYLE_PLAIN:
    case STYLE_ACTOR:
    case STYLE_HEADING:
    case STYLE_FRAME:
    case STYLE_KEY:
    case STYLE_CODE:
    case STYLE_EMPHASIS:
    case STYLES_END:
        return -1;
    case STYLE_FAILURE:
        return COLOR_RED;
    case STYLE_NOTE:
        return COLOR_CYAN;
    case STYLE_EVENT:
        return COLOR_MAGENTA;
    case STYLE_CHANGE:
        return COLOR_GREEN;
    }
    return -1;
}

static const enum style coloured[] = {STYLE_FAILURE, STYLE_NOTE, STYLE_EVENT, STYLE_CHANGE};

static bool begin_colour(void) {
    if (!has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return false;
    for (size_t i = 0; i < sizeof(coloured) / sizeof(*coloured); i++)
        if (init_pair((short)coloured[i], style_colour(coloured[i]), -1) == ERR)
            return false;
    return true;
}

/* Who dies without giving the terminal back has this written for him, in this order. */
static void tell_guardian(struct screen *screen) {
    const char *const parts[] = {MOUSE_OFF, KEYS_PASTE_MARKS_OFF, exit_attribute_mode, cursor_normal, exit_ca_mode, "\r"};
    size_t length = 0;
    char *undo = screen->before.undo;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        size_t more = parts[i] != NULL ? strlen(parts[i]) : 0;
        if (length + more >= TERMINAL_UNDO_MAX)
            continue;
        if (more > 0)
            memcpy(undo + length, parts[i], more);
        length += more;
    }
    undo[length] = '\0';
    guardian_undo(screen->guardian, undo);
}

static void begin_modes(struct screen *screen) {
    terminal_raw(&screen->before.before);
    def_prog_mode();
    screen->modes_due = true;
}

/* Terminal modes that ncurses does not know of: when the first picture is there, which people wait for. */
static void write_modes(struct screen *screen) {
    screen->modes_due = false;
    fputs(KEYS_PASTE_MARKS_ON, stdout);
    if (screen->mouse)
        fputs(MOUSE_ON, stdout);
    fflush(stdout);
}

static void end_modes(struct screen *screen) {
    screen->modes_due = false;
    if (screen->mouse)
        fputs(MOUSE_OFF, stdout);
    fputs(KEYS_PASTE_MARKS_OFF, stdout);
    fflush(stdout);
}

/* Until it has come back from its first endwin() ncurses 6.4 writes at each movement of the cursor, afterwards a
 * picture at a time (measured). So it leaves before it has begun: where nobody sees it, for the terminal would go
 * to its other screen and back. */
static void leave_unseen(void) {
    int terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (terminal >= 0 && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0) {
        endwin();
        dup2(terminal, STDOUT_FILENO);
    }
    if (terminal >= 0)
        close(terminal);
    if (nowhere >= 0)
        close(nowhere);
}

/* NULL: terminfo does not know the terminal. Signals stay the session's. */
static SCREEN *new_curses(void) {
    struct sigaction old[4];
    const int signals[4] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    fflush(stdout);
    for (size_t i = 0; i < 4; i++)
        sigaction(signals[i], NULL, &old[i]);
    SCREEN *curses = newterm(NULL, stdout, stdin);
    for (size_t i = 0; i < 4; i++)
        sigaction(signals[i], &old[i], NULL);
    return curses;
}

struct screen *screen_open(bool colour, struct guardian *guardian, struct error *error) {
    if (!is_large_enough(error))
        return NULL;
    struct screen *screen = mem_alloc(sizeof(*screen));
    screen->guardian = guardian;
    screen->before.known = tcgetattr(STDIN_FILENO, &screen->before.before) == 0;
    screen->curses = new_curses();
    if (screen->curses == NULL) {
        refuse(error, "is not known to terminfo");
        goto fail;
    }
    typeahead(-1); /* else it would look for keys whenever it paints */
    screen->colour = colour && begin_colour();
    leave_unseen();
    if (cursor_address == NULL || clear_screen == NULL) {
        refuse(error, "cannot place its cursor");
        goto fail;
    }
    tell_guardian(screen);
    begin_modes(screen);
    screen_resize(screen);
    return screen;
fail:
    if (screen->curses != NULL) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &screen->before.before); /* newterm() has changed it */
        delscreen(screen->curses);
    }
    free(screen);
    return NULL;
}

void screen_leave(struct screen *screen) {
    if (screen->left)
        return;
    screen->left = true;
    end_modes(screen);
    endwin();
    tcsetattr(STDIN_FILENO, TCSADRAIN, &screen->before.before);
    guardian_undo(screen->guardian, "");
}

void screen_return(struct screen *screen) {
    screen->left = false;
    tell_guardian(screen);
    reset_prog_mode();
    begin_modes(screen);
    screen_resize(screen);
    screen_spoilt(screen);
}

void screen_close(struct screen *screen) {
    if (screen == NULL)
        return;
    screen_leave(screen);
    delscreen(screen->curses);
    free(screen->shown);
    free(screen->line);
    free(screen);
}

void screen_mouse(struct screen *screen, bool on) {
    screen->mouse = on;
    fputs(on ? MOUSE_ON : MOUSE_OFF, stdout);
    fflush(stdout);
}

/* ---- Size ---- */

void screen_resize(struct screen *screen) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = (unsigned short)LINES, .ws_col = (unsigned short)COLS};
    size.ws_row = size.ws_row < SCREEN_ROWS_MOST ? size.ws_row : SCREEN_ROWS_MOST;
    size.ws_col = size.ws_col < SCREEN_COLUMNS_MOST ? size.ws_col : SCREEN_COLUMNS_MOST;
    if (screen->shown != NULL && size.ws_row == screen->rows && size.ws_col == screen->columns)
        return;
    resizeterm(size.ws_row, size.ws_col);
    screen->rows = size.ws_row;
    screen->columns = size.ws_col;
    screen->shown = mem_grow(screen->shown, screen->rows * screen->columns, sizeof(*screen->shown));
    screen->line = mem_grow(screen->line, screen->columns, sizeof(*screen->line));
    erase();
    for (size_t i = 0; i < screen->rows * screen->columns; i++)
        screen->shown[i] = (struct cell){.text = " ", .style = STYLE_PLAIN};
    screen_spoilt(screen);
}

size_t screen_rows(const struct screen *screen) {
    return screen->rows;
}

size_t screen_columns(const struct screen *screen) {
    return screen->columns;
}

/* ---- Painting ---- */

void screen_spoilt(struct screen *screen) {
    (void)screen;
    clearok(curscr, TRUE);
}

/* ncurses writes only what is other than what it wrote last. */
void screen_lost(struct screen *screen) {
    if (screen->left)
        return;
    if (exit_attribute_mode != NULL)
        putp(exit_attribute_mode);
    fflush(stdout);
    curs_set(1);
    curs_set(0);
    screen->modes_due = true;
    screen_spoilt(screen);
}

static attr_t attributes(const struct screen *screen, const struct cell *cell) {
    attr_t wanted = cell->bright ? A_BOLD | A_REVERSE : A_NORMAL;
    switch (cell->style) {
    case STYLE_PLAIN:
    case STYLE_NOTE:
    case STYLES_END:
        return wanted;
    case STYLE_FRAME:
        return wanted | A_DIM;
    case STYLE_EMPHASIS:
        return wanted | A_UNDERLINE;
    case STYLE_CODE:
        return wanted | A_BOLD;
    case STYLE_KEY:
        return wanted | A_REVERSE;
    case STYLE_ACTOR:
        return wanted | A_BOLD;
    case STYLE_HEADING:
        return wanted | A_BOLD | A_UNDERLINE;
    case STYLE_FAILURE:
    case STYLE_EVENT:
    case STYLE_CHANGE:
        return screen->colour ? wanted : wanted | A_BOLD;
    }
    return wanted;
}

/* The characters of a cell as the C library has them for this locale; what it cannot show, or would show in
 * another width than the canvas reckons with, is a question mark. */
static void widen(const struct cell *cell, int columns, wchar_t wide[CELL_WIDE + 1]) {
    size_t length = strnlen(cell->text, CELL_BYTES), count = 0, used;
    for (size_t at = 0; at < length && count < CELL_WIDE; at += used) {
        uint32_t code = utf8_decode(cell->text + at, length - at, &used);
        wchar_t character = code == UTF8_INVALID ? L'?' : (wchar_t)code;
        if (MB_CUR_MAX == 1 && character >= 0x80)
            character = L'?';
        if (wcwidth(character) != (count == 0 ? columns : 0)) {
            if (count > 0)
                continue;
            character = L'?';
        }
        wide[count++] = character;
    }
    if (count == 0)
        wide[count++] = L' ';
    wide[count] = L'\0';
}

static bool same_cell(const struct cell *a, const struct cell *b) {
    return a->style == b->style && a->bright == b->bright && strncmp(a->text, b->text, CELL_BYTES) == 0;
}

static bool row_is_shown(const struct screen *screen, const struct canvas *canvas, size_t row, size_t columns) {
    const struct cell *shown = screen->shown + row * screen->columns;
    for (size_t column = 0; column < columns; column++)
        if (!same_cell(&shown[column], canvas_cell(canvas, row, column)))
            return false;
    return true;
}

static void paint_row(struct screen *screen, const struct canvas *canvas, size_t row, size_t columns) {
    struct cell *shown = screen->shown + row * screen->columns;
    int count = 0;
    for (size_t column = 0; column < columns; column++) {
        const struct cell *cell = canvas_cell(canvas, row, column);
        wchar_t wide[CELL_WIDE + 1];
        shown[column] = *cell;
        if (cell->text[0] == '\0' && column > 0)
            continue; /* the second half of a wide character */
        bool two = column + 1 < columns && canvas_cell(canvas, row, column + 1)->text[0] == '\0';
        widen(cell, two ? 2 : 1, wide);
        short pair = screen->colour && style_colour(cell->style) >= 0 ? (short)cell->style : 0;
        setcchar(&screen->line[count++], wide, attributes(screen, cell), pair, NULL);
        if (two && wide[0] == L'?') /* in place of one that takes two columns */
            setcchar(&screen->line[count++], L" ", attributes(screen, cell), pair, NULL);
    }
    mvadd_wchnstr((int)row, 0, screen->line, count);
}

void screen_paint(struct screen *screen, const struct canvas *canvas, bool cursor, size_t row, size_t column) {
    size_t rows = canvas_rows(canvas), columns = canvas_columns(canvas);
    if (screen->left)
        return;
    rows = rows < screen->rows ? rows : screen->rows;
    columns = columns < screen->columns ? columns : screen->columns;
    for (size_t at = 0; at < rows; at++)
        if (!row_is_shown(screen, canvas, at, columns))
            paint_row(screen, canvas, at, columns);
    if (!cursor)
        curs_set(0);
    if (cursor && row < screen->rows && column < screen->columns)
        move((int)row, (int)column);
    wnoutrefresh(stdscr);
    doupdate();
    if (cursor) /* afterwards: it is a write of its own, and not part of the picture */
        curs_set(1);
    if (screen->modes_due)
        write_modes(screen);
}
