#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The private.network through the whole program: what .network says was set, was
# set, and shows in what a learner sees; a connection that is being closed goes
# to FIN_WAIT2 at once, with no FIN_WAIT1 to be seen in between; and sockets that
# need a privilege elsewhere.
set -u
. "$(dirname "$0")/with-hosts"
own_folder
"$program" --network=private </dev/null >"$work/out" 2>&1 || skip "$(head -n 1 "$work/out")"
timeout 20 "$program" --network=private >"$work/out" 2>"$work/err" <<'END' || exit 1
.network
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:8888")
a = accept(s)
client> close(c)
.state
r = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)
bind(r, "127.0.0.1:0")
connect(r, "127.0.0.2:0")
p = socket(AF_PACKET, SOCK_RAW, htons(3))
n = socket(AF_NETLINK, SOCK_RAW, 0)
.state
END

expect() { # what, how to find it
    grep -q "$2" "$work/out" && return
    echo "$1: nothing like \"$2\" in"
    cat "$work/out" "$work/err"
    exit 1
}
expect "where" '^in a.network of your own: '
expect "why" '^    --network=private asks for it.$'
! grep -q 'could not be made so' "$work/out" || skip "routes cannot be changed here"
expect "the other end" '//   server fd 4: ESTABLISHED → CLOSE_WAIT'
expect "this end" '^    //   .*in FIN_WAIT2$'
expect "this end, asked for" 'was client 3 .*FIN_WAIT2'
if grep FIN_WAIT1 "$work/out" | grep -v 'stays in FIN_WAIT1 for as long'; then
    echo "so its acknowledgement was put off"
    exit 1
fi
expect "a raw socket" '5 r  *raw  *connected  *protocol 1 (ICMP), 127.0.0.1$'
expect "its address, bound" '//   fd 5: local address 127.0.0.1:0'
expect "a packet socket" '6 p  *PACKET  *unconnected every frame$'
expect "a netlink socket" '7 n  *NETLINK  *unconnected protocol 0 (ROUTE)$'
[ ! -s "$work/err" ] || {
    cat "$work/err"
    exit 1
}
