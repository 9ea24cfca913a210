/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens drawn and compared with the files in tests/view/, for test_scene*.c. */
#ifndef SOCKSHELL_TESTS_SCREENS_H
#define SOCKSHELL_TESTS_SCREENS_H

#include <stdio.h>

#include "echo_moments.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Draw, and give the screen as text. */
static inline char *drawn(const struct scene *scene, size_t rows, size_t columns, bool marks,
                          struct scene_result *result) {
    struct canvas *canvas = canvas_new(rows, columns);
    struct scene_result own;
    struct buf text = {0};
    scene_draw(scene, canvas, result != NULL ? result : &own);
    canvas_dump(canvas, marks, &text);
    canvas_free(canvas);
    return buf_take(&text);
}

static inline char *read_whole(const char *path) {
    FILE *file = fopen(path, "r");
    struct buf text = {0};
    char part[4096];
    size_t length;
    if (file == NULL)
        return NULL;
    while ((length = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(&text, part, length);
    fclose(file);
    return buf_take(&text);
}

static inline void compare_with_file(const char *name, const char *seen) {
    const char *top = getenv("top_srcdir");
    char *path = mem_format("%s/tests/view/%s.txt", top != NULL ? top : ".", name);
    if (getenv("UPDATE_VIEWS") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(seen, file);
        assert_int_equal(fclose(file), 0);
    }
    char *expected = read_whole(path);
    if (expected == NULL)
        fail_msg("%s is missing", path);
    if (strcmp(expected, seen) != 0)
        fail_msg("%s has another screen than is drawn:\n%s", path, seen);
    free(expected);
    free(path);
}

typedef void moment(struct stage *stage);

/* One moment at all sizes, in Unicode and ASCII. */
static inline void compare_layouts(const char *of, moment *make) {
    static const struct { size_t columns, rows; } sizes[] = {{80, 24}, {120, 40}, {200, 50}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int unicode = 0; unicode < 2; unicode++) {
            struct stage stage;
            make(&stage);
            stage.scene.unicode = unicode;
            char *seen = drawn(&stage.scene, sizes[i].rows, sizes[i].columns, true, NULL);
            char *name =
                mem_format("%s-%zux%zu%s", of, sizes[i].columns, sizes[i].rows, unicode ? "" : "-ascii");
            compare_with_file(name, seen);
            free(name);
            free(seen);
            stage_end(&stage);
        }
}

static inline void assert_shows(const struct stage *stage, size_t rows, size_t columns, const char *text) {
    char *seen = drawn(&stage->scene, rows, columns, false, NULL);
    if (strstr(seen, text) == NULL)
        fail_msg("no \"%s\" in:\n%s", text, seen);
    free(seen);
}

#endif
