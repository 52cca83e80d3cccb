/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of the reader of profiles share; nobody else includes it. */
#ifndef LEASTCALL_AA_INTERNAL_H
#define LEASTCALL_AA_INTERNAL_H

#include "aa_profile.h"

/* aa_rule.c: the words of a rule, and what they come to. Cuts *rule's text; never fails. */
void aa_rule_read(struct aa_rule *rule, const char *text, size_t size);
void aa_rule_drop(struct aa_rule *rule);

/* aa_variable.c: assigns by a statement's text. Returns 0, or -EINVAL with the words in err. */
int aa_variable_assign(struct aa_file *file, const char *text, size_t size, struct err *err);
/* The globs of all rules, once all variables are known. Returns 0, or a negative errno with the words
 * in err, "NAME:LINE: ...". */
int aa_globs_make(struct aa_file *file, struct err *err);

/* aa_index.c: the file's entries, once all globs are made. */
void aa_entries_make(struct aa_file *file);
/* The first entry of the profile with that path, or NULL for its patterns; their number in *ret. */
const struct aa_entry *aa_entries_find(const struct aa_file *file, size_t profile, const char *path,
				       size_t *ret);
/* Takes steps; where they do not suffice, it was for this rule. */
bool aa_work_take(struct aa_work *work, const struct aa_rule *rule, uint64_t steps);

/* aa_source.c: what stands behind "include": <a/b>, "a/b" or a/b. False where nothing does. */
bool aa_include_read(const char *text, size_t size, struct aa_include *ret);
/* A text to be included. -ENOENT: there is none. *ret is NULL where it is a directory,
 * and *ret_names are the files in it that are to be read. */
struct aa_source {
	char *text;
	size_t size;
	char **names;
	size_t name_count;
};
int aa_source_read(const char *dir, const char *path, struct aa_source *ret, struct err *err);
void aa_source_drop(struct aa_source *source);
#define _cleanup_aa_source_ __attribute__((cleanup(aa_source_drop)))

#endif
