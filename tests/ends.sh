#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# However the shell ends, in panes and in plain lines, the terminal is as it was: each case is a scenario for
# tests/terminal/drive, which compares settings and modes, and the way it ended is passed on.
set -u
top_builddir=${top_builddir:-.}
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-ends.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
result=0
# AddressSanitizer would take SIGSEGV and its like for mistakes of ours.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0:handle_sigill=0:handle_sigbus=0:handle_abort=0"

play() { # name, scenario
    printf 'env TERM=xterm-256color\nenv XDG_STATE_HOME=%s\n%b\n' "$work" "$2" >"$work/$1.term"
    "$top_builddir/tests/terminal/drive" "$work/$1.term" "$top_builddir/sockshell" $plain || {
        echo "$1: failed"
        result=1
    }
}

for plain in "" --plain; do
    # Between two plain prompts the terminal is as the shell found it, and a control character means what it
    # means there.
    prompt=${plain:+expect server>\\n}
    for signal in 1 15; do
        play "signal-$signal" "expect server>\ntype 1\\\\r\nexpect (int) 1\nsignal $signal\nend 0"
        play "shell-signal-$signal" "expect server>\ntype 1\\\\r\nexpect (int) 1\nsignal-child $signal\nend 0"
    done
    for signal in 3 4 6 9 11; do
        play "shell-signal-$signal" \
            "expect server>\ntype half a line\nexpect half a line\nsignal-child $signal\nend $((128 + signal))"
    done
    play "quit-key" "expect server>\ntype 1\\\\r\nexpect (int) 1\n${prompt}type \\\\x1c\nend 131"
    play "end-of-file" "expect server>\ntype 1\\\\r\nexpect (int) 1\n${prompt}type \\\\x04\nend 0"
    play "blocked-9" "expect server>\ntype sleep(100)\\\\r\nexpect blocked in sleep\nsignal-child 9\nend 137"
done
exit $result
