/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loopback has an MTU of 65536, and like a good network card takes segments of
 * up to 64 KiB that it would cut up (TSO, GSO) and puts them together again (GRO):
 * fast, and unlike any picture of TCP. See frames.h; ioctls of netdevice(7) and
 * linux/ethtool.h, since they are two system calls where rtnetlink wants more.
 */
#include "net/frames.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Any socket will do. */
static int open_any(void) {
    return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* One such service (ETHTOOL_STSO …). */
static bool switch_service(int fd, const char *interface, uint32_t command, bool on) {
    struct ethtool_value value = {.cmd = command, .data = on};
    struct ifreq request = {0};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    request.ifr_data = (char *)&value;
    return ioctl(fd, SIOCETHTOOL, &request) == 0;
}

bool frames_set_mtu(const char *interface, int mtu) {
    struct ifreq request = {.ifr_mtu = mtu};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    int fd = open_any();
    bool set = fd >= 0 && ioctl(fd, SIOCSIFMTU, &request) == 0;
    if (fd >= 0)
        close(fd);
    return set;
}

bool frames_set_offloads(const char *interface, bool on) {
    int fd = open_any();
    if (fd < 0)
        return false;
    /* TSO first: without it the kernel would still put segments together in software, which is GSO. */
    bool tso = switch_service(fd, interface, ETHTOOL_STSO, on),
         gso = switch_service(fd, interface, ETHTOOL_SGSO, on);
    switch_service(fd, interface, ETHTOOL_SGRO, on); /* loopback never puts any together */
    close(fd);
    return tso && gso;
}

bool frames_whole(const char *interface) {
    int fd = open_any();
    bool done = fd >= 0 && switch_service(fd, interface, ETHTOOL_SSG, false) &&
                switch_service(fd, interface, ETHTOOL_STXCSUM, false);
    if (fd >= 0)
        close(fd);
    return frames_set_offloads(interface, false) && done;
}
