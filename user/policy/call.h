/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the emitters share: which workload and which phases are meant, and one call's facts over all
 * executables and runs as one sum. Knows no output format.
 *
 * A workload NAME and its later instances NAME#2, NAME#3 ... are the group NAME: a profile is made
 * for a group, and whoever asks for NAME means all of it.
 */
#ifndef LEASTCALL_CALL_H
#define LEASTCALL_CALL_H

#include "options.h"
#include "model/names.h"

#define ERRNO_WORDS ((ERRNO_MAX + 1) / 64) /* a bit for each errno, 0 included */

/* One system call of one workload. */
struct call {
	const char *workload;
	enum abi abi;
	uint32_t nr;
	uint32_t sub;
	uint64_t count;
	uint64_t first_ns;
	uint64_t interrupted;
	bool has_errnos; /* known for every fact of it */
	uint64_t errnos[ERRNO_WORDS];
	const struct fact *facts; /* what it is the sum of */
	size_t fact_count;
};

/*
 * The sum of the syscall facts from facts[*at] on that tell of the same call in one of the phases
 * (bits; neighbours in time: the facts of others are passed over); moves *at behind them. Facts as
 * model_facts() gives them: those of one call stand together. False at the end.
 */
bool call_next(const struct fact *facts, size_t count, size_t *at, unsigned int phases,
	       struct call *ret);
/* The name of the call, or of the one that a multiplexer was asked for; NULL where unknown. */
const char *call_name(const struct call *call);
/* It did something at least once, or that is not known. */
bool call_succeeded(const struct call *call);
/* Nothing but "no such call" ever came back. */
bool call_only_enosys(const struct call *call);
/* "ok", "ok ENOENT EAGAIN", "not known". The caller frees it. */
char *call_results(const struct call *call);

/* Sums that stop at the top instead of starting again. */
uint64_t add_saturating(uint64_t a, uint64_t b);

/* The names of all workloads, settled; the model's. The caller drops the set. */
void workloads_list(const struct model *model, struct names *ret);
/* How long the name of the workload's group is, which the workload's begins with. */
size_t workload_group(const char *workload);
/* The names of all groups, sorted, each once. */
struct groups {
	char **list;
	size_t count;
};
void groups_list(const struct model *model, struct groups *ret);
void groups_drop(struct groups *groups);
#define _cleanup_groups_ __attribute__((cleanup(groups_drop)))
/*
 * The one workload or group to make a profile for: options->workload, or the only group there is.
 * Returns 0 and *ret for the caller to free, or -EINVAL with the words in err: there are several,
 * none, or none of that name.
 */
int workload_choose(const struct model *model, const struct emit_options *options, char **ret,
		    struct err *err);
/* Is this workload the wanted one, or of the wanted group? */
bool workload_matches(const char *workload, const char *wanted);
/* True where the fact is told of such a workload; every fact is where workload is NULL. */
bool workload_is(const struct fact *fact, const char *workload);
/* The same, and in one of the phases (bits). */
bool fact_counts(const struct fact *fact, const char *workload, unsigned int phases);
/* What tells that the workload is a container; NULL where it is none. */
const struct fact *workload_container(const struct model *model, const char *workload);

#endif
