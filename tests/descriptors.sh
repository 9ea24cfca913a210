#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Children that nobody waits for keep descriptors of the shell. When it may have
# no more, that is what it says, and fork() fails as it does where there may be no
# more processes.  And .state of a UNIX listener says whose connections accept() gives, in which order.
set -u
out=$(ulimit -n 60 && timeout -k 5 60 "${top_builddir:-.}/sockshell" 2>&1 <<'END'
int i
for (i = 0; i < 40; i++) if (fork() == 0) exit(0)
server> i
client> 1 + 1
END
)
expect() {
    printf '%s\n' "$out" | grep -q "$1" && return
    echo "nothing like \"$1\" in"
    printf '%s\n' "$out"
    exit 1
}
expect '^server> fork() = -1 EAGAIN'
expect '^server cannot fork(): the shell itself has no descriptors left.*of 60 .*wait() for them'
expect '^server: (int) 40$'
expect '^client: (int) 2$'
! printf '%s\n' "$out" | grep 'broke the rules'

out=$(timeout -k 5 60 "${top_builddir:-.}/sockshell" 2>&1 <<'END'
s = socket(AF_UNIX, SOCK_STREAM, 0)
struct sockaddr_un any = {AF_UNIX}
bind(s, (struct sockaddr *)&any, sizeof(sa_family_t))
socklen_t length = sizeof(any)
getsockname(s, (struct sockaddr *)&any, &length)
listen(s, 5)
gone = socket(AF_UNIX, SOCK_STREAM, 0)
connect(gone, (struct sockaddr *)&any, length)
first = socket(AF_UNIX, SOCK_STREAM, 0)
connect(first, (struct sockaddr *)&any, length)
second = socket(AF_UNIX, SOCK_STREAM, 0)
connect(second, (struct sockaddr *)&any, length)
close(gone)
.state s
END
)
! printf '%s\n' "$out" | grep -q 'accept queue' || { # which the kernel's unix_diag tells, where there is one
    expect 'accept queue  *3 waiting'
    expect 'accept() gives  *one whose other end is closed already'
    expect 'then  *the other end of server fd 5'
    expect 'then  *the other end of server fd 6'
}
