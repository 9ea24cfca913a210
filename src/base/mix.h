/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that look like chance and are the same on every machine: for what a seed decides. */
#ifndef SOCKSHELL_BASE_MIX_H
#define SOCKSHELL_BASE_MIX_H

#include <stdint.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring seeds give values far apart. */
static inline uint64_t mix(uint64_t bits) {
    bits += 0x9e3779b97f4a7c15;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

#endif
