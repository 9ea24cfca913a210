/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's settings; see terminal.h. */
#include "screen/terminal.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

bool terminal_raw(const struct termios *before) {
    struct termios raw = *before;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP | INPCK);
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    raw.c_lflag |= ISIG;
    raw.c_oflag |= OPOST | ONLCR; /* ncurses moves the cursor by what it knows of this */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

/* An answer of -1 is for a terminal that is not our controlling one. */
static bool in_background(void) {
    pid_t foreground = tcgetpgrp(STDIN_FILENO);
    return foreground > 0 && foreground != getpgrp();
}

void terminal_go_on(void) {
    /* Linux lets TCOON undo what TCOOFF did, and that undoes Ctrl-S as well; alone it does nothing. */
    if (!in_background() && tcflow(STDOUT_FILENO, TCOOFF) == 0)
        tcflow(STDOUT_FILENO, TCOON);
}

void terminal_restore(const struct terminal_state *state) {
    if (!state->known || in_background())
        return;
    terminal_go_on();
    size_t length = strnlen(state->undo, sizeof(state->undo));
    ssize_t written = length > 0 ? write(STDOUT_FILENO, state->undo, length) : 0;
    (void)written; /* a terminal that is gone needs no undoing */
    tcsetattr(STDIN_FILENO, TCSANOW, &state->before);
}
