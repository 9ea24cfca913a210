/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pasting into plain lines; see paste.h. */
#include "prompt/paste.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/buf.h"
#include "prompt/keys.h"
#include "prompt/offer.h"

/* readline's callbacks carry no context: see prompt.c. */
static struct {
    bool wanted;   /* readline would have asked for the marks */
    bool marks_on; /* the terminal has been asked, */
    bool asked;    /* at any time since it is ours */
    bool open;
    struct buf text;
} paste;

static bool is_on(const char *variable) {
    const char *value = rl_variable_value(variable);
    return value != NULL && strcmp(value, "on") == 0;
}

/* At every prompt, for reading inputrc again (Ctrl-X Ctrl-R) may have given it back. readline 8.2 changes the other
 * variable with it. */
static void keep_from_readline(void) {
    if (!is_on("enable-bracketed-paste"))
        return;
    bool region = is_on("enable-active-region");
    rl_variable_bind("enable-bracketed-paste", "off");
    if (region)
        rl_variable_bind("enable-active-region", "on");
    paste.wanted = true;
}

void paste_marks_on(void) {
    keep_from_readline();
    if (!paste.wanted)
        return;
    fputs(KEYS_PASTE_MARKS_ON, rl_outstream);
    paste.marks_on = paste.asked = true;
}

void paste_marks_off(void) {
    if (!paste.marks_on)
        return;
    fputs(KEYS_PASTE_MARKS_OFF, rl_outstream);
    fflush(rl_outstream);
    paste.marks_on = false;
}

void paste_leave_terminal(void) {
    paste_marks_off();
    paste.asked = false;
}

void paste_close(void) {
    paste_forget();
    paste.marks_on |= paste.asked;
    paste_leave_terminal();
}

void paste_begin(void) {
    paste.open = true;
}

bool paste_is_open(void) {
    return paste.open;
}

/* As readline's own: newlines stay, whichever the terminal makes of them. */
void paste_insert(const char *text, size_t length) {
    struct buf clean = {0};
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n')
            continue;
        if (text[i] != '\0')
            buf_add_char(&clean, text[i] == '\r' ? '\n' : text[i]);
    }
    offer_replace(false);
    rl_insert_text(buf_text(&clean));
    buf_free(&clean);
}

static void end(size_t without) {
    paste.open = false;
    paste_insert(buf_text(&paste.text), paste.text.length - without);
    buf_free(&paste.text);
    rl_redisplay();
}

static bool more_waits(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) > 0;
}

/* A byte at a time, for what is behind its end is readline's. */
void paste_read(void) {
    size_t mark = strlen(KEYS_PASTE_END);
    while (paste.open && more_waits()) {
        char byte;
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got == 1)
            buf_add_char(&paste.text, byte);
        size_t length = paste.text.length;
        if (got == 1 && length >= mark && memcmp(paste.text.data + length - mark, KEYS_PASTE_END, mark) == 0)
            end(mark);
        else if (got == 0 || length >= KEYS_PASTE_MOST || (got < 0 && errno != EINTR && errno != EAGAIN))
            end(0);
    }
}

void paste_forget(void) {
    paste.open = false;
    buf_free(&paste.text);
}
