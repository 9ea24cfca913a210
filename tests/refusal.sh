#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a private network is forbidden, sockshell says which rule forbids it, at
# which step, and what would allow it: each case staged.  And all lessons that can
# do without are played all the same.
set -u
program=${top_builddir:-.}/sockshell
forbid=${top_builddir:-.}/tests/forbid
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-refusal.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
result=0 staged=0

refused() { # how, what the message says, its remedy
    "$forbid" $1 "$program" --network=private </dev/null >"$work/out" 2>&1
    status=$?
    if [ $status = 77 ]; then
        echo "$1: $(cat "$work/out")"
        return
    fi
    staged=$((staged + 1))
    if [ $status != 2 ] || ! grep -q "$2" "$work/out" || ! grep -q "$3" "$work/out"; then
        echo "$1: exit status $status, and not \"$2\" with \"$3\", but:"
        cat "$work/out"
        result=1
    fi
    # Asked for on the machine's own network, .network says the same.
    echo .network | "$forbid" $1 "$program" >"$work/out" 2>&1
    tr '\n' ' ' <"$work/out" | tr -s ' ' >"$work/line"
    grep -q "machine's own network" "$work/line" && grep -q "$3" "$work/line" || {
        echo "$1: .network does not say \"$3\", but:"
        cat "$work/out"
        result=1
    }
}
refused users 'unshare(CLONE_NEWUSER | CLONE_NEWNET) failed: No space left' 'sysctl user.max_user_namespaces='
refused networks 'unshare(CLONE_NEWUSER | CLONE_NEWNET) failed: No space left' 'user.max_net_namespaces'
refused seccomp 'unshare(CLONE_NEWUSER | CLONE_NEWNET) failed: Operation not permitted' 'seccomp=unconfined'
refused "chroot $work/root" 'unshare(CLONE_NEWUSER | CLONE_NEWNET) failed: Operation not permitted' 'inside chroot'

refused clone 'unshare(CLONE_NEWUSER | CLONE_NEWNET) failed: Operation not permitted' 'sysctl kernel.unprivileged_userns_clone=1'
refused apparmor 'writing "deny" to /proc/self/setgroups failed: Permission denied' 'apparmor_restrict_unprivileged_userns=0'
# An ordinary user needs no capability for it, root one to stay root.
if ! "$forbid" users true 2>/dev/null; then
    echo "caps: there are no user namespaces to be had here"
elif [ "$(id -u)" = 0 ]; then
    refused caps 'writing /proc/self/uid_map failed: Operation not permitted' 'cap-add SETFCAP'
else
    "$forbid" caps "$program" --network=private </dev/null >"$work/out" 2>&1 || {
        echo "an ordinary user without capabilities: $(cat "$work/out")"
        result=1
    }
fi

# Nothing is refused, but the kernel's settings cannot be changed: ports below 1024 are had all the same, and what could
# not be set is told.
printf 'bind(socket(AF_INET, SOCK_STREAM, 0), "0.0.0.0:80")\n.network preset quiet off\n.host a\n.host b\n.network\n' |
    "$forbid" readonly "$program" --network=private >"$work/out" 2>&1
if [ $? != 77 ]; then
    staged=$((staged + 1))
    tr '\n' ' ' <"$work/out" | tr -s ' ' >"$work/line"
    grep -q 'bind(3, {AF_INET, 0.0.0.0:80}, 16) = 0' "$work/out" && ! grep -q 'need no privilege here' "$work/out" &&
        { ! grep -q fd00 "$work/out" || grep -q 'quiet off: .* could not be made so' "$work/line"; } || {
        echo "a read-only /proc/sys:"
        cat "$work/out"
        result=1
    }
fi

# A network, but no file system of its own.
echo .host a | "$forbid" mount "$program" --network=private >"$work/out" 2>&1
if [ $? != 77 ]; then
    staged=$((staged + 1))
    grep -q 'a host cannot be made: keeping the mounts from the machine (MS_SLAVE) failed: Operation not permitted' "$work/out" &&
        "$forbid" mount "$program" --check --lesson "${top_srcdir:-.}/lessons/echo.les" >"$work/out" 2>&1 || {
        echo "no mounts:"
        cat "$work/out"
        result=1
    }
fi

# A network can be had, but not two.
printf '.host a\n.host b\n.network\n' | "$forbid" hosts "$program" --network=private >"$work/out" 2>&1
if [ $? != 77 ]; then
    staged=$((staged + 1))
    grep -q 'a host cannot be made: unshare(CLONE_NEWNET | CLONE_NEWUTS) failed: No space left' "$work/out" &&
        grep -q 'user.max_net_namespaces' "$work/out" && grep -q 'in a network of your own' "$work/out" || {
        echo "no room for hosts:"
        cat "$work/out"
        result=1
    }
fi

# What can do without is played, and the rest says why it is not.
played=0
for lesson in "${top_srcdir:-.}"/lessons/*.les; do
    "$forbid" fallback "$program" --check --lesson "$lesson" >"$work/out" 2>&1
    status=$?
    case $status in
    0) played=$((played + 1)) ;;
    77) grep -q -e 'skipped: it needs ' -e 'skipped: no private network' -e 'skipped: packets of lo' -e '^skipped: fallback' \
        "$work/out" ;;
    *) false ;;
    esac || {
        echo "$lesson without a private network: exit status $status"
        cat "$work/out"
        result=1
    }
done
echo "$played lessons are played without a private network"
[ $played -gt 20 ] || grep -q '^skipped: fallback' "$work/out" || result=1

# And is played there on a terminal, which the refusal has left alone.
printf 'expect a private one was refused\nexpect server> \ntype .quit\\r\nend 0\n' >"$work/acts"
XDG_STATE_HOME=$work "$forbid" fallback "${top_builddir:-.}/tests/terminal/drive" "$work/acts" \
    "$program" --plain --lesson "${top_srcdir:-.}/lessons/socket.les" >"$work/out" 2>&1 ||
    grep -q '^skipped: fallback' "$work/out" || {
    echo "no lesson is played where a private network is refused:"
    cat "$work/out"
    result=1
}

# A lesson whose port another program has says who that is; and goes no further.
cat >"$work/busy" <<'END'
program=$1 lesson=$2 work=$3
mkfifo "$work/lines"
"$program" --network=host "$work/lines" >"$work/holder" 2>&1 &
exec 3>"$work/lines"
printf '%s\n' 's = socket(AF_INET, SOCK_STREAM, 0)' 'bind(s, "0.0.0.0:8888")' 'listen(s, 3)' >&3
patience=1000
until grep -q 'listen(3, 3) = 0' "$work/holder" || [ $patience = 0 ]; do
    patience=$((patience - 1))
    sleep 0.01 # there is no event to wait for in a shell script
done
"$program" --check --lesson "$lesson"
status=$?
exec 3>&-
wait
exit $status
END
"$forbid" fallback sh "$work/busy" "$program" "${top_srcdir:-.}/lessons/echo.les" "$work" >"$work/out" 2>&1
status=$?
if [ $status != 77 ]; then
    staged=$((staged + 1))
    [ $status = 1 ] && grep -q 'port is free .*; seen .*8888 (LISTEN); its owner is another program, server (pid [0-9]*)' \
        "$work/out" && [ "$(grep -c expected "$work/out")" -lt 15 ] || {
        echo "a lesson with a busy port:"
        cat "$work/out"
        result=1
    }
fi

# What has hosts is skipped, and says why.
"$forbid" users "$program" --check --lesson "${top_srcdir:-.}/tests/lesson/hosts.les" >"$work/out" 2>&1
status=$?
if [ $status != 77 ] || ! grep -q '^hosts.les: skipped: no private network' "$work/out"; then
    grep -q '^skipped: users' "$work/out" || {
        echo "a lesson with hosts: exit status $status"
        cat "$work/out"
        result=1
    }
fi
[ $staged -gt 0 ] || exit 77
exit $result
