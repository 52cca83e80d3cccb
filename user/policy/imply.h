/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which of two sets of arguments holds the other. Knows conditions, and neither calls nor profiles.
 * "False" is also said where it cannot be told; "true" is always right.
 */
#ifndef LEASTCALL_IMPLY_H
#define LEASTCALL_IMPLY_H

#include "policy.h"

/* Whatever meets `narrow` meets `wide`. */
bool alternative_implies(const struct alternative *narrow, const struct alternative *wide);
/* Nothing meets both. */
bool alternatives_exclude(const struct alternative *a, const struct alternative *b);

/* With which arguments a call may be made. */
enum grant_kind {
	GRANT_NONE,
	GRANT_SOME,    /* those of one of the alternatives */
	GRANT_ALL_BUT, /* all but those of the alternatives */
	GRANT_ALL,
};
struct grant {
	enum grant_kind kind;
	const struct alternative *list;
	size_t count;
};
/* Whatever `narrow` lets through, `wide` does. */
bool grant_implies(const struct grant *narrow, const struct grant *wide);

#endif
