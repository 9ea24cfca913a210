#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a lesson from anybody might try: each attempt of tests/lesson/hostile is
# refused.  A lesson without NAME.err expects the refusals itself, and is met; one
# with it ends with status 1 and exactly these messages. Nothing is left behind.
#
#     tests/lesson/hostile.sh [--update]
#
# --update writes the .err files anew that are there; read the difference.
set -u

: "${top_builddir:=$PWD}"
sockshell=$top_builddir/sockshell
case $sockshell in
/*) ;;
*) sockshell=$PWD/$sockshell ;;
esac
cd "$(dirname "$0")/hostile" || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-hostile.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/run" || exit 99

result=0
for lesson in *.les; do
    case $lesson in
    host.les) network= ;; # which asks for the machine's own, and is kept within it
    *) . ../../private-network ;;
    esac
    expected=0 messages=${lesson%.les}.err
    [ -e "$messages" ] && expected=1
    TMPDIR=$work/run timeout -k 5 60 ${WRAPPER:-} "$sockshell" $network --check "./$lesson" \
        </dev/null >/dev/null 2>"$work/seen" 9>&-
    status=$?
    if [ $expected -eq 1 ] && [ "${1:-}" = --update ]; then
        cp "$work/seen" "$messages"
        continue
    fi
    if [ $status -ne $expected ]; then
        echo "$lesson: exit status $status; expected $expected"
        cat "$work/seen"
        result=1
    elif [ $expected -eq 1 ] && ! diff -u "$messages" "$work/seen"; then
        echo "$lesson: other messages (+) than expected (-)"
        result=1
    fi
    if [ -n "$(ls -A "$work/run")" ]; then
        echo "$lesson: left behind: $(ls -AR "$work/run")"
        rm -rf "$work/run"/*
        result=1
    fi
done
exit $result
