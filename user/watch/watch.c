/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who calls what, as it grows. What it is called is watch_news.c's. */
#include <stdlib.h>
#include <string.h>

#include "model/pool.h"
#include "policy/call.h"
#include "watch.h"

struct watch {
	struct watch_workload *workloads;
	size_t count;
	struct pool *texts;
	struct pool *seen;  /* "WORKLOAD\nTHING" */
	struct pool *known; /* "GROUP\nTHING", "\nTHING" of every workload */
	bool application_only;
	bool is_counting;
	uint64_t counted_ns; /* when it was counted last; 0: never */
};

struct watch *watch_new(void)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));

	watch->texts = pool_new();
	watch->seen = pool_new();
	watch->known = pool_new();
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->count; i++)
		free(watch->workloads[i].calls);
	free(watch->workloads);
	pool_free(watch->texts);
	pool_free(watch->seen);
	pool_free(watch->known);
	free(watch);
}

/* ---- what is new ------------------------------------------------------------------------- */

void watch_application_only(struct watch *watch)
{
	watch->application_only = true;
}

static bool is_looked_at(const struct watch *watch, const struct fact *fact)
{
	return !watch->application_only || !fact_has_phase(fact->kind) ||
	       fact->kind == FACT_DENIED || PHASE_BIT(fact->phase) & PHASES_APPLICATION;
}

/* A file was read and mapped, or first the one, then the other: each letter is by itself. */
static struct fact file_letter(const struct fact *fact, uint32_t *left)
{
	struct fact letter = *fact;

	letter.file.perms = *left & -*left;
	*left &= *left - 1;
	return letter;
}

static char *known_key(const char *workload, const struct fact *fact)
{
	_cleanup_free_ char *thing = news_thing(fact);

	return thing ? xasprintf("%.*s\n%s", (int)workload_group(workload), workload, thing) : NULL;
}

static void known_add(struct watch *watch, const char *workload, const struct fact *fact)
{
	_cleanup_free_ char *key = known_key(workload, fact);

	if (key)
		pool_text(watch->known, key);
}

void watch_expect(struct watch *watch, const struct fact *fact, bool anywhere)
{
	const char *workload = anywhere || !fact->workload ? "" : fact->workload;
	uint32_t left = fact->kind == FACT_FILE ? fact->file.perms : 0;
	struct fact silent = *fact;

	if (!is_looked_at(watch, fact))
		return;
	while (left) {
		struct fact letter = file_letter(fact, &left);

		known_add(watch, workload, &letter);
	}
	if (fact->kind != FACT_FILE)
		known_add(watch, workload, fact);
	if (fact->kind == FACT_CAPABILITY) { /* who uses it may ask for it, too */
		silent.capability.silent = true;
		known_add(watch, workload, &silent);
	}
}

void watch_expect_call(struct watch *watch, enum abi abi, const char *name)
{
	struct fact fact = {.kind = FACT_SYSCALL, .syscall = {.abi = abi}};

	if (syscall_number(abi, name, &fact.syscall.nr))
		watch_expect(watch, &fact, true);
}

static bool is_known(const struct watch *watch, const struct fact *fact)
{
	_cleanup_free_ char *own = known_key(fact->workload ?: "", fact);
	_cleanup_free_ char *anywhere = known_key("", fact);

	return pool_find(watch->known, own) || pool_find(watch->known, anywhere);
}

static bool is_expected(const struct watch *watch, const struct fact *fact)
{
	uint32_t left = fact->kind == FACT_FILE ? fact->file.perms : 0;

	if (!left)
		return is_known(watch, fact);
	while (left) {
		struct fact letter = file_letter(fact, &left);

		if (!is_known(watch, &letter))
			return false;
	}
	return true;
}

/* ... and was not told before. */
static bool is_news(struct watch *watch, const struct fact *fact)
{
	_cleanup_free_ char *thing = news_thing(fact), *key = NULL;

	if (!thing || !is_looked_at(watch, fact))
		return false;
	key = xasprintf("%s\n%s", fact->workload ?: "", thing);
	if (pool_find(watch->seen, key))
		return false;
	pool_text(watch->seen, key);
	return !is_expected(watch, fact);
}

/* ---- workloads and calls ----------------------------------------------------------------- */

/* Where `name` is among them, or belongs. */
static size_t workload_place(const struct watch *watch, const char *name, bool *ret_found)
{
	size_t low = 0, high = watch->count;

	*ret_found = false;
	while (low < high && !*ret_found) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(watch->workloads[middle].name, name);

		*ret_found = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return *ret_found ? high : low;
}

const struct watch_workload *watch_find(const struct watch *watch, const char *name)
{
	bool found;
	size_t at = workload_place(watch, name, &found);

	return found ? &watch->workloads[at] : NULL;
}

static struct watch_workload *workload_get(struct watch *watch, const char *name)
{
	struct watch_workload *workload;
	bool found;
	size_t at = workload_place(watch, name, &found);

	if (found)
		return &watch->workloads[at];
	watch->workloads = xrealloc(watch->workloads, watch->count + 1, sizeof(*watch->workloads));
	workload = &watch->workloads[at];
	memmove(workload + 1, workload, (watch->count - at) * sizeof(*workload));
	watch->count++;
	*workload = (struct watch_workload){.name = pool_text(watch->texts, name)};
	return workload;
}

static int call_order(const struct watch_call *call, enum abi abi, uint32_t nr, uint32_t sub)
{
	int order = number_compare(call->abi, abi);

	if (!order)
		order = number_compare(call->nr, nr);
	return order ?: number_compare(call->sub, sub);
}

static struct watch_call *call_get(struct watch *watch, struct watch_workload *workload,
				   enum abi abi, uint32_t nr, uint32_t sub)
{
	_cleanup_free_ char *name = NULL;
	const char *plain = news_call(abi, nr, sub);
	size_t low = 0, high = workload->count;
	struct watch_call *call;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = call_order(&workload->calls[middle], abi, nr, sub);

		if (!order)
			return &workload->calls[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	workload->calls = xrealloc(workload->calls, workload->count + 1, sizeof(*workload->calls));
	call = &workload->calls[low];
	memmove(call + 1, call, (workload->count - low) * sizeof(*call));
	workload->count++;
	name = news_call_name(abi, nr, sub);
	*call = (struct watch_call){.abi = abi,
				    .nr = nr,
				    .sub = sub,
				    .name = pool_text(watch->texts, name),
				    .tier = plain ? tier_of(plain) : TIER_NONE};
	return call;
}

static void call_take(struct watch *watch, struct watch_workload *workload, const struct fact *fact,
		      bool is_new, uint64_t now_ns)
{
	bool denied = fact->kind == FACT_DENIED;
	struct watch_call *call =
		denied ? call_get(watch, workload, fact->denied.abi, fact->denied.nr, 0)
		       : call_get(watch, workload, fact->syscall.abi, fact->syscall.nr,
				  fact->syscall.sub);
	uint64_t *number = denied ? &call->denied : &call->calls;
	uint64_t count = denied ? fact->denied.count : fact->syscall.count;

	if (watch->is_counting)
		*number = add_saturating(*number, count);
	else if (!*number) /* between two counts it says that there was one */
		*number = count;
	if (is_new && !call->new_ns)
		call->new_ns = now_ns;
	if (!call->exe && fact->exe)
		call->exe = pool_text(watch->texts, fact->exe);
}

bool watch_take(struct watch *watch, const struct fact *fact, uint64_t now_ns)
{
	struct watch_workload *workload;
	bool is_new = is_news(watch, fact);

	if (!fact->workload)
		return is_new;
	workload = workload_get(watch, fact->workload);
	if (is_new)
		workload->new_ns = now_ns;
	if (fact->kind == FACT_WORKLOAD && fact->workload_.engine) {
		workload->engine = pool_text(watch->texts, fact->workload_.engine);
		workload->image = pool_text(watch->texts, fact->workload_.image);
	}
	if (fact->kind == FACT_SYSCALL || fact->kind == FACT_DENIED)
		call_take(watch, workload, fact, is_new, now_ns);
	return is_new;
}

/* ---- counting ---------------------------------------------------------------------------- */

void watch_count_begin(struct watch *watch)
{
	watch->is_counting = true;
	for (size_t i = 0; i < watch->count; i++) {
		struct watch_workload *workload = &watch->workloads[i];

		for (size_t j = 0; j < workload->count; j++) {
			struct watch_call *call = &workload->calls[j];

			call->calls_before = call->calls;
			call->denied_before = call->denied;
			call->calls = call->denied = 0;
		}
	}
}

void watch_count_undo(struct watch *watch)
{
	watch->is_counting = false;
	for (size_t i = 0; i < watch->count; i++) {
		struct watch_workload *workload = &watch->workloads[i];

		for (size_t j = 0; j < workload->count; j++) {
			workload->calls[j].calls = workload->calls[j].calls_before;
			workload->calls[j].denied = workload->calls[j].denied_before;
		}
	}
}

static void workload_sum(struct watch_workload *workload, double seconds)
{
	workload->total = workload->denied = 0;
	workload->rate = 0;
	for (size_t i = 0; i < workload->count; i++) {
		struct watch_call *call = &workload->calls[i];

		call->rate = 0;
		if (seconds > 0 && call->calls > call->calls_before)
			call->rate = (double)(call->calls - call->calls_before) / seconds;
		workload->total = add_saturating(workload->total, call->calls);
		workload->denied = add_saturating(workload->denied, call->denied);
		workload->rate += call->rate;
	}
}

void watch_count_end(struct watch *watch, uint64_t now_ns)
{
	double seconds = watch->counted_ns ? (double)(now_ns - watch->counted_ns) / 1e9 : 0;

	watch->is_counting = false;
	watch->counted_ns = now_ns;
	for (size_t i = 0; i < watch->count; i++)
		workload_sum(&watch->workloads[i], seconds);
}

/* ---- looking ----------------------------------------------------------------------------- */

size_t watch_workloads(const struct watch *watch, const struct watch_workload **ret)
{
	*ret = watch->workloads;
	return watch->count;
}

size_t watch_distinct(const struct watch_workload *workload)
{
	size_t count = 0;

	for (size_t i = 0; i < workload->count; i++)
		count += workload->calls[i].calls > 0;
	return count;
}

size_t watch_recent(const struct watch_workload *workload, uint64_t now_ns)
{
	size_t count = 0;

	for (size_t i = 0; i < workload->count; i++) {
		const struct watch_call *call = &workload->calls[i];

		count += call->new_ns && call->calls && now_ns < call->new_ns + WATCH_NEW_NS;
	}
	return count;
}
