/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the transcript; see search.h. */
#include "session/search.h"

#include <string.h>

#include "view/plain.h"

/* Wide enough that no line of words is broken in the middle of what is searched for. */
#define UNBROKEN 10000

/* As the ladder has it: the ends by name, what it is, its data. */
static void add_packet(const struct event *event, struct buf *words) {
    if (event->type != EVENT_PACKET || event->data_length == 0)
        return;
    buf_addf(words, "%s %s %s %s ", event->actor, event->extra, event->name, event->text);
    for (size_t i = 0; i < event->data_length; i++)
        buf_add_char(words, event->data[i] != '\0' ? event->data[i] : ' ');
}

static void add_words(const struct search *search, const struct event *event, struct buf *words) {
    const struct view_options options = {.interactive = true, .columns = UNBROKEN};
    buf_clear(words);
    if (search->packets) {
        add_packet(event, words);
        return;
    }
    if (event->replayed)
        return;
    if (event->type == EVENT_LINE)
        buf_add_text(words, event->text);
    else
        plain_event(event, &options, words);
}

/* The last place of the text that begins before `limit`; NULL: none. */
static const char *last_place(const char *words, const char *wanted, size_t limit) {
    const char *last = NULL;
    for (const char *at = strcasestr(words, wanted); at != NULL && (size_t)(at - words) < limit;
         at = strcasestr(at + 1, wanted))
        last = at;
    return last;
}

/* How many lines stand below this one. */
static size_t lines_below(const char *at) {
    size_t lines = 0;
    while ((at = strchr(at, '\n')) != NULL && *++at != '\0')
        lines++;
    return lines;
}

/* The last place in event `from`, before byte `limit` of its words, or in the events before it. */
static void find(struct search *search, const struct journal *journal, uint64_t from, size_t limit) {
    struct buf words = {0};
    const struct event *event;
    const char *place = NULL;
    for (; from > 0 && (event = journal_at(journal, from)) != NULL; from--, limit = SIZE_MAX) {
        add_words(search, event, &words);
        if ((place = last_place(buf_text(&words), buf_text(&search->text), limit)) != NULL)
            break;
    }
    search->missed = place == NULL;
    if (place != NULL) {
        search->at = from;
        search->offset = search->packets ? 0 : (size_t)(place - buf_text(&words)); /* once in a packet will do */
        search->below = search->packets ? 0 : lines_below(place);
    }
    buf_free(&words);
}

void search_again(struct search *search, const struct journal *journal) {
    search->typing = true;
    if (search->text.length > 0)
        find(search, journal, search->at > 0 ? search->at : journal_last(journal),
             search->at > 0 ? search->offset : SIZE_MAX);
}

void search_end(struct search *search) {
    buf_clear(&search->text);
    search->typing = search->missed = search->packets = false;
    search->at = 0;
    search->offset = search->below = 0;
}

static void erase_character(struct buf *text) {
    while (text->length > 0 && ((unsigned char)text->data[text->length - 1] & 0xC0) == 0x80)
        text->length--;
    text->length -= text->length > 0;
    if (text->data != NULL)
        text->data[text->length] = '\0'; /* even if there was nothing but halves of a character */
}

void search_type(struct search *search, const struct journal *journal, const char *typed, size_t length) {
    for (size_t i = 0; i < length && search->typing; i++) {
        unsigned char c = (unsigned char)typed[i];
        if (c == '\033' || c == '\007') {
            search_end(search);
            return;
        }
        if (c == '\r' || c == '\n')
            search->typing = false;
        else if (c == '\177' || c == '\b')
            erase_character(&search->text);
        else if (c >= ' ')
            buf_add_char(&search->text, (char)c);
    }
    if (!search->typing)
        return;
    if (search->text.length > 0)
        find(search, journal, journal_last(journal), SIZE_MAX);
    else
        search->at = search->below = 0;
}
