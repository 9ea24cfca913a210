#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On the machine's own network other programs talk as well: their packets are
# counted, not shown, unless they are asked for, and none of the actors' is lost
# by that, whoever they talk to. A network that two shells share stands for it.
set -u
program=${top_builddir:-.}/sockshell
LC_ALL=C.UTF-8
export LC_ALL

skip() {
    echo "skipped: $*"
    exit 77
}
if [ "${1:-}" != inside ]; then
    for tool in ip unshare mkfifo; do
        command -v $tool >/dev/null 2>&1 || skip "no $tool here; Debian packages: iproute2 util-linux"
    done
    unshare --user --map-root-user --net true 2>/dev/null || skip "no private network here"
    unshare --user --map-root-user --net /bin/sh "$0" inside
    exit
fi
ip link set lo up || skip "the loopback interface cannot be brought up"
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-strangers.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
fail() {
    echo "$*"
    cat "$work/out"
    exit 1
}

# Ours, a line at a time: what it says is in $work/out up to the mark that is asked for last.
mkfifo "$work/in" "$work/said" || exit 99
timeout 60 "$program" --network=host <"$work/in" >"$work/said" 2>&1 &
exec 8>"$work/in" 9<"$work/said"
marks=0
ours() { # lines
    marks=$((marks + 1))
    printf '%s\n' "$@" "client> puts(\"mark$marks\")" >&8
    : >"$work/out"
    while IFS= read -r line <&9; do
        [ "$line" = "client| mark$marks" ] && return
        printf '%s\n' "$line" >>"$work/out"
    done
    fail "the shell has ended"
}
# Somebody else's: a conversation of two, and one datagram that goes to port 7 of whoever has it.
stranger() {
    timeout 30 "$program" --network=host >"$work/other" 2>&1 <<'END' || fail "the stranger failed: $(cat "$work/other")"
s = socket inet stream
int yes = 1; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)); bind(s, "127.0.0.1:9999")
listen(s, 5)
client> c = socket inet stream
client> connect(c, "127.0.0.1:9999")
t = accept(s)
client> send(c, "between strangers")
recv(t)
client> d = socket inet dgram
client> bind(d, "127.0.0.1:9998")
client> sendto(d, "to seven", 8, 0, "127.0.0.1:7")
client> e = socket inet stream
client> connect(e, "127.0.0.1:8888")
END
}
has() {
    grep -q -e "$1" "$work/out" || fail "no $1"
}
hasnt() {
    grep -q -e "$1" "$work/out" && fail "there is $1"
}

ours '.watch on' '.wire on'
grep -q "CAP_NET_RAW" "$work/out" && skip "packets cannot be seen here: $(cat "$work/out")"
has 'wire on all: other programs'
stranger
ours '.wire'
hasnt 'strangers'
hasnt 'SYN'
has 'packets of other programs were passed over; .wire on all takes'

# A conversation of ours, one that is refused, and those that others begin: all of them are there. (The stranger's port
# 9998 has talked to port 7 when nobody had that.)
ours 's = socket inet stream' 'bind(s, "127.0.0.1:8888")' 'listen(s, 5)' 'u = socket inet dgram' \
    'bind(u, "0.0.0.0:7")' '.wire clear' '.wire'
hasnt 'of other programs'
ours 'client> c = socket inet stream' 'client> connect(c, "127.0.0.1:8888")' 't = accept(s)' 'client> send(c, "ours")' \
    'client> close(c)' 'close(t)' 'client> r = socket inet stream' 'client> connect(r, "127.0.0.1:4")' \
    'client> sendto(socket(AF_INET, SOCK_DGRAM, 0), "lost", 4, 0, "127.0.0.1:5")'
stranger
ours '.wire all'
has 'PSH ACK seq 1 ack 1 len 4 "ours"'
has 'FIN ACK seq 5 ack 1'
has 'RST ACK'
has 'UDP len 4 "lost"'
has 'ICMP'
has 'to seven'
hasnt 'between strangers'
[ "$(grep -c '^[ 0-9]* [0-9]*\.[0-9]* .* SYN seq 0' "$work/out")" = 3 ] || fail "not three connections: ours, the refused one, the stranger's to us"
has 'packets of other programs were passed over'

# Everybody's.
ours '.wire on all' '.wire clear'
stranger
ours '.wire all'
has 'between strangers'
hasnt 'of other programs'
ours '.wire on' '.wire clear'
stranger
ours '.wire all'
hasnt 'between strangers'
exec 8>&- 9<&-
wait
exit 0
