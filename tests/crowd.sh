#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Many shells at once, and shells killed at any moment.
#     CROWD  of them play echo.les at the same time, all on port 8888; and hold that port, all of them, at one moment
#     KILLS  are started one after the other and killed with SIGKILL, later each time, from before they have done
#            anything until they have ended: no process, no file, no mount and no namespace is left
# The usual numbers are for `make check`; .ci/run has the full ones, 50 and 200.
set -u
crowd=${CROWD:-8} kills=${KILLS:-24}
. "$(dirname "$0")/with-hosts"
top=$(cd "${top_builddir:-.}" && pwd)
program=$top/sockshell
lessons=$(cd "${top_srcdir:-.}" && pwd)/lessons
work=${CROWD_WORK:-}

# ---- The part with the kills, run by tests/forbid where namespaces are counted ----

# Of this test's own, whoever runs beside it: they have its folder in their environment.
is_alone() {
    for process in $(grep -lsF "CROWD_WORK=$work" /proc/[0-9]*/environ | tr -dc '0-9\n'); do
        case $(readlink "/proc/$process/exe") in "$program"*) return 1 ;; esac
    done
}
# The kernel needs a moment to give namespaces back.
starts() {
    printf '.host a\n.host b\n.host c\n' | "$program" --network=private >"$work/out" 2>&1
}
start() { # its number
    case $(($1 % 4)) in
    0) exec "$program" --check --lesson "$work/unix.les" ;;
    1) exec "$program" --network=host --check --lesson "$work/unix.les" ;;
    2) exec "$program" --network=private "$work/hosts.txt" ;;
    3) exec "$program" --check --lesson "$lessons/echo.les" ;;
    esac >"$work/out" 2>&1 </dev/null &
    shell=$!
}
case ${1:-} in
kill)
    if [ "${2:-}" = last ]; then
        await 6000 starts || fail "namespaces are left: $(cat "$work/out")"
        exit 0
    fi
    mounts >"$work/before"
    starts || skip "$(head -n 1 "$work/out")"
    round=0
    while [ $round -lt "$kills" ]; do
        start $round
        # Not to wait for anything: a moment of the shell's life, another one each time, of its first 20 ms.
        moment=$((round * 7 % 20))
        sleep "0.0$((moment / 10))$((moment % 10))"
        kill -9 $shell 2>/dev/null
        wait $shell 2>/dev/null
        round=$((round + 1))
        await 3000 is_alone || fail "round $round left processes"
    done
    [ -z "$(ls -A "$work/tmp")" ] || fail "files are left: $(ls -A "$work/tmp")"
    [ -z "$(find "$work/home" ! -type d)" ] || fail "files are left: $(find "$work/home")"
    mounts | cmp "$work/before" - || fail "mounts are left"
    exit 0
    ;;
esac

# ---- The crowd ----

own_folder
need_hosts
i=0
while [ $i -lt "$crowd" ]; do
    i=$((i + 1))
    { "$program" --check --lesson "$lessons/echo.les" >"$work/echo.$i" 2>&1 || echo "exit status $?" >>"$work/echo.$i"; } &
done
wait
i=0
while [ $i -lt "$crowd" ]; do
    i=$((i + 1))
    grep -q ', all met$' "$work/echo.$i" && ! grep -q 'exit status' "$work/echo.$i" || fail "$(cat "$work/echo.$i")"
done

# All of them listen before any goes on: the second half comes when all have said so.
cat >"$work/first" <<'END'
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "0.0.0.0:8888")
listen(s, 3)
END
cat >"$work/second" <<'END'
client> c = socket(AF_INET, SOCK_STREAM, 0)
client> connect(c, "127.0.0.1:8888")
accept(s)
END
all_listen() {
    [ "$(cat "$work"/port.* | grep -c '^server> listen(3, 3) = 0')" = "$crowd" ]
}
i=0
while [ $i -lt "$crowd" ]; do
    i=$((i + 1))
    : >"$work/port.$i"
    { cat "$work/first" && await 6000 test -e "$work/go" && cat "$work/second"; } |
        "$program" --network=private >"$work/port.$i" 2>&1 &
done
await 6000 all_listen || fail "not all $crowd have port 8888: $(tail -n 1 "$work"/port.*)"
: >"$work/go"
wait
met=$(cat "$work"/port.* | grep -c '^server> accept(3, .* = 4')
[ "$met" = "$crowd" ] || fail "$met of $crowd were connected to, each by itself: $(tail -n 2 "$work"/port.*)"

# ---- The kills ----

cat >"$work/unix.les" <<'END'
sockshell-lesson 1
title: A socket with a path
actors: server, client
network: private

# It

    server> s = socket(AF_UNIX, SOCK_STREAM, 0)
    server> bind(s, "path.sock")
      = 0
    server> listen(s, 3)
    client> c = socket(AF_UNIX, SOCK_STREAM, 0)
    client> connect(c, "path.sock")
      = 0
      within 10s state server.s ESTABLISHED
END
{ busy_hosts && echo .state; } >"$work/hosts.txt"
mkdir "$work/tmp" "$work/home"
export CROWD_WORK="$work" TMPDIR="$work/tmp" HOME="$work/home" XDG_STATE_HOME="$work/home" KILLS="$kills"
"$top/tests/forbid" scarce /bin/sh "$0" kill >"$work/killed" 2>&1
status=$?
cat "$work/killed"
exit $status
