/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The file rules of an AppArmor profile, and the comments for the files that can't be rules. Knows
 * nothing of the rest of a profile.
 */
#ifndef LEASTCALL_APPARMOR_FILES_H
#define LEASTCALL_APPARMOR_FILES_H

#include "emit.h"
#include "model/names.h"

struct file_rule {
	unsigned int group;   /* under which title it stands */
	char *word;           /* the path as the profile has it */
	char *link;           /* of a hard link: what `word` is a new name of; else NULL */
	uint32_t perms;       /* PERM_EXEC: executed by what the profile is for */
	const char *exec;     /* how: "ix"; with PERM_EXEC */
	bool owned;           /* all who used it owned it, where only its owner should */
	bool personal;        /* ... which is there */
	bool foreign;         /* somebody who used it did not own it */
	bool unresolved;      /* as it was spelled, links and all */
	uint32_t marks;       /* enum mark */
	bool glob;            /* stands for more than what was seen */
	const char *open;     /* what it leaves open that the name alone tells; or NULL */
	bool every;           /* holds every name in the directory */
	bool withdrawn;       /* varies, and a glob for it would hold too much */
	struct names sources; /* the paths it came of, in the escaped form; sorted */
};

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
	/* How a path is executed: "ix", "Cx -> child"; the answer is borrowed. NULL: all "ix". */
	const char *(*exec_words)(const void *ctx, const char *path);
	const void *exec_ctx;
	/* made by file_rules_gather() */
	struct file_rule *rules;
	size_t rule_count, rule_room;
	char **comments;
	size_t comment_count, comment_room;
};

void file_rules_gather(struct file_rules *files);
void file_rules_print(const struct file_rules *files, FILE *out);
/* Every glob with the paths it came of: "WORD PERMS<TAB>PATH", a line a path. */
void apparmor_glob_witnesses(const struct file_rules *files, FILE *out);
void file_rules_drop(struct file_rules *files);

/* The title that a path's rule belongs under, and the one of hard links. */
unsigned int file_group(const char *path, uint32_t perms);
unsigned int file_group_links(void);

#endif
