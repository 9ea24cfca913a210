#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# In a chroot whose root folder is no mount point (debootstrap's): hosts can be made, and have names.  The mounts of it
# are shared (systemd makes all of them so), and yet nothing that is mounted for the shell is seen outside of it; and
# what is unmounted outside is not held by the shell.
set -u
top_builddir=$(cd "${top_builddir:-.}" && pwd) top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
export top_builddir top_srcdir
program=$top_builddir/sockshell
here=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
fail() {
    echo "$*"
    [ ! -e "$work/out" ] || cat "$work/out"
    exit 1
}
mounts() {
    sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo | sort
}

# ---- As root of a user namespace, with mounts of its own: everything that is in / by a mount, but /etc ----

fill() {
    mkdir "$work/root" "$work/root/etc"
    for entry in /*; do
        name=${entry#/}
        if [ "$name" = etc ]; then
            continue
        elif [ -L "$entry" ]; then
            ln -s "$(readlink "$entry")" "$work/root/$name"
        elif [ -d "$entry" ]; then
            mkdir "$work/root/$name"
            mount --rbind "$entry" "$work/root/$name" 2>/dev/null || rmdir "$work/root/$name"
        fi
    done
    cp /etc/hosts /etc/nsswitch.conf /etc/passwd /etc/group /etc/ld.so.cache "$work/root/etc/" 2>/dev/null
    mkdir "$work/root/disk"
    [ -e "$work/root/proc/self/stat" ]
}

# ---- In the chroot ----

inside() {
    mountpoint -q / && fail "the root folder is a mount point: this tests nothing"
    mount -t tmpfs disk /disk || exit 99
    "$program" --network=private --check --lesson "$top_srcdir/tests/lesson/hosts.les" >"$work/out" 2>&1 || fail "hosts.les"
    mounts >"$work/before"
    mkfifo "$work/lines" || exit 99
    "$program" --network=private <"$work/lines" >"$work/out" 2>&1 &
    shell=$!
    exec 3>"$work/lines"
    printf '.host a\n.host b\n.actor client on b\nclient> gethostbyname("a")\n' >&3
    patience=1000
    until grep -q 'gethostbyname' "$work/out" || [ $patience = 0 ] || ! kill -0 $shell 2>/dev/null; do
        patience=$((patience - 1))
        sleep 0.01 # there is no event to wait for in a shell script
    done
    grep -q 'gethostbyname("a") = {h_name="a", h_addr_list={10.0.0.1}}' "$work/out" || fail "hosts have no names"
    grep -q ' /etc/hosts ' "/proc/$shell/mountinfo" || fail "where is its /etc/hosts?"
    [ "/proc/$shell/root" -ef / ] && [ "/proc/$shell/cwd" -ef . ] || fail "the shell has left its root folder"
    mounts | cmp "$work/before" - || fail "what is mounted for the shell is seen outside"
    umount /disk || fail "what was mounted before cannot be unmounted"
    ! grep -q ' /disk ' "/proc/$shell/mountinfo" || fail "the shell holds what is unmounted outside"
    exec 3>&-
    wait $shell || fail "the shell ended with $?"
}

case ${1:-} in
outside)
    work=$2
    fill || {
        echo "skipped: a root folder cannot be put together here"
        exit 77
    }
    mount --make-rshared / && exec chroot "$work/root" /bin/sh "$here" inside "$work"
    exit 99
    ;;
inside)
    work=$2
    cd "$work" && inside
    exit
    ;;
esac
unshare --user --map-root-user --mount true 2>/dev/null || {
    echo "skipped: no user namespace with mounts of its own"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-chroot.XXXXXX") || exit 99
trap 'rm -rf --one-file-system "$work"' EXIT
unshare --user --map-root-user --mount /bin/sh "$here" outside "$work"
