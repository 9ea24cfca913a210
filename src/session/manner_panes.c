/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session in panes: whatever happens, the screen is drawn anew from all that
 * is known (a scene), at most FRAMES_A_SECOND times a second, and only what is
 * other goes to the terminal.  An idle session draws nothing and wakes up for
 * nothing; while somebody is blocked, or a socket is in TIME_WAIT, the seconds are counted.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/play.h"
#include "prompt/prompt.h"
#include "screen/screen.h"
#include "session/choosing.h"
#include "session/parts.h"
#include "session/scenery.h"
#include "session/search.h"
#include "shell/watch.h"
#include "view/plain.h"
#include "view/rungs.h"
#include "view/state.h"

#define FRAMES_A_SECOND 60
#define FRAME_NS (SECOND_NS / FRAMES_A_SECOND)
#define WHEEL_LINES 3
#define MOVING_NS INT64_C(100000000) /* sockets of programs that run are looked at so often */

struct panes {
    struct screen *screen;
    struct canvas *canvas;
    struct scene_wishes wishes;
    struct scene_result result; /* of the last drawing */
    struct search search;
    struct snapshot *moving;    /* looked at for the eye only, while sockets change without a call; NULL: none is needed */
    struct buf pending;         /* lines typed or pasted before the one being typed */
    size_t above;               /* bytes of the line being typed that are in rows above it, because they were pasted */
    uint64_t told_to;           /* the journal's last event, when the screen was drawn last */
    bool opened;                /* a packet was, when the screen was drawn last */
    uint64_t line;              /* session->before, when the screen was drawn last */
    bool postponed;             /* something is new, but it is not time for it */
    int64_t drawn_ns;
    uint64_t looked_to;         /* the journal's last event when sockets were looked at, while calls are not watched */
};

/* ---- Drawing ---- */

static void fit_canvas(struct panes *panes) {
    size_t rows = screen_rows(panes->screen), columns = screen_columns(panes->screen);
    if (panes->canvas != NULL && canvas_rows(panes->canvas) == rows && canvas_columns(panes->canvas) == columns)
        return;
    canvas_free(panes->canvas);
    panes->canvas = canvas_new(rows, columns);
}

/* Lines before the one being typed: of a statement that waits for its end, and of what was pasted (readline has that
 * as one line, which would be shown in one row). */
static void set_pending(struct session *session, struct scene_prompt *prompt) {
    const struct shell *shell = session->shell;
    struct buf *pending = &session->panes->pending;
    const char *last = prompt->line != NULL ? strrchr(prompt->line, '\n') : NULL;
    size_t above = last != NULL ? (size_t)(last - prompt->line) : 0;
    if (above > session->panes->above) /* whoever pastes wants to see it, wherever he was reading */
        session->panes->wishes.scroll[PANE_TRANSCRIPT] = session->panes->wishes.until = 0;
    session->panes->above = above;
    buf_clear(pending);
    buf_add(pending, shell->pending.data, shell->pending.length);
    if (last != NULL && prompt->point > (size_t)(last - prompt->line)) {
        if (pending->length > 0)
            buf_add_char(pending, '\n');
        buf_add(pending, prompt->line, (size_t)(last - prompt->line));
        prompt->point -= (size_t)(last + 1 - prompt->line);
        prompt->line = last + 1;
    }
    if (pending->length == 0 || shell->current == NULL)
        return;
    prompt->pending = buf_text(pending);
    prompt->whose = actor_name(shell->pending.length > 0 ? shell->pending_for : shell->current);
}

static void set_prompt(struct session *session, struct scene_prompt *prompt) {
    const struct panes *panes = session->panes;
    struct prompt_look look;
    if (panes->search.typing) {
        *prompt = (struct scene_prompt){.prompt = panes->search.missed ? "search (not there): " : "search: ",
                                        .line = buf_text(&panes->search.text), .point = panes->search.text.length};
        return;
    }
    prompt_look(&look);
    *prompt = (struct scene_prompt){
        .prompt = look.prompt,
        .line = look.line,
        .point = look.point,
        .message = look.message,
        .candidates = (const char *const *)look.candidates,
        .candidate_count = look.candidate_count,
    };
    set_pending(session, prompt);
}

/* While a part of the ladder is read, or a packet of it is chosen, it stands still; unless one is chosen that is newer. */
static void follow_wire(const struct session *session) {
    struct scene_wishes *wishes = &session->panes->wishes;
    const struct wire *book = session->shell->wire;
    if (book == NULL || (wishes->scroll[PANE_WIRE] == 0 && wishes->chosen == 0))
        wishes->wire_until = 0;
    else if (wishes->wire_until == 0 || (wishes->chosen != 0 && rungs_place(book, wishes->chosen) > wishes->wire_until))
        wishes->wire_until = wire_last(book);
}

/* Whoever gives a line wants to see what comes of it, wherever he was reading; until then what is read stands
 * still. */
static void follow(struct session *session) {
    struct panes *panes = session->panes;
    struct scene_wishes *wishes = &panes->wishes;
    if (panes->line != session->before) {
        panes->line = session->before;
        search_end(&panes->search);
        choose_nothing(wishes);
        wishes->scroll[PANE_TRANSCRIPT] = wishes->scroll[PANE_BYTES] = wishes->scroll[PANE_LESSON] =
            wishes->scroll[PANE_WIRE] = 0;
    }
    follow_wire(session);
    bool told = !panes->search.packets;
    wishes->search = told && panes->search.text.length > 0 ? buf_text(&panes->search.text) : NULL;
    if (told && panes->search.at != 0)
        wishes->until = panes->search.at;
    else if (wishes->scroll[PANE_TRANSCRIPT] == 0)
        wishes->until = 0;
    else if (wishes->until == 0)
        wishes->until = journal_last(session->shell->journal);
}

/* An answer of the shell's that is longer than the pane is read from its beginning. True: it has to be drawn anew. */
static bool begin_at_top(struct session *session) {
    struct panes *panes = session->panes;
    struct scene_wishes *wishes = &panes->wishes;
    const struct journal *journal = session->shell->journal;
    uint64_t last = journal != NULL ? journal_last(journal) : 0;
    const struct event *newest = last > panes->told_to ? journal_at(journal, last) : NULL;
    size_t rows = panes->result.areas[PANE_TRANSCRIPT].rows;
    panes->told_to = last;
    if (newest == NULL || newest->type != EVENT_NOTE || wishes->scroll[PANE_TRANSCRIPT] > 0 || rows == 0 ||
        panes->result.newest_rows <= rows)
        return false;
    wishes->scroll[PANE_TRANSCRIPT] = panes->result.newest_rows - rows;
    wishes->until = last;
    wishes->focus = PANE_TRANSCRIPT;
    return true;
}

/* An opened packet is read from the header on that it is about; another one from where the last one was. True: it has
 * to be drawn anew. */
static bool begin_at_header(struct panes *panes) {
    struct scene_wishes *wishes = &panes->wishes;
    bool opens = wishes->opened && !panes->opened;
    panes->opened = wishes->opened;
    if (opens)
        wishes->scroll[PANE_PACKET] = panes->result.packet_begins;
    return opens;
}

/* What the shell has seen last, or what has been looked at for the eye since. */
static const struct snapshot *newest_snapshot(const struct session *session) {
    const struct snapshot *seen = session->shell->seen, *moving = session->panes->moving;
    bool newer = moving != NULL && (seen == NULL || snapshot_time_ns(moving) > snapshot_time_ns(seen));
    return newer ? moving : seen;
}

static void draw(struct session *session) {
    struct panes *panes = session->panes;
    struct scenery scenery;
    fit_canvas(panes);
    follow(session);
    if (session->shell->player != NULL && player_covers_packets(session->shell->player))
        choose_nothing(&panes->wishes); /* an opened packet would be an answer */
    scenery_set(&scenery, session->shell, session->before);
    scenery.scene.snapshot = newest_snapshot(session);
    set_prompt(session, &scenery.scene.prompt);
    scenery.scene.wishes = panes->wishes;
    scene_draw(&scenery.scene, panes->canvas, &panes->result);
    bool again = begin_at_top(session);
    if (begin_at_header(panes) || again) {
        scenery.scene.wishes = panes->wishes;
        scene_draw(&scenery.scene, panes->canvas, &panes->result);
    }
    scenery_free(&scenery);
    /* What commands answer is wrapped for where it is going to stand. */
    if (panes->result.areas[PANE_TRANSCRIPT].rows > 0)
        session->shell->columns = panes->result.areas[PANE_TRANSCRIPT].columns;
    for (size_t pane = 0; pane < PANES_END; pane++)
        if (panes->wishes.scroll[pane] > panes->result.scroll_most[pane])
            panes->wishes.scroll[pane] = panes->result.scroll_most[pane];
    screen_paint(panes->screen, panes->canvas, panes->result.cursor_shown, panes->result.cursor_row,
                 panes->result.cursor_column);
}

static bool somebody_runs(const struct shell *shell) {
    struct actor *actor;
    for (size_t i = 0; shell->crew != NULL && (actor = crew_at(shell->crew, i)) != NULL; i++)
        if (actor_state(actor) == ACTOR_RUNNING && !actor_is_stopped(actor))
            return true;
    return false;
}

/* Some socket has only a while to live, which is shown in seconds. */
static bool counts_down(const struct snapshot *snapshot) {
    for (size_t i = 0; snapshot != NULL && i < snapshot_unowned_count(snapshot); i++)
        if (state_has_time_left(&snapshot_unowned(snapshot, i)->facts))
            return true;
    return false;
}

/* How old what is shown may become; -1: as old as it likes. */
static int64_t moving_ns(const struct session *session) {
    return somebody_runs(session->shell) ? MOVING_NS : counts_down(newest_snapshot(session)) ? SECOND_NS : -1;
}

/* While calls are not watched, nobody else looks at the sockets; and nobody tells what those do meanwhile who
 * run for long, or that nobody holds any more. */
static void look(struct session *session, int64_t now) {
    struct shell *shell = session->shell;
    struct panes *panes = session->panes;
    uint64_t last = journal_last(shell->journal);
    int64_t period = moving_ns(session);
    const struct snapshot *newest = newest_snapshot(session);
    if (newest == shell->seen) {
        snapshot_free(panes->moving);
        panes->moving = NULL;
    }
    if (period >= 0 && (newest == NULL || now - snapshot_time_ns(newest) >= period)) {
        snapshot_free(panes->moving);
        panes->moving = shell_snapshot(shell);
    }
    if (shell->crew == NULL || watch_get(shell) != WATCH_OFF || last == panes->looked_to)
        return;
    shell_look(shell);
    panes->looked_to = last;
}

static void refresh(struct session *session) {
    struct panes *panes = session->panes;
    int64_t now = clock_now_ns();
    panes->postponed = now - panes->drawn_ns < FRAME_NS;
    if (panes->postponed)
        return;
    look(session, now);
    draw(session);
    panes->drawn_ns = now;
}

static int64_t due_ns(struct session *session) {
    const struct panes *panes = session->panes;
    if (!panes->postponed && somebody_runs(session->shell))
        return MOVING_NS;
    if (!panes->postponed) {
        int64_t due = scenery_due_ns(session->shell);
        const struct snapshot *newest = newest_snapshot(session);
        int64_t age = newest != NULL ? clock_now_ns() - snapshot_time_ns(newest) : 0;
        int64_t look = counts_down(newest) ? (age < SECOND_NS ? SECOND_NS - age : 0) : -1;
        return look >= 0 && (due < 0 || look < due) ? look : due;
    }
    int64_t left = panes->drawn_ns + FRAME_NS - clock_now_ns();
    return left > 0 ? left : 0;
}

/* ---- Keys ---- */

/* How far it can be scrolled is known when it is drawn. */
static void scroll(struct panes *panes, enum pane pane, size_t lines, bool back) {
    /* These begin at their top, the others at their end. */
    bool from_top = pane == PANE_SOCKETS || pane == PANE_LESSON || pane == PANE_PACKET;
    size_t *at = &panes->wishes.scroll[pane];
    if (pane == PANE_WIRE && panes->wishes.wire_until != 0) { /* what has come since is on the way down */
        *at += panes->result.wire_newer;
        panes->wishes.wire_until = 0;
    }
    if (back != from_top)
        *at += lines;
    else
        *at = *at > lines ? *at - lines : 0;
}

static void scroll_page(struct panes *panes, bool back) {
    size_t rows = panes->result.areas[panes->wishes.focus].rows;
    scroll(panes, panes->wishes.focus, rows > 3 ? rows - 2 : 1, back);
}

/* The pane at this place; PANES_END: none. */
static enum pane pane_at(const struct panes *panes, size_t row, size_t column) {
    for (enum pane pane = 0; pane < PANES_END; pane++) {
        const struct area *area = &panes->result.areas[pane];
        if (row >= area->row && row - area->row < area->rows && column >= area->column &&
            column - area->column < area->columns)
            return pane;
    }
    return PANES_END;
}

/* A click brings the mark there; on a rung of the ladder it chooses the packet, and once more opens it. */
static void take_click(struct panes *panes, enum pane pane, size_t row) {
    struct scene_wishes *wishes = &panes->wishes;
    size_t line = row - panes->result.areas[pane].row;
    if (pane == PANE_PROMPT || wishes->help)
        return;
    if (pane != PANE_WIRE && pane != PANE_PACKET)
        choose_nothing(wishes);
    wishes->focus = pane;
    if (pane == PANE_WIRE && line < WIRE_LINES_MOST && panes->result.wire_lines[line] != 0)
        choose_clicked(wishes, panes->result.wire_lines[line]);
}

static void take_mouse(struct session *session, enum mouse_act act, size_t row, size_t column) {
    struct panes *panes = session->panes;
    enum pane pane = pane_at(panes, row, column);
    panes->wishes.remark = NULL;
    if (pane == PANES_END)
        return;
    switch (act) {
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN:
        scroll(panes, pane, WHEEL_LINES, act == MOUSE_WHEEL_UP);
        return;
    case MOUSE_CLICK:
        take_click(panes, pane, row);
        return;
    }
}

/* Could it be shown, if there were room? */
static bool could_be_there(const struct session *session, enum pane pane) {
    switch (pane) {
    case PANE_SOCKETS:
    case PANE_WIRE:
    case PANE_BYTES:
    case PANE_TRANSCRIPT:
        return true;
    case PANE_LESSON:
        return session->shell->player != NULL;
    case PANE_PACKET:
        return session->panes->wishes.opened;
    case PANE_PROMPT: /* has the keys anyway */
    case PANES_END:
        break;
    }
    return false;
}

/* The next pane that is there. */
static void move_focus(struct session *session) {
    struct panes *panes = session->panes;
    for (size_t i = 1; i <= PANES_END; i++) {
        enum pane pane = (enum pane)(((size_t)panes->wishes.focus + i) % PANES_END);
        if (could_be_there(session, pane) && (panes->result.areas[pane].rows > 0 || panes->wishes.zoomed)) {
            panes->wishes.focus = pane;
            return;
        }
    }
}

/* What the key is for cannot be seen: say why, until the next key. */
static const char *remark_on_bytes(const struct panes *panes) {
    return panes->result.areas[PANE_BYTES].rows > 0 ? NULL
           : panes->wishes.zoomed                   ? "the bytes' pane is not shown: F2 shows all panes"
                                  : "there is no room for the bytes' pane, or nothing was sent yet";
}

static bool wire_is_seen(const struct panes *panes) {
    return panes->result.areas[PANE_WIRE].rows > 0;
}

static void take_stream(struct session *session) {
    struct panes *panes = session->panes;
    bool any = choose_stream(session->shell, &panes->wishes);
    panes->wishes.remark = !any                  ? "nothing to choose: no connection, and no datagrams"
                           : wire_is_seen(panes) ? NULL
                                                 : remark_on_bytes(panes);
}

/* What was found of what is searched for: a place in the transcript, or a packet. */
static void show_found(struct session *session) {
    struct panes *panes = session->panes;
    const struct event *event = journal_at(session->shell->journal, panes->search.at);
    if (panes->search.packets)
        choose_found(&panes->wishes, event != NULL ? event->packet.number : 0);
    else
        panes->wishes.scroll[PANE_TRANSCRIPT] = panes->search.below;
}

static void take_search(struct session *session) {
    struct panes *panes = session->panes;
    struct scene_wishes *wishes = &panes->wishes;
    bool packets = (wishes->focus == PANE_WIRE || wishes->focus == PANE_PACKET) && wire_is_seen(panes);
    if (packets != panes->search.packets)
        search_end(&panes->search);
    panes->search.packets = packets;
    if (!packets)
        wishes->focus = PANE_TRANSCRIPT;
    search_again(&panes->search, session->shell->journal);
    show_found(session);
}

static void take_key(struct session *session, enum screen_key key) {
    struct panes *panes = session->panes;
    struct scene_wishes *wishes = &panes->wishes;
    wishes->remark = NULL;
    switch (key) {
    case SCREEN_KEY_HELP:
        wishes->help = !wishes->help;
        return;
    case SCREEN_KEY_ZOOM:
        wishes->zoomed = !wishes->zoomed;
        return;
    case SCREEN_KEY_NEXT_PANE:
        move_focus(session);
        return;
    case SCREEN_KEY_HEX:
        wishes->hex = !wishes->hex;
        wishes->remark = remark_on_bytes(panes);
        return;
    case SCREEN_KEY_STREAM:
        take_stream(session);
        return;
    case SCREEN_KEY_LARGE:
        wishes->large = !wishes->large;
        return;
    case SCREEN_KEY_PLAIN:
        session->change_over = true;
        return;
    case SCREEN_KEY_SEARCH:
        take_search(session);
        return;
    case SCREEN_KEY_WIRE:
        if (session->shell->player != NULL && player_covers_packets(session->shell->player))
            wishes->remark = "the lesson asks about these packets: they come with the answer";
        else
            choose_wire(wishes, wire_is_seen(panes));
        return;
    case SCREEN_KEY_PAGE_UP:
    case SCREEN_KEY_PAGE_DOWN:
        scroll_page(panes, key == SCREEN_KEY_PAGE_UP);
        return;
    case SCREEN_KEY_REDRAW:
        screen_spoilt(panes->screen);
        return;
    case SCREEN_KEY_NONE:
    case SCREEN_KEY_INTERRUPT: /* these are signals */
    case SCREEN_KEY_SUSPEND:
    case SCREEN_KEYS_END:
        return;
    }
}

static bool take_typed(struct session *session, const char *text, size_t length) {
    struct panes *panes = session->panes;
    panes->wishes.help = false; /* whoever types has seen it */
    panes->wishes.remark = NULL;
    enum pane focus = panes->wishes.focus;
    if (panes->search.typing) {
        bool packets = panes->search.packets;
        search_type(&panes->search, session->shell->journal, text, length);
        if (panes->search.packets || !packets)
            show_found(session);
        else
            choose_nothing(&panes->wishes); /* it was given up */
        return true;
    }
    return (focus == PANE_WIRE || focus == PANE_PACKET) && wire_is_seen(panes) &&
           choose_packet(session->shell, &panes->wishes, text, length);
}

/* ---- The terminal ---- */

static void set_columns(struct session *session) {
    session->shell->columns = screen_columns(session->panes->screen);
    view_resize(session->shell->view, session->shell->columns);
}

static void add_keys(void) {
    static const struct {
        const char *name;
        enum screen_key key;
    } keys[] = {
        {"kf1", SCREEN_KEY_HELP},   {"kf2", SCREEN_KEY_ZOOM},  {"kf3", SCREEN_KEY_NEXT_PANE},  {"kf4", SCREEN_KEY_HEX},
        {"kf5", SCREEN_KEY_STREAM}, {"kf6", SCREEN_KEY_LARGE}, {"kf7", SCREEN_KEY_PLAIN},  {"kf8", SCREEN_KEY_SEARCH},
        {"kf9", SCREEN_KEY_WIRE},
        {"kpp", SCREEN_KEY_PAGE_UP},   {"knp", SCREEN_KEY_PAGE_DOWN},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        prompt_add_key(screen_key(keys[i].name), keys[i].key);
}

static bool begin(struct session *session, struct error *error) {
    struct shell *shell = session->shell;
    struct error ignored = {0};
    if (!prompt_in_panes(true, error)) /* first: readline gives the terminal back as it was */
        return false;
    struct screen *screen = screen_open(session->options->colour, shell->guardian, error);
    if (screen == NULL) {
        prompt_in_panes(false, &ignored);
        return false;
    }
    session->panes = mem_alloc(sizeof(*session->panes));
    session->panes->screen = screen;
    if (session->options->mouse && screen_key("kmous") != NULL)
        screen_mouse(screen, true);
    if (session->wishes != NULL)
        session->panes->wishes = *session->wishes;
    else
        session->panes->wishes.focus = PANE_TRANSCRIPT;
    add_keys();
    set_columns(session);
    view_mute(shell->view, true);
    session->lines_to = journal_last(shell->journal);
    return true;
}

/* The alternate screen took everything with it: the last lines, as many as the screen has, stay to be read. */
static void leave_last_lines(const struct shell *shell, size_t rows) {
    const struct view_options options = {.columns = shell->columns};
    uint64_t number = shell->journal != NULL ? journal_last(shell->journal) : 0;
    const struct event *event;
    for (size_t lines = 2; number > 0 && (event = journal_at(shell->journal, number)) != NULL; number--) {
        struct buf text = {0};
        plain_event(event, &options, &text);
        for (size_t i = 0; i < text.length; i++)
            lines += text.data[i] == '\n';
        buf_free(&text);
        if (lines > rows)
            break;
    }
    if (shell->journal == NULL)
        return;
    view_mute(shell->view, false);
    view_catch_up(shell->view, shell->journal, number);
    view_flush(shell->view);
}

/* Whoever comes back from plain lines finds everything as it was; what is being searched for is forgotten. */
static void keep_wishes(struct session *session) {
    const struct panes *panes = session->panes;
    if (session->wishes == NULL)
        session->wishes = mem_alloc(sizeof(*session->wishes));
    *session->wishes = panes->wishes;
    session->wishes->search = session->wishes->remark = NULL;
    session->wishes->until = 0;
    session->wishes->scroll[PANE_TRANSCRIPT] = 0;
}

static void end(struct session *session) {
    struct panes *panes = session->panes;
    if (panes == NULL)
        return;
    size_t rows = screen_rows(panes->screen);
    screen_close(panes->screen);
    if (session->leaving)
        leave_last_lines(session->shell, rows);
    keep_wishes(session);
    canvas_free(panes->canvas);
    search_end(&panes->search);
    buf_free(&panes->search.text);
    buf_free(&panes->pending);
    snapshot_free(panes->moving);
    free(panes);
    session->panes = NULL;
}

/* Of several changes the last is heard of: even if that is the old size, the terminal may have lost what it showed. */
/* The kernel empties the terminal in both directions (termios(3), NOFLSH; measured: what is written while a Ctrl-C is
 * on its way is lost nearly always). Without it, what was typed before would be taken for what was meant after. */
static void interrupted(struct session *session) {
    screen_lost(session->panes->screen);
}

static void resized(struct session *session) {
    screen_resize(session->panes->screen);
    screen_spoilt(session->panes->screen);
    set_columns(session);
}

static void suspend(struct session *session) {
    screen_leave(session->panes->screen);
}

static void resume(struct session *session) {
    screen_return(session->panes->screen);
    set_columns(session);
}

const struct manner manner_panes = {
    .begin = begin,
    .end = end,
    .refresh = refresh,
    .due_ns = due_ns,
    .key = take_key,
    .mouse = take_mouse,
    .typed = take_typed,
    .resized = resized,
    .interrupted = interrupted,
    .suspend = suspend,
    .resume = resume,
};
