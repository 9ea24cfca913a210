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
 *     expect TEXT           wait until this appears after what was expected before
 *     newline               wait for the end of the line: what was typed has been taken
 *     never TEXT            this must not have appeared so far since the last expect
 *     see TEXT              wait until this stands on the screen
 *     unseen TEXT           wait until it does not
 *     screen FILE           wait until the whole screen is what the file (beside the scenario) has, but for what
 *                           differs from run to run (shown.h). With UPDATE_SCREENS=1 in the environment the
 *                           file is written instead, when the screen has come to rest: read it!
 *     cursor ROW COLUMN     wait until it is there (from 0)
 *     mode NUMBER on|off    wait until this private mode (1000: the mouse is reported) is so
 *     random SEED ROUNDS    type at random and resize; whatever the program makes of it, it must not end
 *     end STATUS            the program ends with this exit status (128 + N: by signal N)
 *     signal NUMBER         send it to the program
 *     signal-child NUMBER   send it to the program's only child
 *
 * Terminal control sequences are taken out before comparing with `expect`. The
 * screen is libvterm's: without it a scenario that looks at the screen is skipped.
 * The deadline of each wait (30 s) only bounds a failure. After the end, the
 * terminal's settings and modes must be as they were before the program started.
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
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "shown.h"

#define DEADLINE_MS 30000
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
    int escape;     /* state of the control sequence filter */
    bool ended;
    struct shown *shown;
    bool blind; /* its screen is not kept any more, only its modes */
};

static void fail(struct drive *d, const char *what, const char *detail) {
    fprintf(stderr, "%s:%u: %s%s\n--- seen since the last match ---\n%.*s\n---\n", d->scenario, d->line, what, detail,
            (int)(d->length - d->matched), d->seen + d->matched);
    if (d->shown != NULL && shown_has_screen())
        fprintf(stderr, "%s--- the screen ---\n", shown_text(d->shown));
    if (d->pid > 0)
        kill(d->pid, SIGKILL);
    exit(1);
}

/* ECMA-48: ESC [ … final byte; ESC ] … BEL; ESC and one more. */
static void keep_printable(struct drive *d, const char *bytes, size_t count) {
    for (size_t i = 0; i < count && d->length < SEEN_MAX; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (d->escape == 0 && c == 0x1B)
            d->escape = 1;
        else if (d->escape == 1)
            d->escape = c == '[' ? 2 : c == ']' ? 3 : 0;
        else if (d->escape == 2)
            d->escape = c >= 0x40 && c <= 0x7E ? 0 : 2;
        else if (d->escape == 3)
            d->escape = c == 0x07 ? 0 : 3;
        else if (c != '\r' && c != 0x07)
            d->seen[d->length++] = (char)c;
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
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)d->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid != 0;
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

static bool is_screen(struct drive *d, const char *text) {
    char *screen = shown_text(d->shown);
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

static void screen(struct drive *d, const char *name) {
    char path[4096], text[1 << 16];
    const char *slash = strrchr(d->scenario, '/');
    snprintf(path, sizeof(path), "%.*s%s", slash != NULL ? (int)(slash + 1 - d->scenario) : 0, d->scenario, name);
    bool update = getenv("UPDATE_SCREENS") != NULL;
    FILE *file = fopen(path, update ? "w" : "r");
    if (file == NULL)
        fail(d, "cannot open ", path);
    if (update) {
        start(d);
        while (take_in(d, REST_MS))
            ;
        char *now = shown_text(d->shown);
        fputs(now, file);
        free(now);
        fclose(file);
        return;
    }
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    wait_until(d, is_screen, "the screen never was that of ", text);
}

static size_t unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        from++;
        char hex[3] = {0};
        switch (*from) {
        case 'r': *to++ = '\r'; break;
        case 'n': *to++ = '\n'; break;
        case 't': *to++ = '\t'; break;
        case 'e': *to++ = '\033'; break;
        case 'x':
            hex[0] = from[1];
            hex[1] = from[2];
            *to++ = (char)strtol(hex, NULL, 16);
            from += 2;
            break;
        default: *to++ = *from;
        }
        from++;
    }
    *to = '\0';
    return (size_t)(to - text);
}

static void type(struct drive *d, char *text) {
    start(d);
    size_t length = unescape(text);
    for (size_t done = 0; done < length;) {
        ssize_t n = write(d->master, text + done, length - done);
        if (n < 0)
            fail(d, "cannot type: ", strerror(errno));
        done += (size_t)n;
    }
}

static void end(struct drive *d, int expected) {
    int status = 0;
    for (long until = now_ms() + DEADLINE_MS; waitpid(d->pid, &status, WNOHANG) == 0;) {
        take_in(d, 20);
        if (now_ms() > until)
            fail(d, "does not end", "");
    }
    d->ended = true;
    d->pid = -1;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code != expected) {
        char text[32];
        snprintf(text, sizeof(text), "%d", code);
        fail(d, "exit status was ", text);
    }
    struct termios after;
    tcgetattr(d->slave, &after);
    if (after.c_lflag != d->before.c_lflag || after.c_iflag != d->before.c_iflag ||
        after.c_oflag != d->before.c_oflag || after.c_cflag != d->before.c_cflag ||
        memcmp(after.c_cc, d->before.c_cc, sizeof(after.c_cc)) != 0)
        fail(d, "the terminal's settings are not what they were", "");
    while (take_in(d, 0))
        ;
    if (shown_left_on(d->shown)[0] != '\0')
        fail(d, shown_left_on(d->shown), "");
}

/* What a guardian guards. */
static pid_t child_of(struct drive *d) {
    char path[64], text[64] = "";
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", d->pid, d->pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(text, sizeof(text), file) == NULL || atoi(text) <= 0)
        fail(d, "the program has no child", "");
    fclose(file);
    return atoi(text);
}

/* Keys, beginnings of keys, whole lines and things that are no text, so that every state is come by. Nothing
 * among them ends the program. */
static void random_piece(struct drive *d) {
    static const char *const pieces[] = {
        "s", "a = 1", "\r", "\r", "\t", "\t\t", "socket inet stream\r", "listen 3 3\r", "bind(3, \"127.0.0.1:0\")\r",
        "accept(3)\r", "client> ", ".state\r", ".help socket\r", ".vars\r", ".actor client\r", ".actor server\r",
        "puts(\"\\033[2Jx\")\r", "for (int i = 0; i < 300; i++) printf(\"%d\\n\", i);\r", "while (1) ;\r", "sleep(100)\r",
        "fork()\r", "\x03", "\x03", "\x03", "\x15", "\x17", "\x01", "\x05", "\x0b", "\x19", "\x13", "\x07", "\x0c",
        "\x16", "\x7f", "\x08", "\x1f", "\033", "\033[", "\033O", "\033[A", "\033[B", "\033[C", "\033[D", "\033OP", "\033OQ",
        "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[19~", "\033[20~", "\033[20~", "\033[A\r",
        "connect(3, \"127.0.0.1:9\")\r", "\033[5~", "\033[6~", "\033[5~", "\033[1;5C",
        "\033[<64;10;5M", "\033[<65;10;15M", "\033[<0;1;1M", "\033[200~", "\033[201~",
        "\033[200~pasted\nlines\r\n\033[201~", "\033d", "\033.", "h\303\251", "\346\274\242\345\255\227", "\303", "\377", "\315\201",
        "{", "}", "(", "\"", "/*", "\x1a", "\x12", "\x12s", "\x18", "\x18u", "\x18\x15", "\0335", "\033-",
    };
    const char *piece = pieces[(size_t)random() % (sizeof(pieces) / sizeof(*pieces))];
    if (write(d->master, piece, strlen(piece)) < 0)
        fail(d, "cannot type: ", strerror(errno));
}

static void random_size(struct drive *d) {
    static const unsigned short rows[] = {24, 40, 50, 5, 1, 2, 3, 12}, columns[] = {80, 120, 200, 20, 1, 2, 40, 7};
    d->size.ws_row = rows[random() % 8];
    d->size.ws_col = columns[random() % 8];
    ioctl(d->master, TIOCSWINSZ, &d->size);
}

static void type_at_random(struct drive *d, const char *text) {
    unsigned seed, rounds;
    if (sscanf(text, "%u %u", &seed, &rounds) != 2)
        fail(d, "random needs a seed and rounds", "");
    start(d);
    d->blind = true; /* libvterm 0.1 does not survive every resizing */
    srandom(seed);
    for (unsigned round = 0; round < rounds; round++) {
        if (random() % 16 == 0)
            random_size(d);
        else
            random_piece(d);
        while (take_in(d, random() % 4 == 0 ? 1 : 0))
            d->length = d->matched = 0;
        if (has_ended(d)) {
            char detail[32];
            snprintf(detail, sizeof(detail), "%u", round);
            fail(d, "the program has ended in round ", detail);
        }
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
    else if (IS("expect"))
        expect(d, rest);
    else if (IS("newline"))
        expect(d, "\n");
    else if (IS("never")) {
        if (memmem(d->seen + d->matched, d->length - d->matched, rest, strlen(rest)) != NULL)
            fail(d, "must not appear: ", rest);
    } else if (IS("end"))
        end(d, atoi(rest));
    else if (IS("signal"))
        kill(d->pid, atoi(rest));
    else if (IS("signal-child"))
        kill(child_of(d), atoi(rest));
    else if (IS("see"))
        wait_until(d, is_seen, "never stood on the screen: ", rest);
    else if (IS("unseen"))
        wait_until(d, is_unseen, "stays on the screen: ", rest);
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
    return strncmp(line, "see ", 4) == 0 || strncmp(line, "unseen ", 7) == 0 || strncmp(line, "screen ", 7) == 0 ||
           strncmp(line, "cursor ", 7) == 0;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: drive SCENARIO PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    struct drive d = {.scenario = argv[1], .size = {.ws_row = 24, .ws_col = 80}};
    d.seen = calloc(1, SEEN_MAX + 1);
    for (int i = 2; i < argc && d.argument_count + 1 < ARGUMENTS_MAX; i++)
        d.arguments[d.argument_count++] = strdup(argv[i]);
    FILE *file = fopen(argv[1], "r");
    if (file == NULL || d.seen == NULL) {
        perror(argv[1]);
        return 2;
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        d.line++;
        if (line[length - 1] == '\n')
            line[--length] = '\0';
        if (looks_at_screen(line) && !shown_has_screen()) {
            puts("skipped: this looks at whole screens, and libvterm was not there when it was built");
            if (d.pid > 0)
                kill(d.pid, SIGKILL);
            return EXIT_SKIPPED;
        }
        if (length > 0 && line[0] != '#')
            act(&d, line);
    }
    if (!d.ended)
        fail(&d, "a scenario must end with `end`", "");
    free(line);
    free(d.seen);
    if (d.shown != NULL)
        shown_free(d.shown);
    for (size_t i = 0; i < d.argument_count; i++)
        free(d.arguments[i]);
    fclose(file);
    return 0;
}
