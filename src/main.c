/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sockshell: a shell for learning sockets.
 *
 * The way of one line of C through the house:
 *
 *     src/main.c     start, this map; src/options.c the command line
 *     src/session/   where lines come from: a person at a terminal, a demonstration, a script
 *     src/screen/    the terminal: panes painted on it, its settings and their guardian
 *     src/prompt/    the line as it is typed: readline, completion, history
 *     src/shell/     what a line does: command, input, or C for an actor; what follows from it
 *     src/actor/     the actors: real processes, the messages to and from them, who is blocked
 *     src/lang/      in the actor: text to syntax tree, types, checked memory, running it
 *     src/call/      in the actor: the table of calls, their handlers, constants, explanations
 *     src/journal/   what happened, in one order; and what went through each socket
 *     src/view/      the journal made visible: plain lines; variables; what the kernel says, in columns;
 *                    the bytes of a connection
 *     src/lesson/    lessons: load, play, judge
 *     src/explain/   why: the cause of a failure or surprise, as it stands here and now
 *     src/observe/   what the kernel says: sock_diag and /proc to snapshots, and what changed between two
 *     src/packet/    packets: caught, decoded, followed, put into words
 *     src/net/       a network of one's own
 *     src/export/    what happened, as files for other programs
 *     src/base/      buffers, errors, text, JSON, the clock
 *     src/tools/     programs for the build: the manual's list of calls
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/state_file.h"
#include "lesson/bounds.h"
#include "lesson/check_all.h"
#include "lesson/list.h"
#include "lesson/play.h"
#include "net/network.h"
#include "options.h"
#include "screen/guardian.h"
#include "session/program.h"
#include "session/script.h"
#include "session/session.h"
#include "session/settings.h"
#include "shell/command.h"
#include "shell/home.h"
#include "shell/hosts.h"
#include "shell/shell.h"
#include "view/plain.h"

#define EXIT_MISUSED 1
#define EXIT_USAGE 2

/* Texts may have parts of the command line in them. */
static void tell_safely(const char *before, const char *text) {
    struct buf safe = {0};
    escape_lines(&safe, text, strlen(text));
    fprintf(stderr, "%s%s\n", before, buf_text(&safe));
    buf_free(&safe);
}

static int fail(struct error *error, int status) {
    tell_safely("sockshell: ", error->text);
    if (error->hint != NULL)
        tell_safely("    ", error->hint);
    error_free(error);
    return status;
}

/* What the rest takes for granted: descriptors 0 to 2 are open, so that none of our
 * own comes to lie there (a closed one becomes one that fails, with EBADF), there may
 * be as many as the system allows, and /proc tells about processes. */
static bool have_surroundings(void) {
    struct rlimit files;
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return false;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (access("/proc/self/stat", R_OK) == 0)
        return true;
    fputs("sockshell: /proc is not mounted, and without it nobody can know who is blocked\n", stderr);
    return false;
}

/* What a run of the program is about. */
struct undertaking {
    const struct options *options;
    const struct lesson *lesson;        /* NULL: none */
    const struct check_manner *manner; /* of checking it; NULL: it is played */
    struct report *report;             /* of playing it; NULL: none */
};

/* Lessons want a network of their own, and make do without. */
static enum home choose_home(const struct undertaking *undertaking) {
    switch (undertaking->options->network) {
    case NETWORK_USUAL:
        break;
    case NETWORK_HOST:
        return HOME_MACHINE;
    case NETWORK_PRIVATE:
        return HOME_PRIVATE;
    }
    const struct lesson *lesson = undertaking->lesson;
    return lesson != NULL && lesson->private_network ? HOME_PRIVATE_OR_MACHINE : HOME_MACHINE;
}

/* For .network: why there. */
static const char *why_home(const struct undertaking *undertaking, enum home home) {
    if (undertaking->options->network != NETWORK_USUAL)
        return home == HOME_PRIVATE ? "--network=private asks for it." : "--network=host asks for it.";
    if (home == HOME_MACHINE)
        return undertaking->lesson != NULL ? "The lesson asks for it." : "It is the usual one where no lesson is played.";
    return "The lesson asks for it, so that its ports are free for sure.";
}

/* Those that a lesson's header names. */
static bool make_hosts(struct shell *shell, const struct lesson *lesson, struct error *error) {
    if (lesson->host_count > 0 && shell->network == NULL && !network_possible(error))
        return false;
    for (size_t i = 0; i < lesson->host_count; i++)
        if (!hosts_add(shell, lesson->hosts[i], NULL, error))
            return false;
    return true;
}

static bool is_interactive(const struct options *options) {
    return options->script == NULL && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static bool wants_colour(void) {
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && (none == NULL || none[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

/* What a person at the terminal is told first. */
static char *greeting(const struct shell *shell) {
    char *where = shell->player != NULL && shell->network_note != NULL
                      ? mem_format("\nThe sockets live %s.", shell->network_note)
                      : mem_string("");
    char *text = mem_format("sockshell %s: C lines run for real. .help helps, Ctrl-D leaves.%s",
                            PACKAGE_VERSION, where);
    free(where);
    return text;
}

/* sockshell FILE.c: what is to be run before all else; NULL: nothing is. */
static char *first_line(const struct options *options) {
    if (options->program == NULL)
        return NULL;
    return command_run_line(options->program, options->arguments, options->argument_count);
}

/* `actors` and where they are to live; or NULL when they are there. */
static int attend(struct shell *shell, const struct options *options, const char *const *actors, enum home home) {
    struct settings settings;
    struct error error = {0};
    char *path = config_file_path("config");
    bool read = settings_read(path, &settings, &error);
    free(path);
    if (!read)
        return fail(&error, EXIT_USAGE);
    char *words = greeting(shell), *first = first_line(options);
    struct session_options session = {.plain = options->plain,
                                      .colour = wants_colour(),
                                      .greeting = words,
                                      .mouse = options->mouse == MOUSE_USUAL ? settings.mouse : options->mouse == MOUSE_ON,
                                      .automatic = options->automatic,
                                      .actors = actors,
                                      .first = first,
                                      .home = home};
    int status = session_run(shell, &session);
    free(words);
    free(first);
    return status;
}

static int play(struct shell *shell, const struct undertaking *undertaking) {
    const struct lesson *lesson = undertaking->lesson;
    if (undertaking->manner != NULL) {
        view_mute(shell->view, true);
        return player_check(shell, lesson, undertaking->manner);
    }
    if (!is_interactive(undertaking->options)) {
        fputs("sockshell: a lesson is played on a terminal; --check plays it with nobody there\n", stderr);
        return EXIT_USAGE;
    }
    const struct options *options = undertaking->options;
    char *progress = state_file_path("progress");
    struct player_manner manner = {.typing = options->typing, .automatic = options->automatic > 0,
                                   .progress = progress, .report = undertaking->report};
    shell->player = player_new(shell, lesson, &manner);
    int status = attend(shell, options, NULL, HOME_MACHINE);
    player_free(shell->player);
    free(progress);
    shell->player = NULL;
    return status;
}

static int run_script(struct shell *shell, const struct options *options) {
    int fd = STDIN_FILENO;
    char *first = first_line(options);
    if (first != NULL) {
        int status = program_run(shell, first);
        free(first);
        return status;
    }
    if (options->script != NULL && strcmp(options->script, "-") != 0) {
        fd = open(options->script, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            struct error error = {0};
            error_set(&error, ERROR_SYSTEM, (struct span){0}, "%s: %s", options->script, strerror(errno));
            return fail(&error, EXIT_USAGE);
        }
    }
    int status = script_run(shell, fd, fd == STDIN_FILENO ? "stdin" : options->script);
    if (fd != STDIN_FILENO)
        close(fd);
    return status;
}

static int run(struct shell *shell, const struct undertaking *undertaking) {
    static const char *const usual[] = {"server", "client", NULL};
    const struct options *options = undertaking->options;
    const struct lesson *lesson = undertaking->lesson;
    struct error error = {0};
    bool interactive = is_interactive(options);
    struct view_options view = {.colour = wants_colour(), .interactive = interactive,
                                .before = interactive ? session_lift : NULL};
    enum shell_mode mode = options->check ? SHELL_CHECK : interactive ? SHELL_PROMPT : SHELL_SCRIPT;
    shell->journal = journal_new();
    if (options->journal != NULL && !journal_write_to(shell->journal, options->journal, &error))
        return fail(&error, EXIT_USAGE);
    shell->view = view_new(shell->journal, stdout, stderr, view);
    enum home home = choose_home(undertaking);
    shell->network_why = why_home(undertaking, home);
    if (lesson != NULL)
        preset_follow(&lesson->preset, shell->preset_off);
    preset_follow(&options->preset, shell->preset_off);
    if (interactive && lesson == NULL)
        return attend(shell, options, usual, home);
    home_begin(shell, home);
    if (!home_arrive(shell, home, &error))
        return fail(&error, EXIT_USAGE);
    if (lesson != NULL && !make_hosts(shell, lesson, &error)) {
        if (!options->check)
            return fail(&error, EXIT_USAGE);
        shell->no_hosts = mem_string(error.text);
        error_free(&error);
    }
    shell->no_raw_sockets = lesson != NULL && !(lesson->needs & NEED_RAW);
    bool own = shell->private_network || options->network == NETWORK_HOST;
    int folder = shell->network != NULL ? network_folder(shell->network) : -1;
    if (lesson != NULL && !bounds_begin(&shell->bounds, own, folder, &error))
        return fail(&error, EXIT_MISUSED);
    if (!shell_start(shell, mode, lesson != NULL ? (const char *const *)lesson->actors : usual,
                     lesson != NULL && shell->no_hosts == NULL ? (const char *const *)lesson->actor_hosts : NULL,
                     &error))
        return fail(&error, EXIT_MISUSED);
    return lesson != NULL ? play(shell, undertaking) : run_script(shell, options);
}

/* A shell from its beginning to its end. */
static int run_and_end(const struct undertaking *undertaking) {
    const struct options *options = undertaking->options;
    struct shell shell = {.guardian = is_interactive(options) && !options->check ? guardian_start() : NULL};
    int status = run(&shell, undertaking);
    shell_end(&shell);
    bounds_end(&shell.bounds);
    view_free(shell.view);
    const char *trouble = shell.journal != NULL ? journal_trouble(shell.journal) : NULL;
    if (trouble != NULL) {
        fprintf(stderr, "sockshell: %s\n", trouble);
        status = status == 0 ? EXIT_MISUSED : status;
    }
    journal_free(shell.journal);
    guardian_free(shell.guardian);
    return status;
}

static bool find_and_load(const char *name, uint64_t seed, struct lesson *lesson, struct error *error) {
    char *path = NULL;
    bool loaded = lesson_find(name, &path, error) && lesson_load(path, seed, lesson, error);
    free(path);
    return loaded;
}

static int check_lesson(void *context, const char *name, const struct check_manner *manner) {
    const struct options *options = context;
    struct lesson lesson = {0};
    struct error error = {0};
    if (!find_and_load(name, options->seed, &lesson, &error)) {
        if (manner->tap)
            check_tell_test(manner, name, false, "a lesson", error.text);
        return fail(&error, EXIT_MISUSED);
    }
    int status = run_and_end(&(struct undertaking){.options = options, .lesson = &lesson, .manner = manner});
    lesson_free(&lesson);
    return status;
}

static int check(struct options *options) {
    struct check_manner manner = {.tap = options->tap, .accept = options->accept};
    struct error error = {0};
    char **course = NULL;
    if (options->lesson_count > 0)
        return check_all(options->lessons, options->lesson_count, &manner, check_lesson, options);
    if (!lesson_find_all(&course, &error))
        return fail(&error, EXIT_USAGE);
    size_t count = 0;
    while (course[count] != NULL)
        count++;
    int status = check_all((const char *const *)course, count, &manner, check_lesson, options);
    for (size_t i = 0; i < count; i++)
        free(course[i]);
    free(course);
    return status;
}

/* For a table: those of the terminal, if there is one; but lines that are too long are read as badly as
 * those cut. */
static size_t columns_for_list(void) {
    struct winsize size;
    bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known && size.ws_col < LIST_COLUMNS ? size.ws_col : LIST_COLUMNS;
}

static int list(void) {
    struct error error = {0};
    char *progress = state_file_path("progress");
    bool whole = true, listed = list_lessons(stdout, columns_for_list(), progress, &whole, &error);
    free(progress);
    if (!listed)
        return fail(&error, EXIT_USAGE);
    return whole ? 0 : EXIT_MISUSED;
}

static int reset(const struct options *options) {
    struct error error = {0};
    char *progress = state_file_path("progress");
    bool done = list_reset(stdout, progress, options->lessons, options->lesson_count, &error);
    free(progress);
    return done ? 0 : fail(&error, EXIT_MISUSED);
}

static int play_or_run(const struct options *options) {
    struct undertaking undertaking = {.options = options};
    struct lesson lesson = {0};
    struct error error = {0};
    bool wanted = options->lesson_count > 0;
    if (wanted && !find_and_load(options->lessons[0], options->seed, &lesson, &error))
        return fail(&error, EXIT_USAGE);
    if (wanted)
        undertaking.lesson = &lesson;
    if (options->report != NULL)
        undertaking.report = report_open(options->report, &error);
    bool ready = options->report == NULL || undertaking.report != NULL;
    int status = ready ? run_and_end(&undertaking) : fail(&error, EXIT_USAGE);
    report_close(undertaking.report);
    lesson_free(&lesson);
    return status;
}

static int carry_out(struct options *options) {
    if (options->check)
        return check(options);
    if (options->list)
        return list();
    return options->reset ? reset(options) : play_or_run(options);
}

/* What was printed by way of stdio is not there before it is written: a full disk must not look like success.  Nobody
 * complains to who reads no more (pipe(7): POLLERR at the writing end). */
static int end_output(int status) {
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    errno = 0;
    bool lost = fflush(stdout) != 0;
    int number = errno;
    if ((!lost && !ferror(stdout)) || status != 0)
        return status;
    bool left = poll(&output, 1, 0) > 0 && output.revents & POLLERR;
    if (left && output.revents & POLLHUP) /* a terminal that hung up: that is how its session ends */
        return status;
    if (!left && number != EPIPE)
        fprintf(stderr, "sockshell: standard output cannot be written%s%s\n", lost ? ": " : "",
                lost ? strerror(number) : "");
    return EXIT_MISUSED;
}

int main(int argc, char **argv) {
    struct options options;
    int status;
    if (options_read(argc, argv, &options, &status)) {
        setlocale(LC_CTYPE, "");
        signal(SIGPIPE, SIG_IGN); /* an actor's closed stdin, our own closed stdout: told by errno */
        signal(SIGXFSZ, SIG_IGN); /* a journal over ulimit -f: likewise */
        status = have_surroundings() ? carry_out(&options) : EXIT_MISUSED;
    }
    options_free(&options);
    return end_output(status);
}
