/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who said where an engine keeps its state, and about whose cgroups it is believed. Knows no engine.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container_internal.h"
#include "model/text.h"

/* True where /proc/PID/ns/NAME is our own. */
static bool namespace_is_ours(pid_t pid, const char *name)
{
	_cleanup_free_ char *its = xasprintf("/proc/%d/ns/%s", pid, name);
	_cleanup_free_ char *ours = xasprintf("/proc/self/ns/%s", name);
	struct stat a, b;

	return stat(its, &a) == 0 && stat(ours, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/*
 * The innermost container that the process itself is in, by its path; where that says nothing and a
 * namespace says that it is in some container, its own cgroup. A user's engine (rootless) runs in a
 * user namespace of its own, and is none the less the user's.
 */
static char *process_container(const struct containers *containers, pid_t pid, uid_t uid)
{
	_cleanup_free_ char *path = NULL;
	struct engine_match match;
	struct err ignored;
	size_t length;

	if (cgroup_of_pid(containers->hierarchy, pid, &path, &ignored) < 0)
		return NULL;
	for (length = strlen(path); length > 0; length--) {
		if ((!path[length] || path[length] == '/') && engine_match(path, length, &match) &&
		    match.engine != ENGINE_UNIT)
			break;
	}
	if (!length &&
	    (!namespace_is_ours(pid, "pid") || (!uid && !namespace_is_ours(pid, "user"))))
		length = strlen(path);
	return xstrndup(path, length);
}

/* False where the process is gone, or runs as another user than who started it. */
static bool process_user(pid_t pid, uid_t *ret)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/status", pid);
	_cleanup_fclose_ FILE *file = fopen(name, "re");
	unsigned int real, effective, saved;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Uid: %u %u %u", &real, &effective, &saved) != 3)
			continue;
		*ret = real;
		return real == effective && real == saved;
	}
	return false;
}

/* The command name is the process' own to choose, and so is the first word of its command line. */
static bool process_runs(pid_t pid, const char *program)
{
	static const char deleted[] = " (deleted)"; /* the package was upgraded */
	_cleanup_free_ char *name = xasprintf("/proc/%d/exe", pid);
	size_t size = program ? strlen(program) : 0;
	char path[PATH_MAX];
	const char *base;
	struct stat st;
	ssize_t length = readlink(name, path, sizeof(path) - 1);

	if (length < 0 || stat(name, &st) != 0 || st.st_mode & S_ISUID)
		return false;
	path[length] = '\0';
	base = path_base(path);
	if (!program)
		return true;
	/* containerd-shim-runc-v2 */
	return !strncmp(base, program, size) &&
	       (!base[size] || base[size] == '-' || !strcmp(base + size, deleted));
}

bool witness_of(const struct containers *containers, pid_t pid, const char *program,
		struct witness *ret)
{
	uid_t uid;

	if (!process_user(pid, &uid) || !process_runs(pid, program))
		return false;
	ret->uid = uid;
	ret->within = process_container(containers, pid, uid);
	return ret->within;
}

bool witness_is_root(const struct witness *witness)
{
	return !witness->uid && !*witness->within;
}

bool witness_speaks(const struct containers *containers, const struct witness *witness,
		    const char *path, size_t length)
{
	size_t within = strlen(witness->within);
	struct stat st;

	if (within && (within >= length || strncmp(path, witness->within, within) != 0 ||
		       path[within] != '/'))
		return false;
	/* whoever owns the directory above made it, or let it be made; if it is gone: the next one */
	for (; length > 0; length--) {
		_cleanup_free_ char *directory = NULL;

		if (path[length - 1] != '/')
			continue;
		directory = xasprintf("%s%.*s", containers->hierarchy->mount, (int)length, path);
		if (stat(directory, &st) == 0)
			return st.st_uid == witness->uid;
	}
	return false;
}

/* ---- what was learnt --------------------------------------------------------------------- */

static bool witness_same(const struct witness *a, const struct witness *b)
{
	return a->uid == b->uid && !strcmp(a->within, b->within);
}

static const struct witness *witness_at(const struct witness *first, size_t stride, size_t i)
{
	return (const struct witness *)((const char *)first + i * stride);
}

/*
 * Which of the `count` things (a witness in each `stride` bytes, the oldest first) has to go before
 * `own` can have one more; `count`: none. Nobody drives out what root said.
 */
static size_t drop_which(const struct witness *first, size_t stride, size_t count,
			 const struct witness *own)
{
	bool is_root = witness_is_root(own);
	size_t roots = 0, its = 0;

	for (size_t i = 0; i < count; i++) {
		roots += witness_is_root(witness_at(first, stride, i));
		its += witness_same(witness_at(first, stride, i), own);
	}
	if (is_root ? roots < OWN_MAX : its < OTHER_MAX && count - roots < OTHERS_MAX)
		return count;
	for (size_t i = 0; i < count; i++) {
		const struct witness *witness = witness_at(first, stride, i);

		if (its >= OTHER_MAX ? witness_same(witness, own)
				     : is_root == witness_is_root(witness))
			return i;
	}
	return count;
}

static void place_drop(struct containers *containers, size_t at)
{
	close(containers->places[at].fd);
	free(containers->places[at].witness.within);
	memmove(&containers->places[at], &containers->places[at + 1],
		(containers->place_count - at - 1) * sizeof(containers->places[0]));
	containers->place_count--;
}

void place_add(struct containers *containers, enum place_kind kind, int fd,
	       const struct witness *witness)
{
	struct place *place;
	struct stat st;
	size_t drop;

	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return;
	}
	for (size_t i = 0; i < containers->place_count; i++) {
		place = &containers->places[i];
		if (place->kind == kind && place->dev == st.st_dev && place->ino == st.st_ino &&
		    witness_same(&place->witness, witness)) {
			close(fd);
			return;
		}
	}
	drop = drop_which(&containers->places[0].witness, sizeof(*place), containers->place_count,
			  witness);
	if (drop < containers->place_count)
		place_drop(containers, drop);
	containers->places[containers->place_count++] = (struct place){
		.kind = kind,
		.fd = fd,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.witness = {witness->uid, xstrdup(witness->within)},
	};
}

static void bundle_drop(struct containers *containers, size_t at)
{
	struct bundle *bundle = &containers->bundles[at];

	free(bundle->id);
	free(bundle->cgroups_path);
	free(bundle->witness.within);
	memmove(bundle, bundle + 1, (containers->bundle_count - at - 1) * sizeof(*bundle));
	containers->bundle_count--;
}

/* The one that is to be forgotten for this one: that is the same, or stands in its way. */
static size_t bundle_drop_which(const struct containers *containers, const char *id,
				const char *path, const struct witness *witness)
{
	for (size_t i = 0; i < containers->bundle_count; i++) {
		const struct bundle *bundle = &containers->bundles[i];

		if (!strcmp(bundle->id, id) && !strcmp(bundle->cgroups_path ?: "", path ?: "") &&
		    witness_same(&bundle->witness, witness))
			return i;
	}
	return drop_which(&containers->bundles[0].witness, sizeof(struct bundle),
			  containers->bundle_count, witness);
}

void bundle_add(struct containers *containers, int fd, const char *id,
		const struct witness *witness)
{
	const cJSON *config = state_read(containers->files, fd, "config.json", CONFIG_SIZE_MAX);
	const char *path = config ? config_cgroup(config) : NULL;
	size_t drop;

	if (!name_is_safe(id) || !cJSON_GetObjectItemCaseSensitive(config, "ociVersion") ||
	    (path && strlen(path) >= PATH_MAX))
		return;
	drop = bundle_drop_which(containers, id, path, witness);
	if (drop < containers->bundle_count)
		bundle_drop(containers, drop);
	containers->bundles[containers->bundle_count++] = (struct bundle){
		.id = xstrdup(id),
		.cgroups_path = path ? xstrdup(path) : NULL,
		.witness = {witness->uid, xstrdup(witness->within)},
	};
	containers->bundles_added++;
}

void places_free(struct containers *containers)
{
	while (containers->place_count)
		place_drop(containers, containers->place_count - 1);
	while (containers->bundle_count)
		bundle_drop(containers, containers->bundle_count - 1);
}
