/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for our own small needs.  These never return NULL: when the system
 * has none left, they say so in one sentence and end the process (an actor's
 * end is an event the shell reports; the shell's own restores the terminal
 * through the hook).  What a *learner* asks for goes through lang/memory.h,
 * which has a limit and refuses politely.
 */
#ifndef SOCKSHELL_BASE_MEM_H
#define SOCKSHELL_BASE_MEM_H

#include <stddef.h>

/* size bytes, zeroed; size 0 gives a block too.  The caller frees with free(). */
void *mem_alloc(size_t size);
/* Like realloc() for count items of size bytes, overflow checked. */
void *mem_grow(void *old, size_t count, size_t size);
/* Copies, owned by the caller. */
char *mem_string(const char *text);
char *mem_string_n(const char *text, size_t length);
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What to do before the last words (restore the terminal); may be NULL. */
void mem_on_failure(void (*hook)(void));

#endif
