/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person at a terminal: the prompt, the actors and the signals in one loop. */
#ifndef SOCKSHELL_SESSION_SESSION_H
#define SOCKSHELL_SESSION_SESSION_H

#include "shell/home.h"
#include "shell/shell.h"

struct session_options {
    bool plain;                 /* lines, where panes would be possible too */
    bool colour;
    const char *greeting;       /* the first words */
    bool mouse;                 /* the wheel is reported, where the terminal has one */
    double automatic;           /* the lesson plays itself, at this speed; 0: not */
    const char *const *actors;  /* to begin with, as for shell_start(); NULL: the shell has been started already */
    const char *first;          /* a line to begin with, or NULL */
    enum home home;             /* where they are to live; not when the shell has been started already */
};

/* Until the person leaves. Returns the exit status. */
int session_run(struct shell *shell, const struct session_options *options);
/* For view_options.before: lift the prompt out of the way of output. */
void session_lift(void *context);

#endif
