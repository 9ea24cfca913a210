/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of expectations; see expect_rows.h. */
#include "lesson/expect_rows.h"

#include "lesson/expect_parts.h"
#include "lesson/judge_parts.h"

/*                     word, asks, read, judge, foresees,
 *                     predictor, says, lacking */
static const struct expect_row rows[] = {
    [EXPECT_RESULT]   = {"=", 0, read_result, judge_result, foresees_failure,
                         &predict_result, says_result, NULL},
    [EXPECT_BLOCKS]   = {"blocks", 0, read_blocks, judge_blocks, NULL,
                         &predict_blocks, says_blocks, NULL},
    [EXPECT_RETURNS]  = {"returns", 0, read_result, judge_returns, foresees_failure,
                         &predict_result, says_result, NULL},
    [EXPECT_PRINTS]   = {"prints", 0, read_prints, judge_prints, NULL,
                         &predict_text, says_prints, NULL},
    [EXPECT_VALUE]    = {"value", 0, read_value, judge_value, NULL,
                         &predict_value, says_value, NULL},
    [EXPECT_EXITS]    = {"exits", 0, read_exits, judge_death, foresees_death,
                         &predict_status, says_exits, NULL},
    [EXPECT_KILLED]   = {"killed", 0, read_killed, judge_death, foresees_death,
                         &predict_signal, says_killed, NULL},
    [EXPECT_FAULT]    = {"fault", 0, read_fault, judge_fault, foresees_fault,
                         &predict_fault, says_fault, "that mistake was not made"},
    [EXPECT_CALLS]    = {"calls", 0, read_calls, judge_calls, foresees_call,
                         &predict_text, says_call, "the call that it takes was not made"},
    [EXPECT_SENT]     = {"sent", 0, read_bytes, judge_traffic, NULL,
                         &predict_text, says_bytes, NULL},
    [EXPECT_RECEIVED] = {"received", 0, read_bytes, judge_traffic, NULL,
                         &predict_text, says_bytes, NULL},
    [EXPECT_CHANGES]  = {"changes", ASKS_CHANGES, read_changes, judge_changes, NULL,
                         &predict_text, says_change, "what is to change did not"},
    [EXPECT_EXPLAINS] = {"explains", ASKS_CHANGES, read_explains, judge_explains, foresees_explained,
                         &predict_text, says_explained, "what is to be explained did not happen"},
    [EXPECT_STATE]    = {"state", ASKS_KERNEL, read_state, judge_state, NULL,
                         &predict_state, says_state, NULL},
    [EXPECT_QUEUE]    = {"queue", ASKS_KERNEL, read_queue, judge_queue, NULL,
                         &predict_count, says_queue, NULL},
    [EXPECT_LOCAL]    = {"local", ASKS_KERNEL, read_address, judge_address, NULL,
                         &predict_address, says_address, NULL},
    [EXPECT_PEER]     = {"peer", ASKS_KERNEL, read_address, judge_address, NULL,
                         &predict_address, says_address, NULL},
    [EXPECT_OPTION]   = {"option", ASKS_KERNEL, read_option, judge_option, NULL,
                         &predict_value, says_option, NULL},
    [EXPECT_WIRE]     = {"wire", ASKS_PACKETS, read_wire, judge_wire, NULL,
                         &predict_wire, says_wire, "the packets that it takes were not seen"},
};
_Static_assert(sizeof(rows) / sizeof(*rows) == EXPECT_KINDS, "each kind of expectation has its row");

const struct expect_row *expect_row(enum expect_kind kind) {
    return &rows[kind];
}
