#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# In a storm of signals nothing fails, hangs, or comes out otherwise: while private networks and hosts are made, links
# are changed, packets pass and are caught, lessons are checked, and somebody works at a terminal.  tests/storm.c blows.
set -u
program=${top_builddir:-.}/sockshell storm=${top_builddir:-.}/tests/storm
lessons=${top_srcdir:-.}/lessons
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-storms.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work" XDG_CONFIG_HOME="$work" TMPDIR="$work" TERM=xterm-256color
# A sanitizer that looks for leaks traces the process, and neither bears being stopped meanwhile.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
printf '.host a\n.host b\n' | "$program" --network=private >"$work/out" 2>&1 || {
    echo "skipped: $(head -n 1 "$work/out")"
    exit 77
}
fail() {
    echo "$*"
    cat "$work/out"
    exit 1
}
rounds=0
blow() { # command
    timeout -k 5 60 "$storm" "$@" >"$work/out" 2>&1
    status=$?
    [ $status = 0 ] || fail "$*: exit status $status"
    rounds=$((rounds + $(sed -n 's/^storm: \([0-9]*\) rounds$/\1/p' "$work/out")))
}

cat >"$work/script" <<'END'
.host a
.host b
.host c
.actor client on b
.wire on
.link a-b delay 1ms
.link a-b hold
server> s = socket(AF_INET, SOCK_STREAM, 0)
server> bind(s, "0.0.0.0:7")
server> listen(s, 3)
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> bind(c, "b:1000")
client> connect(c, "a:7")
.deliver
.deliver
.wait client
.link a-b clear
server> t = accept(s)
client> send(c, "hello", 5, 0)
server> char text[6]
server> recv(t, text, 5, MSG_WAITALL)
.network preset mtu off
.network preset mtu on
.state
END
"$program" --network=private "$work/script" >"$work/calm" 2>&1 || fail "it does not do in the calm either"
for i in 1 2 3 4 5; do
    blow "$program" --network=private "$work/script"
    sed '/^storm: /d' "$work/out" >"$work/seen"
    diff "$work/calm" "$work/seen" || fail "in a storm something else comes out"
    blow "$program" --check --lesson "${top_srcdir:-.}/tests/lesson/hosts.les"
    blow "$program" --check --lesson "$lessons/echo.les"
done

# With a caretaker on the machine's own network; with a guardian on a terminal.
cat >"$work/path.les" <<'END'
sockshell-lesson 1
title: A socket with a path
actors: server, client
network: host

# It

    server> s = socket(AF_UNIX, SOCK_STREAM, 0)
    server> bind(s, "path.sock")
      = 0
    server> listen(s, 3)
    client> c = socket(AF_UNIX, SOCK_STREAM, 0)
    client> connect(c, "path.sock")
      = 0
END
cat >"$work/acts" <<'END'
expect server>
type .host a\r
expect host a: eth0
type .host b\r
expect host b: eth0
type .actor far on b\r
expect far>
type .link a-b delay 1ms\r
expect far>
type s = socket(AF_INET, SOCK_DGRAM, 0)\r
expect = 3
type connect(s, "a:9")\r
expect = 0
type send(s, "x", 1, 0)\r
expect = 1
type .quit\r
end 0
END
for i in 1 2 3; do
    blow "$program" --check --lesson "$work/path.les"
    for manner in --plain --network=private; do
        timeout -k 5 60 "${top_builddir:-.}/tests/terminal/drive" "$work/acts" "$storm" "$program" $manner \
            --network=private >"$work/out" 2>&1 || fail "at a terminal, $manner"
    done
done
[ -z "$(find "$work" -name 'sockshell-lesson.*')" ] || fail "a lesson's folder is left"
[ $rounds -ge 200 ] || fail "only $rounds rounds: that is no storm"
echo "$rounds rounds, of four signals each"
