#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# In a real terminal multiplexer, which is a second opinion on what our sequences do: the screens of the echo lesson
# are those that libvterm has shown (tests/terminal/echo-*.txt); a change of size; the shell's screen and settings
# afterwards; and when tmux is killed, no process is left.
set -u
. "${top_srcdir:-.}/tests/private-network"
top=$(cd "${top_srcdir:-.}" && pwd)
command -v tmux >/dev/null || {
    echo "skipped: tmux is not there"
    exit 77
}
[ "$network" = --network=private ] || {
    echo "skipped: no private network here"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-tmux.XXXXXX") || exit 99
tm() {
    tmux -u -S "$work/socket" -f /dev/null "$@"
}
trap 'tm kill-server 2>/dev/null; rm -rf "$work"' EXIT
# tmux starts commands by $SHELL, which may be one that lets nobody in.
export XDG_STATE_HOME="$work" ENV= SHELL=/bin/sh
SOCKSHELL=$(cd "${top_builddir:-.}" && pwd)/sockshell
export SOCKSHELL

fail() {
    echo "$1"
    tm capture-pane -p
    exit 1
}
# There is no event to wait for: tmux is asked again and again.
patiently() { # a command that succeeds in the end
    patience=1500
    until "$@"; do
        patience=$((patience - 1))
        [ $patience -gt 0 ] || fail "never: $*"
        sleep 0.02
    done
}
shows() {
    tm capture-pane -p >"$work/now" && grep -qF -- "$1" "$work/now"
}
# What differs from run to run, as tests/terminal/shown.c has it.
is_recorded() { # the moment
    tm capture-pane -p | sed -E 's/:(3[2-9]|[4-9][0-9])[0-9]{3}/:PPPPP/g; s/  [0-9]+ s$//; s/ +$//' >"$work/now"
    cmp -s "$work/now" "$work/$1"
}
for moment in begun refused listening accept; do
    sed -n "/^=== $moment\$/,/^=== /{/^|/s/^|//p}" "$top/tests/terminal/echo-80x24-utf8-colour.txt" >"$work/$moment"
    [ "$(wc -l <"$work/$moment")" = 24 ] || fail "$moment has not 24 rows"
done
# A process and all that come from it.
tree() {
    echo "$1"
    for child in $(cat "/proc/$1/task/$1/children"); do
        tree "$child"
    done
}
are_gone() {
    for process; do
        ! kill -0 "$process" 2>/dev/null || return 1
    done
}
for term in screen screen-256color tmux tmux-256color; do
    tm start-server \; set-option -g default-terminal $term \; new-session -d -x 80 -y 24 "PS1='ready% ' exec sh"
    patiently shows 'ready%'
    tm send-keys -l 'stty -g >$XDG_STATE_HOME/settings; $SOCKSHELL --lesson echo'
    tm send-keys Enter
    patiently is_recorded begun
    tm send-keys -N 4 Enter
    tm send-keys -l b # what the lesson asks
    tm send-keys -N 4 Enter
    patiently is_recorded refused
    tm send-keys -N 8 Enter
    patiently is_recorded listening
    tm send-keys -N 2 Enter
    patiently is_recorded accept
    tm resize-window -x 120 -y 40
    patiently shows 'nothing has been sent or received yet'
    tm resize-window -x 80 -y 24
    patiently is_recorded accept
    tm send-keys -l '.quit'
    tm send-keys Enter
    patiently shows 'settings; $SOCKSHELL'
    tm send-keys -l 'stty -g | cmp - $XDG_STATE_HOME/settings && echo as be""fore'
    tm send-keys Enter
    patiently shows 'as before'
    tm send-keys -l '$SOCKSHELL --lesson echo'
    tm send-keys Enter
    patiently shows 'Enter goes on there'
    processes=$(tree "$(tm display-message -p '#{pane_pid}')")
    [ "$(echo "$processes" | wc -l)" = 5 ] || fail "not a shell, a guardian, sockshell and two actors: $processes"
    tm kill-server
    patiently are_gone $processes
    rm -rf "$work/sockshell"
    echo "$term: ok"
done
