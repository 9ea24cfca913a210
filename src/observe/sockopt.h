/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of a socket that only its program changes: what was set shows as
 * what differs from a new socket of the same kind on this machine.  Options
 * that move by themselves (TCP_QUICKACK, TCP_MAXSEG, sizes of buffers that
 * nobody has set) are not among them.
 */
#ifndef SOCKSHELL_OBSERVE_SOCKOPT_H
#define SOCKSHELL_OBSERVE_SOCKOPT_H

#include "base/buf.h"
#include "observe/facts.h"

#define SOCKOPT_MAX 56

struct option_facts {
    bool known;
    uint64_t moot;               /* bit i: the kernel has set option i by itself */
    uint64_t unusual;            /* bit i: option i is other than in a new socket */
    int32_t values[SOCKOPT_MAX]; /* see sockopt_value_words() */
};

/* Which are there: names in order, NULL ends. */
const char *sockopt_name(size_t i);
/* Ask a descriptor of ours, in about 5 µs.  `usual`: of a new socket of this kind, or NULL; then nothing
 * is unusual. */
void sockopt_read(int copy, const struct socket_facts *facts, const struct option_facts *usual,
                  struct option_facts *out);
/* "1", "5 s", "500 ms", "off", "8192"; "automatic" for a buffer whose size the kernel chooses; "none":
 * there is no such option in this kind of socket. */
void sockopt_value_words(size_t i, int32_t value, struct buf *out);
/* "SO_REUSEADDR", where it is a matter of yes and no; else "SO_LINGER 5 s", "IP_MULTICAST_LOOP 0". */
void sockopt_words(size_t i, int32_t value, struct buf *out);

/* What new sockets are like, by kind; each is made once, asked, and closed. */
struct usual_sockopts {
    struct usual_kind *kinds;
    size_t count;
};
const struct option_facts *sockopt_usual(struct usual_sockopts *usual, const struct socket_facts *facts);
void sockopt_usual_free(struct usual_sockopts *usual);

#endif
