/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The call engine and the system calls: real sockets (loopback, ports that the
 * kernel chooses, and pairs) through a caller whose host writes down what it is
 * told.  Each test runs lines of C and compares the transcript.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "call/engine.h"
#include "call/prototype.h"
#include "lang/parse.h"

/* ---- a caller with a recording host -------------------------------------- */

struct record {
    struct caller *caller;
    struct buf entered, returned, shown; /* one line each */
    struct call_record last;             /* numbers only */
    struct buf data;
    int first_fd; /* lowest free descriptor when the test began */
};

static void on_entered(void *context, const struct call_record *record) {
    struct record *r = context;

    buf_addf(&r->entered, "%s\n", record->text);
}

static void on_returned(void *context, const struct call_record *record) {
    struct record *r = context;

    buf_addf(&r->returned, "%s = %s\n", record->text, record->result_text);
    r->last = *record;
    buf_clear(&r->data);
    buf_add(&r->data, record->data, record->data_length);
}

static void on_show(void *context, struct interp *interp, struct value value) {
    struct record *r = context;

    value_show(interp_memory(interp), value, &r->shown);
    buf_add_char(&r->shown, '\n');
}

static bool on_stop(void *context, struct error *error) {
    (void)context;
    (void)error;
    return false;
}

static int on_fork(void *context) {
    (void)context;
    return fork();
}

__attribute__((noreturn)) static void on_exit_call(void *context, int status) {
    (void)context;
    _exit(status); /* of a child that a test has forked */
}

static int lowest_descriptor(void) {
    int fd = dup(STDERR_FILENO);

    close(fd);
    return fd;
}

static int setup(void **state) {
    struct record *r = calloc(1, sizeof *r);
    const struct call_host host = {
        .context = r,
        .entered = on_entered,
        .returned = on_returned,
        .show = on_show,
        .stop = on_stop,
        .fork = on_fork,
        .exit = on_exit_call,
    };

    r->first_fd = lowest_descriptor();
    r->caller = caller_new(&host, MEMORY_LIMIT);
    caller_reserve(r->caller, 900, 901);
    caller_reserve_signal(r->caller, SIGRTMIN + 5);
    *state = r;
    return 0;
}

static int teardown(void **state) {
    struct record *r = *state;

    for (int fd = r->first_fd; fd < r->first_fd + 64; fd++)
        close(fd);
    caller_free(r->caller);
    buf_free(&r->entered);
    buf_free(&r->returned);
    buf_free(&r->shown);
    buf_free(&r->data);
    free(r);
    return 0;
}

static enum interp_end try(struct record *r, const char *source, struct error *error) {
    struct tree tree = {0};
    int status = 0;
    enum interp_end end = INTERP_FAILED;

    buf_clear(&r->entered);
    buf_clear(&r->returned);
    buf_clear(&r->shown);
    if (parse(source, strlen(source), &tree, error))
        end = interp_run(caller_interp(r->caller), &tree, &status, error);
    tree_free(&tree);
    return end;
}

static void run(struct record *r, const char *source) {
    struct error error = {0};

    if (try(r, source, &error) == INTERP_FAILED)
        fail_msg("%s: %s", source, error.text != NULL ? error.text : "?");
}

/* The line fails as the learner's mistake; its text (and hint, if given) contain these words. */
static void expect_error(struct record *r, const char *source, enum error_kind kind, const char *place,
                         const char *text, const char *hint) {
    struct error error = {0};

    assert_int_equal(try(r, source, &error), INTERP_FAILED);
    if (strstr(error.text, text) == NULL)
        fail_msg("%s: \"%s\" is not in: %s", source, text, error.text);
    if (error.kind != kind)
        fail_msg("%s: kind is %s", source, error_kind_name(error.kind));
    if (hint != NULL && (error.hint == NULL || strstr(error.hint, hint) == NULL))
        fail_msg("%s: hint \"%s\" is not in: %s", source, hint, error.hint != NULL ? error.hint : "(none)");
    if (error.where.length != strlen(place) ||
        strncmp(source + error.where.at, place, error.where.length) != 0)
        fail_msg("%s: the caret is at %u+%u, not under %s", source, error.where.at, error.where.length,
                 place);
    assert_int_equal(r->entered.length, 0);
    error_free(&error);
}

static void expect(struct record *r, const char *source, const char *returned) {
    run(r, source);
    if (strcmp(buf_text(&r->returned), returned) != 0)
        fail_msg("%s\n  expected: %s\n  got:      %s", source, returned, buf_text(&r->returned));
}

static int64_t value_of_variable(struct record *r, const char *name) {
    struct variable variable;
    struct value value;
    struct error error = {0};

    assert_true(interp_find(caller_interp(r->caller), name, &variable));
    if (!value_load(interp_memory(caller_interp(r->caller)), variable.type, variable.address, &value, &error))
        fail_msg("%s: %s", name, error.text);
    return (int64_t)value.bits;
}

static bool written(struct record *r, const char *name, size_t from, size_t size) {
    struct variable variable;

    assert_true(interp_find(caller_interp(r->caller), name, &variable));
    return memory_is_written(interp_memory(caller_interp(r->caller)), variable.address + from, size);
}

/* Two connected stream sockets, a and b. */
static void make_pair(struct record *r) {
    run(r, "int p[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, p); int a = p[0], b = p[1];");
}

/* A listening socket l, its port (network order) in server.sin_port, a client socket s. */
static void make_listener(struct record *r) {
    run(r, "struct sockaddr_in server, client; socklen_t len = sizeof(server); int l = socket(AF_INET, "
           "SOCK_STREAM, 0);"
           "bind(l, \"127.0.0.1:0\"); listen(l, 3); getsockname(l, (struct sockaddr *)&server, &len);"
           "int s = socket(AF_INET, SOCK_STREAM, 0);");
}

/* ---- the table ----------------------------------------------------------- */

static void rows_are_complete(void **state) {
    const struct call *call;
    struct types *types = types_new();
    (void)state;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        struct signature signature;
        size_t args = call_count_args(call);
        if (!prototype_read(call->prototype, types, &signature))
            fail_msg("%s: the prototype cannot be read: %s", call->name, call->prototype);
        if (call_find(call->name) != call)
            fail_msg("%s is there twice", call->name);
        if (call->summary == NULL || call->note == NULL || call->man == NULL || call->topic == NULL ||
            (call->see == NULL && i > 0))
            fail_msg("%s: a text is missing", call->name);
        if ((call->run == NULL) == (call->system == NULL))
            fail_msg("%s: one of run and system", call->name);
        bool more = args > 0 && call->args[args - 1].kind == ARG_MORE;
        if (signature.count > args || (signature.count < args && !signature.more))
            fail_msg("%s: %zu arguments, but the prototype has %zu", call->name, args, signature.count);
        /* A struct by value (inet_ntoa) is taken as ARG_MORE, too: there is no kind for it. */
        if (more && !signature.more && signature.count != args)
            fail_msg("%s: prototype without ...", call->name);
        if ((call->flags & CALL_SYSTEM) && call->sysnr_count == 0)
            fail_msg("%s: no system call number", call->name);
        if (call->sysnr_count > sizeof call->sysnr / sizeof *call->sysnr)
            fail_msg("%s: too many system call numbers", call->name);
        for (size_t k = 0; k < args; k++) {
            const struct call_arg *arg = &call->args[k];
            bool named = arg->kind == ARG_MORE ||
                         (arg->name != NULL && strstr(call->prototype, arg->name) != NULL) ||
                         strcmp(call->name, "fcntl") == 0;
            if (!named)
                fail_msg("%s: argument %zu has another name in the prototype", call->name, k);
            if ((arg->kind == ARG_CONST || arg->kind == ARG_FLAGS) && arg->set == NULL)
                fail_msg("%s: %s has no set", call->name, arg->name);
            if (arg->usual != NULL && k + 1 < args && call->args[k + 1].usual == NULL &&
                call->args[k + 1].kind != ARG_MORE)
                fail_msg("%s: what stands after %s must be optional, too", call->name, arg->name);
            if (arg->usual != NULL && arg->usual[0] != '\0' && constant_find(arg->usual) == NULL &&
                strspn(arg->usual, "-0123456789") != strlen(arg->usual))
                fail_msg("%s: the usual %s is neither number nor constant", call->name, arg->usual);
        }
    }
    types_free(types);
}

static void references_exist(void **state) {
    const struct call *call;
    char name[64];
    (void)state;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        const char *at = call->see != NULL ? call->see : "";
        while (*at != '\0') {
            size_t length = strcspn(at, " ");
            assert_true(length > 0 && length < sizeof name);
            memcpy(name, at, length);
            name[length] = '\0';
            if (call_find(name) == NULL || call_find(name) == call)
                fail_msg("%s: see %s", call->name, name);
            at += length + strspn(at + length, " ");
        }
        for (const struct call_errno *e = call->errors; e != NULL && e->number != 0; e++) {
            if (call_error_name(call, e->number) == NULL || e->means == NULL || strlen(e->means) < 10)
                fail_msg("%s: errno %d", call->name, e->number);
            for (const struct call_errno *f = call->errors; f != e; f++)
                if (f->number == e->number)
                    fail_msg("%s: %s is there twice", call->name, call_error_name(call, e->number));
        }
    }
}

static void prototypes_are_read(void **state) {
    struct types *types = types_new();
    struct signature s;
    (void)state;

    assert_true(prototype_read("ssize_t recv(int sockfd, void *buf, size_t len, int flags)", types, &s));
    assert_int_equal(s.count, 4);
    assert_ptr_equal(s.result, &type_long);
    assert_ptr_equal(s.params[0], &type_int);
    assert_int_equal(s.params[1]->kind, TYPE_POINTER);
    assert_ptr_equal(s.params[2], &type_ulong);
    assert_true(prototype_read("int pipe(int pipefd[2])", types, &s));
    assert_ptr_equal(s.params[0]->of, &type_int);
    assert_true(prototype_read("pid_t fork(void)", types, &s));
    assert_int_equal(s.count, 0);
    assert_true(prototype_read("int printf(const char *restrict format, ...)", types, &s));
    assert_int_equal(s.count, 1);
    assert_true(s.more);
    assert_false(prototype_read("nobody_t x(int a)", types, &s));
    assert_false(prototype_read("int x", types, &s));
    assert_false(prototype_read("int x(int a", types, &s));
    assert_false(prototype_read("", types, &s));
    types_free(types);
}

/* ---- sockets ------------------------------------------------------------- */

static void a_connection(void **state) {
    struct record *r = *state;
    char expected[200];

    run(r, "int l = socket(AF_INET, SOCK_STREAM, 0);");
    snprintf(expected, sizeof expected, "socket(AF_INET, SOCK_STREAM, 0) = %d\n", r->first_fd);
    assert_string_equal(buf_text(&r->returned), expected);
    assert_string_equal(buf_text(&r->entered), "socket(AF_INET, SOCK_STREAM, 0)\n");
    run(r, "struct sockaddr_in server; server.sin_family = AF_INET; server.sin_addr.s_addr = "
           "htonl(INADDR_LOOPBACK);"
           "server.sin_port = 0; bind(l, (struct sockaddr *)&server, sizeof(server)); listen(l, 3);");
    run(r, "socklen_t c = sizeof(server); getsockname(l, (struct sockaddr *)&server, &c);");
    assert_non_null(strstr(buf_text(&r->returned), ", {AF_INET, 127.0.0.1:"));
    assert_non_null(strstr(buf_text(&r->returned), ", [16]) = 0\n"));
    run(r, "int s = socket(AF_INET, SOCK_STREAM, 0); int ok = connect(s, (struct sockaddr *)&server, sizeof "
           "server);");
    assert_int_equal(value_of_variable(r, "ok"), 0);
    run(r, "struct sockaddr_in client; c = sizeof(struct sockaddr_in);"
           "int n = accept(l, (struct sockaddr *)&client, (socklen_t *)&c);");
    snprintf(expected, sizeof expected, "accept(%d, …)\n", r->first_fd);
    assert_string_equal(buf_text(&r->entered), expected);
    assert_int_equal(value_of_variable(r, "n"), r->first_fd + 2);
    assert_int_equal(r->last.fd, r->first_fd);
    assert_true(written(r, "client", 0, 16));
}

static void bytes_go_through(void **state) {
    struct record *r = *state;
    char expected[300];

    make_pair(r);
    run(r, "send(a, \"hello\", 5, 0)");
    snprintf(expected, sizeof expected, "send(%d, \"hello\", 5, 0) = 5\n", r->first_fd);
    assert_string_equal(buf_text(&r->returned), expected);
    assert_true(r->last.data_out);
    assert_int_equal(r->last.asked, 5);
    assert_int_equal(r->last.data_total, 5);
    assert_memory_equal(r->data.data, "hello", 5);

    run(r, "char message[2000]; ssize_t n = recv(b, message, 2000, 0);");
    snprintf(expected, sizeof expected, "recv(%d, …)\n", r->first_fd + 1);
    assert_string_equal(buf_text(&r->entered), expected);
    snprintf(expected, sizeof expected, "recv(%d, \"hello\", 2000, 0) = 5\n", r->first_fd + 1);
    assert_string_equal(buf_text(&r->returned), expected);
    assert_int_equal(value_of_variable(r, "n"), 5);
    assert_true(written(r, "message", 0, 5));
    assert_false(written(r, "message", 5, 1));
    assert_false(r->last.data_out);
    assert_int_equal(r->last.asked, 2000);

    run(r, "close(a); n = recv(b, message, 2000, 0);");
    snprintf(expected, sizeof expected, "close(%d) = 0\nrecv(%d, \"\", 2000, 0) = 0\n", r->first_fd,
             r->first_fd + 1);
    assert_string_equal(buf_text(&r->returned), expected);
    run(r, "signal(SIGPIPE, SIG_IGN); n = write(b, \"x\", 1); signal(SIGPIPE, SIG_DFL); int why = errno;");
    assert_int_equal(value_of_variable(r, "n"), -1);
    assert_int_equal(value_of_variable(r, "why"), EPIPE);
    assert_non_null(strstr(buf_text(&r->returned), "\"x\", 1) = -1 EPIPE (Broken pipe)\n"));
    assert_non_null(strstr(buf_text(&r->returned), "signal(SIGPIPE, SIG_DFL) = 1 (SIG_IGN)\n"));
}

static void the_echo_loop(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "char client_message[2000]; int read_size;");
    run(r, "write(a, \"several words, then\", 19); shutdown(a, SHUT_WR);");
    run(r, "while ((read_size = recv(b, client_message, 2000, 0)) > 0) { client_message[read_size] = '\\0';"
           "write(b, client_message, strlen(client_message)); memset(client_message, 0, 2000); }");
    assert_int_equal(value_of_variable(r, "read_size"), 0);
    run(r, "char reply[100]; read_size = read(a, reply, 100);");
    assert_int_equal(value_of_variable(r, "read_size"), 19);
}

static void short_forms(void **state) {
    struct record *r = *state;
    char expected[300];

    run(r, "int l = socket(AF_INET, SOCK_STREAM); bind(l, \"127.0.0.1:0\")");
    assert_non_null(strstr(buf_text(&r->returned), "{AF_INET, 127.0.0.1:0}, 16) = 0\n"));
    run(r, "listen(l)");
    snprintf(expected, sizeof expected, "listen(%d, %d) = 0\n", r->first_fd, SOMAXCONN);
    assert_string_equal(buf_text(&r->returned), expected);
    run(r, "getsockname(l)");
    assert_non_null(strstr(buf_text(&r->returned), "{AF_INET, 127.0.0.1:"));
    assert_non_null(strstr(buf_text(&r->returned), ", [128 => 16]) = 0\n"));
    run(r, "setsockopt(l, SOL_SOCKET, SO_REUSEADDR)");
    assert_non_null(strstr(buf_text(&r->returned), "SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n"));
    run(r, "getsockopt(l, SOL_SOCKET, SO_TYPE)");
    assert_non_null(strstr(buf_text(&r->returned), "SOL_SOCKET, SO_TYPE, [SOCK_STREAM], [4]) = 0\n"));
    run(r, "setsockopt(l, SOL_SOCKET, SO_LINGER, &(struct linger){1, 5})");
    assert_non_null(strstr(buf_text(&r->returned), "SO_LINGER, {onoff=1, linger=5}, 8) = 0\n"));
    run(r, "setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){1, 5})");
    assert_non_null(strstr(buf_text(&r->returned), "SO_RCVTIMEO, {tv_sec=1, tv_usec=5}, 16) = 0\n"));
    run(r, "fcntl(l, F_SETFL, O_NONBLOCK); accept(l)");
    assert_non_null(
        strstr(buf_text(&r->returned), ", NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)\n"));
    run(r, "fcntl(l, F_GETFL)");
    assert_non_null(strstr(buf_text(&r->returned), "F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)\n"));
    run(r, "pipe(); write(pipefd[1], \"x\"); socketpair(AF_UNIX, SOCK_STREAM); send(sv[0], \"hello\"); "
           "recv(sv[1])");
    assert_non_null(strstr(buf_text(&r->returned), "\"hello\", 4096, 0) = 5\n"));
    assert_true(written(r, "buf", 0, 5));
    assert_false(written(r, "buf", 5, 1));
    run(r, "read(pipefd[0])");
    assert_non_null(strstr(buf_text(&r->returned), "\"x\", 4096) = 1\n"));
}

static void own_buffers(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "char buf[10]; char text[20] = \"abc\"; int numbers[2] = {1, 2}; int one = 7;");
    run(r, "send(a, \"hello\"); recv(b)");
    assert_non_null(strstr(buf_text(&r->returned), "\"hello\", 10, 0) = 5\n"));
    run(r, "send(a, text)");
    assert_non_null(strstr(buf_text(&r->returned), "\"abc\", 3, 0) = 3\n"));
    run(r, "send(a, numbers)");
    assert_non_null(strstr(buf_text(&r->returned), ", 8, 0) = 8\n"));
    run(r, "send(a, &one)");
    assert_non_null(strstr(buf_text(&r->returned), "\"\\a\\0\\0\\0\", 4, 0) = 4\n"));
    run(r, "struct pollfd q = {b, POLLIN, 0}; poll(&q)");
    assert_non_null(strstr(buf_text(&r->returned), ", events=POLLIN}], 1, -1) = 1 ([{fd="));
}

static void a_wrong_buf(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "int buf = 3;");
    expect_error(r, "recv(b)", ERROR_TYPE, "recv", "buf is of type int", "recv(int sockfd");
}

static void datagrams(void **state) {
    struct record *r = *state;

    run(r, "int u = socket(AF_INET, SOCK_DGRAM, 0), v = socket(AF_INET, SOCK_DGRAM, 0); bind(u, "
           "\"127.0.0.1:0\");"
           "struct sockaddr_in to, from; socklen_t len = sizeof(to); getsockname(u, (struct sockaddr *)&to, "
           "&len);");
    run(r, "sendto(v, \"datagram\", 8, 0, (struct sockaddr *)&to, sizeof(to))");
    assert_non_null(strstr(buf_text(&r->returned), "\"datagram\", 8, 0, {AF_INET, 127.0.0.1:"));
    run(r, "char small[4]; len = sizeof(from);"
           "int n = recvfrom(u, small, 4, MSG_TRUNC, (struct sockaddr *)&from, &len);");
    assert_int_equal(value_of_variable(r, "n"), 8);
    assert_true(written(r, "small", 0, 4));
    assert_non_null(strstr(buf_text(&r->returned), "\"data\", 4, MSG_TRUNC, {AF_INET, 127.0.0.1:"));
    run(r, "n = sendto(u, \"back\", 4, 0, (struct sockaddr *)&from, len);");
    assert_int_equal(value_of_variable(r, "n"), 4);
    run(r, "char room[100]; n = recvfrom(v, room, 100)");
    assert_non_null(strstr(buf_text(&r->returned), "\"back\", 100, 0, NULL, NULL) = 4\n"));
}

/* tcp(7): MSG_TRUNC throws the bytes of a stream away; the buffer is not written. */
static void discarded_bytes(void **state) {
    struct record *r = *state;

    make_listener(r);
    run(r, "connect(s, &server); int n = accept(l); send(s, \"hello\", 5, 0); char text[10];"
           "int k = recv(n, text, 5, MSG_TRUNC | MSG_WAITALL);");
    assert_int_equal(value_of_variable(r, "k"), 5);
    assert_false(written(r, "text", 0, 1));
    assert_int_equal(r->data.length, 0);
}

static void unix_paths(void **state) {
    struct record *r = *state;
    char folder[] = "/tmp/sockshell-test-XXXXXX", line[300];

    assert_non_null(mkdtemp(folder));
    run(r, "int l = socket(AF_UNIX, SOCK_STREAM, 0), s = socket(AF_UNIX, SOCK_STREAM, 0); struct sockaddr_un "
           "at;");
    expect_error(r, "bind(l, (struct sockaddr *)&at, sizeof(at))", ERROR_MEMORY, "(struct sockaddr *)&at",
                 "at.sun_family was never given a value", NULL);
    run(r, "at.sun_family = AF_UNIX;");
    expect_error(r, "bind(l, (struct sockaddr *)&at, sizeof(at))", ERROR_MEMORY, "(struct sockaddr *)&at",
                 "at.sun_path was never given a value", "strcpy");
    run(r, "at.sun_path[0] = 'x';");
    expect_error(r, "bind(l, (struct sockaddr *)&at, sizeof(at))", ERROR_MEMORY, "(struct sockaddr *)&at",
                 "no NUL behind the 1 bytes", NULL);
    snprintf(line, sizeof line,
             "strcpy(at.sun_path, \"%s/s\"); int k = bind(l, (struct sockaddr *)&at, sizeof(at));", folder);
    run(r, line);
    assert_int_equal(value_of_variable(r, "k"), 0);
    snprintf(line, sizeof line, "listen(l, 1); k = connect(s, \"%s/s\");", folder);
    run(r, line);
    assert_int_equal(value_of_variable(r, "k"), 0);
    snprintf(line, sizeof line, "k = unlink(\"%s/s\");", folder);
    run(r, line);
    assert_int_equal(value_of_variable(r, "k"), 0);
    snprintf(line, sizeof line, "%s/file", folder);
    close(open(line, O_CREAT | O_WRONLY, 0600));
    snprintf(line, sizeof line, "unlink(\"%s/file\")", folder);
    struct error error = {0};
    assert_int_equal(try(r, line, &error), INTERP_FAILED);
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    snprintf(line, sizeof line, "%s/file", folder);
    assert_int_equal(unlink(line), 0);
    rmdir(folder);
}

/* ---- the learner's mistakes ---------------------------------------------- */

static void mistakes_with_addresses(void **state) {
    struct record *r = *state;
    const char *cast = "(struct sockaddr *)&server";

    run(r,
        "int l = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in server, client; int c; char text[20];");
    expect_error(r, "bind(l, (struct sockaddr *)&server, sizeof(server))", ERROR_MEMORY, cast,
                 "server.sin_family was never given a value", "AF_INET");
    run(r, "server.sin_family = AF_INET;");
    expect_error(r, "bind(l, (struct sockaddr *)&server, sizeof(server))", ERROR_MEMORY, cast,
                 "server.sin_port was never given a value", "htons(8888)");
    run(r, "server.sin_port = htons(0);");
    expect_error(r, "bind(l, (struct sockaddr *)&server, sizeof(server))", ERROR_MEMORY, cast,
                 "server.sin_addr was never given a value", "INADDR_ANY");
    run(r, "server.sin_addr.s_addr = INADDR_ANY;");
    run(r, "bind(l, (struct sockaddr *)&server, sizeof(server))"); /* sin_zero need not be written */
    expect_error(r, "bind(l, server, sizeof(server))", ERROR_TYPE, "server", "wants the address of server",
                 "&server");
    expect_error(r, "bind(l, &server, 17)", ERROR_MEMORY, "&server", "reads 17 bytes, but server has only 16",
                 "sizeof(server)");
    expect_error(r, "bind(l, 5)", ERROR_TYPE, "5", "wants a pointer as addr", "\"127.0.0.1:8888\"");
    expect_error(r, "bind(l, \"127.0.0.1\")", ERROR_TYPE, "\"127.0.0.1\"", "a port is missing", NULL);
    expect_error(r, "bind(l, text)", ERROR_MEMORY, "text", "never given a value", NULL);
    expect_error(r, "accept(l, &client, &c)", ERROR_MEMORY, "&c", "c was never set", "c = sizeof(client)");
    expect_error(r, "accept(l, &client, c = 5)", ERROR_TYPE, "c = 5", "wants the address of a length", NULL);
    run(r, "c = 100;");
    expect_error(r, "accept(l, &client, &c)", ERROR_MEMORY, "&client",
                 "may write 100 bytes, but client has room for 16", "sizeof(client)");
    /* What C does all the same, the kernel answers. */
    expect(r, "close(77)", "close(77) = -1 EBADF (Bad file descriptor)\n");
    run(r, "bind(l, &server, 2)");
    assert_non_null(strstr(buf_text(&r->returned), "= -1 EINVAL (Invalid argument)\n"));
    run(r, "connect(l, NULL, 16)");
    assert_non_null(strstr(buf_text(&r->returned), ", NULL, 16) = -1 EFAULT (Bad address)\n"));
}

static void mistakes_with_bytes(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "char client_message[1000]; struct sockaddr_in server;");
    expect_error(r, "recv(b, client_message, 2000, 0)", ERROR_MEMORY, "client_message",
                 "recv() may write 2000 bytes, but client_message has room for 1000",
                 "sizeof(client_message)");
    expect_error(r, "recv(b, client_message + 10, 1000, 0)", ERROR_MEMORY, "client_message + 10",
                 "has room for 990 from here on", NULL);
    expect_error(r, "recv(b, client_message, -1, 0)", ERROR_MEMORY, "-1", "this is -1, which as a length",
                 NULL);
    expect_error(r, "recv(b, \"text\", 4, 0)", ERROR_MEMORY, "\"text\"", "literal", NULL);
    expect_error(r, "recv(b, client_message - 1, 4, 0)", ERROR_MEMORY, "client_message - 1", "before", NULL);
    expect_error(r, "send(a, client_message, 5, 0)", ERROR_MEMORY, "client_message", "never given a value",
                 NULL);
    run(r, "client_message[0] = 'x'; client_message[1] = 'y';");
    expect_error(r, "send(a, client_message, 5, 0)", ERROR_MEMORY, "client_message",
                 "reads 5 bytes of client_message, but only the first 2 were ever written", "strlen()");
    expect_error(r, "send(a, \"hello\", 10, 0)", ERROR_MEMORY, "\"hello\"", "reads 10 bytes", NULL);
    expect_error(r, "send(a, 5, 1, 0)", ERROR_TYPE, "5", "wants a pointer as buf, and this is the number 5",
                 "\"5\"");
    expect_error(r, "send(\"a\", \"b\", 1, 0)", ERROR_TYPE, "\"a\"",
                 "wants a descriptor as sockfd, and this is a string", "socket()");
    expect_error(r, "send(server, \"b\", 1, 0)", ERROR_TYPE, "server", "server is of type struct sockaddr_in",
                 NULL);
    expect_error(r, "send()", ERROR_TYPE, "send", "send() needs sockfd as well", "ssize_t send(");
    expect_error(r, "send(a)", ERROR_TYPE, "send", "send() needs buf as well", "ssize_t send(");
    expect_error(r, "send(a, \"b\", 1, 0, 7)", ERROR_TYPE, "7", "takes 4 arguments, and 5 were given",
                 "ssize_t send(");
    run(r, "recv(b, NULL, 5, MSG_DONTWAIT)");
    run(r, "send(a, \"xyz\", 3, 0); recv(b, NULL, 3, 0)");
    assert_non_null(strstr(buf_text(&r->returned), "NULL, 3, 0) = -1 EFAULT (Bad address)\n"));
    run(r, "write(a, \"\", 0)");
}

static void mistakes_with_others(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "struct pollfd q[2]; fd_set set; struct timeval t; struct epoll_event e; struct msghdr m;");
    expect_error(r, "poll(q, 1, 0)", ERROR_MEMORY, "q", "entry 0 of q: fd was never given a value", NULL);
    expect_error(r, "poll(q, 3, 0)", ERROR_MEMORY, "q", "room for 16", NULL);
    expect_error(r, "poll(q, -1, 0)", ERROR_MEMORY, "-1", "no array has so many entries", NULL);
    expect_error(r, "poll(q[0], 1, 0)", ERROR_TYPE, "q[0]", "wants the address of this struct", NULL);
    expect_error(r, "select(5, &set)", ERROR_MEMORY, "&set", "never given a value", "FD_ZERO(&set)");
    expect_error(r, "FD_SET(3, &set)", ERROR_MEMORY, "&set", "never given a value", "FD_ZERO(&set)");
    run(r, "FD_ZERO(&set);");
    expect_error(r, "FD_SET(1024, &set)", ERROR_MEMORY, "1024", "0 to 1023", "poll()");
    expect_error(r, "FD_SET(-1, &set)", ERROR_MEMORY, "-1", "0 to 1023", NULL);
    expect_error(r, "select(2000, &set)", ERROR_MEMORY, "&set", "only 128", NULL);
    expect_error(r, "select(5, &set, NULL, NULL, &t)", ERROR_MEMORY, "&t", "t, which was never given a value",
                 NULL);
    expect_error(r, "epoll_ctl(a, EPOLL_CTL_ADD, b, &e)", ERROR_MEMORY, "&e", "never given a value",
                 "EPOLLIN");
    expect_error(r, "epoll_wait(a, &e, 2, 0)", ERROR_MEMORY, "&e", "may write", NULL);
    expect_error(r, "sendmsg(a, &m, 0)", ERROR_MEMORY, "&m", "m.msg_name was never given a value",
                 "memset(&m");
    expect_error(r, "kill(-1, SIGKILL)", ERROR_LIMIT, "-1", "every process", NULL);
    expect_error(r, "signal(SIGINT, on_interrupt)", ERROR_TYPE, "on_interrupt", "handlers need functions",
                 "SIG_IGN");
    expect_error(r, "signal(SIGINT, exit)", ERROR_TYPE, "exit", "handlers need functions", "SIG_IGN");
    expect_error(r, "setsockopt(a, SOL_SOCKET, SO_REUSEADDR, 1, 4)", ERROR_TYPE, "1",
                 "wants a pointer as optval", "&(int){1}");
    /* SO_ATTACH_FILTER: a pointer inside, which the kernel would follow. */
    expect_error(r, "setsockopt(a, SOL_SOCKET, 26, q, 16)", ERROR_LIMIT, "26", "cannot be checked", NULL);
    expect_error(r, "fcntl(a, 5, 0)", ERROR_LIMIT, "5", "no command", "F_GETFL");
    expect_error(r, "close(puts)", ERROR_NAME, "puts", "puts", NULL);
    expect_error(r, "close(free_me)", ERROR_NAME, "free_me", "free_me", NULL);
}

/* ---- what the host keeps ------------------------------------------------- */

static void reserved_descriptors(void **state) {
    struct record *r = *state;

    make_pair(r);
    dup2(STDERR_FILENO, 900);
    expect(r, "close(900)", "close(900) = -1 EBADF (Bad file descriptor)\n");
    assert_true(fcntl(900, F_GETFD) >= 0);
    run(r, "dup2(a, 900)");
    assert_non_null(strstr(buf_text(&r->returned), ", 900) = -1 EBADF (Bad file descriptor)\n"));
    run(r, "dup(901); fcntl(900, F_GETFL); write(900, \"x\", 1); epoll_create1(); int k = epoll_ctl(a, "
           "EPOLL_CTL_ADD, 900);");
    assert_int_equal(value_of_variable(r, "k"), -1);
    run(r, "struct pollfd q = {900, POLLIN | POLLOUT, 0}; k = poll(&q, 1, 0);");
    assert_non_null(strstr(buf_text(&r->returned), "1 ([{fd=900, revents=POLLNVAL}])"));
    run(r, "fd_set set; FD_ZERO(&set); FD_SET(900, &set); select(901, NULL, &set)");
    assert_non_null(strstr(buf_text(&r->returned), "[900], NULL, NULL) = -1 EBADF (Bad file descriptor)\n"));
    run(r,
        "char control[CMSG_SPACE(sizeof(int))]; memset(control, 0, sizeof(control)); struct msghdr m;"
        "memset(&m, 0, sizeof(m)); struct iovec v = {\"x\", 1}; m.msg_iov = &v; m.msg_iovlen = 1;"
        "m.msg_control = control; m.msg_controllen = sizeof(control); struct cmsghdr *h = CMSG_FIRSTHDR(&m);"
        "h->cmsg_len = CMSG_LEN(sizeof(int)); h->cmsg_level = SOL_SOCKET; h->cmsg_type = SCM_RIGHTS;"
        "*(int *)CMSG_DATA(h) = 900; k = sendmsg(a, &m, 0);");
    assert_int_equal(value_of_variable(r, "k"), -1);
    run(r, "k = signal(SIGKILL, SIG_IGN) == SIG_ERR;");
    assert_int_equal(value_of_variable(r, "k"), 1);
    char line[100];
    snprintf(line, sizeof line, "k = signal(%d, SIG_IGN) == SIG_ERR;", SIGRTMIN + 5);
    run(r, line);
    assert_int_equal(value_of_variable(r, "k"), 1);
    close(900);
}

/* ---- waiting ------------------------------------------------------------- */

static void waiting(void **state) {
    struct record *r = *state;
    char expected[300];

    make_pair(r);
    run(r, "write(a, \"x\", 1); struct pollfd q[2] = {{b, POLLIN, 0}, {a, POLLIN, 0}}; poll(q, 2, 1000)");
    snprintf(
        expected, sizeof expected,
        "poll([{fd=%d, events=POLLIN}, {fd=%d, events=POLLIN}], 2, 1000) = 1 ([{fd=%d, revents=POLLIN}])\n",
        r->first_fd + 1, r->first_fd, r->first_fd + 1);
    assert_non_null(strstr(buf_text(&r->returned), expected));
    run(r, "poll(&q[1], 1, 0)");
    assert_non_null(strstr(buf_text(&r->returned), "1, 0) = 0 (Timeout)\n"));
    run(r, "poll(NULL, 0, 0)");
    assert_string_equal(buf_text(&r->returned), "poll(NULL, 0, 0) = 0 (Timeout)\n");

    run(r, "fd_set set; FD_ZERO(&set); FD_SET(a, &set); FD_SET(b, &set); struct timeval t = {10, 0};"
           "select(b + 1, &set, NULL, NULL, &t); int in_a = FD_ISSET(a, &set), in_b = FD_ISSET(b, &set);");
    snprintf(expected, sizeof expected, "= 1 (in [%d], left {tv_sec=", r->first_fd + 1);
    assert_non_null(strstr(buf_text(&r->returned), expected));
    assert_int_equal(value_of_variable(r, "in_a"), 0);
    assert_int_equal(value_of_variable(r, "in_b"), 1);
    run(r, "FD_CLR(b, &set); int k = FD_ISSET(b, &set);");
    assert_int_equal(value_of_variable(r, "k"), 0);
    run(r, "select(-1, &set)");
    assert_non_null(strstr(buf_text(&r->returned), "= -1 EINVAL"));

    run(r, "int ep = epoll_create1(0); struct epoll_event e, got[4]; e.events = EPOLLIN; e.data.fd = b;"
           "epoll_ctl(ep, EPOLL_CTL_ADD, b, &e); k = epoll_wait(ep, got, 4, 1000);");
    snprintf(expected, sizeof expected, "[{events=EPOLLIN, data={u32=%d, u64=%d}}], 4, 1000) = 1\n",
             r->first_fd + 1, r->first_fd + 1);
    assert_non_null(strstr(buf_text(&r->returned), expected));
    run(r, "k = got[0].data.fd == b;");
    assert_int_equal(value_of_variable(r, "k"), 1);
    assert_false(written(r, "got", sizeof(int) * 3, 1));
    run(r, "epoll_ctl(ep, EPOLL_CTL_DEL, b); epoll_ctl(ep, EPOLL_CTL_ADD, b); epoll_wait(ep)");
    assert_non_null(strstr(buf_text(&r->returned), "EPOLL_CTL_DEL"));
    assert_non_null(strstr(buf_text(&r->returned), ", 10, -1) = 1\n"));
}

/* ---- messages ------------------------------------------------------------ */

static void messages(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "struct iovec v[2] = {{\"head\", 4}, {\"body\", 4}}; struct msghdr m; memset(&m, 0, sizeof(m));"
           "m.msg_iov = v; m.msg_iovlen = 2; int k = sendmsg(a, &m, 0);");
    assert_int_equal(value_of_variable(r, "k"), 8);
    assert_int_equal(r->last.asked, 8);
    assert_memory_equal(r->data.data, "headbody", 8);
    assert_non_null(
        strstr(buf_text(&r->returned),
               "{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"head\", iov_len=4}, {iov_base=\"body\", "
               "iov_len=4}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 8\n"));
    run(r, "char x[3], y[10]; struct iovec w[2] = {{x, 3}, {y, 10}}; m.msg_iov = w; k = recvmsg(b, &m, 0);");
    assert_int_equal(value_of_variable(r, "k"), 8);
    assert_memory_equal(r->data.data, "headbody", 8);
    assert_true(written(r, "x", 0, 3));
    assert_true(written(r, "y", 0, 5));
    assert_false(written(r, "y", 5, 1));
    run(r, "w[1].iov_len = 11;");
    expect_error(r, "recvmsg(b, &m, 0)", ERROR_MEMORY, "&m", "iov_len says 11 bytes, but y has room for 10",
                 NULL);
    run(r, "m.msg_iovlen = 5000; k = sendmsg(a, &m, 0);");
    assert_non_null(strstr(buf_text(&r->returned), "EMSGSIZE"));
    run(r, "m.msg_iov = NULL; m.msg_iovlen = 1; k = sendmsg(a, &m, 0);");
    assert_int_equal(value_of_variable(r, "k"), -1);
    run(r, "k = sendmsg(a, NULL, 0);");
    assert_non_null(strstr(buf_text(&r->returned), "NULL, 0) = -1 EFAULT"));
}

static void descriptors_are_passed(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "int pp[2]; pipe(pp); char control[CMSG_SPACE(sizeof(int))]; struct msghdr m; memset(&m, 0, "
           "sizeof(m));"
           "struct iovec v = {\"x\", 1}; m.msg_iov = &v; m.msg_iovlen = 1; m.msg_control = control;"
           "m.msg_controllen = CMSG_LEN(sizeof(int)); struct cmsghdr *h = CMSG_FIRSTHDR(&m);"
           "h->cmsg_len = CMSG_LEN(sizeof(int)); h->cmsg_level = SOL_SOCKET; h->cmsg_type = SCM_RIGHTS;");
    expect_error(r, "sendmsg(a, &m, 0)", ERROR_MEMORY, "&m", "the control message at byte 0 was not written in full", NULL);
    run(r, "*(int *)CMSG_DATA(h) = pp[1]; int k = sendmsg(a, &m, 0);");
    assert_int_equal(value_of_variable(r, "k"), 1);
    assert_non_null(
        strstr(buf_text(&r->returned), "cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=["));
    run(r, "char got[CMSG_SPACE(sizeof(int))], c; v.iov_base = &c; m.msg_control = got; m.msg_controllen = "
           "sizeof(got);"
           "k = recvmsg(b, &m, 0); h = CMSG_FIRSTHDR(&m); int fd = *(int *)CMSG_DATA(h);"
           "write(fd, \"through\", 7); char text[10]; k = read(pp[0], text, 10); int last = CMSG_NXTHDR(&m, "
           "h) == NULL;");
    assert_int_equal(value_of_variable(r, "k"), 7);
    assert_int_equal(value_of_variable(r, "last"), 1);
}

/* ---- processes ----------------------------------------------------------- */

static void processes(void **state) {
    struct record *r = *state;
    char expected[200];

    run(r, "int status; int child = fork(); if (child == 0) _exit(3)");
    int64_t child = value_of_variable(r, "child");
    assert_true(child > 0);
    snprintf(expected, sizeof expected, "fork() = %d\n", (int)child);
    assert_string_equal(buf_text(&r->returned), expected);
    run(r, "int got = waitpid(child, &status, 0);");
    assert_int_equal(value_of_variable(r, "got"), child);
    assert_non_null(strstr(buf_text(&r->returned), ", [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0) = "));
    run(r, "int e = WIFEXITED(status), s = WEXITSTATUS(status), k = WIFSIGNALED(status);");
    assert_int_equal(value_of_variable(r, "e"), 1);
    assert_int_equal(value_of_variable(r, "s"), 3);
    assert_int_equal(value_of_variable(r, "k"), 0);
    run(r, "child = fork(); if (child == 0) { kill(getpid(), SIGKILL); } wait(&status)");
    assert_non_null(strstr(buf_text(&r->returned), "wait([{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}]) = "));
    run(r, "s = WTERMSIG(status); got = wait();");
    assert_int_equal(value_of_variable(r, "s"), SIGKILL);
    assert_string_equal(buf_text(&r->returned), "wait(NULL) = -1 ECHILD (No child processes)\n");
    expect(r, "sleep(0)", "sleep(0) = 0\n");
    assert_string_equal(buf_text(&r->entered), "sleep(0)\n");
}

static void the_end(void **state) {
    struct record *r = *state;
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        run(r, "exit(5)");
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
}

static void on_alarm(int number) {
    (void)number;
}

static void interrupted(void **state) {
    struct record *r = *state;
    /* Without SA_RESTART, and again and again: the first one may come before recv() sleeps. */
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval soon = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};

    make_pair(r);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    run(r, "char x[5]; int k = recv(b, x, 5, 0);");
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(value_of_variable(r, "k"), -1);
    assert_non_null(strstr(buf_text(&r->returned), ", x, 5, 0) = -1 EINTR (Interrupted system call)\n"));
    assert_false(written(r, "x", 0, 1));
}

static void pasted_back(void **state) {
    struct record *r = *state;

    make_pair(r);
    run(r, "send(a, \"hello\", 5, 0) = 5");
    run(r, "recv(b, \"hello\", 4096, 0) = 5   // an explanation");
    assert_non_null(strstr(buf_text(&r->returned), "\"hello\", 4096, 0) = 5\n"));
    run(r, "int u = socket(AF_INET, SOCK_DGRAM, 0); connect(u, {AF_INET, 127.0.0.1:9}, 16) = 0");
    assert_non_null(strstr(buf_text(&r->returned), "{AF_INET, 127.0.0.1:9}, 16) = 0\n"));
    run(r, "int w = socket(AF_UNIX, SOCK_STREAM, 0); connect(w, {AF_UNIX, \"/nonexistent/x\"}, 110)");
    assert_non_null(strstr(buf_text(&r->returned), "{AF_UNIX, \"/nonexistent/x\"}, 110) = -1 ENOENT"));
}

/* ---- words --------------------------------------------------------------- */

static bool is_variable(void *context, const char *name) {
    (void)context;
    return strcmp(name, "sock") == 0 || strcmp(name, "server") == 0 || strcmp(name, "read") == 0;
}

static void words(void **state) {
    static const struct {
        const char *line, *c;
    } cases[] = {
        {"socket inet stream", "socket(AF_INET, SOCK_STREAM)"},
        {"socket AF_INET sock_stream 0", "socket(AF_INET, SOCK_STREAM, 0)"},
        {"  socket inet stream|nonblock tcp ;", "socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP)"},
        {"bind 3 127.0.0.1:8888", "bind(3, \"127.0.0.1:8888\")"},
        {"bind sock *:8888", "bind(sock, \"*:8888\")"},
        {"bind 3 [::1]:8888", "bind(3, \"[::1]:8888\")"},
        {"bind 3 /tmp/x.sock", "bind(3, \"/tmp/x.sock\")"},
        {"bind 3 @name", "bind(3, \"@name\")"},
        {"connect sock cheerios:51717", "connect(sock, \"cheerios:51717\")"},
        {"connect sock server.example.org:80", "connect(sock, \"server.example.org:80\")"},
        {"bind 3 &server 16", "bind(3, &server, 16)"},
        {"listen 3 5", "listen(3, 5)"},
        {"listen 3", "listen(3)"},
        {"accept", "accept()"},
        {"fork", "fork()"},
        {"send 4 hello", "send(4, \"hello\")"},
        {"send 4 42", "send(4, \"42\")"},
        {"send 4 \"hello world\" 5 oob|DONTWAIT", "send(4, \"hello world\", 5, MSG_OOB | MSG_DONTWAIT)"},
        {"send 4 say\\", "send(4, \"say\\\\\")"},
        {"send 4 server", "send(4, server)"},
        {"shutdown 4 wr", "shutdown(4, SHUT_WR)"},
        {"setsockopt 3 socket reuseaddr", "setsockopt(3, SOL_SOCKET, SO_REUSEADDR)"},
        {"setsockopt 3 tcp nodelay", "setsockopt(3, IPPROTO_TCP, TCP_NODELAY)"},
        {"fcntl 3 setfl nonblock", "fcntl(3, F_SETFL, O_NONBLOCK)"},
        {"signal pipe ign", "signal(SIGPIPE, SIG_IGN)"},
        {"kill -5 term", "kill(-5, SIGTERM)"},
        {"waitpid -1 NULL nohang", "waitpid(-1, NULL, WNOHANG)"},
        {"listen 3 5 7", "listen(3, 5, 7)"},
    };
    static const char *const others[] = {
        "",
        " ",
        "listen(3, 5)",
        "listen (3, 5)",
        "listen = 5",
        "read",
        "read 3",
        "read + 1",
        "nothing 3",
        "listen; 3",
        "listen 3; accept 3",
        "listen - 3",
        "listen == 3",
        "listen 3\nlisten 4",
        "3 listen",
        "\"listen\" 3",
    };
    struct buf out = {0};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&out);
        if (!call_from_words(cases[i].line, is_variable, NULL, &out))
            fail_msg("not taken: %s", cases[i].line);
        assert_string_equal(buf_text(&out), cases[i].c);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        buf_clear(&out);
        if (call_from_words(others[i], is_variable, NULL, &out) && strcmp(others[i], "listen; 3") != 0)
            fail_msg("taken: %s as %s", others[i], buf_text(&out));
    }
    buf_free(&out);
}

/* ---- addresses ----------------------------------------------------------- */

static void addresses(void **state) {
    static const struct {
        const char *text;
        int family;
        const char *shown; /* or NULL: refused */
        size_t length;
    } cases[] = {
        {"127.0.0.1:8888", AF_UNSPEC, "{AF_INET, 127.0.0.1:8888}", 16},
        {"127.0.0.1:8888", AF_INET, "{AF_INET, 127.0.0.1:8888}", 16},
        {"127.0.0.1:8888", AF_INET6, "{AF_INET6, [::ffff:127.0.0.1]:8888}", 28},
        {"*:80", AF_UNSPEC, "{AF_INET, 0.0.0.0:80}", 16},
        {":80", AF_INET, "{AF_INET, 0.0.0.0:80}", 16},
        {"*:80", AF_INET6, "{AF_INET6, [::]:80}", 28},
        {"[::1]:80", AF_UNSPEC, "{AF_INET6, [::1]:80}", 28},
        {"[*]:80", AF_INET6, "{AF_INET6, [::]:80}", 28},
        {"[fe80::1%lo]:80", AF_INET6, "{AF_INET6, [fe80::1%lo]:80}", 28},
        {"/tmp/x", AF_UNSPEC, "{AF_UNIX, \"/tmp/x\"}", 9},
        {"./x", AF_UNSPEC, "{AF_UNIX, \"./x\"}", 6},
        {"x:1", AF_UNIX, "{AF_UNIX, \"x:1\"}", 6},
        {"@name", AF_UNSPEC, "{AF_UNIX, @\"name\"}", 7},
        {"[::1]:80", AF_INET, NULL, 0},
        {"::1:80", AF_INET6, NULL, 0},
        {"[::1]", AF_INET6, NULL, 0},
        {"[::g]:80", AF_INET6, NULL, 0},
        {"[fe80::1%none]:80", AF_INET6, NULL, 0},
        {"127.0.0.1", AF_INET, NULL, 0},
        {"127.0.0.1:", AF_INET, NULL, 0},
        {"127.0.0.1:65536", AF_INET, NULL, 0},
        {"127.0.0.1:-1", AF_INET, NULL, 0},
        {"127.0.0.1:80x", AF_INET, NULL, 0},
        {"127.0.0.1:123456", AF_INET, NULL, 0},
        {"", AF_INET, NULL, 0},
        {"", AF_UNIX, NULL, 0},
        {"host:80", AF_INET, NULL, 0}, /* numeric only here */
        {"127.0.0.1:80", AF_NETLINK, NULL, 0},
    };
    struct sockaddr_storage address;
    struct buf shown = {0};
    size_t length;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        bool done =
            address_parse_numeric(cases[i].text, cases[i].family, &address, sizeof address, &length, &error);
        if (done != (cases[i].shown != NULL))
            fail_msg("%s for family %d: %s", cases[i].text, cases[i].family,
                     error.text ? error.text : "taken");
        if (done) {
            buf_clear(&shown);
            address_show(&address, length, &shown);
            if (strcmp(cases[i].shown, "{AF_INET6, [fe80::1%lo]:80}") != 0)
                assert_string_equal(buf_text(&shown), cases[i].shown);
            assert_int_equal(length, cases[i].length);
        } else {
            assert_non_null(error.text);
        }
        error_free(&error);
    }
    struct error error = {0};
    assert_true(address_parse("localhost:80", AF_INET, &address, sizeof address, &length, &error));
    assert_false(address_parse("127.0.0.1:80", AF_INET, &address, 4, &length, &error));
    assert_int_equal(error.kind, ERROR_MEMORY);
    error_free(&error);
    char path[200];
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[108] = '\0';
    assert_false(address_parse(path, AF_UNIX, &address, sizeof address, &length, &error));
    error_free(&error);
    path[107] = '\0';
    assert_true(address_parse(path, AF_UNIX, &address, sizeof address, &length, &error));
    buf_free(&shown);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(references_exist),
        cmocka_unit_test(prototypes_are_read),
        TEST(a_connection),
        TEST(bytes_go_through),
        TEST(the_echo_loop),
        TEST(short_forms),
        TEST(own_buffers),
        TEST(a_wrong_buf),
        TEST(datagrams),
        TEST(discarded_bytes),
        TEST(unix_paths),
        TEST(mistakes_with_addresses),
        TEST(mistakes_with_bytes),
        TEST(mistakes_with_others),
        TEST(reserved_descriptors),
        TEST(waiting),
        TEST(messages),
        TEST(descriptors_are_passed),
        TEST(processes),
        TEST(the_end),
        TEST(interrupted),
        TEST(pasted_back),
        cmocka_unit_test(words),
        cmocka_unit_test(addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
