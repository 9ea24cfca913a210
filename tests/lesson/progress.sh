#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --list, --reset, and the options of playing a lesson that make no sense.
set -u
case ${top_builddir:=.} in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
sockshell=$top_builddir/sockshell
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-progress.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
result=0

complain() {
    echo "$*"
    result=1
}

export XDG_STATE_HOME="$work/state" SOCKSHELL_LESSONS="$work/lessons"
mkdir -p "$XDG_STATE_HOME/sockshell" "$SOCKSHELL_LESSONS"
lesson() { # name, number, title
    printf 'sockshell-lesson 1\ntitle: %s\n%sactors: a\nteaches: %s and much more, %s\n\n    a> 1\n\n    a> 2\n' "$3" \
        "${2:+number: $2
}" "$1" "so much that it has to go on in the next line of the table" >"$SOCKSHELL_LESSONS/$1.les"
}
lesson zebra 1 "The first"
lesson ant 2 "The second, with a title that is too long for one line of the table and a half"
lesson bee "" "Without a number"
printf 'left 2/2 zebra\ndone 0/2 ant\nrubbish\n\033[2J\nleft 1/2 bee\ndone 2/2 bee\n' >"$XDG_STATE_HOME/sockshell/progress"

"$sockshell" --list >"$work/out" 2>"$work/err" || complain "--list failed: $(cat "$work/err")"
cat >"$work/expected" <<'END'
  1 zebra           The first                                   at 2 of 2
                    zebra and much more, so much that it has to go on in the
                    next line of the table
  2 ant             The second, with a title that is too long   done
                    for one line of the table and a half
                    ant and much more, so much that it has to go on in the next
                    line of the table
    bee             Without a number                            done, at 2 of 2
                    bee and much more, so much that it has to go on in the next
                    line of the table
END
cmp -s "$work/out" "$work/expected" || {
    complain "--list: expected (-) and seen (+)"
    diff -u "$work/expected" "$work/out"
}

# One that cannot be read has its line, and the others theirs.
echo 'sockshell-lesson 2' >"$SOCKSHELL_LESSONS/bad.les"
"$sockshell" --list >"$work/out" 2>&1 && complain "--list did not fail for a bad lesson"
grep -q 'bad.les:1:' "$work/out" && grep -q '^  1 zebra' "$work/out" || complain "--list: $(cat "$work/out")"
rm "$SOCKSHELL_LESSONS/bad.les"

[ "$("$sockshell" --reset zebra ./x/bee.les nobody)" = "zebra: forgotten
bee: forgotten
nobody: nothing was noted down" ] || complain "--reset of three"
grep -q zebra "$XDG_STATE_HOME/sockshell/progress" && complain "zebra is still noted down"
grep -q 'done 0/2 ant' "$XDG_STATE_HOME/sockshell/progress" || complain "ant was forgotten too"
[ "$("$sockshell" --reset)" = "all lessons: forgotten" ] || complain "--reset of all"
[ -s "$XDG_STATE_HOME/sockshell/progress" ] && complain "something is left after --reset"

# A file that is none does no harm to the list, and stays.
rm "$XDG_STATE_HOME/sockshell/progress"
mkdir "$XDG_STATE_HOME/sockshell/progress"
"$sockshell" --list | grep -q '^  1 zebra' || complain "--list with a folder for a file"
"$sockshell" --reset >/dev/null 2>&1 && complain "--reset of a folder did not fail"

# Where the course is: in the folder that was named and in no other, or beside the program where it was built, or else
# where it was told that it is looked for. A program of a folder of its own has none beside it.
cp "$sockshell" "$work/alone"
(cd / && "$work/alone" --list >"$work/out" 2>&1) || complain "--list from elsewhere"
grep -q '^  1 zebra' "$work/out" || complain "--list from elsewhere: $(cat "$work/out")"
SOCKSHELL_LESSONS=$work/none "$sockshell" --list >"$work/out" 2>&1 && complain "--list of a folder that is not there"
grep -q "there are no lessons in $work/none$" "$work/out" || complain "no lessons: $(cat "$work/out")"
(cd "$work" && unset SOCKSHELL_LESSONS && mkdir tree && cp alone tree && cp -r lessons tree && tree/alone --list) >"$work/out" 2>&1
grep -q '^  1 zebra' "$work/out" || complain "--list beside the program: $(cat "$work/out")"
(cd "$work" && unset SOCKSHELL_LESSONS && tree/alone --check ant) >"$work/out" 2>&1 || complain "--check: $(cat "$work/out")"
(cd "$work" && unset SOCKSHELL_LESSONS && mkdir empty && cd empty && ../alone --check nosuch) >"$work/out" 2>&1
grep -q 'there is no lesson "nosuch" in this folder, nor in .*/lessons and ./lessons$' "$work/out" ||
    complain "what is said of no lesson: $(cat "$work/out")"

wrong() { # words of the message, options
    words=$1
    shift
    "$sockshell" "$@" </dev/null >"$work/out" 2>&1
    [ $? -eq 2 ] || complain "$*: not wrong usage"
    grep -q -e "$words" "$work/out" || complain "$*: $(cat "$work/out")"
}
wrong 'a lesson is played on a terminal' --lesson zebra --auto
wrong 'the speed of --auto is a number' --lesson zebra --auto=fast
wrong 'the speed of --auto is a number' --lesson zebra --auto=nan
wrong 'with --auto nobody types' --lesson zebra --auto --typing
wrong '--typing is for playing' --typing
wrong '--report is for playing' --check --report=x
wrong 'three different things' --check --list
wrong 'there is no option --nope$' --nope
wrong 'did you mean --report?' --reprot=x
wrong '--re begins more than one option' --re
wrong 'there is no option -Z$' -pZ
wrong '--lesson needs an argument: --lesson=NAME' --lesson
wrong '--lesson needs an argument: --lesson=NAME' -l
wrong '--list takes no argument' --list=all
wrong '--seed is a number from 0 on, not -1' --seed=-1
wrong 'there is no option --.x1b' --"$(printf '\033')c"
wrong 'two is one argument too many' one two
wrong 'cannot be written' --lesson zebra --report="$work/none/x.csv"
exit $result
