/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal's packets as a file for Wireshark, tshark and their like:
 * pcapng (draft-ietf-opsawg-pcapng), the links as its interfaces, the calls and
 * changes as comments on the packets that they came with.
 */
#ifndef SOCKSHELL_EXPORT_PCAPNG_H
#define SOCKSHELL_EXPORT_PCAPNG_H

#include "base/error.h"
#include "journal/journal.h"

/* All packets behind event `after` into a new file; how many, in *count. False: there is none, the file
 * exists already (it is left as it is), or could not be written (and is gone again). */
bool pcapng_save(const struct journal *journal, uint64_t after, const char *path, size_t *count,
                 struct error *error);
/* The same as bytes, for a file written by somebody else. */
void pcapng_write(const struct journal *journal, uint64_t after, int64_t clocks_ns, size_t *count,
                  bool (*take)(void *context, const void *bytes, size_t length), void *context);

#endif
