/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Abstractions: files of rules that come with AppArmor. Which of them are worth including, by what
 * they spare a profile and by what they allow that nobody needs. Knows no recordings.
 */
#ifndef LEASTCALL_AA_ABSTRACTIONS_H
#define LEASTCALL_AA_ABSTRACTIONS_H

#include "aa_match.h"

struct aa_abstraction {
	char *name; /* "base" */
	struct aa_file file;
};

struct aa_abstractions {
	struct aa_abstraction *list;
	size_t count;
	bool wanted; /* somebody named them: all are taken, whatever they cost */
};

/*
 * Reads what may be chosen from, below `dir` as aa_file_parse() has it. `words` is "auto" (those that
 * are harmless as such, and are there), "base", "none" or names with commas between them, which must
 * be there. Returns 0 and *ret, or a negative errno with the words in err.
 */
int aa_abstractions_read(const char *dir, const char *words, struct aa_abstractions *ret,
			 struct err *err);
void aa_abstractions_drop(struct aa_abstractions *abstractions);
#define _cleanup_aa_abstractions_ __attribute__((cleanup(aa_abstractions_drop)))

/* One rule that a profile would have, by what it is for. */
struct aa_observed {
	struct aa_access *list;
	size_t count;
	bool fixed;   /* the profile has it in any case */
	bool covered; /* set: one of those that were chosen allows it all */
};

struct aa_choice {
	const struct aa_abstraction *abstraction;
	size_t covers; /* of what was observed, and no earlier choice covers */
	size_t grants; /* its rules that nothing observed asks for */
	char *worst;   /* the riskiest of them; NULL: there are none */
};

struct aa_choices {
	struct aa_choice *list;
	size_t count;
};

/*
 * base always, where it is among them; another one where it covers three rules or more and what it
 * allows beyond is small beside that. Never the one called `without` (or NULL). In order of their
 * choice; what they point at is the abstractions'. The caller drops *ret.
 */
void aa_abstractions_choose(const struct aa_abstractions *abstractions, const char *without,
			    struct aa_observed *observed, size_t count, struct aa_choices *ret);
void aa_choices_drop(struct aa_choices *choices);
#define _cleanup_aa_choices_ __attribute__((cleanup(aa_choices_drop)))

#endif
