/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking the arguments of a call: each is evaluated, its kind is compared with
 * what the row says, integers are converted as C would.  Where a C compiler
 * would only warn, so that the program runs, nothing is refused here either,
 * except what would make the kernel read or write where there is no object.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/suggest.h"
#include "call/caller.h"

#define ROOM_USUAL 1000 /* of a buffer that is suggested, in bytes */
#define ROOM_MOST 65536

static bool is_text_pointer(const struct type *type) {
    return type->kind == TYPE_POINTER && type->of == &type_char;
}

/* What an argument is called in a message: its name, or "this". */
static const char *said(const struct node *node) {
    return node->kind == NODE_NAME ? node->text : "this";
}

static void spell(const struct type *type, struct buf *out) {
    buf_clear(out);
    type_spell(type, out);
}

static bool refuse_as_number(struct invocation *inv, size_t i, const struct node *node) {
    const struct call_arg *arg = &inv->call->args[i];
    const struct type *type = inv->value[i].type;
    const char *wanted = arg->kind == ARG_FD ? "a descriptor" : "a number";
    struct buf spelt = {0};

    spell(type, &spelt);
    if (type->kind == TYPE_VOID)
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants %s as %s, and this has no value (void)",
                        inv->call->name, wanted, arg->name);
    else if (is_text_pointer(type))
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants %s as %s, and %s is a string", inv->call->name,
                        wanted, arg->name, said(node));
    else
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants %s as %s, and %s is of type %s", inv->call->name,
                        wanted, arg->name, said(node), buf_text(&spelt));
    if (arg->kind == ARG_FD)
        error_hint(inv->error, "a descriptor is the small number that socket(), accept() or pipe() gave");
    else
        error_hint(inv->error, "%s", inv->call->prototype);
    buf_free(&spelt);
    return false;
}

static bool take_number(struct invocation *inv, size_t i, const struct node *node, const struct type *type) {
    struct value *value = &inv->value[i];
    /* NULL for 0 is a warning in C, and common: socket(AF_INET, SOCK_STREAM, NULL). */
    if (value->type->kind == TYPE_POINTER && value->bits == 0)
        *value = value_int(0);
    if (value->type->kind != TYPE_INTEGER)
        return refuse_as_number(inv, i, node);

    bool negative = value->type->is_signed && (int64_t)value->bits < 0;
    if (inv->call->args[i].kind == ARG_SIZE && negative && type != NULL && !type->is_signed) {
        invocation_fail(inv, i, ERROR_MEMORY, "%s is %" PRId64 ", which as a length is %" PRIu64 " bytes",
                        said(node), (int64_t)value->bits, value_of(type, value->bits).bits);
        error_hint(inv->error, "a call that failed gave -1: look at its result before using it as a length");
        return false;
    }
    if (type != NULL && type->kind == TYPE_INTEGER &&
        !value_convert(*value, type, false, value, inv->error)) {
        inv->error->where = invocation_span(inv, i);
        return false;
    }
    inv->raw[i].i = (int64_t)value->bits;
    return true;
}

static bool refuse_as_pointer(struct invocation *inv, size_t i, const struct node *node) {
    const struct call_arg *arg = &inv->call->args[i];
    const struct value *value = &inv->value[i];
    const char *name = inv->call->name;

    if (value->type->kind == TYPE_STRUCT) {
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants the address of %s", name,
                        node->kind == NODE_NAME ? node->text : "this struct");
        error_hint(inv->error, "write &%s", node->kind == NODE_NAME ? node->text : "before it");
    } else if (value->type->kind != TYPE_INTEGER) {
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants a pointer as %s, and this has no value", name,
                        arg->name);
    } else if (arg->kind == ARG_LENGTH) {
        invocation_fail(inv, i, ERROR_TYPE,
                        "%s() wants the address of a length as %s: it writes the size back", name, arg->name);
        error_hint(inv->error, node->kind == NODE_NAME ? "write &%s" : "socklen_t length = …; then &length",
                   said(node));
    } else {
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants a pointer as %s, and %s is the number %" PRId64, name,
                        arg->name, said(node), (int64_t)value->bits);
        if (node->kind == NODE_NAME)
            error_hint(inv->error, "&%s is its address", node->text);
        else if (arg->kind == ARG_BYTES_IN || arg->kind == ARG_STRING)
            error_hint(inv->error, "a string stands in quotes: \"%" PRId64 "\"", (int64_t)value->bits);
        else if (arg->kind == ARG_ADDRESS_IN)
            error_hint(inv->error, "an address may be a string here: \"127.0.0.1:8888\"");
        else if (arg->kind == ARG_POINTER)
            error_hint(inv->error, "&(int){%" PRId64 "} is the address of such a number",
                       (int64_t)value->bits);
    }
    return false;
}

static bool take_pointer(struct invocation *inv, size_t i, const struct node *node) {
    struct value *value = &inv->value[i];

    if (value->type->kind == TYPE_INTEGER && value->bits == 0)
        *value = (struct value){types_pointer(interp_types(inv->interp), &type_void), 0};
    if (value->type->kind != TYPE_POINTER)
        return refuse_as_pointer(inv, i, node);
    return true;
}

/* The family of the socket that the call is about, for the short form of an address. */
static int socket_family(const struct invocation *inv, size_t before) {
    int family = AF_UNSPEC;
    socklen_t length = sizeof family;

    for (size_t i = 0; i < before; i++) {
        if (inv->call->args[i].kind != ARG_FD)
            continue;
        int fd = (int)inv->raw[i].i;
        if (caller_reserved(inv->caller, fd) || getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0)
            return AF_UNSPEC;
        break;
    }
    return family;
}

/* A string where an address belongs becomes one, in an object of the call's own. */
static bool take_short_address(struct invocation *inv, size_t i, const char *text) {
    /* As much room as any address takes, so that an explicit length of a larger struct is fine, too. */
    uint64_t object = invocation_scratch(inv, sizeof(struct sockaddr_storage), inv->call->args[i].name);
    unsigned char *room =
        object != 0 ? memory_write(inv->memory, object, sizeof(struct sockaddr_storage), inv->error) : NULL;

    if (room == NULL)
        return false;
    if (!address_parse(text, socket_family(inv, i), room, sizeof(struct sockaddr_storage), &inv->short_length,
                       inv->error)) {
        inv->error->where = invocation_span(inv, i);
        return false;
    }
    memory_mark(inv->memory, object, sizeof(struct sockaddr_storage), true);
    inv->value[i] = (struct value){types_pointer(interp_types(inv->interp), type_struct("sockaddr")), object};
    return true;
}

static bool take_address(struct invocation *inv, size_t i, const struct node *node) {
    const char *text;
    size_t length;

    if (!take_pointer(inv, i, node))
        return false;
    if (!is_text_pointer(inv->value[i].type) || inv->value[i].bits == 0)
        return true;
    if (!memory_string(inv->memory, inv->value[i].bits, &text, &length, inv->error)) {
        inv->error->where = invocation_span(inv, i);
        return false;
    }
    return take_short_address(inv, i, text);
}

/* In a line pasted back from a transcript, results stand where the variables
 * were: recv(4, "hello", 4096, 0) = 5.  Such an argument is as if left out. */
static bool is_result(const struct invocation *inv, enum arg_kind kind, const struct node *node) {
    switch (kind) {
    case ARG_ADDRESS_OUT:
        return node->kind == NODE_ADDRESS;
    case ARG_BYTES_OUT:
        return node->kind == NODE_STRING && inv->node->with_result;
    case ARG_END:
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
    case ARG_BYTES_IN:
    case ARG_STRING:
    case ARG_ADDRESS_IN:
    case ARG_LENGTH:
    case ARG_INT_OUT:
    case ARG_POINTER:
    case ARG_MORE:
        break;
    }
    return false;
}

/* signal(SIGINT, on_interrupt): say what is missing, rather than that nobody knows on_interrupt. */
static bool names_function(struct invocation *inv, size_t i, const struct node *node) {
    struct variable variable;

    if (inv->call->args[i].set != &constants_handler || node->kind != NODE_NAME ||
        constant_find(node->text) != NULL || interp_find(inv->interp, node->text, &variable))
        return false;
    invocation_fail(inv, i, ERROR_TYPE, "functions of your own cannot be handlers of signals here");
    error_hint(inv->error, "SIG_IGN ignores the signal, SIG_DFL does what it does by itself");
    return true;
}

/* What a variable should be whose address is wanted as a pointer of this type; nothing when it could be anything. */
static void spell_pointed_to(const struct call_arg *arg, const struct type *wanted, struct buf *out) {
    if (arg->kind == ARG_LENGTH) /* which type that is, prototypes say, but types do not know */
        buf_add_text(out, "socklen_t");
    else if (wanted->kind == TYPE_POINTER && wanted->of == type_struct("sockaddr"))
        buf_add_text(out, "struct sockaddr_in"); /* sockaddr stands for any, and has no room for most */
    else if (wanted->kind == TYPE_POINTER && wanted->of->kind != TYPE_VOID)
        type_spell(wanted->of, out);
}

/* accept(3, (struct sockaddr *)&client, &length) before there is a client. */
static bool names_undeclared(struct invocation *inv, size_t i, const struct node *node,
                             const struct signature *signature) {
    struct buf type = {0};

    while (node->kind == NODE_CAST)
        node = node->left;
    if (i >= signature->count || node->kind != NODE_UNARY || node->op != OP_ADDRESS ||
        !interp_undeclared(inv->interp, node->left))
        return false;
    spell_pointed_to(&inv->call->args[i], signature->params[i], &type);
    interp_refuse_undeclared(inv->interp, node->left, type.length > 0 ? buf_text(&type) : NULL, inv->error);
    buf_free(&type);
    return true;
}

/* How many bytes a buffer should have: what the call says it has, if that is a plain number. */
static uint64_t room_wanted(const struct invocation *inv, size_t i) {
    const struct node *node = inv->node->list;

    for (size_t at = inv->call->args[i].other; node != NULL && at > 0; at--)
        node = node->next;
    bool is_said = node != NULL && node->kind == NODE_INTEGER && node->integer > 0 && node->integer <= ROOM_MOST;
    return is_said ? node->integer : ROOM_USUAL;
}

/* recv(3, buf, 100, 0) before there is a buf: an int, which is usually missing, would be of no use. */
static bool names_no_bytes(struct invocation *inv, size_t i, const struct node *node) {
    enum arg_kind kind = inv->call->args[i].kind;
    const struct node *name = node->kind == NODE_UNARY && node->op == OP_ADDRESS ? node->left : node;

    if ((kind != ARG_BYTES_OUT && kind != ARG_BYTES_IN && kind != ARG_STRING) || name->kind != NODE_NAME ||
        !interp_undeclared(inv->interp, name))
        return false;
    interp_refuse_undeclared(inv->interp, name, "char", inv->error);
    if (strncmp(inv->error->hint, "declare", 7) != 0)
        return true; /* another name is near, and perhaps meant */
    free(inv->error->hint);
    inv->error->hint = NULL;
    if (kind == ARG_BYTES_OUT && name != node && room_wanted(inv, i) == 1)
        error_hint(inv->error, "declare it first: char %s", name->text);
    else if (kind == ARG_BYTES_OUT)
        error_hint(inv->error, "declare it first: char %s[%" PRIu64 "]", name->text, room_wanted(inv, i));
    else
        error_hint(inv->error, "a string stands in quotes: \"%s\"; a variable is declared first: char %s[] = \"…\"",
                   name->text, name->text);
    return true;
}

/* The constant of the argument's set that was meant by a name nobody knows. */
static const char *meant_constant(const struct constant_set *set, const char *name) {
    static const struct {
        const char *protocol, *type;
    } types[] = {{"udp", "SOCK_DGRAM"}, {"tcp", "SOCK_STREAM"}, {"datagram", "SOCK_DGRAM"}};
    size_t prefix = set->prefix != NULL ? strlen(set->prefix) : 0;
    struct suggestion near, near_short;
    const char *whole = NULL;

    for (size_t i = 0; set == &constants_type && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(types[i].protocol, name) == 0)
            return types[i].type;
    suggest_start(&near, name);
    suggest_start(&near_short, name);
    for (size_t i = 0; i < set->count; i++) {
        const char *full = set->items[i].name, *before = near_short.best;
        suggest_offer(&near, full);
        if (prefix > 0 && strncmp(full, set->prefix, prefix) == 0)
            suggest_offer(&near_short, full + prefix);
        if (near_short.best != before)
            whole = full;
    }
    return near.best != NULL ? near.best : whole;
}

/* socket(AF_INET, strem): what was meant is one of few. */
static bool names_no_constant(struct invocation *inv, size_t i, const struct node *node) {
    const struct call_arg *arg = &inv->call->args[i];
    const char *meant;

    if (node->kind == NODE_BINARY && node->op == OP_BIT_OR)
        return names_no_constant(inv, i, node->left) || names_no_constant(inv, i, node->right);
    if ((arg->kind != ARG_CONST && arg->kind != ARG_FLAGS) || node->kind != NODE_NAME ||
        !interp_undeclared(inv->interp, node))
        return false;
    meant = meant_constant(arg->set, node->text);
    if (meant == NULL)
        return false;
    error_set(inv->error, ERROR_NAME, node->where, "%s() knows no %s %s", inv->call->name, arg->name,
              node->text);
    error_hint(inv->error, "did you mean %s?", meant);
    return true;
}

bool argument_take(struct invocation *inv, size_t i, const struct node *node,
                   const struct signature *signature) {
    enum arg_kind kind = inv->call->args[i].kind;

    if (is_result(inv, kind, node))
        return true;
    if (names_function(inv, i, node) || names_no_constant(inv, i, node) ||
        names_no_bytes(inv, i, node) || names_undeclared(inv, i, node, signature))
        return false;
    if (node->kind == NODE_ADDRESS) {
        if (kind == ARG_ADDRESS_IN)
            return take_short_address(inv, i, node->text);
        return invocation_fail(inv, i, ERROR_TYPE, "%s() takes no address as %s", inv->call->name,
                               inv->call->args[i].name);
    }
    if (!interp_eval(inv->interp, node, &inv->value[i], inv->error))
        return false;

    switch (kind) {
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
        return take_number(inv, i, node, i < signature->count ? signature->params[i] : &type_int);
    case ARG_ADDRESS_IN:
        return take_address(inv, i, node);
    case ARG_BYTES_IN:
    case ARG_BYTES_OUT:
    case ARG_STRING:
    case ARG_ADDRESS_OUT:
    case ARG_LENGTH:
    case ARG_INT_OUT:
    case ARG_POINTER:
        return take_pointer(inv, i, node);
    case ARG_END:
    case ARG_MORE:
        break;
    }
    return true;
}
