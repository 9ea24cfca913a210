/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private network and its hosts; see network.h. */
#include "net/network.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/privilege.h"
#include "net/names.h"
#include "net/namespaces.h"
#include "net/refusal.h"
#include "net/rtnetlink.h"

/* 10.0.0.0/24, and fd00::/64 of the addresses that are anybody's to use (RFC 4193). */
#define IPV4_NETWORK UINT32_C(0x0A000000)
#define IPV4_BITS 24
#define IPV6_BITS 64
#define INTERFACE "eth0"

static const struct span nowhere = {0, 0};

struct host {
    struct network_host told;
    struct place place;
    unsigned number; /* the last byte of its address */
};

struct network {
    struct ahead ahead; /* before network_join() */
    struct preset preset;
    bool usually_off[PRESET_SETTINGS];
    struct names names;
    struct place home; /* where this process is: the first host's */
    struct place yard; /* where the other ends of the cables lie */
    struct net_wire *wire;
    struct host hosts[NETWORK_HOSTS_MAX];
    size_t count;
};

struct network *network_begin(void) {
    struct network *network = mem_alloc(sizeof(*network));
    network->home = network->yard = NO_PLACE;
    network->names.hosts = network->names.folder = -1;
    network->ahead = namespaces_begin();
    return network;
}

/* Root that needed no user namespace has its capabilities on the whole machine. What .host and network_renew() take it
 * keeps, and what actors may be born with; CAP_SETPCAP, for them to give up the rest. Not CAP_DAC_OVERRIDE: in a user
 * namespace root has it over its own files only. Where this is refused, no actor can be born either. */
static void give_up_privilege(void) {
    privilege_keep_only(PRIVILEGE(CAP_SYS_ADMIN) | PRIVILEGE(CAP_NET_ADMIN) | PRIVILEGE(CAP_NET_RAW) |
                        PRIVILEGE(CAP_NET_BIND_SERVICE) | PRIVILEGE(CAP_SETPCAP));
}

bool network_join(struct network *network, struct error *error) {
    struct namespace_outcome outcome = namespaces_follow(&network->ahead, &network->preset);
    if (outcome.step != STEP_NONE) {
        refusal_explain(outcome, error);
        return false;
    }
    names_enter(&network->names);
    if (!network->ahead.user_namespace)
        give_up_privilege();
    return true;
}

struct network *network_new(struct error *error) {
    struct network *network = network_begin();
    if (network_join(network, error))
        return network;
    network_free(network);
    return NULL;
}

bool network_possible(struct error *error) {
    struct namespace_outcome outcome = namespaces_probe();
    if (outcome.step != STEP_NONE)
        refusal_explain(outcome, error);
    return outcome.step == STEP_NONE;
}

static void close_places(struct network *network) {
    for (size_t i = 1; i < network->count; i++)
        place_close(&network->hosts[i].place);
    place_close(&network->home);
    place_close(&network->yard);
}

void network_free(struct network *network) {
    if (network == NULL)
        return;
    namespaces_abandon(&network->ahead);
    net_wire_free(network->wire);
    close_places(network);
    names_close(&network->names);
    free(network);
}

/* ---- Names ---- */

bool network_name_valid(const char *name) {
    size_t length = strlen(name);
    if (length == 0 || length >= NETWORK_NAME_MAX || name[0] == '-' || name[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isascii((unsigned char)name[i]) || !(isalnum((unsigned char)name[i]) || name[i] == '-'))
            return false;
    return true;
}

size_t network_hosts(const struct network *network) {
    return network->count;
}

const struct network_host *network_host(const struct network *network, size_t i) {
    return i < network->count ? &network->hosts[i].told : NULL;
}

size_t network_host_named(const struct network *network, const char *name) {
    for (size_t i = 0; i < network->count; i++)
        if (strcasecmp(network->hosts[i].told.name, name) == 0)
            return i;
    return SIZE_MAX;
}

static bool tell_names(const struct network *network) {
    struct buf text = {0};
    buf_add_text(&text, NAMES_LOCAL);
    for (size_t i = 0; i < network->count; i++) {
        const struct network_host *host = &network->hosts[i].told;
        buf_addf(&text, "%s\t%s\n", host->ipv4, host->name);
        if (host->ipv6[0] != '\0')
            buf_addf(&text, "%s\t%s\n", host->ipv6, host->name);
    }
    bool written = names_write(&network->names, buf_text(&text));
    buf_free(&text);
    return written;
}

bool network_renew(struct network *network, struct error *error) {
    struct preset preset;
    struct namespace_outcome outcome = namespaces_renew(&preset);
    if (outcome.step != STEP_NONE) {
        refusal_explain(outcome, error);
        return false;
    }
    net_wire_free(network->wire);
    close_places(network);
    network->wire = NULL;
    network->count = 0;
    network->preset = preset;
    network_usual(network, network->usually_off);
    tell_names(network);
    return true;
}

/* ---- Addresses ---- */

static bool is_taken(const struct network *network, unsigned number) {
    for (size_t i = 0; i < network->count; i++)
        if (network->hosts[i].number == number)
            return true;
    return false;
}

static bool choose_address(const struct network *network, const char *address, unsigned *number,
                           struct error *error) {
    struct in_addr wanted;
    if (address == NULL) {
        for (*number = 1; is_taken(network, *number);)
            ++*number;
        return true;
    }
    if (inet_pton(AF_INET, address, &wanted) != 1 || (ntohl(wanted.s_addr) & 0xFFFFFF00) != IPV4_NETWORK)
        return error_set(error, ERROR_USAGE, nowhere, "a host's address is one of 10.0.0.1 to 10.0.0.254");
    *number = ntohl(wanted.s_addr) & 0xFF;
    if (*number == 0 || *number == 255)
        return error_set(error, ERROR_USAGE, nowhere,
                         "a host's address is one of 10.0.0.1 to 10.0.0.254: %s is %s", address,
                         *number == 0 ? "the network's own" : "for broadcasts");
    if (is_taken(network, *number))
        return error_set(error, ERROR_USAGE, nowhere, "another host has the address %s already", address);
    return true;
}

static struct in_addr ipv4_of(const struct host *host) {
    return (struct in_addr){htonl(IPV4_NETWORK | host->number)};
}

static struct in6_addr ipv6_of(const struct host *host) {
    struct in6_addr address = {.s6_addr = {0xfd}};
    address.s6_addr[15] = (uint8_t)host->number;
    return address;
}

/* ---- Making a host ---- */

static bool refused(struct error *error, const char *step, int number) {
    error_set(error, ERROR_SYSTEM, nowhere, "a host cannot be made: %s failed: %s", step, strerror(number));
    if (number == ENOSPC)
        error_hint(error, "a limit is reached: user.max_net_namespaces, user.max_mnt_namespaces or "
                          "user.max_uts_namespaces; the administrator raises it with sysctl");
    else if (number == EOPNOTSUPP)
        error_hint(error,
                   "this kernel has no veth interfaces (CONFIG_VETH); the administrator loads them with: "
                   "modprobe veth");
    else if (number == EPERM)
        error_hint(error, "a security module or container forbids it; see the system's log");
    return false;
}

static struct veth_end end_at(const struct host *host, const char *name, bool far) {
    return (struct veth_end){.name = name, .mac = {2, 0, 0, 0, far, (unsigned char)host->number}};
}

/* In the host's place: its interface, whose other end lies in the yard. NULL or the step refused, with errno. */
static const char *lay_cable(struct mnl_socket *netlink, const struct network *network,
                             const struct host *host, const char *far) {
    struct veth_end here = end_at(host, INTERFACE, false), there = end_at(host, far, true);
    struct in_addr ipv4 = ipv4_of(host);
    if (!rtnetlink_veth(netlink, &here, &there, network->yard.network))
        return "making a pair of veth interfaces";
    rtnetlink_silence(netlink, INTERFACE);
    unsigned interface = if_nametoindex(INTERFACE);
    if (!rtnetlink_raise(netlink, interface) ||
        !rtnetlink_address(netlink, interface, AF_INET, &ipv4, IPV4_BITS))
        return "giving " INTERFACE " its address";
    return NULL;
}

/* In the yard: the other end. What it said would come out at the host's. */
static bool raise_far_end(const char *far) {
    struct mnl_socket *netlink = rtnetlink_open();
    if (netlink != NULL)
        rtnetlink_silence(netlink, far);
    bool raised = netlink != NULL && rtnetlink_raise(netlink, if_nametoindex(far)) &&
                  rtnetlink_await(netlink, if_nametoindex(far));
    int saved = errno;
    if (netlink != NULL)
        mnl_socket_close(netlink);
    errno = saved;
    return raised;
}

static void set_cable(struct preset *preset, const struct host *host, bool settled) {
    struct in6_addr ipv6 = ipv6_of(host);
    const struct preset_cable cable = {.interface = INTERFACE,
                                       .ipv4 = ipv4_of(host),
                                       .ipv4_bits = IPV4_BITS,
                                       .ipv6 = host->told.ipv6[0] != '\0' ? &ipv6 : NULL,
                                       .ipv6_bits = IPV6_BITS,
                                       .settled = settled};
    preset_cable(preset, &cable);
}

/* What is for everybody (255.255.255.255) and for groups goes out by it, as it does elsewhere by the default route, of
 * which there is none here: nobody leads out. */
static void add_routes_to_many(struct mnl_socket *netlink, unsigned interface, const struct in_addr *own) {
    static const struct {
        in_addr_t to;
        unsigned bits;
    } many[] = {{INADDR_BROADCAST, 32}, {INADDR_UNSPEC_GROUP, 4}};
    for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++) {
        struct in_addr to = {htonl(many[i].to)};
        const struct route route = {.family = AF_INET,
                                    .to = &to,
                                    .bits = many[i].bits,
                                    .table = RT_TABLE_MAIN,
                                    .scope = RT_SCOPE_LINK,
                                    .type = RTN_UNICAST,
                                    .interface = interface,
                                    .source = own};
        rtnetlink_route(netlink, &route, NLM_F_CREATE);
    }
}

/* In the host's place: its interface carries frames. IPv6, where there is any, is not a condition. */
static bool settle_in(struct mnl_socket *netlink, struct network *network, struct host *host) {
    struct in_addr ipv4 = ipv4_of(host);
    struct in6_addr ipv6 = ipv6_of(host);
    unsigned interface = if_nametoindex(INTERFACE);
    if (!rtnetlink_await(netlink, interface))
        return false;
    bool has_ipv6 = rtnetlink_address(netlink, interface, AF_INET6, &ipv6, IPV6_BITS);
    add_routes_to_many(netlink, interface, &ipv4);
    inet_ntop(AF_INET, &ipv4, host->told.ipv4, sizeof(host->told.ipv4));
    if (has_ipv6)
        inet_ntop(AF_INET6, &ipv6, host->told.ipv6, sizeof(host->told.ipv6));
    set_cable(&network->preset, host, !network->preset.off[PRESET_QUIET]);
    return true;
}

/* From the host's place to the yard and back, and there once more. */
static const char *connect_cable(struct mnl_socket *netlink, struct network *network, struct host *host) {
    char far[IFNAMSIZ];
    snprintf(far, sizeof(far), "host%u", host->number);
    const char *step = lay_cable(netlink, network, host, far);
    if (step != NULL)
        return step;
    if (!place_go(&network->yard) || !raise_far_end(far))
        return "raising the cable's other end";
    if (!place_go(&host->place) || !settle_in(netlink, network, host))
        return "waiting for " INTERFACE;
    if (!place_go(&network->yard) || !net_wire_add(network->wire, host->told.name, if_nametoindex(far)))
        return "joining the wire";
    return NULL;
}

static const char *join_wire(struct network *network, struct host *host) {
    if (!place_go(&host->place))
        return "going to its namespaces";
    struct mnl_socket *netlink = rtnetlink_open();
    if (netlink == NULL)
        return "opening rtnetlink";
    const char *step = sethostname(host->told.name, strlen(host->told.name)) < 0
                           ? "sethostname()"
                           : connect_cable(netlink, network, host);
    int saved = errno;
    /* The first host's place stays, without what was begun; the socket is of that place. */
    if (step != NULL && place_go(&host->place) && if_nametoindex(INTERFACE) != 0)
        rtnetlink_delete(netlink, if_nametoindex(INTERFACE));
    mnl_socket_close(netlink);
    errno = saved;
    return step;
}

/* Before the first host: what they have in common. */
static const char *make_yard(struct network *network) {
    struct preset unused = {0};
    if (network->wire != NULL)
        return NULL;
    if (network->home.network < 0 && !place_here(&network->home))
        return "opening /proc/self/ns";
    if (network->yard.network < 0 && !place_new(&network->yard, &network->home, &unused))
        return "unshare(CLONE_NEWNET | CLONE_NEWUTS)";
    if (place_go(&network->yard))
        network->wire = net_wire_new();
    int saved = errno;
    place_go(&network->home);
    errno = saved;
    if (network->wire == NULL)
        return "opening a packet socket";
    net_wire_pass_noise(network->wire, network->preset.off[PRESET_QUIET]);
    return NULL;
}

static const char *make(struct network *network, struct host *host) {
    const char *step = make_yard(network);
    if (step != NULL)
        return step;
    if (network->count == 0)
        host->place = network->home;
    else if (!place_new(&host->place, &network->home, &network->preset))
        return "unshare(CLONE_NEWNET | CLONE_NEWUTS)";
    step = join_wire(network, host);
    int saved = errno;
    place_go(&network->home);
    if (step != NULL && network->count > 0)
        place_close(&host->place);
    errno = saved;
    return step;
}

static bool may_add(const struct network *network, const char *name, struct error *error) {
    if (!network_name_valid(name)) {
        error_set(error, ERROR_USAGE, nowhere, "a host cannot be called that");
        error_hint(error, "letters, digits and - inside, at most %d in all", NETWORK_NAME_MAX - 1);
        return false;
    }
    if (network_host_named(network, name) != SIZE_MAX || strcasecmp(name, "localhost") == 0)
        return error_set(error, ERROR_USAGE, nowhere, "there is a host %s already", name);
    if (network->count == NETWORK_HOSTS_MAX)
        return error_set(error, ERROR_LIMIT, nowhere, "there are %d hosts already, the most there can be",
                         NETWORK_HOSTS_MAX);
    if (network->names.hosts < 0)
        return refused(error, network->names.step, network->names.error);
    return true;
}

bool network_add_host(struct network *network, const char *name, const char *address, struct error *error) {
    struct host host = {.place = NO_PLACE};
    if (!may_add(network, name, error) || !choose_address(network, address, &host.number, error))
        return false;
    strncpy(host.told.name, name, sizeof(host.told.name) - 1);
    const char *step = make(network, &host);
    if (step != NULL)
        return refused(error, step, errno);
    network->hosts[network->count++] = host;
    if (!tell_names(network))
        return refused(error, "writing /etc/hosts", errno);
    return true;
}

/* ---- Being there ---- */

bool network_enter(const struct network *network, size_t host, bool raw_sockets) {
    bool low_ports = network == NULL || !network->preset.low_ports;
    if (host > 0 && (network == NULL || host >= network->count || !place_go(&network->hosts[host].place)))
        return false;
    return privilege_keep_only((low_ports ? PRIVILEGE(CAP_NET_BIND_SERVICE) : 0) |
                               (raw_sockets ? PRIVILEGE(CAP_NET_RAW) : 0));
}

int network_socket(const struct network *network, size_t host, int domain, int type, int protocol) {
    if (host == 0)
        return socket(domain, type | SOCK_CLOEXEC, protocol);
    if (host >= network->count || !place_go(&network->hosts[host].place)) {
        errno = ENOENT;
        return -1;
    }
    int fd = socket(domain, type | SOCK_CLOEXEC, protocol);
    int saved = errno;
    place_go(&network->home);
    errno = saved;
    return fd;
}

struct net_wire *network_wire(const struct network *network) {
    return network->wire;
}

int network_folder(const struct network *network) {
    return network->names.folder;
}

/* In every place: what is wanted now. `quiet`: that has changed. */
static void apply_preset(struct network *network, bool quiet) {
    struct preset *preset = &network->preset;
    if (network->count == 0)
        preset_loopback(preset);
    for (size_t i = 0; i < network->count; i++) {
        if (!place_go(&network->hosts[i].place)) {
            for (size_t setting = 0; setting < PRESET_SETTINGS; setting++)
                preset->refused[setting] = true;
            continue;
        }
        preset_loopback(preset);
        set_cable(preset, &network->hosts[i], !quiet);
    }
    if (network->count > 0)
        place_go(&network->home);
    if (network->wire != NULL)
        net_wire_pass_noise(network->wire, preset->off[PRESET_QUIET]);
}

void network_set(struct network *network, enum preset_setting setting, bool on) {
    network->preset.off[setting] = !on;
    network->preset.refused[setting] = false;
    apply_preset(network, setting == PRESET_QUIET);
}

void network_usual(struct network *network, const bool off[PRESET_SETTINGS]) {
    bool *now = network->preset.off;
    size_t size = sizeof(network->usually_off);
    /* network_renew() gives what is there already. */
    memmove(network->usually_off, off, size);
    if (memcmp(now, off, size) == 0)
        return;
    bool quiet = now[PRESET_QUIET] != off[PRESET_QUIET];
    memcpy(now, off, size);
    apply_preset(network, quiet);
}

const struct preset *network_preset(const struct network *network) {
    return &network->preset;
}
