/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Snapshots of real sockets.  One actor is this process itself, which the
 * kernel lets itself look at; others are forked where somebody has to share or die.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "observe/difference.h"
#include "observe/foreign.h"
#include "observe/snapshot.h"

struct scene {
    struct observer *observer;
    struct watched actors[2];
    size_t actor_count;
    struct snapshot *now, *before;
};

static bool can_look(void) {
    int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, 1, 0);
    if (copy >= 0)
        close(copy);
    close(pidfd);
    return copy >= 0;
}

static void begin(struct scene *scene) {
    *scene = (struct scene){.actors = {{.name = "self", .pid = getpid()}}, .actor_count = 1};
    scene->observer = observer_new(false);
    if (!can_look()) {
        observer_free(scene->observer);
        skip();
    }
}

/* Where sock_diag is missing there is less to see. */
static void need_diag(struct scene *scene) {
    struct buf complaints = {0};
    bool missing = observer_complaints(scene->observer, &complaints);
    buf_free(&complaints);
    if (missing)
        skip();
}

static void advance(struct scene *scene, struct snapshot *next) {
    snapshot_free(scene->before);
    scene->before = scene->now;
    scene->now = next;
}

static void look(struct scene *scene) {
    advance(scene, snapshot_take(scene->observer, scene->actors, scene->actor_count, NULL, 0, scene->now, OPTIONS_NEW));
}

static void touch(struct scene *scene, int fd, int other) {
    struct touched touched[2] = {{.fd = fd}, {.fd = other}};
    advance(scene, snapshot_take(scene->observer, scene->actors, scene->actor_count, touched, other >= 0 ? 2 : 1,
                                 scene->now, OPTIONS_NEW));
}

static void end(struct scene *scene) {
    snapshot_free(scene->now);
    snapshot_free(scene->before);
    observer_free(scene->observer);
}

static const struct socket_facts *facts_of(const struct scene *scene, size_t actor, int fd) {
    const struct descriptor *descriptor = snapshot_get(scene->now, actor, fd);
    assert_non_null(descriptor);
    assert_int_equal(descriptor->kind, DESCRIPTOR_SOCKET);
    assert_true(descriptor->facts_known);
    return &descriptor->socket;
}

static uint64_t cookie_of(int fd) {
    uint64_t cookie = 0;
    socklen_t length = sizeof(cookie);
    assert_return_code(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length), errno);
    return cookie;
}

static int bound_socket(int type, struct sockaddr_storage *address) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(*address);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_return_code(bind(fd, (struct sockaddr *)&in, sizeof(in)), errno);
    memset(address, 0, sizeof(*address));
    assert_return_code(getsockname(fd, (struct sockaddr *)address, &length), errno);
    return fd;
}

static void changes(const struct scene *scene, struct buf *out) {
    struct difference difference;
    difference_find(scene->before, scene->now, &difference);
    for (size_t i = 0; i < difference.count; i++) {
        change_words(&difference.changes[i], NULL, out);
        buf_add_char(out, '\n');
    }
    difference_free(&difference);
}

static void assert_changed(const struct scene *scene, const char *words) {
    struct buf out = {0};
    changes(scene, &out);
    if (strstr(buf_text(&out), words) == NULL)
        fail_msg("no \"%s\" in:\n%s", words, buf_text(&out));
    buf_free(&out);
}

/* One connection from socket() to TIME_WAIT, told of nothing but the descriptors that the calls were about. */
static void tcp_life(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    (void)state;
    begin(&scene);
    look(&scene);
    need_diag(&scene);

    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    touch(&scene, s, -1);
    assert_int_equal(facts_of(&scene, 0, s)->state, SOCKET_CLOSE); /* in no table of sock_diag's */
    assert_true(facts_of(&scene, 0, s)->cookie == cookie_of(s));
    assert_changed(&scene, "new, TCP, CLOSE");
    close(s);
    touch(&scene, s, -1);
    assert_null(snapshot_get(scene.now, 0, s));
    assert_changed(&scene, ": closed");

    s = bound_socket(SOCK_STREAM, &address);
    touch(&scene, s, -1);
    assert_int_equal(facts_of(&scene, 0, s)->state, SOCKET_CLOSE);
    listen(s, 3);
    touch(&scene, s, -1);
    assert_int_equal(facts_of(&scene, 0, s)->state, SOCKET_LISTEN);
    assert_changed(&scene, ": CLOSE → LISTEN, accept queue 0/3");

    int c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(connect(c, (struct sockaddr *)&address, sizeof(struct sockaddr_in)), errno);
    uint64_t client = cookie_of(c);
    touch(&scene, c, -1);
    assert_int_equal(facts_of(&scene, 0, c)->state, SOCKET_ESTABLISHED);
    assert_int_equal(facts_of(&scene, 0, s)->receive_queue, 1); /* though it was not touched */
    assert_int_equal(snapshot_unowned_count(scene.now), 1);
    assert_int_equal(snapshot_unowned(scene.now, 0)->why, UNOWNED_WAITING);
    uint64_t waiting = snapshot_unowned(scene.now, 0)->facts.cookie;
    assert_changed(&scene, "waits to be accepted (ESTABLISHED)");
    assert_changed(&scene, "accept queue 0/3 → 1/3");

    int a = accept4(s, NULL, NULL, SOCK_CLOEXEC);
    touch(&scene, s, a);
    assert_true(facts_of(&scene, 0, a)->cookie == waiting);
    assert_int_equal(snapshot_unowned_count(scene.now), 0);
    assert_int_equal(facts_of(&scene, 0, s)->receive_queue, 0);
    assert_changed(&scene, "accepted, TCP, ESTABLISHED, 127.0.0.1:");

    assert_int_equal(send(c, "hello", 5, 0), 5);
    touch(&scene, c, -1);
    assert_int_equal(facts_of(&scene, 0, a)->receive_queue, 5);
    /* With the queues, and of the same moment. */
    assert_true(facts_of(&scene, 0, a)->has_tcp);
    assert_int_equal(facts_of(&scene, 0, a)->tcp.bytes_received, 5);
    assert_changed(&scene, "receive queue 0 → 5");
    touch(&scene, c, -1);
    struct buf nothing = {0};
    changes(&scene, &nothing);
    assert_string_equal(buf_text(&nothing), "");
    buf_free(&nothing);

    close(c);
    touch(&scene, c, -1);
    assert_int_equal(facts_of(&scene, 0, a)->state, SOCKET_CLOSE_WAIT);
    assert_changed(&scene, "ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)");
    assert_changed(&scene, "goes on without a descriptor");
    assert_int_equal(snapshot_unowned_count(scene.now), 1);
    assert_true(snapshot_unowned(scene.now, 0)->facts.cookie == client);
    assert_string_equal(snapshot_unowned(scene.now, 0)->actor, "self");
    assert_int_equal(snapshot_unowned(scene.now, 0)->fd, c);

    char text[8];
    assert_int_equal(recv(a, text, sizeof(text), 0), 5);
    close(a);
    touch(&scene, a, -1);
    const struct unowned *last = snapshot_unowned_find(scene.now, client);
    assert_non_null(last);
    assert_int_equal(last->facts.state, SOCKET_TIME_WAIT);
    assert_in_range(last->facts.timer_ms, 1000, 60000);
    assert_changed(&scene, "→ TIME_WAIT");
    /* And looking at everything finds the same, by its cookie. */
    look(&scene);
    assert_non_null(snapshot_unowned_find(scene.now, client));
    assert_string_equal(snapshot_unowned_find(scene.now, client)->actor, "self");
    close(s);
    end(&scene);
}

/* Looking at everything and being told each time agree. */
static void both_ways(void **state) {
    struct scene scene;
    struct sockaddr_storage address, other;
    int pair[2], fds[6];
    (void)state;
    begin(&scene);
    look(&scene);
    fds[0] = bound_socket(SOCK_STREAM, &address);
    listen(fds[0], 2);
    fds[1] = bound_socket(SOCK_DGRAM, &other);
    assert_return_code(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), errno);
    fds[2] = pair[0];
    fds[3] = pair[1];
    fds[4] = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fds[5] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_return_code(connect(fds[5], (struct sockaddr *)&other, sizeof(struct sockaddr_in)), errno);
    for (int i = 0; i < 6; i++)
        if (fds[i] >= 0)
            touch(&scene, fds[i], -1);
    struct socket_facts told[6] = {0};
    for (int i = 0; i < 6; i++)
        if (fds[i] >= 0)
            told[i] = *facts_of(&scene, 0, fds[i]);
    look(&scene);
    for (int i = 0; i < 6; i++) {
        if (fds[i] < 0)
            continue;
        const struct socket_facts *all = facts_of(&scene, 0, fds[i]);
        assert_true(all->cookie == told[i].cookie && all->state == told[i].state && all->type == told[i].type);
        assert_true(address_same(&all->local, all->local_length, &told[i].local, told[i].local_length));
        assert_int_equal(all->receive_queue, told[i].receive_queue);
        assert_int_equal(all->unix_peer, told[i].unix_peer);
        close(fds[i]);
    }
    end(&scene);
}

static void datagrams(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    int pair[2];
    (void)state;
    begin(&scene);
    look(&scene);
    need_diag(&scene);
    int a = bound_socket(SOCK_DGRAM, &address), b = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    touch(&scene, a, b);
    assert_int_equal(sendto(b, "hello", 5, 0, (struct sockaddr *)&address, sizeof(struct sockaddr_in)), 5);
    struct touched sent = {.fd = b, .to = address, .to_length = sizeof(struct sockaddr_in)};
    advance(&scene, snapshot_take(scene.observer, scene.actors, 1, &sent, 1, scene.now, OPTIONS_NEW));
    assert_true(facts_of(&scene, 0, a)->receive_queue > 0); /* the receiver's, found by the address */
    assert_changed(&scene, "receive queue 0 →");

    assert_return_code(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), errno);
    touch(&scene, pair[0], pair[1]);
    assert_int_equal(facts_of(&scene, 0, pair[0])->unix_peer, facts_of(&scene, 0, pair[1])->inode);
    assert_int_equal(write(pair[0], "abc", 3), 3);
    touch(&scene, pair[0], -1);
    assert_int_equal(facts_of(&scene, 0, pair[1])->receive_queue, 3);
    close(pair[0]);
    touch(&scene, pair[0], -1);
    assert_changed(&scene, "the peer has closed"); /* of the other end */
    close(pair[1]);
    close(a);
    close(b);
    end(&scene);
}

static void unix_listener(void **state) {
    struct scene scene;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    (void)state;
    begin(&scene);
    look(&scene);
    need_diag(&scene);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                                   (size_t)snprintf(name.sun_path + 1, 60, "sockshell-test-%d", (int)getpid()));
    assert_return_code(bind(s, (struct sockaddr *)&name, length), errno);
    listen(s, 2);
    touch(&scene, s, c);
    assert_int_equal(facts_of(&scene, 0, s)->state, SOCKET_LISTEN);
    assert_return_code(connect(c, (struct sockaddr *)&name, length), errno);
    touch(&scene, c, -1);
    assert_int_equal(facts_of(&scene, 0, s)->receive_queue, 1);
    assert_true(facts_of(&scene, 0, c)->peer_length == length);
    look(&scene);
    assert_true(facts_of(&scene, 0, c)->peer_length == length);
    close(c);
    close(s);
    end(&scene);
}

static void kinds(void **state) {
    struct scene scene;
    int ends[2];
    (void)state;
    begin(&scene);
    assert_return_code(pipe2(ends, O_NONBLOCK), errno);
    int epoll = epoll_create1(EPOLL_CLOEXEC), file = open("/dev/null", O_RDWR | O_CLOEXEC);
    look(&scene);
    const struct descriptor *at = snapshot_get(scene.now, 0, ends[0]);
    assert_true(at->kind == DESCRIPTOR_PIPE && at->nonblocking && !at->close_on_exec && at->access == O_RDONLY);
    at = snapshot_get(scene.now, 0, ends[1]);
    assert_true(at->kind == DESCRIPTOR_PIPE && at->access == O_WRONLY);
    at = snapshot_get(scene.now, 0, epoll);
    assert_true(at->kind == DESCRIPTOR_EPOLL && at->close_on_exec);
    at = snapshot_get(scene.now, 0, file);
    assert_true(at->kind == DESCRIPTOR_FILE && strcmp(at->target, "/dev/null") == 0);
    scene.actors[0].hidden_from = file;
    scene.actors[0].hidden_to = file + 1;
    look(&scene);
    assert_null(snapshot_get(scene.now, 0, file));
    touch(&scene, file, -1);
    assert_null(snapshot_get(scene.now, 0, file));
    close(file);
    close(epoll);
    close(ends[0]);
    close(ends[1]);
    end(&scene);
}

/* A child that shares everything and waits to be killed. */
static pid_t sharer(void) {
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    return child;
}

static void kill_and_wait(pid_t child) {
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void shared(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    struct holder holders[4];
    (void)state;
    begin(&scene);
    int s = bound_socket(SOCK_STREAM, &address);
    listen(s, 1);
    look(&scene);
    pid_t child = sharer();
    scene.actors[1] = (struct watched){.name = "child", .pid = child};
    scene.actor_count = 2;
    touch(&scene, s, -1); /* one that is new is looked at altogether */
    assert_int_equal(snapshot_holders(scene.now, cookie_of(s), holders, 4), 2);
    assert_true(holders[0].actor == 0 && holders[1].actor == 1 && holders[1].fd == s);
    assert_changed(&scene, "the same socket as self fd");
    close(s);
    touch(&scene, s, -1);
    assert_changed(&scene, "closed; the socket stays open: child fd");
    assert_int_equal(snapshot_unowned_count(scene.now), 0);
    kill_and_wait(child);
    end(&scene);
}

/* The owner of one end dies: its socket goes on in the kernel, under its name. */
static void death(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    (void)state;
    begin(&scene);
    look(&scene);
    need_diag(&scene);
    int s = bound_socket(SOCK_STREAM, &address), c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    listen(s, 1);
    assert_return_code(connect(c, (struct sockaddr *)&address, sizeof(struct sockaddr_in)), errno);
    int a = accept4(s, NULL, NULL, SOCK_CLOEXEC);
    uint64_t cookie = cookie_of(c);
    pid_t child = sharer();
    close(c);
    scene.actors[1] = (struct watched){.name = "child", .pid = child};
    scene.actor_count = 2;
    look(&scene);
    assert_int_equal(snapshot_holders(scene.now, cookie, NULL, 0), 1);
    /* `a` is the child's too, so that its end does not close the connection: only c's end does. */
    kill_and_wait(child);
    scene.actors[1].pid = 0;
    advance(&scene, snapshot_take(scene.observer, scene.actors, 2, (struct touched[]){{.fd = s}}, 1, scene.now, OPTIONS_NEW));
    const struct unowned *orphan = snapshot_unowned_find(scene.now, cookie);
    assert_non_null(orphan);
    assert_string_equal(orphan->actor, "child");
    assert_int_equal(facts_of(&scene, 0, a)->state, SOCKET_CLOSE_WAIT);
    assert_changed(&scene, "child fd");
    close(a);
    close(s);
    end(&scene);
}

static void depth(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    struct depth found;
    bool seen = false;
    (void)state;
    begin(&scene);
    int s = bound_socket(SOCK_STREAM, &address), one = 1;
    setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
    assert_true(observe_depth(scene.observer, &scene.actors[0], s, &found));
    assert_true(found.descriptor.socket.has_memory);
    for (size_t i = 0; i < found.option_count; i++)
        if (strcmp(found.options[i].name, "SO_KEEPALIVE") == 0)
            seen = found.options[i].bytes[0] == 1 && found.options[i].means != NULL;
    assert_true(seen);
    depth_free(&found);
    close(s);
    assert_false(observe_depth(scene.observer, &scene.actors[0], s, &found));
    depth_free(&found);
    end(&scene);
}

static void foreign(void **state) {
    struct stat status;
    struct foreign found;
    (void)state;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fstat(s, &status);
    assert_true(foreign_find((uint32_t)status.st_ino, &found));
    assert_true(found.pid == getpid() && found.fd == s && found.name[0] != '\0');
    close(s);
    assert_false(foreign_find((uint32_t)status.st_ino, &found));
}

/* Among a thousand descriptors one that changes is found, and nothing else; the previous one stays as it was. */
static void many(void **state) {
    enum { COUNT = 900 };
    struct scene scene;
    struct sockaddr_storage address;
    int fds[COUNT];
    (void)state;
    begin(&scene);
    for (int i = 0; i < COUNT; i++)
        fds[i] = bound_socket(SOCK_DGRAM, &address);
    look(&scene);
    close(fds[500]);
    touch(&scene, fds[500], -1);
    struct difference difference;
    difference_find(scene.before, scene.now, &difference);
    assert_int_equal(difference.count, 1);
    assert_int_equal(difference.changes[0].fd, fds[500]);
    assert_int_equal(difference.changes[0].type, CHANGE_CLOSED);
    difference_free(&difference);
    assert_non_null(snapshot_get(scene.before, 0, fds[500]));
    for (int i = 0; i < COUNT; i++)
        if (i != 500)
            close(fds[i]);
    end(&scene);
}

/* Options: what a setsockopt() did, at every holder of the socket; and what differs from a new one. */
static void options(void **state) {
    struct scene scene;
    int on = 1, room = 4096, idle = 0;
    socklen_t length = sizeof(idle);
    (void)state;
    begin(&scene);
    look(&scene);
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), other = dup(s);
    assert_return_code(getsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &length), errno);
    touch(&scene, s, other);
    assert_true(snapshot_get(scene.now, 0, s)->options.known);
    assert_int_equal(snapshot_get(scene.now, 0, s)->options.unusual, 0);

    assert_return_code(setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), errno);
    assert_return_code(setsockopt(other, IPPROTO_TCP, TCP_KEEPIDLE, &(int){77}, sizeof(int)), errno);
    struct touched touched = {.fd = s, .options = true};
    advance(&scene, snapshot_take(scene.observer, scene.actors, 1, &touched, 1, scene.now, OPTIONS_NEW));
    struct buf words = {0};
    changes(&scene, &words);
    char *expected = mem_format("self fd %d: SO_REUSEADDR 0 → 1\nself fd %d: TCP_KEEPIDLE %d → 77\n"
                                "self fd %d: SO_REUSEADDR 0 → 1\nself fd %d: TCP_KEEPIDLE %d → 77\n",
                                s, s, idle, other, other, idle);
    assert_string_equal(buf_text(&words), expected);
    buf_clear(&words);
    free(expected);

    /* A call that sets none does not ask; nor does a look at everything, of those that are known. */
    assert_return_code(setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), errno);
    touch(&scene, s, -1);
    changes(&scene, &words);
    look(&scene);
    changes(&scene, &words);
    assert_string_equal(buf_text(&words), "");
    advance(&scene, snapshot_take(scene.observer, scene.actors, 1, NULL, 0, scene.now, OPTIONS_ALL));
    assert_changed(&scene, "SO_RCVBUF automatic → 8192");
    const struct option_facts *facts = &snapshot_get(scene.now, 0, s)->options;
    for (size_t i = 0; sockopt_name(i) != NULL; i++)
        if (facts->unusual >> i & 1)
            sockopt_words(i, facts->values[i], &words), buf_add_char(&words, ' ');
    assert_string_equal(buf_text(&words), "SO_REUSEADDR SO_RCVBUF 8192 TCP_KEEPIDLE 77 ");
    buf_free(&words);
    close(s);
    close(other);
    end(&scene);
}

/* What is done by one descriptor is so for all of the socket, at once. */
static void shared_by_dup(void **state) {
    struct scene scene;
    struct sockaddr_storage address;
    (void)state;
    begin(&scene);
    int s = bound_socket(SOCK_STREAM, &address), other = dup(s);
    look(&scene);
    need_diag(&scene);
    assert_return_code(listen(s, 3), errno);
    touch(&scene, s, -1);
    assert_int_equal(facts_of(&scene, 0, other)->state, SOCKET_LISTEN);
    close(s);
    close(other);
    end(&scene);
}

/* A process that is gone, and numbers that are none. */
static void nobody(void **state) {
    struct scene scene;
    (void)state;
    begin(&scene);
    pid_t child = sharer();
    kill_and_wait(child);
    scene.actors[1] = (struct watched){.name = "gone", .pid = child};
    scene.actor_count = 2;
    look(&scene);
    assert_null(snapshot_next(scene.now, 1, 0));
    touch(&scene, -5, 1 << 28);
    assert_null(snapshot_get(scene.now, 0, 1 << 28));
    assert_null(snapshot_get(scene.now, 7, 0));
    end(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_life), cmocka_unit_test(both_ways), cmocka_unit_test(datagrams),
        cmocka_unit_test(unix_listener), cmocka_unit_test(kinds), cmocka_unit_test(shared),
        cmocka_unit_test(death),    cmocka_unit_test(depth),     cmocka_unit_test(foreign),
        cmocka_unit_test(many),     cmocka_unit_test(nobody),
        cmocka_unit_test(options),  cmocka_unit_test(shared_by_dup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
