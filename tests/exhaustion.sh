#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is full, closed, missing or too few: a clear sentence and a failure, or all
# goes well; never a hang, a crash, or a success that was none.
set -u
sockshell=${top_builddir:-.}/sockshell
case $sockshell in
/*) ;;
*) sockshell=$PWD/$sockshell ;;
esac
lessons=$(cd "$(dirname "$0")/../lessons" && pwd) || exit 99
. "$(dirname "$0")/private-network"
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-exhaustion.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
printf 's = socket(AF_INET, SOCK_STREAM, 0)\nclient> 1 + 1\n.state\n' >script
result=0

complain() {
    echo "$1"
    [ ! -s err ] || sed 's/^/    /' err
    result=1
}
run() { # arguments; its output in out and err
    timeout -k 5 60 ${WRAPPER:-} "$sockshell" "$@" </dev/null >out 2>err 9>&-
    status=$?
}
says() { # title, exit status, words on standard error ("": none at all)
    [ $status -eq "$2" ] || complain "$1: exit status $status; expected $2"
    if [ -z "$3" ]; then
        [ ! -s err ] || complain "$1: unexpected words"
    else
        grep -q "$3" err || complain "$1: nothing like \"$3\""
    fi
}

# A full disk is no success.
if [ -c /dev/full ]; then
    for arguments in --help --version --list "$network --check echo" "$network --check --tap echo" "$network script"; do
        SOCKSHELL_LESSONS=$lessons timeout -k 5 60 ${WRAPPER:-} "$sockshell" $arguments >/dev/full 2>err 9>&-
        status=$?
        says "$arguments on a full disk" 1 '^sockshell: standard output cannot be written'
    done
    run $network --journal=/dev/full script
    says 'a journal on a full disk' 1 '^sockshell: the journal ends here, /dev/full can take no more: No space left'
    grep -q '(int) 2' out || complain 'a journal on a full disk: the script was not carried out'
fi

# Standard descriptors that are closed are not taken for those of sockets.
for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '1>&- 2>&-' '0<&- 1>&- 2>&-'; do
    eval "timeout -k 5 60 ${WRAPPER:-} \"\$sockshell\" $network --journal=journal script" \
        "</dev/null >/dev/null 2>&1 $closed" 9>&-
    status=$?
    case $closed in
    *1*) [ $status -eq 1 ] || complain "with $closed: exit status $status, though its output was lost" ;;
    *) [ $status -eq 0 ] || complain "with $closed: exit status $status" ;;
    esac
    grep -q '"call":"socket".*"result":3,' journal || complain "with $closed: the first socket is not 3"
done

# Whoever reads no more is no reason to go on, nor to complain.
printf '%s\n' 'while (1) puts("1");' >endless
timeout -k 5 60 ${WRAPPER:-} "$sockshell" $network endless 2>err 9>&- | head -1 >out
[ "$(cat out)" = 'server| 1' ] || complain "an endless script into head: $(cat out)"
[ ! -s err ] || complain 'an endless script into head: words on standard error'

# Few descriptors: not begun, and why; or all of it done.
for most in 12 16 20 24 28 32 36 40 48; do
    (ulimit -n "$most" && exec timeout -k 5 60 ${WRAPPER:-} "$sockshell" $network script) </dev/null >out 2>err 9>&-
    status=$?
    case $status in
    0) grep -q '(int) 2' out || complain "with $most descriptors: nothing was done" ;;
    1) grep -q 'Too many open files' err || complain "with $most descriptors: no reason is given" ;;
    *) complain "with $most descriptors: exit status $status" ;;
    esac
done

# Folders that are not there, or not to be written to.
for home in "$work/nowhere" /proc ''; do
    XDG_STATE_HOME= HOME=$home SOCKSHELL_LESSONS=$lessons run --list
    says "--list with HOME=$home" 0 ''
done
SOCKSHELL_LESSONS=$lessons TMPDIR=$work/nowhere run --network=host --check echo
says 'a lesson without TMPDIR' 1 'TMPDIR names the folder'
run $network --journal=nowhere/journal script
says 'a journal in no folder' 2 'nowhere/journal: No such file'
LC_ALL=nowhere.UTF-8 run $network script
says 'a locale that is missing' 0 ''
exit $result
