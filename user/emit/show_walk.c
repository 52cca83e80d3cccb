/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks a sealed model by workload, each kind's facts once over: relies on their order (model.h).
 */
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "model/text.h"

static void span_take(const struct model *model, enum fact_kind kind, const char *workload,
		      size_t *cursor, struct span *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts), at = *cursor;

	/* Facts without a workload come first. */
	while (at < count && (!facts[at].workload || strcmp(facts[at].workload, workload) < 0))
		at++;
	ret->facts = facts + at;
	ret->count = 0;
	while (at < count && !strcmp(facts[at].workload, workload)) {
		at++;
		ret->count++;
	}
	*cursor = at;
}

bool part_next(const struct model *model, const char *only, struct parts *state, struct part *ret)
{
	int kind;

	if (!state->started)
		workloads_list(model, &state->names);
	state->started = true;
	while (only && state->at < state->names.count &&
	       !workload_matches(state->names.list[state->at], only))
		state->at++;
	if (state->at >= state->names.count)
		return false;
	ret->workload = state->names.list[state->at++];
	for (kind = 0; kind < FACT_KINDS; kind++)
		span_take(model, kind, ret->workload, &state->cursor[kind], &ret->kinds[kind]);
	return true;
}

void parts_drop(struct parts *state)
{
	names_drop(&state->names);
	*state = (struct parts){};
}

static bool same_operation(const struct fact *a, const struct fact *b)
{
	return a->operation.op == b->operation.op && a->operation.number == b->operation.number &&
	       a->operation.peer == b->operation.peer && a->operation.flags == b->operation.flags &&
	       !text_compare(a->operation.source, b->operation.source) &&
	       !text_compare(a->operation.target, b->operation.target) &&
	       !text_compare(a->operation.detail, b->operation.detail);
}

static bool same_key(const struct fact *a, const struct fact *b)
{
	switch (a->kind) {
	case FACT_SYSCALL:
		return a->syscall.abi == b->syscall.abi && a->syscall.nr == b->syscall.nr &&
		       a->syscall.sub == b->syscall.sub;
	case FACT_DENIED:
		return a->denied.abi == b->denied.abi && a->denied.nr == b->denied.nr &&
		       a->denied.errnum == b->denied.errnum;
	case FACT_ARGUMENTS:
		return a->arguments.abi == b->arguments.abi && a->arguments.nr == b->arguments.nr &&
		       a->arguments.known == b->arguments.known &&
		       !memcmp(a->arguments.values, b->arguments.values,
			       sizeof(a->arguments.values));
	case FACT_FILE:
		return a->file.flags == b->file.flags && !strcmp(a->file.path, b->file.path);
	case FACT_SOCKET:
		return a->socket.family == b->socket.family && a->socket.type == b->socket.type;
	case FACT_CAPABILITY:
		return a->capability.capability == b->capability.capability;
	case FACT_OPERATION:
		return same_operation(a, b);
	default:
		return false;
	}
}

bool group_next(const struct span *span, unsigned int phases, size_t *at, struct span *ret)
{
	const struct fact *first;

	while (*at < span->count && !(PHASE_BIT(span->facts[*at].phase) & phases))
		++*at;
	if (*at >= span->count)
		return false;
	first = span->facts + *at;
	while (*at < span->count && PHASE_BIT(span->facts[*at].phase) & phases &&
	       same_key(first, &span->facts[*at]))
		++*at;
	*ret = (struct span){.facts = first, .count = (size_t)(span->facts + *at - first)};
	return true;
}

const enum phase shown_phases[PHASES] = {PHASE_START, PHASE_SERVING, PHASE_RUNTIME, PHASE_SETUP};

static int shown_compare(const void *a, const void *b)
{
	const struct shown_call *x = a, *y = b;
	int order = number_compare(y->count, x->count);

	/* Calls without a name come last among equals. */
	if (!order)
		order = (x->name == NULL) - (y->name == NULL);
	if (!order && x->name)
		order = strcmp(x->name, y->name);
	if (!order)
		order = number_compare(x->abi, y->abi);
	if (!order)
		order = number_compare(x->nr, y->nr);
	return order ? order : number_compare(x->sub, y->sub);
}

size_t shown_calls_sorted(const struct span *span, unsigned int phases, struct shown_call **ret)
{
	struct shown_call *calls = xcalloc(span->count, sizeof(*calls));
	size_t count = 0, at = 0;
	struct call call;

	while (call_next(span->facts, span->count, &at, phases, &call))
		calls[count++] = (struct shown_call){.at = (size_t)(call.facts - span->facts),
						     .phases = phases,
						     .count = call.count,
						     .name = call_name(&call),
						     .abi = call.abi,
						     .nr = call.nr,
						     .sub = call.sub};
	if (count)
		qsort(calls, count, sizeof(*calls), shown_compare);
	*ret = calls;
	return count;
}

void shown_sum(const struct shown_call *shown, const struct span *span, struct call *ret)
{
	size_t at = shown->at;

	call_next(span->facts, span->count, &at, shown->phases, ret);
}
