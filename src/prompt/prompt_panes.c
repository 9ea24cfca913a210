/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readline without a terminal: it is fed from memory and writes nothing, and
 * what it would show can be looked at.
 *
 *     bytes ──▶ typed ──▶ keys_next() ─┬─▶ the first `run` bytes ──▶ readline
 *                                      ├─▶ a paste ────────────────▶ its line
 *                                      └─▶ a key of ours ──────────▶ the host
 */
#include "prompt/prompt_panes.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "prompt/offer.h"
#include "prompt/paste.h"
#include "prompt/prefix.h"
#include "prompt/step.h"

#define READ_AT_ONCE 4096
/* How long an ESC may be the beginning of a key whose rest is still on its way (a slow line): readline's own
 * keyseq-timeout would let everything else stand still. */
#define ESCAPE_NS (100 * MILLISECOND_NS)

/* readline's callbacks carry no context: see prompt.c. */
static struct {
    bool on;
    FILE *nowhere; /* where readline writes */
    struct keys keys;
    struct buf typed;
    size_t run;    /* bytes at its beginning that readline may take */
    bool ended;    /* standard input has */
    int64_t read_ns; /* when anything was last typed */
    int attention; /* readable: signals wait */
    const char *early; /* the prompt that is shown before readline has it; else NULL */
    char **candidates;
    size_t candidate_count;
    struct buf prompt, message; /* without readline's marks */
} panes;

static bool read_more(void) {
    char bytes[READ_AT_ONCE];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (got > 0) {
        buf_add(&panes.typed, bytes, (size_t)got);
        panes.read_ns = clock_now_ns();
    }
    else if (got == 0 || (errno != EINTR && errno != EAGAIN)) /* somebody may have made it O_NONBLOCK */
        panes.ended = true;
    return !panes.ended;
}

/* readline asks for more than there is only in the middle of something (a key of several bytes that ends a search),
 * and takes an end of file there for the end of everything: it must get a byte. Until one comes nothing else can
 * be done; but who wants attention (Ctrl-C) has it abandoned. */
static bool wait_for_byte(void) {
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = panes.attention, .events = POLLIN}};
    while (panes.typed.length == 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return false;
        if (fds[1].revents != 0 || (fds[0].revents != 0 && !read_more()))
            return false;
    }
    return true;
}

static int next_byte(FILE *stream) {
    (void)stream;
    if (prefix_is_held())
        return prefix_take();
    if (panes.run == 0 && !wait_for_byte())
        return panes.ended ? EOF : prefix_abandon();
    int byte = (unsigned char)panes.typed.data[0];
    buf_consume(&panes.typed, 1);
    panes.run -= panes.run > 0;
    return prefix_pass(offer_pass(byte), panes.run > 0);
}

static int byte_is_there(void) {
    return panes.run > 0 && !prefix_is_held();
}

static void redisplay(void) {
}

static void take_candidates(char **matches, int count, int longest) {
    (void)longest;
    panes_forget_candidates();
    panes.candidates = mem_alloc(((size_t)count + 1) * sizeof(char *));
    for (int i = 0; i < count; i++)
        panes.candidates[i] = mem_string(matches[i + 1]); /* the first is what they have in common */
    panes.candidate_count = (size_t)count;
}

void panes_forget_candidates(void) {
    for (size_t i = 0; i < panes.candidate_count; i++)
        free(panes.candidates[i]);
    free(panes.candidates);
    panes.candidates = NULL;
    panes.candidate_count = 0;
}

void panes_show_early(const char *prompt) {
    panes.early = prompt;
}

void panes_forget_typed(void) {
    buf_clear(&panes.typed);
    panes.run = 0;
}

/* Its ESC went to readline before the rest came: as if it had not. */
void panes_begin_paste(void) {
    struct buf typed = {0};
    buf_add_text(&typed, KEYS_PASTE_BEGIN);
    buf_add(&typed, buf_text(&panes.typed), panes.typed.length);
    buf_free(&panes.typed);
    panes.typed = typed;
    panes.run = 0;
}

bool panes_are_on(void) {
    return panes.on;
}

bool panes_begin(struct error *error) {
    panes.nowhere = fopen("/dev/null", "we");
    if (panes.nowhere == NULL)
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "/dev/null: %s", strerror(errno));
    panes.on = true;
    rl_outstream = panes.nowhere;
    rl_getc_function = next_byte;
    rl_input_available_hook = byte_is_there;
    rl_redisplay_function = redisplay;
    rl_completion_display_matches_hook = take_candidates;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    return true;
}

void panes_end(void) {
    rl_outstream = stdout;
    rl_getc_function = rl_getc;
    rl_input_available_hook = NULL;
    rl_redisplay_function = rl_redisplay;
    rl_completion_display_matches_hook = NULL;
    fclose(panes.nowhere);
    panes_forget_candidates();
    buf_free(&panes.typed);
    buf_free(&panes.prompt);
    buf_free(&panes.message);
    memset(&panes, 0, sizeof(panes));
}

void prompt_add_key(const char *sequence, enum screen_key key) {
    keys_add(&panes.keys, sequence, key);
}

int64_t prompt_due_ns(void) {
    size_t length = panes.typed.length;
    if (!panes.on || panes.ended || panes.run > 0 || length == 0 || panes.typed.data[length - 1] != ESC)
        return -1;
    int64_t left = panes.read_ns + ESCAPE_NS - clock_now_ns();
    return left > 0 ? left : 0;
}

static struct key_found find_next(void) {
    unsigned wait = MB_CUR_MAX > 1 ? KEYS_WAIT_UTF8 : KEYS_WAIT_NOT;
    if (prompt_due_ns() > 0)
        wait |= KEYS_WAIT_ESCAPE;
    return keys_next(&panes.keys, buf_text(&panes.typed), panes.typed.length, (enum keys_wait)wait);
}

bool prompt_waits(void) {
    return panes.on && prompt_is_shown() &&
           (panes.run > 0 || panes.ended || find_next().kind != FOUND_NOTHING);
}

/* What stands at the beginning of `typed`; false when the rest of it must come first. */
static bool take_next(const struct prompt_host *host) {
    struct key_found found = find_next();
    switch (found.kind) {
    case FOUND_NOTHING:
        return false;
    case FOUND_TEXT:
        if (found.text_length > 0 && !host->typed(host->context, found.text, found.text_length)) {
            panes.run = found.length;
            panes_forget_candidates();
            return true;
        }
        break;
    case FOUND_PASTE:
        if (!host->typed(host->context, found.text, found.text_length))
            paste_insert(found.text, found.text_length);
        break;
    case FOUND_KEY:
        buf_consume(&panes.typed, found.length); /* first: the key may end the panes */
        host->key(host->context, found.key);
        return panes.on;
    case FOUND_MOUSE:
        host->mouse(host->context, found.act, found.row, found.column);
        break;
    }
    buf_consume(&panes.typed, found.length);
    return true;
}

void panes_read(const struct prompt_host *host, bool (*shown)(void), void (*deliver)(void)) {
    panes.attention = host->attention;
    if (!prompt_waits())
        read_more();
    while (panes.on && shown() && (panes.run > 0 || take_next(host)))
        while (panes.on && (panes.run > 0 || prefix_is_held()) && shown())
            if (step_read_char(shown))
                deliver();
    if (panes.on && panes.ended && shown())
        host->line(host->context, NULL);
}

/* Without what stands between \001 and \002, by which readline is told of what takes no room. */
static void add_visible(struct buf *out, const char *text) {
    bool visible = true;
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == RL_PROMPT_START_IGNORE || *text == RL_PROMPT_END_IGNORE)
            visible = *text == RL_PROMPT_END_IGNORE;
        else if (visible)
            buf_add_char(out, *text);
    }
}

static const char *visible_part(struct buf *out, const char *text) {
    buf_clear(out);
    add_visible(out, text);
    return buf_text(out);
}

/* What stands before the prompt where the person's inputrc says so: the editing mode. "": nothing. */
static const char *mode_string(void) {
    const char *wanted = rl_variable_value("show-mode-in-prompt");
    if (wanted == NULL || strcmp(wanted, "on") != 0)
        return "";
    return rl_variable_value(rl_editing_mode == 1                        ? "emacs-mode-string"
                             : rl_get_keymap() == vi_movement_keymap ? "vi-cmd-mode-string"
                                                                     : "vi-ins-mode-string");
}

void prompt_look(struct prompt_look *look) {
    const char *mode = visible_part(&panes.message, mode_string());
    buf_clear(&panes.prompt);
    escape_text(&panes.prompt, mode, strlen(mode)); /* it is somebody's file that says what it is */
    add_visible(&panes.prompt, rl_prompt);
    bool message = rl_display_prompt != NULL && rl_display_prompt != rl_prompt;
    *look = (struct prompt_look){
        .prompt = panes.early != NULL ? panes.early : buf_text(&panes.prompt),
        .line = rl_line_buffer != NULL ? rl_line_buffer : "",
        .point = rl_point > 0 ? (size_t)rl_point : 0,
        .message = message ? visible_part(&panes.message, rl_display_prompt) : NULL,
        .candidates = panes.candidates,
        .candidate_count = panes.candidate_count,
    };
}
