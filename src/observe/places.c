/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The networks in which actors live, and which of them an address leads to; see snapshot.h. */
#include <string.h>

#include "base/mem.h"
#include "observe/snapshot_parts.h"

struct diag *observer_diag(const struct observer *observer, uint32_t place) {
    return place < observer->place_count ? observer->places[place].diag : NULL;
}

void observer_add_place(struct observer *observer, uint32_t place, int fd, const struct in_addr *ipv4,
                        const struct in6_addr *ipv6) {
    while (observer->place_count <= place) {
        observer->places = mem_grow(observer->places, observer->place_count + 1, sizeof(*observer->places));
        observer->places[observer->place_count++] = (struct known_place){.diag = NULL};
    }
    struct known_place *known = &observer->places[place];
    if (fd >= 0) {
        diag_free(known->diag);
        known->diag = diag_adopt(fd, place);
    }
    known->ipv4 = *ipv4;
    known->ipv6 = ipv6 != NULL ? *ipv6 : in6addr_any;
}

static bool is_at(const struct known_place *known, const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return known->ipv4.s_addr != INADDR_ANY &&
               ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr == known->ipv4.s_addr;
    return address->ss_family == AF_INET6 && !IN6_IS_ADDR_UNSPECIFIED(&known->ipv6) &&
           IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, &known->ipv6);
}

bool observer_place_of(const struct observer *observer, uint32_t from, const struct sockaddr_storage *address,
                       uint32_t *place) {
    struct sockaddr_storage plain = *address;
    socklen_t length = sizeof(plain);
    address_unmap(&plain, &length);
    *place = from;
    for (uint32_t i = 0; i < observer->place_count; i++)
        if (is_at(&observer->places[i], &plain)) {
            *place = i;
            return true;
        }
    return false;
}
