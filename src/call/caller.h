/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a caller and the steps of a call; only for the engine's own files. */
#ifndef SOCKSHELL_CALL_CALLER_H
#define SOCKSHELL_CALL_CALLER_H

#include "call/confine.h"
#include "call/engine.h"
#include "call/prototype.h"

#define CALLER_STATICS_MAX 4

struct caller {
    struct call_host host;
    struct interp *interp;
    int error_number; /* the program's errno */
    struct {
        int low, high;
    } reserved[CALLER_RESERVED_MAX];
    size_t reserved_count;
    int reserved_signal;
    struct invocation *announced; /* between invocation_enter() and invocation_leave(); or NULL */
    bool narrate;
    struct confinement bounds;
    /* The static objects of library functions (inet_ntoa()'s buffer); 0 until first needed. See library.h. */
    uint64_t statics[CALLER_STATICS_MAX];
    /* By the call's place in the table; read when a call is first made (result NULL until then). */
    struct signature *signatures;
    const struct call **rows;
    size_t row_count;
};

/* engine.c: give back what belongs to the call. */
void invocation_end(struct invocation *invocation);

/* argument.c: evaluate argument i and check its kind; integers become raw. */
bool argument_take(struct invocation *invocation, size_t i, const struct node *node,
                   const struct signature *signature);
/* check.c: what argument i points to, as far as the kernel will read it or write it; pointers become raw. */
bool argument_check(struct invocation *invocation, size_t i);
/* check.c: mark what the kernel wrote, and say it in texts. */
void argument_written(struct invocation *invocation, size_t i);
/* check.c: how many bytes of the address argument i the kernel has filled in. */
size_t address_filled(const struct invocation *invocation, size_t i);
/* check.c: the MSG_* flags that the call was given; 0 where it takes none. */
int message_flags(const struct invocation *invocation);
/* check.c: did TCP throw the bytes away instead of handing them over (MSG_TRUNC)? */
bool bytes_discarded(const struct invocation *invocation);
/* usual.c: arguments from `given` on, which were left out. */
bool usual_fill(struct invocation *invocation, size_t given);

/* print.c: an integer in the notation of its kind. */
void print_integer(const struct call_arg *arg, int64_t value, struct buf *out);
/* Bytes as strace shows them, the first of them. */
void print_bytes(const void *bytes, size_t length, struct buf *out);
/* "accept(3, …)": the arguments that have a text, up to the first that has none. */
void print_call(const struct invocation *invocation, struct buf *out);
/* What a call is about to ask of the kernel, with these very arguments. */
void print_about(const struct invocation *invocation, struct buf *out);
/* "3", "-1 EBADF (Bad file descriptor)". */
void print_result(int64_t result, int error, struct buf *out);

#endif
