/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a monkey types; see random.h. */
#include "random.h"

#include <stdlib.h>

#include "typed.h"

/* Keys, beginnings of keys, whole lines and things that are no text, so that every state is come by. Nothing
 * among them ends the program. */
static const char *const pieces[] = {
    "s", "a = 1", "\r", "\r", "\t", "\t\t", "socket inet stream\r", "listen 3 3\r", "bind(3, \"127.0.0.1:0\")\r",
    "accept(3)\r", "client> ", ".state\r", ".help socket\r", ".vars\r", ".actor client\r", ".actor server\r",
    "puts(\"\\033[2Jx\")\r", "for (int i = 0; i < 300; i++) printf(\"%d\\n\", i);\r", "while (1) ;\r", "sleep(100)\r",
    "fork()\r", "\x03", "\x03", "\x03", "\x15", "\x17", "\x01", "\x05", "\x0b", "\x19", "\x13", "\x07", "\x0c",
    "\x16", "\x7f", "\x08", "\x1f", "\033", "\033[", "\033O", "\033[A", "\033[B", "\033[C", "\033[D", "\033OP", "\033OQ",
    "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[19~", "\033[20~", "\033[20~", "\033[A\r",
    "connect(3, \"127.0.0.1:9\")\r", "\033[5~", "\033[6~", "\033[5~", "\033[1;5C",
    "\033[<64;10;5M", "\033[<65;10;15M", "\033[<0;1;1M", "\033[200~", "\033[201~",
    "\033[200~pasted\nlines\r\n\033[201~", "\033d", "\033.", "h\303\251", "\346\274\242\345\255\227", "\303", "\377", "\315\201",
    "{", "}", "(", "\"", "/*", "\x1a", "\x12", "\x12s", "\x18", "\x18u", "\x18\x15", "\0335", "\033-",
};

static const unsigned short rows[] = {24, 40, 50, 5, 1, 2, 3, 12}, columns[] = {80, 120, 200, 20, 1, 2, 40, 7};

static size_t below(struct random_keys *keys, size_t end) {
    return (size_t)nrand48(keys->state) % end;
}

void random_begin(struct random_keys *keys, unsigned seed) {
    *keys = (struct random_keys){.state = {0x330E, (unsigned short)seed, (unsigned short)(seed >> 16)},
                                 .size = {.ws_row = rows[0], .ws_col = columns[0]}};
}

struct random_act random_next(struct random_keys *keys) {
    struct random_act *act = &keys->acts[keys->count++ % RANDOM_REMEMBERED];
    *act = (struct random_act){.keys = pieces[below(keys, sizeof(pieces) / sizeof(*pieces))]};
    if (below(keys, 16) == 0) {
        keys->size.ws_row = rows[below(keys, sizeof(rows) / sizeof(*rows))];
        keys->size.ws_col = columns[below(keys, sizeof(columns) / sizeof(*columns))];
        act->keys = NULL;
    }
    act->size = keys->size;
    act->patience_ms = below(keys, 4) == 0 ? 1 : 0;
    act->wait = below(keys, 2) == 0;
    return *act;
}

void random_tell(const struct random_keys *keys, FILE *to) {
    unsigned first = keys->count > RANDOM_REMEMBERED ? keys->count - RANDOM_REMEMBERED : 0;
    for (unsigned i = first; i < keys->count; i++) {
        const struct random_act *act = &keys->acts[i % RANDOM_REMEMBERED];
        if (act->keys != NULL)
            typed_write(act->keys, to);
        else
            fprintf(to, "size %u %u\n", act->size.ws_row, act->size.ws_col);
    }
}
