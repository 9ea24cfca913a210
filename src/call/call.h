/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of calls.  One row is all that sockshell knows of a call: parsing
 * its short forms, usual values of arguments left out, checking and printing
 * them, running it, help, completion, exports and the manual's list are all
 * read from here.  CONTRIBUTING.md ("Adding a call") walks through a row.
 *
 * Rows stand in src/call/calls_*.c by topic, each with its handler above it.
 */
#ifndef SOCKSHELL_CALL_CALL_H
#define SOCKSHELL_CALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "call/constant.h"
#include "lang/interp.h"

#define CALL_ARGS_MAX 8

enum arg_kind {
    ARG_END,
    ARG_INT,         /* any integer, printed in decimal */
    ARG_FD,          /* a descriptor */
    ARG_CONST,       /* one constant of .set */
    ARG_FLAGS,       /* constants of .set, or-ed */
    ARG_SIZE,        /* the length in bytes of argument number .other */
    ARG_BYTES_IN,    /* bytes the call reads; their length is argument .other */
    ARG_BYTES_OUT,   /* bytes the call writes: as many as it returns; the room is argument .other */
    ARG_STRING,      /* NUL-terminated text */
    ARG_ADDRESS_IN,  /* struct sockaddr *, length in .other; a string is its short form */
    ARG_ADDRESS_OUT, /* struct sockaddr * to fill in (or NULL); its ARG_LENGTH is .other */
    ARG_LENGTH,      /* socklen_t *, value-result, of argument .other */
    ARG_INT_OUT,     /* int * to fill in, or NULL */
    ARG_POINTER,     /* any other pointer; the handler checks and prints it */
    ARG_MORE,        /* … of printf and friends; must be last */
};

struct call_arg {
    enum arg_kind kind;
    const char *name; /* as in the prototype */
    unsigned other;   /* see the kinds; number of an argument, from 0 */
    const struct constant_set *set;
    /* The usual value, as C text, when it is left out at the end ("0",
     * "SOMAXCONN", "NULL"); "" when the engine works it out (the length of a
     * buffer, string or address; a buffer to receive into); NULL: must be given. */
    const char *usual;
};

struct call_errno {
    int number;
    const char *means; /* a sentence: what it means for this call, and what to do */
};

/* Errors that are none of errno: those of getaddrinfo() and its like. */
struct call_failures {
    const struct constant_set *names;
    const char *(*words)(int number); /* gai_strerror() and its like */
};

/* What the arguments became for the kernel. */
union raw {
    int64_t i;
    void *p;
    const void *cp;
};

struct invocation;

/*
 * Templates (asks): what a call is about to ask of the kernel, for .step.  Plain text, in which stand
 *
 *     {name}                 an argument as it is printed; one to be filled in as it was given: &client
 *     {name:form}            the same in another form:
 *         means              constants with what each means: "SHUT_WR (nothing more will be sent)"
 *         bytes              a count, or what a socklen_t * points to: "1 byte", "16 bytes"
 *         bare               without the brackets of what a pointer points to: 1, not [1]
 *         short, host, port  an address: 127.0.0.1:8888, "/tmp/x", @"name"; its parts
 *         swapped            its port, were it in the other byte order
 *     {?condition:text}      only if the condition holds; text may contain braces again
 *     {?condition:text|text} one or the other; |?condition:text between them is "else if"
 *
 * and a condition is one of these, after a ! the opposite, or several with commas between them, of which
 * one must hold:
 *
 *     name                   the argument is not 0, not NULL
 *     name=value             also < and & (a flag is set); value is a number, a constant or an argument
 *     name.word              an address: ip, ip6, any, loopback, port (not 0), swapped (htons() was probably
 *                            forgotten), path, abstract, unnamed, unspec;
 *                            a descriptor, at this moment: open, socket, stream, datagram, seqpacket, ip, tcp,
 *                            unix, listening, connected, bound, nonblocking, unread (bytes have come), abortive
 *                            (SO_LINGER with 0 seconds), ended (TCP's FIN is out)
 */
struct call {
    const char *name;
    const char *prototype; /* "int listen(int sockfd, int backlog)" */
    struct call_arg args[CALL_ARGS_MAX + 1];
    enum call_flag {
        CALL_SYSTEM = 1,  /* a system call: its own line in the transcript */
        CALL_BLOCKS = 2,  /* can put its process to sleep: announced before it starts */
        CALL_ACTS = 4,    /* a call that blocks, but first reaches others (connect, send): it stands in the journal
                             where it began; those that wait for others (accept, recv) where they returned */
        CALL_TOLD = 8,    /* no system call, but its result has a line in the transcript all the same */
        CALL_GIVES = 16, /* its result is a descriptor */
        CALL_GIVES_MORE = 32, /* what it does to descriptors is not in its descriptor and result alone */
        CALL_SETS = 64, /* it sets options of its descriptor */
        CALL_LIBRARY = 0, /* neither: a function of the C library or a macro */
    } flags;
    /* The numbers under which it shows in /proc/PID/syscall; {-1}: any (getaddrinfo…).
     * Unused places are 0 with sysnr_count telling how many are used. */
    long sysnr[3];
    unsigned sysnr_count;
    const char *summary; /* a line, lower case, no full stop: "wait for a connection" */
    const char *note;    /* the teaching note: a few sentences, plain text, \n\n between paragraphs */
    const char *asks;    /* what it is about to ask, a template; every row that is announced has one */
    const char *success; /* what a success means, for every type of socket; NULL when it needs no words */
    const char *man;     /* "accept(2)" */
    const char *see;     /* "listen connect", names of calls, space separated */
    const char *topic;   /* "sockets", "data", "waiting", "descriptors", "processes", "names", "bytes", "text" */
    const struct call_errno *errors; /* ends with {0} */
    const struct call_failures *failures; /* what the numbers in `errors`, and its failures, are; NULL: errno */
    /* Exactly one of the two.  `system`: call the libc wrapper with these
     * arguments and return its result, errno set; the engine does the rest.
     * `run`: everything by hand (call/engine.h). */
    long (*system)(const union raw *raw);
    bool (*run)(struct invocation *invocation);
};

const struct call *call_find(const char *name); /* NULL: none */
const struct call *call_at(size_t i);           /* in the order of the help; NULL ends */
size_t call_count_args(const struct call *call);
const char *call_errno_means(const struct call *call, int number); /* NULL: nothing written */

/* An error of this call (NULL: of any) by name and in words; NULL: there is none of that number. */
const char *call_error_name(const struct call *call, int number);
const char *call_error_words(const struct call *call, int number);

/* Some parts of speech for errno, from the table in constants_errno.c. */
const char *errno_name(int number); /* "ECONNREFUSED", or NULL */

/* `listen 3 5`, `socket inet stream`, `bind 3 127.0.0.1:8888`: bare words to C.
 * True and the C text in *out when line is a call's name followed by words (or
 * alone, for a call with arguments) and not C already.  Words: numbers and names
 * of variables as they are (a `word` that is no known constant in short form,
 * no number, no known variable (`is_variable`) becomes a string where the argument
 * takes one), constants without their prefix and in any case for ARG_CONST/ARG_FLAGS. */
bool call_from_words(const char *line, bool (*is_variable)(void *context, const char *name), void *context,
                     struct buf *out);

#endif
