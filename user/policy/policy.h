/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a seccomp profile allows, and why: rules by name, as a recording and the options ask for them.
 * Knows neither a profile's form nor who is told of it.
 */
#ifndef LEASTCALL_POLICY_H
#define LEASTCALL_POLICY_H

#include "call.h"

/* Why a rule is in: the first of these that holds. */
enum reason {
	REASON_OBSERVED, /* the application called it */
	REASON_RUNTIME,  /* the runtime was seen to call it behind the filter */
	REASON_DENIED,   /* it was denied, and options->include_denied takes it in */
	REASON_ALWAYS,   /* always_rows */
	REASON_FLOOR,    /* floor_rows */
	REASON_FAMILY,   /* it stands in for another one that is in: rule->because */
	REASON_GIVEN,    /* it stands in the profile that the policy was read from */
	REASONS,
};

/* How a condition compares; all of 64 bits, unsigned. A policy that is made has no other than
 * COMPARE_MASKED: libseccomp 2.5 compiles mixed ranges wrongly. One that was read may. */
enum compare {
	COMPARE_MASKED, /* (argument & mask) == value: SCMP_CMP_MASKED_EQ; SCMP_CMP_EQ with all bits */
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GE,
	COMPARE_GT,
};
struct condition {
	unsigned int index;
	enum compare compare;
	uint64_t mask; /* all bits but for COMPARE_MASKED */
	uint64_t value;
};

/* All of them hold; by index, each index once. Without one it always holds; a settled policy has no
 * such. */
struct alternative {
	struct condition list[CALL_ARGS];
	unsigned int count;
};

struct rule {
	const char *name;
	enum reason reason;
	const char *because; /* REASON_FAMILY: of which call; else NULL */
	bool is_refused;     /* never allowed, but answered `action` whatever the default is */
	const char *action;  /* of a refused one: "SCMP_ACT_KILL" ...; NULL: ERRNO, ENOSYS */
	uint32_t errnum;     /* ... with an action that has one */
	struct alternative *alternatives; /* one of them holds; sorted, each once */
	size_t alternative_count;         /* 0: whatever the arguments are */
};

/* What a call meets that is refused. */
struct answer {
	const char *action; /* "SCMP_ACT_KILL" ... */
	uint32_t errnum;    /* ... with an action that has one */
};

/* Of a profile that was read: with which arguments a call is refused by a rule of its own, and is not
 * answered as others are. */
struct refused_call {
	const char *name;
	struct alternative *list; /* sorted, each once */
	struct answer *answers;   /* of each */
	size_t count;
};

/* A name that the options kept out, and what did. */
struct cut {
	const char *name;
	const char *why; /* a word or two for people */
	bool was_called; /* by the application, or by its runtime behind the filter */
};

/* Of a call that none of the wanted architectures has. */
#define CUT_NO_ABI "none of the architectures has it"

/* Zero-initialised it allows nothing. The names are the tables', or kept in `texts`. */
struct policy {
	struct rule *rules; /* sorted by name once settled, each name once */
	size_t rule_count, rule_room;
	struct refused_call *refusals; /* sorted by name, each name once */
	size_t refusal_count;
	struct cut *cuts;
	size_t cut_count, cut_room;
	size_t called_cut; /* how many names were called, and were cut; some were added again */
	bool abis[ABI_COUNT];
	bool is_native[ABI_COUNT]; /* of abis: of a machine that the recording was made on */
	char *workload;            /* whose group it is of; NULL: it was read from a profile */
	bool is_translated;        /* abis are those of emit_options, and not the recording's */
	enum args_level args;      /* whose arguments every run looked at */
	enum runtime runtime;      /* whose floor: never RUNTIME_AUTO */
	char **texts;
	size_t text_count;
};

/* Entries of a call in a profile; with more of them, it is allowed whatever its arguments are. */
#define ALTERNATIVES_MAX 128

/*
 * What the recording's workload is to be allowed, by the options. Calls without a name are left out;
 * that, and what could not be told apart, goes to options->warn. The caller drops *ret.
 */
void policy_gather(const struct model *model, const struct emit_options *options,
		   const char *workload, struct policy *ret);
void policy_drop(struct policy *policy);
#define _cleanup_policy_ __attribute__((cleanup(policy_drop)))

/* NULL where the policy has no rule for the name. Of a settled policy. */
const struct rule *policy_find(const struct policy *policy, const char *name);
/* NULL where no arguments of the call are refused apart from others. */
const struct refused_call *policy_refusal_find(const struct policy *policy, const char *name);
/* One of its ABIs has a call of this name. */
bool policy_abis_have(const struct policy *policy, const char *name);
/* There is a rule, and it is not refused. */
bool policy_allows(const struct policy *policy, const char *name);
/* The names that are allowed for this reason, settled. The caller drops the set. */
void policy_names(const struct policy *policy, enum reason reason, struct names *ret);

/*
 * One more rule: its alternatives are copied, and none are whatever the arguments are. What a rule of
 * that name allows already it goes on to allow, and its reason stays. Neither needs a settled policy,
 * nor leaves one.
 */
void policy_add(struct policy *policy, const struct rule *rule);
/* Once a name, by name; copies all of it. Of the same arguments the first answer counts. */
void policy_refusal_add(struct policy *policy, const char *name, const struct alternative *list,
			const struct answer *answers, size_t count);
/* A copy that lives as long as the policy. */
const char *policy_text_keep(struct policy *policy, const char *text);
/* Each name once: what was said of it before gives way, but for that it was called. Both texts live as
 * long as the policy. */
void policy_cut(struct policy *policy, const char *name, const char *why, bool was_called);
/* NULL where nothing was kept out of this name. */
const struct cut *policy_cut_find(const struct policy *policy, const char *name);
/* Sorts. A rule with more than ALTERNATIVES_MAX loses them, and options->warn is told. Without
 * options it keeps them: a profile that was read is as it is. */
void policy_settle(struct policy *policy, const struct emit_options *options);

/* For people: "arg0 == 2 && (arg1 & 0xf) == 1". */
void alternative_print(const struct alternative *alternative, FILE *out);
/* Orders, for qsort(). */
int alternative_compare(const void *a, const void *b);

/* The phases of a recording whose calls the options take in: bits. */
unsigned int policy_phases(const struct emit_options *options);
/* Whose floor the options ask for: never RUNTIME_AUTO. */
enum runtime policy_runtime(const struct model *model, const struct emit_options *options,
			    const char *workload);

/*
 * What the workload that the options choose may call (policy.h); every seccomp format is written from
 * it. Returns 0 and *ret for policy_drop(), or a negative errno with the words in err: no such
 * workload, several, or -ENODATA where nothing was recorded that could be allowed.
 */
int policy_make(const struct model *model, const struct emit_options *options, struct policy *ret,
		struct err *err);
#endif
