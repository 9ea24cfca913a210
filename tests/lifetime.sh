#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Everything is gone when the shell is, however it ended: 50 times a shell with
# two hosts, a forked actor and one that is blocked is killed with SIGKILL; no
# process of its namespaces is left, no namespace, no mount, no file.
set -u
. "$(dirname "$0")/with-hosts"
own_folder
need_hosts
# Processes in the namespaces that stand in $work/namespaces, a line each; as far as we may see.
inside() {
    ls -l /proc/[0-9]*/ns/net 2>/dev/null | grep -F -f "$work/namespaces" | sed 's,.*/proc/\([0-9]*\)/.*,\1,'
}
mkfifo "$work/lines" || exit 99
{ busy_hosts && echo .actors; } >"$work/script"
is_busy() {
    grep -qs 'client.1 .*on b' "$work/out"
}
is_gone() {
    [ -z "$(inside)" ]
}
mounts >"$work/before"
ls /etc/hosts* >"$work/etc.before" 2>&1
own=$(readlink /proc/self/ns/net)
round=0
while [ $round -lt 50 ]; do
    round=$((round + 1))
    rm -f "$work/out" # the one of the round before, which would be read for this one's
    "$program" --network=private <"$work/lines" >"$work/out" 2>&1 &
    shell=$!
    exec 3>"$work/lines"
    cat "$work/script" >&3
    await 3000 is_busy
    for process in $shell $(cat /proc/$shell/task/$shell/children); do
        readlink /proc/$process/ns/net
    done | sort -u >"$work/namespaces"
    if grep -qF "$own" "$work/namespaces" || [ "$(wc -l <"$work/namespaces")" != 2 ]; then
        echo "two hosts are not in two networks of their own:"
        cat "$work/namespaces" "$work/out"
        kill -9 $shell
        exit 1
    fi
    before=$(inside | wc -l)
    kill -9 $shell
    wait $shell 2>/dev/null
    exec 3>&-
    if [ "$before" -lt 4 ]; then
        echo "only $before processes are seen: this test tests nothing"
        cat "$work/out"
        exit 1
    fi
    await 3000 is_gone || fail "round $round left processes: $(inside)"
done
mounts >"$work/after"
ls /etc/hosts* >"$work/etc.after" 2>&1
cmp "$work/before" "$work/after" && cmp "$work/etc.before" "$work/etc.after"
