/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Makes and removes the cgroup of a command. Knows no controller, and not what runs in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"

#define LEAF_PREFIX "leastcall-"
#define LEAF_DIGITS 8

/*
 * A leaf is stale when nobody holds its lock: process ids would not do, as recorders in different
 * pid namespaces share the hierarchy. rmdir() refuses where processes are left. In a leaf may be
 * that of a recorder that was recorded. `parent` is closed.
 */
static void stale_leaves_remove(int parent)
{
	DIR *dir = fdopendir(parent);
	struct dirent *entry;

	if (!dir) {
		if (parent >= 0)
			close(parent);
		return;
	}
	while ((entry = readdir(dir))) {
		_cleanup_close_ int fd = -1;

		if (strncmp(entry->d_name, LEAF_PREFIX, strlen(LEAF_PREFIX)) != 0 ||
		    strlen(entry->d_name) != strlen(LEAF_PREFIX) + LEAF_DIGITS)
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
			continue;
		stale_leaves_remove(fcntl(fd, F_DUPFD_CLOEXEC, 0));
		unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

/* mkdir, and the lock that says that its recorder lives. */
static int leaf_mkdir(const struct cgroup_hierarchy *hierarchy, struct cgroup_leaf *leaf,
		      const char *directory, struct err *err)
{
	if (mkdir(directory, 0755) != 0)
		return err_errno(err, -errno, "cannot make the cgroup %s", directory);
	leaf->directory = xstrdup(directory);
	leaf->lock = open(directory, O_DIRECTORY | O_CLOEXEC);
	if (leaf->lock < 0 || flock(leaf->lock, LOCK_EX | LOCK_NB) != 0)
		return err_errno(err, -errno, "cannot lock the cgroup %s", directory);
	return cgroup_id_read(hierarchy, directory, &leaf->id, err);
}

int cgroup_leaf_make(const struct cgroup_hierarchy *hierarchy, struct cgroup_leaf *leaf,
		     struct err *err)
{
	_cleanup_free_ char *own = NULL, *parent = NULL, *directory = NULL;
	uint32_t random;
	int r;

	*leaf = (struct cgroup_leaf){.lock = -1};
	r = cgroup_of_pid(hierarchy, getpid(), &own, err);
	if (r < 0)
		return r;
	if (!strcmp(own, "/"))
		own[0] = '\0';
	parent = xasprintf("%s%s", hierarchy->mount, own);
	stale_leaves_remove(open(parent, O_DIRECTORY | O_CLOEXEC));
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return err_errno(err, -errno, "cannot get random bytes");
	directory = xasprintf("%s/" LEAF_PREFIX "%0*x", parent, LEAF_DIGITS, random);
	leaf->path = xstrdup(directory + strlen(hierarchy->mount));
	r = leaf_mkdir(hierarchy, leaf, directory, err);
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
