/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* profile --superset-of: nothing that worked under the old profile is refused by the new one. */
#ifndef LEASTCALL_SUPERSET_H
#define LEASTCALL_SUPERSET_H

#include "policy/policy.h"

/*
 * Does the policy, written with these options, allow all that the profile at PATH does? 0,
 * EXIT_FINDING where it does not and what is missing was said, or a negative errno with the words in
 * err.
 */
int superset_check(const struct policy *policy, const struct emit_options *options,
		   const char *path, struct err *err);

#endif
