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

# More was sent at once than the receiving kernel takes, and yet all of it has left the program.
say part <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 5)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> int room = 200000; setsockopt(c, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room))
client> connect(c, "127.0.0.1:8888")
conn = accept(s)
client> char big[200000]; memset(big, 'x', sizeof(big));
client> send(c, big, sizeof(big), 0)
char big[300000];
recv(conn, big, sizeof(big), 0)
END
expect "of the 200000 that client sent at once;"

# A connection late in a long session: its story begins with its connect(), not with the journal.
say long <<'END'
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 5)
for (int i = 0; i < 3000; i++) close(dup(s));
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:8888")
client> send(c, "early")
client> send(c, "bird")
conn = accept(s)
recv(conn)
END
expect "2 sends of client came in one piece: 5 and 4 bytes."

# What Ctrl-C does.
"$program" --network=private --journal "$work/interrupted.jsonl" <"$work/in" >"$work/ready" &
exec 8>"$work/in" 9<"$work/ready"
printf '%s\n' '.watch on' 'getpid()' 's = socket(AF_UNIX, SOCK_DGRAM, 0)' 'bind(s, "@interrupted")' 'recv(s)' >&8
while IFS= read -r line <&9; do
    case $line in
    *"getpid() = "*) pid=${line##* } ;;
    *"is blocked in recv("*) kill -s RTMIN+2 "$pid" && break ;;
    esac
done
echo '.wait server' >&8
exec 8>&-
cat <&9 >"$work/out"
exec 9<&-
wait
cp "$work/out" "$work/raw"
expect "// Ctrl-C: sockshell interrupted recv() with a signal of its own"

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
# "*-EBADF-closed" is provoked by any call.
sort -u "$work/ids" | while IFS= read -r id; do
    case $id in
    '*'*) grep -q -x "[a-z0-9_]*${id#?}" "$work/seen" || echo "$id" ;;
    *) grep -q -x -F -e "$id" "$work/seen" || echo "$id" ;;
    esac
done >"$work/missing"
while IFS= read -r id; do
    echo "$id: provoked by no test"
    result=1
done <"$work/missing"
[ -s "$work/ids" ] || result=1
exit $result
