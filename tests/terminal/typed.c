/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See typed.h. */
#include "typed.h"

#include <ctype.h>
#include <stdlib.h>

size_t typed_read(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        from++;
        char hex[3] = {0};
        switch (*from) {
        case 'r': *to++ = '\r'; break;
        case 'n': *to++ = '\n'; break;
        case 't': *to++ = '\t'; break;
        case 'e': *to++ = '\033'; break;
        case 'x':
            hex[0] = from[1];
            hex[1] = from[2];
            *to++ = (char)strtol(hex, NULL, 16);
            from += 2;
            break;
        default: *to++ = *from;
        }
        from++;
    }
    *to = '\0';
    return (size_t)(to - text);
}

void typed_write(const char *keys, FILE *to) {
    fputs("type ", to);
    for (; *keys != '\0'; keys++) {
        if (*keys == '\r' || *keys == '\n' || *keys == '\t' || *keys == '\\')
            fprintf(to, "\\%c", *keys == '\r' ? 'r' : *keys == '\n' ? 'n' : *keys == '\t' ? 't' : '\\');
        else if (isprint((unsigned char)*keys))
            putc(*keys, to);
        else
            fprintf(to, "\\x%02x", (unsigned char)*keys);
    }
    putc('\n', to);
}
