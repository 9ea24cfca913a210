/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session in plain lines: the view writes them, readline shows its own. */
#include <stdlib.h>
#include <string.h>

#include "prompt/prompt.h"
#include "screen/guardian.h"
#include "session/parts.h"
#include "view/plain.h"

static void resized(struct session *session) {
    prompt_resized();
    session->shell->columns = prompt_columns();
    view_resize(session->shell->view, session->shell->columns);
}

/* As in any shell: the prompt is shown anew, which asks for the marks of a paste again. */
static void interrupted(struct session *session) {
    (void)session;
}

static void take_terminal(struct session *session) {
    const char *term = getenv("TERM");
    if (term != NULL && strcmp(term, "dumb") != 0)
        guardian_undo(session->shell->guardian, KEYS_PASTE_MARKS_OFF);
}

static bool begin(struct session *session, struct error *error) {
    take_terminal(session);
    session->shell->columns = prompt_columns();
    view_resize(session->shell->view, session->shell->columns);
    view_mute(session->shell->view, false);
    view_catch_up(session->shell->view, session->shell->journal, session->lines_to);
    session->lines_to = UINT64_MAX; /* from now on they are written as they happen */
    return prompt_in_panes(false, error);
}

static void end(struct session *session) {
    guardian_undo(session->shell->guardian, "");
}

/* Better than nothing, and much better than a ~ in the line. */
static void tell_stray_key(struct session *session) {
    size_t count;
    const struct key_row *rows = key_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].key == session->stray)
            shell_note(session->shell, "%s is a key of the panes, which F7 brings:\n    %s", rows[i].name,
                       rows[i].help);
    session->stray = SCREEN_KEY_NONE;
    view_flush(session->shell->view);
}

static void refresh(struct session *session) {
    if (session->stray != SCREEN_KEY_NONE)
        tell_stray_key(session);
    prompt_redraw();
}

static int64_t due_ns(struct session *session) {
    (void)session;
    return -1;
}

static void take_key(struct session *session, enum screen_key key) {
    if (key == SCREEN_KEY_PLAIN)
        session->change_over = true;
    else
        session->stray = key;
}

static void take_mouse(struct session *session, enum mouse_act act, size_t row, size_t column) {
    (void)session;
    (void)act;
    (void)row;
    (void)column;
}

static bool take_typed(struct session *session, const char *text, size_t length) {
    (void)session;
    (void)text;
    (void)length;
    return false;
}

static void suspend(struct session *session) {
    prompt_suspend();
    guardian_undo(session->shell->guardian, "");
}

static void resume(struct session *session) {
    take_terminal(session);
    prompt_resume();
}

const struct manner manner_plain = {
    .begin = begin,
    .end = end,
    .refresh = refresh,
    .due_ns = due_ns,
    .key = take_key,
    .mouse = take_mouse,
    .typed = take_typed,
    .resized = resized,
    .interrupted = interrupted,
    .suspend = suspend,
    .resume = resume,
};
