/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The text of a profile, cut into statements and these into words: where each begins and ends, so
 * that a file can be changed in one place. Knows what ends a rule, not what a rule says.
 */
#ifndef LEASTCALL_AA_SCAN_H
#define LEASTCALL_AA_SCAN_H

#include "util/util.h"

enum aa_statement_kind {
	AA_STATEMENT_END,     /* of the text */
	AA_STATEMENT_INCLUDE, /* include <x>, #include "x": to the end of its line */
	AA_STATEMENT_ASSIGN,  /* @{A} = b c, @{A} += d: to the end of its line */
	AA_STATEMENT_RULE,    /* to its comma */
	AA_STATEMENT_OPEN,    /* what stands before a { */
	AA_STATEMENT_CLOSE,   /* a } */
};

struct aa_statement {
	enum aa_statement_kind kind;
	size_t start, end; /* in the text; a rule's end is behind its comma, OPEN's behind its { */
	unsigned int line; /* from 1 */
};

struct aa_scanner {
	const char *text;
	size_t size, at;
	unsigned int line;
};

/* Longer ones are errors. */
#define AA_STATEMENT_MAX (1u << 16)

/* The next statement. Returns 0, or -EINVAL with the words in err (it does not end, or is too long) and
 * ret->line. */
int aa_scan(struct aa_scanner *scanner, struct aa_statement *ret, struct err *err);

/* Zero-initialised it is empty. */
struct aa_words {
	char **list; /* as they are written, quotes and all */
	size_t count;
};

/* The words of a statement without the comma, the brace and the comments. A ( or an = belongs to the
 * word; what is in parentheses is one word, whatever the blanks. */
void aa_words_cut(const char *text, size_t size, struct aa_words *ret);
void aa_words_drop(struct aa_words *words);
#define _cleanup_aa_words_ __attribute__((cleanup(aa_words_drop)))

/* The word without its quotes, escapes as they are. The caller frees it. */
char *aa_unquote(const char *word);

#endif
