#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# .state and ss(8) of iproute2 look at the same sockets at the same moment, and
# say the same: kind, state, both queues and both addresses, for TCP, UDP and
# UNIX sockets, over IPv4 and IPv6, from LISTEN to TIME_WAIT.
set -u
program=${top_builddir:-.}/sockshell

skip() {
    echo "skipped: $*"
    exit 77
}

# All of it, ss too, in one network where nobody else has a socket.
if [ "${1:-}" != inside ]; then
    for tool in ss ip unshare mkfifo; do
        command -v $tool >/dev/null 2>&1 || skip "no $tool here; Debian packages: iproute2 util-linux"
    done
    unshare --user --map-root-user --net true 2>/dev/null || skip "no private network here"
    unshare --user --map-root-user --net /bin/sh "$0" inside
    exit
fi
ip link set lo up || skip "the loopback interface cannot be brought up"
ss -H -a -n -t -u -x >/dev/null 2>&1 || skip "ss does not work here"

work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-ss.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkfifo "$work/in" "$work/out" || exit 99
"$program" --network=host <"$work/in" >"$work/out" 2>"$work/err" &
exec 8>"$work/in" 9<"$work/out"
result=0 compared=0

# .state, one socket a line in the form of below: its long lines come in pieces, and
# its columns have fixed places.
ours() {
    awk '
    function finish(    protocol, kind, state, rest, received, sent, parts, addresses, where) {
        if (line == "") return
        kind = substr(line, 18, 11); state = substr(line, 30, 11); rest = substr(line, 42)
        gsub(/ +$/, "", kind); gsub(/ /, "", state)
        line = ""
        if (kind !~ /^(TCP|UDP|UNIX|raw)/) return
        # ss shows the protocol where others have the port.
        protocol = ""
        if (match(rest, /^protocol [0-9]+( \([A-Z0-9]+\))?(, )?/)) {
            protocol = ":" (substr(rest, 10) + 0)
            rest = substr(rest, RLENGTH + 1)
        }
        received = sent = 0
        if (match(rest, /accept queue [0-9]+\/[0-9]+/)) {
            split(substr(rest, RSTART + 13, RLENGTH - 13), parts, "/")
            received = parts[1]; sent = parts[2]
        }
        if (match(rest, /receive queue [0-9]+( and a FIN)?/))
            received = number(substr(rest, RSTART + 14, RLENGTH - 14))
        if (match(rest, /send queue [0-9]+( and a (FIN|SYN))?/))
            sent = number(substr(rest, RSTART + 11, RLENGTH - 11))
        sub(/,.*/, "", rest)
        rest = rest protocol
        where = split(rest, addresses, / *→ */)
        if (kind ~ /^UNIX/) {
            if (kind ~ /seqpkt/ && addresses[1] !~ /^@/) return
            if (addresses[1] == "unnamed" || addresses[1] == "" || addresses[1] ~ / /) addresses[1] = "-"
            print kind, state, received, sent, addresses[1]
            return
        }
        # Without an address yet, or after a reset: in no table that ss reads.
        if (addresses[1] !~ /:/ || (kind ~ /^TCP/ && state == "CLOSE")) return
        sub(/\/IPv6/, "", kind)
        if (kind ~ /^raw/ && addresses[1] ~ /^:/) addresses[1] = "0.0.0.0" addresses[1]
        sub(/^\*:/, "0.0.0.0:", addresses[1])
        print kind, state, received, sent, addresses[1], (where > 1 ? addresses[2] : "-")
    }
    function number(text) { return text + (text ~ /and/ ? 1 : 0) }
    /^                 / { sub(/^ +/, " "); line = line $0; next }
    { finish() }
    /^ / { line = $0 }
    END { finish() }' "$1" | sort
}

# ss writes ESTAB, UNCONN, FIN-WAIT-2, and * for every address of both families.
theirs() {
    ss -H -a -n -t -u -w -x | awk '
    BEGIN { kinds["tcp"] = "TCP"; kinds["udp"] = "UDP"; kinds["u_str"] = "UNIX stream"; kinds["u_dgr"] = "UNIX dgram"
            kinds["u_seq"] = "UNIX seqpkt"; kinds["raw"] = "raw" }
    !($1 in kinds) { next }
    $1 == "u_seq" && $5 !~ /^@/ { next } # the actors connections with the shell
    {
        state = $2
        if (state == "ESTAB") state = $1 == "tcp" ? "ESTABLISHED" : "connected"
        if (state == "UNCONN") state = $1 == "tcp" ? "CLOSE" : "unconnected"
        gsub(/-/, "_", state); sub(/WAIT_/, "WAIT", state)
        if ($1 ~ /^u_/) { print kinds[$1], state, $3, $4, ($5 == "*" ? "-" : $5); next }
        sub(/^\*:/, "[::]:", $5)
        print kinds[$1], state, $3, $4, $5, ($6 ~ /:\*$/ ? "-" : $6)
    }' | sort
}

# Give lines, read until the shell has shown all they did, and compare. No time is waited for.
mark=0
stage() { # title, lines...
    title=$1
    shift
    mark=$((mark + 1))
    printf '%s\n' "$@" .state "server> $mark * 1000003" >&8
    : >"$work/state"
    while IFS= read -r line <&9; do
        [ "$line" != "server: (int) $((mark * 1000003))" ] || break
        case $line in
        server | client | "client was "* | "server,"* | "client,"* | server:* | client:* | "without a descriptor" | " "*)
            printf '%s\n' "$line" >>"$work/state"
            ;;
        *) : >"$work/state" ;; # a call: what follows is newer
        esac
    done
    ours "$work/state" >"$work/ours"
    theirs >"$work/theirs"
    compared=$((compared + $(wc -l <"$work/theirs")))
    cmp -s "$work/ours" "$work/theirs" && return
    echo "$title: .state (-) and ss (+)"
    diff -u "$work/ours" "$work/theirs" | tail -n +3
    result=1
}

stage "LISTEN" 's = socket(AF_INET, SOCK_STREAM, 0)' 'bind(s, "127.0.0.1:8888")' 'listen(s, 3)' \
    's6 = socket(AF_INET6, SOCK_STREAM, 0)' 'bind(s6, "[::]:7777")' 'listen(s6, 5)' \
    'any = socket(AF_INET, SOCK_STREAM, 0)' 'bind(any, "*:6666")' 'listen(any, 1)'
stage "not accepted" 'client> c = socket(AF_INET, SOCK_STREAM, 0)' 'client> connect(c, "127.0.0.1:8888")' \
    'client> c6 = socket(AF_INET6, SOCK_STREAM, 0)' 'client> connect(c6, "[::1]:7777")' \
    'client> c4 = socket(AF_INET, SOCK_STREAM, 0)' 'client> connect(c4, "127.0.0.1:7777")'
stage "ESTABLISHED" 'a = accept(s)' 'a6 = accept(s6)' 'a4 = accept(s6)'
stage "unread bytes" 'client> send(c, "hello")' 'client> send(c6, "hello, too")' 'send(a4, "x")'
stage "FIN_WAIT2 and CLOSE_WAIT" 'client> shutdown(c, SHUT_WR)' 'char buf[100]' 'recv(a, buf, 100)' 'recv(a, buf, 100)' \
    'send(a, "y")' 'client> recv(c)' # …with which goes the acknowledgement of the FIN
stage "TIME_WAIT" 'close(a)' 'client> close(c)'
stage "UDP" 'u = socket(AF_INET, SOCK_DGRAM, 0)' 'bind(u, "127.0.0.1:5555")' 'u6 = socket(AF_INET6, SOCK_DGRAM, 0)' \
    'bind(u6, "[::]:5556")' 'client> d = socket(AF_INET, SOCK_DGRAM, 0)' 'client> connect(d, "127.0.0.1:5555")' \
    'client> send(d, "datagram")' 'client> sendto(d, "to the other", 12, 0, "127.0.0.1:5556")'
stage "UNIX" 'x = socket(AF_UNIX, SOCK_STREAM, 0)' 'bind(x, "@name")' 'listen(x, 2)' \
    'y = socket(AF_UNIX, SOCK_DGRAM, 0)' "bind(y, \"$work/sock\")" \
    'client> z = socket(AF_UNIX, SOCK_DGRAM, 0)' "client> sendto(z, \"to a path\", 9, 0, \"$work/sock\")" \
    'int sv[2]' 'socketpair(AF_UNIX, SOCK_STREAM, 0, sv)' 'write(sv[0], "abc", 3)'
stage "raw and seqpacket" 'r = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)' 'bind(r, "127.0.0.1:0")' \
    'r2 = socket(AF_INET, SOCK_RAW, IPPROTO_UDP)' 'q = socket(AF_UNIX, SOCK_SEQPACKET, 0)' 'bind(q, "@records")' \
    'listen(q, 2)' 'client> k = socket(AF_UNIX, SOCK_SEQPACKET, 0)' 'client> connect(k, "@records")'
stage "after a death" 'client> w = socket(AF_UNIX, SOCK_STREAM, 0)' 'client> connect(w, "@name")' 'xa = accept(x)' \
    'close(a6)' '.kill client'
exec 8>&-
wait
[ ! -s "$work/err" ] || {
    cat "$work/err"
    result=1
}
[ "$compared" -ge 60 ] || {
    echo "only $compared lines were compared"
    result=1
}
exit $result
