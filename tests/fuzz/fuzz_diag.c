/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes at all as a reply of sock_diag.  The first byte chooses the
 * question; then the bytes are read as they are, and once more as the body of a
 * message with a good header, so that the attributes are reached.
 */
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "observe/diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(void *context, const struct socket_facts *facts) {
    struct buf *out = context;
    if (facts->local_length > sizeof(facts->local) || facts->peer_length > sizeof(facts->peer) ||
        facts->state >= SOCKET_STATES_END)
        abort();
    address_show(&facts->local, facts->local_length, out);
    address_show(&facts->peer, facts->peer_length, out);
    buf_add_text(out, socket_condition(facts));
    if (socket_receive_bytes(facts) > facts->receive_queue || socket_send_bytes(facts) > facts->send_queue)
        abort();
}

static void check(const void *bytes, size_t length, uint8_t choice) {
    static const struct {
        int family, protocol;
    } questions[] = {{AF_INET, IPPROTO_TCP}, {AF_INET6, IPPROTO_UDP}, {AF_INET, IPPROTO_RAW}, {AF_UNIX, 0}};
    struct buf out = {0};
    struct diag_reader reader = {.family = questions[choice % 4].family, .protocol = questions[choice % 4].protocol,
                                 .sequence = 7, .each = look, .context = &out};
    if (diag_read(&reader, bytes, length) == DIAG_REFUSED && reader.error == 0)
        abort();
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    uint8_t *copy = malloc(sizeof(struct nlmsghdr) + size); /* of exactly this size, for the sanitizer */
    struct nlmsghdr header = {.nlmsg_len = (uint32_t)(sizeof(header) + size - 1), .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                              .nlmsg_seq = 7};
    memcpy(copy, &header, sizeof(header));
    memcpy(copy + sizeof(header), data + 1, size - 1);
    check(copy, sizeof(header) + size - 1, data[0]);
    free(copy);
    copy = malloc(size);
    memcpy(copy, data + 1, size - 1);
    check(copy, size - 1, data[0]);
    free(copy);
    return 0;
}
