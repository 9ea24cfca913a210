#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A script's line waits for its blocked actor while another actor works at ending
# the call: send() of more than the socket's buffers hold, read by a loop that
# computes for longer than the shell's patience with those who are busy.
set -u
. "$(dirname "$0")/private-network"
output=$(timeout -k 5 60 "${top_builddir:-.}/sockshell" $network <<'END'
s = socket(AF_INET, SOCK_STREAM, 0)
bind(s, "127.0.0.1:0")
listen(s, 1)
struct sockaddr_in at
socklen_t length = sizeof(at)
getsockname(s, &at, &length)
if (fork() == 0) { c = socket(AF_INET, SOCK_STREAM, 0); connect(c, &at, length); char big[65536]; memset(big, 65, 65536); for (int i = 0; i < 256; i++) send(c, big, 65536, 0); }
a = accept(s)
char buf[65536]
long all = 0, n, sum = 0
while ((n = recv(a, buf, 65536, 0)) > 0) { all = all + n; for (int i = 0; i < 1500; i++) sum = sum + i; if (all == 16777216) break; }
server.1> close(c)
all
END
)
status=$?
[ $status -eq 0 ] && [ "$(printf '%s\n' "$output" | tail -n 1)" = "server: (long) 16777216" ] && exit 0
echo "exit status $status, and at the end:"
printf '%s\n' "$output" | tail -n 5
exit 1
