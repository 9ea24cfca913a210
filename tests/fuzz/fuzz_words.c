/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzing call_from_words() and address_parse_numeric() (which asks no name
 * server).  What words become must be C or a plain error; the first byte
 * chooses the family that an address is read for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "call/engine.h"
#include "lang/parse.h"

#define INPUT_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_variable(void *context, const char *name) {
    (void)context;
    return strcmp(name, "sock") == 0;
}

static void fuzz_words(const char *line) {
    struct buf out = {0};
    struct tree tree = {0};
    struct error error = {0};

    if (call_from_words(line, is_variable, NULL, &out)) {
        if (strchr(buf_text(&out), '(') == NULL)
            abort();
        if (parse(out.data, out.length, &tree, &error))
            tree_free(&tree);
        else if (error.text == NULL)
            abort();
        error_free(&error);
    }
    buf_free(&out);
}

static void fuzz_address(const char *text, int family) {
    struct sockaddr_storage address;
    struct error error = {0};
    struct buf shown = {0};
    size_t length = 0;

    if (address_parse_numeric(text, family, &address, sizeof address, &length, &error)) {
        if (length == 0 || length > sizeof address)
            abort();
        address_show(&address, length, &shown);
    } else if (error.text == NULL) {
        abort();
    }
    error_free(&error);
    buf_free(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};

    if (size == 0 || size > INPUT_MAX)
        return 0;
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    fuzz_words(text);
    fuzz_address(text, families[data[0] % (sizeof families / sizeof *families)]);
    free(text);
    return 0;
}
