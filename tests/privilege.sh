#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Actors hold no capability that they were not meant to have, whoever starts the shell: as the kernel says in
# /proc/PID/status, of an actor, of a child that it forked, and of one on another host. As root and as an ordinary user,
# which a test that runs as root becomes.  And a shell of root that needs no user namespace keeps what hosts take, its
# guardian nothing.
set -u
program=$(cd "${top_builddir:-.}" && pwd)/sockshell
work=$(mktemp -d "${TMPDIR:-/tmp}/sockshell-privilege.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# In hexadecimal, as they stand there: bit 13 is CAP_NET_RAW, bit 10 CAP_NET_BIND_SERVICE.
raw=0000000000002000 low=0000000000000400 both=0000000000002400 none=0000000000000000
tested=0

# A shell that lives until its actors were looked at.
look() { # as whom, option, sets of capabilities that its actors may hold, lines, how many actors say their number
    "$work/become" "$1" "$program" $2 --journal="$work/journal" "$work/lines" >"$work/out" 2>&1 &
    shell=$!
    exec 3>"$work/lines"
    printf '%s\n' "$4" >&3
    patience=1000
    until [ "$(grep -c 'get[p]id() = ' "$work/out")" -ge "$5" ] || [ $patience = 0 ] || ! kill -0 $shell 2>/dev/null; do
        patience=$((patience - 1))
        sleep 0.01 # there is no event to wait for in a shell script
    done
    for process in $(sed -n 's/.*getpid() = //p' "$work/out"); do
        tr -d '\t' <"/proc/$process/status" >"$work/status" || continue
        tested=$((tested + 1))
        for set in CapInh CapPrm CapEff CapAmb; do
            held=$(sed -n "s/^$set://p" "$work/status")
            case " $3 $none " in *" $held "*) continue ;; esac
            echo "$1, $2: an actor holds $set $held, and not one of: $3 $none"
            exit 1
        done
    done
    exec 3>&-
    wait $shell
}
cat >"$work/become" <<'END'
#!/bin/sh
user=$1
shift
[ "$user" = "$(id -un)" ] && exec "$@"
exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
END
chmod 755 "$work/become"
mkfifo -m 666 "$work/lines" || exit 99
: >"$work/journal"
chmod 666 "$work/journal"

forks='getpid()
if (fork() == 0) getpid();'
hosts='.host a
.host b
.actor far on b
far> getpid()
server> getpid()'
users=$(id -un)
if [ "$(id -u)" = 0 ] && setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups test -x "$program" 2>/dev/null; then
    users="root nobody"
fi
for user in $users; do
    if "$work/become" $user "$program" --network=private </dev/null >"$work/out" 2>&1; then
        look $user --network=private "$raw $both" "$forks" 2
        look $user --network=private "$raw $both" "$hosts" 2
    else
        echo "$user: $(head -n 1 "$work/out")"
    fi
    look $user --network=host "$both $low $raw" "$forks" 2
done
[ $tested -ge 2 ] || {
    echo "only $tested actors were looked at: this test tests nothing"
    cat "$work/out"
    exit 1
}

# A lesson that asks for nothing gets nothing, and one that asks for raw sockets these.
cat >"$work/plain.les" <<'END'
sockshell-lesson 1
title: No raw sockets
actors: server
network: private

# None

    server> raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)
      = -1 EPERM
    server> low = socket(AF_INET, SOCK_STREAM, 0)
    server> bind(low, "127.0.0.1:7")
      = 0
END
sed -e 's/^network: private/&\nneeds: private, raw/' -e 's/= -1 EPERM/= 3/' "$work/plain.les" >"$work/raw.les"
for user in $users; do
    for lesson in plain raw; do
        "$work/become" $user "$program" --network=private --check --lesson "$work/$lesson.les" >"$work/out" 2>&1
        status=$?
        [ $status = 0 ] || grep -q 'no private network' "$work/out" || {
            echo "$user, $lesson.les: exit status $status: $(cat "$work/out")"
            exit 1
        }
    done
done

# Root where there are no user namespaces: of one whose limit is 0.
cat >"$work/lone" <<'END'
#!/bin/sh
echo 0 >/proc/sys/user/max_user_namespaces || exit 77
exec "$@"
END
chmod 755 "$work/lone"
cat >"$work/alone" <<END
#!/bin/sh
exec unshare --user --map-root-user --mount "$work/lone" "\$@"
END
chmod 755 "$work/alone"
lone() {
    "$work/alone" "$@"
}
may_hold() { # process, who that is, the most that it may hold, as a hexadecimal number
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
        held=$(tr -d '\t' <"/proc/$1/status" | sed -n "s/^$set://p")
        [ -n "$held" ] && [ $((0x$held & ~$3)) = 0 ] || {
            echo "$2 of root without user namespace holds $set ${held:-(it is not there)}"
            exit 1
        }
    done
}
if lone true 2>/dev/null; then
    rm -f "$work/journal"
    lone "$program" --network=private "$work/lines" >"$work/out" 2>&1 &
    exec 3>"$work/lines"
    printf '%s\ngetppid()\n' "$hosts" >&3
    patience=1000
    until grep -q 'getppid() = ' "$work/out" || [ $patience = 0 ]; do
        patience=$((patience - 1))
        sleep 0.01
    done
    shell=$(sed -n 's/.*getppid() = //p' "$work/out")
    # CAP_SETPCAP, _NET_BIND_SERVICE, _NET_ADMIN, _NET_RAW, _SYS_ADMIN
    may_hold "${shell:-none}" "the shell" $((1 << 8 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 21))
    may_hold "$(sed -n 's/^far> getpid() = //p' "$work/out")" "an actor" $((1 << 13))
    exec 3>&-
    wait
    # Its hosts are made anew with each lesson that begins again.
    lone "$program" --check --lesson "${top_srcdir:-.}/tests/lesson/hosts.les" >"$work/out" 2>&1 || {
        echo "root without user namespace: hosts.les: $(cat "$work/out")"
        exit 1
    }
    # On a terminal it has a guardian, which is the parent of the shell that is the parent of the actors.
    printf 'expect server>\nend 0\n' >"$work/acts"
    XDG_STATE_HOME=$work XDG_CONFIG_HOME=$work TERM=xterm "${top_builddir:-.}/tests/terminal/drive" "$work/acts" "$work/alone" "$program" --plain \
        --network=private --journal="$work/journal" >"$work/out" 2>&1 &
    drive=$!
    patience=1000
    until grep -qs '"type":"born"' "$work/journal" || [ $patience = 0 ]; do
        patience=$((patience - 1))
        sleep 0.01
    done
    parent() { # of a process
        sed -n 's/^PPid:\t//p' "/proc/$1/status"
    }
    actor=$(sed -n 's/.*"type":"born".*"pid":\([0-9]*\).*/\1/p' "$work/journal" | head -n 1)
    guardian=$(parent "$(parent "$actor")")
    [ -n "$guardian" ] || cat "$work/out"
    may_hold "$guardian" "the guardian" 0
    kill -TERM "$guardian"
    wait $drive || {
        echo "with a guardian without capabilities: $(cat "$work/out")"
        exit 1
    }
else
    echo "root without user namespaces: not to be had here"
fi
echo "$tested actors were looked at"
