/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why making a socket, naming it or letting it listen failed, or surprises. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "explain/find.h"
#include "explain/in_use.h"
#include "explain/rows.h"
#include "explain/shared.h"
#include "observe/machine.h"

/* ---- socket ---- */

/* What was asked for, without the flags that may stand with the type. */
struct asked {
    struct buf family, type, protocol;
};

static void ask(const struct inquiry *inquiry, struct asked *asked) {
    *asked = (struct asked){0};
    find_argument(inquiry->event, 0, &asked->family);
    find_argument(inquiry->event, 1, &asked->type);
    find_argument(inquiry->event, 2, &asked->protocol);
    char *flags = asked->type.data != NULL ? strchr(asked->type.data, '|') : NULL;
    if (flags != NULL)
        *flags = '\0';
}

static void asked_free(struct asked *asked) {
    buf_free(&asked->family);
    buf_free(&asked->type);
    buf_free(&asked->protocol);
}

static void fill_asked(const struct asked *asked, struct blanks *blanks) {
    buf_add_text(blank(blanks, "family"), buf_text(&asked->family));
    buf_add_text(blank(blanks, "type"), buf_text(&asked->type));
    buf_add_text(blank(blanks, "protocol"), buf_text(&asked->protocol));
}

static bool is_inet(const struct asked *asked) {
    return strcmp(buf_text(&asked->family), "AF_INET") == 0 ||
           strcmp(buf_text(&asked->family), "AF_INET6") == 0;
}

static bool family_unknown(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    ask(inquiry, &asked);
    fill_asked(&asked, blanks);
    bool usual = is_inet(&asked) || strcmp(buf_text(&asked.family), "AF_UNIX") == 0;
    asked_free(&asked);
    return !usual;
}

/* Protocols that have one type of socket only. */
static const struct {
    const char *protocol, *type;
} types_of[] = {{"IPPROTO_TCP", "SOCK_STREAM"},
                {"IPPROTO_UDP", "SOCK_DGRAM"},
                {"IPPROTO_UDPLITE", "SOCK_DGRAM"},
                {"IPPROTO_ICMPV6", "SOCK_RAW"},
                {"IPPROTO_ICMP", "SOCK_RAW"}};

static bool protocol_of_other_type(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    const char *right = NULL;
    ask(inquiry, &asked);
    for (size_t i = 0; i < sizeof(types_of) / sizeof(*types_of); i++)
        if (strcmp(buf_text(&asked.protocol), types_of[i].protocol) == 0 && is_inet(&asked))
            right = types_of[i].type;
    if (right != NULL && strcmp(right, buf_text(&asked.type)) == 0)
        right = NULL;
    fill_asked(&asked, blanks);
    buf_add_text(blank(blanks, "right"), right != NULL ? right : "");
    asked_free(&asked);
    return right != NULL;
}

static bool raw_without_protocol(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    ask(inquiry, &asked);
    bool holds =
        is_inet(&asked) && strcmp(buf_text(&asked.type), "SOCK_RAW") == 0 &&
        (strcmp(buf_text(&asked.protocol), "0") == 0 || strcmp(buf_text(&asked.protocol), "IPPROTO_IP") == 0);
    fill_asked(&asked, blanks);
    asked_free(&asked);
    return holds;
}

static bool unix_protocol(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    ask(inquiry, &asked);
    bool holds = strcmp(buf_text(&asked.family), "AF_UNIX") == 0;
    fill_asked(&asked, blanks);
    asked_free(&asked);
    return holds;
}

static bool type_without_family(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    ask(inquiry, &asked);
    bool holds = is_inet(&asked) && strcmp(buf_text(&asked.type), "SOCK_SEQPACKET") == 0;
    fill_asked(&asked, blanks);
    asked_free(&asked);
    return holds;
}

static bool needs_privilege(const struct inquiry *inquiry, struct blanks *blanks) {
    struct asked asked;
    ask(inquiry, &asked);
    bool holds =
        strcmp(buf_text(&asked.type), "SOCK_RAW") == 0 || strcmp(buf_text(&asked.family), "AF_PACKET") == 0;
    fill_asked(&asked, blanks);
    asked_free(&asked);
    return holds;
}

/* AF_UNIX is 1 and SOCK_DGRAM 2, SOCK_STREAM is 1 and AF_INET 2: exchanged, they make another socket. */
static bool arguments_exchanged(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct event *event = inquiry->event, *line = NULL;
    struct asked asked;
    ask(inquiry, &asked);
    bool such =
        strcmp(buf_text(&asked.family), "AF_UNIX") == 0 && strcmp(buf_text(&asked.type), "SOCK_DGRAM") == 0;
    for (uint64_t n = 0; such && (line = past_at(&inquiry->past, n)) != NULL; n++)
        if (line->type == EVENT_LINE && strcmp(line->actor, event->actor) == 0)
            break;
    fill_asked(&asked, blanks);
    asked_free(&asked);
    if (line == NULL)
        return false;
    const char *stream = strstr(line->text, "SOCK_STREAM"), *inet = strstr(line->text, "AF_INET");
    return stream != NULL && inet != NULL && stream < inet && strstr(line->text, "SOCK_DGRAM") == NULL &&
           strstr(line->text, "AF_UNIX") == NULL;
}

/* ---- bind: EADDRINUSE ---- */

/* Who is in the way, as {whose}, {there}, {state}, and what was asked for, as {address}. */
static bool blame(const struct inquiry *inquiry, struct blanks *blanks, struct found *found) {
    struct sockaddr_storage address;
    socklen_t length;
    if (!in_use_by(inquiry, found) || !find_address(inquiry, &address, &length))
        return false;
    find_say_whose(inquiry, found, blank(blanks, "whose"));
    find_say_address(&found->facts.local, found->facts.local_length, blank(blanks, "there"));
    find_say_address(&address, length, blank(blanks, "address"));
    buf_add_text(blank(blanks, "state"), socket_condition(&found->facts));
    return true;
}

static bool in_use_by_listener_here(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.held && found.facts.state == SOCKET_LISTEN &&
           found.holder.actor == inquiry->actor;
}

static bool in_use_by_listener(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.held && found.facts.state == SOCKET_LISTEN;
}

static bool in_use_by_bound_here(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.held && found.holder.actor == inquiry->actor;
}

static bool in_use_by_bound(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.held;
}

static bool in_use_by_program(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.facts.inode != 0;
}

static bool in_use_by_time_wait(const struct inquiry *inquiry, struct blanks *blanks, bool *own,
                                enum reuse *old) {
    struct found found;
    if (!blame(inquiry, blanks, &found) || found.facts.inode != 0 || found.facts.state != SOCKET_TIME_WAIT)
        return false;
    find_say_address(&found.facts.peer, found.facts.peer_length, blank(blanks, "peer"));
    buf_addf(blank(blanks, "left"), "%u", (found.facts.timer_ms + 999) / 1000);
    if (found.unowned != NULL && found.unowned->actor[0] != '\0')
        buf_addf(blank(blanks, "connection"), "%s's closed connection", found.unowned->actor);
    else
        buf_add_text(blank(blanks, "connection"), "A closed connection");
    *own = in_use_own_reuse(inquiry);
    /* Had both had it, this bind() would have succeeded. */
    *old = *own ? REUSE_NO : in_use_old_reuse(inquiry, &found);
    return true;
}

static bool time_wait_old_without(const struct inquiry *inquiry, struct blanks *blanks) {
    bool own;
    enum reuse old;
    return in_use_by_time_wait(inquiry, blanks, &own, &old) && old == REUSE_NO;
}

static bool time_wait_new_without(const struct inquiry *inquiry, struct blanks *blanks) {
    bool own;
    enum reuse old;
    return in_use_by_time_wait(inquiry, blanks, &own, &old) && old == REUSE_YES;
}

static bool time_wait(const struct inquiry *inquiry, struct blanks *blanks) {
    bool own;
    enum reuse old;
    return in_use_by_time_wait(inquiry, blanks, &own, &old);
}

static bool in_use_by_ending(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return blame(inquiry, blanks, &found) && found.facts.inode == 0;
}

/* ---- bind: AF_UNIX, where the path or the abstract name is taken ---- */

static bool name_listens(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    bool lives;
    return shared_unix_name(inquiry, blanks, &found, &lives) && lives && found.facts.state == SOCKET_LISTEN;
}

static bool name_bound(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    bool lives;
    return shared_unix_name(inquiry, blanks, &found, &lives) && lives;
}

static bool path_left_behind(const struct inquiry *inquiry, struct blanks *blanks) {
    char path[SHARED_PATH_MAX];
    struct found found;
    bool lives;
    return shared_unix_name(inquiry, blanks, &found, &lives) && !lives && shared_path(inquiry, path) &&
           shared_path_kind(inquiry, path) == PATH_SOCKET;
}

static bool path_no_socket(const struct inquiry *inquiry, struct blanks *blanks) {
    char path[SHARED_PATH_MAX];
    struct found found;
    bool lives;
    return shared_unix_name(inquiry, blanks, &found, &lives) && !lives && shared_path(inquiry, path) &&
           shared_path_kind(inquiry, path) == PATH_OTHER;
}

/* ---- bind: the rest ---- */

static bool port_is_privileged(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    long limit;
    if (!find_address(inquiry, &address, &length) ||
        !machine_setting("ipv4/ip_unprivileged_port_start", &limit, 1) ||
        (long)address_port(&address) >= limit || address_port(&address) == 0)
        return false;
    buf_addf(blank(blanks, "port"), "%u", address_port(&address));
    buf_addf(blank(blanks, "limit"), "%ld", limit);
    buf_addf(blank(blanks, "uid"), "%u", geteuid());
    return true;
}

static bool address_of_nobody(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    if (!find_address(inquiry, &address, &length) || machine_is_here(&address) ||
        !machine_addresses(address.ss_family, blank(blanks, "addresses"), NULL))
        return false;
    find_say_host(&address, length, blank(blanks, "host"));
    return true;
}

static bool bound_already(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    uint64_t n = 0;
    if (own == NULL || !socket_has_local(&own->socket))
        return false;
    for (const struct event *event;
         (event = past_call(&inquiry->past, inquiry->event->actor, "", -1, &n)) != NULL; n++)
        if (event->cookie == own->socket.cookie && event->error == 0 &&
            word_among("bind connect listen sendto sendmsg", event->name)) {
            /* The oldest is what named it. */
            buf_clear(blank(blanks, "by"));
            buf_addf(blank(blanks, "by"), ", by %s()", event->name);
        }
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    find_say_address(&own->socket.local, own->socket.local_length, blank(blanks, "there"));
    return true;
}

static bool folder_missing(const struct inquiry *inquiry, struct blanks *blanks) {
    char path[SHARED_PATH_MAX];
    struct buf folder = {0};
    bool missing = shared_path(inquiry, path) && machine_missing_folder(path, &folder);
    escape_text(blank(blanks, "folder"), buf_text(&folder), folder.length);
    buf_free(&folder);
    return missing;
}

/* ---- bind: surprises ---- */

static bool port_chosen(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = find_own(inquiry);
    /* Linux lets AF_UNSPEC pass for AF_INET here (ip(7)), and that address has a port that we do not read. */
    if (!find_address(inquiry, &address, &length) || address.ss_family == AF_UNSPEC ||
        address_port(&address) != 0 || own == NULL || address_port(&own->socket.local) == 0)
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    find_say_address(&own->socket.local, own->socket.local_length, blank(blanks, "there"));
    return true;
}

/* ---- listen ---- */

static bool forbids_listening(const struct inquiry *inquiry, struct blanks *blanks, struct found *found) {
    if (!in_use_listening(inquiry, found))
        return false;
    find_say_whose(inquiry, found, blank(blanks, "whose"));
    find_say_address(&found->facts.local, found->facts.local_length, blank(blanks, "there"));
    buf_add_text(blank(blanks, "state"), socket_condition(&found->facts));
    return true;
}

static bool listened_to(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return forbids_listening(inquiry, blanks, &found) && found.facts.state == SOCKET_LISTEN;
}

static bool used_by_connection(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    return forbids_listening(inquiry, blanks, &found) && found.held;
}

static bool unix_unnamed(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    if (own == NULL || own->socket.family != AF_UNIX || socket_has_local(&own->socket))
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    return true;
}

static const struct descriptor *listens(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    if (own == NULL || own->socket.state != SOCKET_LISTEN)
        return NULL;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    find_say_address(&own->socket.local, own->socket.local_length, blank(blanks, "there"));
    buf_addf(blank(blanks, "port"), "%u", address_port(&own->socket.local));
    return own;
}

/* Nobody gave it an address: not bind(), and so the kernel did, now. */
static bool listens_unbound(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = listens(inquiry, blanks);
    const struct descriptor *old =
        inquiry->before != NULL
            ? snapshot_get(inquiry->before, snapshot_actor_named(inquiry->before, inquiry->event->actor),
                           (int)inquiry->event->fd)
            : NULL;
    return own != NULL && socket_is_tcp(&own->socket) && old != NULL && old->inode == own->inode &&
           old->facts_known && !socket_has_local(&old->socket);
}

static bool backlog_cut(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = listens(inquiry, blanks);
    struct buf text = {0};
    long most, asked;
    char *end;
    find_argument(inquiry->event, 1, &text);
    asked = strtol(buf_text(&text), &end, 0);
    bool number = end != buf_text(&text) && *end == '\0';
    buf_free(&text);
    if (own == NULL || !number || !machine_setting("core/somaxconn", &most, 1) ||
        (asked >= 0 && asked <= most) || !own->socket.queues_known ||
        own->socket.send_queue != (unsigned long)most)
        return false;
    buf_addf(blank(blanks, "asked"), "%ld", asked);
    buf_addf(blank(blanks, "most"), "%ld", most);
    return true;
}

static bool listens_to_both(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = listens(inquiry, blanks);
    const struct sockaddr_in6 *local = own != NULL ? (const void *)&own->socket.local : NULL;
    return own != NULL && own->socket.family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&local->sin6_addr) &&
           own->socket.v6only_known && !own->socket.v6only && !find_told(inquiry, "listen-v4-mapped");
}

static bool listens_to_loopback(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = listens(inquiry, blanks);
    struct buf addresses = {0};
    bool only = true;
    if (own == NULL || own->socket.family != AF_INET)
        return false;
    const struct sockaddr_in *local = (const void *)&own->socket.local;
    bool loopback = ntohl(local->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    /* Where nothing but loopback is, nobody else could have come anyway. */
    bool others = loopback && machine_addresses(AF_INET, &addresses, &only) && !only;
    buf_free(&addresses);
    return others && !find_told(inquiry, "listen-loopback");
}

/* ---- The rows ---- */

const struct explanation explanations_address[] = {
    {"socket-EAFNOSUPPORT-family", "socket", EAFNOSUPPORT, family_unknown,
     "This kernel has no address family {family}. The first argument is the family: AF_INET for IPv4, "
     "AF_INET6 for IPv6, AF_UNIX for this machine alone."},
    {"socket-EPROTONOSUPPORT-type", "socket", EPROTONOSUPPORT, protocol_of_other_type,
     "{protocol} is a protocol of {right}, and {type} was asked for. Let the two agree, or give 0 as "
     "protocol, which is always the usual one of the type."},
    {"socket-EPROTONOSUPPORT-raw", "socket", EPROTONOSUPPORT, raw_without_protocol,
     "SOCK_RAW has no usual protocol that 0 could stand for: say which packets are wanted, such as "
     "IPPROTO_ICMP."},
    {"socket-EPROTONOSUPPORT-unix", "socket", EPROTONOSUPPORT, unix_protocol,
     "AF_UNIX sockets have no protocols to choose from, and {protocol} was asked for. Give 0."},
    {"socket-ESOCKTNOSUPPORT-seqpacket", "socket", ESOCKTNOSUPPORT, type_without_family,
     "{family} has no usual protocol for {type}; AF_UNIX has. For records over the Internet, SOCK_STREAM "
     "carries them when the program itself says where each ends."},
    {"socket-EPERM-raw", "socket", EPERM, needs_privilege,
     "{type} of {family} sees every program's packets, and this process lacks the privilege for this "
     "network (CAP_NET_RAW). In a private network of your own (sockshell --network=private) you have it; in a "
     "lesson only if that asked for it (needs: raw)."},
    {"socket-EMFILE-limit", "socket", EMFILE, shared_descriptor_limit, SHARED_DESCRIPTOR_LIMIT},
    {"socket-exchanged", "socket", EXPLAIN_SURPRISE, arguments_exchanged,
     "The first two arguments are exchanged: the family comes first, socket(AF_INET, SOCK_STREAM, 0). The "
     "numbers of SOCK_STREAM and AF_INET happen to be those of AF_UNIX and SOCK_DGRAM, so that the kernel "
     "made such a socket."},

    {"bind-EADDRINUSE-listening-here", "bind", EADDRINUSE, in_use_by_listener_here,
     "This process listens on {there} itself, with {whose}. Close that one first, or choose another port; "
     "SO_REUSEADDR never helps against a socket that listens."},
    {"bind-EADDRINUSE-listening", "bind", EADDRINUSE, in_use_by_listener,
     "{whose} listens on {there}. Close it, or choose another port; SO_REUSEADDR never helps against a "
     "socket that listens."},
    {"bind-EADDRINUSE-here", "bind", EADDRINUSE, in_use_by_bound_here,
     "This process has {there} already, with {whose} ({state}). Close that one, or choose another port. "
     "SO_REUSEADDR would have to be set on both sockets before this bind()."},
    {"bind-EADDRINUSE-bound", "bind", EADDRINUSE, in_use_by_bound,
     "{whose} is bound to {there} ({state}). Close it, or choose another port. SO_REUSEADDR would have to "
     "be set on both sockets, each before its bind()."},
    {"bind-EADDRINUSE-program", "bind", EADDRINUSE, in_use_by_program,
     "The socket in the way is bound to {there} ({state}); its owner is {whose}. Stop that program, or "
     "choose another port."},
    {"bind-EADDRINUSE-time-wait-old", "bind", EADDRINUSE, time_wait_old_without,
     "{connection} with {peer} keeps {there} in TIME_WAIT for another {left} s. SO_REUSEADDR on this "
     "socket would not help: the one before was bound without it, and both must have it. Wait, or choose "
     "another port, and set it on every server's socket before bind()."},
    {"bind-EADDRINUSE-time-wait-new", "bind", EADDRINUSE, time_wait_new_without,
     "{connection} with {peer} keeps {there} in TIME_WAIT for another {left} s. SO_REUSEADDR, set on this "
     "socket before bind(), gets past it, since the one before had it too. Else wait, or choose another "
     "port."},
    {"bind-EADDRINUSE-time-wait", "bind", EADDRINUSE, time_wait,
     "{connection} with {peer} keeps {there} in TIME_WAIT for another {left} s. SO_REUSEADDR gets past it "
     "if both had it: the socket before when it was bound, and this one. Else wait, or choose another port."},
    {"bind-EADDRINUSE-ending", "bind", EADDRINUSE, in_use_by_ending,
     "{there} is still kept by {whose}: a connection that was closed and has not ended yet, {state}. It is "
     "over when the other end has closed as well."},
    {"bind-EADDRINUSE-unix-listening", "bind", EADDRINUSE, name_listens,
     "{path} is taken: {whose} listens there. Close it, and unlink() the path if it is one, or take "
     "another name."},
    {"bind-EADDRINUSE-unix-bound", "bind", EADDRINUSE, name_bound,
     "{path} is taken: {whose} is bound to it. Close it, and unlink() the path if it is one, or take "
     "another name."},
    {"bind-EADDRINUSE-unix-left", "bind", EADDRINUSE, path_left_behind,
     "{path} was left behind by a socket that is gone: close() does not remove the path. unlink() it, then "
     "bind()."},
    {"bind-EADDRINUSE-unix-file", "bind", EADDRINUSE, path_no_socket,
     "{path} exists and is no socket. bind() makes the path itself and never replaces anything: take "
     "another."},
    {"bind-EACCES-port", "bind", EACCES, port_is_privileged,
     "Port {port} is below {limit} (net.ipv4.ip_unprivileged_port_start), and user {uid} may not bind "
     "there without CAP_NET_BIND_SERVICE. Choose a port from {limit} on, or a private network (sockshell "
     "--network=private)."},
    {"bind-EADDRNOTAVAIL-interface", "bind", EADDRNOTAVAIL, address_of_nobody,
     "No interface here has the address {host}. Those that there are: {addresses}. INADDR_ANY (for IPv6, "
     "in6addr_any) stands for all of them."},
    {"bind-EINVAL-length", "bind", EINVAL, shared_length_short, SHARED_LENGTH_SHORT},
    {"bind-EINVAL-family", "bind", EINVAL, shared_family_differs, SHARED_FAMILY_DIFFERS},
    {"bind-EINVAL-bound", "bind", EINVAL, bound_already,
     "fd {fd} has the address {there} already{by}, and a socket is named only once. Make a new socket for "
     "another address."},
    {"bind-EAFNOSUPPORT-unset", "bind", EAFNOSUPPORT, shared_family_unset, SHARED_FAMILY_UNSET},
    {"bind-EAFNOSUPPORT-byte-order", "bind", EAFNOSUPPORT, shared_family_swapped, SHARED_FAMILY_SWAPPED},
    {"bind-EAFNOSUPPORT-family", "bind", EAFNOSUPPORT, shared_family_differs, SHARED_FAMILY_DIFFERS},
    {"bind-ENOENT-folder", "bind", ENOENT, folder_missing,
     "There is no folder {folder}. bind() makes the socket's path, but not the folders on the way."},
    {"bind-port-0", "bind", EXPLAIN_SURPRISE, port_chosen,
     "Port 0 asks the kernel to choose: fd {fd} has {there} now. getsockname() tells the program, and "
     "clients must be told by it."},
    {"bind-byte-order", "bind", EXPLAIN_SURPRISE, shared_port_swapped, SHARED_PORT_SWAPPED},

    {"listen-EADDRINUSE-listening", "listen", EADDRINUSE, listened_to,
     "{whose} listens on {there} already. SO_REUSEADDR let both be bound, but the first to listen is the "
     "only one."},
    {"listen-EADDRINUSE-bound", "listen", EADDRINUSE, used_by_connection,
     "{whose} is bound to {there} too ({state}), and listen() asks for the port anew: it goes together "
     "with others only when all of them have SO_REUSEADDR. Close that one, or make a new socket with it."},
    {"listen-EINVAL-unbound", "listen", EINVAL, unix_unnamed,
     "fd {fd} has no name that clients could connect to. AF_UNIX gives none by itself: bind() first."},
    {"listen-EINVAL-connected", "listen", EINVAL, shared_is_connected,
     "fd {fd} is one end of a connection ({state}{with}); only a socket without one can listen. Make "
     "another."},
    {"listen-EOPNOTSUPP-type", "listen", EOPNOTSUPP, shared_type_without_connections,
     "fd {fd} is of type {type}, which has no connections to wait for: what is sent to its address just "
     "arrives. Use recvfrom(), or a SOCK_STREAM socket."},
    {"listen-unbound", "listen", EXPLAIN_SURPRISE, listens_unbound,
     "There was no bind(), so the kernel chose the address: {there}. Clients can hardly guess that port; "
     "bind() before listen() fixes it."},
    {"listen-backlog-cut", "listen", EXPLAIN_SURPRISE, backlog_cut,
     "A backlog of {asked} was asked for, and the kernel made it {most}, the most that it allows here "
     "(net.core.somaxconn)."},
    {"listen-v4-mapped", "listen", EXPLAIN_SURPRISE, listens_to_both,
     "{there} takes IPv4 clients too: they arrive as ::ffff:a.b.c.d, and no IPv4 socket can listen on port "
     "{port} beside it. setsockopt() with IPV6_V6ONLY before bind() leaves IPv4 out."},
    {"listen-loopback", "listen", EXPLAIN_SURPRISE, listens_to_loopback,
     "{there} is the loopback address: clients on this machine alone can reach it. For all others, bind to "
     "INADDR_ANY."},
    {0},
};
