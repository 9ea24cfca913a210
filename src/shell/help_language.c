/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the language; types, sizes and the order of fields come from the table of types. */
#include "shell/help_language.h"

#include <string.h>

#include "base/text.h"
#include "call/explain.h"
#include "lang/parse.h"
#include "lang/type.h"

/* The row without a field is the struct's own. */
static const struct {
    const char *tag, *field, *words;
} fields[] = {
    {"sockaddr", NULL, "any address: what bind() and its like take a pointer to, by a cast"},
    {"sockaddr", "sa_family", "AF_INET, AF_UNIX…: which address it really is"},
    {"sockaddr", "sa_data", "the rest, in the layout of that family"},

    {"sockaddr_in", NULL, "an IPv4 address and a port"},
    {"sockaddr_in", "sin_family", "AF_INET"},
    {"sockaddr_in", "sin_port", "the port in network byte order: htons(8888)"},
    {"sockaddr_in", "sin_addr", "the address: inet_addr(\"127.0.0.1\")"},
    {"sockaddr_in", "sin_zero", "filler; nobody looks at it"},

    {"in_addr", NULL, "an IPv4 address alone"},
    {"in_addr", "s_addr", "its 32 bits in network byte order"},

    {"sockaddr_in6", NULL, "an IPv6 address and a port"},
    {"sockaddr_in6", "sin6_family", "AF_INET6"},
    {"sockaddr_in6", "sin6_port", "the port in network byte order: htons(8888)"},
    {"sockaddr_in6", "sin6_flowinfo", "flow label; 0"},
    {"sockaddr_in6", "sin6_addr", "the address: inet_pton(AF_INET6, …)"},
    {"sockaddr_in6", "sin6_scope_id", "number of the interface, for fe80:…"},

    {"in6_addr", NULL, "an IPv6 address alone: 16 bytes in network byte order, seen in three ways"},
    {"in6_addr", "s6_addr", "as 16 bytes"},
    {"in6_addr", "s6_addr16", "as 8 groups of 16 bits, as it is written"},
    {"in6_addr", "s6_addr32", "as 4 words"},

    {"sockaddr_un", NULL, "the address of an AF_UNIX socket: a path, or an abstract name"},
    {"sockaddr_un", "sun_family", "AF_UNIX"},
    {"sockaddr_un", "sun_path", "the path and its NUL; or a NUL and a name"},

    {"sockaddr_storage", NULL, "room for an address of any family; cast it to what ss_family says"},
    {"sockaddr_storage", "ss_family", "AF_INET, AF_INET6, AF_UNIX…"},

    {"hostent", NULL, "a host, as gethostbyname() gives it"},
    {"hostent", "h_name", "its official name"},
    {"hostent", "h_aliases", "other names; NULL ends"},
    {"hostent", "h_addrtype", "AF_INET"},
    {"hostent", "h_length", "bytes of an address: 4"},
    {"hostent", "h_addr_list", "addresses, network byte order; NULL ends"},

    {"addrinfo", NULL, "one address of the list that getaddrinfo() makes; also its hints"},
    {"addrinfo", "ai_flags", "hints: AI_PASSIVE, AI_NUMERICHOST…"},
    {"addrinfo", "ai_family", "for socket(); as a hint, AF_UNSPEC is any"},
    {"addrinfo", "ai_socktype", "for socket(); as a hint, 0 is any"},
    {"addrinfo", "ai_protocol", "for socket()"},
    {"addrinfo", "ai_addrlen", "bytes at ai_addr, for bind() and connect()"},
    {"addrinfo", "ai_addr", "the address, for bind() and connect()"},
    {"addrinfo", "ai_canonname", "official name, if AI_CANONNAME asked for it"},
    {"addrinfo", "ai_next", "the next one; NULL ends"},

    {"pollfd", NULL, "one descriptor that poll() is to watch"},
    {"pollfd", "fd", "the descriptor; a negative one is passed over"},
    {"pollfd", "events", "what is waited for: POLLIN, POLLOUT"},
    {"pollfd", "revents", "what has come; poll() writes it"},

    {"fd_set", NULL, "descriptors, one bit each, for select(): FD_ZERO, FD_SET, FD_ISSET"},
    {"fd_set", "fds_bits", "the bits; leave them to the macros"},

    {"timeval", NULL, "a time span, for select() and SO_RCVTIMEO"},
    {"timeval", "tv_sec", "seconds"},
    {"timeval", "tv_usec", "and microseconds, below 1000000"},

    {"timespec", NULL, "a time span, in nanoseconds"},
    {"timespec", "tv_sec", "seconds"},
    {"timespec", "tv_nsec", "and nanoseconds, below 1000000000"},

    {"epoll_event", NULL, "what epoll watches a descriptor for, and what has come"},
    {"epoll_event", "events", "EPOLLIN, EPOLLOUT, EPOLLET…"},
    {"epoll_event", "data", "yours: epoll_wait() gives it back unchanged"},
    {"epoll_data", NULL, "what a program wants back from epoll_wait(): one of these, a union"},
    {"epoll_data", "ptr", "a pointer"},
    {"epoll_data", "fd", "or the descriptor, most often"},
    {"epoll_data", "u32", "or 32 bits"},
    {"epoll_data", "u64", "or 64 bits"},

    {"linger", NULL, "the value of SO_LINGER: what close() does with unsent data"},
    {"linger", "l_onoff", "0: send it in the background, as usual"},
    {"linger", "l_linger", "else seconds close() waits; 0: RST at once"},

    {"iovec", NULL, "one piece of the data of sendmsg() and recvmsg()"},
    {"iovec", "iov_base", "where it is"},
    {"iovec", "iov_len", "how many bytes"},

    {"msghdr", NULL, "all that sendmsg() sends and recvmsg() receives"},
    {"msghdr", "msg_name", "an address, as in sendto(); or NULL"},
    {"msghdr", "msg_namelen", "its length"},
    {"msghdr", "msg_iov", "the pieces of the data"},
    {"msghdr", "msg_iovlen", "how many pieces"},
    {"msghdr", "msg_control", "control messages (struct cmsghdr), or NULL"},
    {"msghdr", "msg_controllen", "bytes there"},
    {"msghdr", "msg_flags", "recvmsg(): MSG_TRUNC, MSG_CTRUNC"},

    {"cmsghdr", NULL, "the head of a control message; CMSG_DATA() is behind it"},
    {"cmsghdr", "cmsg_len", "head and data: CMSG_LEN()"},
    {"cmsghdr", "cmsg_level", "SOL_SOCKET"},
    {"cmsghdr", "cmsg_type", "SCM_RIGHTS: open descriptors"},

    {"ucred", NULL, "the value of SO_PEERCRED: who made the other end (AF_UNIX)"},
    {"ucred", "pid", "the process"},
    {"ucred", "uid", "the user it ran as"},
    {"ucred", "gid", "and the group"},

    {"ip_mreq", NULL, "a multicast group to join: IP_ADD_MEMBERSHIP"},
    {"ip_mreq", "imr_multiaddr", "address of the group"},
    {"ip_mreq", "imr_interface", "address of our interface; INADDR_ANY: any"},
    {"ipv6_mreq", NULL, "the same for IPv6: IPV6_ADD_MEMBERSHIP"},
    {"ipv6_mreq", "ipv6mr_multiaddr", "address of the group"},
    {"ipv6_mreq", "ipv6mr_interface", "number of our interface; 0: any"},

    {"icmphdr", NULL, "the header of an ICMP message, for SOCK_RAW with IPPROTO_ICMP"},
    {"icmphdr", "type", "ICMP_ECHO, ICMP_ECHOREPLY…"},
    {"icmphdr", "code", "which case of the type; 0 for an echo"},
    {"icmphdr", "checksum", "~ of the sum of all 16-bit words"},
    {"icmphdr", "un", "echo: un.echo.id, un.echo.sequence"},

    {"tcp_info", NULL, "what TCP knows of a connection: getsockopt(fd, IPPROTO_TCP, TCP_INFO, …); "
                       ".state FD shows it in words"},
    {"tcp_info", "tcpi_state", "1 ESTABLISHED, 10 LISTEN…"},
    {"tcp_info", "tcpi_ca_state", "congestion: 0 open, 4 loss"},
    {"tcp_info", "tcpi_retransmits", "repeats of the segment now due"},
    {"tcp_info", "tcpi_probes", "probes sent without an answer"},
    {"tcp_info", "tcpi_backoff", "doublings of the timer"},
    {"tcp_info", "tcpi_options", "agreed: timestamps, SACK, scaling"},
    {"tcp_info", "tcpi_rto", "retransmission timeout, µs"},
    {"tcp_info", "tcpi_ato", "delay of our ACKs, µs"},
    {"tcp_info", "tcpi_snd_mss", "largest segment we send"},
    {"tcp_info", "tcpi_rcv_mss", "largest segment seen from the peer"},
    {"tcp_info", "tcpi_unacked", "segments under way"},
    {"tcp_info", "tcpi_sacked", "of these, arrived out of order"},
    {"tcp_info", "tcpi_lost", "of these, taken for lost"},
    {"tcp_info", "tcpi_retrans", "of these, repeated"},
    {"tcp_info", "tcpi_fackets", "not used any more"},
    {"tcp_info", "tcpi_last_data_sent", "ms since data was sent"},
    {"tcp_info", "tcpi_last_ack_sent", "not filled in"},
    {"tcp_info", "tcpi_last_data_recv", "ms since data came"},
    {"tcp_info", "tcpi_last_ack_recv", "ms since an ACK came"},
    {"tcp_info", "tcpi_pmtu", "largest packet of the path"},
    {"tcp_info", "tcpi_rcv_ssthresh", "limit of our window's growth"},
    {"tcp_info", "tcpi_rtt", "round trip, smoothed, µs"},
    {"tcp_info", "tcpi_rttvar", "its variation, µs"},
    {"tcp_info", "tcpi_snd_ssthresh", "where slow start ends, segments"},
    {"tcp_info", "tcpi_snd_cwnd", "congestion window, segments"},
    {"tcp_info", "tcpi_advmss", "largest segment we announced"},
    {"tcp_info", "tcpi_reordering", "how far segments may overtake"},
    {"tcp_info", "tcpi_rcv_rtt", "round trip, seen as receiver, µs"},
    {"tcp_info", "tcpi_rcv_space", "bytes for the receiver's tuning"},
    {"tcp_info", "tcpi_total_retrans", "segments ever repeated"},
    {"tcp_info", "tcpi_pacing_rate", "how fast we send, bytes/s"},
    {"tcp_info", "tcpi_max_pacing_rate", "its limit"},
    {"tcp_info", "tcpi_bytes_acked", "bytes sent and acknowledged"},
    {"tcp_info", "tcpi_bytes_received", "bytes received in order"},
    {"tcp_info", "tcpi_segs_out", "segments sent"},
    {"tcp_info", "tcpi_segs_in", "segments received"},
    {"tcp_info", "tcpi_notsent_bytes", "bytes that wait to be sent"},
    {"tcp_info", "tcpi_min_rtt", "shortest round trip, µs"},
    {"tcp_info", "tcpi_data_segs_in", "segments with data received"},
    {"tcp_info", "tcpi_data_segs_out", "segments with data sent"},
    {"tcp_info", "tcpi_delivery_rate", "how fast it arrives, bytes/s"},
    {"tcp_info", "tcpi_busy_time", "µs with data to send"},
    {"tcp_info", "tcpi_rwnd_limited", "of these, held by peer's window"},
    {"tcp_info", "tcpi_sndbuf_limited", "of these, held by our buffer"},
    {"tcp_info", "tcpi_delivered", "segments delivered"},
    {"tcp_info", "tcpi_delivered_ce", "of these, marked by congestion"},
    {"tcp_info", "tcpi_bytes_sent", "bytes sent, repeats included"},
    {"tcp_info", "tcpi_bytes_retrans", "bytes repeated"},
    {"tcp_info", "tcpi_dsack_dups", "repeats that were needless"},
    {"tcp_info", "tcpi_reord_seen", "times segments overtook others"},
    {"tcp_info", "tcpi_rcv_ooopack", "segments that came out of order"},
    {"tcp_info", "tcpi_snd_wnd", "the peer's window, bytes"},
};

static const struct {
    const char *word, *words;
} keywords[] = {
    {"_Bool", "a type with the values 0 and 1; bool is its other name"},
    {"auto", "read over: a variable is that by itself"},
    {"break", "leave the loop or the switch: while (1) { … if (n == 0) break; }"},
    {"case", "of a switch: where it goes on when the number is this constant; case AF_INET: … break;"},
    {"char", "a type of one byte; char buf[2000]; is room for data"},
    {"const", "read over: nothing here becomes constant"},
    {"continue", "go to the loop's next round"},
    {"default", "of a switch: where it goes on when no case has the number"},
    {"do", "a loop that runs at least once: do { … } while (n > 0);"},
    {"else", "what is done if the condition of if does not hold"},
    {"enum", "constants, each one more than the one before it: enum state { IDLE, CONNECTED = 5 }; then enum state "
             "s = IDLE;"},
    {"extern", "read over: there is no other file"},
    {"for", "a loop: for (int i = 0; i < 3; i++) { … }"},
    {"if", "if (n == -1) { … } else { … }"},
    {"int", "a signed integer of 4 bytes; descriptors are ints"},
    {"long", "a signed integer, 8 bytes on most systems"},
    {"register", "read over"},
    {"restrict", "read over"},
    {"return", "ends a function, with the value that its call has: return fd; at the outermost level: the end of main(), "
               "and so of the actor"},
    {"short", "a signed integer of 2 bytes"},
    {"signed", "of an integer type: with negative numbers"},
    {"sizeof", "the bytes of a type or an object: sizeof(server), sizeof(struct sockaddr_in)"},
    {"static", "a variable of a function that keeps its value from one call to the next, and begins as 0"},
    {"struct", "members side by side: struct header { uint16_t type; uint32_t length; }; or one of the system's: "
               "struct sockaddr_in server; Tab lists them. Between members the ABI puts padding, which sizeof "
               "counts and .vars shows"},
    {"switch", "go on where the case is: switch (errno) { case EAGAIN: … break; default: … }; without break the "
               "next case follows"},
    {"typedef", "another name for a type: typedef struct sockaddr SA; then (SA *)&server"},
    {"union", "members in the same place, seen in several ways: union { uint32_t whole; uint8_t bytes[4]; } u;"},
    {"unsigned", "of an integer type: without negative numbers"},
    {"void", "no type in particular: void * points to anything"},
    {"volatile", "read over"},
    {"while", "a loop: while ((n = recv(fd, buf, 2000, 0)) > 0) { … }"},
};

#define FIELDS (sizeof fields / sizeof *fields)
#define KEYWORDS (sizeof keywords / sizeof *keywords)

const char *help_field(const char *tag, const char *field) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].tag, tag) != 0)
            continue;
        if (field == NULL ? fields[i].field == NULL
                          : fields[i].field != NULL && strcmp(fields[i].field, field) == 0)
            return fields[i].words;
    }
    return NULL;
}

/* "struct sockaddr_in" is called sockaddr_in in the table. */
static const char *tag_of(const struct type *type) {
    const char *blank = strrchr(type->name, ' ');
    return blank != NULL ? blank + 1 : type->name;
}

static void help_struct(const struct type *type, size_t columns, struct buf *out) {
    const char *tag = tag_of(type), *words = help_field(tag, NULL);
    struct buf spelled = {0};
    size_t name_width = 0, type_width = 0;
    for (size_t i = 0; i < type->field_count; i++) {
        buf_clear(&spelled);
        type_spell(type->fields[i].type, &spelled);
        type_width = spelled.length > type_width ? spelled.length : type_width;
        size_t name = strlen(type->fields[i].name);
        name_width = name > name_width ? name : name_width;
    }
    buf_addf(out, "%s, %zu bytes\n", type->name, type->size);
    text_wrap(words != NULL ? words : "", columns, 4, out);
    buf_add_text(out, out->length > 0 && out->data[out->length - 1] == '\n' ? "\n" : "\n\n");
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        words = help_field(tag, field->name);
        buf_clear(&spelled);
        type_spell(field->type, &spelled);
        buf_addf(out, "  %-*s  %-*s  %s\n", (int)name_width, field->name, (int)type_width, buf_text(&spelled),
                 words != NULL ? words : "");
    }
    buf_free(&spelled);
}

static void help_typedef(const char *name, const struct type *type, struct buf *out) {
    if (type->kind == TYPE_FILE) {
        buf_addf(out, "%s is a stream of stdio, always by pointer: stdin, stdout, stderr\n", name);
        return;
    }
    buf_addf(out, "%s is ", name);
    type_spell(type, out);
    if (type->kind == TYPE_INTEGER)
        buf_addf(out, ": an integer of %zu byte%s, %s", type->size, type->size == 1 ? "" : "s",
                 type->is_signed ? "signed" : "unsigned");
    buf_add_char(out, '\n');
}

static bool help_keyword(const char *word, size_t columns, struct buf *out) {
    const char *words = NULL, *remedy = lex_unsupported(word, strlen(word));
    for (size_t i = 0; i < KEYWORDS && words == NULL; i++)
        if (strcmp(keywords[i].word, word) == 0)
            words = keywords[i].words;
    if (words == NULL && remedy == NULL)
        return false;
    buf_addf(out, "%s, a keyword of C%s\n", word, words != NULL ? "" : " that this language has not");
    text_wrap(words != NULL ? words : remedy, columns, 4, out);
    return true;
}

bool help_language(const char *topic, size_t columns, struct buf *out) {
    const char *const leads[] = {"struct ", "union "};
    bool of_struct = false;
    for (size_t i = 0; i < 2 && !of_struct; i++)
        if (strncmp(topic, leads[i], strlen(leads[i])) == 0) {
            of_struct = true;
            topic += strlen(leads[i]);
        }
    const struct type *type = type_struct(topic), *named = type_typedef(topic);
    if (type == NULL && !of_struct && named != NULL && named->kind == TYPE_STRUCT)
        type = named;
    if (type != NULL)
        help_struct(type, columns, out);
    else if (of_struct)
        return false;
    else if (named != NULL)
        help_typedef(topic, named, out);
    else
        return help_keyword(topic, columns, out);
    return true;
}

void help_language_offer(struct suggestion *near) {
    for (size_t i = 0; type_struct_name(i) != NULL; i++)
        suggest_offer(near, type_struct_name(i));
    for (size_t i = 0; type_typedef_name(i) != NULL; i++)
        suggest_offer(near, type_typedef_name(i));
    for (size_t i = 0; i < KEYWORDS; i++)
        suggest_offer(near, keywords[i].word);
}
