/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots and the observer who takes them; see snapshot.h. */
#include "observe/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "observe/snapshot_parts.h"

/* Sockets of an actor whose options are asked for in one look at everything, 5 µs each. */
#define OPTIONS_MOST 256

/* ---- The observer ---- */

struct observer *observer_new(bool private_network) {
    struct observer *observer = mem_alloc(sizeof(*observer));
    observer->private_network = private_network;
    observer->places = mem_alloc(sizeof(*observer->places));
    observer->places[0].diag = diag_new();
    observer->place_count = 1;
    return observer;
}

void observer_free(struct observer *observer) {
    if (observer == NULL)
        return;
    for (size_t i = 0; i < observer->place_count; i++)
        diag_free(observer->places[i].diag);
    free(observer->places);
    for (size_t i = 0; i < observer->process_count; i++)
        process_close(&observer->processes[i].process);
    free(observer->processes);
    sockopt_usual_free(&observer->usual);
    buf_free(&observer->missing_told);
    free(observer);
}

bool observer_complaints(struct observer *observer, struct buf *out) {
    size_t before = out->length;
    if (observer->refused && !observer->refused_told) {
        observer->refused_told = true;
        buf_addf(
            out,
            "The kernel does not let us look into the actors' sockets (pidfd_getfd: %s); only what /proc "
            "and sock_diag tell is shown.\n",
            strerror(observer->refused_errno));
    }
    struct buf missing = {0};
    if (observer->places[0].diag == NULL && !observer->diag_told) {
        observer->diag_told = true;
        buf_add_text(
            out, "This kernel has no sock_diag; only what getsockopt() and getsockname() tell is shown.\n");
    } else if (observer->places[0].diag != NULL && diag_missing(observer->places[0].diag, &missing) &&
               strcmp(buf_text(&missing), buf_text(&observer->missing_told)) != 0) {
        buf_addf(out, "Some of the state is from getsockopt() and getsockname() only (%s).\n",
                 buf_text(&missing));
        buf_clear(&observer->missing_told);
        buf_add_text(&observer->missing_told, buf_text(&missing));
    }
    buf_free(&missing);
    return out->length > before;
}

bool observer_all(struct observer *observer, uint32_t place, int family, int protocol, observer_each *each,
                  void *context) {
    struct diag *diag = observer_diag(observer, place);
    return diag != NULL && diag_dump(diag, family, protocol, each, context) == DIAG_FOUND;
}

const struct process *observer_process(struct observer *observer, pid_t pid) {
    for (size_t i = 0; i < observer->process_count; i++)
        if (observer->processes[i].pid == pid)
            return &observer->processes[i].process;
    struct process process = {-1, -1, -1, 0};
    if (pid <= 0 || !process_open(&process, pid)) {
        if (pid > 0 && (errno == EACCES || errno == EPERM)) {
            observer->refused = true;
            observer->refused_errno = errno;
        }
        return NULL;
    }
    observer->processes =
        mem_grow(observer->processes, observer->process_count + 1, sizeof(*observer->processes));
    observer->processes[observer->process_count] = (struct known_process){pid, process};
    return &observer->processes[observer->process_count++].process;
}

const struct process *observer_watched(struct observer *observer, const struct watched *watched) {
    if (observer_process(observer, watched->pid) == NULL)
        return NULL;
    for (size_t i = 0; i < observer->process_count; i++)
        if (observer->processes[i].pid == watched->pid)
            observer->processes[i].process.place = watched->place;
    return observer_process(observer, watched->pid);
}

/* Processes that are nobody's any more: their numbers may be given anew. */
static void forget_others(struct observer *observer, const struct watched *actors, size_t count) {
    for (size_t i = 0; i < observer->process_count;) {
        bool wanted = false;
        for (size_t j = 0; j < count; j++)
            wanted = wanted || actors[j].pid == observer->processes[i].pid;
        if (wanted) {
            i++;
            continue;
        }
        process_close(&observer->processes[i].process);
        observer->processes[i] = observer->processes[--observer->process_count];
    }
}

/* ---- Taking one ---- */

static const struct seen_actor *same_actor(const struct snapshot *previous, const struct watched *watched) {
    for (size_t i = 0; previous != NULL && i < previous->actor_count; i++)
        if (previous->actors[i].pid == watched->pid && strcmp(previous->actors[i].name, watched->name) == 0)
            return &previous->actors[i];
    return NULL;
}

/* What is known of a socket now is so for everyone who has it. */
static void share(struct snapshot *now, const struct descriptor *asked) {
    for (size_t i = 0; asked->facts_known && i < now->actor_count; i++) {
        struct descriptor_table *table = &now->actors[i].table;
        const struct descriptor *at = table_find(table, asked->socket.cookie, 0);
        for (; at != NULL; at = table_find(table, asked->socket.cookie, at->fd + 1)) {
            struct descriptor changed = *at;
            changed.socket = asked->socket;
            changed.options = asked->options;
            changed.nonblocking =
                asked->nonblocking; /* O_NONBLOCK is the open file's too: open(2), fcntl(2) */
            if (memcmp(&changed, at, sizeof(changed)) == 0)
                continue;
            table_set(table, &changed);
            at = table_get(table, changed.fd);
        }
    }
}

static void take_touched(struct observer *observer, struct snapshot *now, const struct watched *actors,
                         const struct touched *touched, size_t count) {
    struct descriptor descriptor;
    for (size_t i = 0; i < count; i++) {
        const struct watched *watched = &actors[touched[i].actor];
        struct descriptor_table *table = &now->actors[touched[i].actor].table;
        const struct process *process = observer_watched(observer, watched);
        int fd = touched[i].fd;
        if (fd < 0 || watched->as_before || (fd >= watched->hidden_from && fd < watched->hidden_to))
            continue;
        const struct descriptor *known = table_get(table, fd);
        if (process == NULL ||
            !look_at(observer, process, fd, known, NULL, touched[i].options || known == NULL, &descriptor)) {
            table_remove(table, fd);
            continue;
        }
        table_set(table, &descriptor);
        share(now, &descriptor);
    }
}

struct snapshot *snapshot_take(struct observer *observer, const struct watched *actors, size_t actor_count,
                               const struct touched *touched, size_t touched_count,
                               const struct snapshot *previous, enum options_wanted options) {
    struct snapshot *now = mem_alloc(sizeof(*now));
    bool everything = touched == NULL || previous == NULL;
    struct dump dump;
    now->time_ns = clock_now_ns();
    now->private_network = observer->private_network;
    now->actors = mem_alloc(actor_count * sizeof(*now->actors));
    now->actor_count = actor_count;
    forget_others(observer, actors, actor_count);
    if (everything)
        dump_take(observer, &dump);
    for (size_t i = 0; i < actor_count; i++) {
        struct seen_actor *seen = &now->actors[i];
        const struct seen_actor *before = same_actor(previous, &actors[i]);
        strncpy(seen->name, actors[i].name, sizeof(seen->name) - 1);
        seen->pid = actors[i].pid;
        seen->place = actors[i].place;
        if (seen->pid == 0 || (actors[i].as_before && before == NULL))
            continue;
        /* One that was born since cannot have been told about: all of it is new. */
        if (!actors[i].as_before && (everything || before == NULL))
            look_at_all(observer, &actors[i], before != NULL ? &before->table : NULL,
                        everything ? &dump : NULL, options == OPTIONS_ALL ? SIZE_MAX : OPTIONS_MOST,
                        &seen->table);
        else
            table_share(&seen->table, &before->table);
    }
    if (everything) {
        follow_all(observer, now, previous, &dump);
        dump_free(&dump);
    } else {
        take_touched(observer, now, actors, touched, touched_count);
        follow_touched(observer, now, previous, touched, touched_count);
    }
    return now;
}

void snapshot_free(struct snapshot *snapshot) {
    if (snapshot == NULL)
        return;
    for (size_t i = 0; i < snapshot->actor_count; i++)
        table_free(&snapshot->actors[i].table);
    free(snapshot->actors);
    free(snapshot->unowned);
    free(snapshot);
}

/* ---- Reading one ---- */

bool snapshot_is_private(const struct snapshot *snapshot) {
    return snapshot->private_network;
}

int64_t snapshot_time_ns(const struct snapshot *snapshot) {
    return snapshot->time_ns;
}

size_t snapshot_actors(const struct snapshot *snapshot) {
    return snapshot->actor_count;
}

const char *snapshot_actor(const struct snapshot *snapshot, size_t actor) {
    return snapshot->actors[actor].name;
}

pid_t snapshot_pid(const struct snapshot *snapshot, size_t actor) {
    return snapshot->actors[actor].pid;
}

uint32_t snapshot_place(const struct snapshot *snapshot, size_t actor) {
    return actor < snapshot->actor_count ? snapshot->actors[actor].place : 0;
}

size_t snapshot_actor_named(const struct snapshot *snapshot, const char *name) {
    for (size_t i = 0; i < snapshot->actor_count; i++)
        if (strcmp(snapshot->actors[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

const struct descriptor *snapshot_get(const struct snapshot *snapshot, size_t actor, int fd) {
    return actor < snapshot->actor_count ? table_get(&snapshot->actors[actor].table, fd) : NULL;
}

const struct descriptor *snapshot_next(const struct snapshot *snapshot, size_t actor, int from) {
    return actor < snapshot->actor_count ? table_next(&snapshot->actors[actor].table, from) : NULL;
}

const struct descriptor *snapshot_walk(const struct snapshot *snapshot, struct holder *at) {
    for (; at->actor < snapshot->actor_count; *at = (struct holder){at->actor + 1, -1}) {
        const struct descriptor *next = table_next(&snapshot->actors[at->actor].table, at->fd + 1);
        if (next != NULL) {
            at->fd = next->fd;
            return next;
        }
    }
    return NULL;
}

const struct descriptor *snapshot_next_restless(const struct snapshot *snapshot, size_t actor, int from,
                                                bool strangers) {
    return actor < snapshot->actor_count
               ? table_next_restless(&snapshot->actors[actor].table, from, strangers)
               : NULL;
}

size_t snapshot_holders(const struct snapshot *snapshot, uint64_t cookie, struct holder *holders,
                        size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < snapshot->actor_count; i++) {
        const struct descriptor_table *table = &snapshot->actors[i].table;
        const struct descriptor *descriptor = table_find(table, cookie, 0);
        for (; descriptor != NULL; descriptor = table_find(table, cookie, descriptor->fd + 1)) {
            if (count < most)
                holders[count] = (struct holder){i, descriptor->fd};
            count++;
        }
    }
    return count;
}

size_t snapshot_unowned_count(const struct snapshot *snapshot) {
    return snapshot->unowned_count;
}

size_t snapshot_unowned_more(const struct snapshot *snapshot) {
    return snapshot->unowned_more;
}

const struct unowned *snapshot_unowned(const struct snapshot *snapshot, size_t i) {
    return i < snapshot->unowned_count ? &snapshot->unowned[i] : NULL;
}

const struct unowned *snapshot_unowned_find(const struct snapshot *snapshot, uint64_t cookie) {
    for (size_t i = 0; cookie != 0 && i < snapshot->unowned_count; i++)
        if (snapshot->unowned[i].facts.cookie == cookie)
            return &snapshot->unowned[i];
    return NULL;
}
