/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson as data: what a .les file says (format: sockshell-lesson(5)).
 * Loading touches nothing but the file; any bytes at all may be in it.
 *
 *   find.c ── path ──▶ load.c ── struct lesson ──▶ play.c   somebody at the prompt
 *                        │                    └──▶ check.c  nobody there (--check)
 *                        ├─ directive*.c             both ask judge*.c what was met, task.c whether a task
 *                        └─ expect*.c                is done, question.c whether an answer is right, and
 *                                                    quiz*.c that to a question about captured packets
 */
#ifndef SOCKSHELL_LESSON_LESSON_H
#define SOCKSHELL_LESSON_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"
#include "net/preset.h"

#define LESSON_VERSION 1
#define LESSON_BYTES_MAX (1 << 20)
#define LESSON_LINE_MAX 4096       /* bytes of one line of the file */
#define LESSON_ITEMS_MAX 2000
#define LESSON_ACTORS_MAX 8
#define LESSON_EXPECTATIONS_MAX 50 /* of one step */
#define LESSON_STATEMENT_LINES 100 /* lines of one statement */
#define LESSON_PACKETS_MAX 32      /* of one expectation */
#define LESSON_WITHIN_MS 10000     /* the longest `within` */
#define LESSON_ID_MAX 64           /* bytes of a directive's name */
#define LESSON_CHOICES_MAX 10      /* of one question */
#define LESSON_ANSWERS_MAX 20      /* of one question: ways of writing the right one */
#define LESSON_HINTS_MAX 10        /* of one task or question */
#define LESSON_RUNGS_MAX 12        /* that one @ladder shuffles */
#define LESSON_BLANKS_MAX 6        /* of one @ladder */
#define LESSON_RUNG_MAX 200        /* the highest number of one that is blanked */
#define LESSON_SOLUTION_MAX 50     /* steps of one solution */
#define LESSON_PARAMETERS_MAX 20
#define LESSON_WORDS_MAX 50        /* that one parameter may be */
#define LESSON_NUMBER_MAX 1000     /* place in the course */
#define LESSON_MINUTES_MAX 600

/* What is known of each: expect_rows.h. */
enum expect_kind {
    EXPECT_RESULT,  /* "= 3", "= -1 ECONNREFUSED": the step's own last call; `= ANY` any success */
    EXPECT_BLOCKS,  /* "blocks", "blocks in recv": the actor is verifiably asleep in its call */
    EXPECT_RETURNS, /* "server returns 4": the call that actor was blocked in has returned this */
    EXPECT_PRINTS,  /* "server prints \"text\"": its program's output since the step began contains this */
    EXPECT_VALUE,   /* "value 47138": what the expression showed */
    EXPECT_EXITS,   /* "server exits 0" */
    EXPECT_KILLED,  /* "server killed SIGPIPE" */
    EXPECT_FAULT,   /* "fault memory": the statement ended with a mistake of this kind */
    EXPECT_CALLS,   /* "server calls send(4, \"hello\", 5, 0) = 5": such a line came, in the order given */
    EXPECT_SENT,     /* "sent client.sock \"hello\"": these bytes went from the program to that socket */
    EXPECT_RECEIVED, /* "received server.4 \"hello\"": and these were given to it */
    EXPECT_CHANGES,  /* "changes server.s \"CLOSE -> LISTEN\"": such a change came with the step */
    EXPECT_EXPLAINS, /* "explains connect-ECONNREFUSED": a result or death was explained so */
    /* What the kernel says when it is asked: */
    EXPECT_STATE,  /* "state server.s LISTEN" */
    EXPECT_QUEUE,  /* "queue server.s accept 1 of 3", "queue client.sock receive 22" */
    EXPECT_LOCAL,  /* "local server.s 0.0.0.0:8888" */
    EXPECT_PEER,   /* "peer server.client_sock client.sock": the address that the other has */
    EXPECT_OPTION, /* "option server.s SO_REUSEADDR 1" */
    /* What went over the wire: */
    EXPECT_WIRE, /* "wire client SYN, server SYN ACK": these packets were seen, in this order; "wire nothing" */
};
enum { EXPECT_KINDS = EXPECT_WIRE + 1 };

/* A socket as a lesson names it: a descriptor of an actor's, or the variable that holds one. */
struct named_socket {
    char *actor;    /* NULL: none is named */
    char *variable; /* "sock", "sv[1]"; NULL: it is `fd` */
    int fd;
};

enum queue_kind { QUEUE_RECEIVE, QUEUE_SEND, QUEUE_ACCEPT };

/* A packet of EXPECT_WIRE. */
enum { FIGURE_SEQ, FIGURE_ACK, FIGURE_LENGTH, FIGURE_WINDOW, FIGURES };
struct expected_packet {
    char *actor;       /* who sent it; "": no actor, as the RST of a port at which nobody listens */
    const char *kind;  /* "UDP", "ICMP" …; NULL: TCP */
    unsigned flags;    /* enum tcp_flag (packet/packet.h); 0: any */
    unsigned marks;    /* enum track_mark (packet/track.h) that it must have */
    bool has[FIGURES]; /* is this number expected? */
    uint32_t numbers[FIGURES];
    char *data;        /* it has these bytes in it; NULL: any */
    size_t data_length;
};

struct expectation {
    enum expect_kind kind;
    char *actor;    /* whom it is about; the step's own when the line names none */
    bool negated;   /* "not …" */
    char *text;     /* the line as written, for messages */
    unsigned line;
    /* What is expected, by kind. */
    bool any;       /* RESULT, RETURNS: any success; WIRE: there were no other packets; QUEUE: anything but 0 */
    int64_t number; /* RESULT, RETURNS: the result; EXITS: the status; KILLED: the signal; QUEUE: how much */
    int error;      /* RESULT, RETURNS: errno, 0 when none was named; CALLS: the errno of its "= -1 E…" */
    enum error_kind fault; /* FAULT */
    size_t value_at; /* in text: from here on stands what is expected, in the form of `wanted` */
    char *wanted;   /* PRINTS, SENT, RECEIVED: the bytes; VALUE, CALLS, CHANGES: the text; BLOCKS: the call's
                       name or ""; EXPLAINS: the id; STATE: its name; LOCAL, PEER: the address as address_show()
                       gives it, with ... for what may be anything, or NULL: that of `other`; OPTION: the value
                       in words */
    size_t wanted_length;
    struct named_socket socket; /* SENT, RECEIVED, CHANGES (which needs none), and what is asked of the kernel */
    struct named_socket other;  /* LOCAL, PEER */
    enum queue_kind queue;
    int64_t of;                 /* QUEUE_ACCEPT: the backlog; -1: whatever it is */
    const char *option;         /* OPTION: its name, as in the table of constants */
    struct expected_packet *packets; /* WIRE; none: "nothing" */
    size_t packet_count;
    int64_t within_ms;          /* it may become so in this time; 0: it must be so when all have settled */
};

enum item_kind {
    ITEM_HEADING,
    ITEM_PROSE,
    ITEM_LISTING, /* lines between ```, as they stand */
    ITEM_STEP,
    ITEM_PREDICT, /* a question that the next step answers */
    ITEM_ASK,     /* a question with its answers */
    ITEM_LADDER,  /* a question whose answer is what was captured */
    ITEM_TASK,    /* a goal to be reached */
    ITEM_CLAIM,   /* a sentence of folklore; steps, and then */
    ITEM_VERDICT, /* what is to be thought of it */
    ITEM_PAUSE,
};
enum step_kind {
    STEP_STATEMENT, /* actor> C */
    STEP_INPUT,     /* actor< text */
    STEP_COMMAND,   /* .restart server, .interrupt server, .kill, .eof: the shell's own, an allowed few */
};
enum claim_verdict { CLAIM_TRUE, CLAIM_FALSE, CLAIM_DEPENDS };

struct item {
    enum item_kind kind;
    /* Heading; prose: one paragraph or list item, its lines joined; question, task, claim and verdict: their
     * paragraphs, one a line; listing: its lines; or the step's command without its `NAME> `, lines of a
     * statement joined by a blank (a dot command is whole). */
    char *text;
    unsigned line;
    char *id; /* predict, ask, ladder, task, claim: the name that the author gave it; unique in the lesson */
    /* Steps only. */
    enum step_kind step;
    char *listing; /* a statement of several lines, as the author laid it out; else NULL */
    char *actor;   /* of a dot command: its argument */
    struct expectation *expectations;
    size_t expectation_count;
    size_t asked; /* the number, from 1, of the expectation that a prediction is about (`?`); 0: none is marked */
    /* Of the other kinds. */
    struct question *question; /* PREDICT, ASK */
    struct quiz *quiz;         /* LADDER */
    struct task *task;         /* TASK */
    char **hints;              /* PREDICT, ASK, LADDER, TASK: from a nudge to nearly all */
    size_t hint_count;
    enum claim_verdict verdict;
    size_t claim;              /* VERDICT: the number of its claim among the items */
};

enum question_kind {
    QUESTION_ONE,     /* of the choices one is right */
    QUESTION_SEVERAL, /* of the choices all that are right, and no other, are to be named */
    QUESTION_WORDS,   /* a number or words, one of `answers` */
    QUESTION_PREDICT, /* free words about what the kernel will do: `predicted` */
};

struct choice {
    char *text;
    char *why; /* said to whoever has chosen it; "" when the author says nothing */
    bool right;
    /* PREDICT: what must come true if it is right, and must not if it is not. NULL: nothing that can be
     * asked. */
    struct expectation *expected;
    unsigned line;
};

struct question {
    enum question_kind kind;
    struct choice *choices;
    size_t choice_count;
    char **answers; /* WORDS */
    size_t answer_count;
    char *why; /* WORDS: what is said to any answer; "" */
    size_t step; /* of ITEM_PREDICT: the number of the step that answers it, among the items */
    const struct expectation *predicted; /* PREDICT: the step's own; not owned */
};

enum quiz_kind {
    QUIZ_NONE,
    QUIZ_ORDER, /* rungs are shown shuffled */
    QUIZ_BLANK, /* what stands in some places is not shown */
    QUIZ_DRAW,  /* nothing is shown: the learner draws it */
};

/* What can be blanked: one of the FIGURE_…, or: */
enum { BLANK_FLAGS = FIGURES, BLANK_SENDER, BLANKS };
struct quiz_blank {
    size_t rung; /* from 1 */
    unsigned what;
};

/* A question about the packets since the last heading that the filter lets through. */
struct quiz {
    enum quiz_kind kind;
    /* The filter, as of .wire. Without `packet_kind`, ARP is left out. */
    const char *actor; /* the lesson's; to or from it; NULL: anybody */
    const char *packet_kind; /* "TCP" …; NULL: any */
    unsigned port; /* of either end; 0: any */
    struct named_socket socket; /* of its connection; socket.actor NULL: any */
    bool all;      /* since the lesson began */
    size_t low, high; /* ORDER: which rungs, from 1; high 0: all */
    struct quiz_blank blanks[LESSON_BLANKS_MAX]; /* BLANK */
    size_t blank_count;
    unsigned figures; /* DRAW: 1 << FIGURE_…: those that must be given where a packet has them */
};

struct task {
    struct item goal; /* a step that is never run, with the goals as its expectations */
    struct item *solution; /* steps */
    size_t solution_count;
};

/* A value that may differ from learner to learner (`param`). */
struct parameter {
    char *name, *value;
    char *values;      /* as written: "8000..8999", "apple | pear" */
    int64_t low, high; /* a range of numbers, or the numbers of the words */
    int64_t drawn;     /* between the two */
    bool words;
};

/* What a lesson can ask of the machine (`needs:`). */
enum lesson_need { NEED_IPV6 = 1, NEED_SOCK_DIAG = 2, NEED_PRIVATE = 4, NEED_UNIX = 8, NEED_RAW = 16 };

struct lesson {
    char *path, *name; /* name: file name without .les */
    char *title, *summary, *source, *teaches, *next; /* "" when not given (title is never) */
    int64_t number;  /* its place in the course; 0: none */
    int64_t minutes; /* about how long it takes; 0: not given */
    unsigned needs; /* enum lesson_need, or-ed */
    char **actors; /* who begins with the lesson; NULL behind the last */
    size_t actor_count;
    char **hosts;       /* hosts: in order; host_count of them, and NULL */
    size_t host_count;
    char **actor_hosts; /* where each of the actors lives; NULL: at the first host. actor_count of them */
    char **children; /* server.1, server.2: whom a fork() of theirs makes in the course of it */
    size_t child_count;
    bool private_network;
    struct preset_wish preset; /* of that network */
    uint64_t seed; /* what the parameters were drawn with; 0: each is the first of its values */
    struct parameter *parameters;
    size_t parameter_count;
    struct item *items;
    size_t item_count;
    bool asks_changes; /* some expectation needs calls to be watched, */
    bool asks_kernel;  /* or the kernel to be asked, */
    bool asks_packets; /* or packets to be seen */
};

/* Parse; errors carry "file:line:column: " in text already. `seed` draws the parameters; 0: each has the first of
 * its values. On failure *lesson is {0}; else the caller frees with lesson_free(). */
bool lesson_parse(const char *path, const char *bytes, size_t length, uint64_t seed, struct lesson *lesson,
                  struct error *error);
/* By path, or by name ("echo" or "echo.les") from the current folder, where any file's name does that has
 * a dot ("echo.les.new"); then from $SOCKSHELL_LESSONS, the tree that the program was built in, the
 * installed folder and ./lessons. The caller frees *path. */
bool lesson_find(const char *name, char **path, struct error *error);
/* The paths of all lessons of the course, in its order (that of the names): those in $SOCKSHELL_LESSONS if
 * it is set, else those in the first of the other folders that has any. NULL-terminated; the caller frees
 * them and the list. */
bool lesson_find_all(char ***paths, struct error *error);
/* The bytes of a file that may be a lesson. */
bool lesson_read(const char *path, struct buf *bytes, struct error *error);
bool lesson_load(const char *path, uint64_t seed, struct lesson *lesson, struct error *error);
void lesson_free(struct lesson *lesson); /* leaves {0} */
/* The name of its file, without the folder: "echo.les". Points into lesson->path. */
const char *lesson_file(const struct lesson *lesson);

/* The number-th of all who take part, actors first; NULL behind the last. */
const char *lesson_actor(const struct lesson *lesson, size_t number);
/* The step as one would type it: "server> listen(socket_desc, 3)", "client< hello", ".restart server".
 * Caller frees. */
char *lesson_step_line(const struct item *step);
/* Can this machine play it? `private_network`: are we in one? When not, *why says what is missing (owned by nobody:
 * static). */
bool lesson_playable(const struct lesson *lesson, bool private_network, const char **why);

#endif
