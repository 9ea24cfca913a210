/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as they stand in headers: the most significant byte first, aligned or not. */
#ifndef SOCKSHELL_PACKET_OCTETS_H
#define SOCKSHELL_PACKET_OCTETS_H

#include <stdint.h>

static inline uint16_t read16(const uint8_t *at) {
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t read32(const uint8_t *at) {
    return (uint32_t)read16(at) << 16 | read16(at + 2);
}

#endif
