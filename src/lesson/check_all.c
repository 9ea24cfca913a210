/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several lessons under --check; see check_all.h. */
#include "lesson/check_all.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/play.h"

/* The child's exit status; 1, and told, when it did not come to that. */
static int await(pid_t child, const char *name, const struct check_manner *manner) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    check_tell_test(manner, name, false, "that the check ends by itself", strsignal(WTERMSIG(status)));
    return 1;
}

static int in_child(const char *name, const struct check_manner *manner, check_one *one, void *context) {
    fflush(stdout);
    fflush(stderr);
    pid_t child = fork();
    if (child < 0) {
        check_tell_test(manner, name, false, "a process for the lesson", strerror(errno));
        return 1;
    }
    if (child > 0)
        return await(child, name, manner);
    int status = one(context, name, manner);
    fflush(stdout);
    _exit(status);
}

int check_all(const char *const *names, size_t count, struct check_manner *manner, check_one *one,
              void *context) {
    bool failed = false, skipped = false;
    /* Tests are numbered through all lessons, each of which counts in its own process. */
    unsigned *tests = mmap(NULL, sizeof(*tests), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tests == MAP_FAILED) {
        fprintf(stderr, "sockshell: %s\n", strerror(errno));
        return 1;
    }
    manner->tests = tests;
    check_tell_begin(manner);
    for (size_t i = 0; i < count; i++) {
        int status = count == 1 ? one(context, names[i], manner) : in_child(names[i], manner, one, context);
        failed = failed || (status != 0 && status != CHECK_SKIPPED);
        skipped = skipped || status == CHECK_SKIPPED;
    }
    check_tell_plan(manner);
    munmap(tests, sizeof(*tests));
    manner->tests = NULL;
    return failed ? 1 : skipped ? CHECK_SKIPPED : 0;
}
