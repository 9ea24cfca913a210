/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands for finding one's way in a lesson. */
#include <stdlib.h>
#include <string.h>

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

bool command_hint(struct command_line *line) {
    player_hint(line->shell->player);
    return true;
}

bool command_solution(struct command_line *line) {
    player_solution(line->shell->player);
    return true;
}

bool command_back(struct command_line *line) {
    const char *digits = line->argument;
    size_t length = strlen(digits);
    if (strspn(digits, "0123456789") != length || length > 6 || (length > 0 && atoi(digits) == 0)) {
        command_misused(line, ".back takes the number of a step: .back 1");
        return false;
    }
    if (player_back(line->shell->player, length > 0 ? (size_t)atoi(digits) : 0, line->error))
        return true;
    line->error->where = (struct span){(uint32_t)(digits - line->text), (uint32_t)length};
    return false;
}
