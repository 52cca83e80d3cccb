/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* profile --superset-of. What is missing is policy/diff.c's to say. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "policy/diff.h"
#include "superset.h"

static void missing_say(const struct diff *diff, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	char *line, *rest;
	FILE *out = xmemstream(&text, &size);

	diff_print(diff, out);
	fclose(out);
	say("%s allows what this profile would not; nothing was written", path);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		say("%s", line);
}

int superset_check(const struct policy *policy, const struct emit_options *options,
		   const char *path, struct err *err)
{
	const struct policy_defaults defaults = policy_defaults_of(options);
	_cleanup_policy_ struct policy old = {};
	_cleanup_diff_ struct diff diff = {};
	struct policy_defaults old_defaults;
	int r = policy_read(path, &old, &old_defaults, err);

	if (r)
		return err_prefix(err, r, "--superset-of");
	diff_make(&(struct diff_side){.policy = &old, .defaults = &old_defaults},
		  &(struct diff_side){.policy = policy, .defaults = &defaults}, &diff);
	diff_keep_lost(&diff);
	if (!diff.count)
		return 0;
	missing_say(&diff, path);
	return EXIT_FINDING;
}
