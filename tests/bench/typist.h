/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs on terminals of their own, for the benchmark: started, typed at, listened to, ended. */
#ifndef SOCKSHELL_BENCH_TYPIST_H
#define SOCKSHELL_BENCH_TYPIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct typist {
    pid_t pid;
    int terminal;
    int64_t begun;  /* nanoseconds, before the fork */
    char seen[8192]; /* the last bytes it wrote, NUL behind them */
    size_t length;
    int64_t heard;  /* when the last of them came */
};

/* Start a command (words between blanks, no quoting). False with a message. */
bool typist_start(struct typist *typist, const char *command, unsigned short rows, unsigned short columns);
/* Until it has written `text` since typist_forget(), if need be in the middle of other things. False when it
 * ends, or says nothing for 10 s. */
bool typist_await(struct typist *typist, const char *text);
/* Until it has written nothing for so long, once it has written something. */
bool typist_rest(struct typist *typist, int milliseconds);
/* Take what it writes for so long; how many bytes. */
size_t typist_listen(struct typist *typist, int milliseconds);
void typist_forget(struct typist *typist);
/* As if typed; nanoseconds, when. */
int64_t typist_type(struct typist *typist, const char *text);
/* End of file, as a person would leave, and wait for the end. */
void typist_end(struct typist *typist);

#endif
