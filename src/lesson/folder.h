/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder in the machine's files that does not outlive this process, however
 * the process ends: another one, the caretaker, makes it, and removes it when
 * the shell is gone.  For where no private network gives a folder in a mount
 * namespace (net/names.h), which vanishes by itself and costs no process.
 *
 *     shell ═══ socketpair ═══ caretaker      its name ◀──
 *                                              the end ──▶ removed, ◀── the end
 *
 * Both hold a lock on it (flock(2)), which the kernel takes away with them: one
 * that nobody has locked was left behind by a shell that was killed together
 * with its caretaker, and the next caretaker removes it.  Nothing else would:
 * a socket's path must lie in a folder that has a name (one that was removed
 * takes no files, and O_TMPFILE makes none), and without privilege there is no
 * file system of one's own.
 */
#ifndef SOCKSHELL_LESSON_FOLDER_H
#define SOCKSHELL_LESSON_FOLDER_H

#include <stdbool.h>
#include "base/error.h"

struct folder {
    int fd;        /* of the folder (O_PATH); -1: there is none */
    int caretaker; /* the end of it ends the folder; -1: there is none */
};
#define NO_FOLDER ((struct folder){-1, -1})

/* Below $TMPDIR, or /tmp.  Call it before the process has others that are not to be the caretaker's parent: it becomes
 * nobody's child.  False and error: it cannot be made. */
bool folder_make(struct folder *folder, struct error *error);
/* It is gone, with the files in it (folders in it stay), when this returns. */
void folder_end(struct folder *folder);
/* Remove the files in a folder that is open. */
void folder_clear(int fd);

#endif
