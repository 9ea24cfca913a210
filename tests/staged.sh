#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What befalls packets on a link, measured in the capture: not by this script's clock, but by the times and fates that
# the shell has of each packet. Delay, rate and loss; and what is staged by hand, in TCP: a lost SYN, a lost FIN, order,
# a duplicate, a zero window, a simultaneous open. (By hand, in UDP: tests/script/links.in.)
set -u
. "$(dirname "$0")/with-hosts"
own_folder
need_hosts
fail() {
    echo "$*"
    tail -n 20 "$work/out"
    head -n 60 "$work/packets"
    exit 1
}
: >"$work/packets"
# Two hosts and these lines; $work/packets has a line a packet and fate: the packet's number, its time in ns, its fate,
# what it is.
run() {
    { printf '.host a\n.host b\n.actor client on b\n.wire on\n' && cat; } >"$work/script"
    timeout 60 "$program" --network=private --journal="$work/journal" "$work/script" >"$work/out" 2>&1 ||
        fail "$(cat "$work/out")"
    sed -n 's/.*"type":"packet".*"number":\([0-9]*\),.*"text":"\(.*\)","seen_ns":\([0-9]*\),.*"fate":"\([a-z]*\)".*/\1 \3 \4 \2/p' \
        "$work/journal" >"$work/packets"
}
# One datagram first, so that the hosts know each other's hardware address.
datagrams='server> s = socket(AF_INET, SOCK_DGRAM, 0)
server> bind(s, "0.0.0.0:9")
client> c = socket(AF_INET, SOCK_DGRAM, 0)
client> connect(c, "a:9")
client> char data[1200] = ""
client> int i
client> send(c, data, 1, 0)'

# ---- Delay: no packet comes earlier; one of them, however busy the machine, no more than 2 ms later ----

{
    printf '%s\n.link a-b delay 20ms\n' "$datagrams"
    yes 'client> send(c, data, 100, 0)' | head -n 20
} | run
awk '/UDP len 100/ { sent[$1] = $2 } $3 == "delivered" && sent[$1] { late = ($2 - sent[$1]) / 1e6; n++
        if (late < 20) early++
        if (!least || late < least) least = late
    }
    END { printf "a delay of 20 ms: %.3f ms at the least, of %d packets\n", least, n
          exit !(n == 20 && !early && least < 22) }' "$work/packets" || fail "is no such delay"

# Each way: what is answered comes twice as late.
run <<END
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 9)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
.link a-b delay 20ms
client> int i
client> for (i = 0; i < 8; i++) connect(socket(AF_INET, SOCK_STREAM, 0), "a:7");
END
awk '$3 == "sent" && / SYN seq/ { port = $4; syn[port] = $2 }
    $3 == "sent" && / SYN ACK / { port = $6; answer[port] = $1 }
    $3 == "delivered" { for (port in answer) if (answer[port] == $1) {
        late = ($2 - syn[port]) / 1e6; n++
        if (late < 40) early++
        if (!least || late < least) least = late
    } }
    END { printf "there and back: %.3f ms at the least, of %d connections\n", least, n
          exit !(n == 8 && !early && least < 44) }' "$work/packets" || fail "is no such delay"

# ---- Rate: 1 Mbit/s for 1042 bytes, that is 8.336 ms each ----

run <<END
$datagrams
.link a-b rate 1mbit
client> for (i = 0; i < 20; i++) send(c, data, 1000, 0);
END
awk '/UDP len 1000/ { if (!first) first = $2; mine[$1] = 1 }
    $3 == "delivered" && mine[$1] { n++; last = $2; if (last - first < n * 8.336e6) early++ }
    END { printf "20 frames of 1042 bytes at 1 Mbit/s: %.3f ms\n", (last - first) / 1e6
          exit !(n == 20 && !early && last - first < 20 * 8.336e6 + 100e6) }' "$work/packets" || fail "is no such rate"

# ---- Loss: drawn by a seed, so that this is what it is; five standard deviations around 30 % of 1000 ----

lose() { # seed
    run <<END
$datagrams
.link a-b loss 30% seed $1
client> for (i = 0; i < 1000; i++) send(c, data, 2, 0);
END
    awk '/UDP len 2$/ { printf "%s", $3 == "dropped" ? "x" : "." }' "$work/packets"
}
first=$(lose 1)
again=$(lose 1)
other=$(lose 2)
lost=$(printf %s "$first" | tr -d . | wc -c)
[ ${#first} = 1000 ] && [ "$lost" -ge 228 ] && [ "$lost" -le 372 ] || fail "30 % of 1000 were $lost of ${#first}"
[ "$first" = "$again" ] || fail "the same seed loses others"
[ "$first" != "$other" ] || fail "another seed loses the same"
echo "30 % of 1000: $lost, and the same again"

# ---- By hand ----

connection='server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> int yes = 1
client> setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes))
client> connect(c, "a:7")
server> conn = accept(s)
server> char text[64]'
packet() { # what, pattern
    grep -q "$2" "$work/packets" || fail "$1: no packet like \"$2\""
}
line() {
    grep -q "$2" "$work/out" || fail "$1: no line like \"$2\""
}

# A lost SYN: once more after a second (RFC 6298).
run <<END
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
.link a-b hold
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
.drop
.link a-b flow
.wait client
END
line "a lost SYN" '^client> connect(3, .*) = 0$'
packet "a lost SYN" 'SYN (retransmission) seq 0'
awk '/ SYN seq 0/ { first = $2 } /SYN \(retr/ { again = $2 }
    END { printf "a lost SYN: once more after %.3f s\n", (again - first) / 1e9
          exit !(again - first > 900e6 && again - first < 2500e6) }' "$work/packets" || fail "which is not a second"

# A lost FIN.
run <<END
$connection
.link a-b hold
client> close(c)
.drop
.state
.link a-b flow
server> recv(conn, text, 64, 0)
.wait server
.state
END
line "a lost FIN" '^  closed .*FIN_WAIT1'
packet "a lost FIN" 'FIN ACK (retransmission) seq 1'
line "a lost FIN" '^server> recv(4, "", 64, 0) = 0$'
line "a lost FIN" '^  closed .*FIN_WAIT2'

# Two segments change places, and one is there twice: what is read is in order, and once.
run <<END
$connection
.link a-b hold
client> send(c, "one ", 4, 0)
client> send(c, "two ", 4, 0)
.swap
.deliver all
.link a-b flow
server> recv(conn, text, 8, MSG_WAITALL)
.link a-b hold
client> send(c, "twice", 5, 0)
.duplicate
.deliver all
.link a-b flow
server> recv(conn, text, 64, 0)
server> recv(conn, text, 64, MSG_DONTWAIT)
END
line "order" '^server> recv(4, "one two ", 8, MSG_WAITALL) = 8$'
line "a duplicate" '^server> recv(4, "twice", 64, 0) = 5$'
line "a duplicate" '^server> recv(4, text, 64, MSG_DONTWAIT) = -1 EAGAIN'
packet "order" 'ACK (duplicate ACK) seq 1 ack 1 .*<SACK 5-9>'
packet "a duplicate" 'PSH ACK (retransmission) seq 9'
awk '/PSH ACK seq 1 / { one = $1 } /PSH ACK seq 5 / { two = $1 } $3 == "delivered" { at[$1] = NR }
    END { exit !(at[two] && at[two] < at[one]) }' "$work/packets" || fail "the second segment did not come first"

# Nobody reads, until the window is closed; then it is opened.
run <<END
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> int small = 4096
server> setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small))
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
server> conn = accept(s)
client> char much[20000] = ""
client> send(c, much, 20000, 0)
server> char all[20000]
server> recv(conn, all, 20000, MSG_WAITALL)
.wait server
END
line "a zero window" '^server> recv(4, .* MSG_WAITALL) = 20000'
packet "a zero window" ' ACK (zero window) seq 1 .* win 0$'
packet "a zero window" ' ACK (window update) seq 1 .* win [1-9]'

# Both SYNs are held until both have been sent (RFC 9293, 3.5).
run <<END
server> x = socket(AF_INET, SOCK_STREAM, 0)
server> bind(x, "a:1000")
client> x = socket(AF_INET, SOCK_STREAM, 0)
client> bind(x, "b:2000")
.link a-b hold
server> connect(x, "b:2000")
client> connect(x, "a:1000")
.link a-b flow
.wait server
.wait client
.state
END
line "a simultaneous open" '^server> connect(3, .*) = 0$'
line "a simultaneous open" '^client> connect(3, .*) = 0$'
line "a simultaneous open" 'ESTABLISHED *10.0.0.1:1000 → 10.0.0.2:2000'
line "a simultaneous open" 'ESTABLISHED *10.0.0.2:2000 → 10.0.0.1:1000'
awk '/1000 → .* SYN seq 0/ { a = NR } /2000 → .* SYN seq 0/ { b = NR } /1000 → .* SYN ACK seq 0 ack 1/ { aa = NR }
    /2000 → .* SYN ACK seq 0 ack 1/ { bb = NR }
    END { exit !(a && b && a < aa && a < bb && b < aa && b < bb) }' "$work/packets" || fail "that was no simultaneous open"
