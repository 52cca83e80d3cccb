/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is this cgroup what was asked for, and what is it called? Asks the engines' state (container.h)
 * about its path. Knows nothing of tracing.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/text.h"
#include "record.h"

/* A runtime may say only after it made the cgroup whose it is. */
#define DOUBT_SEC       2.0
#define DOUBT_YOUNG_SEC 0.2 /* ... most likely then; asking costs a look at all processes */

/* One container or unit that lived, or lives: its cgroup, and those below it that were judged. */
struct instance {
	enum engine engine;
	char *name;
	char *prefix;
	char **paths;
	size_t paths_count;
	size_t number; /* of those with its name, from 1 */
};

struct doubt {
	char *path;
	double since;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

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
			return now() - judge->doubts[i].since < DOUBT_SEC;
	}
	doubts = xrealloc(judge->doubts, judge->doubts_count + 1, sizeof(*doubts));
	doubts[judge->doubts_count++] = (struct doubt){xstrdup(path), now()};
	judge->doubts = doubts;
	return true;
}

bool judge_doubts(const struct record_judge *judge)
{
	double young = now() - DOUBT_YOUNG_SEC;

	for (size_t i = 0; i < judge->doubts_count; i++) {
		if (judge->doubts[i].since > young)
			return true;
	}
	return false;
}

/* ---- what it is -------------------------------------------------------------------------- */

static bool path_is_below(const char *path, const char *above)
{
	size_t length = strlen(above);

	if (!strcmp(above, "/"))
		return true;
	return !strncmp(path, above, length) && (!path[length] || path[length] == '/');
}

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

/* The outermost one that was asked for. */
static enum verdict identity_wanted(struct record_judge *judge, const char *path,
				    struct identity *ret)
{
	bool named = false, unnamed = false;
	struct identity identity = {};

	for (size_t at = 0; container_next(judge->containers, path, &at, &identity);) {
		if (identity_matches(&identity, judge->query, judge->text)) {
			*ret = identity;
			return VERDICT_WANTED;
		}
		named = named || identity.name;
		unnamed = unnamed || !identity.name;
		identity_drop(&identity);
	}
	if (slice_matches(judge, path, ret))
		return VERDICT_WANTED;
	if ((unnamed || !named) && doubt_stays(judge, path))
		return VERDICT_NONE;
	return !named && bundle_matches(judge, path, ret) ? VERDICT_WANTED : VERDICT_FOREIGN;
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
	if (judge->split)
		return identity_innermost(judge, path, ret);
	if (judge->path)
		return path_is_below(path, judge->path) ? VERDICT_WANTED : VERDICT_FOREIGN;
	return identity_wanted(judge, path, ret);
}

/* ---- what it is called ------------------------------------------------------------------- */

static bool instance_has(const struct instance *instance, const char *path)
{
	for (size_t i = 0; i < instance->paths_count; i++) {
		if (!strcmp(instance->paths[i], path))
			return true;
	}
	return false;
}

static void instance_add_path(struct instance *instance, const char *path)
{
	instance->paths =
		xrealloc(instance->paths, instance->paths_count + 1, sizeof(*instance->paths));
	instance->paths[instance->paths_count++] = xstrdup(path);
}

/* Two engines may each have a container of this name: they have nothing to do with each other. */
static bool name_is_taken(const struct record_judge *judge, const char *name, enum engine engine)
{
	for (size_t i = 0; i < judge->instances_count; i++) {
		if (judge->instances[i].engine != engine && !strcmp(judge->instances[i].name, name))
			return true;
	}
	return false;
}

/* A cgroup that comes a second time is a new one: its container was started again. */
static size_t instance_number(struct record_judge *judge, const char *name, const char *path)
{
	_cleanup_free_ char *prefix = xstrndup(path, judge->identity.length);
	struct instance *instance;
	size_t number = 0;

	for (size_t i = judge->instances_count; i-- > 0;) {
		instance = &judge->instances[i];
		if (strcmp(instance->prefix, prefix) != 0)
			continue;
		if (instance_has(instance, path))
			break;
		instance_add_path(instance, path);
		return instance->number;
	}
	for (size_t i = 0; i < judge->instances_count; i++)
		number += !strcmp(judge->instances[i].name, name);
	judge->instances =
		xrealloc(judge->instances, judge->instances_count + 1, sizeof(*judge->instances));
	instance = &judge->instances[judge->instances_count++];
	*instance = (struct instance){.engine = judge->identity.engine,
				      .name = xstrdup(name),
				      .prefix = take(prefix),
				      .number = number + 1};
	instance_add_path(instance, path);
	return instance->number;
}

static void name_change(struct record_judge *judge, char *name)
{
	free(judge->name);
	judge->name = name;
}

/* Plain cgroups and units go by their names; of containers each start is told apart. */
static void judge_name(struct record_judge *judge, const char *path, struct workload_name *ret)
{
	const struct identity *identity = &judge->identity;
	const char *own = judge->split ? path : judge->path;
	size_t number = 1;

	if (judge->given_name)
		name_change(judge, text_escape(judge->given_name, strlen(judge->given_name)));
	else if (identity->name)
		name_change(judge, xstrdup(identity->name));
	else
		name_change(judge, text_escape(own, strlen(own)));
	if (identity->engine && identity->engine != ENGINE_UNIT) {
		if (name_is_taken(judge, judge->name, identity->engine))
			name_change(judge,
				    xasprintf("%s:%s", engine_name(identity->engine), judge->name));
		number = instance_number(judge, judge->name, path);
	}
	if (number > 1)
		name_change(judge, xasprintf("%s#%zu", judge->name, number));
	*ret = (struct workload_name){
		.kind = WORKLOAD_CONTAINER,
		.name = judge->name,
		.engine = engine_name(identity->engine),
		.id = identity->id,
		.image = identity->image,
	};
	if (!identity->engine)
		ret->kind = WORKLOAD_PLAIN;
	else if (identity->engine == ENGINE_UNIT)
		ret->kind = WORKLOAD_UNIT;
	/* what moves within a container, or a unit, has come from inside */
	if (judge->split && identity->engine && path[identity->length])
		ret->kind = WORKLOAD_PLAIN;
}

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
	for (size_t i = 0; i < judge->instances_count; i++) {
		struct instance *instance = &judge->instances[i];

		for (size_t k = 0; k < instance->paths_count; k++)
			free(instance->paths[k]);
		free(instance->paths);
		free(instance->name);
		free(instance->prefix);
	}
	for (size_t i = 0; i < judge->doubts_count; i++)
		free(judge->doubts[i].path);
	free(judge->instances);
	free(judge->doubts);
	free(judge->name);
	free(judge->pod);
	identity_drop(&judge->identity);
	containers_free(judge->containers);
}
