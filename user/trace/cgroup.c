/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads mountinfo and /proc/PID/cgroup; makes and removes directories. Knows nothing of BPF. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup.h"
#include "model/text.h"
#include "process.h"

#define LEAF_PREFIX "leastcall-"
#define LEAF_DIGITS 8

int cgroup_mount_find(char **ret_mount, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!file)
		return err_errno(err, -errno, "cannot read /proc/self/mountinfo");
	while (getline(&line, &size, file) > 0) {
		char *type = strstr(line, " - cgroup2 "), *point = line, *end;

		if (!type)
			continue;
		for (int field = 0; field < 4 && point; field++) {
			point = strchr(point, ' ');
			point = point ? point + 1 : NULL;
		}
		end = point ? strchr(point, ' ') : NULL;
		if (!end)
			continue;
		*end = '\0';
		*ret_mount = text_unescape(point, &size); /* mountinfo escapes as we do */
		return 0;
	}
	return err_set(err, -ENOENT, "cgroup2 is not mounted here");
}

int cgroup_of_pid(pid_t pid, char **ret_path, struct err *err)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/cgroup", pid);
	_cleanup_fclose_ FILE *file = fopen(name, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!file)
		return err_set(err, -ESRCH, "there is no process %d", pid);
	while (getline(&line, &size, file) > 0) {
		if (strncmp(line, "0::", 3) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		*ret_path = xstrdup(line + 3);
		return 0;
	}
	return err_set(err, -ENOENT, "process %d is in no cgroup2 hierarchy", pid);
}

int cgroup_id_read(const char *directory, uint64_t *ret_id, struct err *err)
{
	struct statfs fs;
	struct stat st;

	if (statfs(directory, &fs) != 0 || stat(directory, &st) != 0)
		return err_errno(err, -errno, "cannot look at the cgroup %s", directory);
	if (fs.f_type != CGROUP2_SUPER_MAGIC || !S_ISDIR(st.st_mode))
		return err_set(err, -ENOTDIR, "%s is no directory of a cgroup2 hierarchy",
			       directory);
	*ret_id = st.st_ino;
	return 0;
}

/*
 * A leaf is stale when nobody holds its lock: process ids would not do, as recorders in different
 * pid namespaces share the hierarchy. rmdir() refuses where processes are left.
 */
static void stale_leaves_remove(const char *parent)
{
	DIR *dir = opendir(parent);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		_cleanup_close_ int fd = -1;

		if (strncmp(entry->d_name, LEAF_PREFIX, strlen(LEAF_PREFIX)) != 0 ||
		    strlen(entry->d_name) != strlen(LEAF_PREFIX) + LEAF_DIGITS)
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

/* mkdir, and the lock that says that its recorder lives. */
static int leaf_mkdir(struct cgroup_leaf *leaf, const char *directory, struct err *err)
{
	if (mkdir(directory, 0755) != 0)
		return err_errno(err, -errno, "cannot make the cgroup %s", directory);
	leaf->directory = xstrdup(directory);
	leaf->lock = open(directory, O_DIRECTORY | O_CLOEXEC);
	if (leaf->lock < 0 || flock(leaf->lock, LOCK_EX | LOCK_NB) != 0)
		return err_errno(err, -errno, "cannot lock the cgroup %s", directory);
	return cgroup_id_read(directory, &leaf->id, err);
}

int cgroup_leaf_make(struct cgroup_leaf *leaf, struct err *err)
{
	_cleanup_free_ char *mount = NULL, *own = NULL, *parent = NULL, *directory = NULL;
	uint32_t random;
	int r;

	*leaf = (struct cgroup_leaf){.lock = -1};
	r = cgroup_mount_find(&mount, err);
	if (r == 0)
		r = cgroup_of_pid(getpid(), &own, err);
	if (r < 0)
		return r;
	if (!strcmp(own, "/"))
		own[0] = '\0';
	parent = xasprintf("%s%s", mount, own);
	stale_leaves_remove(parent);
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return err_errno(err, -errno, "cannot get random bytes");
	directory = xasprintf("%s/" LEAF_PREFIX "%0*x", parent, LEAF_DIGITS, random);
	leaf->path = xstrdup(directory + strlen(mount));
	r = leaf_mkdir(leaf, directory, err);
	if (r < 0)
		cgroup_leaf_remove(leaf);
	return r;
}

int cgroup_leaf_add(const struct cgroup_leaf *leaf, pid_t pid, struct err *err)
{
	_cleanup_free_ char *name = xasprintf("%s/cgroup.procs", leaf->directory);
	_cleanup_close_ int fd = open(name, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%d", pid) < 0)
		return err_errno(err, -errno, "cannot put the command into the cgroup %s",
				 leaf->directory);
	return 0;
}

void cgroup_leaf_remove(struct cgroup_leaf *leaf)
{
	if (leaf->directory)
		rmdir(leaf->directory);
	if (leaf->lock >= 0)
		close(leaf->lock);
	free(leaf->directory);
	free(leaf->path);
	*leaf = (struct cgroup_leaf){.lock = -1};
}

static bool procs_are_own(int dir, const char *name, pid_t pid)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	_cleanup_fclose_ FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int member;

	if (!file)
		return false;
	while (fscanf(file, "%d", &member) == 1) {
		if (!process_descends(member, pid))
			return false;
	}
	return !ferror(file); /* a threaded cgroup's can't be read */
}

bool cgroup_is_own(const char *directory, pid_t pid)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool own;

	if (!dir)
		return false;
	own = procs_are_own(dirfd(dir), "cgroup.procs", pid);
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
