/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mancalls: the CALLS section of sockshell(1), printed in mdoc from the table
 * of calls.  Run while sockshell is built; never installed.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "call/call.h"

/* Words of a topic in the order of the table, and what they are about. */
static const struct topic {
    const char *name, *title;
} topics[] = {
    {"sockets", "Making and connecting sockets"},
    {"data", "Sending and receiving"},
    {"waiting", "Waiting for several descriptors"},
    {"descriptors", "Descriptors"},
    {"processes", "Processes and signals"},
    {"names", "Names and addresses"},
    {"bytes", "Byte order and memory"},
    {"text", "Text, standard input and output"},
};

/* Text in mdoc: no line begins with a control character, no \ is an escape. */
static void print_text(const char *text) {
    if (text[0] == '.' || text[0] == '\'')
        fputs("\\&", stdout);
    for (; *text != '\0'; text++)
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '"')
            fputs("\\(dq", stdout);
        else
            putchar(*text);
}

/* A summary, with a capital unless it begins with the name of a call. */
static void print_sentence(const char *text) {
    bool is_name = text[strcspn(text, " (")] == '(' || !isalpha((unsigned char)text[0]);

    if (!is_name)
        putchar(toupper((unsigned char)*text++));
    print_text(text);
}

/* "accept(2)" as .Xr accept 2 */
static void print_reference(const char *man) {
    size_t length = strcspn(man, "(");

    printf(".Xr %.*s %.*s .\n", (int)length, man, (int)strcspn(man + length + 1, ")"), man + length + 1);
}

/* A prototype's type, name and parameters. */
static void print_prototype(const char *prototype) {
    const char *bracket = strchr(prototype, '('), *name = bracket, *at = bracket + 1;

    while (name > prototype && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
        name--;
    printf(".It Ft ");
    printf("%.*s", (int)(name - prototype - (name[-1] == ' ')), prototype);
    printf(" Fn %.*s", (int)(bracket - name), name);
    while (*at != '\0' && *at != ')') {
        size_t length = strcspn(at, ",)");
        printf(" \"%.*s\"", (int)length, at);
        at += length;
        at += strspn(at, ", ");
    }
    putchar('\n');
}

static void print_call(const struct call *call) {
    bool ends_itself = call->summary[strlen(call->summary) - 1] == '?';

    print_prototype(call->prototype);
    print_sentence(call->summary);
    puts(call->flags & CALL_BLOCKS ? "; may have to wait." : ends_itself ? "" : ".");
    print_reference(call->man);
}

int main(void) {
    const struct call *call;

    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++) {
        bool any = false;
        for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
            if (strcmp(call->topic, topics[t].name) != 0)
                continue;
            if (!any)
                printf(".Ss %s\n.Bl -tag -width Ds -compact\n", topics[t].title);
            any = true;
            print_call(call);
        }
        if (any)
            puts(".El");
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
