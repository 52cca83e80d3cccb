/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who said where an engine keeps its state, and about whose cgroups it is believed. Knows no engine.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container_internal.h"

/* The innermost container that the process itself is in, by its path alone. */
static char *process_container(const struct containers *containers, pid_t pid)
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
	return xstrndup(path, length);
}

bool witness_of(const struct containers *containers, pid_t pid, struct witness *ret)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d", pid);
	struct stat st;

	/* the directory itself belongs to the effective user, dumpable or not */
	if (stat(name, &st) != 0)
		return false;
	ret->uid = st.st_uid;
	ret->within = process_container(containers, pid);
	return ret->within;
}

bool witness_speaks(const struct containers *containers, const struct witness *witness,
		    const char *path, size_t length)
{
	_cleanup_free_ char *directory = NULL;
	size_t within = strlen(witness->within);
	struct stat st;

	if (within && (within >= length || strncmp(path, witness->within, within) != 0 ||
		       path[within] != '/'))
		return false;
	/* whoever owns the directory above made it, or let it be made */
	while (length > 0 && path[length - 1] != '/')
		length--;
	directory = xasprintf("%s%.*s", containers->hierarchy->mount, (int)length, path);
	if (stat(directory, &st) != 0)
		return witness->uid == 0;
	return st.st_uid == witness->uid;
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

	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return;
	}
	for (size_t i = 0; i < containers->place_count; i++) {
		place = &containers->places[i];
		if (place->kind == kind && place->dev == st.st_dev && place->ino == st.st_ino &&
		    place->witness.uid == witness->uid &&
		    !strcmp(place->witness.within, witness->within)) {
			close(fd);
			return;
		}
	}
	if (containers->place_count == PLACES_MAX)
		place_drop(containers, 0); /* the oldest */
	containers->places[containers->place_count++] = (struct place){
		.kind = kind,
		.fd = fd,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.witness = {witness->uid, xstrdup(witness->within)},
	};
}

static void bundle_drop(struct bundle *bundle)
{
	free(bundle->id);
	free(bundle->cgroups_path);
	free(bundle->witness.within);
}

void bundle_add(struct containers *containers, int fd, const char *id,
		const struct witness *witness)
{
	cJSON *config = state_read(fd, "config.json");
	const char *path = config ? config_cgroup(config) : NULL;
	bool is_bundle = cJSON_GetObjectItemCaseSensitive(config, "ociVersion");
	struct bundle *bundle;

	for (size_t i = 0; is_bundle && i < BUNDLES_MAX && i < containers->bundle_count; i++) {
		bundle = &containers->bundles[i];
		if (!bundle->cgroup && !strcmp(bundle->id, id) &&
		    !strcmp(bundle->cgroups_path ?: "", path ?: "") &&
		    bundle->witness.uid == witness->uid &&
		    !strcmp(bundle->witness.within, witness->within))
			is_bundle = false; /* it is known */
	}
	if (is_bundle) {
		bundle = &containers->bundles[containers->bundle_count++ % BUNDLES_MAX];
		bundle_drop(bundle);
		bundle->id = xstrdup(id);
		bundle->cgroup = 0;
		bundle->cgroups_path = path ? xstrdup(path) : NULL;
		bundle->witness = (struct witness){witness->uid, xstrdup(witness->within)};
	}
	cJSON_Delete(config);
}

void places_free(struct containers *containers)
{
	while (containers->place_count)
		place_drop(containers, containers->place_count - 1);
	for (size_t i = 0; i < BUNDLES_MAX && i < containers->bundle_count; i++)
		bundle_drop(&containers->bundles[i]);
}
