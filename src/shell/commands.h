/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands' handlers, for the table in command.c. */
#ifndef SOCKSHELL_SHELL_COMMANDS_H
#define SOCKSHELL_SHELL_COMMANDS_H

#include "shell/command.h"

/* commands_ask.c: questions */
bool command_help(struct command_line *line);
bool command_vars(struct command_line *line);
bool command_next(struct command_line *line);

/* commands_run.c */
bool command_run_program(struct command_line *line);

/* commands_network.c */
bool command_network(struct command_line *line);
bool command_host(struct command_line *line);

/* commands_link.c */
bool command_link(struct command_line *line);
bool command_deliver(struct command_line *line);
bool command_drop(struct command_line *line);
bool command_duplicate(struct command_line *line);
bool command_swap(struct command_line *line);

/* commands_explain.c */
bool command_explain(struct command_line *line);

/* commands_state.c */
bool command_state(struct command_line *line);
bool command_watch(struct command_line *line);
bool command_step(struct command_line *line);

/* commands_bytes.c */
bool command_bytes(struct command_line *line);

/* commands_wire.c */
bool command_wire(struct command_line *line);
bool command_packet(struct command_line *line);

/* commands_save.c */
bool command_save(struct command_line *line);

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
