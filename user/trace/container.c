/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a path says, joined with what the engines' state says. Knows no engine's format. */
#include <stdlib.h>
#include <string.h>

#include "container_internal.h"
#include "model/text.h"
#include "process.h"
#include "util/clock.h"

/* How far up a container's first process its runtime or its engine is looked for. */
#define ANCESTORS_MAX 6

/* How long what was not found is not looked for, as long as a runtime may be at work; and then. */
#define MISS_YOUNG_NS 500000000ull
#define MISS_FIRST_NS 50000000ull
#define MISS_LATER_NS 500000000ull

struct containers *containers_new(const struct cgroup_hierarchy *hierarchy)
{
	struct containers *containers = xcalloc(1, sizeof(*containers));

	containers->hierarchy = hierarchy;
	containers->files = files_new();
	processes_scan(containers);
	return containers;
}

void containers_free(struct containers *containers)
{
	if (!containers)
		return;
	places_free(containers);
	files_free(containers->files);
	for (size_t i = 0; i < MISSES_MAX; i++)
		free(containers->misses[i].path);
	free(containers);
}

void containers_learn(struct containers *containers, pid_t maker)
{
	process_learn(containers, maker);
}

/* ---- questions --------------------------------------------------------------------------- */

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

/* 0: it is gone. */
static uint64_t question_cgroup(const struct question *ask)
{
	_cleanup_free_ char *directory = question_directory(ask);
	struct stat st;

	return stat(directory, &st) == 0 ? st.st_ino : 0;
}

static bool speaks(const struct question *ask, const struct witness *witness)
{
	return witness_speaks(ask->containers, witness, ask->path, ask->length);
}

/* The place of this cgroup among those of which nothing was found; another one may be there. */
static struct miss *miss_of(const struct question *ask)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < ask->length; i++)
		hash = (hash ^ (unsigned char)ask->path[i]) * 16777619u;
	return &ask->containers->misses[hash % MISSES_MAX];
}

static bool miss_is(const struct miss *miss, const struct question *ask)
{
	return miss->path && strlen(miss->path) == ask->length &&
	       !memcmp(miss->path, ask->path, ask->length) && miss->cgroup == question_cgroup(ask);
}

/* Whether it is too soon to look for it all over again. */
static bool miss_is_fresh(const struct question *ask)
{
	const struct miss *miss = miss_of(ask);

	return miss_is(miss, ask) && monotonic_ns() < miss->again_ns;
}

static void miss_note(const struct question *ask)
{
	struct miss *miss = miss_of(ask);
	uint64_t now = monotonic_ns();

	if (!miss_is(miss, ask)) {
		free(miss->path);
		*miss = (struct miss){
			.path = xstrndup(ask->path, ask->length),
			.cgroup = question_cgroup(ask),
			.first_ns = now,
		};
	}
	miss->again_ns =
		now + (now - miss->first_ns < MISS_YOUNG_NS ? MISS_FIRST_NS : MISS_LATER_NS);
}

/* ---- places ------------------------------------------------------------------------------ */

/* Asks the places in the order of their kinds, as Docker keeps its containers' names apart from
 * the containerd that runs them. */
static bool id_identify(const struct question *ask, const char *id, struct identity *ret)
{
	struct containers *containers = ask->containers;

	for (enum place_kind kind = PLACE_DOCKER; kind <= PLACE_TASKS; kind++) {
		for (size_t i = 0; i < containers->place_count; i++) {
			const struct place *place = &containers->places[i];
			bool found;

			if (place->kind != kind || !speaks(ask, &place->witness))
				continue;
			found = files_turn(containers->files, &place->witness) &&
				place_identify(containers->files, place, id, ret);
			files_turn_end(containers->files);
			if (found)
				return true;
		}
	}
	return false;
}

/* ---- containers whose path says nothing -------------------------------------------------- */

/* A cgroup that was made anew at the same path is another container's. */
static bool bundle_is(const struct question *ask, struct bundle *bundle)
{
	uint64_t cgroup;

	if (!cgroup_fits(bundle->cgroups_path, bundle->id, bundle->witness.within, ask->path,
			 ask->length) ||
	    !speaks(ask, &bundle->witness))
		return false;
	cgroup = question_cgroup(ask);
	if (!cgroup)
		return !bundle->cgroup; /* which one it was can't be told */
	if (!bundle->cgroup)
		bundle->cgroup = cgroup;
	return bundle->cgroup == cgroup;
}

static bool bundles_identify(const struct question *ask, struct identity *ret)
{
	struct containers *containers = ask->containers;

	for (size_t i = containers->bundle_count; i > 0; i--) { /* the latest first */
		struct bundle *bundle = &containers->bundles[i - 1];

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
	struct files *files = ask->containers->files;
	_cleanup_free_ char *space = xstrndup(ask->path, ask->length);
	char *id = strrchr(space, '/');
	bool found = false;

	*id++ = '\0';
	if (!strchr(space, '/'))
		return false;
	for (size_t i = 0; !found && i < ask->containers->place_count; i++) {
		const struct place *place = &ask->containers->places[i];

		if (place->kind != PLACE_TASKS || !speaks(ask, &place->witness))
			continue;
		found = files_turn(files, &place->witness) &&
			task_identify(files, place, strrchr(space, '/') + 1, id, ask->path,
				      ask->length, ret);
		files_turn_end(files);
	}
	return found;
}

/* `all`: looks into the state of all containers, not just into what has the cgroup's name. */
static bool runtimes_identify(const struct question *ask, bool all, struct identity *ret)
{
	struct files *files = ask->containers->files;
	bool found = false;

	for (size_t i = 0; !found && i < ask->containers->place_count; i++) {
		const struct place *place = &ask->containers->places[i];

		if (place->kind != PLACE_RUNTIME || !speaks(ask, &place->witness))
			continue;
		found = files_turn(files, &place->witness) &&
			runtime_identify(files, place, ask->containers->hierarchy, ask->path,
					 ask->length, all, ret);
		files_turn_end(files);
	}
	return found;
}

/* A container's first process has its runtime above it, then its engine. */
static bool ancestors_learn(const struct question *ask)
{
	_cleanup_free_ char *directory = question_directory(ask);
	pid_t pid = process_in(directory, NULL);
	uint64_t known = ask->containers->bundles_added;

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (process_stat(pid, &pid, NULL) < 0)
			break;
		if (pid > 1)
			process_learn(ask->containers, pid);
	}
	return ask->containers->bundles_added != known;
}

static bool other_identify(const struct question *ask, struct identity *ret)
{
	if (bundles_identify(ask, ret) || tasks_identify(ask, ret) ||
	    runtimes_identify(ask, false, ret))
		return true;
	if (miss_is_fresh(ask))
		return false;
	if (runtimes_identify(ask, true, ret) ||
	    (ancestors_learn(ask) && (bundles_identify(ask, ret) || tasks_identify(ask, ret))))
		return true;
	miss_note(ask);
	return false;
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
	struct witness witness = {};
	bool found;
	pid_t pid;

	if (miss_is_fresh(ask))
		return false;
	pid = process_in(beside, name) ?: process_in(parent, name);
	found = pid && witness_of(ask->containers, pid, name, &witness) && speaks(ask, &witness);
	free(witness.within);
	if (!found) {
		miss_note(ask);
		return false;
	}
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

	files_begin(containers->files);
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
