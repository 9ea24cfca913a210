/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands' handlers, for the table in command.c. */
#ifndef SOCKSHELL_SHELL_COMMANDS_H
#define SOCKSHELL_SHELL_COMMANDS_H

#include "shell/command.h"

/* commands_ask.c: questions */
bool command_help(struct command_line *line);
bool command_vars(struct command_line *line);
bool command_explain(struct command_line *line);
bool command_next(struct command_line *line);
bool command_network(struct command_line *line);

/* commands_state.c */
bool command_state(struct command_line *line);
bool command_watch(struct command_line *line);
bool command_step(struct command_line *line);

/* commands_bytes.c */
bool command_bytes(struct command_line *line);

/* commands_actor.c: what is done to actors */
bool command_actor_switch(struct command_line *line);
bool command_actors(struct command_line *line);
bool command_queue(struct command_line *line);
bool command_wait(struct command_line *line);
bool command_interrupt(struct command_line *line);
bool command_kill(struct command_line *line);
bool command_restart(struct command_line *line);
bool command_eof(struct command_line *line);

/* commands_lesson.c */
bool command_skip(struct command_line *line);
bool command_again(struct command_line *line);
bool command_hint(struct command_line *line);
bool command_solution(struct command_line *line);
bool command_back(struct command_line *line);

#endif
