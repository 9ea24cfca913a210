/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pure parts of the wire: a link's rules, with a clock that the test turns, and the switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "net/link.h"
#include "net/switch.h"

#define MS INT64_C(1000000)
#define TOLD_MOST 4096

/* What the link has told, and of what. */
struct told {
    enum frame_fate fate;
    enum frame_why why;
    uint64_t number;
    int64_t now_ns;
    char mark; /* the frame's last byte */
    bool back;
};

struct scene {
    struct net_link *link;
    uint64_t numbers;
    struct told told[TOLD_MOST];
    size_t count;
};

static void note(void *context, const struct link_frame *frame, enum frame_fate fate, enum frame_why why,
                 int64_t now_ns) {
    struct scene *scene = context;
    assert_true(scene->count < TOLD_MOST);
    scene->told[scene->count++] =
        (struct told){fate, why, frame->number, now_ns, (char)frame->bytes[frame->length - 1], frame->back};
}

static int begin(void **state) {
    static struct scene scene;
    scene = (struct scene){.count = 0};
    scene.link = link_new(note, &scene, &scene.numbers, 1);
    *state = &scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    link_free(scene->link);
    return 0;
}

/* An IPv4 frame, or with ARP's type. */
static void send_typed(struct scene *scene, unsigned char type, char mark, bool back, int64_t now_ns) {
    unsigned char bytes[100] = {0};
    bytes[12] = 8;
    bytes[13] = type;
    bytes[99] = (unsigned char)mark;
    link_take(scene->link, back, bytes, sizeof(bytes), now_ns);
    link_run(scene->link, now_ns);
}

static void send_ip(struct scene *scene, char mark, int64_t now_ns) {
    send_typed(scene, 0, mark, false, now_ns);
}

static size_t told(const struct scene *scene, enum frame_fate fate) {
    size_t count = 0;
    for (size_t i = 0; i < scene->count; i++)
        count += scene->told[i].fate == fate;
    return count;
}

/* The last bytes of what was delivered, in order. */
static void assert_delivered(const struct scene *scene, const char *marks) {
    char seen[64] = "";
    for (size_t i = 0, n = 0; i < scene->count; i++)
        if (scene->told[i].fate == FRAME_DELIVERED && n < sizeof(seen) - 1)
            seen[n++] = scene->told[i].mark;
    assert_string_equal(seen, marks);
}

static void without_rules_it_is_there_at_once(void **state) {
    struct scene *scene = *state;
    send_ip(scene, 'a', 5);
    assert_int_equal(scene->count, 1);
    assert_int_equal(scene->told[0].fate, FRAME_DELIVERED);
    assert_int_equal(scene->told[0].now_ns, 5);
    assert_int_equal(scene->told[0].number, 1);
    assert_true(link_next_ns(scene->link) < 0);
}

static void a_delay_is_kept(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.delay_ns = 20 * MS}, 0);
    send_ip(scene, 'a', 1 * MS);
    send_ip(scene, 'b', 3 * MS);
    assert_int_equal(told(scene, FRAME_SENT), 2);
    assert_int_equal(link_next_ns(scene->link), 21 * MS);
    link_run(scene->link, 21 * MS - 1);
    assert_delivered(scene, "");
    link_run(scene->link, 21 * MS);
    assert_delivered(scene, "a");
    link_run(scene->link, 40 * MS);
    assert_delivered(scene, "ab");
}

/* Those under way keep their time: a shorter delay lets later ones overtake. */
static void a_new_delay_is_for_new_frames(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.delay_ns = 20 * MS}, 0);
    send_ip(scene, 'a', 0);
    link_set(scene->link, &(struct link_rules){.delay_ns = 5 * MS}, 0);
    send_ip(scene, 'b', 0);
    link_run(scene->link, 100 * MS);
    assert_delivered(scene, "ba");
}

/* 100 bytes at 8000 bit/s take 100 ms, each way by itself. */
static void a_rate_spaces_frames(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.rate = 8000}, 0);
    send_ip(scene, 'a', 0);
    send_ip(scene, 'b', 0);
    send_typed(scene, 0, 'c', true, 0);
    link_run(scene->link, 100 * MS);
    assert_delivered(scene, "ac");
    assert_int_equal(link_next_ns(scene->link), 200 * MS);
    link_run(scene->link, 200 * MS);
    assert_delivered(scene, "acb");
}

static size_t lost_of(struct scene *scene, uint64_t seed, char *pattern) {
    scene->count = 0;
    link_seed(scene->link, seed);
    for (size_t i = 0; i < 1000; i++)
        send_ip(scene, 'x', 0);
    for (size_t i = 0; i < 1000; i++)
        pattern[i] = scene->told[i].fate == FRAME_DROPPED ? 'd' : '.';
    return told(scene, FRAME_DROPPED);
}

static void a_loss_is_about_its_percentage_and_its_seed_repeats_it(void **state) {
    struct scene *scene = *state;
    char first[1000], second[1000], other[1000];
    link_set(scene->link, &(struct link_rules){.loss = 30}, 0);
    size_t lost = lost_of(scene, 7, first);
    assert_in_range(lost, 240, 360);
    assert_int_equal(lost_of(scene, 7, second), lost);
    assert_memory_equal(first, second, sizeof(first));
    lost_of(scene, 8, other);
    assert_memory_not_equal(first, other, sizeof(first));
    assert_int_equal(scene->told[0].why == FRAME_BY_LOSS || scene->told[0].fate == FRAME_DELIVERED, 1);
    link_set(scene->link, &(struct link_rules){.loss = 100}, 0);
    assert_int_equal(lost_of(scene, 1, other), 1000);
}

static void what_is_held_waits_for_a_hand(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.hold = true}, 0);
    send_ip(scene, 'a', 0);
    send_ip(scene, 'b', 0);
    link_run(scene->link, 1000 * MS);
    assert_int_equal(told(scene, FRAME_HELD), 2);
    assert_int_equal(link_held(scene->link), 2);
    assert_true(link_next_ns(scene->link) < 0);
    assert_true(link_deliver(scene->link, 2 * MS));
    link_run(scene->link, 2 * MS);
    assert_delivered(scene, "a");
    assert_int_equal(scene->told[2].why, FRAME_BY_LEARNER);
    assert_true(link_drop(scene->link, 3 * MS));
    assert_int_equal(scene->told[3].fate, FRAME_DROPPED);
    assert_int_equal(scene->told[3].why, FRAME_BY_LEARNER);
    assert_false(link_deliver(scene->link, 4 * MS));
    assert_false(link_drop(scene->link, 4 * MS));
    assert_false(link_swap(scene->link));
    assert_false(link_duplicate(scene->link, 4 * MS));
}

static void held_frames_are_doubled_and_swapped(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.hold = true}, 0);
    send_ip(scene, 'a', 0);
    send_ip(scene, 'b', 0);
    send_ip(scene, 'c', 0);
    assert_true(link_swap(scene->link));
    assert_true(link_duplicate(scene->link, 0));
    assert_int_equal(link_held_at(scene->link, 0)->bytes[99], 'b');
    assert_int_equal(link_held_at(scene->link, 1)->bytes[99], 'b');
    assert_int_not_equal(link_held_at(scene->link, 0)->number, link_held_at(scene->link, 1)->number);
    assert_null(link_held_at(scene->link, 4));
    /* Let go, they come in the order in which they waited. */
    link_set(scene->link, &(struct link_rules){.hold = false}, 0);
    link_run(scene->link, 0);
    assert_delivered(scene, "bbac");
}

static void what_finds_neighbours_is_neither_held_nor_lost(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.hold = true, .loss = 100}, 0);
    send_typed(scene, 6, 'a', false, 0); /* ARP */
    unsigned char solicitation[86] = {[12] = 0x86, [13] = 0xdd, [20] = 58, [54] = 135, [85] = 'n'};
    unsigned char echo[86] = {[12] = 0x86, [13] = 0xdd, [20] = 58, [54] = 128, [85] = 'e'};
    link_take(scene->link, false, solicitation, sizeof(solicitation), 0);
    link_take(scene->link, false, echo, sizeof(echo), 0);
    link_run(scene->link, 0);
    assert_delivered(scene, "an");
    assert_int_equal(told(scene, FRAME_DROPPED), 1);
}

static void there_is_an_end_to_what_can_be_held(void **state) {
    struct scene *scene = *state;
    static const unsigned char large[1514] = {[12] = 8};
    link_set(scene->link, &(struct link_rules){.hold = true}, 0);
    size_t room = LINK_FRAMES_MAX < LINK_BYTES_MAX / 1514 ? LINK_FRAMES_MAX : LINK_BYTES_MAX / 1514;
    for (size_t i = 0; i < room + 3; i++) {
        scene->count = 0;
        link_take(scene->link, false, large, sizeof(large), 0);
        assert_int_equal(scene->told[0].fate, i < room ? FRAME_HELD : FRAME_DROPPED);
    }
    assert_int_equal(scene->told[0].why, FRAME_BY_OVERFLOW);
    assert_int_equal(link_held(scene->link), room);
    assert_int_equal(link_counts(scene->link).dropped, 3);
}

static void short_frames_do_no_harm(void **state) {
    struct scene *scene = *state;
    link_set(scene->link, &(struct link_rules){.hold = true}, 0);
    unsigned char bytes[60] = {[12] = 0x86, [13] = 0xdd, [20] = 58};
    for (size_t length = 1; length < sizeof(bytes); length++)
        link_take(scene->link, false, bytes, length, 0);
    assert_int_equal(told(scene, FRAME_DROPPED), 0);
}

/* ---- The switch ---- */

static uint32_t forward(struct mac_switch *mac_switch, size_t port, int to, int from) {
    unsigned char frame[60] = {2, 0, 0, 0, 0, (unsigned char)to, 2, 0, 0, 0, 0, (unsigned char)from};
    if (to == 255)
        memset(frame, 255, 6);
    return switch_forward(mac_switch, port, 4, frame, sizeof(frame));
}

static void a_switch_learns_who_is_where(void **state) {
    (void)state;
    struct mac_switch mac_switch = {.count = 0};
    assert_int_equal(forward(&mac_switch, 0, 9, 5), 0xE); /* nobody knows 9: to all others */
    assert_int_equal(forward(&mac_switch, 2, 5, 9), 0x1);
    assert_int_equal(forward(&mac_switch, 0, 9, 5), 0x4);
    assert_int_equal(forward(&mac_switch, 1, 255, 7), 0xD);
    assert_int_equal(forward(&mac_switch, 2, 9, 9), 0);   /* it is at home */
    assert_int_equal(forward(&mac_switch, 3, 1, 5), 0x7); /* 5 has moved */
    assert_int_equal(forward(&mac_switch, 2, 5, 9), 0x8);
}

static void a_switch_forgets_the_oldest(void **state) {
    (void)state;
    struct mac_switch mac_switch = {.count = 0};
    forward(&mac_switch, 1, 255, 250);
    for (int i = 0; i < SWITCH_KNOWN_MAX; i++)
        forward(&mac_switch, 0, 255, i);
    assert_int_equal(forward(&mac_switch, 2, 250, 251), 0xB);
    assert_int_equal(mac_switch.count, SWITCH_KNOWN_MAX);
    unsigned char tiny[13] = {0};
    assert_int_equal(switch_forward(&mac_switch, 0, 4, tiny, sizeof(tiny)), 0);
}

#define TEST(body) cmocka_unit_test_setup_teardown(body, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(without_rules_it_is_there_at_once),
        TEST(a_delay_is_kept),
        TEST(a_new_delay_is_for_new_frames),
        TEST(a_rate_spaces_frames),
        TEST(a_loss_is_about_its_percentage_and_its_seed_repeats_it),
        TEST(what_is_held_waits_for_a_hand),
        TEST(held_frames_are_doubled_and_swapped),
        TEST(what_finds_neighbours_is_neither_held_nor_lost),
        TEST(there_is_an_end_to_what_can_be_held),
        TEST(short_frames_do_no_harm),
        cmocka_unit_test(a_switch_learns_who_is_where),
        cmocka_unit_test(a_switch_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
