/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that learners type because their programs have them, with the way to do
 * without.  A misspelling's nearest neighbour ("malloc: did you mean calls?")
 * would send them the wrong way.
 */
#include "call/absent.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct absent {
    const char *names; /* with a blank before and behind each */
    const char *remedy;
};

static const struct absent absent[] = {
    {" scanf fscanf sscanf getchar getc fgetc gets getline ",
     "fgets(line, sizeof(line), stdin) reads a line; atoi() and strtol() make numbers of it"},
    {" fopen fdopen fclose fread fwrite open creat openat lseek ",
     "there are no files here: read(), write() and close() are for sockets, pipes and descriptors 0 to 2"},
    {" putc ", "fputc() does the same"},
    {" dprintf vprintf vfprintf ", "snprintf() into an array, and then write() or send()"},
    {" time gettimeofday clock_gettime clock ctime localtime strftime difftime ",
     "nothing here tells the time; .wire shows when each packet was sent"},
    {" pthread_create pthread_join pthread_exit pthread_detach thrd_create ",
     "there are no threads: fork() makes a second process, and .actor NAME starts another program"},
    {" execl execlp execle execv execvp execve system popen posix_spawn ",
     "no other programs are run from here: .actor NAME starts another actor"},
    {" ioctl ",
     "fcntl(fd, F_SETFL, O_NONBLOCK) makes a socket non-blocking; .state shows what waits in its queues"},
    {" alarm setitimer timer_create ",
     "poll() and select() take a time-out, and so does setsockopt() with SO_RCVTIMEO"},
    {" pause sigsuspend sigwait ", "sleep(1000) waits too, and a signal ends it"},
    {" nanosleep clock_nanosleep ", "sleep() takes seconds, usleep() microseconds"},
    {" sigaction sigemptyset sigaddset sigprocmask ",
     "signal() ignores a signal (SIG_IGN) or sets its default (SIG_DFL)"},
    {" raise abort ", "kill(getpid(), SIGTERM) sends this process a signal"},
    {" atexit ", "write what is to be done at the end before exit()"},
    {" pselect ppoll epoll_pwait ", "poll(), select() and epoll_wait() do the same without a set of signals"},
    {" writev readv ", "sendmsg() and recvmsg() take an array of struct iovec"},
    {" sendfile splice mmap ", "read() into an array and send() it"},
    {" strtok strtok_r strsep ", "strchr() finds a byte, strstr() a string, strcspn() how far it is"},
    {" strdup strndup ", "malloc() of strlen() + 1 bytes, and then strcpy()"},
    {" strncat ", "snprintf(), which is told the room"},
    {" strrchr memchr strcasecmp strncasecmp strspn strpbrk ",
     "a loop over the bytes can do that: for (i = 0; text[i]; i++)"},
    {" isdigit isalpha isalnum isspace isupper islower isprint isxdigit ",
     "compare characters, as in c >= '0' && c <= '9'"},
    {" toupper tolower ", "characters are numbers: c - 'a' + 'A' is the capital of c"},
    {" strtoul strtoll strtod atof ", "strtol() and atoi() make numbers of text"},
    {" rand srand random srandom getrandom ", "give a number of your own"},
    {" assert ", "if (!condition) puts(\"…\") says it, too"},
    {" abs labs ", "x < 0 ? -x : x"},
    {" gethostbyaddr gethostbyname2 ",
     "getnameinfo() finds the name of an address, getaddrinfo() the addresses of a name"},
    {" getservbyname getservbyport ", "getaddrinfo(NULL, \"http\", …) finds the port of a service"},
    {" getprotobyname getprotobynumber ", "IPPROTO_TCP and IPPROTO_UDP are constants"},
    {" getifaddrs if_nametoindex ", ".network says which addresses there are"},
    {" getopt getopt_long ", "the arguments of main() are in argv[1] to argv[argc - 1]: a loop over them will do"},
    {" sethostname uname ", "gethostname() tells this machine's name"},
    {" sendmmsg recvmmsg ", "sendmsg() and recvmsg() in a loop"},
    {" error err errx die DieWithSystemMessage DieWithUserMessage ",
     "it is a function of the program's own, or of its header's, and has to be defined before it is called: "
     "void error(const char *msg) { perror(msg); exit(1); }"},
    {" argc argv ", "they are the parameters of main(): .run server.c 8888 runs a program with arguments; at the "
                    "prompt, char *argv[] = {\"server\", \"8888\"}; int argc = 2"},
};

static bool is_among(const char *names, const char *name) {
    size_t length = strlen(name);

    /* The list begins with a blank, and no name does: at[-1] is there. */
    for (const char *at = names; (at = strstr(at, name)) != NULL; at++)
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

const char *absent_remedy(const char *name) {
    if (name[0] == '\0' || strchr(name, ' ') != NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
        if (is_among(absent[i].names, name))
            return absent[i].remedy;
    return NULL;
}
