/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Becoming an actor, and its loop.  The process was the shell a moment ago; of
 * that nothing may be left that the learner's program could meet: descriptors,
 * signal dispositions, buffered output, the terminal's process group.
 */
#include "actor/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor/crew.h"
#include "actor/lifeline.h"
#include "actor/serve_parts.h"
#include "base/mem.h"
#include "lang/parse.h"

#define CONTROL_NUMBER 900
/* Descriptors a program can have when the hard limit permits. */
#define DESCRIPTORS_LEAST 1024
/* For a lesson's programs: SIGXCPU ends what takes longer, allocation fails beyond. */
#define BOUNDED_CPU_SECONDS 60
#define BOUNDED_MEMORY ((rlim_t)512 << 20)
#define BOUNDED_FILE ((rlim_t)64 << 20) /* the board that a fork()ed child gets is a file in memory */

volatile sig_atomic_t serve_interrupted;

static void on_interrupt(int number) {
    (void)number;
    serve_interrupted = 1;
}

/* The last words of a process that cannot become an actor; the shell shows them when standard error is its
 * pipe already, and that it died in any case. */
static __attribute__((noreturn)) void give_up(const char *what) {
    dprintf(STDERR_FILENO, "the actor cannot start: %s: %s\n", what, strerror(errno));
    _exit(EXIT_FAILURE);
}

int serve_control_number(void) {
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max > CONTROL_NUMBER + 2)
        return CONTROL_NUMBER;
    return (int)limit.rlim_max - 2;
}

static void set_limits(void) {
    const struct rlimit no_core = {0, 0};
    struct rlimit files;

    setrlimit(RLIMIT_CORE, &no_core);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur <= CONTROL_NUMBER + 2) {
        files.rlim_cur = files.rlim_max < DESCRIPTORS_LEAST ? files.rlim_max : DESCRIPTORS_LEAST;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static void limit(__rlimit_resource_t resource, rlim_t most) {
    struct rlimit now;

    if (getrlimit(resource, &now) < 0)
        return;
    now.rlim_max = now.rlim_max < most ? now.rlim_max : most;
    now.rlim_cur = now.rlim_cur < now.rlim_max ? now.rlim_cur : now.rlim_max;
    setrlimit(resource, &now);
}

/* What private memory there is already: /proc/self/statm, field 6, in pages (proc(5)). The shell's, and in a
 * build with sanitizers theirs, which is a thousand times what a program may need. */
static rlim_t memory_now(void) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file && fscanf(file, "%*u %*u %*u %*u %*u %llu", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* The program may be from anybody.  How many processes there can be is the crew's to say (CREW_MAX), since
 * RLIMIT_NPROC counts those of the user; how much its variables can hold, the interpreter's. */
static void keep_within(const struct confinement *bounds) {
    if (fchdir(bounds->folder) < 0)
        give_up("the lesson's folder");
    limit(RLIMIT_CPU, BOUNDED_CPU_SECONDS);
    limit(RLIMIT_DATA, memory_now() + BOUNDED_MEMORY);
    limit(RLIMIT_FSIZE, BOUNDED_FILE);
    limit(RLIMIT_NOFILE, DESCRIPTORS_LEAST);
}

/* To ignore a signal takes away what is pending of it: a Ctrl-C or Ctrl-Z that was meant for the shell, and came
 * before setpgid(), must not end or stop a process that is just being born. */
static void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_IGN};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    sigaction(SIGTSTP, &action, NULL);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) /* some cannot be set; those need not be */
        sigaction(number, &action, NULL);
    action.sa_handler = on_interrupt; /* no SA_RESTART: a blocked call gives EINTR */
    sigaction(ACTOR_SIGNAL_INTERRUPT, &action, NULL);
}

static void unblock_signals(void) {
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* So that nothing that is still needed lies where something else must go. */
static int move_away(int fd, int control) {
    while (fd <= STDERR_FILENO || fd == control || fd == control + 1) {
        fd = fcntl(fd, F_DUPFD, fd <= STDERR_FILENO ? STDERR_FILENO + 1 : control + 2);
        if (fd < 0)
            give_up("its descriptors");
    }
    return fd;
}

void serve_take_place(int fd, int number) {
    if (dup2(fd, number) < 0)
        give_up("its descriptors");
    close(fd);
}

/* close_range(2) is there since Linux 5.9. */
static void close_between(unsigned first, unsigned last) {
    if (syscall(SYS_close_range, first, last, 0) == 0)
        return;
    long most = sysconf(_SC_OPEN_MAX);
    for (unsigned fd = first; fd <= last && fd < (unsigned long)most; fd++)
        close((int)fd);
}

static void set_descriptors(const struct serve_setup *setup, struct server *server) {
    int number = server->control;
    int control = move_away(setup->control, number), input = move_away(setup->input, number);
    int output = move_away(setup->output, number), errors = move_away(setup->errors, number);
    int lifeline = move_away(setup->lifeline, number);

    serve_take_place(input, STDIN_FILENO);
    serve_take_place(output, STDOUT_FILENO);
    serve_take_place(errors, STDERR_FILENO);
    serve_take_place(control, server->control);
    fcntl(server->control, F_SETFD, FD_CLOEXEC);
    lifeline_hold(lifeline, server->lifeline);
    close_between(STDERR_FILENO + 1, (unsigned)server->control - 1);
    close_between((unsigned)server->lifeline + 1, ~0U);
}

/* What the shell had read or printed into its buffers is not this program's. */
static void set_streams(struct server *server) {
    __fpurge(stdin);
    __fpurge(stdout);
    __fpurge(stderr);
    FILE *input = fdopen(STDIN_FILENO, "r");
    if (!input || !serve_print_open(server))
        give_up("its standard streams");
    stdin = input;
    /* As on a terminal: asking for input first shows the line that asks for it. */
    setvbuf(stdin, NULL, _IOLBF, BUFSIZ);
}

/* While the shell's descriptors are still there, by which places are entered; its last words go to the actor's
 * standard error, if it comes to that. */
static void enter_place(const struct serve_setup *setup) {
    const struct crew_surroundings *surroundings = setup->surroundings;
    if (surroundings == NULL || surroundings->enter(surroundings->context, setup->place))
        return;
    int number = errno;
    dup2(setup->errors, STDERR_FILENO);
    errno = number;
    give_up("its place in the network");
}

static void become_process(const struct serve_setup *setup, struct server *server) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != setup->shell) /* it died before that */
        _exit(EXIT_FAILURE);
    setpgid(0, 0);
    reset_signals();
    set_limits();
    enter_place(setup);
    if (setup->bounds->on)
        keep_within(setup->bounds);
    set_descriptors(setup, server);
    prctl(PR_SET_NAME, setup->name);
    prctl(PR_SET_TIMERSLACK, setup->slack);
    mem_on_failure(NULL); /* the terminal is the shell's */
    set_streams(server);
    unblock_signals();
}

static void tell_fault(struct server *server, const struct error *error) {
    serve_say(server,
              (struct message){.type = MESSAGE_FAULT,
                               .kind = error->kind,
                               .where = error->where,
                               .text = error->text,
                               .extra = error->hint,
                               .place = error->place,
                               .source = error->source,
                               .calls = error->calls},
              NULL, 0);
}

/* Call main() with the arguments of a program. */
static enum interp_end run_main(struct server *server, const struct message *statement, int *status,
                                struct error *error) {
    char **arguments = mem_alloc(statement->data_length * sizeof(*arguments));
    size_t count = 0;

    for (size_t at = 0; at < statement->data_length; at += strlen(statement->data + at) + 1)
        arguments[count++] = statement->data + at;
    enum interp_end end = interp_main(caller_interp(server->caller), count, arguments, status, error);
    free(arguments);
    return end;
}

/* A statement, or a whole program. */
static enum interp_end run_text(struct server *server, const struct message *statement, struct tree *tree,
                                int *status, struct error *error) {
    struct interp *interp = caller_interp(server->caller);
    bool program = statement->data_length > 0;
    size_t length = strlen(statement->text);

    const struct parse_types types = {interp_is_type, interp};

    if (!(program ? parse_file : parse_with)(statement->text, length, &types, tree, error))
        return INTERP_FAILED;
    interp_set_place(interp, statement->place);
    enum interp_end end = interp_run(interp, tree, status, error);
    return end == INTERP_DONE && program ? run_main(server, statement, status, error) : end;
}

static void run(struct server *server, const struct message *statement) {
    struct error error = {0};
    struct tree tree = {0};
    int status = 0;

    server->statement = statement->number;
    server->watch = statement->watch;
    caller_narrate(server->caller, server->watch == WATCH_STEPS);
    server->calls = server->steps = 0;
    server->moved = 0;
    if (server->spread)
        cpu_gather(&server->cpu);
    server->spread = false;
    serve_interrupted = 0;
    switch (run_text(server, statement, &tree, &status, &error)) {
    case INTERP_DONE:
        break;
    case INTERP_RETURNED:
        serve_exit(server, status);
    case INTERP_FAILED:
        fflush(stdout); /* what was printed before the mistake is seen before it */
        tell_fault(server, &error);
        break;
    }
    error_free(&error);
    tree_free(&tree);
    fflush(stdout); /* now it is the next statement that is waited for, as for input */
    serve_note_variables(server);
    /* server->statement, not the argument: this may be a child that fork() made meanwhile. */
    serve_say(server, (struct message){.type = MESSAGE_DONE, .number = server->statement}, NULL, 0);
}

static __attribute__((noreturn)) void loop(struct server *server) {
    struct message message;
    struct error error = {0};
    int carried[CARRIED_MAX];
    size_t count;

    for (;;) {
        switch (link_receive(server->control, 0, server->room, &message, carried, &count, &error)) {
        case LINK_NONE: /* an interrupt that came too late for its statement */
            continue;
        case LINK_MESSAGE:
            if (message.type != MESSAGE_RUN)
                _exit(EXIT_FAILURE);
            run(server, &message);
            message_free(&message);
            continue;
        case LINK_CUT: /* the shell passes nothing on */
        case LINK_CLOSED:
        case LINK_BROKEN:
            _exit(EXIT_SUCCESS); /* the shell is gone */
        }
    }
}

void serve(const struct serve_setup *setup) {
    int number = serve_control_number();
    struct server server = {
        .control = number,
        .lifeline = number + 1,
        .board = setup->board,
        .never_noted = true,
        .cpu = *setup->cpu,
    };

    become_process(setup, &server);
    server.room = mem_alloc(MESSAGE_MAX);
    const struct call_host host = serve_host(&server);
    server.caller = caller_new(&host, MEMORY_LIMIT);
    caller_reserve(server.caller, server.control, server.lifeline);
    caller_reserve_signal(server.caller, ACTOR_SIGNAL_INTERRUPT);
    struct confinement bounds = *setup->bounds;
    bounds.shell = setup->shell;
    caller_confine(server.caller, &bounds);
    serve_say(&server, (struct message){.type = MESSAGE_HELLO, .number = getpid()}, NULL, 0);
    loop(&server);
}
