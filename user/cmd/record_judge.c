/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is this cgroup what was asked for, and what is it called? Asks the engines' state (container.h)
 * about its path. Knows nothing of tracing.
 */
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "record.h"
#include "util/clock.h"

/* A runtime may say only after it made the cgroup whose it is. */
#define DOUBT_NS       2000000000ull
#define DOUBT_YOUNG_NS 200000000ull /* ... most likely then; asking costs a look at all processes */

struct doubt {
	char *path;
	uint64_t since_ns;
};

/* ---- doubts ------------------------------------------------------------------------------ */

static void doubt_end(struct record_judge *judge, const char *path)
{
	for (size_t i = 0; i < judge->doubts_count; i++) {
		if (strcmp(judge->doubts[i].path, path) != 0)
			continue;
		free(judge->doubts[i].path);
		judge->doubts[i] = judge->doubts[--judge->doubts_count];
		return;
	}
}

/* True where the runtime may still say something. */
static bool doubt_stays(struct record_judge *judge, const char *path)
{
	struct doubt *doubts;

	if (judge->last)
		return false;
	for (size_t i = 0; i < judge->doubts_count; i++) {
		if (!strcmp(judge->doubts[i].path, path))
			return monotonic_ns() - judge->doubts[i].since_ns < DOUBT_NS;
	}
	doubts = xrealloc(judge->doubts, judge->doubts_count + 1, sizeof(*doubts));
	doubts[judge->doubts_count++] = (struct doubt){xstrdup(path), monotonic_ns()};
	judge->doubts = doubts;
	return true;
}

bool judge_doubts(const struct record_judge *judge)
{
	uint64_t now = monotonic_ns();

	for (size_t i = 0; i < judge->doubts_count; i++) {
		if (now - judge->doubts[i].since_ns < DOUBT_YOUNG_NS)
			return true;
	}
	return false;
}

/* ---- what it is -------------------------------------------------------------------------- */

/* A slice is nobody's identity, but it is a unit. */
static bool slice_matches(const struct record_judge *judge, const char *path, struct identity *ret)
{
	static const char suffix[] = ".slice";
	size_t length = strlen(judge->text), size = strlen(suffix);

	if (judge->query != QUERY_UNIT || length <= size ||
	    strcmp(judge->text + length - size, suffix) != 0 || !path_names(path, judge->text))
		return false;
	*ret = (struct identity){
		.engine = ENGINE_UNIT,
		.length = strlen(path),
		.name = text_escape(judge->text, length),
	};
	return true;
}

/* The last resort: no engine says whose it is, and its cgroup has the name. */
static bool bundle_matches(const struct record_judge *judge, const char *path, struct identity *ret)
{
	if (judge->query != QUERY_CONTAINER || !path_names(path, judge->text))
		return false;
	*ret = (struct identity){
		.engine = ENGINE_OCI,
		.length = strlen(path),
		.name = text_escape(judge->text, strlen(judge->text)),
	};
	return true;
}

/* What matched, but maybe by its id alone: then somebody may still name it, and what nobody names is
 * believed where root made it. */
static enum verdict identity_take(struct record_judge *judge, const char *path,
				  struct identity *identity, struct identity *ret)
{
	if (!identity->name && doubt_stays(judge, path)) {
		identity_drop(identity);
		return VERDICT_NONE;
	}
	if (!identity->name && owner_above(judge, path, identity->length) != 0) {
		identity_drop(identity);
		return VERDICT_FOREIGN;
	}
	if (!identity->name)
		identity->name = xstrdup(identity->id);
	*ret = *identity;
	return VERDICT_WANTED;
}

/* The outermost one that was asked for. */
static enum verdict identity_wanted(struct record_judge *judge, const char *path,
				    struct identity *ret)
{
	bool named = false, unnamed = false;
	struct identity identity = {};

	for (size_t at = 0; container_next(judge->containers, path, &at, &identity);) {
		if (identity_matches(&identity, judge->query, judge->text))
			return identity_take(judge, path, &identity, ret);
		named = named || identity.name;
		unnamed = unnamed || !identity.name;
		identity_drop(&identity);
	}
	if (slice_matches(judge, path, ret))
		return VERDICT_WANTED;
	if ((unnamed || !named) && doubt_stays(judge, path))
		return VERDICT_NONE;
	return !named && !unnamed && bundle_matches(judge, path, ret) ? VERDICT_WANTED
								      : VERDICT_FOREIGN;
}

/* The innermost one; a container without a name is called by its id at last. */
static enum verdict identity_innermost(struct record_judge *judge, const char *path,
				       struct identity *ret)
{
	struct identity identity = {};

	for (size_t at = 0; container_next(judge->containers, path, &at, &identity);) {
		identity_drop(ret);
		*ret = identity;
		identity = (struct identity){};
	}
	if (!ret->engine || ret->name)
		return VERDICT_WANTED;
	if (doubt_stays(judge, path)) {
		identity_drop(ret);
		return VERDICT_NONE;
	}
	ret->name = xstrdup(ret->id ? ret->id : path);
	return VERDICT_WANTED;
}

/* VERDICT_WANTED: *ret says what it is, with ENGINE_NONE where it is a plain cgroup. */
static enum verdict judge_look(struct record_judge *judge, const char *path, struct identity *ret)
{
	*ret = (struct identity){};
	if (judge->path && !path_is_below(path, judge->path))
		return VERDICT_FOREIGN;
	if (judge->split)
		return identity_innermost(judge, path, ret);
	if (judge->path)
		return VERDICT_WANTED;
	if (identity_continues(judge, path, ret))
		return VERDICT_WANTED;
	return identity_wanted(judge, path, ret);
}

/* ---- the verdict ------------------------------------------------------------------------- */

/* A pod's cgroup outlives its containers, and another one of them may be started in it. */
static void pod_learn(struct record_judge *judge, const char *path)
{
	_cleanup_free_ char *holder = xstrndup(path, judge->identity.length);
	char *last = strrchr(holder, '/');

	if (!last || last == holder)
		return;
	*last = '\0';
	last = strrchr(holder, '/');
	if (!last || !strstr(last, "pod"))
		return; /* it is in no cgroup of the pod alone */
	free(judge->pod);
	judge->pod = take(holder);
}

enum verdict judge_decide(void *ctx, const char *path, pid_t maker, struct workload_name *ret)
{
	struct record_judge *judge = ctx;
	enum verdict verdict;

	identity_drop(&judge->identity);
	if (maker)
		containers_learn(judge->containers, maker);
	verdict = judge_look(judge, path, &judge->identity);
	if (verdict == VERDICT_NONE)
		return verdict;
	doubt_end(judge, path);
	if (verdict != VERDICT_WANTED)
		return verdict;
	judge_name(judge, path, ret);
	if (judge->text && judge->query == QUERY_POD)
		pod_learn(judge, path);
	return verdict;
}

bool judge_wants(struct record_judge *judge, const char *path)
{
	struct identity identity;
	bool wanted = judge_look(judge, path, &identity) == VERDICT_WANTED;

	identity_drop(&identity);
	return wanted;
}

void judge_drop(struct record_judge *judge)
{
	instances_drop(judge);
	for (size_t i = 0; i < judge->doubts_count; i++)
		free(judge->doubts[i].path);
	free(judge->doubts);
	free(judge->name);
	free(judge->pod);
	identity_drop(&judge->identity);
	containers_free(judge->containers);
}
