/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bounds of calls while a lesson is played, which may be from anybody:
 * no files, no other programs and, on the machine's own network,
 * nobody but this machine.  Elsewhere there is one only: no signals to the shell.
 * What is beyond them is refused like a mistake, with the reason, before the
 * kernel is asked.
 */
#ifndef SOCKSHELL_CALL_CONFINE_H
#define SOCKSHELL_CALL_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

struct confinement {
    bool on;
    bool loopback_only; /* addresses beyond this machine are refused: the network is not the lesson's own */
    pid_t shell;        /* whose descendants are its programs; known without a lesson, too */
    int folder;         /* where these are, open: UNIX sockets lie here */
};

struct invocation;
struct sockaddr;

/* A call whose arguments are known. False: refused, with the error. */
bool confine_call(struct invocation *inv);
/* An address that call gives to the kernel by way of argument i. */
bool confine_address(struct invocation *inv, size_t i, const void *address, size_t length);

#endif
