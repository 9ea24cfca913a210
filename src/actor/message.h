/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What shell and actor say to each other, one message a datagram of a
 * SOCK_SEQPACKET socketpair.
 *
 *     header   u16 version, u16 type, u32 length of the body   (host order: same machine, same program)
 *     body     the type's fields in the order of struct message, integers as
 *              8 bytes, texts as u32 length and bytes (no NUL)
 *
 * A message that is too long, of another version, of an unknown type, or whose
 * fields do not fill the body exactly is refused; the shell then kills that actor.
 */
#ifndef SOCKSHELL_ACTOR_MESSAGE_H
#define SOCKSHELL_ACTOR_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"

#define MESSAGE_VERSION 4
#define MESSAGE_MAX (128 << 10) /* bytes, header included */

enum message_type {
    /* shell → actor */
    MESSAGE_RUN = 1, /* number (of the statement), watch, text (source), place (where that is from), data: of a whole
                        program the arguments of main(), a NUL behind each; of a statement nothing */
    MESSAGE_GO,      /* number (of the statement): after a RETURNED that waits for it, see `watch` */
    MESSAGE_ADOPTED, /* after fork(), to parent and child alike: error (0, or why the shell will not have it)
                      */
    /* actor → shell; all of them also carry out_count, err_count and time_ns */
    MESSAGE_HELLO,    /* number (pid) */
    MESSAGE_ENTERED,  /* number (statement), name (of the call), text (as in call_record), extra (what it is
                         about to ask of the kernel, in words; when watch is WATCH_STEPS) */
    MESSAGE_RETURNED, /* result, error, fd, asked, data_total, data_out, cookie, socket_type, flags, waits, name,
                         text, extra (result_text), data, address */
    MESSAGE_VALUE,    /* name (type's spelling), text (the value) */
    MESSAGE_FAULT,    /* kind, where, text, extra (hint): the statement ended with the learner's mistake; in a function
                         source, place and calls, as struct error has them */
    MESSAGE_DEFINED,  /* name, text (its head), result (1: in the place of an older one): a function */
    MESSAGE_FORKED,   /* number (child's pid); carries the child's descriptors: see actor/link.h */
    MESSAGE_WROTE,    /* nothing but the counts: the program turns from one output stream to the other */
    MESSAGE_EXITING,  /* result (status): exit() or return */
    MESSAGE_DONE,     /* number (statement): ready for the next */
    MESSAGE_TYPES_END,
};

/* How closely the calls of a statement are watched. */
enum watch_level {
    WATCH_OFF,
    WATCH_CALLS, /* the actor waits for MESSAGE_GO after each call: meanwhile the kernel is looked at */
    WATCH_STEPS, /* and says before each what it is about to do */
};

struct message {
    enum message_type type;
    int64_t number;
    int64_t result;
    int64_t error;
    int64_t fd;
    int64_t asked;
    int64_t data_total;
    bool data_out;
    int64_t cookie; /* SO_COOKIE of the socket that fd was when the call began; 0: it was none */
    int64_t socket_type; /* SOCK_STREAM …, of a call that moves data; 0: none of a socket's */
    int64_t flags; /* MSG_*, as such a call was given them */
    enum watch_level watch;
    bool waits; /* it will not go on before MESSAGE_GO */
    enum error_kind kind;
    struct span where;
    /* Bytes this process has written to its stdout and stderr pipes so far: what
     * must be shown before this message is. */
    int64_t out_count, err_count;
    /* CLOCK_MONOTONIC: when it took effect (call/call.h, CALL_ACTS). Orders the journal across actors. */
    int64_t time_ns;
    char *name, *text, *extra, *place, *source, *calls; /* NUL-terminated; owned; never NULL after decoding */
    char *data;                /* owned; data_length bytes */
    size_t data_length;
    char *address; /* owned; the struct sockaddr that the call was given or filled in, as call_record has it */
    size_t address_length;
};

/* Append the message's datagram to out; false and error (and out as it was) when it would be longer than
 * MESSAGE_MAX or has no such type.  Texts may be NULL. */
bool message_encode(const struct message *message, struct buf *out, struct error *error);
/* Any bytes at all may come here. On failure *message is {0}. */
bool message_decode(const void *bytes, size_t length, struct message *message, struct error *error);
void message_free(struct message *message); /* leaves {0} */

#endif
