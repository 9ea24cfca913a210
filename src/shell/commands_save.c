/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .save: what happened, as a file for another program. The file's name says which. */
#include <string.h>

#include "export/pcapng.h"
#include "lesson/skeleton.h"
#include "shell/commands.h"
#include "shell/packets.h"

static bool save_packets(struct command_line *line) {
    size_t count = 0;
    if (!pcapng_save(line->shell->journal, packets_cleared(line->shell), line->argument, &count,
                     line->error)) {
        line->error->where =
            (struct span){(uint32_t)(line->argument - line->text), (uint32_t)strlen(line->argument)};
        return false;
    }
    shell_note(line->shell, "%zu packet%s saved in %s", count, count == 1 ? "" : "s", line->argument);
    return true;
}

static bool save_lesson(struct command_line *line) {
    struct skeleton_sum sum;
    if (!skeleton_save(line->shell, line->argument, &sum, line->error)) {
        line->error->where =
            (struct span){(uint32_t)(line->argument - line->text), (uint32_t)strlen(line->argument)};
        return false;
    }
    shell_note(line->shell, "%zu step%s saved in %s", sum.steps, sum.steps == 1 ? "" : "s", line->argument);
    if (sum.left_out > 0)
        shell_note(line->shell, "%zu line%s left out that no lesson can have", sum.left_out,
                   sum.left_out == 1 ? " was" : "s were");
    return true;
}

static const struct {
    const char *suffix;
    bool (*save)(struct command_line *line);
} formats[] = {
    {".pcapng", save_packets},
    {".pcap", save_packets}, /* what reads the one reads the other */
    {".les", save_lesson},
};

bool command_save(struct command_line *line) {
    size_t length = strlen(line->argument);
    shell_settle(line->shell);
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
        size_t suffix = strlen(formats[i].suffix);
        if (length > suffix && strcmp(line->argument + length - suffix, formats[i].suffix) == 0)
            return formats[i].save(line);
    }
    command_misused(line, "%s",
                    length == 0 ? "the name of a file is missing" : "the name does not say what to save");
    error_hint(line->error, ".save talk.pcapng saves the packets, .save talk.les the lines as a lesson");
    return false;
}
