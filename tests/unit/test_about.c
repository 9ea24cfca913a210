/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call is about to ask: the templates of all rows, templates that must
 * be refused, and the sentences themselves, made for real sockets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "call/about.h"
#include "lang/parse.h"

/* ---- the templates ---- */

static void every_announced_row_says_what_it_asks(void **state) {
    const struct call *call;
    size_t seen = 0;
    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        struct error error = {0};
        if (call->flags & (CALL_SYSTEM | CALL_BLOCKS)) {
            seen++;
            if (call->asks == NULL)
                fail_msg("%s() has no .asks", call->name);
        }
        if (call->asks == NULL)
            continue;
        if (!about_check(call, &error))
            fail_msg("%s", error.text);
        for (const char *end = call->asks; *end != '\0'; end++)
            if (end[0] == '.' && end[1] == '.')
                fail_msg("%s(): two full stops: %s", call->name, call->asks);
    }
    assert_true(seen > 40);
}

static void assert_refused(const char *template, const char *word) {
    struct call call = *call_find("bind");
    struct error error = {0};
    call.asks = template;
    if (about_check(&call, &error))
        fail_msg("taken for a template: %s", template);
    if (strstr(error.text, word) == NULL)
        fail_msg("%s: \"%s\" is not in: %s", template, word, error.text);
    assert_true(error.where.at <= strlen(template));
    error_free(&error);
}

static void assert_taken(const char *template) {
    struct call call = *call_find("bind");
    struct error error = {0};
    call.asks = template;
    if (!about_check(&call, &error))
        fail_msg("%s: %s", template, error.text);
}

static void unknown_parts_are_refused(void **state) {
    (void)state;
    assert_refused("{nobody}", "nobody");
    assert_refused("{addr:upside}", "upside");
    assert_refused("{sockfd:short}", "short"); /* a form, but not of a descriptor */
    assert_refused("{?nobody:x}", "nobody");
    assert_refused("{?addr.listening:x}", "listening"); /* a word, but not of an address */
    assert_refused("{?sockfd.any:x}", "any");
    assert_refused("{?addrlen.any:x}", "any");
    assert_refused("{?addrlen=SO_NOBODY:x}", "SO_NOBODY");
    assert_refused("{?addrlen=addr:x}", "addr");
    assert_refused("{?addr=1:x}", "addr");
    /* also where it would not be said */
    assert_refused("{?addr:x|{nobody}}", "nobody");
    assert_refused("{?addr:{?sockfd:x|?nobody:y}}", "nobody");
}

static void malformed_templates_are_refused(void **state) {
    (void)state;
    const char *const wrong[] = {
        "{",      "{}",          "{sockfd",         "{sockfd:",       "{?", "{?sockfd",
        "{?:x}",  "{?sockfd}",   "{?sockfd:x",      "{?sockfd:x|y",   "x}", "{?sockfd,:x}",
        "{?!:x}", "{?sockfd=:}", "{?sockfd:x|y|z}", "{?sockfd:x|?:y}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(wrong[i], "bind()");
    assert_taken("");
    assert_taken("plain | text, it's fine: {sockfd}.");
    assert_taken("{?!sockfd.open,addrlen<16,addrlen=sockfd:x{addr:host}|?addr:|z}");
}

/* ---- the sentences ---- */

struct told {
    struct caller *caller;
    struct buf text; /* of the last call */
    unsigned count;
    int first_fd;
};

static void on_entered(void *context, const struct call_record *record) {
    struct told *told = context;
    buf_clear(&told->text);
    buf_add_text(&told->text, record->about != NULL ? record->about : "");
    told->count += record->about != NULL;
}

static void on_returned(void *context, const struct call_record *record) {
    (void)context;
    (void)record;
}

static void on_show(void *context, struct interp *interp, struct value value) {
    (void)context;
    (void)interp;
    (void)value;
}

static bool on_stop(void *context, struct error *error) {
    (void)context;
    (void)error;
    return false;
}

static int on_fork(void *context) {
    (void)context;
    return 0; /* as in the child */
}

__attribute__((noreturn)) static void on_exit_call(void *context, int status) {
    (void)context;
    _exit(status);
}

static int setup(void **state) {
    struct told *told = calloc(1, sizeof *told);
    const struct call_host host = {told, on_entered, on_returned, on_show, on_stop, on_fork, on_exit_call, NULL};
    told->first_fd = dup(STDERR_FILENO);
    close(told->first_fd);
    told->caller = caller_new(&host, MEMORY_LIMIT);
    caller_reserve(told->caller, STDERR_FILENO, STDERR_FILENO);
    caller_narrate(told->caller, true);
    *state = told;
    return 0;
}

static int teardown(void **state) {
    struct told *told = *state;
    for (int fd = told->first_fd; fd < told->first_fd + 16; fd++)
        close(fd);
    caller_free(told->caller);
    buf_free(&told->text);
    free(told);
    return 0;
}

static void run(struct told *told, const char *source) {
    struct error error = {0};
    struct tree tree = {0};
    int status;
    if (!parse(source, strlen(source), &tree, &error) ||
        interp_run(caller_interp(told->caller), &tree, &status, &error) == INTERP_FAILED)
        fail_msg("%s: %s", source, error.text);
    tree_free(&tree);
}

/* The last call of the line is announced with this text, in which # stands for any number. */
static void expect(struct told *told, const char *source, const char *wanted) {
    run(told, source);
    const char *got = buf_text(&told->text), *want = wanted;
    while (*want != '\0' && (*want == *got || *want == '#')) {
        if (*want == '#')
            got += strspn(got, "0123456789") - 1;
        want++;
        got++;
    }
    if (*want != '\0' || *got != '\0')
        fail_msg("%s\n  expected: %s\n  got:      %s", source, wanted, buf_text(&told->text));
}

static void it_speaks_of_streams(void **state) {
    struct told *told = *state;
    expect(told, "int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)",
           "Ask for a socket: AF_INET (IPv4 addresses and ports), SOCK_STREAM (a connection that carries a "
           "stream of "
           "bytes, in order), SOCK_CLOEXEC (or-ed to the type: closed when the process runs another "
           "program), and 0, "
           "the usual protocol for the two, which is TCP.");
    expect(told, "bind(l, \"127.0.0.1:0\")",
           "Give socket # its local address, 127.0.0.1:0: a free port, which the kernel chooses, at the "
           "loopback "
           "address, which only this machine can reach.");
    expect(told, "listen(l, 3)",
           "Let clients connect to socket #. The kernel takes them in by itself; set how many connections "
           "may wait "
           "there until accept() takes them: 3 (Linux lets one more in).");
    expect(told, "listen(l, -1)",
           "Socket # listens already; change how many connections may wait there until accept() takes them: "
           "as many "
           "as the system allows.");
    run(told, "struct sockaddr_in a; socklen_t n = sizeof(a)");
    expect(told, "getsockname(l, (struct sockaddr *)&a, &n)",
           "Ask for the local address of socket #. It is to be written to &a, where there are 16 bytes of "
           "room.");
    run(told, "int c = socket(AF_INET, SOCK_STREAM, 0)");
    expect(told, "connect(c, (struct sockaddr *)&a, n)",
           "Connect socket # to 127.0.0.1:#: the kernel sends a SYN, and the call sleeps until the answer "
           "has come. "
           "The socket has no address yet: the kernel gives it a free port.");
    expect(told, "int s = accept(l, (struct sockaddr *)&a, &n)",
           "Take the connection that has waited longest at socket #, or sleep until there is one. Who has "
           "connected "
           "is to be written to &a.");
    expect(told, "send(c, \"x\", 1, MSG_NOSIGNAL)",
           "Hand \"x\" (1 byte) to the kernel: TCP sends it, in pieces of its own choice, to the peer of "
           "socket #. "
           "Flags: MSG_NOSIGNAL (EPIPE without the signal SIGPIPE).");
    run(told, "char b[9]; struct pollfd p[1]; p[0].fd = s; p[0].events = POLLIN; poll(p, 1, -1)");
    expect(told, "recv(s, b, 9, MSG_PEEK)",
           "Look at what has come to socket #, at most 9 bytes, into b; if there is nothing, sleep until "
           "something "
           "comes. Flags: MSG_PEEK (look at the data and leave it in the queue).");
    expect(told, "close(s)",
           "Give descriptor # back. If no other descriptor has its socket, TCP breaks the connection off "
           "with a RST, "
           "because bytes have come that were not read.");
    expect(told, "accept4(c)", "Ask for a connection from socket #, which does not listen.");
    expect(told, "close(l)",
           "Give descriptor # back. If no other descriptor has its socket, it stops listening, and "
           "connections that "
           "wait to be accepted are reset.");
}

static void it_knows_how_connections_end(void **state) {
    struct told *told = *state;
    run(told,
        "int l = socket(AF_INET, SOCK_STREAM, 0); bind(l, \"127.0.0.1:0\"); listen(l, 3);"
        "struct sockaddr_in a; socklen_t n = sizeof(a); getsockname(l, (struct sockaddr *)&a, &n);"
        "int c = socket(AF_INET, SOCK_STREAM, 0); connect(c, (struct sockaddr *)&a, n); int s = accept(l)");
    expect(told, "shutdown(c, SHUT_WR)",
           "Send no more on socket #, but go on receiving. After the last byte TCP sends a FIN, and the "
           "peer's recv() "
           "gives 0.");
    expect(told, "shutdown(c, SHUT_WR)", "Send no more on socket #, but go on receiving.");
    expect(told, "shutdown(c, SHUT_RD)",
           "Receive no more on socket #: once its queue is empty, recv() gives 0. The peer is not told.");
    expect(told, "close(c)",
           "Give descriptor # back. If no other descriptor has its socket, the connection ends when the peer "
           "has sent "
           "its FIN, too.");
    run(told, "struct linger g = {1, 0}");
    expect(told, "setsockopt(s, SOL_SOCKET, SO_LINGER, &g, sizeof(g))",
           "Set an option of socket #, SO_LINGER (struct linger: what close() does with unsent data), to "
           "{onoff=1, "
           "linger=0}.");
    expect(told, "close(s)",
           "Give descriptor # back. If no other descriptor has its socket, TCP breaks the connection off "
           "with a RST, "
           "because SO_LINGER says so.");
    expect(told, "close(s)", "Give descriptor # back.");
    expect(told, "shutdown(l, 7)",
           "Shut down listening socket #: 7. Where it may not receive, it does not listen any more.");
}

static void it_speaks_of_datagrams(void **state) {
    struct told *told = *state;
    run(told, "int s = socket(AF_INET, SOCK_DGRAM, 0), r = socket(AF_INET, SOCK_DGRAM, 0); bind(r, "
              "\"127.0.0.1:0\");"
              "struct sockaddr_in a; socklen_t n = sizeof(a); getsockname(r, (struct sockaddr *)&a, &n); "
              "char b[9]");
    expect(told, "sendto(s, \"hi\", 2, 0, (struct sockaddr *)&a, n)",
           "Hand \"hi\" (2 bytes) to the kernel: one datagram from socket # to 127.0.0.1:#. The socket has "
           "no address "
           "yet: the kernel gives it a free port.");
    expect(told, "recvfrom(r, b, 9, MSG_DONTWAIT, (struct sockaddr *)&a, &n)",
           "Take the next message of socket #, at most 9 bytes, into b; if there is nothing, fail with "
           "EAGAIN instead "
           "of sleeping. Of a longer one, the rest is lost. Who has sent it is to be written to &a. Flags: "
           "MSG_DONTWAIT (this once, EAGAIN instead of waiting).");
    expect(told, "connect(s, \"127.0.0.1:9\")",
           "Make 127.0.0.1:9 the peer of socket #: send() goes there, and recv() takes only what comes from "
           "there. "
           "Nothing is sent for this.");
    expect(told, "write(s, \"hi\", 2)",
           "Hand \"hi\" (2 bytes) to the kernel: one datagram for the peer of socket #.");
    expect(told, "listen(s, 1)",
           "Ask to let clients connect to socket #, though datagram sockets have no connections, and set how "
           "many "
           "connections may wait there until accept() takes them: 1 (Linux lets one more in).");
    run(told, "struct sockaddr none = {AF_UNSPEC}");
    expect(told, "connect(s, &none, sizeof(none))", "Take back the peer of socket #.");
    expect(told, "close(s)",
           "Give descriptor # back. If no other descriptor has its socket, the socket is gone with it.");
}

static void it_speaks_of_local_sockets(void **state) {
    struct told *told = *state;
    run(told, "int sv[2]");
    expect(told, "socketpair(AF_UNIX, SOCK_STREAM, 0, sv)",
           "Ask for two sockets that are connected with each other: AF_UNIX (this machine only; addresses "
           "are paths), "
           "SOCK_STREAM (a connection that carries a stream of bytes, in order). Their descriptors are to be "
           "written "
           "to &sv.");
    run(told, "write(sv[0], \"x\", 1)");
    expect(told, "close(sv[1])",
           "Give descriptor # back. If no other descriptor has its socket, the connection ends, and the peer's "
           "recv() gives ECONNRESET, because bytes have come that were not read.");
    run(told, "socketpair(AF_UNIX, SOCK_STREAM, 0, sv)");
    expect(told, "close(sv[0])",
           "Give descriptor # back. If no other descriptor has its socket, the connection ends, and the "
           "peer's recv() "
           "gives 0 after the last byte.");
    expect(told, "int u = socket(AF_UNIX, SOCK_STREAM, 0)",
           "Ask for a socket: AF_UNIX (this machine only; addresses are paths), SOCK_STREAM (a connection "
           "that carries "
           "a stream of bytes, in order), and 0, the usual protocol for the two.");
    expect(told, "connect(u, \"@sockshell-nobody-is-here\")",
           "Connect socket # to the one that listens at @\"sockshell-nobody-is-here\": the connection is put "
           "into its "
           "queue, whether accept() is waiting or not.");
    expect(told, "bind(u, \"/nowhere/at/all\")",
           "Give socket # its local address, \"/nowhere/at/all\": a path, where the kernel makes a file that "
           "stands "
           "for the socket.");
}

static void it_asks_back_about_htons(void **state) {
    struct told *told = *state;
    run(told, "int s = socket(AF_INET, SOCK_DGRAM, 0); struct sockaddr_in a; memset(&a, 0, sizeof(a));"
              "a.sin_family = AF_INET; a.sin_port = 8888");
    expect(told, "bind(s, (struct sockaddr *)&a, sizeof(a))",
           "Give socket # its local address, 0.0.0.0:47138: port 47138 at every address of this machine. (In "
           "the other "
           "byte order the port would be 8888: was htons() forgotten?)");
    run(told,
        "a.sin_port = htons(47138)"); /* the same number, from a learner who means it, cannot be told apart */
    run(told, "a.sin_port = htons(40961)");
    expect(told, "connect(s, (struct sockaddr *)&a, sizeof(a))",
           "Make 0.0.0.0:40961 the peer of socket #: send() goes there, and recv() takes only what comes "
           "from there. "
           "Nothing is sent for this. (As a destination, 0.0.0.0 is this machine.)");
}

static void it_leaves_out_what_is_not_there(void **state) {
    struct told *told = *state;
    expect(told, "close(2)", "Give descriptor 2 back."); /* the host's own: as if it were not open */
    expect(told, "bind(77, NULL, 0)", "Give socket 77 its local address, NULL.");
    expect(
        told, "dup2(77, 77)",
        "Make 77 a second descriptor for what 77 stands for. They are the same number, so nothing changes.");
    expect(told, "kill(getpid(), 0)", "Send nothing, but ask about process #.");
    told->count = 0;
    run(told, "fork()");
    assert_int_equal(told->count, 1); /* and not once more in the child, who has asked for nothing */
    caller_narrate(told->caller, false);
    run(told, "getpid()");
    assert_int_equal(told->count, 1);
}

#define WITH_CALLER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_announced_row_says_what_it_asks),
        cmocka_unit_test(unknown_parts_are_refused),
        cmocka_unit_test(malformed_templates_are_refused),
        WITH_CALLER(it_speaks_of_streams),
        WITH_CALLER(it_knows_how_connections_end),
        WITH_CALLER(it_speaks_of_datagrams),
        WITH_CALLER(it_speaks_of_local_sockets),
        WITH_CALLER(it_asks_back_about_htons),
        WITH_CALLER(it_leaves_out_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
