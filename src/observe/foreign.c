/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a socket; see foreign.h. */
#include "observe/foreign.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_descriptor(DIR *folder, const char *wanted, int *fd) {
    char target[48];
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        if (strcmp(target, wanted) != 0)
            continue;
        *fd = (int)strtol(entry->d_name, NULL, 10);
        return true;
    }
    return false;
}

static void read_name(pid_t pid, char *name, size_t room) {
    char path[48];
    snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, name, room - 1) : 0;
    if (file >= 0)
        close(file);
    name[length > 0 ? length : 0] = '\0';
    name[strcspn(name, "\n")] = '\0';
}

bool foreign_find(uint32_t inode, struct foreign *foreign) {
    char path[64], wanted[32];
    DIR *processes = inode != 0 ? opendir("/proc") : NULL;
    bool found = false;
    if (processes == NULL)
        return false;
    snprintf(wanted, sizeof(wanted), "socket:[%u]", inode);
    for (const struct dirent *entry; !found && (entry = readdir(processes)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
        DIR *folder = opendir(path);
        if (folder == NULL)
            continue;
        found = has_descriptor(folder, wanted, &foreign->fd);
        closedir(folder);
        if (found) {
            foreign->pid = pid;
            read_name(pid, foreign->name, sizeof(foreign->name));
        }
    }
    closedir(processes);
    return found;
}
