/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options that say what a seccomp profile holds, for the commands that make or explain one. */
#ifndef LEASTCALL_POLICY_OPTIONS_H
#define LEASTCALL_POLICY_OPTIONS_H

#include <getopt.h>

#include "policy/policy_read.h"
#include "util/util.h"

/* What was said, beside what stands in emit_options. Zero-initialised, nothing was. */
struct policy_options {
	const char *given; /* the last of these options: "exact" */
	const char *always;
	const char *base;
	bool has_errno;
	struct policy base_policy;
};
#define POLICY_OPTION_FIRST 512
/* For getopt_long(): a command's own options, then these, whose values are from POLICY_OPTION_FIRST
 * on. The caller frees the list. */
struct option *policy_options_join(const struct option *own, size_t count);

/* Takes one of them, and its value from optarg. 0, or EXIT_USAGE. */
int policy_option_take(const char *command, int option, struct policy_options *options,
		       struct emit_options *emit);
/* Do they go together? 0, or EXIT_USAGE. */
int policy_options_check(const char *command, const struct policy_options *options,
			 const struct emit_options *emit);
/* Reads --base, which emit points at from then on. 0, or a negative errno with the words in err. */
int policy_options_open(struct policy_options *options, struct emit_options *emit, struct err *err);
void policy_options_drop(struct policy_options *options);
#define _cleanup_policy_options_ __attribute__((cleanup(policy_options_drop)))

#endif
