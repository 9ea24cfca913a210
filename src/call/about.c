/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call is about to ask of the kernel, in a sentence or two, before it asks. */
#include "call/caller.h"

void print_about(const struct invocation *inv, struct buf *out) {
    buf_addf(out, "%s: %s.", inv->call->name, inv->call->summary);
}
