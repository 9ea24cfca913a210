#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# .save NAME.les: what a script explored becomes a lesson that --check accepts.
set -u
. "$(dirname "$0")/../private-network"
case ${top_builddir:=.} in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-save.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
result=0

complain() {
    echo "$*"
    result=1
}

run() { timeout -k 5 60 ${WRAPPER:-} "$top_builddir/sockshell" $network "$@" 9>&-; }

cat >explored.txt <<'END'
.watch on
server> s = socket(AF_INET, SOCK_STREAM, 0) // a comment
server> bind(s, "127.0.0.1:0"); listen(s, 3)
server> struct sockaddr_in a; socklen_t n = sizeof(a); getsockname(s, (struct sockaddr *)&a, &n)
server> accept(s, NULL, NULL)
server> 1
client> this is no C
client> x = 5
client> x + 1
client> printf("hello \"you\"\n")
client> int sv[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, sv); send(9, "x", 1, 0); send(sv[0], "hi", 2, 0)
client> char buf[10]; buf[20]
client> recv(sv[1], buf, sizeof(buf), 0)
client> recv(sv[1], buf, sizeof(buf), 0)
.interrupt client
client> if (fork() == 0) {
  puts("child");
  exit(3);
}
client> getpid()
client> fgets(buf, 10, stdin); puts(buf)
client< words
.kill client
.restart client
client> recv(9, NULL, 0, 0)
.save explored.les
.save explored.les
.save
END
run explored.txt >out 2>err
grep -q '19 steps saved in explored.les' out || complain "the steps are not counted as they should be: $(grep saved out)"
grep -q 'explored.les is there already' err || complain "a lesson was written over"
[ -s explored.les ] || { cat out err; exit 1; }
for line in 'server> s = socket(AF_INET, SOCK_STREAM, 0)$' 'state server.3 LISTEN' 'blocks in accept' 'value 6' \
    'prints "hello \\"you\\"\\n"' 'calls send(...) = -1 EBADF' 'fault memory' '.interrupt client' '= -1 EINTR$' \
    'client.1 exits 3' '= ANY' 'client< words' 'killed SIGKILL' '= -1 EBADF'; do
    grep -q -e "$line" explored.les || complain "explored.les has no \"$line\""
done
grep -q 'no C\|a comment\|server> 1$' explored.les && complain "what was refused, or a comment, is in explored.les"
run --check explored.les >out 2>err || {
    complain "--check does not accept what was saved:"
    cat out err explored.les
}

# Hosts, links and what was done on them.
if [ "$network" = --network=private ]; then
    cat >links.txt <<'END'
.host cheerios
.host laptop
.actor sv on cheerios
.actor cl on laptop
sv> s = socket(AF_INET, SOCK_STREAM, 0); bind(s, "0.0.0.0:51717"); listen(s, 5)
cl> c = socket(AF_INET, SOCK_STREAM, 0); connect(c, "cheerios:51717")
.link
.link laptop-cheerios hold
cl> close(c)
.deliver
.drop
.save links.les
END
    run links.txt >out 2>err
    for line in 'hosts: cheerios, laptop' '    .link laptop-cheerios hold' '    .deliver' '    .drop'; do
        grep -q -x -F -e "$line" links.les || complain "links.les has no \"$line\": $(cat out err links.les)"
    done
    grep -q -x '    .link' links.les && complain "a look at the links is a step of links.les"
    run --check links.les >out 2>err || complain "--check does not accept links.les: $(cat out err)"
fi

echo .save empty.les | run >out 2>err
grep -q 'nothing was done yet' err || complain "a lesson of nothing was saved"
[ ! -e empty.les ] || complain "empty.les was made"
exit $result
