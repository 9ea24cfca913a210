/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's eye on the kernel; see watch.h. What it sees goes into the journal in changes.c. */
#include "shell/watch.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "actor/serve.h"
#include "base/clock.h"
#include "net/network.h"
#include "shell/changes.h"
#include "shell/packets.h"

/* Where another program may act on a socket: how often it is looked at. */
#define STRANGERS_NS 250000000
/* A timer that ought to have ended is not waited for more often than this. */
#define TIMER_LEAST_NS 20000000
/* Descriptors that are looked at when time has passed; of more, others the next time. */
#define RESTLESS_MOST 256

static void add_host(struct shell *shell, size_t i) {
    const struct network_host *host = network_host(shell->network, i);
    struct in_addr ipv4 = {INADDR_ANY};
    struct in6_addr ipv6 = IN6ADDR_ANY_INIT;
    inet_pton(AF_INET, host->ipv4, &ipv4);
    if (host->ipv6[0] != '\0')
        inet_pton(AF_INET6, host->ipv6, &ipv6);
    int fd = i > 0 ? network_socket(shell->network, i, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG) : -1;
    observer_add_place(shell->observer, (uint32_t)i, fd, &ipv4, &ipv6);
}

void watch_new_host(struct shell *shell) {
    if (shell->observer != NULL)
        add_host(shell, network_hosts(shell->network) - 1);
}

struct observer *shell_observer(struct shell *shell) {
    if (shell->observer == NULL) {
        shell->observer = observer_new(shell->private_network);
        for (size_t i = 0; shell->network != NULL && i < network_hosts(shell->network); i++)
            add_host(shell, i);
    }
    return shell->observer;
}

void watch_actor(const struct actor *actor, struct watched *watched) {
    int control = serve_control_number();
    bool seen = actor_state(actor) != ACTOR_DEAD && actor_has_greeted(actor);
    *watched = (struct watched){
        .name = actor_name(actor),
        .pid = seen ? actor_pid(actor) : 0,
        .place = (uint32_t)actor_place(actor),
        .hidden_from = control,
        .hidden_to = control + 2, /* and the lifeline */
    };
}

/* Who was in fork() meanwhile, and so had descriptors that are ours, is to be left as it was. True: there is one more
 * of them. */
static bool leave_forking(const struct shell *shell, const uint64_t *forks, struct watched *watched, size_t actors) {
    bool more = false;
    for (size_t i = 0; i < actors; i++) {
        bool forking = forks[i] % 2 == 1 || actor_forks(crew_at(shell->crew, i)) != forks[i];
        more = more || (forking && !watched[i].as_before);
        watched[i].as_before = watched[i].as_before || forking;
    }
    return more;
}

struct snapshot *watch_take(struct shell *shell, const struct touched *touched, size_t count,
                            enum options_wanted options) {
    struct watched watched[CREW_MAX];
    uint64_t forks[CREW_MAX];
    struct snapshot *now = NULL;
    struct actor *actor;
    size_t actors = 0;
    for (; actors < CREW_MAX && (actor = crew_at(shell->crew, actors)) != NULL; actors++) {
        forks[actors] = actor_forks(actor);
        watch_actor(actor, &watched[actors]);
        watched[actors].as_before = forks[actors] % 2 == 1;
    }
    do {
        snapshot_free(now);
        now = snapshot_take(shell_observer(shell), watched, actors, touched, count, shell->seen, options);
    } while (leave_forking(shell, forks, watched, actors));
    return now;
}

void watch_keep(struct shell *shell, struct snapshot *now) {
    snapshot_free(shell->seen);
    shell->seen = now;
    shell->timed = false;
}

struct snapshot *shell_snapshot(struct shell *shell) {
    return watch_take(shell, NULL, 0, OPTIONS_NEW);
}

static const struct snapshot *look(struct shell *shell, const struct touched *touched, size_t count) {
    struct snapshot *now = watch_take(shell, touched, count, OPTIONS_ALL);
    if (watch_get(shell) != WATCH_OFF)
        changes_by_themselves(shell, now);
    watch_keep(shell, now);
    return now;
}

const struct snapshot *shell_look(struct shell *shell) {
    return look(shell, NULL, 0);
}

const struct snapshot *shell_look_at(struct shell *shell, const struct actor *actor, int fd) {
    struct touched touched = {.fd = fd, .options = true};
    while (crew_at(shell->crew, touched.actor) != actor)
        touched.actor++;
    return look(shell, watch_get(shell) != WATCH_OFF ? &touched : NULL, 1);
}

void watch_end(struct shell *shell) {
    snapshot_free(shell->seen);
    observer_free(shell->observer);
    shell->seen = NULL;
    shell->observer = NULL;
}

enum watch_level watch_get(const struct shell *shell) {
    return crew_watch_level(shell->crew);
}

static void tell_crew(struct shell *shell, enum watch_level level) {
    const struct crew_watcher watcher = {shell, changes_settled};
    bool wanted = level != WATCH_OFF || packets_are_seen(shell);
    crew_watch_calls(shell->crew, level, wanted ? &watcher : NULL);
}

void watch_set(struct shell *shell, enum watch_level level) {
    if (level != WATCH_OFF && watch_get(shell) == WATCH_OFF && shell->seen != NULL)
        watch_keep(shell, shell_snapshot(shell)); /* what changed unwatched is not told of */
    if (level == WATCH_STEPS && watch_get(shell) != WATCH_STEPS)
        shell->unstepped = watch_get(shell);
    tell_crew(shell, level);
}

void watch_renew(struct shell *shell) {
    tell_crew(shell, watch_get(shell));
}

void watch_before(struct shell *shell) {
    if (watch_get(shell) == WATCH_OFF)
        return;
    packets_usual(shell);
    if (shell->seen == NULL)
        watch_keep(shell, shell_snapshot(shell));
}

/* ---- What changes by itself ---- */

/* When may this socket be in another state without anybody here doing anything?  Nanoseconds; -1: never. */
static int64_t restless_ns(const struct shell *shell, const struct socket_facts *facts) {
    if (facts->timer_known && facts->timer != TIMER_NONE && facts->timer != TIMER_KEEPALIVE) {
        int64_t left = facts->timer_ms * MILLISECOND_NS + MILLISECOND_NS;
        return left > TIMER_LEAST_NS ? left : TIMER_LEAST_NS;
    }
    return socket_is_moving(facts) || (!shell->private_network && socket_is_reachable(facts)) ? STRANGERS_NS
                                                                                              : -1;
}

static int64_t sooner(int64_t a, int64_t b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Everything that is restless, from the descriptor on where the last look ended. */
static size_t collect(struct shell *shell, struct touched touched[RESTLESS_MOST], int64_t *delay) {
    const struct snapshot *seen = shell->seen;
    size_t count = 0;
    *delay = -1;
    for (size_t actor = 0; actor < snapshot_actors(seen); actor++) {
        bool strangers = !shell->private_network;
        const struct descriptor *at = snapshot_next_restless(seen, actor, 0, strangers);
        for (; at != NULL && count < RESTLESS_MOST;
             at = snapshot_next_restless(seen, actor, at->fd + 1, strangers)) {
            touched[count++] = (struct touched){.actor = actor, .fd = at->fd};
            *delay = sooner(*delay, restless_ns(shell, &at->socket));
        }
    }
    for (size_t i = 0; i < snapshot_unowned_count(seen); i++) {
        const struct unowned *unowned = snapshot_unowned(seen, i);
        int64_t left = restless_ns(shell, &unowned->facts);
        /* Its last timer: the kernel tells no time, but lets nobody wait for ever. */
        if (left < 0 && unowned->why == UNOWNED_CLOSED)
            left = STRANGERS_NS;
        *delay = sooner(*delay, left);
    }
    return count;
}

int64_t watch_next_look(struct shell *shell) {
    struct touched touched[RESTLESS_MOST];
    int64_t delay, now = clock_now_ns();
    if (watch_get(shell) == WATCH_OFF || shell->seen == NULL)
        return -1;
    if (!shell->timed) {
        collect(shell, touched, &delay);
        shell->look_ns = delay >= 0 ? now + delay : 0;
        shell->timed = true;
    }
    if (shell->look_ns == 0)
        return -1;
    return shell->look_ns > now ? shell->look_ns - now : 0;
}

void watch_by_itself(struct shell *shell) {
    struct touched touched[RESTLESS_MOST];
    int64_t delay;
    if (watch_next_look(shell) != 0 || !crew_settled(shell->crew))
        return;
    size_t count = collect(shell, touched, &delay);
    struct snapshot *now = watch_take(shell, touched, count, OPTIONS_NEW);
    changes_by_themselves(shell, now);
    watch_keep(shell, now);
}
