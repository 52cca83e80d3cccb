/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a profile allows: an access to a file by the union of its rules without what its deny rules
 * take away; all else by a rule that says no more than another one.
 */
#ifndef LEASTCALL_AA_MATCH_H
#define LEASTCALL_AA_MATCH_H

#include "aa_profile.h"

struct aa_access {
	const char *path; /* bytes, not escaped; a directory ends with a slash */
	uint32_t perms;   /* enum perm, as recorded */
	bool owner;       /* whoever asks owns the file: rules for owners count */
	bool child;       /* with PERM_EXEC: needs a transition; else it is the confined program
			   * itself, which is read and mapped */
};

/* Does the rule, of whatever class, speak of this path? */
bool aa_rule_matches(const struct aa_rule *rule, const struct aa_access *access);

/*
 * The bits of what the access needs that the profile does not allow. *ret_denied (or NULL): those
 * that a deny rule takes, which no other rule can give back. Executing a program needs r and m on it as
 * well, unless it leaves the profile.
 */
uint32_t aa_profile_lacks(const struct aa_file *file, size_t profile,
			  const struct aa_access *access, uint32_t *ret_denied);

/*
 * Do the rules of the profile allow all that `rule` (of `other`, and no file rule) allows? They are
 * compared by their words, lists word by word; where that can't tell, the answer is false.
 */
bool aa_profile_covers(const struct aa_file *file, size_t profile, const struct aa_file *other,
		       const struct aa_rule *rule);

/* Does a deny rule of the profile take it? */
bool aa_profile_denies(const struct aa_file *file, size_t profile, const struct aa_file *other,
		       const struct aa_rule *rule);

/* A rule as one line without its comma, words one blank apart, letters in one order, lists with commas.
 * The caller frees it. */
char *aa_rule_text(const struct aa_rule *rule);

#endif
