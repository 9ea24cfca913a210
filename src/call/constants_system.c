/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constants of descriptors, waiting, signals, names and the C library. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call/constant_list.h"

static const struct constant fcntl_commands[] = {
    C(F_GETFL, "the O_* flags of the open file"),
    C(F_SETFL, "set them (O_NONBLOCK, O_APPEND, O_ASYNC)"),
    C(F_GETFD, "the flags of the descriptor (FD_CLOEXEC)"),
    C(F_SETFD, "set them"),
    C(F_DUPFD, "the lowest free descriptor from the argument on becomes a copy"),
    C(F_DUPFD_CLOEXEC, "the same, closed on exec"),
    C(F_GETOWN, "which process gets SIGIO and SIGURG"),
    C(F_SETOWN, "choose it"),
#ifdef F_GETPIPE_SZ
    C(F_GETPIPE_SZ, "room in a pipe"),
#endif
#ifdef F_SETPIPE_SZ
    C(F_SETPIPE_SZ, "set the room in a pipe"),
#endif
};
const struct constant_set constants_fcntl = SET("fcntl commands", "F_", fcntl_commands, 0);

static const struct constant open_flags[] = {
    C(O_RDONLY, "for reading only"),
    C(O_WRONLY, "for writing only"),
    C(O_RDWR, "for both, as sockets are"),
    C(O_NONBLOCK, "calls give EAGAIN instead of waiting"),
    C(O_APPEND, "write at the end"),
    C(O_ASYNC, "send SIGIO when something can be read or written"),
    C(O_CLOEXEC, "closed when the process runs another program"),
#ifdef O_DIRECT
    C(O_DIRECT, "pipes: each write is a packet of its own"),
#endif
    C(O_NDELAY, "another name for O_NONBLOCK"),
    C(FD_CLOEXEC, "of F_SETFD: closed when the process runs another program"),
};
const struct constant_set constants_open = SET("descriptor flags", "O_", open_flags, O_ACCMODE);

static const struct constant poll_events[] = {
    C(POLLIN, "something to read, to accept, or end of file"),
    C(POLLOUT, "room to write; or connect() has ended"),
    C(POLLPRI, "urgent data"),
    C(POLLERR, "an error is pending (reported always)"),
    C(POLLHUP, "both directions are shut down (reported always)"),
    C(POLLNVAL, "no open descriptor (reported always)"),
#ifdef POLLRDHUP
    C(POLLRDHUP, "the peer will send no more"),
#endif
    C(POLLRDNORM, "as POLLIN"),
    C(POLLWRNORM, "as POLLOUT"),
    C(POLLRDBAND, "priority data to read"),
    C(POLLWRBAND, "room for priority data"),
};
const struct constant_set constants_poll = SET("poll events", "POLL", poll_events, 0);

static const struct constant epoll_events[] = {
    C(EPOLLIN, "something to read, to accept, or end of file"),
    C(EPOLLOUT, "room to write; or connect() has ended"),
    C(EPOLLPRI, "urgent data"),
    C(EPOLLERR, "an error is pending (reported always)"),
    C(EPOLLHUP, "both directions are shut down (reported always)"),
    C(EPOLLRDHUP, "the peer will send no more"),
    C(EPOLLET, "tell of changes only (edge-triggered)"),
    C(EPOLLONESHOT, "tell once, then be silent until modified"),
#ifdef EPOLLEXCLUSIVE
    C(EPOLLEXCLUSIVE, "wake one waiter only"),
#endif
    C(EPOLL_CLOEXEC, "epoll_create1(): closed on exec"),
};
const struct constant_set constants_epoll = SET("epoll events", "EPOLL", epoll_events, 0);

static const struct constant epoll_operations[] = {
    C(EPOLL_CTL_ADD, "watch a descriptor"),
    C(EPOLL_CTL_MOD, "change what is watched"),
    C(EPOLL_CTL_DEL, "watch it no longer"),
};
const struct constant_set constants_epoll_operation =
    SET("epoll operations", "EPOLL_CTL_", epoll_operations, 0);

static const struct constant signals[] = {
    C(SIGHUP, "the terminal is gone"),
    C(SIGINT, "Ctrl-C"),
    C(SIGQUIT, "Ctrl-\\"),
    C(SIGILL, "an instruction that does not exist"),
    C(SIGTRAP, "a breakpoint"),
    C(SIGABRT, "abort()"),
    C(SIGBUS, "memory that is not there"),
    C(SIGFPE, "arithmetic, as division by zero"),
    C(SIGKILL, "ends the process; cannot be caught"),
    C(SIGUSR1, "for the program's own use"),
    C(SIGSEGV, "memory that is not its own"),
    C(SIGUSR2, "for the program's own use"),
    C(SIGPIPE, "written to a connection that nobody reads"),
    C(SIGALRM, "alarm()"),
    C(SIGTERM, "please end"),
    C(SIGCHLD, "a child has ended or stopped"),
    C(SIGCONT, "go on after a stop"),
    C(SIGSTOP, "stops the process; cannot be caught"),
    C(SIGTSTP, "Ctrl-Z"),
    C(SIGTTIN, "read from the terminal in the background"),
    C(SIGTTOU, "wrote to the terminal in the background"),
    C(SIGURG, "urgent data has come"),
    C(SIGXCPU, "too much CPU time"),
    C(SIGXFSZ, "a file became too large"),
    C(SIGVTALRM, "a timer of CPU time"),
    C(SIGPROF, "a timer for profiling"),
    C(SIGWINCH, "the terminal's size has changed"),
    C(SIGIO, "something can be read or written (O_ASYNC)"),
    C(SIGPWR, "power failure"),
    C(SIGSYS, "a system call that does not exist"),
    C(SIGPOLL, "another name for SIGIO"),
    C(SIGCLD, "another name for SIGCHLD"),
};
const struct constant_set constants_signal = SET("signals", "SIG", signals, 0);

/* SIG_DFL and SIG_IGN are pointers to functions, so their values are no constant
 * expressions for C(); the kernel's own numbers for them are 0 and 1 (signal(7)). */
static const struct constant handlers[] = {
    {"SIG_DFL", 0, CONSTANT_HANDLER, "what the signal does by itself"},
    {"SIG_IGN", 1, CONSTANT_HANDLER, "ignore the signal"},
    {"SIG_ERR", -1, CONSTANT_HANDLER, "what signal() returns for an error"},
};
const struct constant_set constants_handler = SET("signal handlers", "SIG_", handlers, 0);

static const struct constant wait_options[] = {
    C(WNOHANG, "return 0 at once if no child has ended"),
    C(WUNTRACED, "also for children that were stopped"),
    C(WCONTINUED, "also for children that go on"),
};
const struct constant_set constants_wait = SET("wait options", "W", wait_options, 0);

static const struct constant resolving[] = {
    C(AI_PASSIVE, "for bind(): no name means every address"),
    C(AI_CANONNAME, "give the official name too"),
    C(AI_NUMERICHOST, "the host is a number: ask nobody"),
    C(AI_NUMERICSERV, "the service is a number: ask nobody"),
    C(AI_V4MAPPED, "IPv4 addresses as IPv6 if there are no others"),
    C(AI_ALL, "both kinds, with AI_V4MAPPED"),
    C(AI_ADDRCONFIG, "only families this machine has addresses of"),
    C(EAI_NONAME, "no such host or service"),
    C(EAI_AGAIN, "the name server did not answer; try again"),
    C(EAI_FAIL, "the name server has failed"),
    C(EAI_BADFLAGS, "ai_flags cannot be so"),
    C(EAI_FAMILY, "ai_family is not supported"),
    C(EAI_SOCKTYPE, "ai_socktype is not supported"),
    C(EAI_SERVICE, "no such service for that socket type"),
    C(EAI_MEMORY, "out of memory"),
    C(EAI_SYSTEM, "errno says more"),
    C(EAI_OVERFLOW, "the buffer is too small"),
#ifdef EAI_NODATA
    C(EAI_NODATA, "the host has no address"),
#endif
#ifdef EAI_ADDRFAMILY
    C(EAI_ADDRFAMILY, "the host has no address of that family"),
#endif
};
const struct constant_set constants_resolve = SET("name resolution", "AI_", resolving, 0);

static const struct constant host_errors[] = {
    C(HOST_NOT_FOUND, "no such host"),
    C(TRY_AGAIN, "the name server did not answer; try again"),
    C(NO_RECOVERY, "the name server has failed"),
    C(NO_DATA, "the host has no IPv4 address"),
};
const struct constant_set constants_host = SET("errors of gethostbyname()", NULL, host_errors, 0);

static const struct constant name_flags[] = {
    C(NI_NUMERICHOST, "the address as numbers: ask nobody"),
    C(NI_NUMERICSERV, "the port as a number: ask nobody"),
    C(NI_NAMEREQD, "an error if there is no name"),
    C(NI_NOFQDN, "local hosts without their domain"),
    C(NI_DGRAM, "the service of UDP"),
};
const struct constant_set constants_nameinfo = SET("getnameinfo flags", "NI_", name_flags, 0);

static const struct constant misc[] = {
    {"NULL", 0, CONSTANT_POINTER, "points to nothing"},
    /* A FILE * is one bit each, so that they can be told from every other number. */
    {"stdin", 1, CONSTANT_FILE, "standard input"},
    {"stdout", 2, CONSTANT_FILE, "standard output"},
    {"stderr", 3, CONSTANT_FILE, "standard error"},
    C(SOMAXCONN, "the largest backlog worth asking for"),
    C(INET_ADDRSTRLEN, "room for an IPv4 address as text, NUL included"),
    C(INET6_ADDRSTRLEN, "room for an IPv6 address as text, NUL included"),
    C(NI_MAXHOST, "room for a host's name"),
    C(NI_MAXSERV, "room for a service's name"),
    C(HOST_NAME_MAX, "longest name of this host"),
    C(STDIN_FILENO, "descriptor of standard input"),
    C(STDOUT_FILENO, "descriptor of standard output"),
    C(STDERR_FILENO, "descriptor of standard error"),
    C(EOF, "end of file, for functions that return a character"),
    C(BUFSIZ, "size of stdio's buffers"),
    C(SCM_RIGHTS, "control message: open descriptors (AF_UNIX)"),
    C(FD_SETSIZE, "descriptors that fit an fd_set"),
    C(EXIT_SUCCESS, "status: all went well"),
    C(EXIT_FAILURE, "status: it did not"),
    {"true", 1, CONSTANT_INT, "1, for conditions"},
    {"false", 0, CONSTANT_INT, "0, for conditions"},
    C(PATH_MAX, "longest path, NUL included"),
    C(CHAR_BIT, "bits of a byte"),
    C(INT_MAX, "the largest int"),
    C(INT_MIN, "the smallest int"),
    C(UINT_MAX, "the largest unsigned int"),
    C(INT16_MAX, "the largest int16_t"),
    C(INT32_MAX, "the largest int32_t"),
    C(UINT8_MAX, "the largest value of a byte"),
    C(UINT16_MAX, "the largest port"),
    C(UINT32_MAX, "the largest uint32_t, such as an IPv4 address"),
    C(ULONG_MAX, "the largest unsigned long"),
    C(SIZE_MAX, "the largest size_t; what a length of -1 becomes"),
    C(RAND_MAX, "the largest number that rand() gives"),
};
const struct constant_set constants_misc = SET("others", NULL, misc, 0);
