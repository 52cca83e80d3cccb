/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Docker's profile (moby/profiles seccomp/seccomp.go): with comments; with archMap where there are
 * several ABIs, so that each daemon takes those of its machine. dockerd 20.10 drops
 * defaultErrnoRet, 23.0 keeps it: it is there, and the calls that libraries fall back from have
 * rules of their own.
 */
#include "rules.h"

int docker_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		struct err *err)
{
	(void)err;
	rules_json_print(policy, options,
			 &(struct rules_dialect){.has_arch_map = true,
						 .has_comments = true,
						 .loses_errno = true,
						 .consumer = "dockerd before 23.0"},
			 out);
	return 0;
}
