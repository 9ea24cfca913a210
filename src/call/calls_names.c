/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and addresses: inet(3), inet_pton(3), getaddrinfo(3), gethostbyname(3).
 * The lists these functions make are in resolve.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "call/library.h"
#include "call/resolve.h"
#include "call/rows.h"

/* ---- addresses as text ---- */

static bool run_inet_addr(struct invocation *inv) {
    inv->result = inet_addr(inv->raw[0].cp);
    return true;
}

static bool put_bytes(struct invocation *inv, size_t i, const void *bytes, size_t size) {
    unsigned char *room = invocation_write(inv, i, size);

    if (room == NULL)
        return false;
    memcpy(room, bytes, size);
    memory_mark(inv->memory, inv->value[i].bits, size, true);
    return true;
}

static bool run_inet_aton(struct invocation *inv) {
    struct in_addr address;

    inv->result = inet_aton(inv->raw[0].cp, &address);
    return inv->result == 0 || put_bytes(inv, 1, &address, sizeof address);
}

/* Its argument is a struct by value, which no kind of argument is: it comes as ARG_MORE. */
static bool run_inet_ntoa(struct invocation *inv) {
    struct in_addr address;
    const unsigned char *bytes = NULL;
    char text[INET_ADDRSTRLEN];

    if (inv->more_count != 1)
        return invocation_fail(inv, 0, ERROR_TYPE, "inet_ntoa() takes 1 argument, and %zu were given",
                               inv->more_count);
    if (inv->more[0].type == type_struct("in_addr"))
        bytes = memory_read(inv->memory, inv->more[0].bits, sizeof address, MEMORY_WRITTEN, inv->error);
    else {
        invocation_fail(inv, 0, ERROR_TYPE, "inet_ntoa() takes a struct in_addr, not a pointer or a number");
        error_hint(inv->error, "inet_ntoa(client.sin_addr), without & and without .s_addr");
    }
    if (bytes == NULL) {
        if (inv->error->where.length == 0)
            inv->error->where = invocation_span(inv, 0);
        return false;
    }
    memcpy(&address, bytes, sizeof address);
    inet_ntop(AF_INET, &address, text, sizeof text);
    return library_static_text(inv, STATIC_INET_NTOA, sizeof text, "inet_ntoa()'s buffer", text);
}

/* Bytes of an address of the family; 0 and EAFNOSUPPORT when it has none that are known. */
static size_t address_size(struct invocation *inv, int64_t family) {
    if (family == AF_INET)
        return sizeof(struct in_addr);
    if (family == AF_INET6)
        return sizeof(struct in6_addr);
    inv->saved_errno = EAFNOSUPPORT;
    return 0;
}

static bool run_inet_pton(struct invocation *inv) {
    unsigned char address[sizeof(struct in6_addr)];
    size_t size = address_size(inv, inv->raw[0].i);

    inv->result = size == 0 ? -1 : inet_pton((int)inv->raw[0].i, inv->raw[1].cp, address);
    return inv->result != 1 || put_bytes(inv, 2, address, size);
}

static bool run_inet_ntop(struct invocation *inv) {
    size_t size = address_size(inv, inv->raw[0].i), room = (size_t)inv->raw[3].i;
    const unsigned char *address;
    char text[INET6_ADDRSTRLEN];

    if (size == 0)
        return true; /* NULL, and errno says why */
    address = invocation_read(inv, 1, size);
    if (address == NULL || invocation_write(inv, 2, room) == NULL)
        return false;
    inet_ntop((int)inv->raw[0].i, address, text, sizeof text);
    if (strlen(text) >= room) {
        inv->saved_errno = ENOSPC;
        return true;
    }
    inv->result = (int64_t)inv->value[2].bits;
    return library_put(inv, 2, text, strlen(text));
}

/* ---- names ---- */

static bool run_gai_strerror(struct invocation *inv) {
    return library_static_text(inv, STATIC_GAI_STRERROR, 80, "gai_strerror()'s text",
                               gai_strerror((int)inv->raw[0].i));
}

/* Room for a text, or NULL for one nobody wants; false: error. */
static bool text_room(struct invocation *inv, size_t i, size_t length) {
    return invocation_null(inv, i) || length == 0 || invocation_write(inv, i, length) != NULL;
}

/* A copy for the C library, which trusts the length. */
static bool take_address(struct invocation *inv, struct sockaddr_storage *address, socklen_t *length) {
    const unsigned char *bytes = NULL;

    *address = (struct sockaddr_storage){0};
    *length = (size_t)inv->raw[1].i < sizeof *address ? (socklen_t)inv->raw[1].i : sizeof *address;
    if (!invocation_null(inv, 0))
        bytes = memory_read(inv->memory, inv->value[0].bits, *length, MEMORY_BOUNDS, inv->error);
    else
        invocation_fail(inv, 0, ERROR_MEMORY, "getnameinfo() needs an address, and this is NULL");
    if (bytes != NULL)
        memcpy(address, bytes, *length);
    else if (inv->error->where.length == 0)
        inv->error->where = invocation_span(inv, 0);
    return bytes != NULL;
}

static bool run_getnameinfo(struct invocation *inv) {
    struct sockaddr_storage address;
    socklen_t length;
    char host[NI_MAXHOST], service[NI_MAXSERV];
    size_t room[2] = {(size_t)inv->raw[3].i, (size_t)inv->raw[5].i};
    bool want_host = !invocation_null(inv, 2) && room[0] > 0,
         want_service = !invocation_null(inv, 4) && room[1] > 0;

    if (!take_address(inv, &address, &length) || !text_room(inv, 2, room[0]) || !text_room(inv, 4, room[1]))
        return false;
    library_show(inv, 2);
    library_show(inv, 4);
    invocation_enter(inv);
    errno = inv->saved_errno;
    int result = getnameinfo((const struct sockaddr *)&address, length, want_host ? host : NULL,
                             want_host ? sizeof host : 0, want_service ? service : NULL,
                             want_service ? sizeof service : 0, (int)inv->raw[6].i);
    if (result == 0 &&
        ((want_host && strlen(host) >= room[0]) || (want_service && strlen(service) >= room[1])))
        result = EAI_OVERFLOW;
    if (result != 0) {
        resolve_failed(inv, result);
        return true;
    }
    if ((want_host && !library_put(inv, 2, host, strlen(host))) ||
        (want_service && !library_put(inv, 4, service, strlen(service))))
        return false;
    invocation_leave(inv, 0, 0);
    return true;
}

static bool run_gethostname(struct invocation *inv) {
    char name[HOST_NAME_MAX + 1];
    size_t room = (size_t)inv->raw[1].i;

    if (invocation_write(inv, 0, room) == NULL)
        return false;
    inv->result = gethostname(name, sizeof name);
    if (inv->result != 0 || strlen(name) >= room) {
        inv->saved_errno = inv->result != 0 ? errno : ENAMETOOLONG;
        inv->result = -1;
        return true;
    }
    return library_put(inv, 0, name, strlen(name));
}

/* ---- the rows ---- */

static const struct call_errno family_errors[] = {
    {EAFNOSUPPORT, "Only AF_INET and AF_INET6 addresses can be written as text."},
    {0, NULL},
};
static const struct call_errno ntop_errors[] = {
    {EAFNOSUPPORT, "Only AF_INET and AF_INET6 addresses can be written as text."},
    {ENOSPC, "The text and its NUL do not fit; INET_ADDRSTRLEN or INET6_ADDRSTRLEN bytes always suffice."},
    {0, NULL},
};
static const struct call_errno hostname_errors[] = {
    {ENAMETOOLONG, "The name and its NUL do not fit; HOST_NAME_MAX + 1 bytes always suffice."},
    {0, NULL},
};

static const struct call_failures eai = {&constants_resolve, gai_strerror};
static const struct call_errno addrinfo_errors[] = {
    {EAI_NONAME, "Nobody knows this host or service; or both are NULL, or only numbers were allowed."},
    {EAI_AGAIN, "No name server answered: there is no way to one, or it is busy. Later it may answer."},
    {EAI_FAIL, "The name server said that it cannot answer, and asking again will not help."},
    {EAI_BADFLAGS, "hints.ai_flags has bits that mean nothing; a struct that was not set to 0 first has such."},
    {EAI_FAMILY, "hints.ai_family is none of AF_UNSPEC, AF_INET and AF_INET6."},
    {EAI_SOCKTYPE, "hints.ai_socktype is none, or does not go with hints.ai_protocol."},
    {EAI_SERVICE, "There is no service of this name for sockets of that type; a port may be given as \"80\"."},
    {EAI_MEMORY, "The C library has no memory for the list."},
    {EAI_SYSTEM, "A system call failed on the way; errno says why."},
    {EAI_NODATA, "The host is known, but has no address."},
    {EAI_ADDRFAMILY, "The host is known, but has no address of the family in hints.ai_family."},
    {0, NULL},
};
static const struct call_errno nameinfo_errors[] = {
    {EAI_NONAME, "The address has no name, and NI_NAMEREQD asks for one."},
    {EAI_AGAIN, "No name server answered: there is no way to one, or it is busy. Later it may answer."},
    {EAI_FAIL, "The name server said that it cannot answer, and asking again will not help."},
    {EAI_BADFLAGS, "flags has bits that mean nothing."},
    {EAI_FAMILY, "The family of the address is not known, or addrlen is too short for it."},
    {EAI_OVERFLOW, "A text and its NUL do not fit; NI_MAXHOST and NI_MAXSERV bytes always suffice."},
    {EAI_MEMORY, "The C library has no memory for the names."},
    {EAI_SYSTEM, "A system call failed on the way; errno says why."},
    {0, NULL},
};

static const struct call_failures host_failures = {&constants_host, hstrerror};
static const struct call_errno host_errors[] = {
    {HOST_NOT_FOUND, "Nobody knows a host of this name."},
    {TRY_AGAIN, "No name server answered: there is no way to one, or it is busy. Later it may answer."},
    {NO_RECOVERY, "The name server said that it cannot answer, and asking again will not help."},
    {NO_DATA, "The name is known, but has no IPv4 address."},
    {0, NULL},
};

#define LIBRARY(function) .flags = CALL_LIBRARY, .run = (function)
/* May ask a name server and wait for its answer, in whichever system calls the C library likes. */
#define RESOLVER(function) .flags = CALL_BLOCKS | CALL_TOLD, .sysnr = {-1}, .sysnr_count = 1, .run = (function)

const struct call calls_names[] = {
    {.name = "inet_addr", .prototype = "in_addr_t inet_addr(const char *cp)",
     .args = {{ARG_STRING, .name = "cp"}},
     LIBRARY(run_inet_addr),
     .summary = "\"127.0.0.1\" as the 32 bits of an IPv4 address, in network byte order",
     .note = "The result goes into sin_addr.s_addr as it is, without htonl(). Its error, INADDR_NONE, is "
             "also the valid address 255.255.255.255, and names such as \"localhost\" are errors: "
             "inet_pton() and getaddrinfo() are better in both.",
     .success = "The address in network byte order; INADDR_NONE (0xffffffff) when the text is none.",
     .man = "inet(3)", .see = "inet_aton inet_pton getaddrinfo", .topic = "names"},
    {.name = "inet_aton", .prototype = "int inet_aton(const char *cp, struct in_addr *inp)",
     .args = {{ARG_STRING, .name = "cp"}, {ARG_POINTER, .name = "inp"}},
     LIBRARY(run_inet_aton),
     .summary = "\"127.0.0.1\" into a struct in_addr",
     .note = "As inet_addr(), but errors can be told from addresses. inet_aton(\"10.0.0.1\", "
             "&server.sin_addr). It also takes old forms: \"127.1\" is 127.0.0.1.",
     .success = "1 for a valid address, else 0; errno is not set.",
     .man = "inet(3)", .see = "inet_addr inet_pton inet_ntoa", .topic = "names"},
    {.name = "inet_ntoa", .prototype = "char *inet_ntoa(struct in_addr in)",
     .args = {{ARG_MORE, .name = "in"}},
     LIBRARY(run_inet_ntoa),
     .summary = "an IPv4 address as text, \"127.0.0.1\"",
     .note = "inet_ntoa(client.sin_addr). All calls share one buffer: printing two addresses with one "
             "printf() shows the same one twice. inet_ntop() writes into your own, and knows IPv6.",
     .success = "The text, in a buffer that the next call overwrites.",
     .man = "inet(3)", .see = "inet_ntop inet_aton", .topic = "names"},
    {.name = "inet_pton", .prototype = "int inet_pton(int af, const char *src, void *dst)",
     .args = {{ARG_CONST, .name = "af", .set = &constants_family}, {ARG_STRING, .name = "src"},
              {ARG_POINTER, .name = "dst"}},
     LIBRARY(run_inet_pton),
     .summary = "an address as text into bytes (presentation to network)",
     .note = "dst is the address alone, a struct in_addr or in6_addr: inet_pton(AF_INET, \"127.0.0.1\", "
             "&server.sin_addr). It writes network byte order. Names are not looked up; getaddrinfo() does "
             "that.",
     .success = "1: done. 0: the text is no address of that family; errno is not set. -1: unknown family.",
     .man = "inet_pton(3)", .see = "inet_ntop getaddrinfo", .topic = "names", .errors = family_errors},
    {.name = "inet_ntop",
     .prototype = "const char *inet_ntop(int af, const void *src, char *dst, socklen_t size)",
     .args = {{ARG_CONST, .name = "af", .set = &constants_family}, {ARG_POINTER, .name = "src"},
              {ARG_POINTER, .name = "dst"}, {ARG_SIZE, .name = "size", .other = 2}},
     LIBRARY(run_inet_ntop),
     .summary = "the bytes of an address as text (network to presentation)",
     .note = "src is the address alone, such as &client.sin_addr, not the whole sockaddr. INET_ADDRSTRLEN "
             "(16) bytes are enough for IPv4, INET6_ADDRSTRLEN (46) for IPv6.",
     .success = "dst, with the text in it; NULL for an error, which errno tells.",
     .man = "inet_ntop(3)", .see = "inet_pton getnameinfo ntohs", .topic = "names", .errors = ntop_errors},
    {.name = "getaddrinfo",
     .prototype = "int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, "
                  "struct addrinfo **res)",
     .args = {{ARG_POINTER, .name = "node"}, {ARG_POINTER, .name = "service"}, {ARG_POINTER, .name = "hints"},
              {ARG_POINTER, .name = "res"}},
     RESOLVER(resolve_getaddrinfo),
     .summary = "find the addresses of a host and a service",
     .note = "What modern programs use: it knows IPv4 and IPv6, names and numbers, and gives everything "
             "that socket(), bind() and connect() want. A host may have several addresses; a client tries "
             "them in order:\n  for (p = res; p != NULL; p = p->ai_next)\n\n"
             "hints says what is wanted: memset() it to 0, then set ai_family (AF_UNSPEC: both), "
             "ai_socktype (or each address comes once for each type), and for a server ai_flags = "
             "AI_PASSIVE with node NULL. The list is to be given back with freeaddrinfo().",
     .asks = "Ask for the addresses of host {node} and service {service}, by way of the files and name "
             "servers of this system. The list is to be put into {res}.",
     .success = "0: *res points to the first of a list. Else an EAI_ number, which gai_strerror() puts in "
                "words; errno is only set for EAI_SYSTEM.",
     .man = "getaddrinfo(3)", .see = "freeaddrinfo gai_strerror getnameinfo", .topic = "names",
     .errors = addrinfo_errors, .failures = &eai},
    {.name = "freeaddrinfo", .prototype = "void freeaddrinfo(struct addrinfo *res)",
     .args = {{ARG_POINTER, .name = "res"}},
     LIBRARY(resolve_freeaddrinfo),
     .summary = "give back the list that getaddrinfo() made",
     .note = "Once, with the pointer to its beginning. From then on every pointer into the list dangles, "
             "ai_addr too; what is needed later is copied before.",
     .success = NULL,
     .man = "getaddrinfo(3)", .see = "getaddrinfo", .topic = "names"},
    {.name = "gai_strerror", .prototype = "const char *gai_strerror(int errcode)",
     .args = {{ARG_INT, .name = "errcode"}},
     LIBRARY(run_gai_strerror),
     .summary = "an error of getaddrinfo() or getnameinfo() in words",
     .note = "Their errors (EAI_NONAME, EAI_AGAIN, ...) have numbers of their own, so strerror() and "
             "perror() would say something else.",
     .success = "The sentence.",
     .man = "gai_strerror(3)", .see = "getaddrinfo getnameinfo", .topic = "names"},
    {.name = "getnameinfo",
     .prototype = "int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, socklen_t "
                  "hostlen, char *serv, socklen_t servlen, int flags)",
     .args = {{ARG_ADDRESS_IN, .name = "addr", .other = 1}, {ARG_SIZE, .name = "addrlen", .other = 0},
              {ARG_POINTER, .name = "host"}, {ARG_SIZE, .name = "hostlen", .other = 2},
              {ARG_POINTER, .name = "serv"}, {ARG_SIZE, .name = "servlen", .other = 4},
              {ARG_FLAGS, .name = "flags", .set = &constants_nameinfo, .usual = "0"}},
     RESOLVER(run_getnameinfo),
     .summary = "an address as the names of its host and service",
     .note = "The reverse of getaddrinfo(), for any family. With NI_NUMERICHOST | NI_NUMERICSERV nobody is "
             "asked and both come as numbers, which is what a server wants for its log. host or serv may be "
             "NULL.",
     .asks = "Ask for the names of {addr:short}, by way of the files and name servers of this system."
             "{?flags: Flags: {flags:means}.}",
     .success = "0: the texts are there. Else an EAI_ number, which gai_strerror() puts in words.",
     .man = "getnameinfo(3)", .see = "getaddrinfo inet_ntop", .topic = "names",
     .errors = nameinfo_errors, .failures = &eai},
    {.name = "gethostbyname", .prototype = "struct hostent *gethostbyname(const char *name)",
     .args = {{ARG_STRING, .name = "name"}},
     RESOLVER(resolve_gethostbyname),
     .summary = "find the IPv4 addresses of a host (the old way)",
     .note = "The first address is in h_addr_list[0], which older programs call h_addr: h_length bytes in "
             "network byte order, to be copied into sin_addr. IPv4 only, and the next call overwrites the "
             "result; getaddrinfo() has neither limit.",
     .asks = "Ask for the IPv4 addresses of host {name}, by way of the files and name servers of this "
             "system.",
     .success = "A struct that the next call overwrites; NULL when the host is not known. errno is not set.",
     .man = "gethostbyname(3)", .see = "getaddrinfo inet_ntoa", .topic = "names",
     .errors = host_errors, .failures = &host_failures},
    {.name = "gethostname", .prototype = "int gethostname(char *name, size_t len)",
     .args = {{ARG_POINTER, .name = "name"}, {ARG_SIZE, .name = "len", .other = 0}},
     LIBRARY(run_gethostname),
     .summary = "the name of this host",
     .note = "A name that others may or may not know; a server need not ask for it, INADDR_ANY is every "
             "address of the host.",
     .success = "0: the name is in the array.",
     .man = "gethostname(2)", .see = "getaddrinfo", .topic = "names", .errors = hostname_errors},
    {.name = NULL},
};
