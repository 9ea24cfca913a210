/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of scene.h; nobody else includes it.
 *
 *     layout.c           which panes, where, at this size
 *     recent.c           what happened since the last call, by descriptor
 *     pane_*.c           one pane each, into an area, without its title
 *     panes.c            titles, borders, and what all panes share
 */
#ifndef SOCKSHELL_VIEW_PANES_H
#define SOCKSHELL_VIEW_PANES_H

#include "observe/difference.h"
#include "view/scene.h"
#include "view/styled.h"

/* ---- Where ---- */

struct layout {
    bool too_small;
    struct area titles[PANES_END]; /* one row each; rows 0: none */
    struct area panes[PANES_END];  /* beneath the title; rows 0: not shown */
    struct area keys;              /* the line of keys; rows 0: none */
    struct area divider;           /* one column between left and right; rows 0: none */
};
#define SCREEN_LEAST_ROWS 5
#define SCREEN_LEAST_COLUMNS 20
void layout_find(const struct scene *scene, size_t rows, size_t columns, struct layout *layout);

/* ---- What just happened ---- */

struct recent_change {
    const char *actor;
    int fd;
    uint64_t cookie;
    unsigned kinds; /* bits: 1 << enum change_type */
};
#define RECENT_MOST 128
struct recent {
    uint64_t from, last; /* events looked at */
    struct recent_change changes[RECENT_MOST];
    size_t count;
};
#define CHANGE_BIT(type) (1U << (type))
/* At most the newest few thousand events are looked at, however many there are. */
void recent_find(const struct scene *scene, struct recent *recent);
unsigned recent_of(const struct recent *recent, const char *actor, int fd); /* the kinds of change */
unsigned recent_of_cookie(const struct recent *recent, uint64_t cookie); /* of a socket without descriptor */
/* Has that happened to the actor? */
bool recent_has(const struct scene *scene, const struct recent *recent, const char *actor, enum event_type type);
/* The call that this actor was blocked in and has now come back from; NULL: none. */
const struct event *recent_wake(const struct scene *scene, const struct recent *recent, const char *actor);

/* ---- What all panes share ---- */

/* Characters for drawing, in Unicode or ASCII. */
struct glyphs {
    const char *horizontal, *vertical, *arrow, *ellipsis, *full, *empty, *current, *up, *down;
};
const struct glyphs *glyphs_of(const struct scene *scene);
/* Where the screen is ASCII: arrows, ellipses and the like as such; anything else as ?. */
void text_fit_screen(const struct scene *scene, struct buf *text);
void styled_fit_screen(const struct scene *scene, struct styled *text);
/* Text in at most `columns` columns, with an ellipsis where something is missing. Returns the column behind it. */
size_t pane_put_cut(const struct scene *scene, struct canvas *canvas, struct area area, size_t row,
                    size_t column, size_t columns, enum style style, bool bright, const char *text);
size_t text_columns(const char *text);
size_t text_fitting(const char *text, size_t columns); /* how many bytes of it fit */
/* "12 s", "3 min 5 s"; "" below a second. */
void pane_duration(int64_t ns, struct buf *out);
/* A title on its rule; `right` stands at the right end; either may be NULL. */
void pane_title(const struct scene *scene, struct canvas *canvas, struct area area, bool focused,
                const char *title, const char *right);

/* Where titles' rules meet the upright lines in the divider's column (those of the sockets' pane above it too).
 * `except`: rows whose lines are no borders. */
void pane_join_borders(const struct scene *scene, struct canvas *canvas, struct area divider, struct area except);

/* ---- The panes ---- */

/* How many lines the sockets want, counted up to `most`. */
size_t sockets_want(const struct scene *scene, size_t columns, size_t most);
/* So many actors stand side by side at this width. */
size_t sockets_abreast(const struct scene *scene, size_t columns);
void pane_sockets(const struct scene *scene, const struct recent *recent, struct canvas *canvas,
                  struct area area, size_t *scroll_most);
bool wire_want(const struct scene *scene); /* are there packets to be seen? */
size_t wire_rungs(const struct scene *scene, size_t most); /* how many rungs there are, counted up to `most` */
void pane_wire(const struct scene *scene, struct canvas *canvas, struct area area, size_t *scroll_most);
/* The chosen packet, opened. */
void pane_packet(const struct scene *scene, struct canvas *canvas, struct area area, struct scene_result *result);
#define BYTES_BRIEF_ROWS 3 /* of the pane: no room for hex */
bool bytes_want(const struct scene *scene); /* has anything been sent or received? */
void pane_bytes(const struct scene *scene, const struct recent *recent, struct canvas *canvas,
                struct area area, size_t *scroll_most);
#define SCROLL_MOST ((size_t)1 << 20) /* lines; whoever asks for more gets so many */
void pane_transcript(const struct scene *scene, bool with_prose, struct canvas *canvas, struct area area,
                     struct scene_result *result);
void pane_prompt(const struct scene *scene, struct canvas *canvas, struct area area,
                 struct scene_result *result);
/* Completions, over the lower end of the area above the prompt. */
void pane_candidates(const struct scene *scene, struct canvas *canvas, struct area above);
size_t lesson_want(const struct scene *scene, size_t columns, size_t most);
void pane_lesson(const struct scene *scene, struct canvas *canvas, struct area area, size_t *scroll_most);
void pane_keys(const struct scene *scene, struct canvas *canvas, struct area area);
void pane_help(const struct scene *scene, struct canvas *canvas, struct area area);

#endif
