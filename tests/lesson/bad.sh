#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Hostile and wrong lessons: each tests/lesson/bad/NAME.les must be refused, or
# fail, with exit status 1 and exactly the messages of NAME.err.
#
#     tests/lesson/bad.sh [--update]
#
# --update writes the .err files anew; read the difference before you keep it.
set -u

: "${top_builddir:=$PWD}"
sockshell=$top_builddir/sockshell
. "$(dirname "$0")/../private-network"
cd "$(dirname "$0")/bad" || exit 99
seen=$(mktemp "${TMPDIR:-/tmp}/sockshell-bad.XXXXXX") || exit 99
trap 'rm -f "$seen"' EXIT

result=0
for lesson in *.les; do
    # Elsewhere it takes a privilege to see packets, and others' are among them.
    case $lesson$network in *-unmet*host) continue ;; esac
    timeout -k 5 60 ${WRAPPER:-} "$sockshell" $network --check --lesson "./$lesson" </dev/null >/dev/null 2>"$seen" 9>&-
    status=$?
    if [ "${1:-}" = --update ]; then
        cp "$seen" "${lesson%.les}.err"
        continue
    fi
    if [ $status -ne 1 ]; then
        echo "$lesson: exit status $status; expected 1"
        result=1
    fi
    if ! cmp -s "${lesson%.les}.err" "$seen"; then
        echo "--- $lesson: messages expected (-) and seen (+)"
        diff -u "${lesson%.les}.err" "$seen" | tail -n +3
        result=1
    fi
done
exit $result
