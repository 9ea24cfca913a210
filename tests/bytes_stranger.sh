#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# .bytes of a connection with another program (a second sockshell, which is to the
# first what nc would be): what that program has read is not seen, and nothing is
# made up about it.
set -u
program=${top_builddir:-.}/sockshell
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-stranger.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkfifo "$work/said" || exit 99
timeout -k 5 60 "$program" --network=host >"$work/said" 2>&1 <<'END' &
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:0")
listen(s, 1)
struct sockaddr_in at; socklen_t length = sizeof(at); char buf[100];
getsockname(s, &at, &length)
a = accept(s)
.wait
send(a, "HELLO FROM OUTSIDE", 18)
recv(a, buf, 100)
.wait
recv(a, buf, 100)
.wait
END
exec 3<"$work/said"
port=
while [ -z "$port" ] && read -r line <&3; do
    port=$(printf '%s\n' "$line" | sed -n 's/.*getsockname(.*127\.0\.0\.1:\([0-9]*\)}.*/\1/p')
done
cat <&3 >/dev/null &
timeout -k 5 60 "$program" --network=host >"$work/seen" 2>&1 <<END
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:$port")
client> .bytes c
client> send(c, "abcdef", 6)
client> char b[5]; recv(c, b, 5)
.wait client
client> .bytes c
client> close(c)
client> .bytes 3
END
status=$?
wait
expect() { # a line that must be there
    grep -qF "$1" "$work/seen" && return
    echo "missing: $1"
    status=1
}
expect "client fd 3 → 127.0.0.1:$port (no actor's): 6 bytes"
expect "127.0.0.1:$port (no actor's) → client fd 3: 18 bytes"
expect "  read by client: 5 bytes"
expect "  in client fd 3's receive queue: 13 bytes"
expect "13 bytes that will be seen when they are read"
expect "written; how far they came cannot be known any more: 6 bytes"
if grep -n -e lost -e "not accepted" -e "under way" "$work/seen"; then
    echo "made up: nobody can know that"
    status=1
fi
[ $status -eq 0 ] || cat "$work/seen"
exit $status
