/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The comments on top of an AppArmor profile: where it comes from and what it can't know. */
#ifndef LEASTCALL_APPARMOR_HEAD_H
#define LEASTCALL_APPARMOR_HEAD_H

#include "emit.h"

/*
 * Prints the comments. Returns 0, or -ENODATA with the words in err where the workload was only
 * ever recorded without its files, so that a profile would allow next to nothing.
 */
int apparmor_head_print(const struct model *model, const struct emit_options *options,
			const char *workload, FILE *out, struct err *err);

#endif
