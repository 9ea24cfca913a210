/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding processes by whose children they are, and telling how they ended. */
#ifndef SOCKSHELL_TESTS_TERMINAL_PROCESSES_H
#define SOCKSHELL_TESTS_TERMINAL_PROCESSES_H

#include <stdbool.h>
#include <sys/types.h>

/* The numbers of its children, with blanks between; valid until the next call. */
const char *processes_children(pid_t pid);
/* The first of them, or the first of this name (comm in proc(5)); 0: there is none. */
pid_t processes_child(pid_t pid);
pid_t processes_child_named(pid_t pid, const char *name);

/* A child of ours has ended; it is not waited for. */
bool processes_ended(pid_t pid);
/* How: "exit status 1", "by signal 9"; valid until the next call. */
const char *processes_end(pid_t pid);

#endif
