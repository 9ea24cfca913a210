/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of progress, whatever is in it; and the lines of reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "lesson/progress.h"
#include "lesson/list.h"
#include "lesson/report.h"

static struct progress parse(const char *text) {
    struct progress progress;
    progress_parse(text, strlen(text), &progress);
    return progress;
}

static void lines_are_read(void **state) {
    (void)state;
    struct progress progress = parse("left 7/12 echo\ndone 0/12 a lesson\ndone 3/9 states");
    assert_int_equal(progress.count, 3);
    const struct progress_entry *entry = progress_find(&progress, "echo");
    assert_non_null(entry);
    assert_false(entry->done);
    assert_int_equal(entry->at, 7);
    assert_int_equal(entry->of, 12);
    entry = progress_find(&progress, "a lesson");
    assert_non_null(entry);
    assert_true(entry->done);
    assert_int_equal(entry->at, 0);
    assert_int_equal(progress_find(&progress, "states")->at, 3);
    assert_null(progress_find(&progress, "ech"));
    progress_free(&progress);
}

static void what_is_no_entry_is_passed_over(void **state) {
    (void)state;
    static const char *const lines[] = {
        "",
        "left",
        "left ",
        "left 1/2",
        "left 1/2 ",
        "left 3/2 echo",
        "lost 1/2 x",
        "left -1/2 x",
        "left 1/ x",
        "left 1 2 x",
        "left /2 x",
        "left 1/2x",
        "done 99999999999999999999/99999999999999999999 x",
        "left 1/2 a/b",
        "left 1/2 \x1b[2J",
        "left 1/2 x\r",
        "\xff\xfe\n",
        "left 1/2 \x7f",
        "done",
        "done 1000001/1000001 x",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct progress progress = parse(lines[i]);
        assert_int_equal(progress.count, 0);
        progress_free(&progress);
    }
    static const char with_nul[] = "left 1/2 x\0y\nleft 1/2 z";
    struct progress progress;
    progress_parse(with_nul, sizeof(with_nul) - 1, &progress);
    assert_int_equal(progress.count, 1);
    progress_free(&progress);
}

static void of_two_lines_the_last_counts(void **state) {
    (void)state;
    struct progress progress = parse("left 1/2 x\nleft 1/3 y\ndone 2/2 x\n");
    assert_int_equal(progress.count, 2);
    assert_true(progress_find(&progress, "x")->done);
    progress_free(&progress);
}

/* The oldest give way, and it takes no time that anybody would notice. */
static void there_is_a_limit(void **state) {
    (void)state;
    struct buf text = {0};
    for (size_t i = 0; i < PROGRESS_LESSONS_MAX + 10; i++)
        buf_addf(&text, "left 1/2 lesson%zu\n", i);
    struct progress progress = parse(buf_text(&text));
    assert_int_equal(progress.count, PROGRESS_LESSONS_MAX);
    assert_null(progress_find(&progress, "lesson9"));
    assert_non_null(progress_find(&progress, "lesson10"));
    progress_free(&progress);
    buf_free(&text);
}

/* ---- The file ---- */

static char *fresh_folder(void) {
    const char *place = getenv("TMPDIR");
    char *folder = mem_format("%s/test-progress-XXXXXX", place != NULL ? place : "/tmp");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void it_is_noted_and_forgotten(void **state) {
    (void)state;
    char *folder = fresh_folder(), *within = mem_format("%s/state", folder),
         *path = mem_format("%s/progress", within);
    struct error error = {0};
    struct progress progress;
    bool known;
    assert_true(progress_read(path, &progress, &error)); /* not there: empty */
    assert_int_equal(progress.count, 0);
    assert_true(progress_note(path, "echo", false, 3, 12, &error));
    assert_true(progress_note(path, "states", true, 0, 9, &error));
    assert_true(progress_note(path, "states", false, 2, 9, &error)); /* done once is done */
    assert_true(progress_read(path, &progress, &error));
    assert_int_equal(progress.count, 2);
    assert_int_equal(progress_find(&progress, "echo")->at, 3);
    assert_true(progress_find(&progress, "states")->done);
    assert_int_equal(progress_find(&progress, "states")->at, 2);
    progress_free(&progress);
    assert_false(progress_note(path, "a\nb", false, 1, 2, &error)); /* would be two lines */
    error_free(&error);
    assert_true(progress_forget(path, "nobody", &known, &error));
    assert_false(known);
    assert_true(progress_forget(path, "echo", &known, &error));
    assert_true(known);
    assert_true(progress_forget(path, NULL, &known, &error));
    assert_true(known);
    assert_true(progress_read(path, &progress, &error));
    assert_int_equal(progress.count, 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(within), 0); /* and nothing was left beside it */
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(within);
    free(folder);
}

/* What is no file, or too large to be one of ours, is neither read nor replaced. */
static void other_files_are_left_alone(void **state) {
    (void)state;
    char *folder = fresh_folder(), *path = mem_format("%s/progress", folder);
    struct error error = {0};
    struct progress progress;
    struct stat status;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(progress_read(path, &progress, &error)); /* and does not hang */
    error_free(&error);
    assert_false(progress_note(path, "echo", false, 1, 2, &error));
    error_free(&error);
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(unlink(path), 0);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, PROGRESS_BYTES_MAX + 1), 0);
    close(fd);
    assert_false(progress_note(path, "echo", false, 1, 2, &error));
    assert_non_null(strstr(error.text, "is no file of progress"));
    error_free(&error);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    /* The folder is gone, and cannot be made again below a file. */
    assert_false(progress_note("/dev/null/progress", "echo", false, 1, 2, &error));
    error_free(&error);
    free(path);
    free(folder);
}

/* ---- The list ---- */

static void the_list_fits(void **state) {
    (void)state;
    char *folder = fresh_folder(), *file = mem_format("%s/first-lesson.les", folder), *text = NULL;
    size_t length = 0;
    bool whole;
    struct error error = {0};
    FILE *lesson = fopen(file, "w");
    fputs("sockshell-lesson 1\ntitle: A title of more words than go into a line\nnumber: 7\nactors: a\n"
          "teaches: so much that it has to be broken up.\n\n    a> 1\n",
          lesson);
    fclose(lesson);
    setenv("SOCKSHELL_LESSONS", folder, 1);
    FILE *out = open_memstream(&text, &length);
    assert_true(list_lessons(out, 40, NULL, &whole, &error));
    fputs("--\n", out);
    assert_true(list_lessons(out, 60, NULL, &whole, &error));
    fclose(out);
    assert_string_equal(text, "  7 first-lesson\n"
                              "    A title of more words than go into a\n"
                              "    line\n"
                              "      so much that it has to be broken\n"
                              "      up.\n"
                              "--\n"
                              "  7 first-lesson    A title of more words\n"
                              "                    than go into a line\n"
                              "                    so much that it has to be broken up.\n");
    unsetenv("SOCKSHELL_LESSONS");
    unlink(file);
    assert_int_equal(rmdir(folder), 0);
    free(text);
    free(file);
    free(folder);
}

/* ---- Reports ---- */

static const struct report_line line = {
    .lesson = "echo",
    .seed = 7,
    .kind = "ask",
    .id = "who-chose",
    .result = "right",
    .tries = 2,
    .hints = 1,
    .ns = INT64_C(12340000000),
    .answer = "=HYPERLINK(\"x\")\n\x1b[2J",
};

static void a_line_is_csv(void **state) {
    (void)state;
    struct buf out = {0};
    report_csv(&line, "ada, \"countess\"", 0, &out);
    assert_string_equal(buf_text(&out),
                        "1970-01-01T00:00:00Z,\"ada, \"\"countess\"\"\",\"echo\",7,\"ask\",\"who-chose\","
                        "\"right\",2,1,12.3,\"'=HYPERLINK(\"\"x\"\")\\n\\x1b[2J\"\n");
    buf_free(&out);
}

static void a_line_is_json(void **state) {
    (void)state;
    struct buf out = {0};
    report_json(&line, "ada", 86400, &out);
    assert_string_equal(
        buf_text(&out),
        "{\"time\":\"1970-01-02T00:00:00Z\",\"user\":\"ada\",\"lesson\":\"echo\",\"seed\":7,\"kind\":\"ask\","
        "\"id\":\"who-chose\",\"result\":\"right\",\"tries\":2,\"hints\":1,\"milliseconds\":12340,"
        "\"answer\":\"=HYPERLINK(\\\"x\\\")\\n\\u001b[2J\"}\n");
    buf_free(&out);
}

static size_t lines_of(const char *path) {
    size_t count = 0;
    int c;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while ((c = getc(file)) != EOF)
        count += c == '\n';
    fclose(file);
    return count;
}

static void lines_are_added(void **state) {
    (void)state;
    char *folder = fresh_folder(), *csv = mem_format("%s/class.csv", folder),
         *json = mem_format("%s/class", folder);
    struct error error = {0};
    for (size_t i = 1; i <= 2; i++) {
        struct report *report = report_open(csv, &error);
        assert_non_null(report);
        assert_true(report_add(report, &line, &error));
        report_close(report);
        assert_int_equal(lines_of(csv), 1 + i); /* one line of names */
        report = report_open(json, &error);
        assert_true(report_add(report, &line, &error));
        report_close(report);
        assert_int_equal(lines_of(json), i);
    }
    assert_null(report_open("/dev/null/x", &error));
    assert_non_null(error.text);
    error_free(&error);
    unlink(csv);
    unlink(json);
    assert_int_equal(rmdir(folder), 0);
    free(csv);
    free(json);
    free(folder);
}

/* What was opened for nothing is not there afterwards; what somebody else wrote meanwhile is. */
static void a_report_of_nothing_is_no_file(void **state) {
    (void)state;
    char *folder = fresh_folder(), *csv = mem_format("%s/class.csv", folder);
    struct error error = {0};
    report_close(report_open(csv, &error));
    assert_int_equal(access(csv, F_OK), -1);
    struct report *first = report_open(csv, &error), *second = report_open(csv, &error);
    assert_true(report_add(second, &line, &error));
    report_close(first);
    report_close(second);
    assert_int_equal(lines_of(csv), 2);
    unlink(csv);
    /* Removed under the hands of one who had opened it: his line is in the next. */
    first = report_open(csv, &error);
    second = report_open(csv, &error);
    report_close(first);
    assert_int_equal(access(csv, F_OK), -1);
    assert_true(report_add(second, &line, &error));
    report_close(second);
    assert_int_equal(lines_of(csv), 2);
    unlink(csv);
    assert_int_equal(rmdir(folder), 0);
    free(csv);
    free(folder);
}

static void assert_refused(const char *path, const char *words) {
    struct error error = {0};
    assert_null(report_open(path, &error));
    assert_non_null(strstr(error.text, words));
    assert_non_null(error.hint);
    error_free(&error);
}

/* Two kinds of lines in one file would be of use to nobody. */
static void a_report_is_of_one_kind(void **state) {
    (void)state;
    char *folder = fresh_folder(), *csv = mem_format("%s/class.CSV", folder),
         *json = mem_format("%s/class", folder), *swap = mem_format("%s/swap", folder);
    struct error error = {0};
    struct report *report = report_open(csv, &error);
    assert_true(report_add(report, &line, &error));
    report_close(report);
    report = report_open(json, &error);
    assert_true(report_add(report, &line, &error));
    report_close(report);
    assert_int_equal(rename(csv, swap) | rename(json, csv) | rename(swap, json), 0);
    assert_refused(csv, "class.CSV holds JSON Lines: a report whose name ends in .csv has a line of names "
                        "first");
    assert_refused(json, "class holds CSV: a report whose name does not end in .csv is JSON Lines");
    FILE *file = fopen(json, "w");
    fputs("Dear Ada,\n", file);
    fclose(file);
    assert_refused(json, "is no such report");
    assert_int_equal(lines_of(csv), 1);
    assert_int_equal(lines_of(json), 1);
    unlink(csv);
    unlink(json);
    assert_int_equal(rmdir(folder), 0);
    free(csv);
    free(json);
    free(swap);
    free(folder);
}

/* A full disk is told once. */
static void a_report_that_fails_fails_once(void **state) {
    (void)state;
    struct error error = {0};
    struct report *report = report_open("/dev/full", &error);
    assert_non_null(report);
    assert_false(report_add(report, &line, &error));
    assert_non_null(strstr(error.text, "/dev/full"));
    error_free(&error);
    assert_true(report_add(report, &line, &error));
    report_close(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(what_is_no_entry_is_passed_over),
        cmocka_unit_test(of_two_lines_the_last_counts),
        cmocka_unit_test(there_is_a_limit),
        cmocka_unit_test(it_is_noted_and_forgotten),
        cmocka_unit_test(other_files_are_left_alone),
        cmocka_unit_test(the_list_fits),
        cmocka_unit_test(a_line_is_csv),
        cmocka_unit_test(a_line_is_json),
        cmocka_unit_test(lines_are_added),
        cmocka_unit_test(a_report_of_nothing_is_no_file),
        cmocka_unit_test(a_report_is_of_one_kind),
        cmocka_unit_test(a_report_that_fails_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
