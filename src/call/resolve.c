/* SPDX-License-Identifier: GPL-3.0-or-later */
/* getaddrinfo()'s list and gethostbyname()'s struct in the learner's memory: see resolve.h. */
#include "call/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/escape.h"
#include "call/library.h"

/* Labels that no variable can have: by them freeaddrinfo() knows what was getaddrinfo()'s. */
#define LABEL_INFO "an addrinfo of getaddrinfo()"
#define LABEL_ADDRESS "an address of getaddrinfo()"
#define LABEL_NAME "a name of getaddrinfo()"

/* ---- getaddrinfo ---- */

/* A string argument that may be NULL, printed in the call's line. */
static bool take_name(struct invocation *inv, size_t i, const char **name) {
    size_t length;

    *name = NULL;
    if (!invocation_null(inv, i)) {
        if (!library_string(inv, i, name, &length))
            return false;
        escape_c_quoted(&inv->texts[i], *name, length, 32);
    }
    library_show(inv, i);
    return true;
}

/* The four fields that are looked at.  A program that leaves them to chance
 * asks for a family that does not exist, sometimes. */
static bool take_hints(struct invocation *inv, struct addrinfo *hints) {
    const unsigned char *bytes;

    *hints = (struct addrinfo){0};
    library_show(inv, 2);
    if (invocation_null(inv, 2))
        return true;
    _Static_assert(offsetof(struct addrinfo, ai_protocol) == 3 * sizeof(int), "four ints in front");
    bytes = invocation_read(inv, 2, 4 * sizeof(int));
    if (bytes == NULL) {
        error_hint(inv->error, "memset(&hints, 0, sizeof(hints)) first, then set what is wanted");
        return false;
    }
    memcpy(hints, bytes, 4 * sizeof(int));
    return true;
}

/* A new object that holds these bytes; 0: error. */
static uint64_t make(struct invocation *inv, const void *bytes, size_t size, const char *label) {
    uint64_t object = memory_make(inv->memory, size, MEMORY_LIBRARY, label, inv->error);
    unsigned char *room = object != 0 ? memory_write(inv->memory, object, size, inv->error) : NULL;

    if (room == NULL)
        return 0;
    memcpy(room, bytes, size);
    memory_mark(inv->memory, object, size, true);
    return object;
}

static bool is_made_as(const struct invocation *inv, uint64_t address, const char *label) {
    const char *is = memory_label(inv->memory, address);

    return is != NULL && memory_offset(address) == 0 && strcmp(is, label) == 0;
}

static void drop_if(struct invocation *inv, uint64_t address, const char *label) {
    if (is_made_as(inv, address, label))
        memory_drop(inv->memory, address);
}

/* The reference in a pointer field of the object's struct. */
static uint64_t pointer_at(const struct invocation *inv, uint64_t object, size_t offset) {
    struct error ignored = {0};
    uint64_t bits = 0;
    const unsigned char *bytes =
        memory_read(inv->memory, object + offset, sizeof bits, MEMORY_BOUNDS, &ignored);

    if (bytes != NULL)
        memcpy(&bits, bytes, sizeof bits);
    error_free(&ignored);
    return bits;
}

/* One struct of the list and what belongs to it.  Whatever the learner wrote
 * into its pointers, only objects of getaddrinfo() go. */
static uint64_t drop_one(struct invocation *inv, uint64_t object) {
    uint64_t next = pointer_at(inv, object, offsetof(struct addrinfo, ai_next));

    drop_if(inv, pointer_at(inv, object, offsetof(struct addrinfo, ai_addr)), LABEL_ADDRESS);
    drop_if(inv, pointer_at(inv, object, offsetof(struct addrinfo, ai_canonname)), LABEL_NAME);
    memory_drop(inv->memory, object);
    return next;
}

static void drop_list(struct invocation *inv, uint64_t object) {
    while (is_made_as(inv, object, LABEL_INFO))
        object = drop_one(inv, object);
}

/* What the pointers of a struct become: never host addresses. */
struct links {
    uint64_t address, name, next;
};

static uint64_t make_one(struct invocation *inv, const struct addrinfo *info, struct links links) {
    struct addrinfo copy = *info;

    _Static_assert(sizeof copy.ai_addr == sizeof links.address, "a reference fits a pointer");
    memcpy(&copy.ai_addr, &links.address, sizeof copy.ai_addr);
    memcpy(&copy.ai_canonname, &links.name, sizeof copy.ai_canonname);
    memcpy(&copy.ai_next, &links.next, sizeof copy.ai_next);
    return make(inv, &copy, sizeof copy, LABEL_INFO);
}

static uint64_t make_linked(struct invocation *inv, const struct addrinfo *info, struct links links) {
    uint64_t object = 0;

    if (info->ai_addr != NULL)
        links.address = make(inv, info->ai_addr, info->ai_addrlen, LABEL_ADDRESS);
    if (info->ai_canonname != NULL && inv->error->kind == ERROR_NONE)
        links.name = make(inv, info->ai_canonname, strlen(info->ai_canonname) + 1, LABEL_NAME);
    if (inv->error->kind == ERROR_NONE)
        object = make_one(inv, info, links);
    if (object == 0) {
        drop_if(inv, links.address, LABEL_ADDRESS);
        drop_if(inv, links.name, LABEL_NAME);
        drop_list(inv, links.next);
    }
    return object;
}

/* From the end, since each knows the next.  0: error, and nothing is left of it. */
static uint64_t make_list(struct invocation *inv, const struct addrinfo *info) {
    size_t count = 0;
    uint64_t next = 0;

    for (const struct addrinfo *i = info; i != NULL; i = i->ai_next)
        count++;
    for (; count > 0; count--) {
        const struct addrinfo *last = info;
        for (size_t i = 1; i < count; i++)
            last = last->ai_next;
        next = make_linked(inv, last, (struct links){.next = next});
        if (next == 0)
            return 0;
    }
    return next;
}

void resolve_failed(struct invocation *inv, int failure) {
    char shown[16];

    if (failure == EAI_SYSTEM)
        inv->saved_errno = errno;
    snprintf(shown, sizeof shown, "%d", failure);
    invocation_leave_failed(inv, failure, shown, failure);
}

bool resolve_getaddrinfo(struct invocation *inv) {
    const char *node, *service;
    struct addrinfo hints, *list = NULL;
    uint64_t object = 0;
    unsigned char *room;

    if (!take_name(inv, 0, &node) || !take_name(inv, 1, &service) || !take_hints(inv, &hints))
        return false;
    room = invocation_write(inv, 3, sizeof object);
    if (room == NULL)
        return false;
    library_show(inv, 3);
    invocation_enter(inv);
    errno = inv->saved_errno;
    int result = getaddrinfo(node, service, invocation_null(inv, 2) ? NULL : &hints, &list);
    if (result != 0) {
        resolve_failed(inv, result);
        return true;
    }
    object = make_list(inv, list);
    freeaddrinfo(list);
    if (object == 0)
        return false;
    memcpy(room, &object, sizeof object);
    memory_mark(inv->memory, inv->value[3].bits, sizeof object, true);
    invocation_leave(inv, 0, 0);
    return true;
}

bool resolve_freeaddrinfo(struct invocation *inv) {
    uint64_t object = inv->value[0].bits;

    if (object == 0)
        return true; /* glibc takes it for an empty list */
    if (is_made_as(inv, object, LABEL_INFO)) {
        drop_list(inv, object);
        return true;
    }
    const char *label = memory_label(inv->memory, object);
    if (label != NULL) {
        invocation_fail(inv, 0, ERROR_MEMORY, "freeaddrinfo(): %s was not made by getaddrinfo()", label);
        error_hint(inv->error, "give it the pointer that getaddrinfo() wrote to its last argument");
    } else {
        invocation_fail(inv, 0, ERROR_MEMORY, "freeaddrinfo(): this list is gone, or there never was one");
        error_hint(inv->error, "free a list once, and set the pointer to NULL after it");
    }
    return false;
}

/* ---- gethostbyname ---- */

#define HOSTENT_SIZE 16384
#define HOSTENT_MOST 64 /* addresses, and other names */
#define HOSTENT_GAP 8   /* bytes never written between its parts: running over an end is noticed */

/* The one object that holds the struct and everything it points to. */
struct host_room {
    struct invocation *inv;
    uint64_t object;
    unsigned char *bytes;
    size_t used;
};

/* Room in the object; its offset, or 0 when the object is full. */
static size_t reserve(struct host_room *room, size_t size) {
    const size_t unit = _Alignof(max_align_t);
    size_t at = (room->used + unit - 1) / unit * unit;

    if (size > HOSTENT_SIZE || at > HOSTENT_SIZE - size)
        return 0;
    room->used = at + size + HOSTENT_GAP;
    return at;
}

static uint64_t put_at(struct host_room *room, size_t at, const void *bytes, size_t size) {
    memcpy(room->bytes + at, bytes, size);
    memory_mark(room->inv->memory, room->object + at, size, true);
    return room->object + at;
}

/* A list of texts (size 0) or of addresses of `size` bytes, and its NULL; as many as fit. */
static uint64_t put_list(struct host_room *room, char *const *items, size_t size) {
    uint64_t references[HOSTENT_MOST + 1] = {0};
    size_t count = 0, list = reserve(room, sizeof references);

    for (; items[count] != NULL && count < HOSTENT_MOST; count++) {
        size_t length = size > 0 ? size : strlen(items[count]) + 1, at = reserve(room, length);
        if (at == 0)
            break;
        references[count] = put_at(room, at, items[count], length);
    }
    return list != 0 ? put_at(room, list, references, (count + 1) * sizeof *references) : 0;
}

static bool make_host(struct invocation *inv, const struct hostent *host) {
    struct host_room room = {.inv = inv};
    struct hostent copy = *host;
    size_t name_length = strnlen(host->h_name, NI_MAXHOST);
    uint64_t name, aliases, addresses;

    room.object = library_static(inv, STATIC_HOSTENT, HOSTENT_SIZE, "gethostbyname()'s result", &room.bytes);
    if (room.object == 0)
        return false;
    memset(room.bytes, 0, HOSTENT_SIZE);
    room.used = sizeof copy + HOSTENT_GAP;
    name = put_at(&room, reserve(&room, name_length + 1), host->h_name, name_length);
    memory_mark(inv->memory, name + name_length, 1, true);
    addresses = put_list(&room, host->h_addr_list, (size_t)host->h_length);
    aliases = put_list(&room, host->h_aliases, 0);
    memcpy(&copy.h_name, &name, sizeof name);
    memcpy(&copy.h_aliases, &aliases, sizeof aliases);
    memcpy(&copy.h_addr_list, &addresses, sizeof addresses);
    put_at(&room, 0, &copy, sizeof copy);
    inv->result = (int64_t)room.object;
    return true;
}

/* {h_name="localhost", h_addr_list={127.0.0.1}} */
static void show_host(const struct hostent *host, struct buf *out) {
    char text[INET6_ADDRSTRLEN];

    buf_add_text(out, "{h_name=");
    escape_c_quoted(out, host->h_name, strlen(host->h_name), 32);
    buf_add_text(out, ", h_addr_list={");
    for (size_t i = 0; host->h_addr_list[i] != NULL && i < HOSTENT_MOST; i++)
        if (inet_ntop(host->h_addrtype, host->h_addr_list[i], text, sizeof text) != NULL)
            buf_addf(out, "%s%s", i > 0 ? ", " : "", text);
    buf_add_text(out, "}}");
}

bool resolve_gethostbyname(struct invocation *inv) {
    const struct hostent *host;

    invocation_enter(inv);
    host = gethostbyname(inv->raw[0].cp);
    if (host == NULL) {
        invocation_leave_failed(inv, 0, "NULL", h_errno);
        return true;
    }
    show_host(host, &inv->result_text);
    if (!make_host(inv, host))
        return false;
    invocation_leave(inv, inv->result, 0);
    return true;
}
