/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side's counters as they are now: what reading.c takes the last word from, and what somebody
 * who looks on is told while recording goes on. Changes nothing, and keeps nothing.
 */
#include <errno.h>

#include "maps.h"
#include "tracer_internal.h"

/* ---- calls and their errors -------------------------------------------------------------- */

struct counting {
	const struct tracer *tracer;
	const struct counts_reader *reader;
};

static void cell_sum(struct cell *sum, const struct cell *cell)
{
	if (!cell->count)
		return;
	if (!sum->count || cell->first_ns < sum->first_ns)
		sum->first_ns = cell->first_ns;
	sum->count += cell->count;
}

static void hot_read(const struct tracer *tracer, const struct counts_reader *reader)
{
	uint32_t slots = tracer->skel->bss->slots_used + 1;

	for (uint32_t slot = 1; slot < slots && slot < HOT_SLOTS; slot++) {
		for (uint32_t nr = 0; nr < HOT_CALLS; nr++) {
			struct cell_key key = {.slot = slot, .nr = nr, .abi = CALL_X86_64};
			struct cell sum = {};

			for (int cpu = 0; cpu < tracer->cpus; cpu++)
				cell_sum(&sum,
					 &tracer->hot[((size_t)cpu * HOT_SLOTS + slot) * HOT_CALLS +
						      nr]);
			if (sum.count)
				reader->call(reader->ctx, &key, &sum);
		}
	}
}

static void cell_read(void *ctx, const void *key, const void *value)
{
	const struct counting *counting = ctx;
	const struct cell *cells = value;
	struct cell sum = {};

	for (int cpu = 0; cpu < counting->tracer->cpus; cpu++)
		cell_sum(&sum, &cells[cpu]);
	if (sum.count)
		counting->reader->call(counting->reader->ctx, key, &sum);
}

static void result_read(void *ctx, const void *key, const void *value)
{
	const struct counting *counting = ctx;

	counting->reader->result(counting->reader->ctx, key, *(const uint64_t *)value);
}

int counts_read(struct tracer *tracer, const struct counts_reader *reader)
{
	struct counting counting = {tracer, reader};
	struct leastcall_bpf *skel = tracer->skel;
	int r;

	hot_read(tracer, reader);
	r = map_each(bpf_map__fd(skel->maps.cells), sizeof(struct cell_key),
		     sizeof(struct cell) * tracer->cpus, cell_read, &counting);
	if (r == 0)
		r = map_each(bpf_map__fd(skel->maps.results), sizeof(struct result_key),
			     sizeof(uint64_t), result_read, &counting);
	return r;
}

/* ---- sockets and capabilities ------------------------------------------------------------ */

struct telling {
	struct tracer *tracer;
	const struct sink *sink;
};

static void tell(const struct telling *telling, struct fact *fact)
{
	fact->run = telling->tracer->options.run;
	telling->sink->add(telling->sink->ctx, fact);
}

static void socket_tell(void *ctx, const void *key, const void *value)
{
	const struct telling *telling = ctx;
	const struct socket_key *socket = key;
	struct fact fact;

	(void)value;
	if (!slot_fact(telling->tracer, socket->slot, FACT_SOCKET, &fact))
		return;
	fact.socket.family = socket->family;
	fact.socket.type = socket->type;
	tell(telling, &fact);
}

static void capability_tell(void *ctx, const void *key, const void *value)
{
	const struct telling *telling = ctx;
	const struct capability_key *use = key;
	struct fact fact;

	if (!slot_fact(telling->tracer, use->slot, FACT_CAPABILITY, &fact))
		return;
	fact.capability.capability = use->capability;
	fact.capability.silent = *(const uint64_t *)value == ASKED_SILENTLY;
	fact.capability.inferred = telling->tracer->no_capabilities != NULL;
	tell(telling, &fact);
}

int uses_tell(struct tracer *tracer, const struct sink *sink)
{
	struct leastcall_bpf *skel = tracer->skel;
	struct telling telling = {tracer, sink};
	int r;

	r = map_each(bpf_map__fd(skel->maps.sockets), sizeof(struct socket_key), sizeof(uint64_t),
		     socket_tell, &telling);
	if (r == 0)
		r = map_each(bpf_map__fd(skel->maps.capabilities), sizeof(struct capability_key),
			     sizeof(uint64_t), capability_tell, &telling);
	return r;
}

/* ---- for who looks on -------------------------------------------------------------------- */

static void call_tell(void *ctx, const struct cell_key *key, const struct cell *cell)
{
	const struct telling *telling = ctx;
	uint64_t start_ns = telling->tracer->start_ns;
	struct fact fact;

	if (!slot_fact(telling->tracer, key->slot, FACT_SYSCALL, &fact))
		return;
	fact.syscall.abi = key->abi;
	fact.syscall.nr = key->nr;
	fact.syscall.sub = key->sub;
	fact.syscall.count = cell->count;
	fact.syscall.first_ns = cell->first_ns > start_ns ? cell->first_ns - start_ns : 0;
	tell(telling, &fact);
}

static void denial_tell(void *ctx, const struct result_key *key, uint64_t count)
{
	const struct telling *telling = ctx;
	struct fact fact;

	if (!key->denied || !slot_fact(telling->tracer, key->call.slot, FACT_DENIED, &fact))
		return;
	fact.denied.abi = key->call.abi;
	fact.denied.nr = key->call.nr;
	fact.denied.errnum = key->errnum;
	fact.denied.count = count;
	tell(telling, &fact);
}

int tracer_count(struct tracer *tracer, const struct sink *sink, struct err *err)
{
	struct telling telling = {tracer, sink};
	int r = counts_read(tracer, &(struct counts_reader){call_tell, denial_tell, &telling});

	if (r == 0)
		r = uses_tell(tracer, sink);
	return r < 0 ? err_errno(err, r, "cannot read the counters from the kernel") : 0;
}
