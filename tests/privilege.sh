#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Actors hold no capability that they were not meant to have, whoever starts the shell: as the kernel says in
# /proc/PID/status, of an actor, of a child that it forked, and of one on another host. As root and as an ordinary user,
# which a test that runs as root becomes.
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
echo "$tested actors were looked at"
