/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a result means, in words: the errno notes of the row, and results that are no errors but surprise. */
#ifndef SOCKSHELL_CALL_EXPLAIN_H
#define SOCKSHELL_CALL_EXPLAIN_H

#include "call/call.h"

struct outcome {
    const struct call *call;
    const char *text; /* the call as printed */
    int64_t result;
    int error;
    size_t asked; /* bytes asked for, data calls */
    const char *result_text; /* what stood after "= "; NULL or "": made from result and error */
};

/* The short explanation that stands under the call's line: for failures and
 * surprises (recv 0, short counts…); NULL when nothing need be said.  *id names it
 * ("connect-ECONNREFUSED", "recv-0") for lessons and the journal; both are static. */
const char *explain_short(const struct outcome *outcome, char id[48]);
/* The same for the end of a process, from its wait(2) status (-1: unknown) and the call it was in (or NULL, ""). */
const char *explain_death(int status, const char *call, char id[48]);
/* .explain: all there is to say of it, in paragraphs (success included). `because`: the cause that was found in the
 * kernel's state, or NULL; it comes first. Wrapped at `columns`. */
void explain_long(const struct outcome *outcome, const char *because, size_t columns, struct buf *out);
/* .help NAME: prototype, arguments, what it does, errno list, see also.
 * Columns: width to wrap at, 0 for 80. */
void help_call(const struct call *call, size_t columns, struct buf *out);
/* .help ECONNREFUSED: which calls fail so, and what it means there. */
void help_errno(int number, size_t columns, struct buf *out);
/* What the call's row says of it, or NULL; also for calls whose failures are none of errno. */
const char *help_errno_of(const struct call *call, int number);
/* `.help waiting`, `.help signals`, `.help errors`: the calls of a topic, the constants of a set, the errors and who
 * fails with them. False: there is no such group. */
bool help_group(const char *name, size_t columns, struct buf *out);
/* `.help calls`: the names of all calls, by topic. */
void help_topics(size_t columns, struct buf *out);
/* Wrap text at `columns` with `indent` blanks before each line; paragraphs at
 * \n\n; lines with leading blanks stay as they are. */
void text_wrap(const char *text, size_t columns, size_t indent, struct buf *out);

#endif
