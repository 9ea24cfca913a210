/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the interpreter share; nobody else includes this.
 *
 * All functions here that return bool and take an error return false with the
 * error filled in, its place included.
 */
#ifndef SOCKSHELL_LANG_EVAL_H
#define SOCKSHELL_LANG_EVAL_H

#include "lang/interp.h"

/* Nesting of the evaluation itself: the parser bounds brackets, but 1+1+1+… is
 * as deep as it is long.  Each level costs well under 1 KiB of our stack. */
#define EVAL_DEPTH_MAX 1000
/* So many more for each call of a function that is under way. */
#define EVAL_DEPTH_CALL 20

enum name_kind {
    NAME_VARIABLE,   /* .bits: its address */
    NAME_DEFINED,    /* by #define; .bits: the value, for strings the literal's address */
    NAME_ENUMERATOR, /* a constant of an enum; .bits: the value */
    NAME_TYPEDEF,    /* .type alone */
    NAME_TAG,        /* the same; its text is "struct NAME", as no other name's can be */
    NAME_FUNCTION,   /* .function; .type: of its result */
};

/* A name of the learner's. */
struct name {
    struct name *next_in_bucket;  /* newer (inner) ones first */
    struct name *next, *previous; /* of its scope */
    const struct type *type;
    uint64_t bits;
    uint32_t hash;
    enum name_kind kind;
    unsigned frame; /* that of its scope */
    bool is_static; /* a variable whose object is not the scope's: see struct kept */
    struct function *function; /* owned */
    char text[];
};

/* The object behind a compound literal.  C17 6.5.2.5: it lives as long as the
 * block around it, at the outermost level as long as the interpreter, and is
 * one object however often its line is passed. */
struct temporary {
    struct temporary *next;
    const struct node *node; /* NULL once the tree is gone */
    const struct type *type;
    uint64_t address;
    bool is_result; /* no literal but a struct that a function returned: it goes with the submission */
};

/* A block under way, on the stack of the function that runs it.  Names of FRAME_GLOBAL are visible everywhere,
 * others only in their own frame: a function does not see the variables of who called it. */
enum { FRAME_GLOBAL, FRAME_PROMPT /* blocks of a submission; calls of functions have the numbers above it */ };
struct scope {
    struct scope *outer;
    unsigned frame;
    struct name *first, *last;
    struct temporary *temporaries;
};

/* The object of a `static` variable, which outlives its block: it is as old as its function, or at the prompt as the
 * submission. */
struct kept {
    struct kept *next;
    const struct node *node; /* the declarator */
    const struct type *type;
    uint64_t address;
};

/* A function of the learner's.  Its nodes are in the tree of the submission that defined it. */
struct function {
    struct tree tree;
    char *place; /* where the tree's source begins: "echo.txt:1:1", or "" */
    const struct node *node;
    const struct type *result;
    const struct type **parameters; /* node->count of them */
    struct kept *kept;
};

/* A call of one, on the stack of the function that makes it. */
struct activation {
    struct activation *caller; /* NULL: the submission */
    struct function *function;
    const struct node *call; /* in the caller's source; NULL: main(), called by nobody */
    struct scope scope;
    struct value result; /* given by `return` */
    bool returned;
};

struct literal;

/* Does an else at the beginning of the next submission belong to an if, and if so, does it run? */
enum open_else { ELSE_HAS_NO_IF, ELSE_RUNS, ELSE_IS_PASSED };

struct interp {
    struct interp_host host;
    struct memory *memory;
    struct types *types;
    struct name **buckets;
    size_t bucket_count, name_count;
    struct literal **literals; /* string literals by their bytes */
    size_t literal_bucket_count, literal_count;
    struct scope outermost;
    struct scope *scope; /* the innermost */
    unsigned frame;      /* of what runs now */
    struct activation *active; /* the function that runs now, or NULL */
    unsigned calls;      /* of functions, under way */
    const struct tree *tree; /* the submission under way */
    char *place;         /* where its source begins */
    struct kept *kept;   /* the submission's own */
    struct trace *trace; /* of a mistake on its way out of functions (trace.c) */
    unsigned depth;      /* of the evaluation */
    unsigned loops;      /* around the statement under way */
    int status;          /* of a return */
    enum open_else open_else;
    const struct node *untaken; /* the last if without else whose condition was false; while a submission runs */
    uint64_t changes;
    bool quiet; /* the call just made has been shown by itself */
    bool gave;  /* … has given a new descriptor */
};

/* Where an lvalue is.  A struct that a call returned has a place, too, but may not be assigned to. */
struct place {
    const struct type *type;
    uint64_t address;
    bool assignable;
    const struct field *field; /* that it is, or NULL */
};

/* scope.c */
void scope_enter(struct interp *interp, struct scope *scope);
void scope_leave(struct interp *interp);        /* drops what belongs to the innermost scope */
void scope_forget_nodes(struct interp *interp); /* the tree goes; the outermost temporaries stay */
struct name *name_find(const struct interp *interp, const char *text); /* NULL: none that is visible now */
/* One of this scope itself. */
struct name *name_find_in(const struct interp *interp, const struct scope *scope, const char *text);
struct name *name_add(struct interp *interp, struct scope *scope, const char *text, const struct type *type,
                      uint64_t bits, enum name_kind kind);
/* Forget it; a variable's object is dropped. */
void name_remove(struct interp *interp, struct scope *scope, struct name *name);
/* Does it lie in memory?  Variables do, and #define'd strings. */
bool name_has_place(const struct name *name);
/* What it is: "a variable", "#define'd". */
const char *name_kind_text(const struct name *name);
/* It is no variable, and cannot become one: says what it is.  Always false. */
bool name_refuse_variable(const struct name *name, struct span where, struct error *error);
/* Offer all names to "did you mean". */
struct suggestion;
void name_suggest(const struct interp *interp, struct suggestion *suggestion);
/* The place of a string literal (with its NUL); equal literals are one object for the interpreter's life. */
bool literal_place(struct interp *interp, const struct node *node, struct place *place, struct error *error);
/* The object of a compound literal, all unwritten; in the innermost scope. */
bool temporary_place(struct interp *interp, const struct node *node, const struct type *type,
                     struct place *place, struct error *error);
/* The same for a struct that a function returns, in the scope of who called it. */
bool result_place(struct interp *interp, struct scope *scope, const struct node *call, const struct type *type,
                  struct place *place, struct error *error);
void scopes_free(struct interp *interp);

/* eval_statement.c */
enum flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN, FLOW_FAIL };
/* All statements of a submission, showing values; FLOW_RETURN leaves the status in interp->status. */
enum flow run_program(struct interp *interp, const struct node *program, struct error *error);
/* The statements from `first` on, in the innermost scope. */
enum flow run_list(struct interp *interp, const struct node *first, struct error *error);

/* eval_switch.c */
enum flow run_switch(struct interp *interp, const struct node *node, struct error *error);

/* eval_tag.c */
/* The types that a NODE_DECLARE or NODE_TYPEDEF defines, before there are variables of them. */
bool define_types(struct interp *interp, const struct node *declaration, struct error *error);
/* The type that a NODE_TAG or NODE_TYPE_NAME means.  A tag that nobody knows may be of a struct yet to come,
 * if it is only pointed to. */
bool type_named(struct interp *interp, const struct node *node, bool pointed_to, const struct type **type,
                struct error *error);
/* It stands where a value should: says so.  Always false. */
bool refuse_type_name(const struct node *node, struct error *error);

/* eval_constant.c */
/* The value of an integer constant expression (C17 6.6), whatever `what` is to be: "a case". */
bool eval_constant(struct interp *interp, const struct node *node, const char *what, struct value *result,
                   struct error *error);

/* function.c */
bool function_define(struct interp *interp, const struct node *node, struct error *error);
void function_free(struct interp *interp, struct function *function);
/* Of that name, visible now; NULL: none. */
struct function *function_find(const struct interp *interp, const char *text);
/* "int bind_to(int fd, int port)", as it was written. */
void function_head(const struct function *function, struct buf *out);
/* The object of a static variable; *new is it if it was made now and is 0, else NULL. */
bool kept_place(struct interp *interp, const struct node *declarator, const struct type *type, struct kept **new,
                struct place *place, struct error *error);
void kept_free(struct interp *interp, struct kept **kept);

/* eval_call.c */
bool eval_function(struct interp *interp, struct function *function, const struct node *node,
                   struct value *result, struct error *error);
/* `return` within a function. */
enum flow run_function_return(struct interp *interp, const struct node *node, struct error *error);
/* The function's name where a value should stand.  Always false. */
bool refuse_function_value(const struct node *node, struct error *error);

/* trace.c: how a function came to be called in which there was a mistake. */
/* It leaves a function, whose activation has just ended. */
void trace_leave(struct interp *interp, const struct activation *ended, struct error *error);
void trace_free(struct interp *interp);

/* eval_initial.c */
/* Declare without a value: what stands before the label that a switch goes to. */
bool declare_only(struct interp *interp, const struct node *declarator, struct error *error);
bool declare(struct interp *interp, const struct node *declarator, struct error *error);
bool define(struct interp *interp, const struct node *node, struct error *error);
/* Initialise what lies at `place` from an initialiser or an expression. */
bool initialize(struct interp *interp, struct place place, const struct node *initial, struct error *error);
/* How many elements an array declared [] has, given its initialiser. */
bool initial_count(struct interp *interp, const struct type *element, const struct node *initial,
                   size_t *count, struct error *error);

/* eval_place.c: lvalues, and reading from them */
/* Can this kind of expression be a place? */
bool is_place(const struct interp *interp, const struct node *node);
bool eval_place(struct interp *interp, const struct node *node, struct place *place, struct error *error);
/* a[i]; the place one past the end only for & (past_end). */
bool eval_element(struct interp *interp, const struct node *node, bool past_end, struct place *place,
                  struct error *error);
/* The value at a place, decayed; `node` names it in errors. */
bool eval_load(struct interp *interp, const struct node *node, struct place place, struct value *result,
               struct error *error);

/* eval_expression.c */
/* The value, decayed: an array gives the address of its first element. */
bool eval(struct interp *interp, const struct node *node, struct value *result, struct error *error);
/* A condition: any scalar. */
bool eval_condition(struct interp *interp, const struct node *node, bool *result, struct error *error);
bool eval_convert(struct value from, const struct type *to, bool cast, const struct node *node,
                  struct value *result, struct error *error);
/* What the host says; it need not have all of these. */
bool host_knows(const struct interp *interp, const char *call);
bool host_constant(struct interp *interp, const char *name, struct value *result);
/* Nobody knows this name: says so, with "did you mean". */
bool refuse_name(struct interp *interp, const struct node *node, struct error *error);
/* The same for a name that should have been a variable of this type, as C spells it (NULL: any): the hint declares
 * it. */
bool refuse_undeclared(struct interp *interp, const struct node *node, const char *type, struct error *error);
/* Is this a name that nobody knows? */
bool is_undeclared(struct interp *interp, const struct node *node);
/* One level deeper; eval_rise() afterwards if (and only if) it returned true. */
bool eval_sink(struct interp *interp, const struct node *node, struct error *error);
void eval_rise(struct interp *interp);
/* Does the host want the statement to end? */
bool eval_stopped(struct interp *interp, const struct node *node, struct error *error);
/* Give an error that has no place yet this one; returns false. */
bool error_here(struct error *error, struct span where);

/* eval_assign.c */
/* Store a value that was converted to the place's type, and note whether it is a new descriptor: whether
 * `from` (NULL: something else), just evaluated, is the call that gave it.  The error has no place. */
bool store_from(struct interp *interp, struct place place, struct value value, const struct node *from,
                struct error *error);
bool eval_assign(struct interp *interp, const struct node *node, struct value *result, struct error *error);
/* ++x, --x, x++, x-- */
bool eval_step(struct interp *interp, const struct node *node, struct value *result, struct error *error);

/* eval_operator.c: operands are values already; `node` has .op and is for carets. */
bool operate(enum op op, struct value left, struct value right, const struct node *node, struct value *result,
             struct error *error);
bool operate_unary(enum op op, struct value operand, const struct node *node, struct value *result,
                   struct error *error);
/* An address so many bytes on: anywhere within 32 bits of its object, to be checked when it is used. */
bool operate_offset(uint64_t address, int64_t bytes, const struct node *node, uint64_t *result,
                    struct error *error);
/* pointer + number of elements. */
bool operate_move(struct value pointer, int64_t elements, const struct node *node, struct value *result,
                  struct error *error);
const char *op_text(enum op op);

/* eval_type.c */
const struct type *type_promoted(const struct type *integer);
const struct type *type_common(const struct type *a, const struct type *b);
/* Of the second and third operand of ?:, decayed; NULL when they do not go together. */
const struct type *type_conditional(const struct type *a, const struct type *b);
const struct type *type_decayed(struct interp *interp, const struct type *type);
bool type_of(struct interp *interp, const struct node *node, const struct type **type, struct error *error);
/* A type as written; `initial` gives the count of an array declared [], NULL: [] is an error. */
bool type_resolve(struct interp *interp, const struct typename *written, const struct node *initial,
                  struct span where, const struct type **type, struct error *error);
/* As an object, and for sizeof: void, FILE and the like have no size. */
bool type_is_complete(const struct type *type, struct span where, struct error *error);
/* "server.sin_port", "buf[i]": an lvalue as it was written, if it is short enough to be named so. */
bool node_spell(const struct node *node, struct buf *out);

#endif
