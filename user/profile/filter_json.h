/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A seccomp profile's JSON, checked: config-linux.md "Seccomp" of the runtime-spec. Knows the
 * words; what a system call's number is, and how a filter is made, is filter.c's.
 */
#ifndef LEASTCALL_FILTER_JSON_H
#define LEASTCALL_FILTER_JSON_H

#include <seccomp.h>

#include "filter.h"

#define RULES_MAX      4096
#define ARCHS_MAX      32
#define ARGS_MAX       6
#define CONDITIONS_MAX 32

/* The words of a profile, and what libseccomp calls them; errnos are 0, flags enum profile_flag. */
struct profile_word {
	const char *text;
	uint32_t value;
};
extern const struct profile_word profile_actions[], profile_archs[], profile_operators[],
	profile_flags[];
extern const size_t profile_action_count, profile_arch_count, profile_operator_count,
	profile_flag_count;

struct profile_rule {
	uint32_t action; /* SCMP_ACT_*, errno included */
	const char **names;
	size_t name_count;
	struct scmp_arg_cmp args[CONDITIONS_MAX];
	unsigned int arg_count;
};

struct profile_json {
	void *json; /* what the strings belong to */
	uint32_t default_action;
	bool has_errno; /* defaultErrnoRet was given; without it EPERM is in default_action */
	uint32_t archs[ARCHS_MAX];
	size_t arch_count;
	struct profile_rule *rules;
	size_t rule_count;
};

/*
 * Returns 0, and *ret that the caller drops with profile_json_drop(); or -EBADMSG with the words in
 * err and nothing to drop. The text may go: *ret keeps what it needs of it.
 */
int profile_json_parse(const char *text, size_t size, const struct filter_options *options,
		       struct profile_json *ret, struct err *err);
void profile_json_drop(struct profile_json *profile);
/* A condition on an argument that has one already: the runtimes take each condition alone then. */
bool profile_rule_repeats(const struct profile_rule *rule);

#endif
