/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acknowledgements without delay on loopback, so that FIN_WAIT1 is FIN_WAIT2 at once and not after 40 ms. */
#ifndef SOCKSHELL_NET_QUICKACK_H
#define SOCKSHELL_NET_QUICKACK_H

/* For the network that this process is in, whose loopback interface is up. Where the kernel refuses, its delays stay. */
void quickack_on_loopback(void);

#endif
