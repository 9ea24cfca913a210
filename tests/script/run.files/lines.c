/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines for the prompt, which are no program. */
int fd = 3;
listen(fd, 1);
