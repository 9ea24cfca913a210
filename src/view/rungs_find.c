/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding one's way in the book of the wire: parts of a ladder, packets, connections; see rungs.h. */
#include "view/rungs.h"
#include "view/rungs_parts.h"

bool rungs_entry_wanted(const struct rungs_filter *filter, const struct wire_entry *entry) {
    if (entry->event <= filter->after)
        return false;
    if (filter->connection == 0)
        return true;
    switch (entry->kind) {
    case WIRE_PACKET:
        return entry->connection == filter->connection;
    case WIRE_RETURN:
        return entry->cookie == filter->cookies[0] || entry->cookie == filter->cookies[1];
    case WIRE_CHANGE: /* stands beside its packet, or nowhere */
        return true;
    case WIRE_LOST:
        return false;
    }
    return false;
}

uint64_t rungs_first_entry(const struct journal *journal, const struct wire *book, uint64_t after) {
    uint64_t low = 1, high = wire_last(book) + 1; /* the one that is sought is one of these */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const struct wire_entry *entry = wire_at(book, middle);
        if (entry != NULL && entry->event > after && journal_at(journal, entry->event) != NULL)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- Parts of it ---- */

/* Does the entry have a rung of its own? */
static bool is_rung(const struct rungs_filter *filter, const struct wire_entry *entry) {
    return entry->kind != WIRE_CHANGE && rungs_entry_wanted(filter, entry);
}

/* At which end a call stands is known from the packets before it. */
static void begin_with_packet(const struct journal *journal, const struct wire *book,
                              const struct rungs_filter *filter, struct rungs_window *window) {
    const struct wire_entry *entry = wire_at(book, window->first);
    if (window->first == 0 || entry->kind != WIRE_RETURN)
        return;
    for (uint64_t n = window->first - 1, oldest = rungs_first_entry(journal, book, filter->after);
         n >= oldest; n--) {
        entry = wire_at(book, n);
        if (entry->kind != WIRE_PACKET || !rungs_entry_wanted(filter, entry))
            continue;
        window->first = n;
        return;
    }
}

void rungs_find(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                struct rungs_window *window) {
    const struct wire_entry *entry;
    uint64_t last = wire_last(book);
    uint64_t newer = window->until != 0 && window->until < last ? window->until : last; /* the last entry that does not belong to a newer rung */
    size_t most = window->skip + 2 * window->most;
    window->chosen_at = SIZE_MAX;
    window->count = 0;
    window->first = window->last = 0;
    for (uint64_t n = newer, oldest = rungs_first_entry(journal, book, filter->after); n >= oldest; n--) {
        if (!is_rung(filter, entry = wire_at(book, n)))
            continue;
        if (window->count >= window->skip && window->count < window->skip + window->most) {
            window->last = window->last != 0 ? window->last : newer;
            window->first = n;
        }
        if (window->chosen != 0 && entry->packet == window->chosen)
            window->chosen_at = window->count;
        newer = n - 1;
        if (++window->count >= most && (window->chosen == 0 || window->chosen_at != SIZE_MAX))
            break;
    }
    begin_with_packet(journal, book, filter, window);
}

const struct event *rungs_neighbour(const struct journal *journal, const struct wire *book,
                                    const struct rungs_filter *filter, uint64_t number, bool back) {
    const struct wire_entry *newer = NULL, *entry;
    bool passed = number == 0;
    for (uint64_t n = wire_last(book), oldest = rungs_first_entry(journal, book, filter->after); n >= oldest;
         n--) {
        entry = wire_at(book, n);
        if (entry->kind != WIRE_PACKET || !rungs_entry_wanted(filter, entry))
            continue;
        if (passed)
            return journal_at(journal, entry->event);
        passed = entry->packet == number;
        if (passed && !back)
            break;
        newer = entry;
    }
    return passed && !back && newer != NULL ? journal_at(journal, newer->event) : NULL;
}

struct rungs_newer rungs_behind(const struct wire *book, const struct rungs_filter *filter, uint64_t entry, size_t most) {
    struct rungs_newer newer = {0};
    const struct wire_entry *at;
    for (uint64_t n = wire_last(book); n > entry && newer.rungs < most && (at = wire_at(book, n)) != NULL; n--) {
        newer.rungs += is_rung(filter, at);
        newer.packets += at->kind == WIRE_PACKET && is_rung(filter, at);
    }
    return newer;
}

uint64_t rungs_place(const struct wire *book, uint64_t number) {
    const struct wire_entry *entry;
    for (uint64_t n = wire_last(book); (entry = wire_at(book, n)) != NULL; n--)
        if (entry->kind == WIRE_PACKET && entry->packet == number)
            return n;
    return 0;
}

const struct event *rungs_event(const struct journal *journal, const struct wire *book, uint64_t number) {
    const struct wire_entry *entry = wire_at(book, rungs_place(book, number));
    return entry != NULL ? journal_at(journal, entry->event) : NULL;
}

uint64_t rungs_connection(const struct journal *journal, const struct wire *book,
                          const struct socket_facts *facts) {
    const struct wire_entry *entry;
    struct packet packet;
    struct track_note note;
    for (uint64_t n = wire_last(book); (entry = wire_at(book, n)) != NULL; n--) {
        const struct event *event = entry->kind == WIRE_PACKET ? journal_at(journal, entry->event) : NULL;
        if (event != NULL && entry->connection != 0 && rungs_packet(event, &packet, &note) &&
            rungs_is_between(facts, &packet))
            return entry->connection;
    }
    return 0;
}

uint64_t rungs_connection_of(const struct journal *journal, const struct wire *book, uint64_t cookie) {
    const struct wire_entry *entry;
    for (uint64_t n = wire_last(book); cookie != 0 && (entry = wire_at(book, n)) != NULL; n--) {
        const struct event *cause = entry->cause != 0 ? journal_at(journal, entry->cause) : NULL;
        if (entry->kind == WIRE_PACKET && entry->connection != 0 && cause != NULL && cause->cookie == cookie)
            return entry->connection;
    }
    return 0;
}
