/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expectations in a learner's words; see expect_words.h. */
#include "lesson/expect_words.h"

#include <ctype.h>
#include <string.h>

/* What stands behind the word that names the kind (and behind the socket, where it is about one). */
static const char *value_of(const struct expectation *e) {
    return e->text + e->value_at;
}

void expect_socket_words(const struct named_socket *socket, struct buf *out) {
    if (socket->variable)
        buf_addf(out, "%s's %s", socket->actor, socket->variable);
    else
        buf_addf(out, "%s's descriptor %d", socket->actor, socket->fd);
}

/* "127.0.0.1:80" of "{AF_INET, 127.0.0.1:80}", which is how address_show() writes it. */
static void add_address(const char *shown, struct buf *out) {
    const char *comma = *shown == '{' ? strstr(shown, ", ") : NULL;
    size_t length = comma != NULL ? strlen(comma + 2) : strlen(shown);
    if (comma != NULL)
        buf_add(out, comma + 2, length - 1);
    else
        buf_add(out, shown, length);
}

void expect_value_words(const struct expectation *e, struct buf *out) {
    bool address = e->kind == EXPECT_LOCAL || e->kind == EXPECT_PEER;
    if (e->any)
        buf_add_text(out, e->kind == EXPECT_QUEUE ? "more than none" : "a success");
    else if (address && e->wanted)
        add_address(e->wanted, out);
    else if (address)
        expect_socket_words(&e->other, out);
    else
        buf_add_text(out, value_of(e));
}

/* ---- What was done ---- */

void says_result(const struct expectation *e, struct buf *out) {
    if (e->any)
        buf_add_text(out, "the call succeeds");
    else
        buf_addf(out, "the kernel gave %s", value_of(e));
}

void says_blocks(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s is blocked", e->actor);
    if (*e->wanted)
        buf_addf(out, " in %s()", e->wanted);
}

void says_prints(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s printed %s", e->actor, value_of(e));
}

void says_value(const struct expectation *e, struct buf *out) {
    buf_addf(out, "the value is %s", e->wanted);
}

void says_exits(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s exited with status %s", e->actor, value_of(e));
}

void says_killed(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s was killed by %s", e->actor, value_of(e));
}

void says_fault(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s's line ended with a mistake (%s)", e->actor, value_of(e));
}

void says_call(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s called %s", e->actor, e->wanted);
}

void says_bytes(const struct expectation *e, struct buf *out) {
    bool sent = e->kind == EXPECT_SENT;
    expect_socket_words(&e->socket, out);
    buf_addf(out, sent ? " was sent %s" : " has given %s", value_of(e));
}

void says_change(const struct expectation *e, struct buf *out) {
    buf_addf(out, "it changed: %s", e->wanted);
}

void says_explained(const struct expectation *e, struct buf *out) {
    buf_addf(out, "the reason is the one called %s", e->wanted);
}

/* ---- What is so ---- */

void says_state(const struct expectation *e, struct buf *out) {
    expect_socket_words(&e->socket, out);
    buf_addf(out, isupper((unsigned char)*e->wanted) ? " is in %s" : " is %s", e->wanted);
}

void says_queue(const struct expectation *e, struct buf *out) {
    static const char *const where[] = {
        [QUEUE_RECEIVE] = "receive", [QUEUE_SEND] = "send", [QUEUE_ACCEPT] = "accept"};
    const char *what = e->queue == QUEUE_ACCEPT ? "connection" : "byte";
    if (e->any)
        buf_addf(out, "there are %ss", what);
    else
        buf_addf(out, "there %s %lld %s%s", e->number == 1 ? "is" : "are", (long long)e->number, what,
                 e->number == 1 ? "" : "s");
    buf_addf(out, " in the %s queue of ", where[e->queue]);
    expect_socket_words(&e->socket, out);
    if (e->of >= 0)
        buf_addf(out, " (backlog %lld)", (long long)e->of);
}

void says_address(const struct expectation *e, struct buf *out) {
    bool local = e->kind == EXPECT_LOCAL;
    expect_socket_words(&e->socket, out);
    buf_add_text(out, local ? " has the address " : " is connected to ");
    expect_value_words(e, out);
}

void says_option(const struct expectation *e, struct buf *out) {
    buf_addf(out, "%s of ", e->option);
    expect_socket_words(&e->socket, out);
    buf_addf(out, " is %s", e->wanted);
}

void says_wire(const struct expectation *e, struct buf *out) {
    if (e->packet_count > 0)
        buf_addf(out, "seen on the wire: %s", value_of(e));
    else
        buf_add_text(out, "nothing was on the wire");
}
