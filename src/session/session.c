/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person at a terminal; see session.h. */
#include "session/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/state_file.h"
#include "lesson/play.h"
#include "prompt/complete.h"
#include "prompt/prompt.h"
#include "screen/guardian.h"
#include "session/parts.h"
#include "shell/command.h"
#include "shell/line.h"
#include "shell/watch.h"
#include "view/plain.h"

void session_lift(void *context) {
    (void)context;
    prompt_lift();
}

/* A step that was not offered before makes its actor the current one; afterwards
 * the learner may turn to another, and the step waits until he is back. */
static bool turn_to_step(struct session *session, const char *line, const char *actor) {
    struct shell *shell = session->shell;
    size_t arrivals = player_arrivals(shell->player);
    if (session->offered != NULL && strcmp(session->offered, line) == 0 && session->offered_at == arrivals)
        return strcmp(actor_name(shell->current), actor) == 0;
    free(session->offered);
    session->offered = mem_string(line);
    session->offered_at = arrivals;
    session->bare = false;
    struct error error = {0};
    bool turned = shell_switch(shell, actor, &error);
    error_free(&error);
    return turned;
}

/* The step of the lesson that is ready, without the prefix that the prompt shows. */
const char *session_step(struct session *session) {
    struct shell *shell = session->shell;
    const char *actor = NULL;
    const char *line = shell->player != NULL ? player_ready(shell->player, &actor) : NULL;
    if (line == NULL || actor == NULL || !turn_to_step(session, line, actor) || session->bare)
        return NULL;
    size_t name = strlen(actor);
    bool prefixed = strncmp(line, actor, name) == 0 && (line[name] == '>' || line[name] == '<') &&
                    line[name + 1] == ' ';
    free(session->prefix);
    if (prefixed) {
        session->prefix = mem_string_n(line, name + 2);
        return line + name + 2;
    }
    session->prefix = mem_format("%s> ", actor); /* a command */
    return line;
}

/* The lesson asks: its words stand where the actor's name would, and nothing is ready. */
static bool show_question(struct session *session) {
    const struct shell *shell = session->shell;
    const char *words = shell->player != NULL ? player_asks(shell->player) : NULL;
    if (words == NULL)
        return false;
    free(session->prefix);
    free(session->shown);
    session->prefix = mem_string(words);
    session->shown = NULL;
    session->bare = false;
    return true;
}

/* A statement of several lines stands ready on one. */
static char *on_one_line(const char *text) {
    char *line = mem_string(text);
    char *to = line;
    for (const char *from = line; *from != '\0'; from++) {
        if (*from == '\n') {
            *to++ = ' ';
            while (from[1] == ' ')
                from++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return line;
}

/* Once: that what is typed now goes elsewhere. */
static void explain_input(struct session *session) {
    const struct actor *actor = session->shell->current;
    if (session->input_explained || session->shell->player != NULL || !actor_wants_input(actor))
        return;
    session->input_explained = true;
    shell_note(session->shell,
               "    // %s reads its standard input: what you type now goes there. Commands\n"
               "    // (.help) and lines for others (NAME> …) work as ever; Ctrl-D ends the input.",
               actor_name(actor));
}

static void renew_prefix(struct session *session) {
    const struct actor *current = session->shell->current;
    free(session->prefix);
    session->prefix = mem_format("%s%c ", actor_name(current), actor_wants_input(current) ? '<' : '>');
}

static void show_prompt(struct session *session) {
    struct shell *shell = session->shell;
    if (shell->pending.length > 0 || shell->refused_braces > 0) {
        const struct actor *whose = shell->pending.length > 0 ? shell->pending_for : shell->current;
        char *more = mem_format("%*s> ", (int)strlen(actor_name(whose)), "...");
        prompt_show(more, NULL);
        free(more);
        return;
    }
    const struct event *last = journal_at(shell->journal, journal_last(shell->journal));
    if (last != NULL && last->type == EVENT_PROSE)
        prompt_leave_line();
    if (show_question(session)) {
        prompt_show(session->prefix, NULL);
        return;
    }
    renew_prefix(session);
    const char *ready = session_step(session);
    if (ready != NULL && player_hides_step(shell->player))
        ready = NULL;
    char *line = ready != NULL ? on_one_line(ready) : NULL;
    explain_input(session);
    session->bare = false;
    prompt_show(session->prefix, line);
    free(session->shown);
    session->shown = line;
}

/* The line as it would stand in a transcript: the prompt's prefix belongs to it,
 * unless it is a command or names its own actor. */
static char *full_line(struct session *session, const char *typed) {
    struct shell *shell = session->shell;
    if (shell->pending.length > 0)
        return mem_string(typed);
    struct line_parts parts = shell_line_parts(shell, typed, strlen(typed));
    if (shell->player != NULL && player_asks(shell->player) != NULL && parts.kind == LINE_STATEMENT &&
        parts.actor[0] == '\0')
        return mem_format("%s> %s", actor_name(shell->current), typed);
    bool input = strchr(session->prefix, '<') != NULL;
    if (parts.actor[0] != '\0' || (parts.kind == LINE_COMMAND && typed[strspn(typed, " \t")] == '.') ||
        (!input && (parts.kind == LINE_COMMAND || parts.kind == LINE_EMPTY)))
        return mem_string(typed);
    return mem_format("%s%s", session->prefix, typed);
}

static void lesson_after(struct session *session, const char *line) {
    struct shell *shell = session->shell;
    if (shell->player == NULL || player_over(shell->player))
        return;
    shell_settle(shell);
    player_after(shell->player, line, session->before);
}

static void take_end_of_file(struct session *session) {
    struct shell *shell = session->shell;
    const char *input = session->prefix != NULL ? strchr(session->prefix, '<') : NULL;
    prompt_leave_line();
    if (shell->pending.length > 0) {
        shell_drop_pending(shell, true);
    } else if (input != NULL && actor_wants_input(shell->current)) {
        struct error error = {0};
        if (!actor_input(shell->current, "", 0, &error))
            shell_fault(shell, "", "", &error);
        shell_settle(shell);
    } else {
        session->ended = true;
    }
}

/* Is it what the lesson asks for?  Commands, and lines for a named actor, are themselves. */
static bool take_answer(struct session *session, const char *typed) {
    struct shell *shell = session->shell;
    if (shell->player == NULL || shell->pending.length > 0 || player_asks(shell->player) == NULL)
        return false;
    struct line_parts parts = shell_line_parts(shell, typed, strlen(typed));
    if (parts.actor[0] != '\0' || parts.kind == LINE_COMMAND)
        return false;
    session->before = journal_last(shell->journal);
    return player_answer(shell->player, typed);
}

static void take_one_line(struct session *session, const char *typed) {
    struct shell *shell = session->shell;
    if (take_answer(session, typed))
        return;
    char *line = full_line(session, typed);
    if (shell->pending.length == 0) {
        buf_clear(&session->statement);
        session->before = journal_last(shell->journal);
    } else {
        buf_add_char(&session->statement, '\n');
    }
    buf_add_text(&session->statement, line);
    if (shell_line(shell, line, strlen(line), "") != LINE_MORE) {
        shell_settle(shell);
        lesson_after(session, buf_text(&session->statement));
    }
    free(line);
}

/* Once: where the lesson's line has gone when the learner has typed something else, and how one keeps it. */
static void explain_offer(struct session *session, const char *typed, size_t arrivals) {
    const struct shell *shell = session->shell;
    bool command = typed[strspn(typed, " \t")] == '.';
    if (session->offer_explained || command || shell->player == NULL || shell->pending.length > 0 ||
        player_arrivals(shell->player) != arrivals)
        return;
    session->offer_explained = true;
    shell_note(session->shell, "lesson: your line took the place of the one that stood ready, which is back;\n"
                               "lesson: Backspace or an arrow key before typing keeps it, to be changed");
}

/* readline has a whole line, several that were pasted, or end of file (NULL). */
static void take_line(void *context, char *typed) {
    struct session *session = context;
    if (typed == NULL) {
        take_end_of_file(session);
        return;
    }
    bool gave_way = prompt_offer_gave_way();
    size_t arrivals = session->shell->player != NULL ? player_arrivals(session->shell->player) : 0;
    prompt_remember(typed);
    char *next = typed;
    do {
        char *line = next;
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        take_one_line(session, line);
        if (next != NULL)
            renew_prefix(session);
    } while (next != NULL && !session->shell->quit);
    if (gave_way)
        explain_offer(session, typed, arrivals);
    free(typed);
}

static enum command_argument argument_of(const struct command *command) {
    switch (command->takes) {
    case TAKES_TOPIC:
        return ARGUMENT_TOPIC;
    case TAKES_ACTOR:
        return ARGUMENT_ACTOR;
    case TAKES_VARIABLE:
        return ARGUMENT_VARIABLE;
    case TAKES_FILTER:
        return ARGUMENT_FILTER;
    case TAKES_SWITCH:
        return ARGUMENT_SWITCH;
    case TAKES_NOTHING:
    case TAKES_STATEMENT:
    case TAKES_NUMBER:
    case TAKES_PROGRAM:
    case TAKES_TEXT:
        break;
    }
    return ARGUMENT_NONE;
}

static const char *command_name(size_t i, enum command_argument *argument) {
    const struct command *command = command_at(i);
    if (command == NULL)
        return NULL;
    *argument = argument_of(command);
    return command->name;
}

static char **complete(void *context, const char *line, size_t point, size_t *start, char *append) {
    struct session *session = context;
    const char *names[CREW_MAX + 1] = {0};
    const struct actor *actor;
    for (size_t i = 0; i < CREW_MAX && (actor = crew_at(session->shell->crew, i)) != NULL; i++)
        names[i] = actor_name(actor);
    struct board board = {0};
    struct error error = {0};
    bool known = actor_board(session->shell->current, &board, &error);
    error_free(&error);
    struct world world = {known ? &board : NULL, names, command_name};
    struct candidates candidates;
    complete_line(&world, line, point, &candidates);
    if (known)
        board_free(&board);
    *start = candidates.start;
    *append = candidates.append;
    return candidates.words;
}

/* Whom Ctrl-C is for: the current actor if it is in a call, else the only one that is. */
static struct actor *interruptible(struct shell *shell) {
    struct actor *only = NULL, *actor;
    for (size_t i = 0; (actor = crew_at(shell->crew, i)) != NULL; i++) {
        bool busy = actor_state(actor) == ACTOR_BLOCKED || actor_state(actor) == ACTOR_RUNNING;
        if (busy && actor == shell->current)
            return actor;
        if (busy && only != NULL)
            return NULL;
        if (busy)
            only = actor;
    }
    return only;
}

static void interrupt(struct session *session) {
    struct shell *shell = session->shell;
    if (auto_is_on(session)) {
        auto_end(session);
        return;
    }
    /* The command that a lesson holds ready was not typed: it is no reason to spare the call. */
    bool had_text = prompt_drop_line() && shell->player == NULL;
    session->bare = true; /* and a second thought deserves an empty line */
    if (shell->pending.length > 0 || shell->refused_braces > 0 || shell->refused_header) {
        shell_drop_pending(shell, false);
        return;
    }
    struct actor *actor = interruptible(shell);
    if (had_text || actor == NULL)
        return;
    char *line = mem_format(".interrupt %s", actor_name(actor)); /* what it comes to */
    journal_add(shell->journal, &(struct event){.type = EVENT_LINE, .name = actor_name(actor), .text = line});
    free(line);
    actor_interrupt(actor);
    shell_settle(shell);
}

/* Ctrl-\\ ends the shell as it ends any program, with a core where one is wanted, but leaves the terminal in order. */
static void die_of(struct session *session, int number) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, number);
    session->manner->end(session);
    prompt_restore_terminal();
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

static void take_signal(struct session *session) {
    struct signalfd_siginfo info;
    while (read(session->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        switch (info.ssi_signo) {
        case SIGINT:
            session->manner->interrupted(session);
            interrupt(session);
            break;
        case SIGWINCH:
            session->manner->resized(session);
            break;
        case SIGTSTP:
            session->manner->suspend(session);
            raise(SIGSTOP);
            break;
        case SIGCONT: /* after the above, or somebody else has stopped us */
            if (!session->ended) /* else the terminal may be another's, and taking it would be one more stop */
                session->manner->resume(session);
            break;
        case SIGQUIT:
            die_of(session, SIGQUIT);
            break;
        default: /* SIGTERM, SIGHUP */
            session->ended = true;
        }
    }
}

static int64_t sooner(int64_t a, int64_t b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Nothing has been typed: what stands in the line is what stood ready. */
static bool line_is_untouched(const struct session *session) {
    return strcmp(prompt_line(), session->shown != NULL ? session->shown : "") == 0;
}

/* A task may be done without a line of the learner's; but he is not interrupted in typing one. */
static int64_t look_due_ns(const struct session *session) {
    const struct player *player = session->shell->player;
    return player != NULL && line_is_untouched(session) ? player_next_look(player) : -1;
}

static void look_at_task(struct session *session) {
    if (look_due_ns(session) >= 0 && player_look(session->shell->player) && prompt_is_shown())
        prompt_drop_quietly();
}

static void wait_for_something(struct session *session) {
    struct shell *shell = session->shell;
    int64_t due = sooner(sooner(session->manner->due_ns(session), auto_due_ns(session)), look_due_ns(session));
    due = sooner(due, prompt_due_ns());
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = session->signals, .events = POLLIN},
                           {.fd = guardian_fd(session->shell->guardian), .events = POLLIN}};
    shell_poll_for(shell, fds, 3, due);
    if (fds[2].revents != 0) /* nobody waits for us any more */
        session->ended = true;
    else if (fds[1].revents != 0)
        take_signal(session);
    else if (fds[0].revents != 0 && auto_is_on(session))
        auto_key(session);
    else if (fds[0].revents != 0)
        prompt_read();
    shell_listen(shell);
    look_at_task(session);
    auto_go_on(session);
}

/* Those that are not urgent can wait for the end of a key or a paste, which the urgent ones break off. */
static bool open_signals(struct session *session) {
    const int numbers[] = {SIGINT, SIGTERM, SIGTSTP, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT};
    const size_t count = sizeof(numbers) / sizeof(*numbers), urgent = 5;
    sigset_t mask;
    sigemptyset(&mask);
    for (size_t i = 0; i < urgent; i++)
        sigaddset(&mask, numbers[i]);
    session->urgent = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    for (size_t i = urgent; i < count; i++)
        sigaddset(&mask, numbers[i]);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    session->shell->wake_fd = session->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    return session->signals >= 0 && session->urgent >= 0;
}

/* The prompt changes when its actor begins to wait for input, or no longer does. */
static bool prompt_is_stale(const struct session *session) {
    const struct shell *shell = session->shell;
    if (shell->pending.length > 0 || shell->player != NULL || session->prefix == NULL)
        return false;
    return actor_wants_input(shell->current) != (strchr(session->prefix, '<') != NULL);
}

static void take_key(void *context, enum screen_key key) {
    struct session *session = context;
    session->manner->key(session, key);
}

static void take_mouse(void *context, enum mouse_act act, size_t row, size_t column) {
    struct session *session = context;
    session->manner->mouse(session, act, row, column);
}

static bool take_typed(void *context, const char *text, size_t length) {
    struct session *session = context;
    return session->manner->typed(session, text, length);
}

/* ---- The loop ---- */

static void complain(struct session *session, struct error *error) {
    session->manner->end(session);
    fprintf(stderr, "sockshell: %s\n", error->text);
    if (error->hint != NULL)
        fprintf(stderr, "    %s\n", error->hint);
    error_free(error);
}

/* In panes if that is wanted and possible; what stands in the way is told. */
static void choose_manner(struct session *session) {
    struct error error = {0};
    session->manner = session->options->plain ? &manner_plain : &manner_panes;
    if (session->manner->begin(session, &error))
        return;
    session->manner = &manner_plain;
    /* First the manner, which begins by writing what the journal has: the note is told once. */
    struct error ignored = {0};
    session->manner->begin(session, &ignored);
    shell_note(session->shell, "sockshell: plain lines, no panes: %s", error.text);
    error_free(&error);
    error_free(&ignored);
}

/* Nothing is lost: panes have the whole journal, and lines catch up with it. */
static void change_over(struct session *session) {
    const struct manner *other = session->manner == &manner_plain ? &manner_panes : &manner_plain;
    struct error error = {0};
    session->change_over = false;
    prompt_lift();
    session->manner->end(session);
    if (!other->begin(session, &error)) {
        shell_note(session->shell, "sockshell: %s", error.text);
        error_free(&error);
        session->manner->begin(session, &error);
        return;
    }
    session->manner = other;
}

/* The prompt comes first; the private network is made, readline made ready and the actors are born while the person
 * reads it: otherwise it would take three times as long. Returns 0 or, with a complaint, the exit status. */
static int start_behind_prompt(struct session *session) {
    const struct session_options *options = session->options;
    struct error error = {0};
    session->prefix = mem_format("%s> ", options->actors[0]);
    prompt_show(session->prefix, NULL);
    fflush(stdout);
    session->manner->refresh(session);
    home_begin(session->shell, options->home);
    prompt_make_ready();
    bool arrived = home_arrive(session->shell, options->home, &error);
    if (arrived && shell_start(session->shell, SHELL_PROMPT, options->actors, NULL, &error))
        return 0;
    prompt_lift();
    complain(session, &error);
    return arrived ? 1 : 2;
}

static void leave(struct session *session) {
    struct error error = {0};
    session->leaving = true;
    if (session->manner != NULL)
        session->manner->end(session);
    if (!prompt_close(&error))
        fprintf(stderr, "sockshell: %s\n", error.text);
    error_free(&error);
    if (session->signals >= 0)
        close(session->signals);
    if (session->urgent >= 0)
        close(session->urgent);
    free(session->prefix);
    free(session->offered);
    free(session->shown);
    free(session->wishes);
    free(session->automat.text);
    buf_free(&session->statement);
}

static void loop(struct session *session) {
    struct shell *shell = session->shell;
    while (!session->ended && !shell->quit) {
        bool written = view_flush(shell->view); /* a line can be open only where the prompt was lifted */
        if (!written && errno == EIO) /* the terminal is gone */
            break;
        if (session->change_over)
            change_over(session);
        if (prompt_is_shown() && prompt_is_stale(session))
            prompt_drop_quietly();
        if (!prompt_is_shown())
            show_prompt(session);
        session->manner->refresh(session);
        if (prompt_waits())
            prompt_read();
        else
            wait_for_something(session);
    }
}

int session_run(struct shell *shell, const struct session_options *options) {
    struct session session = {.shell = shell, .options = options, .signals = -1, .urgent = -1};
    struct prompt_host host = {.context = &session, .line = take_line, .complete = complete, .key = take_key,
                               .mouse = take_mouse, .typed = take_typed};
    char *history = state_file_path("history");
    int status = 1;
    bool heard = open_signals(&session);
    host.attention = session.urgent;
    prompt_open(&host, history);
    free(history);
    if (!heard) {
        fprintf(stderr, "sockshell: signals cannot be received: %s\n", strerror(errno));
        goto leave;
    }
    choose_manner(&session);
    shell_note(shell, "%s", options->greeting);
    status = options->actors != NULL ? start_behind_prompt(&session) : 0;
    if (status != 0)
        goto leave;
    mem_on_failure(prompt_restore_terminal);
    watch_set(shell, WATCH_CALLS);
    if (shell->player != NULL)
        watch_set(shell, WATCH_STEPS);
    if (shell->player != NULL)
        player_begin(shell->player);
    auto_begin(&session, options->automatic);
    prompt_make_ready();
    loop(&session);
leave:
    leave(&session);
    return status;
}
