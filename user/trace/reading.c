/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The last word: after detaching, every counter is read, and what the ring buffer did not bring is
 * told now. Says what was lost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "maps.h"
#include "tracer_internal.h"
#include "util/clock.h"

/* linux/errno.h: what the kernel tells itself; the caller sees EINTR or nothing at all. */
#define ERESTARTSYS           512
#define ERESTART_RESTARTBLOCK 516

struct totals {
	struct tracer *tracer;
	uint64_t calls;
	uint64_t repaired;
	uint64_t untold_files;
	uint64_t unknown; /* slots of cgroups that could not be named */
	bool complete;
};

static bool is_restart(uint16_t errnum)
{
	return errnum >= ERESTARTSYS && errnum <= ERESTART_RESTARTBLOCK;
}

static void cell_add(void *ctx, const struct cell_key *key, const struct cell *cell)
{
	struct row *row = slot_row(ctx, key);

	if (row)
		row_add_cell(row, cell);
}

static void result_add(void *ctx, const struct result_key *key, uint64_t count)
{
	struct row *row = slot_row(ctx, &key->call);

	if (row)
		row_add_error(row, key->errnum, key->denied, count);
}

static void arguments_read(void *ctx, const void *key, const void *value)
{
	const struct arguments_key *arguments = key;
	struct row *row = slot_row(ctx, &arguments->call);

	if (row)
		row_add_arguments(row, arguments, *(const uint64_t *)value);
}

static int errno_compare(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void row_send_denied(struct totals *totals, const struct row *row)
{
	for (size_t i = 0; i < row->errors_count; i++) {
		struct fact fact = row_fact(row, FACT_DENIED);

		if (!row->errors[i].denied)
			continue;
		fact.denied.abi = row->key.abi;
		fact.denied.nr = row->key.nr;
		fact.denied.errnum = row->errors[i].errnum;
		fact.denied.count = row->errors[i].count;
		fact_send(totals->tracer, &fact);
	}
}

static void row_send_arguments(struct totals *totals, const struct row *row)
{
	for (size_t i = 0; i < row->arguments_count; i++) {
		struct fact fact = row_fact(row, FACT_ARGUMENTS);

		fact.arguments.abi = row->key.abi;
		fact.arguments.nr = row->key.nr;
		fact.arguments.known = row->arguments[i].known;
		memcpy(fact.arguments.values, row->arguments[i].values,
		       sizeof(fact.arguments.values));
		fact.arguments.count = row->arguments[i].count;
		fact_send(totals->tracer, &fact);
	}
}

/* The final version of a call's fact. A call that never returned counts as one without an error. */
static void row_send(struct row *row, void *ctx)
{
	struct totals *totals = ctx;
	struct tracer *tracer = totals->tracer;
	struct fact fact = call_fact(tracer, row, row->first_ns);
	_cleanup_free_ uint16_t *codes = xcalloc(row->errors_count + 1, sizeof(*codes));
	uint64_t failed = 0, interrupted = 0;
	size_t count = 0;

	row_send_denied(totals, row);
	if (!row->count)
		return; /* only denied; or in flight when recording began */
	for (size_t i = 0; i < row->errors_count; i++) {
		if (row->errors[i].denied)
			continue;
		if (is_restart(row->errors[i].errnum)) {
			interrupted += row->errors[i].count;
		} else {
			codes[count++] = row->errors[i].errnum;
			failed += row->errors[i].count;
		}
	}
	if (failed + interrupted < row->count)
		codes[count++] = 0;
	qsort(codes, count, sizeof(*codes), errno_compare);

	fact.syscall.count = row->count;
	fact.syscall.interrupted = interrupted;
	fact.syscall.has_errnos = tracer->options.files;
	fact.syscall.errnos = (struct errno_set){codes, count};
	totals->calls += row->count;
	totals->repaired += !row->told;
	fact_send(tracer, &fact);
	row_send_arguments(totals, row);
}

/* Most uses were told. Of the others, those whose path was kept are told now. */
static void file_check(void *ctx, const void *key, const void *value)
{
	const struct file_use *use = value;
	const struct file_key *file = key;
	struct totals *totals = ctx;
	struct tracer *tracer = totals->tracer;
	_cleanup_free_ struct path_record *record = NULL;

	if (use->perms == use->told || !slot_name(tracer, file->slot))
		return;
	record = path_read(tracer, use->path);
	if (!record) {
		totals->untold_files++;
		return;
	}
	totals->repaired++;
	file_tell(tracer, file->slot, use->perms, record);
}

static void loss_send(struct totals *totals, const char *what, uint64_t count, const char *text)
{
	struct fact fact = {.kind = FACT_INCOMPLETE};

	if (!count)
		return;
	totals->complete = false;
	fact.incomplete.what = what;
	fact.incomplete.text = text;
	fact.incomplete.count = count;
	fact_send(totals->tracer, &fact);
}

/* Calls for which a program did not run because it, or another task's run of it, was under way. */
static uint64_t misses_read(struct tracer *tracer)
{
	struct bpf_program *program;
	uint64_t misses = 0;

	bpf_object__for_each_program(program, tracer->skel->obj)
	{
		struct bpf_prog_info info = {};
		uint32_t size = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0)
			misses += info.recursion_misses;
	}
	return misses;
}

static void losses_send(struct totals *totals, uint64_t misses)
{
	const struct losses *lost = &totals->tracer->skel->bss->losses;

	loss_send(totals, "misses", misses, "the kernel skipped the recorder for some calls");
	loss_send(totals, "workloads", lost->workloads + totals->unknown,
		  "calls were not counted: too many cgroups, or too deep ones");
	loss_send(totals, "slots", lost->slots,
		  "calls were not counted: too many different executables");
	loss_send(totals, "cells", lost->cells, "calls were not counted: too many different calls");
	loss_send(totals, "results", lost->results,
		  "errors were not counted: too many different ones");
	loss_send(totals, "arguments", lost->arguments,
		  "arguments were not kept: too many different ones");
	loss_send(totals, "paths", lost->paths,
		  "the path of an executable is not known: too many of them");
	loss_send(totals, "tasks", lost->tasks,
		  "the kernel had no memory to follow a task and its children");
	loss_send(
		totals, "files", lost->files + totals->untold_files + totals->tracer->events_lost,
		"the use of a file was not recorded: too many files, or the ring buffer was full");
	loss_send(
		totals, "names", lost->names + totals->tracer->names_lost,
		"a call that was given a name was not recorded: the name could not be read, there "
		"were too many, or the ring buffer was full");
	loss_send(totals, "capabilities", lost->capabilities,
		  "the use of a capability was not recorded: too many different ones");
	loss_send(totals, "operations", lost->operations,
		  "an operation was not recorded: too many different ones");
	loss_send(
		totals, "io_uring", lost->uring,
		"what io_uring did was not recorded: this kernel does not tell (Linux 5.18 does)");
	loss_send(totals, "sockets", lost->sockets,
		  "the making of a socket was not recorded: too many different ones");
}

static void note_send(struct tracer *tracer, const char *what, const char *text)
{
	struct fact fact = {.kind = FACT_NOTE};

	fact.note.what = what;
	fact.note.text = text;
	fact_send(tracer, &fact);
}

static void detach(struct tracer *tracer)
{
	for (size_t i = 0; i < ARRAY_SIZE(tracer->classic); i++) {
		bpf_link__destroy(tracer->classic[i]);
		tracer->classic[i] = NULL;
	}
	leastcall_bpf__detach(tracer->skel);
}

/* Calls in a cgroup whose path never came, or that lies too deep, belong to nobody. */
static void unknown_count(struct totals *totals)
{
	struct tracer *tracer = totals->tracer;
	uint32_t slots = tracer->skel->bss->slots_used;

	for (uint32_t slot = 1; slot <= slots && slot < SLOTS_MAX; slot++) {
		uint32_t number = tracer->slot_keys[slot].workload;
		enum workload_stage stage = workload_get(tracer, number)->stage;

		totals->unknown += number && (stage == STAGE_UNKNOWN || stage == STAGE_LOST);
	}
}

static int maps_read(struct tracer *tracer, struct totals *totals)
{
	struct leastcall_bpf *skel = tracer->skel;
	int r;

	workloads_look(tracer, false);
	unknown_count(totals);
	for (uint32_t slot = 1; slot <= skel->bss->slots_used; slot++)
		slot_name(tracer, slot); /* tells executables that made no call, too */
	for (size_t i = 0; i < tracer->workloads_count; i++) {
		if (tracer->workloads[i].stage == STAGE_NAMED && !tracer->options.split)
			workload_tell(tracer, &tracer->workloads[i], NULL);
	}
	r = counts_read(tracer, &(struct counts_reader){cell_add, result_add, tracer});
	if (r == 0)
		r = map_each(bpf_map__fd(skel->maps.arguments), sizeof(struct arguments_key),
			     sizeof(uint64_t), arguments_read, tracer);
	if (r == 0)
		r = uses_tell(tracer, &tracer->options.sink);
	if (r == 0)
		r = operations_read(tracer);
	if (r == 0)
		r = map_each(bpf_map__fd(skel->maps.files), sizeof(struct file_key),
			     sizeof(struct file_use), file_check, totals);
	return r;
}

int tracer_finish(struct tracer *tracer, int status, bool *ret_complete, struct err *err)
{
	struct totals totals = {.tracer = tracer, .complete = true};
	struct fact end = {.kind = FACT_END};
	uint64_t misses, end_ns = monotonic_ns();
	int r;

	detach(tracer);
	misses = misses_read(tracer);
	tracer_drain(tracer, &(struct err){}); /* nothing depends on tasks any more */
	r = maps_read(tracer, &totals);
	if (r < 0)
		return err_errno(err, r, "cannot read the counters back from the kernel");
	rows_each(&tracer->rows, row_send, &totals);
	losses_send(&totals, misses);
	if (tracer->skel->bss->losses.marks)
		note_send(tracer, "marks",
			  "not all of what was to set the serving mark was looked at: it may have "
			  "come late");
	stacks_settle(tracer);
	end.end.calls = totals.calls;
	end.end.events = tracer->events;
	end.end.dropped = tracer->skel->bss->losses.dropped;
	end.end.repaired = totals.repaired;
	end.end.duration_ns = end_ns - tracer->start_ns;
	end.end.complete = totals.complete;
	end.end.status = status;
	fact_send(tracer, &end);
	*ret_complete = totals.complete;
	return 0;
}
