/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a monkey types; see random.h. */
#include "random.h"

#include <stdlib.h>

/* Keys, beginnings of keys, whole lines and things that are no text, so that every state is come by. Nothing
 * among them ends the program. */
const char *random_piece(void) {
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
    return pieces[(size_t)random() % (sizeof(pieces) / sizeof(*pieces))];
}

void random_size(struct winsize *size) {
    static const unsigned short rows[] = {24, 40, 50, 5, 1, 2, 3, 12}, columns[] = {80, 120, 200, 20, 1, 2, 40, 7};
    size->ws_row = rows[random() % 8];
    size->ws_col = columns[random() % 8];
}
