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
#include "journal/wire.h"
#include "net/frame.h"
#include "observe/snapshot_parts.h"
#include "packet/packet.h"
#include "packet/track.h"
#include "view/scene.h"

#define SERVER_COOKIE 11
#define CLIENT_COOKIE 12
#define ACCEPTED_COOKIE 13
#define HELLO "hello from the client\n"

struct stage {
    struct snapshot *snapshot;
    struct journal *journal;
    struct streams *streams;
    struct wire *wire;
    int64_t now_ns;        /* of what happens next on the wire */
    uint64_t packets;      /* so many were seen */
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

/* ---- The wire ---- */

/* A call that has returned; the packets that follow are its. */
static inline void stage_call(struct stage *stage, const char *actor, const char *name, uint64_t cookie, int64_t result,
                       const char *text) {
    char *words = mem_format("%lld", (long long)result);
    journal_add(stage->journal, &(struct event){.type = EVENT_RETURNED,
                                                .happened_ns = stage->now_ns += 1000000,
                                                .actor = actor,
                                                .name = name,
                                                .text = text,
                                                .extra = words,
                                                .result = result,
                                                .fd = -1,
                                                .cookie = cookie});
    free(words);
}

/* A TCP packet over IPv4, from its Ethernet header on; returns its length. */
static inline size_t stage_frame(uint8_t frame[256], uint16_t from, uint16_t to, unsigned flags, const char *data) {
    size_t length = strlen(data);
    const uint8_t loopback[4] = {127, 0, 0, 1};
    memset(frame, 0, 256);
    frame[12] = 8;
    frame[14] = 0x45;
    frame[17] = (uint8_t)(40 + length);
    frame[22] = 64;
    frame[23] = IPPROTO_TCP;
    memcpy(frame + 26, loopback, 4);
    memcpy(frame + 30, loopback, 4);
    frame[34] = (uint8_t)(from >> 8), frame[35] = (uint8_t)from;
    frame[36] = (uint8_t)(to >> 8), frame[37] = (uint8_t)to;
    frame[46] = 0x50;
    frame[47] = (uint8_t)flags;
    memcpy(frame + 54, data, length);
    return 54 + length;
}

/* What a packet is, beside its frame. */
struct staged {
    const char *from; /* actor */
    unsigned flags;
    uint32_t seq, ack;
    const char *data;
    unsigned fate, marks;
    bool alone; /* nobody's call has brought it about */
    uint16_t port; /* of the client; 0: 40512 */
};

static inline uint64_t stage_packet(struct stage *stage, const struct staged *staged) {
    bool client = strcmp(staged->from, "client") == 0;
    const char *data = staged->data != NULL ? staged->data : "";
    uint16_t port = staged->port != 0 ? staged->port : 40512;
    uint8_t frame[256];
    size_t length = stage_frame(frame, client ? port : 8888, client ? 8888 : port, staged->flags, data);
    stage->now_ns += staged->alone ? 200000000 : 0;
    journal_add(stage->journal, &(struct event){
        .type = EVENT_PACKET,
        .happened_ns = stage->now_ns,
        .actor = staged->from,
        .extra = client ? "server" : "client",
        .name = "TCP",
        .text = "TCP",
        .source = "lo",
        .fd = -1,
        .data = (const char *)frame,
        .data_length = length,
        .data_total = (int64_t)length,
        .packet = {.number = ++stage->packets,
                   .seen_ns = stage->now_ns + (int64_t)stage->packets * 10000,
                   .connection = port - 40511U,
                   .seq = staged->seq,
                   .ack = staged->ack,
                   .window = 65536,
                   .marks = staged->marks,
                   .fate = staged->fate,
                   .relative = true,
                   .caused = !staged->alone}});
    return stage->packets;
}

/* Datagrams among three, as named hosts have them. */
static inline void stage_datagram(struct stage *stage, const char *from, const char *to, uint8_t from_host, uint8_t to_host,
                           const char *data) {
    uint8_t frame[256];
    size_t length = stage_frame(frame, 7000, 7000, 0, "");
    memmove(frame + 42, data, strlen(data));
    length = 42 + strlen(data);
    frame[17] = (uint8_t)(length - 14);
    frame[23] = IPPROTO_UDP;
    frame[38] = 0;
    frame[39] = (uint8_t)(8 + strlen(data));
    frame[40] = frame[41] = 0;
    const uint8_t hosts[8] = {10, 0, 0, from_host, 10, 0, 0, to_host};
    memcpy(frame + 26, hosts, 8);
    journal_add(stage->journal, &(struct event){.type = EVENT_PACKET,
                                                .happened_ns = stage->now_ns,
                                                .actor = from,
                                                .extra = to,
                                                .name = "UDP",
                                                .text = "UDP",
                                                .source = "link",
                                                .fd = -1,
                                                .data = (const char *)frame,
                                                .data_length = length,
                                                .data_total = (int64_t)length,
                                                .packet = {.number = ++stage->packets,
                                                           .seen_ns = stage->now_ns,
                                                           .connection = from_host + 100U,
                                                           .fate = FRAME_DELIVERED,
                                                           .caused = true}});
}

/* What became of one. */
static inline void stage_fate(struct stage *stage, uint64_t number, unsigned fate) {
    journal_add(stage->journal, &(struct event){.type = EVENT_PACKET,
                                                .name = "TCP",
                                                .fd = -1,
                                                .packet = {.number = number, .fate = fate}});
}

/* A change that came with the last call. */
static inline void stage_caused(struct stage *stage, const char *actor, uint64_t cookie, const char *text) {
    journal_add(stage->journal, &(struct event){.type = EVENT_CHANGE,
                                                .happened_ns = stage->now_ns,
                                                .actor = actor,
                                                .fd = 3,
                                                .cookie = cookie,
                                                .name = "state",
                                                .text = text});
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
    stage->wire = wire_new(stage->journal);
    stage->now_ns = 1000000000;
    stage->actors[0] = (struct scene_actor){.name = "server", .doing = ""};
    stage->actors[1] = (struct scene_actor){.name = "client", .doing = "", .current = true};
    stage->scene = (struct scene){
        .unicode = true,
        .snapshot = stage->snapshot,
        .journal = stage->journal,
        .streams = stage->streams,
        .wire = stage->wire,
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
    wire_free(stage->wire);
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
static inline void stage_waiting(struct stage *stage) {
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

/* ---- Moments on the wire ---- */

static inline void tell_handshake(struct stage *stage) {
    stage_line(stage, "client", "connect(sock, (struct sockaddr *)&server, sizeof(server))");
    stage_call(stage, "client", "connect", CLIENT_COOKIE, 0, "connect(3, {AF_INET, 127.0.0.1:8888}, 16)");
    stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_SYN, .fate = FRAME_DELIVERED});
    stage_packet(stage, &(struct staged){.from = "server", .flags = TCP_SYN | TCP_ACK, .ack = 1, .fate = FRAME_DELIVERED});
    stage_packet(stage,
                 &(struct staged){.from = "client", .flags = TCP_ACK, .seq = 1, .ack = 1, .fate = FRAME_DELIVERED});
    stage_caused(stage, "client", CLIENT_COOKIE, "client fd 3: CLOSE → ESTABLISHED");
    stage_caused(stage, "server", SERVER_COOKIE, "server fd 3: accept queue 0/3 → 1/3");
    stage_call(stage, "server", "accept", SERVER_COOKIE, 4, "accept(3, {AF_INET, 127.0.0.1:40512}, [16])");
}

static inline void stage_wire_handshake(struct stage *stage) {
    stage_accept(stage);
    stage_now(stage);
    tell_handshake(stage);
    stage_ends(stage, SOCKET_ESTABLISHED, 0, SOCKET_ESTABLISHED);
    stage->actors[0].doing = "";
    stage->scene.wishes.wire = WISH_SHOWN;
}

static inline void tell_data(struct stage *stage) {
    stage_line(stage, "client", "send(sock, message, strlen(message), 0)");
    stage_moved(stage, "client", "send", true, HELLO, "send(3, \"hello from the client\\n\", 22, 0)");
    stage_call(stage, "client", "send", CLIENT_COOKIE, 22, "send(3, \"hello from the client\\n\", 22, 0)");
    stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_PSH | TCP_ACK, .seq = 1, .ack = 1, .data = HELLO,
                                         .fate = FRAME_DELIVERED});
    stage_packet(stage,
                 &(struct staged){.from = "server", .flags = TCP_ACK, .seq = 1, .ack = 23, .fate = FRAME_DELIVERED});
    stage_caused(stage, "server", ACCEPTED_COOKIE, "server fd 4: receive queue 0 → 22");
}

static inline void stage_wire_data(struct stage *stage) {
    stage_wire_handshake(stage);
    stage_now(stage);
    tell_data(stage);
    stage_ends(stage, SOCKET_ESTABLISHED, 22, SOCKET_ESTABLISHED);
}

/* The client has closed and the server has read it; then the server closes too. */
static inline void stage_wire_close(struct stage *stage) {
    stage_wire_data(stage);
    stage_call(stage, "server", "recv", ACCEPTED_COOKIE, 22, "recv(4, \"hello from the client\\n\", 1999, 0)");
    stage_line(stage, "client", "close(sock)");
    stage_call(stage, "client", "close", CLIENT_COOKIE, 0, "close(3)");
    stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_FIN | TCP_ACK, .seq = 23, .ack = 1,
                                         .fate = FRAME_DELIVERED});
    stage_packet(stage,
                 &(struct staged){.from = "server", .flags = TCP_ACK, .seq = 1, .ack = 24, .fate = FRAME_DELIVERED});
    stage_caused(stage, "client", CLIENT_COOKIE, "client fd 3: ESTABLISHED → FIN_WAIT2");
    stage_caused(stage, "server", ACCEPTED_COOKIE, "server fd 4: ESTABLISHED → CLOSE_WAIT");
    stage_call(stage, "server", "recv", ACCEPTED_COOKIE, 0, "recv(4, \"\", 1999, 0)");
    stage_now(stage);
    stage_line(stage, "server", "close(client_sock)");
    stage_call(stage, "server", "close", ACCEPTED_COOKIE, 0, "close(4)");
    stage_packet(stage, &(struct staged){.from = "server", .flags = TCP_FIN | TCP_ACK, .seq = 1, .ack = 24,
                                         .fate = FRAME_DELIVERED});
    stage_packet(stage,
                 &(struct staged){.from = "client", .flags = TCP_ACK, .seq = 24, .ack = 2, .fate = FRAME_DELIVERED});
    stage_caused(stage, "client", CLIENT_COOKIE, "client fd 3: FIN_WAIT2 → TIME_WAIT");
    stage_ends(stage, SOCKET_CLOSE_WAIT, 0, SOCKET_FIN_WAIT2);
    table_remove(&stage->snapshot->actors[1].table, 3);
    table_remove(&stage->snapshot->actors[0].table, 4);
}

/* Two clients and a server, each on a host of its own. */
static inline void stage_wire_three(struct stage *stage) {
    stage_begin(stage);
    stage_call(stage, "client", "sendto", CLIENT_COOKIE, 3, "sendto(3, \"one\", 3, 0)");
    stage_datagram(stage, "client", "server", 1, 2, "one");
    stage_call(stage, "other", "sendto", CLIENT_COOKIE + 50, 3, "sendto(3, \"two\", 3, 0)");
    stage_datagram(stage, "other", "server", 3, 2, "two");
    stage_call(stage, "server", "sendto", SERVER_COOKIE, 12, "sendto(3, \"and three\", 9, 0)");
    stage_datagram(stage, "server", "other", 2, 3, "and three");
    stage->scene.wishes.wire = WISH_SHOWN;
}

/* The link has dropped what the client sent; it sends it again, and that waits on the link. */
static inline void stage_wire_lost(struct stage *stage) {
    stage_wire_handshake(stage);
    stage_line(stage, "client", "send(sock, message, strlen(message), 0)");
    stage_call(stage, "client", "send", CLIENT_COOKIE, 22, "send(3, \"hello from the client\\n\", 22, 0)");
    uint64_t lost = stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_PSH | TCP_ACK, .seq = 1, .ack = 1,
                                                         .data = HELLO, .fate = FRAME_HELD});
    stage_fate(stage, lost, FRAME_DROPPED);
    stage_now(stage);
    stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_PSH | TCP_ACK, .seq = 1, .ack = 1, .data = HELLO,
                                         .fate = FRAME_HELD, .marks = MARK_RETRANSMISSION, .alone = true});
    stage_packet(stage, &(struct staged){.from = "server", .flags = TCP_ACK, .seq = 1, .ack = 23, .fate = FRAME_SENT,
                                         .alone = true});
}

#endif
