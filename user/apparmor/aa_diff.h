/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What differs between two AppArmor profiles. Rules that say the same in other words, and rules that
 * the other side's include for less, are no difference as far as that can be told.
 */
#ifndef LEASTCALL_AA_DIFF_H
#define LEASTCALL_AA_DIFF_H

#include "aa_match.h"

struct aa_difference {
	bool added;   /* only B has it; else only A */
	bool grants;  /* something may be done with it that could not without */
	char *text;   /* "capability chown", "profile a//b" */
	size_t order; /* by class */
};

struct aa_diff {
	struct aa_difference *list;
	size_t count;
};

/*
 * One profile in each is compared whatever they are called; of several, those of the same name. The
 * caller drops *ret. Returns 0, or -E2BIG with the words in err where one of them asks too much.
 */
int aa_diff_make(const struct aa_file *a, const struct aa_file *b, struct aa_diff *ret,
		 struct err *err);
/* Without what has gone. */
void aa_diff_keep_new(struct aa_diff *diff);
void aa_diff_drop(struct aa_diff *diff);
#define _cleanup_aa_diff_ __attribute__((cleanup(aa_diff_drop)))

#endif
