/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constants of making and using a socket: families, types, protocols, flags, levels, addresses. */
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "call/constant_list.h"

static const struct constant families[] = {
    C(AF_INET, "IPv4 addresses and ports"),
    C(AF_INET6, "IPv6 addresses and ports"),
    C(AF_UNIX, "this machine only; addresses are paths"),
    C(AF_UNSPEC, "no family in particular"),
    C(AF_LOCAL, "another name for AF_UNIX"),
    C(AF_PACKET, "frames as the link carries them; needs a privilege"),
    C(AF_NETLINK, "talk with the kernel about its networking"),
#ifdef AF_VSOCK
    C(AF_VSOCK, "between a virtual machine and its host"),
#endif
#ifdef AF_BLUETOOTH
    C(AF_BLUETOOTH, "Bluetooth"),
#endif
#ifdef AF_CAN
    C(AF_CAN, "the CAN bus of cars and machines"),
#endif
#ifdef AF_X25
    C(AF_X25, "X.25, historical"),
#endif
#ifdef AF_APPLETALK
    C(AF_APPLETALK, "AppleTalk, historical"),
#endif
    C(PF_INET, "another name for AF_INET"),
    C(PF_INET6, "another name for AF_INET6"),
    C(PF_UNIX, "another name for AF_UNIX"),
    C(PF_UNSPEC, "another name for AF_UNSPEC"),
    C(PF_LOCAL, "another name for AF_UNIX"),
    C(PF_PACKET, "another name for AF_PACKET"),
};
const struct constant_set constants_family = SET("address families", "AF_", families, 0);

static const struct constant types[] = {
    C(SOCK_STREAM, "a connection that carries a stream of bytes, in order"),
    C(SOCK_DGRAM, "separate messages, without a connection"),
    C(SOCK_RAW, "packets of a protocol, headers included; needs a privilege"),
    C(SOCK_SEQPACKET, "a connection carrying separate messages, in order"),
    C(SOCK_RDM, "reliable messages, in no order"),
#ifdef SOCK_DCCP
    C(SOCK_DCCP, "datagrams with congestion control"),
#endif
#ifdef SOCK_PACKET
    C(SOCK_PACKET, "obsolete; AF_PACKET has replaced it"),
#endif
    C(SOCK_NONBLOCK, "or-ed to the type: calls give EAGAIN instead of waiting"),
    C(SOCK_CLOEXEC, "or-ed to the type: closed when the process runs another program"),
};
/* The kernel's SOCK_TYPE_MASK, which no user header has: what is left beside the two flags. */
const struct constant_set constants_type = SET("socket types", "SOCK_", types, 0xf);

/* Protocols are levels of getsockopt() and setsockopt() too. */
#define INTERNET_PROTOCOLS                                                                       \
    C(IPPROTO_IP, "IPv4; as a protocol, 0: the usual one of the type"), C(IPPROTO_TCP, "TCP"),   \
    C(IPPROTO_UDP, "UDP"), C(IPPROTO_IPV6, "IPv6"), C(IPPROTO_ICMP, "ICMP, as ping uses it"),    \
    C(IPPROTO_ICMPV6, "ICMP for IPv6"), C(IPPROTO_RAW, "raw IP packets")

static const struct constant protocols[] = {
    INTERNET_PROTOCOLS,
    C(IPPROTO_IGMP, "multicast groups"),
#ifdef IPPROTO_SCTP
    C(IPPROTO_SCTP, "SCTP: several streams in a connection"),
#endif
#ifdef IPPROTO_DCCP
    C(IPPROTO_DCCP, "DCCP"),
#endif
#ifdef IPPROTO_UDPLITE
    C(IPPROTO_UDPLITE, "UDP with a partial checksum"),
#endif
    C(IPPROTO_GRE, "GRE tunnels"),
#ifdef IPPROTO_MPTCP
    C(IPPROTO_MPTCP, "TCP over several paths"),
#endif
};
const struct constant_set constants_protocol = SET("protocols", "IPPROTO_", protocols, 0);

static const struct constant icmp_types[] = {
    C(ICMP_ECHOREPLY, "the answer to an echo request"),
    C(ICMP_DEST_UNREACH, "the destination cannot be reached; the code says why"),
    C(ICMP_REDIRECT, "another router would be the shorter way"),
    C(ICMP_ECHO, "echo request: whoever gets it sends the same back"),
    C(ICMP_TIME_EXCEEDED, "the packet's TTL reached 0 on the way"),
    C(ICMP_PARAMETERPROB, "a header that cannot be understood"),
};
const struct constant_set constants_icmp = SET("types of ICMP messages", "ICMP_", icmp_types, 0);

static const struct constant message_flags[] = {
    C(MSG_DONTWAIT, "this once, EAGAIN instead of waiting"),
    C(MSG_PEEK, "look at the data and leave it in the queue"),
    C(MSG_WAITALL, "wait until the whole amount has come"),
    C(MSG_NOSIGNAL, "EPIPE without the signal SIGPIPE"),
    C(MSG_MORE, "more follows at once: do not send a small packet yet"),
    C(MSG_OOB, "urgent (out-of-band) data"),
    C(MSG_TRUNC, "give the real length of a datagram, even if it was cut"),
    C(MSG_CTRUNC, "control data was cut"),
    C(MSG_DONTROUTE, "only to hosts on a link of ours"),
    C(MSG_EOR, "end of a record"),
    C(MSG_CONFIRM, "the peer is alive: do not ask for its link address"),
    C(MSG_ERRQUEUE, "receive what is in the queue of errors"),
#ifdef MSG_FASTOPEN
    C(MSG_FASTOPEN, "connect and send in one (TCP Fast Open)"),
#endif
#ifdef MSG_ZEROCOPY
    C(MSG_ZEROCOPY, "send without copying"),
#endif
#ifdef MSG_CMSG_CLOEXEC
    C(MSG_CMSG_CLOEXEC, "descriptors received are closed on exec"),
#endif
#ifdef MSG_WAITFORONE
    C(MSG_WAITFORONE, "recvmmsg(): wait for the first only"),
#endif
};
const struct constant_set constants_message = SET("message flags", "MSG_", message_flags, 0);

static const struct constant directions[] = {
    C(SHUT_RD, "nothing more will be received"),
    C(SHUT_WR, "nothing more will be sent: the peer reads end of file"),
    C(SHUT_RDWR, "both directions"),
};
const struct constant_set constants_shutdown = SET("directions to shut down", "SHUT_", directions, 0);

static const struct constant levels[] = {
    C(SOL_SOCKET, "options of every socket, SO_*"),
    INTERNET_PROTOCOLS,
#ifdef SOL_IP
    C(SOL_IP, "IP_* options; another name for IPPROTO_IP"),
#endif
#ifdef SOL_TCP
    C(SOL_TCP, "TCP_* options; another name for IPPROTO_TCP"),
#endif
#ifdef SOL_UDP
    C(SOL_UDP, "UDP_* options; another name for IPPROTO_UDP"),
#endif
#ifdef SOL_IPV6
    C(SOL_IPV6, "IPV6_* options; another name for IPPROTO_IPV6"),
#endif
#ifdef SOL_RAW
    C(SOL_RAW, "options of raw sockets"),
#endif
#ifdef SOL_PACKET
    C(SOL_PACKET, "options of AF_PACKET"),
#endif
#ifdef SOL_NETLINK
    C(SOL_NETLINK, "options of AF_NETLINK"),
#endif
};
const struct constant_set constants_level = SET("option levels", "SOL_", levels, 0);

static const struct constant addresses[] = {
    C(INADDR_ANY, "0.0.0.0: every address of this machine"),
    C(INADDR_LOOPBACK, "127.0.0.1 in host byte order: give it to htonl()"),
    C(INADDR_BROADCAST, "255.255.255.255"),
    C(INADDR_NONE, "what inet_addr() returns for an error; the same bits as 255.255.255.255"),
    C(INADDR_UNSPEC_GROUP, "224.0.0.0"),
    C(INADDR_ALLHOSTS_GROUP, "224.0.0.1: all hosts of the link (multicast)"),
    C(INADDR_ALLRTRS_GROUP, "224.0.0.2: all routers of the link (multicast)"),
    C(INADDR_MAX_LOCAL_GROUP, "224.0.0.255: the last multicast group that stays on the link"),
};
const struct constant_set constants_address = SET("IPv4 addresses", "INADDR_", addresses, 0);
