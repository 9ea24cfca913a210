/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets: recorded frames decoded, connections followed, put into words and fields; and every one of them cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "packet/fields.h"
#include "packet/words.h"
#include "view/packet.h"

/* Recorded on loopback: a connection to port 8888, refused at 9999, a datagram. */
#define SYN                                                                                                  \
    "00000000000000000000000008004500003cc7194000400675a07f0000017f000001cfde22b8f2b7afff00000000a002faf0fe" \
    "300000"                                                                                                 \
    "020405b40402080a5038ff82000000000103030a"
#define SYN_ACK                                                                                              \
    "00000000000000000000000008004500003c0000400040063cba7f0000017f00000122b8cfde202403a1f2b7b000a012fe88fe" \
    "300000"                                                                                                 \
    "020405b40402080a2ff03e175038ff820103030a"
#define ACK                                                                                                  \
    "000000000000000000000000080045000034c71a4000400675a77f0000017f000001cfde22b8f2b7b000202403a28010003ffe" \
    "280000"                                                                                                 \
    "0101080a5038ff822ff03e17"
#define HELLO                                                                                                \
    "000000000000000000000000080045000039c71b4000400675a17f0000017f000001cfde22b8f2b7b000202403a28018003ffe" \
    "2d0000"                                                                                                 \
    "0101080a5038ff832ff03e1768656c6c6f"
#define HELLO_ACK                         \
    "00000000000000000000000008004500003" \
    "41a6d4000400622557f0000017f00000122b8cfde202403a2f2b7b00580100040fe2800000101080a2ff03e185038ff83"
#define REFUSED                                                                                              \
    "0000000000000000000000000800450000280000400040063cce7f0000017f000001270fb108000000007e8f972e50140000c3" \
    "f80000"
#define TO_REFUSED                                                                                           \
    "00000000000000000000000008004500003c298a4000400613307f0000017f000001b108270f7e8f972d00000000a002faf0fe" \
    "300000"                                                                                                 \
    "020405b40402080a1655f698000000000103030a"
#define DATAGRAM "00000000000000000000000008004500001f3ea740004011fe247f0000017f000001dae11e61000bfe1e6f6e65"
/* Made by hand from RFC 826, RFC 792 (about the datagram above), RFC 8200. */
#define ARP_REQUEST                                           \
    "ffffffffffff0200000000010806000108000604000102000000000" \
    "10a0000010000000000000a000002"
#define UNREACHABLE                                                                                          \
    "0000000000000000000000000800450000380000000040017cc37f0000017f0000010303abcd000000004500001f3ea7400040" \
    "11fe24"                                                                                                 \
    "7f0000017f000001dae11e61000bfe1e"
#define UDP_V6                                                                                               \
    "00000000000000000000000086dd60000000000b11400000000000000000000000000000000100000000000000000000000000" \
    "00000"                                                                                                  \
    "1dae11e61000b00006f6e65"
#define FRAGMENT_V6                                                                                          \
    "00000000000000000000000086dd6000000000102c400000000000000000000000000000000100000000000000000000000000" \
    "00000"                                                                                                  \
    "11100000800000007aabbccddeeff0011"

static const char *const frames[] = {SYN,        SYN_ACK,  ACK,         HELLO,       HELLO_ACK, REFUSED,
                                     TO_REFUSED, DATAGRAM, ARP_REQUEST, UNREACHABLE, UDP_V6,    FRAGMENT_V6};
enum { FRAMES = sizeof(frames) / sizeof(*frames) };

struct frame {
    uint8_t bytes[2048];
    size_t length;
    struct packet packet;
};

static void read_frame(const char *hex, struct frame *frame) {
    frame->length = strlen(hex) / 2;
    for (size_t i = 0; i < frame->length; i++) {
        const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        frame->bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    packet_decode(frame->bytes, frame->length, frame->length, &frame->packet);
}

/* One line of it, followed by this tracker. */
static void assert_line(struct tracker *tracker, const char *hex, const char *expected) {
    struct frame frame;
    struct track_note note;
    struct buf line = {0};
    read_frame(hex, &frame);
    tracker_see(tracker, &frame.packet, NULL, &note);
    packet_line(&frame.packet, &note, frame.bytes, &line);
    assert_string_equal(buf_text(&line), expected);
    buf_free(&line);
}

static void test_lines(void **state) {
    struct tracker *tracker = tracker_new();
    (void)state;
    assert_line(tracker, SYN,
                "127.0.0.1:53214 → 127.0.0.1:8888 SYN seq 0 len 0 win 64240 <mss 1460, SACK permitted, "
                "window scale 10>");
    assert_line(
        tracker, SYN_ACK,
        "127.0.0.1:8888 → 127.0.0.1:53214 SYN ACK seq 0 ack 1 len 0 win 65160 <mss 1460, SACK permitted, "
        "window scale 10>");
    assert_line(tracker, ACK, "127.0.0.1:53214 → 127.0.0.1:8888 ACK seq 1 ack 1 len 0 win 64512");
    assert_line(tracker, HELLO, "127.0.0.1:53214 → 127.0.0.1:8888 PSH ACK seq 1 ack 1 len 5 win 64512");
    assert_line(tracker, HELLO_ACK, "127.0.0.1:8888 → 127.0.0.1:53214 ACK seq 1 ack 6 len 0 win 65536");
    assert_line(tracker, HELLO,
                "127.0.0.1:53214 → 127.0.0.1:8888 PSH ACK (retransmission) seq 1 ack 1 len 5 win 64512");
    assert_line(tracker, TO_REFUSED,
                "127.0.0.1:45320 → 127.0.0.1:9999 SYN seq 0 len 0 win 64240 <mss 1460, SACK permitted, "
                "window scale 10>");
    assert_line(tracker, REFUSED, "127.0.0.1:9999 → 127.0.0.1:45320 RST ACK seq 0 ack 1 len 0");
    assert_line(tracker, DATAGRAM, "127.0.0.1:56033 → 127.0.0.1:7777 UDP len 3");
    assert_line(tracker, ARP_REQUEST, "10.0.0.1 → 10.0.0.2 ARP who has 10.0.0.2? tell 10.0.0.1");
    assert_line(tracker, UNREACHABLE,
                "127.0.0.1 → 127.0.0.1 ICMP port unreachable about UDP 127.0.0.1:56033 → 127.0.0.1:7777");
    assert_line(tracker, UDP_V6, "[::1]:56033 → [::1]:7777 UDP len 3");
    assert_line(tracker, FRAGMENT_V6, "::1 → ::1 IPv6 len 8 fragment from byte 8 on");
    tracker_free(tracker);
}

static void test_values(void **state) {
    struct frame frame;
    (void)state;
    read_frame(SYN, &frame);
    const struct packet_tcp *tcp = &frame.packet.tcp;
    assert_int_equal(frame.packet.kind, PACKET_TCP);
    assert_int_equal(frame.packet.from_port, 53214);
    assert_int_equal(frame.packet.ttl, 64);
    assert_true(frame.packet.dont_fragment);
    assert_int_equal(tcp->seq, 0xf2b7afff);
    assert_int_equal(tcp->flags, TCP_SYN);
    assert_true(tcp->has_mss && tcp->mss == 1460);
    assert_true(tcp->has_scale && tcp->scale == 10);
    assert_true(tcp->sack_permitted && tcp->has_timestamps);
    assert_int_equal(tcp->time_value, 0x5038ff82);
    assert_null(frame.packet.trouble);
    read_frame(HELLO, &frame);
    assert_int_equal(frame.packet.payload, 5);
    assert_memory_equal(frame.bytes + frame.packet.payload_at, "hello", 5);
}

/* What is cut is said to be, and nothing is read behind the end: the copies have just the size that is told. */
static void test_cut(void **state) {
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < FRAMES; i++) {
        struct frame whole;
        read_frame(frames[i], &whole);
        for (size_t kept = 0; kept < whole.length; kept++) {
            uint8_t *bytes = malloc(kept > 0 ? kept : 1);
            struct packet packet;
            struct track_note note = {0};
            memcpy(bytes, whole.bytes, kept);
            packet_decode(bytes, kept, whole.length, &packet);
            assert_true(packet.payload_at + packet.payload_kept <= kept);
            if (packet.transport_length == 0 && packet.kind != PACKET_ARP && packet.payload_at == 0)
                assert_non_null(packet.trouble);
            packet_line(&packet, &note, bytes, &out);
            packet_show(&packet, &note, bytes, false, 80, &out);
            free(bytes);
        }
    }
    struct frame frame;
    read_frame(SYN, &frame);
    packet_decode(frame.bytes, 40, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "cut in its TCP header");
    packet_decode(frame.bytes, 60, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "cut in the options of its TCP header");
    assert_true(frame.packet.tcp.has_mss && !frame.packet.tcp.has_scale);
    packet_decode(frame.bytes, 20, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "cut in its IPv4 header");
    buf_free(&out);
}

static void test_nonsense(void **state) {
    struct frame frame;
    (void)state;
    read_frame(SYN, &frame);
    frame.bytes[14 + 20 + 12] = 0x10; /* a TCP header of 4 bytes */
    packet_decode(frame.bytes, frame.length, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "its TCP header gives a length that cannot be");
    read_frame(SYN, &frame);
    frame.bytes[14 + 20 + 21] = 200; /* the first option is longer than the header */
    packet_decode(frame.bytes, frame.length, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "the options of its TCP header do not fit into it");
    read_frame(SYN, &frame);
    frame.bytes[16] = 0xff; /* an IPv4 packet of 65340 bytes */
    packet_decode(frame.bytes, frame.length, frame.length, &frame.packet);
    assert_string_equal(frame.packet.trouble, "its IPv4 header gives a length that cannot be");
}

/* ---- Following connections ---- */

/* A segment between two ends, 1 and 2; `scale` goes with a SYN. */
struct segment {
    int from;
    unsigned flags;
    uint32_t seq, ack;
    size_t payload;
    unsigned window;
};

static unsigned marks_of(struct tracker *tracker, struct segment segment, struct track_note *note) {
    struct packet packet = {.kind = PACKET_TCP,
                            .family = AF_INET,
                            .protocol = IPPROTO_TCP,
                            .transport_length = 20,
                            .payload = segment.payload,
                            .from_port = segment.from == 1 ? 1000 : 2000,
                            .to_port = segment.from == 1 ? 2000 : 1000,
                            .tcp = {.seq = segment.seq,
                                    .ack = segment.ack,
                                    .flags = segment.flags,
                                    .window = (uint16_t)segment.window,
                                    .has_scale = (segment.flags & TCP_SYN) != 0,
                                    .scale = 2}};
    tracker_see(tracker, &packet, NULL, note);
    return note->marks;
}

/* Both ISNs lie just below the wrap, so that all comparisons cross it. */
#define A UINT32_C(0xfffffffe)
#define B UINT32_C(0xffffffff)

static struct tracker *connected(void) {
    struct tracker *tracker = tracker_new();
    struct track_note note;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_SYN, A, 0, 0, 1000}, &note), 0);
    assert_true(note.fresh);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_SYN | TCP_ACK, B, A + 1, 0, 1000}, &note), 0);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 1, B + 1, 0, 1000}, &note), 0);
    assert_int_equal(note.seq, 1);
    assert_int_equal(note.ack, 1);
    assert_int_equal(note.window, 4000);
    return tracker;
}

static void test_marks(void **state) {
    struct tracker *tracker = connected();
    struct track_note note;
    (void)state;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 1, B + 1, 10, 1000}, &note), 0);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 11, 0, 1000}, &note), 0);
    assert_int_equal(note.ack, 11);
    /* 11 to 20 is missing: what comes behind it has a gap before it, and is answered with the same ACK. */
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 21, B + 1, 10, 1000}, &note),
                     MARK_GAP);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 11, 0, 1000}, &note),
                     MARK_DUPLICATE_ACK);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 11, B + 1, 10, 1000}, &note),
                     MARK_OUT_OF_ORDER);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 11, B + 1, 10, 1000}, &note),
                     MARK_RETRANSMISSION);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 31, 0, 0}, &note),
                     MARK_ZERO_WINDOW);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 30, B + 1, 0, 1000}, &note),
                     MARK_WINDOW_PROBE);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 31, 0, 500}, &note),
                     MARK_WINDOW_UPDATE);
    assert_int_equal(note.window, 2000);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, A + 30, B + 1, 0, 1000}, &note),
                     MARK_KEEPALIVE);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 31, 0, 500}, &note),
                     MARK_KEEPALIVE_ANSWER);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_FIN | TCP_ACK, A + 31, B + 1, 0, 1000}, &note),
                     0);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_FIN | TCP_ACK, A + 31, B + 1, 0, 1000}, &note),
                     MARK_RETRANSMISSION);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, B + 1, A + 32, 0, 500}, &note), 0);
    tracker_free(tracker);
}

static void test_again(void **state) {
    struct tracker *tracker = connected();
    struct track_note note;
    (void)state;
    uint64_t first = note.connection;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_SYN, A, 0, 0, 1000}, &note),
                     MARK_RETRANSMISSION);
    first = note.connection;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_SYN, 77, 0, 0, 1000}, &note), 0);
    assert_true(note.fresh);
    assert_int_not_equal(note.connection, first);
    assert_int_equal(note.seq, 0);
    tracker_free(tracker);
}

/* Two SYNs that cross (RFC 9293, 3.5). */
static void test_simultaneous(void **state) {
    struct tracker *tracker = tracker_new();
    struct track_note note;
    (void)state;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_SYN, A, 0, 0, 1000}, &note), 0);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_SYN, B, 0, 0, 1000}, &note), 0);
    assert_false(note.fresh);
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_SYN | TCP_ACK, A, B + 1, 0, 1000}, &note), 0);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_SYN | TCP_ACK, B, A + 1, 0, 1000}, &note), 0);
    assert_int_equal(note.ack, 1);
    tracker_free(tracker);
}

/* A capture that came too late, and a connection of which nothing is known but its end. */
static void test_late(void **state) {
    struct tracker *tracker = tracker_new();
    struct track_note note;
    (void)state;
    assert_int_equal(marks_of(tracker, (struct segment){1, TCP_ACK, 5000, 9000, 10, 1000}, &note), 0);
    assert_int_equal(note.seq, 1);
    assert_int_equal(note.ack, 1);
    assert_int_equal(marks_of(tracker, (struct segment){2, TCP_ACK, 9000, 5010, 0, 1000}, &note), 0);
    assert_int_equal(note.seq, 1);
    assert_int_equal(note.ack, 11);
    tracker_free(tracker);
    tracker = tracker_new();
    marks_of(tracker, (struct segment){1, TCP_RST, 5000, 0, 0, 0}, &note);
    assert_false(note.relative);
    assert_int_equal(note.seq, 5000);
    tracker_free(tracker);
}

/* Far more connections than there is room for: the latest are known, and nothing else happens. */
static void test_many(void **state) {
    struct tracker *tracker = tracker_new();
    struct track_note note;
    (void)state;
    for (unsigned i = 0; i < 10 * TRACK_MOST; i++) {
        struct packet packet = {.kind = PACKET_TCP,
                                .family = AF_INET,
                                .protocol = IPPROTO_TCP,
                                .transport_length = 20,
                                .from = {10, (uint8_t)(i >> 8), (uint8_t)i, 1},
                                .from_port = 1,
                                .to_port = 2,
                                .tcp = {.seq = i, .flags = TCP_SYN}};
        tracker_see(tracker, &packet, NULL, &note);
        assert_true(note.fresh);
        packet.tcp = (struct packet_tcp){.seq = i + 1, .flags = TCP_ACK};
        tracker_see(tracker, &packet, NULL, &note);
        assert_false(note.fresh);
        assert_int_equal(note.seq, 1);
    }
    tracker_free(tracker);
}

/* ---- Names of things ---- */

static void test_names(void **state) {
    struct buf out = {0};
    (void)state;
    packet_flags(TCP_FIN | TCP_ACK | TCP_PSH, &out);
    assert_string_equal(buf_text(&out), "FIN PSH ACK");
    buf_clear(&out);
    packet_flags(0, &out);
    assert_string_equal(buf_text(&out), "no flags");
    assert_int_equal(packet_flag("SYN", 3), TCP_SYN);
    assert_int_equal(packet_flag("SY", 2), 0);
    assert_int_equal(track_mark("zero-window", 11), MARK_ZERO_WINDOW);
    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        assert_non_null(track_mark_name(mark));
    buf_free(&out);
}

static void test_show(void **state) {
    struct frame frame;
    struct track_note note = {.relative = true, .seq = 1, .ack = 1, .window = 64512};
    struct buf out = {0};
    (void)state;
    read_frame(HELLO, &frame);
    packet_show(&frame.packet, &note, frame.bytes, true, 80, &out);
    static const char *const lines[] = {
        "Ethernet, 14 bytes\n",
        "IPv4, 20 bytes\n",
        "  75 a1                    checksum               0x75a1, right\n",
        "TCP, 32 bytes\n",
        "  cf de                    source port            53214\n",
        "  f2 b7 b0 00              sequence number        4072124416: 1\n",
        "  80 18                    header length, flags   8 × 4 = 32, PSH ACK\n",
        "  00 3f                    window                 63, scaled: 64512\n",
        "not complete, and not wrong",
        "data, 5 bytes\n     0  68 65 6c 6c 6f                                   hello\n",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        assert_non_null(strstr(buf_text(&out), lines[i]));
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),        cmocka_unit_test(test_values), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_nonsense),     cmocka_unit_test(test_marks),  cmocka_unit_test(test_again),
        cmocka_unit_test(test_simultaneous), cmocka_unit_test(test_late),   cmocka_unit_test(test_many),
        cmocka_unit_test(test_names),        cmocka_unit_test(test_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
