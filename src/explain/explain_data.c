/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rows.h"

const struct explanation explanations_data[] = {
    {0},
};
