/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of lint share: the profile as it was read, and how a finding is told. */
#ifndef LEASTCALL_LINT_INTERNAL_H
#define LEASTCALL_LINT_INTERNAL_H

#include <stdlib.h>
#include <string.h>

#include "profile/filter_json.h"
#include "lint.h"
#include "lint_json.h"

struct lint_arg {
	const struct node *node;
	unsigned int index;
	uint64_t value, second;
	enum scmp_compare op;
};

/* A rule as far as it can be understood: args holds what is whole. */
struct lint_rule {
	const struct node *node;
	const struct node *names;
	bool has_action;
	uint32_t action; /* SCMP_ACT_*, errno included */
	bool is_gated;   /* includes or excludes: it counts for some containers only */
	struct lint_arg args[CONDITIONS_MAX];
	unsigned int arg_count;
};

/* A name in a rule. */
struct lint_name {
	const char *name;
	const struct node *node;
	const struct lint_rule *rule;
};

struct linter {
	const char *text;
	size_t size;
	const struct lint_options *options;
	struct lint *lint;
	const struct node *top; /* the object that is the profile */
	const struct node *default_node;
	bool has_default;
	uint32_t default_action; /* errno included; EPERM where none is given */
	bool has_default_errno;
	bool abis[ABI_COUNT]; /* listed, those of archMap too; the machine's where none is */
	bool has_archs;
	struct lint_rule *rules;
	size_t rule_count;
	struct lint_name *names; /* by name, then by place */
	size_t name_count;
};

/* One more finding; the words are made printable. */
void lint_add(struct lint *lint, enum lint_id id, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Would one more of them be listed? For words that are costly to find. */
bool lint_lists(const struct lint *lint, enum lint_id id);

/* lint_key.c: keys and types of all objects; who the reader is, where that was not said. */
enum lint_reader lint_guess(const struct node *top);
void lint_keys(struct linter *linter);
/* lint_head.c: default, architectures, flags; fills in the linter. */
void lint_head(struct linter *linter);
/* What programs of the architectures meet that are not listed. */
void lint_archs(struct linter *linter);
/* lint_rule.c: the same of the rules. */
void lint_rules(struct linter *linter);
/* An action and the errno beside it; false where it cannot be known. */
bool lint_action(struct linter *linter, const struct node *object, const char *key,
		 const char *errno_key, uint32_t *ret, bool *ret_has_errno);
/* lint_arg.c */
void lint_args(struct linter *linter, struct lint_rule *rule);
void lint_arg_sense(struct linter *linter, const struct lint_name *name);
/* lint_call.c: names, and rules that cancel each other. */
void lint_calls(struct linter *linter);
/* lint_need.c: what is allowed and what is not, as a whole; of a profile without an error. */
void lint_needs(struct linter *linter);
/* lint_word.c: the word of the list that was probably meant, or NULL. */
const char *word_nearest(const char *word, const char *const *list, size_t count);
const char *call_nearest(const char *word);
const char *profile_word_nearest(const char *word, const struct profile_word *words, size_t count);
bool profile_word_value(const char *word, const struct profile_word *words, size_t count,
			uint32_t *ret);

/* Allowed: ALLOW, and LOG, which is allowed and logged. */
static inline bool action_allows(uint32_t action)
{
	return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG;
}

/* The runtimes pass over a rule that says what the default says. */
static inline bool rule_counts(const struct linter *linter, const struct lint_rule *rule)
{
	return rule->has_action && !(linter->has_default && rule->action == linter->default_action);
}

#endif
