/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sending and receiving bytes. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call/engine.h"
#include "call/rows.h"

#define FILE_OR_PIPE \
    {ENOTSOCK, \
     "The descriptor is open, but it is a file or a pipe: use read() and write()."}
#define BAD_BUFFER \
    {EFAULT, \
     "The buffer is no memory of this process."}
#define WOULD_BLOCK_IN \
    {EAGAIN, \
     "Nothing has arrived, and the socket is non-blocking (or SO_RCVTIMEO has passed, or MSG_DONTWAIT " \
     "was given). Try again when poll() says POLLIN."}
#define WOULD_BLOCK_OUT \
    {EAGAIN, \
     "The send buffer is full, because the peer does not read fast enough, and the socket is " \
     "non-blocking. Try again when poll() says POLLOUT."}
#define BROKEN_PIPE \
    {EPIPE, \
     "Nobody reads at the other end any more: the peer has reset the connection, or this end has shut " \
     "down sending. A TCP socket that was never connected, such as the listening one, says the same. " \
     "SIGPIPE came first; it was ignored, or the process would be dead."}
#define RESET \
    {ECONNRESET, \
     "The peer broke the connection off (RST): it crashed, or closed with received data unread. What " \
     "was under way is lost."}
#define TIMED_OUT \
    {ETIMEDOUT, \
     "The peer has not answered for so long that TCP gave the connection up."}
#define REFUSED \
    {ECONNREFUSED, \
     "An earlier datagram of this connected socket found no socket at its port; the host said so with " \
     "an ICMP message, and this call brings the news."}
#define INTERRUPTED \
    {EINTR, \
     "A signal came before any byte was moved. Nothing is lost: call it again."}
#define UNREACHABLE_NETWORK \
    {ENETUNREACH, \
     "There is no route to that network from here."}
#define UNREACHABLE_HOST \
    {EHOSTUNREACH, \
     "There is a route, but the host does not answer on its link."}
#define NO_BUFFERS \
    {ENOBUFS, \
     "The interface's queue is full; try again a little later."}
#define NO_MEMORY \
    {ENOMEM, \
     "The kernel has no memory left for this."}
#define TOO_LONG \
    {EMSGSIZE, \
     "One datagram cannot be so long. UDP over IPv4 carries 65507 bytes at most; less than 1473 " \
     "avoids fragments on Ethernet."}

static long call_send(const union raw *raw) {
    return send((int)raw[0].i, raw[1].cp, (size_t)raw[2].i, (int)raw[3].i);
}

static long call_sendto(const union raw *raw) {
    return sendto((int)raw[0].i, raw[1].cp, (size_t)raw[2].i, (int)raw[3].i, raw[4].cp, (socklen_t)raw[5].i);
}

static long call_recv(const union raw *raw) {
    return recv((int)raw[0].i, raw[1].p, (size_t)raw[2].i, (int)raw[3].i);
}

static long call_recvfrom(const union raw *raw) {
    return recvfrom((int)raw[0].i, raw[1].p, (size_t)raw[2].i, (int)raw[3].i, raw[4].p, raw[5].p);
}

static long call_read(const union raw *raw) {
    return read((int)raw[0].i, raw[1].p, (size_t)raw[2].i);
}

static long call_write(const union raw *raw) {
    return write((int)raw[0].i, raw[1].cp, (size_t)raw[2].i);
}

static const struct call_errno send_errors[] = {
    BROKEN_PIPE,
    RESET,
    WOULD_BLOCK_OUT,
    {ENOTCONN, "The socket is not connected (TCP says EPIPE instead)."},
    {EDESTADDRREQ, "The datagram has no destination: connect() the socket first, or use sendto()."},
    {EISCONN, "The stream is connected already; it takes no other destination (TCP ignores one instead)."},
    TOO_LONG,
    INTERRUPTED,
    REFUSED,
    TIMED_OUT,
    UNREACHABLE_NETWORK,
    UNREACHABLE_HOST,
    {EACCES, "A broadcast address needs SO_BROADCAST. For AF_UNIX: the path may not be written to."},
    {EPERM, "A firewall rule of this system forbids it."},
    {EAFNOSUPPORT, "The address is of another family than the socket; look at sin_family."},
    {EADDRNOTAVAIL, "No local port is free, or the address can be nobody's."},
    {EOPNOTSUPP, "A flag does not go with this type of socket."},
    {EINVAL, "The length of the address does not fit its family, or the port is 0."},
    {ENOENT, "AF_UNIX: there is no such path."},
    {EPROTOTYPE, "AF_UNIX: the other socket is of another type."},
    NO_BUFFERS,
    NO_MEMORY,
    NOT_OPEN,
    FILE_OR_PIPE,
    BAD_BUFFER,
    {0},
};

static const struct call_errno recv_errors[] = {
    WOULD_BLOCK_IN,
    RESET,
    {ENOTCONN,
     "The socket is not connected. A server receives on the descriptor that accept() gave, not on the "
     "listening one."},
    INTERRUPTED,
    REFUSED,
    TIMED_OUT,
    UNREACHABLE_HOST,
    UNREACHABLE_NETWORK,
    {EINVAL,
     "A flag or the length makes no sense here: MSG_OOB with no urgent data, a negative addrlen. Or an "
     "AF_UNIX stream is not connected."},
    {EOPNOTSUPP, "A flag does not go with this type of socket."},
    NO_MEMORY,
    NOT_OPEN,
    FILE_OR_PIPE,
    BAD_BUFFER,
    {0},
};

static const struct call_errno read_errors[] = {
    WOULD_BLOCK_IN,
    RESET,
    {ENOTCONN,
     "The socket is not connected. A server reads from the descriptor that accept() gave, not from the "
     "listening one."},
    INTERRUPTED,
    REFUSED,
    TIMED_OUT,
    UNREACHABLE_HOST,
    {EBADF, "The descriptor is not open, or open for writing only (the second of a pipe)."},
    {EISDIR, "The descriptor is a directory."},
    {EIO, "The device could not be read, or a background process read from the terminal."},
    {EINVAL, "This descriptor cannot be read from."},
    BAD_BUFFER,
    {0},
};

static const struct call_errno write_errors[] = {
    BROKEN_PIPE,
    RESET,
    WOULD_BLOCK_OUT,
    {ENOTCONN, "The socket is not connected (TCP says EPIPE instead)."},
    {EDESTADDRREQ, "The datagram has no destination: connect() the socket first, or use sendto()."},
    TOO_LONG,
    INTERRUPTED,
    REFUSED,
    TIMED_OUT,
    UNREACHABLE_NETWORK,
    UNREACHABLE_HOST,
    {EBADF, "The descriptor is not open, or open for reading only (the first of a pipe)."},
    {ENOSPC, "The device is full."},
    {EFBIG, "The file would become larger than it may."},
    {EIO, "The device could not be written to."},
    {EPERM, "A firewall rule of this system forbids it."},
    {EINVAL, "This descriptor cannot be written to."},
    NO_BUFFERS,
    NO_MEMORY,
    BAD_BUFFER,
    {0},
};

const struct call calls_data[] = {
    {
        .name = "send",
        .prototype = "ssize_t send(int sockfd, const void *buf, size_t len, int flags)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_BYTES_IN, .name = "buf", .other = 2},
                 {.kind = ARG_SIZE, .name = "len", .other = 1, .usual = ""},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
#ifdef SYS_send
        .sysnr = {SYS_sendto, SYS_send},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_sendto},
        .sysnr_count = 1,
#endif
        .summary = "send bytes on a connected socket",
        .note = "The bytes are copied into the kernel's send buffer, and the call returns; TCP sends them "
                "from there in pieces of its own choice. So success does not mean that the peer has them. "
                "It sleeps only when the buffer is full.\n\n"
                "A stream keeps no boundaries: two sends may be one recv, or one send several. On a "
                "non-blocking socket fewer bytes than asked for may be taken; the rest must be sent "
                "again.\n\n"
                "Sending to a peer that is gone brings RST; the next send raises SIGPIPE, which ends a "
                "process that has not made other arrangements (MSG_NOSIGNAL, SIG_IGN).",
        .asks = "Hand {buf} ({len:bytes}) to the kernel: {?sockfd.datagram:one datagram for"
                "|?sockfd.seqpacket:one message for|?sockfd.tcp:TCP sends it, in pieces of its own choice, "
                "to|it goes to} the peer of socket {sockfd}.{?flags: Flags: {flags:means}.}",
        .success = "The kernel has so many bytes now and sends them by itself; whether they arrive, or are "
                   "read, is not known yet.",
        .man = "send(2)",
        .see = "recv write sendto shutdown",
        .topic = "data",
        .errors = send_errors,
        .system = call_send,
    },
    {
        .name = "recv",
        .prototype = "ssize_t recv(int sockfd, void *buf, size_t len, int flags)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_BYTES_OUT, .name = "buf", .other = 2, .usual = ""},
                 {.kind = ARG_SIZE, .name = "len", .other = 1, .usual = ""},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
#ifdef SYS_recv
        .sysnr = {SYS_recvfrom, SYS_recv},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_recvfrom},
        .sysnr_count = 1,
#endif
        .summary = "receive bytes from a socket",
        .note = "It takes what has arrived, at most len bytes, and sleeps only if there is nothing at all. "
                "A result smaller than len is normal: a stream is read in a loop. 0 means end of file: the "
                "peer has closed its end or shut down sending.\n\n"
                "No NUL is added: a string needs room for one byte more, and buf[n] = '\\0'. MSG_PEEK "
                "leaves the bytes in the queue, MSG_WAITALL waits until all have come. Of a datagram, what "
                "does not fit is lost.",
        .asks = "{?flags&MSG_PEEK:Look at|Take} {?sockfd.datagram,sockfd.seqpacket:the next message of|what "
                "has come to} socket {sockfd}, at most {len:bytes}, into {buf}"
                "{?sockfd.nonblocking,flags&MSG_DONTWAIT:; if there is nothing, fail with EAGAIN instead of "
                "sleeping|; if there is nothing, sleep until something comes}."
                "{?sockfd.datagram,sockfd.seqpacket: Of a longer one, the rest is lost.}"
                "{?flags: Flags: {flags:means}.}",
        .success = "The result is how many bytes were received. There is no NUL behind them, and on a stream "
                   "they need not be what one send() had sent.",
        .man = "recv(2)",
        .see = "send read recvfrom poll",
        .topic = "data",
        .errors = recv_errors,
        .system = call_recv,
    },
    {
        .name = "sendto",
        .prototype = "ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct "
                     "sockaddr *dest_addr, socklen_t addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_BYTES_IN, .name = "buf", .other = 2},
                 {.kind = ARG_SIZE, .name = "len", .other = 1},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message},
                 {.kind = ARG_ADDRESS_IN, .name = "dest_addr", .other = 5, .usual = "NULL"},
                 {.kind = ARG_SIZE, .name = "addrlen", .other = 4, .usual = ""}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
        .sysnr = {SYS_sendto},
        .sysnr_count = 1,
        .summary = "send a datagram to an address",
        .note = "Each datagram carries its destination, so one UDP socket can talk to many peers without "
                "connect(). The socket gets a free local port at the first sendto().\n\n"
                "Nobody answers for its arrival: success means that it went out. If no socket has that "
                "port, the host may say so with an ICMP message, which only a connected socket hears of.",
        .asks = "{?dest_addr:Hand {buf} ({len:bytes}) to the kernel: "
                "{?sockfd.stream:it goes to the peer of socket {sockfd}, and not to {dest_addr:short}: "
                "streams have their one peer|one datagram from socket {sockfd} to {dest_addr:short}}."
                "{?dest_addr.swapped: (In the other byte order the port would be {dest_addr:swapped}: was "
                "htons() forgotten?)}{?sockfd.ip:{?!sockfd.bound:{?sockfd.datagram: The socket has no "
                "address yet: the kernel gives it a free port.}}}|Hand {buf} ({len:bytes}) to the kernel: "
                "{?sockfd.datagram:one datagram for|?sockfd.seqpacket:one message for"
                "|?sockfd.tcp:TCP sends it, in pieces of its own choice, to|it goes to} the peer of socket "
                "{sockfd}.}{?flags: Flags: {flags:means}.}",
        .success = "The kernel has so many bytes now and sends them by itself; whether they arrive, or are "
                   "read, is not known.",
        .man = "sendto(2)",
        .see = "recvfrom send socket",
        .topic = "data",
        .errors = send_errors,
        .system = call_sendto,
    },
    {
        .name = "recvfrom",
        .prototype = "ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr "
                     "*src_addr, socklen_t *addrlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_BYTES_OUT, .name = "buf", .other = 2, .usual = ""},
                 {.kind = ARG_SIZE, .name = "len", .other = 1, .usual = ""},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message, .usual = "0"},
                 {.kind = ARG_ADDRESS_OUT, .name = "src_addr", .other = 5, .usual = "NULL"},
                 {.kind = ARG_LENGTH, .name = "addrlen", .other = 4, .usual = "NULL"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_recvfrom},
        .sysnr_count = 1,
        .summary = "receive a datagram, and learn who sent it",
        .note = "One call takes one datagram; if the buffer is too small, the rest of it is thrown away "
                "(MSG_TRUNC makes the result its true length). src_addr is filled in with the sender's "
                "address, to answer with sendto(). addrlen goes in with the room and comes out with the "
                "size.\n\n"
                "A datagram of 0 bytes is possible, so 0 is no end of file here.",
        .asks = "{?flags&MSG_PEEK:Look at|Take} {?sockfd.datagram,sockfd.seqpacket:the next message of|what "
                "has come to} socket {sockfd}, at most {len:bytes}, into {buf}"
                "{?sockfd.nonblocking,flags&MSG_DONTWAIT:; if there is nothing, fail with EAGAIN instead of "
                "sleeping|; if there is nothing, sleep until something comes}."
                "{?sockfd.datagram,sockfd.seqpacket: Of a longer one, the rest is lost.}"
                "{?src_addr:{?!sockfd.stream: Who has sent it is to be written to {src_addr}.}}"
                "{?flags: Flags: {flags:means}.}",
        .success = "The result is how many bytes were received, without a NUL behind them. Where a sender "
                   "was asked for, src_addr holds it.",
        .man = "recvfrom(2)",
        .see = "sendto recv bind",
        .topic = "data",
        .errors = recv_errors,
        .system = call_recvfrom,
    },
    {
        .name = "read",
        .prototype = "ssize_t read(int fd, void *buf, size_t count)",
        .args = {{.kind = ARG_FD, .name = "fd"},
                 {.kind = ARG_BYTES_OUT, .name = "buf", .other = 2, .usual = ""},
                 {.kind = ARG_SIZE, .name = "count", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_read},
        .sysnr_count = 1,
        .summary = "read bytes from any descriptor",
        .note = "On a socket it is recv() with flags 0: sleeps if nothing has come, gives what there is, "
                "and 0 at the end. The same code can read from files, pipes, terminals and sockets.",
        .asks = "{?fd.socket:Take {?fd.datagram,fd.seqpacket:the next message of|what has come to} socket "
                "{fd}|Read what there is from descriptor {fd}}, at most {count:bytes}, into {buf}; if there "
                "is nothing, {?fd.nonblocking:fail with EAGAIN instead of sleeping|sleep until something "
                "comes}.",
        .success = "The result is how many bytes were read, without a NUL behind them.",
        .man = "read(2)",
        .see = "write recv",
        .topic = "data",
        .errors = read_errors,
        .system = call_read,
    },
    {
        .name = "write",
        .prototype = "ssize_t write(int fd, const void *buf, size_t count)",
        .args = {{.kind = ARG_FD, .name = "fd"},
                 {.kind = ARG_BYTES_IN, .name = "buf", .other = 2},
                 {.kind = ARG_SIZE, .name = "count", .other = 1, .usual = ""}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
        .sysnr = {SYS_write},
        .sysnr_count = 1,
        .summary = "write bytes to any descriptor",
        .note = "On a socket it is send() with flags 0, and what is said there holds here: success means "
                "that the kernel has the bytes, and writing to a connection that is gone raises SIGPIPE.",
        .asks = "{?fd.socket:Hand {buf} ({count:bytes}) to the kernel: "
                "{?fd.datagram:one datagram for|?fd.seqpacket:one message for"
                "|?fd.tcp:TCP sends it, in pieces of its own choice, to|it goes to} the peer of socket {fd}."
                "|Write {buf} ({count:bytes}) to descriptor {fd}.}",
        .success = "The kernel has so many bytes now; whether somebody reads them is not known yet.",
        .man = "write(2)",
        .see = "read send",
        .topic = "data",
        .errors = write_errors,
        .system = call_write,
    },
    {.name = NULL},
};
