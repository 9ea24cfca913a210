/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text, parsed and run, one line a submission as at the prompt: no crash,
 * no undefined behaviour, no leak, every failure with an error, every value
 * showable.  The memory, the statements and the shown text are bounded.
 */
#include <stdint.h>
#include <stdio.h>

#include "../unit/little_host.h"

#define BUDGET 2000
#define MEMORY (1 << 20)
#define SIZE_MOST 4096

static void require(bool truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

static void run_line(struct little_host *host, const char *text, size_t length) {
    struct error error = {0};
    int status = 0;

    host->budget = BUDGET;
    enum interp_end end = little_run(host, text, length, &status, &error);
    require((end == INTERP_FAILED) == (error.kind != ERROR_NONE),
            "a failure has an error, and nothing else has");
    if (end == INTERP_FAILED) {
        require(error.text && *error.text, "an error has words");
        require(error.where.at <= length && error.where.length <= length - error.where.at,
                "an error lies within the text");
    }
    error_free(&error);
}

static void show_variables(struct little_host *host) {
    struct variable found[64];
    struct buf text = {0};
    size_t count = interp_variables(host->interp, 0, found, sizeof(found) / sizeof(found[0]));

    for (size_t i = 0; i < count; i++) {
        type_spell(found[i].type, &text);
        value_show_at(interp_memory(host->interp), found[i].type, found[i].address, &text);
        buf_clear(&text);
    }
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct little_host host;
    const char *text = (const char *)data;

    if (size > SIZE_MOST)
        return 0;
    little_start(&host, MEMORY);
    while (size > 0) {
        const char *newline = memchr(text, '\n', size);
        /* A line that ends in a backslash goes on, so that #define and whole blocks are reached as well. */
        while (newline && newline > text && newline[-1] == '\\' && newline + 1 < text + size)
            newline = memchr(newline + 1, '\n', (size_t)(text + size - newline - 1));
        size_t length = newline ? (size_t)(newline - text) : size;
        run_line(&host, text, length);
        size -= newline ? length + 1 : length;
        text += newline ? length + 1 : length;
    }
    show_variables(&host);
    little_end(&host);
    return 0;
}
