/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A SeccompProfile of the Security Profiles Operator (api/seccompprofile/v1): cluster-scoped, its
 * numbers are int64 and not negative, and there is no default errno: EPERM, so that the calls that
 * libraries fall back from have rules of their own.
 */
#include <stdlib.h>

#include "format.h"
#include "rules.h"

int spo_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
	     struct err *err)
{
	_cleanup_free_ char *title = policy_title(policy), *name = NULL;
	struct tree tree = {.form = TREE_YAML, .out = out};

	(void)err;
	name = label_make(options->name      ? options->name
			  : policy->workload ? policy->workload
					     : "leastcall");
	fprintf(out, "# %s.\n", title);
	tree_map(&tree, NULL);
	tree_text(&tree, "apiVersion", "security-profiles-operator.x-k8s.io/v1");
	tree_text(&tree, "kind", "SeccompProfile");
	tree_map(&tree, "metadata");
	tree_text(&tree, "name", name);
	tree_end(&tree);
	tree_map(&tree, "spec");
	rules_write(&tree, policy, options,
		    &(struct rules_dialect){.has_no_errno = true,
					    .number_max = INT64_MAX,
					    .consumer = "the Security Profiles Operator"});
	tree_end(&tree);
	tree_end(&tree);
	return 0;
}
