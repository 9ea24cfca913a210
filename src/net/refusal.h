/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rule forbids a private network here, and what would allow it. */
#ifndef SOCKSHELL_NET_REFUSAL_H
#define SOCKSHELL_NET_REFUSAL_H

#include "base/error.h"
#include "net/namespaces.h"

/* Of an outcome that is not STEP_NONE: the step and errno, and as a hint the rule with its remedy. */
void refusal_explain(struct namespace_outcome outcome, struct error *error);

#endif
