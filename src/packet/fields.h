/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packet's headers field by field, each with its place and what it means. */
#ifndef SOCKSHELL_PACKET_FIELDS_H
#define SOCKSHELL_PACKET_FIELDS_H

#include "packet/packet.h"
#include "packet/track.h"

struct packet_field {
    const char *name;  /* "sequence number" */
    size_t at, length; /* bytes of the frame */
    const char *value; /* "2882338817, 1 from the connection's beginning" */
    const char *means; /* a sentence, or "" */
};

struct packet_visitor {
    void *context;
    /* "TCP header", and its bytes; the fields that follow are its. */
    void (*header)(void *context, const char *name, size_t at, size_t length);
    void (*field)(void *context, const struct packet_field *field);
};

/* In the order of their bytes; what was cut is left out. Texts are valid during the call. */
void packet_fields(const struct packet *packet, const struct track_note *note, const void *bytes,
                   bool checksum_missing, const struct packet_visitor *visitor);

#endif
