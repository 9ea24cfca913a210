/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving in; see home.h. */
#include "shell/home.h"

#include "base/mem.h"
#include "net/network.h"
#include "shell/hosts.h"

void home_begin(struct shell *shell, enum home home) {
    if (home != HOME_MACHINE)
        shell->network = network_begin();
}

bool home_arrive(struct shell *shell, enum home home, struct error *error) {
    if (home == HOME_MACHINE) {
        shell->network_note = mem_string("on this machine's own network, where other programs can be met");
        return true;
    }
    if (network_join(shell->network, error)) {
        shell->private_network = true;
        network_usual(shell->network, shell->preset_off);
        shell->network_note = hosts_note(shell);
        return true;
    }
    network_free(shell->network);
    shell->network = NULL;
    if (home == HOME_PRIVATE)
        return false;
    shell->network_why = NULL;
    shell->network_note = mem_format("on this machine's own network: a private one was refused (%s)", error->text);
    error_free(error);
    return true;
}
