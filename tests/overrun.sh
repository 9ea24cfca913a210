#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# More frames between hosts than there is room for: the shell, which passes them on, is stopped while a host floods the
# other. What it says was lost is what the one has sent and the other has not received, to the frame.
set -u
. "$(dirname "$0")/with-hosts"
own_folder
need_hosts
fail() {
    echo "$*"
    tail -n 20 "$work/out"
    kill -CONT $shell 2>/dev/null
    exit 1
}
mkfifo "$work/lines" || exit 99
"$program" --network=private <"$work/lines" >"$work/out" 2>&1 &
shell=$!
exec 3>"$work/lines"
come_to() { # what, command
    what=$1
    shift
    await 3000 "$@" || fail "$what: it did not come to it"
}
said() {
    grep -q "$1" "$work/out"
}
counter() { # actor, name: of IPv4 on its host; what IPv6 says on its own account is not passed on, and not counted
    pid=$(sed -n "s/^$1> getpid() = //p" "$work/out")
    awk -v name="$2" '/^Ip:/ && !at { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
        /^Ip:/ { print $at }' "/proc/$pid/net/snmp"
}
flooded() {
    [ "$(counter client FragCreates)" -gt 5000 ] # each client has sent until its messages to the shell had no more room
}
cat >&3 <<'END'
.host a
.host b
.actor client on b
.actor client2 on b
.actor client3 on b
server> getpid()
client> getpid()
server> s = socket(AF_INET, SOCK_DGRAM, 0)
server> bind(s, "0.0.0.0:9")
END
for client in client client2 client3; do
    cat >&3 <<END
$client> c = socket(AF_INET, SOCK_DGRAM, 0)
$client> connect(c, "a:9")
$client> char much[60000] = ""
$client> int i
$client> send(c, much, 1, 0)
$client> { sleep(2); for (i = 0; i < 100; i++) send(c, much, 60000, 0); }
END
done
come_to "the clients sleep" said 'client3 is blocked in sleep'
kill -STOP $shell
come_to "the flood" flooded
kill -CONT $shell
printf '%s\n' '.wait client' '.wait client2' '.wait client3' 'client3> i' >&3
come_to "the end of the flood" said '^client3: (int) 100'
printf '%s\n' .network 'server> 1' >&3
come_to ".network" said '^server: (int) 1'

lost=$(sed -n 's/^ *\([0-9]*\) frames came faster than they could be passed on.*/\1/p' "$work/out")
sent=$((3 * 100 * 41 + 3)) received=$(counter server InReceives) # 60008 bytes are 41 fragments of 1480
echo "$sent frames sent, $received received, ${lost:-none} told to be lost"
[ "${lost:-0}" -gt 0 ] && [ $((sent - received)) = "$lost" ] || fail "that is not so"
exec 3>&-
wait $shell
