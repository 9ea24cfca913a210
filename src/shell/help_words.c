/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The glossary; see help_words.h. The states are those of RFC 9293 section 3.3.2, named as ss(8) and the kernel do. */
#include "shell/help_words.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "call/explain.h"

static const struct word_help glossary[] = {
    /* ---- TCP's states ---- */
    {"CLOSE", "CLOSED",
     "A TCP socket without connection: just made, or its connection is over (by a reset, or an orderly end). "
     "connect() and listen() lead out of it.",
     "SYN_SENT LISTEN RST"},
    {"LISTEN", NULL,
     "A TCP socket at which clients may connect. It never carries data itself: each connection is a socket of its "
     "own, which accept() gives. In this state ss shows the accept queue where the receive queue stands.",
     "accept_queue backlog accept"},
    {"SYN_SENT", NULL,
     "connect() has sent SYN and waits for the answer. It leads to ESTABLISHED, or back to CLOSE when nobody listens "
     "there (RST) or nobody answers (after some two minutes).",
     "SYN handshake ECONNREFUSED ETIMEDOUT"},
    {"SYN_RECV", "SYN_RECEIVED",
     "A listener's kernel has got SYN and answered with SYN ACK; the client's last ACK has not come yet. No program "
     "sees such a socket.",
     "handshake SYN_queue"},
    {"ESTABLISHED", NULL,
     "Both ends are connected, and data can go both ways. A client is there as soon as connect() returns, whether "
     "the server has called accept() or not.",
     "handshake accept_queue FIN_WAIT1 CLOSE_WAIT"},
    {"FIN_WAIT1", "FIN_WAIT_1",
     "This end was closed (or shut down for sending) first: its FIN is on its way and not acknowledged yet. Usually "
     "it lasts one round trip; longer, if unsent data or a silent peer are in the way.",
     "FIN FIN_WAIT2"},
    {"FIN_WAIT2", "FIN_WAIT_2",
     "This end's FIN is acknowledged, the peer's has not come: the peer has not closed yet, and may still send. "
     "After close() the kernel waits for it, usually a minute (tcp_fin_timeout); after shutdown() as long "
     "as it takes.",
     "CLOSE_WAIT half-close TIME_WAIT"},
    {"CLOSE_WAIT", NULL,
     "The peer's FIN has come: recv() returns 0 when all is read. The connection stays so until this program calls "
     "close(); a server that forgets it collects sockets in CLOSE_WAIT.",
     "LAST_ACK FIN close"},
    {"CLOSING", NULL,
     "Both ends were closed at once and the FINs crossed: this one has got the peer's FIN, but not yet the "
     "acknowledgement of its own. Rarely seen.",
     "FIN TIME_WAIT"},
    {"LAST_ACK", NULL,
     "The peer closed first, now this end has too: its FIN waits for the last acknowledgement. Then the connection is "
     "forgotten.",
     "CLOSE_WAIT FIN"},
    {"TIME_WAIT", NULL,
     "The connection is over, and this end sent the first FIN. The kernel keeps the pair of addresses for 60 seconds: "
     "to acknowledge the peer's FIN once more if it comes again, and so that late packets are not taken for part of a "
     "new connection.\n\nNo descriptor is left of it, but its port cannot be bound meanwhile (EADDRINUSE) unless "
     "SO_REUSEADDR is on, which is why servers set that before bind().",
     "EADDRINUSE SO_REUSEADDR FIN_WAIT2 .state"},
    /* ---- What goes over the wire ---- */
    {"TCP", NULL,
     "The protocol of SOCK_STREAM over IP: a connection that carries a stream of bytes each way, in order, without "
     "loss and without message boundaries. What was sent with two calls may come in one, or in three.",
     "UDP stream handshake SOCK_STREAM"},
    {"UDP", NULL,
     "The protocol of SOCK_DGRAM over IP: single messages, each on its own. A message comes whole or not at all, "
     "perhaps twice or out of order, and nobody is told.",
     "TCP datagram sendto recvfrom"},
    {"IP", "internet protocol",
     "What TCP and UDP are sent with: packets from one address to another, without promise. IPv4 (AF_INET) has "
     "addresses like 192.0.2.1, IPv6 (AF_INET6) like 2001:db8::1.",
     "port AF_INET AF_INET6 loopback"},
    {"SYN", NULL,
     "The packet that asks for a TCP connection, sent by connect(). The answer is SYN ACK, or RST where nobody "
     "listens.",
     "handshake SYN_SENT RST"},
    {"ACK", "acknowledgement",
     "What tells a TCP sender how far its bytes have come: to the peer's kernel, which is not to say that the peer's "
     "program has read them. What is not acknowledged in time is sent again.",
     "send_queue receive_queue .bytes"},
    {"FIN", NULL,
     "The packet that says: nothing more comes from this end. close() and shutdown(SHUT_WR) send it, behind all data; "
     "so does the kernel when a process ends. The peer's recv() returns 0 then. Each direction ends with a FIN of "
     "its own.",
     "CLOSE_WAIT FIN_WAIT1 half-close RST"},
    {"RST", "reset",
     "The packet that breaks a TCP connection off at once. It is sent when nobody listens at the port (the client sees "
     "ECONNREFUSED), when a socket is closed with bytes unread or with SO_LINGER 0, and in answer to data for a "
     "connection that is gone. Calls on the other end then fail with ECONNRESET or EPIPE.",
     "ECONNRESET ECONNREFUSED EPIPE FIN"},
    {"handshake", "three-way handshake",
     "How a TCP connection begins: SYN from the client, SYN ACK from the listener's kernel, ACK from the client. The "
     "server's program has no part in it; it meets the finished connection in accept().",
     "SYN_SENT ESTABLISHED accept_queue"},
    {"datagram", "message",
     "A message with its boundaries, as UDP carries them: one send is one receive. What does not fit the buffer of "
     "recv() is thrown away.",
     "UDP recvfrom MSG_TRUNC"},
    {"stream", "byte stream",
     "Bytes in order without boundaries, as TCP carries them. Where a message ends, the two programs must agree on "
     "(a newline, a length before it), and read in a loop until they have it.",
     "TCP recv"},
    {"window", "receive window",
     "How many bytes a TCP receiver has room for; it says so with each ACK. If its program does not read, the window "
     "closes, the sender's buffer fills, and send() blocks there.",
     "receive_queue send_queue"},
    {"Nagle", "Nagle's algorithm",
     "TCP holds a small piece back while an earlier one is not acknowledged, to send fewer, larger packets. "
     "TCP_NODELAY turns that off.",
     "TCP_NODELAY ACK"},
    /* ---- In the kernel ---- */
    {"backlog", NULL,
     "The second argument of listen(): how many finished connections may wait for accept(). Linux lets one more in, "
     "and at most net.core.somaxconn. When the queue is full, new clients' SYNs are dropped, and they try again.",
     "accept_queue listen SOMAXCONN"},
    {"accept queue", NULL,
     "Finished connections that wait at a listening socket until accept() takes them, the oldest first. Their clients "
     "are connected already and may have sent data. .state shows it as \"accept queue 1/3\".",
     "backlog accept LISTEN"},
    {"SYN queue", NULL,
     "Connections whose handshake is under way at a listener (SYN_RECV). When it is done they move to the accept "
     "queue.",
     "SYN_RECV accept_queue"},
    {"receive queue", "Recv-Q",
     "Bytes (or messages) that have arrived for a socket and wait in the kernel until its program reads them.",
     "send_queue window recv .bytes"},
    {"send queue", "Send-Q",
     "Bytes that the program has given to send() and the kernel still keeps: not sent yet, or not acknowledged. When it "
     "is full, send() blocks.",
     "receive_queue ACK window send"},
    {"descriptor", "file descriptor",
     "The small number by which a process knows an open file or socket: the lowest that is free. It means something in "
     "its own process only; 0, 1 and 2 are standard input, output and error.",
     "socket close dup fork"},
    {"blocking", "non-blocking",
     "A call that has nothing to do yet (accept() without client, recv() without data) puts its process to sleep. On "
     "a non-blocking socket (SOCK_NONBLOCK, O_NONBLOCK) it fails with EAGAIN instead.",
     "EAGAIN SOCK_NONBLOCK poll"},
    {"half-close", NULL,
     "shutdown(fd, SHUT_WR): this end has no more to say (FIN), but goes on receiving.",
     "shutdown FIN FIN_WAIT2"},
    {"end of file", "EOF",
     "recv() or read() returns 0: the peer has closed, or shut down sending, and all that it sent has been read.",
     "FIN CLOSE_WAIT recv"},
    /* ---- Addresses ---- */
    {"port", NULL,
     "A number from 1 to 65535 that says which socket of a machine is meant; TCP and UDP have each their own. Below "
     "1024 one needs privileges; 0 in bind() lets the kernel choose.",
     "ephemeral_port bind byte_order"},
    {"ephemeral port", "ephemeral",
     "A port that the kernel chooses, for a client by connect() or for bind() with port 0: on Linux from 32768 to "
     "60999 (net.ipv4.ip_local_port_range). getsockname() tells which.",
     "port getsockname bind"},
    {"byte order", "network byte order",
     "In which order the bytes of a number lie in memory. On the network the highest comes first; a PC has the lowest "
     "first. So ports and addresses in a struct go through htons() and htonl(), and come back through ntohs() and "
     "ntohl(). Without it port 8888 (0x22b8) becomes 47138 (0xb822).",
     "htons ntohs htonl ntohl"},
    {"loopback", "localhost",
     "127.0.0.1, in IPv6 ::1: this very machine. What is sent there never leaves it, and who is bound to it cannot be "
     "reached from elsewhere.",
     "INADDR_LOOPBACK INADDR_ANY .network"},
    {"peer", NULL, "The other end of a connection. getpeername() tells its address.", "getpeername connect"},
    {"actor", NULL,
     "A program that you write line by line: a real process with descriptors and variables of its own. `NAME> line` "
     "is a line for it, .actor NAME starts another.",
     ".actor .actors .restart"},
    /* ---- Programs ---- */
    {"function", "functions",
     "int twice(int x) { return 2 * x; } defines one; over several lines it goes on while its braces are open. It stays "
     "with the actor, and one that is defined again takes the place of the old. Its variables end when it returns. A "
     "name of the system's calls cannot be taken.",
     "return static main .run"},
    {"main", "argv",
     "Where a C program begins: int main(void), or int main(int argc, char *argv[]) with argc words of its command line, "
     "argv[0] its name. .run calls it and ends the actor with what it returns; main() at the prompt is a call like any "
     "other.",
     ".run function exit"},
};

/* As a person may write it: Time-Wait, accept_queue. */
static bool is_same(const char *term, const char *topic) {
    for (; *term != '\0' && *topic != '\0'; term++, topic++) {
        bool gap = strchr(" -_", *term) != NULL && strchr(" -_", *topic) != NULL;
        if (!gap && tolower((unsigned char)*term) != tolower((unsigned char)*topic))
            return false;
    }
    return *term == *topic;
}

const struct word_help *help_word_find(const char *topic) {
    for (size_t i = 0; i < sizeof(glossary) / sizeof(*glossary); i++)
        if (is_same(glossary[i].term, topic) || (glossary[i].also != NULL && is_same(glossary[i].also, topic)))
            return &glossary[i];
    return NULL;
}

static void add_see(const char *see, size_t columns, struct buf *out) {
    struct buf list = {0};
    buf_add_text(&list, "See also: .help ");
    for (; *see != '\0'; see++) {
        if (*see == ' ')
            buf_add_text(&list, ", ");
        else
            buf_add_char(&list, *see == '_' && islower((unsigned char)see[1]) ? ' ' : *see);
    }
    buf_add_char(out, '\n');
    text_wrap(buf_text(&list), columns, 4, out);
    buf_free(&list);
}

bool help_words(const char *topic, size_t columns, struct buf *out) {
    const struct word_help *word = help_word_find(topic);
    if (word == NULL)
        return false;
    buf_addf(out, "%s%s%s%s\n", word->term, word->also != NULL ? " (" : "", word->also != NULL ? word->also : "",
             word->also != NULL ? ")" : "");
    text_wrap(word->words, columns, 4, out);
    if (out->data[out->length - 1] != '\n')
        buf_add_char(out, '\n');
    if (word->see != NULL)
        add_see(word->see, columns, out);
    return true;
}

void help_words_offer(struct suggestion *near) {
    for (size_t i = 0; i < sizeof(glossary) / sizeof(*glossary); i++) {
        suggest_offer(near, glossary[i].term);
        if (glossary[i].also != NULL)
            suggest_offer(near, glossary[i].also);
    }
}
