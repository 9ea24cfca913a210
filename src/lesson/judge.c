/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step's verdicts, and what nobody expected; see judge.h. */
#include "lesson/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/expect_rows.h"
#include "lesson/judge_parts.h"

/* ---- What nobody expected ---- */

/* Is it known to the author that such an event may come?  Whether it is the right one was judged above. */
static bool foreseen(const struct item *step, const struct event *event) {
    for (size_t i = 0; i < step->expectation_count; i++) {
        const struct expectation *e = &step->expectations[i];
        const struct expect_row *row = expect_row(e->kind);
        bool about = strcmp(e->actor, event->actor) == 0 || *event->actor == '\0';
        if (e->negated || !about)
            continue;
        if (row->foresees != NULL && row->foresees(e, event))
            return true;
    }
    return false;
}

static void tell_verdict(struct judging *judging, const struct verdict *verdict) {
    judging->unmet += !verdict->met;
    if (judging->tell)
        judging->tell(judging->context, verdict);
    buf_clear(&judging->seen);
    buf_clear(&judging->instead);
}

/* The first event of a type that nobody foresaw is told; more of them would mostly be its consequences. */
static void judge_unforeseen(struct judging *judging, enum event_type type, const char *expected) {
    const struct item *step = judging->step;
    const struct event *event;
    for (uint64_t number = judging->before; (event = next_event(judging, type, NULL, &number));) {
        if (type == EVENT_RETURNED && event->error == 0)
            continue;
        /* .restart and .kill end an actor on purpose. */
        if (type == EVENT_DIED && step->step == STEP_COMMAND && strcmp(event->actor, step->actor) == 0)
            continue;
        if (foreseen(step, event))
            continue;
        if (type == EVENT_RETURNED)
            see_call(&judging->seen, event, "");
        else
            buf_addf(&judging->seen, "%s%s%s", event->actor,
                     !*event->actor        ? ""
                     : type == EVENT_FAULT ? ": "
                                           : " ",
                     event->text);
        tell_verdict(
            judging,
            &(struct verdict){.line = step->line, .expected = expected, .seen = buf_text(&judging->seen)});
        return;
    }
}

static bool judge_one(struct judging *judging, const struct expectation *e) {
    bool met = expect_row(e->kind)->judge(judging, e);
    if (!judging->evidence->met[e - judging->step->expectations])
        return met != e->negated;
    buf_clear(&judging->seen);
    buf_add_text(&judging->seen, "that it became so in time");
    return true;
}

void verdict_note(const struct verdict *verdict, const char *path, struct journal *journal) {
    char *place = mem_format("%s:%u", path, verdict->line);
    journal_add(journal, &(struct event){.type = EVENT_CHECK,
                                         .result = verdict->met,
                                         .text = verdict->expected,
                                         .extra = verdict->seen,
                                         .place = place});
    free(place);
}

size_t judge_step(struct evidence *evidence, const struct item *step, enum judge_how how, judge_tell *tell,
                  void *context) {
    struct judging judging = {.journal = evidence->journal,
                              .step = step,
                              .before = evidence->before,
                              .last = journal_last(evidence->journal),
                              .how = how,
                              .evidence = evidence,
                              .tell = tell,
                              .context = context};
    for (size_t i = 0; i < step->expectation_count; i++) {
        const struct expectation *e = &step->expectations[i];
        bool met = judge_one(&judging, e);
        bool instead = judging.instead.length > 0;
        tell_verdict(&judging, &(struct verdict){.met = met,
                                                 .of = e,
                                                 .line = e->line,
                                                 .expected = e->text,
                                                 .seen = buf_text(&judging.seen),
                                                 .instead = instead ? buf_text(&judging.instead) : NULL});
    }
    judge_unforeseen(&judging, EVENT_FAULT, "no mistake");
    judge_unforeseen(&judging, EVENT_RETURNED, "no call that fails");
    judge_unforeseen(&judging, EVENT_DIED, "that it lives on");
    buf_free(&judging.seen);
    buf_free(&judging.instead);
    return judging.unmet;
}
