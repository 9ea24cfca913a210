/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fresh folder for a lesson's UNIX sockets, and its end; see bounds.h. */
#include "lesson/bounds.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* Made in `place`, or NULL. A path in a sockaddr_un has 108 bytes, and is relative: the length of this one does not
 * matter. */
static char *make_folder(const char *place, char **tried) {
    free(*tried);
    *tried = mem_format("%s/sockshell-lesson.XXXXXX", place);
    return mkdtemp(*tried);
}

/* Nothing in it is to last, so that memory will do (shm_overview(7)): on a disk its end alone takes a millisecond when
 * there is other work. */
bool bounds_begin(struct confinement *bounds, bool own_network, struct error *error) {
    const char *wished = getenv("TMPDIR");
    char *folder = NULL;
    *bounds = (struct confinement){.on = true, .loopback_only = !own_network, .shell = getpid()};
    if (wished && wished[0] == '/' ? make_folder(wished, &folder) != NULL
                                   : make_folder("/dev/shm", &folder) || make_folder("/tmp", &folder)) {
        bounds->folder = folder;
        return true;
    }
    error_set(error, ERROR_SYSTEM, (struct span){0, 0}, "the folder %s of the lesson cannot be made: %s",
              folder, strerror(errno));
    error_hint(error, "TMPDIR names the folder that it is made in");
    free(folder);
    *bounds = (struct confinement){0};
    return false;
}

/* Nothing but sockets can have been made there, and no folders: one level is enough. */
void bounds_clear(const struct confinement *bounds) {
    if (!bounds->folder)
        return;
    int fd = open(bounds->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(fd, entry->d_name, 0);
    if (folder)
        closedir(folder);
    else if (fd >= 0)
        close(fd);
}

void bounds_end(struct confinement *bounds) {
    if (!bounds->folder)
        return;
    bounds_clear(bounds);
    rmdir(bounds->folder);
    free((char *)bounds->folder);
    *bounds = (struct confinement){0};
}
