#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the player cannot judge in a lesson, and whoever plays it can: the course has no gaps, every lesson asks and
# sets a task, every choice has its reason, and no step comes without a word. At 80x24 the lesson's pane shows what
# was said since the step before: a step straight after another leaves it empty.
set -u

cd "${top_srcdir:-.}/lessons" || exit 99
result=0
complain() {
    echo "$*"
    result=1
}
header() { # key, file
    sed -n "/^\$/q; s/^$1: *//p" "$2"
}

expected=1 after=
for file in $(for file in *.les; do echo "$(header number "$file") $file"; done | sort -n | cut -d ' ' -f 2); do
    name=${file%.les} number=$(header number "$file") summary=$(header summary "$file")
    [ "$number" = $expected ] || complain "$file: its number is '$number', and $expected comes after the one before it"
    expected=$((expected + 1))
    [ -z "$after" ] || [ "$after" = "$name" ] || complain "$file: the lesson before it says that '$after' comes next"
    after=$(header next "$file")
    [ -n "$summary" ] && [ ${#summary} -le 78 ] || complain "$file: its summary has ${#summary} letters, and a line of the pane 78"
    for key in title teaches time; do
        [ -n "$(header $key "$file")" ] || complain "$file: no $key:"
    done
    case $(header teaches "$file") in
    *.) ;;
    *) complain "$file: teaches: is no sentence with a full stop" ;;
    esac
    awk -v file="$file" '
        function complain(what) { print file ":" FNR ": " what; bad = 1 }
        function choice_over() { if (choice && choice !~ / -- /) { print file ":" at ": a choice without a reason"; bad = 1 }
                                 choice = "" }
        function task_over() { if (in_task && !hints) { print file ":" task_at ": a task without a hint"; bad = 1 }
                               in_task = 0 }
        FNR == 1 { body = 0 }
        !body { if ($0 == "") body = 1; next }
        /^```/ { listing = !listing; words = 1; next }
        listing || $0 == "" { if ($0 == "") choice_over(); next }
        /^    [^ ]/ {
            choice_over()
            if (solution) next
            if (!words) complain("a step without a word before it: " substr($0, 5))
            words = 0; next }
        /^      / { next }
        choice && /^ / { choice = choice $0; next }
        { choice_over(); words = 1 }
        /^@/ || /^# / { task_over(); solution = 0 }
        /^@(predict|ask|ladder) / { questions++ }
        /^@task / { tasks++; in_task = 1; hints = 0; task_at = FNR }
        /^hint:/ { hints++ }
        /^solution:/ { solution = 1; next }
        solution && /^[A-Za-z`(*_"]/ { solution = 0 }
        /^[[(][ x][])] / { choice = $0; at = FNR }
        END {
            choice_over(); task_over()
            if (!questions) complain("nothing is asked in it")
            if (!tasks) complain("no task is set in it")
            exit bad
        }' "$file" || result=1
done
[ -z "$after" ] || complain "after the last lesson '$after' is said to come"
exit $result
