/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of readline; see step.h. */
#include "prompt/step.h"

#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

void step_forget_changes(void) {
    HIST_ENTRY **lines = history_list();
    for (size_t i = 0; lines != NULL && lines[i] != NULL; i++)
        lines[i]->data = NULL;
}

bool step_read_char(bool (*shown)(void)) {
    int at = where_history();
    rl_callback_read_char();
    /* At the history's end, which is the usual place, only who has just come there may have left a line. */
    if (at < history_length || where_history() < history_length)
        step_forget_changes();
    return shown() && rl_done;
}
