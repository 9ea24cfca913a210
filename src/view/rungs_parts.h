/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rungs.c, which makes ladders, and rungs_find.c, which finds parts of them, have in common. */
#ifndef SOCKSHELL_VIEW_RUNGS_PARTS_H
#define SOCKSHELL_VIEW_RUNGS_PARTS_H

#include "view/rungs.h"

/* Does the filter let it pass, as far as the book knows? */
bool rungs_entry_wanted(const struct rungs_filter *filter, const struct wire_entry *entry);
/* The first entry whose event stands behind `after` and is still kept; last + 1: there is none. Both are so from some
 * entry on, so that few events are looked at: whoever goes through the book needs no event to know where to stop. */
uint64_t rungs_first_entry(const struct journal *journal, const struct wire *book, uint64_t after);
/* Is it of the socket's connection; of a listening or unconnected one, of its port? */
bool rungs_is_between(const struct socket_facts *facts, const struct packet *packet);

#endif
