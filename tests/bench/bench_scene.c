/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draw the whole screen at 120×40: the echo lesson's two actors with ten
 * descriptors more and a handshake on the wire, and with 10,000 more and a
 * full journal, a quarter of which are packets.  Prints the medians in
 * microseconds.
 */
#include <stdio.h>

#include "../unit/echo_moments.h"
#include "clock.h"

#define ROUNDS 201

static double median_draw(const struct scene *scene) {
    struct canvas *canvas = canvas_new(40, 120);
    struct scene_result result;
    int64_t times[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        int64_t began = clock_now();
        scene_draw(scene, canvas, &result);
        times[i] = clock_now() - began;
    }
    canvas_free(canvas);
    return clock_median(times, ROUNDS) / 1000;
}

int main(void) {
    struct stage stage;
    struct descriptor descriptor;
    stage_waiting(&stage);
    tell_handshake(&stage);
    for (int fd = 10; fd < 20; fd++)
        stage_set(&stage, 0, stage_tcp(&descriptor, fd, (uint64_t)fd + 100, SOCKET_CLOSE));
    double small = median_draw(&stage.scene);
    for (int fd = 10; fd < 10010; fd++)
        stage_set(&stage, 0, stage_tcp(&descriptor, fd, (uint64_t)fd + 100, SOCKET_CLOSE));
    for (int i = 0; i < JOURNAL_KEEP; i++)
        if (i % 4 == 0)
            stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_ACK, .data = HELLO, .alone = true});
        else
            stage_output(&stage, "server", "a line that the server prints\n");
    double many = median_draw(&stage.scene);
    printf("%.0f %.0f\n", small, many);
    stage_end(&stage);
    return 0;
}
