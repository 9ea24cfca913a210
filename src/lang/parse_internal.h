/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parser's files share:
 *
 *     lex.c               text → tokens, and what is wrong with text that is none
 *     parse.c             the parser's state, messages, nodes; a submission
 *     parse_directive.c   # lines
 *     parse_statement.c   statements
 *     parse_switch.c      switch and its labels
 *     parse_declaration.c declarations and initialisers
 *     parse_function.c    functions
 *     parse_type.c        types as written
 *     parse_tag.c         struct, union and enum, and their definitions
 *     parse_name.c        which names are types
 *     parse_spelt.c       types that another process has spelt
 *     parse_expression.c  expressions, by precedence
 *     parse_primary.c     operands: names, calls, ( ), sizeof, casts
 *     parse_constant.c    the values of integer, character and string constants
 *     parse_transcript.c  what a line of a transcript has beyond C
 *     tree.c              the arena that nodes live in
 *
 * A parsing function is given the parser at its first token and leaves it after
 * its last; it returns NULL (or false) when parser->error has been filled in.
 */
#ifndef SOCKSHELL_LANG_PARSE_INTERNAL_H
#define SOCKSHELL_LANG_PARSE_INTERNAL_H

#include "lang/ast.h"
#include "lang/parse.h"

/* tree.c: blocks that live until arena_free(). */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for anything */
char *arena_text(struct arena *arena, const char *bytes, size_t length);

struct parser {
    const char *text;
    size_t end; /* of the text, or of a # line */
    struct arena *arena;
    struct error *error;
    const struct parse_types *types; /* who else knows types, or NULL */
    const struct known_name *known;  /* the newest; of the innermost block first */
    struct token token;  /* the one being looked at */
    size_t previous_end; /* where the token before it ended */
    size_t statement_at; /* where the expression statement being parsed began */
    unsigned loops;      /* round the statement: is continue allowed? */
    unsigned switches;   /* the same for switch; either allows break */
    unsigned depth;      /* of nesting, at most PARSE_DEPTH_MAX */
    const struct node *function; /* whose body is being parsed, or NULL */
    bool file;           /* a source file: no statements outside of functions */
    bool line_only;      /* within a # line: more text could not complete it */
    bool result_read;    /* the statement was a transcript's line and ended with its result */
};

/* lex.c */
bool lex_is_space(char c);
/* Say what is wrong at a TOKEN_BAD.  Always false. */
bool lex_complain(const char *text, size_t length, struct token token, struct error *error);

/* parse.c: state */
void parser_start(struct parser *parser, const char *text, size_t length, struct arena *arena,
                  struct error *error);
void parser_next(struct parser *parser);
void parser_go(struct parser *parser, size_t at); /* look at the token at or after byte `at` */
struct token parser_peek(const struct parser *parser);
/* Nesting: enter before, leave after; enter says when it is too deep. */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* parse.c: looking at tokens */
bool token_is(const struct parser *parser, struct token token, const char *text);
bool parser_at(const struct parser *parser, const char *text); /* the token is this punctuator or keyword */
bool parser_take(struct parser *parser, const char *text);     /* if so, go past it */
/* It has to be this one; `after` says after what, for the message: "the condition". */
bool parser_expect(struct parser *parser, const char *text, const char *after);
char *parser_text(struct parser *parser, struct span where); /* a copy in the arena */

/* parse.c: messages; all return NULL.  `parser_fail` is ERROR_SYNTAX at a place; `parser_unexpected` says that `wanted`
 * should stand where the token is: ERROR_INCOMPLETE at the end of the text, a lexical error at a bad one. */
void *parser_fail(struct parser *parser, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void *parser_unexpected(struct parser *parser, const char *wanted);

/* parse.c: nodes.  `start` is where the construct begins; it ends at previous_end.  NULL when a tree would
 * become higher than PARSE_DEPTH_MAX; finish() has to be called when all children are in. */
struct node *node_new(struct parser *parser, enum node_kind kind, size_t start);
struct node *node_finish(struct parser *parser, struct node *node);
/* Append to a list kept in owner->list; *last is its last item. */
void node_append(struct node *owner, struct node **last, struct node *item);

/* parse_statement.c */
struct node *parse_statement(struct parser *parser);
/* Into owner->list, up to the } (true) or the end of the text. */
bool parse_statements(struct parser *parser, struct node *owner, bool block);
/* The ; after a statement, which may lack at the very end of the text. */
bool parse_semicolon(struct parser *parser, const struct node *expression);
/* Nodes for the keyword the parser is at, and what stands in ( ) after it. */
struct node *parse_begin(struct parser *parser, enum node_kind kind);
struct node *parse_condition(struct parser *parser, const char *after);

/* parse_switch.c */
struct node *parse_switch(struct parser *parser);
struct node *parse_stray_case(struct parser *parser); /* a label that stands in no switch, or too deep in it */

/* parse_directive.c */
struct node *parse_directive(struct parser *parser); /* at the # */

/* parse_declaration.c */
struct node *parse_declaration(struct parser *parser); /* with its ; */
struct node *parse_initializer(struct parser *parser); /* { … } */
/* Is there anything of this type to make?  void and FILE are only ever pointed to. */
bool check_object(struct parser *parser, const struct typename *typename, struct span name);

/* parse_function.c */
struct specifiers;
/* After a declaration's specifiers: does a function follow? */
bool parser_at_function(struct parser *parser);
struct node *parse_function(struct parser *parser, size_t start, const struct specifiers *specifiers);

/* parse_type.c */
/* Does a type begin at this token? */
bool token_begins_type(const struct parser *parser, struct token token);
/* The same, but types of the learner's do not count. */
bool token_begins_system_type(const struct parser *parser, struct token token);
enum specifying {
    SPECIFY_TYPENAME,
    SPECIFY_MEMBER /* may define a type */,
    SPECIFY_DECLARATION /* and has storage */
};
struct specifiers {
    struct typename typename; /* .derived is empty */
    struct node *definition;  /* NODE_STRUCT or NODE_ENUM, or NULL */
    bool is_extern, is_const, is_static, is_typedef;
};
bool parse_specifiers(struct parser *parser, enum specifying what, struct specifiers *specifiers);
/* The stars before a name, with their qualifiers. */
struct derivation *parse_pointers(struct parser *parser);
/* A declarator; *name is what it declares (length 0: an abstract one). */
enum declarator_form { DECLARATOR_ABSTRACT, DECLARATOR_NAMED, DECLARATOR_EITHER /* parameters */ };
bool parse_declarator(struct parser *parser, enum declarator_form form, struct derivation **derived,
                      struct span *name);
bool parse_typename(struct parser *parser, struct typename *typename);

/* parse_tag.c: at struct, union or enum. */
bool parse_tag(struct parser *parser, enum specifying what, struct specifiers *specifiers);

/* parse_name.c */
/* Is the token the name of a type of the learner's, and does what follows let it be one?  (That is asked
 * first: who knows may be far away.) */
bool token_names_type(const struct parser *parser, struct token token);
/* From here to the end of the block, the name is that of a type, or of something else. */
void parser_know(struct parser *parser, const char *name, bool is_type);

/* parse_expression.c */
struct node *parse_expression(struct parser *parser); /* with commas */
struct node *parse_assignment(struct parser *parser); /* without */
struct node *parse_conditional(struct parser *parser); /* without those either: what C calls a constant */
struct node *parse_cast(struct parser *parser);       /* a unary expression or cast */

/* parse_primary.c */
struct node *parse_postfix(struct parser *parser); /* an operand and what follows it */
struct node *parse_suffixes(struct parser *parser, struct node *operand);
struct node *parse_compound(struct parser *parser, size_t start, struct typename typename);

/* parse_constant.c */
struct node *parse_integer(struct parser *parser);
struct node *parse_character(struct parser *parser);
struct node *parse_string(struct parser *parser); /* and those next to it */

/* parse_transcript.c */
struct node *parse_address(struct parser *parser); /* at the { of an argument */
/* At an argument that only a transcript has, `[16]`: says so.  False when it is none of those. */
bool parse_shown_argument(struct parser *parser);
/* At the = after a call: read the result to the end of the line. */
bool parse_result(struct parser *parser, struct node *call);

#endif
