/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lines on stderr about a profile, also with --quiet: what they are about may be allowed, or denied. */
#include "apparmor_tell.h"
#include "cmd.h"

static void missing_tell(const struct aa_file *file, const char *dir)
{
	size_t i;

	for (i = 0; i < file->include_count; i++)
		if (file->includes[i].is_missing && !file->includes[i].if_exists)
			say("%s:%u: there is no %s in %s: what it allows is not known",
			    file->includes[i].source ? file->includes[i].source : file->name,
			    file->includes[i].line, file->includes[i].path, dir);
}

/* The first of them, and how many more there are. */
static void troubles_tell(const struct aa_file *file)
{
	const struct aa_rule *first = NULL;
	size_t count = 0, i;

	for (i = 0; i < file->rule_count; i++) {
		if (!file->rules[i].trouble)
			continue;
		first = first ? first : &file->rules[i];
		count++;
	}
	if (count == 1)
		say("%s:%u: the rule counts as none: %s",
		    first->source ? first->source : file->name, first->line, first->trouble);
	if (count > 1)
		say("%s:%u: the rule and %zu more count as none: %s",
		    first->source ? first->source : file->name, first->line, count - 1,
		    first->trouble);
}

void apparmor_tell(const struct aa_file *file, const char *dir)
{
	missing_tell(file, dir);
	troubles_tell(file);
}
