/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What handlers of library functions share.  Such functions work on the
 * learner's memory, so every byte they touch is checked here; what they get
 * wrong in C (no NUL, too little room) is the learner's mistake here.
 */
#ifndef SOCKSHELL_CALL_LIBRARY_H
#define SOCKSHELL_CALL_LIBRARY_H

#include "call/engine.h"

/* Argument i as a string; `length` may be NULL. */
bool library_string(struct invocation *invocation, size_t i, const char **text, size_t *length);
/* The same, but at most `most` bytes of it are looked at, and then there need be no NUL. */
bool library_string_most(struct invocation *invocation, size_t i, size_t most, const char **text,
                         size_t *length);
/* Put text and its NUL where argument i points to; needs that much room. */
bool library_put(struct invocation *invocation, size_t i, const char *text, size_t length);
/* For pointers that are arguments: how they are printed in the call's line. */
void library_show(struct invocation *invocation, size_t i);
/* The result is the pointer that argument i is, and needs no line of its own. */
bool library_same(struct invocation *invocation, size_t i);
/* The result is this number, and needs no line of its own. */
bool library_quietly(struct invocation *invocation, int64_t result);
/* A stream argument, one to write to; NULL: error. */
FILE *library_output(struct invocation *invocation, size_t i);

/* Objects that C functions return pointers to and overwrite with the next call. */
enum library_static { STATIC_INET_NTOA, STATIC_HOSTENT, STATIC_STRERROR, STATIC_GAI_STRERROR };
/* The object, made when it is first needed, with nothing written in it; 0: error. */
uint64_t library_static(struct invocation *invocation, enum library_static which, size_t size,
                        const char *label, unsigned char **bytes);
/* The result is this text in a static object of `size` bytes. */
bool library_static_text(struct invocation *invocation, enum library_static which, size_t size,
                         const char *label, const char *text);

#endif
