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
 *     end STATUS            the program ends with this exit status
 *     signal NUMBER         send it to the program
 *
 * Terminal control sequences are taken out before comparing. The deadline of
 * each wait (30 s) only bounds a failure. After the end, the terminal's settings
 * must be as they were before the program started.
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

#define DEADLINE_MS 30000
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
};

static void fail(struct drive *d, const char *what, const char *detail) {
    fprintf(stderr, "%s:%u: %s%s\n--- seen since the last match ---\n%.*s\n---\n", d->scenario, d->line, what, detail,
            (int)(d->length - d->matched), d->seen + d->matched);
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
    if (after.c_lflag != d->before.c_lflag || after.c_iflag != d->before.c_iflag || after.c_oflag != d->before.c_oflag)
        fail(d, "the terminal's settings are not what they were", "");
}

static void resize(struct drive *d, const char *text) {
    unsigned short rows, columns;
    if (sscanf(text, "%hu %hu", &rows, &columns) != 2)
        fail(d, "size needs rows and columns", "");
    d->size.ws_row = rows;
    d->size.ws_col = columns;
    if (d->pid > 0)
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
    else
        fail(d, "no such act: ", line);
#undef IS
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
        if (length > 0 && line[0] != '#')
            act(&d, line);
    }
    if (!d.ended)
        fail(&d, "a scenario must end with `end`", "");
    free(line);
    free(d.seen);
    for (size_t i = 0; i < d.argument_count; i++)
        free(d.arguments[i]);
    fclose(file);
    return 0;
}
