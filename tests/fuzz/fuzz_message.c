/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes at all as a message.  The first bytes are made a good header now
 * and then, so that the bodies are reached.  What is accepted encodes to the
 * very same bytes: there is one way only to say a thing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "actor/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *bytes, size_t length) {
    struct message message;
    struct error error = {0};
    struct buf again = {0};

    if (!message_decode(bytes, length, &message, &error)) {
        if (!error.text || message.name || message.data)
            abort();
        error_free(&error);
        return;
    }
    if (!message.name || !message.text || !message.extra || !message.data ||
        message.data[message.data_length] != '\0')
        abort();
    if (message_encode(&message, &again, &error) &&
        (again.length != length || memcmp(again.data, bytes, length) != 0))
        abort();
    error_free(&error);
    buf_free(&again);
    message_free(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct {
        uint16_t version, type;
        uint32_t length;
    } header;
    char *copy = calloc(1, size > 0 ? size : 1); /* of exactly this size, for the sanitizer */

    if (size > 0)
        memcpy(copy, data, size);
    check(copy, size);
    if (size >= sizeof(header)) {
        header.version = MESSAGE_VERSION;
        header.type = (uint16_t)(1 + data[0] % (MESSAGE_TYPES_END - 1));
        header.length = (uint32_t)(size - sizeof(header));
        memcpy(copy, &header, sizeof(header));
        check(copy, size);
    }
    free(copy);
    return 0;
}
