/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of AF_UNIX in sock_diag's words, linux/unix_diag.h. */
#include <linux/unix_diag.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "observe/diag_parts.h"

void diag_ask_unix(struct nlmsghdr *message, uint32_t inode) {
    struct unix_diag_req *request = mnl_nlmsg_put_extra_header(message, sizeof(*request));
    request->sdiag_family = AF_UNIX;
    request->udiag_states = UINT32_MAX;
    request->udiag_ino = inode;
    request->udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS | UDIAG_SHOW_RQLEN |
                          UDIAG_SHOW_MEMINFO | UDIAG_SHOW_UID;
    request->udiag_cookie[0] = request->udiag_cookie[1] = DIAG_NO_COOKIE;
}

/* A path without its NUL, or an abstract name with its leading one. */
static void read_name(const struct nlattr *attribute, struct socket_facts *facts) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t length = mnl_attr_get_payload_len(attribute);
    if (length > sizeof(un.sun_path))
        length = sizeof(un.sun_path);
    memcpy(un.sun_path, mnl_attr_get_payload(attribute), length);
    memcpy(&facts->local, &un, sizeof(un));
    facts->local_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static void read_attribute(const struct nlattr *attribute, struct socket_facts *facts) {
    size_t length = mnl_attr_get_payload_len(attribute);
    const void *payload = mnl_attr_get_payload(attribute);
    struct unix_diag_rqlen queues;
    switch (mnl_attr_get_type(attribute)) {
    case UNIX_DIAG_NAME:
        read_name(attribute, facts);
        break;
    case UNIX_DIAG_PEER:
        if (length >= sizeof(facts->unix_peer))
            memcpy(&facts->unix_peer, payload, sizeof(facts->unix_peer));
        break;
    case UNIX_DIAG_RQLEN:
        if (length >= sizeof(queues)) {
            memcpy(&queues, payload, sizeof(queues));
            facts->queues_known = true;
            facts->receive_queue = queues.udiag_rqueue;
            facts->send_queue = queues.udiag_wqueue;
        }
        break;
    case UNIX_DIAG_MEMINFO:
        diag_memory(attribute, facts);
        break;
    case UNIX_DIAG_SHUTDOWN:
        if (length >= 1) {
            uint8_t mask = mnl_attr_get_u8(attribute);
            facts->shutdown_known = true;
            facts->shutdown_receive = mask & 1;
            facts->shutdown_send = mask & 2;
        }
        break;
    case UNIX_DIAG_UID:
        if (length >= sizeof(facts->uid)) {
            memcpy(&facts->uid, payload, sizeof(facts->uid));
            facts->uid_known = true;
        }
        break;
    case UNIX_DIAG_ICONS:
        if (length > sizeof(facts->unix_waiting))
            length = sizeof(facts->unix_waiting);
        memcpy(facts->unix_waiting, payload, length);
        break;
    default:
        break;
    }
}

bool diag_parse_unix(const void *payload, size_t length, struct socket_facts *facts) {
    struct unix_diag_msg message;
    if (length < sizeof(message))
        return false;
    memcpy(&message, payload, sizeof(message));
    if (message.udiag_family != AF_UNIX)
        return false;
    *facts = (struct socket_facts){
        .cookie = diag_cookie(message.udiag_cookie),
        .inode = message.udiag_ino,
        .family = AF_UNIX,
        .type = message.udiag_type,
        .state = diag_state(message.udiag_state),
    };
    facts->local.ss_family = AF_UNIX;
    facts->local_length = sizeof(sa_family_t);
    diag_attributes((const char *)payload + sizeof(message), length - sizeof(message), read_attribute, facts);
    return true;
}
