#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tree is what it says it is: every source is named in Makefile.am and the
# other way round, the map at the head of src/main.c names every folder of src/
# and no other, every file begins with its licence, no folder includes what is
# built on top of it, and comments name files that are there.
set -u
cd "${top_srcdir:-.}" || exit 99

scratch=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-layout.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
result=0

complain() {
    echo "$*"
    result=1
}

# Two sorted lists of names must be the same.
same() { # file, file, what it means to be in the first only, … in the second only
    for name in $(comm -23 "$1" "$2"); do complain "$name: $3"; done
    for name in $(comm -13 "$1" "$2"); do complain "$name: $4"; done
}

# (a) Makefile.am.  Its lists have one name a line, or stand behind a "= ".  A C
# program without a list of sources of its own is made from the .c file of its name.
sed -e '/^#/d' -e 's/\\$//' Makefile.am | tr -s ' \t' '\n\n' |
    sed -E -n -e 's,^tests/(unit/test|fuzz/fuzz|bench/[a-z]|terminal/[a-z])[a-z0-9_]*$,&.c,p' \
        -e '/^(src|tests|lessons|man)\/.*\.(c|h|in|les|sh|term|out|err|status|args|[157])$/p' |
    grep -v '^man/sockshell.1$' | grep -v '_\(LDADD\|LDFLAGS\)$' | sort -u >"$scratch/named"
find src tests lessons man -type f \( -name '*.[ch]' -o -name '*.in' -o -name '*.les' -o -name '*.sh' \
    -o -name '*.term' -o -name '*.out' -o -name '*.err' -o -name '*.status' -o -name '*.args' -o -name '*.[157]' \) |
    grep -v -e '^man/sockshell.1$' -e '^tests/fuzz/corpus/' -e '^tests/fuzz/found/' | sort >"$scratch/there"
same "$scratch/named" "$scratch/there" "named in Makefile.am, but not there" "not named in Makefile.am"
# Scripts without an ending, of which programs that the build makes have no such line.
for name in $(find tests -type f ! -name '*.*' -exec grep -l '^# SPDX-License-Identifier' {} +); do
    grep -q "^[[:space:]]$name\\( \\|\$\\)" Makefile.am || complain "$name: not named in Makefile.am"
done

# (b) The map: the first comments of src/main.c, up to the first #include.
sed '/^#include/,$d' src/main.c | grep -o 'src/[a-z_]*\(/\|\.c\)' | sort -u >"$scratch/map"
{
    find src -mindepth 1 -maxdepth 1 -type f -name '*.c'
    find src -mindepth 2 -type f -name '*.[ch]' | sed 's,[^/]*$,,'
} | sort -u >"$scratch/folders"
same "$scratch/map" "$scratch/folders" "on the map in src/main.c, but not there" "not on the map in src/main.c"

# (c) Licences; a byte order mark and the line ends of other systems are what one test's program is about.
for file in $(grep -E '\.[ch]$' "$scratch/there"); do
    [ "$(head -n 1 "$file" | tr -d '\357\273\277\r')" = "/* SPDX-License-Identifier: GPL-3.0-or-later */" ] ||
        complain "$file: the first line is not its SPDX line"
done
for file in bootstrap configure.ac Makefile.am m4/sockshell.m4 $(grep -E '\.sh$' "$scratch/there") tests/jobs tests/private-network \
    tests/summary tests/with-hosts tests/*/run-*; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || complain "$file: no SPDX line"
done
# (d) The order of the folders: each includes only itself and what stands behind it here.  One pair includes each
# other: a lesson is played through the shell, and the shell hands its lines to the lesson.
order="tools session shell lesson screen prompt view export explain observe actor journal call lang packet net base"
for file in $(grep -E '^src/.+/.+\.[ch]$' "$scratch/there"); do
    from=${file#src/}
    from=${from%%/*}
    behind="$from ${order#*"$from"} "
    [ "$from" = lesson ] && behind="$behind shell "
    case " $order " in *" $from "*) ;; *) complain "src/$from/: not in the order of folders in tests/layout.sh" ;; esac
    for to in $(sed -n 's,^#include "\([a-z_]*\)/.*,\1,p' "$file" | sort -u); do
        case " $behind" in *" $to "*) ;; *) complain "$file: includes $to/, which stands before $from/" ;; esac
    done
done

# (e) Overviews do not go stale: a source file that a comment names is there.
awk '/^ *\*|\/\*/ {
    text = $0
    sub(/^.*\/\*/, "", text)
    while (match(text, /[a-z0-9_\/]+[a-z0-9_]\.c([^a-zA-Z0-9_]|$)/)) {
        name = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        sub(/[^c]$/, "", name)
        print FILENAME, FNR, name
    }
}' $(grep -E '^src/.+\.[ch]$' "$scratch/there") >"$scratch/named"
while read -r file line name; do
    case $name in net/*/*) continue ;; esac # of the kernel
    [ -e "src/$name" ] || [ -e "${file%/*}/$name" ] || [ -e "$name" ] ||
        complain "$file:$line: names $name, which is not there"
done <"$scratch/named"
[ -s "$scratch/named" ] || complain "no comment names a source file: this compares nothing"
exit $result
