/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * .run: a whole program, from a file or as it was pasted.  It runs in the actor
 * as that is, whose end it is when main() returns; a dead one begins afresh.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lang/parse.h"
#include "shell/commands.h"
#include "shell/statement.h"
#include "shell/watch.h"

/* What is to be run. */
struct program {
    char *path;           /* NULL: the main() that the actor has */
    struct buf source;
    struct buf arguments; /* of main(), argv[0] first, a NUL behind each */
};

static void program_free(struct program *program) {
    free(program->path);
    buf_free(&program->source);
    buf_free(&program->arguments);
}

/* The next word of a line, which may stand in "quotes"; NULL: there is none. */
static char *next_word(const char **at) {
    struct buf word = {0};
    const char *text = *at + strspn(*at, " \t");
    bool quoted = false, any = *text != '\0';

    for (; *text != '\0' && (quoted || strchr(" \t", *text) == NULL); text++) {
        if (*text == '"')
            quoted = !quoted;
        else
            buf_add_char(&word, *text);
    }
    *at = text;
    if (any)
        return buf_take(&word);
    buf_free(&word);
    return NULL;
}

static bool ends_with(const char *text, const char *suffix) {
    size_t length = strlen(text), end = strlen(suffix);
    return length > end && strcmp(text + length - end, suffix) == 0;
}

/* What a program is called that the compiler makes of such a file: without the folder and the .c */
static void add_own_name(struct program *program, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    buf_add(&program->arguments, name, ends_with(name, ".c") ? strlen(name) - 2 : strlen(name));
    buf_add_char(&program->arguments, '\0');
}

static void take_words(struct command_line *line, struct program *program) {
    const char *at = line->argument;
    char *word = next_word(&at);
    if (word != NULL && ends_with(word, ".c")) {
        program->path = word;
        word = next_word(&at);
    }
    add_own_name(program, program->path != NULL ? program->path : actor_name(line->actor));
    for (; word != NULL; word = next_word(&at)) {
        buf_add(&program->arguments, word, strlen(word) + 1);
        free(word);
    }
}

static bool refuse_file(struct command_line *line, const struct program *program, const char *why) {
    return command_misused(line, "%s: %s", program->path, why);
}

static bool read_file(struct command_line *line, struct program *program) {
    int fd = open(program->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO is not waited for */
    struct stat facts;
    char bytes[4096];
    ssize_t got = -1;

    if (fd < 0)
        return refuse_file(line, program, strerror(errno));
    bool regular = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
    while (regular && program->source.length <= PARSE_SOURCE_MAX && (got = read(fd, bytes, sizeof(bytes))) > 0)
        buf_add(&program->source, bytes, (size_t)got);
    int number = errno;
    close(fd);
    if (!regular)
        return refuse_file(line, program, "this is no file with text in it");
    if (got < 0)
        return refuse_file(line, program, strerror(number));
    if (program->source.length <= PARSE_SOURCE_MAX) {
        buf_consume(&program->source, utf8_mark(program->source.data, program->source.length));
        return true;
    }
    refuse_file(line, program, "the file is too long");
    error_hint(line->error, "a program can have %d bytes here", PARSE_SOURCE_MAX);
    return false;
}

/* Mistakes that can be seen in the text are told without troubling the actor. */
static bool is_understood(struct shell *shell, struct actor *actor, const struct program *program,
                          const char *place) {
    struct tree tree = {0};
    struct error error = {0};
    const char *source = buf_text(&program->source);
    const struct parse_types types = {statement_is_type, actor};

    if (parse_file(source, program->source.length, &types, &tree, &error)) {
        tree_free(&tree);
        return true;
    }
    shell_fault(shell, source, place, &error);
    return false;
}

static bool begin_afresh(struct command_line *line) {
    if (statement_await_turn(line->shell, line->actor) != ACTOR_DEAD)
        return true;
    if (!crew_restart_at(line->shell->crew, line->actor, actor_place(line->actor), line->error))
        return false;
    shell_note(line->shell, "%s begins afresh: no descriptors, no variables", actor_name(line->actor));
    return true;
}

static bool run(struct command_line *line, struct program *program) {
    struct shell *shell = line->shell;
    char *place = program->path != NULL ? mem_format("%s:1:1", program->path) : mem_string("");
    bool fine = true;

    shell_hear(shell);
    if (is_understood(shell, line->actor, program, place)) {
        fine = begin_afresh(line);
        watch_before(shell);
        fine = fine && statement_is_free(shell, line->actor, line->error) &&
               actor_run_program(line->actor, buf_text(&program->source), place, &program->arguments, line->error);
    }
    free(place);
    return fine;
}

bool command_run_program(struct command_line *line) {
    struct program program = {0};
    bool fine = false;

    take_words(line, &program);
    if (program.path != NULL && (line->shell->player != NULL || line->shell->mode == SHELL_CHECK)) {
        command_misused(line, "a lesson reads no files");
        error_hint(line->error, "paste the program, and then .run with its arguments; or try it without a lesson");
    } else if (program.path == NULL || read_file(line, &program)) {
        fine = run(line, &program);
    }
    program_free(&program);
    return fine;
}
