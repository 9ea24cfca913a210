#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How a private network is set up for who looks at it, and what it is like without: each setting switched off and on
# again, and the difference measured in the capture, or seen in the kernel.
set -u
. "$(dirname "$0")/with-hosts"
own_folder
echo .network | "$program" --network=private >"$work/out" 2>&1 || skip "$(head -n 1 "$work/out")"
! grep -q 'could not be made so' "$work/out" || skip "the settings cannot be had here: $(cat "$work/out")"
fail() {
    echo "$*"
    cat "$work/out"
    exit 1
}
# 0. A lesson says how it wants them, whenever it begins afresh; and the command line has the last word.
cat >"$work/wish.les" <<'END'
sockshell-lesson 1
title: As elsewhere
actors: server on a, client on b
hosts: a, b
network: private
preset: quickack off, mtu off

# It

    client> c = socket(AF_INET, SOCK_DGRAM, 0)
      = 3
    client> connect(c, "127.0.0.1:9")
      = 0
    client> int mtu
    client> socklen_t length = sizeof(mtu)
    client> getsockopt(c, IPPROTO_IP, IP_MTU, &mtu, &length)
      = 0
    client> printf("mtu %d\n", mtu)
      prints "mtu 65535\n"

@task it
Do it.
goal: client calls close(...) = 0
solution:
    client> close(c)

    client> c = socket(AF_INET, SOCK_DGRAM, 0)
    client> connect(c, "127.0.0.1:9")
    client> getsockopt(c, IPPROTO_IP, IP_MTU, &mtu, &length)
    client> printf("mtu %d\n", mtu)
      prints "mtu 65535\n"
END
"$program" --check --lesson "$work/wish.les" >"$work/out" 2>&1 || fail "a lesson has not the settings that it wants"
"$program" --check --preset='off, mtu on' --lesson "$work/wish.les" >"$work/out" 2>&1
[ $? = 1 ] && grep -q 'seen "mtu 1500' "$work/out" || fail "--preset does not take the place of a lesson's settings"
cat >"$work/acts" <<'END'
expect client> c = socket
type \r
expect = 3
type \x15.back 1\r
expect client> c = socket
type \x15.network\r
expect preset mtu off
type .quit\r
end 0
END
XDG_STATE_HOME=$work XDG_CONFIG_HOME=$work TERM=xterm "${top_builddir:-.}/tests/terminal/drive" "$work/acts" "$program" --plain \
    --lesson "$work/wish.les" >"$work/out" 2>&1 || fail "a lesson that begins afresh has not the settings that it wants"
echo .network | "$program" --network=private --preset='off, mtu on' >"$work/out" 2>&1
[ "$(grep -c 'preset [a-z]* off: ' "$work/out")" = 4 ] && grep -q 'preset mtu on: ' "$work/out" ||
    fail "--preset does not switch settings off"
for wrong in --preset= --preset=mtu "--network=private --preset=mtu,off" --preset=off "--network=host --preset=off"; do
    "$program" $wrong </dev/null >"$work/out" 2>&1
    [ $? = 2 ] && grep -q '^sockshell: --preset is ' "$work/out" || fail "$wrong: is taken"
done

# A shell that is given lines as they come.
mkfifo "$work/lines" || exit 99
"$program" --network=private --journal="$work/journal" <"$work/lines" >"$work/out" 2>&1 &
shell=$!
exec 3>"$work/lines"
say() {
    cat >&3
}
await() { # what, how it is seen, and what is asked again and again for it
    patience=600
    until sh -c "$2" 2>/dev/null; do
        [ $patience -gt 0 ] || fail "$1: it did not come to it"
        patience=$((patience - 1))
        [ -z "${3:-}" ] || echo "$3" >&3
        sleep 0.02 # there is no event to wait for in a shell script
    done
}
packets() { # those to or from this port, a line each: time, text
    sed -n 's/.*"type":"packet".*"text":"\([^"]*\)\(.*\)"seen_ns":\([0-9]*\).*/\3 \1/p' "$work/journal" | grep -F "127.0.0.1:$1 "
}

# 1. quickack: the acknowledgement of a FIN. (Before there was any data the kernel waits for its next tick only.)
finish() { # port
    say <<END
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "127.0.0.1:$1")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:$1")
server> a = accept(s)
client> send(c, "some data", 9)
server> char text[16]
server> recv(a, text, 16)
client> shutdown(c, SHUT_WR)
END
    await "the FIN to port $1 is acknowledged" \
        "grep -q '127.0.0.1:$1 → 127.0.0.1:[0-9]* ACK seq 1 ack 11' '$work/journal'" "1"
    packets "$1" | awk '/FIN ACK seq 10/ && !fin { fin = $1 } / ACK seq 1 ack 11/ { printf "%d\n", ($1 - fin) / 1000; exit }'
}
echo ".watch on" >&3
quick=$(finish 1001)
[ "$quick" -lt 20000 ] || fail "with quickack a FIN is acknowledged after $quick µs"
echo ".network preset quickack off" >&3
slow=$(finish 1002)
[ "$slow" -ge 30000 ] || fail "without quickack a FIN is acknowledged after $slow µs, as if it were there"
echo ".network preset quickack on" >&3
quick=$(finish 1003)
[ "$quick" -lt 20000 ] || fail "with quickack again a FIN is acknowledged after $quick µs"
echo "a FIN is acknowledged after $quick µs with quickack, $slow µs without"

# 2. mtu and segments: how many packets 8000 bytes are.
count_of() { # port
    say <<END
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "127.0.0.1:$1")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:$1")
server> a = accept(s)
client> char much[8000] = ""
client> send(c, much, 8000)
END
    await "8000 bytes to port $1 are acknowledged" \
        "grep -q '127.0.0.1:$1 → 127.0.0.1:[0-9]* ACK seq 1 ack 8001' '$work/journal'" "1"
    packets "$1" | grep -c ' len [1-9]'
}
both=$(count_of 1004)
echo ".network preset mtu off" >&3
long=$(count_of 1005)
printf '.network preset mtu on\n.network preset segments off\n' >&3
gathered=$(count_of 1006)
echo ".network preset segments on" >&3
again=$(count_of 1007)
[ "$both $long $again" = "6 1 6" ] && [ "$gathered" -ge 1 ] && [ "$gathered" -lt 6 ] ||
    fail "8000 bytes are $both packets; $long without mtu, $gathered without segments; $again with both again"

# 3. quiet: what IPv6 does between hosts; and the other ends of the cables never say anything.
own_address() { # the line of an actor's getpid()
    pid=$(sed -n "s/^$1> getpid() = //p" "$work/out" | tail -n 1)
    grep -q '^fe80.* eth0$' "/proc/$pid/net/if_inet6"
}
say <<'END'
.wire clear
.host a
.host b
.actor other on b
other> getpid()
server> getpid()
END
await "two hosts" "grep -q '^server> getpid' '$work/out'"
if grep -q '^host b: eth0 has .* and fd00' "$work/out"; then
    for place in /proc/$shell/fd/*; do
        case $(readlink "$place") in net:*) ;; *) continue ;; esac
        nsenter -t $shell --user --preserve-credentials --net="$place" cat /proc/self/net/if_inet6 2>/dev/null
    done >"$work/addresses"
    grep -q '^fd00.*eth0' "$work/addresses" || echo "the cables' other ends could not be looked at"
    ! grep '^fe80' "$work/addresses" || fail "interfaces gave themselves addresses, although they were to be quiet"
    echo ".network preset quiet off" >&3
    await "routers are searched for" "grep -q 'ICMPv6.*router solicitation' '$work/out'" ".wire icmpv6"
    own_address other && own_address server || fail "no address of IPv6's own, although it need not be quiet"
    printf '.network preset on\nother> getpid() + 1\n' >&3
    await "quiet again" "grep -q '^other: ' '$work/out'"
    ! own_address other && ! own_address server || fail "IPv6's own address stays"
fi
echo "8000 bytes are $both packets; $long without mtu, $gathered without segments"
exec 3>&-
wait $shell || fail "the shell ended with $?"
