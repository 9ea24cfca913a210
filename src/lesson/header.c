/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header of a lesson: its first line, and `key: value` up to the first
 * empty line.  A new key is a row of `keys` and the function it names.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actor/crew.h"
#include "base/mem.h"
#include "call/call.h"
#include "lesson/load.h"
#include "lesson/need.h"
#include "net/network.h"

static bool set_text(char **field, const char *value) {
    free(*field);
    *field = mem_string(value);
    return true;
}

static bool read_title(struct loader *loader, const char *value) {
    return set_text(&loader->lesson->title, value);
}

static bool read_summary(struct loader *loader, const char *value) {
    return set_text(&loader->lesson->summary, value);
}

static bool read_source(struct loader *loader, const char *value) {
    return set_text(&loader->lesson->source, value);
}

static bool read_teaches(struct loader *loader, const char *value) {
    return set_text(&loader->lesson->teaches, value);
}

/* The name of a lesson, without .les. */
static bool read_next(struct loader *loader, const char *value) {
    if (!strpbrk(value, "/ \t") && value[0] != '.')
        return set_text(&loader->lesson->next, value);
    load_fail(loader->error, place_at(loader, loader->line.length - strlen(value)),
              "the next lesson is named without folder: next: states");
    return false;
}

/* A whole number from 1. */
static bool read_count(struct loader *loader, const char *value, int64_t most, int64_t *number) {
    char *end;
    errno = 0;
    long long read = strtoll(value, &end, 10);
    if (*end != '\0' || errno != 0 || read < 1 || read > most)
        return load_fail(loader->error, place_at(loader, loader->line.length - strlen(value)),
                         "a number from 1 to %lld belongs here", (long long)most);
    *number = read;
    return true;
}

static bool read_number_key(struct loader *loader, const char *value) {
    return read_count(loader, value, LESSON_NUMBER_MAX, &loader->lesson->number);
}

static bool read_time(struct loader *loader, const char *value) {
    return read_count(loader, value, LESSON_MINUTES_MAX, &loader->lesson->minutes);
}

static bool read_network(struct loader *loader, const char *value) {
    static const char *const known[] = {"private", "host", NULL};
    loader->lesson->private_network = strcmp(value, "private") == 0;
    if (loader->lesson->private_network || strcmp(value, "host") == 0)
        return true;
    load_fail(loader->error, place_at(loader, 0), "there is no network \"%s\"", value);
    load_suggest(loader->error, value, list_word, known, "it is private or host");
    return false;
}

/* Words of a header value, separated by commas: each is given to `take`. */
static bool each_word(struct loader *loader, const char *value,
                      bool (*take)(struct loader *loader, const char *word, struct place place)) {
    size_t value_at = loader->line.length - strlen(value);
    for (const char *p = value;;) {
        p += strspn(p, " \t");
        size_t length = strcspn(p, ","), trimmed = length;
        while (trimmed > 0 && (p[trimmed - 1] == ' ' || p[trimmed - 1] == '\t'))
            trimmed--;
        struct place place = place_at(loader, value_at + (size_t)(p - value));
        if (trimmed == 0)
            return load_fail(loader->error, place, "a name is missing here");
        char *word = mem_string_n(p, trimmed);
        bool taken = take(loader, word, place);
        free(word);
        if (!taken)
            return false;
        if (p[length] == '\0')
            return true;
        p += length + 1;
    }
}

/* "server.1" where "server" takes part: whom its fork() will make. */
static bool is_child(const struct lesson *lesson, const char *word) {
    const char *dot = strrchr(word, '.');
    if (!dot || dot[1] == '\0' || dot[1 + strspn(dot + 1, "0123456789")] != '\0')
        return false;
    const char *parent;
    for (size_t i = 0; (parent = lesson_actor(lesson, i)) != NULL; i++)
        if (strlen(parent) == (size_t)(dot - word) && memcmp(parent, word, (size_t)(dot - word)) == 0)
            return true;
    return false;
}

static bool take_host(struct loader *loader, const char *word, struct place place) {
    struct lesson *lesson = loader->lesson;
    if (!network_name_valid(word)) {
        load_fail(loader->error, place, "\"%s\" cannot be a host's name", word);
        error_hint(loader->error, "letters, digits and - inside, at most %d in all", NETWORK_NAME_MAX - 1);
        return false;
    }
    for (size_t i = 0; i < lesson->host_count; i++)
        if (strcasecmp(lesson->hosts[i], word) == 0)
            return load_fail(loader->error, place, "host \"%s\" is named twice", word);
    if (lesson->host_count == NETWORK_HOSTS_MAX)
        return load_fail(loader->error, place, "a lesson has at most %d hosts", NETWORK_HOSTS_MAX);
    lesson->hosts = mem_grow(lesson->hosts, lesson->host_count + 2, sizeof(*lesson->hosts));
    lesson->hosts[lesson->host_count++] = mem_string(word);
    lesson->hosts[lesson->host_count] = NULL;
    return true;
}

static bool read_hosts(struct loader *loader, const char *value) {
    return each_word(loader, value, take_host);
}

static bool is_new_actor(struct loader *loader, const char *word, struct place place) {
    struct lesson *lesson = loader->lesson;
    if (!actor_name_valid(word)) {
        load_fail(loader->error, place, "\"%s\" cannot be an actor's name", word);
        error_hint(loader->error, "a letter, then letters, digits, _ - or ., at most %d", ACTOR_NAME_MAX - 1);
        return false;
    }
    if (expectation_word(word) || call_find(word))
        return load_fail(loader->error, place,
                         "\"%s\" has a meaning of its own and cannot be an actor's name", word);
    const char *known;
    for (size_t i = 0; (known = lesson_actor(lesson, i)) != NULL; i++)
        if (strcmp(known, word) == 0)
            return load_fail(loader->error, place, "actor \"%s\" is named twice", word);
    if (lesson->actor_count + lesson->child_count == LESSON_ACTORS_MAX)
        return load_fail(loader->error, place, "a lesson has at most %d actors", LESSON_ACTORS_MAX);
    return true;
}

/* "server" or "server on cheerios". Whether there is such a host is known when the header has ended. */
static bool take_actor(struct loader *loader, const char *word, struct place place) {
    struct lesson *lesson = loader->lesson;
    const char *on = strstr(word, " on ");
    char *name = on != NULL ? mem_string_n(word, (size_t)(on - word)) : mem_string(word);
    if (!is_new_actor(loader, name, place)) {
        free(name);
        return false;
    }
    if (is_child(lesson, name)) {
        list_add(&lesson->children, &lesson->child_count, name);
        return on == NULL || load_fail(loader->error, place, "\"%s\" lives where its parent does", name);
    }
    size_t count = ++lesson->actor_count;
    lesson->actors = mem_grow(lesson->actors, count + 1, sizeof(*lesson->actors));
    lesson->actor_hosts = mem_grow(lesson->actor_hosts, count + 1, sizeof(*lesson->actor_hosts));
    lesson->actors[count - 1] = name;
    lesson->actor_hosts[count - 1] = on != NULL ? mem_string(on + strlen(" on ")) : NULL;
    lesson->actors[count] = lesson->actor_hosts[count] = NULL;
    return true;
}

static bool take_setting(struct loader *loader, const char *words, struct place place) {
    if (preset_wish(&loader->lesson->preset, words))
        return true;
    load_fail(loader->error, place, "\"%s\" is no setting of a private network", words);
    error_hint(loader->error, "off, for all of them, or some: quickack off, mtu off, segments off, quiet off, "
                              "patience off");
    return false;
}

static bool read_preset(struct loader *loader, const char *value) {
    return each_word(loader, value, take_setting);
}

static bool check_network(struct loader *loader) {
    const struct lesson *lesson = loader->lesson;
    struct place end = {loader->path, loader->line.number, 1};
    if (preset_is_wished(&lesson->preset) && !lesson->private_network)
        return load_fail(loader->error, end,
                         "the settings are those of a private network, and this lesson asks for \"network: host\"");
    if (lesson->host_count > 0 && !lesson->private_network)
        return load_fail(loader->error, end,
                         "hosts are of a private network, and this lesson asks for \"network: host\"");
    for (size_t i = 0; i < lesson->actor_count; i++) {
        bool known = lesson->actor_hosts[i] == NULL;
        for (size_t j = 0; j < lesson->host_count; j++)
            known = known || strcasecmp(lesson->hosts[j], lesson->actor_hosts[i]) == 0;
        if (known)
            continue;
        load_fail(loader->error, end, "%s is to live on \"%s\", which is none of the lesson's hosts",
                  lesson->actors[i], lesson->actor_hosts[i]);
        if (lesson->host_count > 0)
            load_suggest(loader->error, lesson->actor_hosts[i], list_word, lesson->hosts,
                         "name it in \"hosts:\"");
        else
            error_hint(loader->error, "name it in \"hosts:\"");
        return false;
    }
    return true;
}

static bool read_actors(struct loader *loader, const char *value) {
    return each_word(loader, value, take_actor);
}

static const char *need_at(const void *context, size_t i) {
    (void)context;
    return need_word(i);
}

static bool take_need(struct loader *loader, const char *word, struct place place) {
    enum lesson_need need;
    if (need_find(word, &need)) {
        loader->lesson->needs |= need;
        return true;
    }
    load_fail(loader->error, place, "this sockshell knows no need \"%s\"", word);
    load_suggest(loader->error, word, need_at, NULL, "it knows: ipv6, sock_diag, private, unix, raw");
    return false;
}

static bool read_needs(struct loader *loader, const char *value) {
    return each_word(loader, value, take_need);
}

static const struct key {
    const char *name;
    bool (*read)(struct loader *loader, const char *value);
    bool required;
} keys[] = {
    {"title", read_title, true},   {"summary", read_summary, false}, {"source", read_source, false},
    {"actors", read_actors, true}, {"network", read_network, false}, {"needs", read_needs, false},
    {"hosts", read_hosts, false},  {"preset", read_preset, false},
    {"teaches", read_teaches, false}, {"number", read_number_key, false}, {"time", read_time, false},
    {"next", read_next, false},
};
enum { KEY_COUNT = sizeof(keys) / sizeof(*keys) };

static const char *key_word(const void *context, size_t i) {
    (void)context;
    return i < KEY_COUNT ? keys[i].name : NULL;
}

/* "key: value" in the current line. */
static bool read_key(struct loader *loader, bool given[KEY_COUNT]) {
    const struct line *line = &loader->line;
    const char *colon = memchr(line->text, ':', line->length);
    if (line->indent == 0 && (line_starts(line, "param ") || line_starts(line, "param\t"))) {
        char *words = mem_string_n(line->text + 6, line->length - 6);
        bool read = read_parameter(loader, words + strspn(words, " \t"));
        free(words);
        return read;
    }
    if (line->indent > 0 || !colon) {
        load_fail(loader->error, place_at(loader, 0),
                  "the header has lines \"key: value\" and ends with an empty line");
        return false;
    }
    char *name = mem_string_n(line->text, (size_t)(colon - line->text));
    const char *begin = colon + 1, *end = line->text + line->length;
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    char *value = mem_string_n(begin, (size_t)(end - begin));
    size_t i = 0;
    while (i < KEY_COUNT && strcmp(keys[i].name, name) != 0)
        i++;
    bool good = false;
    if (i == KEY_COUNT) {
        load_fail(loader->error, place_at(loader, 0), "unknown key \"%s\"", name);
        load_suggest(loader->error, name, key_word, NULL,
                     "the keys are title, summary, teaches, number, time, next, source, hosts, actors, network, preset, needs, and "
                     "param NAME = VALUES");
    } else if (given[i]) {
        load_fail(loader->error, place_at(loader, 0), "\"%s\" is given twice", name);
    } else if (*value == '\0') {
        load_fail(loader->error, place_at(loader, line->length), "\"%s\" has no value", name);
    } else {
        given[i] = true;
        good = keys[i].read(loader, value);
    }
    free(value);
    free(name);
    return good;
}

static bool read_first_line(struct loader *loader) {
    static const char name[] = "sockshell-lesson ";
    struct place start = {loader->path, 1, 1};
    if (!next_line(loader) || loader->line.indent > 0 || !line_starts(&loader->line, name)) {
        load_fail(loader->error, start, "this is not a lesson of sockshell");
        error_hint(loader->error, "its first line must be: sockshell-lesson %d", LESSON_VERSION);
        return false;
    }
    char *version =
        mem_string_n(loader->line.text + sizeof(name) - 1, loader->line.length - (sizeof(name) - 1));
    char *expected = mem_format("%d", LESSON_VERSION);
    bool good = strcmp(version, expected) == 0;
    if (!good)
        load_fail(loader->error, place_at(loader, sizeof(name) - 1),
                  "this lesson is of version \"%s\"; this sockshell reads version %s", version, expected);
    free(expected);
    free(version);
    return good;
}

bool read_header(struct loader *loader) {
    if (!read_first_line(loader))
        return false;
    bool given[KEY_COUNT] = {false};
    while (next_line(loader) && loader->line.length > 0)
        if (!read_key(loader, given))
            return false;
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (keys[i].required && !given[i])
            return load_fail(loader->error, (struct place){loader->path, loader->line.number, 1},
                             "the header ends here without \"%s:\"", keys[i].name);
    return check_network(loader);
}
