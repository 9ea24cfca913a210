/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal's packets as a ladder: which of them, between whom, with the calls and changes beside them. */
#ifndef SOCKSHELL_SHELL_RUNGS_H
#define SOCKSHELL_SHELL_RUNGS_H

#include "observe/facts.h"
#include "packet/track.h"
#include "shell/shell.h"
#include "view/ladder.h"

/* Which packets are wanted; all that is set must hold. */
struct rungs_filter {
    const char *actor; /* to or from it; NULL: anybody */
    const char *kind;  /* "TCP" …; NULL: any, */
    bool no_arp;       /* but this */
    unsigned port;     /* of either end; 0: any */
    const struct socket_facts
        *own;       /* of this socket's connection; of a listener or UDP: of its port; NULL: any */
    uint64_t after; /* events behind this number */
    size_t most;    /* the newest so many; 0: all */
};

struct rungs {
    struct ladder ladder;
    struct ladder_rung *rungs;
    size_t packets; /* among the rungs */
    size_t earlier; /* that were wanted, and for which there was no room */
    char **texts;   /* what the rungs point to */
    size_t text_count;
};

void rungs_gather(const struct journal *journal, const struct rungs_filter *filter, size_t columns,
                 struct rungs *wire);
void rungs_free(struct rungs *wire);

/* A packet of the journal, decoded again, with what was said of it. False: the event has none. */
bool rungs_packet(const struct event *event, struct packet *packet, struct track_note *note);
/* Can UTF-8 be shown? */
bool rungs_is_utf8(void);

#endif
