/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library functions through the language: what they return, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "call/engine.h"
#include "call/explain.h"
#include "lang/parse.h"

struct shown {
    struct caller *caller;
    struct buf value;   /* of the last expression that had one worth showing */
    struct buf entered; /* the last call announced */
    struct buf returned; /* the last result told, and its explanation */
};

static void on_entered(void *context, const struct call_record *record) {
    struct shown *shown = context;

    buf_clear(&shown->entered);
    buf_add_text(&shown->entered, record->text);
}

static void on_returned(void *context, const struct call_record *record) {
    struct shown *shown = context;
    const struct outcome outcome = {.call = record->call, .text = record->text, .error = record->error};
    char id[48];
    const char *why = explain_short(&outcome, id);

    buf_clear(&shown->returned);
    buf_addf(&shown->returned, "%s = %s%s%s", record->text, record->result_text, why ? "; " : "", id);
}

static void on_show(void *context, struct interp *interp, struct value value) {
    struct shown *shown = context;

    buf_clear(&shown->value);
    value_show(interp_memory(interp), value, &shown->value);
}

static bool on_stop(void *context, struct error *error) {
    (void)context;
    (void)error;
    return false;
}

static int on_fork(void *context) {
    (void)context;
    return -1;
}

static void __attribute__((noreturn)) on_exit_status(void *context, int status) {
    (void)context;
    exit(status);
}

static int set_up(void **state) {
    struct shown *shown = calloc(1, sizeof *shown);
    const struct call_host host = {.context = shown,
                                   .entered = on_entered,
                                   .returned = on_returned,
                                   .show = on_show,
                                   .stop = on_stop,
                                   .fork = on_fork,
                                   .exit = on_exit_status};

    assert_non_null(shown);
    shown->caller = caller_new(&host, MEMORY_LIMIT);
    *state = shown;
    return 0;
}

static int tear_down(void **state) {
    struct shown *shown = *state;

    caller_free(shown->caller);
    buf_free(&shown->value);
    buf_free(&shown->entered);
    buf_free(&shown->returned);
    free(shown);
    return 0;
}

/* Run C; true when it ran to its end. */
static bool run(struct shown *shown, const char *source, struct error *error) {
    struct tree tree;
    int status = 0;

    buf_clear(&shown->value);
    if (!parse(source, strlen(source), &tree, error))
        return false;
    enum interp_end end = interp_run(caller_interp(shown->caller), &tree, &status, error);
    tree_free(&tree);
    return end != INTERP_FAILED;
}

static void does(struct shown *shown, const char *source) {
    struct error error = {0};

    if (!run(shown, source, &error))
        fail_msg("%s: %s", source, error.text);
    error_free(&error);
}

static void gives(struct shown *shown, const char *source, const char *expected) {
    does(shown, source);
    if (strcmp(buf_text(&shown->value), expected) != 0)
        fail_msg("%s: expected %s, seen %s", source, expected, buf_text(&shown->value));
}

/* The statement fails with this kind, and its sentence or remedy contains the text; it has a place. */
static void refuses(struct shown *shown, const char *source, enum error_kind kind, const char *text) {
    struct error error = {0};

    if (run(shown, source, &error))
        fail_msg("%s: not refused", source);
    if (error.kind != kind ||
        (strstr(error.text, text) == NULL && (error.hint == NULL || strstr(error.hint, text) == NULL)))
        fail_msg("%s: expected kind %d with \"%s\", seen kind %d, \"%s\" (%s)", source, kind, text,
                 error.kind, error.text, error.hint != NULL ? error.hint : "");
    assert_true(error.where.length > 0);
    assert_true(error.where.at + error.where.length <= strlen(source));
    error_free(&error);
}

/* ---- bytes ---- */

static void byte_order(void **state) {
    gives(*state, "htons(8888)", "47138");
    gives(*state, "ntohs(htons(8888))", "8888");
    gives(*state, "htonl(INADDR_LOOPBACK)", "16777343");
    gives(*state, "ntohl(htonl(3232235777))", "3232235777");
}

static void filling(void **state) {
    does(*state, "char a[10]; memset(a, 'x', 9); a[9] = 0;");
    gives(*state, "strlen(a)", "9");
    gives(*state, "a[8] == 'x'", "1");
    refuses(*state, "memset(a, 0, 11)", ERROR_MEMORY, "a has room for 10");
    refuses(*state, "memset(a + 5, 0, 6)", ERROR_MEMORY, "room for 5");
    refuses(*state, "memset(0, 0, 1)", ERROR_MEMORY, "NULL");
    refuses(*state, "memset(\"text\", 0, 1)", ERROR_MEMORY, "literal");
    refuses(*state, "bzero(a, 200)", ERROR_MEMORY, "a has room for 10");
    does(*state, "bzero(a, sizeof a)");
    gives(*state, "strlen(a)", "0");
}

static void copying(void **state) {
    does(*state, "char a[8] = \"abcdefg\"; char b[8]; char c[4]; char never[8];");
    does(*state, "memcpy(b, a, 8)");
    gives(*state, "strcmp(a, b)", "0");
    refuses(*state, "memcpy(c, a, 8)", ERROR_MEMORY, "c has only 4");
    refuses(*state, "memcpy(b, c, 8)", ERROR_MEMORY, "c has only 4");
    refuses(*state, "memcpy(a, a + 1, 4)", ERROR_MEMORY, "memmove");
    does(*state, "memmove(a, a + 1, 7)");
    gives(*state, "strcmp(a, \"bcdefg\")", "0");
    does(*state, "bcopy(a, b, 3)");
    gives(*state, "b[0] == 'b' && b[2] == 'd' && b[3] == 'd'", "1");
    does(*state, "memcpy(b, never, 4)"); /* copying them is none, but using them is a mistake */
    refuses(*state, "b[0] + 1", ERROR_MEMORY, "b");
    gives(*state, "memcmp(\"ab\", \"ab\", 2)", "0");
    refuses(*state, "memcmp(\"ab\", never, 2)", ERROR_MEMORY, "never");
    refuses(*state, "memcpy(a, b, -1)", ERROR_MEMORY, "-1");
}

/* ---- strings ---- */

static void strings(void **state) {
    gives(*state, "strlen(\"hello\")", "5");
    gives(*state, "strcmp(\"a\", \"a\")", "0");
    gives(*state, "strcmp(\"a\", \"b\") < 0", "1");
    gives(*state, "strncmp(\"GET /\", \"GET \", 4)", "0");
    gives(*state, "strncmp(\"abc\", \"ab\", 3) > 0", "1");
    gives(*state, "strncmp(\"x\", \"y\", 0)", "0");
    gives(*state, "strstr(\"one two\", \"two\") != NULL", "1");
    gives(*state, "strstr(\"one two\", \"three\") == NULL", "1");
    gives(*state, "strcspn(\"hello\\n\", \"\\r\\n\")", "5");
    gives(*state, "strcspn(\"hello\", \"\\n\")", "5");
    does(*state, "char line[20] = \"hello\\n\"; line[strcspn(line, \"\\n\")] = '\\0';");
    gives(*state, "strcmp(line, \"hello\")", "0");
    does(*state, "char *at = strchr(\"key=value\", '=');");
    gives(*state, "strcmp(at, \"=value\")", "0");
    gives(*state, "atoi(\"51717\") + atoi(\"x\")", "51717");
    gives(*state, "atol(\"-7 and more\")", "-7");
    does(*state, "char *end; long n = strtol(\"0x22b8 \", &end, 0);");
    gives(*state, "n", "8888");
    gives(*state, "*end == ' '", "1");
    does(*state, "strtol(\"99999999999999999999\", NULL, 10)");
    gives(*state, "errno == ERANGE", "1");
    gives(*state, "strcmp(strerror(ECONNREFUSED), \"Connection refused\")", "0");
}

static void strings_refused(void **state) {
    does(*state, "char m[10]; m[0] = 'a'; m[1] = 'b'; char full[3]; memset(full, 'f', 3);");
    refuses(*state, "strlen(m)", ERROR_MEMORY, "m[2] = '\\0'");
    refuses(*state, "strlen(full)", ERROR_MEMORY, "no NUL");
    refuses(*state, "strcmp(full, \"f\")", ERROR_MEMORY, "no NUL");
    refuses(*state, "strlen(NULL)", ERROR_MEMORY, "NULL");
    refuses(*state, "strlen(5)", ERROR_TYPE, "5");
    refuses(*state, "strlen()", ERROR_TYPE, "needs");
    refuses(*state, "strlen(\"a\", \"b\")", ERROR_TYPE, "takes 1");
    gives(*state, "strncmp(full, \"fff\", 3)", "0");
    refuses(*state, "strncmp(full, \"ffff\", 4)", ERROR_MEMORY, "full");
}

static void strings_copied(void **state) {
    does(*state, "char d[6]; strcpy(d, \"hello\");");
    gives(*state, "strcmp(d, \"hello\")", "0");
    refuses(*state, "strcpy(d, \"hello!\")", ERROR_MEMORY,
            "needs 7 bytes (6 and the NUL), but d has room for 6");
    refuses(*state, "strcat(d, \"!\")", ERROR_MEMORY, "needs 7 bytes");
    refuses(*state, "strcpy(d, d + 1)", ERROR_MEMORY, "overlap");
    does(*state, "strcpy(d, \"ab\"); strcat(d, \"cd\");");
    gives(*state, "strcmp(d, \"abcd\")", "0");
    does(*state, "strncpy(d, \"12345678\", 6)");
    refuses(*state, "strlen(d)", ERROR_MEMORY, "no NUL");
    refuses(*state, "strncpy(d, \"1\", 7)", ERROR_MEMORY, "room for 6");
    does(*state, "strncpy(d, \"1\", 6)");
    gives(*state, "strlen(d) == 1 && d[5] == 0", "1");
}

/* ---- formats ---- */

/* sprintf() here against the C library's, for values that both take. */
#define SAME(state, format, source, ...)                                                            \
    do {                                                                                            \
        char expected[512], line[1024];                                                             \
        snprintf(expected, sizeof expected, format, __VA_ARGS__);                                   \
        snprintf(line, sizeof line, "sprintf(out, \"%s\", %s)", format, source);                    \
        does(state, line);                                                                          \
        same_text(state, "out", expected);                                                          \
    } while (0)

static void same_text(struct shown *shown, const char *name, const char *expected) {
    struct variable variable;
    struct error error = {0};
    const char *text;
    size_t length;

    assert_true(interp_find(caller_interp(shown->caller), name, &variable));
    assert_true(
        memory_string(interp_memory(caller_interp(shown->caller)), variable.address, &text, &length, &error));
    assert_string_equal(text, expected);
}

static void formats_as_the_c_library(void **state) {
    does(*state,
         "char out[512]; short sh = -5; char ch = 'c'; unsigned char uc = 200; long lo = -123456789012; "
         "unsigned long ul = 18446744073709551615ul; ssize_t ss = -1; size_t si = 7; int i = -42; unsigned u "
         "= 42;");
    SAME(*state, "%d", "i", -42);
    SAME(*state, "%i|%5d|%-5d|%05d|%+d|% d", "i, i, i, i, u, u", -42, -42, -42, -42, 42, 42);
    SAME(*state, "%.5d|%8.3d|%-8.3d|%.0d", "i, i, i, 0", -42, -42, -42, 0);
    SAME(*state, "%u|%x|%X|%#x|%o|%#o", "u, u, u, u, u, u", 42u, 42u, 42u, 42u, 42u, 42u);
    SAME(*state, "%u %x", "i, i", (unsigned)-42, (unsigned)-42);
    SAME(*state, "%hd %hu %hhd %hhu %hhx", "sh, sh, ch, uc, uc", (short)-5, (unsigned short)-5,
         (signed char)'c', (unsigned char)200, (unsigned char)200);
    SAME(*state, "%hhd", "300", (signed char)300);
    SAME(*state, "%ld %lu %lld %llx", "lo, ul, lo, lo", -123456789012l, ~0ul, -123456789012ll,
         -123456789012ll);
    SAME(*state, "%zd %zu %jd %td", "ss, si, lo, lo", (ssize_t)-1, (size_t)7, (intmax_t)-123456789012,
         (ptrdiff_t)-123456789012);
    SAME(*state, "%c%c|%3c|%-3c|", "ch, 'x', ch, ch", 'c', 'x', 'c', 'c');
    SAME(*state, "%s|%8s|%-8s|%.2s|%8.2s|", "\"text\", \"text\", \"text\", \"text\", \"text\"", "text",
         "text", "text", "text", "text");
    SAME(*state, "%*d|%-*d|%*d|%.*d|%.*s|", "6, i, 6, i, -6, i, 5, i, 2, \"text\"", 6, -42, 6, -42, -6, -42,
         5, -42, 2, "text");
    SAME(*state, "%.*s", "-1, \"text\"", -1, "text");
    SAME(*state, "100%%|%d%%", "u", 42);
    SAME(*state, "%p", "NULL", (void *)NULL);
}

static void formats_return_lengths(void **state) {
    does(*state, "char out[8]; int n = snprintf(out, sizeof(out), \"%s\", \"longer than that\");");
    gives(*state, "n", "16");
    gives(*state, "strcmp(out, \"longer \")", "0");
    gives(*state, "snprintf(NULL, 0, \"%d\", 12345)", "5");
    gives(*state, "sprintf(out, \"abc\")", "3");
    refuses(*state, "sprintf(out, \"%s\", \"12345678\")", ERROR_MEMORY, "needs 9 bytes");
    refuses(*state, "snprintf(out, 9, \"x\")", ERROR_MEMORY, "room for 8");
}

static void formats_refused(void **state) {
    does(*state, "long lo = 5; int i = 5; char raw[4]; memset(raw, 'r', 4); struct sockaddr_in server; char "
                 "f[3] = \"%d\";");
    refuses(*state, "printf(\"%d\", lo)", ERROR_TYPE, "%ld");
    refuses(*state, "printf(\"%ld\", i)", ERROR_TYPE, "use %d");
    refuses(*state, "printf(\"%d\", strlen(\"abc\"))", ERROR_TYPE, "%zu");
    refuses(*state, "printf(\"%d\", \"text\")", ERROR_TYPE, "%s");
    refuses(*state, "printf(\"%s\", 5)", ERROR_TYPE, "%d");
    refuses(*state, "printf(\"%s\", server)", ERROR_TYPE, "struct sockaddr_in");
    refuses(*state, "printf(\"%s\", &server)", ERROR_TYPE, "struct sockaddr_in *");
    refuses(*state, "printf(\"%s\", raw)", ERROR_MEMORY, "raw");
    refuses(*state, "printf(\"%.5s\", raw)", ERROR_MEMORY, "raw");
    refuses(*state, "printf(\"%s\", NULL)", ERROR_MEMORY, "NULL");
    refuses(*state, "printf(\"%d %d\", 1)", ERROR_TYPE, "no value for %d");
    refuses(*state, "printf(\"%d\", 1, 2)", ERROR_TYPE, "no conversion");
    refuses(*state, "printf(\"%f\", 1)", ERROR_TYPE, "floating");
    refuses(*state, "printf(\"%n\", &i)", ERROR_TYPE, "%n");
    refuses(*state, "printf(\"%m\")", ERROR_TYPE, "strerror");
    refuses(*state, "printf(\"%y\")", ERROR_TYPE, "%y");
    refuses(*state, "printf(\"100%\")", ERROR_TYPE, "%%");
    refuses(*state, "printf(\"%ls\", \"x\")", ERROR_TYPE, "wide");
    refuses(*state, "printf(\"%*d\", lo, 1)", ERROR_TYPE, "int");
    refuses(*state, "printf(\"%2000000d\", 1)", ERROR_LIMIT, "bytes");
    refuses(*state, "printf(\"%99999999999999999999d\", 1)", ERROR_LIMIT, "bytes");
    refuses(*state, "printf(5)", ERROR_TYPE, "5");
    refuses(*state, "fprintf(stdin, \"x\")", ERROR_TYPE, "stdin");
    refuses(*state, "fprintf(1, \"x\")", ERROR_TYPE, "1");
    refuses(*state, "fputs(\"x\", NULL)", ERROR_MEMORY, "NULL");
    does(*state,
         "char out[8]; sprintf(out, \"%.4s\", raw); sprintf(out, f, 7);"); /* no literal, no NUL: fine */
    gives(*state, "out[0] == '7'", "1");
}

/* ---- standard output and input ---- */

/* What a statement writes to a stream of this process. */
static void writes(struct shown *shown, FILE *stream, const char *source, const char *expected) {
    char seen[256] = "";
    int ends[2], saved = dup(fileno(stream));

    assert_int_equal(pipe(ends), 0);
    fflush(stream);
    dup2(ends[1], fileno(stream));
    close(ends[1]);
    does(shown, source);
    fflush(stream);
    dup2(saved, fileno(stream)); /* the last writer: end of file after what was written */
    close(saved);
    for (ssize_t got, at = 0; (got = read(ends[0], seen + at, sizeof seen - 1 - (size_t)at)) > 0;)
        at += got;
    close(ends[0]);
    assert_string_equal(seen, expected);
}

static void output(void **state) {
    writes(*state, stdout, "printf(\"n = %d\\n\", 5)", "n = 5\n");
    writes(*state, stdout, "puts(\"bind done\")", "bind done\n");
    writes(*state, stdout, "fputs(\"no newline\", stdout)", "no newline");
    writes(*state, stdout, "fputc('x', stdout); putchar('y'); fflush(stdout);", "xy");
    writes(*state, stdout, "printf(\"%c|\", 0)", "");
    writes(*state, stderr, "fprintf(stderr, \"usage: %s\\n\", \"server\")", "usage: server\n");
    does(*state, "char z[8]; inet_ntop(AF_UNIX, z, z, 8) == NULL");
    writes(*state, stderr, "perror(\"inet_ntop\")", "inet_ntop: Address family not supported by protocol\n");
    writes(*state, stderr, "perror(NULL)", "Address family not supported by protocol\n");
    gives(*state, "errno == EAFNOSUPPORT", "1");
}

static void input(void **state) {
    struct shown *shown = *state;
    static const char text[] = "some words\nlong line\nab\0c\nlast";
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    close(ends[1]);
    dup2(ends[0], 0);
    close(ends[0]);
    does(shown, "char line[1000]; char small[6];");
    does(shown, "fgets(line, 1000, stdin)");
    assert_string_equal(buf_text(&shown->entered), "fgets(line, 1000, stdin)");
    gives(shown, "strcmp(line, \"some words\\n\")", "0");
    refuses(shown, "line[12]", ERROR_MEMORY, "line"); /* only what was read is written */
    does(shown, "fgets(small, sizeof small, stdin)");
    gives(shown, "strcmp(small, \"long \")", "0");
    does(shown, "fgets(small, sizeof small, stdin)");
    gives(shown, "strcmp(small, \"line\\n\")", "0");
    does(shown, "fgets(line, sizeof line, stdin)");
    gives(shown, "line[3] == 'c' && line[5] == 0", "1");
    gives(shown, "fgets(line, sizeof line, stdin) != NULL", "1");
    gives(shown, "strcmp(line, \"last\")", "0");
    gives(shown, "fgets(line, sizeof line, stdin) == NULL", "1");
    refuses(shown, "fgets(small, 7, stdin)", ERROR_MEMORY, "room for 6");
    refuses(shown, "fgets(small, 0, stdin)", ERROR_MEMORY, "NUL");
    refuses(shown, "fgets(small, 6, stdout)", ERROR_TYPE, "stdin");
    refuses(shown, "fgets(small, 6, 0)", ERROR_TYPE, "stdin");
}

/* ---- names ---- */

static void addresses(void **state) {
    does(*state,
         "struct sockaddr_in a, b; char text[INET_ADDRSTRLEN]; struct in6_addr six; char long_text[46];");
    gives(*state, "inet_addr(\"127.0.0.1\")", "16777343");
    gives(*state, "inet_addr(\"nonsense\") == INADDR_NONE", "1");
    gives(*state, "inet_aton(\"10.0.0.1\", &a.sin_addr)", "1");
    gives(*state, "ntohl(a.sin_addr.s_addr) == (10 << 24) + 1", "1");
    gives(*state, "inet_aton(\"10.0.0.256\", &b.sin_addr)", "0");
    gives(*state, "strcmp(inet_ntoa(a.sin_addr), \"10.0.0.1\")", "0");
    refuses(*state, "inet_ntoa(b.sin_addr)", ERROR_MEMORY, "b");
    refuses(*state, "inet_ntoa(&a.sin_addr)", ERROR_TYPE, "without &");
    refuses(*state, "inet_ntoa(a.sin_addr.s_addr)", ERROR_TYPE, "s_addr");
    refuses(*state, "inet_ntoa()", ERROR_TYPE, "1 argument");
    gives(*state, "inet_pton(AF_INET, \"192.168.1.1\", &a.sin_addr)", "1");
    gives(*state, "inet_pton(AF_INET, \"localhost\", &a.sin_addr)", "0");
    gives(*state, "inet_pton(AF_UNIX, \"x\", &a.sin_addr)", "-1");
    gives(*state, "errno == EAFNOSUPPORT", "1");
    gives(*state, "inet_ntop(AF_INET, &a.sin_addr, text, sizeof text) == text", "1");
    gives(*state, "strcmp(text, \"192.168.1.1\")", "0");
    gives(*state, "inet_ntop(AF_INET, &a.sin_addr, text, 5) == NULL && errno == ENOSPC", "1");
    refuses(*state, "inet_ntop(AF_INET, &a.sin_addr, text, 46)", ERROR_MEMORY, "room for 16");
    gives(*state, "inet_pton(AF_INET6, \"::1\", &six)", "1");
    does(*state, "inet_ntop(AF_INET6, &six, long_text, sizeof(long_text))");
    gives(*state, "strcmp(long_text, \"::1\")", "0");
    refuses(*state, "inet_pton(AF_INET6, \"::1\", &a.sin_addr)", ERROR_MEMORY, "a");
}

static void static_buffers_are_shared(void **state) {
    does(*state, "struct in_addr a, b; inet_aton(\"1.1.1.1\", &a); inet_aton(\"2.2.2.2\", &b);"
                 "char *first = inet_ntoa(a); char *second = inet_ntoa(b);");
    gives(*state, "first == second", "1");
    gives(*state, "strcmp(first, \"2.2.2.2\")", "0");
}

static void resolving(void **state) {
    struct shown *shown = *state;

    does(shown,
         "struct addrinfo hints, *res, *p; memset(&hints, 0, sizeof(hints)); hints.ai_family = AF_INET;"
         "hints.ai_socktype = SOCK_STREAM; hints.ai_flags = AI_NUMERICHOST | AI_CANONNAME;");
    does(shown, "getaddrinfo(\"127.0.0.1\", \"8888\", &hints, &res)");
    assert_string_equal(buf_text(&shown->returned), "getaddrinfo(\"127.0.0.1\", \"8888\", &hints, &res) = 0");
    assert_string_equal(buf_text(&shown->entered), "getaddrinfo(\"127.0.0.1\", \"8888\", &hints, &res)");
    gives(shown, "res->ai_family == AF_INET && res->ai_addrlen == sizeof(struct sockaddr_in)", "1");
    gives(shown, "ntohs(((struct sockaddr_in *)res->ai_addr)->sin_port)", "8888");
    gives(shown, "strcmp(res->ai_canonname, \"127.0.0.1\")", "0");
    gives(shown, "res->ai_next == NULL", "1");
    does(shown, "p = res; struct sockaddr *address = res->ai_addr; freeaddrinfo(res);");
    refuses(shown, "p->ai_family", ERROR_MEMORY, "dangles");
    refuses(shown, "address->sa_family", ERROR_MEMORY, "dangles");
    refuses(shown, "freeaddrinfo(res)", ERROR_MEMORY, "once");
    refuses(shown, "freeaddrinfo(&hints)", ERROR_MEMORY, "hints");
    does(shown, "freeaddrinfo(NULL)");
    gives(shown, "getaddrinfo(\"no number\", NULL, &hints, &res) == EAI_NONAME", "1");
    assert_string_equal(buf_text(&shown->returned),
                        "getaddrinfo(\"no number\", NULL, &hints, &res) = -2 EAI_NONAME (Name or service not known); "
                        "getaddrinfo-EAI_NONAME");
    gives(shown, "strlen(gai_strerror(EAI_NONAME)) > 5", "1");
    refuses(shown, "getaddrinfo(\"127.0.0.1\", \"8888\", &hints, NULL)", ERROR_MEMORY, "NULL");
    does(shown, "struct addrinfo raw;");
    refuses(shown, "getaddrinfo(\"127.0.0.1\", \"8888\", &raw, &res)", ERROR_MEMORY, "memset(&hints");
}

static void a_list_spoilt_by_its_owner(void **state) {
    does(*state, "struct addrinfo hints, *res, other; memset(&hints, 0, sizeof hints); memset(&other, 0, "
                 "sizeof other);"
                 "hints.ai_flags = AI_NUMERICHOST; getaddrinfo(\"127.0.0.1\", \"80\", &hints, &res);");
    does(*state, "int count = 0; struct addrinfo *p; for (p = res; p != NULL; p = p->ai_next) count++;");
    gives(*state, "count >= 2", "1");
    does(*state,
         "p = res->ai_next; p->ai_next = res; p->ai_addr = (struct sockaddr *)&other; freeaddrinfo(res);");
    gives(*state, "other.ai_family", "0"); /* a variable is not freed */
    refuses(*state, "res->ai_family", ERROR_MEMORY, "dangles");
}

static void lists_do_not_pile_up(void **state) {
    does(*state,
         "struct addrinfo hints, *res; memset(&hints, 0, sizeof hints); hints.ai_flags = AI_NUMERICHOST;"
         "int i; for (i = 0; i < 1000; i++) { getaddrinfo(\"::1\", \"80\", &hints, &res); freeaddrinfo(res); "
         "gethostbyname(\"127.0.0.1\"); strerror(i); gai_strerror(-i); }");
}

static void old_resolving(void **state) {
    does(*state, "struct hostent *host = gethostbyname(\"127.0.0.1\"); struct sockaddr_in a;");
    gives(*state, "host->h_addrtype == AF_INET && host->h_length == 4", "1");
    gives(*state, "strcmp(host->h_name, \"127.0.0.1\")", "0");
    gives(*state, "host->h_aliases[0] == NULL && host->h_addr_list[1] == NULL", "1");
    does(*state, "bcopy(host->h_addr_list[0], &a.sin_addr, host->h_length)");
    gives(*state, "strcmp(inet_ntoa(a.sin_addr), \"127.0.0.1\")", "0");
    refuses(*state, "char b[8]; bcopy(host->h_addr_list[0], b, 8); b[4] + 1", ERROR_MEMORY, "b");
    does(*state, "struct hostent *again = gethostbyname(\"10.1.2.3\");");
    gives(*state, "again == host", "1");
    gives(*state, "*(unsigned char *)host->h_addr_list[0] + 0", "10");
    does(*state, "host = gethostbyname(\"\")");
    const struct shown *shown = *state; /* which error it is depends on the machine's name servers */
    const char *failed = "gethostbyname(\"\") = NULL ";
    assert_int_equal(strncmp(buf_text(&shown->returned), failed, strlen(failed)), 0);
    does(*state, "host = gethostbyname(\"10.1.2.3\")");
    assert_string_equal(buf_text(&shown->returned),
                        "gethostbyname(\"10.1.2.3\") = {h_name=\"10.1.2.3\", h_addr_list={10.1.2.3}}");
    gives(*state, "*(unsigned char *)host->h_addr + 0", "10"); /* netdb.h: h_addr is h_addr_list[0] */
}

static void naming(void **state) {
    does(*state,
         "struct sockaddr_in a; memset(&a, 0, sizeof a); a.sin_family = AF_INET; a.sin_port = htons(8888);"
         "a.sin_addr.s_addr = inet_addr(\"127.0.0.1\"); char host[20]; char port[6]; char name[65];");
    gives(*state,
          "getnameinfo((struct sockaddr *)&a, sizeof a, host, sizeof host, port, sizeof port, "
          "NI_NUMERICHOST | NI_NUMERICSERV) + 0",
          "0");
    gives(*state, "strcmp(host, \"127.0.0.1\") == 0 && strcmp(port, \"8888\") == 0", "1");
    gives(*state,
          "getnameinfo((struct sockaddr *)&a, sizeof a, host, 4, NULL, 0, NI_NUMERICHOST) == EAI_OVERFLOW",
          "1");
    gives(*state, "getnameinfo((struct sockaddr *)&a, 3, host, 20, NULL, 0, NI_NUMERICHOST) == EAI_FAMILY",
          "1");
    refuses(*state, "getnameinfo((struct sockaddr *)&a, sizeof a, host, 21, NULL, 0, NI_NUMERICHOST)",
            ERROR_MEMORY, "room for 20");
    refuses(*state, "getnameinfo(NULL, 16, host, 20, NULL, 0, 0)", ERROR_MEMORY, "NULL");
    refuses(*state, "getnameinfo((struct sockaddr *)&a, 200, host, 20, NULL, 0, 0)", ERROR_MEMORY, "a");
    gives(*state, "gethostname(name, sizeof name)", "0");
    gives(*state, "strlen(name) > 0", "1");
    gives(*state, "gethostname(name, 1) == -1 && errno == ENAMETOOLONG", "1");
    refuses(*state, "gethostname(name, 66)", ERROR_MEMORY, "room for 65");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(byte_order),
        TEST(filling),
        TEST(copying),
        TEST(strings),
        TEST(strings_refused),
        TEST(strings_copied),
        TEST(formats_as_the_c_library),
        TEST(formats_return_lengths),
        TEST(formats_refused),
        TEST(output),
        TEST(input),
        TEST(addresses),
        TEST(static_buffers_are_shared),
        TEST(resolving),
        TEST(a_list_spoilt_by_its_owner),
        TEST(lists_do_not_pile_up),
        TEST(old_resolving),
        TEST(naming),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
