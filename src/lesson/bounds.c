/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson's bounds, and a fresh folder for its UNIX sockets; see bounds.h. */
#include "lesson/bounds.h"

#include <unistd.h>

/* A path in a sockaddr_un has 108 bytes, and is relative: the length of the folder's does not matter. */
bool bounds_begin(struct bounds *bounds, bool own_network, int private_folder, struct error *error) {
    *bounds = (struct bounds){.folder = NO_FOLDER};
    if (private_folder < 0 && !folder_make(&bounds->folder, error))
        return false;
    bounds->within = (struct confinement){
        .on = true,
        .loopback_only = !own_network,
        .shell = getpid(),
        .folder = private_folder >= 0 ? private_folder : bounds->folder.fd,
    };
    return true;
}

/* Nothing but sockets can have been made there, and no folders: one level is enough. */
void bounds_clear(const struct bounds *bounds) {
    if (bounds->within.on)
        folder_clear(bounds->within.folder);
}

void bounds_end(struct bounds *bounds) {
    if (!bounds->within.on)
        return;
    folder_end(&bounds->folder);
    bounds->within = (struct confinement){0};
}
