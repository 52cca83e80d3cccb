/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which cgroup a path stands for, also one that is still to be made; what never can be is refused, or
 * it would be waited for without end. Looks at directories and knows no workload.
 */
#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "cmd.h"
#include "record.h"

/* What of `resolved` is below the mount, "" for the mount itself; NULL where it is not there. */
static const char *below_mount(const char *resolved, const char *mount)
{
	size_t length = strlen(mount);

	if (strncmp(resolved, mount, length) != 0 || (resolved[length] && resolved[length] != '/'))
		return NULL;
	return resolved + length;
}

/* A path as far as it is there, and the rest of it. */
struct way {
	char *resolved; /* without links; NULL: something is there and cannot be looked at */
	char *rest;
	int why; /* a negative errno */
};

static void way_drop(struct way *way)
{
	free(way->resolved);
	free(way->rest);
}
#define _cleanup_way_ __attribute__((cleanup(way_drop)))

/* Of an absolute path. */
static struct way way_find(const char *path)
{
	_cleanup_free_ char *part = xstrdup(path);
	struct way way = {};
	char *slash;

	while (!(way.resolved = realpath(part, NULL))) {
		if (errno != ENOENT) {
			way.why = -errno;
			return way;
		}
		slash = strrchr(part, '/');
		slash[slash == part] = '\0'; /* "/" is always there */
	}
	way.rest = xstrdup(path + strlen(part));
	return way;
}

/* Appends the rest of a path that is not there yet. */
static int rest_append(char **path, const char *rest, const char *given, struct err *err)
{
	_cleanup_free_ char *text = xstrdup(rest), *before = NULL;
	char *part, *next;
	size_t levels = 0;

	for (part = strtok_r(text, "/", &next); part; part = strtok_r(NULL, "/", &next)) {
		if (!strcmp(part, "."))
			continue;
		if (!strcmp(part, ".."))
			return err_set(err, -EINVAL,
				       "%s: a cgroup that is still to come is named without ..",
				       given);
		if (strlen(part) > NAME_MAX || strchr(part, '\n'))
			return err_set(err, -EINVAL, "%s: no cgroup can be called that", given);
		free(before);
		before = *path;
		*path = xasprintf("%s/%s", before, part);
	}
	for (part = *path; *part; part++)
		levels += *part == '/';
	if (levels > CGROUP_DEPTH_MAX)
		return err_set(err, -EINVAL, "%s: cgroups are known to %d levels", given,
			       CGROUP_DEPTH_MAX);
	return 0;
}

/* Where all that can be made is a cgroup, or nothing can. */
static bool is_for_cgroups(const char *directory)
{
	struct statfs fs;

	return !strcmp(directory, "/sys/fs/cgroup") ||
	       (statfs(directory, &fs) == 0 &&
		(fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC ||
		 fs.f_type == SYSFS_MAGIC));
}

int cgroup_path_find(const char *given, const char *mount, char **ret, struct err *err)
{
	_cleanup_free_ char *from_mount = xasprintf("%s/%s", mount, given), *path = NULL;
	_cleanup_way_ struct way host = *given == '/' ? way_find(given) : (struct way){};
	_cleanup_way_ struct way below = way_find(from_mount);
	const struct way *way = &below;
	bool elsewhere = false;
	int r;

	if (host.resolved && below_mount(host.resolved, mount))
		way = &host;
	else if (host.resolved)
		elsewhere = is_for_cgroups(host.resolved) ||
			    (!*host.rest && below.resolved && *below.rest);
	if (!way->resolved)
		return err_errno(err, way->why, "cannot look at the cgroup %s", given);
	if (elsewhere || !below_mount(way->resolved, mount))
		return err_set(err, -ENOTDIR, "%s is not in the hierarchy of cgroups at %s", given,
			       mount);
	path = xstrdup(below_mount(way->resolved, mount));
	r = *way->rest ? rest_append(&path, way->rest, given, err) : 0;
	if (r == 0)
		*ret = *path ? take(path) : xstrdup("/");
	return r;
}
