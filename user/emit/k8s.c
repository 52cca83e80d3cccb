/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kubernetes: what a container's manifest says to be run under a Localhost profile. The profile
 * itself is the runtime-spec's, for containerd reads it as that and drops what it does not know;
 * kubelet looks for it below /var/lib/kubelet/seccomp.
 */
#include <stdlib.h>

#include "format.h"
#include "tree.h"

int kubernetes_manifest_emit(const struct policy *policy, const struct emit_options *options,
			     FILE *out, struct err *err)
{
	_cleanup_free_ char *title = policy_title(policy), *path = NULL;
	struct tree tree = {.form = TREE_YAML, .out = out};

	(void)err;
	path = xasprintf("profiles/%s", options->file);
	fprintf(out, "# %s.\n", title);
	fputs("# Copy the profile to /var/lib/kubelet/seccomp/profiles/ on each node; this belongs "
	      "to the container.\n",
	      out);
	tree_map(&tree, NULL);
	tree_map(&tree, "securityContext");
	if (options->no_new_privs)
		tree_bool(&tree, "allowPrivilegeEscalation", false);
	tree_map(&tree, "seccompProfile");
	tree_text(&tree, "type", "Localhost");
	tree_text(&tree, "localhostProfile", path);
	tree_end(&tree);
	tree_end(&tree);
	tree_end(&tree);
	return 0;
}
