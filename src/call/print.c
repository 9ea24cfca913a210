/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls in strace's notation. */
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "call/caller.h"

#define SHOWN_BYTES 32 /* of a string, as strace does */

void print_integer(const struct call_arg *arg, int64_t value, struct buf *out) {
    const char *name = NULL;

    if (arg->kind == ARG_FLAGS && arg->set != NULL) {
        constant_flags(arg->set, value, out);
        return;
    }
    /* Protocol 0 is IPPROTO_IP by value, but in socket() it means "the usual one". */
    if (arg->kind == ARG_CONST && arg->set != NULL && !(arg->set == &constants_protocol && value == 0))
        name = constant_name(arg->set, value);
    if (name != NULL)
        buf_add_text(out, name);
    else if (arg->kind == ARG_SIZE)
        buf_addf(out, "%" PRIu64, (uint64_t)value);
    else
        buf_addf(out, "%" PRId64, value);
}

void print_bytes(const void *bytes, size_t length, struct buf *out) {
    escape_c_quoted(out, bytes, length, SHOWN_BYTES);
}

void print_call(const struct invocation *inv, struct buf *out) {
    buf_addf(out, "%s(", inv->call->name);
    for (size_t i = 0; i < inv->count && i < CALL_ARGS_MAX; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        if (inv->texts[i].length == 0) {
            buf_add_text(out, "…");
            break;
        }
        buf_add(out, inv->texts[i].data, inv->texts[i].length);
    }
    buf_add_char(out, ')');
}

void print_result(int64_t result, int error, struct buf *out) {
    buf_addf(out, "%" PRId64, result);
    if (result != -1 || error == 0)
        return;
    const char *name = errno_name(error), *words = strerrordesc_np(error);
    if (name != NULL)
        buf_addf(out, " %s", name);
    else
        buf_addf(out, " errno %d", error);
    if (words != NULL)
        buf_addf(out, " (%s)", words);
}

void invocation_show_pointer(const struct invocation *inv, size_t i, struct buf *out) {
    const struct value *value = &inv->value[i];
    const char *label = memory_label(inv->memory, value->bits);
    int32_t offset = memory_offset(value->bits);
    /* The name of an array is its address already. */
    bool decayed = value->type != NULL && value->type->kind == TYPE_POINTER &&
                   value->type->of->kind == TYPE_INTEGER && value->type->of->size == 1;

    if (value->bits == 0)
        buf_add_text(out, "NULL");
    else if (label == NULL)
        buf_addf(out, "0x%" PRIx64, value->bits);
    else if (offset == 0)
        buf_addf(out, "%s%s", decayed ? "" : "&", label);
    else
        buf_addf(out, "%s%s%+" PRId32, decayed ? "" : "&", label, offset);
}
