/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which AppArmor is installed here. A profile may be meant for another machine: it only tells. */
#ifndef LEASTCALL_APPARMOR_ASK_H
#define LEASTCALL_APPARMOR_ASK_H

#include "apparmor/aa_abstractions.h"
#include "policy/options.h"

/* Sets options->parser, 0 where there is none; and hints where the abi is not there to be read. */
void apparmor_ask(struct apparmor_options *options);

/*
 * The abstractions of DIR, NULL for where AppArmor keeps them: there, what leastcall knows itself does
 * where nothing is installed. `words` as of aa_abstractions_read(), NULL for "auto". Returns 0, or a
 * negative errno with the words in err.
 */
int apparmor_abstractions(const char *dir, const char *words, struct aa_abstractions *ret,
			  struct err *err);

#endif
