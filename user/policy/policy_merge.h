/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Profiles that were read, in one. Knows no files. */
#ifndef LEASTCALL_POLICY_MERGE_H
#define LEASTCALL_POLICY_MERGE_H

#include "policy_read.h"

/*
 * Takes into *into what `policy` lets run: the union, and what both refuse keeps the answer of one of
 * them, whichever of them comes first. The first one that is taken in decides on the defaults. Both
 * are settled, and *into stays so. Returns 0, or -EINVAL with the words in err where no profile can
 * say the union: other defaults, a list of what is denied, refused arguments that overlap where the
 * default lets calls run.
 */
int policy_take_in(struct policy *into, struct policy_defaults *into_defaults,
		   const struct policy *policy, const struct policy_defaults *defaults,
		   struct err *err);
/*
 * What a profile of these defaults is written with. Returns 0, or -EINVAL with the words in err where
 * none of the formats can say it.
 */
int policy_defaults_options(const struct policy_defaults *defaults, struct emit_options *ret,
			    struct err *err);

#endif
