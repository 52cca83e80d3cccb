/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads mountinfo and /proc/PID/cgroup, and walks directories. Of BPF it knows only how the kernel side
 * counts the hierarchies. The leaf is in cgroup_leaf.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup.h"
#include "model/text.h"
#include "process.h"

/* The controllers whose v1 hierarchy will do, best first: what container runtimes always join. */
static const char *const controllers[] = {
	[HIERARCHY_PIDS] = "pids",       [HIERARCHY_MEMORY] = "memory",
	[HIERARCHY_CPU] = "cpu",         [HIERARCHY_CPUSET] = "cpuset",
	[HIERARCHY_FREEZER] = "freezer", [HIERARCHY_DEVICES] = "devices",
};

/* True where `word` is one of the words of a list with commas; `list` ends at NUL or `end`. */
static bool list_has(const char *list, char end, const char *word)
{
	size_t length = strlen(word), part;

	for (;; list += part + 1) {
		for (part = 0; list[part] && list[part] != ',' && list[part] != end; part++)
			;
		if (part == length && !strncmp(list, word, length))
			return true;
		if (list[part] != ',')
			return false;
	}
}

/* A line of /proc/self/mountinfo, taken apart: proc_pid_mountinfo(5). */
struct mount_line {
	char *root, *point, *type, *super_options;
};

static bool mount_line_split(char *line, struct mount_line *ret)
{
	char *tail = strstr(line, " - "), *words[5], *rest;

	if (!tail)
		return false;
	*tail = '\0';
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
	ret->root = words[3];
	ret->point = words[4];
	ret->type = strtok_r(tail + 3, " \n", &rest);
	strtok_r(NULL, " \n", &rest); /* the source */
	ret->super_options = strtok_r(NULL, " \n", &rest);
	return ret->point && ret->super_options;
}

/*
 * How good a mount is: 1 is the best, 0 is of no use. Two ranks a hierarchy, cgroup2 and then the
 * controllers in their order: the second one is for a mount that shows only a part.
 */
static size_t mount_rank(const struct mount_line *mount)
{
	size_t part = strcmp(mount->root, "/") != 0;

	if (!strcmp(mount->type, "cgroup2"))
		return 1 + 2 * HIERARCHY_V2 + part;
	if (strcmp(mount->type, "cgroup") != 0)
		return 0;
	for (size_t i = HIERARCHY_PIDS; i < ARRAY_SIZE(controllers); i++) {
		if (list_has(mount->super_options, '\0', controllers[i]))
			return 1 + 2 * i + part;
	}
	return 0;
}

static enum hierarchy rank_hierarchy(size_t rank)
{
	return (rank - 1) / 2;
}

/* Whether the path still leads to the mount: another one may hide it. */
static bool mount_is_reached(const char *point, bool is_v2)
{
	struct statfs fs;

	return statfs(point, &fs) == 0 &&
	       fs.f_type == (is_v2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC);
}

static int controller_id(const char *controller, uint32_t *ret, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/cgroups", "re");
	char line[256], name[64];
	uint32_t id;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %u", name, &id) == 2 && !strcmp(name, controller)) {
			*ret = id;
			return 0;
		}
	}
	return err_set(err, -ENOENT, "/proc/cgroups does not name the controller %s", controller);
}

int cgroup_hierarchy_find(struct cgroup_hierarchy *ret, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL, *best = NULL;
	size_t size = 0, best_rank = 0;
	struct mount_line mount;
	enum hierarchy kind;
	uint32_t id = 0;
	int r = 0;

	if (!file)
		return err_errno(err, -errno, "cannot read /proc/self/mountinfo");
	while (getline(&line, &size, file) > 0) {
		_cleanup_free_ char *point = NULL;
		size_t rank = mount_line_split(line, &mount) ? mount_rank(&mount) : 0;

		if (!rank || (best && rank >= best_rank))
			continue;
		point = text_unescape(mount.point, NULL); /* mountinfo escapes as we do */
		if (!mount_is_reached(point, !strcmp(mount.type, "cgroup2")))
			continue;
		free(best);
		best = take(point);
		best_rank = rank;
	}
	if (!best)
		return err_set(err, -ENOENT, "no hierarchy of cgroups is mounted here");
	kind = rank_hierarchy(best_rank);
	if (kind != HIERARCHY_V2)
		r = controller_id(controllers[kind], &id, err);
	if (r < 0)
		return r;
	*ret = (struct cgroup_hierarchy){take(best), kind, controllers[kind], id};
	return 0;
}

void cgroup_hierarchy_drop(struct cgroup_hierarchy *hierarchy)
{
	free(hierarchy->mount);
	*hierarchy = (struct cgroup_hierarchy){};
}

int cgroup_of_pid(const struct cgroup_hierarchy *hierarchy, pid_t pid, char **ret_path,
		  struct err *err)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/cgroup", pid);
	_cleanup_fclose_ FILE *file = fopen(name, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!file)
		return err_set(err, -ESRCH, "there is no process %d", pid);
	while (getline(&line, &size, file) > 0) {
		char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;

		if (!path ||
		    (hierarchy->controller ? !list_has(list + 1, ':', hierarchy->controller)
					   : strncmp(line, "0::", 3) != 0))
			continue;
		path[strcspn(path, "\n")] = '\0';
		*ret_path = xstrdup(path + 1);
		return 0;
	}
	return err_set(err, -ENOENT, "process %d is in no cgroup of the %s hierarchy", pid,
		       hierarchy->controller ? hierarchy->controller : "cgroup2");
}

int cgroup_id_read(const struct cgroup_hierarchy *hierarchy, const char *directory,
		   uint64_t *ret_id, struct err *err)
{
	const char *controller = hierarchy->controller;
	struct stat st, mount;
	struct statfs fs;

	if (statfs(directory, &fs) != 0 || stat(directory, &st) != 0)
		return err_errno(err, -errno, "cannot look at the cgroup %s", directory);
	if (!S_ISDIR(st.st_mode) ||
	    fs.f_type != (controller ? CGROUP_SUPER_MAGIC : CGROUP2_SUPER_MAGIC) ||
	    /* each v1 hierarchy is a file system of its own */
	    (controller && (stat(hierarchy->mount, &mount) != 0 || mount.st_dev != st.st_dev)))
		return err_set(err, -ENOTDIR, "%s is no directory of the %s hierarchy", directory,
			       controller ? controller : "cgroup2");
	*ret_id = st.st_ino;
	return 0;
}

bool path_is_below(const char *path, const char *above)
{
	size_t length = strlen(above);

	if (!strcmp(above, "/"))
		return true;
	return !strncmp(path, above, length) && (!path[length] || path[length] == '/');
}

FILE *cgroup_procs_open(const char *directory)
{
	_cleanup_free_ char *name = xasprintf("%s/cgroup.procs", directory);

	return fopen(name, "re");
}

bool cgroup_procs_next(FILE *procs, pid_t *ret)
{
	int pid;

	if (!procs || fscanf(procs, "%d", &pid) != 1)
		return false;
	*ret = pid;
	return true;
}

struct walk {
	bool (*each)(void *ctx, const char *path, uint64_t id);
	void *ctx;
	bool too_deep;
};

/* Takes over `fd`, the directory of the cgroup at `path`. */
static void walk_from(struct walk *walk, int fd, const char *path, int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	struct stat st;

	if (!dir) {
		close(fd);
		return;
	}
	if (fstat(fd, &st) == 0 && walk->each(walk->ctx, path, st.st_ino)) {
		while ((entry = readdir(dir))) {
			_cleanup_free_ char *below = NULL;
			int next;

			if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
			    !strcmp(entry->d_name, ".."))
				continue;
			if (depth == CGROUP_DEPTH_MAX) {
				walk->too_deep = true;
				break;
			}
			next = openat(fd, entry->d_name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			below = xasprintf("%s/%s", strcmp(path, "/") ? path : "", entry->d_name);
			if (next >= 0)
				walk_from(walk, next, below, depth + 1);
		}
	}
	closedir(dir);
}

int cgroup_walk(const struct cgroup_hierarchy *hierarchy, const char *path,
		bool (*each)(void *ctx, const char *path, uint64_t id), void *ctx)
{
	_cleanup_free_ char *directory = xasprintf("%s%s", hierarchy->mount, path);
	struct walk walk = {.each = each, .ctx = ctx};
	int fd = open(directory, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	walk_from(&walk, fd, path, 0);
	return walk.too_deep ? -ELOOP : 0;
}

static bool procs_are_own(const char *directory, pid_t pid)
{
	_cleanup_fclose_ FILE *procs = cgroup_procs_open(directory);
	pid_t member;

	while (cgroup_procs_next(procs, &member)) {
		if (!process_descends(member, pid))
			return false;
	}
	return procs && !ferror(procs); /* a threaded cgroup's can't be read */
}

bool cgroup_is_own(const char *directory, pid_t pid)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool own;

	if (!dir)
		return false;
	own = procs_are_own(directory, pid);
	while (own && (entry = readdir(dir))) {
		_cleanup_free_ char *below = NULL;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		below = xasprintf("%s/%s", directory, entry->d_name);
		own = cgroup_is_own(below, pid);
	}
	closedir(dir);
	return own;
}
