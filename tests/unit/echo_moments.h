/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments of the echo lesson as scenes made by hand, for the tests of the
 * screen: the kernel's states and queues are those that a real run shows.
 */
#ifndef SOCKSHELL_TESTS_ECHO_MOMENTS_H
#define SOCKSHELL_TESTS_ECHO_MOMENTS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/snapshot_parts.h"
#include "view/scene.h"

#define SERVER_COOKIE 11
#define CLIENT_COOKIE 12
#define ACCEPTED_COOKIE 13
#define HELLO "hello from the client\n"

struct stage {
    struct snapshot *snapshot;
    struct journal *journal;
    struct streams *streams;
    struct scene_actor actors[2];
    struct scene scene;
};

/* ---- The kernel ---- */

static socklen_t stage_address(struct sockaddr_storage *out, const char *host, uint16_t port) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &in.sin_addr);
    memset(out, 0, sizeof(*out));
    memcpy(out, &in, sizeof(in));
    return sizeof(in);
}

static struct descriptor *stage_tcp(struct descriptor *descriptor, int fd, uint64_t cookie,
                                    enum socket_state state) {
    *descriptor = (struct descriptor){
        .fd = fd,
        .kind = DESCRIPTOR_SOCKET,
        .inode = cookie,
        .facts_known = true,
        .flags_known = true,
        .socket = {.cookie = cookie,
                   .inode = (uint32_t)cookie,
                   .family = AF_INET,
                   .type = SOCK_STREAM,
                   .protocol = IPPROTO_TCP,
                   .state = state,
                   .queues_known = true},
    };
    return descriptor;
}

static void stage_connection(struct descriptor *descriptor, uint16_t local, uint16_t peer) {
    descriptor->socket.local_length = stage_address(&descriptor->socket.local, "127.0.0.1", local);
    descriptor->socket.peer_length = stage_address(&descriptor->socket.peer, "127.0.0.1", peer);
}

static void stage_set(struct stage *stage, size_t actor, const struct descriptor *descriptor) {
    table_set(&stage->snapshot->actors[actor].table, descriptor);
}

static void stage_listener(struct stage *stage, uint32_t waiting) {
    struct descriptor listener;
    stage_tcp(&listener, 3, SERVER_COOKIE, SOCKET_LISTEN);
    listener.socket.local_length = stage_address(&listener.socket.local, "0.0.0.0", 8888);
    listener.socket.receive_queue = waiting;
    listener.socket.send_queue = 3;
    stage_set(stage, 0, &listener);
}

static void stage_ends(struct stage *stage, enum socket_state server, uint32_t unread,
                       enum socket_state client) {
    struct descriptor end;
    stage_tcp(&end, 4, ACCEPTED_COOKIE, server);
    stage_connection(&end, 8888, 40512);
    end.socket.receive_queue = unread;
    stage_set(stage, 0, &end);
    stage_tcp(&end, 3, CLIENT_COOKIE, client);
    stage_connection(&end, 40512, 8888);
    stage_set(stage, 1, &end);
}

/* ---- The journal ---- */

static void stage_line(struct stage *stage, const char *actor, const char *line) {
    journal_add(stage->journal, &(struct event){.type = EVENT_LINE, .actor = actor, .text = line});
}

static void stage_returned(struct stage *stage, const char *actor, const char *name, const char *text,
                           const char *extra, const char *note) {
    journal_add(stage->journal, &(struct event){.type = EVENT_RETURNED,
                                                .actor = actor,
                                                .name = name,
                                                .text = text,
                                                .extra = extra,
                                                .note = note});
}

/* A call that moved bytes through a connection. */
static void stage_moved(struct stage *stage, const char *actor, const char *name, bool out, const char *data,
                        const char *text) {
    int fd = strcmp(actor, "client") == 0 ? 3 : 4;
    char *count = mem_format("%zu", strlen(data));
    journal_add(stage->journal, &(struct event){.type = EVENT_RETURNED,
                                                .actor = actor,
                                                .name = name,
                                                .text = text,
                                                .extra = count,
                                                .fd = fd,
                                                .result = (int64_t)strlen(data),
                                                .cookie = fd == 3 ? CLIENT_COOKIE : ACCEPTED_COOKIE,
                                                .socket_type = SOCK_STREAM,
                                                .data_out = out,
                                                .data = data,
                                                .data_length = strlen(data),
                                                .data_total = (int64_t)strlen(data)});
    free(count);
}

static void stage_blocked(struct stage *stage, const char *actor, const char *name, const char *text) {
    journal_add(stage->journal,
                &(struct event){.type = EVENT_BLOCKED, .actor = actor, .name = name, .text = text});
}

static void stage_change(struct stage *stage, const char *actor, int fd, uint64_t cookie, const char *kinds,
                         const char *text) {
    size_t first = strcspn(kinds, " ");
    char *name = mem_string_n(kinds, first);
    journal_add(stage->journal, &(struct event){.type = EVENT_CHANGE,
                                                .actor = actor,
                                                .fd = fd,
                                                .cookie = cookie,
                                                .name = name,
                                                .extra = kinds,
                                                .text = text});
    free(name);
}

static void stage_output(struct stage *stage, const char *actor, const char *text) {
    journal_add(
        stage->journal,
        &(struct event){
            .type = EVENT_OUTPUT, .actor = actor, .stream = 1, .data = text, .data_length = strlen(text)});
}

/* What is told from here on has just happened. */
static void stage_now(struct stage *stage) {
    stage->scene.since = journal_last(stage->journal);
}

/* ---- The scene ---- */

static const char *stage_variable(void *context, const char *actor, int fd) {
    (void)context;
    if (strcmp(actor, "client") == 0)
        return fd == 3 ? "sock" : NULL;
    return fd == 3 ? "socket_desc" : fd == 4 ? "client_sock" : NULL;
}

static void stage_begin(struct stage *stage) {
    memset(stage, 0, sizeof(*stage));
    stage->snapshot = mem_alloc(sizeof(*stage->snapshot));
    stage->snapshot->actor_count = 2;
    stage->snapshot->actors = mem_alloc(2 * sizeof(*stage->snapshot->actors));
    strcpy(stage->snapshot->actors[0].name, "server");
    strcpy(stage->snapshot->actors[1].name, "client");
    stage->snapshot->actors[0].pid = 100;
    stage->snapshot->actors[1].pid = 101;
    stage->journal = journal_new();
    stage->streams = streams_new(stage->journal);
    stage->actors[0] = (struct scene_actor){.name = "server", .doing = ""};
    stage->actors[1] = (struct scene_actor){.name = "client", .doing = "", .current = true};
    stage->scene = (struct scene){
        .unicode = true,
        .snapshot = stage->snapshot,
        .journal = stage->journal,
        .streams = stage->streams,
        .actors = stage->actors,
        .actor_count = 2,
        .variable = stage_variable,
        .network = "private network",
        .prompt = {.prompt = "client> ", .line = ""},
        .wishes = {.focus = PANE_TRANSCRIPT, .hex = true},
    };
}

static void stage_end(struct stage *stage) {
    snapshot_free(stage->snapshot);
    streams_free(stage->streams);
    journal_free(stage->journal);
}

static void stage_passage(struct stage *stage, size_t number, const char *text, const char *step) {
    stage->scene.passage = (struct lesson_passage){"The echo server and its client", text, step, number, 38};
    stage->scene.prompt.line = strchr(step, ' ') + 1;
    stage->scene.prompt.point = strlen(stage->scene.prompt.line);
}

static void tell_listening(struct stage *stage) {
    stage_line(stage, "server", "socket_desc = socket(AF_INET, SOCK_STREAM, 0)");
    stage_returned(stage, "server", "socket", "socket(AF_INET, SOCK_STREAM, 0)", "3", "");
    stage_change(stage, "server", 3, SERVER_COOKIE, "appeared", "fd 3: new, AF_INET SOCK_STREAM, CLOSE");
    stage_line(stage, "server", "bind(socket_desc, (struct sockaddr *)&server, sizeof(server))");
    stage_returned(stage, "server", "bind", "bind(3, {AF_INET, 0.0.0.0:8888}, 16)", "0", "");
    stage_change(stage, "server", 3, SERVER_COOKIE, "local", "fd 3: local address {AF_INET, 0.0.0.0:8888}");
    stage_line(stage, "server", "listen(socket_desc, 3)");
    stage_returned(stage, "server", "listen", "listen(3, 3)", "0", "");
    stage_change(stage, "server", 3, SERVER_COOKIE, "state", "fd 3: CLOSE → LISTEN, accept queue 0/3");
}

/* 1a: the server sleeps in accept(), the client has just made its socket. */
static void stage_accept(struct stage *stage) {
    struct descriptor client;
    stage_begin(stage);
    tell_listening(stage);
    stage_line(stage, "server",
               "client_sock = accept(socket_desc, (struct sockaddr *)&client, (socklen_t *)&c)");
    stage_blocked(stage, "server", "accept", "accept(3, …)");
    stage_now(stage);
    stage_line(stage, "client", "sock = socket(AF_INET, SOCK_STREAM, 0)");
    stage_returned(stage, "client", "socket", "socket(AF_INET, SOCK_STREAM, 0)", "3", "");
    stage_change(stage, "client", 3, CLIENT_COOKIE, "appeared", "fd 3: new, AF_INET SOCK_STREAM, CLOSE");
    stage_listener(stage, 0);
    stage_set(stage, 1, stage_tcp(&client, 3, CLIENT_COOKIE, SOCKET_CLOSE));
    stage->actors[0].doing = "blocked in accept(3, …)";
    stage->actors[0].doing_ns = 12000000000;
    stage_passage(
        stage, 17,
        "# Accept waits\n\nThe queue is empty, so the server sleeps. This is what \"blocking\" means: the "
        "process uses no "
        "processor time at all, and its next line will not run before this call returns. The prompt is "
        "only ours. Let the client try, and watch both ends.",
        "client> connect(sock, (struct sockaddr *)&server, sizeof(server))");
}

/* 1b: the client has connected, and accept() has come back. */
static void stage_connected(struct stage *stage) {
    stage_accept(stage);
    stage_now(stage);
    stage_line(stage, "client", "connect(sock, (struct sockaddr *)&server, sizeof(server))");
    stage_returned(stage, "client", "connect", "connect(3, {AF_INET, 127.0.0.1:8888}, 16)", "0", "");
    stage_change(stage, "client", 3, CLIENT_COOKIE, "state local peer",
                 "fd 3: CLOSE → ESTABLISHED, local address {AF_INET, 127.0.0.1:40512}, peer {AF_INET, "
                 "127.0.0.1:8888}");
    stage_returned(stage, "server", "accept", "accept(3, {AF_INET, 127.0.0.1:40512}, [16])", "4", "");
    stage_change(stage, "server", 4, ACCEPTED_COOKIE, "appeared",
                 "fd 4: new, AF_INET SOCK_STREAM, ESTABLISHED, from the accept queue");
    streams_pair(stage->streams, CLIENT_COOKIE, ACCEPTED_COOKIE);
    stage_ends(stage, SOCKET_ESTABLISHED, 0, SOCKET_ESTABLISHED);
    stage->actors[0].doing = "";
    stage_passage(
        stage, 18,
        "Two calls came back together. connect returned 0. accept returned 4, and this is the point that "
        "puzzles everybody once: it is a new descriptor. Number 3 goes on listening and will never carry a "
        "byte of data; number 4 is this one conversation.",
        "server> printf(\"%s port %d\\n\", inet_ntoa(client.sin_addr), ntohs(client.sin_port))");
    stage->scene.prompt.prompt = "server> ";
    stage->actors[0].current = true;
    stage->actors[1].current = false;
}

/* 2: what the client sent waits in the server's receive queue; two more clients wait to be accepted. */
static void stage_waiting(struct stage *stage) {
    stage_connected(stage);
    stage_output(stage, "server", "127.0.0.1 port 40512\n");
    stage_now(stage);
    stage_line(stage, "client", "send(sock, message, strlen(message), 0)");
    stage_moved(stage, "client", "send", true, HELLO, "send(3, \"hello from the client\\n\", 22, 0)");
    stage_change(stage, "server", 4, ACCEPTED_COOKIE, "receive-queue", "server fd 4: receive queue 0 → 22");
    stage_change(stage, "server", 3, SERVER_COOKIE, "accept-queue", "server fd 3: accept queue 0/3 → 2/3");
    stage_listener(stage, 2);
    stage_ends(stage, SOCKET_ESTABLISHED, 22, SOCKET_ESTABLISHED);
    stage_passage(
        stage, 23,
        "22 bytes: 21 characters and the newline, which fgets keeps. They wait in the kernel, in the "
        "server's receive queue, until its program asks for them.",
        "server> read_size = recv(client_sock, client_message, sizeof(client_message) - 1, 0)");
}

/* 3: the client has closed: CLOSE_WAIT on the one side, FIN_WAIT2 on the other. */
static inline void stage_closed(struct stage *stage) {
    struct unowned orphan = {.why = UNOWNED_CLOSED, .actor = "client", .fd = 3};
    stage_connected(stage);
    stage_moved(stage, "client", "send", true, HELLO, "send(3, \"hello from the client\\n\", 22, 0)");
    stage_moved(stage, "server", "recv", false, HELLO, "recv(4, \"hello from the client\\n\", 1999, 0)");
    stage_moved(stage, "server", "write", true, HELLO, "write(4, \"hello from the client\\n\", 22)");
    stage_moved(stage, "client", "recv", false, HELLO, "recv(3, \"hello from the client\\n\", 1999, 0)");
    stage_blocked(stage, "server", "recv", "recv(4, …)");
    stage_now(stage);
    stage_line(stage, "client", "close(sock)");
    stage_returned(stage, "client", "close", "close(3)", "0", "");
    stage_change(stage, "client", 3, CLIENT_COOKIE, "closed", "fd 3: closed");
    stage_change(
        stage, "client", 3, CLIENT_COOKIE, "unowned",
        "client, once fd 3: socket at {AF_INET, 127.0.0.1:40512} has no owner any more and is in FIN_WAIT2");
    stage_returned(
        stage, "server", "recv", "recv(4, \"\", 1999, 0)", "0",
        "The peer has closed its end, and everything it sent has been read: this is the end of the stream.");
    stage_change(stage, "server", 4, ACCEPTED_COOKIE, "state",
                 "fd 4: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)");
    stage_ends(stage, SOCKET_CLOSE_WAIT, 0, SOCKET_FIN_WAIT2);
    orphan.facts = snapshot_get(stage->snapshot, 1, 3)->socket;
    table_remove(&stage->snapshot->actors[1].table, 3);
    stage->snapshot->unowned = mem_alloc(sizeof(orphan));
    stage->snapshot->unowned[0] = orphan;
    stage->snapshot->unowned_count = stage->snapshot->unowned_room = 1;
    stage_passage(
        stage, 31,
        "And the server's recv returned 0. Zero bytes is how a stream says \"no more\": the other side has "
        "closed, and everything it ever sent has been read.",
        "server> if (read_size == 0) { puts(\"Client disconnected\"); fflush(stdout); }");
}

#endif
