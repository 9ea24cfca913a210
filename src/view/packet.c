/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A packet opened; see packet.h. Each field is its bytes, its name, its value,
 * and under them what it means:
 *
 *     TCP, 40 bytes
 *       a8 4c                    source port           43084
 *       22 b8                    destination port      8888
 */
#include "view/packet.h"

#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "packet/fields.h"
#include "view/style.h"

#define BYTES_A_LINE 8
#define NAME_COLUMN (2 + BYTES_A_LINE * 3 + 1)
#define NAME_WIDTH 23
#define DATA_LINES 64 /* of 16 bytes: all that is kept of an Ethernet frame has some 95 */

struct showing {
    const uint8_t *bytes;
    size_t columns;
    bool data; /* the header being shown is no header */
    struct buf *out;
};

static void show_header(void *context, const char *name, size_t at, size_t length) {
    struct showing *showing = context;
    (void)at;
    showing->data = strcmp(name, "data") == 0;
    buf_addf(showing->out, "%s, %zu byte%s\n", name, length, length == 1 ? "" : "s");
}

static void add_hex(const uint8_t *bytes, size_t length, struct buf *out) {
    for (size_t i = 0; i < length; i++)
        buf_addf(out, "%02x ", bytes[i]);
}

/* Hex and text side by side. */
static void show_data(struct showing *showing, const struct packet_field *field) {
    for (size_t i = 0; i < field->length; i += 16) {
        size_t count = field->length - i < 16 ? field->length - i : 16;
        if (i / 16 == DATA_LINES) {
            buf_addf(showing->out, "  … and %zu bytes more\n", field->length - i);
            return;
        }
        buf_addf(showing->out, "  %4zu  ", i);
        add_hex(showing->bytes + field->at + i, count, showing->out);
        buf_addf(showing->out, "%*s", (int)((16 - count) * 3 + 1), "");
        for (size_t k = 0; k < count; k++) {
            uint8_t byte = showing->bytes[field->at + i + k];
            buf_add_char(showing->out, byte >= 0x20 && byte < 0x7f ? (char)byte : '.');
        }
        buf_add_char(showing->out, '\n');
    }
}

static void show_field(void *context, const struct packet_field *field) {
    struct showing *showing = context;
    struct buf *out = showing->out;
    if (showing->data) {
        show_data(showing, field);
        return;
    }
    for (size_t i = 0; i < field->length || i == 0; i += BYTES_A_LINE) {
        size_t count = field->length - i < BYTES_A_LINE ? field->length - i : BYTES_A_LINE,
               from = out->length;
        buf_add_text(out, "  ");
        add_hex(showing->bytes + field->at + i, count, out);
        if (i == 0) {
            buf_addf(out, "%*s", (int)(NAME_COLUMN - (out->length - from)), "");
            buf_addf(out, "%-*s", NAME_WIDTH, field->name);
            escape_text(out, field->value, strlen(field->value));
        }
        while (out->data[out->length - 1] == ' ')
            out->data[--out->length] = '\0';
        buf_add_char(out, '\n');
        if (i >= 3 * BYTES_A_LINE) {
            buf_addf(out, "  …\n");
            break;
        }
    }
    if (field->means[0] != '\0') {
        char lead[NAME_COLUMN + 3];
        memset(lead, ' ', sizeof(lead) - 1);
        lead[sizeof(lead) - 1] = '\0';
        style_wrapped(out, false, STYLE_PLAIN, lead, field->means, showing->columns);
    }
}

void packet_show(const struct packet *packet, const struct track_note *note, const void *bytes,
                 bool checksum_missing, size_t columns, struct buf *out) {
    struct showing showing = {.bytes = bytes, .columns = columns < 60 ? 60 : columns, .out = out};
    const struct packet_visitor visitor = {&showing, show_header, show_field};
    packet_fields(packet, note, bytes, checksum_missing, &visitor);
    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        if (note->marks & mark)
            buf_addf(out, "%s: %s\n", track_mark_name(mark), track_mark_means(mark));
    if (packet->trouble != NULL)
        buf_addf(out, "It is not decoded any further: %s\n", packet->trouble);
    if (packet->kept < packet->length)
        buf_addf(out, "Of its %zu bytes the first %zu are kept.\n", packet->length, packet->kept);
}
