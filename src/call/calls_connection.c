/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections: made by accept and connect, ended by shutdown and close; the addresses of their ends, and the mark. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call/engine.h"
#include "call/rows.h"

/* ---- accept, connect ----------------------------------------------------- */

static long call_accept(const union raw *raw) {
    return accept((int)raw[0].i, raw[1].p, raw[2].p);
}

static long call_accept4(const union raw *raw) {
    return accept4((int)raw[0].i, raw[1].p, raw[2].p, (int)raw[3].i);
}

static const struct call_errno accept_errors[] = {
    {EAGAIN,
     "No connection waits in the queue, and the socket is non-blocking (or SO_RCVTIMEO has passed). Try "
     "again when poll() says POLLIN."},
    {EINTR, "A signal came while it waited. Nothing is lost: call accept() again."},
    {EINVAL, "The socket does not listen: call bind() and listen() first. Or addrlen is negative."},
    {ECONNABORTED, "The client gave its connection up before it was accepted. Go on with the next one."},
    {EMFILE,
     "This process has as many descriptors open as it may. The connection stays in the queue; close "
     "something."},
    {ENFILE, "The whole system has as many files open as it may."},
    {EOPNOTSUPP, "Sockets of this type (datagrams) have no connections to accept."},
    {EPERM, "A firewall rule of this system forbids the connection."},
    {EPROTO, "The protocol failed while the connection was made. Go on with the next one."},
    {ENOBUFS, "The kernel has no memory left for another connection."},
    {ENOMEM, "The kernel has no memory left for another connection."},
    NOT_OPEN,
    NOT_SOCKET,
    {EFAULT, "addr or addrlen points to no memory of this process. If addr is given, addrlen must be too."},
    {0},
};

static long call_connect(const union raw *raw) {
    return connect((int)raw[0].i, raw[1].cp, (socklen_t)raw[2].i);
}

static const struct call_errno connect_errors[] = {
    {ECONNREFUSED,
     "The host is there and answered, but nobody listens on that port. Start the server (bind, listen), or "
     "look at address and port. For AF_UNIX: the path is there, but no socket listens on it any more."},
    {ETIMEDOUT,
     "No answer came at all: the host is down or unreachable, or a firewall swallows the packets."},
    {EINPROGRESS,
     "The socket is non-blocking and the handshake has begun. When poll() says POLLOUT, ask SO_ERROR how "
     "it ended."},
    {EALREADY, "The earlier connect() of this non-blocking socket is still under way."},
    {EISCONN, "The socket is connected already, or it listens. Each connection needs a socket of its own."},
    {EADDRNOTAVAIL, "No local port is free for this connection, or the address can be nobody's."},
    {EADDRINUSE,
     "The socket's own address and this peer are in use by another connection, perhaps one in TIME_WAIT."},
    {ENETUNREACH, "There is no route to that network from here."},
    {EHOSTUNREACH, "There is a route, but the host does not answer on its link."},
    {EAFNOSUPPORT, "The address is of another family than the socket; look at sin_family."},
    {EINTR,
     "A signal came while it waited. The handshake goes on in the kernel: wait for POLLOUT, do not call "
     "connect() again."},
    {EAGAIN,
     "AF_UNIX: the listener's queue is full and the socket is non-blocking. Or no local port is free."},
    {EACCES,
     "AF_UNIX: the path may not be written to. Or it is a broadcast address, which needs SO_BROADCAST."},
    {EPERM, "A firewall rule of this system forbids the connection."},
    {ENOENT, "AF_UNIX: there is no such path. The server makes it with bind()."},
    {ENOTDIR, "AF_UNIX: part of the path is no directory."},
    {EPROTOTYPE, "The other socket is of another type: streams connect to streams, datagrams to datagrams."},
    {ECONNABORTED, "An earlier attempt of this socket failed. Close it and make a new one."},
    {ECONNRESET, "The other end broke the connection off while it was being made."},
    {EINVAL, "The length does not fit the address family, or (AF_UNIX) the socket listens."},
    NOT_OPEN,
    NOT_SOCKET,
    BAD_POINTER,
    {0},
};

/* ---- shutdown, close ----------------------------------------------------- */

static long call_shutdown(const union raw *raw) {
    return shutdown((int)raw[0].i, (int)raw[1].i);
}

static const struct call_errno shutdown_errors[] = {
    {ENOTCONN, "The socket is not connected (or no longer): there is no direction to shut down."},
    {EINVAL, "how must be SHUT_RD, SHUT_WR or SHUT_RDWR."},
    NOT_OPEN,
    NOT_SOCKET,
    {0},
};

static long call_close(const union raw *raw) {
    return close((int)raw[0].i);
}

static const struct call_errno close_errors[] = {
    {EBADF,
     "The descriptor is not open. Closing twice is a mistake worth finding: in between, the number may "
     "have become somebody else's."},
    {EINTR,
     "A signal came while close() waited (SO_LINGER). On Linux the descriptor is closed all the same."},
    {EIO, "The device could not write what was left. The descriptor is closed all the same."},
    {0},
};

/* ---- getsockname, getpeername -------------------------------------------- */

static long call_getsockname(const union raw *raw) {
    return getsockname((int)raw[0].i, raw[1].p, raw[2].p);
}

static const struct call_errno getsockname_errors[] = {
    {EINVAL, "addrlen is negative."},
    {ENOBUFS, "The kernel has no memory left for this."},
    NOT_OPEN,
    NOT_SOCKET,
    BAD_POINTER,
    {0},
};

static long call_getpeername(const union raw *raw) {
    return getpeername((int)raw[0].i, raw[1].p, raw[2].p);
}

static const struct call_errno getpeername_errors[] = {
    {ENOTCONN, "The socket has no peer: it was never connected, or the connection has ended."},
    {EINVAL, "addrlen is negative."},
    {ENOBUFS, "The kernel has no memory left for this."},
    NOT_OPEN,
    NOT_SOCKET,
    BAD_POINTER,
    {0},
};

/* ---- sockatmark ---------------------------------------------------------- */

static long call_sockatmark(const union raw *raw) {
    return sockatmark((int)raw[0].i);
}

static const struct call_errno sockatmark_errors[] = {
    NOT_OPEN,
    {ENOTTY, "The descriptor is no stream socket of TCP; only those have a mark."},
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_connection[] = {
    {
        .name = "accept",
        .prototype = "int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_OUT, .name = "addr", .other = 2, .usual = "NULL"},
                 {.kind = ARG_LENGTH, .name = "addrlen", .other = 1, .usual = "NULL"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_GIVES,
#ifdef SYS_accept
        .sysnr = {SYS_accept},
#else
        .sysnr = {SYS_accept4},
#endif
        .sysnr_count = 1,
        .summary = "take the next connection from a listening socket's queue",
        .note = "If the queue is empty, the process sleeps until a client has connected. The result is a "
                "new descriptor for this one connection; the listening socket goes on listening.\n\n"
                "addr is filled in with the client's address. addrlen goes in with the room there is and "
                "comes out with the size of the address, so it must be set before each call. NULL for both: "
                "the address is not wanted.",
        .asks = "{?sockfd.listening:Take the connection that has waited longest at socket {sockfd}"
                "{?sockfd.nonblocking:; if there is none, fail with EAGAIN instead of sleeping|, or sleep "
                "until there is one}.|Ask for a connection from socket {sockfd}, which does not listen.}"
                "{?addr: Who has connected is to be written to {addr}.}",
        .success = "The result is a new descriptor for this one connection: send and receive on it. The "
                   "listening socket goes on listening.",
        .man = "accept(2)",
        .see = "listen accept4 getpeername recv close",
        .topic = "sockets",
        .errors = accept_errors,
        .system = call_accept,
    },
    {
        .name = "accept4",
        .prototype = "int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_OUT, .name = "addr", .other = 2, .usual = "NULL"},
                 {.kind = ARG_LENGTH, .name = "addrlen", .other = 1, .usual = "NULL"},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_type, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_GIVES,
        .sysnr = {SYS_accept4},
        .sysnr_count = 1,
        .summary = "accept(), with flags for the new descriptor",
        .note = "SOCK_NONBLOCK and SOCK_CLOEXEC set on the new descriptor what would otherwise take an "
                "fcntl() more. On Linux, accept() never inherits them from the listening socket.",
        .asks = "{?sockfd.listening:Take the connection that has waited longest at socket {sockfd}"
                "{?sockfd.nonblocking:; if there is none, fail with EAGAIN instead of sleeping|, or sleep "
                "until there is one}.|Ask for a connection from socket {sockfd}, which does not listen.}"
                "{?addr: Who has connected is to be written to {addr}.}"
                "{?flags: The new descriptor is to have {flags:means}.}",
        .success = "The result is a new descriptor for this one connection: send and receive on it. The "
                   "listening socket goes on listening.",
        .man = "accept(2)",
        .see = "accept fcntl",
        .topic = "sockets",
        .errors = accept_errors,
        .system = call_accept4,
    },
    {
        .name = "connect",
        .prototype = "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_IN, .name = "addr", .other = 2},
                 {.kind = ARG_SIZE, .name = "addrlen", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
        .sysnr = {SYS_connect},
        .sysnr_count = 1,
        .summary = "connect a socket to another one",
        .note = "For TCP, the kernel sends SYN, and connect() sleeps until SYN ACK has come back: one round "
                "trip. A local port is chosen if the socket has none. The server's program need not have "
                "called accept() for it to succeed; the queue of listen() is enough.\n\n"
                "For UDP nothing is sent: only the address for send() and the filter for recv() are set.\n\n"
                "Linux lets a program call connect() again on a socket that was refused; POSIX does not "
                "promise it, and portable programs make a new socket.",
        .asks = "{?addr.unspec:Take back the peer of socket {sockfd}."
                "|?sockfd.datagram:Make {addr:short} the peer of socket {sockfd}: send() goes there, and "
                "recv() takes only what comes from there. Nothing is sent for this."
                "|?sockfd.unix:Connect socket {sockfd} to the one that listens at {addr:short}: the "
                "connection is put into its queue, whether accept() is waiting or not.|Connect socket "
                "{sockfd} to {addr:short}{?sockfd.tcp:: the kernel sends a SYN, and the call "
                "{?sockfd.nonblocking:returns at once, with EINPROGRESS|sleeps until the answer has come}}.}"
                "{?addr.any: (As a destination, {addr:host} is this machine.)}"
                "{?addr.swapped: (In the other byte order the port would be {addr:swapped}: was htons() "
                "forgotten?)}{?addr.ip:{?sockfd.ip:{?!sockfd.bound: The socket has no address yet: the "
                "kernel gives it a free port.}}}",
        .success = "The socket has a peer now. If it is a stream, both ends are connected, whether accept() "
                   "was "
                   "called yet or not.",
        .man = "connect(2)",
        .see = "socket accept send getsockname",
        .topic = "sockets",
        .errors = connect_errors,
        .system = call_connect,
    },
    {
        .name = "shutdown",
        .prototype = "int shutdown(int sockfd, int how)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_CONST, .name = "how", .set = &constants_shutdown, .usual = "SHUT_RDWR"}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_shutdown},
        .sysnr_count = 1,
        .summary = "end one direction of a connection, or both",
        .note = "SHUT_WR says \"I have no more to send\": the peer's recv() gives 0 after the last byte "
                "(TCP sends FIN), while its own data still comes through. close() cannot do that.\n\n"
                "It acts on the connection and not on the descriptor: all copies of it (dup, fork) are "
                "affected, and the descriptor must still be closed.",
        .asks = "{?sockfd.listening:Shut down listening socket {sockfd}: {how:means}. Where it may not "
                "receive, it does not listen any more.|?how=SHUT_RD:Receive no more on socket {sockfd}: "
                "once its queue is empty, recv() gives 0.{?sockfd.tcp: The peer is not told.}"
                "|?how=SHUT_WR:Send no more on socket {sockfd}, but go on receiving."
                "|?how=SHUT_RDWR:Neither send nor receive any more on socket {sockfd}.|Shut down socket "
                "{sockfd}, in the direction {how}, which there is not.}"
                "{?how=SHUT_WR,how=SHUT_RDWR:{?sockfd.listening,sockfd.datagram,sockfd.ended:"
                "|?sockfd.tcp: After the last byte TCP sends a FIN, and the peer's recv() gives 0."
                "|?sockfd.unix: After the last byte the peer's recv() gives 0.}}",
        .success = "It holds for every process and every copy of the descriptor. The descriptor itself "
                   "stays open until close().",
        .man = "shutdown(2)",
        .see = "close send recv",
        .topic = "sockets",
        .errors = shutdown_errors,
        .system = call_shutdown,
    },
    {
        .name = "close",
        .prototype = "int close(int fd)",
        .args = {{.kind = ARG_FD, .name = "fd"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
        .sysnr = {SYS_close},
        .sysnr_count = 1,
        .summary = "give a descriptor back",
        .note = "The number is free again. When it was the last descriptor of a connection, the kernel "
                "sends what is left and then FIN; it returns at once and finishes in the background (unless "
                "SO_LINGER says otherwise). The end that closes first stays in TIME_WAIT for a minute.\n\n"
                "If received data was never read, TCP sends RST instead of FIN: the peer gets ECONNRESET.",
        .asks = "Give descriptor {fd} back.{?fd.socket: If no other descriptor has its socket, "
                "{?fd.listening:it stops listening{?fd.tcp:, and connections that wait to be accepted are "
                "reset}"
                "|?fd.datagram:the socket is gone with it"
                "|?!fd.connected:{?fd.tcp:nobody is told, for it is not connected"
                "|the socket is gone with it}"
                "|?!fd.tcp:the connection ends, and the peer's recv() gives {?fd.unread:ECONNRESET, because bytes "
                "have come that were not read|0 after the last byte}"
                "|?fd.unread:TCP breaks the connection off with a RST, because bytes have come that were not "
                "read"
                "|?fd.abortive:TCP breaks the connection off with a RST, because SO_LINGER says so"
                "|?fd.ended:the connection ends when the peer has sent its FIN, too"
                "|TCP sends what is left, and then a FIN: this side of the connection ends}.}",
        .success = "The descriptor is gone, and its number is free for the next one. Another process, or a "
                   "dup(), may still have the socket.",
        .man = "close(2)",
        .see = "shutdown socket dup",
        .topic = "sockets",
        .errors = close_errors,
        .system = call_close,
    },
    {
        .name = "getsockname",
        .prototype = "int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_OUT, .name = "addr", .other = 2, .usual = ""},
                 {.kind = ARG_LENGTH, .name = "addrlen", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_getsockname},
        .sysnr_count = 1,
        .summary = "ask for a socket's own address",
        .note = "This is how to learn which port the kernel chose, after bind() with port 0 or after "
                "connect(). A socket that has no address yet answers 0.0.0.0:0.",
        .asks = "Ask for the local address of socket {sockfd}. It is to be written to {addr}, where there "
                "are {addrlen:bytes} of room.",
        .success = "addr holds the local address, and addrlen its size; 0.0.0.0, or no path, means that "
                   "there is none yet.",
        .man = "getsockname(2)",
        .see = "getpeername bind connect",
        .topic = "sockets",
        .errors = getsockname_errors,
        .system = call_getsockname,
    },
    {
        .name = "getpeername",
        .prototype = "int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_ADDRESS_OUT, .name = "addr", .other = 2, .usual = ""},
                 {.kind = ARG_LENGTH, .name = "addrlen", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_getpeername},
        .sysnr_count = 1,
        .summary = "ask for the address at the other end",
        .note = "A server whose accept() was given NULL can still learn this way who has connected.",
        .asks = "Ask who is at the other end of socket {sockfd}. The address is to be written to {addr}, "
                "where there are {addrlen:bytes} of room.",
        .success = "addr holds the peer's address, and addrlen its size.",
        .man = "getpeername(2)",
        .see = "getsockname accept",
        .topic = "sockets",
        .errors = getpeername_errors,
        .system = call_getpeername,
    },
    {
        .name = "sockatmark",
        .prototype = "int sockatmark(int sockfd)",
        .args = {{.kind = ARG_FD, .name = "sockfd"}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_ioctl},
        .sysnr_count = 1,
        .summary = "ask whether the next byte is the urgent one",
        .note = "A byte sent with MSG_OOB marks its place in the stream. recv() stops short of the mark once, so that a "
                "program can ask here whether it has reached it.",
        .asks = "Ask whether the next byte to be read from socket {sockfd} is at the mark of urgent data.",
        .success = "1: the next byte to read is at the mark; 0: it is not.",
        .man = "sockatmark(3)",
        .see = "send recv",
        .topic = "sockets",
        .errors = sockatmark_errors,
        .system = call_sockatmark,
    },
    {.name = NULL},
};
