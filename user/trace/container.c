/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a path says, joined with what the engines' state says. Knows no engine's format. */
#include <stdlib.h>
#include <string.h>

#include "container_internal.h"
#include "model/text.h"
#include "process.h"

/* How far up a container's first process its runtime or its engine is looked for. */
#define ANCESTORS_MAX 6

struct containers *containers_new(const struct cgroup_hierarchy *hierarchy)
{
	struct containers *containers = xcalloc(1, sizeof(*containers));

	containers->hierarchy = hierarchy;
	processes_scan(containers);
	return containers;
}

void containers_free(struct containers *containers)
{
	if (!containers)
		return;
	places_free(containers);
	free(containers);
}

void containers_learn(struct containers *containers, pid_t maker)
{
	process_learn(containers, maker);
}

/* What the path's first `length` bytes are asked about. */
struct question {
	struct containers *containers;
	const char *path;
	size_t length;
};

static char *question_directory(const struct question *ask)
{
	return xasprintf("%s%.*s", ask->containers->hierarchy->mount, (int)ask->length, ask->path);
}

static bool speaks(const struct question *ask, const struct witness *witness)
{
	return witness_speaks(ask->containers, witness, ask->path, ask->length);
}

/* Asks the places in the order of their kinds, as Docker keeps its containers' names apart from
 * the containerd that runs them. */
static bool id_identify(const struct question *ask, const char *id, struct identity *ret)
{
	struct containers *containers = ask->containers;

	for (enum place_kind kind = PLACE_DOCKER; kind <= PLACE_TASKS; kind++) {
		for (size_t i = 0; i < containers->place_count; i++) {
			const struct place *place = &containers->places[i];

			if (place->kind == kind && speaks(ask, &place->witness) &&
			    place_identify(place, id, ret))
				return true;
		}
	}
	return false;
}

/* ---- containers whose path says nothing -------------------------------------------------- */

/* A cgroup that was made anew at the same path is another container's. */
static bool bundle_is(const struct question *ask, struct bundle *bundle)
{
	_cleanup_free_ char *directory = NULL;
	struct stat st;

	if (!cgroup_fits(bundle->cgroups_path, bundle->id, bundle->witness.within, ask->path,
			 ask->length) ||
	    !speaks(ask, &bundle->witness))
		return false;
	directory = question_directory(ask);
	if (stat(directory, &st) != 0)
		return !bundle->cgroup; /* it is gone: which one it was can't be told */
	if (!bundle->cgroup)
		bundle->cgroup = st.st_ino;
	return bundle->cgroup == st.st_ino;
}

static bool bundles_identify(const struct question *ask, struct identity *ret)
{
	struct containers *containers = ask->containers;
	size_t end = containers->bundle_count;

	for (size_t i = end; i > 0 && end - i < BUNDLES_MAX; i--) { /* the latest first */
		struct bundle *bundle = &containers->bundles[(i - 1) % BUNDLES_MAX];

		if (!bundle_is(ask, bundle))
			continue;
		ret->id = text_escape(bundle->id, strlen(bundle->id));
		if (!id_identify(ask, bundle->id, ret)) {
			ret->engine = ENGINE_OCI;
			ret->name = xstrdup(ret->id);
		}
		return true;
	}
	return false;
}

/* containerd's own way is /NAMESPACE/ID, and the id is free. */
static bool tasks_identify(const struct question *ask, struct identity *ret)
{
	_cleanup_free_ char *space = xstrndup(ask->path, ask->length);
	char *id = strrchr(space, '/');

	*id++ = '\0';
	if (!strchr(space, '/'))
		return false;
	for (size_t i = 0; i < ask->containers->place_count; i++) {
		const struct place *place = &ask->containers->places[i];

		if (place->kind == PLACE_TASKS && speaks(ask, &place->witness) &&
		    task_identify(place, strrchr(space, '/') + 1, id, ask->path, ask->length, ret))
			return true;
	}
	return false;
}

static bool runtimes_identify(const struct question *ask, struct identity *ret)
{
	for (size_t i = 0; i < ask->containers->place_count; i++) {
		const struct place *place = &ask->containers->places[i];

		if (place->kind == PLACE_RUNTIME && speaks(ask, &place->witness) &&
		    runtime_identify(place, ask->containers->hierarchy, ask->path, ask->length,
				     ret))
			return true;
	}
	return false;
}

/* A container's first process has its runtime above it, then its engine. */
static bool ancestors_learn(const struct question *ask)
{
	_cleanup_free_ char *directory = question_directory(ask);
	pid_t pid = process_in(directory, NULL);
	size_t known = ask->containers->bundle_count;

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (process_stat(pid, &pid, NULL) < 0)
			break;
		if (pid > 1)
			process_learn(ask->containers, pid);
	}
	return ask->containers->bundle_count != known;
}

static bool other_identify(const struct question *ask, struct identity *ret)
{
	return bundles_identify(ask, ret) || tasks_identify(ask, ret) ||
	       runtimes_identify(ask, ret) ||
	       (ancestors_learn(ask) && (bundles_identify(ask, ret) || tasks_identify(ask, ret)));
}

/* ---- containers whose path says so ------------------------------------------------------- */

/* systemd.unit(5): \xNN stands for a byte, "-" for a slash; a machine's name holds no slash. */
static char *unit_unescape(const char *text, size_t size)
{
	char *plain = xcalloc(size + 1, 1), *out = plain;

	for (size_t i = 0; i < size; i++) {
		char digits[3] = {};
		unsigned int byte;

		if (i + 3 < size && text[i] == '\\' && text[i + 1] == 'x') {
			memcpy(digits, text + i + 2, 2);
			if (sscanf(digits, "%2x", &byte) == 1 && byte) {
				*out++ = (char)byte;
				i += 3;
				continue;
			}
		}
		*out++ = text[i];
	}
	return plain;
}

/* systemd-nspawn makes "payload", and "supervisor" beside it for itself; before that it is in the
 * cgroup above. Its own command line names the machine. */
static bool nspawn_identify(const struct question *ask, struct identity *ret)
{
	static const char name[] = "systemd-nspawn";
	int above = (int)(ask->length - strlen("/payload"));
	const char *mount = ask->containers->hierarchy->mount;
	_cleanup_free_ char *parent = xasprintf("%s%.*s", mount, above, ask->path);
	_cleanup_free_ char *beside = xasprintf("%s/supervisor", parent), *machine = NULL;
	pid_t pid = process_in(beside, name) ?: process_in(parent, name);

	if (!pid)
		return false;
	machine = process_machine(pid);
	ret->name = machine ? text_escape(machine, strlen(machine)) : NULL;
	return true;
}

static void id_name(const struct question *ask, const struct engine_match *match,
		    struct identity *ret)
{
	ret->id = xstrndup(match->text, match->size);
	if (!id_identify(ask, ret->id, ret) && processes_scan(ask->containers))
		id_identify(ask, ret->id, ret);
}

static bool match_identify(const struct question *ask, const struct engine_match *match,
			   struct identity *ret)
{
	_cleanup_free_ char *plain = NULL;

	ret->engine = match->engine;
	if (match->needs_state)
		return nspawn_identify(ask, ret);
	if (match->is_id) {
		id_name(ask, match, ret);
		return true;
	}
	plain = match->engine == ENGINE_NSPAWN ? unit_unescape(match->text, match->size)
					       : xstrndup(match->text, match->size);
	ret->name = text_escape(plain, strlen(plain));
	if (match->engine == ENGINE_OCI)
		ret->id = xstrdup(ret->name);
	return true;
}

static bool component_identify(const struct question *ask, struct identity *ret)
{
	struct engine_match match;
	bool has_match = engine_match(ask->path, ask->length, &match);
	/* a bundle may ask for any scope's name */
	bool is_scope = has_match && match.engine == ENGINE_UNIT && match.size > 6 &&
			!memcmp(match.text + match.size - 6, ".scope", 6);

	*ret = (struct identity){.length = ask->length};
	if ((!has_match || is_scope) && other_identify(ask, ret))
		return true;
	if (has_match && match_identify(ask, &match, ret))
		return true;
	identity_drop(ret);
	return false;
}

bool container_next(struct containers *containers, const char *path, size_t *at,
		    struct identity *ret)
{
	struct identity identity;

	while (path[*at]) {
		struct question ask = {containers, path, *at + 1};

		ask.length += strcspn(path + ask.length, "/");
		*at = ask.length;
		if (ask.length > 1 && component_identify(&ask, &identity)) {
			*ret = identity;
			return true;
		}
	}
	return false;
}
