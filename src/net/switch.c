/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A learning switch; see switch.h. */
#include "net/switch.h"

#include <net/ethernet.h>
#include <string.h>

static size_t find(const struct mac_switch *mac_switch, const unsigned char *mac) {
    for (size_t i = 0; i < mac_switch->count; i++)
        if (memcmp(mac_switch->known[i].mac, mac, ETHER_ADDR_LEN) == 0)
            return i;
    return SWITCH_KNOWN_MAX;
}

static void learn(struct mac_switch *mac_switch, const unsigned char *mac, size_t port) {
    size_t at = find(mac_switch, mac);
    if (mac[0] & 1) /* of a group: nobody's */
        return;
    if (at == SWITCH_KNOWN_MAX) {
        at = mac_switch->count < SWITCH_KNOWN_MAX ? mac_switch->count++
                                                  : mac_switch->oldest++ % SWITCH_KNOWN_MAX;
        memcpy(mac_switch->known[at].mac, mac, ETHER_ADDR_LEN);
    }
    mac_switch->known[at].port = (unsigned char)port;
}

uint32_t switch_forward(struct mac_switch *mac_switch, size_t port, size_t ports, const void *frame,
                        size_t length) {
    const struct ether_header *header = frame;
    uint32_t others = ((UINT32_C(1) << ports) - 1) & ~(UINT32_C(1) << port);
    if (length < sizeof(*header))
        return 0;
    learn(mac_switch, header->ether_shost, port);
    size_t at = header->ether_dhost[0] & 1 ? SWITCH_KNOWN_MAX : find(mac_switch, header->ether_dhost);
    return at == SWITCH_KNOWN_MAX ? others : others & UINT32_C(1) << mac_switch->known[at].port;
}
