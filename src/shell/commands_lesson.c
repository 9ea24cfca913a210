/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands for finding one's way in a lesson. */
#include "lesson/play.h"
#include "shell/commands.h"

bool command_skip(struct command_line *line) {
    player_skip(line->shell->player);
    return true;
}

bool command_again(struct command_line *line) {
    player_again(line->shell->player);
    return true;
}
