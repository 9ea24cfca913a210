/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the resolver answers, as objects in the learner's memory, laid out as
 * the system's structs with our references for pointers.
 */
#ifndef SOCKSHELL_CALL_RESOLVE_H
#define SOCKSHELL_CALL_RESOLVE_H

#include "call/engine.h"

/* The C library gave one of EAI_…: told, and errno kept for EAI_SYSTEM. */
void resolve_failed(struct invocation *invocation, int failure);
bool resolve_getaddrinfo(struct invocation *invocation);
bool resolve_freeaddrinfo(struct invocation *invocation);
bool resolve_gethostbyname(struct invocation *invocation);

#endif
