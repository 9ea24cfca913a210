/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A descriptor's cells, and how they are put into one line or two; see sockets_row.h. */
#include "view/sockets_row.h"

#include <string.h>

#include "base/escape.h"
#include "view/state.h"

#define ONE_LINE_COLUMNS 74 /* from there on a descriptor has one line */
#define NO_KIND_COLUMNS 52
#define NO_NAME_COLUMNS 45
#define BAR_MOST 8 /* cells of an accept queue's bar */
#define INDENT 5   /* of a second line: behind the descriptor's number */
#define NAME_MOST 14
#define AND_A " and a " /* before the FIN or SYN in a queue */

/* ---- What the cells say ---- */

/* ▮▮▯ 2/3: one cell a place of the backlog, and those beyond it that wait nevertheless. */
static void add_bar(const struct scene *scene, uint32_t waiting, uint32_t backlog, struct buf *out) {
    const struct glyphs *glyphs = glyphs_of(scene);
    uint32_t cells = waiting > backlog ? waiting : backlog, full = waiting;
    if (cells > BAR_MOST) { /* to scale; one who waits is never nobody */
        full = (uint32_t)(((uint64_t)waiting * BAR_MOST + cells - 1) / cells);
        cells = BAR_MOST;
    }
    if (!scene->unicode)
        buf_add_char(out, '[');
    for (uint32_t i = 0; i < cells; i++)
        buf_add_text(out, i < full ? glyphs->full : glyphs->empty);
    buf_addf(out, "%s %u/%u", scene->unicode ? "" : "]", waiting, backlog);
}

static void fill_queues(struct socket_row *row, const struct scene *scene, const struct socket_facts *facts,
                        unsigned changed) {
    if (!state_queues_count(facts))
        return;
    if (facts->state == SOCKET_LISTEN) {
        buf_add_text(&row->cells[CELL_ACCEPT], "accept queue ");
        add_bar(scene, facts->receive_queue, facts->send_queue, &row->cells[CELL_ACCEPT]);
        return;
    }
    /* An empty queue is worth a word when it has just been emptied. */
    if (facts->receive_queue != 0 || (changed & (CHANGE_BIT(CHANGE_RECEIVE_QUEUE) | CHANGE_BIT(CHANGE_WAITING_QUEUE))))
        buf_addf(&row->cells[CELL_RECEIVE], "receive queue %u%s", socket_receive_bytes(facts),
                 state_receive_mark(facts));
    if ((facts->send_queue != 0 && state_send_queue_counts(facts)) ||
        (changed & CHANGE_BIT(CHANGE_SEND_QUEUE)))
        buf_addf(&row->cells[CELL_SEND], "send queue %u%s", socket_send_bytes(facts), state_send_mark(facts));
}

static void fill_addresses(struct socket_row *row, const struct scene *scene,
                           const struct socket_facts *facts) {
    bool has_peer = facts->peer_length != 0 && socket_has_peer(facts);
    if (socket_has_local(facts) || has_peer)
        state_endpoint(facts, &facts->local, facts->local_length, &row->cells[CELL_LOCAL]);
    if (!has_peer)
        return;
    buf_addf(&row->cells[CELL_PEER], "%s ", glyphs_of(scene)->arrow);
    state_endpoint(facts, &facts->peer, facts->peer_length, &row->cells[CELL_PEER]);
}

/* Which cells a change is seen in. */
static unsigned bright_cells(unsigned changed) {
    static const struct {
        unsigned changes, cells;
    } seen[] = {
        {CHANGE_BIT(CHANGE_APPEARED), 1U << CELL_FD | 1U << CELL_NAME | 1U << CELL_KIND | 1U << CELL_STATE},
        {CHANGE_BIT(CHANGE_STATE) | CHANGE_BIT(CHANGE_WAITING) | CHANGE_BIT(CHANGE_UNOWNED) |
             CHANGE_BIT(CHANGE_UNOWNED_STATE),
         1U << CELL_STATE},
        {CHANGE_BIT(CHANGE_LOCAL), 1U << CELL_LOCAL},
        {CHANGE_BIT(CHANGE_PEER), 1U << CELL_LOCAL | 1U << CELL_PEER},
        {CHANGE_BIT(CHANGE_ACCEPT_QUEUE), 1U << CELL_ACCEPT},
        {CHANGE_BIT(CHANGE_RECEIVE_QUEUE) | CHANGE_BIT(CHANGE_WAITING_QUEUE), 1U << CELL_RECEIVE},
        {CHANGE_BIT(CHANGE_SEND_QUEUE), 1U << CELL_SEND},
        {CHANGE_BIT(CHANGE_SHUTDOWN) | CHANGE_BIT(CHANGE_PEER_GONE) | CHANGE_BIT(CHANGE_NONBLOCKING) |
             CHANGE_BIT(CHANGE_OPTION) | CHANGE_BIT(CHANGE_SHARED),
         1U << CELL_MORE},
    };
    unsigned cells = 0;
    for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++)
        if (changed & seen[i].changes)
            cells |= seen[i].cells;
    return cells;
}

static void fit_all(const struct scene *scene, struct socket_row *row) {
    for (size_t i = 0; i < CELLS_END; i++)
        text_fit_screen(scene, &row->cells[i]);
}

void socket_row_fill(struct socket_row *row, const struct scene *scene, size_t actor,
                     const struct descriptor *descriptor, unsigned changed) {
    const char *variable =
        scene->variable != NULL
            ? scene->variable(scene->context, snapshot_actor(scene->snapshot, actor), descriptor->fd)
            : NULL;
    *row = (struct socket_row){.bright = bright_cells(changed)};
    buf_addf(&row->cells[CELL_FD], "%d", descriptor->fd);
    if (variable != NULL)
        escape_text(&row->cells[CELL_NAME], variable, strlen(variable));
    state_kind(descriptor, &row->cells[CELL_KIND]);
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known) {
        buf_add_text(&row->cells[CELL_STATE], socket_condition(&descriptor->socket));
        fill_addresses(row, scene, &descriptor->socket);
        fill_queues(row, scene, &descriptor->socket, changed);
    }
    state_remarks(scene->snapshot, actor, descriptor, &row->cells[CELL_MORE]);
    fit_all(scene, row);
}

void socket_row_fill_closed(struct socket_row *row, const struct scene *scene, int fd) {
    *row = (struct socket_row){.bright = 1U << CELL_FD | 1U << CELL_STATE};
    buf_addf(&row->cells[CELL_FD], "%d", fd);
    buf_add_text(&row->cells[CELL_STATE], "closed");
    fit_all(scene, row);
}

void socket_row_fill_unowned(struct socket_row *row, const struct scene *scene, const struct unowned *unowned,
                             unsigned changed) {
    *row = (struct socket_row){.bright = bright_cells(changed)};
    state_unowned_name(unowned, &row->cells[CELL_NAME]);
    socket_kind(&unowned->facts, &row->cells[CELL_KIND]);
    buf_add_text(&row->cells[CELL_STATE], socket_condition(&unowned->facts));
    fill_addresses(row, scene, &unowned->facts);
    fill_queues(row, scene, &unowned->facts, changed);
    state_time_left(&unowned->facts, &row->cells[CELL_MORE]);
    fit_all(scene, row);
}

void socket_row_free(struct socket_row *row) {
    for (size_t i = 0; i < CELLS_END; i++)
        buf_free(&row->cells[i]);
}

/* ---- Where they stand ---- */

static size_t cell_columns(const struct socket_row *row, enum socket_cell cell) {
    return text_columns(buf_text(&row->cells[cell]));
}

bool socket_columns_two_lines(size_t columns) {
    return columns < ONE_LINE_COLUMNS;
}

void socket_columns_find(struct socket_columns *all, const struct socket_row *const *rows, size_t count,
                         size_t columns) {
    *all = (struct socket_columns){.columns = columns, .two_lines = socket_columns_two_lines(columns)};
    for (size_t i = 0; i < count; i++)
        for (enum socket_cell cell = CELL_FD; cell < CELL_LOCAL; cell++) {
            size_t taken = cell_columns(rows[i], cell);
            all->width[cell] = taken > all->width[cell] ? taken : all->width[cell];
        }
    if (all->width[CELL_FD] < 3)
        all->width[CELL_FD] = 3;
    size_t most = columns < 60 ? columns / 5 : NAME_MOST;
    if (all->width[CELL_NAME] > most)
        all->width[CELL_NAME] = most;
    /* The state and the queues have to be seen, whatever else goes. */
    if (columns < NO_KIND_COLUMNS)
        all->width[CELL_KIND] = 0;
    if (columns < NO_NAME_COLUMNS)
        all->width[CELL_NAME] = 0;
}

/* The queues' words, "receive queue 22 and a FIN" or, where it is narrow, "receive 22+FIN". */
static void queue_words(const struct socket_row *row, enum socket_cell cell, bool brief, struct buf *out) {
    const char *text = buf_text(&row->cells[cell]), *queue = brief ? strstr(text, " queue") : NULL;
    if (queue != NULL) {
        buf_add(out, text, (size_t)(queue - text));
        text = queue + strlen(" queue");
    }
    const char *mark = brief ? strstr(text, AND_A) : NULL;
    if (mark != NULL) {
        buf_add(out, text, (size_t)(mark - text));
        buf_add_char(out, '+');
        text = mark + strlen(AND_A);
    }
    buf_add_text(out, text);
}

static size_t queues_columns(const struct socket_row *row, bool brief) {
    struct buf words = {0};
    size_t columns = 0;
    for (enum socket_cell cell = CELL_ACCEPT; cell <= CELL_SEND; cell++) {
        buf_clear(&words);
        queue_words(row, cell, brief, &words);
        if (words.length > 0)
            columns += text_columns(buf_text(&words)) + 2;
    }
    buf_free(&words);
    return columns;
}

/* At the right edge, where the eye finds them; never to the left of `from`. */
static void put_queues(const struct scene *scene, const struct socket_row *row, struct canvas *canvas,
                       struct area area, size_t to, size_t from) {
    struct buf words = {0};
    bool brief = from + queues_columns(row, false) > area.columns;
    size_t wanted = queues_columns(row, brief), column = from + 2;
    if (wanted == 0)
        return;
    if (from + wanted < area.columns)
        column = area.columns - wanted + 2;
    for (enum socket_cell cell = CELL_ACCEPT; cell <= CELL_SEND; cell++) {
        buf_clear(&words);
        queue_words(row, cell, brief, &words);
        if (words.length == 0 || column >= area.columns)
            continue;
        column = pane_put_cut(scene, canvas, area, to, column, area.columns - column,
                              cell == CELL_ACCEPT ? STYLE_EVENT : STYLE_CHANGE, row->bright & 1U << cell,
                              buf_text(&words)) +
                 2;
    }
    buf_free(&words);
}

static enum style style_of(enum socket_cell cell) {
    return cell == CELL_NAME || cell == CELL_KIND || cell == CELL_MORE ? STYLE_NOTE : STYLE_PLAIN;
}

static size_t put_cell(const struct scene *scene, const struct socket_row *row, enum socket_cell cell,
                       struct canvas *canvas, struct area area, size_t to, size_t column, size_t columns) {
    if (column >= area.columns)
        return column;
    if (columns > area.columns - column)
        columns = area.columns - column;
    return pane_put_cut(scene, canvas, area, to, column, columns, style_of(cell), row->bright & 1U << cell,
                        buf_text(&row->cells[cell]));
}

/* Number, name, kind and state; returns the column behind them. */
static size_t put_front(const struct scene *scene, const struct socket_row *row,
                        const struct socket_columns *columns, struct canvas *canvas, struct area area,
                        size_t to) {
    size_t own = cell_columns(row, CELL_FD), column = columns->width[CELL_FD] + 2;
    put_cell(scene, row, CELL_FD, canvas, area, to, column > own + 1 ? column - own - 1 : 0, own);
    for (enum socket_cell cell = CELL_NAME; cell < CELL_LOCAL; cell++) {
        if (columns->width[cell] == 0)
            continue;
        put_cell(scene, row, cell, canvas, area, to, column, columns->width[cell]);
        column += columns->width[cell] + 1;
    }
    return column;
}

static size_t put_addresses(const struct scene *scene, const struct socket_row *row, struct canvas *canvas,
                            struct area area, size_t to, size_t column) {
    size_t local = cell_columns(row, CELL_LOCAL);
    put_cell(scene, row, CELL_LOCAL, canvas, area, to, column, local);
    if (row->cells[CELL_PEER].length == 0)
        return column + local;
    column += local + (local > 0);
    return put_cell(scene, row, CELL_PEER, canvas, area, to, column, cell_columns(row, CELL_PEER));
}

/* Both, and the queues behind them? */
static bool addresses_fit(const struct socket_row *row, size_t column, size_t columns) {
    size_t taken = cell_columns(row, CELL_LOCAL) + 1 + cell_columns(row, CELL_PEER);
    return column + taken + queues_columns(row, true) <= columns;
}

static bool has_addresses(const struct socket_row *row) {
    return row->cells[CELL_LOCAL].length > 0 || row->cells[CELL_PEER].length > 0;
}

static bool second_line(const struct socket_row *row, const struct socket_columns *columns) {
    return columns->two_lines && !columns->brief && has_addresses(row);
}

/* The rest has a line of its own, but where the addresses' place is free. */
static bool last_line(const struct socket_row *row, const struct socket_columns *columns) {
    return row->cells[CELL_MORE].length > 0 && has_addresses(row) && !columns->brief;
}

size_t socket_row_lines(const struct socket_row *row, const struct socket_columns *columns) {
    return 1 + (size_t)second_line(row, columns) + (size_t)last_line(row, columns) + (size_t)columns->spaced;
}

void socket_row_put(const struct scene *scene, const struct socket_row *row,
                    const struct socket_columns *columns, struct canvas *canvas, struct area area,
                    size_t to) {
    size_t column = put_front(scene, row, columns, canvas, area, to);
    if (!has_addresses(row))
        column = put_cell(scene, row, CELL_MORE, canvas, area, to, column, area.columns);
    else if (!columns->two_lines || (columns->brief && addresses_fit(row, column, area.columns)))
        column = put_addresses(scene, row, canvas, area, to, column);
    put_queues(scene, row, canvas, area, to, column > 0 ? column - 1 : 0);
    if (second_line(row, columns))
        put_addresses(scene, row, canvas, area, ++to, INDENT);
    if (last_line(row, columns))
        put_cell(scene, row, CELL_MORE, canvas, area, to + 1, INDENT, area.columns);
}
