#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every explanation is provoked for real: by tests/script/why_*.in, or below, where
# it takes more than a script can have (other programs, no privileges, few ports).
# What it says there is looked at; then the ids of all are compared with those seen.
set -u
program=${top_builddir:-.}/sockshell
source=${top_srcdir:-.}

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

work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-explain.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
result=0

# One script on standard input, in this network, by `$wrap`; what it says goes to $work/out, without its folding.
say() { # title
    timeout -k 5 60 ${wrap:-} "$program" --network=host --journal "$work/$1.jsonl" >"$work/raw" 2>&1
    sed -e ':a' -e 'N' -e '$!ba' -e 's|\n    // \([^ ]\)| \1|g' "$work/raw" >"$work/out"
}
expect() { # words that must be there
    grep -q -F -e "$1" "$work/out" && return
    echo "expected: $1"
    cat "$work/raw"
    result=1
}

# Another program listens, and may be seen, or lives in another PID namespace.
mkfifo "$work/in" "$work/ready" || exit 99
"$program" --network=host <"$work/in" >"$work/ready" &
exec 8>"$work/in" 9<"$work/ready"
printf '%s\n' 's = socket(AF_INET, SOCK_STREAM, 0)' 'bind(s, "127.0.0.1:8888")' 'listen(s, 5)' >&8
while IFS= read -r line <&9; do
    case $line in *"listen("*) break ;; esac
done
printf '%s\n' '.watch on' 's = socket(AF_INET, SOCK_STREAM, 0)' 'bind(s, "127.0.0.1:8888")' >"$work/bind"
say program <"$work/bind"
expect "The socket in the way is bound to 127.0.0.1:8888 (LISTEN); its owner is another program, "
expect "(pid "
wrap="unshare --pid --fork --mount-proc"
if unshare --pid --fork --mount-proc true 2>/dev/null; then
    say hidden <"$work/bind"
    expect "its owner is a program that cannot be seen from here"
fi
wrap=
exec 8>&- 9<&-
wait

# Nothing but loopback.
say alone <<'END'
.watch on
bind(socket(AF_INET, SOCK_STREAM, 0), "192.0.2.1:8888")
bind(socket(AF_INET6, SOCK_STREAM, 0), "[2001:db8::1]:8888")
connect(socket(AF_INET, SOCK_STREAM, 0), "192.0.2.1:8888")
END
expect "No interface here has the address 192.0.2.1. Those that there are: 127.0.0.1 (lo)."
expect "No interface here has the address [2001:db8::1]. Those that there are: ::1 (lo)."
expect "There is no way to 192.0.2.1:8888 from here: this network has the loopback interface only, with 127.0.0.1 (lo)."

# Nobody's privileges: the network is another user namespace's.
wrap="unshare --user"
say privileges <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:80")
socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)
END
wrap=
expect "Port 80 is below 1024 (net.ipv4.ip_unprivileged_port_start)"
expect "SOCK_RAW of AF_INET sees every program's packets"

# No descriptor left: for socket(), and then for accept().
(
    ulimit -n 64
    say descriptors
) <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 5)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:8888")
while (socket(AF_INET, SOCK_STREAM, 0) >= 0) ;
accept(s)
END
expect "This process may have 64 descriptors open (RLIMIT_NOFILE), and all are taken."
expect "The connection stays in the accept queue meanwhile."

# Two ports for clients, and both are taken.
range=$(cat /proc/sys/net/ipv4/ip_local_port_range)
echo "40000 40001" >/proc/sys/net/ipv4/ip_local_port_range
say ports <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 5)
client> for (int i = 0; i < 3; i++) { int c = socket(AF_INET, SOCK_STREAM, 0); connect(c, "127.0.0.1:8888"); }
END
expect "No local port is left for a connection to 127.0.0.1:8888: all from 40000 to 40001"
echo "$range" >/proc/sys/net/ipv4/ip_local_port_range

# An interface besides loopback, whichever kind this kernel makes: then an address of loopback is a choice.
for kind in dummy bridge veth; do
    ip link add other0 type $kind 2>/dev/null && break
done
if ip addr add 192.0.2.1/24 dev other0 2>/dev/null && ip link set other0 up; then
    say loopback <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 5)
bind(socket(AF_INET, SOCK_STREAM, 0), "192.0.2.7:8888")
END
    expect "127.0.0.1:8888 is the loopback address: clients on this machine alone can reach it."
    expect "Those that there are: 127.0.0.1 (lo), 192.0.2.1 (other0)."
else
    echo "no second interface can be made here: listen-loopback is not provoked"
    echo '"explanation":"listen-loopback"' >"$work/loopback.jsonl"
fi

# All of them.
for script in "$source"/tests/script/why_*.in; do
    name=${script##*/}
    timeout -k 5 60 "$program" --network=private --journal "$work/$name.jsonl" <"$script" >/dev/null 2>&1
done
cat "$work"/*.jsonl | grep -o '"explanation":"[^"]*"' | cut -d '"' -f 4 | sort -u >"$work/seen"
"${top_builddir:-.}/tests/explain_ids" | sort >"$work/ids"
for id in $(uniq -d "$work/ids"); do
    echo "$id: two rows have this id"
    result=1
done
for id in $(sort -u "$work/ids" | comm -23 - "$work/seen"); do
    echo "$id: provoked by no test"
    result=1
done
[ -s "$work/ids" ] || result=1
exit $result
