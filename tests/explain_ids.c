/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ids of all explanations, one a line; for tests/explain.sh, which provokes each. */
#include <stdio.h>

#include "explain/explain.h"

int main(void) {
    const struct explanation *row;
    for (size_t i = 0; (row = explanation_at(i)) != NULL; i++)
        puts(row->id);
    return 0;
}
