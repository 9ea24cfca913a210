/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles as a terminal is told of them; see style.h. */
#include "view/style.h"

#include "view/styled.h"

const char *style_code(enum style style) {
    switch (style) {
    case STYLE_PLAIN: return "";
    case STYLE_ACTOR: return "1";
    case STYLE_FAILURE: return "31";
    case STYLE_NOTE: return "36";
    case STYLE_HEADING: return "1;4";
    case STYLE_EVENT: return "35";
    case STYLE_CHANGE: return "32";
    case STYLE_CODE: return "1";
    case STYLE_EMPHASIS: return "4";
    case STYLE_FRAME: return "2";
    case STYLE_KEY: return "7";
    case STYLES_END: break;
    }
    return "";
}

void style_wrapped(struct buf *out, bool colour, enum style style, const char *lead, const char *text,
                   size_t columns) {
    struct styled lines = {0};
    styled_wrapped(&lines, style, lead, text, columns);
    styled_show(&lines, colour, out);
    styled_free(&lines);
}
