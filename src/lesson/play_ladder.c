/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A learner and a question about captured packets; see play_parts.h and quiz.h. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/play_parts.h"

#define AROUND 6        /* columns that a listing has around it: its indentation, a pane's margins */
#define COLUMNS_MOST 72 /* longer arrows say no more */

/* ---- Coming and going ---- */

static bool look(struct player *player, const struct item *item, struct sheet *sheet, struct error *error) {
    uint64_t after = item->quiz->all ? player->begun_at : player->section_at;
    struct evidence evidence = player_evidence(player, after);
    return sheet_await(player->lesson, item, &evidence, sheet, error);
}

bool player_ladder_arrive(struct player *player, size_t number) {
    const struct item *item = &player->lesson->items[number];
    struct error error = {0};
    if (look(player, item, &player->sheet, &error))
        return true;
    sheet_free(&player->sheet);
    struct buf title = {0};
    item_title(item, &title);
    shell_note(player->shell, "lesson: the question \"%s\" is passed over: %s", buf_text(&title), error.text);
    buf_free(&title);
    player->records[number].skipped = true;
    record_report(player, number, "skipped", 0);
    error_free(&error);
    return false;
}

void player_ladder_leave(struct player *player) {
    while (player->drawn_count > 0)
        free(player->drawn[--player->drawn_count]);
    sheet_free(&player->sheet);
}

bool player_covers_packets(const struct player *player) {
    const struct item *item = player_item(player);
    return item != NULL && item->kind == ITEM_LADDER && player->resume == 0;
}

/* ---- Showing ---- */

static size_t columns_of(const struct player *player) {
    size_t columns = player->shell->columns > AROUND ? player->shell->columns - AROUND : 0;
    return columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
}

/* Lines as a listing: they stay as they are. */
static void indent(const struct buf *lines, struct buf *out) {
    for (const char *line = buf_text(lines); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        buf_addf(out, "%s    %.*s", out->length > 0 ? "\n" : "", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void add_real(const struct player *player, struct buf *out) {
    struct buf lines = {0};
    sheet_show(&player->sheet, columns_of(player), &lines);
    indent(&lines, out);
    buf_free(&lines);
}

static void add_drawing(const struct player *player, struct buf *out) {
    struct buf lines = {0};
    sheet_show_drawing(&player->sheet, player->drawn, player->drawn_count, columns_of(player), &lines);
    indent(&lines, out);
    buf_free(&lines);
}

void player_ladder_show(const struct player *player, struct buf *out) {
    struct buf lines = {0};
    sheet_show_question(&player->sheet, columns_of(player), &lines);
    indent(&lines, out);
    if (player->drawn_count > 0)
        add_drawing(player, out);
    buf_free(&lines);
}

void player_ladder_manner(const struct player *player, struct buf *out) {
    if (player->sheet.quiz->kind != QUIZ_DRAW || player->drawn_count > 0)
        return;
    buf_add_text(out, "Type a packet, or several with commas between: ");
    quiz_manner(&player->sheet, out);
    buf_add_text(out, ". Enter alone hands your ladder in.");
}

void player_ladder_show_answer(struct player *player) {
    struct buf answer = {0}, real = {0};
    quiz_answer(&player->sheet, &answer);
    add_real(player, &real);
    if (player->sheet.quiz->kind == QUIZ_DRAW)
        player_say(player, "This was captured:\n%s", buf_text(&real));
    else
        player_say(player, "The answer: %s\n%s", buf_text(&answer), buf_text(&real));
    buf_free(&real);
    buf_free(&answer);
}

/* ---- Answers ---- */

static void judged(struct player *player, bool right, const char *text, const char *why) {
    struct buf reply = {0}, real = {0};
    if (right) {
        add_real(player, &real);
        buf_addf(&reply, "Right.%s%s\n%s", *why ? " " : "", why, buf_text(&real));
    } else {
        buf_addf(&reply, "No. %s", *why ? why : "Try again; `.hint` helps, `.skip` goes on.");
    }
    player_judged(player, right, text, buf_text(&reply));
    buf_free(&real);
    buf_free(&reply);
}

static char *drawing_of(const struct player *player) {
    struct buf text = {0};
    for (size_t i = 0; i < player->drawn_count; i++)
        buf_addf(&text, "%s%s", i > 0 ? ", " : "", player->drawn[i]);
    return buf_take(&text);
}

/* Packets may have come since the question was put. */
static void look_again(struct player *player) {
    struct sheet sheet;
    struct error error = {0};
    bool good = look(player, player_item(player), &sheet, &error);
    if (good) {
        sheet_free(&player->sheet);
        player->sheet = sheet;
    } else {
        sheet_free(&sheet);
    }
    error_free(&error);
}

static void tell_differences(struct player *player, const char *text, const char *why) {
    char *reply =
        mem_format("That is not what was captured:\n%s\nYour ladder stands: `2 client FIN` would put that in "
                   "the place of your 2, `2` alone takes it out.",
                   why);
    player_judged(player, false, text, reply);
    free(reply);
}

static void hand_in(struct player *player) {
    struct buf why = {0};
    bool understood;
    char *text = drawing_of(player);
    look_again(player);
    bool right = quiz_judge(&player->sheet, text, &understood, &why);
    if (right)
        judged(player, true, text, "");
    else
        tell_differences(player, text, buf_text(&why));
    buf_free(&why);
    free(text);
}

/* "2 client FIN" → 1, and *line is at "client FIN"; without a number drawn_count, behind the last. False: there is no
 * such one. */
static bool read_place(const struct player *player, const char **line, size_t *at) {
    size_t digits = strspn(*line, "0123456789");
    *at = player->drawn_count;
    if (digits == 0)
        return true;
    unsigned long number = strtoul(*line, NULL, 10);
    *line += digits;
    *line += strspn(*line, ".:) \t");
    bool next = number == player->drawn_count + 1 && **line != '\0'; /* whoever numbers his packets */
    if (number == 0 || (number > player->drawn_count && !next))
        return false;
    *at = number - 1;
    return true;
}

/* The packets at this place give way to those. False: there is no room. */
static bool put_drawn(struct player *player, size_t at, char *const drawn[], size_t count) {
    size_t gone = at < player->drawn_count, behind = player->drawn_count - at - gone;
    if (at + count + behind > LESSON_PACKETS_MAX)
        return false;
    if (gone)
        free(player->drawn[at]);
    memmove(player->drawn + at + count, player->drawn + at + gone, behind * sizeof(*player->drawn));
    memcpy(player->drawn + at, drawn, count * sizeof(*drawn));
    player->drawn_count = at + count + behind;
    return true;
}

static void add_drawn(struct player *player, const char *line) {
    char *drawn[LESSON_PACKETS_MAX];
    struct buf reply = {0}, wanting = {0};
    size_t at, count = 0;
    if (!read_place(player, &line, &at))
        buf_addf(&reply, "Your ladder has %zu packets.", player->drawn_count);
    else if (*line != '\0' && (count = quiz_drawn(&player->sheet, line, drawn, &reply)) == 0)
        buf_add_text(&reply, reply.length > 0 && reply.data[reply.length - 1] == '?' ? "" : ".");
    else if (!put_drawn(player, at, drawn, count)) {
        buf_addf(&reply, "A ladder has at most %d packets.", LESSON_PACKETS_MAX);
        while (count > 0)
            free(drawn[--count]);
    } else if (player->drawn_count > 0) {
        add_drawing(player, &reply);
        quiz_wanting(&player->sheet, player->drawn, player->drawn_count, &wanting);
        buf_addf(&reply, "%s%s", wanting.length > 0 ? "\n" : "", buf_text(&wanting));
    } else
        buf_add_text(&reply, "Your ladder is empty.");
    player_say(player, "%s", buf_text(&reply));
    buf_free(&reply);
    buf_free(&wanting);
}

void player_ladder_answer(struct player *player, const char *text) {
    const char *begin = text + strspn(text, " \t");
    struct buf why = {0};
    bool understood, right, draws = player->sheet.quiz->kind == QUIZ_DRAW;
    if (*begin == '\0' && player->drawn_count > 0) {
        hand_in(player);
    } else if (*begin == '\0') {
        player_tell_stop(player);
    } else if (draws) {
        add_drawn(player, begin);
    } else {
        right = quiz_judge(&player->sheet, text, &understood, &why);
        if (understood)
            judged(player, right, text, buf_text(&why));
        else
            player_say(player, "That is not understood, and does not count. Wanted: %s.", buf_text(&why));
    }
    buf_free(&why);
}

/* A drawing that is complete wants to be handed in. */
char *player_ladder_right_answer(const struct player *player) {
    struct buf answer = {0};
    if (player->drawn_count == 0)
        quiz_answer(&player->sheet, &answer);
    return buf_take(&answer);
}
