#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Under a shell with job control: stopped, continued, ended while stopped, begun in the background. `stty -g` is the
# same before and whenever the shell has the terminal again; what was typed is still there; no process is left.
set -u
. "${top_srcdir:-.}/tests/private-network"
shell=$(command -v bash) || {
    echo "skipped: bash, whose job control this is about, is not there"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-suspended.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work" TERM=xterm-256color PS1='bash% ' SETTINGS="$work/settings"
program=$(cd "${top_builddir:-.}" && pwd)/sockshell
export SOCKSHELL="$program $network"
case=$work/case
compare='type stty -g | cmp - $SETTINGS && echo as be""fore\r
expect as before
expect bash%'

# The acts stand in $work/acts, COMPARE and MANNER for what they say: NAME
try() {
    name=$1
    for manner in "" --plain; do
        {
            echo 'expect bash%'
            echo 'type stty -g >$SETTINGS; unset HISTFILE; set -b\r'
            echo 'expect bash%'
            cat "$work/acts" | sed -e "s/MANNER/$manner/"
        } | awk -v compare="$compare" '$0 == "COMPARE" { print compare; next } { print }' >"$case"
        "${top_builddir:-.}/tests/terminal/drive" "$case" "$shell" --norc --noprofile -i >"$work/log" 2>&1 9>&- || {
            status=$?
            [ $status != 77 ] || exit 77
            echo "failed: $name $manner"
            cat "$case" "$work/log"
            exit 1
        }
        rm -f "$SETTINGS"
    done
    echo "$name: ok"
}
begin='type $SOCKSHELL MANNER\r
see server>
type half a line
see server> half a line'

printf '%s\n' "$begin" 'type \x1a' 'expect Stopped' 'expect bash%' COMPARE \
    'type fg\r' 'expect server> half a line' 'type \x156 * 7\r' 'see (int) 42' 'type \x1a' 'expect Stopped' 'expect bash%' COMPARE \
    'type fg\r' 'see server>' 'type .quit\r' 'expect bash%' COMPARE 'type exit 0\r' 'end 0' >"$work/acts"
try "Ctrl-Z and fg, twice"

# bash tells of an end when it likes to: with the next prompt, or with the one after that.
gone='while jobs %1 2>/dev/null | grep -q Stopped; do :; done; echo it is go""ne\r'
printf '%s\n' "$begin" 'type \x1a' 'expect Stopped' 'expect bash%' "type kill -9 %1; $gone" 'expect it is gone' COMPARE \
    'type exit 0\r' 'end 0' >"$work/acts"
try "killed while it is stopped"

printf '%s\n' "$begin" 'type \x1a' 'expect Stopped' 'expect bash%' "type kill %1; $gone" 'expect it is gone' COMPARE \
    'type exit 0\r' 'end 0' >"$work/acts"
try "SIGTERM while it is stopped"

printf '%s\n' "$begin" 'type \x1a' 'expect Stopped' 'expect bash%' 'type exit 0\r' 'expect stopped jobs' 'expect bash%' \
    'type exit 0\r' 'end 0' >"$work/acts"
try "the shell is left while it is stopped"

printf '%s\n' 'type $SOCKSHELL MANNER &\r' 'expect Stopped' 'type \r' 'expect bash%' COMPARE 'type fg\r' \
    'see server>' 'type .quit\r' 'expect bash%' COMPARE 'type exit 0\r' 'end 0' >"$work/acts"
try "begun in the background"
