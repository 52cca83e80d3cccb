/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a recording knows of one call beside who made it: shared by explain.c and explain_seen.c. */
#ifndef LEASTCALL_EXPLAIN_SEEN_H
#define LEASTCALL_EXPLAIN_SEEN_H

#include "emit.h"

/* What is to be explained, to whom. */
struct question {
	const struct model *model;
	const struct emit_options *options;
	const char *group;
	const char *name;
	FILE *out;
};

/* "/usr/bin/sh of web#2" */
void who_tell(const struct question *q, const struct fact *fact);
/* The arguments that were told apart, and how often. */
void arguments_tell(const struct question *q);
/* Who called whom when each program made it first. */
void stacks_tell(const struct question *q);
/* What the call is worth to an attacker, and what misses it without a rule for it. */
void risk_tell(const struct question *q);
void without_tell(const struct question *q, const struct policy *policy);

#endif
