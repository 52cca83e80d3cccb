/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Recordings that no kernel made: small, random and the same for the same number. They hold what the
 * emitters decide by: three ABIs, phases, runs, executables, workloads, arguments. Knows no profile.
 */
#ifndef LEASTCALL_MADE_H
#define LEASTCALL_MADE_H

#include <inttypes.h>
#include <stdlib.h>

#include "model/model.h"
#include "random.h"

/* How many recordings a property is tried on: ROUNDS in the environment, or what takes seconds. */
static inline uint64_t made_rounds(uint64_t usual)
{
	const char *rounds = getenv("ROUNDS");

	return rounds && *rounds ? strtoull(rounds, NULL, 10) : usual;
}

static const char *const made_executables[] = {NULL, "/usr/bin/a", "/usr/bin/b"};
static const enum abi made_abis[] = {ABI_X86_64, ABI_X86_64, ABI_X86_64, ABI_I386, ABI_X32};

static inline void made_add(struct model *model, const struct fact *fact)
{
	struct err err;

	if (model_add(model, fact, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
}

/* Mostly one of those whose arguments are looked at. */
static inline uint32_t made_number(enum abi abi)
{
	uint32_t nr;

	while (random_below(2))
		if (syscall_number(abi, args_rows[random_below((unsigned int)args_count)].name,
				   &nr))
			return nr;
	do
		nr = random_below(470);
	while (!syscall_name(abi, nr));
	return nr;
}

/* Few values, so that they come again; all bits where the mask has all. */
static inline uint64_t made_value(enum arg_form form, uint64_t mask)
{
	if (form == ARG_POINTER)
		return random_below(4) ? 0 : mask & -mask;
	if (form == ARG_NEVER_BOTH)
		return random_below(20) ? mask & (1u << random_below(4)) : mask;
	if (mask == UINT64_MAX && !random_below(4))
		return UINT64_C(1) << 40 | random_below(3);
	if (!random_below(8))
		return mask;
	return mask & (random_below(4) * (mask & -mask) + random_below(4));
}

/* What a recorder that looks at arguments has beside the call: all kinds of them, or that they were
 * too many. */
static inline void made_arguments(struct model *model, const struct fact *call)
{
	const struct args_row *row =
		call->syscall.sub ? NULL : args_row_of(call->syscall.abi, call->syscall.nr);
	unsigned int count = 1 + random_below(3), i, k;
	struct fact fact = *call;

	if (!row || !random_below(8))
		return;
	fact.kind = FACT_ARGUMENTS;
	for (i = 0; i < count; i++) {
		fact.arguments = (__typeof__(fact.arguments)){
			.abi = call->syscall.abi, .nr = call->syscall.nr, .count = 1};
		for (k = 0; k < CALL_ARGS && random_below(30); k++) {
			if (!row->masks[k])
				continue;
			fact.arguments.known |= 1u << k;
			fact.arguments.values[k] = made_value(row->form, row->masks[k]);
		}
		made_add(model, &fact);
	}
}

static inline void made_call(struct model *model, const char *run)
{
	static const enum phase phases[] = {PHASE_START, PHASE_START, PHASE_SERVING, PHASE_SETUP,
					    PHASE_RUNTIME};
	static const uint16_t codes[] = {0, 2, 11, 38};
	unsigned int first = random_below(4);
	enum abi abi = made_abis[random_below(5)];
	struct fact fact = {.kind = FACT_SYSCALL,
			    .run = run,
			    .workload = random_below(8) ? "w" : "w#2",
			    .exe = made_executables[random_below(3)],
			    .phase = phases[random_below(5)]};

	fact.syscall.abi = abi;
	fact.syscall.nr = made_number(abi);
	if (syscall_sub_name(abi, fact.syscall.nr, 1))
		fact.syscall.sub = 1 + random_below(24);
	fact.syscall.count = 1 + random_below(100);
	fact.syscall.first_ns = random_below(1000000);
	fact.syscall.has_errnos = true;
	fact.syscall.errnos = (struct errno_set){codes + first, 1 + random_below(4 - first)};
	made_add(model, &fact);
	made_arguments(model, &fact);
}

static inline void made_denied(struct model *model, const char *run)
{
	struct fact fact = {.kind = FACT_DENIED, .run = run, .workload = "w"};

	fact.denied.nr = made_number(ABI_X86_64);
	fact.denied.errnum = 1;
	fact.denied.count = 1 + random_below(9);
	made_add(model, &fact);
}

/* One run of a recording, or some of it: the rest is another recording's. */
static inline void made_run(struct model *model, const char *run, enum args_level args,
			    bool is_container)
{
	struct fact header = {.kind = FACT_RECORDING, .run = run};
	struct fact workload = {.kind = FACT_WORKLOAD, .run = run, .workload = "w"};
	struct fact end = {.kind = FACT_END, .run = run};
	unsigned int count = 1 + random_below(12);

	header.recording.format = RECORDING_FORMAT;
	header.recording.what = "command";
	header.recording.machine = "x86_64";
	header.recording.args = args;
	header.recording.files = true;
	made_add(model, &header);
	workload.workload_.scope = "cgroup";
	workload.workload_.engine = is_container ? "docker" : NULL;
	made_add(model, &workload);
	while (count--)
		made_call(model, run);
	if (!random_below(3))
		made_denied(model, run);
	end.end.complete = true;
	end.end.status = -1;
	made_add(model, &end);
}

/*
 * The recording of that number, of runs that are called by numbers from `first_run` on. The caller
 * seals and frees it.
 */
static inline struct model *made_recording(uint64_t number, uint64_t first_run)
{
	struct model *model = model_new();
	bool is_container;
	unsigned int i;
	char run[17];

	random_seed(number);
	is_container = !random_below(3);
	for (i = 0; i < 2; i++) {
		if (i == 1 && random_below(2))
			break;
		snprintf(run, sizeof(run), "%016" PRIx64, first_run + i);
		made_run(model, run, ARGS_ALL, is_container);
	}
	/* Something that the application did, so that there is a profile. */
	made_add(model, &(struct fact){.kind = FACT_SYSCALL,
				       .run = run,
				       .workload = "w",
				       .syscall = {.abi = ABI_X86_64, .count = 1}});
	return model;
}

#endif
