/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The file rules of an AppArmor profile, and the comments for the files that can't be rules. Knows
 * nothing of the rest of a profile.
 */
#ifndef LEASTCALL_APPARMOR_FILES_H
#define LEASTCALL_APPARMOR_FILES_H

#include "emit.h"
#include "model/names.h"

struct file_rule;

struct file_rules {
	const struct model *model;
	const char *workload;
	const char *const *roots; /* the commands' own executables */
	size_t root_count;
	bool attached; /* to the roots: they are called @{exec_path} */
	const struct emit_options *options;
	/* Only what these executables did; NULL: whoever did it, known or not. */
	const struct names *exes;
	/* Not what these did; NULL: nobody is left out. */
	const struct names *not_exes;
	/* made by file_rules_gather() */
	struct file_rule *rules;
	size_t rule_count, rule_room;
	char **comments;
	size_t comment_count, comment_room;
};

void file_rules_gather(struct file_rules *files);
void file_rules_print(const struct file_rules *files, FILE *out);
void file_rules_drop(struct file_rules *files);

#endif
