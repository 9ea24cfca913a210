#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Colour is never the only sign: what the recorded screens (tests/terminal/echo-*.txt) say in colour they say
# without, word for word; and what stands out in colour stands out by being bold or reversed as well. Only
# remarks may lose their look, because they begin with // .
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-colours.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
compared=0
for colour in "${top_srcdir:-.}"/tests/terminal/*-colour.txt; do
    mono=${colour%-colour.txt}-mono.txt
    if grep -n '^:.*?' "$colour" "$mono"; then
        echo "a look that there should not be"
        exit 1
    fi
    grep -q '^:.*[RGYLMC]' "$colour" || {
        echo "$colour: nothing stands out in colour, so that nothing is tested here"
        exit 1
    }
    sed -e '/^:/{' -e 's/[rgylm]/b/g' -e 's/c/ /g' -e 's/[RGYLMC]/^/g' -e 's/ *$//' -e '/^:$/d' -e '}' "$colour" >"$work/expected"
    diff "$work/expected" "$mono" || exit 1
    compared=$((compared + 1))
done
[ "$compared" -ge 6 ] || {
    echo "only $compared pairs of recorded screens"
    exit 1
}
