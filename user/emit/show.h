/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the table for people (show.c) and the object for programs (show_json.c) share: walking a
 * model by workload, and facts of the same key together.
 */
#ifndef LEASTCALL_SHOW_H
#define LEASTCALL_SHOW_H

#include "emit.h"

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
/* The next one, only what workload_matches() `only` where that is not NULL; false at the end. What
 * *ret points at is the model's. */
bool part_next(const struct model *model, const char *only, struct parts *state, struct part *ret);
void parts_drop(struct parts *state);

/*
 * The facts from span->facts[*at] on that differ in nothing but exe, run and phase, and happened in
 * one of the phases (bits; neighbours in time); those of other phases are passed over. Moves *at
 * behind them. False at the end.
 */
bool group_next(const struct span *span, unsigned int phases, size_t *at, struct span *ret);

/* The phases in the order in which they are shown, the application's first. */
extern const enum phase shown_phases[PHASES];

/* A call's place: where its facts begin in the span. */
struct shown_call {
	size_t at;
	uint64_t count;
	const char *name; /* NULL: none */
	enum abi abi;
	uint32_t nr, sub;
	unsigned int phases; /* bits: all of which were asked for */
};
/* The calls of these phases, most frequent first, then by name. The caller frees *ret. */
size_t shown_calls_sorted(const struct span *span, unsigned int phases, struct shown_call **ret);
/* The sum behind it. */
void shown_sum(const struct shown_call *shown, const struct span *span, struct call *ret);

/* Its name, or its number. */
void shown_name(const struct shown_call *shown, char *buf, size_t size);
/* "ok ENOENT", "only ENOSYS". The caller frees it. */
char *shown_results(const struct call *call);
/* "start" ..., or "both" of the application's. */
const char *shown_phase(const struct call *call);

/* "nginx sh +3": the last parts of the paths of the executables whose facts are in the phases. */
void who_print(const struct span *span, unsigned int phases, FILE *out);
/* Text of a recording, harmless on a terminal. */
void shown_print(const char *text, FILE *out);
/* "s" where they are several. */
const char *plural(uint64_t count);

/* The table of the calls in show.txt: the application's, then what the runtime called behind its
 * filter; and, with `setup`, before it. */
void show_calls(const struct span *span, bool setup, FILE *out);

#endif
