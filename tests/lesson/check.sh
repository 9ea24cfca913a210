#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --check as authors and harnesses use it: TAP, several lessons and all of them,
# tasks in both directions, predictions answered by the kernel, seeds, skips, and
# the corrected copy.
set -u

: "${top_builddir:=$PWD}"
case $top_builddir in
/*) ;;
*) top_builddir=$PWD/$top_builddir ;;
esac
. "$(dirname "$0")/../private-network"
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-check.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
result=0

check() { # arguments; what is said goes to out and err
    timeout -k 5 60 ${WRAPPER:-} "$top_builddir/sockshell" $network --check "$@" >out 2>err </dev/null 9>&-
    status=$?
}
want() { # exit status, then lines that must be in out or err, each an argument
    [ $status -eq "$1" ] || { echo "exit status $status; expected $1"; cat out err; result=1; }
    shift
    for line; do
        grep -q -x -F -e "$line" out err || { echo "missing: $line"; cat out err; result=1; }
    done
}

# Everything there is, and all of it right.
cat >all.les <<'END'
sockshell-lesson 1
title: All of it
actors: server, client
param port = 8000..8999
param fruit = apple | banana | fig

    server> door = socket(AF_INET, SOCK_STREAM, 0); bind(door, "127.0.0.1:$port"); listen(door, 3)
      = 0

@predict waiting
Nobody has called. What will accept() do?

    server> talk = accept(door, NULL, NULL)
      blocks

@predict connected
A client connects to port $port. What will the server's accept() return?

    client> sock = socket(AF_INET, SOCK_STREAM, 0); connect(sock, "127.0.0.1:$port")
      = 0
      ? server returns 4

@predict nothing-there
What will recv() do?
( ) It returns 0 {returns 0} -- That is end of file.
(x) It waits {blocks} -- Nothing has come, and nobody has closed.

    server> char buf[100]; recv(talk, buf, sizeof(buf), 0)
      blocks

@ask who
Who chose the client's port?
( ) the client -- It never called bind().
(x) the kernel

@task say
Make recv() return a fruit.
goal: server returns ${#fruit}
hint: send()
solution:
    client> send(sock, "$fruit", ${#fruit}, 0)
      = ${#fruit}

@claim stays
close() without shutdown() leaves CLOSE_WAIT.

    client> close(sock)
      state server.talk CLOSE_WAIT

verdict: it depends -- At the other end.

@pause
END
check all.les
want 0 "all.les: 6 steps, 8 expectations, 4 questions, 1 task, all met"
for seed in 1 2 3 4 5; do
    check --seed $seed all.les
    want 0
done

# What is wrong is found: each of these has one mistake.
wrong() { # name, header lines or "", body, the message
    printf 'sockshell-lesson 1\ntitle: T\nactors: server\n%s\n%s\n' "$2" "$3" >"$1.les"
    check "$1.les"
    want 1 "$4"
}
wrong untouched "" '    server> s = socket(AF_INET, SOCK_STREAM, 0)

@task a
Do nothing.
goal: state s CLOSE
solution:
    server> 1' "untouched.les:7: expected that the task is not done before anybody does it; seen that all its goals hold untouched"
wrong by-itself "" '    server> s = socket(AF_INET, SOCK_STREAM, 0)

@task a
Do nothing.
goal: within 1s state s CLOSE
solution:
    server> 1' "by-itself.les:7: expected that the task is not done before anybody does it; seen that all its goals hold untouched"
wrong solution "" '    server> s = socket(AF_INET, SOCK_STREAM, 0)

@task a
Listen.
goal: state s LISTEN
solution:
    server> bind(s, "127.0.0.1:8888")' "solution.les:9: expected state s LISTEN; seen CLOSE"
wrong predicted "" '@predict a
Does it wait?
(x) It waits {blocks}
( ) No

    server> s = socket(AF_INET, SOCK_STREAM, 0)' "predicted.les:7: expected that the choice \"It waits\" is right (blocks); seen server is in no call"
wrong also-right "" '@predict a
Does it work?
(x) Yes {= 3}
( ) It does {= ANY}

    server> s = socket(AF_INET, SOCK_STREAM, 0)' "also-right.les:8: expected that the choice \"It does\" is wrong (= ANY); seen socket(AF_INET, SOCK_STREAM, 0) = 3"

# A question about captured packets: what was captured is right, another order or number is not. The same seed shuffles
# the same way. Where packets cannot be seen it is a skip.
cat >ladder.les <<'END'
sockshell-lesson 1
title: Ladders
actors: server, client

    server> door = socket(AF_INET, SOCK_STREAM, 0); bind(door, "127.0.0.1:8888"); listen(door, 3)

# Connecting

    client> sock = socket(AF_INET, SOCK_STREAM, 0); connect(sock, "127.0.0.1:8888")

@ladder order
Which came first?
order: 1..3

# Talking

    client> send(sock, "hello", 5, 0); shutdown(sock, SHUT_WR); close(sock)

@ladder blanks
What is missing?
packets: client.sock
blank: len of 1, ack of 4, sender of 2, flags of 3

@ladder drawn
Draw it all.
packets: all TCP 8888
draw: seq ack
END
check --tap ladder.les
if [ "$network" = --network=private ]; then
    want 0 'ok 4 - ladder.les:11 that the answer "c b a" is judged wrong' \
        'ok 7 - ladder.les:19 that the answer "5, server, FIN ACK, 7" is judged right' \
        'ok 11 - ladder.les:19 that the answer "5, server, FIN ACK, 8" is judged wrong' \
        'ok 12 - ladder.les:24 that the answer "client SYN seq 0, server SYN ACK seq 0 ack 1, client ACK seq 1 ack 1, client PSH ACK seq 1 ack 1 len 5, server ACK seq 1 ack 6, client FIN ACK seq 6 ack 1, server ACK seq 1 ack 7" is judged right'
    for seed in 1 2 3 4 5 6 7 8; do
        check --tap --seed $seed ladder.les
        want 0
        mv out first
        check --tap --seed $seed ladder.les
        cmp -s first out || { echo "seed $seed shuffles in two ways"; diff first out; result=1; }
        cat out >>shuffled
    done
    [ "$(grep 'ladder.les:11 .*judged right' shuffled | sort -u | wc -l)" -gt 2 ] ||
        { echo "the seed does not shuffle"; result=1; }
elif [ $status -ne 0 ]; then
    [ $status -eq 77 ] && grep -q '^ok 1 - ladder.les # SKIP ' out || { echo "no skip:"; cat out err; result=1; }
fi

# TAP, over several lessons, with numbers that go on.
check --tap untouched.les all.les none.les
want 1 "TAP version 13" "ok 1 - untouched.les:5 server> s = socket(AF_INET, SOCK_STREAM, 0)" \
    "not ok 2 - untouched.les:7 that the task is not done before anybody does it" \
    '  seen: "that all its goals hold untouched"' "ok 5 - all.les:8 = 0"
sed -n 's/^\(not \)\{0,1\}ok \([0-9]*\) .*/\2/p' out >numbers
last=$(tail -n 1 numbers)
seq 1 "${last:-0}" | cmp -s - numbers || { echo "TAP numbers:"; cat out; result=1; }
want 1 "1..$last"
grep -q "^not ok $last - none.les a lesson" out || { echo "none.les is not told"; cat out; result=1; }

# A skip is told with its reason, and is no pass.
printf 'sockshell-lesson 1\ntitle: T\nactors: a\nneeds: private\n\n    a> 1\n' >private.les
keep=$network network=--network=host
check private.les
want 77 "private.les: skipped: it needs a network of its own, and there is none (forbidden by the system, or --network=host)"
check --tap private.les
want 77 "ok 1 - private.les # SKIP it needs a network of its own, and there is none (forbidden by the system, or --network=host)" "1..1"
network=$keep

# All lessons of a course.
mkdir course && cp all.les course/b.les && cp all.les course/a.les
SOCKSHELL_LESSONS=course
export SOCKSHELL_LESSONS
check
want 0 "a.les: 6 steps, 8 expectations, 4 questions, 1 task, all met" "b.les: 6 steps, 8 expectations, 4 questions, 1 task, all met"

# The corrected copy says what was seen, and then holds.
cat >accept.les <<'END'
sockshell-lesson 1
title: To be corrected
actors: server
param port = 8000..8999

    server> s = socket(AF_INET, SOCK_STREAM, 0)
      = 7
      state s LISTEN

    server> connect(s, "127.0.0.1:9")
      = 0

    server> printf("hello\n")
      prints "bye"

    server> $port + 1
      value 1

    server> return 3
      exits 0
END
cp accept.les before
check --accept accept.les
want 1 "sockshell: accept.les.new has 6 corrected lines; read it, and move it over the lesson if it is right" \
    "sockshell: 1 of the failures has no one line that could be corrected"
cmp -s before accept.les || { echo "the lesson itself was changed"; result=1; }
check accept.les.new
want 0 "accept.les.new: 5 steps, 6 expectations, all met"
mv accept.les.new accepted.les && check accepted.les
want 0 "accepted.les: 5 steps, 6 expectations, all met"
check --accept accepted.les
want 0
[ ! -e accepted.les.new ] || { echo "a copy without corrections"; result=1; }
exit $result
