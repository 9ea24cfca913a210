/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole screens against the layouts in tests/view/: moments of the echo lesson
 * at three sizes, in Unicode and ASCII, with a row of ^ under what stands out.
 * UPDATE_VIEWS=1 writes them anew; read what it wrote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <time.h>

#include "base/utf8.h"
#include "echo_moments.h"
#include "view/stream_ends.h"

/* Draw, and give the screen as text. */
static char *drawn(const struct scene *scene, size_t rows, size_t columns, bool marks,
                   struct scene_result *result) {
    struct canvas *canvas = canvas_new(rows, columns);
    struct scene_result own;
    struct buf text = {0};
    scene_draw(scene, canvas, result != NULL ? result : &own);
    canvas_dump(canvas, marks, &text);
    canvas_free(canvas);
    return buf_take(&text);
}

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "r");
    struct buf text = {0};
    char part[4096];
    size_t length;
    if (file == NULL)
        return NULL;
    while ((length = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(&text, part, length);
    fclose(file);
    return buf_take(&text);
}

static void compare_with_file(const char *name, const char *seen) {
    const char *top = getenv("top_srcdir");
    char *path = mem_format("%s/tests/view/%s.txt", top != NULL ? top : ".", name);
    if (getenv("UPDATE_VIEWS") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(seen, file);
        assert_int_equal(fclose(file), 0);
    }
    char *expected = read_whole(path);
    if (expected == NULL)
        fail_msg("%s is missing", path);
    if (strcmp(expected, seen) != 0)
        fail_msg("%s has another screen than is drawn:\n%s", path, seen);
    free(expected);
    free(path);
}

typedef void moment(struct stage *stage);
static const struct {
    const char *name;
    moment *moment;
} moments[] = {{"accept", stage_accept},
               {"connected", stage_connected},
               {"waiting", stage_waiting},
               {"closed", stage_closed},
               {"wire-handshake", stage_wire_handshake},
               {"wire-data", stage_wire_data},
               {"wire-close", stage_wire_close},
               {"wire-lost", stage_wire_lost}};
static const struct { size_t columns, rows; } sizes[] = {{80, 24}, {120, 40}, {200, 50}};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void layouts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(moments); i++)
        for (size_t j = 0; j < COUNT(sizes); j++)
            for (int unicode = 0; unicode < 2; unicode++) {
                struct stage stage;
                moments[i].moment(&stage);
                stage.scene.unicode = unicode;
                char *seen = drawn(&stage.scene, sizes[j].rows, sizes[j].columns, true, NULL);
                char *name = mem_format("%s-%zux%zu%s", moments[i].name, sizes[j].columns, sizes[j].rows,
                                        unicode ? "" : "-ascii");
                compare_with_file(name, seen);
                free(name);
                free(seen);
                stage_end(&stage);
            }
}

/* What else a person can wish for. */
static void wishes(void **state) {
    static const char *const candidates[] = {"sock", "socket(", "socketpair(", "sockatmark("};
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        static const char *const names[] = {
            "help",        "zoomed-sockets", "zoomed-bytes", "large", "plain-transcript",
            "completions", "text",           "search"};
        struct stage stage;
        stage_closed(&stage);
        struct scene_wishes *wishes = &stage.scene.wishes;
        wishes->help = i == 0;
        wishes->zoomed = i == 1 || i == 2;
        wishes->focus = i == 1 ? PANE_SOCKETS : i == 2 ? PANE_BYTES : PANE_TRANSCRIPT;
        wishes->large = i == 3;
        if (i == 4)
            stage.scene.passage = (struct lesson_passage){0};
        if (i == 5)
            stage.scene.prompt =
                (struct scene_prompt){.prompt = "server> ",
                                      .line = "sock",
                                      .point = 4,
                                      .candidates = candidates,
                                      .candidate_count = COUNT(candidates)};
        wishes->hex = i != 6;
        wishes->search = i == 7 ? "RECV" : NULL;
        size_t rows = i == 6 ? 40 : 24, columns = i == 6 ? 120 : 80;
        char *seen = drawn(&stage.scene, rows, columns, true, NULL);
        char *name = mem_format("wish-%s", names[i]);
        compare_with_file(name, seen);
        free(name);
        free(seen);
        stage_end(&stage);
    }
}

/* What a person can wish to see of the packets. */
static void wire_wishes(void **state) {
    static const char *const names[] = {"chosen", "opened", "zoomed", "connection", "several", "scrolled", "none", "opened-wide"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct stage stage;
        (i == 4 ? stage_wire_three : stage_wire_close)(&stage);
        struct scene_wishes *wishes = &stage.scene.wishes;
        wishes->focus = PANE_WIRE;
        if (i == 3)
            stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_SYN, .port = 40600, .alone = true});
        wishes->opened = i == 1 || i == 7;
        wishes->chosen = i == 0 ? 2 : wishes->opened ? 4 : 0;
        wishes->zoomed = i == 2;
        wishes->stream = wishes->connection = 0;
        if (i == 3) {
            wishes->stream = CLIENT_COOKIE;
            wishes->connection = 1;
            streams_pair(stage.streams, CLIENT_COOKIE, ACCEPTED_COOKIE);
        }
        wishes->scroll[PANE_WIRE] = i == 5 ? 3 : 0;
        stage.scene.wire_after = i == 6 ? journal_last(stage.journal) : 0;
        size_t rows = i == 4 ? 40 : i == 7 ? 50 : 24, columns = i == 4 ? 120 : i == 7 ? 200 : 80;
        char *seen = drawn(&stage.scene, rows, columns, true, NULL);
        char *name = mem_format("wish-wire-%s", names[i]);
        compare_with_file(name, seen);
        free(name);
        free(seen);
        stage_end(&stage);
    }
}

/* The wire comes by itself where there is room for it, and packets; and goes, and comes, as is wished. */
static void wire_comes(void **state) {
    static const struct {
        size_t columns, rows;
        enum scene_wish wish;
        bool packets, shown;
    } cases[] = {
        {120, 40, WISH_USUAL, true, true},  {120, 40, WISH_USUAL, false, false}, {120, 40, WISH_HIDDEN, true, false},
        {120, 40, WISH_SHOWN, false, true}, {80, 24, WISH_USUAL, true, false},   {80, 24, WISH_SHOWN, true, true},
        {80, 12, WISH_SHOWN, true, false},  {200, 30, WISH_USUAL, true, false},  {200, 30, WISH_SHOWN, true, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stage stage;
        struct scene_result result;
        (cases[i].packets ? stage_wire_data : stage_accept)(&stage);
        stage.scene.wishes.wire = cases[i].wish;
        free(drawn(&stage.scene, cases[i].rows, cases[i].columns, false, &result));
        assert_int_equal(result.areas[PANE_WIRE].rows > 0, cases[i].shown);
        stage_end(&stage);
    }
}

/* Behind the last step there is no "step 39 of 38". */
static void lesson_is_over(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    stage.scene.passage.number = stage.scene.passage.count + 1;
    char *seen = drawn(&stage.scene, 24, 80, false, NULL);
    assert_non_null(strstr(seen, " done "));
    assert_null(strstr(seen, "step "));
    free(seen);
    stage_end(&stage);
}

/* Where the lesson has no pane its words are in the transcript, and emphasis is a style there too. */
static void prose_in_transcript(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    stage.scene.passage = (struct lesson_passage){0};
    journal_add(stage.journal, &(struct event){.type = EVENT_PROSE, .name = "text", .text = "wait for *this* program"});
    char *seen = drawn(&stage.scene, 24, 80, false, NULL);
    assert_non_null(strstr(seen, "wait for this program"));
    free(seen);
    stage_end(&stage);
}

/* Below 80×24 pane after pane goes. */
static void small_screens(void **state) {
    static const struct {
        size_t columns, rows;
    } small[] = {{79, 20}, {60, 16}, {40, 12}, {30, 8}, {20, 5}, {19, 5}, {20, 4}, {7, 3}, {1, 1}};
    struct buf all = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(small); i++) {
        struct stage stage;
        stage_waiting(&stage);
        char *seen = drawn(&stage.scene, small[i].rows, small[i].columns, false, NULL);
        buf_addf(&all, "==== %zu×%zu\n%s", small[i].columns, small[i].rows, seen);
        free(seen);
        stage_end(&stage);
    }
    compare_with_file("small", buf_text(&all));
    buf_free(&all);
}

/* Every row is as wide as the screen, wide characters are whole, and the cursor is on it. */
static void check_canvas(const struct scene *scene, size_t rows, size_t columns) {
    struct canvas *canvas = canvas_new(rows, columns);
    struct scene_result result;
    scene_draw(scene, canvas, &result);
    for (size_t row = 0; row < rows; row++) {
        size_t taken = 0;
        for (size_t column = 0; column < columns; column++) {
            const char *text = canvas_cell(canvas, row, column)->text;
            size_t length = strnlen(text, CELL_BYTES);
            assert_true(length < CELL_BYTES);
            taken += utf8_columns(text, length);
        }
        assert_int_equal(taken, columns);
    }
    assert_true(!result.cursor_shown || (result.cursor_row < rows && result.cursor_column < columns));
    for (size_t i = 0; i < PANES_END; i++)
        assert_true(result.areas[i].row + result.areas[i].rows <= rows &&
                    result.areas[i].column + result.areas[i].columns <= columns);
    canvas_free(canvas);
}

static void every_size(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(moments); i++) {
        struct stage stage;
        moments[i].moment(&stage);
        stage.actors[0].name = "日本語\xCC\x81 server with a very long name\x1b[31m";
        stage.scene.prompt.line = "printf(\"日本語 e\xCC\x81 \xff \x01\")";
        stage_output(&stage, "client", "一二三四五六七八九十\x1b[2J\xe2\x80\xae tab\there, no newline");
        for (size_t columns = 1; columns <= 200; columns += columns < 40 ? 1 : 13)
            for (size_t rows = 1; rows <= 60; rows += rows < 26 ? 1 : 11) {
                size_t odd = rows + columns;
                stage.scene.prompt.point = odd % 30;
                stage.scene.unicode = odd % 3 != 0;
                stage.scene.wishes.help = odd % 7 == 0;
                stage.scene.wishes.large = odd % 5 == 0;
                stage.scene.wishes.zoomed = odd % 4 == 0;
                stage.scene.wishes.focus = (enum pane)(odd % PANES_END);
                stage.scene.wishes.scroll[PANE_TRANSCRIPT] = odd % 6 == 0 ? 1000 : odd % 6;
                stage.scene.wishes.scroll[PANE_SOCKETS] = odd % 8 == 0 ? 1000 : 0;
                stage.scene.wishes.wire = (enum scene_wish)(odd % 3);
                stage.scene.wishes.chosen = odd % 9;
                stage.scene.wishes.opened = odd % 9 > 5;
                stage.scene.wishes.scroll[PANE_WIRE] = odd % 10 == 0 ? SIZE_MAX : odd % 10;
                stage.scene.wishes.scroll[PANE_PACKET] = odd % 11 == 0 ? SIZE_MAX : odd % 11;
                check_canvas(&stage.scene, rows, columns);
            }
        stage_end(&stage);
    }
}

/* ---- The transcript ---- */

static void begin_transcript(struct stage *stage) {
    stage_begin(stage);
    stage->scene.wishes.zoomed = true;
}

static void assert_shows(const struct stage *stage, size_t rows, size_t columns, const char *text) {
    char *seen = drawn(&stage->scene, rows, columns, false, NULL);
    if (strstr(seen, text) == NULL)
        fail_msg("no \"%s\" in:\n%s", text, seen);
    free(seen);
}

static void open_lines(void **state) {
    struct stage stage;
    (void)state;
    begin_transcript(&stage);
    stage_output(&stage, "client", "Enter ");
    journal_add(stage.journal, &(struct event){.type = EVENT_DONE, .actor = "server"});
    stage_output(&stage, "client", "message: ");
    assert_shows(&stage, 10, 40, "\nclient| Enter message:\n");
    stage_output(&stage, "server", "between\n");
    stage_output(&stage, "client", "more\n");
    assert_shows(&stage, 10, 40, "\nclient| Enter message:\nserver| between\nclient| more\n");
    journal_add(stage.journal,
                &(struct event){.type = EVENT_INPUT, .actor = "client", .data = "yes\n", .data_length = 4});
    assert_shows(&stage, 10, 40, "\nclient< yes\n");
    stage_end(&stage);
}

/* What was typed stands back behind the line that says what came of it. */
static void typed_lines(void **state) {
    struct stage stage;
    struct scene_result result;
    struct canvas *canvas = canvas_new(10, 40);
    (void)state;
    begin_transcript(&stage);
    stage_line(&stage, "server", "listen(s, 5)");
    stage_returned(&stage, "server", "listen", "listen(3, 5)", "0", "");
    scene_draw(&stage.scene, canvas, &result);
    size_t top = result.areas[PANE_TRANSCRIPT].row;
    assert_string_equal(canvas_cell(canvas, top, 8)->text, "l");
    assert_int_equal(canvas_cell(canvas, top, 8)->style, STYLE_FRAME);
    assert_int_equal(canvas_cell(canvas, top + 1, 8)->style, STYLE_PLAIN);
    canvas_free(canvas);
    stage_end(&stage);
}

static void scrolling(void **state) {
    struct stage stage;
    struct scene_result result;
    (void)state;
    begin_transcript(&stage);
    for (int i = 1; i <= 100; i++) {
        char *text = mem_format("line %d\n", i);
        stage_output(&stage, "server", text);
        free(text);
    }
    char *seen = drawn(&stage.scene, 10, 40, false, &result);
    assert_non_null(strstr(seen, "line 100\n"));
    assert_true(result.scroll_most[PANE_TRANSCRIPT] >= result.areas[PANE_TRANSCRIPT].rows);
    free(seen);
    stage.scene.wishes.scroll[PANE_TRANSCRIPT] = 20;
    assert_shows(&stage, 10, 40, "line 80\n");
    /* While one reads there, more is printed. */
    stage.scene.wishes.until = journal_last(stage.journal);
    stage_output(&stage, "server", "and more\n");
    assert_shows(&stage, 10, 40, "line 80\n");
    stage.scene.wishes.scroll[PANE_TRANSCRIPT] = SIZE_MAX / 4;
    seen = drawn(&stage.scene, 10, 40, false, &result);
    assert_non_null(strstr(seen, "server| line 1\n"));
    assert_int_equal(result.scroll_most[PANE_TRANSCRIPT], 100 - result.areas[PANE_TRANSCRIPT].rows);
    free(seen);
    stage_end(&stage);
}

/* ---- The prompt ---- */

static void prompt_line(void **state) {
    static const struct {
        const char *line, *shown;
        size_t point, cursor;
    } cases[] = {
        {"sock = 3", "client> sock = 3\n", 8, 16},
        {"s\xC3\xA9\xE6\x97\xA5x", "client> s\xC3\xA9\xE6\x97\xA5x\n", 6, 12},
        {"e\xCC\x81x", "client> e\xCC\x81x\n", 3, 9},
        {"\x01z", "client> ^Az\n", 1, 10},
        {"\x9b\x32J", "client> \xEF\xBF\xBD\x32J\n", 1, 9},
        {"0123456789012345678901234567890123456789", "client> <90123456789012345678901234567890123456789\n",
         40, 39},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stage stage;
        struct scene_result result;
        stage_begin(&stage);
        stage.scene.prompt =
            (struct scene_prompt){.prompt = "client> ", .line = cases[i].line, .point = cases[i].point};
        char *seen = drawn(&stage.scene, 8, 40, false, &result);
        assert_true(result.cursor_shown);
        assert_int_equal(result.cursor_row, 7);
        assert_int_equal(result.cursor_column, cases[i].cursor);
        if (strlen(cases[i].line) < 32)
            assert_non_null(strstr(seen, cases[i].shown));
        else
            assert_non_null(strstr(seen, "client> <"));
        free(seen);
        stage_end(&stage);
    }
}

/* ---- Actors and sockets ---- */

static void actors_end(void **state) {
    struct stage stage;
    (void)state;
    stage_connected(&stage);
    stage_now(&stage);
    journal_add(stage.journal,
                &(struct event){.type = EVENT_DIED, .actor = "client", .text = "was killed by SIGPIPE"});
    stage.actors[1].dead = true;
    stage.actors[1].doing = "was killed by SIGPIPE (Broken pipe)";
    char *seen = drawn(&stage.scene, 24, 80, true, NULL);
    assert_non_null(strstr(seen, "  client was killed by SIGPIPE (Broken pipe)\n"
                                 "         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"));
    free(seen);
    stage_end(&stage);
}

static void accept_queues(void **state) {
    static const struct {
        uint32_t waiting, backlog;
        const char *unicode, *ascii;
    } cases[] = {
        {0, 3, "accept queue ▯▯▯ 0/3", "accept queue [---] 0/3"},
        {2, 3, "accept queue ▮▮▯ 2/3", "accept queue [##-] 2/3"},
        {4, 3, "accept queue ▮▮▮▮ 4/3", "accept queue [####] 4/3"}, /* Linux lets one more in */
        {0, 0, "accept queue  0/0", "accept queue [] 0/0"},
        {1, 4096, "accept queue ▮▯▯▯▯▯▯▯ 1/4096", "accept queue [#-------] 1/4096"},
        {UINT32_MAX, UINT32_MAX, "▮▮▮▮▮▮▮▮ 4294967295/4294967295", "[########] 4294967295/4294967295"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stage stage;
        stage_accept(&stage);
        struct descriptor listener = *snapshot_get(stage.snapshot, 0, 3);
        listener.socket.receive_queue = cases[i].waiting;
        listener.socket.send_queue = cases[i].backlog;
        stage_set(&stage, 0, &listener);
        assert_shows(&stage, 24, 100, cases[i].unicode);
        stage.scene.unicode = false;
        assert_shows(&stage, 24, 100, cases[i].ascii);
        stage_end(&stage);
    }
}

/* What the peer's window has no room for was never sent. */
static void not_sent(void **state) {
    struct stage stage;
    (void)state;
    stage_waiting(&stage);
    struct descriptor client = *snapshot_get(stage.snapshot, 1, 3);
    struct descriptor server = *snapshot_get(stage.snapshot, 0, 4);
    client.socket.send_queue = 17;
    client.socket.has_tcp = server.socket.has_tcp = true;
    client.socket.tcp.not_sent = 12;
    server.socket.receive_queue = 5;
    server.socket.tcp.bytes_received = 5;
    stage_set(&stage, 1, &client);
    stage_set(&stage, 0, &server);
    stage.scene.wishes.zoomed = true;
    stage.scene.wishes.focus = PANE_BYTES;
    assert_shows(&stage, 24, 100, "client fd 3 → 12 not sent yet → 5 in flight → 5 receive queue → server fd 4");
    client.socket.send_queue = client.socket.tcp.not_sent = 3000; /* most of it of a call that is blocked */
    stage_set(&stage, 1, &client);
    assert_shows(&stage, 24, 100, "client fd 3 → 3000 not sent yet → 5 receive queue → server fd 4");
    stage_end(&stage);
}

/* Where it is narrow, what lies in the queue is seen in full all the same. */
static void narrow_queues(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    struct socket_facts *orphan = &stage.snapshot->unowned[0].facts;
    orphan->state = SOCKET_CLOSING;
    orphan->receive_queue = 6; /* the FIN is one of them */
    orphan->send_queue = 8;
    assert_shows(&stage, 24, 80, "receive 5+FIN");
    assert_shows(&stage, 50, 200, "receive queue 5 and a FIN  send queue 7 and a FIN\n");
    stage_end(&stage);
}

/* In one row there is room for the last message only, and it says that it is that. */
static void last_bytes(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    stage_moved(&stage, "client", "send", true, "two", "send(3, \"two\", 3, 0)");
    assert_shows(&stage, 24, 80, "last: \"two\"");
    stage_end(&stage);
}

/* What a key asks for and cannot be had is said; the lesson's command stays in sight. */
static void no_room(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    assert_shows(&stage, 24, 80, "text: no room for hex, F2 zooms");
    stage.scene.wishes.large = true;
    assert_shows(&stage, 24, 80, "    server> if (read_size == 0) {");
    stage.scene.wishes.remark = "no connection to show";
    assert_shows(&stage, 24, 80, "\nno connection to show\n");
    stage_end(&stage);
}

/* A connection that is over gives way to one that is not, though it was touched later. */
static void dead_streams(void **state) {
    struct stage stage;
    (void)state;
    stage_waiting(&stage);
    journal_add(stage.journal, &(struct event){.type = EVENT_RETURNED,
                                               .actor = "client",
                                               .name = "send",
                                               .text = "send(7, \"x\", 1, 0)",
                                               .extra = "1",
                                               .fd = 7,
                                               .result = 1,
                                               .cookie = CLIENT_COOKIE + 90,
                                               .socket_type = SOCK_STREAM,
                                               .data_out = true,
                                               .data = "x",
                                               .data_length = 1,
                                               .data_total = 1});
    assert_shows(&stage, 24, 80, "client fd 3 → 22 receive queue → server fd 4");
    table_remove(&stage.snapshot->actors[1].table, 3);
    table_remove(&stage.snapshot->actors[0].table, 4);
    assert_shows(&stage, 24, 80, "client fd 7 (closed) → 1 written");
    stage_end(&stage);
}

/* Of more sockets than there is room for those that just changed are seen. */
static void changed_sockets(void **state) {
    struct stage stage;
    struct descriptor descriptor;
    (void)state;
    stage_accept(&stage);
    for (int fd = 4; fd < 12; fd++)
        stage_set(&stage, 0, stage_tcp(&descriptor, fd, (uint64_t)fd + 100, SOCKET_CLOSE));
    stage_change(&stage, "server", 9, 109, "appeared", "fd 9: new, TCP, CLOSE");
    assert_shows(&stage, 24, 80, "  9             TCP CLOSE");
    stage.scene.wishes.scroll[PANE_SOCKETS] = 1; /* whoever scrolls sees what he scrolled to */
    assert_shows(&stage, 24, 80, "  4 client_sock TCP CLOSE");
    stage_end(&stage);
}

/* The sockets without a descriptor have the rows that the actors leave. */
/* A connection in an accept queue is an actor's where one listens at that port, or where nobody else can be; else
 * another program may have yet to accept it. */
static void strangers_queue(void **state) {
    struct stage stage;
    struct descriptor end;
    (void)state;
    stage_accept(&stage);
    stage_tcp(&end, 3, CLIENT_COOKIE, SOCKET_ESTABLISHED);
    stage_connection(&end, 40512, 8888);
    stage_set(&stage, 1, &end);
    stage_moved(&stage, "client", "send", true, "x", "send(3, \"x\", 1, 0)");
    struct snapshot *now = stage.snapshot;
    stage_tcp(&end, 0, ACCEPTED_COOKIE, SOCKET_ESTABLISHED);
    stage_connection(&end, 8888, 40512);
    end.socket.receive_queue = 1;
    now->unowned = mem_grow(now->unowned, 1, sizeof(*now->unowned));
    now->unowned[0] = (struct unowned){.why = UNOWNED_WAITING, .fd = -1, .facts = end.socket};
    now->unowned_count = now->unowned_room = 1;
    assert_shows(&stage, 40, 120, "client fd 3 → 1 receive queue → not accepted yet");
    table_remove(&now->actors[0].table, 3);
    assert_shows(&stage, 40, 120, "client fd 3 → 1 acknowledged → 127.0.0.1:8888");
    now->private_network = true;
    assert_shows(&stage, 40, 120, "client fd 3 → 1 receive queue → not accepted yet");
    stage_end(&stage);
}

static void unowned_sockets(void **state) {
    struct stage stage;
    (void)state;
    stage_closed(&stage);
    struct snapshot *now = stage.snapshot;
    now->unowned = mem_grow(now->unowned, 2, sizeof(*now->unowned));
    now->unowned[0].facts.state = SOCKET_TIME_WAIT;
    now->unowned[0].facts.timer_known = true;
    now->unowned[0].facts.timer = TIMER_TIME_WAIT;
    now->unowned[0].facts.timer_ms = 59000;
    now->unowned[1] = now->unowned[0];
    now->unowned[1].fd = 8;
    now->unowned_count = now->unowned_room = 2;
    assert_shows(&stage, 40, 120, "was client 3");
    assert_shows(&stage, 40, 120, "was client 8");
    stage_end(&stage);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What is not seen costs nothing; what changed is seen wherever it is. */
static void many(void **state) {
    struct stage stage;
    struct descriptor descriptor;
    (void)state;
    stage_accept(&stage);
    for (int fd = 10; fd < 10010; fd++)
        stage_set(&stage, 0, stage_tcp(&descriptor, fd, (uint64_t)fd + 100, SOCKET_CLOSE));
    for (int i = 0; i < 100000; i++)
        stage_output(&stage, "server", "a line of output\n");
    stage_now(&stage);
    stage_change(&stage, "server", 9000, 9100, "state", "fd 9000: CLOSE → ESTABLISHED");
    stage_set(&stage, 0, stage_tcp(&descriptor, 9000, 9100, SOCKET_ESTABLISHED));
    double began = milliseconds();
    for (int i = 0; i < 20; i++)
        free(drawn(&stage.scene, 40, 120, false, NULL));
    assert_true((milliseconds() - began) / 20 < 50); /* the bench has the real figure */
    assert_shows(&stage, 40, 120, "↑9000 TCP ESTABLISHED");
    stage_end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),     cmocka_unit_test(wishes), cmocka_unit_test(wire_wishes),
        cmocka_unit_test(wire_comes),     cmocka_unit_test(small_screens),
        cmocka_unit_test(every_size),  cmocka_unit_test(open_lines), cmocka_unit_test(scrolling),
        cmocka_unit_test(prompt_line), cmocka_unit_test(actors_end), cmocka_unit_test(accept_queues),
        cmocka_unit_test(not_sent), cmocka_unit_test(narrow_queues), cmocka_unit_test(last_bytes),
        cmocka_unit_test(typed_lines), cmocka_unit_test(no_room),
        cmocka_unit_test(dead_streams), cmocka_unit_test(changed_sockets), cmocka_unit_test(unowned_sockets), cmocka_unit_test(strangers_queue),
        cmocka_unit_test(many),
        cmocka_unit_test(lesson_is_over),
        cmocka_unit_test(prose_in_transcript),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
