#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Packets through the whole program: the file that .save writes, read by tshark
# where there is one; that nothing is written over; that the journal has a packet
# behind its call and between the moments of it; what is said where packets
# cannot be seen; and that a flood is counted, not kept.
set -u
. "$(dirname "$0")/with-hosts"
LC_ALL=C.UTF-8
export LC_ALL
own_folder
"$program" --network=private </dev/null >"$work/out" 2>&1 || skip "$(head -n 1 "$work/out")"

# 1. A conversation, saved twice.
timeout 30 "$program" --network=private --journal="$work/journal" >"$work/out" 2>"$work/err" <<END
.watch on
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:8888")
listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:8888")
a = accept(s)
client> send(c, "hello")
.save $work/talk.pcapng
.save $work/talk.pcapng
.save $work/nowhere/talk.pcapng
.save $work/talk
END
grep -q "^5 packets saved in $work/talk.pcapng" "$work/out" || fail "not saved: $(cat "$work/out" "$work/err")"
grep -q "talk.pcapng cannot be written: File exists" "$work/err" || fail "written over: $(cat "$work/err")"
grep -q "nowhere/talk.pcapng cannot be written: No such file or directory" "$work/err" || fail "$(cat "$work/err")"
grep -q "the name does not say what to save" "$work/err" || fail "$(cat "$work/err")"

# 2. In the journal the SYN stands behind connect(), seen after it was called, and before accept() returned.
awk '
    function number(key,    text) {
        text = $0
        sub(".*\"" key "\":", "", text)
        return text + 0
    }
    /"type":"returned"/ && /"call":"connect"/ { connect = number("t_ns"); order = NR }
    /"type":"packet"/ && /SYN seq 0 / && !syn { syn = number("seen_ns"); behind = (order == NR - 1) }
    /"type":"returned"/ && /"call":"accept"/ { accepted = number("t_ns") }
    END { exit !(behind && connect <= syn && syn <= accepted) }' "$work/journal" ||
    fail "the SYN does not stand where it belongs: $(grep -e connect -e accept -e '"packet"' "$work/journal")"

# 3. A flood, of fragments, so that no machine is too slow for it: more than the kernel keeps. What is not told of is
# counted, to the last one: 60008 bytes are 41 fragments of 1480, and there are 500 times as many.
timeout 60 "$program" --network=private --journal="$work/flood" >"$work/out" 2>"$work/err" <<'END'
.wire on
.wire off
.wire on
s = socket(AF_INET, SOCK_DGRAM, 0)
bind(s, "127.0.0.1:7777")
client> c = socket(AF_INET, SOCK_DGRAM, 0)
client> connect(c, "127.0.0.1:7777")
client> int i
client> char b[60000] = ""
client> for (i = 0; i < 500; i++) send(c, b, 60000, 0)
client> 1
client> 2
client> 3
client> 4
client> 5
.wire
END
grep -q 'packets are not shown here: more came' "$work/out" ||
    fail "a flood of 20500 fragments, and none was lost: $(tail -n 5 "$work/out" "$work/err")"
shown=$(grep '"type":"packet"' "$work/flood" | grep -c '"kind":"\(UDP\|IPv4\)"')
lost=$(sed -n 's/.*"type":"packet".*"number":\([0-9]*\),"kind":"lost".*/\1/p' "$work/flood" | awk '{ n += $1 } END { print n + 0 }')
[ $((shown + lost)) = 20500 ] || fail "of 20500 packets $shown are shown and $lost told to be lost"

# 4. On the machine's own network, without the capability.
if [ "$(id -u)" = 0 ]; then
    drop="setpriv --bounding-set=-net_raw"
    $drop true 2>/dev/null || drop=
else
    drop=env
fi
if [ -n "$drop" ]; then
    echo .wire on | $drop "$program" --network=host >"$work/out" 2>"$work/err"
    grep -q 'packets of lo cannot be seen: socket(AF_PACKET): Operation not permitted' "$work/err" &&
        grep -q 'CAP_NET_RAW' "$work/err" || fail "refused, and said: $(cat "$work/err")"
fi

# 5. What others read in the file.
command -v tshark >/dev/null || exit 0
tshark -r "$work/talk.pcapng" -T fields -e tcp.flags -e tcp.seq -e tcp.ack 2>/dev/null |
    sed 's/0x0*/0x/' | tr '\t' ' ' >"$work/seen"
cat >"$work/expected" <<'END'
0x2 0 0
0x12 0 1
0x10 1 1
0x18 1 1
0x10 1 6
END
diff -u "$work/expected" "$work/seen" || fail "tshark reads other packets"
tshark -r "$work/talk.pcapng" -T fields -e frame.comment 2>/dev/null | grep -q 'client> connect(3' ||
    fail "tshark finds no comment"
