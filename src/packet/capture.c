/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of one interface; see capture.h. */
#include "packet/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/tap.h"

struct capture {
    int fd;
    uint64_t number;
    uint64_t lost;     /* known, and not told yet */
    size_t in_a_row;   /* read since nothing was there to be read */
    int64_t clocks_ns; /* clock_real_offset_ns() as of the first frame of this row: the kernel stamps frames
                        * with CLOCK_REALTIME */
    uint8_t bytes[CAPTURE_KEEP];
};

static struct capture *refuse(struct capture *capture, const char *what, const char *interface,
                              struct error *error) {
    int number = errno;
    error_set(error, ERROR_SYSTEM, (struct span){0}, "packets of %s cannot be seen: %s: %s", interface, what,
              strerror(number));
    if (number == EPERM || number == EACCES)
        error_hint(error,
                   "it takes the capability CAP_NET_RAW. In a private network everybody has it: sockshell "
                   "--network=private. On the machine's own: start as root, or give it to the program with "
                   "setcap cap_net_raw+ep");
    else if (number == EAFNOSUPPORT)
        error_hint(error, "this kernel was built without CONFIG_PACKET");
    else if (number == ENODEV)
        error_hint(error, "ip link lists the interfaces");
    capture_close(capture);
    return NULL;
}

struct capture *capture_open(int fd, const char *interface, struct error *error) {
    int number = errno; /* memory may be asked for */
    struct capture *capture = mem_alloc(sizeof(*capture));
    capture->fd = fd;
    errno = number;
    const char *refused = fd < 0 ? "socket(AF_PACKET)" : tap_start(fd, interface);
    return refused == NULL ? capture : refuse(capture, refused, interface, error);
}

void capture_close(struct capture *capture) {
    if (capture == NULL)
        return;
    if (capture->fd >= 0)
        close(capture->fd);
    free(capture);
}

int capture_fd(const struct capture *capture) {
    return capture->fd;
}

/* Losses are asked for when a row has come to its end: none is lost unless others wait to be read. */
bool capture_next(struct capture *capture, struct net_frame *frame) {
    struct tap_frame seen;
    if (!tap_next(capture->fd, capture->bytes, sizeof(capture->bytes), &seen)) {
        if (capture->in_a_row > 0)
            capture->lost += tap_lost(capture->fd);
        capture->in_a_row = 0;
        return false;
    }
    if (capture->in_a_row++ == 0)
        capture->clocks_ns = clock_real_offset_ns();
    *frame = (struct net_frame){
        .time_ns = seen.time_ns - capture->clocks_ns,
        .sent_ns = seen.time_ns - capture->clocks_ns,
        .number = ++capture->number,
        .fate = FRAME_DELIVERED,
        .from = "",
        .to = "",
        .loopback = true,
        .checksum_missing = seen.checksum_missing,
        .bytes = capture->bytes,
        .kept = seen.kept,
        .length = seen.length,
    };
    return true;
}

uint64_t capture_lost(struct capture *capture) {
    uint64_t lost = capture->lost;
    capture->lost = 0;
    return lost;
}
