/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line that was offered; see offer.h. */
#include "prompt/offer.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

/* readline's callbacks carry no context: see prompt.c. */
static struct {
    bool stands;
    bool stood; /* before the key that was begun last */
    bool gave_way;
} offer;

void offer_begin(bool offered) {
    offer.stands = offer.stood = offered;
    offer.gave_way = false;
}

bool offer_stands(void) {
    return offer.stands;
}

bool offer_gave_way(void) {
    return offer.gave_way;
}

static void give_way(void) {
    rl_begin_undo_group();
    rl_delete_text(0, rl_end);
    rl_point = 0;
    rl_end_undo_group();
    offer.stands = offer.stood = false;
    offer.gave_way = true;
}

/* Would readline put it into the line? */
static bool is_text(int byte) {
    if (byte < ' ' || byte >= KEYMAP_SIZE - 1)
        return false;
    const char *converts = rl_variable_value("convert-meta");
    if (byte >= 0x80 && converts != NULL && strcmp(converts, "on") == 0)
        return false;
    const KEYMAP_ENTRY *entry = &rl_get_keymap()[byte];
    return entry->type == ISFUNC && entry->function == rl_insert;
}

int offer_pass(int byte) {
    /* Else it belongs to a key, a search or a number that was begun before. */
    if (!RL_ISSTATE(RL_STATE_READCMD))
        return byte;
    offer.stood = offer.stands;
    if (!offer.stands || byte == '\r' || byte == '\n')
        return byte;
    offer.stands = false;
    if (is_text(byte) || byte == CTRL('D'))
        give_way();
    return byte;
}

void offer_keep(void) {
    offer.stands = offer.stood;
}

void offer_replace(bool by_key) {
    if (by_key ? offer.stood : offer.stands)
        give_way();
}
