/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from bytes; see keys.h. */
#include "prompt/keys.h"

#include <ctype.h>
#include <string.h>

#define MOUSE_BEGIN "\033[<"         /* xterm's SGR reports: ESC [ < button ; column ; row M */
#define MOUSE_MOST 24
#define BUTTON_FIRST 0
#define BUTTON_WHEEL_UP 64
#define BUTTON_WHEEL_DOWN 65

static const struct {
    const char *sequence;
    enum screen_key key;
} usual[] = {
    {"\033OP", SCREEN_KEY_HELP},     {"\033[11~", SCREEN_KEY_HELP},   {"\033[[A", SCREEN_KEY_HELP},
    {"\033OQ", SCREEN_KEY_ZOOM},     {"\033[12~", SCREEN_KEY_ZOOM},   {"\033[[B", SCREEN_KEY_ZOOM},
    {"\033OR", SCREEN_KEY_NEXT_PANE},    {"\033[13~", SCREEN_KEY_NEXT_PANE},  {"\033[[C", SCREEN_KEY_NEXT_PANE},
    {"\033OS", SCREEN_KEY_HEX},      {"\033[14~", SCREEN_KEY_HEX},    {"\033[[D", SCREEN_KEY_HEX},
    {"\033[15~", SCREEN_KEY_STREAM}, {"\033[[E", SCREEN_KEY_STREAM},  {"\033[17~", SCREEN_KEY_LARGE},
    {"\033[18~", SCREEN_KEY_PLAIN},  {"\033[19~", SCREEN_KEY_SEARCH}, {"\033[20~", SCREEN_KEY_WIRE},
    {"\033[5~", SCREEN_KEY_PAGE_UP},     {"\033[6~", SCREEN_KEY_PAGE_DOWN},
};
#define USUAL (sizeof(usual) / sizeof(*usual))

const char *keys_usual(size_t i) {
    return i < USUAL ? usual[i].sequence : NULL;
}

void keys_add(struct keys *keys, const char *sequence, enum screen_key key) {
    size_t length = sequence != NULL ? strlen(sequence) : 0;
    if (length < 2 || length >= KEY_SEQUENCE_MAX || sequence[0] != '\033' || keys->count == KEYS_ADDED_MOST)
        return;
    struct key_added *added = &keys->added[keys->count++];
    memcpy(added->sequence, sequence, length + 1);
    added->key = key;
}

/* How far two texts go together: all of the sequence, all of the bytes (more may follow), or neither. */
enum match { MATCH_NOT, MATCH_BEGUN, MATCH_WHOLE };

static enum match match(const char *sequence, const char *bytes, size_t length) {
    size_t all = strlen(sequence);
    if (memcmp(sequence, bytes, length < all ? length : all) != 0)
        return MATCH_NOT;
    return length < all ? MATCH_BEGUN : MATCH_WHOLE;
}

static enum match match_key(const struct keys *keys, const char *bytes, size_t length, struct key_found *found) {
    enum match best = MATCH_NOT;
    for (size_t i = 0; i < USUAL + keys->count; i++) {
        const char *sequence = i < USUAL ? usual[i].sequence : keys->added[i - USUAL].sequence;
        enum match now = match(sequence, bytes, length);
        if (now == MATCH_WHOLE) {
            *found = (struct key_found){.kind = FOUND_KEY, .length = strlen(sequence),
                                        .key = i < USUAL ? usual[i].key : keys->added[i - USUAL].key};
            return now;
        }
        if (now > best)
            best = now;
    }
    return best;
}

static enum match match_paste(const char *bytes, size_t length, struct key_found *found) {
    size_t begin = strlen(KEYS_PASTE_BEGIN), end = strlen(KEYS_PASTE_END);
    enum match begun = match(KEYS_PASTE_BEGIN, bytes, length);
    if (begun != MATCH_WHOLE)
        return begun;
    const char *text = bytes + begin;
    const char *stop = memmem(text, length - begin, KEYS_PASTE_END, end);
    if (stop == NULL && length < KEYS_PASTE_MOST)
        return MATCH_BEGUN;
    size_t text_length = stop != NULL ? (size_t)(stop - text) : length - begin;
    *found = (struct key_found){.kind = FOUND_PASTE, .length = begin + text_length + (stop != NULL ? end : 0),
                                .text = text, .text_length = text_length};
    return MATCH_WHOLE;
}

/* A number and the character behind it; 0 when neither is there. */
static size_t number(const char *bytes, size_t length, size_t *value) {
    size_t at = 0;
    for (*value = 0; at < length && isdigit((unsigned char)bytes[at]); at++)
        *value = *value < 100000 ? *value * 10 + (size_t)(bytes[at] - '0') : *value;
    return at > 0 && at < length ? at + 1 : 0;
}

/* False: nothing is made of the other buttons, of dragging, and of letting go. */
static bool find_act(size_t button, bool pressed, enum mouse_act *act) {
    *act = button == BUTTON_WHEEL_UP     ? MOUSE_WHEEL_UP
           : button == BUTTON_WHEEL_DOWN ? MOUSE_WHEEL_DOWN
                                         : MOUSE_CLICK;
    return pressed && (button == BUTTON_WHEEL_UP || button == BUTTON_WHEEL_DOWN || button == BUTTON_FIRST);
}

/* A whole report is taken, whatever it says. */
static enum match match_mouse(const char *bytes, size_t length, struct key_found *found) {
    enum match begun = match(MOUSE_BEGIN, bytes, length);
    if (begun != MATCH_WHOLE)
        return begun;
    size_t at = strlen(MOUSE_BEGIN), values[3] = {0};
    size_t stop = at + strspn(bytes + at, "0123456789;"); /* the bytes end in a NUL */
    if (stop >= length)
        return length < MOUSE_MOST ? MATCH_BEGUN : MATCH_NOT;
    if (bytes[stop] != 'M' && bytes[stop] != 'm')
        return MATCH_NOT;
    for (size_t i = 0; i < 3 && at <= stop; i++) {
        size_t taken = number(bytes + at, stop + 1 - at, &values[i]);
        at = taken > 0 ? at + taken : stop + 1;
    }
    enum mouse_act act;
    bool ours = find_act(values[0], bytes[stop] == 'M' && values[1] > 0 && values[2] > 0, &act);
    *found = (struct key_found){.kind = ours ? FOUND_MOUSE : FOUND_TEXT, .length = stop + 1, .text = "", .act = act,
                                .row = values[2] > 0 ? values[2] - 1 : 0,
                                .column = values[1] > 0 ? values[1] - 1 : 0};
    return MATCH_WHOLE;
}

static enum match match_ours(const struct keys *keys, const char *bytes, size_t length, struct key_found *found) {
    enum match by[3] = {match_key(keys, bytes, length, found), MATCH_NOT, MATCH_NOT};
    if (by[0] == MATCH_WHOLE || (by[1] = match_paste(bytes, length, found)) == MATCH_WHOLE ||
        (by[2] = match_mouse(bytes, length, found)) == MATCH_WHOLE)
        return MATCH_WHOLE;
    return by[0] == MATCH_BEGUN || by[1] == MATCH_BEGUN || by[2] == MATCH_BEGUN ? MATCH_BEGUN : MATCH_NOT;
}

/* Bytes at the end that begin a character of UTF-8 which is not complete. */
static size_t incomplete(const char *bytes, size_t length) {
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char c = (unsigned char)bytes[length - back];
        if (c < 0x80 || c > 0xF4 || c == 0xC0 || c == 0xC1) /* RFC 3629: the last three begin nothing */
            return 0;
        if (c < 0xC0)
            continue;
        size_t wanted = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        return wanted > back ? back : 0;
    }
    return 0;
}

struct key_found keys_next(const struct keys *keys, const char *bytes, size_t length, enum keys_wait wait) {
    struct key_found found = {.kind = FOUND_NOTHING};
    size_t at = 0;
    for (; at < length; at++) {
        if (bytes[at] != '\033')
            continue;
        struct key_found ours = {.kind = FOUND_NOTHING};
        enum match here = match_ours(keys, bytes + at, length - at, &ours);
        if (here == MATCH_WHOLE && at == 0)
            return ours;
        if (here == MATCH_WHOLE || (here == MATCH_BEGUN && (length - at > 1 || wait & KEYS_WAIT_ESCAPE)))
            break;
    }
    size_t cut = wait & KEYS_WAIT_UTF8 && at == length ? incomplete(bytes, length) : 0;
    if (at > cut)
        found = (struct key_found){.kind = FOUND_TEXT, .length = at - cut, .text = bytes, .text_length = at - cut};
    return found;
}
