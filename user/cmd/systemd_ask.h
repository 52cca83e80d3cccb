/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the systemd of this machine calls groups of calls. */
#ifndef LEASTCALL_SYSTEMD_ASK_H
#define LEASTCALL_SYSTEMD_ASK_H

#include "emit/systemd_groups.h"

/* Asks systemd-analyze(1), see ask.h. *ret is empty where there is none, or no answer;
 * the caller drops it. */
void systemd_ask(struct systemd_groups *ret);

#endif
