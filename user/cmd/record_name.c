/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the recording calls a container, a unit or a cgroup, so that no other one can have its name.
 * Whether it is wanted is the judge's to say (record_judge.c).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/text.h"
#include "record.h"

/* One container that lived, or lives: its cgroup, and those below it that were judged. */
struct instance {
	enum engine engine;
	char *own;  /* what its engine calls it */
	char *name; /* ... and the recording */
	char *prefix;
	uint64_t inode; /* of its directory, when it was last seen; 0: it was not */
	char **paths;
	size_t paths_count;
	size_t number; /* of those with its name, from 1 */
};

uid_t owner_above(const struct record_judge *judge, const char *path, size_t length)
{
	_cleanup_free_ char *directory =
		xasprintf("%s%.*s", judge->hierarchy->mount, (int)length, path);
	size_t root = strlen(judge->hierarchy->mount);
	struct stat st;
	char *last;

	while ((last = strrchr(directory, '/')) && (size_t)(last - directory) >= root) {
		*last = '\0';
		if (stat(directory, &st) == 0)
			return st.st_uid;
	}
	return 0;
}

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
	if (instance_has(instance, path))
		return;
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

static uint64_t inode_of(const struct record_judge *judge, const char *prefix)
{
	_cleanup_free_ char *directory = xasprintf("%s%s", judge->hierarchy->mount, prefix);
	struct stat st;

	return stat(directory, &st) == 0 ? st.st_ino : 0;
}

/* The same directory, or, where that has gone, no cgroup in it that was seen before. */
static bool instance_goes_on(struct instance *instance, uint64_t inode, const char *path)
{
	if (inode && instance->inode)
		return inode == instance->inode;
	return !instance_has(instance, path);
}

/* A cgroup that comes a second time is a new one: its container was started again. */
static size_t instance_number(struct record_judge *judge, const char *name, const char *path)
{
	_cleanup_free_ char *prefix = xstrndup(path, judge->identity.length);
	uint64_t inode = inode_of(judge, prefix);
	struct instance *instance;
	size_t number = 0;

	for (size_t i = judge->instances_count; i-- > 0;) {
		instance = &judge->instances[i];
		if (strcmp(instance->prefix, prefix) != 0)
			continue;
		if (!instance_goes_on(instance, inode, path))
			break;
		instance->inode = inode ? inode : instance->inode;
		instance_add_path(instance, path);
		return instance->number;
	}
	for (size_t i = 0; i < judge->instances_count; i++)
		number += !strcmp(judge->instances[i].name, name);
	judge->instances =
		xrealloc(judge->instances, judge->instances_count + 1, sizeof(*judge->instances));
	instance = &judge->instances[judge->instances_count++];
	*instance = (struct instance){.engine = judge->identity.engine,
				      .own = xstrdup(judge->identity.name),
				      .name = xstrdup(name),
				      .prefix = take(prefix),
				      .inode = inode,
				      .number = number + 1};
	instance_add_path(instance, path);
	return instance->number;
}

static void name_change(struct record_judge *judge, char *name)
{
	free(judge->name);
	judge->name = name;
}

/* '#' stands before an instance's number, so a name from outside has none: text.h reads it back. */
static char *name_escape(const char *name)
{
	char *text = xcalloc(strlen(name) * 4 + 1, 1), *end = text;

	for (; *name; name++) {
		if (*name == '#')
			end = stpcpy(end, "\\043");
		else
			*end++ = *name;
	}
	return text;
}

/* The names of the containers that it is in, and whose cgroups they are: what root has started is
 * called by its name alone, and nobody else can be. */
static char *name_qualify(struct record_judge *judge, const char *path)
{
	const struct identity *identity = &judge->identity;
	_cleanup_free_ char *own = name_escape(identity->name), *outer = xstrdup("");
	uid_t owner = owner_above(judge, path, identity->length);
	struct identity around = {};
	char *name;

	for (size_t at = 0; container_next(judge->containers, path, &at, &around) &&
			    around.length < identity->length;
	     identity_drop(&around)) {
		_cleanup_free_ char *before = NULL;

		if (around.engine == ENGINE_UNIT)
			continue;
		before = take(outer);
		outer = xasprintf("%s%s/", before, around.name ? around.name : "?");
	}
	identity_drop(&around);
	if (owner)
		name = xasprintf("uid%u:%s%s", owner, outer, own);
	else
		name = xasprintf("%s%s", outer, own);
	if (identity->engine != ENGINE_UNIT && name_is_taken(judge, name, identity->engine)) {
		_cleanup_free_ char *taken = take(name);

		name = xasprintf("%s:%s", engine_name(identity->engine), taken);
	}
	return name;
}

/* A scope's processes were put there by others, as they were: there is no first exec to wait for. */
static bool is_scope(const struct identity *identity)
{
	const char *suffix = identity->name ? strrchr(identity->name, '.') : NULL;

	return identity->engine == ENGINE_UNIT && suffix && !strcmp(suffix, ".scope");
}

static enum workload_kind kind_of(const struct record_judge *judge, const char *path)
{
	const struct identity *identity = &judge->identity;

	if (!identity->engine || is_scope(identity))
		return WORKLOAD_PLAIN;
	/* what moves within a container, or a unit, has come from inside */
	if (judge->split && path[identity->length])
		return WORKLOAD_PLAIN;
	return identity->engine == ENGINE_UNIT ? WORKLOAD_UNIT : WORKLOAD_CONTAINER;
}

/* Plain cgroups and units go by their names; of containers each start is told apart. */
void judge_name(struct record_judge *judge, const char *path, struct workload_name *ret)
{
	const struct identity *identity = &judge->identity;
	const char *own = judge->split ? path : judge->path;
	size_t number = 1;

	if (judge->given_name)
		name_change(judge, text_escape(judge->given_name, strlen(judge->given_name)));
	else if (identity->name)
		name_change(judge, name_qualify(judge, path));
	else
		name_change(judge, text_escape(own, strlen(own)));
	if (identity->engine && identity->engine != ENGINE_UNIT)
		number = instance_number(judge, judge->name, path);
	if (number > 1)
		name_change(judge, xasprintf("%s#%zu", judge->name, number));
	*ret = (struct workload_name){
		.kind = kind_of(judge, path),
		.name = judge->name,
		.engine = engine_name(identity->engine),
		.id = identity->id,
		.image = identity->image,
	};
}

bool identity_continues(const struct record_judge *judge, const char *path, struct identity *ret)
{
	for (size_t i = 0; i < judge->instances_count; i++) {
		const struct instance *instance = &judge->instances[i];

		if (!strcmp(path, instance->prefix) || !path_is_below(path, instance->prefix))
			continue;
		*ret = (struct identity){
			.engine = instance->engine,
			.length = strlen(instance->prefix),
			.name = xstrdup(instance->own),
		};
		return true;
	}
	return false;
}

void instances_drop(struct record_judge *judge)
{
	for (size_t i = 0; i < judge->instances_count; i++) {
		struct instance *instance = &judge->instances[i];

		for (size_t k = 0; k < instance->paths_count; k++)
			free(instance->paths[k]);
		free(instance->paths);
		free(instance->own);
		free(instance->name);
		free(instance->prefix);
	}
	free(judge->instances);
}
