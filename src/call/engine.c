/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call from its name to its result:
 *
 *     take      evaluate the arguments from left to right      (argument.c)
 *     usual     find the ones left out                         (usual.c)
 *     check     what they point to, in the learner's memory    (check.c)
 *     confine   refuse what a lesson may not do                (confine.c)
 *     enter     tell the host                                  (invocation.c)
 *     make it   the libc wrapper, or the row's own handler
 *     leave     mark what was written, print it, tell the host (invocation.c)
 *
 * A mistake found before `enter` is the learner's and ends the statement; from
 * then on it is the kernel's answer, and goes on as in C.
 */
#include "call/engine.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "call/absent.h"
#include "call/caller.h"

static bool host_known(void *context, const char *name) {
    (void)context;
    return call_find(name) != NULL;
}

static bool host_constant(void *context, struct interp *interp, const char *name, struct value *result) {
    const struct caller *caller = context;
    const struct constant *constant = constant_find(name);

    if (strcmp(name, "errno") == 0) {
        *result = value_int(caller->error_number);
        return true;
    }
    if (constant == NULL)
        return false;
    switch (constant->type) {
    case CONSTANT_INT:
        *result = value_int(constant->value);
        break;
    case CONSTANT_UINT:
        *result = value_of(&type_uint, (uint64_t)constant->value);
        break;
    case CONSTANT_ULONG:
        *result = value_of(&type_ulong, (uint64_t)constant->value);
        break;
    case CONSTANT_POINTER:
    case CONSTANT_HANDLER:
        *result = (struct value){types_pointer(interp_types(interp), &type_void), (uint64_t)constant->value};
        break;
    case CONSTANT_FILE:
        *result = (struct value){types_pointer(interp_types(interp), &type_file), (uint64_t)constant->value};
        break;
    }
    return true;
}

static const char *host_suggest(void *context, const char *name) {
    struct suggestion suggestion;
    const struct call *call;
    const struct constant_set *set;

    (void)context;
    suggest_start(&suggestion, name);
    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        suggest_offer(&suggestion, call->name);
    /* All are in capitals; `retval` is not EINVAL. */
    for (size_t i = 0; isupper((unsigned char)name[0]) && (set = constant_set_at(i)) != NULL; i++)
        for (size_t k = 0; k < set->count; k++)
            suggest_offer(&suggestion, set->items[k].name);
    return suggestion.best;
}

static const char *host_remedy(void *context, const char *name) {
    (void)context;
    return absent_remedy(name);
}

static void host_show(void *context, struct interp *interp, struct value value) {
    const struct caller *caller = context;

    caller->host.show(caller->host.context, interp, value);
}

static bool host_stop(void *context, struct error *error) {
    const struct caller *caller = context;

    return caller->host.stop(caller->host.context, error);
}

static void host_defined(void *context, const char *name, const char *head, bool replaced) {
    const struct caller *caller = context;

    if (caller->host.defined)
        caller->host.defined(caller->host.context, name, head, replaced);
}

static const struct signature *signature_of(struct caller *caller, const struct call *call) {
    size_t i = 0;

    while (i < caller->row_count && caller->rows[i] != call)
        i++;
    if (i == caller->row_count)
        return NULL;
    struct signature *signature = &caller->signatures[i];
    if (signature->result == NULL &&
        !prototype_read(call->prototype, interp_types(caller->interp), signature))
        return NULL;
    return signature;
}

static bool wrong_count(const struct invocation *inv, size_t wanted) {
    const struct node *node = inv->node;
    const struct node *last = node->list;
    struct span where = node->operator.length> 0 ? node->operator: node->where;

    if (node->count > wanted) {
        for (size_t i = 0; i < wanted && last != NULL; i++)
            last = last->next;
        where = last != NULL ? last->where : where;
        error_set(inv->error, ERROR_TYPE, where, "%s() takes %zu argument%s, and %zu were given",
                  inv->call->name, wanted, wanted == 1 ? "" : "s", node->count);
    } else {
        error_set(inv->error, ERROR_TYPE, where, "%s() needs %s as well, its argument %zu", inv->call->name,
                  inv->call->args[node->count].name, node->count + 1);
    }
    error_hint(inv->error, "%s", inv->call->prototype);
    return false;
}

/* The arguments after the named ones of printf() and its like. */
static bool take_more(struct invocation *inv, const struct node *rest, size_t count) {
    inv->more = mem_alloc(count * sizeof *inv->more);
    for (; rest != NULL; rest = rest->next) {
        if (!interp_eval(inv->interp, rest, &inv->more[inv->more_count], inv->error))
            return false;
        inv->more_count++;
    }
    return true;
}

static bool take_arguments(struct invocation *inv, const struct signature *signature) {
    size_t wanted = call_count_args(inv->call), given = 0;
    bool more = wanted > 0 && inv->call->args[wanted - 1].kind == ARG_MORE;
    const struct node *node = inv->node->list;

    if (more)
        wanted--;
    if (inv->node->count > wanted && !more)
        return wrong_count(inv, wanted);
    for (; node != NULL && given < wanted; node = node->next, given++)
        if (!argument_take(inv, given, node, signature))
            return false;
    if (given < wanted && inv->call->args[given].usual == NULL)
        return wrong_count(inv, wanted);
    inv->count = wanted;
    if (node != NULL && !take_more(inv, node, inv->node->count - given))
        return false;
    if (!usual_fill(inv, given))
        return false;
    for (size_t i = 0; i < wanted; i++)
        if (!argument_check(inv, i))
            return false;
    inv->count = wanted + inv->more_count;
    return true;
}

/* The host's own descriptors are not there for the learner. */
static bool names_reserved(const struct invocation *inv) {
    if (!(inv->call->flags & CALL_SYSTEM))
        return false;
    for (size_t i = 0; inv->call->args[i].kind != ARG_END; i++)
        if (inv->call->args[i].kind == ARG_FD && caller_reserved(inv->caller, (int)inv->raw[i].i))
            return true;
    return false;
}

static bool perform(struct invocation *inv) {
    if (names_reserved(inv)) {
        invocation_enter(inv);
        invocation_leave(inv, -1, EBADF);
        return true;
    }
    if (inv->call->run != NULL)
        return inv->call->run(inv);
    invocation_enter(inv);
    errno = 0;
    invocation_leave_libc(inv, inv->call->system(inv->raw));
    return true;
}

static void default_answer(struct invocation *inv, const struct type *type) {
    if (inv->answer->type != NULL)
        return;
    if (type->kind == TYPE_INTEGER)
        *inv->answer = value_of(type, (uint64_t)inv->result);
    else
        *inv->answer = (struct value){type, type->kind == TYPE_VOID ? 0 : (uint64_t)inv->result};
}

void invocation_end(struct invocation *inv) {
    for (size_t i = 0; i < CALL_ARGS_MAX; i++)
        buf_free(&inv->texts[i]);
    buf_free(&inv->result_text);
    buf_free(&inv->data);
    free(inv->more);
    for (size_t i = 0; i < inv->scratch_count; i++)
        memory_drop(inv->memory, inv->scratch[i]);
}

static bool host_call(void *context, struct interp *interp, const struct node *node, struct value *result,
                      struct error *error) {
    struct caller *caller = context;
    struct invocation inv = {
        .caller = caller,
        .interp = interp,
        .memory = interp_memory(interp),
        .call = call_find(node->text),
        .node = node,
        .saved_errno = caller->error_number,
        .answer = result,
        .error = error,
    };
    const struct signature *signature = inv.call != NULL ? signature_of(caller, inv.call) : NULL;

    if (signature == NULL)
        return error_set(error, ERROR_NAME, node->where, "there is no call %s()", node->text);
    *result = (struct value){0};
    bool done = take_arguments(&inv, signature) && confine_call(&inv);
    if (done) {
        /* An argument may have been a call itself and have set errno. */
        inv.saved_errno = caller->error_number;
        done = perform(&inv);
        caller->error_number = inv.saved_errno;
    }
    interp_gave(interp, done && (inv.call->flags & CALL_GIVES) && inv.result >= 0);
    if (done)
        default_answer(&inv, signature->result);
    else if (error->kind != ERROR_NONE && error->where.length == 0)
        error->where = node->where;
    invocation_end(&inv);
    return done;
}

struct caller *caller_new(const struct call_host *host, size_t memory_limit) {
    struct caller *caller = mem_alloc(sizeof *caller);
    const struct interp_host interp_host = {
        .context = caller,
        .known = host_known,
        .call = host_call,
        .constant = host_constant,
        .suggest = host_suggest,
        .remedy = host_remedy,
        .show = host_show,
        .stop = host_stop,
        .defined = host_defined,
    };

    caller->host = *host;
    while (call_at(caller->row_count) != NULL)
        caller->row_count++;
    caller->signatures = mem_alloc(caller->row_count * sizeof *caller->signatures);
    caller->rows = mem_alloc(caller->row_count * sizeof *caller->rows);
    for (size_t i = 0; i < caller->row_count; i++)
        caller->rows[i] = call_at(i);
    caller->interp = interp_new(&interp_host, memory_limit);
    return caller;
}

void caller_free(struct caller *caller) {
    if (caller == NULL)
        return;
    interp_free(caller->interp);
    free(caller->signatures);
    free(caller->rows);
    free(caller);
}

struct interp *caller_interp(struct caller *caller) {
    return caller->interp;
}

void caller_reserve(struct caller *caller, int low, int high) {
    if (caller->reserved_count == CALLER_RESERVED_MAX)
        return;
    caller->reserved[caller->reserved_count].low = low;
    caller->reserved[caller->reserved_count].high = high;
    caller->reserved_count++;
}

bool caller_reserved(const struct caller *caller, int fd) {
    for (size_t i = 0; i < caller->reserved_count; i++)
        if (fd >= caller->reserved[i].low && fd <= caller->reserved[i].high)
            return true;
    return false;
}

void caller_narrate(struct caller *caller, bool narrate) {
    caller->narrate = narrate;
}

void caller_confine(struct caller *caller, const struct confinement *bounds) {
    caller->bounds = *bounds;
}

void caller_reserve_signal(struct caller *caller, int number) {
    caller->reserved_signal = number;
}

FILE *caller_stream(const struct caller *caller, struct value value) {
    (void)caller;
    if (value.type->kind != TYPE_POINTER || value.type->of->kind != TYPE_FILE)
        return NULL;
    return value.bits == 1 ? stdin : value.bits == 2 ? stdout : value.bits == 3 ? stderr : NULL;
}
