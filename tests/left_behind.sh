#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A lesson on the machine's own network has a folder for its sockets in the machine's files.  When the shell is killed
# together with the caretaker that would remove it, the next lesson does; when the caretaker alone is, the shell does.
# What is in use, or not such a folder, stays.
set -u
program=${top_builddir:-.}/sockshell
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-left.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/home" || exit 99
export TMPDIR="$work/tmp" XDG_STATE_HOME="$work/home"
fail() {
    echo "$*"
    ls -AlR "$TMPDIR"
    tail -n 20 "$work/out"
    exit 1
}
await() { # command
    patience=3000
    until "$@" 2>/dev/null; do
        [ $patience -gt 0 ] || fail "it did not come to: $*"
        patience=$((patience - 1))
        sleep 0.01 # there is no event to wait for in a shell script
    done
}
header() {
    printf 'sockshell-lesson 1\ntitle: A socket with a path\nactors: server\nnetwork: host\n\n# It\n\n'
}
{
    header
    printf '    server> s = socket(AF_UNIX, SOCK_STREAM, 0)\n    server> bind(s, "path.sock")\n      = 0\n'
} >"$work/short.les"
# One that takes long enough to be stopped in the middle.
{
    cat "$work/short.les"
    printf '    server> sleep(1000)\n      within 10s killed SIGKILL\n'
} >"$work/long.les"

folders() {
    find "$TMPDIR" -name 'sockshell-lesson.*' -printf '%f\n' | sort
}
has_path() {
    ls "$TMPDIR"/*/path.sock
}
# Those of the shells whose TMPDIR this is.
caretakers() {
    for process in $(grep -lsF "TMPDIR=$TMPDIR" /proc/[0-9]*/environ | tr -dc '0-9\n'); do
        [ "$(cat "/proc/$process/comm" 2>/dev/null)" != sockshell-tidy ] || echo "$process"
    done
}
# A shell in the middle of its lesson, and its caretaker. It stands still, but it lives.
start() {
    "$program" --network=host --check --lesson "$work/long.les" >"$work/out" 2>&1 &
    shell=$!
    await has_path >/dev/null
    kill -STOP $shell
    tidy=$(caretakers)
    [ "$(echo "$tidy" | wc -w)" = 1 ] || fail "not one caretaker, but: $tidy"
}
play() {
    "$program" --network=host --check --lesson "$work/short.les" >"$work/out" 2>&1 || fail "a short lesson"
}

# What looks like one and is none of ours to remove.
mkdir -m 755 "$TMPDIR/sockshell-lesson.open"
mkdir -m 700 "$TMPDIR/sockshell-lesson.full" "$TMPDIR/elsewhere"
: >"$TMPDIR/sockshell-lesson.full/file"
ln -s elsewhere "$TMPDIR/sockshell-lesson.link"
: >"$TMPDIR/sockshell-lesson.file"
folders >"$work/foreign"

start
folders >"$work/in-use"
play
folders | cmp "$work/in-use" - || fail "a lesson's folder is gone, though it is in use"
[ -S "$(has_path)" ] || fail "a lesson's socket is gone, though it is in use"
kill -9 $tidy $shell
wait $shell 2>/dev/null
folders | cmp -s "$work/in-use" - || fail "killed together, they leave nothing: this tests nothing"
play
folders | cmp "$work/foreign" - || fail "what was left behind stays, or more than that is removed"

start
kill -9 $tidy $(cat "/proc/$shell/task/$shell/children") # and whom it waits for, so that it ends by itself
kill -CONT $shell
wait $shell
folders | cmp - "$work/foreign" || fail "without its caretaker the shell leaves its folder"
[ -e "$TMPDIR/sockshell-lesson.full/file" ] || fail "a file that is none of ours is gone"
