/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .network: where the sockets live; .host: one more host there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "call/explain.h"
#include "net/network.h"
#include "shell/commands.h"
#include "shell/hosts.h"
#include "shell/link_words.h"

static void tell(struct command_line *line, struct buf *out) {
    shell_note(line->shell, "%s", buf_text(out));
    buf_free(out);
}

static void say_hosts(const struct shell *shell, struct buf *out) {
    const struct network_host *host;
    for (size_t i = 0; (host = network_host(shell->network, i)) != NULL; i++) {
        struct actor *actor;
        const char *comma = "";
        buf_addf(out, "    host %-10s %s", host->name, host->ipv4);
        if (host->ipv6[0] != '\0')
            buf_addf(out, ", %s", host->ipv6);
        buf_add_text(out, ": ");
        for (size_t j = 0; (actor = crew_at(shell->crew, j)) != NULL; j++)
            if (actor_place(actor) == i && actor_state(actor) != ACTOR_DEAD) {
                buf_addf(out, "%s%s", comma, actor_name(actor));
                comma = ", ";
            }
        buf_add_text(out, *comma != '\0' ? "\n" : "nobody\n");
    }
}

/* A paragraph each line. */
static void say_lines(const struct shell *shell, const struct buf *lines, struct buf *out) {
    for (const char *at = buf_text(lines), *end; *at != '\0'; at = end + (*end != '\0')) {
        end = strchrnul(at, '\n');
        char *line = mem_string_n(at, (size_t)(end - at));
        text_wrap(line, shell->columns, 4, out);
        free(line);
    }
}

static void say_preset(const struct shell *shell, struct buf *out) {
    struct buf lines = {0};
    preset_tell(network_preset(shell->network), &lines);
    say_lines(shell, &lines, out);
    buf_free(&lines);
}

/* On the machine's own network: why not in a private one? */
static void say_possible(const struct shell *shell, struct buf *out) {
    struct error error = {0};
    if (network_possible(&error)) {
        text_wrap("A private one can be had: sockshell --network=private", shell->columns, 4, out);
        return;
    }
    struct buf why = {0};
    buf_addf(&why, "%s. %s", error.text, error.hint != NULL ? error.hint : "");
    text_wrap(buf_text(&why), shell->columns, 4, out);
    buf_free(&why);
    error_free(&error);
}

static bool show_network(struct command_line *line) {
    const struct shell *shell = line->shell;
    struct buf out = {0};
    buf_addf(&out, "%s\n", shell->network_note != NULL ? shell->network_note : "");
    if (shell->network_why != NULL)
        text_wrap(shell->network_why, shell->columns, 4, &out);
    if (shell->network == NULL) {
        say_possible(shell, &out);
    } else {
        say_hosts(shell, &out);
        link_say_all(shell->network, &out);
        say_preset(shell, &out);
        struct net_wire *wire = network_wire(shell->network);
        uint64_t missed = wire != NULL ? net_wire_missed(wire) : 0;
        if (missed > 0)
            buf_addf(&out, "    %" PRIu64 " frames came faster than they could be passed on, and were lost\n",
                     missed);
    }
    tell(line, &out);
    return true;
}

/* ---- .network preset ---- */

static bool switch_settings(struct command_line *line, size_t setting, bool on) {
    struct network *network = line->shell->network;
    struct buf lines = {0}, out = {0};
    for (size_t i = 0; i < PRESET_SETTINGS; i++) {
        if (setting != PRESET_SETTINGS && setting != i)
            continue;
        network_set(network, (enum preset_setting)i, on);
        preset_tell_setting(network_preset(network), (enum preset_setting)i, &lines);
    }
    say_lines(line->shell, &lines, &out);
    buf_free(&lines);
    tell(line, &out);
    return true;
}

bool command_network(struct command_line *line) {
    size_t word = strcspn(line->argument, " \t"), setting;
    bool on;
    if (line->argument[0] == '\0')
        return show_network(line);
    if (strncmp(line->argument, "preset ", word + 1) != 0 || !preset_read(line->argument + word, &setting, &on)) {
        command_misused(line, "the settings of the network are switched on or off, one or all of them");
        error_hint(line->error,
                   ".network preset off, .network preset quickack on; .network says which there are");
        return false;
    }
    if (line->shell->network == NULL) {
        command_misused(line, "the settings are those of a private network, and this is the machine's own");
        error_hint(line->error, "sockshell --network=private has one");
        return false;
    }
    shell_settle(line->shell);
    return switch_settings(line, setting, on);
}

/* ---- .host ---- */

bool command_host(struct command_line *line) {
    size_t length = strcspn(line->argument, " \t");
    const char *address = line->argument + length + strspn(line->argument + length, " \t");
    if (length == 0 || strpbrk(address, " \t") != NULL)
        return command_misused(line, "a host has a name and perhaps an address: .host cheerios 10.0.0.7");
    char *name = mem_string_n(line->argument, length);
    bool added = hosts_add(line->shell, name, *address != '\0' ? address : NULL, line->error);
    free(name);
    if (!added)
        return false;
    const struct network *network = line->shell->network;
    const struct network_host *host = network_host(network, network_hosts(network) - 1);
    shell_note(line->shell, "host %s: eth0 has %s%s%s%s", host->name, host->ipv4,
               host->ipv6[0] != '\0' ? " and " : "", host->ipv6,
               network_hosts(network) == 1 ? "; everybody who was there already is on it" : "");
    return true;
}
