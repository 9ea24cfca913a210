/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls, in lines of C: sockets, waiting, messages, processes. */
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
#include "recording_host.h"

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_connection),
        TEST(bytes_go_through),
        TEST(the_echo_loop),
        TEST(short_forms),
        TEST(own_buffers),
        TEST(a_wrong_buf),
        TEST(datagrams),
        TEST(discarded_bytes),
        TEST(unix_paths),
        TEST(waiting),
        TEST(messages),
        TEST(descriptors_are_passed),
        TEST(processes),
        TEST(the_end),
        TEST(interrupted),
        TEST(pasted_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
