/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The stacks of calls' first times as facts: whose they are, and which are told. stack.c unwinds. */
#include <sys/mman.h>

#include "tracer_internal.h"

/* The mappings that are shared with the kernel side; ring_buffer__free() unmaps and closes, no more. */
static void shared_forget(void *ctx)
{
	struct tracer *tracer = ctx;
	struct bpf_map *map;

	bpf_object__for_each_map(map, tracer->skel->obj)
	{
		size_t size = 0;
		const void *memory = bpf_map__initial_value(map, &size);

		if (memory)
			munmap((void *)memory, size);
	}
	ring_buffer__free(tracer->ring);
}

/* Each CPU tells its own first time: the first one that comes is told. */
static void stack_tell(void *ctx, const struct cell_key *key, const struct stack *stack)
{
	struct tracer *tracer = ctx;
	struct row *row = slot_row(tracer, key);
	struct fact fact;

	if (!row || row->has_stack)
		return;
	row->has_stack = true;
	fact = row_fact(row, FACT_FRAME);
	fact.frame.abi = row->key.abi;
	fact.frame.nr = row->key.nr;
	fact.frame.sub = row->key.sub;
	for (uint32_t i = 0; i < stack->count; i++) {
		fact.frame.depth = i;
		fact.frame.file = stack->frames[i].file;
		fact.frame.function = stack->frames[i].function;
		fact.frame.offset = stack->frames[i].offset;
		fact.frame.build_id = stack->frames[i].build_id;
		fact_send(tracer, &fact);
	}
}

void stack_event(struct tracer *tracer, const struct event_stack *event)
{
	const struct stack_sink sink = {shared_forget, stack_tell, tracer};
	uint32_t slot = event->key.slot;

	if (slot == SLOT_NONE || slot >= SLOTS_MAX)
		return;
	if (!tracer->stacks)
		tracer->stacks = stacks_new(&sink);
	stacks_take(tracer->stacks, event, tracer->slot_keys[slot].exe);
}

static void stackless_count(struct row *row, void *ctx)
{
	size_t *count = ctx;

	*count += row->told && !row->has_stack;
}

void stacks_settle(struct tracer *tracer)
{
	struct fact fact = {.kind = FACT_NOTE};
	_cleanup_free_ char *text = NULL;
	size_t count = 0;

	if (!tracer->options.stacks)
		return;
	if (tracer->stacks)
		stacks_flush(tracer->stacks);
	rows_each(&tracer->rows, stackless_count, &count);
	if (!count)
		return;
	text = xasprintf("%zu call%s no stack: the process was gone, or had become another program",
			 count, count == 1 ? " has" : "s have");
	fact.note.what = "stacks";
	fact.note.text = text;
	fact_send(tracer, &fact);
}
