#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the shell says of packets, compared with what tshark reads in the file that .save writes: the same packets in
# the same order, with the same ends, flags, relative numbers, lengths and windows; retransmissions; the links as
# interfaces; calls, actors and changes as comments. ARP, TCP from handshake to close, refused, reset and retransmitted,
# UDP, ICMP, IPv6 with its neighbour discovery, and the loopback of a second host.
set -u
. "$(dirname "$0")/with-hosts"
LC_ALL=C.UTF-8
export LC_ALL
command -v tshark >/dev/null || skip "there is no tshark to compare with (Debian package: tshark)"
own_folder
need_hosts
six=$(grep -c 'fd00::2' "$work/out")

cat >"$work/script" <<'END'
.watch on
.host a
.host b
.actor client on b
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
server> conn = accept(s)
client> send(c, "hello", 5, 0)
server> char text[100]
server> recv(conn, text, 100, 0)
server> send(conn, "HELLO, HELLO", 12, 0)
client> char text[100]
client> recv(c, text, 100, 0)
.link a-b hold
client> send(c, "lost", 4, 0)
.drop
.link a-b flow
server> recv(conn, text, 100, 0)
.wait server
client> close(c)
server> recv(conn, text, 100, 0)
server> close(conn)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:8")
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
server> conn = accept(s)
client> struct linger abort
client> abort.l_onoff = 1
client> abort.l_linger = 0
client> setsockopt(c, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort))
client> close(c)
server> u = socket(AF_INET, SOCK_DGRAM, 0)
server> bind(u, "0.0.0.0:53")
client> d = socket(AF_INET, SOCK_DGRAM, 0)
client> bind(d, "0.0.0.0:5353")
client> sendto(d, "question", 8, 0, "a:53")
client> sendto(d, "nobody", 6, 0, "a:54")
client> l = socket(AF_INET, SOCK_STREAM, 0)
client> bind(l, "127.0.0.1:9")
client> listen(l, 3)
.actor other on b
other> o = socket(AF_INET, SOCK_STREAM, 0)
other> connect(o, "127.0.0.1:9")
other> char much[4000] = ""
other> send(o, much, 4000, 0)
END
if [ "$six" -gt 0 ]; then
    cat >>"$work/script" <<'END'
server> s6 = socket(AF_INET6, SOCK_STREAM, 0)
server> bind(s6, "[::]:70")
server> listen(s6, 3)
client> c6 = socket(AF_INET6, SOCK_STREAM, 0)
client> connect(c6, "[fd00::1]:70")
server> conn6 = accept(s6)
client> send(c6, "six", 3, 0)
client> close(c6)
server> close(conn6)
client> d6 = socket(AF_INET6, SOCK_DGRAM, 0)
client> sendto(d6, "nobody", 6, 0, "[fd00::1]:54")
END
fi
printf '.save %s\n.wire all\n' "$work/talk.pcapng" >>"$work/script"
timeout 60 "$program" --network=private --journal="$work/journal" "$work/script" >"$work/out" 2>&1 ||
    fail "$(cat "$work/out")"

# ---- The packets ----

# Of ours, a line each; without what is said of options and content, and marks apart.
sed -n 's/.*"type":"packet".*"text":"\(.*\)","seen_ns".*/\1/p' "$work/journal" | grep -v ' dropped$' |
    sed -e 's/ <.*>$//' -e 's/ \\".*//' -e 's/ (\([a-z A-Z]*\))/&/' >"$work/ours.all"
sed -e 's/ ([^)]*)//' -e 's/\(ICMP.*unreachable\).*/\1/' -e 's/\(ICMPv6 neighbour [a-z]*\).*/\1/' "$work/ours.all" >"$work/ours"

read_file() {
    tshark -r "$work/talk.pcapng" -o tcp.relative_sequence_numbers:TRUE -T fields -E 'separator=|' "$@" 2>"$work/tshark.err" ||
        fail "tshark does not read it: $(cat "$work/tshark.err")"
}
read_file -E occurrence=f -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst -e tcp.srcport -e tcp.dstport -e tcp.flags -e tcp.seq \
    -e tcp.ack -e tcp.len -e tcp.window_size -e udp.srcport -e udp.dstport -e udp.length -e icmp.type -e icmp.code \
    -e icmpv6.type -e icmpv6.code -e arp.opcode -e arp.src.proto_ipv4 -e arp.dst.proto_ipv4 -e arp.src.hw_mac |
    awk -F '|' '
    function end(host, port) {
        return (host ~ /:/ ? "[" host "]" : host) ":" port
    }
    function flags(hex,    n, i, names, text) {
        n = 0
        hex = tolower(substr(hex, 3))
        for (i = 1; i <= length(hex); i++)
            n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
        split("FIN SYN RST PSH ACK URG ECE CWR", names, " ")
        text = ""
        for (i = 1; i <= 8; i++)
            if (int(n / 2 ^ (i - 1)) % 2)
                text = text " " names[i]
        return text
    }
    {
        from = $1 != "" ? $1 : $3
        to = $2 != "" ? $2 : $4
        what = $7 != "" ? flags($7) : ""
        if ($19 == 1)
            print $20 " → " $21 " ARP who has " $21 "? tell " $20
        else if ($19 == 2)
            print $20 " → " $21 " ARP " $20 " is at " $22
        else if ($15 != "")
            print from " → " to " ICMP " ($15 == 3 && $16 == 3 ? "port unreachable" : $15 "/" $16)
        else if ($17 != "")
            print from " → " to " ICMPv6 " ($17 == 135 ? "neighbour solicitation" : $17 == 136 ? "neighbour advertisement" : \
                $17 == 1 && $18 == 4 ? "port unreachable" : $17 "/" $18)
        else if ($12 != "")
            print end(from, $12) " → " end(to, $13) " UDP len " ($14 - 8)
        else
            # A reset that refuses a SYN has number 0, and nothing to count it from: tshark takes it for the one
            # behind the beginning.
            print end(from, $5) " → " end(to, $6) what " seq " (what == " RST ACK" && $8 == 1 && refused[$6 " " $5] ? 0 : $8) \
                (what ~ /ACK/ ? " ack " $9 : "") " len " $10 (what ~ /RST/ ? "" : " win " $11)
        if (what == " SYN")
            refused[$5 " " $6] = 1
        if (what ~ /SYN ACK/)
            refused[$6 " " $5] = 0
    }' >"$work/theirs"
diff -u "$work/theirs" "$work/ours" || fail "tshark (-) reads other packets than we say (+)"
[ "$(grep -c . "$work/ours")" -gt 30 ] || fail "that is too little to compare: $(cat "$work/ours")"
for what in 'who has' ' SYN seq' ' SYN ACK ' ' PSH ACK ' ' FIN ACK ' ' RST ACK seq 0 ack 1' ' RST ACK seq 1 ack 1' ' UDP len 8' \
    'ICMP port unreachable'; do
    grep -q "$what" "$work/ours" || fail "there is no$what: $(cat "$work/ours")"
done

# Which are retransmissions, and of which link.
grep -n '(retransmission)' "$work/ours.all" | sed 's/:.*//' >"$work/ours.again"
read_file -e tcp.analysis.retransmission | grep -n 1 | sed 's/:.*//' >"$work/theirs.again"
[ -s "$work/ours.again" ] && diff -u "$work/theirs.again" "$work/ours.again" || fail "other retransmissions"
sed -n 's/.*"type":"packet".*"link":"\([^"]*\)","bytes".*/\1/p' "$work/journal" >"$work/ours.links"
read_file -e frame.interface_name >"$work/theirs.links"
diff -u "$work/theirs.links" "$work/ours.links" || fail "other links"
grep -qx 'b lo' "$work/ours.links" && grep -qx 'b → a' "$work/ours.links" || fail "not the links that there were"

# ---- The ladder: as many rungs as tshark has frames ----

rungs=$(sed -n '/ saved in /,$p' "$work/out" | grep -c '^ *[0-9][0-9]*  [0-9]*\.[0-9]')
[ "$rungs" = "$(grep -c . "$work/theirs")" ] || fail "$rungs rungs: $(cat "$work/out")"

# ---- Comments ----

read_file -e tcp.flags -e frame.comment >"$work/comments"
expect() {
    grep -q "$1" "$work/comments" || fail "no comment like \"$1\" in $(cat "$work/comments")"
}
expect '^0x0*2|.*from client to server'
expect '^0x0*2|client> connect(3, .* = -1 ECONNREFUSED (Connection refused)'
expect '|client> send(3, "hello", 5, 0) = 5,from client to server'
expect '|server> send(4, "HELLO, HELLO", 12, 0) = 12,from server to client'
expect ',server fd 4: receive queue 0 → 5'
expect '|client> send(3, "lost", 4, 0) = 4,.*,dropped$'
expect 'retransmission'
expect ',client: fd 3: closed,server fd 4: ESTABLISHED → CLOSE_WAIT'
expect '|client> sendto(4, "nobody", .* = 6,from client to nobody'
expect '|other> connect(3, .* = 0,from other to client'
