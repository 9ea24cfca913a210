/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a socket, or a pair of them; giving it an address, and letting it listen. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call/engine.h"
#include "call/rows.h"

/* ---- socket, socketpair -------------------------------------------------- */

static long call_socket(const union raw *raw) {
    return socket((int)raw[0].i, (int)raw[1].i, (int)raw[2].i);
}

static const struct call_errno socket_errors[] = {
    {EAFNOSUPPORT,
     "This kernel knows no such address family. AF_INET, AF_INET6 and AF_UNIX are the usual ones."},
    {ESOCKTNOSUPPORT,
     "The family has no sockets of this type; SOCK_STREAM and SOCK_DGRAM are the usual ones."},
    {EPROTONOSUPPORT,
     "The protocol does not go with this family and type, as UDP does not with SOCK_STREAM. Use 0 for the "
     "usual one."},
    {EINVAL, "The type has flags that nobody knows, or the protocol's number is out of range."},
    {EMFILE, "This process has as many descriptors open as it may (RLIMIT_NOFILE). Close some."},
    {ENFILE, "The whole system has as many files open as it may."},
    {EPERM, "SOCK_RAW and AF_PACKET see other programs' packets, so they need a privilege (CAP_NET_RAW)."},
    {EACCES, "A security rule of this system forbids sockets of this kind."},
    {ENOBUFS, "The kernel has no memory left for another socket."},
    {ENOMEM, "The kernel has no memory left for another socket."},
    {0},
};

static bool run_socketpair(struct invocation *inv) {
    int fds[2];
    unsigned char *given = NULL;

    if (invocation_left_out(inv, 3) && !invocation_fill_variable(inv, 3, "sv", &type_int, 2))
        return false;
    if (!invocation_null(inv, 3)) {
        given = invocation_write(inv, 3, sizeof fds);
        if (given == NULL)
            return false;
    }
    invocation_enter(inv);
    errno = 0;
    /* By way of an array of our own: the learner's may lie at any alignment. */
    int result =
        socketpair((int)inv->raw[0].i, (int)inv->raw[1].i, (int)inv->raw[2].i, given != NULL ? fds : NULL);
    int error = errno;
    if (result == 0) {
        memcpy(given, fds, sizeof fds);
        memory_mark(inv->memory, inv->value[3].bits, sizeof fds, true);
        memory_note_descriptor(inv->memory, inv->value[3].bits, sizeof fds, true);
        buf_addf(&inv->texts[3], "[%d, %d]", fds[0], fds[1]);
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

static const struct call_errno socketpair_errors[] = {
    {EAFNOSUPPORT, "This kernel knows no such address family; for pairs it is AF_UNIX."},
    {EOPNOTSUPP,
     "Only AF_UNIX makes pairs. For the Internet families, connect two sockets over the loopback address."},
    {EPROTONOSUPPORT, "The protocol does not go with this family; 0 is right."},
    {ESOCKTNOSUPPORT, "The family has no sockets of this type."},
    {EMFILE,
     "This process has as many descriptors open as it may (RLIMIT_NOFILE), and a pair needs two more."},
    {ENFILE, "The whole system has as many files open as it may."},
    BAD_POINTER,
    {0},
};

/* ---- bind, listen -------------------------------------------------------- */

static long call_bind(const union raw *raw) {
    return bind((int)raw[0].i, raw[1].cp, (socklen_t)raw[2].i);
}

static const struct call_errno bind_errors[] = {
    {EADDRINUSE,
     "Another socket holds this port, or a closed connection of it is still in TIME_WAIT, for a minute. "
     "Choose another port, or close the other socket. SO_REUSEADDR, set before bind(), allows what only "
     "TIME_WAIT forbids; on Linux, the socket that was there before must have had it as well. For AF_UNIX: "
     "the path exists already; unlink() it."},
    {EACCES,
     "Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE): choose a higher one. For AF_UNIX: the "
     "directory may not be written to."},
    {EADDRNOTAVAIL,
     "No interface of this machine has that IP address. INADDR_ANY stands for all that it has; 127.0.0.1 "
     "is always there."},
    {EINVAL,
     "The socket has an address already (a socket can be bound once), or the length does not fit the "
     "family."},
    {EAFNOSUPPORT, "The address is of another family than the socket; look at sin_family."},
    {ENOENT, "A directory of the path does not exist, or the path is empty."},
    {ENOTDIR, "Part of the path is no directory."},
    {ENAMETOOLONG, "The path is too long."},
    {ELOOP, "The path has too many symbolic links."},
    {EROFS, "The path is on a file system that may only be read."},
    {ENOMEM, "The kernel has no memory left for this."},
    NOT_OPEN,
    NOT_SOCKET,
    BAD_POINTER,
    {0},
};

static long call_listen(const union raw *raw) {
    return listen((int)raw[0].i, (int)raw[1].i);
}

static const struct call_errno listen_errors[] = {
    {EADDRINUSE,
     "Another socket listens on this port already. SO_REUSEADDR allows two binds here, but not two "
     "listeners."},
    {EINVAL, "The socket is connected already, or (AF_UNIX) has no address yet: bind() it first."},
    {EOPNOTSUPP, "Sockets of this type have no connections: UDP needs no listen(), a datagram just arrives."},
    NOT_OPEN,
    NOT_SOCKET,
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_socket[] = {
    {
        .name = "socket",
        .prototype = "int socket(int domain, int type, int protocol)",
        .args = {{.kind = ARG_CONST, .name = "domain", .set = &constants_family},
                 {.kind = ARG_FLAGS, .name = "type", .set = &constants_type},
                 {.kind = ARG_CONST, .name = "protocol", .set = &constants_protocol, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
        .sysnr = {SYS_socket},
        .sysnr_count = 1,
        .summary = "make a socket",
        .note = "The kernel makes one end of a future conversation and gives the lowest free descriptor for "
                "it, usually 3 in a fresh program, since 0, 1 and 2 are standard input, output and "
                "error.\n\n"
                "The domain says what addresses look like (AF_INET: IPv4 and ports), the type how data "
                "travels (SOCK_STREAM: an ordered stream without message boundaries; SOCK_DGRAM: single "
                "messages that may get lost). Protocol 0 means the usual one: TCP or UDP. The new socket "
                "has no address, and nobody can reach it.",
        .asks = "Ask for a socket: {domain:means}, {type:means}, and "
                "{?protocol:the protocol {protocol:means}|0, the usual protocol for the two"
                "{?domain=AF_INET,domain=AF_INET6:{?type=SOCK_STREAM:, which is TCP}"
                "{?type=SOCK_DGRAM:, which is UDP}}}.",
        .success = "The result is the new socket's descriptor. It has no address yet, and nothing has gone "
                   "over the network.",
        .man = "socket(2)",
        .see = "bind connect socketpair close",
        .topic = "sockets",
        .errors = socket_errors,
        .system = call_socket,
    },
    {
        .name = "socketpair",
        .prototype = "int socketpair(int domain, int type, int protocol, int sv[2])",
        .args = {{.kind = ARG_CONST, .name = "domain", .set = &constants_family},
                 {.kind = ARG_FLAGS, .name = "type", .set = &constants_type},
                 {.kind = ARG_CONST, .name = "protocol", .set = &constants_protocol, .usual = "0"},
                 {.kind = ARG_POINTER, .name = "sv", .usual = ""}},
        .flags = CALL_SYSTEM | CALL_GIVES_MORE,
        .sysnr = {SYS_socketpair},
        .sysnr_count = 1,
        .summary = "make two sockets that are connected with each other",
        .note = "What is written to one comes out of the other, in both directions. There is no address, "
                "and no bind(), listen() or connect(). Its use is between a process and its children: "
                "fork() gives both ends to both.",
        .asks = "Ask for two sockets that are connected with each other: {domain:means}, {type:means}. "
                "Their descriptors are to be written to {sv}.",
        .success = "sv[0] and sv[1] are the two ends: what goes into one comes out of the other.",
        .man = "socketpair(2)",
        .see = "socket pipe fork",
        .topic = "sockets",
        .errors = socketpair_errors,
        .run = run_socketpair,
    },
    {
        .name = "bind",
        .prototype = "int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_IN, .name = "addr", .other = 2},
                 {.kind = ARG_SIZE, .name = "addrlen", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_bind},
        .sysnr_count = 1,
        .summary = "give a socket its local address",
        .note = "A server binds, so that clients know where to find it. A client rarely does: connect() "
                "gives it a free (ephemeral) port.\n\n"
                "Address and port stand in the struct in network byte order, hence htons(). INADDR_ANY "
                "means every address that this machine has; port 0 lets the kernel choose, and "
                "getsockname() tells what it chose.",
        .asks = "Give socket {sockfd} its local address, {addr:short}"
                "{?addr.ip:: {?addr.port:port {addr:port}|a free port, which the kernel chooses,} "
                "{?addr.any:at every address of this machine{?addr.ip6:, for IPv4 too unless IPV6_V6ONLY is "
                "on}|?addr.loopback:at the loopback address, which only this machine can reach|at this one "
                "address}}{?addr.path:: a path, where the kernel makes a file that stands for the socket}"
                "{?addr.abstract:: an abstract name, which is no file and goes when the socket goes}"
                "{?addr.unnamed:: an abstract name, which the kernel chooses}."
                "{?addr.swapped: (In the other byte order the port would be {addr:swapped}: was htons() "
                "forgotten?)}",
        .success = "The address is the socket's own now: what is sent there comes to this socket.",
        .man = "bind(2)",
        .see = "listen getsockname setsockopt htons",
        .topic = "sockets",
        .errors = bind_errors,
        .system = call_bind,
    },
    {
        .name = "listen",
        .prototype = "int listen(int sockfd, int backlog)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_INT, .name = "backlog", .usual = "SOMAXCONN"}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_listen},
        .sysnr_count = 1,
        .summary = "let clients connect to a socket",
        .note = "From now on the kernel answers connection requests by itself, even while the program does "
                "something else: clients are connected before accept() is called. Finished connections wait "
                "in the accept queue, whose length is the backlog (Linux admits one more, and at most "
                "net.core.somaxconn).\n\n"
                "The listening socket never carries data; accept() gives a new socket for each connection. "
                "A TCP socket that was not bound gets a free port.",
        .asks = "{?sockfd.listening:Socket {sockfd} listens already; change"
                "|?sockfd.datagram:Ask to let clients connect to socket {sockfd}, though datagram sockets "
                "have no connections, and set|Let clients connect to socket {sockfd}. The kernel takes them "
                "in by itself; set} how many connections may wait there until accept() takes them: "
                "{?backlog<0:as many as the system allows|{backlog} (Linux lets one more in)}."
                "{?sockfd.tcp:{?!sockfd.bound: The socket has no address yet, so it gets a free port at "
                "every address of this machine.}}",
        .success = "Clients can connect from now on. listen() itself does not wait for them: that is "
                   "accept()'s part.",
        .man = "listen(2)",
        .see = "bind accept",
        .topic = "sockets",
        .errors = listen_errors,
        .system = call_listen,
    },
    {.name = NULL},
};
