/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The links of a network and what waits on them, in words. */
#ifndef SOCKSHELL_SHELL_LINK_WORDS_H
#define SOCKSHELL_SHELL_LINK_WORDS_H

#include "base/buf.h"
#include "net/network.h"

/* A line each, with its rules. */
void link_say(const struct network *network, size_t first, size_t second, struct buf *out);
void link_say_all(const struct network *network, struct buf *out);
/* "laptop → cheerios, TCP SYN, 74 bytes", of a frame on the link between these hosts. */
void link_say_frame(const struct network *network, const size_t ends[2], const struct link_frame *frame,
                    struct buf *out);
/* What waits there, numbered, a line each. */
void link_say_held(const struct network *network, const size_t ends[2], struct buf *out);

#endif
