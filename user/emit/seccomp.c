/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp allow-list as the OCI runtime-spec has it (config-linux.md, "Seccomp"), without the
 * words that only Docker's or Podman's reader knows. How it is written is rules.c's, which rules are
 * in it is policy.h's.
 */
#include "rules.h"

int seccomp_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		 struct err *err)
{
	(void)err;
	/* It is also what dockerd is given, and before 23.0 that drops the default errno. To runc and
	 * crun a rule that says what the default says is none. */
	rules_json_print(policy, options, &(struct rules_dialect){.loses_errno = !options->exact},
			 out);
	return 0;
}
