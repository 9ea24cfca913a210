/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzing quiz_drawn() and quiz_wanting(): a ladder in the words of whoever
 * answers. What is understood is put into our words, and those must be
 * understood as themselves; what is not must be told. The first byte chooses
 * the numbers that are demanded.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/quiz.h"

#define INPUT_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A packet in our words. */
static void read_again(const struct sheet *sheet, const char *packet) {
    char *drawn[LESSON_PACKETS_MAX];
    struct buf why = {0};
    if (quiz_drawn(sheet, packet, drawn, &why) != 1 || strcmp(drawn[0], packet) != 0)
        abort();
    free(drawn[0]);
    buf_free(&why);
}

static void fuzz_line(const struct sheet *sheet, const char *line) {
    char *drawn[LESSON_PACKETS_MAX];
    struct buf why = {0}, wanting = {0};
    size_t count = quiz_drawn(sheet, line, drawn, &why);
    if (count > LESSON_PACKETS_MAX || (count == 0) != (why.length > 0))
        abort();
    quiz_wanting(sheet, drawn, count, &wanting);
    for (size_t i = 0; i < count; i++) {
        read_again(sheet, drawn[i]);
        free(drawn[i]);
    }
    buf_free(&wanting);
    buf_free(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char server[] = "server", client[] = "client", *actors[] = {client, server, NULL};
    static const struct lesson lesson = {.actors = actors, .actor_count = 2};
    if (size == 0 || size > INPUT_MAX)
        return 0;
    const struct quiz quiz = {.kind = QUIZ_DRAW, .figures = data[0] % (1U << FIGURES)};
    const struct sheet sheet = {.lesson = &lesson, .quiz = &quiz};
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    fuzz_line(&sheet, text);
    free(text);
    return 0;
}
