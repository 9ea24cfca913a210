/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal shows: its modes from what was written to it, and, with libvterm, its screen. */
#ifndef SOCKSHELL_TESTS_TERMINAL_SHOWN_H
#define SOCKSHELL_TESTS_TERMINAL_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

struct shown;
struct shown *shown_new(int rows, int columns);
void shown_free(struct shown *shown);
bool shown_has_screen(void); /* built with libvterm? */
void shown_resize(struct shown *shown, int rows, int columns);
void shown_write(struct shown *shown, const char *bytes, size_t length, bool modes_only);

/* The screen as text, a line a row, without blanks at the ends. The caller frees. */
char *shown_text(struct shown *shown);
/* The same with how it looks, and what differs from run to run made the same: ports that the kernel chose are PPPPP,
 * seconds that pass at the end of a row or pane are blanks, what is left of a TIME_WAIT is NN s, when a packet came is
 * T.TTTTTT, and a window of five digits is WWWWW.
 * A line of text begins with |, and where any of it is not plain, a line of letters that
 * begins with : follows. b is bold, u underlined, h (a heading) both, k (a key) reversed, ^ bold and reversed, which is
 * what has changed; red, green, yellow, bLue, magenta, cyan are r g y l m c, and R G Y L M C where they are bold and
 * reversed too; ? is anything else, which there should not be. Dim is not seen: libvterm 0.1 does not know it. */
char *shown_picture(struct shown *shown);
void shown_cursor(struct shown *shown, int *row, int *column); /* from 0 */
bool shown_mode(const struct shown *shown, int number); /* is this private mode, of those that are followed, on? */
/* "" or a sentence: a mode that was left switched on. */
const char *shown_left_on(const struct shown *shown);

#endif
