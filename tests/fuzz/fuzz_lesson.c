/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes at all as a lesson.  What does not begin like one is taken for the
 * rest of one, so that not every input has to find a header by chance.  What is
 * accepted must be whole: every step has its actor and its line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "lesson/lesson.h"

#define INPUT_MAX (64 << 10)

static void check(const struct lesson *lesson) {
    for (size_t i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->items[i];
        if (!item->text || strlen(item->text) > LESSON_BYTES_MAX)
            abort();
        if (item->kind != ITEM_STEP)
            continue;
        if (!item->actor)
            abort();
        free(lesson_step_line(item));
        for (size_t j = 0; j < item->expectation_count; j++)
            if (!item->expectations[j].actor || !item->expectations[j].text)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char head[] = "sockshell-lesson 1\ntitle: T\nactors: server, client\n";
    static const size_t like = 10; /* "sockshell-" */
    if (size > INPUT_MAX)
        return 0;
    struct buf bytes = {0};
    if (size < like || memcmp(data, head, like) != 0)
        buf_add_text(&bytes, head);
    buf_add(&bytes, data, size);
    struct lesson lesson;
    struct error error = {0};
    if (lesson_parse("fuzz.les", buf_text(&bytes), bytes.length, 0, &lesson, &error)) {
        check(&lesson);
        lesson_free(&lesson);
    } else if (!error.text) {
        abort();
    }
    error_free(&error);
    buf_free(&bytes);
    return 0;
}
