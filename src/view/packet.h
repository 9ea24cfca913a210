/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One packet, its headers field by field with their bytes, as .packet shows it. Pure. */
#ifndef SOCKSHELL_VIEW_PACKET_H
#define SOCKSHELL_VIEW_PACKET_H

#include "packet/packet.h"
#include "packet/track.h"

/* `marks` and relative numbers come from the note. Lines of so many columns, from 60 on. */
void packet_show(const struct packet *packet, const struct track_note *note, const void *bytes,
                 bool checksum_missing, size_t columns, struct buf *out);

#endif
