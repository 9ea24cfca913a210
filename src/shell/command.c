/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands and the way to a row; see command.h. */
#include "shell/command.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "shell/commands.h"

static bool command_quit(struct command_line *line) {
    line->shell->quit = true;
    return true;
}

static const struct command table[] = {
    {"help", "[TOPIC]", "this overview; a call, constant, struct or command",
     "TOPIC is a call (bind), a constant (SO_REUSEADDR), a struct or type (sockaddr_in), a keyword of C (while), a "
     "command (.vars), or `calls` for all calls by topic, a topic for its calls, `errors` for the errors and what "
     "fails with them, the name of a set of constants (signals, message flags).",
     TAKES_TOPIC, false, command_help},
    {"vars", "[NAME]", "variables, structs field by field and byte by byte",
     "NAME is a variable of the current actor, or an actor. Also while the actor is blocked: then as they were when it entered the call. "
     "Bytes that were never written are shown as ?? .",
     TAKES_VARIABLE, false, command_vars},
    {"explain", "[NAME]", "the last result in words", 
     "The newest result, whoever's call it was: what it means, and why it came about; after a death, what of; of a "
     "call that is blocked, what it waits for. With NAME, the newest of that actor.",
     TAKES_ACTOR, false, command_explain},
    {"next", "[NAME]", "what usually comes now",
     "Looks at the actor's real descriptors (type, listening, bound, connected) and names the usual calls.",
     TAKES_ACTOR, false, command_next},
    {"state", "[FD|NAME]", "what the kernel says of the sockets and their connections",
     "Every actor's descriptors with type, state, local and peer address and queues, and sockets that no descriptor "
     "has any more or yet. `.state 4` or `.state sock` shows one in depth; `.state server` one actor's.",
     TAKES_VARIABLE, false, command_state},
    {"bytes", "[[NAME.]FD]", "what went through a connection, and how far it has come",
     "Both directions in hex and text with offsets: read by the peer's program, in its receive queue, in "
     "flight, or not sent yet. FD is a number or a variable; also after close() and death. > marks where a "
     "call began to write. Datagrams one by one. `text` behind it shows C strings, `all` every line.",
     TAKES_VARIABLE, false, command_bytes},
    {"wire", "[FILTER]", "the packets as a ladder, calls and changes at its sides",
     "FILTER is a port (8888), an actor, a socket (client.sock), a protocol (udp), or several of them; `all`: more than "
     "the newest 60. `.wire clear` begins anew. `.wire on` says each packet under its call as well, `.wire off` looks at "
     "no more of them. On the machine's network those of other programs are only counted; `.wire on all` shows them. In a "
     "private network packets are seen from the first watched statement on.",
     TAKES_FILTER, false, command_wire},
    {"packet", "[N]", "one packet with its bytes, each field explained",
     "N is its number, at the left of .wire's ladder; the newest without it.", TAKES_STATEMENT, false, command_packet},
    {"save", "FILE", "the packets for Wireshark, or the lines as a lesson",
     "FILE ends with .pcapng or .pcap: the packets that .wire shows (with `all`), the calls and changes as comments on "
     "them. With .les: the lines that were given become the steps of a lesson, what was seen the expectations, and between "
     "them are places for prose. What is there already is never written over.",
     TAKES_STATEMENT, false, command_save},
    {"watch", "[on|off]", "say under each call what it has changed in the kernel",
     "On at the prompt and in lessons, off in scripts. Changes on the peer's side are said as well, and those that "
     "come later by themselves (the end of TIME_WAIT, a reset). Without an argument: is it on?",
     TAKES_SWITCH, false, command_watch},
    {"step", "[on|off]", "say before each call what it asks, after it what it means",
     "Before each system call one or two sentences on what is about to be asked of the kernel with these very "
     "arguments, and after it what a success means; then what the call has changed, as with .watch, which it "
     "includes; .step off leaves .watch as it was. On in lessons. Without an argument: is it on?",
     TAKES_SWITCH, false, command_step},
    {"actor", "NAME", "lines are for NAME from now on; starts it if need be",
     "An actor is a process of its own, with its own descriptors and variables. `NAME> line` sends one line "
     "without switching. `.actor NAME on HOST` starts it on that host, see .host; one that did nothing yet moves there.",
     TAKES_ACTOR, false, command_actor_switch},
    {"actors", "", "who there is", NULL, TAKES_NOTHING, false, command_actors},
    {"queue", "[LINE]", "give LINE to a blocked actor as soon as it is free",
     "`.queue server> send(4, \"late\")`. Without LINE: what is queued. `.queue clear` forgets it.",
     TAKES_STATEMENT, false, command_queue},
    {"wait", "[NAME]", "until its call has returned", 
     "A script's line waits by itself for a call that will end without it: sleep(), a timeout, a peer that is another "
     "program. For a stranger who is still to come, as in accept(), the script says .wait .",
     TAKES_ACTOR, false, command_wait},
    {"interrupt", "[NAME]", "as Ctrl-C does to its blocked call (EINTR)", NULL, TAKES_ACTOR, false,
     command_interrupt},
    {"run", "[FILE.c] [ARGUMENTS]", "run a whole C program",
     "Reads the functions and globals of FILE.c and calls its main() with the arguments; without FILE.c, the main() that "
     "was pasted or typed. `server> .run server.c 8888` runs it in server. #include lines are read over. The actor's "
     "descriptors and variables stay as they are; one that has ended begins afresh. After a mistake it is still there. "
     "Not in lessons, which read no files.",
     TAKES_PROGRAM, false, command_run_program},
    {"eof", "[NAME]", "end of file on its standard input", NULL, TAKES_ACTOR, false, command_eof},
    {"kill", "[NAME]", "as kill -9 would",
     "The kernel closes its descriptors; watch what its peers see.", TAKES_ACTOR, false, command_kill},
    {"restart", "[NAME]", "a fresh process of that name", 
     "No descriptors, no variables. A living actor is killed first. `.restart NAME on HOST`: there.", TAKES_ACTOR, false,
     command_restart},
    {"network", "[preset [SETTING] on|off]", "where the sockets live, and how that is set up",
     "Chosen when sockshell is started: --network=private is a network of their own, where every port is free and nobody "
     "else can be met; --network=host is this machine's. Without it lessons get a private one, and all else this "
     "machine's. A private one is set up for who looks at it: `.network preset off` makes it as it is elsewhere, "
     "`.network preset quickack off` in one respect (quickack, mtu, segments, quiet).",
     TAKES_TEXT, false, command_network},
    {"host", "NAME [ADDRESS]", "one more host in the private network",
     "A host has an interface eth0 with an address of 10.0.0.0/24, ports and a loopback of its own, and a name that "
     "getaddrinfo() finds. The first is where all actors are so far; `.actor NAME on HOST` starts one elsewhere. Every two "
     "hosts have a link, see .link .",
     TAKES_TEXT, false, command_host},
    {"link", "[A-B [RULE…]]", "what befalls packets between two hosts",
     "Rules: `delay 20ms` each way, `loss 30%` (`seed 7`: other ones), `rate 56kbit`, `hold`: packets wait for .deliver and "
     ".drop, `flow`: no more, `clear`: no rules. Loss and hold leave alone what finds neighbours (ARP). Without rules: "
     "what is so, and what waits.",
     TAKES_TEXT, false, command_link},
    {"deliver", "[N|all] [A-B]", "let packets through that a link holds",
     "The first N, or one. A-B when packets wait on several links.", TAKES_TEXT, false, command_deliver},
    {"drop", "[N|all] [A-B]", "lose packets that a link holds", "The first N, or one.", TAKES_TEXT, false, command_drop},
    {"duplicate", "[A-B]", "the first packet that a link holds waits there twice", NULL, TAKES_TEXT, false,
     command_duplicate},
    {"swap", "[A-B]", "the first two packets that a link holds change places", NULL, TAKES_TEXT, false, command_swap},
    {"again", "", "this passage once more", NULL, TAKES_NOTHING, true, command_again},
    {"back", "[N]", "an earlier step",
     "Without N to the one before. The actors are given up; fresh ones, in a fresh network, do the lesson's steps again up "
     "to there, so that whatever was tried meanwhile is forgotten.",
     TAKES_NUMBER, true, command_back},
    {"hint", "", "a hint", "For this task or question; each time one more.", TAKES_NOTHING, true, command_hint},
    {"solution", "", "the answer", "Of a task its steps, which stand ready then.", TAKES_NOTHING, true,
     command_solution},
    {"skip", "", "let the lesson do this step", "Or answer this question, or go on from here.", TAKES_NOTHING, true,
     command_skip},
    {"quit", "", "leave", NULL, TAKES_NOTHING, false, command_quit},
    {"exit", "", "the same", NULL, TAKES_NOTHING, false, command_quit},
};

const struct command *command_at(size_t i) {
    return i < sizeof(table) / sizeof(*table) ? &table[i] : NULL;
}

const struct command *command_find(const char *name) {
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

bool command_misused(struct command_line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct buf text = {0};
    buf_addv(&text, format, arguments);
    va_end(arguments);
    struct span where = {(uint32_t)(line->argument - line->text), (uint32_t)strlen(line->argument)};
    error_set(line->error, ERROR_USAGE, where, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}

struct actor *command_actor(struct command_line *line) {
    if (line->argument[0] == '\0')
        return line->actor;
    struct actor *actor = crew_find(line->shell->crew, line->argument);
    if (actor != NULL)
        return actor;
    command_misused(line, "there is no actor called %s", line->argument);
    struct suggestion near;
    suggest_start(&near, line->argument);
    for (size_t i = 0; (actor = crew_at(line->shell->crew, i)) != NULL; i++)
        suggest_offer(&near, actor_name(actor));
    if (near.best != NULL)
        error_hint(line->error, "did you mean %s?", near.best);
    else
        error_hint(line->error, ".actors lists them; .actor %s starts one", line->argument);
    return NULL;
}

static void unknown_command(struct command_line *line, const char *name, size_t length) {
    error_set(line->error, ERROR_NAME, (struct span){0, (uint32_t)length}, "there is no command .%s", name);
    struct suggestion near;
    suggest_start(&near, name);
    for (size_t i = 0; command_at(i) != NULL; i++)
        suggest_offer(&near, command_at(i)->name);
    if (near.best != NULL)
        error_hint(line->error, "did you mean .%s?", near.best);
    else
        error_hint(line->error, ".help lists the commands");
}

static bool dispatch(struct command_line *line, const char *name, size_t length) {
    const struct command *command = command_find(name);
    if (command == NULL) {
        unknown_command(line, name, length);
        return false;
    }
    if (command->takes == TAKES_NOTHING && line->argument[0] != '\0') {
        command_misused(line, ".%s takes no argument", name);
        return false;
    }
    if (command->lesson_only && line->shell->player == NULL) {
        command_misused(line, ".%s is for lessons, and none is being played", name);
        error_hint(line->error, "sockshell --lesson echo.les plays one");
        return false;
    }
    return command->run(line);
}

bool command_run(struct shell *shell, struct actor *actor, const char *text, const char *place) {
    struct error error = {0};
    char *trimmed = mem_string(text);
    size_t end = strlen(trimmed);
    while (end > 0 && isspace((unsigned char)trimmed[end - 1]))
        trimmed[--end] = '\0';

    const char *start = trimmed + (trimmed[0] == '.');
    size_t length = strcspn(start, " \t");
    char *name = mem_string_n(start, length);
    const char *argument = start + length + strspn(start + length, " \t");
    struct command_line line = {shell, actor, trimmed, argument, place, &error};
    journal_add(shell->journal, &(struct event){.type = EVENT_LINE, .name = actor_name(actor), .text = trimmed,
                                                .place = place});
    bool fine = dispatch(&line, name, (size_t)(start - trimmed) + length);
    if (!fine)
        shell_fault(shell, trimmed, place, &error);
    free(name);
    free(trimmed);
    return fine;
}
