/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readline adapter; see prompt.h. */
#include "prompt/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/mem.h"
#include "base/state_file.h"
#include "prompt/offer.h"
#include "prompt/paste.h"
#include "prompt/prefix.h"
#include "prompt/prompt_panes.h"
#include "prompt/step.h"

#define HISTORY_LINES 2000
#define COLUMNS_LEAST 4 /* readline 8.2 divides by the width less one or two */

/* readline's callbacks carry no context: this is the adapter's one global. */
static struct {
    struct prompt_host host;
    char *history_path;
    bool history_read; /* else what the file holds is not to be written over */
    char *text, *ready;
    size_t ready_point; /* where in `ready` the cursor stands */
    bool shown, lifted;
    bool initialised; /* readline is; before, a prompt can be looked at in panes but not typed at */
    char **candidates; /* while readline collects matches */
    size_t candidate;
} prompt;

static int insert_ready(void) {
    if (prompt.ready != NULL && prompt.ready[0] != '\0')
        rl_insert_text(prompt.ready);
    if (prompt.ready_point < (size_t)rl_end)
        rl_point = (int)prompt.ready_point;
    return 0;
}

/* F7 in plain lines; the caller changes over when readline is done with the key. */
static int take_plain_key(int count, int key) {
    (void)count;
    (void)key;
    offer_keep();
    if (prompt.host.key != NULL)
        prompt.host.key(prompt.host.context, SCREEN_KEY_PLAIN);
    return 0;
}

/* Another key of ours, which readline would take for half a key and a ~. */
static int take_panes_key(int count, int key) {
    (void)count;
    (void)key;
    const struct keys usual = {0};
    struct key_found found =
        keys_next(&usual, rl_executing_keyseq, strlen(rl_executing_keyseq), KEYS_WAIT_NOT);
    if (found.kind == FOUND_KEY && prompt.host.key != NULL)
        prompt.host.key(prompt.host.context, found.key);
    return 0;
}

static int take_redraw_key(int count, int key) {
    offer_keep();
    if (!panes_are_on())
        return rl_clear_screen(count, key);
    prompt.host.key(prompt.host.context, SCREEN_KEY_REDRAW);
    return 0;
}

/* Instead of readline's own function for the mark of a paste's beginning. */
static int begin_paste(int count, int key) {
    (void)count;
    (void)key;
    offer_replace(true);
    if (panes_are_on())
        panes_begin_paste();
    else
        paste_begin();
    return 0;
}

/* Where the person's inputrc has nothing else for it. */
static void bind_keys(void) {
    const Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
    rl_add_defun("sockshell-plain-or-panes", take_plain_key, -1);
    for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
        rl_bind_keyseq_if_unbound_in_map("\\e[18~", take_plain_key, maps[i]);
        for (size_t k = 0; keys_usual(k) != NULL; k++)
            rl_bind_keyseq_if_unbound_in_map(keys_usual(k), take_panes_key, maps[i]);
        if (maps[i][CTRL('L')].function == rl_clear_screen)
            rl_bind_key_in_map(CTRL('L'), take_redraw_key, maps[i]);
        if (rl_function_of_keyseq(KEYS_PASTE_BEGIN, maps[i], NULL) == rl_bracketed_paste_begin)
            rl_bind_keyseq_in_map(KEYS_PASTE_BEGIN, begin_paste, maps[i]);
    }
}

/* readline's own way to read, for the plain prompt. */
static bool more_waits(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) > 0;
}

/* readline asks for more than there is only in the middle of a character, a key or a paste, and would then sleep for as
 * long as it takes; false: who wants attention (a signal) comes first. */
static bool wait_for_byte(void) {
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = prompt.host.attention, .events = POLLIN}};
    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        continue;
    return fds[0].revents != 0 || fds[1].revents == 0;
}

static int plain_byte(FILE *stream) {
    if (prefix_is_held())
        return prefix_take();
    if (!wait_for_byte())
        return prefix_abandon();
    int byte = rl_getc(stream);
    return prefix_pass(offer_pass(byte), more_waits());
}

static int plain_byte_is_there(void) {
    return !prefix_is_held() && more_waits();
}

/* The terminal's settings and its marks around a paste: readline's way to ask for those is kept from it (paste.h). */
static void take_terminal(int meta) {
    paste_marks_on();
    rl_prep_terminal(meta);
}

static void give_terminal_back(void) {
    paste_marks_off();
    rl_deprep_terminal();
}

static void read_plainly(void) {
    rl_getc_function = plain_byte;
    rl_input_available_hook = plain_byte_is_there;
    rl_prep_term_function = take_terminal;
    rl_deprep_term_function = give_terminal_back;
}

static void take_line(char *line) {
    /* Without a handler readline leaves the terminal alone while the line is carried out. */
    rl_callback_handler_remove();
    prompt.shown = false;
    panes_forget_candidates();
    rl_eof_found = 0; /* else readline adds a newline whenever it gives the terminal back */
    prompt.host.line(prompt.host.context, line);
}

static char *next_candidate(const char *text, int state) {
    (void)text;
    if (state == 0)
        prompt.candidate = 0;
    char *candidate = prompt.candidates[prompt.candidate];
    if (candidate != NULL)
        prompt.candidates[prompt.candidate++] = NULL; /* readline frees what it is given */
    return candidate;
}

static char **complete(const char *text, int start, int end) {
    (void)text;
    rl_attempted_completion_over = 1; /* never file names */
    size_t from = (size_t)start;
    char append = 0;
    prompt.candidates = prompt.host.complete(prompt.host.context, rl_line_buffer, (size_t)end, &from, &append);
    if (prompt.candidates == NULL)
        return NULL;
    prompt.candidate = 0;
    rl_completion_append_character = append;
    rl_completion_suppress_append = append == 0;
    char **matches = from == (size_t)start ? rl_completion_matches(text, next_candidate) : NULL;
    for (size_t i = prompt.candidate; prompt.candidates[i] != NULL; i++)
        free(prompt.candidates[i]);
    free(prompt.candidates);
    prompt.candidates = NULL;
    return matches;
}

void prompt_open(const struct prompt_host *host, const char *history_path) {
    prompt.host = *host;
    if (history_path != NULL)
        prompt.history_path = mem_string(history_path);
}

/* readline reads inputrc and what terminfo has on the terminal's keys; the latter only if it believes that it shows
 * the line itself. */
static void initialise(void) {
    if (prompt.initialised)
        return;
    prompt.initialised = true;
    rl_readline_name = "sockshell";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t\n\"'`@$><=;|&{(,)}[]!+*/%^~?:.-";
    rl_basic_quote_characters = "";
    rl_startup_hook = insert_ready;
    rl_voidfunc_t *redisplay = rl_redisplay_function;
    rl_redisplay_function = rl_redisplay;
    rl_initialize();
    rl_redisplay_function = redisplay;
    if (!panes_are_on())
        read_plainly();
    bind_keys();
    prompt_resized();
    using_history();
    stifle_history(HISTORY_LINES);
}

static void show_in_readline(void) {
    initialise();
    panes_show_early(NULL);
    rl_callback_handler_install(prompt.text, take_line);
}

void prompt_make_ready(void) {
    if (!prompt.initialised && prompt.shown)
        show_in_readline();
    initialise();
    if (prompt.history_path == NULL || prompt.history_read)
        return;
    read_history(prompt.history_path);
    using_history(); /* back to its end, for a line that is begun already */
    prompt.history_read = true;
}

static bool write_down_history(struct error *error) {
    if (!prompt.history_read)
        return true;
    state_file_folders(prompt.history_path);
    int failed = write_history(prompt.history_path);
    if (failed == 0)
        return true;
    return error_set(error, ERROR_SYSTEM, (struct span){0}, "the history could not be written to %s: %s",
                     prompt.history_path, strerror(failed));
}

/* readline in the middle of something: a search, half a key, a number for the next command.  Of several at once
 * (half a key within a search) readline 8.2's rl_callback_sigcleanup() ends one, and goes on with the others at the
 * next line, in memory that is gone. */
static void abandon_keys(void) {
    rl_callback_sigcleanup();
    rl_readline_state &= ~(unsigned long)(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_MULTIKEY |
                                          RL_STATE_NUMERICARG | RL_STATE_VIMOTION | RL_STATE_METANEXT |
                                          RL_STATE_MOREINPUT | RL_STATE_CHARSEARCH);
    step_forget_changes();
    prefix_take();
    paste_forget();
}

bool prompt_close(struct error *error) {
    if (prompt.shown) {
        abandon_keys();
        rl_callback_handler_remove();
        prompt.shown = false;
    }
    if (panes_are_on())
        panes_end();
    paste_close();
    bool written = write_down_history(error);
    clear_history();
    free(prompt.history_path);
    free(prompt.text);
    free(prompt.ready);
    memset(&prompt, 0, sizeof(prompt));
    return written;
}

static void show(const char *text, const char *ready, size_t point) {
    char *old_text = prompt.text, *old_ready = prompt.ready;
    prompt.text = mem_string(text);
    prompt.ready = mem_string(ready);
    prompt.ready_point = point;
    free(old_text);
    free(old_ready);
    prompt.shown = true;
    prompt.lifted = false;
    if (prompt.initialised || !panes_are_on())
        show_in_readline();
    else
        panes_show_early(prompt.text);
}

void prompt_show(const char *text, const char *ready) {
    show(text, ready != NULL ? ready : "", SIZE_MAX);
    offer_begin(ready != NULL && ready[0] != '\0');
}

bool prompt_offer_gave_way(void) {
    return offer_gave_way();
}

bool prompt_is_shown(void) {
    return prompt.shown;
}

/* Of what readline has, without its help. */
static void deliver_line(void) {
    char *line = mem_string(rl_line_buffer);
    rl_free_line_state();
    rl_replace_line("", 1);
    take_line(line);
}

void prompt_read(void) {
    if (panes_are_on())
        panes_read(&prompt.host, prompt_is_shown, deliver_line);
    else if (paste_is_open())
        paste_read();
    else
        do {
            if (step_read_char(prompt_is_shown))
                deliver_line();
        } while (prefix_is_held() && prompt.shown);
}

const char *prompt_line(void) {
    return prompt.shown && rl_line_buffer != NULL ? rl_line_buffer : "";
}

void prompt_insert(const char *text) {
    prompt_redraw();
    offer_replace(false);
    rl_insert_text(text);
    if (!panes_are_on())
        rl_redisplay();
}

void prompt_enter(void) {
    prompt_redraw();
    if (!panes_are_on()) {
        rl_point = rl_end;
        rl_redisplay();
        rl_crlf();
        fflush(rl_outstream);
    }
    deliver_line();
}

bool prompt_in_panes(bool on, struct error *error) {
    if (on == panes_are_on())
        return true;
    bool shown = prompt.shown, done = true;
    char *line = shown ? mem_string(rl_line_buffer) : NULL;
    size_t point = shown ? (size_t)rl_point : 0;
    if (shown)
        prompt_drop_quietly();
    if (on) {
        done = panes_begin(error);
    } else {
        panes_end();
        read_plainly();
    }
    prompt_resized(); /* for plain lines: it may have changed meanwhile */
    if (shown)
        show(prompt.text, line, point);
    free(line);
    return done;
}

void prompt_lift(void) {
    if (!prompt.shown || prompt.lifted || panes_are_on())
        return;
    rl_clear_visible_line();
    fflush(rl_outstream);
    prompt.lifted = true;
}

void prompt_redraw(void) {
    if (!prompt.shown || !prompt.lifted)
        return;
    prompt.lifted = false;
    rl_on_new_line();
    rl_redisplay();
}

bool prompt_drop_line(void) {
    panes_forget_candidates();
    if (!prompt.shown)
        return false;
    bool had = rl_end > 0;
    abandon_keys();
    rl_free_line_state();
    rl_replace_line("", 1);
    panes_forget_typed();
    if (!panes_are_on())
        fputs("^C\n", rl_outstream);
    rl_callback_handler_remove();
    prompt.shown = false;
    prompt.lifted = false;
    return had;
}

void prompt_drop_quietly(void) {
    abandon_keys();
    prompt_lift();
    rl_free_line_state();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
    prompt.shown = prompt.lifted = false;
}

void prompt_leave_line(void) {
    if (panes_are_on())
        return;
    putchar('\n');
}

void prompt_resized(void) {
    struct winsize size;
    if (panes_are_on() || !prompt.initialised)
        return;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    if (known && size.ws_col < COLUMNS_LEAST) {
        rl_set_screen_size(size.ws_row, COLUMNS_LEAST);
        if (prompt.shown)
            rl_forced_update_display();
    } else if (prompt.shown) {
        rl_resize_terminal();
    } else {
        rl_reset_screen_size();
    }
}

void prompt_suspend(void) {
    if (prompt.shown && !panes_are_on())
        give_terminal_back();
    paste_leave_terminal();
}

void prompt_resume(void) {
    if (!prompt.shown || panes_are_on())
        return;
    take_terminal(1);
    rl_forced_update_display();
}

size_t prompt_columns(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* Behind a backslash or a parenthesis at a line's end, as `if (!(` has one, Alt-. of readline 8.2 takes the NUL for a
 * character, and reads on. */
void prompt_remember(const char *typed) {
    size_t length = strlen(typed);
    if (typed[strspn(typed, " \t")] == '\0')
        return;
    char *line = mem_format("%s%s", typed, strchr("\\(", typed[length - 1]) != NULL ? " " : "");
    const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    if (last == NULL || strcmp(last->line, line) != 0)
        add_history(line);
    free(line);
}

void prompt_restore_terminal(void) {
    if (prompt.shown && !panes_are_on())
        give_terminal_back();
}
