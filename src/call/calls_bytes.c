/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte order, and bytes in memory: byteorder(3), bstring(3). */
#include <arpa/inet.h>
#include <string.h>

#include "call/library.h"
#include "call/rows.h"

/* ---- byte order ---- */

static bool run_htons(struct invocation *inv) {
    inv->result = htons((uint16_t)inv->raw[0].i);
    return true;
}

static bool run_htonl(struct invocation *inv) {
    inv->result = htonl((uint32_t)inv->raw[0].i);
    return true;
}

static bool run_ntohs(struct invocation *inv) {
    inv->result = ntohs((uint16_t)inv->raw[0].i);
    return true;
}

static bool run_ntohl(struct invocation *inv) {
    inv->result = ntohl((uint32_t)inv->raw[0].i);
    return true;
}

/* ---- filling and copying ---- */

static bool fill(struct invocation *inv, int byte, size_t count) {
    unsigned char *bytes = invocation_write(inv, 0, count);

    if (bytes == NULL) {
        error_hint(inv->error, "sizeof of an array or struct is its size; sizeof of a pointer is not");
        return false;
    }
    memset(bytes, byte, count);
    memory_mark(inv->memory, inv->value[0].bits, count, true);
    return true;
}

static bool run_memset(struct invocation *inv) {
    return fill(inv, (int)inv->raw[1].i, (size_t)inv->raw[2].i) && library_same(inv, 0);
}

static bool run_bzero(struct invocation *inv) {
    return fill(inv, 0, (size_t)inv->raw[1].i);
}

static bool too_small(struct invocation *inv, size_t i, size_t count) {
    size_t room = memory_room(inv->memory, inv->value[i].bits);
    const char *label = memory_label(inv->memory, inv->value[i].bits);

    if (label == NULL || memory_offset(inv->value[i].bits) < 0 || room >= count)
        return false;
    return !invocation_fail(inv, i, ERROR_MEMORY, "%s() copies %zu bytes, but %s has only %zu%s",
                            inv->call->name, count, label, room,
                            memory_offset(inv->value[i].bits) > 0 ? " from here on" : "");
}

/* From argument `from` to argument `to`.  Bytes never written stay so at their
 * new place: copying them is no mistake, using them is. */
static bool copy(struct invocation *inv, size_t to, size_t from, size_t count) {
    if (too_small(inv, to, count) || too_small(inv, from, count))
        return false;
    if (count == 0)
        return true;
    size_t wrong = to;
    if (memory_read(inv->memory, inv->value[from].bits, count, MEMORY_BOUNDS, inv->error) == NULL)
        wrong = from;
    else if (memory_copy(inv->memory, inv->value[to].bits, inv->value[from].bits, count, inv->error))
        return true;
    if (inv->error->where.length == 0)
        inv->error->where = invocation_span(inv, wrong);
    return false;
}

static bool run_memcpy(struct invocation *inv) {
    uint64_t to = inv->value[0].bits, from = inv->value[1].bits;
    size_t count = (size_t)inv->raw[2].i;
    size_t apart = to > from ? (size_t)(to - from) : (size_t)(from - to);

    if (memory_same_object(to, from) && apart < count) {
        invocation_fail(inv, 0, ERROR_MEMORY,
                        "memcpy(): the %zu bytes to copy and the place for them overlap", count);
        error_hint(inv->error, "memmove() copies rightly even then");
        return false;
    }
    return copy(inv, 0, 1, count) && library_same(inv, 0);
}

static bool run_memmove(struct invocation *inv) {
    return copy(inv, 0, 1, (size_t)inv->raw[2].i) && library_same(inv, 0);
}

static bool run_bcopy(struct invocation *inv) {
    return copy(inv, 1, 0, (size_t)inv->raw[2].i);
}

static bool run_memcmp(struct invocation *inv) {
    size_t count = (size_t)inv->raw[2].i;
    const unsigned char *a = invocation_read(inv, 0, count),
                        *b = a != NULL ? invocation_read(inv, 1, count) : NULL;

    if (b == NULL)
        return false;
    inv->result = memcmp(a, b, count);
    return true;
}

#define LIBRARY(function) .flags = CALL_LIBRARY, .run = (function)

const struct call calls_bytes[] = {
    {.name = "htons", .prototype = "uint16_t htons(uint16_t hostshort)",
     .args = {{ARG_INT, .name = "hostshort"}},
     LIBRARY(run_htons),
     .summary = "16 bits (a port) from this machine's byte order to the network's",
     .note = "On the network the most significant byte comes first; in this machine's memory it may come "
             "last. Ports in a struct sockaddr_in are in network byte order: without htons(), port 8888 "
             "(0x22b8) becomes 47138 (0xb822), and clients knock at the wrong door.\n\n"
             "host to network, short.",
     .success = "The number with its bytes in network order; on a machine that has that order anyway, the "
                "same.",
     .man = "byteorder(3)", .see = "ntohs htonl", .topic = "bytes"},
    {.name = "htonl", .prototype = "uint32_t htonl(uint32_t hostlong)",
     .args = {{ARG_INT, .name = "hostlong"}},
     LIBRARY(run_htonl),
     .summary = "32 bits (an IPv4 address) from this machine's byte order to the network's",
     .note = "Needed for constants such as INADDR_LOOPBACK, which are in host byte order. INADDR_ANY is 0 "
             "in either order. What inet_addr() and inet_pton() give is in network byte order already.\n\n"
             "host to network, long.",
     .success = "The number with its bytes in network order.",
     .man = "byteorder(3)", .see = "ntohl htons inet_addr", .topic = "bytes"},
    {.name = "ntohs", .prototype = "uint16_t ntohs(uint16_t netshort)",
     .args = {{ARG_INT, .name = "netshort"}},
     LIBRARY(run_ntohs),
     .summary = "16 bits (a port) from the network's byte order to this machine's",
     .note = "To read a port out of an address that accept(), getsockname() or recvfrom() filled in: "
             "ntohs(client.sin_port).\n\n"
             "network to host, short.",
     .success = "The number as this machine counts.",
     .man = "byteorder(3)", .see = "htons ntohl", .topic = "bytes"},
    {.name = "ntohl", .prototype = "uint32_t ntohl(uint32_t netlong)",
     .args = {{ARG_INT, .name = "netlong"}},
     LIBRARY(run_ntohl),
     .summary = "32 bits (an IPv4 address) from the network's byte order to this machine's",
     .note = "To calculate with an address, or to compare it with INADDR_LOOPBACK. To show it, inet_ntop() "
             "is the way.\n\n"
             "network to host, long.",
     .success = "The number as this machine counts.",
     .man = "byteorder(3)", .see = "htonl ntohs inet_ntop", .topic = "bytes"},
    {.name = "memset", .prototype = "void *memset(void *s, int c, size_t n)",
     .args = {{ARG_POINTER, .name = "s"}, {ARG_INT, .name = "c"}, {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_memset),
     .summary = "fill memory with one byte",
     .note = "memset(&server, 0, sizeof(server)) empties a struct before its fields are set, so that none "
             "is left to chance. The order of the last two is easily confused: memset(s, sizeof(s), 0) "
             "fills nothing.",
     .success = "s again.",
     .man = "memset(3)", .see = "bzero memcpy", .topic = "bytes"},
    {.name = "bzero", .prototype = "void bzero(void *s, size_t n)",
     .args = {{ARG_POINTER, .name = "s"}, {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_bzero),
     .summary = "fill memory with zeros",
     .note = "Old BSD's way, no longer in POSIX; memset(s, 0, n) does the same.",
     .success = NULL,
     .man = "bzero(3)", .see = "memset", .topic = "bytes"},
    {.name = "memcpy", .prototype = "void *memcpy(void *dest, const void *src, size_t n)",
     .args = {{ARG_POINTER, .name = "dest"}, {ARG_POINTER, .name = "src"},
              {ARG_SIZE, .name = "n", .other = 1}},
     LIBRARY(run_memcpy),
     .summary = "copy bytes that do not overlap",
     .note = "The destination comes first, as in an assignment. The two must not overlap; memmove() is for "
             "that. Bytes that were never written are copied as such.",
     .success = "dest again.",
     .man = "memcpy(3)", .see = "memmove bcopy memset", .topic = "bytes"},
    {.name = "memmove", .prototype = "void *memmove(void *dest, const void *src, size_t n)",
     .args = {{ARG_POINTER, .name = "dest"}, {ARG_POINTER, .name = "src"},
              {ARG_SIZE, .name = "n", .other = 1}},
     LIBRARY(run_memmove),
     .summary = "copy bytes, which may overlap",
     .note = "What a program does with a message that came only in part: the bytes left over move to the "
             "beginning of the buffer, and the next recv() goes behind them.",
     .success = "dest again.",
     .man = "memmove(3)", .see = "memcpy", .topic = "bytes"},
    {.name = "bcopy", .prototype = "void bcopy(const void *src, void *dest, size_t n)",
     .args = {{ARG_POINTER, .name = "src"}, {ARG_POINTER, .name = "dest"},
              {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_bcopy),
     .summary = "copy bytes; the source comes first",
     .note = "Old BSD's way, no longer in POSIX: as memmove(), with the first two arguments the other way "
             "round.",
     .success = NULL,
     .man = "bcopy(3)", .see = "memmove memcpy", .topic = "bytes"},
    {.name = "memcmp", .prototype = "int memcmp(const void *s1, const void *s2, size_t n)",
     .args = {{ARG_POINTER, .name = "s1"}, {ARG_POINTER, .name = "s2"}, {ARG_SIZE, .name = "n", .other = 0}},
     LIBRARY(run_memcmp),
     .summary = "compare bytes",
     .note = "Unlike strcmp() it does not stop at a NUL. It is not for whole structs: the gaps between "
             "their fields may differ.",
     .success = "0 when they are the same; else less or greater than 0, as the first byte that differs.",
     .man = "memcmp(3)", .see = "strcmp strncmp", .topic = "bytes"},
    {.name = NULL},
};
