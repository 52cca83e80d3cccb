/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kubernetes: what a container's manifest says to be run under a Localhost profile, and with no
 * capabilities but those that were used. The profile
 * itself is the runtime-spec's, for containerd reads it as that and drops what it does not know;
 * kubelet looks for it below /var/lib/kubelet/seccomp.
 */
#include <stdlib.h>

#include "format.h"
#include "policy/capabilities.h"
#include "tree.h"

/* Those of `which`, a list's items. */
static void names_add_to(struct tree *tree, uint64_t which)
{
	char name[32];
	uint32_t i;

	for (i = 0; i < 64; i++)
		if (which & UINT64_C(1) << i)
			tree_text(tree, NULL, capability_upper_name(i, name));
}

/* All are dropped, and those that were used added again. */
static void capabilities_print(struct tree *tree, const struct capabilities *capabilities)
{
	if (!capabilities || !capabilities->is_known)
		return;
	tree_map(tree, "capabilities");
	tree_list(tree, "drop");
	tree_text(tree, NULL, "ALL");
	tree_end(tree);
	if (capabilities->used) {
		tree_list(tree, "add");
		names_add_to(tree, capabilities->used);
		tree_end(tree);
	}
	tree_end(tree);
}

static void inferred_print(const struct capabilities *capabilities, FILE *out)
{
	char name[32];
	uint32_t i;

	for (i = 0; capabilities && i < 64; i++)
		if (capabilities->inferred & UINT64_C(1) << i)
			fprintf(out, "# Inferred from calls and their results: %s.\n",
				capability_upper_name(i, name));
}

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
	inferred_print(options->capabilities, out);
	tree_map(&tree, NULL);
	tree_map(&tree, "securityContext");
	if (options->no_new_privs)
		tree_bool(&tree, "allowPrivilegeEscalation", false);
	capabilities_print(&tree, options->capabilities);
	tree_map(&tree, "seccompProfile");
	tree_text(&tree, "type", "Localhost");
	tree_text(&tree, "localhostProfile", path);
	tree_end(&tree);
	tree_end(&tree);
	tree_end(&tree);
	return 0;
}
