/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding constants by name and by value.  The lists themselves: constants_*.c. */
#include "call/constant.h"

#include <inttypes.h>
#include <string.h>

/* In the order in which constant_find() looks: the sets that programs name most come first. */
static const struct constant_set *const all_sets[] = {
    &constants_misc,   &constants_family, &constants_type,      &constants_address, &constants_message,
    &constants_level,  &constants_option, &constants_shutdown,  &constants_protocol, &constants_tcp,
    &constants_ip,     &constants_ipv6,   &constants_fcntl,     &constants_open,    &constants_poll,
    &constants_epoll,  &constants_epoll_operation, &constants_signal, &constants_handler, &constants_wait,
    &constants_resolve, &constants_host,   &constants_nameinfo, &constants_icmp, &constants_errno,  NULL,
};

const struct constant_set *constant_set_at(size_t i) {
    return i < sizeof all_sets / sizeof *all_sets ? all_sets[i] : NULL;
}

const struct constant *constant_in(const struct constant_set *set, const char *name) {
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].name[0] == name[0] && strcmp(set->items[i].name, name) == 0)
            return &set->items[i];
    return NULL;
}

const struct constant *constant_find(const char *name) {
    for (size_t i = 0; all_sets[i] != NULL; i++) {
        const struct constant *found = constant_in(all_sets[i], name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

const char *constant_name(const struct constant_set *set, int64_t value) {
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].value == value)
            return set->items[i].name;
    return NULL;
}

static void add_flag(struct buf *out, bool *first, const char *name) {
    if (!*first)
        buf_add_char(out, '|');
    buf_add_text(out, name);
    *first = false;
}

/* The bits under .mask are one number with a name of its own (SOCK_STREAM, O_RDWR). */
static int64_t add_field(const struct constant_set *set, int64_t value, struct buf *out, bool *first) {
    int64_t field = value & set->mask;

    for (size_t i = 0; i < set->count; i++) {
        const struct constant *item = &set->items[i];
        if ((item->value & ~set->mask) == 0 && item->value == field) {
            add_flag(out, first, item->name);
            return value & ~set->mask;
        }
    }
    return value;
}

void constant_flags(const struct constant_set *set, int64_t value, struct buf *out) {
    bool first = true;
    /* Flags are ints: a negative one (MSG_CMSG_CLOEXEC is fine, ~0 is not) must not print 16 digits. */
    int64_t rest = value < 0 ? (int64_t)(uint32_t)value : value;

    if (set->mask != 0)
        rest = add_field(set, rest, out, &first);
    for (size_t i = 0; i < set->count && rest != 0; i++) {
        const struct constant *item = &set->items[i];
        bool of_field = set->mask != 0 && (item->value & ~set->mask) == 0;
        if (!of_field && item->value > 0 && (rest & item->value) == item->value) {
            add_flag(out, &first, item->name);
            rest &= ~item->value;
        }
    }
    if (rest != 0)
        buf_addf(out, "%s0x%" PRIx64, first ? "" : "|", (uint64_t)rest);
    else if (first)
        buf_add_char(out, '0');
}
