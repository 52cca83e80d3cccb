/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See roots.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lookup.h"
#include "roots.h"
#include "util/util.h"

/* A descriptor of a root keeps its mount, and who records many containers has other use for them. */
#define ROOTS_OPEN_MAX 64

struct roots {
	struct root *all; /* by number */
	size_t count;
	size_t open_count;
	struct lookups *lookups; /* another's */
	int top;                 /* our own root directory */
	uint32_t own_mounts;
};

struct roots *roots_new(struct lookups *lookups)
{
	struct roots *roots = xcalloc(1, sizeof(*roots));
	struct stat ns = {};

	stat("/proc/self/ns/mnt", &ns);
	roots->own_mounts = ns.st_ino;
	roots->lookups = lookups;
	roots->top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return roots;
}

void roots_free(struct roots *roots)
{
	if (!roots)
		return;
	for (size_t i = 0; i < roots->count; i++) {
		free(roots->all[i].path);
		if (roots->all[i].fd >= 0)
			close(roots->all[i].fd);
	}
	free(roots->all);
	if (roots->top >= 0)
		close(roots->top);
	free(roots);
}

static char *link_path(const char *link)
{
	char path[PATH_MAX + 1];
	ssize_t size = readlink(link, path, sizeof(path) - 1);

	if (size <= 0 || size >= PATH_MAX || *path != '/')
		return NULL;
	path[size] = '\0';
	return xstrdup(path);
}

char *descriptor_path(int fd)
{
	char link[40];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return link_path(link);
}

bool is_on_mount(int directory, const char *path, uint32_t mount)
{
	struct statx st;

	return statx(directory, path, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &st) != 0 ||
	       !(st.stx_mask & STATX_MNT_ID) || st.stx_mnt_id == mount;
}

/* Takes the descriptor where it is that root's, and closes it where not. */
static void root_take(struct root *root, int fd)
{
	_cleanup_free_ char *seen = fd < 0 ? NULL : descriptor_path(fd);

	if (seen && !strcmp(seen, root->path) && is_on_mount(fd, "", root->mount))
		root->fd = fd;
	else if (fd >= 0)
		close(fd);
}

static void root_close(struct roots *roots, struct root *root)
{
	if (root->fd < 0)
		return;
	close(root->fd);
	root->fd = -1;
	roots->open_count--;
}

void roots_rest(struct roots *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		if (roots->all[i].path && !root_is_own(roots, &roots->all[i]))
			root_close(roots, &roots->all[i]);
}

/* Makes room for one more: the first one that is open goes. */
static void roots_limit(struct roots *roots)
{
	for (size_t i = 0; i < roots->count && roots->open_count >= ROOTS_OPEN_MAX; i++)
		root_close(roots, &roots->all[i]);
}

/* The process may have another root by now, or its number may be another's: hence the looks. */
static void root_open(struct roots *roots, struct root *root, pid_t process)
{
	char path[48];
	struct stat ns;

	roots_limit(roots);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", process);
	if (process && stat(path, &ns) == 0 && ns.st_ino == root->mounts) {
		snprintf(path, sizeof(path), "/proc/%d/root", process);
		root_take(root, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	}
	if (root->fd < 0 && root->mounts == roots->own_mounts)
		root_take(root, lookup_open(roots->lookups, roots->top, root->path, O_DIRECTORY));
	roots->open_count += root->fd >= 0;
}

void roots_add(struct roots *roots, uint32_t number, pid_t process, const struct root *told)
{
	struct root *root;

	if (number >= roots->count) {
		size_t count = number + 16;

		roots->all = xrealloc(roots->all, count, sizeof(*roots->all));
		for (size_t i = roots->count; i < count; i++)
			roots->all[i] = (struct root){.fd = -1};
		roots->count = count;
	}
	root = &roots->all[number];
	if (root->path)
		return;
	root->path = xstrdup(told->path);
	root->mounts = told->mounts;
	root->mount = told->mount;
	root_open(roots, root, process);
}

struct root *root_get(struct roots *roots, uint32_t number, pid_t process)
{
	struct root *root;

	if (number >= roots->count || !roots->all[number].path)
		return NULL;
	root = &roots->all[number];
	if (root->fd < 0)
		root_open(roots, root, process);
	return root;
}

bool root_is_own(const struct roots *roots, const struct root *root)
{
	return root->mounts == roots->own_mounts && !root->path[1];
}

bool root_is_replaced(const struct roots *roots, const struct root *root, pid_t process)
{
	_cleanup_free_ char *path = NULL, *now = NULL;
	char link[32];

	if (root_is_own(roots, root))
		return false;
	path = descriptor_path(root->fd);
	if (!path || strcmp(path, root->path) != 0)
		return true;
	if (!process)
		return false;
	snprintf(link, sizeof(link), "/proc/%d/root", process);
	if (is_on_mount(AT_FDCWD, link, root->mount)) /* or it has gone */
		return false;
	now = link_path(link);
	return now && !strcmp(now, root->path);
}
