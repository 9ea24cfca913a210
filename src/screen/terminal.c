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

void terminal_restore(const struct terminal_state *state) {
    pid_t foreground = tcgetpgrp(STDIN_FILENO); /* -1: it is not our controlling terminal */
    if (!state->known || (foreground > 0 && foreground != getpgrp()))
        return;
    size_t length = strnlen(state->undo, sizeof(state->undo));
    ssize_t written = length > 0 ? write(STDOUT_FILENO, state->undo, length) : 0;
    (void)written; /* a terminal that is gone needs no undoing */
    tcsetattr(STDIN_FILENO, TCSANOW, &state->before);
}
