/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A demonstration (--auto): the lesson's lines and answers are typed letter by
 * letter, as a person would, after time for reading what was told.  It is one
 * more thing that the session's loop waits for: nothing sleeps.
 *
 *     READ ──▶ TYPE ──▶ ENTER ──▶ carried out ──▶ READ …     a key pauses, Ctrl-C ends it
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/play.h"
#include "prompt/prompt.h"
#include "session/parts.h"

#define LETTER_NS (SECOND_NS / 18)  /* typing */
#define READING_NS (SECOND_NS / 22) /* a letter of what was told: some 220 words a minute */
#define READ_LEAST_NS SECOND_NS
#define READ_MOST_NS (20 * SECOND_NS)
#define ENTER_NS (SECOND_NS * 7 / 10) /* before a line is given that stands there */
#define BUSY_NS (SECOND_NS / 5)       /* for what takes its own time, whatever the speed */
#define TRIES_MOST 50                 /* at one stop; then somebody else must go on */

static void next_in(struct automat *automat, int64_t ns) {
    automat->due_ns = clock_now_ns() + (int64_t)((double)ns / automat->speed);
}

/* How long a person reads at what has come since. */
static int64_t reading_ns(const struct journal *journal, uint64_t after) {
    size_t letters = 0;
    for (uint64_t number = after + 1; number <= journal_last(journal); number++) {
        const struct event *event = journal_at(journal, number);
        if (event != NULL && event->type != EVENT_LINE)
            letters += strlen(event->note) +
                       (event->type != EVENT_OUTPUT ? strlen(event->text) : event->data_length);
    }
    int64_t ns = (int64_t)letters * READING_NS;
    return ns < READ_LEAST_NS ? READ_LEAST_NS : ns > READ_MOST_NS ? READ_MOST_NS : ns;
}

static void read_on(struct session *session) {
    struct automat *automat = &session->automat;
    automat->phase = AUTO_READ;
    next_in(automat, reading_ns(session->shell->journal, automat->read_to));
    automat->read_to = journal_last(session->shell->journal);
}

void auto_begin(struct session *session, double speed) {
    session->automat.speed = session->shell->player != NULL ? speed : 0;
    if (auto_is_on(session))
        read_on(session);
}

bool auto_is_on(const struct session *session) {
    return session->automat.speed > 0;
}

void auto_end(struct session *session) {
    session->automat.speed = 0;
    player_take_over(session->shell->player);
    if (prompt_is_shown())
        prompt_drop_quietly();
    shell_note(session->shell, "demonstration: it ends here; the prompt is yours");
}

int64_t auto_due_ns(const struct session *session) {
    if (!auto_is_on(session) || session->automat.paused)
        return -1;
    int64_t left = session->automat.due_ns - clock_now_ns();
    return left > 0 ? left : 0;
}

void auto_key(struct session *session) {
    struct automat *automat = &session->automat;
    char keys[4096];
    ssize_t got = read(STDIN_FILENO, keys, sizeof(keys));
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) /* the terminal is gone */
        session->ended = true;
    if (got <= 0)
        return;
    automat->paused = !automat->paused;
    shell_note(session->shell, automat->paused ? "demonstration: it pauses; a key goes on, Ctrl-C ends it"
                                               : "demonstration: it goes on");
    automat->read_to = journal_last(session->shell->journal);
    next_in(automat, LETTER_NS);
}

/* Whoever is to have the line must be free to take it; and a task whose steps were all done may be on its
 * way. */
static bool must_wait(struct session *session) {
    const char *actor = NULL;
    struct shell *shell = session->shell;
    if (player_ready(shell->player, &actor) == NULL)
        return player_asks(shell->player) == NULL && !player_over(shell->player);
    if (strchr(session->prefix, '<') != NULL)
        return false;
    const struct actor *found = crew_find(shell->crew, actor);
    return found != NULL && actor_state(found) == ACTOR_RUNNING;
}

/* What to type at this stop, or NULL: it cannot go on. */
static char *words_to_type(struct session *session) {
    struct player *player = session->shell->player;
    if (player_asks(player) != NULL)
        return player_right_answer(player);
    const char *step = session_step(session);
    return step != NULL ? mem_string(step) : NULL;
}

/* Not for ever at one place: what the lesson expects may not come. */
static bool is_stuck(struct session *session) {
    struct automat *automat = &session->automat;
    size_t stop = player_stop(session->shell->player);
    if (automat->stop != stop)
        automat->tries = 0;
    automat->stop = stop;
    return ++automat->tries > TRIES_MOST;
}

static void begin_typing(struct session *session) {
    struct automat *automat = &session->automat;
    if (is_stuck(session)) {
        auto_end(session);
        return;
    }
    if (must_wait(session)) {
        automat->due_ns = clock_now_ns() + BUSY_NS;
        return;
    }
    free(automat->text);
    automat->text = words_to_type(session);
    automat->typed = 0;
    if (automat->text == NULL) {
        auto_end(session);
        return;
    }
    for (char *c = automat->text; *c != '\0'; c++)
        if (*c == '\n')
            *c = ' ';
    automat->phase = AUTO_TYPE;
    next_in(automat, LETTER_NS);
}

/* One character, which may be several bytes. */
static void type_letter(struct automat *automat) {
    char letter[8] = {0};
    const char *at = automat->text + automat->typed;
    size_t length = 0;
    while (at[length] != '\0' && length + 1 < sizeof(letter) &&
           (length == 0 || ((unsigned char)at[length] & 0xC0) == 0x80)) {
        letter[length] = at[length];
        length++;
    }
    automat->typed += length;
    if (length > 0)
        prompt_insert(letter);
    bool all = automat->text[automat->typed] == '\0';
    automat->phase = all ? AUTO_ENTER : AUTO_TYPE;
    next_in(automat, all ? ENTER_NS : LETTER_NS);
}

void auto_go_on(struct session *session) {
    struct automat *automat = &session->automat;
    if (auto_due_ns(session) != 0 || !prompt_is_shown())
        return;
    if (player_over(session->shell->player)) {
        auto_end(session);
        return;
    }
    switch (automat->phase) {
    case AUTO_READ:
        begin_typing(session);
        break;
    case AUTO_TYPE:
        type_letter(automat);
        break;
    case AUTO_ENTER:
        prompt_enter();
        read_on(session);
        break;
    }
}
