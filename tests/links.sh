#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Links between hosts, measured: what a delay adds to a connect() and to data one
# way, from the times of the events; that a loss of everything loses everything;
# and what actors may not do although the shell may.
set -u
. "$(dirname "$0")/with-hosts"
own_folder
need_hosts
timeout 30 "$program" --network=private --journal="$work/journal" >"$work/out" 2>"$work/err" <<'END' || {
.host a
.host b
.actor client on b
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
client> w = socket(AF_INET, SOCK_STREAM, 0)
client> connect(w, "a:7")
server> accept(s)
server> char text[16]
.link a-b delay 20ms
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "a:7")
server> conn = accept(s)
server> recv(conn, text, 15, 0)
client> send(c, "x", 1, 0)
server> text[0]
.link a-b clear loss 100%
client> send(c, "y", 1, 0)
server> recv(conn, text, 15, MSG_DONTWAIT)
.link
END
    cat "$work/out" "$work/err"
    exit 1
}

# The time of the event of a type that came of the n-th line.
time_of() {
    grep "\"type\":\"$1\"" "$work/journal" | sed -n 's/.*"t_ns":\([0-9]*\),.*"place":"stdin:'"$2"':.*/\1/p'
}
at_least() { # what, from, to, milliseconds at least and at most
    taken=$((($3 - $2) / 1000))
    if [ "$taken" -lt $(($4 * 1000)) ] || [ "$taken" -gt $(($5 * 1000)) ]; then
        echo "$1 took $taken µs, not $4 ms or a little more"
        exit 1
    fi
}
# SYN and SYN ACK; the ACK is nobody's to wait for. A statement is done when its last call has returned.
at_least "connect()" "$(time_of entered 13)" "$(time_of done 13)" 40 200
at_least "a byte" "$(time_of entered 16)" "$(time_of returned 15)" 20 150
grep -q '^server> recv(5, text, 15, MSG_DONTWAIT) = -1 EAGAIN' "$work/out" &&
    grep -q 'link a-b: loss 100%; 1 dropped so far' "$work/out" || {
    echo "what was lost arrived:"
    cat "$work/out"
    exit 1
}

# No capability but for raw sockets (bit 13), whatever the shell has, and none comes back with exec().
mkfifo "$work/lines" || exit 99
"$program" --network=private <"$work/lines" >"$work/out" 2>&1 &
exec 3>"$work/lines"
cat >&3 <<'END'
.host a
.host b
.actor client on b
client> raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)
client> getpid()
END
patience=500
until grep -q 'getpid() = ' "$work/out" || [ $patience = 0 ]; do
    patience=$((patience - 1))
    sleep 0.01 # there is no event to wait for in a shell script
done
tr -d '\t' <"/proc/$(sed -n 's/.*getpid() = //p' "$work/out")/status" >"$work/status"
exec 3>&-
wait
for set in CapInh:0000000000000000 CapPrm:0000000000002000 CapEff:0000000000002000 CapBnd:0000000000002000 \
    CapAmb:0000000000000000; do
    grep -q "$set" "$work/status" && continue
    # Where ports below 1024 cannot be set free, bit 10 is needed for them.
    grep -q "$(echo "$set" | sed 's/2000$/2400/')" "$work/status" && continue
    echo "an actor does not have $set:"
    grep Cap "$work/status"
    exit 1
done
grep -q 'socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) = [0-9]' "$work/out" || {
    cat "$work/out"
    exit 1
}
