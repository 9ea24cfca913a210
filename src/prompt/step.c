/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of readline; see step.h. */
#include "prompt/step.h"

#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

/* At the history's end, which is the usual place, only who has just come there may have left one: there can be many
 * lines. */
static void forget_left_lines(int was_at) {
    int at = where_history();
    HIST_ENTRY **lines = at < history_length || was_at < history_length ? history_list() : NULL;
    for (size_t i = 0; lines != NULL && lines[i] != NULL; i++)
        lines[i]->data = NULL;
}

bool step_read_char(bool (*shown)(void)) {
    int at = where_history();
    rl_callback_read_char();
    forget_left_lines(at);
    return shown() && rl_done;
}
