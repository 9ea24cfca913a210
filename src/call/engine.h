/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running a call: evaluate and check the arguments, announce it, make it,
 * write back what it filled in, and report it in strace's notation.
 */
#ifndef SOCKSHELL_CALL_ENGINE_H
#define SOCKSHELL_CALL_ENGINE_H

#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>
#include "base/address.h" /* address_show() */
#include "call/call.h"

/* A system call that is about to be made, or was made, for those who watch. */
struct call_record {
    const struct call *call;
    /* Before: "accept(3, …)", the arguments known so far; after: all of them,
     * "accept(3, {AF_INET, 127.0.0.1:40000}, [16])". */
    const char *text;
    /* After only. */
    int64_t result;
    int error;              /* errno when it failed, else 0 */
    const char *result_text; /* "3", "-1 ECONNREFUSED (Connection refused)", "0x…"; what stands after "= " */
    int fd;                 /* the descriptor it was about, or -1 */
    const void *data;       /* bytes sent or received, at most CALL_DATA_MAX of them */
    size_t data_length, data_total;
    bool data_out;          /* sent (true) or received */
    size_t asked;           /* the length argument of a data call */
    bool moves_data;        /* it is one that sends or receives bytes, however many they were */
    int flags;              /* …and the MSG_* flags it was given */
    const void *address;    /* struct sockaddr: the address that it was given, or that it filled in; or NULL */
    size_t address_length;
    /* Before only: what is about to be asked of the kernel, in a sentence or two; NULL unless caller_narrate(). */
    const char *about;
};
#define CALL_DATA_MAX 4096

/* Who watches and who is asked; src/actor/serve.c in the product. */
struct call_host {
    void *context;
    void (*entered)(void *context, const struct call_record *record);  /* only CALL_SYSTEM / CALL_BLOCKS */
    void (*returned)(void *context, const struct call_record *record); /* only CALL_SYSTEM, CALL_TOLD */
    void (*show)(void *context, struct interp *interp, struct value value);
    bool (*stop)(void *context, struct error *error);
    /* Real fork() with adoption: as fork(2); the child has its own link to the shell when it returns 0. */
    int (*fork)(void *context);
    /* The process is about to end by itself with this status. Does not return. */
    void (*exit)(void *context, int status) __attribute__((noreturn));
    /* As in struct interp_host; may be NULL. */
    void (*defined)(void *context, const char *name, const char *head, bool replaced);
};

/* The caller ties an interpreter to the calls and the host.  One an actor. */
struct caller;
struct caller *caller_new(const struct call_host *host, size_t memory_limit);
void caller_free(struct caller *caller);
struct interp *caller_interp(struct caller *caller);
/* Descriptors low…high are the host's own and open; for the learner they are not there: a call that names
 * one gives EBADF without being made. At most CALLER_RESERVED_MAX times. */
#define CALLER_RESERVED_MAX 8
void caller_reserve(struct caller *caller, int low, int high);
bool caller_reserved(const struct caller *caller, int fd);
/* The signal the host interrupts with: signal() refuses it. */
void caller_reserve_signal(struct caller *caller, int number);
/* Calls beyond these bounds are refused from now on, in this process and those that it forks
 * (call/confine.h). */
struct confinement;
void caller_confine(struct caller *caller, const struct confinement *bounds);
/* Say before each system call what it is about to ask (call_record.about). */
void caller_narrate(struct caller *caller, bool narrate);
/* stdin, stdout and stderr are pointers to these; NULL for any other value. */
FILE *caller_stream(const struct caller *caller, struct value value);

/* write(2) by the program's C library, beneath printf(): told as a call of its own, behind which one that
 * was under way goes on. As write(2), errno included. */
ssize_t caller_write(struct caller *caller, int fd, const void *bytes, size_t length);

/* One call under way. */
struct invocation {
    struct caller *caller;
    struct interp *interp;
    struct memory *memory;
    const struct call *call;
    const struct node *node; /* for carets: node->list are the arguments */
    size_t count;            /* arguments given or filled in, those of ARG_MORE included */
    struct value value[CALL_ARGS_MAX];
    union raw raw[CALL_ARGS_MAX];
    struct value *more; /* ARG_MORE: further evaluated arguments */
    size_t more_count;
    struct buf texts[CALL_ARGS_MAX]; /* how each argument is printed; handlers may replace one */
    bool announced;      /* invocation_enter() was here */
    int64_t result;
    int saved_errno;      /* the program's errno: as it was before the call, then as the call leaves it */
    struct value *answer; /* the value of the call in C; set from result by default (type NULL until then) */
    struct error *error;
    struct buf result_text; /* what stands after "= ", unless it is made from result and error as usual */
    /* What was sent or received, for those who watch; see struct call_record. */
    struct buf data;
    size_t data_total, asked;
    bool data_out, moves_data;
    /* The address it was given, or filled in; see struct call_record. */
    struct sockaddr_storage address;
    size_t address_length;
    /* Objects made for short forms; they go with the call. */
    uint64_t scratch[CALL_ARGS_MAX];
    size_t scratch_count;
    size_t short_length; /* of the address that a short form became */
    int32_t length_before; /* what the ARG_LENGTH held before the call */
};

/* For `run` handlers.  Announce; then make the call; then report.  Library functions need neither. */
void invocation_enter(struct invocation *invocation);
void invocation_leave(struct invocation *invocation, int64_t result, int error);
/* invocation_leave() with what the C library says: result -1 means that errno holds the reason. */
void invocation_leave_libc(struct invocation *invocation, long result);
/* invocation_leave() for a row with failures of its own: the result as printed, and which failure it is. */
void invocation_leave_failed(struct invocation *invocation, int64_t result, const char *shown, int failure);
/* The learner's mistake at argument i; returns false always. */
bool invocation_fail(struct invocation *invocation, size_t i, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The host address of what argument i points to: `size` bytes to read (all of them written before), or
 * to write. NULL: error, in the terms of the call and at the place of the argument. */
const unsigned char *invocation_read(struct invocation *invocation, size_t i, size_t size);
unsigned char *invocation_write(struct invocation *invocation, size_t i, size_t size);
/* Argument i was left out: it becomes a pointer to this object. */
void invocation_fill_pointer(struct invocation *invocation, size_t i, const struct type *type,
                             uint64_t object);
/* Or one to the array `name` of `count` `type`s: a variable of that name (of any count) or one declared now. */
bool invocation_fill_variable(struct invocation *invocation, size_t i, const char *name,
                              const struct type *type, size_t count);
/* Is argument i a null pointer? */
bool invocation_null(const struct invocation *invocation, size_t i);
/* Was argument i left out (usual "")?  Then the handler finds its value. */
bool invocation_left_out(const struct invocation *invocation, size_t i);
/* An object of the library's that lives as long as the call; 0: error. */
uint64_t invocation_scratch(struct invocation *invocation, size_t size, const char *label);
/* A pointer as it is printed: "buf", "&client", "buf+4", "NULL". */
void invocation_show_pointer(const struct invocation *invocation, size_t i, struct buf *out);
/* Bytes that were sent or received, for those who watch (called in pieces, too). */
void invocation_data(struct invocation *invocation, const void *bytes, size_t length, bool out);
/* The address that the call was given or has filled in, for those who watch. */
void invocation_address(struct invocation *invocation, const void *address, size_t length);
/* Where argument i stands in the source. */
struct span invocation_span(const struct invocation *invocation, size_t i);
/* The short form of an address to bytes: "127.0.0.1:8888", "*:80", "[::1]:80", "host:port",
 * "/path", "@abstract"; family AF_UNSPEC or the socket's.  Errors say what was expected. */
bool address_parse(const char *text, int family, void *sockaddr, size_t room, size_t *length,
                   struct error *error);
/* The same without asking anybody for the address of a name. */
bool address_parse_numeric(const char *text, int family, void *sockaddr, size_t room, size_t *length,
                           struct error *error);

#endif
