#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The table of tutorials in lessons/README.md and the lessons agree: what the
# table names exists, and what a lesson names as its source, the table has.
set -u

cd "${top_srcdir:-.}/lessons" || exit 99
result=0
complain() {
    echo "$1"
    result=1
}

# "tutorial|passage|lesson|step" a row; headings "### NAME.txt" say which tutorial.
rows=$(awk -F ' *[|] *' '
    /^#/ { tutorial = /^### [^ ]+\.txt$/ ? substr($0, 5) : "" }
    tutorial != "" && /^\|/ && $2 != "passage" && $2 !~ /^-+$/ {
        print tutorial "|" $2 "|" $3 "|" $4
        if (NF != 5)
            print tutorial "|" $2 "|a row of " NF - 2 " columns instead of 3|"
    }' README.md)
[ "$(printf '%s\n' "$rows" | wc -l)" -ge 100 ] || complain "README.md: the table of tutorials was not found"

saved=$IFS
IFS='
'
for row in $rows; do
    passage=$(printf '%s\n' "$row" | cut -d '|' -f 2)
    lesson=$(printf '%s\n' "$row" | cut -d '|' -f 3)
    step=$(printf '%s\n' "$row" | cut -d '|' -f 4)
    tutorial=${row%%|*}
    if ! [ -f "$lesson.les" ]; then
        complain "README.md: $passage: there is no lesson '$lesson'"
        continue
    fi
    case $step in
        @*) line=$step ;;
        *) line="# $step" ;;
    esac
    grep -q -x -F -- "$line" "$lesson.les" || complain "README.md: $passage: $lesson.les has no line '$line'"
    sed -n 's/^source: *//p' "$lesson.les" | grep -q -F -- "$tutorial" ||
        complain "$lesson.les: its source does not name $tutorial, as README.md does"
done
for file in *.les; do
    for source in $(sed -n 's/^source: *//p' "$file" | tr -d ' ' | tr ',' '\n'); do
        printf '%s\n' "$rows" | grep -q -F -- "$source|" || complain "$file: source $source is not in README.md"
        printf '%s\n' "$rows" | grep -F -- "$source|" | grep -q -F -- "|${file%.les}|" ||
            complain "$file: README.md has no passage of $source for it"
    done
    next=$(sed -n 's/^next: *//p' "$file")
    [ -z "$next" ] || [ -f "$next.les" ] || complain "$file: next: there is no lesson '$next'"
done
IFS=$saved
# The table of lessons at the top has all of them.
for file in *.les; do
    grep -q -F -- "| \`$file\` |" README.md || complain "README.md: $file is not in the list of lessons"
done
numbers=$(sed -n 's/^number: *//p' *.les | sort | uniq -d)
[ -z "$numbers" ] || complain "more than one lesson has number" $numbers
exit $result
