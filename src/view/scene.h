/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that a screen shows, as a value: what the kernel says, what
 * happened, where the lesson and the prompt are, and how the person wants to
 * see it.  Drawing it is a pure function: the same scene, the same canvas.
 *
 *     snapshot ──┐
 *     journal  ──┼──▶ scene ──▶ scene_draw() ──▶ canvas ──▶ src/screen/ ──▶ terminal
 *     prompt   ──┤                layout.c: which panes, where
 *     wishes   ──┘                pane_*.c: one pane each
 */
#ifndef SOCKSHELL_VIEW_SCENE_H
#define SOCKSHELL_VIEW_SCENE_H

#include "journal/journal.h"
#include "journal/streams.h"
#include "journal/wire.h"
#include "observe/snapshot.h"
#include "view/canvas.h"

enum pane {
    PANE_SOCKETS,
    PANE_WIRE,
    PANE_BYTES,
    PANE_LESSON,
    PANE_TRANSCRIPT,
    PANE_PACKET, /* one that is opened */
    PANE_PROMPT,
    PANES_END
};

/* An actor as far as the snapshot does not know it. */
struct scene_actor {
    const char *name;
    bool current;         /* lines are for it */
    bool dead;
    bool failed;          /* dead, and not by ending with status 0 */
    const char *doing;    /* "blocked in accept(3, …)", "was killed by SIGPIPE (Broken pipe)", or "" when idle */
    int64_t doing_ns;     /* for how long by now; 0: not to be shown */
};

/* The line being typed, as readline has it. */
struct scene_prompt {
    const char *prompt;   /* "server> " */
    const char *line;     /* the bytes of the line buffer */
    size_t point;         /* the cursor, bytes into line */
    const char *message;  /* shown instead, as in (reverse-i-search); or NULL */
    const char *const *candidates; /* completions to choose from; NULL: none */
    size_t candidate_count;
    const char *whose;    /* lines of a statement that is not complete yet, or were pasted before the one being */
    const char *pending;  /* edited: whose they are, and they; or NULL */
};

/* Shown where there is room for it, or else as the person wants it. */
enum scene_wish { WISH_USUAL, WISH_SHOWN, WISH_HIDDEN };

/* How the person wants to see it. */
struct scene_wishes {
    enum pane focus;      /* keys scroll this one */
    bool zoomed;          /* …and it has the screen to itself */
    bool help;            /* the overlay of keys */
    bool hex;             /* bytes in hex and text, else as text */
    bool large;           /* for a projector: fewer, roomier lines */
    size_t scroll[PANES_END]; /* lines back from the end (transcript, bytes), rungs (wire), or lines down from the
                                 top (others) */
    uint64_t until;       /* the transcript ends with this event, 0: with the last one; for standing still while
                             something is read that was scrolled to */
    uint64_t wire_until;  /* likewise the ladder, with this entry of the book of the wire */
    const char *search;   /* what is searched for in the transcript, or NULL */
    const char *remark;   /* in place of the line of keys: why a key has done nothing; NULL: none */
    uint64_t stream;      /* cookie of the stream shown; 0: the one touched last */
    uint64_t other;       /* cookie of its other end, where the book of streams cannot know it; 0: it can, or nobody does */
    uint64_t connection;  /* its packets, as the journal numbers connections, are the only ones shown; 0: all are */
    enum scene_wish wire; /* the ladder of packets */
    uint64_t chosen;      /* number of the packet that stands out among them; 0: none */
    bool opened;          /* …and is told field by field in a pane of its own */
};

struct lesson_passage {   /* of the lesson being played; all NULL when none is */
    const char *title;
    const char *text;     /* paragraphs, a blank line between them; one that begins with "# " is a heading */
    const char *step;     /* the command that stands ready, or NULL */
    size_t number, count; /* of steps */
};

struct scene {
    bool unicode;         /* borders and arrows; else ASCII */
    const struct snapshot *snapshot; /* NULL: nothing was looked at yet */
    const struct journal *journal;
    const struct streams *streams;   /* the book of bytes; NULL: none is kept */
    const struct wire *wire;         /* the book of the wire; NULL: none is kept */
    uint64_t wire_after;  /* packets whose events stand behind this one are shown */
    bool wire_asked;      /* a lesson asks about the packets: none are shown, and nothing keeps room for them */
    uint64_t wire_others; /* so many packets of other programs were passed over */
    uint64_t since;       /* events after this one are what just happened: their changes stand out */
    const struct scene_actor *actors;
    size_t actor_count;
    const char *(*variable)(void *context, const char *actor, int fd); /* that holds the descriptor; NULL: none */
    void *context;
    struct lesson_passage passage;
    struct scene_prompt prompt;
    struct scene_wishes wishes;
    const char *network;  /* a word on where the sockets live */
};

#define WIRE_LINES_MOST 64
#define WIRE_NEWER_MOST 9999
struct scene_result {
    bool cursor_shown;
    size_t cursor_row, cursor_column;
    size_t scroll_most[PANES_END]; /* how far each can be scrolled */
    size_t newest_rows;            /* how many lines the transcript's newest event has; the transcript may be shorter */
    size_t packet_begins;          /* the line of the opened packet that what is carried in IP begins with */
    size_t wire_newer;             /* so many rungs are newer than the ladder's `wire_until`, */
    size_t wire_unseen;            /* and so many packets are below it; both up to WIRE_NEWER_MOST */
    uint64_t wire_lines[WIRE_LINES_MOST]; /* by rows of the wire's pane: the packet there; 0: none */
    struct area areas[PANES_END];  /* where each pane is; rows 0: not shown. For the mouse */
};

/* Draw it into the canvas, whose size is the screen's. Any size from 1×1 on. */
void scene_draw(const struct scene *scene, struct canvas *canvas, struct scene_result *result);

#endif
