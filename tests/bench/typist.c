/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See typist.h. */
#include "typist.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define ARGUMENTS_MAX 15
#define PATIENCE_MS 10000

static void execute(char *command) __attribute__((noreturn));
static void execute(char *command) {
    char *words[ARGUMENTS_MAX + 1] = {0}, *rest = NULL;
    char *word = strtok_r(command, " ", &rest);
    for (int i = 0; i < ARGUMENTS_MAX && word != NULL; i++, word = strtok_r(NULL, " ", &rest))
        words[i] = word;
    setenv("TERM", "xterm", 1);
    execv(words[0], words);
    _exit(127);
}

bool typist_start(struct typist *typist, const char *command, unsigned short rows, unsigned short columns) {
    const struct winsize size = {.ws_row = rows, .ws_col = columns};
    char *copy = strdup(command);
    typist_forget(typist);
    typist->begun = clock_now();
    typist->pid = copy != NULL ? forkpty(&typist->terminal, NULL, NULL, &size) : -1;
    if (typist->pid == 0)
        execute(copy);
    free(copy);
    if (typist->pid < 0)
        perror(command);
    return typist->pid > 0;
}

void typist_forget(struct typist *typist) {
    typist->length = 0;
    typist->seen[0] = '\0';
}

/* Keeps the second half when there is no more room. */
static void make_room(struct typist *typist) {
    const size_t half = sizeof typist->seen / 2;
    if (typist->length < sizeof typist->seen - 1)
        return;
    memmove(typist->seen, typist->seen + typist->length - half, half);
    typist->length = half;
}

/* False: nothing came, or it has ended. */
static bool hear(struct typist *typist, int milliseconds) {
    struct pollfd wait = {.fd = typist->terminal, .events = POLLIN};
    if (poll(&wait, 1, milliseconds) != 1)
        return false;
    make_room(typist);
    ssize_t got = read(typist->terminal, typist->seen + typist->length, sizeof typist->seen - 1 - typist->length);
    if (got <= 0)
        return false;
    typist->heard = clock_now();
    typist->length += (size_t)got;
    typist->seen[typist->length] = '\0';
    return true;
}

bool typist_await(struct typist *typist, const char *text) {
    while (memmem(typist->seen, typist->length, text, strlen(text)) == NULL)
        if (!hear(typist, PATIENCE_MS)) {
            fprintf(stderr, "no \"%s\" came\n", text);
            return false;
        }
    return true;
}

bool typist_rest(struct typist *typist, int milliseconds) {
    if (typist->length == 0 && !hear(typist, PATIENCE_MS))
        return false;
    while (hear(typist, milliseconds))
        continue;
    return true;
}

size_t typist_listen(struct typist *typist, int milliseconds) {
    size_t bytes = 0;
    for (int64_t end = clock_now() + INT64_C(1000000) * milliseconds, now; (now = clock_now()) < end;) {
        typist_forget(typist);
        if (hear(typist, (int)((end - now) / 1000000) + 1))
            bytes += typist->length;
    }
    return bytes;
}

int64_t typist_type(struct typist *typist, const char *text) {
    typist_forget(typist);
    int64_t now = clock_now();
    if (write(typist->terminal, text, strlen(text)) != (ssize_t)strlen(text))
        kill(typist->pid, SIGKILL);
    return now;
}

void typist_end(struct typist *typist) {
    typist_type(typist, "\004");
    do
        typist_forget(typist);
    while (hear(typist, PATIENCE_MS));
    close(typist->terminal);
    kill(typist->pid, SIGHUP);
    while (waitpid(typist->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}
