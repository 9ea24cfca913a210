/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's standard input and output: stdio(3). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/mem.h"
#include "call/format.h"
#include "call/library.h"
#include "call/rows.h"

/* ---- formats ---- */

/* Argument `at` is the format, the values are those of ARG_MORE behind it. */
static bool make_text(struct invocation *inv, size_t at, struct buf *out) {
    struct format format = {
        .function = inv->call->name, .memory = inv->memory, .values = inv->more, .count = inv->more_count};
    struct span *spans = mem_alloc(inv->more_count * sizeof *spans);

    for (size_t i = 0; i < inv->more_count; i++)
        spans[i] = invocation_span(inv, at + 1 + i);
    format.spans = spans;
    format.where = invocation_span(inv, at);
    bool made =
        library_string(inv, at, &format.text, &format.length) && format_make(&format, out, inv->error);
    free(spans);
    return made;
}

/* stdio's answer: what it returns when the bytes could not be written (a closed pipe).  fwrite() of the
 * GNU C library counts those as written that a newline could not flush. */
static int64_t put(struct invocation *inv, FILE *stream, const char *bytes, size_t length) {
    clearerr(stream);
    errno = 0;
    if (fwrite(bytes, 1, length, stream) == length && !ferror(stream))
        return (int64_t)length;
    inv->saved_errno = errno;
    return EOF;
}

static bool print(struct invocation *inv, size_t at, FILE *stream) {
    struct buf out = {0};
    bool made = make_text(inv, at, &out);

    if (made)
        library_quietly(inv, put(inv, stream, buf_text(&out), out.length));
    buf_free(&out);
    return made;
}

static bool run_printf(struct invocation *inv) {
    return print(inv, 0, stdout);
}

static bool run_fprintf(struct invocation *inv) {
    FILE *stream = library_output(inv, 0);

    return stream != NULL && print(inv, 1, stream);
}

static bool run_sprintf(struct invocation *inv) {
    struct buf out = {0};
    bool made = make_text(inv, 1, &out) && library_put(inv, 0, buf_text(&out), out.length);

    inv->result = (int64_t)out.length;
    buf_free(&out);
    return made;
}

static bool run_snprintf(struct invocation *inv) {
    size_t room = (size_t)inv->raw[1].i;
    struct buf out = {0};
    bool made = (room == 0 || invocation_write(inv, 0, room) != NULL) && make_text(inv, 2, &out);

    if (made && room > 0)
        made = library_put(inv, 0, buf_text(&out), out.length < room ? out.length : room - 1);
    inv->result = (int64_t)out.length;
    buf_free(&out);
    return made;
}

/* ---- writing ---- */

static bool run_puts(struct invocation *inv) {
    const char *text;
    size_t length;

    if (!library_string(inv, 0, &text, &length))
        return false;
    int64_t result = put(inv, stdout, text, length);
    if (result != EOF)
        result = put(inv, stdout, "\n", 1);
    return library_quietly(inv, result == EOF ? EOF : (int64_t)length + 1);
}

static bool run_fputs(struct invocation *inv) {
    FILE *stream = library_output(inv, 1);
    const char *text;
    size_t length;

    if (stream == NULL || !library_string(inv, 0, &text, &length))
        return false;
    return library_quietly(inv, put(inv, stream, text, length) == EOF ? EOF : 1);
}

static bool put_byte(struct invocation *inv, FILE *stream) {
    unsigned char byte = (unsigned char)inv->raw[0].i;

    return library_quietly(inv, put(inv, stream, (const char *)&byte, 1) == EOF ? EOF : byte);
}

static bool run_fputc(struct invocation *inv) {
    FILE *stream = library_output(inv, 1);

    return stream != NULL && put_byte(inv, stream);
}

static bool run_putchar(struct invocation *inv) {
    return put_byte(inv, stdout);
}

static bool run_perror(struct invocation *inv) {
    const char *text = "";
    size_t length = 0;
    struct buf line = {0};

    if (!invocation_null(inv, 0) && !library_string(inv, 0, &text, &length))
        return false;
    buf_addf(&line, "%s%s%s\n", text, length > 0 ? ": " : "", strerror(inv->saved_errno));
    fwrite(line.data, 1, line.length, stderr); /* errno stays as it was */
    buf_free(&line);
    return true;
}

static bool run_fflush(struct invocation *inv) {
    FILE *stream = NULL;

    if (!invocation_null(inv, 0) && (stream = library_output(inv, 0)) == NULL)
        return false;
    int result = fflush(stream != NULL ? stream : stdout);
    if (result != 0)
        inv->saved_errno = errno;
    return library_quietly(inv, result);
}

/* ---- reading ---- */

/* As fgets(), but knowing how many bytes came: they may have NULs among them.
 * False at the end of file and for an error; *error is errno then, or 0. */
static bool read_line(unsigned char *line, size_t size, size_t *length, int *error) {
    int c = 0;

    fflush(stdout); /* "Enter message : " has no newline, and is to be seen now */
    errno = 0;
    for (*length = 0; *length + 1 < size && c != '\n'; line[(*length)++] = (unsigned char)c)
        if ((c = getc(stdin)) == EOF)
            break;
    *error = c == EOF && ferror(stdin) ? errno : 0;
    if (*error != 0)
        clearerr(stdin); /* an interrupted read is no lasting error */
    if (*error != 0 || (c == EOF && *length == 0))
        return false;
    line[(*length)++] = '\0';
    return true;
}

static bool run_fgets(struct invocation *inv) {
    int size = (int)inv->raw[1].i, error;
    unsigned char *room;
    size_t length;

    if (caller_stream(inv->caller, inv->value[2]) != stdin) {
        invocation_fail(inv, 2, ERROR_TYPE, "fgets() reads from stdin here, and from nothing else");
        error_hint(inv->error, "recv() and read() take descriptors");
        return false;
    }
    if (size < 1) {
        invocation_fail(inv, 1, ERROR_MEMORY, "fgets() needs room for at least the NUL, not %d bytes", size);
        error_hint(inv->error, "the size is that of the array: fgets(line, sizeof(line), stdin)");
        return false;
    }
    room = invocation_write(inv, 0, (size_t)size);
    if (room == NULL)
        return false;
    library_show(inv, 0);
    if (inv->texts[2].length == 0)
        buf_add_text(&inv->texts[2], "stdin");
    invocation_enter(inv);
    bool came = read_line(room, (size_t)size, &length, &error);
    memory_mark(inv->memory, inv->value[0].bits, length, true);
    invocation_leave(inv, came ? (int64_t)inv->value[0].bits : 0, error);
    if (came)
        interp_quiet(inv->interp);
    return true;
}

static const struct call_errno reading_errors[] = {
    {EINTR, "A signal came before the line was complete; what had been read of it is lost."},
    {0, NULL},
};

#define LIBRARY(function) .flags = CALL_LIBRARY, .run = (function)
#define FORMAT_NOTE                                                                                         \
    "Conversions are %d and %u (int), %x, %c, %s (text), %p, with l for long and z for size_t (%zu); %% "   \
    "is a percent sign. Each value must be of its conversion's type. "

const struct call calls_stdio[] = {
    {.name = "printf", .prototype = "int printf(const char *format, ...)",
     .args = {{ARG_STRING, .name = "format"}, {ARG_MORE, .name = "..."}},
     LIBRARY(run_printf),
     .summary = "print values in a format",
     .note = FORMAT_NOTE "%s needs a NUL; for n bytes that recv() has put into a buffer, \"%.*s\" with "
                         "(int)n and the buffer does. Never give printf() a message as its format: a % in "
                         "it would be obeyed.",
     .success = "The number of bytes printed.",
     .man = "printf(3)", .see = "puts snprintf fprintf", .topic = "text"},
    {.name = "fprintf", .prototype = "int fprintf(FILE *stream, const char *format, ...)",
     .args = {{ARG_POINTER, .name = "stream"}, {ARG_STRING, .name = "format"}, {ARG_MORE, .name = "..."}},
     LIBRARY(run_fprintf),
     .summary = "print values in a format, to stdout or stderr",
     .note = FORMAT_NOTE "Complaints belong on stderr. The first argument is a stream, not a descriptor: a "
                         "socket is written to with send() or write().",
     .success = "The number of bytes printed.",
     .man = "printf(3)", .see = "printf perror", .topic = "text"},
    {.name = "sprintf", .prototype = "int sprintf(char *str, const char *format, ...)",
     .args = {{ARG_POINTER, .name = "str"}, {ARG_STRING, .name = "format"}, {ARG_MORE, .name = "..."}},
     LIBRARY(run_sprintf),
     .summary = "put values in a format into an array",
     .note = FORMAT_NOTE "It is not told the room of the array, and in C writes over whatever comes next; "
                         "snprintf() is told.",
     .success = "The number of bytes, the NUL not counted.",
     .man = "printf(3)", .see = "snprintf", .topic = "text"},
    {.name = "snprintf", .prototype = "int snprintf(char *str, size_t size, const char *format, ...)",
     .args = {{ARG_POINTER, .name = "str"}, {ARG_SIZE, .name = "size", .other = 0},
              {ARG_STRING, .name = "format"},
              {ARG_MORE, .name = "..."}},
     LIBRARY(run_snprintf),
     .summary = "put values in a format into an array of known size",
     .note = FORMAT_NOTE "It writes at most size bytes, the NUL among them, and cuts what does not fit.",
     .success = "The number of bytes it would have taken without the NUL: if that is not less than size, "
                "the text was cut.",
     .man = "printf(3)", .see = "printf sprintf strcpy", .topic = "text"},
    {.name = "puts", .prototype = "int puts(const char *s)",
     .args = {{ARG_STRING, .name = "s"}},
     LIBRARY(run_puts),
     .summary = "print a line",
     .note = "The string and a newline, to stdout. A message that came from the network needs a NUL first.",
     .success = "A number that is not negative.",
     .man = "puts(3)", .see = "fputs printf", .topic = "text"},
    {.name = "fputs", .prototype = "int fputs(const char *s, FILE *stream)",
     .args = {{ARG_STRING, .name = "s"}, {ARG_POINTER, .name = "stream"}},
     LIBRARY(run_fputs),
     .summary = "print a string, without a newline",
     .note = "fputs(buffer, stdout) shows pieces of a stream as they come, as puts() would not: it adds "
             "newlines.",
     .success = "A number that is not negative.",
     .man = "puts(3)", .see = "puts fprintf", .topic = "text"},
    {.name = "fputc", .prototype = "int fputc(int c, FILE *stream)",
     .args = {{ARG_INT, .name = "c"}, {ARG_POINTER, .name = "stream"}},
     LIBRARY(run_fputc),
     .summary = "print one byte",
     .note = "fputc('\\n', stdout) ends a line, and with it stdout's buffer is written out.",
     .success = "The byte.",
     .man = "puts(3)", .see = "putchar fputs", .topic = "text"},
    {.name = "putchar", .prototype = "int putchar(int c)",
     .args = {{ARG_INT, .name = "c"}},
     LIBRARY(run_putchar),
     .summary = "print one byte on stdout",
     .note = "As fputc(c, stdout).",
     .success = "The byte.",
     .man = "puts(3)", .see = "fputc puts", .topic = "text"},
    {.name = "perror", .prototype = "void perror(const char *s)",
     .args = {{ARG_POINTER, .name = "s"}},
     LIBRARY(run_perror),
     .summary = "print why the last call failed",
     .note = "On stderr: your text, a colon, errno in words. Right after the call that failed, and only if "
             "it failed: a success leaves errno as it was.",
     .success = NULL,
     .man = "perror(3)", .see = "strerror", .topic = "text"},
    {.name = "fgets", .prototype = "char *fgets(char *s, int size, FILE *stream)",
     .args = {{ARG_POINTER, .name = "s"}, {ARG_INT, .name = "size"}, {ARG_POINTER, .name = "stream"}},
     .flags = CALL_BLOCKS, .sysnr = {SYS_read}, .sysnr_count = 1, .run = run_fgets,
     .summary = "read a line from standard input",
     .note = "The program waits until there is a line, or size - 1 bytes of it. The newline stays in the "
             "array: strlen() counts it, and send() sends it. While a program waits here it does not notice "
             "its sockets; poll() can wait for both.\n\n"
             "The line comes from you: give it to the program with NAME< text.",
     .asks = "Read a line from standard input into {s}, at most {size} - 1 bytes of it; sleep until there "
             "is one.",
     .success = "s, with the line and a NUL in it; NULL at end of file, and s is as before.",
     .man = "fgets(3)", .see = "strlen send poll", .topic = "text", .errors = reading_errors},
    {.name = "fflush", .prototype = "int fflush(FILE *stream)",
     .args = {{ARG_POINTER, .name = "stream"}},
     LIBRARY(run_fflush),
     .summary = "write out what stdio holds back",
     .note = "stdout goes out by lines on a terminal, in blocks elsewhere; a prompt without a newline may "
             "need it. Sockets know nothing of it: send() and write() do not go through stdio.",
     .success = "0.",
     .man = "fflush(3)", .see = "printf fputs", .topic = "text"},
    {.name = NULL},
};
