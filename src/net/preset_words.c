/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the settings of a private network are good for, in sentences; see preset.h. */
#include "net/preset.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct {
    const char *name, *on, *off;
} settings[PRESET_SETTINGS] = {
    [PRESET_QUICKACK] =
        {"quickack",
         "TCP acknowledges at once (the routes here, to 127.0.0.0/8, ::1 and between hosts, have "
         "quickack 1). Elsewhere it may wait some 40 ms for data to send along, and a connection that is "
         "being closed stays in FIN_WAIT1 for as long.",
         "TCP may put an acknowledgement off for some 40 ms, to send it along with data, as it does "
         "elsewhere: a connection that is being closed stays in FIN_WAIT1 for as long, and what Nagle's "
         "algorithm holds back waits for as long."},
    [PRESET_MTU] = {"mtu",
                    "Loopback's MTU is 1500, as Ethernet's is: what does not fit into a packet takes "
                    "several. Elsewhere it is 65536.",
                    "Loopback's MTU is 65536, as it is elsewhere: what takes 44 packets on Ethernet is one here."},
    [PRESET_SEGMENTS] =
        {"segments",
         "Each packet on loopback is one segment: none are put together for speed (TSO, GSO and GRO are "
         "off). Elsewhere the kernel hands over up to 64 KiB in one, for the network card to cut up.",
         "Segments are put together for speed on loopback (TSO, GSO and GRO are on), as they are "
         "elsewhere: a capture shows packets that are longer than the MTU, and that no wire ever saw."},
    [PRESET_QUIET] =
        {"quiet",
         "Between hosts IPv6 says nothing on its own account: it gives itself no address (fe80::…), searches for no "
         "routers, reports no multicast groups. Elsewhere it does, whenever an interface comes up.",
         "Between hosts IPv6 speaks on its own account, as it does elsewhere when an interface comes up: it gives "
         "itself an address (fe80::…), asks whether somebody else has it, searches for routers, and reports its "
         "multicast groups (RFC 4862, 4861, 3810)."},
    [PRESET_PATIENCE] =
        {"patience",
         "A socket that no program has any more waits in FIN_WAIT2 for ten minutes (net.ipv4.tcp_fin_timeout), and no "
         "RST ends TIME_WAIT (tcp_rfc1337): who is reading needs time. Elsewhere it is one minute, and a RST does.",
         "A socket that no program has any more waits in FIN_WAIT2 for one minute (net.ipv4.tcp_fin_timeout), and a "
         "RST ends TIME_WAIT (tcp_rfc1337), as they do elsewhere."},
};

const char *preset_name(size_t setting) {
    return setting < PRESET_SETTINGS ? settings[setting].name : NULL;
}

void preset_tell_setting(const struct preset *preset, enum preset_setting setting, struct buf *out) {
    bool off = preset->off[setting];
    buf_addf(out, "preset %s %s: %s", settings[setting].name, off ? "off" : "on",
             off ? settings[setting].off : settings[setting].on);
    if (preset->refused[setting])
        buf_add_text(out, " But here, or in one of the hosts, it could not be made so: a container forbids "
                          "it, or has a read-only /proc/sys.");
    buf_add_char(out, '\n');
}

void preset_tell(const struct preset *preset, struct buf *out) {
    for (size_t i = 0; i < PRESET_SETTINGS; i++)
        preset_tell_setting(preset, (enum preset_setting)i, out);
    if (preset->table_places != 0)
        buf_addf(out,
                 "The kernel's tables of TCP and of UDP sockets have %u places here "
                 "(net.ipv4.tcp_child_ehash_entries), so that it can be asked for all of them in no "
                 "time.\n",
                 preset->table_places);
    if (preset->low_ports)
        buf_add_text(out,
                     "Ports below 1024 need no privilege here (net.ipv4.ip_unprivileged_port_start = 0).\n");
    if (preset->whole_frames)
        buf_add_text(out, "Between hosts every frame is whole, with its checksum and 1500 bytes at most (eth0 has "
                          "no offloads): the wire is the shell's own.\n");
}

/* ---- What is wanted ---- */

static bool take_words(char *words, size_t *setting, bool *on) {
    char *rest = NULL, *first = strtok_r(words, " \t", &rest), *second = strtok_r(NULL, " \t", &rest);
    const char *state = second != NULL ? second : first;
    *setting = PRESET_SETTINGS;
    if (state == NULL || strtok_r(NULL, " \t", &rest) != NULL)
        return false;
    for (size_t i = 0; second != NULL && preset_name(i) != NULL; i++)
        if (strcmp(preset_name(i), first) == 0)
            *setting = i;
    *on = strcmp(state, "on") == 0;
    return (*on || strcmp(state, "off") == 0) && (second == NULL || *setting < PRESET_SETTINGS);
}

bool preset_read(const char *words, size_t *setting, bool *on) {
    char *copy = mem_string(words);
    bool understood = take_words(copy, setting, on);
    free(copy);
    return understood;
}

bool preset_wish(struct preset_wish *wish, const char *words) {
    size_t setting;
    bool on;
    if (!preset_read(words, &setting, &on))
        return false;
    for (size_t i = 0; i < PRESET_SETTINGS; i++)
        if (setting == PRESET_SETTINGS || setting == i)
            wish->of[i] = on ? PRESET_ON : PRESET_OFF;
    return true;
}

bool preset_is_wished(const struct preset_wish *wish) {
    static const struct preset_wish nothing;
    return memcmp(wish, &nothing, sizeof(nothing)) != 0;
}

void preset_follow(const struct preset_wish *wish, bool off[PRESET_SETTINGS]) {
    for (size_t i = 0; i < PRESET_SETTINGS; i++)
        if (wish->of[i] != PRESET_UNSAID)
            off[i] = wish->of[i] == PRESET_OFF;
}
