/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Podman's and CRI-O's profile (container-libs common/pkg/seccomp/types.go): with comments, and with
 * errnos by name beside their numbers, as their own default has them. Its archMap knows too few
 * machines to be used.
 */
#include "rules.h"

int podman_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		struct err *err)
{
	(void)err;
	rules_json_print(policy, options,
			 &(struct rules_dialect){.has_comments = true, .has_errno_names = true},
			 out);
	return 0;
}
