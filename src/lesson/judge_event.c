/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done, by the journal's events; see judge.h. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "call/constant.h"
#include "lesson/judge_parts.h"

/* ---- Looking events up ---- */

const struct event *next_event(const struct judging *judging, enum event_type type, const char *actor,
                               uint64_t *number) {
    while (*number < judging->last) {
        const struct event *event = journal_at(judging->journal, ++*number);
        if (event && event->type == type && (!actor || strcmp(event->actor, actor) == 0))
            return event;
    }
    return NULL;
}

static const struct event *first_event(const struct judging *judging, enum event_type type,
                                       const char *actor) {
    uint64_t number = judging->before;
    return next_event(judging, type, actor, &number);
}

static const struct event *last_event(const struct judging *judging, enum event_type type,
                                      const char *actor) {
    uint64_t number = judging->before;
    const struct event *found = NULL, *event;
    while ((event = next_event(judging, type, actor, &number)) != NULL)
        found = event;
    return found;
}

/* The last event that says what the actor does now.  Its output may be read later than it was written. */
static const struct event *last_sign(const struct journal *journal, const char *actor) {
    const struct event *event;
    for (uint64_t number = journal_last(journal); number > 0 && (event = journal_at(journal, number));
         number--) {
        if (strcmp(event->actor, actor) != 0)
            continue;
        switch (event->type) {
        case EVENT_BORN:
        case EVENT_ENTERED:
        case EVENT_BLOCKED:
        case EVENT_RETURNED:
        case EVENT_FAULT:
        case EVENT_DONE:
        case EVENT_EXITING:
        case EVENT_DIED:
            return event;
        case EVENT_LINE:
        case EVENT_VALUE:
        case EVENT_OUTPUT:
        case EVENT_INPUT:
        case EVENT_PROSE:
        case EVENT_CHECK:
        case EVENT_CHANGE:
        case EVENT_PACKET:
        case EVENT_NOTE:
        case EVENT_TYPES_END:
            break;
        }
    }
    return NULL;
}

const char *judge_first_call(const struct journal *journal, const char *actor, uint64_t before) {
    uint64_t last = journal_last(journal);
    for (uint64_t number = before + 1; number <= last; number++) {
        const struct event *event = journal_at(journal, number);
        if (event && strcmp(event->actor, actor) == 0 &&
            (event->type == EVENT_ENTERED || event->type == EVENT_RETURNED))
            return event->name;
    }
    return NULL;
}

bool judge_refused(const struct journal *journal, uint64_t before) {
    const struct judging judging = {.journal = journal, .before = before, .last = journal_last(journal)};
    return first_event(&judging, EVENT_FAULT, "") != NULL;
}

/* ---- What was seen, in words ---- */

void see_call(struct buf *seen, const struct event *event, const char *otherwise) {
    if (event)
        buf_addf(seen, "%s = %s", event->text, event->extra);
    else
        buf_add_text(seen, otherwise);
}

/* What the actor does at the moment. */
static void see_sign(struct buf *seen, const struct event *sign, const char *actor) {
    switch (sign ? sign->type : EVENT_DONE) {
    case EVENT_BLOCKED:
        buf_addf(seen, "%s is blocked in %s", actor, sign->text);
        break;
    case EVENT_ENTERED:
        buf_addf(seen, "%s is in %s and not asleep", actor, sign->text);
        break;
    case EVENT_DIED:
        buf_addf(seen, "%s %s", actor, sign->text);
        break;
    case EVENT_FAULT:
        buf_addf(seen, "%s: %s", actor, sign->text);
        break;
    default:
        buf_addf(seen, "%s is in no call", actor);
        break;
    }
}

/* ---- One kind of expectation each: was it met, and what was seen? ---- */

static bool result_meets(const struct judging *judging, const struct expectation *e,
                         const struct event *event) {
    if (!event)
        return false;
    if (e->any)
        return event->error == 0 && event->result >= 0;
    if (e->error != 0 && event->error != e->error)
        return false;
    if (judging->how == JUDGE_OWN_WORDS)
        return (event->result < 0) == (e->number < 0) && (event->result == 0) == (e->number == 0);
    return event->result == e->number;
}

/* "4", "-1 ECONNREFUSED" */
static void result_instead(struct judging *judging, const struct event *event) {
    const char *error = event && event->error ? constant_name(&constants_errno, event->error) : NULL;
    if (event)
        buf_addf(&judging->instead, "%lld%s%s", (long long)event->result, error ? " " : "",
                 error ? error : "");
}

bool judge_result(struct judging *judging, const struct expectation *e) {
    const struct event *event = last_event(judging, EVENT_RETURNED, e->actor);
    see_call(&judging->seen, event, "no system call returned");
    result_instead(judging, event);
    return result_meets(judging, e, event);
}

/* The first that meets it; if none does, the last. */
static const struct event *best_return(const struct judging *judging, const struct expectation *e) {
    const struct event *event, *last = NULL;
    for (uint64_t number = judging->before; (event = next_event(judging, EVENT_RETURNED, e->actor, &number));) {
        last = event;
        if (result_meets(judging, e, event))
            break;
    }
    return last;
}

bool judge_returns(struct judging *judging, const struct expectation *e) {
    const struct event *event = judging->how == JUDGE_GOALS ? best_return(judging, e)
                                                            : first_event(judging, EVENT_RETURNED, e->actor);
    result_instead(judging, event);
    if (event)
        see_call(&judging->seen, event, "");
    else
        see_sign(&judging->seen, last_sign(judging->journal, e->actor), e->actor);
    return result_meets(judging, e, event);
}

bool judge_blocks(struct judging *judging, const struct expectation *e) {
    const struct event *sign = last_sign(judging->journal, e->actor);
    see_sign(&judging->seen, sign, e->actor);
    return sign && sign->type == EVENT_BLOCKED && (*e->wanted == '\0' || strcmp(e->wanted, sign->name) == 0);
}

bool judge_prints(struct judging *judging, const struct expectation *e) {
    struct buf printed = {0};
    const struct event *event;
    for (uint64_t number = judging->before; (event = next_event(judging, EVENT_OUTPUT, e->actor, &number));)
        buf_add(&printed, event->data, event->data_length);
    bool met = judging->how == JUDGE_OWN_WORDS
                   ? printed.length > 0
                   : memmem(buf_text(&printed), printed.length, e->wanted, e->wanted_length) != NULL;
    if (printed.length > 0)
        escape_c_quoted(&judging->seen, printed.data, printed.length, SEEN_MAX);
    else
        buf_addf(&judging->seen, "%s printed nothing", e->actor);
    if (printed.length > 0 && printed.length <= SEEN_MAX)
        buf_add_text(&judging->instead, buf_text(&judging->seen));
    buf_free(&printed);
    return met;
}

bool judge_value(struct judging *judging, const struct expectation *e) {
    const struct event *event = last_event(judging, EVENT_VALUE, e->actor);
    buf_add_text(&judging->seen, event ? event->text : "no value was shown");
    buf_add_text(&judging->instead, event ? event->text : "");
    return event && strcmp(event->text, e->wanted) == 0;
}

bool judge_death(struct judging *judging, const struct expectation *e) {
    const struct event *died = last_event(judging, EVENT_DIED, e->actor);
    if (!died) {
        buf_addf(&judging->seen, "%s lives", e->actor);
        return false;
    }
    buf_addf(&judging->seen, "%s %s", e->actor, died->text);
    int status = (int)died->result;
    if (e->kind == EXPECT_KILLED && died->result >= 0 && WIFSIGNALED(status))
        buf_addf(&judging->instead, "%s", constant_name(&constants_signal, WTERMSIG(status)));
    if (e->kind == EXPECT_EXITS && died->result >= 0 && WIFEXITED(status))
        buf_addf(&judging->instead, "%d", WEXITSTATUS(status));
    if (e->kind == EXPECT_KILLED)
        return died->result >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == (int)e->number;
    if (died->result >= 0)
        return WIFEXITED(status) && WEXITSTATUS(status) == (int)e->number;
    /* Somebody else reaped it; its own last word is what is left. */
    const struct event *exiting = last_event(judging, EVENT_EXITING, e->actor);
    return exiting && exiting->result == e->number;
}

bool judge_fault(struct judging *judging, const struct expectation *e) {
    const struct event *event;
    for (uint64_t number = judging->before; (event = next_event(judging, EVENT_FAULT, NULL, &number));) {
        /* What the shell refuses before the actor has it names no actor. */
        if (*event->actor && strcmp(event->actor, e->actor) != 0)
            continue;
        buf_clear(&judging->seen);
        buf_addf(&judging->seen, "%s: %s", error_kind_name(event->kind), event->text);
        buf_clear(&judging->instead);
        buf_add_text(&judging->instead, error_kind_name(event->kind));
        if (event->kind == e->fault)
            return true;
    }
    if (judging->seen.length == 0)
        buf_add_text(&judging->seen, "no mistake");
    return false;
}

/* The last `...` only is tried again. */
bool matches(const char *pattern, const char *text) {
    const char *retry_pattern = NULL, *retry_text = NULL;
    while (*text) {
        if (strncmp(pattern, "...", 3) == 0) {
            retry_pattern = pattern += 3;
            retry_text = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (retry_pattern) {
            pattern = retry_pattern;
            text = ++retry_text;
        } else {
            return false;
        }
    }
    while (strncmp(pattern, "...", 3) == 0)
        pattern += 3;
    return *pattern == '\0';
}

static bool call_meets(const struct judging *judging, const struct expectation *e,
                       const struct event *event) {
    size_t name = strlen(event->name);
    if (strncmp(e->wanted, event->name, name) != 0 || e->wanted[name] != '(')
        return false;
    if (judging->how == JUDGE_OWN_WORDS || matches(e->wanted, event->text))
        return true;
    /* With the result, and with the error in words or without. */
    struct buf line = {0};
    buf_addf(&line, "%s = %s", event->text, event->extra);
    bool met = matches(e->wanted, buf_text(&line));
    const char *words = strstr(event->extra, " (");
    if (!met && words) {
        buf_clear(&line);
        buf_addf(&line, "%s = %.*s", event->text, (int)(words - event->extra), event->extra);
        met = matches(e->wanted, buf_text(&line));
    }
    buf_free(&line);
    return met;
}

/* In order: behind the call that met the last such expectation about the same actor. */
bool judge_calls(struct judging *judging, const struct expectation *e) {
    size_t own = (size_t)(e - judging->step->expectations);
    uint64_t number = judging->before;
    for (size_t i = 0; i < own; i++)
        if (judging->matched[i] && strcmp(judging->step->expectations[i].actor, e->actor) == 0)
            number = judging->matched[i];
    const struct event *event;
    while ((event = next_event(judging, EVENT_RETURNED, e->actor, &number)) != NULL) {
        if (call_meets(judging, e, event)) {
            judging->matched[own] = e->negated ? 0 : number;
            see_call(&judging->seen, event, "");
            return true;
        }
        if (judging->seen.length < SEEN_MAX) {
            buf_add_text(&judging->seen, judging->seen.length > 0 ? ", " : "");
            see_call(&judging->seen, event, "");
        }
    }
    if (judging->seen.length == 0)
        buf_addf(&judging->seen, "%s made no such call", e->actor);
    return false;
}

/* Is it this id, or a more particular one? */
static bool id_meets(const char *id, const char *wanted) {
    size_t length = strlen(wanted);
    return strncmp(id, wanted, length) == 0 && (id[length] == '\0' || id[length] == '-');
}

bool judge_explains(struct judging *judging, const struct expectation *e) {
    static const enum event_type types[] = {EVENT_RETURNED, EVENT_DIED};
    const struct event *event;
    for (size_t i = 0; i < 2; i++) {
        for (uint64_t number = judging->before; (event = next_event(judging, types[i], e->actor, &number));) {
            if (event->id[0] == '\0')
                continue;
            buf_addf(&judging->seen, "%s%s", judging->seen.length > 0 ? ", " : "", event->id);
            if (id_meets(event->id, e->wanted))
                return true;
        }
    }
    if (judging->seen.length == 0)
        buf_add_text(&judging->seen, "nothing was explained");
    return false;
}

/* ---- One kind each: does it say that such an event may come?  (Whether it is the right one was judged.) ---- */

bool foresees_failure(const struct expectation *e, const struct event *event) {
    return event->type == EVENT_RETURNED && e->number == -1 && (e->error == 0 || e->error == event->error);
}

bool foresees_call(const struct expectation *e, const struct event *event) {
    return event->type == EVENT_RETURNED && e->error == event->error;
}

bool foresees_death(const struct expectation *e, const struct event *event) {
    (void)e;
    return event->type == EVENT_DIED;
}

bool foresees_fault(const struct expectation *e, const struct event *event) {
    (void)e;
    return event->type == EVENT_FAULT;
}

bool foresees_explained(const struct expectation *e, const struct event *event) {
    return id_meets(event->id, e->wanted);
}
