#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a private network is forbidden, sockshell says which rule forbids it, at
# which step, and what would allow it: each case staged.  And lessons that can do
# without are played all the same.
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

# What can do without is played; what has hosts is skipped, and says why.
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
