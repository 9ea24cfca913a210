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

/* The screen as text, a line a row, without blanks at the ends. What differs from run to run is made the same:
 * ports that the kernel chose are PPPPP, and seconds that pass at the end of a row or pane are blanks. The
 * caller frees. */
char *shown_text(struct shown *shown);
void shown_cursor(struct shown *shown, int *row, int *column); /* from 0 */
bool shown_mode(const struct shown *shown, int number); /* is this private mode, of those that are followed, on? */
/* "" or a sentence: a mode that was left switched on. */
const char *shown_left_on(const struct shown *shown);

#endif
