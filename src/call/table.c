/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of calls: the rows of all topics, one after the other, and how they are found. */
#include "call/call.h"

#include <string.h>

#include "call/rows.h"

/* The order of the help. */
static const struct call *const topics[] = {
    calls_socket,  calls_connection, calls_option, calls_data,  calls_message, calls_wait, calls_epoll,
    calls_fd,      calls_process,    calls_signal, calls_names, calls_bytes,   calls_memory, calls_text,
    calls_stdio,
};
#define TOPIC_COUNT (sizeof topics / sizeof *topics)

/* A walk over a hundred rows takes well under a microsecond, most rows failing
 * at the first letter; an index would have to be built and kept somewhere. */
const struct call *call_find(const char *name) {
    for (size_t t = 0; t < TOPIC_COUNT; t++)
        for (const struct call *call = topics[t]; call->name != NULL; call++)
            if (call->name[0] == name[0] && strcmp(call->name, name) == 0)
                return call;
    return NULL;
}

const struct call *call_at(size_t i) {
    for (size_t t = 0; t < TOPIC_COUNT; t++)
        for (const struct call *call = topics[t]; call->name != NULL; call++)
            if (i-- == 0)
                return call;
    return NULL;
}

size_t call_count_args(const struct call *call) {
    size_t count = 0;

    while (call->args[count].kind != ARG_END)
        count++;
    return count;
}

const char *call_errno_means(const struct call *call, int number) {
    for (const struct call_errno *e = call->errors; e != NULL && e->number != 0; e++)
        if (e->number == number)
            return e->means;
    return NULL;
}

const char *call_error_name(const struct call *call, int number) {
    if (call == NULL || call->failures == NULL)
        return errno_name(number);
    return constant_name(call->failures->names, number);
}

const char *call_error_words(const struct call *call, int number) {
    if (call == NULL || call->failures == NULL)
        return strerrordesc_np(number); /* never translated and never overwritten, unlike strerror()'s */
    return call->failures->words(number);
}
