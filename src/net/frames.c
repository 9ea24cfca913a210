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

bool frames_switch_off(int fd, const char *interface, uint32_t command) {
    struct ethtool_value value = {.cmd = command, .data = 0};
    struct ifreq request = {0};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    request.ifr_data = (char *)&value;
    return ioctl(fd, SIOCETHTOOL, &request) == 0;
}

static bool set_mtu(int fd, const char *interface) {
    struct ifreq request = {.ifr_mtu = FRAMES_MTU};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    return ioctl(fd, SIOCSIFMTU, &request) == 0;
}

struct frames_like_books frames_like_books(const char *interface) {
    struct frames_like_books made = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return made;
    made.mtu = set_mtu(fd, interface);
    /* TSO first: without it the kernel would still put segments together in software, which is GSO. */
    bool tso = frames_switch_off(fd, interface, ETHTOOL_STSO),
         gso = frames_switch_off(fd, interface, ETHTOOL_SGSO);
    frames_switch_off(fd, interface, ETHTOOL_SGRO); /* loopback never puts any together */
    made.offloads = tso && gso;
    close(fd);
    return made;
}
