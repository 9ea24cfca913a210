/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the history lives. */
#ifndef SOCKSHELL_PROMPT_HISTORY_H
#define SOCKSHELL_PROMPT_HISTORY_H

/* $XDG_STATE_HOME/sockshell/history, or ~/.local/state/sockshell/history (XDG Base
 * Directory specification 0.8); NULL when there is no home. Caller frees. */
char *history_path(void);

#endif
