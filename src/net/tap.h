/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A packet socket (packet(7)) that takes each frame as it comes in, with its
 * time: what listens on a loopback interface (packet/capture.h), and what the
 * cables between hosts end in (net/wire.h).
 *
 * No ring (PACKET_RX_RING), but a large receive buffer.  Measured on Linux 6.18,
 * with 2 CPUs, busy and idle, medians of 21:
 *
 *                                open        close      of a burst that nobody reads, kept
 *     no ring, buffer of 8 MiB   15 µs       5–12 ms    10,083 small frames, 3,641 large ones
 *     ring of   64 × 2 KiB       0.05–7 ms   0.1–15 ms  64
 *     ring of  256 × 2 KiB       0.1–12 ms   0.2–23 ms  256
 *     ring of 1024 × 2 KiB       8–12 ms     20–21 ms   1024
 *     ring of 4096 × 2 KiB       10–12 ms    20 ms      4096
 *
 * A ring's price is not its memory, but that the kernel waits for all CPUs
 * (synchronize_net()) when it is made and once more when it is unmade, however
 * small it is; closing the socket waits once in any case.  A learner would wait
 * for that before the first packet, and a lesson's check would mostly consist of
 * it.  The buffer keeps more, takes memory only while frames wait in it, is
 * bounded as well, and drops are counted as those of a ring are.
 */
#ifndef SOCKSHELL_NET_TAP_H
#define SOCKSHELL_NET_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the kernel that frames may take up until they are read; a small one takes some 800 of them, a large
 * one 2300. What comes while it is full is lost, and counted. */
#define TAP_BUFFER (8 << 20)

/* Of a frame that was read. */
struct tap_frame {
    int64_t time_ns;       /* CLOCK_REALTIME: when it came in */
    unsigned interface;    /* by which */
    bool checksum_missing; /* the kernel had left it for a network card to fill in */
    size_t kept, length;   /* bytes in the room; the frame's own */
};

/* Make a socket(AF_PACKET, SOCK_RAW, 0) hear all frames that come in by this interface of its network ("lo"; NULL: by
 * all), from now on. What it sends itself it does not hear. NULL, or the step that failed, with errno. */
const char *tap_start(int fd, const char *interface);
/* The next that waits, into the room; never sleeps. False: there is none. */
bool tap_next(int fd, void *room, size_t size, struct tap_frame *frame);
/* Does one wait? */
bool tap_waits(int fd);
/* How many were lost since this was last asked. */
uint64_t tap_lost(int fd);

#endif
