/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system's own structs and typedefs.  Sizes, offsets and the integer types
 * of fields are what the compiler makes of the system's headers: a row names a
 * field, and offsetof and _Generic say the rest.
 */
#include "lang/type_table.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Our type for the integer type of an expression (which is not evaluated). */
#define INTEGER_OF(expression)                 \
    _Generic((expression), _Bool               \
             : &type_bool, char                \
             : &type_char, signed char         \
             : &type_schar, unsigned char      \
             : &type_uchar, short              \
             : &type_short, unsigned short     \
             : &type_ushort, int               \
             : &type_int, unsigned int         \
             : &type_uint, long                \
             : &type_long, unsigned long       \
             : &type_ulong, long long          \
             : &type_llong, unsigned long long \
             : &type_ullong)

/* Rows of fields: an integer; anything else, whose type is named. */
#define NUMBER(owner, member, style) \
    { #member, INTEGER_OF(((owner *)0)->member), offsetof(owner, member), style }
#define FIELD(owner, member, type) \
    { #member, type, offsetof(owner, member), FIELD_PLAIN }

/* A struct's type from its array of rows. */
#define STRUCT(ctype, spelling, rows)                                                             \
    {                                                                                             \
        .kind = TYPE_STRUCT, .size = sizeof(ctype), .align = _Alignof(ctype), .name = (spelling), \
        .fields = (rows), .field_count = COUNT(rows)                                              \
    }

#define POINTER_TO(target) \
    { .kind = TYPE_POINTER, .size = sizeof(void *), .align = _Alignof(void *), .of = (target) }
#define ARRAY_OF(element, ctype, length)                                                                 \
    {                                                                                                    \
        .kind = TYPE_ARRAY, .size = sizeof(ctype) * (length), .align = _Alignof(ctype), .of = (element), \
        .count = (length)                                                                                \
    }
#define LENGTH_OF(owner, member) COUNT(((owner *)0)->member)

static const struct type struct_sockaddr, struct_addrinfo, struct_iovec;

enum derived {
    POINTER_VOID,
    POINTER_CHAR,
    POINTER_POINTER_CHAR,
    POINTER_SOCKADDR,
    POINTER_ADDRINFO,
    POINTER_IOVEC,
    ARRAY_SA_DATA,
    ARRAY_SIN_ZERO,
    ARRAY_SUN_PATH,
    ARRAY_S6_ADDR,
    ARRAY_S6_ADDR16,
    ARRAY_S6_ADDR32,
    ARRAY_FDS_BITS,
    DERIVED_COUNT,
};

static const struct type derived[DERIVED_COUNT] = {
    [POINTER_VOID] = POINTER_TO(&type_void),
    [POINTER_CHAR] = POINTER_TO(&type_char),
    [POINTER_POINTER_CHAR] = POINTER_TO(&derived[POINTER_CHAR]),
    [POINTER_SOCKADDR] = POINTER_TO(&struct_sockaddr),
    [POINTER_ADDRINFO] = POINTER_TO(&struct_addrinfo),
    [POINTER_IOVEC] = POINTER_TO(&struct_iovec),
    [ARRAY_SA_DATA] = ARRAY_OF(&type_char, char, LENGTH_OF(struct sockaddr, sa_data)),
    [ARRAY_SIN_ZERO] = ARRAY_OF(&type_uchar, unsigned char, LENGTH_OF(struct sockaddr_in, sin_zero)),
    [ARRAY_SUN_PATH] = ARRAY_OF(&type_char, char, LENGTH_OF(struct sockaddr_un, sun_path)),
    [ARRAY_S6_ADDR] = ARRAY_OF(INTEGER_OF((uint8_t)0), uint8_t, 16),
    [ARRAY_S6_ADDR16] = ARRAY_OF(INTEGER_OF((uint16_t)0), uint16_t, 8),
    [ARRAY_S6_ADDR32] = ARRAY_OF(INTEGER_OF((uint32_t)0), uint32_t, 4),
    [ARRAY_FDS_BITS] = ARRAY_OF(INTEGER_OF((fd_mask)0), fd_mask, LENGTH_OF(fd_set, fds_bits)),
};

const struct type *type_table_derived(size_t i) {
    return i < DERIVED_COUNT ? &derived[i] : NULL;
}

/* Socket addresses */

static const struct field sockaddr_fields[] = {
    NUMBER(struct sockaddr, sa_family, FIELD_FAMILY),
    FIELD(struct sockaddr, sa_data, &derived[ARRAY_SA_DATA]),
};
static const struct type struct_sockaddr = STRUCT(struct sockaddr, "struct sockaddr", sockaddr_fields);

static const struct field in_addr_fields[] = {NUMBER(struct in_addr, s_addr, FIELD_IPV4_BE)};
static const struct type struct_in_addr = STRUCT(struct in_addr, "struct in_addr", in_addr_fields);

static const struct field sockaddr_in_fields[] = {
    NUMBER(struct sockaddr_in, sin_family, FIELD_FAMILY),
    NUMBER(struct sockaddr_in, sin_port, FIELD_PORT_BE),
    FIELD(struct sockaddr_in, sin_addr, &struct_in_addr),
    FIELD(struct sockaddr_in, sin_zero, &derived[ARRAY_SIN_ZERO]),
};
static const struct type struct_sockaddr_in =
    STRUCT(struct sockaddr_in, "struct sockaddr_in", sockaddr_in_fields);

/* Three views of the same 16 bytes; the names are macros in the system's header. */
static const struct field in6_addr_fields[] = {
    {"s6_addr", &derived[ARRAY_S6_ADDR], 0, FIELD_PLAIN},
    {"s6_addr16", &derived[ARRAY_S6_ADDR16], 0, FIELD_BE},
    {"s6_addr32", &derived[ARRAY_S6_ADDR32], 0, FIELD_BE},
};
static const struct type struct_in6_addr = STRUCT(struct in6_addr, "struct in6_addr", in6_addr_fields);

static const struct field sockaddr_in6_fields[] = {
    NUMBER(struct sockaddr_in6, sin6_family, FIELD_FAMILY),
    NUMBER(struct sockaddr_in6, sin6_port, FIELD_PORT_BE),
    NUMBER(struct sockaddr_in6, sin6_flowinfo, FIELD_BE),
    FIELD(struct sockaddr_in6, sin6_addr, &struct_in6_addr),
    NUMBER(struct sockaddr_in6, sin6_scope_id, FIELD_PLAIN),
};
static const struct type struct_sockaddr_in6 =
    STRUCT(struct sockaddr_in6, "struct sockaddr_in6", sockaddr_in6_fields);

static const struct field sockaddr_un_fields[] = {
    NUMBER(struct sockaddr_un, sun_family, FIELD_FAMILY),
    FIELD(struct sockaddr_un, sun_path, &derived[ARRAY_SUN_PATH]),
};
static const struct type struct_sockaddr_un =
    STRUCT(struct sockaddr_un, "struct sockaddr_un", sockaddr_un_fields);

/* The rest of it is the system's own business. */
static const struct field sockaddr_storage_fields[] = {
    NUMBER(struct sockaddr_storage, ss_family, FIELD_FAMILY)};
static const struct type struct_sockaddr_storage =
    STRUCT(struct sockaddr_storage, "struct sockaddr_storage", sockaddr_storage_fields);

/* Names */

static const struct field hostent_fields[] = {
    FIELD(struct hostent, h_name, &derived[POINTER_CHAR]),
    FIELD(struct hostent, h_aliases, &derived[POINTER_POINTER_CHAR]),
    NUMBER(struct hostent, h_addrtype, FIELD_FAMILY),
    NUMBER(struct hostent, h_length, FIELD_PLAIN),
    FIELD(struct hostent, h_addr_list, &derived[POINTER_POINTER_CHAR]),
};
static const struct type struct_hostent = STRUCT(struct hostent, "struct hostent", hostent_fields);

static const struct field addrinfo_fields[] = {
    NUMBER(struct addrinfo, ai_flags, FIELD_PLAIN),
    NUMBER(struct addrinfo, ai_family, FIELD_FAMILY),
    NUMBER(struct addrinfo, ai_socktype, FIELD_PLAIN),
    NUMBER(struct addrinfo, ai_protocol, FIELD_PLAIN),
    NUMBER(struct addrinfo, ai_addrlen, FIELD_PLAIN),
    FIELD(struct addrinfo, ai_addr, &derived[POINTER_SOCKADDR]),
    FIELD(struct addrinfo, ai_canonname, &derived[POINTER_CHAR]),
    FIELD(struct addrinfo, ai_next, &derived[POINTER_ADDRINFO]),
};
static const struct type struct_addrinfo = STRUCT(struct addrinfo, "struct addrinfo", addrinfo_fields);

/* Waiting and time */

static const struct field pollfd_fields[] = {
    NUMBER(struct pollfd, fd, FIELD_PLAIN),
    NUMBER(struct pollfd, events, FIELD_PLAIN),
    NUMBER(struct pollfd, revents, FIELD_PLAIN),
};
static const struct type struct_pollfd = STRUCT(struct pollfd, "struct pollfd", pollfd_fields);

static const struct field timeval_fields[] = {
    NUMBER(struct timeval, tv_sec, FIELD_PLAIN),
    NUMBER(struct timeval, tv_usec, FIELD_PLAIN),
};
static const struct type struct_timeval = STRUCT(struct timeval, "struct timeval", timeval_fields);

static const struct field timespec_fields[] = {
    NUMBER(struct timespec, tv_sec, FIELD_PLAIN),
    NUMBER(struct timespec, tv_nsec, FIELD_PLAIN),
};
static const struct type struct_timespec = STRUCT(struct timespec, "struct timespec", timespec_fields);

static const struct field fd_set_fields[] = {FIELD(fd_set, fds_bits, &derived[ARRAY_FDS_BITS])};
static const struct type typedef_fd_set = STRUCT(fd_set, "fd_set", fd_set_fields);

/* A union: all members at 0. */
static const struct field epoll_data_fields[] = {
    FIELD(epoll_data_t, ptr, &derived[POINTER_VOID]),
    NUMBER(epoll_data_t, fd, FIELD_PLAIN),
    NUMBER(epoll_data_t, u32, FIELD_PLAIN),
    NUMBER(epoll_data_t, u64, FIELD_PLAIN),
};
static const struct type union_epoll_data = STRUCT(epoll_data_t, "union epoll_data", epoll_data_fields);

/* Packed on x86-64; sizeof, offsetof and _Alignof know. */
static const struct field epoll_event_fields[] = {
    NUMBER(struct epoll_event, events, FIELD_PLAIN),
    FIELD(struct epoll_event, data, &union_epoll_data),
};
static const struct type struct_epoll_event =
    STRUCT(struct epoll_event, "struct epoll_event", epoll_event_fields);

/* Options and messages */

static const struct field linger_fields[] = {
    NUMBER(struct linger, l_onoff, FIELD_PLAIN),
    NUMBER(struct linger, l_linger, FIELD_PLAIN),
};
static const struct type struct_linger = STRUCT(struct linger, "struct linger", linger_fields);

static const struct field iovec_fields[] = {
    FIELD(struct iovec, iov_base, &derived[POINTER_VOID]),
    NUMBER(struct iovec, iov_len, FIELD_PLAIN),
};
static const struct type struct_iovec = STRUCT(struct iovec, "struct iovec", iovec_fields);

static const struct field msghdr_fields[] = {
    FIELD(struct msghdr, msg_name, &derived[POINTER_VOID]),
    NUMBER(struct msghdr, msg_namelen, FIELD_PLAIN),
    FIELD(struct msghdr, msg_iov, &derived[POINTER_IOVEC]),
    NUMBER(struct msghdr, msg_iovlen, FIELD_PLAIN),
    FIELD(struct msghdr, msg_control, &derived[POINTER_VOID]),
    NUMBER(struct msghdr, msg_controllen, FIELD_PLAIN),
    NUMBER(struct msghdr, msg_flags, FIELD_PLAIN),
};
static const struct type struct_msghdr = STRUCT(struct msghdr, "struct msghdr", msghdr_fields);

static const struct field cmsghdr_fields[] = {
    NUMBER(struct cmsghdr, cmsg_len, FIELD_PLAIN),
    NUMBER(struct cmsghdr, cmsg_level, FIELD_PLAIN),
    NUMBER(struct cmsghdr, cmsg_type, FIELD_PLAIN),
};
static const struct type struct_cmsghdr = STRUCT(struct cmsghdr, "struct cmsghdr", cmsghdr_fields);

static const struct field ucred_fields[] = {
    NUMBER(struct ucred, pid, FIELD_PLAIN),
    NUMBER(struct ucred, uid, FIELD_PLAIN),
    NUMBER(struct ucred, gid, FIELD_PLAIN),
};
static const struct type struct_ucred = STRUCT(struct ucred, "struct ucred", ucred_fields);

static const struct field ip_mreq_fields[] = {
    FIELD(struct ip_mreq, imr_multiaddr, &struct_in_addr),
    FIELD(struct ip_mreq, imr_interface, &struct_in_addr),
};
static const struct type struct_ip_mreq = STRUCT(struct ip_mreq, "struct ip_mreq", ip_mreq_fields);

static const struct field ipv6_mreq_fields[] = {
    FIELD(struct ipv6_mreq, ipv6mr_multiaddr, &struct_in6_addr),
    NUMBER(struct ipv6_mreq, ipv6mr_interface, FIELD_PLAIN),
};
static const struct type struct_ipv6_mreq = STRUCT(struct ipv6_mreq, "struct ipv6_mreq", ipv6_mreq_fields);

/* The header of ICMP. The system's leaves the union and its parts without names; these are for our messages. */

static const struct field icmp_echo_fields[] = {
    {"id", INTEGER_OF(((struct icmphdr *)0)->un.echo.id), 0, FIELD_BE},
    {"sequence", INTEGER_OF(((struct icmphdr *)0)->un.echo.sequence), sizeof(uint16_t), FIELD_BE},
};
static const struct type struct_icmp_echo = {.kind = TYPE_STRUCT,
                                             .size = sizeof(((struct icmphdr *)0)->un.echo),
                                             .align = _Alignof(uint16_t),
                                             .name = "struct (of icmphdr.un.echo)",
                                             .fields = icmp_echo_fields,
                                             .field_count = COUNT(icmp_echo_fields)};

static const struct field icmp_union_fields[] = {
    {"echo", &struct_icmp_echo, 0, FIELD_PLAIN},
    {"gateway", INTEGER_OF(((struct icmphdr *)0)->un.gateway), 0, FIELD_IPV4_BE},
};
static const struct type union_icmp = {.kind = TYPE_STRUCT,
                                       .size = sizeof(((struct icmphdr *)0)->un),
                                       .align = _Alignof(uint32_t),
                                       .name = "union (of icmphdr.un)",
                                       .fields = icmp_union_fields,
                                       .field_count = COUNT(icmp_union_fields)};

static const struct field icmphdr_fields[] = {
    NUMBER(struct icmphdr, type, FIELD_PLAIN),
    NUMBER(struct icmphdr, code, FIELD_PLAIN),
    NUMBER(struct icmphdr, checksum, FIELD_BE),
    FIELD(struct icmphdr, un, &union_icmp),
};
static const struct type struct_icmphdr = STRUCT(struct icmphdr, "struct icmphdr", icmphdr_fields);

/* The kernel's, whose last fields glibc's copy does not have.  The two window scales are
 * bit-fields, which this language has not. */
#define TCP(member) NUMBER(struct tcp_info, member, FIELD_PLAIN)
static const struct field tcp_info_fields[] = {
    TCP(tcpi_state),         TCP(tcpi_ca_state),
    TCP(tcpi_retransmits),   TCP(tcpi_probes),
    TCP(tcpi_backoff),       TCP(tcpi_options),
    TCP(tcpi_rto),           TCP(tcpi_ato),
    TCP(tcpi_snd_mss),       TCP(tcpi_rcv_mss),
    TCP(tcpi_unacked),       TCP(tcpi_sacked),
    TCP(tcpi_lost),          TCP(tcpi_retrans),
    TCP(tcpi_fackets),       TCP(tcpi_last_data_sent),
    TCP(tcpi_last_ack_sent), TCP(tcpi_last_data_recv),
    TCP(tcpi_last_ack_recv), TCP(tcpi_pmtu),
    TCP(tcpi_rcv_ssthresh),  TCP(tcpi_rtt),
    TCP(tcpi_rttvar),        TCP(tcpi_snd_ssthresh),
    TCP(tcpi_snd_cwnd),      TCP(tcpi_advmss),
    TCP(tcpi_reordering),    TCP(tcpi_rcv_rtt),
    TCP(tcpi_rcv_space),     TCP(tcpi_total_retrans),
    TCP(tcpi_pacing_rate),   TCP(tcpi_max_pacing_rate),
    TCP(tcpi_bytes_acked),   TCP(tcpi_bytes_received),
    TCP(tcpi_segs_out),      TCP(tcpi_segs_in),
    TCP(tcpi_notsent_bytes), TCP(tcpi_min_rtt),
    TCP(tcpi_data_segs_in),  TCP(tcpi_data_segs_out),
    TCP(tcpi_delivery_rate), TCP(tcpi_busy_time),
    TCP(tcpi_rwnd_limited),  TCP(tcpi_sndbuf_limited),
    TCP(tcpi_delivered),     TCP(tcpi_delivered_ce),
    TCP(tcpi_bytes_sent),    TCP(tcpi_bytes_retrans),
    TCP(tcpi_dsack_dups),    TCP(tcpi_reord_seen),
    TCP(tcpi_rcv_ooopack),   TCP(tcpi_snd_wnd),
};
static const struct type struct_tcp_info = STRUCT(struct tcp_info, "struct tcp_info", tcp_info_fields);

/* By name */

struct name {
    const char *name;
    const struct type *type;
};

static const struct name structs[] = {
    {"sockaddr", &struct_sockaddr},
    {"sockaddr_in", &struct_sockaddr_in},
    {"sockaddr_in6", &struct_sockaddr_in6},
    {"sockaddr_un", &struct_sockaddr_un},
    {"sockaddr_storage", &struct_sockaddr_storage},
    {"in_addr", &struct_in_addr},
    {"in6_addr", &struct_in6_addr},
    {"hostent", &struct_hostent},
    {"addrinfo", &struct_addrinfo},
    {"pollfd", &struct_pollfd},
    {"timeval", &struct_timeval},
    {"timespec", &struct_timespec},
    {"epoll_event", &struct_epoll_event},
    {"epoll_data", &union_epoll_data},
    {"linger", &struct_linger},
    {"iovec", &struct_iovec},
    {"msghdr", &struct_msghdr},
    {"cmsghdr", &struct_cmsghdr},
    {"ucred", &struct_ucred},
    {"ip_mreq", &struct_ip_mreq},
    {"ipv6_mreq", &struct_ipv6_mreq},
    {"icmphdr", &struct_icmphdr},
    {"tcp_info", &struct_tcp_info},
};

#define TYPEDEF(name) \
    { #name, INTEGER_OF((name)0) }
static const struct name typedefs[] = {
    TYPEDEF(ssize_t),
    TYPEDEF(size_t),
    TYPEDEF(socklen_t),
    TYPEDEF(in_port_t),
    TYPEDEF(in_addr_t),
    TYPEDEF(sa_family_t),
    TYPEDEF(uint8_t),
    TYPEDEF(uint16_t),
    TYPEDEF(uint32_t),
    TYPEDEF(uint64_t),
    TYPEDEF(int8_t),
    TYPEDEF(int16_t),
    TYPEDEF(int32_t),
    TYPEDEF(int64_t),
    TYPEDEF(u_int8_t),
    TYPEDEF(u_int16_t),
    TYPEDEF(u_int32_t),
    TYPEDEF(u_int64_t),
    TYPEDEF(u_char),
    TYPEDEF(u_short),
    TYPEDEF(u_int),
    TYPEDEF(u_long),
    TYPEDEF(ushort),
    TYPEDEF(uint),
    TYPEDEF(ulong),
    TYPEDEF(pid_t),
    TYPEDEF(nfds_t),
    TYPEDEF(time_t),
    TYPEDEF(suseconds_t),
    TYPEDEF(useconds_t),
    TYPEDEF(off_t),
    TYPEDEF(mode_t),
    TYPEDEF(uid_t),
    TYPEDEF(gid_t),
    TYPEDEF(intptr_t),
    TYPEDEF(uintptr_t),
    TYPEDEF(intmax_t),
    TYPEDEF(uintmax_t),
    TYPEDEF(ptrdiff_t),
    TYPEDEF(sig_atomic_t),
    {"bool", &type_bool},
    {"FILE", &type_file},
    {"fd_set", &typedef_fd_set},
    {"epoll_data_t", &union_epoll_data},
};

static const struct type *find(const struct name *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].type;
    return NULL;
}

const struct type *type_struct(const char *tag) {
    return find(structs, COUNT(structs), tag);
}

const struct type *type_typedef(const char *name) {
    return find(typedefs, COUNT(typedefs), name);
}

const char *type_struct_name(size_t i) {
    return i < COUNT(structs) ? structs[i].name : NULL;
}

const char *type_typedef_name(size_t i) {
    return i < COUNT(typedefs) ? typedefs[i].name : NULL;
}
