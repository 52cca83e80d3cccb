/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How two policies differ: what one lets through and the other does not, and what else is not the
 * same. Knows profiles and recordings as policies alone, and no command.
 */
#ifndef LEASTCALL_DIFF_H
#define LEASTCALL_DIFF_H

#include "imply.h"
#include "policy_read.h"

enum difference_kind {
	DIFF_DEFAULT,            /* the default action, or its errno */
	DIFF_FLAGS,              /* what the filter is loaded with */
	DIFF_ARCH_ADDED,         /* an architecture that only the second one has */
	DIFF_ARCH_REMOVED,       /* ... only the first one */
	DIFF_EXECUTABLE_ADDED,   /* of recordings: it made calls in the second one only */
	DIFF_EXECUTABLE_REMOVED, /* ... in the first one only */
	DIFF_ADDED,              /* a call that only the second one allows */
	DIFF_REMOVED,            /* ... only the first one */
	DIFF_WIDENED,            /* it is allowed with more arguments than before */
	DIFF_NARROWED,           /* ... with fewer */
	DIFF_CHANGED,            /* ... with others, or which of it holds is not known */
	DIFF_ANSWER,             /* some or all arguments are refused, and answered otherwise */
	DIFF_KINDS,
};

struct difference {
	enum difference_kind kind;
	bool is_new;                /* the second one lets through what the first one does not */
	bool is_lost;               /* the other way round */
	const char *name;           /* of the call, architecture, executable; NULL: of none */
	struct grant before, after; /* of a call */
	bool is_logged; /* ... DIFF_ADDED, DIFF_REMOVED: a default of SCMP_ACT_LOG does */
	const struct alternative *arguments;       /* DIFF_ANSWER: of these; NULL: of all */
	struct answer answer_before, answer_after; /* DIFF_ANSWER */
	struct names callers; /* of a call: who makes it, in the recording that allows more of it */
};

struct diff_side {
	const struct policy *policy;
	const struct policy_defaults *defaults;
	const struct model *model; /* what the policy was made of; NULL: a profile */
	const char *workload;      /* the model's, NULL: all of them */
};

/* By kind, then by name. What it points to is the sides'. */
struct diff {
	const struct diff_side *a, *b;
	struct difference *list;
	size_t count, room;
};

/* The caller drops *ret, before the sides go. */
void diff_make(const struct diff_side *a, const struct diff_side *b, struct diff *ret);
bool diff_has_new(const struct diff *diff);
/* Leaves nothing but what is lost, or new. */
void diff_keep_lost(struct diff *diff);
void diff_keep_new(struct diff *diff);
void diff_drop(struct diff *diff);
#define _cleanup_diff_ __attribute__((cleanup(diff_drop)))

/* For people: a line each. */
void diff_print(const struct diff *diff, FILE *out);
/* For programs: one JSON object. */
void diff_print_json(const struct diff *diff, FILE *out);
/* What a recording's policy has for the rest of a profile, as the options have it written. */
struct policy_defaults policy_defaults_of(const struct emit_options *options);

#endif
