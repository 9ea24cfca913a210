#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual against the program: every option of --help and every command of
# .help is in sockshell(1), the manual names none that is not there, every event
# field that the journal writes is described, and every expectation that a lesson
# may have.
set -u
program=${top_builddir:-.}/sockshell
page=${top_srcdir:-.}/man/sockshell.1.in
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-manual.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
result=0

same() { # title, from the program, from the manual
    cmp -s "$2" "$3" && return
    echo "$1: in the program (-) and in the manual (+)"
    diff -u "$2" "$3" | tail -n +3
    result=1
}

"$program" --help | sed -n 's/^  -., --\([a-z]*\).*/\1/p' | sort -u >"$work/options"
sed -n 's/^\.It Fl [a-zA-Z].* -\([a-z][a-z]*\).*/\1/p' "$page" | sort -u >"$work/options.page"
same "options" "$work/options" "$work/options.page"

echo .help | "$program" | sed -n '/^  /p' | grep -o '\.[a-z]\{2,\}' | tr -d . | sort -u >"$work/commands"
sed -n '/^\.Sh COMMANDS/,/^\.Sh CALLS/s/^\.It Ic \.\([a-z]*\).*/\1/p' "$page" | grep -v -e '^again$' -e '^back$' -e '^hint$' -e '^solution$' -e '^skip$' -e '^exit$' |
    sort -u >"$work/commands.page"
same "commands" "$work/commands" "$work/commands.page"

# Every word that begins an expectation, as an unknown one is answered with them, is in sockshell-lesson(5).
lessons=${top_srcdir:-.}/man/sockshell-lesson.5
printf 'sockshell-lesson 1\ntitle: T\nactors: a\n\n    a> 1\n      xyzzy 1\n' >"$work/unknown.les"
"$program" --check "$work/unknown.les" 2>&1 | tr '\n' ' ' | sed -n 's/.*it knows: *//p' | tr -s ' ' '\n' | grep . |
    sort -u >"$work/expectations"
sed -n '/^\.Sh EXPECTATIONS/,/^\.Ss What nobody expects/s/^\.It Cm \([^ ]*\).*/\1/p' "$lessons" | sort -u >"$work/expectations.page"
same "expectations" "$work/expectations" "$work/expectations.page"

# Every field of every kind of event that the scripts bring about, each in a network where its ports are free.
. "$(dirname "$0")/private-network"
for script in "${top_srcdir:-.}"/tests/script/*.in; do
    timeout -k 5 60 "$program" $network --journal="$work/one" <"$script" >/dev/null 2>&1 9>&-
    cat "$work/one" >>"$work/journal"
done
grep -o '"[a-z_]*":' "$work/journal" | tr -d '":' | sort -u >"$work/fields"
sed -n '/^\.Sh JOURNAL/,/^\.Sh ENVIRONMENT/p' "$page" | grep '^\.Li\|^\.It Li' | sed 's/^\.It Li//; s/^\.Li//' |
    tr ' ,.' '\n\n\n' | grep '^[a-z_]' | sort -u >"$work/fields.page"
comm -23 "$work/fields" "$work/fields.page" >"$work/fields.missing"
[ ! -s "$work/fields.missing" ] || {
    echo "fields of the journal that the manual does not name:" $(cat "$work/fields.missing")
    result=1
}

[ -s "$work/fields" ] && [ -s "$work/options" ] && [ -s "$work/commands" ] && [ -s "$work/expectations" ] || {
    echo "the program lists no options, commands, fields or expectations: this test compares nothing"
    exit 1
}
exit $result
