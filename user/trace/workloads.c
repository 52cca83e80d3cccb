/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cgroups that the kernel side has numbered: what each is called, and whether it is wanted at
 * all. Until that is known its events are kept. What a cgroup is, the judge knows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "model/text.h"
#include "tracer_internal.h"

struct workload *workload_get(struct tracer *tracer, uint32_t number)
{
	size_t count = tracer->workloads_count;

	if (number < count)
		return &tracer->workloads[number];
	while (count <= number)
		count = count ? count * 2 : 16;
	tracer->workloads = xrealloc(tracer->workloads, count, sizeof(*tracer->workloads));
	memset(tracer->workloads + tracer->workloads_count, 0,
	       (count - tracer->workloads_count) * sizeof(*tracer->workloads));
	tracer->workloads_count = count;
	return &tracer->workloads[number];
}

void workload_tell(struct tracer *tracer, struct workload *workload, const char *exe)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .workload = workload->name};

	if (workload->told)
		return;
	workload->told = true;
	fact.workload_.scope = tracer->options.tree ? "process tree" : "cgroup";
	fact.workload_.cgroup = workload->cgroup;
	fact.workload_.root = exe;
	fact.workload_.engine = workload->engine;
	fact.workload_.id = workload->id;
	fact.workload_.image = workload->image;
	fact_send(tracer, &fact);
}

static void workload_name_it(struct tracer *tracer, struct workload *workload,
			     const struct workload_name *name)
{
	workload->stage = STAGE_NAMED;
	workload->kind = name->kind;
	workload->name = pool_text(tracer->texts, name->name);
	workload->engine = pool_text(tracer->texts, name->engine);
	workload->id = pool_text(tracer->texts, name->id);
	workload->image = pool_text(tracer->texts, name->image);
	tracer->wanted++;
}

/* Takes the next one, as the kernel side does. */
static uint32_t workload_number(struct tracer *tracer)
{
	uint32_t *used = &tracer->skel->bss->workloads_used;
	struct claim_key key = {.kind = CLAIM_WORKLOAD};
	uint8_t one = 1;

	key.which = __atomic_add_fetch(used, 1, __ATOMIC_ACQ_REL);
	while (tracer->claims >= 0 && key.which < WORKLOADS_MAX &&
	       bpf_map_update_elem(tracer->claims, &key, &one, BPF_NOEXIST) == -EEXIST)
		key.which++;
	return key.which;
}

int workload_add_target(struct tracer *tracer, const struct tracer_target *target, struct err *err)
{
	struct leastcall_bpf *skel = tracer->skel;
	uint32_t number = workload_number(tracer);
	struct workload *workload;

	if (number >= WORKLOADS_MAX)
		return err_set(err, -E2BIG, "too many cgroups");
	skel->bss->workload_states[number] = (struct workload_state){
		.verdict = VERDICT_WANTED,
		.ready = 1,
		.is_top = target->name.kind == WORKLOAD_CONTAINER,
	};
	workload = workload_get(tracer, number);
	workload->stage = STAGE_DROPPED;
	if (target->cgroup_id &&
	    bpf_map_update_elem(bpf_map__fd(skel->maps.workloads), &target->cgroup_id, &number,
				BPF_NOEXIST) != 0) {
		skel->bss->workload_states[number].verdict = VERDICT_VOID;
		if (errno == EEXIST)
			return 0;
		return err_errno(err, -errno, "cannot tell the kernel side about a cgroup");
	}
	workload->cgroup = pool_text(tracer->texts, target->cgroup);
	workload->has_root = tracer->options.has_root;
	workload_name_it(tracer, workload, &target->name);
	return 0;
}

/* ---- events that wait -------------------------------------------------------------------- */

bool workload_keep(struct tracer *tracer, uint32_t number, const void *event, size_t size)
{
	struct workload *workload = workload_get(tracer, number);
	struct pending *pending;

	if (workload->stage >= STAGE_NAMED)
		return false;
	if (tracer->pending_bytes + size > PENDING_BYTES) {
		workload->pending_lost++;
		return true;
	}
	pending = xcalloc(1, sizeof(*pending) + size);
	pending->size = size;
	memcpy(pending->event, event, size);
	if (!workload->pending)
		workload->pending_end = &workload->pending;
	*workload->pending_end = pending;
	workload->pending_end = &pending->next;
	tracer->pending_bytes += size;
	return true;
}

/* Handles them, or forgets them. */
static void pending_end(struct tracer *tracer, uint32_t number)
{
	struct pending *pending = workload_get(tracer, number)->pending;
	bool wanted = workload_get(tracer, number)->stage == STAGE_NAMED;

	workload_get(tracer, number)->pending = NULL;
	while (pending) {
		struct pending *next = pending->next;

		if (wanted)
			event_handle(tracer, pending->event);
		tracer->pending_bytes -= pending->size;
		free(pending);
		pending = next;
	}
}

/* ---- judging ----------------------------------------------------------------------------- */

static void moved_tell(struct tracer *tracer, uint32_t from, const char *path)
{
	struct fact fact = {.kind = FACT_NOTE, .workload = workload_get(tracer, from)->name};
	_cleanup_free_ char *text = NULL;

	text = xasprintf("a task moved to the cgroup %s, and was recorded there too", path);
	fact.note.what = "moved";
	fact.note.text = text;
	if (fact.workload)
		fact_send(tracer, &fact);
}

void workload_visited(struct tracer *tracer, uint32_t number)
{
	const char *path = workload_get(tracer, number)->cgroup;

	if (path)
		moved_tell(tracer, tracer->skel->bss->workload_states[number].visitor, path);
}

/* Reads where a cgroup is, as soon as the kernel side has written that. */
static void workload_read(struct tracer *tracer, uint32_t number)
{
	struct workload_state *state = &tracer->skel->bss->workload_states[number];
	struct workload *workload = workload_get(tracer, number);
	struct claim_key fresh = {.kind = CLAIM_FRESH, .which = number % CGROUPS_FRESH};
	_cleanup_free_ struct path_record *record = NULL;
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (state->verdict == VERDICT_VOID)
		workload->stage = STAGE_DROPPED;
	if (workload->stage != STAGE_UNKNOWN || !__atomic_load_n(&state->ready, __ATOMIC_ACQUIRE))
		return;
	record = record_read(tracer->skel->maps.cgroups_fresh, number % CGROUPS_FRESH, true);
	if (record && tracer->claims >= 0)
		bpf_map_delete_elem(tracer->claims, &fresh);
	if (!record || record->slot != number)
		return;
	if (record->flags & IS_TRUNCATED) { /* what is left of it is another cgroup's path */
		workload->stage = STAGE_LOST;
		state->verdict = VERDICT_FOREIGN;
		return;
	}
	workload->path = path_bytes(record, &size);
	if (size > 1 && workload->path[size - 1] == '/')
		workload->path[--size] = '\0';
	text = text_escape(workload->path, size);
	workload->cgroup = pool_text(tracer->texts, text);
	workload->maker = record->perms;
	workload->stage = STAGE_PENDING;
	if (state->verdict == VERDICT_OUTSIDE) {
		workload->stage = STAGE_DROPPED;
		moved_tell(tracer, record->perms, text);
	}
}

/* True where tasks that were recorded are not to be any more. */
static bool workload_judge(struct tracer *tracer, uint32_t number)
{
	struct workload_state *state = &tracer->skel->bss->workload_states[number];
	struct workload *workload = workload_get(tracer, number);
	struct judge *judge = &tracer->options.judge;
	struct workload_name name = {};
	enum verdict verdict;

	verdict = judge->decide(judge->ctx, workload->path, workload->maker, &name);
	if (verdict == VERDICT_NONE) {
		workload->is_doubted = true;
		return false;
	}
	free(workload->path);
	workload->path = NULL;
	if (verdict == VERDICT_WANTED) {
		state->is_top = name.kind == WORKLOAD_CONTAINER;
		tracer->events_lost += workload->pending_lost;
		workload->has_root = !tracer->options.split && name.kind != WORKLOAD_PLAIN;
		workload_name_it(tracer, workload, &name);
	} else {
		workload->stage = STAGE_DROPPED;
	}
	__atomic_store_n(&state->verdict, verdict, __ATOMIC_RELEASE);
	pending_end(tracer, number);
	return verdict != VERDICT_WANTED;
}

/* Reading is quick and makes room on the kernel side, judging may take its time. Returns how far
 * the numbers go. */
static uint32_t workloads_read(struct tracer *tracer, uint32_t from)
{
	uint32_t used = __atomic_load_n(&tracer->skel->bss->workloads_used, __ATOMIC_ACQUIRE);

	if (used >= WORKLOADS_MAX)
		used = WORKLOADS_MAX - 1;
	for (uint32_t number = from; number <= used; number++)
		workload_read(tracer, number);
	return used;
}

static uint32_t workloads_told(const struct tracer *tracer)
{
	return __atomic_load_n(&tracer->skel->bss->workloads_told, __ATOMIC_ACQUIRE);
}

bool workloads_wait(const struct tracer *tracer)
{
	return workloads_told(tracer) != tracer->workloads_told;
}

bool workloads_look(struct tracer *tracer, bool new_ones)
{
	uint32_t first = tracer->workloads_settled + 1, used;
	bool settled = true, foreign = false;

	tracer->workloads_told = workloads_told(tracer);
	used = workloads_read(tracer, first);
	for (uint32_t number = first; number <= used; number++) {
		struct workload *workload = workload_get(tracer, number);

		if (workload->stage == STAGE_PENDING && !(new_ones && workload->is_doubted))
			foreign |= workload_judge(tracer, number);
		settled = settled && workload_get(tracer, number)->stage >= STAGE_NAMED;
		if (settled)
			tracer->workloads_settled = number;
		used = workloads_read(tracer, used + 1);
	}
	return foreign;
}

void workloads_free(struct tracer *tracer)
{
	for (size_t i = 0; i < tracer->workloads_count; i++) {
		tracer->workloads[i].stage = STAGE_DROPPED;
		pending_end(tracer, i);
		free(tracer->workloads[i].path);
	}
	free(tracer->workloads);
}
