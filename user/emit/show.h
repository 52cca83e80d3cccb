/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the table for people (show.c) and the object for programs (show_json.c) share: walking a
 * model by workload, and facts of the same key together.
 */
#ifndef LEASTCALL_SHOW_H
#define LEASTCALL_SHOW_H

#include "call.h"

/* The facts of one kind that tell of one workload; they stand together. */
struct span {
	const struct fact *facts;
	size_t count;
};

/* One workload and what is told of it. */
struct part {
	const char *workload;
	struct span kinds[FACT_KINDS];
};

/* Walks the workloads in order: zero-initialised, *state is at the start; drop it at the end. */
struct parts {
	struct names names;
	size_t at;
	size_t cursor[FACT_KINDS];
	bool started;
};
bool part_next(const struct model *model, const char *only, struct parts *state, struct part *ret);
void parts_drop(struct parts *state);

/* How many of the facts from span->facts[at] on differ in nothing but exe and run. */
size_t group_size(const struct span *span, size_t at);

/* A call's place: where its facts begin in the span. */
struct row {
	size_t at;
	uint64_t count;
	const char *name; /* NULL: none */
	enum abi abi;
	uint32_t nr, sub;
};
/* The workload's calls, most frequent first, then by name. The caller frees *ret. */
size_t rows_sorted(const struct span *span, struct row **ret);

/* The header of a run, and its end; NULL where it has none. */
const struct fact *run_find(const struct model *model, enum fact_kind kind, const char *run);

#endif
