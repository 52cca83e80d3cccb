/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which AppArmor is installed here. A profile may be meant for another machine: it only tells. */
#ifndef LEASTCALL_APPARMOR_ASK_H
#define LEASTCALL_APPARMOR_ASK_H

#include "policy/options.h"

/* Sets options->parser, 0 where there is none; and hints where the abi is not there to be read. */
void apparmor_ask(struct apparmor_options *options);

#endif
