/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the language: the system's structs and typedefs, and C's keywords. */
#ifndef SOCKSHELL_SHELL_HELP_LANGUAGE_H
#define SOCKSHELL_SHELL_HELP_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/suggest.h"

/* Append the help on "struct sockaddr_in", "sockaddr_in", "socklen_t", "while"; false: it is none of them. */
bool help_language(const char *topic, size_t columns, struct buf *out);
/* Offer all that help_language() knows. */
void help_language_offer(struct suggestion *near);
/* What a struct (field NULL) or one of its fields is for; NULL: nothing is written. */
const char *help_field(const char *tag, const char *field);

#endif
