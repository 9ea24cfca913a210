/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that may stand behind `needs:`; whether they are met, lesson_playable() tells. */
#ifndef SOCKSHELL_LESSON_NEED_H
#define SOCKSHELL_LESSON_NEED_H

#include "lesson/lesson.h"

const char *need_word(size_t i); /* NULL behind the last */
bool need_find(const char *word, enum lesson_need *need);

#endif
