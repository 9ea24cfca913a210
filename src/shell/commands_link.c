/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .link: the rules of a link; .deliver, .drop, .duplicate, .swap: what is done to packets that wait on one. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/network.h"
#include "shell/commands.h"
#include "shell/link_words.h"
#include "shell/watch.h"

#define WORDS_MAX 12

static void tell(struct command_line *line, struct buf *out) {
    shell_note(line->shell, "%s", buf_text(out));
    buf_free(out);
}

/* Packets that were let go do something where they arrive; while calls are watched, that is told under the command. */
static void see_what_comes_of_it(struct shell *shell) {
    shell_settle(shell);
    if (watch_get(shell) != WATCH_OFF && shell->seen != NULL)
        shell_look(shell);
}

/* ---- Words ---- */

struct words {
    char *text; /* cut into them */
    const char *word[WORDS_MAX];
    size_t count;
    bool too_many;
};

static void split(const char *argument, struct words *words) {
    char *rest = NULL;
    *words = (struct words){.text = mem_string(argument)};
    for (char *word = strtok_r(words->text, " \t", &rest); word != NULL;
         word = strtok_r(NULL, " \t", &rest)) {
        if (words->count == WORDS_MAX) {
            words->too_many = true;
            return;
        }
        words->word[words->count++] = word;
    }
}

/* ---- Links ---- */

/* "laptop-cheerios", also with a dash; names may have a - inside. */
static bool find_ends(const struct network *network, const char *text, size_t ends[2]) {
    for (const char *at = text; *at != '\0'; at++) {
        size_t dash = *at == '-' ? 1 : strncmp(at, "–", 3) == 0 ? 3 : 0;
        if (dash == 0)
            continue;
        char *first = mem_string_n(text, (size_t)(at - text));
        ends[0] = network_host_named(network, first);
        ends[1] = network_host_named(network, at + dash);
        free(first);
        if (ends[0] != SIZE_MAX && ends[1] != SIZE_MAX && ends[0] != ends[1])
            return true;
    }
    return false;
}

static bool have_links(struct command_line *line) {
    const struct network *network = line->shell->network;
    if (network != NULL && network_hosts(network) > 1)
        return true;
    command_misused(line, "links are between hosts, and there are no two of them");
    error_hint(line->error, ".host NAME makes one, in a private network");
    return false;
}

/* A number with a unit behind it, such as 20ms; false: it is none. */
static bool read_amount(const char *text, double *amount, const char **unit) {
    char *end;
    errno = 0;
    *amount = strtod(text, &end);
    *unit = end;
    return end != text && errno == 0 && *amount >= 0 && isdigit((unsigned char)text[0]);
}

static bool read_delay(const char *text, int64_t *ns) {
    static const struct {
        const char *unit;
        double ns;
    } units[] = {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    double amount;
    const char *unit;
    if (!read_amount(text, &amount, &unit))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (strcmp(unit, units[i].unit) == 0 && amount * units[i].ns <= 60e9) {
            *ns = (int64_t)(amount * units[i].ns);
            return *ns > 0 || amount == 0;
        }
    return *unit == '\0' && amount == 0 && (*ns = 0, true);
}

static bool read_loss(const char *text, double *percent) {
    const char *unit;
    return read_amount(text, percent, &unit) && (*unit == '\0' || strcmp(unit, "%") == 0) && *percent <= 100;
}

static bool read_rate(const char *text, uint64_t *rate) {
    static const struct {
        const char *unit;
        double bits;
    } units[] = {{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}};
    double amount;
    const char *unit;
    if (!read_amount(text, &amount, &unit))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (strcasecmp(unit, units[i].unit) == 0 && amount * units[i].bits <= 1e12) {
            *rate = (uint64_t)(amount * units[i].bits);
            return *rate > 0;
        }
    return false;
}

static bool is_zero(const char *text) {
    double amount;
    const char *unit;
    return read_amount(text, &amount, &unit) && amount == 0;
}

/* What was meant is another rule, or none. */
static bool refuse_no_rate(struct command_line *line) {
    command_misused(line, "at a rate of 0 nothing would arrive, ever");
    error_hint(line->error, "hold keeps packets back, loss 100%% loses them, clear takes all rules away");
    return false;
}

static bool read_seed(const char *text, uint64_t *seed) {
    char *end;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    return isdigit((unsigned char)text[0]) && *end == '\0' && errno == 0;
}

/* What a link is to be like, when all words were understood. */
struct link_wish {
    struct link_rules rules;
    uint64_t seed;
    bool seeded;
};

/* One rule at word `*at`, which moves behind it. */
static bool read_rule(struct command_line *line, const struct words *words, size_t *at,
                      struct link_wish *wish) {
    const char *rule = words->word[(*at)++];
    struct link_rules *rules = &wish->rules;
    if (strcmp(rule, "hold") == 0) {
        rules->hold = true;
        return true;
    }
    if (strcmp(rule, "flow") == 0) {
        rules->hold = false;
        return true;
    }
    if (strcmp(rule, "clear") == 0) {
        *rules = (struct link_rules){0};
        return true;
    }
    const char *value = *at < words->count ? words->word[*at] : "";
    ++*at;
    if (strcmp(rule, "delay") == 0)
        return read_delay(value, &rules->delay_ns) ||
               command_misused(line, "a delay is a time in us, ms or s up to a minute, each way: delay 20ms");
    if (strcmp(rule, "loss") == 0)
        return read_loss(value, &rules->loss) ||
               command_misused(line, "a loss is a percentage from 0 to 100: loss 30%%");
    if (strcmp(rule, "rate") == 0 && is_zero(value))
        return refuse_no_rate(line);
    if (strcmp(rule, "rate") == 0)
        return read_rate(value, &rules->rate) ||
               command_misused(line, "a rate is so many bit, kbit, mbit or gbit a second, from 1bit to "
                                     "1000gbit: rate 56kbit");
    if (strcmp(rule, "seed") == 0) {
        wish->seeded = read_seed(value, &wish->seed);
        return wish->seeded ||
               command_misused(line, "a seed is a number: the same one loses the same packets");
    }
    command_misused(line, "%s is no rule of a link", rule);
    error_hint(line->error, "delay 20ms, loss 30%%, seed 7, rate 56kbit, hold, flow, clear");
    return false;
}

static bool change_link(struct command_line *line, const struct words *words, const size_t ends[2]) {
    struct net_wire *wire = network_wire(line->shell->network);
    struct net_link *link = net_wire_link(wire, ends[0], ends[1]);
    struct link_wish wish = {.rules = *link_rules(link)};
    struct buf out = {0};
    for (size_t at = 1; at < words->count;)
        if (!read_rule(line, words, &at, &wish))
            return false;
    if (wish.seeded)
        link_seed(link, wish.seed);
    link_set(link, &wish.rules, clock_now_ns());
    net_wire_changed(wire);
    link_say(line->shell->network, ends[0] < ends[1] ? ends[0] : ends[1],
             ends[0] < ends[1] ? ends[1] : ends[0], &out);
    link_say_held(line->shell->network, ends, &out);
    tell(line, &out);
    see_what_comes_of_it(line->shell);
    return true;
}

static bool no_such_link(struct command_line *line, const char *word) {
    command_misused(line, "%s is not two hosts with - between them", word);
    error_hint(line->error, ".link lists the links");
    return false;
}

bool command_link(struct command_line *line) {
    struct words words;
    struct buf out = {0};
    size_t ends[2];
    bool good = false;
    if (!have_links(line))
        return false;
    split(line->argument, &words);
    if (words.too_many) {
        command_misused(line, "these are too many words");
    } else if (words.count == 0) {
        link_say_all(line->shell->network, &out);
        tell(line, &out);
        good = true;
    } else if (!find_ends(line->shell->network, words.word[0], ends)) {
        no_such_link(line, words.word[0]);
    } else {
        good = change_link(line, &words, ends);
    }
    free(words.text);
    return good;
}

/* ---- Frames that wait ---- */

/* The only link on which something waits. */
static bool find_holding(struct command_line *line, size_t ends[2]) {
    const struct network *network = line->shell->network;
    size_t found = 0;
    for (size_t i = 0; i < network_hosts(network); i++)
        for (size_t j = i + 1; j < network_hosts(network); j++)
            if (link_held(net_wire_link(network_wire(network), i, j)) > 0) {
                ends[0] = i;
                ends[1] = j;
                found++;
            }
    if (found == 0) {
        command_misused(line, "no packet waits on a link");
        error_hint(line->error, ".link %s-%s hold makes them wait", network_host(network, 0)->name,
                   network_host(network, 1)->name);
    } else if (found > 1) {
        command_misused(line, "packets wait on several links");
        error_hint(line->error, "name one: %s-%s", network_host(network, ends[0])->name,
                   network_host(network, ends[1])->name);
    }
    return found == 1;
}

/* "[N|all] [A-B]", in either order. */
static bool read_which(struct command_line *line, size_t *count, size_t ends[2]) {
    struct words words;
    bool link_named = false, good = true;
    uint64_t number;
    *count = 1;
    split(line->argument, &words);
    for (size_t i = 0; good && i < words.count; i++) {
        if (strcmp(words.word[i], "all") == 0)
            *count = SIZE_MAX;
        else if (isdigit((unsigned char)words.word[i][0]) && read_seed(words.word[i], &number) && number > 0)
            *count = (size_t)number;
        else if (find_ends(line->shell->network, words.word[i], ends))
            link_named = true;
        else
            good = command_misused(line, "%s is neither a number of packets nor a link", words.word[i]);
    }
    free(words.text);
    return good && (link_named || find_holding(line, ends));
}

/* Do something to the first packet, `count` times, and tell to which. */
static bool to_held(struct command_line *line, const char *done,
                    bool (*act)(struct net_link *link, int64_t now_ns)) {
    struct buf out = {0};
    size_t count, ends[2];
    if (!have_links(line) || !read_which(line, &count, ends))
        return false;
    const struct network *network = line->shell->network;
    struct net_wire *wire = network_wire(network);
    struct net_link *link = net_wire_link(wire, ends[0], ends[1]);
    if (link_held(link) == 0)
        return command_misused(line, "no packet waits on this link");
    if (count > link_held(link))
        count = link_held(link);
    for (size_t i = 0; i < count; i++) {
        buf_addf(&out, "%s: ", done);
        link_say_frame(network, ends, link_held_at(link, 0), &out);
        buf_add_char(&out, '\n');
        act(link, clock_now_ns());
    }
    net_wire_changed(wire);
    tell(line, &out);
    see_what_comes_of_it(line->shell);
    return true;
}

bool command_deliver(struct command_line *line) {
    return to_held(line, "delivered", link_deliver);
}

bool command_drop(struct command_line *line) {
    return to_held(line, "dropped", link_drop);
}

bool command_duplicate(struct command_line *line) {
    return to_held(line, "waits twice now", link_duplicate);
}

bool command_swap(struct command_line *line) {
    struct buf out = {0};
    size_t count, ends[2];
    if (!have_links(line) || !read_which(line, &count, ends))
        return false;
    struct net_link *link = net_wire_link(network_wire(line->shell->network), ends[0], ends[1]);
    if (!link_swap(link))
        return command_misused(line, "there are no two packets waiting on this link");
    buf_add_text(&out, "now waiting:\n");
    link_say_held(line->shell->network, ends, &out);
    tell(line, &out);
    return true;
}
