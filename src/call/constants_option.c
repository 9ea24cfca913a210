/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of socket options, by level: socket(7), tcp(7), ip(7), ipv6(7). */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "call/constant_list.h"

static const struct constant socket_options[] = {
    C(SO_REUSEADDR, "bind although old connections of the port linger"),
    C(SO_REUSEPORT, "several sockets on one port, if all ask for it"),
    C(SO_TYPE, "the socket's type (read only)"),
    C(SO_ERROR, "the pending error, which reading clears"),
    C(SO_DOMAIN, "the socket's family (read only)"),
    C(SO_PROTOCOL, "the socket's protocol (read only)"),
    C(SO_ACCEPTCONN, "does it listen? (read only)"),
    C(SO_KEEPALIVE, "probe a silent peer now and then"),
    C(SO_LINGER, "struct linger: what close() does with unsent data"),
    C(SO_RCVBUF, "room for received data, in bytes; the kernel doubles it"),
    C(SO_SNDBUF, "room for data to be sent, in bytes; the kernel doubles it"),
    C(SO_RCVTIMEO, "struct timeval: how long a receiving call waits"),
    C(SO_SNDTIMEO, "struct timeval: how long a sending call waits"),
    C(SO_RCVLOWAT, "receive when this many bytes are there"),
    C(SO_SNDLOWAT, "always 1 on Linux"),
    C(SO_BROADCAST, "allow datagrams to broadcast addresses"),
    C(SO_OOBINLINE, "urgent data among the other"),
    C(SO_DONTROUTE, "only to hosts on a link of ours"),
    C(SO_BINDTODEVICE, "use one interface only"),
    C(SO_PRIORITY, "priority of packets"),
    C(SO_MARK, "mark of packets, for routing; needs a privilege"),
    C(SO_PASSCRED, "receive the sender's credentials (AF_UNIX)"),
    C(SO_PEERCRED, "process and user at the other end (AF_UNIX)"),
    C(SO_TIMESTAMP, "receive the time of arrival"),
#ifdef SO_TIMESTAMPNS
    C(SO_TIMESTAMPNS, "the same, in nanoseconds"),
#endif
    C(SO_DEBUG, "record debugging information"),
#ifdef SO_PEEK_OFF
    C(SO_PEEK_OFF, "where MSG_PEEK looks"),
#endif
#ifdef SO_BUSY_POLL
    C(SO_BUSY_POLL, "microseconds to poll the device"),
#endif
#ifdef SO_INCOMING_CPU
    C(SO_INCOMING_CPU, "the CPU that receives"),
#endif
#ifdef SO_COOKIE
    C(SO_COOKIE, "a number that no other socket has (read only)"),
#endif
#ifdef SO_ZEROCOPY
    C(SO_ZEROCOPY, "allow MSG_ZEROCOPY"),
#endif
#ifdef SO_RCVBUFFORCE
    C(SO_RCVBUFFORCE, "SO_RCVBUF beyond the limit; needs a privilege"),
#endif
#ifdef SO_SNDBUFFORCE
    C(SO_SNDBUFFORCE, "SO_SNDBUF beyond the limit; needs a privilege"),
#endif
};
const struct constant_set constants_option = SET("socket options", "SO_", socket_options, 0);

static const struct constant tcp_options[] = {
    C(TCP_NODELAY, "send small pieces at once (no Nagle algorithm)"),
    C(TCP_MAXSEG, "largest segment, in bytes"),
    C(TCP_CORK, "send full segments only, until it is taken off"),
    C(TCP_KEEPIDLE, "seconds of silence before the first keep-alive probe"),
    C(TCP_KEEPINTVL, "seconds between keep-alive probes"),
    C(TCP_KEEPCNT, "probes without answer before the connection is given up"),
    C(TCP_SYNCNT, "how often a SYN is repeated"),
    C(TCP_LINGER2, "seconds in FIN_WAIT2 after close()"),
    C(TCP_DEFER_ACCEPT, "accept() only when data has come"),
    C(TCP_WINDOW_CLAMP, "largest window to offer"),
    C(TCP_INFO, "struct tcp_info: what TCP knows of the connection"),
    C(TCP_QUICKACK, "acknowledge at once"),
    C(TCP_CONGESTION, "name of the congestion control"),
#ifdef TCP_USER_TIMEOUT
    C(TCP_USER_TIMEOUT, "milliseconds that data may stay unacknowledged"),
#endif
#ifdef TCP_FASTOPEN
    C(TCP_FASTOPEN, "listener: how many Fast Open requests may wait"),
#endif
#ifdef TCP_FASTOPEN_CONNECT
    C(TCP_FASTOPEN_CONNECT, "connect() waits for the first data to send"),
#endif
#ifdef TCP_NOTSENT_LOWAT
    C(TCP_NOTSENT_LOWAT, "writable only with less than this not yet sent"),
#endif
};
const struct constant_set constants_tcp = SET("TCP options", "TCP_", tcp_options, 0);

static const struct constant ip_options[] = {
    C(IP_TTL, "hops that packets may take"),
    C(IP_TOS, "type of service"),
    C(IP_MTU, "largest packet of the path (connected sockets, read only)"),
    C(IP_MTU_DISCOVER, "may packets be fragmented? IP_PMTUDISC_*"),
    C(IP_HDRINCL, "raw sockets: we write the IP header"),
    C(IP_OPTIONS, "options of the IP header"),
    C(IP_RECVERR, "queue errors for MSG_ERRQUEUE"),
    C(IP_RECVTTL, "receive the TTL of packets"),
    C(IP_RECVTOS, "receive the type of service of packets"),
    C(IP_PKTINFO, "receive interface and local address of packets"),
    C(IP_ADD_MEMBERSHIP, "struct ip_mreq: join a multicast group"),
    C(IP_DROP_MEMBERSHIP, "leave a multicast group"),
    C(IP_MULTICAST_TTL, "hops that multicast packets may take"),
    C(IP_MULTICAST_LOOP, "do we receive our own multicasts?"),
    C(IP_MULTICAST_IF, "interface for multicasts"),
#ifdef IP_MULTICAST_ALL
    C(IP_MULTICAST_ALL, "receive from groups that other sockets joined"),
#endif
#ifdef IP_FREEBIND
    C(IP_FREEBIND, "bind to an address that is not there yet"),
#endif
#ifdef IP_TRANSPARENT
    C(IP_TRANSPARENT, "bind to foreign addresses; needs a privilege"),
#endif
#ifdef IP_BIND_ADDRESS_NO_PORT
    C(IP_BIND_ADDRESS_NO_PORT, "choose the port at connect(), not at bind()"),
#endif
    C(IP_PMTUDISC_DONT, "fragment when needed"),
    C(IP_PMTUDISC_WANT, "the route decides"),
    C(IP_PMTUDISC_DO, "never fragment"),
    C(IP_PMTUDISC_PROBE, "never fragment, and ignore what is known of the path"),
};
const struct constant_set constants_ip = SET("IPv4 options", "IP_", ip_options, 0);

static const struct constant ipv6_options[] = {
    C(IPV6_V6ONLY, "IPv6 only: IPv4 clients are not let in"),
    C(IPV6_UNICAST_HOPS, "hops that packets may take"),
    C(IPV6_MULTICAST_HOPS, "hops that multicast packets may take"),
    C(IPV6_MULTICAST_LOOP, "do we receive our own multicasts?"),
    C(IPV6_MULTICAST_IF, "interface for multicasts"),
    C(IPV6_ADD_MEMBERSHIP, "struct ipv6_mreq: join a multicast group"),
    C(IPV6_DROP_MEMBERSHIP, "leave a multicast group"),
    C(IPV6_JOIN_GROUP, "another name for IPV6_ADD_MEMBERSHIP"),
    C(IPV6_LEAVE_GROUP, "another name for IPV6_DROP_MEMBERSHIP"),
    C(IPV6_MTU, "largest packet of the path"),
    C(IPV6_MTU_DISCOVER, "may packets be fragmented?"),
    C(IPV6_RECVERR, "queue errors for MSG_ERRQUEUE"),
    C(IPV6_RECVPKTINFO, "receive interface and local address of packets"),
    C(IPV6_RECVHOPLIMIT, "receive the hop limit of packets"),
    C(IPV6_RECVTCLASS, "receive the traffic class of packets"),
    C(IPV6_TCLASS, "traffic class"),
};
const struct constant_set constants_ipv6 = SET("IPv6 options", "IPV6_", ipv6_options, 0);
