/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interpreter: variables, scopes, and running a syntax tree.  It knows no
 * calls and no constants of its own; both come through `struct interp_host`
 * (src/call in the product, little tables in the unit tests).
 *
 * How the parts hang together (all of it private to src/lang):
 *     interp.c           entry points and the interpreter's life
 *     scope.c            names, blocks, string and compound literals
 *     eval_statement.c   statements and blocks
 *     eval_switch.c      switch
 *     eval_initial.c     declarations and initialisers
 *     eval_expression.c  expressions, and the places that lvalues are
 *     eval_assign.c      = += ++ --
 *     eval_operator.c    what + - * / … give, for numbers and pointers
 *     eval_tag.c         struct, union, enum and typedef
 *     eval_constant.c    what C takes for a constant
 *     eval_call.c        calls of the learner's own functions
 *     function.c         defining those, and what outlives their calls
 *     trace.c            who called the function that a mistake is in
 *     eval_type.c        the type an expression has, without evaluating it
 */
#ifndef SOCKSHELL_LANG_INTERP_H
#define SOCKSHELL_LANG_INTERP_H

#include "lang/ast.h"
#include "lang/memory.h"
#include "lang/value.h"

struct interp;

struct interp_host {
    void *context;
    /* A call by name: evaluates the arguments itself with interp_eval(), runs
     * it, sets *result.  `known` says whether such a call exists.  An error
     * without a place gets that of the whole call. */
    bool (*known)(void *context, const char *name);
    bool (*call)(void *context, struct interp *interp, const struct node *call, struct value *result,
                 struct error *error);
    /* The type of a call's result, for sizeof and ?: (which must know it without
     * calling); NULL when there is none.  May be NULL: then nothing is known. */
    const struct type *(*call_type)(void *context, struct interp *interp, const char *name);
    /* A constant (AF_INET, INADDR_ANY, NULL, stdin, errno) by name; false when there is none. */
    bool (*constant)(void *context, struct interp *interp, const char *name, struct value *result);
    /* `name = value` where name is a constant() (errno = 0): true when the host
     * took it; false and no error: it cannot be assigned to.  May be NULL. */
    bool (*assign)(void *context, struct interp *interp, const char *name, struct value value,
                   struct error *error);
    /* The nearest known call or constant to a misspelt name, or NULL. */
    const char *(*suggest)(void *context, const char *name);
    /* What to write instead of a name that C programs have and this language has not, or NULL.  May be NULL. */
    const char *(*remedy)(void *context, const char *name);
    /* The value of an expression statement worth showing (not an assignment, not a
     * call marked quiet by interp_quiet()).  May be NULL. */
    void (*show)(void *context, struct interp *interp, struct value value);
    /* Asked at every statement, loop round and call: should the statement stop?  (Ctrl-C, a limit.)
     * May be NULL. */
    bool (*stop)(void *context, struct error *error);
    /* A function was defined: its name, its head as it was written, and whether it takes the place of an older one.
     * May be NULL. */
    void (*defined)(void *context, const char *name, const char *head, bool replaced);
};

enum interp_end {
    INTERP_DONE,     /* ran to its end */
    INTERP_RETURNED, /* a `return` at the outermost level: main() would end with this status */
    INTERP_FAILED,   /* the learner's mistake; *error says it */
};

/* The host is copied; its context must outlive the interpreter. */
struct interp *interp_new(const struct interp_host *host, size_t memory_limit);
void interp_free(struct interp *interp);

/* Run a submission.  *status is the value of an outermost `return`.  After a
 * failure all blocks are left, what was done before it stays done, and the
 * interpreter is as usable as before. */
enum interp_end interp_run(struct interp *interp, const struct tree *tree, int *status, struct error *error);
/* Where the source of the submissions to come begins: "echo.txt:1:1", or "" (base/error.h). */
void interp_set_place(struct interp *interp, const char *place);
/* Call the main() that was defined, with these arguments (argv[0] is the first).  INTERP_RETURNED: *status is what
 * it returned; it is never INTERP_DONE. */
enum interp_end interp_main(struct interp *interp, size_t count, char *const *arguments, int *status,
                            struct error *error);

/* For calls: evaluate an argument (arrays decay to pointers), */
bool interp_eval(struct interp *interp, const struct node *expression, struct value *result,
                 struct error *error);
/* is it a name that nobody knows, */
bool interp_undeclared(struct interp *interp, const struct node *expression);
/* (then refuse it as a variable of that type, as C spells it (NULL: any), to be declared first; always false,) */
bool interp_refuse_undeclared(struct interp *interp, const struct node *name, const char *type,
                              struct error *error);
/* the type of an argument before decay (sizeof of an array), without evaluating it, */
bool interp_type_of(struct interp *interp, const struct node *expression, const struct type **type,
                    struct error *error);
/* the parts, */
struct memory *interp_memory(struct interp *interp);
struct types *interp_types(struct interp *interp);
/* and: the value of the call just made needs no line of its own (its call line shows it). */
void interp_quiet(struct interp *interp);
/* The call just made gave a new descriptor, or did not: the variable that it is assigned to is noted as the
 * one that holds it (lang/memory.h). */
void interp_gave(struct interp *interp, bool descriptor);

/* Variables: visible ones from the innermost scope outwards, in the order of
 * their declaration in each.  `name` is valid until the variable goes. */
struct variable {
    const char *name;
    const struct type *type;
    uint64_t address;
};
bool interp_find(const struct interp *interp, const char *name, struct variable *found);
/* At most `most` of them, leaving out the first `from`; returns how many. */
size_t interp_variables(const struct interp *interp, size_t from, struct variable *found, size_t most);
/* Declare one (calls with short forms do: recv(4) uses `buf`) at the outermost
 * level, not written yet.  One that is there already is replaced, as when a
 * declaration is pasted again. */
bool interp_declare(struct interp *interp, const char *name, const struct type *type, struct variable *made,
                    struct error *error);
/* The names of the learner's types that are visible, as interp_variables() has those of variables. */
size_t interp_typedefs(const struct interp *interp, size_t from, const char **found, size_t most);
/* Is it one?  For parse_with(); `context` is the interpreter. */
bool interp_is_type(void *context, const char *name);
/* Grows whenever a variable was made, dropped or written, or a type defined. */
uint64_t interp_changes(const struct interp *interp);

#endif
