#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# However and whenever the program ends, the terminal is as it was (settings and modes) and no process is left:
# each way to end it at one moment, and each moment ended in three ways, in panes and in plain lines.
# tests/terminal/drive.c does it, and looks.
set -u
. "${top_srcdir:-.}/tests/private-network"
program=${top_builddir:-.}/sockshell drive=${top_builddir:-.}/tests/terminal/drive
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-kills.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work" TERM=xterm-256color
# A crash that we bring about is to look like one. No core is wanted.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"
ulimit -c 0

# What is done to it, as acts, and the last of them.
cat >"$work/ways" <<'END'
shell-SIGKILL   end 137   signal-child 9
shell-SIGSEGV   end 139   signal-child 11
shell-SIGABRT   end 134   signal-child 6
shell-SIGBUS    end 135   signal-child 7
shell-SIGPIPE   end 0     signal-child 13\ntype .quit\r
shell-SIGQUIT   end 131   signal-child 3
shell-SIGTERM   end 0     signal-child 15
shell-SIGHUP    end 0     signal-child 1
shell-stopped   end 137   signal-child 19\nsignal-child 9
shell-STOP-TERM end 0     signal-child 19\nsignal-child 18\nsignal 15
SIGTERM         end 0     signal 15
SIGHUP          end 0     signal 1
SIGQUIT         end 131   signal 3
SIGINT-SIGTERM  end 0     signal 2\nsignal 15
twice           end 0     signal 15\nsignal 15
guardian-KILL   end 137   signal 9
guardian-SEGV   end 139   signal 11
group-SIGTERM   end 0     signal-group 15
group-SIGHUP    end 0     signal-group 1
group-SIGKILL   gone 137  signal-group 9
Ctrl-backslash  end 131   type \x1c
hang-up         end 0     hang-up
actors-KILL     end 0     signal-actor server 9\nsignal-actor client 9\nsignal 15
actors-STOP     end 0     signal-actor server 19\nsignal-actor client 19\nsignal 15
actors-SEGV     end 137   signal-actor server 11\nsignal-child 9
END
cat >"$work/moments" <<'END'
first-byte      written 1
starting        written 40
prompt          see server>
half-typed      see server>\ntype half a line\nsee half a line
continued       see server>\ntype while (1) {\\r\nsee ...>
blocked         see server>\ntype socket inet stream\\rlisten 3 3\\raccept(3)\\r\nsee is blocked in accept(3
printing        see server>\ntype for (int i = 0; 1; i++) { printf("%d", i); puts(" megabytes"); }\\r\nsee megabytes\nwritten 5000
completing      see server>\ntype sock\\t\\t\nsee socketpair
searching       see server>\ntype \\x12\nsee reverse-i-search
pasting         see server>\ntype \\e[200~half of a paste
half-a-key      see server>\ntype \\e[
forked          see server>\ntype fork(); fork(); sleep(1000)\\r\nsee blocked in sleep
asked           see server>\ntype char line[9]; fgets(line, 9, stdin)\\r\nsee server<
stormy          see server>\nsize 1 1\nsize 50 200\nsize 5 20\nsize 24 80
helped          see server>\ntype \\eOP\\eOQ\\e[17~
changed-over    see server>\ntype \\e[18~half\nsee half\ntype \\e[18~
END

# The acts of one case: MOMENT WAY
acts() {
    printf '%b\n' "$(sed -n "s/^$1  *//p" "$work/moments")"
    sed -n "s/^$2  *[a-z]* [0-9]*  *//p" "$work/ways" | sed 's/\\n/\
/g'
    sed -n "s/^$2  *\([a-z]* [0-9]*\) .*/\1/p" "$work/ways"
}
try() { # moment, way, --plain or nothing
    case="$work/$1,$2${3:-}"
    acts "$1" "$2" >"$case.acts"
    "$drive" "$case.acts" "$program" $network ${3:-} >"$case.log" 2>&1 9>&- || echo $? >"$case.failed"
}
tell() {
    for case in "$work"/*.failed; do
        [ -e "$case" ] || return 0
        [ "$(cat "$case")" != 77 ] || exit 77
        echo "failed: $(basename "$case" .failed)"
        cat "${case%.failed}.acts" "${case%.failed}.log"
        failed=yes
    done
}
failed=no
cases=0
for manner in "" --plain; do
    for way in $(cut -d ' ' -f 1 "$work/ways"); do
        try blocked "$way" $manner &
        cases=$((cases + 1))
        [ $((cases % 4)) != 0 ] || wait
    done
    for moment in $(cut -d ' ' -f 1 "$work/moments"); do
        for way in shell-SIGKILL SIGTERM guardian-KILL; do
            try "$moment" "$way" $manner &
            cases=$((cases + 1))
            [ $((cases % 4)) != 0 ] || wait
        done
    done
done
wait
tell
echo "$cases cases"
[ "$failed" = no ]
