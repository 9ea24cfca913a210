/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of expectations; see expect_rows.h. */
#include "lesson/expect_rows.h"

#include "lesson/expect_parts.h"
#include "lesson/judge_parts.h"
#include "lesson/predict.h"

/*                     word, asks, read, judge, foresees, predicts */
static const struct expect_row rows[] = {
    [EXPECT_RESULT]   = {"=",        0,            read_result,   judge_result,   foresees_failure,   predicts_result},
    [EXPECT_BLOCKS]   = {"blocks",   0,            read_blocks,   judge_blocks,   NULL,               predicts_blocks},
    [EXPECT_RETURNS]  = {"returns",  0,            read_result,   judge_returns,  foresees_failure,   predicts_result},
    [EXPECT_PRINTS]   = {"prints",   0,            read_prints,   judge_prints,   NULL,               predicts_text},
    [EXPECT_VALUE]    = {"value",    0,            read_value,    judge_value,    NULL,               predicts_value},
    [EXPECT_EXITS]    = {"exits",    0,            read_exits,    judge_death,    foresees_death,     predicts_status},
    [EXPECT_KILLED]   = {"killed",   0,            read_killed,   judge_death,    foresees_death,     predicts_signal},
    [EXPECT_FAULT]    = {"fault",    0,            read_fault,    judge_fault,    foresees_fault,     predicts_fault},
    [EXPECT_CALLS]    = {"calls",    0,            read_calls,    judge_calls,    foresees_call,      predicts_text},
    [EXPECT_SENT]     = {"sent",     0,            read_bytes,    judge_traffic,  NULL,               predicts_text},
    [EXPECT_RECEIVED] = {"received", 0,            read_bytes,    judge_traffic,  NULL,               predicts_text},
    [EXPECT_CHANGES]  = {"changes",  ASKS_CHANGES, read_changes,  judge_changes,  NULL,               predicts_text},
    [EXPECT_EXPLAINS] = {"explains", ASKS_CHANGES, read_explains, judge_explains, foresees_explained, predicts_text},
    [EXPECT_STATE]    = {"state",    ASKS_KERNEL,  read_state,    judge_state,    NULL,               predicts_state},
    [EXPECT_QUEUE]    = {"queue",    ASKS_KERNEL,  read_queue,    judge_queue,    NULL,               predicts_queue},
    [EXPECT_LOCAL]    = {"local",    ASKS_KERNEL,  read_address,  judge_address,  NULL,               predicts_address},
    [EXPECT_PEER]     = {"peer",     ASKS_KERNEL,  read_address,  judge_address,  NULL,               predicts_address},
    [EXPECT_OPTION]   = {"option",   ASKS_KERNEL,  read_option,   judge_option,   NULL,               predicts_value},
    [EXPECT_WIRE]     = {"wire",     ASKS_PACKETS, read_wire,     judge_wire,     NULL,               predicts_wire},
};
_Static_assert(sizeof(rows) / sizeof(*rows) == EXPECT_KINDS, "each kind of expectation has its row");

const struct expect_row *expect_row(enum expect_kind kind) {
    return &rows[kind];
}
