/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is checked before a call is made, how arguments may be written, and how addresses are read and shown. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "call/engine.h"
#include "lang/parse.h"
#include "recording_host.h"

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
    expect_error(r, "signal(SIGINT, on_interrupt)", ERROR_TYPE, "on_interrupt", "cannot be handlers",
                 "SIG_IGN");
    expect_error(r, "signal(SIGINT, exit)", ERROR_TYPE, "exit", "cannot be handlers", "SIG_IGN");
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
        TEST(mistakes_with_addresses),
        TEST(mistakes_with_bytes),
        TEST(mistakes_with_others),
        TEST(reserved_descriptors),
        cmocka_unit_test(words),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
