/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drives a program on a real terminal (a pty) through a scenario, as a person
 * would: types, and waits for what must appear.
 *
 *     drive SCENARIO PROGRAM [ARGUMENT…]
 *
 * A scenario has a line an act; # begins a comment:
 *     size ROWS COLUMNS     the terminal's size (before the start: its first size)
 *     env NAME=VALUE        for the program, before the start
 *     args ARGUMENTS        more arguments for the program, before the start
 *     type TEXT             with \r \n \t \e \xHH \\ ; Ctrl-C is \x03
 *     flood TEXT            type it again and again, and read nothing, until the program's answers fill the terminal
 *     expect TEXT           wait until this appears after what was expected before
 *     newline               wait for the end of the line: what was typed has been taken
 *     taken                 wait until what was typed has been read, if nothing shows it
 *     never TEXT            this must not have appeared so far since the last expect
 *     see TEXT              wait until this stands on the screen
 *     unseen TEXT           wait until it does not
 *     screens FILE          where `screen` looks; beside the scenario
 *     screen NAME           wait until the whole screen, its looks included, is what the file has under this name, but
 *                           for what differs from run to run (shown.h). With UPDATE_SCREENS=1 in the environment
 *                           the file is written instead, when the screen has come to rest: read it!
 *     include FILE          the acts of this file (beside the scenario)
 *     cursor ROW COLUMN     wait until it is there (from 0)
 *     mode NUMBER on|off    wait until this private mode (1000: the mouse is reported) is so
 *     random SEED ROUNDS    type at random and resize; whatever the program makes of it, it must not end. RANDOM_SEED
 *                           and RANDOM_ROUNDS in the environment come first.
 *     written BYTES         wait until the program has written so much
 *     end STATUS            the program ends with this exit status (128 + N: by signal N), and leaves no process behind
 *     gone STATUS           the same, though nobody was left to give the terminal back
 *     signal NUMBER         send it to the program
 *     signal-child NUMBER   send it to the program's only child, which is the shell
 *     signal-actor NAME NUMBER   send it to that child of the shell
 *     signal-group NUMBER   send it to the terminal's foreground process group, as the terminal does
 *     hang-up               the terminal goes away
 *
 * Terminal control sequences are taken out before comparing with `expect`. The
 * screen is libvterm's: without it a scenario that looks at the screen is skipped.
 * The deadline of each wait (30 s) only bounds a failure. After the end, the
 * terminal's settings and modes must be as they were before the program started, and no process may be left. (All that
 * lose their parent become this process's children, so that none can hide.)
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "processes.h"
#include "random.h"
#include "recorded.h"
#include "shown.h"
#include "typed.h"

#define DEADLINE_MS 30000
#define TERMINAL_HOLDS 4095 /* bytes before they wait on their way (N_TTY_BUF_SIZE, less one) */
#define REST_MS 400 /* without output, before a screen is written down */
#define EXIT_SKIPPED 77
#define SEEN_MAX (1 << 20)
#define ARGUMENTS_MAX 32

struct drive {
    const char *scenario;
    unsigned line;
    char *arguments[ARGUMENTS_MAX];
    size_t argument_count;
    struct winsize size;
    pid_t pid; /* 0: not started */
    int master, slave;
    struct termios before;
    char *seen;     /* printable output so far */
    size_t length, matched;
    size_t written; /* bytes by the program, all told */
    int escape;     /* state of the control sequence filter */
    unsigned titles; /* that were set: ESC ] … BEL */
    bool ended;
    struct shown *shown;
    bool blind; /* its screen is not kept any more, only its modes */
    char *screens; /* the path where they are recorded; NULL: none */
    bool recorded; /* one has been written there */
    struct random_keys monkey;
};

static void fail(struct drive *d, const char *what, const char *detail) {
    fprintf(stderr, "%s:%u: %s%s\n--- seen since the last match ---\n%.*s\n---\n", d->scenario, d->line, what, detail,
            (int)(d->length - d->matched), d->seen + d->matched);
    if (d->shown != NULL && shown_has_screen()) {
        char *picture = shown_picture(d->shown);
        fprintf(stderr, "%s--- the screen ---\n", picture);
        free(picture);
    }
    if (d->monkey.count > 0) {
        fprintf(stderr, "--- typed at random, %u acts; the last ---\n", d->monkey.count);
        random_tell(&d->monkey, stderr);
    }
    if (d->pid > 0)
        kill(d->pid, SIGKILL);
    exit(1);
}

/* ECMA-48: ESC [ … final byte; ESC ] … BEL; ESC ( and one more, for character sets; ESC and one more. */
static void keep_printable(struct drive *d, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == 0x1B) { /* in whatever was cut off, too */
            d->escape = 1;
        } else if (d->escape == 1) {
            d->escape = c == '[' ? 2 : c == ']' ? 3 : c == '(' || c == ')' ? 4 : 0;
        } else if (d->escape == 2) {
            d->escape = c >= 0x40 && c <= 0x7E ? 0 : 2;
        } else if (d->escape == 3) {
            d->titles += c == 0x07;
            d->escape = c == 0x07 ? 0 : 3;
        } else if (d->escape == 4) {
            d->escape = 0;
        } else if (c != '\r' && c != 0x07 && d->length < SEEN_MAX) {
            d->seen[d->length++] = (char)c;
        }
    }
}

static void start(struct drive *d) {
    if (d->pid != 0)
        return;
    if (openpty(&d->master, &d->slave, NULL, NULL, &d->size) < 0)
        fail(d, "no pty: ", strerror(errno));
    tcgetattr(d->slave, &d->before);
    d->shown = shown_new(d->size.ws_row, d->size.ws_col);
    d->pid = fork();
    if (d->pid == 0) {
        close(d->master);
        login_tty(dup(d->slave));
        close(d->slave);
        execv(d->arguments[0], d->arguments);
        perror(d->arguments[0]);
        _exit(127);
    }
}

/* Take in what comes within the milliseconds left; false when nothing did or all is over. */
static bool take_in(struct drive *d, int milliseconds) {
    struct pollfd fd = {.fd = d->master, .events = POLLIN};
    if (poll(&fd, 1, milliseconds) <= 0)
        return false;
    char bytes[4096];
    ssize_t got = read(d->master, bytes, sizeof(bytes));
    if (got <= 0)
        return false;
    d->written += (size_t)got;
    keep_printable(d, bytes, (size_t)got);
    shown_write(d->shown, bytes, (size_t)got, d->blind);
    return true;
}

static long now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool has_ended(const struct drive *d) {
    return processes_ended(d->pid);
}

static void expect(struct drive *d, const char *text) {
    start(d);
    for (long until = now_ms() + DEADLINE_MS;;) {
        const char *found = memmem(d->seen + d->matched, d->length - d->matched, text, strlen(text));
        if (found != NULL) {
            d->matched = (size_t)(found - d->seen) + strlen(text);
            return;
        }
        long left = until - now_ms();
        bool ended = has_ended(d); /* asked first: whatever it wrote is there then */
        if (left <= 0 || (!take_in(d, left > 100 ? 100 : (int)left) && ended))
            fail(d, "never appeared: ", text);
    }
}

/* Take in what comes until the condition is met. */
static void wait_until(struct drive *d, bool (*met)(struct drive *d, const char *text), const char *what,
                       const char *text) {
    start(d);
    for (long until = now_ms() + DEADLINE_MS; !met(d, text);) {
        bool ended = has_ended(d);
        if (now_ms() > until || (!take_in(d, 100) && ended))
            fail(d, what, text);
    }
}

static bool is_seen(struct drive *d, const char *text) {
    char *screen = shown_text(d->shown);
    bool seen = strstr(screen, text) != NULL;
    free(screen);
    return seen;
}

static bool is_unseen(struct drive *d, const char *text) {
    return !is_seen(d, text);
}

static bool has_written(struct drive *d, const char *text) {
    return d->written >= strtoul(text, NULL, 10);
}

static bool is_screen(struct drive *d, const char *text) {
    char *screen = shown_picture(d->shown);
    bool same = strcmp(screen, text) == 0;
    free(screen);
    return same;
}

static bool is_mode(struct drive *d, const char *wanted) {
    return shown_mode(d->shown, atoi(wanted)) == (strstr(wanted, " on") != NULL);
}

static bool is_cursor(struct drive *d, const char *text) {
    int row, column, wanted_row, wanted_column;
    if (sscanf(text, "%d %d", &wanted_row, &wanted_column) != 2)
        fail(d, "cursor needs row and column", "");
    shown_cursor(d->shown, &row, &column);
    return row == wanted_row && column == wanted_column;
}

/* A file beside the scenario, which the caller frees; $VARIANT in its name is the variable of the environment. */
static char *beside(const struct drive *d, const char *name) {
    char *path = NULL;
    const char *slash = strrchr(d->scenario, '/'), *variant = strstr(name, "$VARIANT"), *value = getenv("VARIANT");
    size_t before = variant != NULL ? (size_t)(variant - name) : strlen(name);
    if (asprintf(&path, "%.*s%.*s%s%s", slash != NULL ? (int)(slash + 1 - d->scenario) : 0, d->scenario, (int)before,
                 name, variant != NULL && value != NULL ? value : "",
                 variant != NULL ? variant + strlen("$VARIANT") : "") < 0)
        abort();
    return path;
}

static void record_screen(struct drive *d, const char *name) {
    start(d);
    while (take_in(d, REST_MS))
        ;
    char *now = shown_picture(d->shown);
    if (!recorded_put(d->screens, d->recorded, name, now))
        fail(d, "cannot write ", d->screens);
    d->recorded = true;
    free(now);
}

static void screen(struct drive *d, const char *name) {
    if (d->screens == NULL)
        fail(d, "no `screens` before this: ", name);
    if (getenv("UPDATE_SCREENS") != NULL) {
        record_screen(d, name);
        return;
    }
    char *text = recorded_get(d->screens, name);
    if (text == NULL)
        fail(d, "not recorded: ", name);
    wait_until(d, is_screen, "the screen never was\n", text);
    free(text);
}

static void type(struct drive *d, char *text) {
    start(d);
    size_t length = typed_read(text);
    for (size_t done = 0; done < length;) {
        ssize_t n = write(d->master, text + done, length - done);
        if (n < 0)
            fail(d, "cannot type: ", strerror(errno));
        done += (size_t)n;
    }
}

/* Processes that were left behind end by themselves, or never. */
static void wait_for_all(struct drive *d) {
    for (long until = now_ms() + DEADLINE_MS; waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;) {
        take_in(d, 5);
        if (now_ms() > until)
            fail(d, "processes are left: ", processes_children(getpid()));
    }
}

/* All that was written before has been read: the kernel hands it on some time after write(2), but in order. */
static void read_all(struct drive *d) {
    static const char title[] = "\033]0;\007";
    unsigned titles = d->titles;
    if (write(d->slave, title, strlen(title)) != (ssize_t)strlen(title))
        fail(d, "cannot write to the terminal: ", strerror(errno));
    for (long until = now_ms() + DEADLINE_MS; d->titles == titles;) {
        take_in(d, 100);
        if (now_ms() > until)
            fail(d, "the terminal takes nothing", "");
    }
}

static void compare_terminal(struct drive *d) {
    struct termios after;
    tcgetattr(d->slave, &after);
    if (after.c_lflag != d->before.c_lflag || after.c_iflag != d->before.c_iflag ||
        after.c_oflag != d->before.c_oflag || after.c_cflag != d->before.c_cflag ||
        memcmp(after.c_cc, d->before.c_cc, sizeof(after.c_cc)) != 0)
        fail(d, "the terminal's settings are not what they were", "");
    read_all(d);
    if (shown_left_on(d->shown)[0] != '\0')
        fail(d, shown_left_on(d->shown), "");
}

static void end(struct drive *d, int expected) {
    int status = 0;
    for (long until = now_ms() + DEADLINE_MS; waitpid(d->pid, &status, WNOHANG) == 0;) {
        take_in(d, 5);
        if (now_ms() > until)
            fail(d, "does not end", "");
    }
    d->ended = true;
    d->pid = -1;
    wait_for_all(d);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code != expected) {
        char text[32];
        snprintf(text, sizeof(text), "%d", code);
        fail(d, "exit status was ", text);
    }
}

/* What a guardian guards. */
static pid_t child_of(struct drive *d) {
    pid_t child = processes_child(d->pid);
    if (child <= 0)
        fail(d, "the program has no child", "");
    return child;
}

/* "NAME NUMBER" */
static void signal_actor(struct drive *d, const char *text) {
    char name[64];
    int number;
    if (sscanf(text, "%63s %d", name, &number) != 2)
        fail(d, "signal-actor needs a name and a number", "");
    pid_t actor = processes_child_named(child_of(d), name);
    if (actor <= 0)
        fail(d, "there is no actor ", name);
    kill(actor, number);
}

static void hang_up(struct drive *d) {
    close(d->master);
    close(d->slave);
    d->master = d->slave = -1; /* which poll() passes over */
}

/* Else most of it would never be read: the terminal forgets what was typed when it sees a Ctrl-C. For a moment only,
 * because a program that computes reads nothing. */
static void let_it_read(struct drive *d) {
    for (int tries = 0, waiting = 1; tries < 20 && waiting > 0; tries++) {
        while (take_in(d, 1))
            d->length = d->matched = 0;
        if (ioctl(d->slave, FIONREAD, &waiting) < 0)
            return;
    }
}

static unsigned from_environment(const char *name, unsigned usual) {
    const char *value = getenv(name);
    return value != NULL ? (unsigned)strtoul(value, NULL, 10) : usual;
}

static int waiting_in(int fd) {
    int bytes = 0;
    ioctl(fd, FIONREAD, &bytes);
    return bytes;
}

/* What does not fit into the terminal any more waits where a Ctrl-C throws it away. */
static void flood(struct drive *d, char *text) {
    start(d);
    size_t length = typed_read(text);
    for (long until = now_ms() + DEADLINE_MS; waiting_in(d->master) < TERMINAL_HOLDS;) {
        if (waiting_in(d->slave) == 0 && write(d->master, text, length) < 0)
            fail(d, "cannot type: ", strerror(errno));
        if (now_ms() > until)
            fail(d, "no flood comes of ", text);
        poll(NULL, 0, 5);
    }
}

/* Everything typed has come where the program reads it, a Ctrl-C among it has become a signal. Else that would throw
 * away what the program writes meanwhile, as the last it does: the kernel empties the terminal in both directions.
 * (n_tty_poll() waits for what is on its way; without this 98 of 100 writes behind a Ctrl-C were lost.) */
static void let_it_arrive(struct drive *d) {
    struct pollfd input = {.fd = d->slave, .events = POLLIN};
    poll(&input, 1, 0);
}

static void act_at_random(struct drive *d) {
    struct random_act act = random_next(&d->monkey);
    d->size = act.size;
    if (act.keys == NULL)
        ioctl(d->master, TIOCSWINSZ, &d->size);
    else if (write(d->master, act.keys, strlen(act.keys)) < 0)
        fail(d, "cannot type: ", strerror(errno));
    while (take_in(d, act.patience_ms))
        d->length = d->matched = 0;
    if (act.wait)
        let_it_read(d);
    if (has_ended(d))
        fail(d, "the program has ended: ", processes_end(d->pid));
}

static void type_at_random(struct drive *d, const char *text) {
    unsigned seed, rounds;
    if (sscanf(text, "%u %u", &seed, &rounds) != 2)
        fail(d, "random needs a seed and rounds", "");
    start(d);
    d->blind = true; /* libvterm 0.1 does not survive every resizing */
    random_begin(&d->monkey, from_environment("RANDOM_SEED", seed));
    for (unsigned round = from_environment("RANDOM_ROUNDS", rounds); round > 0; round--)
        act_at_random(d);
    let_it_arrive(d);
}

/* The terminal's input is empty (where it is not collected by lines). The kernel tells nobody when: ask again. */
static void await_taken(struct drive *d) {
    int waiting = 1;
    for (long until = now_ms() + DEADLINE_MS; waiting > 0;) {
        take_in(d, 1);
        if (ioctl(d->slave, FIONREAD, &waiting) < 0 || now_ms() > until)
            fail(d, "not read: ", "what was typed");
    }
}

static void resize(struct drive *d, const char *text) {
    unsigned short rows, columns;
    if (sscanf(text, "%hu %hu", &rows, &columns) != 2)
        fail(d, "size needs rows and columns", "");
    d->size.ws_row = rows;
    d->size.ws_col = columns;
    if (d->pid <= 0)
        return;
    shown_resize(d->shown, rows, columns);
    ioctl(d->master, TIOCSWINSZ, &d->size);
}

static void add_arguments(struct drive *d, char *text) {
    for (char *word = strtok(text, " "); word != NULL && d->argument_count + 1 < ARGUMENTS_MAX; word = strtok(NULL, " "))
        d->arguments[d->argument_count++] = strdup(word);
}

static void include(struct drive *d, const char *name);

static void act(struct drive *d, char *line) {
    char *space = strchr(line, ' ');
    char *rest = space != NULL ? space + 1 : line + strlen(line);
    size_t verb = space != NULL ? (size_t)(space - line) : strlen(line);
#define IS(word) (verb == strlen(word) && memcmp(line, word, verb) == 0)
    if (IS("size"))
        resize(d, rest);
    else if (IS("env"))
        putenv(strdup(rest));
    else if (IS("args"))
        add_arguments(d, rest);
    else if (IS("type"))
        type(d, rest);
    else if (IS("flood"))
        flood(d, rest);
    else if (IS("expect"))
        expect(d, rest);
    else if (IS("taken"))
        await_taken(d);
    else if (IS("newline"))
        expect(d, "\n");
    else if (IS("never")) {
        if (memmem(d->seen + d->matched, d->length - d->matched, rest, strlen(rest)) != NULL)
            fail(d, "must not appear: ", rest);
    } else if (IS("end") || IS("gone")) {
        end(d, atoi(rest));
        if (IS("end") && d->master >= 0)
            compare_terminal(d);
    } else if (IS("written"))
        wait_until(d, has_written, "never wrote so many bytes: ", rest);
    else if (IS("signal"))
        kill(d->pid, atoi(rest));
    else if (IS("signal-actor"))
        signal_actor(d, rest);
    else if (IS("signal-group"))
        kill(-tcgetpgrp(d->master), atoi(rest));
    else if (IS("hang-up"))
        hang_up(d);
    else if (IS("signal-child"))
        kill(child_of(d), atoi(rest));
    else if (IS("see"))
        wait_until(d, is_seen, "never stood on the screen: ", rest);
    else if (IS("unseen"))
        wait_until(d, is_unseen, "stays on the screen: ", rest);
    else if (IS("screens"))
        d->screens = beside(d, rest);
    else if (IS("include"))
        include(d, rest);
    else if (IS("screen"))
        screen(d, rest);
    else if (IS("cursor"))
        wait_until(d, is_cursor, "the cursor never was at ", rest);
    else if (IS("mode"))
        wait_until(d, is_mode, "the mode never was so: ", rest);
    else if (IS("random"))
        type_at_random(d, rest);
    else
        fail(d, "no such act: ", line);
#undef IS
}

static bool looks_at_screen(const char *line) {
    return strncmp(line, "see ", 4) == 0 || strncmp(line, "unseen ", 7) == 0 || strncmp(line, "screens ", 8) == 0 ||
           strncmp(line, "cursor ", 7) == 0;
}

/* False: it looks at a screen, and there is none. */
static bool play(struct drive *d) {
    FILE *file = fopen(d->scenario, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool possible = true;
    if (file == NULL)
        fail(d, "cannot be opened: ", strerror(errno));
    for (d->line = 0; possible && (length = getline(&line, &room, file)) > 0;) {
        d->line++;
        if (line[length - 1] == '\n')
            line[--length] = '\0';
        possible = !looks_at_screen(line) || shown_has_screen();
        if (possible && length > 0 && line[0] != '#')
            act(d, line);
    }
    free(line);
    fclose(file);
    return possible;
}

static void include(struct drive *d, const char *name) {
    const char *scenario = d->scenario;
    unsigned line = d->line;
    char *path = beside(d, name);
    d->scenario = path;
    play(d);
    free(path);
    d->scenario = scenario;
    d->line = line;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: drive SCENARIO PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    struct drive d = {.scenario = argv[1], .size = {.ws_row = 24, .ws_col = 80}};
    d.seen = calloc(1, SEEN_MAX + 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 2; i < argc && d.argument_count + 1 < ARGUMENTS_MAX; i++)
        d.arguments[d.argument_count++] = strdup(argv[i]);
    if (d.seen == NULL)
        abort();
    if (!play(&d)) {
        puts("skipped: this looks at whole screens, and libvterm was not there when it was built");
        if (d.pid > 0)
            kill(d.pid, SIGKILL);
        return EXIT_SKIPPED;
    }
    if (!d.ended)
        fail(&d, "a scenario must end with `end`", "");
    free(d.seen);
    free(d.screens);
    if (d.shown != NULL)
        shown_free(d.shown);
    for (size_t i = 0; i < d.argument_count; i++)
        free(d.arguments[i]);
    return 0;
}
