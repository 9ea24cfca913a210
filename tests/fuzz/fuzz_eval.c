/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text, parsed and run, a line or more a submission as at the prompt, and
 * then as a source file whose main() is called: no crash, no undefined
 * behaviour, no leak, every failure with an error, every value showable.  The
 * memory, the statements and the shown text are bounded.
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

static void check_end(enum interp_end end, const struct error *error, size_t length) {
    require((end == INTERP_FAILED) == (error->kind != ERROR_NONE),
            "a failure has an error, and nothing else has");
    if (end != INTERP_FAILED)
        return;
    require(error->text && *error->text, "an error has words");
    if (error->source)
        length = strlen(error->source);
    require(error->where.at <= length && error->where.length <= length - error->where.at,
            "an error lies within its text");
}

/* False: it goes on in the next line. */
static bool run_lines(struct little_host *host, const char *text, size_t length) {
    struct error error = {0};
    int status = 0;

    host->budget = BUDGET;
    enum interp_end end = little_run(host, text, length, &status, &error);
    check_end(end, &error, length);
    bool complete = error.kind != ERROR_INCOMPLETE;
    error_free(&error);
    return complete;
}

static void run_file(struct little_host *host, const char *text, size_t length) {
    char *arguments[] = {"prog", "8888"};
    struct error error = {0};
    struct tree tree;
    int status = 0;

    host->budget = BUDGET;
    interp_set_place(host->interp, "prog.c:1:1");
    if (parse_file(text, length, NULL, &tree, &error)) {
        enum interp_end end = interp_run(host->interp, &tree, &status, &error);
        if (end == INTERP_DONE)
            end = interp_main(host->interp, 2, arguments, &status, &error);
        check_end(end, &error, length);
        tree_free(&tree);
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
    for (size_t from = 0, at = 0; from < size; at++) {
        bool ends = at == size || text[at] == '\n';
        if (ends && (run_lines(&host, text + from, at - from) || at == size))
            from = at + 1;
    }
    run_file(&host, text, size);
    show_variables(&host);
    little_end(&host);
    return 0;
}
