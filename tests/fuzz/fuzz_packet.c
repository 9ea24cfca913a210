/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes at all as frames, one after the other: decoded, followed, shown. A frame is 2 bytes of length and so many
 * bytes; its first byte chooses whether it is led by a good Ethernet header. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "packet/track.h"
#include "packet/words.h"
#include "view/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct tracker *tracker, const uint8_t *bytes, size_t kept, size_t length) {
    uint8_t *copy = malloc(kept > 0 ? kept : 1); /* of exactly this size, for the sanitizer */
    struct packet packet;
    struct track_note note;
    struct buf out = {0};
    if (kept > 0)
        memcpy(copy, bytes, kept);
    packet_decode(copy, kept, length, &packet);
    if (packet.payload_at + packet.payload_kept > kept || packet.payload_kept > packet.payload)
        abort();
    tracker_see(tracker, &packet, NULL, &note);
    packet_line(&packet, &note, copy, &out);
    size_t line = out.length;
    packet_show(&packet, &note, copy, false, 80, &out);
    struct buf safe = {0};
    escape_lines(&safe, out.data, out.length);
    if (line == 0 || safe.length != out.length) /* nothing in it may reach a terminal that must not */
        abort();
    buf_free(&safe);
    buf_free(&out);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct tracker *tracker = tracker_new();
    uint8_t frame[14 + 600] = {0};
    while (size >= 3) {
        size_t length = (size_t)(data[1] | data[2] << 8) % 600;
        unsigned how = data[0];
        data += 3;
        size -= 3;
        length = length < size ? length : size;
        static const uint8_t types[4][2] = {{0x08, 0x00}, {0x86, 0xdd}, {0x08, 0x06}, {0x12, 0x34}};
        if (how & 1) {
            memcpy(frame + 12, types[how >> 1 & 3], 2);
            memcpy(frame + 14, data, length);
            take(tracker, frame, 14 + length, 14 + length + (how >> 3));
        } else {
            take(tracker, data, length, length + (how >> 3));
        }
        data += length;
        size -= length;
    }
    tracker_free(tracker);
    return 0;
}
