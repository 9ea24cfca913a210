/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What C programs use and this language has not: what to write instead. */
#ifndef SOCKSHELL_CALL_ABSENT_H
#define SOCKSHELL_CALL_ABSENT_H

/* A sentence for whoever wrote that name, or NULL; static. */
const char *absent_remedy(const char *name);

#endif
